"""Property paths of SHACL: read from a shapes graph, followed in a data graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from csto.validate.shacl.graph import FIRST, NIL, Graph
from csto.vocabulary import SH, shorten

_UNARY = {"inversePath": "^", "zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
_UNARIES = {NamedNode(SH + name): sign for name, sign in _UNARY.items()}
_ALTERNATIVE = NamedNode(SH + "alternativePath")


class BadPathError(Exception):
    """A path that is none; the message says why."""


@dataclass(frozen=True, slots=True)
class Path:
    """A property (``kind`` empty), or paths joined by ``/ |`` or marked by ``^ * + ?``."""

    kind: str
    prop: Any = None
    parts: tuple[Path, ...] = ()

    def sparql(self) -> str:
        if not self.kind:
            return str(self.prop)
        inner = [p.sparql() if not p.kind else f"({p.sparql()})" for p in self.parts]
        if self.kind == "^":
            return "^" + inner[0]
        return self.kind.join(inner) if self.kind in "/|" else inner[0] + self.kind

    def words(self) -> str:
        """As people write it, with short names."""
        if not self.kind:
            return shorten(self.prop.value)
        inner = [p.words() if not p.kind else f"({p.words()})" for p in self.parts]
        if self.kind == "^":
            return "^" + inner[0]
        return self.kind.join(inner) if self.kind in "/|" else inner[0] + self.kind

    def first_step(self) -> Any:
        """The property with which it leaves a node, if there is one."""
        if not self.kind:
            return self.prop
        return self.parts[0].first_step() if self.kind == "/" else None

    def follow(self, graph: Graph, node: Any) -> list[Any]:
        """What is reached from a node, each once."""
        if not self.kind:
            return graph.values(node, self.prop)
        found = self._reach(graph, [node])
        return found if len(found) < 2 else list(dict.fromkeys(found))

    def _reach(self, graph: Graph, nodes: Iterable[Any]) -> list[Any]:
        kind = self.kind
        if not kind:
            return [value for node in nodes for value in graph.values(node, self.prop)]
        if kind == "^":
            inner = self.parts[0]
            if not inner.kind:
                return [s for node in nodes for s in graph.inverse(node, inner.prop)]
            return inner._backwards(graph, nodes)
        if kind == "/":
            found = list(nodes)
            for part in self.parts:
                if len(found) == 1 and not part.kind:
                    found = graph.values(found[0], part.prop)
                else:
                    found = list(dict.fromkeys(part._reach(graph, found)))
            return found
        if kind == "|":
            nodes = list(nodes)
            return [value for part in self.parts for value in part._reach(graph, nodes)]
        nodes = list(nodes)
        if kind == "?":
            return [*nodes, *self.parts[0]._reach(graph, nodes)]
        return _closure(self.parts[0], graph, nodes, kind == "*", back=False)

    def _backwards(self, graph: Graph, nodes: Iterable[Any]) -> list[Any]:
        """From what a path would reach to where it began."""
        kind = self.kind
        if not kind:
            return [s for node in nodes for s in graph.inverse(node, self.prop)]
        if kind == "^":
            return self.parts[0]._reach(graph, nodes)
        if kind == "/":
            found: Iterable[Any] = nodes
            for part in reversed(self.parts):
                found = dict.fromkeys(part._backwards(graph, found))
            return list(found)
        nodes = list(nodes)
        if kind == "|":
            return [value for part in self.parts for value in part._backwards(graph, nodes)]
        if kind == "?":
            return [*nodes, *self.parts[0]._backwards(graph, nodes)]
        return _closure(self.parts[0], graph, nodes, kind == "*", back=True)


def _closure(step: Path, graph: Graph, nodes: list[Any], zero: bool, back: bool) -> list[Any]:
    go = step._backwards if back else step._reach
    found = dict.fromkeys(nodes) if zero else {}
    waiting = nodes
    while waiting:
        reached = [n for n in dict.fromkeys(go(graph, waiting)) if n not in found]
        found.update(dict.fromkeys(reached))
        waiting = reached
    return list(found)


def read_path(shapes: Graph, node: Any, depth: int = 0) -> Path:
    """The path that a node of a shapes graph stands for.

    Raises:
        BadPathError: if it is none.
    """
    if depth > 50:
        raise BadPathError("the path goes in a circle")
    if isinstance(node, NamedNode):
        if node == NIL:
            raise BadPathError("a path of no step")
        return Path("", node)
    if not shapes.by_subject.get(node):
        raise BadPathError(f"{node} is no path")
    if shapes.values(node, FIRST):
        return Path("/", parts=_parts(shapes, node, depth, "sequence"))
    found = []
    for prop, sign in _UNARIES.items():
        found += [(sign, inner) for inner in shapes.values(node, prop)]
    choices = shapes.values(node, _ALTERNATIVE)
    if len(found) + len(choices) != 1:
        raise BadPathError(
            "a path is a property, a list, or a blank node with one of sh:alternativePath, "
            "sh:inversePath, sh:zeroOrMorePath, sh:oneOrMorePath, sh:zeroOrOnePath"
        )
    if choices:
        return Path("|", parts=_parts(shapes, choices[0], depth, "choice"))
    sign, inner = found[0]
    return Path(sign, parts=(read_path(shapes, inner, depth + 1),))


def _parts(shapes: Graph, head: Any, depth: int, what: str) -> tuple[Path, ...]:
    members = shapes.members(head)
    if members is None:
        raise BadPathError(f"the {what} of paths is no list")
    if len(members) < 2:
        raise BadPathError(f"a {what} of paths has at least two members")
    return tuple(read_path(shapes, member, depth + 1) for member in members)
