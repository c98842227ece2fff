"""The ontology keeps to OWL 2 RL and DL; what does not is named with its file."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Store

from csto.load.files import load_workspace
from csto.load.workspace import Workspace
from csto.validate.profile import faults
from csto.vocabulary import ONTOLOGY

PREFIX = """@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:A a owl:Class . :B a owl:Class . :C a owl:Class .
:p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty .
:v a owl:DatatypeProperty .
"""


def found(text: str) -> list[str]:
    store = Store()
    store.load(input=(PREFIX + text).encode(), format=RdfFormat.TURTLE, to_graph=ONTOLOGY)
    return [str(fault) for fault in faults(store)]


def test_the_shipped_ontology(shipped_workspace: Workspace) -> None:
    store = load_workspace(shipped_workspace, [])
    texts = {path: path.read_text(encoding="utf-8") for path in shipped_workspace.ontology_files()}
    listed = []
    for fault in faults(store):
        local = fault.term.rpartition("#")[2].rpartition("/")[2]
        places = [shipped_workspace.shown(path) for path, text in texts.items() if local in text]
        listed.append(f"{', '.join(places)}: {fault}")
    assert listed == []


@pytest.mark.parametrize(
    "text",
    [
        ":A rdfs:subClassOf :B ; owl:disjointWith :C .",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :x ] .",
        "[ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] rdfs:subClassOf :A .",
        ":A owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :B :C ) ] .",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 1 ] .",
        ":p owl:propertyChainAxiom ( :q :r ) . :q a owl:IrreflexiveProperty .",
        ":p owl:propertyChainAxiom ( :p :p ) .",
        ":p owl:propertyChainAxiom ( :q :p ) .",
        ":q rdfs:subPropertyOf :p . :p a owl:TransitiveProperty . :q a owl:AsymmetricProperty .",
        ":v rdfs:range xsd:dateTime .",
        ":x a :A ; :p :y ; :v 1 .",
    ],
)
def test_what_the_profiles_allow(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            ":A rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :B ] .",
            "A: this class expression cannot stand on the right of an axiom (OWL 2 RL)",
        ),
        (
            "[ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :B ] rdfs:subClassOf :A .",
            "this class expression cannot stand on the left of an axiom (OWL 2 RL)",
        ),
        (
            ":A owl:equivalentClass [ a owl:Class ; owl:unionOf ( :B :C ) ] .",
            "A: only an intersection or owl:hasValue is equivalent to a class (OWL 2 RL)",
        ),
        (
            ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 2 ] .",
            "A: owl:maxCardinality is 0 or 1 (OWL 2 RL)",
        ),
        (
            ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 1 ] .",
            "A: owl:minCardinality is used (OWL 2 RL)",
        ),
        (":p a owl:ReflexiveProperty .", "p: owl:ReflexiveProperty is used (OWL 2 RL)"),
        ("owl:Thing rdfs:subClassOf :A .", "owl:Thing: owl:Thing is no subclass of anything"),
        (":v rdfs:range xsd:date .", "v: xsd:date is used as datatype (OWL 2 RL)"),
        (':x :v "2022-01-10"^^xsd:date .', "x: xsd:date is used as datatype (OWL 2 RL)"),
        (":p a owl:DatatypeProperty .", "p: declared as DatatypeProperty and ObjectProperty"),
        (":x :w :y .", "w: used as a property and not declared (OWL 2 DL)"),
        (":x a :D .", "D: used as a class and not declared (OWL 2 DL)"),
        (":x :p 3 .", "p: a property of things has"),
        (":x :v :y .", "v: a property of values has"),
        (
            ":p a owl:TransitiveProperty , owl:IrreflexiveProperty .",
            "p: owl:IrreflexiveProperty asks for a simple property, but it is transitive",
        ),
        (
            ":p owl:propertyChainAxiom ( :q :r ) . :p owl:propertyDisjointWith :q .",
            "p: owl:propertyDisjointWith asks for a simple property, but it is made by a chain",
        ),
        (
            ":q a owl:TransitiveProperty ; rdfs:subPropertyOf :p ."
            "[] a owl:AllDisjointProperties ; owl:members ( :p :r ) .",
            "which is transitive (OWL 2 DL)",
        ),
        (
            ":p owl:inverseOf :q . :q a owl:TransitiveProperty . :p a owl:AsymmetricProperty .",
            "p: owl:AsymmetricProperty asks for a simple property",
        ),
        (
            ":p owl:propertyChainAxiom ( :q :r ) . :q owl:propertyChainAxiom ( :r :p ) .",
            "p: its chain needs the property itself (OWL 2 DL)",
        ),
    ],
)
def test_what_they_do_not(text: str, fault: str) -> None:
    assert any(fault in line for line in found(text)), found(text)
