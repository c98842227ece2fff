"""Answers say what is known, on whose word, and what is not known: cases that once were false."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Ran
from csto.answer.panel.spans import situation
from csto.graph.dataset import Dataset

Ask = Callable[..., Ran]


def certainty(ran: Ran, label: str, at: int = -1) -> list[str]:
    return [row[at] for row in ran.rows if label in row]


# --- days -------------------------------------------------------------------------------


def test_russian_troops_before_the_first_attestation(csto: Ask) -> None:
    rows = csto("query", "forces/stationing-on", "--on", "2015-06-01").rows
    hosts = {row[1] for row in rows if row[0] == "Russia" and row[-1] == "certain"}
    assert {"Armenia", "Tajikistan"} <= hosts


def test_no_american_base_after_it_closed(csto: Ask) -> None:
    for arguments in ((), ("--open",)):
        ran = csto("query", "forces/stationing-on", "--on", "2022-06-01", *arguments)
        assert not [row for row in ran.rows if row[0] == "United States"]


def test_what_is_open_is_counted_and_listed_when_asked(csto: Ask) -> None:
    ran = csto("query", "forces/stationing-on", "--on", "2022-06-01")
    assert "more of which no source says whether then; --open lists them" in ran.err
    assert not [row for row in ran.rows if row[-1] == "open"]
    listed = csto("query", "forces/stationing-on", "--on", "2022-06-01", "--open").rows
    assert [row for row in listed if row[-1] == "open"]
    ran = csto("query", "-e", "SELECT ?s { ?s a csto:State }", "--open")
    assert ran.code == 2


def test_nobody_is_possibly_in_office_long_before_the_first_source(csto: Ask) -> None:
    ran = csto("query", "offices/holders-on", "-p", "office=Prime Minister of Armenia",
               "--on", "2008-06-01")  # fmt: skip
    assert not ran.rows
    assert "known only from 2018" in ran.err


def test_widths_lie_within_each_other(shipped: Dataset) -> None:
    spans = shipped.spans
    less = spans.days.less
    for narrow, wide in ((0, 1), (1, 2)):
        held = spans.held[wide]
        outside = [t for t, days in spans.held[narrow].items() if less[days, held.get(t, 0)]]
        assert not outside, outside[:3]


def test_nothing_open_is_in_a_year() -> None:
    span = situation("2010-01-01", "2010-01-01", "", "", 999_999, "2012-01-01")
    assert span is not None
    assert span.possible[1] == situation("2012-01-01", "", "", "", 999_999).possible[0]  # type: ignore[union-attr]


# --- readings ---------------------------------------------------------------------------


def test_the_suspension_of_uzbekistan_is_possible_with_both_readings(csto: Ask) -> None:
    ran = csto("query", "memberships/affiliations-on", "-p", "organization=CSTO",
               "--on", "2020-01-01")  # fmt: skip
    (row,) = [row for row in ran.rows if "Uzbekistan" in row]
    assert row[2] == "suspended member"
    assert row[-2] == "possible"
    assert "TASS" in row[-1]
    assert "denied: ATOP, Troitskiy et al." in row[-1]


def test_what_follows_from_the_suspension_is_possible_too(csto: Ask) -> None:
    votes = csto("query", "law/who-votes", "--on", "2020-01-01")
    assert certainty(votes, "Uzbekistan") == ["possible"]
    bound = csto("query", "law/bound-on", "-p", "instrument=CSTO Charter", "--on", "2020-01-01")
    assert certainty(bound, "Uzbekistan") == ["possible"]
    leaving = csto("law", "exit", "--state", "Uzbekistan", "--suppose", "notice=2020-01-01")
    assert {row[-1] for row in leaving.rows} == {"possible"}


def test_certainty_is_told_for_each_member_of_an_answer(csto: Ask) -> None:
    rows = csto(
        "query",
        "law/who-must-agree",
        "-p",
        "matter=action:host-outside-forces",
        "-p",
        "state=Kyrgyzstan",
        "--on",
        "2025-01-01",
    ).rows
    by_certainty = {row[-1]: row[-2] for row in rows if row[3] == "can stop it"}
    assert "Uzbekistan" not in by_certainty["certain"]
    assert "Armenia" in by_certainty["certain"]
    assert by_certainty["possible"] == "Uzbekistan (presumed)"


def test_a_run_of_statuses_has_no_hole(csto: Ask) -> None:
    asked = "ASK { state:belarus csto:affiliatedWith body:sco }"
    assert csto("query", "-e", asked, "--on", "2015-06-01").out.strip() == "true"


def test_a_claimed_end_bounds_from_below(graph: Callable[[str], Dataset]) -> None:
    from conftest import spell

    dataset = graph(
        spell("one", 'csto:status status:member ; csto:start "2002-10-07"^^edtf:EDTF')
        + "m:gone a csto:Claim ; csto:subject m:one ; csto:relation csto:end ;"
        ' csto:value "2014-02-22"^^edtf:EDTF ; csto:claimant src:s ; csto:statedIn src:p1 ;'
        " csto:rank rank:normal .\n"
    )
    triples = {
        t.predicate.value.rpartition("#")[2]: days for t, days in dataset.spans.held[0].items()
    }
    certain = dataset.spans.days.runs(triples["holdsOn"])
    assert str(certain[0][1]) == "2014-02-21"
    triples = {
        t.predicate.value.rpartition("#")[2]: days for t, days in dataset.spans.held[1].items()
    }
    assert dataset.spans.days.runs(triples["holdsOn"])[0][1] is None


def test_a_claim_about_a_day_is_no_timeless_truth(csto: Ask) -> None:
    asked = "SELECT ?p { office:csto-secretary-general csto:officeHolder ?p }"
    assert not csto("query", "-e", asked).rows


# --- absences ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["memberships/members-on", "-p", "organization=EAEU", "--on", "2005-01-01"],
            "was founded",
        ),
        (["forces/stationing-on", "-p", "host=Georgia", "--on", "2015-01-01"], "not covered"),
        (
            ["forces/stationing-on", "-p", "host=Kazakhstan", "--on", "2001-01-01"],
            "no source says so",
        ),
        (["offices/holders-on", "--on", "1995-06-01"], "known only from 2003-04-28"),
    ],
)
def test_an_empty_answer_says_which_absence_it_is(
    csto: Ask, arguments: list[str], said: str
) -> None:
    ran = csto("query", *arguments)
    assert not ran.rows
    assert said in ran.err


# --- weight -----------------------------------------------------------------------------


def test_forums_divide_nobody_unless_asked(csto: Ask) -> None:
    told = csto("query", "crises/divided-loyalties")
    for row in told.rows:
        assert not {"CICA", "ECO", "OIC", "UN", "OSCE"} & set(", ".join(row[3:6:2]).split(", "))
    every = csto("query", "crises/divided-loyalties", "-p", "through=all")
    assert len(every.rows) > len(told.rows)
    first = csto("explain", "KAZAKHSTAN", "dividedLoyaltyIn", "karabakh-2020").out.splitlines()[:4]
    assert "ots" in " ".join(first)


def test_changes_of_vote_are_on_one_subject_and_between_votes(csto: Ask) -> None:
    rows = csto("query", "votes/changes-in-series").rows
    assert rows
    assert not [row for row in rows if "emergency" in row[0] or "not voting" in row]


def test_an_overlap_tells_of_partners_and_counts_them_when_asked(csto: Ask) -> None:
    ran = csto("overlap", "CSTO", "PFP", "--on", "2010-01-01")
    assert not ran.rows
    assert "with the status partner" in ran.err
    rows = csto("overlap", "CSTO", "PFP", "--on", "2010-01-01", "--status", "partner").rows
    assert len(rows) == 7
