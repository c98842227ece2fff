"""Two witnesses of one spell: what they agree on, and what each alone tells."""

from __future__ import annotations

from datetime import date

import pytest

from csto.answer.record.witnesses import NEVER, Told, Window, _beside

LAST = date(2014, 12, 31)


def _year(year: int) -> Window:
    return date(year, 1, 1), date(year, 12, 31)


def _day(text: str) -> Window:
    return date.fromisoformat(text), date.fromisoformat(text)


def _told(begins: Window, ends: Window = NEVER, known_to: date | None = None) -> Told:
    return Told("A", "B", begins, ends, "here", known_to)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ((_day("2002-10-07"), NEVER), (_year(2002), NEVER), ("agree", "agree")),
        ((_day("2001-06-15"), NEVER), (_year(1996), NEVER), ("differ", "agree")),
        # They know of no end by 2014: an end in 2016 contradicts nothing, one in 2009 does.
        ((_year(1991), _day("2016-01-01")), (_year(1991), NEVER), ("agree", "agree")),
        ((_year(1991), _day("2009-08-18")), (_year(1991), NEVER), ("agree", "differ")),
        # They do not know when it began.
        ((_year(1991), NEVER), (NEVER, NEVER), ("open", "agree")),
        ((_year(1991), NEVER), (_year(1991), _year(2007)), ("agree", "differ")),
    ],
)
def test_one_spell(
    ours: tuple[Window, Window], theirs: tuple[Window, Window], expected: tuple[str, str]
) -> None:
    (found,) = _beside([_told(*ours)], [_told(*theirs, LAST)], LAST)
    assert (found.start, found.end) == expected
    assert found.agrees == ("differ" not in expected)


def test_what_one_alone_tells() -> None:
    early, late = _told(_year(1990), _year(1995)), _told(_year(2017))
    other = _told(_year(2000), _year(2005), LAST)
    found = _beside([early, late], [other], LAST)
    # What began after their last row they could not tell of.
    assert [(f.ours, f.theirs) for f in found] == [(early, None), (None, other)]
    assert not any(f.agrees for f in found)
    assert found[1].row()[:4] == ["A", "B", "not told", "not told"]
