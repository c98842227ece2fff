"""Run shapes over the graphs of a store and say which nodes break them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Quad, Store

from csto.sparql.text import answer
from csto.validate.finding import Detail, Result
from csto.validate.shacl.compile import (
    FOCUS_OF,
    GRAPH_OF_FOCUS,
    INSTANCE_OF,
    NESTED,
    Compiler,
    Constraint,
    NotCoveredError,
    component,
)
from csto.validate.shacl.evaluate import Evaluation, Violation
from csto.validate.shacl.evaluate import in_words as in_own_words
from csto.validate.shacl.graph import Graph
from csto.validate.shacl.model import MAY_LACK_FOCUS, Shapes, Target, sh
from csto.validate.shacl.shapes import ShapesGraph
from csto.vocabulary import BASE, RDF_TYPE, RDFS, SH, shorten

_SUBCLASS = NamedNode(RDFS + "subClassOf")


@dataclass
class Outcome:
    """What shapes found, how long each took, and which had nothing to look at."""

    results: list[Result] = field(default_factory=list)
    shapes: int = 0
    idle: list[Any] = field(default_factory=list)
    focus_nodes: int = 0
    # Shapes that are not compiled and were checked node by node, with the reason.
    handed_over: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)


class Runner:
    """Evaluates one shapes graph over some graphs of a store.

    The store gets a graph of focus nodes while it runs; nothing else is written.
    """

    def __init__(
        self,
        store: Store,
        graphs: Sequence[NamedNode],
        shapes: Shapes,
        written: Callable[[], Iterable[Any]] | None = None,
        spares: Callable[[str], bool] = lambda _: False,
        found: Callable[[str, int], None] = lambda _, __: None,
    ) -> None:
        """``written`` gives the same quads with terms as the files have them.

        ``spares`` says of the text of a query that it would find nothing; ``found`` is
        told how many rows one had.
        """
        self.spares, self.found = spares, found
        self.store = store
        self.written = written
        self.graphs = list(graphs)
        self.shapes = shapes
        self.compiler = Compiler(shapes)
        self._instances: set[Any] = set()
        # All focus nodes.
        self.looked_at: set[Any] = set()
        self._asked = 0

    def run(self) -> Outcome:
        outcome = Outcome()
        for shape in self.shapes.targeted():
            began = perf_counter()
            targets = self.shapes.targets(shape)
            focus = list(dict.fromkeys(n for t in targets for n in self._nodes(t)))
            self.looked_at.update(focus)
            outcome.shapes += max(1, len(self.shapes.properties(shape)))
            outcome.focus_nodes += len(focus)
            if not focus:
                outcome.idle.append(shape)
            else:
                self._shape(shape, focus, outcome)
            name = shorten(getattr(shape, "value", str(shape))).removeprefix(BASE)
            outcome.timings[name] = perf_counter() - began
        return outcome

    def _shape(self, shape: Any, focus: list[Any], outcome: Outcome) -> None:
        try:
            marker, nodes = self._marker(focus)
            compiled = [
                (part, constraint)
                for part in (shape, *self.shapes.properties(shape))
                for constraint in self._compiled(part, nodes)
            ]
        except NotCoveredError as reason:
            outcome.handed_over[getattr(shape, "value", str(shape))] = str(reason)
            outcome.results += self._node_by_node(shape, focus)
            return
        looked_at = " ".join(f"{t.kind} {t.node} ;" for t in self.shapes.targets(shape))
        wanted = [(part, c) for part, c in compiled if not self.spares(f"{looked_at} {c.query}")]
        if wanted:
            self._mark(focus, marker)
        for part, constraint in wanted:
            rows = list(self._rows(constraint))
            self.found(f"{looked_at} {constraint.query}", len(rows))
            outcome.results += (self._result(part, shape, constraint, row) for row in rows)

    @cached_property
    def _in_memory(self) -> Evaluation:
        """The processor that goes node by node, on the terms of the files where they are given."""
        data = Graph(self.written() if self.written is not None else self._quads(None, None, None))
        shapes = ShapesGraph(Graph(self.shapes.store))
        shapes.examine()
        return Evaluation(data, shapes)

    def _node_by_node(self, shape: Any, focus: Iterable[Any]) -> Iterator[Result]:
        run = self._in_memory
        read = run.shapes.shape(shape)
        for node in focus:
            for violation in run.check(read, node):
                part, path = violation.shape.node, violation.path_node
                step = violation.shape.path.first_step() if violation.shape.path else None
                yield Result(
                    self._code(part, shape),
                    self.shapes.severity(part),
                    violation.focus,
                    path if isinstance(path, NamedNode) else step,
                    violation.value,
                    in_own_words(violation),
                    self.shapes.text(part, sh("description")),
                    getattr(part, "value", str(part)),
                    violation.component.value,
                    tuple(_detail(detail) for detail in violation.details),
                    partly=not isinstance(path, NamedNode) and step is not None,
                )

    def _code(self, part: Any, shape: Any) -> str:
        """The code that a shape gives its findings; without one, its own short name."""
        code = self.shapes.code(part) or self.shapes.code(shape)
        named = part if isinstance(part, NamedNode) else shape
        return code or (shorten(named.value) if isinstance(named, NamedNode) else "shape")

    def _compiled(self, part: Any, nodes: str) -> list[Constraint]:
        has_path = self.shapes.value(part, sh("path")) is not None
        if has_path and self.shapes.properties(part):
            raise NotCoveredError("sh:property in a property shape")
        return self.compiler.constraints(part, nodes)

    def _marker(self, focus: Iterable[Any]) -> tuple[NamedNode, str]:
        """A name for a set of focus nodes, and the pattern that binds them."""
        self._asked += 1
        if any(not isinstance(node, (NamedNode, BlankNode)) for node in focus):
            raise NotCoveredError("a literal as focus node")
        marker = NamedNode(f"{BASE}shape/focus-{self._asked}")
        return marker, f"GRAPH {GRAPH_OF_FOCUS} {{ ?this {FOCUS_OF} {marker} }}"

    def _mark(self, focus: Iterable[Any], marker: NamedNode) -> None:
        self.store.extend(Quad(n, FOCUS_OF, marker, GRAPH_OF_FOCUS) for n in focus)

    def _rows(self, constraint: Constraint) -> Iterator[dict[str, Any]]:
        for cls in self.compiler.classes - self._instances:
            self._instances.add(cls)
            members = self._nodes(Target("targetClass", cls))
            self.store.extend(Quad(n, INSTANCE_OF, cls, GRAPH_OF_FOCUS) for n in members)
        rows: Any = answer(
            self.store, constraint.query, self.graphs, named=[GRAPH_OF_FOCUS, *self.graphs]
        )
        names = [v.value for v in rows.variables]
        for row in rows:
            yield {name: row[name] for name in names if row[name] is not None}

    def _nodes(self, target: Target) -> Iterator[Any]:
        if target.kind == "targetNode":
            yield target.node
        elif target.kind == "targetClass":
            for cls in self._below(target.node):
                for quad in self._quads(None, RDF_TYPE, cls):
                    if isinstance(quad.subject, (NamedNode, BlankNode)):
                        yield quad.subject
        else:
            for quad in self._quads(None, target.node, None):
                yield quad.subject if target.kind == "targetSubjectsOf" else quad.object

    def _below(self, cls: Any) -> list[Any]:
        """A class and the classes below it."""
        found = [cls]
        for one in found:
            found += [
                q.subject for q in self._quads(None, _SUBCLASS, one) if q.subject not in found
            ]
        return list(dict.fromkeys(found))

    def _quads(self, subject: Any, predicate: Any, thing: Any) -> Iterator[Quad]:
        for graph in self.graphs:
            yield from self.store.quads_for_pattern(subject, predicate, thing, graph)

    def _result(self, part: Any, shape: Any, constraint: Constraint, row: dict[str, Any]) -> Result:
        code = self._code(part, shape)
        path = row.get("path", self.shapes.first_step(self.shapes.value(part, sh("path"))))
        what = self.shapes.text(part, sh("message")) or in_words(constraint)
        if "tag" in row:
            what += f' (several in "{row["tag"].value}")'
        return Result(
            code,
            self.shapes.severity(part),
            row["this"],
            path,
            row.get("value"),
            what,
            self.shapes.text(part, sh("description")),
            getattr(part, "value", str(part)),
            constraint.component,
            partly="path" not in row and self.shapes.is_complex(part),
            details=self._details(constraint, row.get("value", row["this"])),
        )

    # --- why a nested shape is not met ----------------------------------------

    def _details(self, constraint: Constraint, node: Any) -> tuple[Detail, ...]:
        for name in ("or", "and", "xone"):
            if constraint.component == component(name):
                members = self.shapes.members(constraint.parameter)
                return tuple(self._why(member, node, n) for n, member in enumerate(members, 1))
        if constraint.component == component("node"):
            return self._why(constraint.parameter, node, 0).because
        return ()

    def _why(self, shape: Any, node: Any, number: int) -> Detail:
        unnamed = isinstance(node, BlankNode)
        nodes = f"VALUES ?this {{ {node} }}"
        if unnamed:
            marker, nodes = self._marker([node])
            self._mark([node], marker)
        broken = []
        for part in (shape, *self.shapes.properties(shape)):
            for constraint in self._compiled(part, nodes):
                for row in self._rows(constraint):
                    what = self.shapes.text(part, sh("message")) or in_words(constraint)
                    if (path := self.shapes.value(part, sh("path"))) is not None:
                        what = f"{_short(self.shapes.first_step(path))}: {what}"
                    value = row.get("value", row["this"])
                    broken.append(Detail(what, self._details(constraint, value)))
        name = self.shapes.text(shape, sh("name")) or (f"alternative {number}" if number else "")
        return Detail(f"{name}: {'not met' if broken else 'met'}", tuple(broken))


def _detail(violation: Violation) -> Detail:
    return Detail(in_own_words(violation), tuple(_detail(d) for d in violation.details))


def in_words(constraint: Constraint) -> str:
    """A constraint without a message, as people read it."""
    name = constraint.component.removeprefix(SH).removesuffix("ConstraintComponent")
    name = name[0].lower() + name[1:]
    return f"sh:{name}" if name in NESTED else f"sh:{name} {_short(constraint.parameter)}"


def _short(node: Any) -> str:
    return shorten(node.value) if hasattr(node, "value") else str(node)


def needs_focus(shapes: Shapes, shape: Any) -> bool:
    """Whether a shape that finds nothing to look at is a fault: unless it says otherwise."""
    value = shapes.value(shape, MAY_LACK_FOCUS)
    return value is None or value.value not in ("true", "1")
