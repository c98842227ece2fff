"""Tables for people: words for dates, nothing broken, records where there is no room."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from conftest import Ran, run_csto
from csto.answer.columns import paragraph, table
from csto.answer.dates import duration_in_words, in_words, span_in_words
from support.sample import some

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


# --- texts, at both widths of a terminal ---------------------------------------------------

SPLIT_DATE = re.compile(
    r"(?:\b\d{1,2}|January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\n\s*(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December|(?:19|20)\d\d)\b"
)


def test_a_paragraph_keeps_dates_and_hyphened_names_whole() -> None:
    said = "Talks on the border of Kyrgyzstan and Tajikistan in Batken, on 16 September 2022"
    for room in range(24, 60):
        lines = paragraph(said, room, "- ", "  ")
        assert "16 September 2022" in "\n".join(lines)
        assert max(map(len, lines)) <= room
        assert " ".join(line[2:] for line in lines) == said
    assert paragraph("published on 9 January", 20) == ["published on", "9 January"]


@pytest.mark.sampled
@pytest.mark.parametrize("room", some(["80", "120"], 1))
@pytest.mark.parametrize(
    "command",
    [
        ["show", "Kazakhstan"],
        ["compare", "Kazakhstan 2022", "Kyrgyzstan June 2010", "-f", "table"],
        ["conflicts", "--about", "Armenia", "-f", "table"],
        ["list", "acts", "--about", "Armenia", "--from", "2021", "--to-date", "2024", "--view",
         "timeline", "--rows", "by", "-f", "table"],
        ["law", "diff", "CSTO Charter", "2005-01-01", "2015-01-01", "-f", "table"],
    ],
    ids=lambda command: command[0],
)  # fmt: skip
def test_no_text_is_too_wide_cut_or_has_a_broken_date(command: list[str], room: str) -> None:
    told = run_csto(*command, env={"COLUMNS": room}).out
    assert max(map(len, told.splitlines())) <= int(room)
    assert "…" not in told
    assert not SPLIT_DATE.findall(told)
    # Dates for people are words.
    assert not re.findall(r"\((?:19|20)\d\d-\d\d(?:-\d\d)?\)", told)


def test_a_schema_keeps_its_properties_where_there_is_little_room() -> None:
    told = run_csto("schema", "requests", "-f", "table", env={"COLUMNS": "80"}).out
    assert "csto:agent       by" in told
    assert "values (stated)" in told
    assert "values (inferred)" in told
    assert max(map(len, told.splitlines())) <= 80


def test_a_matrix_turns_where_it_fits_the_other_way_round() -> None:
    sides = ["--rows", "instrument", "--columns", "agent", "--cell", "start", "-f", "table"]
    told = run_csto("list", "ratifications", "--view", "matrix", *sides, env={"COLUMNS": "120"}).out
    assert told.splitlines()[0].startswith("agent ")
    assert any(re.match(r"Armenia +18 February 1992 +16 March 1994", t) for t in told.splitlines())
    csv = run_csto("list", "ratifications", "--view", "matrix", *sides[:-1], "csv").out
    assert csv.startswith("instrument,Armenia,")
