"""Validation of any graph against any shapes: SHACL Core and SHACL-SPARQL.

Node by node, in memory, on terms as they are written. The results carry all that the
standard report wants: paths of any form, own severities, messages and details.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from csto.errors import InputError
from csto.fmt.tree import deep
from csto.validate.literals import fault as ill_typed
from csto.validate.shacl import queries
from csto.validate.shacl.graph import Graph, is_true
from csto.validate.shacl.order import compare
from csto.validate.shacl.parts import Constraint, Fault, Shape, sh
from csto.validate.shacl.shapes import ShapesGraph
from csto.vocabulary import RDF, SH, shorten

_LANG_STRING = RDF + "langString"


@dataclass(eq=False)
class Violation:
    """One result of the standard report."""

    focus: Any
    shape: Shape
    component: NamedNode
    value: Any = None
    path_node: Any = None
    constraint: Constraint | None = None
    # ``sh:sourceConstraint``, for constraints in SPARQL.
    source: Any = None
    messages: list[Literal] = field(default_factory=list)
    details: list[Violation] = field(default_factory=list)

    @property
    def severity(self) -> NamedNode:
        return self.shape.severity


@dataclass
class Outcome:
    """What a validation found, and how much it looked at."""

    violations: list[Violation] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    shapes: int = 0
    focus_nodes: int = 0
    idle: list[Shape] = field(default_factory=list)


def validate(data: Graph, shapes: Graph) -> Outcome:
    """Validate a graph against a shapes graph.

    Faults of the shapes are told with the results; whether they make them worthless is
    for the caller to say.

    Raises:
        InputError: if shapes refer to each other too deeply to be followed.
    """
    read = ShapesGraph(shapes)
    outcome = Outcome()
    read.examine()
    run = Evaluation(data, read)
    try:
        with deep():
            for shape in read.targeted():
                outcome.shapes += 1
                if shape.deactivated:
                    continue
                focus = run.focus(shape)
                outcome.focus_nodes += len(focus)
                if not focus:
                    outcome.idle.append(shape)
                for node in focus:
                    outcome.violations += run.check(shape, node)
    except RecursionError:
        raise InputError("the shapes lead too deep: they refer to each other in the data") from None
    outcome.faults = read.faults
    return outcome


class Evaluation:
    """A shapes graph over a data graph, node by node."""

    def __init__(self, data: Graph, shapes: ShapesGraph) -> None:
        self.data = data
        self.shapes = shapes
        # Whether a node conforms to a shape; ``None`` while that is being found out.
        self._known: dict[tuple[Any, int], bool | None] = {}

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

    def check(self, shape: Shape, focus: Any) -> list[Violation]:
        """The results of a shape for a node."""
        if shape.deactivated:
            return []
        values = [focus] if shape.path is None else shape.path.follow(self.data, focus)
        found: list[Violation] = []
        for constraint in shape.constraints:
            found += _EVALUATORS[constraint.name](self, shape, constraint, focus, values)
        return found

    def conforms(self, shape: Shape, node: Any) -> bool:
        key = (node, id(shape))
        if key in self._known:
            # A shape that asks about itself on the same node adds nothing.
            return self._known[key] is not False
        self._known[key] = None
        result = not self.check(shape, node)
        self._known[key] = result
        return result

    def shape(self, node: Any) -> Shape:
        return self.shapes.shape(node)

    @cached_property
    def store(self) -> Store:
        return queries.store_of(self.data, self.shapes.graph)


def _result(
    shape: Shape,
    constraint: Constraint,
    focus: Any,
    value: Any = None,
    details: list[Violation] | None = None,
    component: NamedNode | None = None,
) -> Violation:
    return Violation(
        focus,
        shape,
        component or constraint.component,
        value,
        shape.path_node,
        constraint,
        messages=shape.messages,
        details=details or [],
    )


_Values = list[Any]
_Evaluator = Callable[[Evaluation, Shape, Constraint, Any, _Values], list[Violation]]


def _each(test: Callable[[Evaluation, Constraint, Any], bool]) -> _Evaluator:
    """A constraint on each value by itself."""

    def evaluate(
        run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
    ) -> list[Violation]:
        return [
            _result(shape, constraint, focus, value)
            for value in values
            if not test(run, constraint, value)
        ]

    return evaluate


def _class(run: Evaluation, constraint: Constraint, value: Any) -> bool:
    return value in run.data.instances(constraint.value)


def _datatype(run: Evaluation, constraint: Constraint, value: Any) -> bool:
    if not isinstance(value, Literal) or value.datatype != constraint.value:
        return False
    if value.language:
        return True
    return value.datatype.value != _LANG_STRING and not ill_typed(value.value, value.datatype.value)


_KINDS: dict[str, tuple[type, ...]] = {
    "IRI": (NamedNode,),
    "Literal": (Literal,),
    "BlankNode": (BlankNode,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "BlankNodeOrLiteral": (BlankNode, Literal),
    "IRIOrLiteral": (NamedNode, Literal),
}


def _node_kind(run: Evaluation, constraint: Constraint, value: Any) -> bool:
    return isinstance(value, _KINDS[constraint.value.value[len(SH) :]])


def _pattern(run: Evaluation, constraint: Constraint, value: Any) -> bool:
    return isinstance(value, (NamedNode, Literal)) and constraint.extra(value.value)


def _min_length(run: Evaluation, constraint: Constraint, value: Any) -> bool:
    return isinstance(value, (NamedNode, Literal)) and len(value.value) >= constraint.extra


def _max_length(run: Evaluation, constraint: Constraint, value: Any) -> bool:
    return isinstance(value, (NamedNode, Literal)) and len(value.value) <= constraint.extra


def _in(run: Evaluation, constraint: Constraint, value: Any) -> bool:
    return value in constraint.lookup


def _language_in(run: Evaluation, constraint: Constraint, value: Any) -> bool:
    tag = value.language if isinstance(value, Literal) else None
    if not tag:
        return False
    tag = tag.lower()
    ranges = [r.value.lower() for r in constraint.extra if isinstance(r, Literal)]
    return any(r == "*" or tag == r or tag.startswith(r + "-") for r in ranges)


def _limit(*allowed: int) -> Callable[[Evaluation, Constraint, Any], bool]:
    def test(run: Evaluation, constraint: Constraint, value: Any) -> bool:
        return compare(value, constraint.value) in allowed

    return test


def _min_count(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    return [_result(shape, constraint, focus)] if len(values) < constraint.extra else []


def _max_count(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    return [_result(shape, constraint, focus)] if len(values) > constraint.extra else []


def _has_value(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    return [] if constraint.value in values else [_result(shape, constraint, focus)]


def _unique_lang(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    tags = Counter(v.language.lower() for v in values if isinstance(v, Literal) and v.language)
    found = []
    for tag, count in tags.items():
        if count > 1:
            same = [
                v for v in values if isinstance(v, Literal) and (v.language or "").lower() == tag
            ]
            violation = _result(shape, constraint, focus)
            if not violation.messages:
                listed = ", ".join(f'"{v.value}"' for v in same)
                violation.messages = [Literal(f"several values in the language {tag}: {listed}")]
            found.append(violation)
    return found


def _equals(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    others = run.data.values(focus, constraint.value)
    return [
        *(_result(shape, constraint, focus, v) for v in values if v not in others),
        *(_result(shape, constraint, focus, v) for v in others if v not in values),
    ]


def _disjoint(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    others = run.data.values(focus, constraint.value)
    return [_result(shape, constraint, focus, v) for v in values if v in others]


def _less(*allowed: int) -> _Evaluator:
    def evaluate(
        run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
    ) -> list[Violation]:
        others = run.data.values(focus, constraint.value)
        return [
            _result(shape, constraint, focus, value)
            for value in values
            for other in others
            if compare(value, other) not in allowed
        ]

    return evaluate


def _closed(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    found = []
    for node in values:
        for prop, said in run.data.by_subject.get(node, {}).items():
            if prop in constraint.extra:
                continue
            for value in said:
                violation = _result(shape, constraint, focus, value)
                violation.path_node = prop
                found.append(violation)
    return found


def _node(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    inner = run.shape(constraint.value)
    return [
        _result(shape, constraint, focus, value, run.check(inner, value))
        for value in values
        if not run.conforms(inner, value)
    ]


def _property(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    inner = run.shape(constraint.value)
    found: list[Violation] = []
    for value in values:
        key = (value, id(inner))
        if run._known.get(key, True) is None:
            continue
        known = key in run._known
        if not known:
            run._known[key] = None
        said = run.check(inner, value)
        run._known[key] = not said
        found += said
    return found


def _not(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    inner = run.shape(constraint.value)
    return [_result(shape, constraint, focus, v) for v in values if run.conforms(inner, v)]


def _and(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    inner = [run.shape(member) for member in constraint.extra]
    return [
        _result(shape, constraint, focus, v, _why(run, inner, v))
        for v in values
        if not all(run.conforms(one, v) for one in inner)
    ]


def _or(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    inner = [run.shape(member) for member in constraint.extra]
    return [
        _result(shape, constraint, focus, v, _why(run, inner, v))
        for v in values
        if not any(run.conforms(one, v) for one in inner)
    ]


def _xone(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    inner = [run.shape(member) for member in constraint.extra]
    return [
        _result(shape, constraint, focus, v, _why(run, inner, v))
        for v in values
        if sum(run.conforms(one, v) for one in inner) != 1
    ]


def _why(run: Evaluation, inner: list[Shape], value: Any) -> list[Violation]:
    return [violation for shape in inner for violation in run.check(shape, value)]


def _qualified(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    inner = run.shape(constraint.value)
    least, most, apart = constraint.extra
    siblings = run.shapes.siblings(shape) if apart else []
    count = sum(
        run.conforms(inner, value) and not any(run.conforms(other, value) for other in siblings)
        for value in values
    )
    found = []
    if least is not None and count < least:
        component = sh("QualifiedMinCountConstraintComponent")
        found.append(_result(shape, constraint, focus, component=component))
    if most is not None and count > most:
        component = sh("QualifiedMaxCountConstraintComponent")
        found.append(_result(shape, constraint, focus, component=component))
    return found


def _bindings(run: Evaluation, shape: Shape, focus: Any) -> dict[str, Any]:
    return {
        "this": focus,
        "currentShape": shape.node,
        "shapesGraph": queries.SHAPES_GRAPH,
    }


def _sparql(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    query: queries.Query = constraint.extra
    bound = _bindings(run, shape, focus)
    found = []
    for row in queries.rows(run.store, query, bound):
        found.append(_from_row(run, shape, constraint, focus, row, query, query.messages))
        found[-1].source = query.source
    return found


def _from_row(
    run: Evaluation,
    shape: Shape,
    constraint: Constraint,
    focus: Any,
    row: dict[str, Any],
    query: queries.Query,
    messages: list[Literal],
) -> Violation:
    if is_true(row.get("failure")):
        raise InputError(f"a constraint in SPARQL reports a failure on {focus}")
    value = row.get("value")
    if value is None and shape.path is None:
        value = focus
    violation = _result(shape, constraint, focus, _as_written(run, shape, focus, value))
    if isinstance(row.get("path"), NamedNode):
        violation.path_node = row["path"]
    said = row.get("message")
    if isinstance(said, Literal):
        violation.messages = [said]
    elif messages:
        violation.messages = [queries.filled(m, row) for m in messages]
    return violation


def _as_written(run: Evaluation, shape: Shape, focus: Any, value: Any) -> Any:
    """A literal as the data have it, where the engine behind queries has another form."""
    if not isinstance(value, Literal) or value == focus:
        return value
    written = shape.path.follow(run.data, focus) if shape.path else []
    said = [v for many in run.data.by_subject.get(focus, {}).values() for v in many]
    candidates = [v for v in [*written, *said] if isinstance(v, Literal)]
    if value in candidates:
        return value
    for other in candidates:
        if other.datatype == value.datatype and compare(other, value) == 0:
            return other
    return value


def _component(
    run: Evaluation, shape: Shape, constraint: Constraint, focus: Any, values: _Values
) -> list[Violation]:
    query, parameters, component = constraint.extra
    bound = {**_bindings(run, shape, focus), **parameters}
    messages = query.messages or component.messages
    found = []
    if not query.ask:
        for row in queries.rows(run.store, query, bound):
            found.append(_from_row(run, shape, constraint, focus, row, query, messages))
        return found
    for value in values:
        if not queries.holds(run.store, query, {**bound, "value": value}):
            violation = _result(shape, constraint, focus, value)
            if messages and not shape.messages:
                filled = {**bound, "value": value}
                violation.messages = [queries.filled(m, filled) for m in messages]
            found.append(violation)
    return found


_EVALUATORS: dict[str, _Evaluator] = {
    "class": _each(_class),
    "datatype": _each(_datatype),
    "nodeKind": _each(_node_kind),
    "pattern": _each(_pattern),
    "minLength": _each(_min_length),
    "maxLength": _each(_max_length),
    "in": _each(_in),
    "languageIn": _each(_language_in),
    "minInclusive": _each(_limit(0, 1)),
    "minExclusive": _each(_limit(1)),
    "maxInclusive": _each(_limit(-1, 0)),
    "maxExclusive": _each(_limit(-1)),
    "minCount": _min_count,
    "maxCount": _max_count,
    "hasValue": _has_value,
    "uniqueLang": _unique_lang,
    "equals": _equals,
    "disjoint": _disjoint,
    "lessThan": _less(-1),
    "lessThanOrEquals": _less(-1, 0),
    "closed": _closed,
    "node": _node,
    "property": _property,
    "not": _not,
    "and": _and,
    "or": _or,
    "xone": _xone,
    "qualifiedValueShape": _qualified,
    "sparql": _sparql,
    "component": _component,
}


def in_words(violation: Violation) -> str:
    """What is wrong, in words; the shape's own message if it has one."""
    said = sorted(
        violation.messages,
        key=lambda m: (m.language not in ("en", None), m.language or "", m.value),
    )
    if said:
        return str(said[0].value)
    name = violation.component.value
    constraint = violation.constraint
    if not name.startswith(SH) or constraint is None:
        return f"{shorten(name)} is not met"
    words = _WORDS.get(constraint.name)
    return words(constraint) if words else f"sh:{constraint.name} is not met"


