"""Relations that rules derive, on small graphs where one thing at a time differs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import act, spell
from csto.graph.dataset import TIMELESS, Dataset
from csto.sparql.text import select
from csto.vocabulary import shorten

Make = Callable[[str], Dataset]

PREFIXES = """
PREFIX csto: <https://w3id.org/csto/ontology#>
PREFIX crisis: <https://w3id.org/csto/id/crisis/>
PREFIX extent: <https://w3id.org/csto/concept/extent/>
PREFIX state: <https://w3id.org/csto/id/state/>
"""


def ask(dataset: Dataset, pattern: str) -> set[tuple[str, ...]]:
    """The rows of ``SELECT … WHERE { pattern }``, shortened; variables in order of their names."""
    import re

    dataset.make_asked()
    names = sorted(set(re.findall(r"\?(\w+)", pattern)))
    text = f"{PREFIXES} SELECT {' '.join('?' + n for n in names)} WHERE {{ {pattern} }}"
    return {
        tuple(shorten(row[n].value) for n in names) for row in select(dataset.store, text, TIMELESS)
    }


def crisis(name: str, start: str, last: str, extra: str = "") -> str:
    """A crisis between states one and two, on one side each; an empty ``last`` is unknown."""
    end = f' ; csto:lastDay "{last}"^^edtf:EDTF' if last else ""
    side = "<https://w3id.org/csto/id/side/"
    return f"""
crisis:{name} a csto:Crisis ; rdfs:label "{name}"@en ; csto:evidence src:p1 ;
    csto:start "{start}"^^edtf:EDTF{end} {extra}.
{side}{name}-one> a csto:CrisisSide ; rdfs:label "a"@en ; csto:inCrisis crisis:{name} ;
    csto:participant state:one ; csto:opposes {side}{name}-two> ; csto:evidence src:p1 .
{side}{name}-two> a csto:CrisisSide ; rdfs:label "b"@en ; csto:inCrisis crisis:{name} ;
    csto:participant state:two ; csto:opposes {side}{name}-one> ; csto:evidence src:p1 .
