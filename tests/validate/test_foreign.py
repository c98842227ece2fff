"""Anybody's data against anybody's shapes: results, places, faults of shapes, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from conftest import Ran, run_csto

PREFIXES = """\
@prefix e: <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HEAD = PREFIXES.count("\n")


@pytest.fixture
def check(tmp_path: Path):
    def run(shapes: str, data: str, *options: str, ending: str = "ttl") -> Ran:
        (tmp_path / "s.ttl").write_text(PREFIXES + shapes, encoding="utf-8")
        head = PREFIXES if ending in ("ttl", "trig") else ""
        (tmp_path / f"d.{ending}").write_text(head + data, encoding="utf-8")
        files = ("--shapes", str(tmp_path / "s.ttl"), "--data", str(tmp_path / f"d.{ending}"))
        return run_csto("validate", *files, *options)

    return run


def test_a_literal_as_focus_node(check) -> None:
    shapes = "e:S a sh:NodeShape ; sh:targetObjectsOf e:p ; sh:nodeKind sh:IRI .\n"
    ran = check(shapes, 'e:a e:p "v" .\n')
    assert ran.code == 1
    assert f"d.ttl:{HEAD + 1}:9: violation sh:nodeKind" in ran.out
    assert check(shapes, "e:a e:p e:v .\n").code == 0


def test_terms_are_those_of_the_file(check) -> None:
    shapes = (
        "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:property"
        " [ sh:path e:p ; sh:datatype xsd:nonNegativeInteger ] , "
        ' [ sh:path e:q ; sh:hasValue 1.50 ; sh:pattern "^P1Y12M$|1.50" ] .\n'
    )
    data = 'e:a e:p "7"^^xsd:nonNegativeInteger ; e:q 1.50 , "P1Y12M"^^xsd:duration .\n'
    ran = check(shapes, data)
    assert (ran.code, ran.out) == (0, "")


def test_columns_that_are_in_step_and_others(check) -> None:
    """Nodes that lack a property, and properties in another order than the nodes."""
    shapes = (
        "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property [ sh:path e:n ; sh:minCount 1 ;"
        " sh:datatype xsd:integer ] , [ sh:path ( e:next e:n ) ; sh:maxCount 1 ] .\n"
    )
    data = (
        "e:a a e:C ; e:n 1 ; e:next e:b .\ne:b a e:C .\ne:c a e:C ; e:n 3 ; e:next e:a , e:d .\n"
        'e:d a e:C ; e:n 1 .\ne:b e:next e:c , e:d .\ne:a e:n "x"^^xsd:integer .\n'
    )
    ran = check(shapes, data)
    lines = [line.partition(": violation ") for line in ran.out.splitlines() if "violation" in line]
    found = sorted((place.split(":")[-2], what.split(" ")[0]) for place, _, what in lines)
    second, third, fifth, last = (str(HEAD + line) for line in (2, 3, 5, 6))
    wanted = [(second, "sh:minCount"), (third, "sh:maxCount"), (fifth, "sh:maxCount")]
    assert found == sorted([*wanted, (last, "sh:datatype")])


def test_a_target_that_is_no_value_is_judged_all_the_same(check) -> None:
    shapes = 'e:S sh:targetNode "x"^^xsd:integer , 1 ; a sh:NodeShape ; sh:datatype xsd:integer .\n'
    ran = check(shapes, "e:a e:p e:b .\n")
    assert ran.code == 1
    assert ran.out.count("sh:datatype") == 1


def test_the_place_of_each_result(check) -> None:
    shapes = (
        "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property [ sh:path e:n ; sh:maxLength 2 ] ,"
        " [ sh:path [ sh:inversePath e:n2 ] ; sh:nodeKind sh:Literal ] .\n"
    )
    data = 'e:a a e:C ;\n    e:n "ab" ,\n        "abc" .\ne:b e:n2 e:a .\n[] a e:C ; e:n "long" .\n'
    ran = check(shapes, data)
    assert f"d.ttl:{HEAD + 3}:9: violation sh:maxLength" in ran.out
    assert f"d.ttl:{HEAD + 4}:5: violation sh:nodeKind" in ran.out
    assert f"d.ttl:{HEAD + 5}:12: violation sh:maxLength" in ran.out


