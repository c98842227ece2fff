"""Answers say what is known, on whose word, and what is not known: cases that once were false."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable

import pytest

from conftest import Ran
from csto.answer.panel.spans import situation
from csto.answer.panel.spans import year as days_of
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
    assert "more of which no source of the graph says whether then; --open lists them" in ran.err
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


def test_what_is_attested_in_a_year_has_no_start_there(csto: Ask) -> None:
    given = csto("query", "forces/timeline", "-f", "csv").out
    rows = list(csv.DictReader(given.splitlines()))
    (bases,) = [row for row in rows if row["stationing"].endswith("russia-bases-kyrgyzstan")]
    assert (bases["known_from"], bases["from_earliest"]) == ("2012-01-01", "")
    panel = csto("panel", "directed-dyad-year", "--from", "2011", "--to", "2012").out
    troops = {
        (row["state_a"], row["state_b"], row["year"]): row["troops_hosted_min"]
        for row in csv.DictReader(panel.splitlines())
    }
    # The base at Kant is known since 2003, the other parts from 2012.
    assert [troops["state:kyrgyzstan", "state:russia", y] for y in ("2011", "2012")] == ["1", "2"]


def test_the_time_of_a_first_attestation_counts_as_a_whole() -> None:
    span = situation("", "2012-12-31", "2012-01-02", "", 999_999, "2013-01-01", "2012-01-01")
    assert span is not None
    assert [span.maybe_in(days_of(number)) for number in (2011, 2012, 2013)] == [False, True, False]
    # On which day of the year is not told; that it was on one of them is.
    assert span.surely_in(days_of(2012))


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
    assert certainty(votes, "Uzbekistan", 3) == ["possible"]
    bound = csto("query", "law/bound-on", "-p", "instrument=CSTO Charter", "--on", "2020-01-01")
    assert certainty(bound, "Uzbekistan", 4) == ["possible"]
    leaving = csto("law", "exit", "--state", "Uzbekistan", "--suppose", "notice=2020-01-01")
    assert {row[6] for row in leaving.rows} == {"possible"}


def test_certainty_is_told_for_each_member_of_an_answer(csto: Ask) -> None:
    given = ("-p", "matter=action:host-outside-forces", "-p", "state=Kyrgyzstan")
    rows = csto("query", "law/who-must-agree", *given, "--on", "2025-01-01").rows
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
        (
            ["law/bound-on", "--on", "2003-09-17"],
            "Security Treaty Organization was in force from 18 September 2003 at "
            "the earliest, after 17 September 2003",
        ),
        (
            [
                *("law/bound-on", "-p", "instrument=agreement:belarus-russia-union-treaty"),
                *("--on", "2005-01-01"),
            ],
            "in force on 1 January 2005: it ceased to be in force by 26 January 2000",
        ),
        (
            [
                *(
                    "law/bound-on",
                    "-p",
                    "instrument=agreement:russia-armenia-mutual-assistance-treaty",
                ),
                *("--on", "2012-04-22"),
            ],
            "no source of the graph says when it entered into force",
        ),
        (
            ["law/norms-on", "--on", "2003-09-17"],
            "was in force from 18 September 2003 at the earliest",
        ),
        (["forces/stationing-on", "-p", "host=Georgia", "--on", "2015-01-01"], "not covered"),
        (
            ["forces/stationing-on", "-p", "host=Kazakhstan", "--on", "2001-01-01"],
            "no source of the graph says so",
        ),
        (["offices/holders-on", "--on", "1995-06-01"], "known only from 2003-04-28"),
        (
            ["law/who-must-agree", "-p", "matter=action:host-outside-forces", "--on", "1991-01-01"],
            "does not look for any norms on 1991-01-01",
        ),
        (
            ["law/who-must-agree", "-p", "matter=action:withdraw", "--on", "2013-06-01"],
            "no wording that is known and in force that day asks others to agree",
        ),
    ],
)
def test_an_empty_answer_says_which_absence_it_is(
    csto: Ask, arguments: list[str], said: str
) -> None:
    ran = csto("query", *arguments)
    assert not ran.rows
    assert said in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list", "requests", "--by", "Hungary"], "graph says so; that there were no requests"),
        (["list", "votes", "--by", "Georgia"], "not covered: the graph does not look for any cast"),
        (["list", "stationings", "--on", "1995-01-01", "--to", "Georgia"], "not covered"),
        (["list", "accessions", "--by", "Mongolia"], "does not say how far it looks"),
        (["list", "tenures", "--on", "1995-01-01", "--about", "office:csto-secretary-general"],
         "known only from 2003-04-28"),
        (["find", "zzqx"], "no source of the graph says so in these words"),
        (["overlap", "NATO", "CSTO", "--on", "2005-01-01"], "no further memberships in North"),
        (["overlap", "NATO", "CSTO", "--on", "1999-01-01"], "did not exist yet"),
        (["law", "--on", "1990-01-01", "--state", "Georgia"], "not covered: the graph does not"),
        (["law", "diff", "CST", "2013-01-01", "2014-01-01"], "the list of which the graph has"),
        (["conflicts", "--about", "Hungary"], "graph says so; that there were no conflicts"),
        (["query", "positions/of", "-p", "agent=Hungary"], "that there were no positions"),
        (["compare", "Armenia", "Hungary", "-f", "csv"],
         "Hungary: The graph has nothing from its sources under"),
    ],
)  # fmt: skip
def test_every_command_says_which_absence_it_is(csto: Ask, arguments: list[str], said: str) -> None:
    assert said in csto(*arguments).err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list", "requests", "--by", "Hungary"], "no requests by Hungary does not"),
        (["list", "requests", "--about", "Hungary", "--to", "CSTO"], "Organization about Hungary"),
        (["list", "memberships", "--by", "Hungary", "--part", "CIS"], "memberships of Hungary in"),
        (["list", "exercises", "--where", "Hungary"], "no exercises in Hungary does not"),
        (["query", "forces/stationing-on", "-p", "host=Kazakhstan", "--on", "2001-01-01"],
         "stationings in Kazakhstan"),
        (["query", "positions/of", "-p", "agent=Hungary"], "no positions by Hungary does not"),
        (["conflicts", "--about", "Hungary"], "no conflicts about Hungary does not"),
    ],
)  # fmt: skip
def test_an_absence_names_the_role(csto: Ask, arguments: list[str], said: str) -> None:
    assert said in csto(*arguments).err


def test_what_is_open_is_open_in_every_command(csto: Ask) -> None:
    day = ["--on", "2025-11-30"]
    untold = "no source of the graph says whether then"
    assert f"Hosts troops    Russia (open: {untold})" in csto("show", "Armenia").out
    assert f"Russia (open: {untold})" in csto("compare", "Armenia", "Hungary", "-f", "csv").out
    for asked in (
        ["list", "stationings", "--where", "Armenia", *day],
        ["query", "forces/stationing-on", "-p", "host=Armenia", *day],
    ):
        told = csto(*asked)
        assert not told.rows
        assert f"2 more of which {untold}; --open lists them" in told.err
        opened = csto(*asked, "--open", "-f", "csv").out.splitlines()
        assert [row.rpartition(",")[2] for row in opened] == ["certainty", "open", "open"]
    section = csto("show", "Armenia", *day, "--section", "stationing").out
    assert "Russian border guards in Armenia (open)" in section
    sides = ["--rows", "stationingState", "--columns", "hostState"]
    matrix = csto("list", "stationings", *day, "--view", "matrix", *sides)
    assert "Russia,open,open,open,open,none told" in matrix.out
    assert "--open lists them" not in matrix.err


def test_what_lacks_a_place_is_counted(csto: Ask) -> None:
    told = csto("list", "crises", "--where", "Kyrgyzstan").err
    assert "more of which no place or territory is recorded; 1 of them about Kyrgyzstan" in told
    assert "no place" not in csto("list", "crises", "--about", "Kyrgyzstan").err


def test_open_needs_a_day(csto: Ask) -> None:
    ran = csto("list", "stationings", "--open")
    assert ran.code == 2
    assert "give a kind of situation and --on" in ran.err


def test_a_portrait_says_which_absence_is_under_which_heading(csto: Ask) -> None:
    told = csto("show", "Hungary").out
    assert "Not covered: hosts troops" in told
    assert "The graph has nothing from its sources under: party to" in told
    assert (
        "Not yet founded, so nothing under: members"
        in csto("show", "EAEU", "--on", "2005-01-01").out
    )


# --- weight -----------------------------------------------------------------------------


def test_forums_divide_nobody_unless_asked(csto: Ask) -> None:
    told = csto("query", "crises/divided-loyalties")
    for row in told.rows:
        assert not {"CICA", "ECO", "OIC", "UN", "OSCE"} & set(", ".join(row[3:6:2]).split(", "))
    every = csto("query", "crises/divided-loyalties", "-p", "through=all")
    assert len(every.rows) > len(told.rows)
    first = csto("explain", "KAZAKHSTAN", "dividedLoyaltyIn", "karabakh-2020").out.splitlines()[:4]
    assert "ots" in " ".join(first)
    # What is certain is proved by what is certain.
    assert "divided-loyalty:" in " ".join(first)
    assert "divided-loyalty-possible" not in " ".join(first)


def test_a_day_on_which_somebody_joined_a_forum_is_no_day_to_look_at(csto: Ask) -> None:
    """Armenia and Azerbaijan were admitted to what is now the OSCE, a forum, on 30 January 1992."""
    asked = (
        "SELECT ?day { crisis:karabakh-conflict ^csto:timeOf ?t . ?t csto:timeFrom ?day } "
        "ORDER BY ?day"
    )
    days = {row[0] for row in csto("query", "-e", asked).rows}
    assert "2009-10-03" in days
    assert "1992-01-30" not in days


def test_a_certain_loyalty_was_possible_too(csto: Ask) -> None:
    asked = "ASK { ?l csto:dividedAt ?t FILTER NOT EXISTS { ?l csto:canHaveBeenDividedAt ?t } }"
    assert csto("query", "-e", asked).out.strip() == "false"


def test_outsiders_enter_by_stands_and_not_by_every_act(csto: Ask) -> None:
    """Accessions and signatures beside a member take no stand on it."""
    rows = csto("query", "positions/outsiders").rows
    stands = {(row[0], row[3]) for row in rows if row[1] == "stand"}
    assert ("China", "Joint Russian-Chinese statement, March 2023") in stands
    assert ("United States", "Biden denounces the attack on Ukraine") in stands
    assert ("Ukraine", "Ukraine's proposal of a non-aggression pact to Belarus") in stands
    assert {who for who, _ in stands} == {"Azerbaijan", "China", "Ukraine", "United States"}
    # When American troops were at Khanabad, Uzbekistan was no member.
    troops = {row[3] for row in rows if row[1] == "troops in a member"}
    assert "American troops at Manas in Kyrgyzstan" in troops
    assert not [what for what in troops if "Khanabad" in what]


def test_what_reaches_how_far_is_not_called_a_last_day(csto: Ask) -> None:
    asked = "SELECT ?l { csto:lastKnown rdfs:label ?l }"
    assert csto("query", "-e", asked).rows == [["evidence reaches to the day before"]]


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


def test_a_majority_has_more_holders_than_each_rival(csto: Ask) -> None:
    """Two give 18,000 and two 20,000 for the rapid reaction forces."""
    kinds = {row[1]: row[2] for row in csto("conflicts", "--about", "CRRF", "--format", "csv").rows}
    assert kinds["How large are the Collective Rapid Reaction Forces?"] == "differ"


def test_an_author_and_the_text_are_one_holder(graph: Callable[[str], Dataset]) -> None:
    def claims(*holders: str) -> str:
        said = "".join(
            f'claim:c{n} a csto:Claim ; rdfs:label "c{n}"@en ; csto:subject body:left ;'
            f" csto:relation csto:seat ; csto:object state:{thing} ; csto:claimant {who} ;"
            " csto:statedIn src:p1 ; csto:rank rank:normal .\n"
            for n, (who, thing) in enumerate(zip(holders, ("one", "one", "two"), strict=True))
        )
        rivals = " , ".join(f"claim:c{n}" for n in range(3))
        return (
            "@prefix person: <https://w3id.org/csto/id/person/> ."
            "@prefix conflict: <https://w3id.org/csto/id/conflict/> .\n"
            'person:writer a csto:Person ; rdfs:label "Writer"@en .\n'
            "source:test csto:issuer person:writer .\n"
            f'conflict:c a csto:Conflict ; rdfs:label "Which?"@en ; csto:rivalClaim {rivals} .\n'
            + said
        )

    asked = "ASK { ?c <https://w3id.org/csto/ontology#hasSharedAnswer> true }"
    from csto.answer.query import run

    one = graph(claims("source:test", "person:writer", "state:one"))
    assert not bool(run(one, asked, "2020-01-01"))
    two = graph(claims("source:test", "state:two", "state:one"))
    assert bool(run(two, asked, "2020-01-01"))


# --- what was read and found wrong ----------------------------------------------------------


def test_a_ground_has_a_status_only_where_its_norm_can_have_been_in_force(csto: Ask) -> None:
    asked = "ASK { ?g csto:groundStatus ?s FILTER NOT EXISTS { ?g csto:groundCertainty ?c } }"
    assert csto("query", "-e", asked).out.strip() == "false"
    rows = csto("query", "law/grounds-by-status").rows
    (wanting,) = [row[3] for row in rows if "kyrgyzstan-2005" in row[0] and row[2] == "wanting"]
    # Article 6(2) for the two states concerned; the wordings of 2010 were not there in 2005.
    assert wanting == "2"


def test_the_rule_of_a_chair_is_about_the_chair_and_cites_its_passage(csto: Ask) -> None:
    rows = csto("query", "offices/chairs", "-p", "body=CSTO Parliamentary Assembly").rows
    rules = [row for row in rows if row[0] == "rule"]
    assert [row[1] for row in rules] == ["rotation with consensus"]
    assert [row[-1] for row in rules] == ["Troitskiy et al. 2023, §1.2 ¶17"]


def test_an_act_has_its_own_date_beside_the_day_of_its_effect(csto: Ask) -> None:
    """Armenia gave notice in March 2024 that guards were to leave by August."""
    rows = csto("query", "positions/on-behalf-of", "-p", "state=Armenia").rows
    assert [row[2] for row in rows if "zvartnots" in row[0]] == ["2024-03"]
    left = "SELECT ?s { tenure:tasmagambetov-csto-secretary-general csto:acceptedStart ?s }"
    assert csto("query", "-e", left).rows == [["2023-01-01"]]


def test_a_roll_call_that_a_state_missed_is_none_of_its_votes(csto: Ask) -> None:
    rows = csto("query", "votes/share-of-no").rows
    assert [row[3:5] for row in rows if row[1:3] == ["Kyrgyzstan", "before"]] == [["8", "9"]]


def test_a_facility_bounds_only_what_has_no_start_of_its_own(csto: Ask) -> None:
    asked = "ASK { stationing:russia-201st-base-tajikistan csto:notBefore ?day }"
    assert csto("query", "-e", asked).out.strip() == "false"


def test_talks_answer_a_request_for_consultations(csto: Ask) -> None:
    asked = "ASK { act:armenia-appeals-to-csto-over-border csto:inVainWith ?anybody }"
    assert csto("query", "-e", asked).out.strip() == "false"


def test_what_a_contested_crisis_was_is_told_by_claims(csto: Ask) -> None:
    asked = (
        "SELECT ?c ?k { VALUES ?c { crisis:armenia-azerbaijan-september-2022 crisis:ukraine-2022 "
        "crisis:kazakhstan-2022 crisis:afghanistan-2021 } ?c csto:threatKind ?k }"
    )
    assert [row[1].rsplit("/", 1)[-1] for row in csto("query", "-e", asked).rows] == [
        "border-clash"
    ]
    said = csto("query", "crises/by-threat").rows
    assert ["armed attack", "0", "3"] in said


def test_what_only_a_claim_tells_is_at_most_possible(csto: Ask) -> None:
    rows = csto("query", "forces/stationing-on", "--on", "2020-06-01").rows
    assert [row[-1] for row in rows if row[0] == "China"] == ["possible"]


def test_crises_begin_and_end_as_sources_say(csto: Ask) -> None:
    start = {row[0].rsplit("/", 1)[-1]: row[2:4] for row in csto("query", "crises/all").rows}
    # The year alone is no first of January, and what is over is not going on.
    assert start["georgia-2008"][0] == "[2008-08-07,2008-08-08]"
    assert start["belarus-2006"] == ["2006-03-19", "2006-03-25"]
    assert start["andijan-2005"][1].startswith("2005-05")


def test_what_has_no_date_is_bounded_by_who_tells_of_it(csto: Ask) -> None:
    rows = csto("list", "requests", "--format", "csv").rows
    (started,) = [row[1] for row in rows if row[0] == "act:russia-proposes-crrf"]
    assert started == "[..2023-01-31]"
    # Nor does it stand before what has a date.
    assert rows.index(next(row for row in rows if row[1].startswith("[.."))) > 8


def test_a_rival_commitment_that_is_only_possible_is_in_no_certain_slice(csto: Ask) -> None:
    asked = "ASK { state:uzbekistan csto:rivalCommitmentTo ?any }"
    assert csto("query", "-e", asked, "--on", "2001-06-01").out.strip() == "false"


def test_an_amended_article_is_not_certain_in_its_old_wording(csto: Ask) -> None:
    rows = csto("law", "diff", "CSTO Charter", "2012-12-20", "2023-01-01", "-f", "csv").rows
    assert "Art. 21" in [row[0] for row in rows]
    old = "ASK { provisionversion:charter-art21-2002 csto:holdsOn ?day }"
    assert csto("query", "-e", old, "--on", "2023-01-01").out.strip() == "false"


def test_the_other_side_of_an_incident_is_told(csto: Ask) -> None:
    rows = csto(
        "query", "crises/causes-and-outcomes", "-p",
        "crisis=Fighting on the Armenian-Azerbaijani border, September 2022",
    ).rows  # fmt: skip
    assert "Azerbaijan" in {row[3] for row in rows}


def test_elements_of_norms_are_those_of_the_text(csto: Ask) -> None:
    def of(norm: str, element: str) -> set[str]:
        asked = f"SELECT ?v {{ norm:{norm} csto:{element} ?v }}"
        return {row[0].rsplit("/", 1)[-1] for row in csto("query", "-e", asked).rows}

    # Use outside the members' territory has conditions; it does not begin with a threat.
    assert not of("cst-art6-p2-1992", "trigger")
    assert "in-the-interest-of-international-security" in of("cst-art6-p2-2010", "condition")
    # In 1992 the text speaks of armed forces, not of those of a system.
    assert of("cst-art6-p1-1992", "action") == {"use-armed-forces"}
    assert not of("cst-art6-p1-2010", "territorialScope")
    assert of("charter-art12-p4-2010-decision", "normKind") == {"procedure"}
    assert of("charter-art12-p5-2010", "decisionRule") == {"limited-format"}
    assert of("charter-art13-p6-2010-host", "bearer") == {"head-of-host-state"}
    assert of("charter-art27-p3", "bearer") == {"not-named"}
    assert of("charter-art19-p1", "normKind") == {"eligibility"}
    assert not of("charter-art8-p2-2010", "trigger")
    assert of("cst-preamble-own-forces", "normKind") == {"recital"}
    cited = csto("query", "-e", "SELECT ?p { norm:charter-art27-p2-entry csto:evidence ?p }").rows
    assert {"a2-art26-p1", "a2-art27-p2"} == {row[0].rsplit("#", 1)[-1] for row in cited}


def test_restraint_is_that_of_the_countries_less_the_one_in_the_conflict(csto: Ask) -> None:
    asked = "SELECT ?a { act:csto-restrained-on-abkhazia-and-south-ossetia csto:agent ?a }"
    agents = {row[0].rsplit("/", 1)[-1] for row in csto("query", "-e", asked).rows}
    assert len(agents) == 6
    assert not agents & {"russia", "csto"}


def test_who_has_left_is_bound_by_nothing_of_the_framework(csto: Ask) -> None:
    for state in ("Georgia", "Azerbaijan", "Uzbekistan"):
        bound = csto("law", "--state", state, "--on", "2005-01-01").rows
        assert all(row[2] == "its provisions are not in the graph" for row in bound)
        assert not [row for row in bound if "Collective Security" in row[0] or "CSTO" in row[0]]


def test_help_that_was_decided_is_not_none(csto: Ask) -> None:
    rows = csto("query", "crises/responses", "-p", "crisis=Kyrgyzstan June 2010").rows
    helped = {row[4]: row[6] for row in rows}
    assert helped["Collective Security Treaty Organization"] == "other help decided"
    chain = csto("query", "crises/chain", "-p", "crisis=Kyrgyzstan June 2010").rows
    assert "Secretaries of security councils agree on measures for Kyrgyzstan" in {
        row[2] for row in chain
    }


def test_where_no_source_says_who_chaired_only_the_rules_are_listed(csto: Ask) -> None:
    ran = csto("query", "offices/chairs", "-p", "body=body:csto-collective-security-council")
    assert {row[0] for row in ran.rows} == {"rule"}
    passages = {row[1]: row[-1] for row in ran.rows}
    host = passages["head of state of the host of the regular session"]
    assert host.endswith("Article 13 ¶6")


def test_a_norm_that_was_evaluated_counts_the_occasions_of_its_time(csto: Ask) -> None:
    rows = csto("query", "law/norms-never-met").rows
    outside = [row for row in rows if row[0].endswith("peacekeeping-agreement-outside")]
    asked = (
        "SELECT DISTINCT ?o { ?g csto:groundIn norm:peacekeeping-agreement-outside ; "
        "csto:groundStatus ?s ; csto:groundFor/csto:dayTo ?o } ORDER BY ?o"
    )
    assert [row[2] for row in outside] == ["evaluated, met on no occasion that is recorded"]
    # The agreement of 2007 entered into force in 2009.
    assert csto("query", "-e", asked).rows[0][0] > "2009"


def test_what_is_made_for_later_years_is_not_open_before(csto: Ask) -> None:
    """The strategy for 2021 to 2025 was not in force in 1994, in no width."""
    ran = csto("query", "policy/in-force-on", "--on", "1994-01-31", "--open")
    assert not ran.rows
    assert "known only from 1995-01-01" in ran.err


def test_a_reading_is_a_sentence_where_the_object_alone_says_nothing(csto: Ask) -> None:
    rows = csto("query", "knowledge/readings", "-p", "about=CRRF").rows
    assert not [row for row in rows if row[2].startswith("CSTO declines to send")]
    assert [row for row in rows if row[2].startswith("Sovereignty and non-interference")]


# --- what a reading of 200 derived answers against the texts found ------------------------


def test_of_two_speakers_each_speaks_for_his_own_state(csto: Ask) -> None:
    """Putin and Lukashenko asked together; neither spoke for the other's state."""
    for query, state, speaker in (("knowledge/on-behalf-of", 0, 3), ("positions/stances", 1, 6)):
        rows = csto("query", query).rows
        assert not [r for r in rows if r[state].endswith("russia") and "lukashenko" in r[speaker]]
        assert not [
            r
            for r in rows
            if "/state/" in r[state] and "/state/" in r[speaker] and r[state] != r[speaker]
        ]
    rows = csto("query", "knowledge/on-behalf-of", "-p", "whom=Russia").rows
    assert [r for r in rows if "russia-and-belarus-seek" in r[1] and "putin" in r[3]]


