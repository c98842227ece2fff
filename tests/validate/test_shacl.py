"""What shapes find is what pySHACL finds: node, path, value, component, shape."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from conftest import BASE, act, spell
from csto.graph.build import build
from csto.graph.dataset import TIMELESS
from csto.load.workspace import Workspace
from csto.validate.finding import Detail
from csto.validate.run import graph_of_shapes
from csto.validate.shacl.evaluate import validate
from csto.validate.shacl.graph import Graph
from csto.validate.shacl.shapes import ShapesGraph
from csto.validate.shacl.words import result_of
from support.shacl import Key, ours, theirs

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
    "sh:path :r ; sh:qualifiedValueShape [ sh:class :Big ] ; sh:qualifiedMinCount 2",
    "sh:path :q ; sh:equals :p",
    'sh:path :q ; sh:sparql [ sh:select "SELECT $this ?value { $this $PATH ?value }" ]',
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


def graph(text: str) -> Graph:
    return Graph(parse(PREFIXES + text, format=RdfFormat.TURTLE))


DATA_GRAPH = graph(DATA)


def both(text: str) -> tuple[set[Key], set[Key]]:
    return ours(DATA_GRAPH, ShapesGraph(graph(text))), theirs(PREFIXES + DATA, PREFIXES + text)


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_each_constraint(constraint: str) -> None:
    mine, others = both(
        f":s a sh:NodeShape ; sh:targetClass :Thing ; sh:property :sp . :sp {constraint} ."
    )
    assert mine, "the data do not break this constraint"
    assert mine == others


def test_node_shapes() -> None:
    shapes = [
        f":s{number} a sh:NodeShape ; {target} ; {constraint} ."
        for number, (target, constraint) in enumerate((t, c) for t in TARGETS for c in NODES)
    ]
    mine, others = both("\n".join(shapes) + ":p sh:path :p . :q sh:path :q . :r sh:path :r .")
    assert len({shape for *_, shape in mine}) > 20
    assert mine == others


def test_a_shape_that_asks_about_itself() -> None:
    """A chain of things is followed to its end; a circle ends where it closes."""
    data = graph(":a :r :b . :b :r :c . :x :r :y . :y :r :x . :c :bad true .")
    shapes = ":s a sh:NodeShape ; sh:targetSubjectsOf :r ; sh:property [ sh:path :r ; sh:node :s ]"
    found = ours(data, ShapesGraph(graph(f"{shapes} , [ sh:path :bad ; sh:maxCount 0 ] .")))
    assert {focus.rpartition("/")[2] for focus, *_ in found} == {"a>", "b>"}


def test_a_property_of_a_property_is_told_of_the_node_it_is_about() -> None:
    shapes = (
        ":s a sh:NodeShape ; sh:targetNode :b ; sh:not [ sh:property [ sh:path :r ; sh:property"
        " [ sh:path :nothing ; sh:minCount 1 ] ] ] ; sh:property [ sh:path :r ; sh:property"
        " [ sh:path :nothing ; sh:minCount 1 ] ] ."
    )
    mine, others = both(shapes)
    assert {focus.rpartition("/")[2] for focus, *_ in mine} == {"a>", "c>"}
    assert mine == others


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
    store = build(shipped_workspace, [path]).store
    quads = [q for name in TIMELESS for q in store.quads_for_pattern(None, None, None, name)]
    shapes = graph_of_shapes(shipped_workspace)
    mine = ours(Graph(quads), shapes)
    assert len({shape for *_, shape in mine}) > 20
    data, text = (
        serialize(triples, format=RdfFormat.N_TRIPLES) or b""
        for triples in ((q.triple for q in quads), _triples(shapes))
    )
    assert mine == theirs(data, text)


def _triples(shapes: ShapesGraph) -> Any:
    return (Triple(*triple) for triple in shapes.graph.triples())


def test_a_nested_shape_says_which_part_is_not_met() -> None:
    text = (
        ":s a sh:NodeShape ; sh:targetNode :b ; sh:property :sp ."
        ' :sp sh:path :r ; sh:message "a good neighbour" ; sh:or ( :one :two ) .'
        ' :one sh:name "a bigger thing" ; sh:class :Bigger .'
        ' :two sh:name "a thing with an extra" ; sh:property [ sh:path :s ; sh:minCount 1 ;'
        ' sh:message "it has an extra" ] .'
    )
    shapes = ShapesGraph(graph(text))
    (violation,) = validate(DATA_GRAPH, shapes).violations
    result = result_of(violation, shapes)
    assert result.value == NamedNode("https://example.org/a")
    assert result.details == (
        Detail(
            "a bigger thing: not met",
            (Detail("the value is no instance of https://example.org/Bigger"),),
        ),
        Detail(
            "a thing with an extra: not met",
            (Detail("https://example.org/s: it has an extra"),),
        ),
    )
