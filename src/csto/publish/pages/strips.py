"""Strips: when something held, as bars that a browser draws from percentages.

Solid is certain, pale with an outline is possible, open is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

_STEPS = (1, 2, 5, 10, 20, 50, 100)
# Labels of an axis that have room beside each other on a narrow screen.
_LABELS = 6


@dataclass(frozen=True)
class Bar:
    """A part of a row in per cent: from the left, width; ``certain``, ``possible``, ``point``."""

    x: str
    width: str
    kind: str


@dataclass(frozen=True)
class Axis:
    """The years under a strip, each with its place in per cent."""

    first: int
    last: int
    marks: tuple[tuple[str, str], ...]

    def bars(self, spans: Iterable[tuple[str, str, str]]) -> tuple[Bar, ...]:
        """Bars of spans: first day, last day, kind. A day is a point."""
        found = []
        for begin, end, kind in spans:
            left = max(0.0, min(100.0, self._at(begin)))
            right = max(0.0, min(100.0, self._at(end)))
            if right > left or kind == "point":
                found.append(Bar(f"{left:.2f}%", f"{max(right - left, 0.4):.2f}%", kind))
        return tuple(found)

    def _at(self, day: str) -> float:
        span = (self.last - self.first) or 1
        return 100 * (ordinal(day) - self.first) / span


def ordinal(day: str) -> int:
    """The number of a day."""
    return date.fromisoformat(day).toordinal()


def axis(days: Sequence[str], cut_off: str) -> Axis | None:
    """An axis over some days; ``None`` where all of them are within a month."""
    told = [day for day in days if day]
    if not told:
        return None
    low, high = min(told), max(told)
    if ordinal(high) - ordinal(low) < 31:
        return None
    first = date(int(low[:4]), 1, 1)
    last = min(date(int(high[:4]) + 1, 1, 1), date.fromisoformat(max(cut_off, high)))
    years = last.year - first.year + 1
    step = next(s for s in _STEPS if years <= s * _LABELS or s == _STEPS[-1])
    made = Axis(first.toordinal(), last.toordinal(), ())
    marks = tuple(
        (str(year), f"{made._at(f'{year:04}-01-01'):.2f}%")
        for year in range(first.year, last.year + 1)
        if year % step == 0 and made._at(f"{year:04}-01-01") < 96
    )
    return Axis(made.first, made.last, marks)