def test_who_gives_the_accepted_value_is_no_rival(csto: Ask) -> None:
    rows = csto("query", "knowledge/accepted", "-p", "thing=act:cst-signed").rows
    assert len(rows) == 6
    assert not [row[5] for row in rows if row[5]]
    staff = "thing=act:csto-joint-staff-established"
    (row,) = csto("query", "knowledge/accepted", "-p", staff).rows
    assert row[5] == "2004-01-01 (Kostiuk & Katkova 2022, deprecated)"
    question = "Which states concluded the Collective Security Treaty in 1992?"
    told = [row for row in csto("query", "knowledge/contradicted-by").rows if row[3] == question]
    assert not [row for row in told if "kostiuk" in row[0] and "riac" in row[1]]


def test_what_was_planned_backs_no_number_of_what_there_was(csto: Ask) -> None:
    rows = [
        row
        for row in csto("query", "knowledge/readings", "-p", "about=kazakhstan-2022").rows
        if row[1].startswith("How many peacekeepers")
    ]
    assert {row[2]: row[3] for row in rows}["planned 2500"] == "Stanislav Zas"
    told = csto("conflicts", "--about", "kazakhstan-2022", "--kind", "majority").rows
    assert not [row for row in told if row[0] == "C03"]


def test_an_occasion_of_a_crisis_is_its_outbreak_and_says_so(csto: Ask) -> None:
    """No norm bound Azerbaijan in 1988: of the years in which one did, no occasion is asked."""
    asked = ("-p", "crisis=karabakh-conflict", "--on", "2017-06-22")
    rows = csto("query", "law/concerned-in", *asked).rows
    assert ["outbreak: Conflict over Nagorno-Karabakh", ""] in [
        [row[1], row[4]] for row in rows if row[3] == "Azerbaijan"
    ]


