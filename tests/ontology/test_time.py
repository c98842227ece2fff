"""Time: readings, bounds, spells and slices, on cases that broke earlier designs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import act, spell
from csto.graph.dataset import TIMELESS, Dataset
from csto.sparql.text import select
from csto.vocabulary import BASE, NamedNode, csto

Make = Callable[[str], Dataset]


def bound(dataset: Dataset, name: str, kind: str = "membership") -> dict[str, str]:
    node = NamedNode(f"{BASE}id/{kind}/{name}")
    found = {}
    for local in (
        "startEarliest",
        "startLatest",
        "endEarliest",
        "endLatest",
        "knownFrom",
        "acceptedStart",
        "acceptedEnd",
    ):
        for graph in TIMELESS:
            for quad in dataset.store.quads_for_pattern(node, csto(local), None, graph):
                assert local not in found, f"two values of {local}"
                found[local] = quad.object.value  # type: ignore[union-attr]
    return found


def holding(dataset: Dataset, day: str) -> dict[str, str]:
    """Membership slugs that hold on a day, with their certainty."""
    found = {}
    for graph, word in zip(reversed(dataset.cut(day)), ("possible", "certain"), strict=True):
        for row in select(
            dataset.store, f"SELECT ?s WHERE {{ ?s <{csto('holdsOn').value}> ?d }}", [graph]
        ):
            found[row["s"].value.rsplit("/", 1)[-1]] = word  # type: ignore[union-attr]
    return found


def test_precise_acts_bound_a_spell(graph: Make) -> None:
    dataset = graph(
        act("in", "2006-08-16")
        + act("out", "2012-12-19", "Withdrawal")
        + spell("a", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:out")
    )
    assert bound(dataset, "a") == {
        "startEarliest": "2006-08-16",
        "startLatest": "2006-08-16",
        "endEarliest": "2012-12-19",
        "endLatest": "2012-12-19",
        "acceptedStart": "2006-08-16",
        "acceptedEnd": "2012-12-19",
    }
    assert holding(dataset, "2006-08-15") == {}
    assert holding(dataset, "2006-08-16") == {"a": "certain"}
    assert holding(dataset, "2012-12-18") == {"a": "certain"}
    # The closing day is no longer part of a legal situation.
    assert holding(dataset, "2012-12-19") == {}


def test_an_imprecise_act_makes_days_possible(graph: Make) -> None:
    dataset = graph(
        act("in", "2006-08") + spell("a", "csto:status status:member ; csto:openedBy act:in")
    )
    assert holding(dataset, "2006-07-31") == {}
    assert holding(dataset, "2006-08-15") == {"a": "possible"}
    assert holding(dataset, "2006-08-31") == {"a": "certain"}


def test_effective_date_wins(graph: Make) -> None:
    dataset = graph(
        act("in", "1993")
        + act("out", "2008-08-18", "Notice", '; csto:effectiveDate "2009-08-18"^^edtf:EDTF ')
        + spell("a", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:out")
    )
    assert bound(dataset, "a")["acceptedEnd"] == "2009-08-18"
    assert holding(dataset, "2009-01-01") == {"a": "certain"}


RIVAL_DATES = """
act:in a csto:Admission ; rdfs:label "in"@en ; csto:agent state:one ; csto:evidence src:p1 .
claim:good a csto:Claim ; rdfs:label "3 May"@en ; csto:subject act:in ; csto:relation csto:date ;
  csto:value "2005-05-03"^^edtf:EDTF ; csto:claimant source:test ; csto:statedIn src:p1 ;
  csto:rank rank:preferred ; csto:reason "first hand" .
claim:rival a csto:Claim ; rdfs:label "5 May"@en ; csto:subject act:in ; csto:relation csto:date ;
  csto:value "2005-05-05"^^edtf:EDTF ; csto:claimant source:test ; csto:statedIn src:p2 ;
  csto:rank rank:normal .
claim:wrong a csto:Claim ; rdfs:label "1999"@en ; csto:subject act:in ; csto:relation csto:date ;
  csto:value "1999"^^edtf:EDTF ; csto:claimant source:test ; csto:statedIn src:p2 ;
  csto:rank rank:deprecated .
