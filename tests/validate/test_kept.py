"""Findings of what did not change are kept, and are those of a validation from nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import BASE, act, spell
from csto.load.workspace import Workspace, find_workspace
from csto.validate import run as running
from csto.validate import validate
from csto.validate.finding import Report
from csto.validate.kept import _own_graphs, _reads_all

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


@pytest.mark.parametrize(
    ("text", "all_"),
    [
        ("SELECT * { ?s ?p ?o }", True),
        ('ASK { ?s ?p "x" }', True),
        ("ASK { [ ?p 1 ] a ?c }", True),
        ("ASK { ?s a csto:b ; ?p ?o }", True),
        ("ASK { ?s !csto:a ?o }", True),
        ("ASK { (1 2) ?p ?o }", True),
        ("SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (1 2 3) } ?a csto:p ?b FILTER(?a < ?b) }", False),
        ("ASK { ?s csto:a ?o . ?o csto:b ?p FILTER NOT EXISTS { ?o csto:c ?p } }", False),
        ("ASK { ?s csto:a/csto:b ?o FILTER(?o != 3) }", False),
    ],
)
def test_a_query_that_may_read_any_property_says_so(text: str, all_: bool) -> None:
    assert _reads_all(text) is all_


def test_a_query_into_other_graphs_is_never_kept() -> None:
    assert _own_graphs("ASK { GRAPH graph:asserted { ?s csto:p ?o } } # GRAPH ?any")
    assert not _own_graphs("ASK { GRAPH ?any { ?s csto:p ?o } }")