def test_a_divided_loyalty_begins_on_the_accepted_first_day(csto: Ask) -> None:
    """One source has 1 April 2016; the accepted first day is the second."""
    rows = csto("query", "crises/divided-loyalties", "-p", "crisis=karabakh-april-2016").rows
    assert {row[7] for row in rows} == {"2016-04-02"}


def test_who_is_named_in_passing_is_not_certainly_in_office_for_ever(csto: Ask) -> None:
    """A book of 2009 is quoted with the title of its author: no source tells of later years."""
    analyst = "office=Analyst of the Kazakhstan Institute for Strategic Studies"
    (row,) = csto("query", "offices/holders-on", "-p", analyst, "--on", "2012-09-08").rows
    assert (row[1], row[5]) == ("Murad Laumulin", "possible")


def test_who_joined_at_once_divides_no_loyalty_between(csto: Ask) -> None:
    """Seven states joined the ECO on one day: on none was one in and another out."""
    asked = ("-p", "crisis=kyrgyz-tajik-border", "-p", "through=all", "-p", "when=any day")
    rows = csto("query", "crises/divided-loyalties", *asked).rows
    assert rows
    assert not [row for row in rows if "ECO" in row[3] + row[5]]


def test_a_judgement_on_several_documents_is_not_what_one_says(csto: Ask) -> None:
    asked = ("-p", "crisis=armenia-azerbaijan-september-2022")
    said = [row[3] for row in csto("query", "policy/goals-and-stands", *asked).rows]
    assert [what for what in said if "on a level with NATO" in what]
    assert not [what for what in said if "missing in later Russian concepts" in what]


