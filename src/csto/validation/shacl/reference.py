"""pyshacl: for shapes that are not compiled, and to test those that are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

from csto.errors import CstoError
from csto.validation.finding import Result
from csto.validation.shacl.model import Shapes, sh


def validate(
    store: Store, graphs: Sequence[NamedNode], shapes: Shapes, only: Any = None
) -> list[Result]:
    """The results of pyshacl, with rdflib's nodes turned into ours.

    Args:
        store: what is validated is in ``graphs`` of it.
        graphs: read as one.
        shapes: the shapes graph.
        only: one targeted shape, an IRI; ``None`` for all.
    """
    import pyshacl
    import rdflib
    from rdflib.namespace import RDF
    from rdflib.namespace import SH as SHACL

    data = rdflib.Graph()
    for graph in graphs:
        # Written by Oxigraph, read by rdflib; IRIs and literals pass unchanged.
        data.parse(data=store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph), format="nt")
    written = rdflib.Graph()
    text = b"".join(f"{quad.triple} .\n".encode() for quad in shapes.store)
    written.parse(data=text, format="nt")
    chosen: dict[str, Any] = {}
    if only is not None:
        chosen["use_shapes"] = [rdflib.URIRef(only.value)]
    _, found, _ = pyshacl.validate(
        data, shacl_graph=written, inference="none", advanced=True, meta_shacl=False, **chosen
    )
    if not isinstance(found, rdflib.Graph):
        raise CstoError(f"pyshacl could not validate: {found}")
    results = []
    for result in found.subjects(RDF.type, SHACL.ValidationResult):
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
