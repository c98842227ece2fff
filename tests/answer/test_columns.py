"""Tables for people: words for dates, nothing broken, records where there is no room."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from conftest import Ran, run_csto
from csto.answer.columns import table
from csto.answer.dates import duration_in_words, in_words, span_in_words

Csto = Callable[..., Ran]


@pytest.mark.parametrize(
    ("text", "words"),
    {
        "2012": "2012",
        "2006-08": "August 2006",
        "2022-01-10": "10 January 2022",
        "2016-12~": "about December 2016",
        "2012?": "perhaps 2012",
        "2022-23": "autumn 2022",
        "199X": "the 1990s",
        "[..2022]": "by 2022",
        "[2015-08-06,2015-08-12]": "between 6 August 2015 and 12 August 2015",
        "2016/2018": "between 2016 and 2018",
        "A/RES/68/262": "A/RES/68/262",
        "not a date": "not a date",
    }.items(),
)
def test_dates_in_words(text: str, words: str) -> None:
    assert in_words(text) == words


def test_spans_and_durations_in_words() -> None:
    assert span_in_words("2010-06-10", "2010-06-14") == "10 June 2010 – 14 June 2010"
    assert span_in_words("2010", "2010") == "2010"
    assert duration_in_words("P3Y") == "3 years"
    assert duration_in_words("PT0S") == "at once"


ROWS = [
    ["state:kazakhstan", "Kazakhstan", "2002-10-07", "Signature of the CSTO Charter by six states"],
    ["state:uzbekistan", "Uzbekistan", "2006-08", "Restoration"],
]
NAMES = ["member", "label", "start", "opened by"]


@pytest.mark.parametrize("room", [200, 80, 60, 40, 32])
def test_no_date_or_name_is_broken(room: int) -> None:
    text = table(NAMES, ROWS, room)
    for whole in ("7 October 2002", "August 2006", "Kazakhstan", "Uzbekistan"):
        assert whole in text
    assert max(map(len, text.splitlines())) <= room


def test_identifiers_go_first_then_the_row_becomes_a_record() -> None:
    assert "state:kazakhstan" in table(NAMES, ROWS, 100)
    narrow = table(NAMES, ROWS, 50)
    assert "state:kazakhstan" not in narrow
    assert "─" in narrow
    assert "─" not in table(NAMES, ROWS, 30)


def test_data_formats_keep_edtf_and_identifiers() -> None:
    call = ("query", "memberships/members-on", "-p", "organization=CSTO", "--on", "2012-09-01")
    data = run_csto(*call, "-f", "csv").out
    people = run_csto(*call, "-f", "table", env={"COLUMNS": "80"}).out
    assert "2002-10-07" in data
    assert "id/state/kazakhstan" in data
    assert "7 October 2002" in people
    assert not re.search(r"\d{4}-\d{2}-\d?$", people, re.MULTILINE)