def test_an_accepted_value_stands_with_what_it_is_told_of(csto: Ask) -> None:
    """The four forces are those of the organization: none of them is composed of another."""
    rows = csto("query", "knowledge/accepted", "-p", "thing=CRRF").rows
    assert {row[0].rpartition("/")[2] for row in rows if row[1] == "composed of"} == {"csto"}


def test_an_object_answers_only_where_all_rivals_speak_of_one_property(csto: Ask) -> None:
    rows = csto("query", "knowledge/readings", "-p", "about=CRRF").rows
    barred = [row[2] for row in rows if row[1].startswith("Was the CSTO legally barred")]
    assert "on the territory of a member state" not in barred
    assert [reading for reading in barred if "peacekeepers may be used inside" in reading]
    forces = [row[2] for row in rows if row[1].startswith("Which standing forces")]
    assert "Collective Aviation Forces of the CSTO" in forces


def test_who_joined_no_later_leaves_no_side_alone(csto: Ask) -> None:
    """Kyrgyzstan and Tajikistan joined the United Nations on one day: it never divided them."""
    asked = (
        "SELECT DISTINCT ?crisis { ?l a csto:DividedLoyalty ; csto:loyaltyIn ?crisis ; "
        "csto:sharedThrough body:un } ORDER BY ?crisis"
    )
    assert not csto("query", "-e", asked).rows
    asked = (
        "SELECT ?l { ?l csto:throughAlignment ?p , ?q . ?p csto:alignedAt ?day . "
        "?q csto:alignedAt ?day . ?p csto:alignedThrough/csto:organization ?o . "
        "?q csto:alignedThrough/csto:organization ?o . "
        "?p csto:alignedWith/csto:opposes ?side . ?q csto:alignedWith ?side } ORDER BY ?l"
    )
    assert not csto("query", "-e", asked).rows