@pytest.mark.parametrize(
    ("ending", "data", "line"),
    [
        ("nt", '<http://e/x> <http://e/y> "" .\n<http://e/a> <http://e/n> "long" .\n', 2),
        ("nq", '<http://e/a> <http://e/n> "long" <http://e/g> .\n', 1),
        ("trig", 'e:g {\n  e:a e:n "long" .\n}\n', HEAD + 2),
        ("jsonld", '{"@id": "http://e/a",\n "http://e/n": "long"}', 2),
        (
            "rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
            '\n<rdf:Description rdf:about="http://e/a">\n  <e:n>long</e:n>\n</rdf:Description>'
            "</rdf:RDF>",
            3,
        ),
    ],
)
def test_the_line_in_every_format(check, ending: str, data: str, line: int) -> None:
    shapes = (
        "e:S a sh:NodeShape ; sh:targetSubjectsOf e:n ;"
        " sh:property [ sh:path e:n ; sh:maxLength 2 ] .\n"
    )
    ran = check(shapes, data, ending=ending)
    assert ran.code == 1
    assert f"d.{ending}:{line}:" in ran.out


@pytest.mark.parametrize(
    ("shapes", "code", "says"),
    [
        ("sh:minCuont 1 .", "CS0009", "sh:minCount?"),
        (
            'sh:target [ a sh:SPARQLTarget ; sh:select "" ] .',
            "CS0008",
            "sh:target is not supported",
        ),
        ("sh:rule [] .", "CS0008", "sh:rule is not"),
        ("sh:js [] .", "CS0008", "sh:js is not"),
        ("sh:entailment e:x .", "CS0008", "entailment"),
        (
            'sh:property [ sh:path e:p ; sh:minCount "one" ] .',
            "CS0007",
            'is a whole number (xsd:integer), not "one"',
        ),
        (
            "sh:property [ sh:minCount 1 ] .",
            "CS0007",
            "path",
        ),
        (
            'sh:pattern "(" .',
            "CS0007",
            "is no regular expression",
        ),
        (
            'sh:sparql [ sh:select "SELECT $this { $this x:y 1 }" ] .',
            "CS0007",
            "the query cannot be read",
        ),
        (
            'sh:sparql [ sh:select "SELECT $this { MINUS {} }" ] .',
            "CS0008",
            "MINUS is not allowed",
        ),
        ("sh:or e:x .", "CS0007", "sh:or is a list"),
        (
            "sh:in ( 1 ) , ( 2 ) .",
            "CS0007",
            "stands once",
        ),
        (
            "sh:minCount 1 .",
            "CS0007",
            "needs a shape with",
        ),
        ("sh:datatype 1 .", "CS0007", "is an IRI"),
        ("sh:path e:p .", "CS0007", "no sh:path"),
        (
            "sh:property [ sh:path ( e:p ) ] .",
            "CS0007",
            "at least two members",
        ),
        (
            "sh:property [ sh:path e:p ; sh:qualifiedValueShape [ sh:class e:C ] ] .",
            "CS0007",
            "needs sh:qualifiedMinCount",
        ),
        (
            "sh:node e:Nowhere .",
            "CS0007",
            "no such shape",
        ),
    ],
)
def test_faults_of_shapes_are_told_at_their_place(check, shapes: str, code: str, says: str) -> None:
    ran = check(f"e:S a sh:NodeShape ; sh:targetClass e:C ; {shapes}\n", "e:a a e:C .\n")
    assert ran.code == 2
    assert f"s.ttl:{HEAD + 1}:" in ran.out
    assert f"violation {code}" in ran.out
    assert says in ran.out
    assert "internal error" not in ran.err


def test_a_shape_without_focus_is_told(check) -> None:
    shapes = (
        "e:S a sh:NodeShape ; sh:targetClass e:Persn .\n"
        "e:T a sh:NodeShape ; sh:targetClass e:Person .\n"
    )
    ran = check(shapes, "e:a a e:Person .\n")
    assert ran.code == 0
    assert f"s.ttl:{HEAD + 1}:1: warning CS0004" in ran.out
    assert "did you mean http://e/Person?" in ran.out


def test_where_no_shape_sees_anything_clean_would_mean_nothing(check) -> None:
    ran = check("e:S a sh:NodeShape ; sh:targetClass e:C .\n", "e:a a e:D .\n")
    assert ran.code == 2
    assert "CS0004" in ran.out
    ran = check("e:S e:p e:o .\n", "e:a a e:D .\n")
    assert ran.code == 2
    assert "no shape with a target" in ran.err


