"""Public reports on validators, formatters and diffs, each tried on csto in a few lines.

Each is named by repository and number; the table in docs/conformance.md says what csto does. Data
and shapes are written anew from what a report describes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from conftest import BASE, ROOT, run_csto, tiny
from csto.answer.diff.structure import statements
from csto.errors import InputError
from csto.fmt import format_text
from csto.validate.foreign import validate_files
from csto.validate.formats import Context
from csto.validate.formats.turtle import write
from csto.validate.suite import as_earl, run_suite

PREFIXES = """\
@prefix e: <http://e/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HEAD = PREFIXES.count("\n")
TARGET = "e:S a sh:NodeShape ; sh:targetClass e:C ; "


def validated(folder: Path, shapes: str, data: str, mark: str = ""):
    (folder / "s.ttl").write_text(PREFIXES + shapes, encoding="utf-8")
    (folder / "d.ttl").write_text(mark + PREFIXES + data, encoding="utf-8")
    return validate_files([folder / "s.ttl"], [folder / "d.ttl"])


# Report, shapes, data, and the findings: file, line (from the end of the prefixes), code, words.
CHECKED = [
    (
        "w3c/data-shapes 88: a literal as focus node of a shape with a path",
        "e:S sh:targetObjectsOf e:p ; sh:path e:q ; sh:minCount 1 .",
        'e:a e:p "Hello" .',
        ["d.ttl:1 sh:minCount"],
    ),
    (
        "w3c/data-shapes 88: without sh:minCount such a node conforms",
        "e:S sh:targetObjectsOf e:p ; sh:path e:q ; sh:nodeKind sh:IRI .",
        'e:a e:p "Hello" .',
        [],
    ),
    (
        "w3c/data-shapes 89: value nodes of a property shape with a target",
        "e:S sh:targetNode e:a ; sh:path e:p ; sh:class e:C .",
        "e:a e:p [ a e:C ] .",
        [],
    ),
    (
        "w3c/data-shapes 90: sh:hasValue on a node shape is about each focus node",
        'e:S a sh:NodeShape ; sh:targetObjectsOf e:p ; sh:hasValue "Hello" .',
        'e:a e:p "Hello" .\ne:b e:p "Hello" , "World" .',
        ["d.ttl:2 sh:hasValue"],
    ),
    (
        "w3c/data-shapes 146: a property shape that nothing leads to says so",
        TARGET + "sh:nodeKind sh:IRI .\ne:P a sh:PropertyShape ; sh:path e:p ; sh:minCount 1 .",
        "e:a a e:C .",
        [],
    ),
    (
        "apache/jena 3018: sh:uniqueLang names the values",
        TARGET + "sh:property [ sh:path e:l ; sh:uniqueLang true ] .",
        'e:a a e:C ; e:l "Building"@en , "Edifice"@en , "Bau"@de .',
        ['d.ttl:1 sh:uniqueLang several in en: "Building", "Edifice"'],
    ),
    (
        "apache/jena 3147: a target in SPARQL is not passed over",
        'e:S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this {}" ] .',
        "e:a a e:C .",
        ["s.ttl:1 CS0008 targets in SPARQL"],
    ),
    (
        "sparna-git/shacl-play 243: nor where a shape has other targets",
        TARGET + 'sh:target [ sh:select "SELECT ?this {}" ] ; sh:nodeKind sh:IRI .',
        "e:a a e:C .",
        ["s.ttl:1 CS0008 targets in SPARQL"],
    ),
    (
        "sparna-git/shacl-play 242: a constraint in SPARQL that is not SPARQL",
        TARGET + 'sh:sparql [ sh:select "SELECT $this WHERE { $this e:p" ] .',
        "e:a a e:C .",
        ["s.ttl:1 CS0007 the query cannot be read: the prefix e: is not declared"],
    ),
    (
        "sparna-git/shacl-play 242: nor one with a brace too few",
        TARGET + 'sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?o" ] .',
        "e:a a e:C .",
        ["s.ttl:1 CS0007 the query cannot be read: line 1, column 20: this { is not closed"],
    ),
    (
        "zazuko/rdf-validate-shacl 66: a target node that the data do not have",
        "e:S a sh:NodeShape ; sh:targetNode e:nowhere ; sh:property [ sh:path e:p ; sh:maxCount 1 ]"
        " .",
        "e:a a e:C .",
        [],
    ),
    (
        "zazuko/rdf-validate-shacl 64: sh:closed goes by the paths that are one property",
        TARGET + "sh:closed true ; sh:ignoredProperties ( rdf:type ) ;"
        " sh:property [ sh:path [ sh:alternativePath ( e:p e:q ) ] ; sh:minCount 1 ] .",
        "e:a a e:C ; e:p 1 .",
        ["d.ttl:1 sh:closed"],
    ),
    (
        "RDFLib/pySHACL 321: each result has the line of its data",
        TARGET + "sh:property [ sh:path e:p ; sh:minCount 1 ; sh:nodeKind sh:Literal ] .",
        "e:a a e:C ;\n  e:p 1 ,\n    e:b .\n[] a e:C .",
        ["d.ttl:3 sh:nodeKind", "d.ttl:4 sh:minCount"],
    ),
    (
        "zazuko/rdf-validate-shacl 67: the message of a property shape within sh:and",
        TARGET + "sh:and ( e:T ) .\n"
        'e:T sh:path e:t ; sh:minCount 1 ; sh:message "a title is needed" .',
        "e:a a e:C .",
        ["d.ttl:1 sh:and e:t: a title is needed"],
    ),
    (
        "weso/shaclex 36: a literal outside its datatype",
        TARGET + "sh:property [ sh:path e:d ; sh:datatype xsd:dateTime ] .",
        'e:a a e:C ; e:d "not a date"^^xsd:dateTime .\ne:b a e:C ; e:d "not a date" .',
        ["d.ttl:1 sh:datatype", "d.ttl:2 sh:datatype"],
    ),
    (
        "RDFLib/pySHACL 122: integers outside their bounds",
        TARGET + "sh:property [ sh:path e:n ; sh:datatype xsd:nonNegativeInteger ] .",
        'e:a a e:C ; e:n "-1"^^xsd:nonNegativeInteger , "7"^^xsd:nonNegativeInteger .',
        ["d.ttl:1 sh:datatype"],
    ),
    (
        "oxigraph/oxigraph 526: what a store would rewrite is seen as it is written",
        TARGET + 'sh:property [ sh:path e:n ; sh:in ( "+1"^^xsd:int 1.50 ) ] .',
        'e:a a e:C ; e:n "+1"^^xsd:int , 1.50 .\ne:b a e:C ; e:n 1 , 1.5 .',
        ["d.ttl:2 sh:in", "d.ttl:2 sh:in"],
    ),
    (
        "RDFLib/pySHACL 33: a qualified shape counts what conforms, among others",
        TARGET + "sh:property [ sh:path e:p ; sh:qualifiedMinCount 1 ;"
        " sh:qualifiedValueShape [ sh:class e:Author ] ] .",
        "e:a a e:C ; e:p [ a e:Author ] , [ a e:Other ] .\ne:b a e:C ; e:p [ a e:Other ] .",
        ["d.ttl:2 sh:qualifiedMinCount"],
    ),
    (
        "RDFLib/pySHACL 40: shapes that lead back to themselves",
        TARGET
        + "sh:property [ sh:path e:above ; sh:node e:S ] , [ sh:path e:n ; sh:minCount 1 ] .",
        "e:a a e:C ; e:above e:b ; e:n 1 .\ne:b a e:C ; e:above e:a ; e:n 2 .\ne:c a e:C .",
        ["d.ttl:3 sh:minCount"],
    ),
    (
        "RDFLib/pySHACL 58: sh:ignoredProperties without sh:closed",
        TARGET + "sh:ignoredProperties ( rdf:type ) ; sh:nodeKind sh:IRI .",
        "e:a a e:C ; e:p 1 .",
        [],
    ),
    (
        "RDFLib/pySHACL 217: several sh:not on one shape",
        TARGET + "sh:not [ sh:hasValue e:a ] , [ sh:hasValue e:b ] .",
        "e:a a e:C .\ne:b a e:C .\ne:c a e:C .",
        ["d.ttl:1 sh:not", "d.ttl:2 sh:not"],
    ),
    (
        "SEMICeu/DCAT-AP 216: a property shape of nothing is named, in the file of shapes",
        TARGET + "sh:property [ ] .",
        "e:a a e:C .",
        ["s.ttl:1 CS0007 sh:path"],
    ),
]


