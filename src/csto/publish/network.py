"""The graph as a network for Gephi, igraph and networkx: GraphML, or tables of nodes and edges.

Nodes are states, bodies, persons, agreements, acts, situations and crises; what is
said *about* them (claims, figures, conflicts, passages) is left out. Edges are the
statements between them that are asserted or certainly hold on the day, so that
``memberOf`` is there as of that day only.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import Literal, NamedNode

from csto.graph.dataset import Dataset
from csto.vocabulary import ASSERTED, CSTO, ONTOLOGY, OWL, RDF_TYPE, RDFS, csto, shorten

# Words of the classes of what is said about things, and is none itself.
_KNOWLEDGE = ("claim", "conflict", "support", "passage", "source", "workspace")

_CODES = ("isoAlpha3", "cowCode", "abbreviation")


_Edge = tuple[str, str, str]


@dataclass(frozen=True)
class Node:
    """A thing, with what tools show of it."""

    name: str
    label: str
    kind: str
    iri: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Network:
    """Nodes by name, and edges ``(source, property, target)``."""

    nodes: list[Node]
    edges: list[_Edge]
    day: str


def network(dataset: Dataset, day: str) -> Network:
    """The network as of a day."""
    certain, _ = dataset.cut(day)
    nodes = list(_nodes(dataset))
    known = {node.iri: node.name for node in nodes}
    edges = set()
    for graph in (ASSERTED, certain):
        for quad in dataset.store.quads_for_pattern(None, None, None, graph):
            subject, thing = quad.subject, quad.object
            if (
                isinstance(subject, NamedNode)
                and isinstance(thing, NamedNode)
                and quad.predicate.value.startswith(CSTO)
                and subject.value in known
                and thing.value in known
            ):
                predicate = quad.predicate.value[len(CSTO) :]
                edges.add((known[subject.value], predicate, known[thing.value]))
    return Network(nodes, sorted(edges - set(_implied(dataset, edges))), day)


def _implied(dataset: Dataset, edges: set[_Edge]) -> Iterator[_Edge]:
    """Edges that say again what a narrower property or its inverse says."""
    broader, inverse = _pairs(dataset, RDFS + "subPropertyOf"), _pairs(dataset, OWL + "inverseOf")
    for source, predicate, target in edges:
        for wider in broader.get(predicate, ()):
            yield source, wider, target
        for turned in inverse.get(predicate, ()):
            yield target, turned, source


def _pairs(dataset: Dataset, predicate: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for quad in dataset.store.quads_for_pattern(None, NamedNode(predicate), None, ONTOLOGY):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            found[quad.subject.value.removeprefix(CSTO)].append(
                quad.object.value.removeprefix(CSTO)
            )
    return found


def _nodes(dataset: Dataset) -> Iterator[Node]:
    kinds: dict[str, list[str]] = defaultdict(list)
    classes: dict[NamedNode, bool] = {}
    for quad in dataset.store.quads_for_pattern(None, RDF_TYPE, None, ASSERTED):
        subject, thing = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(thing, NamedNode):
            continue
        if thing not in classes:
            classes[thing] = not dataset.things.is_of(thing, _KNOWLEDGE)
        if classes[thing]:
            kinds[subject.value].append(shorten(thing.value).removeprefix("csto:"))
    short = {iri: shorten(iri) for iri in kinds}
    # What two layers call by one name keeps two names.
    shared = {name for name, times in Counter(short.values()).items() if times > 1}
    for iri in sorted(kinds):
        node = NamedNode(iri)
        codes = []
        for local in _CODES:
            values = dataset.store.quads_for_pattern(node, csto(local), None, ASSERTED)
            codes.append(
                next((q.object.value for q in values if isinstance(q.object, Literal)), "")
            )
        label = dataset.things.label(node)
        yield Node(
            iri if short[iri] in shared else short[iri],
            label,
            sorted(kinds[iri])[0],
            iri,
            tuple(codes),
        )


_ATTRIBUTES = ("label", "kind", "iri", *_CODES)


def as_graphml(net: Network) -> bytes:
    """GraphML (http://graphml.graphdrawing.org), a directed multigraph."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns'
        ' http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">',
        *(
            f'  <key id="{name}" for="node" attr.name="{name}" attr.type="string"/>'
            for name in _ATTRIBUTES
        ),
        '  <key id="property" for="edge" attr.name="property" attr.type="string"/>',
        '  <key id="day" for="graph" attr.name="day" attr.type="string"/>',
        '  <graph id="network" edgedefault="directed">',
        f'    <data key="day">{escape(net.day)}</data>',
    ]
    for node in net.nodes:
        values = (node.label, node.kind, node.iri, *node.codes)
        data = "".join(
            f'<data key="{name}">{escape(value)}</data>'
            for name, value in zip(_ATTRIBUTES, values, strict=True)
            if value
        )
        lines.append(f"    <node id={quoteattr(node.name)}>{data}</node>")
    for number, (source, predicate, target) in enumerate(net.edges):
        lines.append(
            f'    <edge id="e{number}" source={quoteattr(source)} target={quoteattr(target)}>'
            f'<data key="property">{escape(predicate)}</data></edge>'
        )
    return ("\n".join([*lines, "  </graph>", "</graphml>"]) + "\n").encode()


def as_tables(net: Network) -> tuple[str, str]:
    """Two CSV tables, nodes and edges, with the column names that Gephi expects."""
    nodes = _csv(
        ["Id", "Label", "Kind", "Iri", *_CODES],
        ([n.name, n.label, n.kind, n.iri, *n.codes] for n in net.nodes),
    )
    edges = _csv(
        ["Source", "Target", "Type", "Label"],
        ([source, target, "Directed", predicate] for source, predicate, target in net.edges),
    )
    return nodes, edges


def _csv(header: list[str], rows: Iterator[list[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()
