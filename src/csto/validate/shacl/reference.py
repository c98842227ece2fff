"""pyshacl: for shapes that are not compiled, and to test those that are."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

from csto.errors import CstoError
from csto.validate.finding import Result
from csto.validate.shacl.model import Shapes, sh
from csto.vocabulary import SH


def validate(
    store: Store,
    graphs: Sequence[NamedNode],
    shapes: Shapes,
    only: Any = None,
    spent: list[float] | None = None,
) -> list[Result]:
    """The results of pyshacl, with rdflib's nodes turned into ours.

    Args:
        store: what is validated is in ``graphs`` of it.
        graphs: read as one.
        shapes: the shapes graph.
        only: one targeted shape, an IRI; ``None`` for all.
        spent: gets the seconds that pyshacl took, without the copying of graphs.
    """
    import pyshacl
    import rdflib
    from rdflib.namespace import SH as SHACL

    data = rdflib.Graph()
    for graph in graphs:
        # Written by Oxigraph, read by rdflib; IRIs and literals pass unchanged.
        data.parse(data=store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph), format="nt")
    written = rdflib.Graph()
    kept = (quad.triple for quad in shapes.store if only is None or not _targets(quad, only))
    written.parse(data=b"".join(f"{triple} .\n".encode() for triple in kept), format="nt")
    began = perf_counter()
    _, found, _ = pyshacl.validate(
        data, shacl_graph=written, inference="none", advanced=True, meta_shacl=False
    )
    if spent is not None:
        spent.append(perf_counter() - began)
    if not isinstance(found, rdflib.Graph):
        raise CstoError(f"pyshacl could not validate: {found}")
    results = []
    # Those under sh:detail are not results of the report.
    for result in found.objects(None, SHACL.result):
        source = found.value(result, SHACL.sourceShape)
        shape = _ours(source)
        severity = str(found.value(result, SHACL.resultSeverity)).rpartition("#")[2].lower()
        path: Any = shapes.first_step(shapes.value(shape, sh("path")))
        if path is None and isinstance(
            named := found.value(result, SHACL.resultPath), rdflib.URIRef
        ):
            path = _ours(named)
        value = found.value(result, SHACL.value)
        results.append(
            Result(
                shapes.code(shape) or (shapes.code(only) if only is not None else ""),
                severity,
                _ours(found.value(result, SHACL.focusNode)),
                path,
                None if value is None else _ours(value),
                str(found.value(result, SHACL.resultMessage)),
                shapes.text(shape, sh("description")),
                str(source),
                str(found.value(result, SHACL.sourceConstraintComponent)),
            )
        )
    return results


def _ours(node: Any) -> Any:
    import rdflib

    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.Literal):
        if node.language:
            return Literal(str(node), language=node.language)
        if node.datatype:
            return Literal(str(node), datatype=NamedNode(str(node.datatype)))
        return Literal(str(node))
    return BlankNode(str(node))


def _targets(quad: Any, only: Any) -> bool:
    """Whether a triple gives a target to another shape than this one."""
    return bool(quad.subject != only and quad.predicate.value.startswith(f"{SH}target"))
