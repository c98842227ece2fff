"""Hygiene of the ontology: every term is used, profiles hold, nothing is imported."""

from __future__ import annotations

import re
from collections import Counter

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from conftest import ROOT
from csto.graph.dataset import Dataset
from csto.vocabulary import ASSERTED, CSTO, ONTOLOGY, OWL, RDF, RDF_TYPE, RDFS, SKOS

# Used once, and why that is right.
ONCE = {
    "affirms": "one claim says that a disputed stationing was there",
    "incompatibleWith": "one source says of one body that it does not go with one treaty",
    "incorporates": "one article of one charter makes another treaty binding on members",
    "central": "a workspace is about one body or agreement",
    "cutOff": "a graph reaches to one day",
    "transformedInto": "one body of the graph passed into another; a fork will have its own",
}


def defined(shipped: Dataset) -> set[str]:
    return {
        quad.subject.value.removeprefix(CSTO)
        for quad in shipped.store.quads_for_pattern(None, RDF_TYPE, None, ONTOLOGY)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(CSTO)
    }


def stated(shipped: Dataset) -> Counter[str]:
    found: Counter[str] = Counter()
    for quad in shipped.store.quads_for_pattern(None, None, None, ASSERTED):
        terms = [quad.predicate, quad.object] if quad.predicate == RDF_TYPE else [quad.predicate]
        terms += [quad.object] if quad.predicate.value == CSTO + "property" else []
        for term in terms:
            if isinstance(term, NamedNode) and term.value.startswith(CSTO):
                found[term.value.removeprefix(CSTO)] += 1
    return found


def test_every_term_is_used(shipped: Dataset) -> None:
    """By data, a rule, a shape, a check, a query or the code; or above one that is."""
    text = "".join(
        path.read_text()
        for pattern in (
            "ontology/rules/**/*.rq",
            "ontology/checks/*.rq",
            "ontology/shapes/*.ttl",
            "ontology/concepts/*.ttl",
            "queries/**/*.rq",
            "src/**/*.yaml",
        )
        for path in ROOT.glob(pattern)
    )
    code = "".join(path.read_text() for path in ROOT.glob("src/**/*.py"))
    used = set(stated(shipped)) | set(re.findall(r"\bcsto:(\w+)", text))
    used |= set(re.findall(r'(?:CSTO \+ |csto\()"(\w+)"', code))
    used |= set(re.findall(r"\bcsto:(\w+)", code))
    above = {
        quad.object.value.removeprefix(CSTO)
        for name in ("subClassOf", "subPropertyOf", "inverseOf")
        for ns in ("http://www.w3.org/2000/01/rdf-schema#", OWL)
        for quad in shipped.store.quads_for_pattern(None, NamedNode(ns + name), None, ONTOLOGY)
        if isinstance(quad.object, NamedNode)
    }
    # What the ontology says of asking is read by the lists.
    axioms = {
        "askedAs",
        "askedWith",
        "columns",
        "dealsWith",
        "role",
        "hasMember",
        "heldOnDayBy",
        "MemberOfOTSAndCSTO",
        "servesIn",
        "weight",
    }
    assert sorted(defined(shipped) - used - above - axioms) == []


def test_a_property_used_once_has_a_reason(shipped: Dataset) -> None:
    counts = stated(shipped)
    properties = {
        quad.subject.value.removeprefix(CSTO)
        for kind in ("ObjectProperty", "DatatypeProperty")
        for quad in shipped.store.quads_for_pattern(None, RDF_TYPE, NamedNode(OWL + kind), ONTOLOGY)
        if isinstance(quad.subject, NamedNode)
    }
    assert sorted(p for p in properties if counts[p] == 1 and p not in ONCE) == []


def test_nothing_is_imported_from_elsewhere(shipped: Dataset) -> None:
    imported = [
        quad.object.value  # type: ignore[union-attr]
        for quad in shipped.store.quads_for_pattern(
            None, NamedNode(OWL + "imports"), None, ONTOLOGY
        )
    ]
    present = {
        quad.subject.value  # type: ignore[union-attr]
        for quad in shipped.store.quads_for_pattern(
            None, RDF_TYPE, NamedNode(OWL + "Ontology"), ONTOLOGY
        )
    }
    assert imported
    assert set(imported) <= present
    assert present - set(imported) == {"https://w3id.org/csto/ontology"}


def test_no_construct_outside_owl_2_rl() -> None:
    """None of the constructs that the profile document excludes or that merge individuals."""
    store = Store()
    for path in (ROOT / "ontology").glob("*.ttl"):
        store.load(path=str(path), format=RdfFormat.TURTLE)
    barred = [
        "FunctionalProperty",
        "InverseFunctionalProperty",
        "ReflexiveProperty",
        "hasKey",
        "sameAs",
        "disjointUnionOf",
        "unionOf",
        "complementOf",
        "minCardinality",
        "maxCardinality",
        "cardinality",
        "minQualifiedCardinality",
        "maxQualifiedCardinality",
        "oneOf",
    ]
    used = {
        term.value
        for quad in store
        for term in (quad.predicate, quad.object)
        if isinstance(term, NamedNode)
    }
    assert {OWL + name for name in barred} & used == set()


