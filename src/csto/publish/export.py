"""Export the graph, or parts of it, for other tools: the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import (
    CanonicalizationAlgorithm,
    NamedNode,
    Quad,
    Store,
    Triple,
    serialize,
)
from pyoxigraph import Dataset as RdfDataset

from csto.graph.dataset import Dataset
from csto.load.files import load_file
from csto.load.formats import BY_KEY
from csto.publish import jsonld
from csto.publish.written import rewritten, written_literals
from csto.vocabulary import ASSERTED, BASE, INFERRED, ONTOLOGY, WELL_KNOWN

PARTS = ("ontology", "concepts", "graph", "inferred", "shapes")
DEFAULT = ("ontology", "concepts", "graph")
SHAPES = NamedNode(BASE + "graph/shapes")

_CONCEPTS = BASE + "concept/"


def export(
    dataset: Dataset,
    how: str,
    *,
    day: str,
    parts: Sequence[str] = DEFAULT,
    inferred: bool = False,
) -> bytes:
    """Serialize a dataset.

    Args:
        dataset: the graph.
        how: a key of :data:`csto.load.formats.BY_KEY`.
        day: the day of the slices, ``YYYY-MM-DD``.
        parts: which of :data:`PARTS`; concepts are the SKOS schemes of the ontology.
        inferred: adds the part ``inferred``: what follows, and the slices of ``day``.

    The formats for several graphs keep the names of the graphs; the others hold
    the merged triples, less what is only possible on the day.
    """
    chosen = [part for part in PARTS if part in parts or (inferred and part == "inferred")]
    quads = part_quads(dataset, chosen, day)
    prefixes = part_prefixes(dataset)
    if how == "jsonld":
        return jsonld.write(jsonld.compact(_named(quads), prefixes))
    # Passages are of many sources: only JSON-LD shortens them.
    spaces = _CONCEPTS, *(layer.manifest.base for layer in dataset.workspace.layers)
    sources = {f"{space}source/" for space in dataset.workspace.spaces}
    kinds = {n: iri for n, iri in prefixes.items() if iri.startswith(spaces) or iri in sources}
    if BY_KEY[how].holds_graphs:
        return _write(_named(quads), how, kinds)
    possible = dataset.cut(day)[1] if "inferred" in chosen else None
    merged = {q.triple for q in quads if q.graph_name != possible}
    plain = _named(Quad(t.subject, t.predicate, t.object) for t in merged)
    return _write([quad.triple for quad in plain], how, kinds)


def part_prefixes(dataset: Dataset) -> dict[str, str]:
    """The prefixes of our own things, concepts and passages."""
    spaces = dataset.workspace.spaces
    return {n: iri for n, iri in dataset.prefixes.items() if iri.startswith(spaces)}


def part_quads(dataset: Dataset, parts: Iterable[str], day: str) -> list[Quad]:
    """The quads of some parts, in their graphs."""
    found: list[Quad] = []
    for part in parts:
        if part == "shapes":
            found += _shapes(dataset)
            continue
        graphs = {
            "ontology": [ONTOLOGY],
            "concepts": [ONTOLOGY],
            "graph": [ASSERTED],
            "inferred": [INFERRED, *dataset.cut(day)] if part == "inferred" else [],
        }[part]
        for graph in graphs:
            for quad in dataset.store.quads_for_pattern(None, None, None, graph):
                concept = getattr(quad.subject, "value", "").startswith(_CONCEPTS)
                if graph != ONTOLOGY or concept == (part == "concepts"):
                    found.append(quad)
    return list(rewritten(found, written_literals(dataset.workspace)))


def _shapes(dataset: Dataset) -> list[Quad]:
    store = Store()
    for path in dataset.workspace.shape_files():
        load_file(store, path, SHAPES, dataset.workspace.shown(path))
    return list(store)


def _named(quads: Iterable[Quad]) -> list[Quad]:
    """Sorted, with blank nodes (of OWL and SHACL syntax only) named canonically (RDFC-1.0)."""
    whole = RdfDataset(quads)
    whole.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(whole, key=str)


def _write(items: list[Quad] | list[Triple], how: str, kinds: dict[str, str]) -> bytes:
    if how in ("ntriples", "nquads"):
        return "".join(sorted(f"{item} .\n" for item in items)).encode()
    prefixes = {**kinds, **WELL_KNOWN} if BY_KEY[how].prefixed else None
    return serialize(items, format=BY_KEY[how].rdf, prefixes=prefixes) or b""


def count(data: bytes, how: str) -> int:
    """Number of distinct triples or quads in serialized data."""
    store = Store()
    store.load(input=data, format=BY_KEY[how].rdf)
    return len(store)
