"""Shapes as they are written, ready to be compiled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Store

from csto.vocabulary import OWL, RDF, RDF_TYPE, RDFS, SH

DCTERMS_IDENTIFIER = NamedNode("http://purl.org/dc/terms/identifier")
MAY_LACK_FOCUS = NamedNode("https://w3id.org/csto/shape/mayLackFocus")
_NIL = NamedNode(RDF + "nil")
# What describes a shape and constrains nothing.
_NO_CONSTRAINTS = {
    SH + name
    for name in (
        *("path", "name", "description", "message", "severity", "deactivated", "order", "group"),
        *("defaultValue", "property", "flags", "ignoredProperties"),
        *("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"),
    )
}


def sh(name: str) -> NamedNode:
    return NamedNode(SH + name)


@dataclass(frozen=True)
class Target:
    """Which nodes a shape looks at: ``kind`` is the local name of the SHACL property."""

    kind: str
    node: Any


class Shapes:
    """A shapes graph, read as SHACL says."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def values(self, node: Any, prop: NamedNode) -> list[Any]:
        found = [q.object for q in self.store.quads_for_pattern(node, prop, None, None)]
        return sorted(found, key=str)

    def value(self, node: Any, prop: NamedNode) -> Any:
        return next(iter(self.values(node, prop)), None)

    def members(self, head: Any) -> list[Any]:
        """The members of an RDF list."""
        found = []
        for _ in range(10_000):
            if head is None or head == _NIL:
                break
            found.append(self.value(head, NamedNode(RDF + "first")))
            head = self.value(head, NamedNode(RDF + "rest"))
        return found

    def targeted(self) -> list[Any]:
        """Shapes that say by themselves which nodes they look at."""
        props = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
        found = {q.subject for p in props for q in self._all(sh(p))}
        for kind in (sh("NodeShape"), sh("PropertyShape")):
            for quad in self.store.quads_for_pattern(None, RDF_TYPE, kind, None):
                if self._is_class(quad.subject):
                    found.add(quad.subject)
        return sorted((s for s in found if not self.deactivated(s)), key=str)

    def _all(self, prop: NamedNode) -> Iterator[Any]:
        return self.store.quads_for_pattern(None, prop, None, None)

    def _is_class(self, node: Any) -> bool:
        return any(
            kind.value in (RDFS + "Class", OWL + "Class")
            for kind in self.values(node, RDF_TYPE)
            if isinstance(kind, NamedNode)
        )

    def targets(self, shape: Any) -> list[Target]:
        found = [
            Target(kind, node)
            for kind in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
            for node in self.values(shape, sh(kind))
        ]
        return [*found, Target("targetClass", shape)] if self._is_class(shape) else found

    def properties(self, shape: Any) -> list[Any]:
        return [p for p in self.values(shape, sh("property")) if not self.deactivated(p)]

    def deactivated(self, shape: Any) -> bool:
        value = self.value(shape, sh("deactivated"))
        return isinstance(value, Literal) and value.value in ("true", "1")

    def constraints(self, shape: Any) -> list[tuple[str, Any]]:
        """Parameters of constraints by the local name of their property, with their values."""
        found = [
            (quad.predicate.value.removeprefix(SH), quad.object)
            for quad in self.store.quads_for_pattern(shape, None, None, None)
            if quad.predicate.value.startswith(SH) and quad.predicate.value not in _NO_CONSTRAINTS
        ]
        return sorted(found, key=str)

    def path(self, node: Any) -> str:
        """A property path in the notation of SPARQL."""
        if isinstance(node, NamedNode) and node != _NIL:
            return str(node)
        if self.value(node, NamedNode(RDF + "first")) is not None:
            return "/".join(self._part(member) for member in self.members(node))
        for prop, form in (
            ("inversePath", "^{}"),
            ("zeroOrMorePath", "{}*"),
            ("oneOrMorePath", "{}+"),
            ("zeroOrOnePath", "{}?"),
        ):
            if (inner := self.value(node, sh(prop))) is not None:
                return form.format(self._part(inner))
        if (choices := self.value(node, sh("alternativePath"))) is not None:
            return "|".join(self._part(member) for member in self.members(choices))
        raise ValueError(f"a path that is none: {node}")

    def _part(self, node: Any) -> str:
        text = self.path(node)
        return text if isinstance(node, NamedNode) else f"({text})"

    def first_step(self, node: Any) -> Any:
        """The property with which a path leaves the focus node, if it is one property."""
        while node is not None and not isinstance(node, NamedNode):
            node = self.value(node, NamedNode(RDF + "first"))
        return node

    def is_complex(self, shape: Any) -> bool:
        """Whether the path of a shape is more than one property."""
        path = self.value(shape, sh("path"))
        return path is not None and not isinstance(path, NamedNode)

    def severity(self, shape: Any) -> str:
        value = self.value(shape, sh("severity"))
        name = value.value.removeprefix(SH).lower() if isinstance(value, NamedNode) else ""
        return name if name in ("warning", "info") else "violation"

    def text(self, shape: Any, prop: NamedNode) -> str:
        """A text in English if there is one, else the first."""
        found = [v for v in self.values(shape, prop) if isinstance(v, Literal)]
        found.sort(key=lambda v: (v.language != "en", bool(v.language), v.value))
        return found[0].value if found else ""

    def code(self, shape: Any) -> str:
        value = self.value(shape, DCTERMS_IDENTIFIER)
        return value.value if isinstance(value, Literal) else ""