def test_a_target_node_that_is_not_in_the_data(check) -> None:
    shapes = (
        "e:S a sh:NodeShape ; sh:targetNode e:missing ;"
        " sh:property [ sh:path e:p ; sh:minCount 1 ] .\n"
    )
    ran = check(shapes, "e:a a e:D .\n")
    assert ran.code == 1
    assert "http://e/missing" in ran.out


def test_imports_are_read_at_hand_and_told_elsewhere(check, tmp_path: Path) -> None:
    (tmp_path / "more.ttl").write_text(
        PREFIXES + "e:M a sh:NodeShape ; sh:targetClass e:C ; sh:nodeKind sh:BlankNode .\n"
    )
    shapes = (
        "<> a owl:Ontology ; owl:imports <more.ttl> , <http://elsewhere.example/shapes> .\n"
        "e:S a sh:NodeShape ; sh:targetClass e:C .\n"
    )
    ran = check(shapes, "e:a a e:C .\n")
    assert ran.code == 1
    assert "violation sh:nodeKind" in ran.out
    assert "warning CS0010" in ran.out
    assert "http://elsewhere.example/shapes is not read" in ran.out


def test_a_base_for_relative_names(check) -> None:
    shapes = (
        "<S> a sh:NodeShape ; sh:targetNode <x> ; sh:property [ sh:path <p> ; sh:minCount 1 ] .\n"
    )
    assert check(shapes, "<x> <p> 1 .\n", "--base", "http://b.example/").code == 0
    ran = check(shapes, "<x> <q> 1 .\n", "--base", "http://b.example/")
    assert "http://b.example/x · http://b.example/p" in ran.out


def test_the_standard_report_is_whole(check) -> None:
    shapes = (
        "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property [\n"
        "  sh:path ( e:p [ sh:inversePath e:q ] ) ; sh:minCount 1 ; sh:severity e:Blocker ] ;\n"
        "  sh:property [ sh:path e:r ; sh:node [ sh:class e:D ] ] ,\n"
        "  [ sh:path e:l ; sh:uniqueLang true ] .\n"
    )
    ran = check(shapes, 'e:a a e:C ; e:r e:x ; e:l "one"@en , "two"@en .\n', "--format", "turtle")
    assert ran.code == 1
    store = Store()
    store.load(input=ran.out.encode(), format=RdfFormat.TURTLE)
    sh = "PREFIX sh: <http://www.w3.org/ns/shacl#> "
    sh += "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
    path = "?r sh:resultPath/rdf:rest/rdf:first/sh:inversePath <http://e/q>"
    assert store.query(f"{sh} ASK {{ {path} ; sh:resultSeverity <http://e/Blocker> }}")
    assert store.query(
        f"{sh} ASK {{ ?r sh:sourceShape/sh:path <http://e/r> ; sh:detail/sh:value ?v }}"
    )
    assert store.query(f"{sh} ASK {{ ?report sh:conforms false }}")
    unique = 'CONTAINS(?m, "one") && CONTAINS(?m, "two")'
    assert store.query(f"{sh} ASK {{ ?r sh:resultMessage ?m FILTER({unique}) }}")
    text = check(shapes, "e:a a e:C .\n")
    assert "violation (http://e/Blocker) sh:minCount" in text.out


@pytest.mark.parametrize("how", ["json", "sarif", "junit", "github"])
def test_reports_for_tools(check, how: str) -> None:
    shapes = "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:nodeKind sh:Literal .\n"
    ran = check(shapes, "e:a a e:C .\n", "--format", how)
    assert ran.code == 1
    assert "nodeKind" in ran.out
    if how in ("json", "sarif"):
        json.loads(ran.out)


def test_sparql_constraints_and_components(check) -> None:
    shapes = """
e: sh:declare [ sh:prefix "e" ; sh:namespace "http://e/"^^xsd:anyURI ] .
e:S a sh:NodeShape ; sh:targetClass e:C ; e:longest 2 ;
    sh:sparql [ sh:prefixes e: ; sh:message "{$this} knows itself" ;
        sh:select "SELECT $this ?value { $this e:knows ?value FILTER(?value = $this) }" ] .
e:Longest a sh:ConstraintComponent ; sh:parameter [ sh:path e:longest ] ;
    sh:validator [ a sh:SPARQLAskValidator ;
        sh:ask "ASK { FILTER(STRLEN(STR($value)) < 10 + $longest) }" ] .
"""
    ran = check(shapes, "e:a a e:C ; e:knows e:a .\n[] a e:C .\ne:very-long-name a e:C .\n")
    assert ran.code == 1
    assert "sh:sparql http://e/a knows itself" in ran.out
    assert "violation http://e/Longest" in ran.out
    # A node without a name has no text, so the query has no answer for it.
    assert ran.out.count("violation") == 3