"""


# One sits in Left, two in Right, and three comes to sit in both on 1 June 2000.
BETWEEN = (
    'state:three a csto:State ; rdfs:label "Three"@en .\n'
    + act("begun", "1990-01-01")
    + act("joined", "2000-06-01")
    + spell("one-left", "csto:status status:member ; csto:openedBy act:begun")
    + spell("two-right", "csto:status status:member ; csto:openedBy act:begun", "right", "two")
    + spell("three-left", "csto:status status:member ; csto:openedBy act:begun", "left", "three")
    + spell("three-right", "csto:status status:member ; csto:openedBy act:joined", "right", "three")
)


def loyalties(dataset: Dataset, relation: str) -> set[str]:
    return {row[0] for row in ask(dataset, f"state:three csto:{relation} ?crisis")}


def test_divided_loyalty_on_the_first_day_on_any_day_and_throughout(graph: Make) -> None:
    made = graph(
        BETWEEN
        + crisis("before", "2000-02-01", "2000-03-01")
        + crisis("across", "2000-02-01", "2000-08-01")
        + crisis("after", "2000-07-01", "2000-08-01")
        + crisis("somewhen", "2000", "")
        + crisis("going-on", "2000-02-01", "")
    )
    assert loyalties(made, "dividedLoyaltyIn") == {"crisis:after"}
    assert loyalties(made, "dividedLoyaltyThroughout") == {"crisis:after"}
    assert loyalties(made, "dividedLoyaltyDuring") == {"crisis:after", "crisis:across"}
    possible = ask(
        made,
        "?loyalty csto:loyaltyIn ?crisis ; csto:canHaveBeenDividedAt ?time ."
        " ?time csto:extent ?extent",
    )
    shown = {(row[0], row[1]) for row in possible}
    # A crisis of the year 2000 can have begun after June; one without an end can have reached June.
    assert ("crisis:somewhen", "extent:first-day") in shown
    assert ("crisis:going-on", "extent:any-day") in shown
    assert ("crisis:going-on", "extent:first-day") not in shown
    assert "crisis:before" not in {row[0] for row in shown}


def test_an_organization_with_both_sides_divides_nobody(graph: Make) -> None:
    made = graph(
        BETWEEN
        + act("later", "2000-07-15")
        + spell("two-left", "csto:status status:member ; csto:openedBy act:later", "left", "two")
        + crisis("long", "2000-07-01", "2000-08-01")
        + crisis("late", "2000-07-20", "2000-08-01")
    )
    # Two came into Left on the way: divided at first, and not throughout.
    assert loyalties(made, "dividedLoyaltyIn") == {"crisis:long"}
    assert loyalties(made, "dividedLoyaltyThroughout") == set()


def test_observers_belong_to_no_overlap(graph: Make) -> None:
    made = graph(
        act("begun", "1990-01-01")
        + spell("one-left", "csto:status status:member ; csto:openedBy act:begun")
        + spell("one-right", "csto:status status:observer ; csto:openedBy act:begun", "right")
        + spell("two-left", "csto:status status:member ; csto:openedBy act:begun", "left", "two")
        + spell("two-right", "csto:status status:member ; csto:openedBy act:begun", "right", "two")
    )
    assert ask(made, "?overlap csto:overlapHolder ?holder") == {
        ("state:two", "overlap:membership/two-left--membership/two-right")
    }


# Three other ways to have to do with an organization.
UNLIKE = ("associate", "participant-unratified", "observer")


def test_outside_is_said_only_of_known_territory_of_a_state_that_was_no_member(
    graph: Make,
) -> None:
    made = graph(
        act("begun", "1990-01-01")
        + act("joined", "2000-06-01")
        + spell("one-left", "csto:status status:member ; csto:openedBy act:begun")
        + spell("two-left", "csto:status status:member ; csto:openedBy act:joined", "left", "two")
        + crisis("at-home", "2000-01-01", "2000-01-02", "; csto:onTerritoryOf state:one ")
        + crisis("abroad", "2000-01-01", "2000-01-02", "; csto:onTerritoryOf state:two ")
        + crisis("unclear", "2000", "", "; csto:onTerritoryOf state:two ")
        + crisis("nowhere", "2000-01-01", "2000-01-02")
        + crisis("later", "2001-01-01", "2001-01-02", "; csto:onTerritoryOf state:two ")
        # That no source tells of a membership before 2012 does not say that there was none.
        + 'state:three a csto:State ; rdfs:label "Three"@en .\n'
        + spell(
            "three-left",
            'csto:status status:member ; csto:attestedOn "2012"^^edtf:EDTF',
            "left",
            "three",
        )
        + crisis("unknown", "2000-01-01", "2000-01-02", "; csto:onTerritoryOf state:three ")
        # Who is suspended still belongs to it.
        + act("suspended", "1999-01-01")
        + spell(
            "two-right",
            "csto:status status:suspended ; csto:openedBy act:suspended",
            "right",
            "two",
        )
        + spell("one-right", "csto:status status:member ; csto:openedBy act:begun", "right")
        # Neither an associate nor a participant that has not ratified is outside.
        + "".join(
            f'state:{name} a csto:State ; rdfs:label "{name}"@en .\n'
            + spell(f"{name}-left", f"csto:status status:{name}", "left", name)
            + crisis(
                f"on-{name}", "2000-01-01", "2000-01-02", f"; csto:onTerritoryOf state:{name} "
            )
            for name in UNLIKE
        )
    )
    assert ask(made, "?crisis csto:outsideTerritoryOfMembersOf ?body") == {
        ("body:left", "crisis:abroad"),
        ("body:left", "crisis:on-observer"),
        ("body:right", "crisis:unknown"),
        *(("body:right", f"crisis:on-{name}") for name in UNLIKE),
    }
    assert ask(made, "?crisis csto:onTerritoryOfMemberOf ?body") == {
        ("body:left", "crisis:at-home"),
        ("body:left", "crisis:later"),
        ("body:right", "crisis:at-home"),
    }


def test_an_opponent_who_may_have_been_a_member_makes_nothing_certain(graph: Make) -> None:
    kinds = "".join(
        f"body:{body} csto:organizationKind"
        " <https://w3id.org/csto/concept/organization-kind/alliance> .\n"
        for body in ("left", "right")
    )
    known = spell("two-left", 'csto:status status:member ; csto:attestedOn "2012"^^edtf:EDTF',
                  "left", "two")  # fmt: skip
    for told, certain in (("", True), (known, False)):
        made = graph(kinds + BETWEEN + told + crisis("x", "2000-07-01", "2000-08-01"))
        assert (loyalties(made, "dividedLoyaltyIn") == {"crisis:x"}) is certain


def test_whose_office_is_known_only_later_does_not_speak_for_it_before(graph: Make) -> None:
    said = (
        'act:{0} a csto:Statement ; rdfs:label "{0}"@en ; csto:agent person:head ;'
        ' csto:date "{1}"^^edtf:EDTF ; csto:evidence src:p1 .\n'
    )
    made = graph(
        "@prefix office: <https://w3id.org/csto/id/office/> .\n"
        "@prefix person: <https://w3id.org/csto/id/person/> .\n"
        'person:head a csto:Person ; rdfs:label "head"@en .\n'
        'office:head a csto:Office ; rdfs:label "Head"@en ; csto:officeOf state:one ;'
        " csto:evidence src:p1 .\n"
        'm:head a csto:Tenure ; rdfs:label "head"@en ; csto:officeHolder person:head ;'
        ' csto:office office:head ; csto:attestedOn "2012"^^edtf:EDTF ; csto:evidence src:p1 .\n'
        + said.format("before", "2005-01-01")
        + said.format("then", "2012-05-01")
    )
    assert ask(made, "?act csto:possiblyOnBehalfOf ?whom") == {("act:then", "state:one")}


def test_a_start_within_a_year_makes_no_day_of_it_certain(graph: Make) -> None:
    made = graph(crisis("exact", "2000-05-03", "") + crisis("vague", "2000", ""))
    rows = ask(
        made, "?crisis csto:startLatest ?begun ; csto:endEarliest ?over . FILTER(?begun < ?over)"
    )
    assert {row[1] for row in rows} == {"crisis:exact"}


def test_requests_in_vain_and_without_a_recorded_answer(graph: Make) -> None:
    ask_ = (
        'act:{0} a csto:Request ; rdfs:label "{0}"@en ; csto:agent state:one ;'
        " csto:addressee body:left ; csto:evidence src:p1 .\n"
    )
    say = (
        'act:{0}-answer a csto:Answer ; rdfs:label "{0}"@en ; csto:agent body:left ;'
        " csto:answers act:{0} ; csto:evidence src:p1 ;"
        " csto:answerKind <https://w3id.org/csto/concept/answer-kind/{1}> .\n"
    )
    made = graph(
        "".join(ask_.format(n) for n in ("given", "refused", "half", "forgotten", "unknown"))
        + say.format("given", "granted")
        + say.format("refused", "declined")
        + say.format("half", "declined")
        + say.format("half", "other-help").replace("half-answer", "half-other")
        + '<https://w3id.org/csto/id/omission/o> a csto:Omission ; rdfs:label "o"@en ;'
        " csto:agent body:left ; csto:answers act:forgotten ; csto:evidence src:p1 ;"
        " csto:omittedKind <https://w3id.org/csto/concept/act-kind/answer> .\n"
    )
    assert ask(made, "?request csto:inVainWith ?body") == {
        ("body:left", "act:refused"),
        ("body:left", "act:forgotten"),
        # Help in another form is not what was asked.
        ("body:left", "act:half"),
    }
    assert ask(made, "?request csto:noAnswerRecordedFrom ?body") == {("body:left", "act:unknown")}
    assert ask(made, "?request csto:grantedBy ?body") == {("body:left", "act:given")}


def test_a_member_answers_for_its_organization_unless_it_was_asked_itself(graph: Make) -> None:
    asked = (
        'act:{0} a csto:Request ; rdfs:label "{0}"@en ; csto:agent state:two ;'
        " csto:addressee {1} ; csto:evidence src:p1 .\n"
        'act:{0}-answer a csto:Answer ; rdfs:label "{0}"@en ; csto:agent state:one ;'
        ' csto:answers act:{0} ; csto:date "{2}"^^edtf:EDTF ; csto:evidence src:p1 ;'
        " csto:answerKind <https://w3id.org/csto/concept/answer-kind/declined> .\n"
    )
    made = graph(
        act("begun", "1990-01-01")
        + spell("one-left", "csto:status status:member ; csto:openedBy act:begun")
        + asked.format("member", "body:left", "2000-05-03")
        + asked.format("both", "body:left , state:one", "2000-05-03")
        + asked.format("before", "body:left", "1989-05-03")
        + asked.format("outsider", "body:right", "2000-05-03")
    )
    assert ask(made, "?request csto:noAnswerRecordedFrom ?body") == {
        ("body:left", "act:both"),
        ("body:left", "act:before"),
        ("body:right", "act:outsider"),
    }


@pytest.mark.parametrize(("other", "kind"), [("killed", "agree"), ("wounded", "contradict")])
def test_the_same_number_of_different_things_is_no_agreement(
    graph: Make, other: str, kind: str
) -> None:
    figure = (
        'claim:{0} a csto:Figure ; rdfs:label "{0}"@en ; csto:about crisis:x ; csto:value 94 ;'
        " csto:measure <https://w3id.org/csto/concept/measure/{1}> ; csto:claimant source:{2} ;"
        " csto:statedIn {3} ; csto:rank rank:normal .\n"
    )
    made = graph(
        'source:more a csto:Source ; rdfs:label "More"@en .\n'
        '<https://w3id.org/csto/source/more#p1> a csto:Passage ; rdfs:label "More, p. 1"@en ;'
        " dcterms:isPartOf source:more .\n"
        + figure.format("first", "killed", "test", "src:p1")
        + figure.format("second", other, "more", "<https://w3id.org/csto/source/more#p1>")
        + '<https://w3id.org/csto/id/conflict/c> a csto:Conflict ; rdfs:label "c"@en ;'
        " csto:rivalClaim claim:first , claim:second .\n"
    )
    assert ask(made, "?conflict csto:conflictKind ?kind") == {
        ("conflict:c", f"conflictkind:{kind}")
    }


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("opposes|body:left|fit:whole|", "opposes|body:left|fit:whole|", "agree"),
        ("opposes|body:left|fit:whole|", "opposes|body:left|fit:whole|denies", "contradict"),
        ("opposes|body:left|fit:whole|", "supports|body:left|fit:whole|", "contradict"),
        ("opposes|body:left|fit:whole|", "opposes|body:left|fit:whole|possibility", "contradict"),
        # What they share is a part of what they say.
        ("opposes|body:left|fit:part|", "opposes|body:left|fit:part|", "contradict"),
    ],
)
def test_claims_of_a_relation_agree_if_they_say_the_same(
    graph: Make, first: str, second: str, kind: str
) -> None:
    concept = "https://w3id.org/csto/concept"

    def claim(name: str, said: str, source: str, place: str) -> str:
        relation, thing, fit, how = said.split("|")
        manner = {
            "": "",
            "denies": f"csto:polarity <{concept}/polarity/denies> ;",
            "possibility": f"csto:modality <{concept}/modality/possibility> ;",
        }[how]
        return (
            f'claim:{name} a csto:Claim ; rdfs:label "{name}"@en ; csto:subject state:a ;'
            f" csto:relation <{concept}/relation/{relation}> ; csto:object {thing} ; {manner}"
            f' csto:fit <{concept}/fit/{fit.removeprefix("fit:")}> ; csto:proposition "{name}"@en ;'
            f" csto:claimant source:{source} ; csto:statedIn {place} ; csto:rank rank:normal .\n"
        )

    made = graph(
        'source:more a csto:Source ; rdfs:label "More"@en .\n'
        '<https://w3id.org/csto/source/more#p1> a csto:Passage ; rdfs:label "More, p. 1"@en ;'
        " dcterms:isPartOf source:more .\n"
        + claim("first", first, "test", "src:p1")
        + claim("second", second, "more", "<https://w3id.org/csto/source/more#p1>")
        + '<https://w3id.org/csto/id/conflict/c> a csto:Conflict ; rdfs:label "c"@en ;'
        " csto:rivalClaim claim:first , claim:second .\n"
    )
    assert ask(made, "?conflict csto:conflictKind ?kind") == {
        ("conflict:c", f"conflictkind:{kind}")
    }


@pytest.mark.parametrize(("second", "kind"), [("state:two", "contradict"), ("state:one", "single")])
def test_two_whom_one_source_quotes_contradict_each_other(
    graph: Make, second: str, kind: str
) -> None:
    claim = (
        'claim:{0} a csto:Claim ; rdfs:label "{0}"@en ; csto:subject body:left ;'
        ' csto:relation csto:date ; csto:value "{1}"^^edtf:EDTF ; csto:claimant {2} ;'
        " csto:reportedBy source:test ; csto:statedIn src:p1 ; csto:rank rank:normal .\n"
    )
    made = graph(
        claim.format("c", "2001", "state:one")
        + claim.format("d", "2002", second)
        + '<https://w3id.org/csto/id/conflict/c> a csto:Conflict ; rdfs:label "c"@en ;'
        " csto:rivalClaim claim:c , claim:d .\n"
    )
    assert ask(made, "?conflict csto:conflictKind ?kind") == {
        ("conflict:c", f"conflictkind:{kind}")
    }


CLAIM = """
claim:{0} a csto:Claim ; rdfs:label "{0}"@en ; csto:subject {1} ; csto:relation {2} ;
    csto:object {3} ; csto:fit <https://w3id.org/csto/concept/fit/whole> ;
    csto:proposition "Said by {0}."@en ; csto:claimant source:test ; csto:statedIn src:p1 {4} .