def test_who_lays_an_attack_on_the_other_side_does_not_deny_that_there_was_one(csto: Ask) -> None:
    asked = (
        "SELECT DISTINCT ?who { ?g csto:groundFor crisis:kyrgyz-tajik-border-2021 ; "
        "csto:groundIn norm:cst-art4-p1-2010 ; csto:groundOf state:kyrgyzstan ; "
        "csto:triggerDisputed/csto:heldFor ?who } ORDER BY ?who"
    )
    assert [row[0].rsplit("/", 1)[1] for row in csto("query", "-e", asked).rows] == ["tajikistan"]
    asked = "SELECT ?c { ?c csto:deniesThreat ?k ; csto:affirmsThreat ?k } ORDER BY ?c"
    assert not csto("query", "-e", asked).rows


def test_the_usual_rule_of_a_norm_is_of_its_time(csto: Ask) -> None:
    """The limited format came with the protocol of 2010, in force since 19 December 2012."""
    rules = {}
    for year in ("1992", "2010"):
        rows = csto("query", "law/norm-parts", "-p", f"norm=norm:cst-art6-p1-{year}").rows
        rules[year] = {row[2] for row in rows if row[1] == "usual_rule"}
    assert rules == {"1992": {"consensus"}, "2010": {"consensus", "limited format"}}


