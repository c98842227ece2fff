"""pySHACL as a second opinion on SHACL, with results that can be compared."""

from __future__ import annotations

from typing import Any

import pyshacl
import rdflib
from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse
from rdflib.namespace import SH

from csto.validate.shacl.evaluate import validate
from csto.validate.shacl.graph import Graph
from csto.validate.shacl.shapes import ShapesGraph

# Focus node, path where it is one property, value, component, shape; "_" for what has no name.
Key = tuple[str, str, str, str, str]


def ours(data: Graph, shapes: ShapesGraph) -> set[Key]:
    def term(node: Any) -> str:
        return "_" if isinstance(node, BlankNode) else str(node or "")

    return {
        (
            term(v.focus),
            term(v.path_node) if isinstance(v.path_node, NamedNode) else "",
            term(v.value),
            term(v.component),
            term(v.shape.node),
        )
        for v in validate(data, shapes).violations
    }


def theirs(data: str | bytes, shapes: str | bytes) -> set[Key]:
    """The results of pySHACL on two texts in Turtle."""
    _, report, text = pyshacl.validate(
        rdflib.Graph().parse(data=data),
        shacl_graph=rdflib.Graph().parse(data=shapes),
        inference="none",
        advanced=True,
        meta_shacl=False,
    )
    assert isinstance(report, rdflib.Graph), text

    def term(result: Any, prop: Any) -> str:
        node = report.value(result, prop)
        return "_" if isinstance(node, rdflib.BNode) else _as_ours(node)

    found = set()
    for result in report.objects(None, SH.result):
        path = term(result, SH.resultPath)
        props = (SH.value, SH.sourceConstraintComponent, SH.sourceShape)
        value, component, shape = (term(result, prop) for prop in props)
        focus = term(result, SH.focusNode)
        found.add((focus, "" if path == "_" else path, value, component, shape))
    return found


def _as_ours(node: Any) -> str:
    """A term of rdflib as pyoxigraph writes it."""
    if node is None:
        return ""
    text = f"<urn:s> <urn:p> {node.n3()} ."
    return str(next(iter(parse(text, format=RdfFormat.TURTLE))).object)
