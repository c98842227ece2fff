"""The compiled axioms against owlrl, and the refusal of what is not covered."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, RdfFormat, Store
from rdflib import namespace as ns

from conftest import BASE, Ran, act, run_csto, spell, tiny
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.load.ntriples import triples_of
from csto.reason.evaluate import evaluate
from csto.reason.owlrl import NOISE, our_closure, owlrl_closure, slice_input, useful
from csto.reason.state import State
from csto.rules.axioms import compile_axioms
from csto.rules.program import program
from csto.vocabulary import ONTOLOGY
from support.sample import WHOLE

# make oracle tries every day on which anything changes.
DAYS = ["2010-06-12"]


@pytest.mark.sampled
@pytest.mark.skipif(not WHOLE, reason="test_engine compares a part of the graph with owlrl")
@pytest.mark.parametrize("day", DAYS)
def test_our_closure_is_owlrls(shipped: Dataset, day: str) -> None:
    given = slice_input(shipped.evaluation, day)
    ontology = [
        quad
        # Labels and notes are no axioms, and most of the time of owlrl.
        for quad in shipped.store.quads_for_pattern(None, None, None, ONTOLOGY)
        if not isinstance(quad.object, Literal)
    ]
    ours, theirs = our_closure(ontology, shipped.axioms, given), owlrl_closure(ontology, given)
    assert ours - theirs == set()
    assert theirs - ours == set()
    assert len(ours) > 20


PREFIX = """@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def closure(axioms: str, facts: str) -> set[tuple[str, str, str]]:
    store = Store()
    store.load(input=(PREFIX + axioms).encode(), format=RdfFormat.TURTLE, to_graph=ONTOLOGY)
    rules = program(compile_axioms(triples_of(store, ONTOLOGY)))
    state = State(len(rules.widths))
    store.load(input=(PREFIX + facts).encode(), format=RdfFormat.TURTLE, to_graph=ONTOLOGY)
    state.add((str(q.subject), str(q.predicate), str(q.object)) for q in store)
    made = (state.spelt(triple) for triple in evaluate(rules, state).timeless())
    return {tuple(re.split("[/#]", part[1:-1])[-1] for part in triple) for triple in made}  # type: ignore[misc]


@pytest.mark.parametrize(
    ("axioms", "facts", "expected"),
    [
        (
            ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .",
            ":x a :A .",
            {("x", "type", "B"), ("x", "type", "C")},
        ),
        (":p rdfs:subPropertyOf :q .", ":x :p :y .", {("x", "q", "y")}),
        (":p owl:inverseOf :q .", ":x :p :y . :z :q :w .", {("y", "q", "x"), ("w", "p", "z")}),
        (":p a owl:SymmetricProperty .", ":x :p :y .", {("y", "p", "x")}),
        (":p a owl:TransitiveProperty .", ":x :p :y . :y :p :z .", {("x", "p", "z")}),
        (
            ":p rdfs:domain :A ; rdfs:range :B .",
            ":x :p :y .",
            {("x", "type", "A"), ("y", "type", "B")},
        ),
        (
            ":p owl:propertyChainAxiom ( :q :r :s ) .",
            ":a :q :b . :b :r :c . :c :s :d .",
            {("a", "p", "d")},
        ),
        (
            ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :v ] .",
            ":x a :A .",
            {("x", "p", "v")},
        ),
        (
            ":A owl:equivalentClass [ owl:intersectionOf ("
            " [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :v ]"
            " [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :w ] ) ] .",
            ":x :p :v , :w . :y :p :v . :z a :A .",
            {("x", "type", "A"), ("z", "p", "v"), ("z", "p", "w")},
        ),
        (
            "[ owl:onProperty :p ; owl:someValuesFrom :B ] rdfs:subClassOf :A .",
            ":x :p :y . :y a :B . :z :p :w .",
            {("x", "type", "A")},
        ),
        # A subclass of an equivalence: two axioms meet in one closure.
        (
            ":A owl:equivalentClass :B . :B rdfs:subClassOf :C .",
            ":x a :A .",
            {("x", "type", "B"), ("x", "type", "C")},
        ),
    ],
)
def test_each_axiom(axioms: str, facts: str, expected: set[tuple[str, str, str]]) -> None:
    assert closure(axioms, facts) == expected