@pytest.mark.parametrize(
    ("shapes", "data", "wanted"), [c[1:] for c in CHECKED], ids=[c[0] for c in CHECKED]
)
def test_a_report_on_validators(tmp_path: Path, shapes: str, data: str, wanted: list[str]) -> None:
    report = validated(tmp_path, shapes, data)
    found = []
    for finding in report.findings:
        details = " ".join(detail.what for d in finding.details for detail in (d, *d.because))
        name, line = Path(finding.where).name, finding.place.line - HEAD
        if finding.severity == "violation":
            found.append(f"{name}:{line} {finding.code} {finding.what} {details}")
    assert len(found) == len(wanted), found
    for told, words in zip(found, wanted, strict=True):
        place, code, *rest = words.split(" ", 2)
        assert told.startswith(f"{place} {code}")
        assert "".join(rest) in told.replace("http://e/", "e:")


def test_a_shape_that_finds_nothing_is_told(tmp_path: Path) -> None:
    """TopQuadrant/shacl 6, styk-tv/pgRDF 83: conforming, and nothing looked at, are two things."""
    (idle,) = validated(tmp_path, TARGET + "sh:nodeKind sh:IRI .", "e:a a e:D .").broken
    assert (idle.code, idle.place.line) == ("CS0004", HEAD + 1)
    with pytest.raises(InputError, match="no shape with a target"):
        validated(tmp_path, "e:S sh:path e:p ; sh:minCount 1 .", "e:a a e:D .")
    # TopQuadrant/shacl 102: the prefix sh: of another namespace, so that there is no shape at all.
    other = TARGET.replace("sh:", "xsd:") + "xsd:nodeKind xsd:IRI ."
    with pytest.raises(InputError, match="no shape with a target"):
        validated(tmp_path, other, "e:a a e:C .")