"""


def test_rival_dates_span_and_the_preferred_one_is_shown(graph: Make) -> None:
    dataset = graph(RIVAL_DATES + spell("a", "csto:status status:member ; csto:openedBy act:in"))
    found = bound(dataset, "a")
    assert (found["startEarliest"], found["startLatest"]) == ("2005-05-03", "2005-05-05")
    assert found["acceptedStart"] == "2005-05-03"
    assert holding(dataset, "2005-05-04") == {"a": "possible"}


def test_rival_acts_are_readings_of_one_end(graph: Make) -> None:
    dataset = graph(
        act("in", "2006")
        + act("decision", "2012-12-19", "Suspension")
        + act("note", "2012-06-28", "Notice", '; csto:effectiveDate "2012-06-28"^^edtf:EDTF ')
        + spell("a", "csto:status status:member ; csto:openedBy act:in")
        + spell("b", "csto:status status:suspended")
        + "".join(
            f'claim:{m}{n} a csto:Claim ; rdfs:label "{m}{n}"@en ; csto:subject m:{m} ;'
            f" csto:relation csto:{p} ; csto:object act:{t} ; csto:claimant source:test ;"
            f' csto:statedIn src:p1 ; csto:rank rank:{r} ; csto:reason "x" .\n'
            for m, p in (("a", "closedBy"), ("b", "openedBy"))
            for n, t, r in ((1, "decision", "preferred"), (2, "note", "normal"))
        )
    )
    assert holding(dataset, "2012-06-01") == {"a": "certain"}
    assert holding(dataset, "2012-09-01") == {"a": "possible", "b": "possible"}
    assert holding(dataset, "2013-01-01") == {"b": "certain"}
    assert bound(dataset, "a")["acceptedEnd"] == "2012-12-19"


def test_a_suspension_left_open_is_no_membership(graph: Make) -> None:
    """The row this project exists to refuse: suspended in one, later a member of the other."""
    dataset = graph(
        act("in", "2006")
        + act("out", "2012-12-19", "Suspension")
        + act("other", "2019-10-15")
        + spell("a", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:out")
        + spell("b", "csto:status status:suspended ; csto:openedBy act:out")
        + spell("c", "csto:status status:member ; csto:openedBy act:other", "right")
    )
    dataset.make_asked()
    query = "SELECT ?o WHERE { ?o a <https://w3id.org/csto/ontology#Overlap> }"
    assert select(dataset.store, query, TIMELESS) == []


def test_spells_that_share_an_undated_act_do_not_overlap(graph: Make) -> None:
    dataset = graph(
        act("in", "2001")
        + act("switch", "2012")
        + spell("a", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:switch")
        + spell("b", "csto:status status:member ; csto:openedBy act:switch", "right")
    )
    dataset.make_asked()
    query = "SELECT ?o WHERE { ?o a <https://w3id.org/csto/ontology#Overlap> }"
    assert select(dataset.store, query, TIMELESS) == []
    other = graph(
        act("in", "2001")
        + act("out", "2012", "Withdrawal")
        + act("join", "2012")
        + spell("a", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:out")
        + spell("b", "csto:status status:member ; csto:openedBy act:join", "right")
    )
    certainty = "SELECT ?c WHERE { ?o <https://w3id.org/csto/ontology#overlapCertainty> ?c }"
    other.make_asked()
    rows = select(other.store, certainty, TIMELESS)
    assert [r["c"].value.rsplit("/", 1)[-1] for r in rows] == ["possible"]  # type: ignore[union-attr]


def test_unknown_start_is_bounded_by_framework_and_attestation(graph: Make) -> None:
    dataset = graph(
        act("founding", "1999-09-14", "Establishment")
        + "body:left csto:establishedBy act:founding .\n"
        + spell("a", 'csto:status status:observer ; csto:attestedOn "2006-06"^^edtf:EDTF')
    )
    assert holding(dataset, "1999-01-01") == {}
    assert holding(dataset, "2003-01-01") == {"a": "possible"}
    assert holding(dataset, "2006-06-30") == {"a": "certain"}
    # Legal situations go on to the cut-off of the graph, and after it nothing is certain.
    assert holding(dataset, "2025-12-31") == {"a": "certain"}
    assert holding(dataset, "2026-01-01") == {"a": "possible"}


def test_what_a_source_no_longer_tells_of_can_have_ended(graph: Make) -> None:
    """It held on some day of the year: that it held on the first day is certain, no more."""
    told = 'csto:status status:member ; csto:start "1999" ; csto:notToldAfter "2006"'
    dataset = graph(spell("a", told.replace('" ', '"^^edtf:EDTF ') + "^^edtf:EDTF"))
    assert holding(dataset, "2006-01-01") == {"a": "certain"}
    assert holding(dataset, "2006-01-02") == {"a": "possible"}
    assert holding(dataset, "2020-01-01") == {"a": "possible"}


def test_nothing_says_that_what_is_attested_began_then(graph: Make) -> None:
    """A first attestation is a day by which something held, and no day before which it did not."""
    dataset = graph(
        'crisis:x a csto:Crisis ; rdfs:label "x"@en ; csto:evidence src:p1 ;'
        ' csto:attestedOn "2011"^^edtf:EDTF .\n'
        + spell("a", 'csto:status status:member ; csto:attestedOn "2012"^^edtf:EDTF')
    )
    assert bound(dataset, "x", "crisis") == {
        "knownFrom": "2011-01-01",
        "startLatest": "2011-12-31",
        "endEarliest": "2011-01-02",
        "acceptedStart": "[..2011]",
    }
    assert bound(dataset, "a")["knownFrom"] == "2012-01-01"
    assert "startEarliest" not in bound(dataset, "a")
    assert holding(dataset, "2010-12-31") == {}
    assert holding(dataset, "2011-06-01") == {"x": "possible"}
    assert holding(dataset, "2012-06-01") == {"a": "possible"}
    assert holding(dataset, "2012-12-31") == {"a": "certain"}
    # Before, it is open: no source says that it did not hold.
    days = dataset.spans.days
    opened = {
        t.subject.value.rsplit("/", 1)[-1]: days.runs(held)  # type: ignore[union-attr]
        for t, held in dataset.spans.held[2].items()
        if t.predicate == csto("holdsOn")
    }
    assert {name: runs[0][0] for name, runs in opened.items()} == {"x": None, "a": None}


def test_an_occurrence_keeps_its_last_day(graph: Make) -> None:
    dataset = graph(
        'crisis:x a csto:Crisis ; rdfs:label "x"@en ; csto:evidence src:p1 ;'
        ' csto:start "2022-09-13"^^edtf:EDTF ; csto:lastDay "2022-09-14"^^edtf:EDTF .'
        'crisis:day a csto:Crisis ; rdfs:label "day"@en ; csto:evidence src:p1 ;'
        ' csto:start "2022-09-13"^^edtf:EDTF ; csto:lastDay "2022-09-13"^^edtf:EDTF .'
    )
    assert holding(dataset, "2022-09-13") == {"x": "certain", "day": "certain"}
    assert holding(dataset, "2022-09-14") == {"x": "certain"}
    assert holding(dataset, "2022-09-15") == {}


def test_a_fact_that_began_in_a_month_is_certain_on_no_day_of_it(graph: Make) -> None:
    fact = (
        'm:{0} a csto:Nonparticipation ; rdfs:label "{0}"@en ; csto:holder state:one ;'
        ' csto:framework body:left ; csto:evidence src:p1 ; csto:start "{1}"^^edtf:EDTF .\n'
    )
    dataset = graph(fact.format("vague", "2022-09") + fact.format("exact", "2022-09-01"))
    told = f"SELECT ?s ?d WHERE {{ ?s <{csto('certainTo').value}> ?d }}"
    certain = {
        row["s"].value.rsplit("/", 1)[-1]: row["d"].value  # type: ignore[union-attr]
        for row in select(dataset.store, told, TIMELESS)
    }
    assert certain == {"exact": "2022-09-02"}
    # It can have ended the day after it began, so that no day of the month is certain either.
    assert bound(dataset, "vague")["endEarliest"] == "2022-09-02"
    assert holding(dataset, "2022-09-01") == {"vague": "possible", "exact": "certain"}
    assert holding(dataset, "2022-09-30") == {"vague": "possible"}


def test_a_fact_is_certain_only_as_far_as_it_is_attested(graph: Make) -> None:
    dataset = graph(
        'm:n a csto:Nonparticipation ; rdfs:label "n"@en ; csto:holder state:one ;'
        ' csto:framework body:left ; csto:evidence src:p1 ; csto:start "2024-02-22"^^edtf:EDTF ;'
        ' csto:attestedOn "2024-06"^^edtf:EDTF .'
    )
    assert holding(dataset, "2024-06-01") == {"n": "certain"}
    # Nothing later is known of it: whether it went on is open, and open is not possible.
    assert holding(dataset, "2024-07-01") == {}


TENURES = """
@prefix capacity: <https://w3id.org/csto/concept/capacity/> .
@prefix office: <https://w3id.org/csto/id/office/> .
@prefix person: <https://w3id.org/csto/id/person/> .
office:head a csto:Office ; rdfs:label "Head"@en ; csto:evidence src:p1 .
""" + "".join(
    f'person:{name} a csto:Person ; rdfs:label "{name}"@en .\n'
    f'm:{name} a csto:Tenure ; rdfs:label "{name} as head"@en ; csto:officeHolder person:{name} ;'
    f" csto:office office:head ; csto:capacity capacity:full ; csto:evidence src:p1 ;"
    f' csto:attestedOn "{day}"^^edtf:EDTF .\n'
    for name, day in (("old", "1965-04-29"), ("new", "2017-04-28"))
)


def test_a_tenure_known_on_one_day_ends_before_the_next_holder(graph: Make) -> None:
    dataset = graph(TENURES)
    assert holding(dataset, "1965-04-29") == {"old": "certain"}
    assert holding(dataset, "1990-01-01") == {"old": "possible"}
    # Nothing tells of it after the day on which it is attested.
    assert holding(dataset, "2017-04-28") == {"new": "certain"}
    assert holding(dataset, "2018-01-01") == {"new": "possible"}
    assert bound(dataset, "old")["acceptedEnd"] == "[1965-04-30,2017-04-28]"


def test_an_end_that_is_only_denied_is_no_reading(graph: Make) -> None:
    dataset = graph(
        act("in", "2006")
        + act("out", "2012-12-19", "Withdrawal")
        + spell("a", "csto:status status:member ; csto:openedBy act:in")
        + 'claim:c a csto:Claim ; rdfs:label "c"@en ; csto:subject m:a ; csto:claimant state:one ;'
        " csto:relation csto:closedBy ; csto:object act:out ; csto:rank rank:normal ;"
        " csto:polarity <https://w3id.org/csto/concept/polarity/denies> ; csto:statedIn src:p1 .\n"
    )
    assert holding(dataset, "2020-01-01") == {"a": "certain"}
    assert "endEarliest" not in bound(dataset, "a")


def test_two_slices_do_not_mix(graph: Make) -> None:
    """Cutting a second day changes nothing in the first, nor in what is timeless."""
    dataset = graph(
        act("in", "2006")
        + act("out", "2012-12-19", "Withdrawal")
        + act("other", "2019-10-15")
        + spell("a", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:out")
        + spell("c", "csto:status status:member ; csto:openedBy act:other", "right")
    )
    member = f"SELECT ?b WHERE {{ ?s <{csto('memberOf').value}> ?b }}"
    answers = []
    for day in ("2010-01-01", "2020-01-01", "2010-01-01"):
        default, _ = dataset.view(day)
        answers.append([r["b"].value for r in select(dataset.store, member, default)])  # type: ignore[union-attr]
    assert answers[0] == answers[2] == [f"{BASE}id/body/left"]
    assert answers[1] == [f"{BASE}id/body/right"]
    assert select(dataset.store, member, TIMELESS) == []


@pytest.mark.parametrize("day", ["2006-08-16", "2013-01-01"])
def test_what_is_certain_is_possible(shipped: Dataset, day: str) -> None:
    certain, possible = shipped.cut(day)
    query = f"SELECT ?s WHERE {{ ?s <{csto('holdsOn').value}> ?d }}"
    sure = {r["s"] for r in select(shipped.store, query, [certain])}
    maybe = {r["s"] for r in select(shipped.store, query, [possible])}
    assert sure
    assert sure <= maybe


def test_an_accepted_value_has_the_consequences_of_a_stated_one(graph: Make) -> None:
    dataset = graph(
        act("in", "2006")
        + spell("a", "csto:status status:member ; csto:openedBy act:in")
        .replace("csto:member state:one ; ", "")
        .replace(" csto:member state:one ;", "")
        + 'claim:w a csto:Claim ; rdfs:label "w"@en ; csto:subject m:a ;'
        " csto:relation csto:member ; csto:object state:two ;"
        " csto:claimant source:test ; csto:statedIn src:p1 ;"
        ' csto:rank rank:preferred ; csto:reason "x" .'
    )
    query = f"SELECT ?h WHERE {{ <{BASE}id/membership/a> <{csto('holder').value}> ?h }}"
    assert [r["h"].value for r in select(dataset.store, query, TIMELESS)] == [  # type: ignore[union-attr]
        f"{BASE}id/state/two"
    ]