def test_no_property_is_both_for_things_and_for_values() -> None:
    """OWL 2 DL: object, datatype and annotation properties are disjoint sets of names."""
    store = Store()
    for path in (ROOT / "ontology").glob("*.ttl"):
        store.load(path=str(path), format=RdfFormat.TURTLE)
    kinds: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, RDF_TYPE, None):
        name = getattr(quad.object, "value", "")
        if name in {
            OWL + k for k in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Class")
        }:
            kinds.setdefault(str(quad.subject), set()).add(name)
    assert {term for term, of in kinds.items() if len(of) > 1} == set()


def test_literals_and_things_are_used_as_declared(shipped: Dataset) -> None:
    declared = {
        kind: {
            quad.subject
            for quad in shipped.store.quads_for_pattern(
                None, RDF_TYPE, NamedNode(OWL + kind), ONTOLOGY
            )
        }
        for kind in ("ObjectProperty", "DatatypeProperty")
    }
    wrong = {
        str(quad)
        for quad in shipped.store.quads_for_pattern(None, None, None, ASSERTED)
        if (quad.predicate in declared["ObjectProperty"]) != isinstance(quad.object, NamedNode)
        and quad.predicate in declared["ObjectProperty"] | declared["DatatypeProperty"]
    }
    assert wrong == set()


def test_every_concept_is_in_a_scheme(shipped: Dataset) -> None:
    concept = NamedNode("http://www.w3.org/2004/02/skos/core#Concept")
    scheme = NamedNode("http://www.w3.org/2004/02/skos/core#inScheme")
    for quad in shipped.store.quads_for_pattern(None, NamedNode(RDF + "type"), concept, ONTOLOGY):
        found = list(shipped.store.quads_for_pattern(quad.subject, scheme, None, ONTOLOGY))
        assert len(found) == 1, quad.subject


def test_a_word_names_one_concept_of_its_scheme(shipped: Dataset) -> None:
    """Two concepts with one word between them mean the same, or people cannot tell them apart."""
    bearers: dict[tuple[str, str], set[str]] = {}
    for scheme in shipped.store.quads_for_pattern(None, NamedNode(SKOS + "inScheme"), None):
        for property in (RDFS + "label", SKOS + "altLabel"):
            for word in shipped.store.quads_for_pattern(scheme.subject, NamedNode(property), None):
                if isinstance(word.object, Literal):
                    key = (str(scheme.object), word.object.value.casefold())
                    bearers.setdefault(key, set()).add(str(scheme.subject))
    assert len(bearers) > 300
    assert {key: sorted(things) for key, things in bearers.items() if len(things) > 1} == {}


def test_a_definition_says_more_than_the_word(shipped: Dataset) -> None:
    """Who reads a claim takes its concept as defined; the word again tells nobody anything."""
    label, definition = NamedNode(RDFS + "label"), NamedNode(SKOS + "definition")
    words = {
        (quad.subject, quad.object.value.casefold())
        for quad in shipped.store.quads_for_pattern(None, label, None, ONTOLOGY)
        if isinstance(quad.object, Literal)
    }
    defined = [
        (quad.subject, quad.object.value.rstrip(".").casefold())
        for quad in shipped.store.quads_for_pattern(None, definition, None, ONTOLOGY)
        if isinstance(quad.object, Literal)
    ]
    assert len(defined) > 300
    assert [subject for subject, text in defined if (subject, text) in words] == []


# What sets two claims apart, beside the words in which they are told and the rank that they have.
TELLING = (
    *("subject", "relation", "object", "value", "inRespectOf", "polarity", "modality", "asOf"),
    *("fit", "claimant", "statedIn", "about", "contests", "factor", "inScenario"),
)


def test_nobody_says_the_same_twice(shipped: Dataset) -> None:
    """One claim for what one claimant says in one passage: else counts of claims are too high."""
    said: dict[tuple[frozenset[str], ...], list[str]] = {}
    relation = NamedNode(CSTO + "relation")
    for quad in shipped.store.quads_for_pattern(None, relation, None, ASSERTED):
        key = tuple(
            frozenset(
                str(other.object)
                for other in shipped.store.quads_for_pattern(
                    quad.subject, NamedNode(CSTO + name), None, ASSERTED
                )
            )
            for name in TELLING
        )
        if key[TELLING.index("claimant")]:
            said.setdefault(key, []).append(str(quad.subject))
    assert len(said) > 1000
    assert [claims for claims in said.values() if len(claims) > 1] == []