def test_what_a_broken_statement_says_is_no_finding_as_well(check) -> None:
    shapes = (
        "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property [ sh:path e:n ; sh:minCount 1 ] ."
    )
    data = "e:a a e:C .\ne:a e:n 1 e:q 2 .\ne:b a e:C .\nun:x a e:C .\n"
    ran = check(shapes, data, "--format", "json")
    assert ran.code == 2
    found = [(f["code"], f["line"] - HEAD) for f in json.loads(ran.out)["findings"]]
    assert found == [("CS0001", 2), ("sh:minCount", 3), ("CS0003", 4)]


def test_a_node_that_only_the_shapes_name_has_its_place_there(check) -> None:
    shapes = (
        "e:S a sh:NodeShape ; sh:property [ sh:path e:n ; sh:minCount 1 ] ;\n sh:targetNode e:x ."
    )
    ran = check(shapes, "e:a e:n 1 .\n")
    assert ran.code == 1
    assert f"s.ttl:{HEAD + 2}:2: violation sh:minCount" in ran.out
    assert "1 violation: 1 triple against 1 shape" in ran.err


def test_every_broken_line_of_n_quads_is_told(check) -> None:
    """A tag that is none, behind a line without a full stop, was neither read nor told."""
    data = (
        '<http://e/a> <http://e/n> 1 .\nbroken\n<http://e/b> <http://e/n> "x"@en-123456789 .\n'
        '<http://e/c> <http://e/n> "x"@en .\n'
    )
    shapes = "e:S a sh:NodeShape ; sh:targetSubjectsOf e:n ; sh:nodeKind sh:BlankNode ."
    ran = check(shapes, data, "--format", "json", ending="nq")
    assert ran.code == 2
    found = [(f["code"], f["line"]) for f in json.loads(ran.out)["findings"]]
    assert found == [("CS0001", 1), ("CS0001", 2), ("CS0001", 3), ("sh:nodeKind", 4)]


def test_patterns_that_could_be_tried_in_endless_ways(tmp_path: Path) -> None:
    patterns = ("^(a+)+$", "^(a|aa)+$", "^((a?){9})*$", "^(([a-z])+.)+$")
    shapes = (
        f'[] a sh:NodeShape ; sh:targetNode "{"a" * 60}-B" ; sh:pattern "{pattern}" .'
        for pattern in patterns
    )
    (tmp_path / "s.ttl").write_text(PREFIXES + "\n".join(shapes), encoding="utf-8")
    (tmp_path / "d.ttl").write_text("<urn:a> <urn:b> 1 .\n")
    files = ("--shapes", str(tmp_path / "s.ttl"), "--data", str(tmp_path / "d.ttl"))
    # In a process of its own, which the limit can end.
    ran = run_csto("validate", *files, "--timeout", "60", process=True)
    assert ran.code == 1
    assert ran.out.count("sh:pattern the value does not match") == len(patterns)


def test_a_base_that_is_no_iri(check) -> None:
    ran = check("e:S a sh:NodeShape ; sh:targetClass e:C .", "<a> a e:C .\n", "--base", "here")
    assert ran.code == 2
    assert "--base here: no absolute IRI" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--earl", "e.ttl", "x.ttl"), "--earl goes with --test-suite"),
        (("--test-suite", "m.ttl", "--shapes", "s.ttl"), "names its own files"),
        (("--shapes", "s.ttl", "--data", "-", "--house"), "give them as a file"),
    ],
)
def test_options_that_do_not_go_together(options: tuple[str, ...], says: str) -> None:
    ran = run_csto("validate", *options)
    assert ran.code == 2
    assert says in ran.err


def test_the_house_only_when_asked(check) -> None:
    shapes = "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p .\n"
    data = "<https://w3id.org/csto/id/state/x> a <https://w3id.org/csto/ontology#Stat> ; e:p 1 .\n"
    assert check(shapes, data).code == 0
    ran = check(shapes, data, "--house")
    assert ran.code == 1
    assert "CS0214" in ran.out


