"""Sets of days as interned lists of intervals.

A set is a number; :data:`NEVER` and :data:`ALWAYS` are the empty and the full set. Most
sets of a graph are few and come together again and again, so each operation on two
numbers is done once and then looked up.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import date

NEVER, ALWAYS = 0, 1
# Before the first and after the last day of the calendar.
_FIRST, _LAST = 0, 1 << 40

# Where a set changes: it begins at the first of these days, ends at the second, and so on.
Changes = tuple[int, ...]


class _Pairs(dict[tuple[int, int], int]):
    """Results of one operation on two sets, found when first asked for."""

    def __init__(self, days: Days, holds: Callable[[bool, bool], bool]) -> None:
        super().__init__()
        self.days = days
        self.holds = holds

    def __missing__(self, pair: tuple[int, int]) -> int:
        one, other = (self.days.changes[number] for number in pair)
        found = self[pair] = self.days.number(_merged(one, other, self.holds))
        return found


class Days:
    """A table of sets of days."""

    def __init__(self) -> None:
        self.changes: list[Changes] = [(), (_FIRST, _LAST)]
        self._numbers: dict[Changes, int] = {(): NEVER, (_FIRST, _LAST): ALWAYS}
        # Days in both, in either, and in the first only.
        self.both = _Pairs(self, lambda a, b: a and b)
        self.either = _Pairs(self, lambda a, b: a or b)
        self.less = _Pairs(self, lambda a, b: a and not b)

    def number(self, changes: Changes) -> int:
        """The number of a set."""
        number = self._numbers.get(changes)
        if number is None:
            number = self._numbers[changes] = len(self.changes)
            self.changes.append(changes)
        return number

    def compared(self, mark: str, day: int) -> int:
        """The days ``d`` for which ``d <= day``, or another comparison, is true."""
        changes = {
            "<": (_FIRST, day),
            "<=": (_FIRST, day + 1),
            ">": (day + 1, _LAST),
            ">=": (day, _LAST),
            "=": (day, day + 1),
            "!=": (_FIRST, day, day + 1, _LAST),
        }[mark]
        return self.number(changes)

    def has(self, number: int, day: int) -> bool:
        """Whether a day, as a number of the calendar, is in a set."""
        return _inside(self.changes[number], day)

    def runs(self, number: int) -> list[tuple[date | None, date | None]]:
        """First and last day of each run; ``None`` where nothing bounds it."""
        found = self.changes[number]
        return [
            (
                None if begin == _FIRST else date.fromordinal(begin),
                None if end == _LAST else date.fromordinal(end - 1),
            )
            for begin, end in zip(found[::2], found[1::2], strict=True)
        ]

    def boundaries(self, numbers: Sequence[int]) -> list[date]:
        """The days on which one of these sets begins or has ended, in their order."""
        found = {day for number in numbers for day in self.changes[number]}
        return [date.fromordinal(day) for day in sorted(found - {_FIRST, _LAST})]


def _inside(changes: Changes, day: int) -> bool:
    inside = False
    for change in changes:
        if change > day:
            break
        inside = not inside
    return inside


def _merged(one: Changes, other: Changes, holds: Callable[[bool, bool], bool]) -> Changes:
    found: list[int] = []
    now = False
    for day in sorted({*one, *other}):
        after = holds(_inside(one, day), _inside(other, day))
        if operator.xor(now, after):
            found.append(day)
            now = after
    return tuple(found)
