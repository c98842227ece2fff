"""Side by side: a cold query, first answers and edits, the closure of a slice, and growth.

    python benchmarks/bench.py [cold] [first] [closure] [growth] [endpoint] [cow] [--runs N]
        [--sizes 10000,20000] [--cow igo_year_format3.csv.gz]

All parts if none is named; cow only with its data, endpoint only with ``oxigraph`` from PyPI.
The sides of a comparison take turns in one run, and what is printed are medians of wall time
and their ratio. See the README beside this file.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from pyoxigraph import NamedNode

from csto.vocabulary import ASSERTED, RDFS_LABEL

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))

PARTS = ("cold", "first", "closure", "growth", "endpoint", "cow")
DAY = "2022-01-10"
# The question of the cold comparison, for us and, without slice and inference, for the others.
OURS = (
    "SELECT ?label WHERE { ?s csto:memberOf body:csto ; rdfs:label ?label "
    'FILTER(LANG(?label) = "en") } ORDER BY ?label'
)
THEIRS = """PREFIX csto: <https://w3id.org/csto/ontology#>
PREFIX body: <https://w3id.org/csto/id/body/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?label WHERE {
  ?m csto:organization body:csto ; csto:member ?s . ?s rdfs:label ?label
} ORDER BY ?label"""
RDFLIB = """import sys, rdflib
graph = rdflib.Graph()
for path in sys.argv[2:]: graph.parse(path, format="turtle")
for row in graph.query(sys.argv[1]): print(row[0])"""
TYPER = """import typer
app = typer.Typer()
@app.command()
def one(name: str = "x") -> None: ...
@app.command()
def two(name: str = "x") -> None: ...
app()"""


def processor() -> float:
    """Seconds of the processor that this process and its ended children have used."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


# What else the machine does takes time on the wall, but hardly any of this process's processor.
CLOCKS = {"wall": time.perf_counter, "processor": processor}
clock: Callable[[], float] = time.perf_counter


def timed(work: Callable[[], object]) -> float:
    """Seconds of some work, without those of what prepares it."""
    getattr(work, "prepare", lambda: None)()
    began = clock()
    work()
    return clock() - began


