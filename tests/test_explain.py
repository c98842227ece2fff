"""Proofs: finite, with leaves of the listed kinds, and at least one passage in each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable

import pytest
from pyoxigraph import Triple

from conftest import Ran
from csto.dataset import Dataset
from csto.explain import Proof, Prover
from csto.names import BASE, NamedNode, csto

LEAVES = {"asserted", "axiom", "computed", "parameter", "absence", "assumption"}
# Triples proved for each rule on each day: enough to meet every rule in several ways.
EACH = 4


def check(proof: Proof) -> None:
    leaves = list(proof.leaves())
    assert {leaf.kind for leaf in leaves} <= LEAVES
    assert any(leaf.kind == "asserted" for leaf in leaves)

    def rounds(node: Proof, above: int) -> None:
        if node.kind == "inferred":
            assert node.round < above
            for premise in node.premises:
                rounds(premise, node.round)

    rounds(proof, 10**9)


@pytest.mark.parametrize("day", ["1995-06-01", "2010-06-12", "2022-01-10"])
def test_triples_of_every_rule_have_a_proof(shipped: Dataset, day: str) -> None:
    prover = Prover(shipped, day)
    rules: set[str] = set()
    for graph, possibly in ((prover.certain, False), (prover.possible, True)):
        by_rule: dict[str, list[Triple]] = defaultdict(list)
        for triple, (_, rule) in prover.made[graph].items():
            by_rule[rule.code].append(triple)
        for code, triples in by_rule.items():
            for triple in triples[:: max(1, len(triples) // EACH)]:
                check(prover.prove(triple, possibly=possibly))
            rules.add(code)
    assert len(rules) > 60


def test_what_is_asserted_or_axiom_is_its_own_proof(shipped: Dataset) -> None:
    prover = Prover(shipped, "2022-01-10")
    node = NamedNode(BASE + "id/state/kazakhstan")
    stated = prover.prove(
        Triple(node, NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), csto("State"))
    )
    assert (stated.kind, stated.passages) == ("asserted", ["country-codes.csv, row KAZ"])


def test_inverses_do_not_prove_each_other(shipped: Dataset) -> None:
    prover = Prover(shipped, "2022-01-10")
    state, body = NamedNode(BASE + "id/state/kazakhstan"), NamedNode(BASE + "id/body/csto")
    for triple in (Triple(state, csto("memberOf"), body), Triple(body, csto("hasMember"), state)):
        proof = prover.prove(triple)
        check(proof)
        kinds = {leaf.kind for leaf in proof.leaves()}
        assert {"asserted", "parameter", "absence", "assumption"} <= kinds


def test_a_support_cites_just_its_property(shipped: Dataset) -> None:
    prover = Prover(shipped, "2022-01-10")
    node = NamedNode(BASE + "id/state/kazakhstan")
    (code,) = [
        quad.triple
        for quad in shipped.store.quads_for_pattern(node, csto("cowCode"), None)
        if "asserted" in str(quad.graph_name)
    ]
    assert prover.prove(code).passages == ["states2016.csv, ccode 705"]


def test_explain_on_the_command_line(csto: Callable[..., Ran]) -> None:
    ran = csto("explain", "Kazakhstan", "memberOf", "CSTO", "--on", "2022-01-10")
    assert ran.code == 0, ran.err
    assert "direct-relation" in ran.out
    assert "2002-10-07" in ran.out
    assert "assumption" in ran.out
    assert "Troitskiy et al. 2023, §1.1 ¶6" in ran.out.replace("\n", " ").replace("  ", " ")
    tree = json.loads(
        csto("explain", "Kazakhstan", "memberOf", "CSTO", "--on", "2022-01-10", "-f", "json").out
    )
    assert tree["kind"] == "inferred"
    assert tree["premises"]


def test_explain_for_pages_and_diagrams(csto: Callable[..., Ran]) -> None:
    args = ("explain", "Kazakhstan", "memberOf", "CSTO", "--on", "2022-01-10")
    page = csto(*args, "-f", "md").out
    assert page.startswith("- inferred: Kazakhstan · member of")
    assert "  - asserted: " in page
    chart = csto(*args, "-f", "mermaid").out.splitlines()
    assert chart[0] == "flowchart TD"
    assert any("-->|direct-relation|" in line for line in chart)


def test_explain_says_when_something_is_only_possible(csto: Callable[..., Ran]) -> None:
    ran = csto("explain", "Uzbekistan", "memberOf", "CSTO", "--on", "2012-09-01")
    assert ran.code == 0
    assert "only possible on 2012-09-01" in ran.err


def test_explain_says_when_something_does_not_hold(csto: Callable[..., Ran]) -> None:
    ran = csto("explain", "Uzbekistan", "memberOf", "CSTO", "--on", "2013-01-01")
    assert ran.code == 2
    assert "does not hold on 2013-01-01" in ran.err


def test_explain_a_divided_loyalty(csto: Callable[..., Ran]) -> None:
    ran = csto(
        "explain", "Kazakhstan", "dividedLoyaltyIn", "crisis:armenia-azerbaijan-september-2022"
    )
    assert ran.code == 0
    assert "divided-loyalty" in ran.out
    assert (
        csto(
            "explain", "Uzbekistan", "dividedLoyaltyIn", "crisis:armenia-azerbaijan-september-2022"
        ).code
        == 2
    )