"""
PREFERRED = '; csto:rank rank:preferred ; csto:reason "It is better."@en '


@pytest.mark.parametrize(
    ("confined", "accepted"), [("", {("state:two",)}), ("; csto:inRespectOf body:left ", set())]
)
def test_what_holds_in_some_respect_only_is_no_plain_fact(
    graph: Make, confined: str, accepted: set[tuple[str]]
) -> None:
    site = 'crisis:fire a csto:Crisis ; rdfs:label "Fire"@en ; csto:evidence src:p1 .\n'
    said = CLAIM.format(
        "where", "crisis:fire", "csto:onTerritoryOf", "state:two", PREFERRED + confined
    )
    assert ask(graph(site + said), "crisis:fire csto:onTerritoryOf ?state") == accepted


def test_claims_in_different_respects_do_not_give_one_answer(graph: Make) -> None:
    supports = "<https://w3id.org/csto/concept/relation/supports>"
    rank = "; csto:rank rank:normal "
    made = graph(
        CLAIM.format("plain", "state:one", supports, "state:two", rank)
        + CLAIM.format(
            "left", "state:one", supports, "state:two", rank + "; csto:inRespectOf body:left "
        )
        + CLAIM.format(
            "right", "state:one", supports, "state:two", rank + "; csto:inRespectOf body:right "
        )
        + '<https://w3id.org/csto/id/conflict/who> a csto:Conflict ; rdfs:label "Who?"@en ;'
        " csto:rivalClaim claim:plain , claim:left , claim:right ."
    )
    rows = ask(made, "?claim csto:answer ?said")
    assert {row for row in rows if row[0] != "claim:plain"} == {
        ("claim:left", "Said by left."),
        ("claim:right", "Said by right."),
    }
    # What a claim is confined to is also what it is about.
    assert ("claim:left", "body:left") in ask(made, "?claim csto:about ?what")
