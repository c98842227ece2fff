"""Export the graph in the formats of linked data, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import CanonicalizationAlgorithm, Quad, RdfFormat, Store, Triple, serialize
from pyoxigraph import Dataset as RdfDataset

from csto.dataset import Dataset
from csto.names import ASSERTED, BASE, INFERRED, ONTOLOGY, WELL_KNOWN

FORMATS: dict[str, RdfFormat] = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
_PREFIXED = ("turtle", "trig", "rdfxml")


def export(dataset: Dataset, how: str, *, inferred: bool, day: str) -> bytes:
    """Serialize a dataset.

    Args:
        dataset: the graph.
        how: a key of :data:`FORMATS`.
        inferred: whether inferred triples and the slices of ``day`` are included.
        day: the day of the slices, ``YYYY-MM-DD``.

    The formats for several graphs keep the names of the graphs; the others hold
    the merged triples, less what is only possible on the day.
    """
    graphs = [ONTOLOGY, ASSERTED]
    merged = list(graphs)
    if inferred:
        certain, possible = dataset.cut(day)
        graphs += [INFERRED, certain, possible]
        merged += [INFERRED, certain]
    kinds = (BASE + "id/", BASE + "concept/")
    prefixes = {n: iri for n, iri in dataset.prefixes.items() if iri.startswith(kinds)}
    rdf_format = FORMATS[how]
    if rdf_format.supports_datasets:
        quads = [
            quad
            for graph in graphs
            for quad in dataset.store.quads_for_pattern(None, None, None, graph)
        ]
        return _write(_named(quads), how, prefixes)
    triples = {
        quad.triple
        for graph in merged
        for quad in dataset.store.quads_for_pattern(None, None, None, graph)
    }
    plain = _named(Quad(t.subject, t.predicate, t.object) for t in triples)
    return _write([quad.triple for quad in plain], how, prefixes)


def _named(quads: Iterable[Quad]) -> list[Quad]:
    """Sorted, with blank nodes (of OWL syntax only) named canonically (RDFC-1.0)."""
    whole = RdfDataset(quads)
    whole.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(whole, key=str)


def _write(items: list[Quad] | list[Triple], how: str, kinds: dict[str, str]) -> bytes:
    if how in ("ntriples", "nquads"):
        return "".join(sorted(f"{item} .\n" for item in items)).encode()
    prefixes = {**kinds, **WELL_KNOWN} if how in _PREFIXED else None
    return serialize(items, format=FORMATS[how], prefixes=prefixes) or b""


def count(data: bytes, how: str) -> int:
    """Number of distinct triples or quads in serialized data."""
    store = Store()
    store.load(input=data, format=FORMATS[how])
    return len(store)
