"""Two witnesses of one spell: what they agree on, and what each alone tells."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from conftest import run_csto
from csto.answer.record.witnesses import NEVER, Told, Window, _beside, joined

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


def test_spells_that_follow_without_a_gap_are_one() -> None:
    signed = Told("A", "Treaty", _day("1992-05-15"), _day("1994-04-20"), "one")
    party = Told("A", "Treaty", _day("1994-04-20"), _day("1999-04-20"), "two")
    member = Told("A", "Organization", _day("2006-08-17"), NEVER, "three")
    before, after = joined([member, party, signed])
    assert (before.begins, before.ends) == (_day("1992-05-15"), _day("1999-04-20"))
    assert (before.framework, before.place) == ("Treaty", "one; two")
    assert after == member
    # One that goes on is not ended by what ends within it.
    (whole,) = joined([Told("A", "T", _year(1992), NEVER, "x"), party])
    assert whole.ends == NEVER


def test_a_signature_begins_the_spell_after_it_and_alone_tells_no_end() -> None:
    act = Told("A", "B", _day("1947-09-02"), NEVER, "signed", of_act=True)
    (party,) = joined([_told(_year(1950), _year(2004)), act])
    assert (party.begins, party.ends) == (_day("1947-09-02"), _year(2004))
    assert party.place == "signed; here"
    later = Told("A", "B", _day("1951-01-01"), NEVER, "signed", of_act=True)
    assert joined([_told(_year(1950), _year(2004)), later])[0].begins == _year(1950)
    # A spell that had ended before is not begun by it.
    returned = Told("A", "B", _day("2010-01-01"), NEVER, "signed", of_act=True)
    before, after = joined([_told(_year(1950), _year(2004)), _told(_year(2012)), returned])
    assert (before.begins, after.begins) == (_year(1950), _day("2010-01-01"))
    (found,) = _beside(joined([act]), [_told(_day("1947-09-02"), _day("1962-01-22"), LAST)], LAST)
    assert (found.start, found.end) == ("agree", "open")


def test_treaty_and_organization_of_one_number_are_one_alliance(tmp_path: Path) -> None:
    rows = [
        ("4220", "705", "1992-05-15", None, 1719),
        ("4220", "704", "1992-05-15", "1999-04-20", 1718),
        ("4220", "704", "2006-08-17", "2012-06-28", 1729),
        # Estonia is not among the states of which the graph sets out to give all affiliations.
        ("3180", "366", "2004-03-29", None, 865),
        ("3180", "310", "1997-12-16", None, 859),
    ]
    names = ("atopid", "ccode", "start", "end", "line")
    table = pyarrow.table({n: [row[at] for row in rows] for at, n in enumerate(names)})
    (tmp_path / "columns").mkdir()
    pyarrow.parquet.write_table(table, tmp_path / "columns" / "atop-statuses.parquet")
    ran = run_csto("import", "atop", "--compare", "--all", "-l", str(tmp_path), "-f", "csv")
    assert ran.code == 0, ran.err
    found = {(row[0], row[9]): row[1:8] for row in ran.rows}
    name = "Collective Security Treaty; Collective Security Treaty Organization"
    assert found["Kazakhstan", "atop line 1719"][:4] == [name, "agree", "agree", "1992-05-15"]
    assert found["Uzbekistan", "atop line 1718"][1:3] == ["agree", "agree"]
    assert found["Uzbekistan", "atop line 1729"][1:3] == ["agree", "agree"]
    # ATOP dates by signature of the protocol of accession.
    assert found["Hungary", "atop line 859"][1:3] == ["differ", "agree"]
    assert not [state for state, _ in found if state == "Estonia"]
    brief = run_csto("import", "atop", "--compare", "-l", str(tmp_path), "-f", "csv")
    assert ["Kazakhstan", name] not in [row[:2] for row in brief.rows]
    assert ["Hungary", "North Atlantic Treaty Organization"] in [row[:2] for row in brief.rows]
