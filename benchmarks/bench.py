"""Side by side: a cold query, the closure of a slice, and growth.

    python benchmarks/bench.py [cold] [closure] [growth] [--runs N] [--sizes 10000,20000,50000]

All parts if none is named. The sides of a comparison take turns in one run, and what is
printed are medians of wall time and their ratio. See the README beside this file.
"""

from __future__ import annotations

import argparse
import math
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


def closure(runs: int) -> None:
    """The closure of the slice of a day, ours and owlrl's: the same triples from the same."""
    import owlrl
    import rdflib
    from csto.reason.engine import Engine
    from pyoxigraph import NamedNode, Quad, RdfFormat, Store, serialize

    from csto.graph.build import build
    from csto.load.workspace import find_workspace
    from csto.reason.owlrl import oracle_input, our_closure, owlrl_closure
    from csto.vocabulary import ONTOLOGY

    dataset = build(find_workspace(ROOT))
    given = oracle_input(dataset, DAY)
    same = our_closure(dataset, given) == owlrl_closure(dataset.store, given)
    ontology = list(dataset.store.quads_for_pattern(None, None, None, ONTOLOGY))
    data, made = NamedNode("urn:given"), NamedNode("urn:made")
    text = dataset.store.dump(format=RdfFormat.N_TRIPLES, from_graph=ONTOLOGY) or b""
    text += serialize(given, format=RdfFormat.N_TRIPLES) or b""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(runs):
        for _ in range(5):
            store = Store()
            store.extend(ontology)
            store.extend(Quad(t.subject, t.predicate, t.object, data) for t in given)
            engine = Engine(store)
            axioms = dataset.axioms
            ours.append(timed(lambda: list(engine.run(axioms, made, (ONTOLOGY, data)))))  # noqa: B023
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


def growth(sizes: list[int], build_to: int) -> None:
    """Closure, build and slice of generated graphs; the exponent is the slope of logarithms."""
    from csto.reason.engine import Engine
    from generate import write_workspace
    from pyoxigraph import NamedNode

    from csto.graph.build import build
    from csto.load.files import load_workspace
    from csto.load.workspace import find_workspace
    from csto.rules.axioms import compile_axioms
    from csto.vocabulary import ASSERTED, ONTOLOGY

    found: dict[str, list[tuple[float, float]]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "workspace"
            write_workspace(size, root)
            store = load_workspace(find_workspace(root))
            axioms, made = compile_axioms(store), NamedNode("urn:made")
            asserted = sum(1 for _ in store.quads_for_pattern(None, None, None, ASSERTED))
            run = Engine(store).run(axioms, made, (ONTOLOGY, ASSERTED))
            seconds = timed(lambda: [None for _ in run])  # noqa: B023
            new = sum(1 for _ in store.quads_for_pattern(None, None, None, made))
            found.setdefault("closure", []).append((asserted, seconds))
            line = f"  {asserted:9} asserted: closure {seconds:8.2f} s ({new} new)"
            del store
            if size <= build_to:
                began = time.perf_counter()
                dataset = build(find_workspace(root), cached=False)
                seconds = time.perf_counter() - began
                found.setdefault("build", []).append((asserted, seconds))
                line += f", build {seconds:8.2f} s"
                seconds = timed(lambda: dataset.cut("2010-06-12"))  # noqa: B023
                found.setdefault("slice", []).append((asserted, seconds))
                line += f", slice {seconds:7.2f} s; slowest rules: "
                slow = sorted(dataset.timings.items(), key=lambda item: -item[1].seconds)[:3]
                line += ", ".join(f"{code} {spent.seconds:.2f} s" for code, spent in slow)
            print(line, flush=True)
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
    parser.add_argument("parts", nargs="*", metavar="PART", help="cold, closure, growth")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--sizes", default="10000,20000,50000")
    parser.add_argument("--build-to", type=int, default=20_000, help="no build beyond this size")
    given = parser.parse_args()
    parts = given.parts or ["cold", "closure", "growth"]
    if unknown := set(parts) - {"cold", "closure", "growth"}:
        parser.error(f"no part is called {min(unknown)}")
    if "cold" in parts:
        cold(given.runs)
    if "closure" in parts:
        closure(max(2, given.runs // 3))
    if "growth" in parts:
        print("\nGrowth")
        growth([int(size) for size in given.sizes.split(",")], given.build_to)
