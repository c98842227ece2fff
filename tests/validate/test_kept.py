"""Findings of what did not change are kept, and are those of a validation from nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import BASE, act, spell
from csto.graph.build import build
from csto.load.workspace import Workspace, find_workspace
from csto.validate import run as running
from csto.validate import validate, written
from csto.validate.finding import Report
from csto.validate.kept import Kept, _digest, _own_graphs
from csto.vocabulary import RDFS_LABEL

FACTS = BASE + act("in", "2001") + spell("a", "csto:status status:member ; csto:openedBy act:in")


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Two states under the ontology of the package, with a cache of one's own."""
    (tmp_path / "small" / "graph").mkdir(parents=True)
    (tmp_path / "small" / "graph" / "graph.ttl").write_text(FACTS, encoding="utf-8")
    monkeypatch.setenv("CSTO_CACHE", str(tmp_path / "cache"))
    return find_workspace(tmp_path / "small")


def told(report: Report) -> list[tuple[object, ...]]:
    return [(f.code, f.focus, f.value, f.what) for f in report.findings]


def test_an_edit_is_judged_as_from_nothing(
    small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    run_check = running.run_check
    monkeypatch.setattr(
        running,
        "run_check",
        lambda check, *more: asked.append(check.name) or run_check(check, *more),
    )
    before = told(validate(small))
    some, _ = len(asked), asked.clear()
    assert some > 50
    assert told(validate(small)) == before
    # What found something is asked again, and nothing else.
    assert len(asked) < some / 4
    asked.clear()
    path = small.root / "graph" / "graph.ttl"
    path.write_text(FACTS.replace('rdfs:label "Left"@en', 'rdfs:label "Left" , "Links"'), "utf-8")
    after = told(validate(small))
    assert after != before
    assert len(asked) < some / 2
    monkeypatch.setenv("CSTO_CACHE", str(tmp_path / "another"))
    assert told(validate(small)) == after


def test_a_question_is_looked_at_again_when_what_it_names_is_gone(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    words = written._words
    monkeypatch.setattr(written, "_words", lambda s: looked.append(s.name) or words(s))
    path, lone = small.root / "graph" / "graph.ttl", 'state:lone rdfs:label "Lone"@en .\n'
    (small.root / "queries").mkdir()
    (small.root / "queries" / "own.rq").write_text(
        "#+ summary: labels\nPREFIX state: <https://w3id.org/csto/id/state/>\n"
        "SELECT ?label WHERE { state:lone rdfs:label ?label }\n",
        encoding="utf-8",
    )

    def misspelt() -> set[object]:
        looked.clear()
        return {f.value for f in validate(small).findings if f.code == "CS0014"}

    path.write_text(FACTS + lone, encoding="utf-8")
    assert misspelt() == set()
    assert looked
    path.write_text(FACTS + lone.replace("Lone", "Alone"), encoding="utf-8")
    assert misspelt() == set()
    assert looked == []
    path.write_text(FACTS, encoding="utf-8")
    assert misspelt() == {"https://w3id.org/csto/id/state/lone"}


WRONG = {
    "CS0220": "state:one csto:capital act:in .",
    "CS0221": 'act:in csto:isoAlpha2 "AI" .',
    "CS0222": "state:one csto:isoAlpha2 7 .",
    "CS0228": 'state:one csto:isoAlpha2 "9999-12-31"^^edtf:EDTF .',
    "CS0214": 'act:in csto:noSuchTerm "2001" .',
}


def test_a_new_fault_is_found_though_only_added_statements_are_looked_at(
    small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = small.root / "graph" / "graph.ttl"
    clean = told(validate(small))
    narrow: list[str] = []
    narrowed = Kept.narrowed
    monkeypatch.setattr(
        Kept, "narrowed", lambda kept, text: narrow.append(made := narrowed(kept, text)) or made
    )
    # A property that no check names is looked for among the added statements alone.
    for codes in (("CS0214",), ("CS0220", "CS0221", "CS0222", "CS0228")):
        monkeypatch.setenv("CSTO_CACHE", str(tmp_path / "cache"))
        path.write_text("\n".join([FACTS, *(WRONG[code] for code in codes), ""]), "utf-8")
        found = told(validate(small))
        monkeypatch.setenv("CSTO_CACHE", str(tmp_path / codes[0]))
        assert found == told(validate(small))
        assert set(codes) <= {row[0] for row in found} - {row[0] for row in clean}
    assert any(narrow)


@pytest.mark.parametrize(
    ("text", "narrow"),
    [
        ("ASK { GRAPH graph:asserted { ?s ?p ?o } FILTER(isBlank(?o)) }", True),
        ("ASK { { GRAPH graph:asserted { ?s ?p ?o } } UNION { ?s csto:b ?o } }", True),
        ("ASK { ?s csto:b ?o FILTER NOT EXISTS { GRAPH graph:asserted { ?s ?p ?o } } }", False),
        ("ASK { ?s csto:b ?o OPTIONAL { { GRAPH graph:asserted { ?s ?p ?o } } } }", False),
        ("ASK { GRAPH graph:asserted { ?s ?p ?o } GRAPH graph:asserted { ?s ?q ?r } }", False),
        ("ASK { GRAPH graph:asserted { ?s ?p ?o } FILTER NOT EXISTS { ?o ?q ?r } }", False),
        ("ASK { GRAPH graph:asserted { ?s ?p ?o } ?s rdfs:label ?l }", False),
        ("SELECT (COUNT(*) AS ?n) { GRAPH graph:asserted { ?s ?p ?o } }", False),
    ],
)
def test_a_query_looks_at_added_statements_alone_where_that_is_the_same(
    small: Workspace, text: str, narrow: bool
) -> None:
    kept = Kept(build(small))
    kept.changed, kept._before = {RDFS_LABEL.value}, {_digest(text)}
    assert bool(kept.narrowed(text)) is narrow


def test_a_query_into_other_graphs_is_never_kept() -> None:
    assert _own_graphs("ASK { GRAPH graph:asserted { ?s csto:p ?o } } # GRAPH ?any")
    assert not _own_graphs("ASK { GRAPH ?any { ?s csto:p ?o } }")