def test_the_report_names_unnamed_shapes_whole(tmp_path: Path) -> None:
    """eclipse-rdf4j/rdf4j 1507: a shape without a name is written out in the report."""
    shapes = TARGET + 'sh:property [ sh:path e:age ; sh:datatype xsd:integer ; sh:name "age" ] .'
    text = write(validated(tmp_path, shapes, 'e:a a e:C ; e:age "18" .'), Context({}))
    assert re.search(r'_:\w+ .*name> "age"|sh:name "age"', text)


def test_a_byte_order_mark_and_relative_names(tmp_path: Path) -> None:
    """RDFLib/rdflib 146, oxigraph/rio 21, rudof-project/rudof 226."""
    data = "@prefix : <#> .\n:a a e:C ; e:p <../other> .\n"
    report = validated(tmp_path, TARGET + "sh:nodeKind sh:BlankNode .", data, mark="\ufeff")
    (finding,) = report.findings
    assert finding.focus == (tmp_path / "d.ttl").as_uri() + "#a"
    assert finding.place.line == HEAD + 2


def test_named_graphs_are_read_as_one(tmp_path: Path) -> None:
    """RDFLib/pySHACL 26 and 152: graphs of TriG are passed over, or each looked at by itself."""
    shapes = PREFIXES + TARGET + "sh:property [ sh:path e:p ; sh:class e:D ; sh:minCount 1 ] ."
    (tmp_path / "s.ttl").write_text(shapes, encoding="utf-8")
    data = "e:g { e:b a e:D }\ne:h { e:a a e:C ; e:p e:b .\n e:c a e:C }\n"
    (tmp_path / "d.trig").write_text(PREFIXES + data, encoding="utf-8")
    (finding,) = validate_files([tmp_path / "s.ttl"], [tmp_path / "d.trig"]).findings
    assert (finding.code, finding.place.line) == ("sh:minCount", HEAD + 3)


def test_a_syntax_error_at_its_line(tmp_path: Path) -> None:
    """RDFLib/rdflib 3540: a full stop is missing."""
    (finding,) = validated(
        tmp_path, TARGET + "sh:nodeKind sh:IRI .", "e:a a e:C\ne:b a e:C ."
    ).broken
    assert finding.code == "CS0001"
    assert finding.place.line == HEAD + 2


