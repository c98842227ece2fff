"""The whole record: import, agreement of all pairs beside DuckDB and Virtuoso, overlaps, panels.

    python benchmarks/record.py FILE… [--runs 3] [--virtuoso] [--spark]

FILES are those of `csto import all`: states2016.csv, igo_year_format3.csv.gz,
atop-member-level_v4.01.csv, un_votes.csv.gz, un_roll_calls.csv.gz. Each line has the median of
seconds on the wall and of the processor, and the most memory, of whole processes. Plain DuckDB
is a script of its own that joins the votes with themselves and writes the same table; both
sides take turns, and their sums are compared. Virtuoso (Debian ``virtuoso-opensource-7-bin``)
gets the triples of the same votes and is asked once, since it takes minutes; its sums are
compared, too. Spark needs the extra csto[scale]; it runs at ``SPARK_MASTER``, else on two workers
here.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "interop")]

from bench import peak, spent_by  # noqa: E402
from servers import virtuoso  # noqa: E402

PLAIN = """import sys, duckdb
duckdb.sql("SET memory_limit='1GB'")
duckdb.sql(f'''COPY (
  SELECT x.cow AS a, y.cow AS b, x.year, count(*) AS n, sum((x.stand = y.stand)::INT) AS agree,
         sum(abs(x.stand - y.stand)) AS distance,
         sum((x.stand = 1)::INT) AS a_yes, sum((x.stand = -1)::INT) AS a_no,
         sum((y.stand = 1)::INT) AS b_yes, sum((y.stand = -1)::INT) AS b_no,
         sum((x.stand = 0 AND y.stand = 0)::INT) AS both_abstained
  FROM '{sys.argv[1]}' x JOIN '{sys.argv[1]}' y ON x.number = y.number AND x.cow < y.cow
  GROUP BY ALL ORDER BY a, b, x.year) TO '{sys.argv[2]}' (FORMAT parquet)''')"""
SPARQL = """PREFIX csto: <https://w3id.org/csto/ontology#>
SELECT ?a ?b ?year (COUNT(*) AS ?n) (SUM(IF(?x = ?y, 1, 0)) AS ?agree)
       (SUM(ABS(?x - ?y)) AS ?distance)
       (SUM(IF(?x = 1, 1, 0)) AS ?a_yes) (SUM(IF(?x = -1, 1, 0)) AS ?a_no)
       (SUM(IF(?y = 1, 1, 0)) AS ?b_yes) (SUM(IF(?y = -1, 1, 0)) AS ?b_no)
       (SUM(IF(?x = 0 && ?y = 0, 1, 0)) AS ?both_abstained) WHERE {
  VALUES (?p ?x) { (csto:yesBy 1) (csto:noBy -1) (csto:abstentionBy 0) }
  VALUES (?q ?y) { (csto:yesBy 1) (csto:noBy -1) (csto:abstentionBy 0) }
  ?call ?p ?a ; ?q ?b ; csto:date ?date . FILTER(?a < ?b)
  BIND(SUBSTR(STR(?date), 1, 4) AS ?year)
} GROUP BY ?a ?b ?year"""
Run = tuple[float, float, int]


def run(command: list[str], **more: str) -> Run:
    """Seconds on the wall and of the processor, and the most memory (MB), of a command."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with subprocess.Popen(
        command, env={**os.environ, **more}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        memory = peak(process.pid)
        assert process.stderr is not None
        told = process.stderr.read().decode()
    assert process.returncode == 0, f"{command}: {told}"
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, memory


def show(name: str, runs: list[Run]) -> tuple[float, float]:
    wall, spent = (statistics.median(one[at] for one in runs) for at in (0, 1))
    memory = max(one[2] for one in runs)
    print(f"  {name:46} {wall:7.1f} s, {spent:7.1f} s of the processor, {memory} MB", flush=True)
    return wall, spent


def sums(path: Path) -> tuple[int, ...]:
    """Pair-years, pair-votes, agreements and distances of a table."""
    import duckdb

    asked = f"SELECT count(*), sum(n), sum(agree), sum(distance) FROM '{path}'"
    (found,) = duckdb.connect().execute(asked).fetchall()
    return tuple(int(value) for value in found)