def taking_turns(sides: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Medians in seconds; each side runs once untimed, then they take turns."""
    for work in sides.values():
        timed(work)
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(runs):
        for name, work in sides.items():
            times[name].append(timed(work))
    return {name: statistics.median(spent) for name, spent in times.items()}


def report(title: str, found: dict[str, float], ours: str) -> None:
    print(f"\n{title}")
    for name, seconds in found.items():
        ratio = "" if name == ours else f"   {seconds / found[ours]:7.1f} times ours"
        print(f"  {name:48} {seconds * 1000:9.1f} ms{ratio}")


def process(*command: str) -> Callable[[], object]:
    def run() -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout

    return run


def cold(runs: int) -> None:
    """A query from nothing: the whole process, files in the cache of the system."""
    from csto.load.workspace import find_workspace

    workspace = find_workspace(ROOT)
    files = [str(p) for p in (*workspace.ontology_files(), *workspace.graph_files())]
    python, csto = sys.executable, [sys.executable, "-m", "csto"]
    ask = [*csto, "query", "-e", OURS, "--on", DAY, "-f", "csv"]
    saved = ["query", "memberships/members-on", "-p", "organization=CSTO", "--on", DAY]
    sides = {
        "csto query, slice and inference": process(*ask),
        "csto query, saved, with a parameter": process(*csto, *saved),
        "python -c pass": process(python, "-c", "pass"),
        "no-op typer program": process(python, "-c", TYPER, "one"),
        "rdflib, parse and answer, no inference": process(python, "-c", RDFLIB, THEIRS, *files),
    }
    if node := comunica():
        sides["comunica-sparql-file, no inference"] = process(*node, *files, "-q", THEIRS)
    if arq := shutil.which("arq"):
        data = [f"--data={f}" for f in files]
        sides["Jena arq, no inference"] = process(arq, *data, THEIRS)
    report("Cold query", taking_turns(sides, runs), "csto query, slice and inference")
    starts = {"no-op typer program": process(python, "-c", TYPER, "one", "--help")}
    for name in ("overlap", "query", "show", "explain", "infer", "validate", "export"):
        starts[f"csto {name} --help"] = process(*csto, name, "--help")
    report("Start of commands", taking_turns(starts, runs), "no-op typer program")


def comunica() -> list[str] | None:
    """The command of comunica, from the path or from node_modules beside this file."""
    if found := shutil.which("comunica-sparql-file"):
        return [found]
    local = HERE / "node_modules" / ".bin" / "comunica-sparql-file"
    return [str(local)] if local.exists() else None


def first(runs: int) -> None:
    """The first answer, an edit and a query, a new day: whole processes over a copied graph."""
    from csto.load.workspace import find_workspace

    python, csto = sys.executable, [sys.executable, "-m", "csto"]
    with tempfile.TemporaryDirectory() as folder:
        root, cache = Path(folder) / "workspace", Path(folder) / "cache"
        for part in ("ontology", "graph", "queries", "pack"):
            shutil.copytree(ROOT / part, root / part)
        shutil.copy(ROOT / "workspace.ttl", root)
        os.environ["CSTO_CACHE"] = str(cache)
        workspace = find_workspace(root)
        files = [str(p) for p in (*workspace.ontology_files(), *workspace.graph_files())]
        query = [*csto, "-w", str(root), "query", "-e", OURS, "-f", "csv", "--on"]
        states, edits, days = root / "graph" / "states.ttl", itertools.count(), itertools.count()
        text = states.read_text(encoding="utf-8")
        acts = next(p for p in workspace.graph_files() if "csto:start " in p.read_text("utf-8"))
        dated = acts.read_text(encoding="utf-8")

        def label() -> None:
            states.write_text(text.replace('"Kazakhstan"@en', f'"Kazakhstan {next(edits)}"@en', 1))

        def date() -> None:
            year = 1900 + next(edits) % 100
            acts.write_text(re.sub(r'csto:start "[^"]*"', f'csto:start "{year}"', dated, count=1))

        def checked() -> None:
            """As a curator works: what stood before the edit has been validated."""
            subprocess.run(validate, capture_output=True, check=False)
            label()

        def from_nothing() -> None:
            shutil.rmtree(cache, ignore_errors=True)

        def answered(prepare: Callable[[], None]) -> Callable[[], object]:
            """Until the last line of the answer is out: the cache is written after it."""

            def run() -> None:
                with subprocess.Popen([*query, DAY], stdout=subprocess.PIPE) as running:
                    assert running.stdout is not None
                    began = time.perf_counter()
                    lines = iter(running.stdout.readline, b"")
                    for _ in range(7):
                        next(lines)
                    passed = time.perf_counter() - began
                    on_wall = clock is time.perf_counter
                    waited.append(passed if on_wall else spent_by(running.pid))
                    running.stdout.read()

            waited: list[float] = []
            run.waited = waited  # type: ignore[attr-defined]
            run.prepare = prepare  # type: ignore[attr-defined]
            return run

        def then(prepare: Callable[[], None], *command: str) -> Callable[[], object]:
            def run() -> None:
                subprocess.run(command, capture_output=True, check=False)

            run.prepare = prepare  # type: ignore[attr-defined]
            return run

        new_day = ["2005-01-{:02}", "2006-01-{:02}", "2007-01-{:02}", "2008-01-{:02}"]

        def fresh_day() -> None:
            number = next(days)
            day = new_day[number // 28 % 4].format(number % 28 + 1)
            subprocess.run([*query, day], capture_output=True, check=True)

        validate = [*csto, "-w", str(root), "validate"]
        sides = {
            "rdflib, parse and answer, no inference": process(python, "-c", RDFLIB, THEIRS, *files),
            "first build and answer, and the cache": then(from_nothing, *query, DAY),
            "edit a label, then a query": then(label, *query, DAY),
            "edit a date, then a query": then(date, *query, DAY),
            "edit a label, then validate": then(checked, *validate),
            "a day asked before": then(lambda: None, *query, DAY),
            "a day never asked before": fresh_day,
        }
        until = {
            "first build, until the answer is out": answered(from_nothing),
            "edit a date, until the answer is out": answered(date),
        }
        found = taking_turns({**sides, **until}, runs)
        for name, run in until.items():
            found[name] = statistics.median(run.waited)  # type: ignore[attr-defined]
        baseline = "rdflib, parse and answer, no inference"
        print("\nFirst answers and edits, as parts of rdflib's time")
        for name, seconds in found.items():
            ratio = seconds / found[baseline]
            print(f"  {name:48} {seconds * 1000:9.1f} ms   {ratio:6.2f} of rdflib's")
        ratio = found["a day never asked before"] / found["a day asked before"]
        print(f"  a new day against a day asked before: {ratio:.2f}")


def closure(runs: int) -> None:
    """The closure of the slice of a day, ours and owlrl's: the same triples from the same."""
    import owlrl
    import rdflib
    from pyoxigraph import RdfFormat, serialize

    from csto.graph.build import build
    from csto.load.ntriples import triples_in
    from csto.load.workspace import find_workspace
    from csto.reason.evaluate import evaluate
    from csto.reason.owlrl import our_closure, owlrl_closure, slice_input
    from csto.reason.state import State
    from csto.rules.program import program
    from csto.vocabulary import ONTOLOGY

    dataset = build(find_workspace(ROOT))
    given = slice_input(dataset.evaluation, DAY)
    ontology = list(dataset.store.quads_for_pattern(None, None, None, ONTOLOGY))
    axioms = dataset.axioms
    same = our_closure(ontology, axioms, given) == owlrl_closure(ontology, given)
    text = dataset.store.dump(format=RdfFormat.N_TRIPLES, from_graph=ONTOLOGY) or b""
    text += serialize(given, format=RdfFormat.N_TRIPLES) or b""
    rules = program(axioms)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(runs):
        for _ in range(5):
            state = State(len(rules.widths))
            state.add(triples_in(text.decode()))
            ours.append(timed(lambda: evaluate(rules, state)))  # noqa: B023
        graph = rdflib.Graph().parse(data=text.decode(), format="nt")
        reasoner = owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False)
        theirs.append(timed(lambda: reasoner.expand(graph)))  # noqa: B023
    found = {"our closure": statistics.median(ours), "owlrl": statistics.median(theirs)}
    title = f"Closure of the slice of {DAY}: {len(given)} triples and the ontology"
    report(f"{title}; same triples: {same}", found, "our closure")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "slice.nt"
        path.write_bytes(text)
        script = (
            "import sys, rdflib, owlrl\ng = rdflib.Graph().parse(sys.argv[1], format='nt')\n"
            "owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False).expand(g)\n"
            "print(len(g.serialize(format='nt')))"
        )
        whole = {
            "ours: load, close, write": process(sys.executable, str(HERE / "close.py"), str(path)),
            "owlrl: load, close, write": process(sys.executable, "-c", script, str(path)),
        }
        report("The same as whole processes", taking_turns(whole, runs), "ours: load, close, write")


