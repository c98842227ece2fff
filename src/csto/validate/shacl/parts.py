"""What a shapes graph is made of, once it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from pyoxigraph import Literal, NamedNode

from csto.validate.shacl.graph import Graph
from csto.validate.shacl.paths import Path
from csto.vocabulary import SH


def sh(name: str) -> NamedNode:
    return NamedNode(SH + name)


VIOLATION = sh("Violation")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a shapes graph.

    ``severity`` is ``violation`` where validating would be wrong or silent, else
    ``warning``. ``kind`` is ``unsupported``, ``misspelt``, ``bad`` or ``idle``.
    """

    kind: str
    what: str
    focus: Any
    path: Any = None
    value: Any = None
    severity: str = "violation"
    fix: str = "fix the shape"


@dataclass(eq=False)
class Constraint:
    """One parameter of a shape, ready to be evaluated."""

    name: str
    value: Any
    component: NamedNode
    # What the parameter is made of: members of a list, shapes, a compiled pattern …
    extra: Any = None
    # The members of a list, to look up.
    lookup: frozenset[Any] = frozenset()


@dataclass(eq=False)
class Shape:
    """One shape."""

    node: Any
    path: Path | None = None
    path_node: Any = None
    constraints: list[Constraint] = field(default_factory=list)
    severity: NamedNode = VIOLATION
    messages: list[Literal] = field(default_factory=list)
    deactivated: bool = False
    targets: list[tuple[str, Any]] = field(default_factory=list)
    # ``dcterms:identifier``, ``sh:name`` and ``sh:description``, which says how to fix it.
    code: str = ""
    name: str = ""
    fix: str = ""
    may_lack_focus: bool = False
    # Other value shapes of the same parents, for qualifiedValueShapesDisjoint.
    siblings: list[Shape] | None = None

    @property
    def level(self) -> str:
        """The severity as findings have it; one of its own counts as a violation."""
        name = self.severity.value.removeprefix(SH).lower()
        return name if name in ("warning", "info") else "violation"


class Reading(Protocol):
    """A shapes graph while it is read: its triples, and a place for its faults."""

    graph: Graph

    def fault(
        self, kind: str, what: str, focus: Any, path: Any = None, value: Any = None
    ) -> None: ...
