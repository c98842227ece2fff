"""A term that does not exist is an error with its nearest; an empty answer says why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import ROOT, Ran
from csto.answer.terms import unknown_terms
from csto.graph.dataset import Dataset
from csto.load.workspace import Workspace

Csto = Callable[..., Ran]


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("SELECT ?v WHERE { ?v csto:voteBy ?s }", "csto:agent"),
        ("SELECT ?v { ?v csto:voter ?s }", "csto:agent"),
        ("SELECT ?v { ?v a csto:Vote }", "csto:CastVote"),
        ("SELECT ?v { ?v a csto:Positions }", "csto:Position"),
        ("SELECT ?v { state:kazakstan csto:memberOf ?v }", "state:kazakhstan"),
        ("SELECT ?v { ?v csto:Agent ?s . ?v csto:adressee ?x }", "csto:addressee"),
        ("PREFIX c: <https://w3id.org/csto/ontology#> ASK { ?v c:voteBy ?s }", "csto:agent"),
    ],
)
def test_an_unknown_term_is_named_with_its_nearest(csto: Csto, text: str, near: str) -> None:
    ran = csto("query", "-e", text)
    assert ran.code == 2
    assert near in ran.err


@pytest.mark.parametrize(
    "folder", ["queries", "ontology/rules", "ontology/checks", "tests/questions"]
)
def test_no_false_alarm(shipped: Dataset, shipped_workspace: Workspace, folder: str) -> None:
    alarms = {
        path.name: found
        for path in sorted((ROOT / folder).rglob("*.rq"))
        if (found := [one.term for one in unknown_terms(shipped, path.read_text("utf-8"))])
    }
    # What only --suppose puts into the graph is declared, and so is no alarm.
    assert alarms == {}


def test_what_a_query_makes_need_not_exist(shipped: Dataset) -> None:
    text = "CONSTRUCT { ?s csto:isNew csto:Thing } WHERE { ?s a csto:Request }"
    assert unknown_terms(shipped, text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "SELECT ?l { ?c a skos:Concept ; skos:prefLabel ?l }",
            "nothing matches ?c skos:prefLabel ?l",
        ),
        (
            "SELECT ?r { ?r a csto:Request ; csto:about state:armenia }",
            "no requests have csto:about",
        ),
        (
            'SELECT ?r { ?r a csto:Act ; csto:date ?d FILTER(?d > "2010-01-01"^^xsd:date) }',
            "csto:earliest",
        ),
        ("SELECT ?v { ?v a csto:CastVote ; csto:date ?d }", "no cast votes have csto:date"),
    ],
)
def test_an_empty_answer_says_what_empties_it(csto: Csto, text: str, said: str) -> None:
    ran = csto("query", "-e", text)
    assert ran.code == 0
    assert said in ran.err


def test_a_class_shows_its_properties(csto: Csto) -> None:
    ran = csto("schema", "requests", "-f", "table")
    assert "csto:addressee" in ran.out
    assert "SELECT ?thing" in ran.out
