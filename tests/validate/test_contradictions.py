"""Contradictions under OWL 2 RL: each rule bites, owlrl or not, and says on what it rests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import RdfFormat, Store

from conftest import act, spell
from csto.answer.explain import Prover
from csto.graph.dataset import TIMELESS, Dataset
from csto.load.workspace import Workspace
from csto.validate.contradictions import Contradiction, contradictions, find, sources
from csto.vocabulary import ASSERTED, ONTOLOGY, shorten

PREFIX = """@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
# Code, axioms, facts that obey them, and the fact that breaks them.
CASES = [
    ("RL-CAX-DW", ":A owl:disjointWith :B .", ":x a :A . :y a :B .", ":x a :B ."),
    (
        "RL-CAX-ADC",
        "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) .",
        ":x a :A . :y a :C .",
        ":x a :C .",
    ),
    ("RL-PRP-IRP", ":p a owl:IrreflexiveProperty .", ":x :p :y .", ":x :p :x ."),
    ("RL-PRP-ASYP", ":p a owl:AsymmetricProperty .", ":x :p :y .", ":y :p :x ."),
    ("RL-PRP-PDW", ":p owl:propertyDisjointWith :q .", ":x :p :y . :y :q :x .", ":x :q :y ."),
    (
        "RL-PRP-ADP",
        "[] a owl:AllDisjointProperties ; owl:members ( :p :q :r ) .",
        ":x :p :y . :x :r :z .",
        ":x :r :y .",
    ),
    (
        "RL-PRP-NPA1",
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :x ;"
        " owl:assertionProperty :p ; owl:targetIndividual :y .",
        ":x :p :z . :y :p :x .",
        ":x :p :y .",
    ),
    (
        "RL-PRP-NPA2",
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :x ;"
        " owl:assertionProperty :p ; owl:targetValue 3 .",
        ":x :p 4 .",
        ":x :p 3 .",
    ),
    ("RL-EQ-DIFF1", "", ":x owl:differentFrom :y . :y owl:sameAs :z .", ":z owl:sameAs :x ."),
    # The last member counts as much as the others.
    (
        "RL-EQ-DIFF2",
        "",
        "[] a owl:AllDifferent ; owl:members ( :x :y :z ) . :x owl:sameAs :w .",
        ":z owl:sameAs :y .",
    ),
    (
        "RL-EQ-DIFF2",
        "",
        "[] a owl:AllDifferent ; owl:distinctMembers ( :x :y ) .",
        ":x owl:sameAs :y .",
    ),
    ("RL-CLS-NOTHING2", "", ":x a owl:Thing .", ":x a owl:Nothing ."),
]
# What owlrl 7 says nothing of.
OWLRL_MISSES = {"RL-PRP-ADP", "RL-EQ-DIFF2"}


def found(workspace: Workspace, axioms: str, facts: str) -> list[Contradiction]:
    store = Store()
    for text, graph in ((axioms, ONTOLOGY), (facts, ASSERTED)):
        store.load(input=(PREFIX + text).encode(), format=RdfFormat.TURTLE, to_graph=graph)
    return list(find(store, workspace.check_files(), TIMELESS))


@pytest.mark.parametrize(("code", "axioms", "facts", "wrong"), CASES)
def test_each_rule(
    shipped_workspace: Workspace, code: str, axioms: str, facts: str, wrong: str
) -> None:
    assert found(shipped_workspace, axioms, facts) == []
    (only,) = found(shipped_workspace, axioms, facts + wrong)
    assert only.code == code
    assert only.triples
    assert only.day is None


@pytest.mark.parametrize(("code", "axioms", "facts", "wrong"), CASES)
def test_owlrl_misses_some(code: str, axioms: str, facts: str, wrong: str) -> None:
    """Why it is not asked: two kinds of axiom never make it complain."""
    import owlrl
    import rdflib

    graph = rdflib.Graph().parse(data=PREFIX + axioms + facts + wrong, format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    complaints = [p for p in graph.predicates() if "agent-ont#error" in p]
    assert (complaints == []) == (code in OWLRL_MISSES)


def test_a_contradiction_of_one_day_only(graph: Callable[[str], Dataset]) -> None:
    """Full member and observer of one body at once: no fault but on the days of both."""
    dataset = graph(
        act("in", "2001")
        + act("watch", "2003-05-01").replace("src:p1", "src:p2")
        + act("out", "2006-08-16", "Withdrawal")
        + spell("a", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:out")
        + spell("b", "csto:status status:observer ; csto:openedBy act:watch")
    )
    assert list(contradictions(dataset)) == []
    assert list(contradictions(dataset, "2003-04-30")) == []
    assert list(contradictions(dataset, "2006-08-16")) == []
    (only,) = contradictions(dataset, "2005-01-01")
    assert (only.code, only.day) == ("RL-PRP-ADP", "2005-01-01")
    cited = sources(Prover(dataset, "2005-01-01"), only)
    assert {shorten(t.predicate.value): found for t, found in cited.items()} == {
        "csto:memberOf": ["Test, p. 1"],
        "csto:observerIn": ["Test, p. 1", "Test, p. 2"],
    }


@pytest.mark.parametrize("day", [None, "1993-01-01", "2006-08-16", "2022-01-10"])
def test_the_shipped_graph_has_none(shipped: Dataset, day: str | None) -> None:
    assert list(contradictions(shipped, day)) == []
