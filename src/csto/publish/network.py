"""The graph as a network for Gephi, igraph and networkx: GraphML, GEXF, tables of nodes and edges.

Nodes are states, bodies, persons, agreements, acts, situations and crises; what is
said *about* them (claims, figures, conflicts, passages) is left out. Edges are the
statements between them that are asserted or hold on the day, certainly or possibly, so that
``memberOf`` is there as of that day only; each has its certainty, its weight and the span of days
over which it holds.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import Literal, NamedNode, Triple

from csto.graph.dataset import Dataset
from csto.vocabulary import ASSERTED, CSTO, ONTOLOGY, OWL, RDF_TYPE, RDFS, csto, shorten

# Words of the classes of what is said about things, and is none itself.
_KNOWLEDGE = ("claim", "conflict", "support", "passage", "source", "workspace")

_CODES = ("isoAlpha3", "cowCode", "gwCode", "abbreviation")
_ABOUT_EDGES = ("property", "certainty", "weight", "start", "end")
_Pair = tuple[str, str, str]


@dataclass(frozen=True, order=True)
class Edge:
    """A statement between two things, or what two things share.

    ``start`` and ``end`` are the first and last day of the span in which the day of the network
    lies, ``YYYY-MM-DD``; empty where nothing bounds it, or where it holds on every day.
    """

    source: str
    label: str
    target: str
    certainty: str = "certain"
    weight: int = 1
    start: str = ""
    end: str = ""


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
    """Nodes and the ties between them, by name."""

    nodes: list[Node]
    ties: list[Edge]
    day: str
    directed: bool = True

    @property
    def edges(self) -> list[_Pair]:
        """What is certain, as ``(source, property, target)``."""
        return [(t.source, t.label, t.target) for t in self.ties if t.certainty == "certain"]


def network(dataset: Dataset, day: str) -> Network:
    """The network as of a day: what certainly holds, and what only possibly does."""
    certain, possible = dataset.cut(day)
    nodes = list(_nodes(dataset))
    known = {node.iri: node.name for node in nodes}
    # An edge by its names, with how it holds; what is certain comes first.
    found: dict[_Pair, tuple[int | None, Triple]] = {}
    for graph, width in ((ASSERTED, None), (certain, 0), (possible, 1)):
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
                pair = (known[subject.value], predicate, known[thing.value])
                found.setdefault(pair, (width, quad.triple))
    kept = set(found) - set(_implied(dataset, set(found)))
    return Network(nodes, sorted(_edge(dataset, pair, *found[pair], day) for pair in kept), day)


def states_network(dataset: Dataset, day: str) -> Network:
    """States alone: two are tied by the bodies of which both are members on the day.

    The weight is the number of bodies, the property their names. A tie is certain if both
    certainly are members of all of these; one that rests on a possible membership stands apart.
    """
    whole = network(dataset, day)
    states = [node for node in whole.nodes if node.kind == "State"]
    names = {node.name for node in states}
    labels = {n.name: n.codes[-1] or n.label for n in whole.nodes}
    members: dict[str, dict[str, str]] = defaultdict(dict)
    for edge in whole.ties:
        if edge.label == "memberOf" and edge.source in names:
            members[edge.target][edge.source] = edge.certainty
    shared: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for body, held in members.items():
        for one, other in combinations(sorted(held), 2):
            sure = held[one] == held[other] == "certain"
            shared[one, other, "certain" if sure else "possible"].append(labels[body])
    edges = [
        Edge(one, "; ".join(sorted(bodies)), other, certainty, len(bodies))
        for (one, other, certainty), bodies in shared.items()
    ]
    tied = {end for edge in edges for end in (edge.source, edge.target)}
    return Network([n for n in states if n.name in tied], sorted(edges), day, directed=False)


def _edge(dataset: Dataset, pair: _Pair, width: int | None, triple: Triple, day: str) -> Edge:
    source, label, target = pair
    if width is None:
        return Edge(source, label, target)
    on = date.fromisoformat(day)
    start = end = ""
    for first, last in dataset.spans.of(triple, width):
        if (first is None or first <= on) and (last is None or on <= last):
            start, end = (str(d) if d is not None else "" for d in (first, last))
    if end == dataset.cut_off:
        # That the graph does not reach further is no end.
        end = ""
    return Edge(source, label, target, "possible" if width else "certain", 1, start, end)


def _implied(dataset: Dataset, edges: set[_Pair]) -> Iterator[_Pair]:
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
        *(
            f'  <key id="{name}" for="edge" attr.name="{name}" attr.type="'
            f'{"int" if name == "weight" else "string"}"/>'
            for name in _ABOUT_EDGES
        ),
        '  <key id="day" for="graph" attr.name="day" attr.type="string"/>',
        f'  <graph id="network" edgedefault="{"directed" if net.directed else "undirected"}">',
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
    for number, edge in enumerate(net.ties):
        values = (edge.label, edge.certainty, str(edge.weight), edge.start, edge.end)
        data = "".join(
            f'<data key="{name}">{escape(value)}</data>'
            for name, value in zip(_ABOUT_EDGES, values, strict=True)
            if value
        )
        ends = f"source={quoteattr(edge.source)} target={quoteattr(edge.target)}"
        lines.append(f'    <edge id="e{number}" {ends}>{data}</edge>')
    return ("\n".join([*lines, "  </graph>", "</graphml>"]) + "\n").encode()


def as_gexf(net: Network) -> bytes:
    """GEXF 1.2 (https://gexf.net), whose edges have spans, so that Gephi shows them over time."""
    kind = "directed" if net.directed else "undirected"
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">',
        f"  <meta><description>Network as of {escape(net.day)}</description></meta>",
        f'  <graph mode="dynamic" timeformat="date" defaultedgetype="{kind}">',
        '    <attributes class="node">',
        *(
            f'      <attribute id="{name}" title="{name}" type="string"/>'
            for name in _ATTRIBUTES[1:]
        ),
        "    </attributes>",
        '    <attributes class="edge">',
        '      <attribute id="certainty" title="certainty" type="string"/>',
        "    </attributes>",
        "    <nodes>",
    ]
    for node in net.nodes:
        values = zip(_ATTRIBUTES[1:], (node.kind, node.iri, *node.codes), strict=True)
        told = "".join(
            f'<attvalue for="{name}" value={quoteattr(value)}/>' for name, value in values if value
        )
        lines.append(
            f"      <node id={quoteattr(node.name)} label={quoteattr(node.label)}>"
            f"<attvalues>{told}</attvalues></node>"
        )
    lines += ["    </nodes>", "    <edges>"]
    for number, edge in enumerate(net.ties):
        span = "".join(
            f' {name}="{day}"' for name, day in (("start", edge.start), ("end", edge.end)) if day
        )
        lines.append(
            f'      <edge id="{number}" source={quoteattr(edge.source)} '
            f"target={quoteattr(edge.target)} label={quoteattr(edge.label)} "
            f'weight="{edge.weight}"{span}>'
            f'<attvalues><attvalue for="certainty" value="{edge.certainty}"/></attvalues></edge>'
        )
    return ("\n".join([*lines, "    </edges>", "  </graph>", "</gexf>"]) + "\n").encode()


def as_tables(net: Network) -> tuple[str, str]:
    """Two CSV tables, nodes and edges, with the column names that Gephi expects."""
    nodes = _csv(
        ["Id", "Label", "Kind", "Iri", *_CODES],
        ([n.name, n.label, n.kind, n.iri, *n.codes] for n in net.nodes),
    )
    edges = _csv(
        ["Source", "Target", "Type", "Label", "Weight", "Certainty", "Start", "End"],
        (
            [
                edge.source,
                edge.target,
                "Directed" if net.directed else "Undirected",
                edge.label,
                str(edge.weight),
                edge.certainty,
                edge.start,
                edge.end,
            ]
            for edge in net.ties
        ),
    )
    return nodes, edges


def _csv(header: list[str], rows: Iterator[list[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()