@pytest.mark.parametrize(
    "axiom",
    [
        ":p a owl:FunctionalProperty .",
        ":A owl:unionOf ( :B :C ) .",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 1 ] .",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .",
        ":A owl:hasKey ( :p ) .",
        ":x owl:sameAs :y .",
        ":A owl:intersectionOf ( :B :C ) .",
        ":A owl:onProperty :p ; owl:hasValue :x .",
        ":A owl:complementOf :B .",
        ":A owl:equivalentClass [ owl:oneOf ( :x :y ) ] .",
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom :B ] .",
        "[ owl:unionOf ( :B :C ) ] rdfs:subClassOf :A .",
        ":p owl:propertyChainAxiom ( [ owl:inverseOf :q ] :r ) .",
        "[ owl:inverseOf :p ] rdfs:subPropertyOf :q .",
        ":p rdfs:domain [ owl:onProperty :q ; owl:someValuesFrom :B ] .",
        ":p a owl:ReflexiveProperty .",
        ":p owl:propertyChainAxiom :q .",
    ],
)
def test_an_axiom_that_is_not_covered_is_named(axiom: str) -> None:
    with pytest.raises(InputError, match=r"ontology: .* on .* is not covered"):
        closure(axiom, ":x a :A .")


def test_the_name_is_that_of_the_axiom() -> None:
    with pytest.raises(InputError, match=r"rdfs:domain on \S*/p is not covered \(a class"):
        closure(":p rdfs:domain [ owl:onProperty :q ; owl:someValuesFrom :B ] .", "")
    with pytest.raises(InputError, match=r"owl:inverseOf on \S*/q .*\(a property expression\)"):
        closure(":p owl:propertyChainAxiom ( [ owl:inverseOf :q ] :r ) .", "")


def test_order_of_axioms_does_not_matter(graph: Callable[[str], Dataset]) -> None:
    dataset = graph("")
    codes = {rule.code for rule in dataset.axioms}
    assert {"cax-sco", "prp-spo1", "prp-spo2", "prp-inv1", "cls-hv1", "cls-int1"} <= codes


EX = "https://example.org/"
URI, BLANK, TEXT = rdflib.URIRef(EX + "x"), rdflib.BNode(), rdflib.Literal("x")


@pytest.mark.parametrize(
    ("noise", "triple"),
    [
        ("a literal as subject or property", (TEXT, ns.RDF.type, ns.XSD.string)),
        ("a literal as object", (URI, ns.RDFS.label, TEXT)),
        ("a blank node of a class expression", (URI, ns.RDF.type, BLANK)),
        ("a blank node of a class expression", (BLANK, ns.RDFS.subClassOf, URI)),
        ("everything is a thing", (URI, ns.RDF.type, ns.OWL.Thing)),
        ("everything is itself", (URI, ns.OWL.sameAs, URI)),
        ("a statement about the vocabulary", (rdflib.URIRef(EX + "A"), ns.RDFS.subClassOf, URI)),
        ("a statement about the vocabulary", (ns.XSD.string, ns.RDF.type, ns.RDFS.Datatype)),
    ],
)
def test_noise_of_owlrl_is_named(noise: str, triple: tuple[object, object, object]) -> None:
    vocabulary = {EX + "A"}
    assert NOISE[noise](*triple, vocabulary)
    assert not useful(*triple, vocabulary)


def test_what_says_something_is_no_noise() -> None:
    other = rdflib.URIRef(EX + "y")
    for triple in ((URI, ns.RDF.type, other), (URI, ns.OWL.sameAs, other), (URI, other, URI)):
        assert useful(*triple, {EX + "A"})


def test_boundary_days_have_every_start_and_end(graph: Callable[[str], Dataset]) -> None:
    dataset = graph(
        act("in", "2000-01-01")
        + act("out", "2010", "Withdrawal")
        + spell("left", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:out")
    )
    assert {"2000-01-01", "2010-01-01", "2010-12-31"} <= set(dataset.spans.boundaries)


def test_owlrl_may_close_the_slice_instead(tmp_path: Path) -> None:
    root = tiny(
        tmp_path / "workspace",
        graph=BASE
        + act("in", "2001")
        + act("join", "2005")
        + spell("a", "csto:status status:member ; csto:openedBy act:in")
        + spell("b", "csto:status status:observer ; csto:openedBy act:join", "right"),
    ).root

    def csto(*words: str) -> Ran:
        return run_csto("-w", str(root), *words, "--on", "2022-01-10")

    ours, theirs = csto("infer"), csto("infer", "--reasoner", "owlrl")
    assert (ours.code, theirs.code, theirs.err) == (0, 0, "")
    # Types that the date-free graph has already are the same; so is all that is new.
    assert set(theirs.out.splitlines()) == set(ours.out.splitlines())
    query = "SELECT ?s WHERE { ?s csto:memberOf body:left } ORDER BY ?s"
    told = csto("query", "-e", query, "--reasoner", "owlrl")
    assert told.out == csto("query", "-e", query).out
    assert len(told.rows) == 1
    alone = csto("infer", "--rules", "owlrl", "--reasoner", "owlrl")
    assert len(alone.out.splitlines()) == 3