def test_a_claim_on_later_acts_is_not_told_with_an_earlier_phase(csto: Ask) -> None:
    """Article 4 was refused in 2022 and 2023; that says nothing of April 2016."""
    for crisis, told in (("karabakh-april-2016", False), ("karabakh-conflict", True)):
        rows = csto("query", "law/claims-in", "-p", f"crisis=crisis:{crisis}").rows
        assert bool([r for r in rows if "article-4-refused-karabakh" in r[0]]) == told


def test_no_troops_abroad_before_there_was_an_abroad(csto: Ask) -> None:
    asked = (
        "SELECT ?s { ?s csto:stationingState|csto:hostState ?state ; csto:startEarliest ?start . "
        "?state csto:cowSystemFrom ?from FILTER(YEAR(?start) < YEAR(?from)) } ORDER BY ?s"
    )
    assert not csto("query", "-e", asked).rows


def test_the_day_on_which_something_is_made_public_is_not_its_start(csto: Ask) -> None:
    rows = csto("query", "memberships/stayed-away").rows
    assert {row[2] for row in rows if "armenia-csto" in row[0]} == {"[..2024-02-22]"}
    # "In force" is no more than "adopted": the source says that it remained in force.
    asked = "SELECT ?act { validity:russia-uzbekistan-agreement-2005 csto:openedBy ?act }"
    assert not csto("query", "-e", asked).rows


def test_a_share_of_a_year_before_the_founding_is_none(csto: Ask) -> None:
    ran = csto("panel", "state-organization-year", "--from", "2009", "--to", "2009")
    at = ran.out.splitlines()[0].split(",").index("member_share")
    (row,) = [row for row in ran.rows if row[0] == "state:russia" and row[4] == "body:eaeu"]
    assert row[at : at + 2] == ["-", "-"]


def test_subject_to_ratification_obliges_nobody(csto: Ask) -> None:
    asked = (
        "SELECT ?n { ?n csto:action action:ratify ; csto:normKind normkind:obligation } ORDER BY ?n"
    )
    assert not csto("query", "-e", asked).rows
    asked = "SELECT ?r { norm:military-technical-agreement-prices csto:bearer ?r }"
    assert csto("query", "-e", asked).rows == [
        ["https://w3id.org/csto/concept/norm-role/not-named"]
    ]


def test_votes_are_named_by_resolution_and_not_by_an_order_in_time(csto: Ask) -> None:
    """ES-11/3 was voted on after ES-11/1, though the call names it first."""
    ran = csto("query", "votes/changed-between", "-p", "first=A/RES/ES-11/3",
               "-p", "second=A/RES/ES-11/1", "-f", "csv")  # fmt: skip
    assert ran.out.splitlines()[0] == "state,label,vote_on_first,vote_on_second"
    assert [row[2:] for row in ran.rows if row[1] == "Armenia"] == [["not voting", "abstained"]]


def test_the_vote_of_the_member_that_is_put_out_does_not_count(csto: Ask) -> None:
    """Article 20 of the Charter: consensus on exclusion is that of the others."""
    for matter, expected in (
        ("exclude", "consensus or limited format, vote of the member concerned not counted"),
        ("admit", "consensus or limited format"),
    ):
        ran = csto(
            "query", "law/who-decides", "-p", f"matter=action:{matter}", "--on", "2013-03-20"
        )
        assert {row[4] for row in ran.rows} == {expected}


def test_how_to_leave_says_how_sure_it_is_that_a_state_is_bound(csto: Ask) -> None:
    for day, expected in (("2010-01-01", "certain"), ("2020-01-01", "possible")):
        ran = csto("query", "law/exits-on", "-p", "state=Uzbekistan", "--on", day)
        assert ran.rows
        assert {row[-1] for row in ran.rows} == {expected}


def test_an_end_is_one_row_with_its_passages_together(csto: Ask) -> None:
    rows = csto("query", "memberships/ended").rows
    ends = [tuple(row[:4]) for row in rows]
    assert len(ends) == len(set(ends))
    assert any("; " in row[-1] for row in rows)


def test_members_are_those_of_what_the_workspace_is_about(csto: Ask) -> None:
    named = csto("query", "memberships/members-on", "-p", "organization=CSTO")
    assert named.rows
    assert csto("query", "memberships/members-on").rows == named.rows


def test_nobody_stands_under_an_agreement_that_did_not_exist_yet(csto: Ask) -> None:
    asked = (
        "SELECT ?s { ?s a csto:PresumedStanding ; csto:standingAt ?when ; "
        "csto:standingUnder agreement:csto-peacekeeping-agreement . ?when csto:dayTo ?day "
        'FILTER(?day < "2009-01-01"^^xsd:date) } ORDER BY ?s'
    )
    assert not csto("query", "-e", asked).rows
    asked = asked.replace("<", ">", 1)
    assert csto("query", "-e", asked).rows
    # What the law of a later day would say is still told.
    later = csto("grounds", "kyrgyzstan-2005", "--on", "2024-01-01", "-f", "csv").rows
    told = [row for row in later if "peacekeeping" in row[3]]
    assert {row[2] for row in told} == {"Kyrgyzstan", "Russia"}
    assert {row[7] for row in told} == {"presumed"}


def test_stationings_in_one_state_are_told_apart(csto: Ask) -> None:
    """Two Russian stationings in Armenia have no facility, and began in the same year."""
    for day in ("2003-09-17", "2012-12-25", "2021-09-02"):
        rows = csto("query", "forces/stationing-on", "--on", day).rows
        assert len(rows) == len({tuple(row[:3]) for row in rows})


