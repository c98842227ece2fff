"""Side by side: a cold query, first answers and edits, the closure of a slice, and growth.

    python benchmarks/bench.py [cold] [first] [closure] [growth] [--runs N] [--sizes 10000,20000]

All parts if none is named. The sides of a comparison take turns in one run, and what is
printed are medians of wall time and their ratio. See the README beside this file.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))

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


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def taking_turns(sides: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Medians in seconds; each side runs once untimed, then they take turns."""
    for work in sides.values():
        work()
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

        def from_nothing() -> None:
            shutil.rmtree(cache, ignore_errors=True)

        def answered(prepare: Callable[[], None]) -> Callable[[], object]:
            """Until the last line of the answer is out: the cache is written after it."""

            def run() -> None:
                prepare()
                with subprocess.Popen([*query, DAY], stdout=subprocess.PIPE) as running:
                    assert running.stdout is not None
                    began = time.perf_counter()
                    lines = iter(running.stdout.readline, b"")
                    for _ in range(7):
                        next(lines)
                    waited.append(time.perf_counter() - began)
                    running.stdout.read()

            waited: list[float] = []
            run.waited = waited  # type: ignore[attr-defined]
            return run

        def then(prepare: Callable[[], None], *command: str) -> Callable[[], object]:
            def run() -> None:
                prepare()
                subprocess.run(command, capture_output=True, check=False)

            return run

        new_day = ["2001-01-{:02}", "2002-01-{:02}", "2003-01-{:02}", "2004-01-{:02}"]

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
            "edit a label, then validate": then(label, *validate),
            "a day asked before": then(lambda: None, *query, DAY),
            "a day never asked before": fresh_day,
        }
        until_answer = answered(from_nothing)
        found = taking_turns({**sides, "first build, until the answer is out": until_answer}, runs)
        waits = until_answer.waited  # type: ignore[attr-defined]
        found["first build, until the answer is out"] = statistics.median(waits)
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
            state.add_text(text.decode())
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


def slope(points: list[tuple[float, float]]) -> float:
    """Least squares of the logarithms."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    mean_x = statistics.fmean(x for x, _ in logs)
    mean_y = statistics.fmean(y for _, y in logs)
    over = sum((x - mean_x) * (y - mean_y) for x, y in logs)
    return over / sum((x - mean_x) ** 2 for x, _ in logs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help="cold, first, closure, growth")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--sizes", default="10000,20000,50000")
    given = parser.parse_args()
    parts = given.parts or ["cold", "first", "closure", "growth"]
    if unknown := set(parts) - {"cold", "first", "closure", "growth"}:
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
