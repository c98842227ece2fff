"""Whether rules come to an end whatever they run on.

New values come from BIND alone. So a run is endless only if, among the rules of one
component, a computed value can become the input of a computation that leads back to it.
Where a value can get is followed by positions: a predicate, its object if that is fixed,
and the place of the variable. A variable holds a computed value only if every position in
which it stands can. This is joint acyclicity: M. Krötzsch and S. Rudolph, "Extending
Decidable Existential Rules by Joining Acyclicity and Guardedness" (2011), with computed
values in the place of existential ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from csto.errors import InputError
from csto.rules.rule import Rule
from csto.sparql.dialect import Pattern, is_variable

# A computed variable of a rule.
Source = tuple[Rule, str]
# Predicate and object, where they are fixed, and the index of the variable in the pattern.
_Position = tuple[str | None, str | None, int]


def check_endings(rules: Sequence[Rule]) -> None:
    """Refuse rules of one component that can make ever new values.

    Raises:
        InputError: naming file, line and variable.
    """
    found = endless(rules)
    if found is not None:
        rule, name = found
        raise InputError(
            f"{rule.origin}:{_bind_line(rule, name)}: the rule would never end: {name} is new each "
            "time, and feeds its own computation; compute it from what no rule that depends on "
            "it makes"
        )


def _bind_line(rule: Rule, name: str) -> int:
    for bind in rule.body.binds:
        if bind.variable == name:
            return rule.line(bind.text.splitlines()[0])
    return 1


def endless(rules: Sequence[Rule]) -> Source | None:
    """A computed variable whose values lead to ever new ones; ``None`` if there is none."""
    sources = [
        (rule, name)
        for rule in rules
        for name in sorted({part for pattern in rule.head for part in pattern})
        if name in rule.computed
    ]
    takers = {source: _takers(source, rules) for source in sources}
    for source in sources:
        reached: set[Source] = set()
        waiting = [source]
        while waiting:
            for taker in takers.get(waiting.pop(), set()) - reached:
                reached.add(taker)
                waiting.append(taker)
        if source in reached:
            return source
    return None


def _takers(source: Source, rules: Sequence[Rule]) -> set[Source]:
    """The computed variables whose expression can take in a value of ``source``."""
    held: set[_Position] = set()
    takers: set[Source] = set()
    size = -1
    while size != len(held):
        size = len(held)
        for rule in rules:
            holding = _holding(rule.body.patterns, held)
            takers |= {(rule, name) for name, given in rule.computed.items() if holding & given}
            if rule == source[0]:
                holding = {*holding, source[1]}
            held |= {p for name, p in _positions(rule.head) if name in holding}
    return takers


def _holding(body: Iterable[Pattern], held: set[_Position]) -> set[str]:
    found: dict[str, bool] = {}
    for name, position in _positions(body):
        found[name] = found.get(name, True) and any(_meet(position, other) for other in held)
    return {name for name, holds in found.items() if holds}


def _positions(patterns: Iterable[Pattern]) -> Iterator[tuple[str, _Position]]:
    for pattern in patterns:
        _, predicate, thing = (None if is_variable(part) else part for part in pattern)
        for index, part in enumerate(pattern):
            if is_variable(part):
                yield part, (predicate, thing, index)


def _meet(one: _Position, other: _Position) -> bool:
    return one[2] == other[2] and all(
        None in pair or pair[0] == pair[1] for pair in ((one[0], other[0]), (one[1], other[1]))
    )