def growth(sizes: list[int]) -> None:
    """Build and slice of generated graphs; the exponent is the slope of logarithms.

    Seconds are those of the processor, so that a busy machine tells the same.
    """
    from generate import write_workspace

    from csto.graph.build import build
    from csto.load.workspace import find_workspace

    found: dict[str, list[tuple[float, float]]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "workspace"
            write_workspace(size, root)
            began = time.process_time()
            dataset = build(find_workspace(root), cached=False)
            seconds = time.process_time() - began
            timings = dataset.evaluation.timings
            rules = sum(timing.seconds for timing in timings.values())
            made = sum(timing.triples for timing in timings.values())
            given = len(dataset.evaluation.state.index) - made
            found.setdefault("build", []).append((given, seconds))
            began = time.process_time()
            dataset.cut("2010-06-12")
            day = time.process_time() - began
            found.setdefault("slice", []).append((given, day))
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            slow = sorted(timings.items(), key=lambda item: -item[1].seconds)[:3]
            print(
                f"  {given:9} given, {made:9} made: build {seconds:7.2f} s, {rules:.2f} s of it in "
                f"rules, slice {day:6.3f} s, {memory} MB; slowest rules: "
                + ", ".join(f"{code} {spent.seconds:.2f} s" for code, spent in slow),
                flush=True,
            )
            del dataset
    for name, points in found.items():
        if len(points) > 1:
            print(f"  exponent of {name}: {slope(points):.2f}")


def endpoint(runs: int, clients: int = 8, seconds: float = 4.0) -> None:
    """Distinct cheap queries of several clients: our server against Oxigraph's on the same data."""
    from csto.graph.build import build
    from csto.load.workspace import find_workspace
    from csto.publish.export import export

    oxigraph = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if oxigraph is None:
        print("\nEndpoint: left out; pip install oxigraph")
        return
    dataset = build(find_workspace(ROOT))
    things = [
        quad.subject.value
        for quad in dataset.store.quads_for_pattern(None, RDFS_LABEL, None, ASSERTED)
        if isinstance(quad.subject, NamedNode)
    ]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "graph.nt"
        data.write_bytes(export(dataset, "ntriples", day=DAY, inferred=True))
        store = str(Path(folder) / "store")
        load = [oxigraph, "load", "--location", store, "--file", str(data)]
        subprocess.run(load, check=True, capture_output=True)
        bind = f"127.0.0.1:{free_port()}"
        theirs = [oxigraph, "serve-read-only", "--location", store, "--bind", bind]
        port = free_port()
        ours = [sys.executable, "-m", "csto", "serve", "--port", str(port), "--on", DAY]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        servers = [subprocess.Popen(command, **quiet) for command in (theirs, ours)]  # type: ignore[call-overload]
        addresses = {
            "Oxigraph's server": f"http://{bind}/query",
            "csto serve": f"http://127.0.0.1:{port}/sparql",
        }
        try:
            for address in addresses.values():
                wait_for(address)
            rates: dict[str, list[float]] = {name: [] for name in addresses}
            numbers = itertools.count()
            for _ in range(runs):
                for name, address in addresses.items():
                    rates[name].append(rate(address, things, numbers, clients, seconds))
        finally:
            for server in servers:
                server.terminate()
                server.wait()
    print(f"\nEndpoint: distinct cheap queries of {clients} clients")
    found = {name: statistics.median(those) for name, those in rates.items()}
    for name, per_second in found.items():
        print(f"  {name:48} {per_second:9.0f} answers a second")
    share = found["csto serve"] / found["Oxigraph's server"]
    print(f"  ours against Oxigraph's: {share:.2f}")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def wait_for(address: str) -> None:
    for _ in range(600):
        try:
            httpx.get(address, params={"query": "ASK {}"}, timeout=60).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"{address} does not answer")