def _told(value: Any) -> str:
    if isinstance(value, NamedNode):
        return shorten(value.value)
    return f'"{value.value}"' if isinstance(value, Literal) else "a blank node"


def _several(values: list[Any]) -> str:
    told = [_told(value) for value in values[:8]]
    return ", ".join(told) + (" …" if len(values) > 8 else "")


_WORDS: dict[str, Callable[[Constraint], str]] = {
    "class": lambda c: f"the value is no instance of {_told(c.value)}",
    "datatype": lambda c: f"the value is no {_told(c.value)}",
    "nodeKind": lambda c: f"the value is not of the kind {_told(c.value)}",
    "pattern": lambda c: f"the value does not match {_told(c.value)}",
    "minLength": lambda c: f"the value is shorter than {c.extra} characters",
    "maxLength": lambda c: f"the value is longer than {c.extra} characters",
    "in": lambda c: f"the value is none of {_several(c.extra)}",
    "languageIn": lambda c: f"the value is in none of the languages {_several(c.extra)}",
    "minInclusive": lambda c: f"the value is not at least {_told(c.value)}",
    "minExclusive": lambda c: f"the value is not greater than {_told(c.value)}",
    "maxInclusive": lambda c: f"the value is not at most {_told(c.value)}",
    "maxExclusive": lambda c: f"the value is not less than {_told(c.value)}",
    "minCount": lambda c: f"there are fewer than {c.extra} values",
    "maxCount": lambda c: f"there are more than {c.extra} values",
    "hasValue": lambda c: f"the value {_told(c.value)} is missing",
    "equals": lambda c: f"the values differ from those of {_told(c.value)}",
    "disjoint": lambda c: f"the value is one of {_told(c.value)} too",
    "lessThan": lambda c: f"the value is not less than that of {_told(c.value)}",
    "lessThanOrEquals": lambda c: f"the value is greater than that of {_told(c.value)}",
    "closed": lambda c: "the shape is closed, and this property is not among its own",
    "node": lambda c: f"the value does not conform to the shape {_told(c.value)}",
    "not": lambda c: "the value conforms to a shape that it must not conform to",
    "and": lambda c: "the value does not conform to all of the shapes",
    "or": lambda c: "the value conforms to none of the shapes",
    "xone": lambda c: "the value does not conform to exactly one of the shapes",
    "qualifiedValueShape": lambda c: (
        "not "
        + " and ".join(
            part
            for part in (
                f"at least {c.extra[0]}" if c.extra[0] is not None else "",
                f"at most {c.extra[1]}" if c.extra[1] is not None else "",
            )
            if part
        )
        + " of the values conform to the shape"
    ),
    "sparql": lambda c: "a constraint in SPARQL is not met",
}
