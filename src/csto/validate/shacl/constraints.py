"""The constraints of SHACL, each over all nodes that its shape looks at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain
from operator import gt, lt
from typing import Any, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from csto.errors import InputError
from csto.validate.literals import TAGGED, fault
from csto.validate.shacl import queries
from csto.validate.shacl.graph import Graph, is_true
from csto.validate.shacl.order import compare
from csto.validate.shacl.parts import Constraint, Shape, sh
from csto.validate.shacl.shapes import ShapesGraph
from csto.vocabulary import SH, XSD


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
    # What the message does not say: the values that are too many …
    note: str = ""
    # As a detail: the member of a list of shapes that it belongs to.
    member: Any = None
    # The shape whose target led here.
    target: Shape | None = None

    @property
    def severity(self) -> NamedNode:
        return self.shape.severity


class Run(Protocol):
    """A validation as constraints see it."""

    data: Graph
    shapes: ShapesGraph

    @property
    def store(self) -> Store: ...
    def shape(self, node: Any) -> Shape: ...
    def check(self, shape: Shape, nodes: list[Any]) -> list[Violation]: ...
    def broken(self, shape: Shape, nodes: Iterable[Any]) -> set[Any]: ...
    def inner(self, shape: Shape, pairs: Pairs) -> Iterator[Violation]: ...


@dataclass(frozen=True)
class Pairs:
    """Nodes, each once, and what the path of the shape reaches from each.

    ``itself``: there is no path, so that each node reaches itself.
    """

    nodes: list[Any]
    reached: list[list[Any]]
    itself: bool = False

    def __iter__(self) -> Iterator[tuple[Any, list[Any]]]:
        return zip(self.nodes, self.reached, strict=True)

    def values(self) -> Iterator[Any]:
        return chain.from_iterable(self.reached)

    @cached_property
    def counted(self) -> Counter[Any]:
        """How often each value is reached."""
        return Counter(self.values())


_Keeps = Callable[[Any], bool]
_Evaluator = Callable[[Run, Shape, Constraint, Pairs], list[Violation]]


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


def _each(test: Callable[[Run, Constraint], _Keeps]) -> _Evaluator:
    """A constraint on each value by itself."""

    def evaluate(run: Run, shape: Shape, constraint: Constraint, pairs: Pairs) -> list[Violation]:
        return _kept(shape, constraint, pairs, test(run, constraint))

    return evaluate


def _kept(shape: Shape, constraint: Constraint, pairs: Pairs, keeps: _Keeps) -> list[Violation]:
    return [
        _result(shape, constraint, focus, value)
        for focus, values in pairs
        for value in values
        if not keeps(value)
    ]


def _class(run: Run, constraint: Constraint) -> _Keeps:
    return run.data.instances(constraint.value).__contains__


def _datatype(run: Run, shape: Shape, constraint: Constraint, pairs: Pairs) -> list[Violation]:
    datatype = constraint.value
    iri = datatype.value
    # What is wrong with a text of another datatype is told with all other literals.
    judged = iri.startswith(XSD)
    # A value that a property has was judged with all the data; any other was not.
    said = shape.path is not None and not shape.path.kind
    ill = run.data.ill_literals if judged and said else ()

    def keeps(value: Any) -> bool:
        if not isinstance(value, Literal) or value.datatype != datatype:
            return False
        if iri in TAGGED:
            return bool(value.language)
        return (not ill or value not in ill) if said else not judged or not fault(value.value, iri)

    return _kept(shape, constraint, pairs, keeps)


_KINDS: dict[str, tuple[type, ...]] = {
    "IRI": (NamedNode,),
    "Literal": (Literal,),
    "BlankNode": (BlankNode,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "BlankNodeOrLiteral": (BlankNode, Literal),
    "IRIOrLiteral": (NamedNode, Literal),
}


def _node_kind(run: Run, constraint: Constraint) -> _Keeps:
    kinds = _KINDS[constraint.value.value[len(SH) :]]
    return lambda value: isinstance(value, kinds)


def _text(test: Callable[[Any, str], bool]) -> Callable[[Run, Constraint], _Keeps]:
    """A constraint on the text of IRIs and literals."""

    def of(run: Run, constraint: Constraint) -> _Keeps:
        wanted = constraint.extra
        return lambda value: isinstance(value, (NamedNode, Literal)) and test(wanted, value.value)

    return of


def _pattern(run: Run, constraint: Constraint) -> _Keeps:
    matches = constraint.extra
    return lambda value: isinstance(value, (NamedNode, Literal)) and matches(value.value)


def _in(run: Run, constraint: Constraint) -> _Keeps:
    return constraint.lookup.__contains__


def _language_in(run: Run, constraint: Constraint) -> _Keeps:
    ranges = [r.value.lower() for r in constraint.extra if isinstance(r, Literal)]

    @cache
    def within(tag: str) -> bool:
        return any(r in ("*", tag.lower()) or tag.lower().startswith(r + "-") for r in ranges)

    def keeps(value: Any) -> bool:
        tag = value.language if isinstance(value, Literal) else None
        return tag is not None and within(tag)

    return keeps


def _limit(*allowed: int) -> Callable[[Run, Constraint], _Keeps]:
    def of(run: Run, constraint: Constraint) -> _Keeps:
        limit = constraint.value

        @cache
        def keeps(value: Any) -> bool:
            return compare(value, limit) in allowed

        return keeps

    return of


def _whole(
    test: Callable[[Run, Shape, Constraint, Any, list[Any]], list[Violation]],
) -> _Evaluator:
    """A constraint on all values of a node together."""

    def evaluate(run: Run, shape: Shape, constraint: Constraint, pairs: Pairs) -> list[Violation]:
        return [
            found
            for focus, values in pairs
            for found in test(run, shape, constraint, focus, values)
        ]

    return evaluate


def _count(wrong: Callable[[int, int], bool]) -> _Evaluator:
    def evaluate(run: Run, shape: Shape, constraint: Constraint, pairs: Pairs) -> list[Violation]:
        number = constraint.extra
        many = {count for count in set(map(len, pairs.reached)) if wrong(count, number)}
        if not many:
            return []
        return [_result(shape, constraint, focus) for focus, values in pairs if len(values) in many]

    return evaluate


def _has_value(run: Run, shape: Shape, constraint: Constraint, pairs: Pairs) -> list[Violation]:
    wanted = constraint.value
    return [_result(shape, constraint, focus) for focus, values in pairs if wanted not in values]


def _unique_lang(
    run: Run, shape: Shape, constraint: Constraint, focus: Any, values: list[Any]
) -> list[Violation]:
    if len(values) < 2:
        return []
    said = [(v.language.lower(), v) for v in values if isinstance(v, Literal) and v.language]
    found = []
    for tag, count in Counter(tag for tag, _ in said).items():
        if count > 1:
            violation = _result(shape, constraint, focus)
            listed = ", ".join(f'"{value.value}"' for other, value in said if other == tag)
            violation.note = f"several in {tag}: {listed}"
            found.append(violation)
    return found


def _equals(
    run: Run, shape: Shape, constraint: Constraint, focus: Any, values: list[Any]
) -> list[Violation]:
    others = run.data.values(focus, constraint.value)
    return [
        *(_result(shape, constraint, focus, v) for v in values if v not in others),
        *(_result(shape, constraint, focus, v) for v in others if v not in values),
    ]


def _disjoint(
    run: Run, shape: Shape, constraint: Constraint, focus: Any, values: list[Any]
) -> list[Violation]:
    others = run.data.values(focus, constraint.value)
    return [_result(shape, constraint, focus, v) for v in values if v in others]


def _less(*allowed: int) -> _Evaluator:
    def less(run: Run, shape: Shape, constraint: Constraint, pairs: Pairs) -> list[Violation]:
        columns = zip(pairs, run.data.column(constraint.value, pairs.nodes), strict=True)
        return [
            _result(shape, constraint, focus, value)
            for (focus, values), others in columns
            if others
            for value in values
            for other in others
            if compare(value, other) not in allowed
        ]

    return less


def _closed(
    run: Run, shape: Shape, constraint: Constraint, focus: Any, values: list[Any]
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


def _property(run: Run, shape: Shape, constraint: Constraint, pairs: Pairs) -> list[Violation]:
    return list(run.inner(run.shape(constraint.value), pairs))


def _nested(good: Callable[[int, int], bool]) -> _Evaluator:
    """A constraint by shapes: whether it is met by a number of those that a value conforms to."""

    def evaluate(run: Run, shape: Shape, constraint: Constraint, pairs: Pairs) -> list[Violation]:
        members = [constraint.value] if constraint.extra is None else constraint.extra
        inner = [run.shape(member) for member in members]
        nodes = dict.fromkeys(pairs.values())
        broken = [run.broken(one, nodes) for one in inner]
        bad = {node for node in nodes if not good(sum(node not in b for b in broken), len(inner))}
        if not bad:
            return []
        return [
            _result(shape, constraint, focus, value, _why(run, inner, value))
            for focus, values in pairs
            for value in values
            if value in bad
        ]

    return evaluate


def _why(run: Run, inner: list[Shape], value: Any) -> list[Violation]:
    found = []
    for shape in inner:
        for violation in run.check(shape, [value]):
            violation.member = shape.node
            found.append(violation)
    return found


def _qualified(run: Run, shape: Shape, constraint: Constraint, pairs: Pairs) -> list[Violation]:
    least, most, apart = constraint.extra
    nodes = dict.fromkeys(pairs.values())
    counted = nodes.keys() - run.broken(run.shape(constraint.value), nodes)
    for other in run.shapes.siblings(shape) if apart else ():
        counted &= run.broken(other, nodes)
    found = []
    for focus, values in pairs:
        count = sum(value in counted for value in values)
        if least is not None and count < least:
            component = sh("QualifiedMinCountConstraintComponent")
            found.append(_result(shape, constraint, focus, component=component))
        if most is not None and count > most:
            component = sh("QualifiedMaxCountConstraintComponent")
            found.append(_result(shape, constraint, focus, component=component))
    return found


def _bindings(run: Run, shape: Shape, focus: Any) -> dict[str, Any]:
    return {
        "this": focus,
        "currentShape": shape.node,
        "shapesGraph": queries.SHAPES_GRAPH,
    }


def _sparql(
    run: Run, shape: Shape, constraint: Constraint, focus: Any, values: list[Any]
) -> list[Violation]:
    query: queries.Query = constraint.extra
    bound = _bindings(run, shape, focus)
    found = []
    for row in queries.rows(run.store, query, bound):
        found.append(_from_row(run, shape, constraint, focus, row, query, query.messages))
        found[-1].source = query.source
    return found


def _from_row(
    run: Run,
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


def _as_written(run: Run, shape: Shape, focus: Any, value: Any) -> Any:
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
    run: Run, shape: Shape, constraint: Constraint, focus: Any, values: list[Any]
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


EVALUATORS: dict[str, _Evaluator] = {
    "class": _each(_class),
    "datatype": _datatype,
    "nodeKind": _each(_node_kind),
    "pattern": _each(_pattern),
    "minLength": _each(_text(lambda least, text: len(text) >= least)),
    "maxLength": _each(_text(lambda most, text: len(text) <= most)),
    "in": _each(_in),
    "languageIn": _each(_language_in),
    "minInclusive": _each(_limit(0, 1)),
    "minExclusive": _each(_limit(1)),
    "maxInclusive": _each(_limit(-1, 0)),
    "maxExclusive": _each(_limit(-1)),
    "minCount": _count(lt),
    "maxCount": _count(gt),
    "hasValue": _has_value,
    "uniqueLang": _whole(_unique_lang),
    "equals": _whole(_equals),
    "disjoint": _whole(_disjoint),
    "lessThan": _less(-1),
    "lessThanOrEquals": _less(-1, 0),
    "closed": _whole(_closed),
    "property": _property,
    "node": _nested(lambda met, of: met == of),
    "not": _nested(lambda met, of: not met),
    "and": _nested(lambda met, of: met == of),
    "or": _nested(lambda met, of: met > 0),
    "xone": _nested(lambda met, of: met == 1),
    "qualifiedValueShape": _qualified,
    "sparql": _whole(_sparql),
    "component": _whole(_component),
}