def on_virtuoso(triples: Path, folder: Path) -> tuple[Run, Path]:
    """Load the votes, then ask for all pairs; the time is that of the question."""
    with virtuoso(folder) as server:
        graph = "https://example.org/votes"
        store = server.url.replace("/sparql", "/sparql-graph-crud-auth") + f"?graph={graph}"
        send = ["curl", "-sSf", "--digest", "-u", "dba:dba", "-T", str(triples), store]
        subprocess.run([*send, "-H", "Content-Type: application/n-triples"], check=True)
        fields = {"query": SPARQL, "default-graph-uri": graph, "format": "text/csv"}
        began, before = time.perf_counter(), spent_by(server.process.pid)
        asked = urllib.request.urlopen(server.url, urllib.parse.urlencode(fields).encode())
        into = folder / "virtuoso.csv"
        into.write_bytes(asked.read())
        wall, spent = time.perf_counter() - began, spent_by(server.process.pid) - before
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        memory = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    return (wall, spent, memory), into


def main(given: argparse.Namespace) -> None:
    csto = [sys.executable, "-m", "csto", "--quiet"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        layer = folder / "world"
        files = [str(path) for path in given.files]
        # The graph below the layer is built once, before anything is timed.
        run([*csto, "overlap", "OTS", "CSTO"])
        made = [
            run([*csto, "import", "all", *files, "--layer", str(folder / f"world-{number}")])
            for number in range(given.runs)
        ]
        (folder / "world-0").rename(layer)
        show("import of all, first time", made)
        votes = layer / "columns" / "un-votes-mapped.parquet"
        record = ["--record", str(layer)]
        # Without an end the last year that the record has whole is the last.
        whole = [*record, "--to", "2020"]
        out = {side: folder / f"{side}.parquet" for side in ("duckdb", "csto", "spark")}
        times: dict[str, list[Run]] = {"duckdb": [], "csto": []}
        for _ in range(given.runs):
            times["duckdb"].append(
                run([sys.executable, "-c", PLAIN, str(votes), str(out["duckdb"])])
            )
            times["csto"].append(run([*csto, "agreement", *whole, "-o", str(out["csto"])]))
        base = show("agreement of all pairs: plain DuckDB", times["duckdb"])
        ours = show("  csto agreement", times["csto"])
        print(
            f"  csto takes {ours[0] - base[0]:.1f} s more, {ours[1] - base[1]:.1f} of the processor"
        )
        pairs = sums(out["duckdb"])
        assert sums(out["csto"]) == pairs
        print("  pair-years, pair-votes, agreements, distance:", *(f"{n:,}" for n in pairs))
        for title, words, file in (
            ("overlaps of all pairs of organizations", ["overlap"], "overlaps.parquet"),
            ("dyad-year 1946-2014, all states", ["panel", "dyad-year"], "dyads.parquet"),
            ("state-year 1946-2014, all states", ["panel", "state-year"], "states.parquet"),
            ("agreement of two states", ["agreement", "Russia", "Belarus"], ""),
        ):
            target = ["-o", str(folder / file)] if file else []
            show(title, [run([*csto, *words, *record, *target]) for _ in range(given.runs)])
        if given.spark:
            master = os.environ.get("SPARK_MASTER", "local-cluster[2,1,1024]")
            words = ["agreement", *whole, "--engine", "spark", "-o", str(out["spark"])]
            show(
                f"  csto agreement on Spark, {master}", [run([*csto, *words], SPARK_MASTER=master)]
            )
            assert sums(out["spark"]) == pairs
        if given.virtuoso:
            one, into = on_virtuoso(layer / "bulk" / "un-votes.nt", folder)
            theirs = show("  Virtuoso, SPARQL", [one])
            assert sums(into) == pairs, f"Virtuoso: {sums(into)}"
            times_ = [theirs[at] / ours[at] for at in (0, 1)]
            print(
                f"  Virtuoso takes {times_[0]:.0f} times as long, {times_[1]:.0f} of the processor"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--virtuoso", action="store_true", help="ask Virtuoso, too")
    parser.add_argument("--spark", action="store_true", help="compute on Spark, too")
    main(parser.parse_args())
