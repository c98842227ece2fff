"""Golden answers on the shipped graph, as a user gets them from the command line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Ran
from csto.answer.emptiness import _joined

Csto = Callable[..., Ran]


def column(ran: Ran, name: str) -> list[str]:
    header = ran.out.splitlines()[0].split(",")
    return [row[header.index(name)] for row in ran.rows]


def test_who_sits_in_both_ots_and_csto(csto: Csto) -> None:
    ran = csto("overlap", "OTS", "CSTO", "--on", "2022-01-10", "--format", "csv")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "state,label,start,end,certainty,kind"
    assert [(row[1], row[2], row[3], row[4], row[5]) for row in ran.rows] == [
        ("Kazakhstan", "2009-10-03", "", "certain", "membership + membership"),
        ("Kyrgyzstan", "2009-10-03", "", "certain", "membership + membership"),
    ]


def test_an_organization_that_does_not_exist_yet(csto: Csto) -> None:
    ran = csto("overlap", "OTS", "CSTO", "--on", "2005-06-01", "--format", "csv")
    assert ran.code == 0
    assert ran.rows == []
    assert "OTS did not exist yet on 2005-06-01; it was established 2009-10-03" in ran.err


def test_uzbekistan_was_never_in_both_at_once(csto: Csto) -> None:
    ran = csto("overlap", "OTS", "CSTO", "--ever", "--format", "csv")
    assert column(ran, "label") == ["Kazakhstan", "Kyrgyzstan"]


def test_treaty_and_organization_differ(csto: Csto) -> None:
    organization = csto("overlap", "CSTO", "GUAM", "--ever", "--format", "csv")
    assert organization.rows == []
    treaty = csto("overlap", "CST", "GUAM", "--ever", "--format", "csv")
    rows = [(row[1], row[2], row[3], row[4], row[5]) for row in treaty.rows]
    assert rows == [
        ("Azerbaijan", "1997-10-10", "1999-04-20", "certain", "party + membership"),
        ("Georgia", "1997-10-10", "1999-04-20", "certain", "party + membership"),
        # Only on the reading of the working paper, which gives the year 1999 alone.
        ("Uzbekistan", "1999-04-24", "[..1999-12-31]", "possible", "party + membership"),
    ]


def test_three_organizations_and_any_way_of_naming_them(csto: Csto) -> None:
    ran = csto("overlap", "shanghai cooperation organisation", "ODKB-none", "--format", "csv")
    assert ran.code == 2
    ran = csto("overlap", "sco", "body:ots", "csto", "--on", "2022-01-10", "--format", "csv")
    assert column(ran, "label") == ["Kazakhstan", "Kyrgyzstan"]
    assert set(column(ran, "kind")) == {"membership + membership + membership"}
    russian = csto("overlap", "ОДКБ", "Turkic Council", "--on", "2022-01-10", "--format", "csv")
    assert column(russian, "label") == ["Kazakhstan", "Kyrgyzstan"]


def test_citations_say_where_each_date_stands(csto: Csto) -> None:
    ran = csto("overlap", "OTS", "CSTO", "--on", "2022-01-10", "--cite", "--format", "table")
    kazakhstan = ran.out[ran.out.index("\nKazakhstan\n") :]
    assert "3 October 2009 " in kazakhstan
    assert "7 October 2002 " in kazakhstan
    assert "Trend" in kazakhstan


@pytest.mark.parametrize(
    ("day", "certain", "possible"),
    [
        ("2003-01-01", 6, 0),
        ("2010-06-12", 7, 0),
        ("2012-09-01", 6, 1),
        ("2013-01-01", 6, 0),
        ("2024-06-01", 6, 0),
    ],
)
def test_members_of_the_csto(csto: Csto, day: str, certain: int, possible: int) -> None:
    ran = csto(
        "query",
        "memberships/members-on",
        "--param",
        "organization=CSTO",
        "--on",
        day,
        "--format",
        "csv",
    )
    assert column(ran, "certainty").count("certain") == certain
    assert column(ran, "certainty").count("possible") == possible
    assert set(column(ran, "counted_as")) == {"full member"}


def test_uzbekistan_in_september_2012_names_its_readings(csto: Csto) -> None:
    ran = csto(
        "query",
        "memberships/members-on",
        "--param",
        "organization=CSTO",
        "--on",
        "2012-09-01",
        "--format",
        "csv",
    )
    row = next(row for row in ran.rows if row[1] == "Uzbekistan")
    assert row[5] == "possible"
    assert "(2012-06-28)" in row[6]
    assert "(2012-12-19)" in row[6]
    assert "(2006-" not in row[6]
    assert all(other[6] == "" for other in ran.rows if other[1] != "Uzbekistan")


@pytest.mark.parametrize(
    ("day", "counted_as", "rows"),
    [("1993-01-01", "signatory", 6), ("1995-06-01", "party", 9), ("2005-01-01", "party", 6)],
)
def test_parties_to_the_treaty(csto: Csto, day: str, counted_as: str, rows: int) -> None:
    ran = csto(
        "query",
        "memberships/members-on",
        "--param",
        "organization=CST",
        "--on",
        day,
        "--format",
        "csv",
    )
    assert column(ran, "counted_as") == [counted_as] * rows


def test_armenia_stays_a_member_that_stays_away(csto: Csto) -> None:
    ran = csto(
        "query",
        "memberships/affiliations-on",
        "--param",
        "organization=CSTO",
        "--on",
        "2024-03-01",
        "--format",
        "csv",
    )
    armenia = {row[2] for row in ran.rows if row[1] == "Armenia"}
    assert armenia == {"full member", "non-participation"}


def test_vote_agreement_with_russia(csto: Csto) -> None:
    ran = csto("query", "votes/agreement-with", "--param", "state=Russia", "--format", "csv")
    assert ran.out.splitlines()[0] == "state,label,same,of"
    assert [(row[1], row[2], row[3]) for row in ran.rows] == [
        ("Belarus", "18", "18"),
        ("Armenia", "10", "18"),
        ("Kyrgyzstan", "9", "18"),
        ("Kazakhstan", "7", "18"),
        ("Tajikistan", "3", "18"),
    ]
    with_all = csto(
        "query",
        "votes/agreement-with",
        "-p",
        "state=Russia",
        "-p",
        "among=resolution:all",
        "--format",
        "csv",
    )
    assert set(column(with_all, "of")) == {"19"}


def test_unanimous_resolutions(csto: Csto) -> None:
    ran = csto("query", "votes/unanimous", "--format", "csv")
    assert [(row[1], row[3], row[4]) for row in ran.rows] == [
        ("A/RES/72/190", "no", "6"),
        ("A/RES/73/263", "no", "6"),
    ]
    # Of four members of the OTS the graph has the votes of two, and says so.
    of_ots = csto("query", "votes/unanimous", "-p", "organization=OTS", "--format", "csv")
    assert {tuple(row[4:6]) for row in of_ots.rows if row[2] < "2019"} == {("2", "4")}
    # One member alone agrees with itself; that is no row.
    assert all(int(row[4]) > 1 for row in of_ots.rows)


def test_votes_on_a_resolution(csto: Csto) -> None:
    ran = csto(
        "query", "votes/on-resolution", "--param", "resolution=A/RES/ES-11/3", "--format", "csv"
    )
    assert [(row[1], row[2]) for row in ran.rows] == [
        ("Armenia", "not voting"),
        ("Belarus", "no"),
        ("Kazakhstan", "no"),
        ("Kyrgyzstan", "no"),
        ("Russia", "no"),
        ("Tajikistan", "no"),
    ]


def test_share_of_no_before_and_after(csto: Csto) -> None:
    ran = csto("query", "votes/share-of-no", "--param", "day=2022-02-24", "--format", "csv")
    shares = {(row[1], row[2]): (row[3], row[4]) for row in ran.rows}
    assert shares["Armenia", "before"] == ("10", "10")
    # Seven votes: Armenia did not vote on ES-11/3.
    assert shares["Armenia", "from then on"] == ("0", "7")
    assert shares["Russia", "from then on"] == ("8", "8")


def test_memberships_that_began_and_ended_in_a_year(csto: Csto) -> None:
    ran = csto("query", "memberships/opened-and-closed", "--param", "year=1999", "--format", "csv")
    ended = {(row[2], row[3]) for row in ran.rows if row[1] == "ended"}
    assert {
        ("Azerbaijan", "Collective Security Treaty"),
        ("Georgia", "Collective Security Treaty"),
        ("Uzbekistan", "Collective Security Treaty"),
    } <= ended


def test_organizations_of_a_state(csto: Csto) -> None:
    ran = csto(
        "query",
        "memberships/organizations-of",
        "--param",
        "state=Kyrgyzstan",
        "--on",
        "2022-01-10",
        "--format",
        "csv",
    )
    found = {(row[1], row[2]) for row in ran.rows}
    assert {
        ("Collective Security Treaty Organization", "full member"),
        ("Organization of Turkic States", "full member"),
        ("Eurasian Economic Union", "full member"),
        ("Collective Security Treaty", "party"),
    } <= found


def test_another_value_is_looked_for_only_among_patterns_that_lead_to_it() -> None:
    # What is left without its UNION would be multiplied: every label with every other.
    patterns = ["?one <urn:p>* ?of .", "?text <urn:l> ?label .", "?one <urn:l> ?by ."]
    assert _joined(patterns, "?of") == [patterns[0], patterns[2]]
    assert _joined(patterns, "?label") == [patterns[1]]