def test_shapes_that_lead_back_to_themselves(check) -> None:
    shapes = (
        "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property [ sh:path e:next ; sh:node e:S ] ,"
        " [ sh:path e:n ; sh:minCount 1 ] .\n"
    )
    circle = "e:a a e:C ; e:n 1 ; e:next e:b . e:b e:n 1 ; e:next e:a .\n"
    assert check(shapes, circle).code == 0
    assert check(shapes, circle.replace("e:b e:n 1", "e:b e:m 1")).code == 1
    long = "e:x0 a e:C .\n" + "".join(f"e:x{i} e:n 1 ; e:next e:x{i + 1} .\n" for i in range(3000))
    assert check(shapes, long).code in (1, 2)


def test_a_suite_in_the_form_of_the_w3c(tmp_path: Path) -> None:
    test = (
        PREFIXES
        + """
@prefix mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> .
@prefix sht: <http://www.w3.org/ns/shacl-test#> .
e:S a sh:NodeShape ; sh:targetNode e:a ; sh:class e:C .
<> a mf:Manifest ; mf:entries ( <one> ) .
<one> a sht:Validate ; mf:action [ sht:dataGraph <> ; sht:shapesGraph <> ] ;
    mf:result [ a sh:ValidationReport ; sh:conforms false ; sh:result [
        sh:focusNode e:a ; sh:value e:a ; sh:resultSeverity sh:Violation ;
        sh:sourceConstraintComponent sh:ClassConstraintComponent ; sh:sourceShape e:S ] ] .
"""
    )
    path = tmp_path / "manifest.ttl"
    path.write_text(test)
    earl = tmp_path / "earl.ttl"
    ran = run_csto("validate", "--test-suite", str(path), "--earl", str(earl))
    assert ran.code == 0
    assert "1 of 1 tests passed" in ran.err
    store = Store()
    store.load(path=str(earl), format=RdfFormat.TURTLE)
    passed = NamedNode("http://www.w3.org/ns/earl#passed")
    assert len(list(store.quads_for_pattern(None, None, passed, None))) == 1
    path.write_text(test.replace("sh:value e:a", "sh:value e:b"))
    ran = run_csto("validate", "--test-suite", str(path))
    assert ran.code == 1
    assert "missing" in ran.out


def test_shapes_need_data_and_data_shapes() -> None:
    assert run_csto("validate", "--shapes", "x.ttl").code == 2
    assert run_csto("validate", "--data", "x.ttl").code == 2


def test_several_errors_of_a_file_and_the_rest_of_it(check) -> None:
    shapes = "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:nodeKind sh:Literal .\n"
    ran = check(shapes, "e:a e:p ] .\ne:b a e:C .\ne:c e:q } .\nx:d a e:C .\n")
    assert ran.code == 2
    for line in (1, 3, 4):
        assert f"d.ttl:{HEAD + line}:" in ran.out
    assert f"d.ttl:{HEAD + 2}:1: violation sh:nodeKind" in ran.out
    assert "CS0003" in ran.out


def test_standard_input(tmp_path: Path) -> None:
    shapes = tmp_path / "s.ttl"
    shapes.write_text(
        PREFIXES + "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:nodeKind sh:Literal .\n"
    )
    call = ("validate", "--shapes", str(shapes), "--data", "-")
    ran = run_csto(*call, stdin=PREFIXES + "e:a a e:C .\n")
    assert ran.code == 1
    assert f"-:{HEAD + 1}:1: violation sh:nodeKind" in ran.out
    line = "<http://e/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> .\n"
    ran = run_csto(*call, "--stdin-name", "buffer.nt", stdin=line)
    assert "buffer.nt:1:1: violation" in ran.out


def test_what_is_nested_deep_is_checked_all_the_same(check) -> None:
    """The reading that knows places stops at a depth; nothing it leaves out may pass as clean."""
    deep = "e:a e:p " + "[ e:p " * 1500 + "1" + " ]" * 1500 + " .\n"
    shapes = "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:property [ sh:path e:p ;"
    ran = check(shapes + " sh:nodeKind sh:BlankNode ] .\n", deep + "e:b e:p e:c .\n")
    assert ran.code == 1
    assert ran.out.count("violation sh:nodeKind") == 2
    assert "1502 triples" in ran.err
