"""What a validation found, in words and as findings have it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyoxigraph import Literal, NamedNode

from csto.validate.finding import Detail, Result
from csto.validate.shacl.constraints import Violation
from csto.validate.shacl.parts import Constraint
from csto.validate.shacl.shapes import ShapesGraph
from csto.vocabulary import SH, shorten

_SEVERITIES = (SH + "Violation", SH + "Warning", SH + "Info")


def result_of(violation: Violation, shapes: ShapesGraph) -> Result:
    """A violation as a result: with a code, a fix, and why a nested shape was not met."""
    shape, path, target = violation.shape, violation.path_node, violation.target
    written = shape.path
    partly = not isinstance(path, NamedNode) and written is not None
    return Result(
        shape.code or (target.code if target else "") or _code(violation),
        shape.level,
        violation.focus,
        written.first_step() if partly and written else path,
        violation.value,
        in_words(violation),
        shape.fix or "fix the data, or the shape",
        getattr(shape.node, "value", "") or str(shape.node),
        violation.component.value,
        _details(violation, shapes),
        partly=partly,
        shown=written.words() if partly and written else "",
        own_severity="" if shape.severity.value in _SEVERITIES else shape.severity.value,
        standard=violation,
    )


def _code(violation: Violation) -> str:
    """``sh:minCount`` for a constraint without a code of its own."""
    name = violation.component.value
    if name.startswith(SH):
        local = name[len(SH) :].removesuffix("ConstraintComponent")
        return f"sh:{local[0].lower()}{local[1:]}" if local != "SPARQL" else "sh:sparql"
    return shorten(name)


def _details(violation: Violation, shapes: ShapesGraph) -> tuple[Detail, ...]:
    """Why a nested shape was not met; for each of several shapes, whether it was."""
    constraint = violation.constraint
    if constraint is None or constraint.name not in ("or", "and", "xone"):
        return tuple(_detail(detail, shapes) for detail in violation.details)
    found = []
    for number, member in enumerate(constraint.extra, 1):
        said = [_detail(d, shapes) for d in violation.details if d.member == member]
        name = shapes.shape(member).name or f"alternative {number}"
        found.append(Detail(f"{name}: {'not met' if said else 'met'}", tuple(said)))
    return tuple(found)


def _detail(violation: Violation, shapes: ShapesGraph) -> Detail:
    path = violation.shape.path
    what = in_words(violation)
    if path is not None:
        what = f"{path.words()}: {what}"
        if violation.value is not None:
            what += f" ({_told(violation.value)})"
    return Detail(what, _details(violation, shapes))


def in_words(violation: Violation) -> str:
    """What is wrong, in words; the shape's own message if it has one."""
    said = sorted(
        violation.messages,
        key=lambda m: (m.language not in ("en", None), m.language or "", m.value),
    )
    if said:
        return f"{said[0].value} ({violation.note})" if violation.note else str(said[0].value)
    name = violation.component.value
    constraint = violation.constraint
    if not name.startswith(SH) or constraint is None:
        return f"{shorten(name)} is not met"
    if violation.note:
        return violation.note
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