def test_suites_are_run_and_told_in_earl(tmp_path: Path) -> None:
    """RDFLib/pySHACL 327 asks for a run of test suites, w3c/data-shapes 203 for reports in EARL."""
    path = tmp_path / "suite.ttl"
    path.write_text(
        PREFIXES
        + "@prefix mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> .\n"
        + "@prefix sht: <http://www.w3.org/ns/shacl-test#> .\n"
        + "e:S a sh:NodeShape ; sh:targetNode e:a ; sh:nodeKind sh:IRI .\n"
        + "<> a mf:Manifest ; mf:entries ( <one> <two> ) .\n"
        + "".join(
            f"<{name}> a sht:Validate ; mf:action [ sht:dataGraph <> ; sht:shapesGraph <> ] ;\n"
            f"    mf:result [ a sh:ValidationReport ; sh:conforms {conforms} ] .\n"
            for name, conforms in (("one", "true"), ("two", "false"))
        )
    )
    outcomes = run_suite(path)
    assert [outcome.passed for outcome in outcomes] == [True, False]
    earl = as_earl(outcomes)
    assert (earl.count("earl#passed") + earl.count("earl:passed")) >= 1
    assert (earl.count("earl#failed") + earl.count("earl:failed")) >= 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        # atextor/turtle-formatter 2, edmcouncil/rdf-toolkit 23: comments.
        (
            "# top\ne:a a e:C ; # type\n    # next\n    e:p 1 . # end\n",
            ["# top", "# next", "# end"],
        ),
        # atextor/turtle-formatter 8 and 26, cool-rdf/cool-rdf 8: the order of unnamed nodes.
        ("e:a e:p [ e:q 2 ; e:r e:s ] , [ e:q 1 ; e:r e:s ] .\n", ["e:q 2", "e:q 1"]),
        # oxigraph/oxigraph 526: numbers as they are written.
        ('e:a e:p 1.50 ; e:q "+1"^^xsd:int ; e:r 01 .\n', ["1.50", '"+1"^^xsd:int', "e:r 01"]),
        # linkml/linkml 3803: nodes that point at each other cost no time.
        ("".join(f"_:n{i} e:p _:n{(i + 1) % 12} , _:n{(i + 5) % 12} .\n" for i in range(12)), []),
    ],
    ids=["comments", "order", "numbers", "circles"],
)
def test_a_report_on_formatters(text: str, kept: list[str]) -> None:
    once = format_text(PREFIXES + text, "x.ttl", kind="ttl").after
    assert format_text(once, "x.ttl", kind="ttl").after == once
    places = [once.index(piece) for piece in kept]
    assert places == sorted(places)
    before, after = (
        statements(parse(t, format=RdfFormat.TURTLE, rename_blank_nodes=True))
        for t in (PREFIXES + text, once)
    )
    assert before == after


@pytest.mark.parametrize(
    "text",
    ['[] e:label "c" .', "e:a e:sub [ e:on e:p ; e:some [ e:on e:q ] ] , [ e:on e:p ] ."],
    ids=["ontodev/robot 1032", "ontodev/robot 1243"],
)
def test_unnamed_nodes_are_no_difference(text: str) -> None:
    one, two = (
        statements(parse(PREFIXES + text, format=RdfFormat.TURTLE, rename_blank_nodes=True))
        for _ in range(2)
    )
    assert one == two


def test_what_changed_is_told_as_a_change(tmp_path: Path) -> None:
    """ontodev/robot 897: one line for a changed value, with labels and not with IRIs alone."""
    facts = BASE + 'state:three a csto:State ; rdfs:label "Three"@en ; csto:abbreviation "T" .\n'
    one = tiny(tmp_path / "one", all=facts)
    two = tiny(tmp_path / "two", all=facts.replace('"T"', '"TH"'))
    ran = run_csto("-w", str(two.root), "diff", str(one.root), str(two.root))
    assert ran.code == 1, ran.err
    assert "~ Three (state:three)" in ran.out
    assert "T → TH" in ran.out


def test_the_documentation_lists_the_reports() -> None:
    page = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    named = set(re.findall(r"[\w.-]+/[\w.-]+ \d+", Path(__file__).read_text(encoding="utf-8")))
    assert len(named) >= 25
    assert {name for name in named if name not in page} == set()
