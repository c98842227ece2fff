"""A class as its things are: the properties in use with counts, values and an example."""

from __future__ import annotations

from collections import Counter, defaultdict

from pyoxigraph import Literal, NamedNode

from csto.answer.kinds import Asking
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader
from csto.vocabulary import ASSERTED, BASE, INFERRED, ONTOLOGY, RDF_TYPE, csto, shorten

COLUMNS = ("property", "role", "things", "values", "from")
# Values of a concept scheme that are shown; kinds of thing are all shown.
_SHOWN = 6


def schema(dataset: Dataset, kind: NamedNode) -> tuple[list[list[str]], str]:
    """Rows for the properties of a class, and a query to copy."""
    reader = Reader(dataset)
    ask = Asking(dataset.store)
    roles = {node: role for role, nodes in ask.roles.items() for node in nodes}
    things: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    values: dict[NamedNode, Counter[str]] = defaultdict(Counter)
    stated: set[NamedNode] = set()
    for thing in reader.subjects(RDF_TYPE, kind):
        for graph in (ASSERTED, INFERRED):
            for quad in dataset.store.quads_for_pattern(thing, None, None, graph):
                if quad.predicate == RDF_TYPE:
                    continue
                things[quad.predicate].add(thing)
                if graph == ASSERTED:
                    stated.add(quad.predicate)
                values[quad.predicate][_kind(dataset, quad.object)] += 1
    rows = [
        [
            shorten(predicate.value),
            roles.get(predicate, ""),
            str(len(things[predicate])),
            ", ".join(sorted(found := values[predicate], key=lambda n: (-found[n], n))[:_SHOWN]),
            "stated" if predicate in stated else "inferred",
        ]
        for predicate in sorted(things, key=lambda p: (p not in stated, -len(things[p]), p.value))
    ]
    return rows, _example(ask, kind, things)


def _kind(dataset: Dataset, term: object) -> str:
    """What kind of value this is: a concept by name, a class of things, a datatype."""
    if isinstance(term, Literal):
        return f"@{term.language}" if term.language else shorten(term.datatype.value)
    if not isinstance(term, NamedNode):
        return "node"
    if term.value.startswith(BASE + "concept/"):
        return shorten(term.value)
    for graph in (ASSERTED, ONTOLOGY, INFERRED):
        found = sorted(
            shorten(quad.object.value)
            for quad in dataset.store.quads_for_pattern(term, RDF_TYPE, None, graph)
            if isinstance(quad.object, NamedNode)
        )
        if found:
            return found[0]
    return "thing"


def _example(ask: Asking, kind: NamedNode, things: dict[NamedNode, set[NamedNode]]) -> str:
    columns = [c for c in ask.columns(kind) if things.get(c)] or [csto("agent")]
    lines = [
        "SELECT ?thing ?label " + " ".join(f"?{_name(c)}" for c in columns) + " WHERE {",
        f"  ?thing a {shorten(kind.value)} ; rdfs:label ?label .",
    ]
    lines += [f"  OPTIONAL {{ ?thing {shorten(c.value)} ?{_name(c)} }}" for c in columns]
    return "\n".join([*lines, "} ORDER BY ?label"])


def _name(node: NamedNode) -> str:
    return shorten(node.value).partition(":")[2]
