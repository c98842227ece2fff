"""How much faster the set-based validation is than pyshacl with every constraint in SHACL.

    python benchmarks/validate.py --copies 3

The graph is the shipped one, with ``--copies`` renamed copies of its things beside it (two
give 100 000 asserted triples), damaged at places that a fixed seed picks, and completed.
Both sides then validate the same graph: ours with shapes compiled to SPARQL and checks as
queries on Oxigraph; pyshacl, on rdflib's memory store, with the same shapes and with each
check as a ``sh:sparql`` constraint of the narrowest class that it concerns. Only validation
is timed; each side has its own parsed graph at hand. pyshacl is stopped after ``--limit``
seconds; then the ratio is a lower bound, and ``--share 0.1`` (a tenth of all things) shows
on a smaller graph that the findings are the same. Checks that tell asserted from
inferred graphs, which one SHACL data graph cannot, are left out on both sides. The findings
must be the same.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from csto.graph.build import build
from csto.graph.dataset import TIMELESS, Dataset
from csto.load.workspace import find_workspace
from csto.validate.checks import Check, load_checks, run_check
from csto.validate.finding import Result
from csto.validate.run import graph_of_shapes
from csto.validate.shacl.model import Shapes
from csto.validate.shacl.reference import validate as pyshacl
from csto.validate.shacl.run import Runner
from csto.vocabulary import BASE, CSTO, RDF_TYPE

# What each check looks at, as narrow as a careful author of SHACL would write it.
TARGETS = {
    "CS0201": "sh:targetSubjectsOf csto:endLatest",
    "CS0202": "sh:targetSubjectsOf csto:endLatest",
    "CS0203": "sh:targetClass csto:Affiliation",
    "CS0204": "sh:targetClass csto:Affiliation",
    "CS0205": "sh:targetClass csto:CastVote",
    "CS0206": "sh:targetClass csto:RollCall",
    "CS0207": "sh:targetClass csto:LegalSituation",
    "CS0208": "sh:targetClass csto:Situation",
    "CS0209": "sh:targetClass csto:Situation",
    "CS0211": "sh:targetObjectsOf csto:about",
    "CS0212": "sh:targetClass csto:Claim",
    "RL-CAX-DW": "sh:targetSubjectsOf rdf:type",
}
_SHACL = """
@prefix csto: <https://w3id.org/csto/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def copies(number: int, share: float, seed: int) -> Iterator[Triple]:
    """A share of the things of the shipped graph, so many renamed copies, and damage."""
    chosen = random.Random(seed)
    asserted: list[Triple] = []
    for path in find_workspace(None).graph_files():
        asserted += [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
    things = dict.fromkeys(triple.subject for triple in asserted)
    kept = {thing for thing in things if chosen.random() < share}
    asserted = [triple for triple in asserted if triple.subject in kept]
    for copy in range(number + 1):

        def renamed(term: Any, copy: int = copy) -> Any:
            if copy and isinstance(term, NamedNode) and term.value.startswith(f"{BASE}id/"):
                return NamedNode(f"{term.value}-copy-{copy}")
            return term

        for triple in asserted:
            subject, predicate, thing = (renamed(term) for term in triple)
            dropped = predicate.value.rpartition("#")[2] in ("evidence", "statedIn", "label")
            if dropped and chosen.random() < 0.002:
                continue
            if predicate.value == f"{CSTO}date" and chosen.random() < 0.01:
                thing = Literal("16.08.2006", datatype=thing.datatype)
            if predicate.value == f"{CSTO}member" and chosen.random() < 0.02:
                yield Triple(subject, RDF_TYPE, NamedNode(f"{CSTO}Person"))
            yield Triple(subject, predicate, thing)


def as_shapes(shapes: Shapes, checks: list[Check]) -> Shapes:
    """The shapes, with each check as a constraint in SPARQL."""
    for check in checks:
        prologue = " ".join(re.findall(r"(?m)^PREFIX.*$", check.text))
        body = re.search(r"WHERE\s*(\{.*\})", check.text, re.DOTALL)
        if body is None:
            raise ValueError(check.name)
        where = re.sub(r"(?m)^\s*#.*$", "", body[1])
        where = re.sub(r"GRAPH graph:\w+ (\{[^{}]*\})", r"\1", where)
        value = " ?value" if "?value" in where else ""
        select = f"{prologue} SELECT DISTINCT $this{value} WHERE {where}".replace("?this", "$this")
        text = (
            f"{_SHACL} <urn:check:{check.code}> a sh:NodeShape ; {TARGETS[check.code]} ;"
            f' dcterms:identifier "{check.code}" ; sh:sparql [ sh:select """{select}""" ] .'
        )
        for quad in parse(text, format=RdfFormat.TURTLE):
            shapes.store.add(Quad(quad.subject, quad.predicate, quad.object))
    return shapes


def ours(dataset: Dataset, checks: list[Check]) -> list[Result]:
    shapes = graph_of_shapes(dataset.workspace)
    found = Runner(dataset.store, TIMELESS, shapes).run().results
    for check in checks:
        found += run_check(check, dataset.store, TIMELESS, TIMELESS)
    return found


def keys(results: list[Result]) -> set[Any]:
    """What is compared: code, node and value."""
    return {(result.code, result.focus, result.value) for result in results}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--copies", type=int, default=2)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--limit", type=float, default=900.0, help="seconds for pyshacl")
    parser.add_argument("--seed", type=int, default=20020514)
    options = parser.parse_args()
    workspace = find_workspace(None)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.nt"
        triples = dict.fromkeys(copies(options.copies, options.share, options.seed))
        path.write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
        began = perf_counter()
        dataset = build(workspace, [path], cached=False)
    total = len(dataset.store)
    print(f"{len(triples)} asserted triples, {total} with what follows", end="")
    print(f" ({perf_counter() - began:.1f} s to complete)")
    checks = [c for c in load_checks(workspace.check_files()) if c.code in TARGETS]
    times = []
    for _ in range(3):
        began = perf_counter()
        found = ours(dataset, checks)
        times.append(perf_counter() - began)
    fast = sorted(times)[1]
    print(f"csto     {fast:8.2f} s  {len(keys(found))} findings", flush=True)
    shapes = as_shapes(graph_of_shapes(workspace), checks)
    answered = within(options.limit, dataset, shapes)
    if answered is None:
        print(f"pyshacl  stopped after {options.limit:.0f} s")
        print(f"ratio    more than {options.limit / fast:.0f}")
        return 0
    seconds, theirs = answered
    print(f"pyshacl  {seconds:8.2f} s  {len(theirs)} findings")
    print(f"ratio    {seconds / fast:8.1f}")
    differing = {str(key) for key in keys(found)} ^ theirs
    for difference in sorted(differing)[:10]:
        print(f"only on one side: {difference}")
    return 1 if differing else 0


def within(limit: float, dataset: Dataset, shapes: Shapes) -> tuple[float, set[str]] | None:
    """What pyshacl finds and in how many seconds, in a process that can be stopped."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)

    def work() -> None:
        spent: list[float] = []
        found = pyshacl(dataset.store, TIMELESS, shapes, spent=spent)
        sender.send((spent[0], {str(key) for key in keys(found)}))

    child = context.Process(target=work)
    child.start()
    answered = receiver.recv() if receiver.poll(limit) else None
    child.kill()
    child.join()
    return answered


if __name__ == "__main__":
    sys.exit(main())
