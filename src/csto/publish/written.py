"""Literals as the files write them, where the store has another form of the same value.

A store makes ``"1.5"`` of the decimal ``"1.50"`` and an integer of every kind of integer.
Whoever reads an export wants what the source says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, parse

from csto.load.files import source_of
from csto.load.formats import BY_ENDING
from csto.load.workspace import Workspace
from csto.vocabulary import XSD

_ANY = NamedNode("urn:x-csto:any")
_KEPT = {XSD + "string", XSD + "anyURI"}

Written = dict[tuple[Any, Any, Any], list[Literal]]


def written_literals(workspace: Workspace) -> Written:
    """What the store has, by statement, and the forms that the files of a workspace have."""
    found: Written = {}
    for path in [*workspace.ontology_files(), *workspace.graph_files()]:
        for quad in parse(**source_of(path), format=BY_ENDING[path.suffix].rdf):
            literal = quad.object
            if not isinstance(literal, Literal) or not isinstance(quad.subject, NamedNode):
                continue
            datatype = literal.datatype.value
            if not datatype.startswith(XSD) or datatype in _KEPT:
                continue
            stored = _stored(literal)
            forms = found.setdefault((quad.subject, quad.predicate, stored), [])
            if literal not in forms:
                forms.append(literal)
    return {key: forms for key, forms in found.items() if forms != [key[2]]}


@lru_cache(maxsize=8192)
def _stored(literal: Literal) -> Any:
    store = Store()
    store.add(Quad(_ANY, _ANY, literal, DefaultGraph()))
    return next(iter(store)).object


def rewritten(quads: Iterable[Quad], written: Written) -> Iterator[Quad]:
    """Quads with the literals of the files."""
    for quad in quads:
        forms = written.get((quad.subject, quad.predicate, quad.object))
        if forms is None:
            yield quad
        else:
            for form in forms:
                yield Quad(quad.subject, quad.predicate, form, quad.graph_name)