def test_that_no_source_dates_an_entry_into_force_is_not_said_as_not_in_force(csto: Ask) -> None:
    rows = csto("query", "law/instruments-on", "--on", "2003-09-17").rows
    told = {row[0].rsplit("/", 1)[-1]: tuple(row[2:]) for row in rows}
    assert told["cst"] == ("certain", "yes", "")
    later = "it was in force from 2003-09-18 at the earliest"
    assert told["csto-charter"] == ("", "yes", later)
    assert told["csto-logistics-medical-support-agreement"] == (
        "",
        "yes",
        "it was signed later: 2021",
    )
    unknown = (
        "no source of the graph says when it entered into force, so that it was not does not follow"
    )
    assert told["russia-armenia-mutual-assistance-treaty"] == ("", "no", unknown)


def test_who_is_bound_only_possibly_is_counted_apart(csto: Ask) -> None:
    rows = {row[0]: row[3] for row in csto("law", "--on", "2012-12-25", "-f", "csv").rows}
    charter = rows["Charter of the Collective Security Treaty Organization"]
    assert charter == "6 as a party, 6 as a member (and 1 possibly)"


def test_who_signed_and_ratified_has_both_dates(csto: Ask) -> None:
    rows = csto("query", "law/ratifications", "-p", "instrument=CIS Charter").rows
    (russia,) = [row[3:] for row in rows if row[2] == "Russia"]
    assert russia == ["1993-01-22", "", "1993-07-20", ""]
    assert not [row for row in csto("query", "law/ratifications").rows if not any(row[3:])]


def test_a_change_took_effect_with_its_own_part_of_the_protocol(csto: Ask) -> None:
    """Of the Charter's protocol of 2010 the changes of organization came eleven months earlier."""
    rows = csto("query", "law/amendments").rows
    changed = {row[2]: row[4] for row in rows if row[0].endswith("charter-amendment-protocol-2010")}
    assert changed["Article 7, paragraph 1, of the CSTO Charter"] == "2012-12-19"
    whole = changed["Charter of the Collective Security Treaty Organization"]
    assert whole == "2012-01-01; 2012-12-19"
    rows = csto("query", "law/agreements").rows
    assert [row[4] for row in rows if row[0].endswith("charter-amendment-protocol-2010")] == [whole]
    # A text that a conference adopted is signed by nobody; its day stands in a column of its own.
    assert [row[2:4] for row in rows if row[0].endswith("cica-almaty-act")] == [["", "2002-06-04"]]


def test_a_norm_of_which_nothing_is_recorded_is_not_said_to_be_never_met(csto: Ask) -> None:
    rows = {row[0].rsplit("/", 1)[-1]: row[2:] for row in csto("query", "law/norms-never-met").rows}
    said, occasions, wanting, contested, not_recorded = rows["cst-art4-p1-1992"]
    assert said == "evaluated, met on no occasion that is recorded"
    assert int(not_recorded) == 10
    assert int(occasions) <= int(wanting) + int(contested) + int(not_recorded)


def test_what_is_not_recorded_as_in_force_can_have_members(csto: Ask) -> None:
    rows = csto("query", "law/signed-and-not-in-force").rows
    though = {row[0].rsplit("/", 1)[-1]: row[3] for row in rows}
    assert though["north-atlantic-treaty"]
    assert not though["charter-fourth-protocol"]


@pytest.mark.parametrize(
    ("instrument", "day", "said"),
    [
        (
            "agreement:cis-anti-terrorism-center-csto-secretariat-memorandum",
            "2008-09-09",
            "was signed in 2011, after 9 September 2008",
        ),
        (
            "agreement:csto-logistics-medical-support-agreement",
            "1994-04-11",
            "was signed in 2021, after 11 April 1994",
        ),
        (
            "agreement:military-technical-cooperation-agreement",
            "1998-09-04",
            "was in force from 2000 at the earliest, after 4 September 1998",
        ),
    ],
)
def test_a_date_is_said_as_precisely_as_the_source_gives_it(
    csto: Ask, instrument: str, day: str, said: str
) -> None:
    ran = csto("query", "law/bound-on", "-p", f"instrument={instrument}", "--on", day)
    assert said in ran.err


def test_norms_of_one_sort_have_one_kind(csto: Ask) -> None:
    """Whoever lays down rules lays down a procedure; a price for members is their right."""
    asked = "SELECT DISTINCT ?k { ?n csto:action action:lay-down-procedure ; csto:normKind ?k }"
    assert [row[0].rsplit("/", 1)[-1] for row in csto("query", "-e", asked).rows] == ["procedure"]
    asked = "SELECT ?k { norm:military-technical-agreement-prices csto:normKind ?k }"
    assert [row[0].rsplit("/", 1)[-1] for row in csto("query", "-e", asked).rows] == ["right"]


def test_what_members_did_is_not_laid_to_their_organization(csto: Ask) -> None:
    asked = "SELECT ?who { act:armenia-requests-military-aid-karabakh csto:leftUndoneBy ?who }"
    undone = {row[0].rpartition("/")[2] for row in csto("query", "-e", asked).rows}
    # Chaput speaks of the other members, two of which said no.
    assert undone == {"belarus", "russia", "tajikistan"}
    said = (
        "SELECT ?kind { claim:foreign-ministers-un-efficiency csto:claimant ?who . ?who a ?kind }"
    )
    assert "https://w3id.org/csto/ontology#State" in csto("query", "-e", said).out
    body = "ASK { claim:foreign-ministers-un-efficiency csto:claimant/a csto:Organ }"
    assert csto("query", "-e", body).out.strip() == "false"


def test_answers_that_differ_need_not_contradict(csto: Ask) -> None:
    """Of what the EurAsEC was, one speaks of 2000 and another of 2003."""
    kinds = {row[0]: row[2] for row in csto("conflicts", "--format", "csv").rows}
    assert kinds["C30"] == "differ"
    rows = csto("query", "knowledge/contradicted-by").rows
    assert {row[2] for row in rows} == {"answers otherwise", "contests the claim"}
    assert all(row[3] for row in rows if row[2] == "answers otherwise")


