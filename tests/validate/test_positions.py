"""Where statements are written: the grammar agrees with Oxigraph, findings have their line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Quad, RdfFormat, parse
from pyoxigraph import Dataset as Data

from conftest import BASE, ROOT, act, beside, run_csto, spell
from csto.validate.positions.jsonld import places
from csto.validate.positions.turtle import statements
from support.sample import some


def canonical(triples: Iterable[tuple[Any, ...]]) -> set[Quad]:
    data = Data(Quad(s, p, o) for s, p, o in triples)
    data.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(data)


def same_as_oxigraph(text: str) -> bool:
    ours = ((s.subject, s.predicate, s.object) for s in statements(text, "ttl"))
    theirs = (tuple(quad.triple) for quad in parse(text, format=RdfFormat.TURTLE))
    return canonical(ours) == canonical(theirs)


@pytest.mark.sampled
def test_the_grammar_gives_the_triples_of_oxigraph() -> None:
    files = [*(ROOT / "ontology").rglob("*.ttl"), *(ROOT / "graph").rglob("*.ttl")]
    assert len(files) > 100
    for path in some(files, 40):
        assert same_as_oxigraph(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize(
    "text",
    [
        '@base <http://x.org/a/> . <b> <#c> "d\\u00e9"@en-GB, \'e\', """f"g\n""", 1, -1.5, 2e3 .',
        "PREFIX : <urn:x:> BASE <http://b.org/> :a a :b.c\\-d ; :e (1 :f [ :g :h ]) ; ; :i [] .",
        "@prefix a: <urn:a:> . a:b a a: . [ a a:c ] . [ a a:d ] a:e _:x.y . _:x.y a:f true .",
        "@prefix p: <urn:p:> . p:%20a p:b '''c''d''' . # comment . <urn:x>\np:d p:e 'f'^^p:g .",
        "@prefix é: <urn:e:> . é:ü a é:本 ; é:a 1, 2.5.",
        "",
    ],
)
def test_the_grammar_knows_all_of_turtle(text: str) -> None:
    assert same_as_oxigraph(text)


def test_each_part_of_a_statement_has_its_place() -> None:
    text = '@prefix a: <urn:a:> .\na:s a:p a:x ,\n    "y"@en .\n'
    first, second = statements(text, "ttl")
    assert first.subject_at == second.subject_at == (2, 1, 2, 4)
    assert first.predicate_at == second.predicate_at == (2, 5, 2, 8)
    assert first.object_at == (2, 9, 2, 12)
    assert second.object_at == (3, 5, 3, 11)


def test_nodes_of_json_ld_have_places() -> None:
    text = (
        '{"@context": {"csto": "urn:c:", "label": {"@id": "urn:l"}},\n'
        ' "@graph": [\n  {"@id": "csto:one",\n   "label": "One"}\n]}'
    )
    found = places(text)
    assert found["urn:c:one", ""][:2] == (3, 11)
    assert found["urn:c:one", "urn:l"][:2] == (4, 4)


@pytest.fixture(scope="module")
def beside_it(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return beside(tmp_path_factory.mktemp("beside"), all=BASE)


@pytest.mark.parametrize(
    ("ending", "text", "line"),
    [
        ("nt", "{s} {p} {o} .", 1),
        ("nq", "# a comment\n{s} {p} {o} <urn:g> .", 2),
        ("trig", "GRAPH <urn:g> {{ {s}\n{p} {o} }}", 2),
        ("jsonld", '{{"@id": "https://w3id.org/csto/id/state/one",\n"@type": "{c}"}}', 2),
    ],
)
def test_places_in_other_formats(
    beside_it: Path, tmp_path: Path, ending: str, text: str, line: int
) -> None:
    term = "https://w3id.org/csto/ontology#Stat"
    path = tmp_path / f"data.{ending}"
    path.write_text(
        text.format(
            s="<https://w3id.org/csto/id/state/one>",
            p="<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
            o=f"<{term}>",
            c=term,
        )
    )
    ran = run_csto("-w", str(beside_it), "validate", str(path), "--with-graph")
    assert ran.code == 1
    assert f"data.{ending}:{line}:" in ran.out
    assert "did you mean csto:State?" in ran.out


def test_what_is_inferred_is_proved_and_put_where_it_comes_from(tmp_path: Path) -> None:
    turtle = act("in", "2006") + act("out", "2001", "Withdrawal")
    turtle += spell("a", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:out")
    path = tmp_path / "graph.ttl"
    path.write_text(BASE + turtle)
    ran = run_csto("validate", str(path))
    assert ran.code == 1
    line = (BASE + turtle)[: (BASE + turtle).index('csto:date "2001"')].count("\n") + 1
    assert f"graph.ttl:{line}:" in ran.out
    assert "CS0201" in ran.out
    assert "it follows from:" in ran.out
    assert "■ out · date · 2001" in ran.out