def rate(
    address: str, things: list[str], numbers: itertools.count[int], clients: int, seconds: float
) -> float:
    """Answers a second; no query is asked twice."""
    until = time.monotonic() + seconds
    answered = [0] * clients

    def client(number: int) -> None:
        with httpx.Client(timeout=60, headers={"Accept": "application/sparql-results+json"}) as web:
            while time.monotonic() < until:
                count = next(numbers)
                thing = things[count * 7919 % len(things)]
                text = f"SELECT ?p ?o WHERE {{ <{thing}> ?p ?o }} LIMIT {20 + count % 50} #{count}"
                web.get(address, params={"query": text}).raise_for_status()
                answered[number] += 1

    began = time.monotonic()
    threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(answered) / (time.monotonic() - began)


def cow(path: Path) -> None:
    """All organizations of Correlates of War: build, a pair, members on a day, all overlaps."""
    from cow import write

    with tempfile.TemporaryDirectory() as folder:
        root, cache = Path(folder) / "workspace", Path(folder) / "cache"
        print(f"\nCorrelates of War: {write(path, root, 534)} spells")
        environment = {**os.environ, "CSTO_CACHE": str(cache)}
        command = [sys.executable, "-m", "csto", "-w", str(root)]
        members = ["query", "memberships/members-on", "-p", "organization=un", "--on"]
        steps = {
            "build, with the cache and a first answer": [*members, "1970-06-15"],
            "members on a day never asked before": [*members, "1980-06-15"],
            "members on a day asked before": [*members, "1980-06-15"],
            "overlap of two": ["overlap", "un", "nato", "--on", "1990-06-15"],
            "all overlaps, exported": [
                *("export", "--part", "inferred", "-f", "ntriples", "-o", f"{folder}/all.nt")
            ],
        }
        for name, words in steps.items():
            began = time.perf_counter()
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            with subprocess.Popen(
                [*command, *words],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as running:
                memory = peak(running.pid)
            wall = time.perf_counter() - began
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(f"  {name:48} {wall:8.2f} s, {spent:8.2f} s of the processor, {memory} MB")
        with (Path(folder) / "all.nt").open("rb") as lines:
            count = sum(line.endswith(b"#Overlap> .\n") for line in lines)
        print(f"  {count} overlaps in the export")


def spent_by(process: int) -> float:
    """Seconds of the processor of a running process and its children (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return own + sum(spent_by(int(child)) for child in children)


def peak(process: int) -> int:
    """The most memory (MB) that a process and those it started have had, until it ends."""
    most = 0
    while Path(f"/proc/{process}").exists():
        total, waiting = 0, [process]
        try:
            while waiting:
                one = waiting.pop()
                status = Path(f"/proc/{one}/status").read_text()
                if "\nState:\tZ" in status:
                    if one == process:
                        return most
                    continue
                if found := re.search(r"VmRSS:\s+(\d+)", status):
                    total += int(found[1]) // 1024
                children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
                waiting += map(int, children)
        except OSError:
            continue
        most = max(most, total)
        time.sleep(0.05)
    return most


def slope(points: list[tuple[float, float]]) -> float:
    """Least squares of the logarithms."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    mean_x = statistics.fmean(x for x, _ in logs)
    mean_y = statistics.fmean(y for _, y in logs)
    over = sum((x - mean_x) * (y - mean_y) for x, y in logs)
    return over / sum((x - mean_x) ** 2 for x, _ in logs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--sizes", default="10000,20000,50000")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="what seconds are counted")
    parser.add_argument("--cow", type=Path, metavar="FILE", help="igo_year_format3.csv.gz")
    given = parser.parse_args()
    clock = CLOCKS[given.clock]
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    parts = given.parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no part is called {min(unknown)}")
    if "cold" in parts:
        cold(given.runs)
    if "first" in parts:
        first(max(3, given.runs // 3))
    if "closure" in parts:
        closure(max(2, given.runs // 3))
    if "growth" in parts:
        print("\nGrowth")
        growth([int(size) for size in given.sizes.split(",")])
    if "endpoint" in parts:
        endpoint(max(2, given.runs // 3))
    if "cow" in parts and given.cow:
        cow(given.cow)