def test_a_day_that_holds_under_a_condition_is_no_exact_day(csto: Ask) -> None:
    """The appeal to Russia was on 12 June; that to the CSTO only if the two are one."""
    asked = (
        "SELECT ?from ?to { act:kyrgyzstan-requests-peacekeepers-2010"
        " csto:earliest ?from ; csto:latest ?to }"
    )
    assert csto("query", "-e", asked).rows == [["2010-06-01", "2010-12-31"]]
    rows = csv.DictReader(
        csto("panel", "state-year", "--from", "2009", "--to", "2011").out.splitlines()
    )
    counts = {r["year"]: r["requests_made_min"] for r in rows if r["state"] == "state:kyrgyzstan"}
    assert counts == {"2009": "0", "2010": "1", "2011": "0"}


def test_what_is_only_arguable_is_not_said_to_be_met(csto: Ask) -> None:
    given = json.loads(csto("grounds", "Kyrgyzstan June 2010", "--format", "json").out)
    grounds = [ground for occasion in given["occasions"] for ground in occasion["grounds"]]
    asked = [g for g in grounds if g["elements"].get("request") == "arguable"]
    assert asked
    for ground in asked:
        assert ground["met_by"] == []
        assert ground["may_be_met_by"] == [
            "Otunbayeva asks for peacekeepers for southern Kyrgyzstan"
        ]
    help_ = json.loads(csto("grounds", "Kazakhstan 2022", "--format", "json").out)
    met = [g["met_by"] for o in help_["occasions"] for g in o["grounds"]
           if g["elements"].get("request") == "met"]  # fmt: skip
    assert met
    assert all(any("Tokayev" in name for name in names) for names in met)


@pytest.mark.parametrize(
    ("asked", "has_day"),
    [
        (["votes/unanimous"], False),
        (["law/amendments"], False),
        (["memberships/members-on"], True),
        (["policy/goals-and-stands", "-p", "crisis=Arab Spring"], True),
        (["law/norms-on"], True),
    ],
)
def test_a_question_without_a_day_says_that_on_changes_nothing(
    csto: Ask, asked: list[str], has_day: bool
) -> None:
    ran = csto("query", *asked, "--on", "2015-01-01")
    assert ran.code == 0, ran.err
    assert ("--on changes nothing" in ran.err) is not has_day
    assert "--on changes nothing" not in csto("query", *asked).err


def test_a_refused_declaration_is_no_refused_decision(csto: Ask) -> None:
    rows = csto("query", "law/refused-decisions").rows
    rules = {row[3]: row[5] for row in rows}
    assert "consensus" in rules["decision"]
    assert rules["declaration"] == ""


@pytest.mark.parametrize(
    "organ", ["body:csto-committee-of-secretaries", "CSTO Collective Security Council"]
)
def test_between_founding_and_charter_there_are_members_and_no_votes(csto: Ask, organ: str) -> None:
    """Founded on 7 October 2002, with a Charter that is in force since 18 September 2003."""
    asked = ("query", "law/who-votes", "-p", f"organ={organ}", "--on")
    between = csto(*asked, "2002-11-24").rows
    members = csto(
        "query", "memberships/members-on", "-p", "organization=CSTO", "--on", "2002-11-24"
    )
    assert {row[1] for row in between} == {row[1] for row in members.rows}
    assert len(between) == 6
    assert {row[2].partition(":")[0] for row in between} == {"none yet"}
    assert "Charter" in between[0][2]
    assert {row[2] for row in csto(*asked, "2003-09-18").rows} == {"counts"}
    before = csto(*asked, "2002-10-06")
    assert not before.rows
    assert "was founded" in before.err


def test_a_possible_bond_names_the_readings_that_make_it_possible(csto: Ask) -> None:
    for name in ("CSTO Charter", "agreement:csto-peacekeeping-agreement"):
        rows = csto("query", "law/bound-on", "-p", f"instrument={name}", "--on", "2023-02-24").rows
        told = {row[1]: (row[4], row[5]) for row in rows}
        assert told["Armenia"] == ("certain", "")
        certainty, readings = told["Uzbekistan"]
        assert certainty == "possible"
        assert "TASS: the suspended status began" in readings
        assert "denied: ATOP, Troitskiy et al.: Uzbekistan ended its membership" in readings
    votes = {row[1]: row for row in csto("query", "law/who-votes", "--on", "2020-09-14").rows}
    assert "denied: ATOP" in votes["Uzbekistan"][4]
    assert votes["Russia"][4] == ""
    said = csto("law", "--state", "Uzbekistan", "--on", "2020-09-14", "-f", "csv").err
    assert "possible by some readings: " in said
    assert "denied: ATOP" in said


def test_no_common_vote_is_no_agreement_of_none_in_none(csto: Ask) -> None:
    ran = csto("query", "votes/agreement-between", "-p", "one=Georgia", "-p", "other=Armenia")
    assert not ran.rows
    assert "does not look for any cast votes by Georgia" in ran.err
    assert csto("query", "votes/agreement-between", "-p", "one=Russia", "-p", "other=Armenia").rows


def test_a_resolution_has_its_symbol_and_not_that_of_its_draft(csto: Ask) -> None:
    (row,) = csto(
        "query",
        "-e",
        "SELECT ?symbol ?label { resolution:a-77-l-65 csto:symbol ?symbol ; rdfs:label ?label }",
    ).rows
    assert row[0] == "A/RES/77/284"
    assert row[1].startswith("A/RES/77/284 Cooperation")
    # The name of the draft still finds it.
    assert "77/284" in csto("show", "A/77/L.65").out


def test_founders_are_bound_from_the_entry_into_force(csto: Ask) -> None:
    """The Nakhchivan Agreement was not in force in July 2010; others could accede by 2019."""
    asked = ("query", "law/bound-on", "-p", "instrument=Nakhchivan Agreement", "--on")
    assert not csto(*asked, "2010-01-01").rows
    assert {row[4] for row in csto(*asked, "2012-01-01").rows} == {"possible"}
    assert {row[4] for row in csto(*asked, "2020-01-01").rows} == {"certain"}
    ratified = csto("query", "law/ratifications", "-p", "instrument=Nakhchivan Agreement").out
    assert "2010-09-27" in ratified
