"""Shapes run as set-based queries find what pyshacl finds: node, path, value, component, shape."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, parse

from conftest import BASE, act, spell
from csto.graph.build import build
from csto.graph.dataset import TIMELESS
from csto.load.workspace import Workspace
from csto.validate.finding import Detail, Result
from csto.validate.run import graph_of_shapes
from csto.validate.shacl.model import Shapes
from csto.validate.shacl.reference import validate as pyshacl
from csto.validate.shacl.run import Outcome, Runner
from csto.vocabulary import ASSERTED

PREFIXES = """
@prefix : <https://example.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
:Big rdfs:subClassOf :Thing . :Bigger rdfs:subClassOf :Big .
:a a :Thing ; :p :b , "x" , 7 , -1 , "y"@en , "z"@en , "w"@ru ; :q 3 , 5 .
:a :date "2001"^^:year , "2001"^^xsd:gYear , "x"@en .
:a :t 4 , "y" ; :u 4 .
:b a :Big ; :p "abc" , "abcdef"^^xsd:string , 2.5 ; :q 9 , 1 ; :r :a , :c .
:c a :Bigger ; :p "no number"^^xsd:integer , "2020-02-31"^^xsd:date ; :q 1 ; :r :b ; :s "extra" .
:d a :Thing ; :p :z ; :r :z ; :q 3 , 3.0 ; :p _:x ; :r :d . _:x :q 3 . :e :r :a . :f a :Bigger .
"""
# One shape for each constraint, with the node it looks at.
CONSTRAINTS = [
    "sh:path :p ; sh:minCount 1",
    "sh:path :q ; sh:minCount 2",
    "sh:path :p ; sh:maxCount 1",
    "sh:path :p ; sh:maxCount 0",
    "sh:path :r ; sh:class :Big",
    "sh:path :p ; sh:class :Thing",
    "sh:path :p ; sh:datatype xsd:string",
    "sh:path :p ; sh:datatype xsd:integer",
    "sh:path :p ; sh:datatype rdf:langString",
    "sh:path :date ; sh:datatype :year",
    "sh:path :p ; sh:nodeKind sh:IRI",
    "sh:path :p ; sh:nodeKind sh:Literal",
    "sh:path :p ; sh:nodeKind sh:BlankNodeOrIRI",
    'sh:path :p ; sh:pattern "^[a-z]+$"',
    'sh:path :p ; sh:pattern "^ABC" ; sh:flags "i"',
    'sh:path :p ; sh:in ( :b "x" 7 "y"@en )',
    "sh:path :p ; sh:minLength 2",
    "sh:path :p ; sh:maxLength 3",
    "sh:path :q ; sh:minInclusive 3",
    "sh:path :q ; sh:maxExclusive 5",
    'sh:path :p ; sh:languageIn ( "en" )',
    "sh:path :p ; sh:uniqueLang true",
    "sh:path :q ; sh:hasValue 3",
    "sh:path ( :r :q ) ; sh:minCount 2",
    "sh:path ( :r :q ) ; sh:hasValue 3",
    "sh:path [ sh:inversePath :r ] ; sh:minCount 1",
    "sh:path [ sh:alternativePath ( :p :q ) ] ; sh:maxCount 3",
    "sh:path [ sh:zeroOrMorePath :r ] ; sh:class :Thing",
    "sh:path [ sh:oneOrMorePath :r ] ; sh:minCount 1",
    "sh:path :p ; sh:disjoint :r",
    "sh:path :q ; sh:lessThan :t",
    "sh:path :q ; sh:lessThanOrEquals :u",
    "sh:path :p ; sh:or ( [ sh:datatype xsd:integer ] [ sh:class :Big ] )",
    "sh:path :p ; sh:and ( [ sh:nodeKind sh:Literal ] [ sh:minLength 2 ] )",
    "sh:path :p ; sh:xone ( [ sh:datatype xsd:string ] [ sh:minLength 3 ] )",
    "sh:path :p ; sh:not [ sh:datatype xsd:integer ]",
    "sh:path :r ; sh:node [ sh:property [ sh:path :q ; sh:minCount 1 ; sh:maxCount 1 ] ]",
    "sh:path :r ; sh:node [ sh:property [ sh:path :p ; sh:datatype xsd:string ] ]",
    "sh:path :r ; sh:node [ sh:or ( [ sh:class :Bigger ] "
    "[ sh:property [ sh:path :s ; sh:minCount 1 ] ] ) ]",
]
NODES = [
    "sh:closed true ; sh:ignoredProperties ( rdf:type :date ) ; sh:property :p , :q , :r",
    "sh:nodeKind sh:BlankNode",
    "sh:class :Big",
    "sh:not [ sh:property [ sh:path :s ; sh:minCount 1 ] ]",
    "sh:or ( [ sh:property [ sh:path :p ; sh:minCount 1 ] ] [ sh:class :Bigger ] )",
    "sh:in ( :a :b )",
]
TARGETS = [
    "sh:targetClass :Thing",
    "sh:targetNode :a , :c , :nowhere",
    "sh:targetSubjectsOf :r",
    "sh:targetObjectsOf :r",
]


def both(store: Store, text: str) -> tuple[set[Any], set[Any], Outcome]:
    shapes = Shapes(Store())
    for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE):
        shapes.store.add(quad)
    outcome = Runner(store, [ASSERTED], shapes).run()
    theirs = pyshacl(store, [ASSERTED], shapes)
    return keys(outcome.results), keys(theirs), outcome


def keys(results: list[Result]) -> set[Any]:
    """What is compared; blank nodes have other names in each reading."""

    def term(node: Any) -> Any:
        return "_" if isinstance(node, BlankNode) else node

    return {(term(r.focus), r.path, term(r.value), r.component, r.source) for r in results}


@pytest.fixture
def data() -> Store:
    store = Store()
    store.load(input=(PREFIXES + DATA).encode(), format=RdfFormat.TURTLE, to_graph=ASSERTED)
    return store


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_each_constraint(data: Store, constraint: str) -> None:
    text = (
        ':s a sh:NodeShape ; sh:targetClass :Thing ; dcterms:identifier "CS9999" ;'
        f' sh:property :sp . :sp dcterms:identifier "CS9998" ; {constraint} .'
    )
    ours, theirs, outcome = both(data, text)
    assert not outcome.handed_over
    assert theirs, "the data do not break this constraint"
    assert ours == theirs


@pytest.mark.parametrize("constraint", NODES)
@pytest.mark.parametrize("target", TARGETS)
def test_node_shapes(data: Store, target: str, constraint: str) -> None:
    text = (
        f':s a sh:NodeShape ; {target} ; dcterms:identifier "CS9999" ; {constraint} .'
        " :p sh:path :p . :q sh:path :q . :r sh:path :r ."
    )
    ours, theirs, outcome = both(data, text)
    assert not outcome.handed_over
    assert ours == theirs


@pytest.mark.parametrize(
    "constraint",
    [
        "sh:path :r ; sh:qualifiedValueShape [ sh:class :Big ] ; sh:qualifiedMinCount 2",
        "sh:path :q ; sh:equals :p",
        "sh:path :r ; sh:node :s",
        'sh:path :q ; sh:sparql [ sh:select "SELECT $this ?value { $this $PATH ?value }" ]',
    ],
)
def test_what_is_not_compiled_is_checked_node_by_node(data: Store, constraint: str) -> None:
    text = (
        ':s a sh:NodeShape ; sh:targetClass :Thing ; dcterms:identifier "CS9999" ;'
        f' sh:property :sp . :sp dcterms:identifier "CS9998" ; {constraint} .'
    )
    ours, theirs, outcome = both(data, text)
    assert list(outcome.handed_over) == ["https://example.org/s"]
    assert theirs or ":s" in constraint
    assert ours == theirs


def test_the_shipped_shapes(shipped_workspace: Workspace, tmp_path: Any) -> None:
    """On a graph that breaks most of them."""
    bad = (
        act("a", "16.08.2006", extra='; csto:date "2007"^^edtf:EDTF')
        + act("b", "2006").replace("csto:evidence src:p1", "csto:evidence src:p9")
        + act("c", "2006").replace(' rdfs:label "c"@en ;', ' rdfs:label "c"@en , "d"@en ;')
        + spell("m", "csto:status status:friend ; csto:openedBy act:a , act:b , state:one")
        + "m:n a csto:Membership . claim:c a csto:Claim . source:x a csto:Source ."
        + "vote:v a csto:CastVote ; csto:agent body:left . act:r a csto:RollCall ."
        + 'src:p7 a csto:Passage ; dcterms:isPartOf source:test , state:two ; rdfs:label "p"@en .'
    )
    path = tmp_path / "graph.ttl"
    path.write_text(BASE + bad)
    dataset = build(shipped_workspace, [path])
    shapes = graph_of_shapes(shipped_workspace)
    outcome = Runner(dataset.store, TIMELESS, shapes).run()
    assert not outcome.handed_over
    assert len({result.code for result in outcome.results}) > 20
    assert keys(outcome.results) == keys(pyshacl(dataset.store, TIMELESS, shapes))


def test_a_nested_shape_says_which_part_is_not_met(data: Store) -> None:
    text = (
        ':s a sh:NodeShape ; sh:targetNode :b ; dcterms:identifier "CS9999" ; sh:property :sp .'
        ' :sp sh:path :r ; sh:message "a good neighbour" ; sh:or ( :one :two ) .'
        ' :one sh:name "a bigger thing" ; sh:class :Bigger .'
        ' :two sh:name "a thing with an extra" ; sh:property [ sh:path :s ; sh:minCount 1 ;'
        ' sh:message "it has an extra" ] .'
    )
    _, _, outcome = both(data, text)
    (result,) = outcome.results
    assert result.value == NamedNode("https://example.org/a")
    assert result.details == (
        Detail("a bigger thing: not met", (Detail("sh:class https://example.org/Bigger"),)),
        Detail(
            "a thing with an extra: not met",
            (Detail("https://example.org/s: it has an extra"),),
        ),
    )


def test_the_store_is_left_as_it_was(data: Store) -> None:
    before = set(data)
    text = ":s a sh:NodeShape ; sh:targetClass :Thing ; sh:class :Big ; dcterms:identifier 'CS1' ."
    both(data, text)
    assert {q for q in data if q.graph_name == ASSERTED} == before
    assert all(isinstance(quad, Quad) for quad in data)
