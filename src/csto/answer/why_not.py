"""Why a rule did not fire for some things: the first of its conditions that nothing matches.

The conditions of a body are taken in the order patterns, values, computed values, filters,
absences, each
kind as it is written; every condition is asked together with those before it. Where the
things can stand for several variables of the head, the reading that gets furthest is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from csto.answer.explain import read_property
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.proof.prover import Prover
from csto.rules.rule import Rule
from csto.sparql.dialect import Bind, Filter, Group, Pattern, Values
from csto.sparql.text import TOKEN, read_term
from csto.vocabulary import XSD_DATE


@dataclass(frozen=True)
class _Condition:
    """One condition of a body."""

    kind: str
    text: str
    item: Pattern | Values | Bind | Filter | Group


@dataclass(frozen=True)
class _Reading:
    """How far a rule gets when the things stand for these variables."""

    given: dict[str, Any]
    reached: int
    row: dict[str, Any]
    conditions: tuple[_Condition, ...]


def why_not(prover: Prover, code: str, words: Sequence[str]) -> str:
    """In words, the first condition of a rule without a match for the things named.

    Args:
        prover: of the day; what is certain on it is read.
        code: of the rule.
        words: one thing; two things; or a thing, a property and a thing.

    Raises:
        InputError: for an unknown rule or thing, or things that its head has no place for.
    """
    dataset = prover.dataset
    rule = _find(dataset, code)
    if len(words) > 3:
        raise InputError("explain --rule takes one thing, two, or SUBJECT PREDICATE OBJECT")
    property_ = read_property(dataset, words[1]) if len(words) == 3 else None
    named = [words[0], words[-1]] if len(words) > 1 else [words[0]]
    things = [dataset.things.find(word) for word in named]
    readings = [_try(prover, rule, given) for given in _places(rule, things, property_)]
    if not readings:
        raise InputError(f"the head of {code} has no place for {' and '.join(named)}")
    best = max(readings, key=lambda reading: reading.reached)
    return _told(prover, rule, best)


def _find(dataset: Dataset, code: str) -> Rule:
    for rule in (*dataset.rules, *dataset.axioms):
        if rule.code == code:
            return rule
    import difflib

    known = sorted({rule.code for rule in (*dataset.rules, *dataset.axioms)})
    near = ", ".join(difflib.get_close_matches(code, known, n=3, cutoff=0.5))
    hint = f"; did you mean {near}?" if near else ""
    raise InputError(f"no rule has the code {code}{hint} (csto infer --stats lists them)")


def _places(
    rule: Rule, things: Sequence[NamedNode], property_: NamedNode | None
) -> Iterator[dict[str, Any]]:
    """Which variables of the head the things can stand for."""
    if property_ is not None:
        for subject, predicate, thing in rule.head:
            if predicate == str(property_) or predicate.startswith("?"):
                given = dict(zip((subject, thing), things, strict=False))
                if predicate.startswith("?"):
                    given[predicate] = property_
                if all(part.startswith("?") or part == str(v) for part, v in given.items()):
                    yield {k: v for k, v in given.items() if k.startswith("?")}
        return
    names = dict.fromkeys(part for pattern in rule.head for part in pattern if part.startswith("?"))
    free = [name for name in names if name not in rule.computed]
    for chosen in permutations(free, len(things)):
        yield dict(zip(chosen, things, strict=True))


def _conditions(prover: Prover, rule: Rule) -> tuple[_Condition, ...]:
    body = prover.evaluation.program.plans[rule].body
    found = [_Condition("pattern", "", pattern) for pattern in body.patterns]
    found += [_Condition("values", item.text, item) for item in body.values]
    found += [_Condition("bind", item.text, item) for item in body.binds]
    found += [_Condition("filter", item.text, item) for item in body.filters]
    return (*found, *(_Condition("absence", group.text, group) for group in body.negations))


def _group(conditions: Sequence[_Condition]) -> Group:
    items = [condition.item for condition in conditions]
    return Group(
        tuple(item for item in items if isinstance(item, tuple)),
        tuple(item for item in items if isinstance(item, Filter)),
        tuple(item for item in items if isinstance(item, Bind)),
        tuple(item for item in items if isinstance(item, Values)),
        tuple(item for item in items if isinstance(item, Group)),
    )


def _try(prover: Prover, rule: Rule, given: dict[str, Any]) -> _Reading:
    """Add condition by condition until nothing matches all of them."""
    conditions = _conditions(prover, rule)
    plan = prover.evaluation.program.plans[rule]
    numbers = prover.evaluation.state.terms.number
    known = {name: numbers(str(value)) for name, value in given.items()}
    best: dict[str, int] = {}
    for reached in range(len(conditions)):
        group = _group(conditions[: reached + 1])
        rows = prover.backward.rows(plan, group, known, min(plan.widths or {0}), prover.number)
        if not rows:
            return _Reading(given, reached, _terms(prover, best), conditions)
        best = rows[0]
    return _Reading(given, len(conditions), _terms(prover, best), conditions)


def _terms(prover: Prover, row: dict[str, int]) -> dict[str, Any]:
    return {name: prover.evaluation.state.terms.term(number) for name, number in row.items()}


def _told(prover: Prover, rule: Rule, reading: _Reading) -> str:
    who = ", ".join(f"{name} = {prover.label(v)}" for name, v in reading.given.items())
    lines = [f"{rule.code}: {rule.summary}", f"with {who}, on {prover.day}", ""]
    days = prover.evaluation.program.plans[rule].days
    the_day = Literal(prover.day, datatype=XSD_DATE)
    values = reading.given | reading.row | dict.fromkeys(days, the_day)
    if reading.reached == len(reading.conditions):
        lines.append("All conditions match: the rule fires. It makes:")
        for pattern in rule.head:
            terms = [values.get(part) or read_term(part) for part in pattern]
            lines.append(f"  ◆ {prover.sentence(Triple(*terms))}")
        return "\n".join(lines) + "\n"
    for condition in reading.conditions[: reading.reached]:
        lines.append(f"  ✓ {_words(prover, condition, values)}")
    failed = reading.conditions[reading.reached]
    lines.append(f"  ✗ {_words(prover, failed, values)}")
    lines.append("")
    total = len(reading.conditions)
    if failed.kind == "absence":
        said = "something in the graph refutes it"
    elif failed.kind == "pattern":
        said = "nothing in the graph matches it"
    else:
        said = "it is not so"
    shown = ", in any of the ways to match those before; one is shown" if reading.reached else ""
    lines.append(f"Condition {reading.reached + 1} of {total} fails: {said}{shown}.")
    return "\n".join(lines) + "\n"


def _words(prover: Prover, condition: _Condition, values: dict[str, Any]) -> str:
    """A condition for people, with labels where values are known."""
    if isinstance(condition.item, tuple):
        subject, predicate, thing = (prover.part(part, values) for part in condition.item)
        return f"{subject} · {predicate} · {thing}"
    text = " ".join(condition.text.split())
    text = TOKEN.sub(
        lambda token: prover.part(token[0], values) if token[0][0] in "?$" else token[0], text
    )
    if condition.kind == "absence":
        return f"there is no {text}"
    return text.replace("FILTER", "where").strip()
