"""Differences in what has no name of its own, in shapes, and in rules, checks and queries."""

from __future__ import annotations

import shutil
from pathlib import Path
from time import perf_counter

import pytest
from pyoxigraph import RdfFormat, parse

from conftest import BASE, ROOT, run_csto
from csto.answer.diff.programs import Program, compare_programs
from csto.answer.diff.structure import Structure, statements

PREFIXES = """
@prefix e: <urn:e:> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def read(text: str):
    return statements(parse(PREFIXES + text, format=RdfFormat.TURTLE, rename_blank_nodes=True))


@pytest.mark.parametrize(
    "text",
    [
        "e:s e:p [ e:q [ e:r 1 ] , 2 ; e:t ( 1 [] ( 2 ) ) ] .",
        "[] a owl:AllDifferent ; owl:members ( e:a e:b ) .",
        "e:s e:p _:a . _:a e:q _:b . _:b e:q _:a .",
        "e:s e:p _:a . e:t e:p _:a . _:a e:q 1 .",
        "_:a e:p _:a .",
    ],
)
def test_the_labels_of_a_parser_make_no_difference(text: str) -> None:
    assert read(text) == read(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("e:s e:p ( 1 2 3 ) .", "e:s e:p ( 1 3 2 ) ."),
        ("e:s e:p ( 1 2 3 ) .", "e:s e:p ( 1 2 ) ."),
        ("e:s e:p [ e:q 1 ] .", "e:s e:p [ e:q 7 ] ."),
        ("e:s e:p [ e:q 1 ] .", "e:s e:p [ e:q 1 ] , [ e:q 2 ] ."),
        ("e:s e:p _:a , _:b . _:a e:q _:b .", "e:s e:p _:a , _:b . _:b e:q _:b ."),
        ("e:s e:p 1.5 .", "e:s e:p 1.50 ."),
        ('e:s e:p "x" .', 'e:s e:p "x"@en .'),
    ],
)
def test_what_differs_differs(old: str, new: str) -> None:
    assert read(old) != read(new)


def test_structures_read_as_people_write_them() -> None:
    (found,) = [o for _, _, o in read("e:s e:p [ a e:C ; e:q ( 1 2 ) ] .")]
    assert isinstance(found, Structure)
    words = found.words(lambda term: term.value.rpartition("#")[2].rpartition(":")[2])
    assert words == "[ type C ; q ( 1 2 ) ]"


def test_entangled_nodes_take_no_time() -> None:
    text = "".join(f"_:n{i} e:p _:n{j} .\n" for i in range(40) for j in range(40) if i != j)
    began = perf_counter()
    read(text)
    assert perf_counter() - began < 10


def program(name: str, text: str, kind: str = "rule") -> dict[str, Program]:
    return {name: Program(kind, name, text)}


def test_programs_as_files() -> None:
    rule = "#+ code: x\n#+ summary: what it says\nCONSTRUCT { ?a ?b ?c }\nWHERE { ?a ?b ?c }\n"
    (gone,) = compare_programs(program("r.rq", rule), {})
    assert (gone.how, gone.name, gone.summary) == ("removed", "r.rq", "what it says")
    (come,) = compare_programs({}, program("r.rq", rule))
    assert come.how == "added"
    (moved,) = compare_programs(program("60-r.rq", rule), program("r.rq", rule))
    assert (moved.how, moved.was, moved.lines) == ("renamed", "60-r.rq", ())
    changed = rule.replace("{ ?a ?b ?c }\n", "{ ?a ?b ?d }\n", 1)
    (other,) = compare_programs(program("r.rq", rule), program("r.rq", changed))
    assert other.how == "changed"
    assert other.lines == ("- CONSTRUCT { ?a ?b ?c }", "+ CONSTRUCT { ?a ?b ?d }")
    noted = "# a note\n" + rule
    (said,) = compare_programs(program("r.rq", rule), program("r.rq", noted))
    assert said.how == "reworded"
    assert compare_programs(program("r.rq", rule), program("r.rq", rule)) == []


SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix csto: <https://w3id.org/csto/ontology#> .
<urn:shape> a sh:NodeShape ; sh:targetClass csto:Act ;
    sh:property [ sh:path csto:date ; sh:maxCount 1 ] , [ sh:path csto:place ; sh:maxCount 2 ] .
"""


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two workspaces: the second lacks a rule and a profile; a shape, a list, values differ."""
    found = []
    for name in ("old", "new"):
        home = tmp_path_factory.mktemp(name)
        for part in ("ontology", "queries"):
            shutil.copytree(ROOT / part, home / part)
        (home / "graph").mkdir()
        (home / "ontology" / "shapes" / "own.ttl").write_text(SHAPE)
        found.append(home)
    old, new = found
    one = BASE + 'state:one rdfs:comment "Unit"@en ; dcterms:extent 1 ; dcterms:title "é" .\n'
    two = BASE + (
        'state:one rdfs:comment "Unit" ; dcterms:title "e\u0301" ; dcterms:extent "1"^^xsd:byte .\n'
    )
    more = "body:{} a csto:InternationalOrganization ; dcterms:subject body:left , body:right .\n"
    (old / "graph" / "all.ttl").write_text(one + more.format("gone"), encoding="utf-8")
    (new / "graph" / "all.ttl").write_text(two + more.format("come"), encoding="utf-8")
    (new / "ontology" / "shapes" / "own.ttl").write_text(SHAPE.replace("Count 1", "Count 7"))
    (new / "ontology" / "rules" / "loyalties" / "divided-at-outbreak.rq").unlink()
    (new / "ontology" / "profiles" / "org" / "30-posts.rq").unlink()
    axioms = new / "ontology" / "own.ttl"
    axioms.write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix csto: <https://w3id.org/csto/ontology#> .\n"
        "csto:Act owl:versionInfo ( csto:Request csto:Decision ) .\n"
    )
    return old, new


def test_every_layer_is_told(sides: tuple[Path, Path]) -> None:
    ran = run_csto("diff", str(sides[0]), str(sides[1]))
    assert ran.code == 1, ran.err
    assert "divided-at-outbreak.rq is gone" in ran.out
    assert "profile ontology/profiles/org/30-posts.rq is gone" in ran.out
    assert "sh:path date: sh:maxCount: 1 → 7" in ran.out
    assert "( request decision )" in ran.out
    assert '"Unit"@en → "Unit" (xsd:string)' in ran.out
    assert '"1" (xsd:integer) → "1" (xsd:byte)' in ran.out
    assert "U+0301" in ran.out
    assert "> body:come (body:gone → body:come)" in ran.out
    assert "2 rules, checks and queries" in ran.err
    assert run_csto("diff", str(sides[0]), str(sides[1]), "--no-exit-code").code == 0
    markdown = run_csto("diff", str(sides[0]), str(sides[1]), "--format", "md")
    assert "#### Rules, checks and queries" in markdown.out


def test_two_files_are_compared_as_they_are_written(tmp_path: Path) -> None:
    for name, kind in (("old", "int"), ("new", "integer")):
        text = PREFIXES + f'e:a e:p "1"^^<http://www.w3.org/2001/XMLSchema#{kind}> .\n'
        (tmp_path / f"{name}.ttl").write_text(text, encoding="utf-8")
    ran = run_csto("diff", str(tmp_path / "old.ttl"), str(tmp_path / "new.ttl"))
    assert ran.code == 1
    assert '"1" (xsd:int) → "1" (xsd:integer)' in ran.out
