"""Arithmetic on spans of days whose ends are known within bounds.

Days are proleptic ordinals (:meth:`datetime.date.toordinal`); an interval is
half open. A span certainly holds from its latest start to its earliest end, and
possibly from its earliest start to its latest end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

Interval = tuple[int, int]


@dataclass(frozen=True)
class Span:
    """What is known of when a situation or act was.

    ``certain`` and ``possible`` are the days on which it certainly and possibly
    was; ``begins`` are the days on which it can have begun
    or, where no source gives the start, the time for which it is first attested.
    """

    certain: Interval | None
    possible: Interval
    begins: Interval | None

    def surely_in(self, window: Interval) -> bool:
        """Whether some day of it certainly lies in a window.

        Either a day on which it certainly was is in it, or it can only have begun there, or the
        time for which it is first attested lies there.
        """
        if within([self.certain], window):
            return True
        return self.begins is not None and window[0] <= self.begins[0] < self.begins[1] <= window[1]

    def maybe_in(self, window: Interval) -> bool:
        """Whether some day of it can lie in a window."""
        return bool(within([self.possible], window))


def ordinal(day: str) -> int:
    """The ordinal of ``YYYY-MM-DD``."""
    return date.fromisoformat(day).toordinal()


def situation(
    from_earliest: str,
    from_latest: str,
    to_earliest: str,
    to_latest: str,
    cut_off: int,
    known_to: str = "",
    known_from: str = "",
) -> Span | None:
    """The span of a situation; empty texts are unknown, an open end goes on to the cut-off.

    ``None`` where nothing places the start: such a situation is in no year. What is only attested
    is placed from ``known_from`` on; before, and from ``known_to`` on, it is open whether it held,
    and what is open is in no year either.
    """
    first = from_earliest or known_from
    if not first:
        return None
    end = cut_off + 1
    last = min((ordinal(day) for day in (to_latest, known_to) if day), default=end)
    possible = (ordinal(first), min(end, last))
    certain = begins = None
    if from_latest:
        begins = (possible[0], ordinal(from_latest) + 1)
        sure = (ordinal(from_latest), min(end, ordinal(to_earliest)) if to_earliest else end)
        certain = sure if sure[0] < sure[1] else None
    return Span(certain, possible, begins)


def act(earliest: str, latest: str) -> Span | None:
    """The span of an act: one day within bounds, ``None`` where nothing places it."""
    if not earliest or not latest:
        return None
    whole = (ordinal(earliest), ordinal(latest) + 1)
    return Span(whole if earliest == latest else None, whole, whole)


def year(number: int) -> Interval:
    """The days of a calendar year."""
    return date(number, 1, 1).toordinal(), date(number + 1, 1, 1).toordinal()


def within(intervals: Iterable[Interval | None], window: Interval) -> list[Interval]:
    """The parts of intervals inside a window, joined where they meet, in order."""
    cut = sorted(
        (max(i[0], window[0]), min(i[1], window[1]))
        for i in intervals
        if i is not None and i[0] < window[1] and i[1] > window[0]
    )
    joined: list[Interval] = []
    for begin, end in cut:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def common(one: list[Interval], other: list[Interval]) -> list[Interval]:
    """The days in both of two lists of intervals."""
    return [
        (max(a[0], b[0]), min(a[1], b[1]))
        for a in one
        for b in other
        if max(a[0], b[0]) < min(a[1], b[1])
    ]


def days(intervals: Iterable[Interval]) -> int:
    """How many days there are in intervals that do not overlap."""
    return sum(end - begin for begin, end in intervals)


def holds(intervals: Iterable[Interval], day: int) -> bool:
    """Whether a day is in one of the intervals."""
    return any(begin <= day < end for begin, end in intervals)
