"""Proofs: finite, with leaves of the listed kinds, and at least one passage in each."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Store, Triple

from conftest import Ran, check
from csto.answer.explain import Proof, Prover, explain, read_triple
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.proof.formats import as_json, as_prov, as_tree
from csto.proof.prover import Timeless
from csto.vocabulary import BASE, RDF_TYPE, csto
from support.sample import WHOLE, some

HERE = "https://example.org/here/id/"
DAYS = ["1995-06-01", "2010-06-12", "2022-01-10"]


@pytest.fixture(scope="module")
def timeless(shipped: Dataset) -> Timeless:
    """What holds whatever the day."""
    return Timeless(shipped)


def of_day(prover: Prover, graph: NamedNode) -> list[Triple]:
    return [triple for triple in prover.made[graph] if triple not in prover.timeless.made]


@pytest.mark.sampled
def test_every_inferred_triple_has_a_proof_that_ends_at_a_passage(
    shipped: Dataset, timeless: Timeless
) -> None:
    """Certain and possible, on three days."""
    cited: dict[Proof, bool] = {}
    rules: set[str] = set()
    unproved: list[str] = []
    walked = 0
    covered = shipped.store.quads_for_pattern(None, RDF_TYPE, csto("Coverage"))
    listed = shipped.store.quads_for_pattern(None, csto("listedIn"), None)
    looked_for = {quad.subject for quad in covered} - {quad.subject for quad in listed}
    for day in DAYS:
        prover = Prover(shipped, day, timeless=timeless)
        triples = [(triple, False) for triple in (timeless.made if day == DAYS[0] else ())]
        sliced = {graph: of_day(prover, graph) for graph in (prover.certain, prover.possible)}
        triples += [(triple, False) for triple in sliced[prover.certain]]
        triples += [(triple, True) for triple in sliced[prover.possible]]
        for triple, possibly in some(triples, 800):
            proof = prover.prove(triple, possibly=possibly)
            assert proof.kind == "inferred"
            rules.add(proof.rule)
            # What follows from the concepts alone, such as which threat covers which, has no fact
            # behind it and rests on axioms only.
            # Nor has what the editors say of the graph itself: what they looked for in it.
            if triple.subject in looked_for:
                continue
            if not check(proof, cited) and {leaf.kind for leaf in proof.leaves()} != {"axiom"}:
                unproved.append(proof.what)
        walked += len(triples)
        for graph in (prover.certain, prover.possible):
            inferred = shipped.store.quads_for_pattern(None, None, None, graph)
            # Beside what is inferred, a slice has its day and its certainty.
            assert sum(1 for _ in inferred) == len(sliced[graph]) + 2
    assert unproved == []
    assert walked > 30_000
    assert len(rules) > (60 if WHOLE else 40)


def test_one_proof_or_all_at_once_is_the_same(shipped: Dataset, timeless: Timeless) -> None:
    """What was proved before changes no proof."""
    day = "2010-06-12"
    one, all_ = Prover(shipped, day), Prover(shipped, day, timeless=timeless)
    by_rule: dict[str, Triple] = {}
    for triple, rule in all_.made[all_.certain].items():
        by_rule.setdefault(rule.code, triple)
    for triple in by_rule.values():
        assert as_json(one.prove(triple)) == as_json(all_.prove(triple))


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
        assert check(proof, {})
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
    assert "Troitskiy et al. 2023, §1.1 ¶6" in " ".join(ran.out.split())
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
    # What holds in its place, and when it did hold.
    assert "Commonwealth of Independent States" in ran.err
    assert (
        "it holds certainly 2006-08-17 to 2012-06-27; possibly 2006-08-16 to 2012-12-18" in ran.err
    )


def test_explain_a_divided_loyalty_as_people_type_it(csto: Callable[..., Ran]) -> None:
    ran = csto("explain", "KAZAKHSTAN", "dividedLoyaltyIn", "Armenia-Azerbaijan 2022")
    assert ran.code == 0, ran.err
    assert "divided-loyalty" in ran.out
    # A crisis has a day without any organization; a forum is no reason for one.
    assert "crisis-day-first" in ran.out
    assert "Conference on Interaction" not in ran.out
    uzbekistan = csto("explain", "Uzbekistan", "dividedLoyaltyIn", "Armenia-Azerbaijan 2022")
    assert uzbekistan.code == 2


@pytest.mark.parametrize("word", ["memberOf", "csto:memberOf", "member of", "MEMBEROF"])
def test_a_property_is_named_in_several_ways(shipped: Dataset, word: str) -> None:
    shipped.cut("2022-01-10")
    triple = read_triple(shipped, "kazakhstan", word, "csto")
    assert triple.predicate == csto("memberOf")


def test_a_property_that_is_misspelt(shipped: Dataset) -> None:
    with pytest.raises(InputError, match="did you mean memberOf"):
        read_triple(shipped, "kazakhstan", "membersOf", "csto")


def test_a_value_that_is_not_there(shipped: Dataset) -> None:
    prover = Prover(shipped, "2022-01-10")
    triple = read_triple(shipped, "membership:kazakhstan-csto", "startEarliest", "2001-01-01")
    with pytest.raises(InputError, match="what does: 2002-10-07"):
        explain(prover, triple)


@pytest.mark.parametrize(
    "value",
    [
        "2002-10-07",
        '"2002-10-07"^^xsd:date',
        '"2002-10-07"^^<http://www.w3.org/2001/XMLSchema#date>',
    ],
)
def test_a_literal_as_infer_writes_it_can_be_explained(shipped: Dataset, value: str) -> None:
    triple = read_triple(shipped, "membership:kazakhstan-csto", "startEarliest", value)
    proof, _ = explain(Prover(shipped, "2022-01-10"), triple)
    assert proof.rule == "start-earliest"


@pytest.mark.parametrize("value", ['"2002-10-07', '"2002-10-07"^^no:date', '"a" ; <x:q> "b"'])
def test_a_literal_that_is_none_is_told(shipped: Dataset, value: str) -> None:
    with pytest.raises(InputError, match="is no value"):
        read_triple(shipped, "membership:kazakhstan-csto", "startEarliest", value)


def test_a_literal_of_another_type_does_not_hold(shipped: Dataset) -> None:
    value = '"2002-10-07"^^xsd:string'
    triple = read_triple(shipped, "membership:kazakhstan-csto", "startEarliest", value)
    with pytest.raises(InputError, match="does not hold"):
        explain(Prover(shipped, "2022-01-10"), triple)


def test_all_proofs_take_other_rules_too(graph: Callable[[str], Dataset]) -> None:
    """Both the class and the property say it: --all shows both, the first rule first."""
    dataset = graph(
        'act:r a csto:Request ; rdfs:label "r"@en ; csto:agent state:one ;'
        ' csto:date "2001"^^edtf:EDTF ; csto:evidence src:p1 .'
        'act:a a csto:Answer , csto:Statement ; rdfs:label "a"@en ; csto:agent state:two ;'
        " csto:answers act:r ; csto:evidence src:p1 ."
    )
    triple = Triple(NamedNode(BASE + "id/act/a"), RDF_TYPE, csto("Act"))
    every = Prover(dataset, "2022-01-10", every=True).prove(triple)
    premises = {p.what for way in (every, *every.others) for p in way.premises}
    assert len(every.others) == 1
    assert len(premises) == 2
    assert "or  (cax-sco" in as_tree(every)
    assert len(json.loads(as_json(every))["others"]) == 1


def test_a_claim_shows_its_rank_and_who_holds_it(shipped: Dataset) -> None:
    prover = Prover(shipped, "2022-01-10")
    act = next(
        triple
        for triple, rule in prover.timeless.made.items()
        if rule.code == "accepted-date-claimed"
    )
    proof = prover.prove(act)
    claims = [leaf for leaf in proof.leaves() if leaf.rank]
    assert claims
    assert {leaf.rank for leaf in claims} == {"preferred"}
    assert all(leaf.claimant and leaf.passages for leaf in claims)
    assert f"(preferred claim of {claims[0].claimant})" in " ".join(as_tree(proof).split())


def test_prov_is_read_by_other_tools(shipped: Dataset) -> None:
    """Each inferred triple is an entity from an activity with the rule as its plan."""
    prover = Prover(shipped, "2022-01-10")
    triple = Triple(
        NamedNode(BASE + "id/state/kazakhstan"),
        csto("memberOf"),
        NamedNode(BASE + "id/body/csto"),
    )
    proof = prover.prove(triple)
    text = as_prov(proof, HERE)
    store = Store()
    store.load(input=text.encode(), format=RdfFormat.TURTLE)
    graph = rdflib.Graph().parse(data=text, format="turtle")
    assert len(graph) == len(store)
    prov = rdflib.PROV
    inferred = [node for node in proof.nodes() if node.kind == "inferred"]
    steps = set(graph.subjects(rdflib.RDF.type, prov.Activity))
    # What is made here lies here, whoever owns the address of the ontology.
    plans = set(graph.subjects(rdflib.RDF.type, prov.Plan))
    made = steps | plans | set(graph.subjects(rdflib.RDF.type, prov.Entity))
    assert {node for node in made if not node.startswith(HERE)} == set()
    assert len(steps) == len(inferred)
    for step in steps:
        (entity,) = graph.subjects(prov.wasGeneratedBy, step)
        assert set(graph.objects(step, prov.used)) == set(
            graph.objects(entity, prov.wasDerivedFrom)
        )
        (plan,) = graph.objects(step, prov.qualifiedAssociation / prov.hadPlan)
        assert (plan, rdflib.RDF.type, prov.Plan) in graph
        statement = [graph.value(entity, p) for p in (rdflib.RDF.subject, rdflib.RDF.object)]
        assert None not in statement
    sources = set(graph.objects(None, prov.hadPrimarySource))
    assert sources == {
        rdflib.URIRef(passage.value) for leaf in proof.leaves() for passage in leaf.cited
    }
    assert as_prov(Prover(shipped, "2022-01-10").prove(triple), HERE) == text


def test_explain_an_overlap(csto: Callable[..., Ran]) -> None:
    ran = csto("explain", "overlap", "OTS", "CSTO", "--of", "Kazakhstan", "--on", "2022-01-10")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("◇ Kazakhstan: in Organization of Turkic States and Collective")
    assert "overlap-certain" in ran.out
    assert "2009-10-03" in ran.out
    assert csto("explain", "overlap", "OTS", "CSTO", "--of", "Uzbekistan", "--ever").code == 2


def test_explain_a_row_of_a_query(csto: Callable[..., Ran]) -> None:
    args = ("explain", "query", "memberships/members-on", "-p", "organization=CSTO")
    ran = csto(*args, "--row", "7", "--on", "2012-09-01", "-f", "json")
    assert ran.code == 0, ran.err
    row = json.loads(ran.out)
    assert row["kind"] == "answer"
    assert "label Uzbekistan" in row["what"]
    rules = {premise.get("rule") for premise in row["premises"]}
    assert "holds-possibly" in rules
    beyond = csto(*args, "--row", "8", "--on", "2012-09-01")
    assert (beyond.code, "has 7 rows" in beyond.err) == (2, True)


def test_explain_says_which_condition_of_a_rule_fails(csto: Callable[..., Ran]) -> None:
    args = ("Uzbekistan", "Armenia-Azerbaijan 2022")
    ran = csto("explain", "--rule", "divided-loyalty", *args)
    assert ran.code == 0, ran.err
    (failed,) = [line for line in ran.out.splitlines() if "✗" in line]
    assert failed.endswith(" · Fighting on the Armenian-Azerbaijani border, September 2022")
    # It had left: none of the memberships that fit so far is its own.
    assert "fails: nothing in the graph matches it" in ran.out
    fired = csto("explain", "--rule", "divided-loyalty", "Kazakhstan", args[1])
    assert "the rule fires" in fired.out
    absent = csto("explain", "--rule", "direct-relation", "Uzbekistan", "memberOf", "CSTO")
    assert "· framework · Collective Security Treaty Organization\n" in absent.out
    assert csto("explain", "--rule", "loyalty", "Kazakhstan").code == 2
