"""The graph as a network for Gephi, igraph and networkx: GraphML, or tables of nodes and edges.

Nodes are states, bodies, persons, agreements, acts, situations and crises; what is
said *about* them (claims, figures, conflicts, passages) is left out. Edges are the
statements between them that are asserted or certainly hold on the day, so that
``memberOf`` is there as of that day only.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import Literal, NamedNode

from csto.graph.dataset import Dataset
from csto.vocabulary import ASSERTED, BASE, CSTO, ONTOLOGY, OWL, RDF_TYPE, RDFS, csto, shorten

_ID = BASE + "id/"
_KNOWLEDGE = ("claim", "assessment", "figure", "conflict", "support", "label", "overlap")

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
    edges = set()
    for graph in (ASSERTED, certain):
        for quad in dataset.store.quads_for_pattern(None, None, None, graph):
            subject, thing = quad.subject, quad.object
            if (
                isinstance(subject, NamedNode)
                and isinstance(thing, NamedNode)
                and quad.predicate.value.startswith(CSTO)
                and _is_thing(subject.value)
                and _is_thing(thing.value)
            ):
                predicate = quad.predicate.value[len(CSTO) :]
                edges.add((shorten(subject.value), predicate, shorten(thing.value)))
    nodes = list(_nodes(dataset))
    known = {node.name for node in nodes}
    kept = {edge for edge in edges if edge[0] in known and edge[2] in known}
    return Network(nodes, sorted(kept - set(_implied(dataset, kept))), day)


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


def _is_thing(iri: str) -> bool:
    return iri.startswith(_ID) and iri[len(_ID) :].partition("/")[0] not in _KNOWLEDGE


def _nodes(dataset: Dataset) -> Iterator[Node]:
    kinds: dict[str, list[str]] = defaultdict(list)
    for quad in dataset.store.quads_for_pattern(None, RDF_TYPE, None, ASSERTED):
        subject, thing = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(thing, NamedNode):
            continue
        if _is_thing(subject.value):
            kinds[subject.value].append(shorten(thing.value).removeprefix("csto:"))
    for iri in sorted(kinds):
        node = NamedNode(iri)
        codes = []
        for local in _CODES:
            values = dataset.store.quads_for_pattern(node, csto(local), None, ASSERTED)
            codes.append(
                next((q.object.value for q in values if isinstance(q.object, Literal)), "")
            )
        label = dataset.things.label(node)
        yield Node(shorten(iri), label, sorted(kinds[iri])[0], iri, tuple(codes))


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
        '  <graph id="csto" edgedefault="directed">',
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
