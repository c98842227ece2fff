"""Validation of any graph against any shapes: SHACL Core and SHACL-SPARQL.

In memory, on terms as they are written. A constraint is evaluated over all nodes that its
shape looks at, not node by node; the results carry all that the standard report wants: paths
of any form, own severities, messages and details.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Any

from pyoxigraph import Store

from csto.errors import InputError
from csto.fmt.tree import deep
from csto.validate.shacl import queries
from csto.validate.shacl.constraints import EVALUATORS, Pairs, Violation
from csto.validate.shacl.graph import Graph, uncollected
from csto.validate.shacl.parts import Shape
from csto.validate.shacl.shapes import ShapesGraph
from csto.vocabulary import shorten

# Parameters whose values are shapes, or lists of shapes.
_INNER = ("node", "property", "not", "qualifiedValueShape")
_INNER_LISTS = ("and", "or", "xone")


@dataclass
class Outcome:
    """What a validation found, and how much it looked at."""

    violations: list[Violation] = field(default_factory=list)
    # Shapes with a target, and those of their properties.
    shapes: int = 0
    focus: set[Any] = field(default_factory=set)
    idle: list[Shape] = field(default_factory=list)
    # Seconds by shape.
    timings: dict[str, float] = field(default_factory=dict)


def validate(data: Graph, shapes: ShapesGraph) -> Outcome:
    """Validate a graph against shapes.

    Whether faults of the shapes make the results worthless is for the caller to say.

    Raises:
        InputError: if shapes refer to each other too deeply to be followed.
    """
    outcome = Outcome()
    run = Evaluation(data, shapes)
    try:
        with deep(), uncollected():
            for shape in shapes.targeted():
                began = perf_counter()
                focus = run.focus(shape)
                outcome.shapes += max(1, len(shapes.properties(shape)))
                outcome.focus.update(focus)
                if not focus:
                    outcome.idle.append(shape)
                for violation in run.check(shape, focus):
                    violation.target = shape
                    outcome.violations.append(violation)
                name = shorten(getattr(shape.node, "value", str(shape.node)))
                outcome.timings[name] = perf_counter() - began
    except RecursionError:
        raise InputError("the shapes lead too deep: they refer to each other in the data") from None
    return outcome


class Evaluation:
    """A shapes graph over a data graph."""

    def __init__(self, data: Graph, shapes: ShapesGraph) -> None:
        self.data = data
        self.shapes = shapes
        # Which nodes conform to a shape; ``None`` while that is being found out.
        self._known: dict[int, dict[Any, bool | None]] = {}
        self._single: dict[int, bool] = {}

    def focus(self, shape: Shape) -> list[Any]:
        found: dict[Any, None] = {}
        for kind, value in shape.targets:
            if kind == "targetNode":
                found[value] = None
            elif kind == "targetClass":
                found.update(self.data.instances(value))
            elif kind == "targetSubjectsOf":
                found.update(dict.fromkeys(self.data.subjects_of(value)))
            else:
                found.update(dict.fromkeys(self.data.objects_of(value)))
        return list(found)

    def check(self, shape: Shape, nodes: list[Any]) -> list[Violation]:
        """The results of a shape for some nodes."""
        if shape.deactivated or not nodes:
            return []
        if len(nodes) > 1 and self.single(shape):
            return [found for node in nodes for found in self.check(shape, [node])]
        pairs = self._reached(shape, nodes)
        found: list[Violation] = []
        for constraint in shape.constraints:
            found += EVALUATORS[constraint.name](self, shape, constraint, pairs)
        return found

    def _reached(self, shape: Shape, nodes: list[Any]) -> Pairs:
        path = shape.path
        if path is None:
            return Pairs(nodes, [[node] for node in nodes], itself=True)
        if not path.kind:
            return Pairs(nodes, self.data.column(path.prop, nodes))
        if path.kind == "/" and not any(part.kind for part in path.parts):
            first, *steps = path.parts
            reached = self.data.column(first.prop, nodes)
            for step in steps:
                reached = self.data.further(step.prop, reached)
            return Pairs(nodes, reached)
        return Pairs(nodes, [path.follow(self.data, node) for node in nodes])

    def broken(self, shape: Shape, nodes: Iterable[Any]) -> set[Any]:
        """Those of some nodes that do not conform to a shape."""
        known = self._known.setdefault(id(shape), {})
        asked = dict.fromkeys(nodes)
        new = [node for node in asked if node not in known]
        if self.single(shape):
            for node in new:
                # A shape that asks about itself on the same node adds nothing.
                known[node] = None
                known[node] = not self.check(shape, [node])
        elif new:
            known.update(dict.fromkeys(new, True))
            known.update((violation.focus, False) for violation in self.check(shape, new))
        return {node for node in asked if known[node] is False}

    def inner(self, shape: Shape, pairs: Pairs) -> Iterator[Violation]:
        """The results of the shape of a property, as often as each node is reached."""
        known = self._known.setdefault(id(shape), {})
        if self.single(shape):
            for node in pairs.values():
                if known.get(node, True) is None:
                    continue
                known.setdefault(node, None)
                found = self.check(shape, [node])
                known[node] = not found
                yield from found
            return
        if pairs.itself:
            yield from self.check(shape, pairs.nodes)
            return
        found = self.check(shape, list(pairs.counted))
        if not found or all(pairs.counted[violation.focus] == 1 for violation in found):
            yield from found
            return
        by_node: dict[Any, list[Violation]] = {}
        for violation in found:
            by_node.setdefault(violation.focus, []).append(violation)
        for node in pairs.values():
            yield from by_node.get(node, ())

    def single(self, shape: Shape) -> bool:
        """Whether a shape must be asked of one node at a time.

        So it is where it leads back to itself, and where its results are about other nodes
        than those that it is asked of (a property of a property).
        """
        if id(shape) not in self._single:
            reached: dict[int, Shape] = {}
            waiting = [*self._shapes_in(shape)]
            while waiting:
                one = waiting.pop()
                if id(one) not in reached:
                    reached[id(one)] = one
                    waiting += self._shapes_in(one)
            self._single[id(shape)] = id(shape) in reached or self._is_deep(shape)
        return self._single[id(shape)]

    def _is_deep(self, shape: Shape, outer: tuple[int, ...] = ()) -> bool:
        properties = self.shapes.properties(shape)
        if id(shape) in outer or (shape.path is not None and properties):
            return True
        return any(self._is_deep(one, (*outer, id(shape))) for one in properties)

    def _shapes_in(self, shape: Shape) -> Iterator[Shape]:
        for constraint in shape.constraints:
            if constraint.name in _INNER:
                yield self.shape(constraint.value)
                if constraint.name == "qualifiedValueShape":
                    yield from self.shapes.siblings(shape)
            elif constraint.name in _INNER_LISTS:
                yield from map(self.shape, constraint.extra)

    def shape(self, node: Any) -> Shape:
        return self.shapes.shape(node)

    @cached_property
    def store(self) -> Store:
        """What constraints in SPARQL are asked of."""
        return queries.store_of(self.data, self.shapes.graph)
