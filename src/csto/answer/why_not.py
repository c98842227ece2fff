"""Why a rule did not fire for some things: the first of its conditions that nothing matches.

The conditions of a body are taken in the order patterns, values, filters, absences, each
kind as it is written; every condition is asked together with those before it. Where the
things can stand for several variables of the head, the reading that gets furthest is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from pyoxigraph import NamedNode

from csto.answer.explain import read_property
from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.proof.derivations import Row, filled
from csto.proof.prover import Prover
from csto.reason.engine import FUNCTIONS
from csto.rules.rule import Rule
from csto.sparql.rule_text import parts
from csto.sparql.select import closing, tokens_of
from csto.sparql.text import TOKEN


@dataclass(frozen=True)
class _Condition:
    """One condition of a body: its kind, its text, and its patterns."""

    kind: str
    text: str


@dataclass(frozen=True)
class _Reading:
    """How far a rule gets when the things stand for these variables."""

    given: dict[str, Any]
    reached: int
    row: Row
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
            if predicate in (str(property_),) or predicate.startswith("?"):
                given = dict(zip((subject, thing), things, strict=False))
                if predicate.startswith("?"):
                    given[predicate] = property_
                if all(part.startswith("?") or part == str(v) for part, v in given.items()):
                    yield {k[1:]: v for k, v in given.items() if k.startswith("?")}
        return
    names = dict.fromkeys(
        part[1:] for pattern in rule.head for part in pattern if part.startswith("?")
    )
    free = [name for name in names if name not in rule.computed]
    for chosen in permutations(free, len(things)):
        yield dict(zip(chosen, things, strict=True))


def _conditions(rule: Rule) -> tuple[_Condition, ...]:
    split = parts(rule.text)
    found = [_Condition("pattern", " ".join(pattern) + " .") for pattern in rule.body]
    rest = list(_clauses(split.body))
    for kind in ("VALUES", "BIND", "FILTER"):
        found += [_Condition(kind.lower(), text) for name, text in rest if name == kind]
    return tuple(found) + tuple(_Condition("absence", text) for text in split.negations)


def _clauses(body: str) -> Iterator[tuple[str, str]]:
    tokens = tokens_of(body)
    at = 0
    while at < len(tokens):
        word = (tokens[at]["word"] or "").upper()
        if word in ("VALUES", "BIND", "FILTER"):
            end = at + 1
            while tokens[end][0] not in "({" or (word == "VALUES" and tokens[end][0] != "{"):
                end += 1
            end = _paren(tokens, end) if tokens[end][0] == "(" else closing(tokens, end)
            text = body[tokens[at].start() : tokens[end].end()]
            # What stands in place of a negation.
            if text != "FILTER(true)":
                yield word, text
            at = end
        at += 1


def _paren(tokens: Sequence[Any], at: int) -> int:
    depth = 0
    for end in range(at, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[end][0], 0)
        if depth == 0:
            return end
    raise InputError("a rule lacks a closing parenthesis")


def _try(prover: Prover, rule: Rule, given: dict[str, Any]) -> _Reading:
    """Add condition by condition until nothing matches all of them."""
    conditions = _conditions(rule)
    asked = [c for c in conditions if c.kind != "absence"]
    rows: list[Row] = [{}]
    for reached in range(len(asked)):
        one = _ask(prover, rule, asked[: reached + 1], given, first=True)
        if not one:
            return _Reading(given, reached, rows[0], conditions)
        rows = one
    rows = _ask(prover, rule, asked, given)
    for reached, condition in enumerate(conditions[len(asked) :], len(asked)):
        left = [row for row in rows if not _refuted(prover, rule, condition, given | row)]
        if not left:
            return _Reading(given, reached, rows[0], conditions)
        rows = left
    return _Reading(given, len(conditions), rows[0], conditions)


def _put(text: str, values: dict[str, Any]) -> str:
    return TOKEN.sub(
        lambda token: str(values.get(token[0][1:], token[0])) if token[0][0] in "?$" else token[0],
        text,
    )


def _ask(
    prover: Prover,
    rule: Rule,
    conditions: Sequence[_Condition],
    given: dict[str, Any],
    *,
    first: bool = False,
) -> list[Row]:
    body = _put(" ".join(condition.text for condition in conditions), given)
    limit = "LIMIT 1" if first else ""
    text = f"{parts(rule.text).prologue} SELECT * WHERE {{ {body} }} {limit}"
    rows: Any = prover.dataset.store.query(
        text,
        default_graph=[*TIMELESS, prover.certain],
        custom_functions=dict(FUNCTIONS),
    )
    shown = [variable.value for variable in rows.variables]
    return [{n: row[n] for n in shown if row[n] is not None} for row in rows]


def _refuted(prover: Prover, rule: Rule, condition: _Condition, row: dict[str, Any]) -> bool:
    other = prover.certain if rule.stratum == "timeless" else prover.possible
    answer = prover.dataset.store.query(
        f"{parts(rule.text).prologue} ASK {{ {_put(condition.text, row)} }}",
        default_graph=[*TIMELESS, other],
        custom_functions=dict(FUNCTIONS),
    )
    return not bool(answer)


def _told(prover: Prover, rule: Rule, reading: _Reading) -> str:
    who = ", ".join(f"?{n} = {prover.label(v)}" for n, v in reading.given.items())
    lines = [f"{rule.code}: {rule.summary}", f"with {who}, on {prover.day}", ""]
    values = reading.given | reading.row
    if reading.reached == len(reading.conditions):
        made = [filled(pattern, values) for pattern in rule.head]
        lines.append("All conditions match: the rule fires. It makes:")
        lines += [f"  ◆ {prover.sentence(triple)}" for triple in made if triple is not None]
        return "\n".join(lines) + "\n"
    for number, condition in enumerate(reading.conditions[: reading.reached]):
        lines.append(f"  ✓ {_words(prover, rule, number, condition, values)}")
    failed = reading.conditions[reading.reached]
    lines.append(f"  ✗ {_words(prover, rule, reading.reached, failed, values)}")
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


def _words(
    prover: Prover, rule: Rule, number: int, condition: _Condition, values: dict[str, Any]
) -> str:
    """A condition for people, with labels where values are known."""
    if condition.kind == "pattern":
        subject, predicate, thing = (_label(prover, p, values) for p in rule.body[number])
        return f"{subject} · {predicate} · {thing}"
    text = " ".join(condition.text.split())
    text = TOKEN.sub(
        lambda token: _label(prover, token[0], values) if token[0][0] in "?$" else token[0], text
    )
    return text.replace("FILTER NOT EXISTS", "there is no").replace("FILTER", "where").strip()


def _label(prover: Prover, part: str, values: dict[str, Any]) -> str:
    if part.startswith("?"):
        value = values.get(part[1:])
        return part if value is None else prover.label(value)
    return prover.label(NamedNode(part[1:-1])) if part.startswith("<") else part
