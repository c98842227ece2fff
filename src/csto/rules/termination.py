"""Whether a set of rules comes to an end whatever it runs on.

Rules of one number run again after each other; those of higher numbers never wake
them. New values come from BIND alone. So a run is endless only if, among the rules of
one number, a computed value can become the input of a computation that leads back to
it. Where a value can get is followed by positions: a predicate, its object if that is
fixed, and the place of the variable. A variable holds a computed value only if every
position in which it stands can. This is joint acyclicity: M. Krötzsch and S. Rudolph,
"Extending Decidable Existential Rules by Joining Acyclicity and Guardedness" (2011),
with computed values in the place of existential ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from csto.rules.rule import Pattern, Rule

# A computed variable of a rule.
Source = tuple["Rule", str]
# Predicate and object, where they are fixed, and the index of the variable in the pattern.
_Position = tuple[str | None, str | None, int]


def endless(rules: Sequence[Rule]) -> Source | None:
    """A computed variable whose values lead to ever new ones; ``None`` if there is none.

    Args:
        rules: in the order in which they run.
    """
    for _, group in groupby(rules, key=lambda rule: (rule.stratum, rule.number)):
        together = list(group)
        sources = [
            (rule, name)
            for rule in together
            for name in sorted({p[1:] for pattern in rule.head for p in pattern})
            if name in rule.computed
        ]
        takers = {(r.code, n): _takers((r, n), together) for r, n in sources}
        for rule, name in sources:
            reached: set[tuple[str, str]] = set()
            waiting = [(rule.code, name)]
            while waiting:
                for taker in takers.get(waiting.pop(), set()) - reached:
                    reached.add(taker)
                    waiting.append(taker)
            if (rule.code, name) in reached:
                return rule, name
    return None


def _takers(source: Source, rules: Sequence[Rule]) -> set[tuple[str, str]]:
    """The computed variables whose expression can take in a value of ``source``."""
    held: set[_Position] = set()
    takers: set[tuple[str, str]] = set()
    size = -1
    while size != len(held):
        size = len(held)
        for rule in rules:
            holding = _holding(rule.body, held)
            takers |= {(rule.code, name) for name, *given in rule.inputs if holding & set(given)}
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
        _, predicate, thing = (None if part.startswith("?") else part for part in pattern)
        for index, part in enumerate(pattern):
            if part.startswith("?"):
                yield part[1:], (predicate, thing, index)


def _meet(one: _Position, other: _Position) -> bool:
    return one[2] == other[2] and all(
        None in pair or pair[0] == pair[1] for pair in ((one[0], other[0]), (one[1], other[1]))
    )
