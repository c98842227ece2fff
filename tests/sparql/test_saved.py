"""Every saved query runs, is documented, lists its variables and orders its rows."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT
from csto.answer.query import bind, run
from csto.answer.terms import unknown_terms
from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.workspace import Workspace, find_workspace
from csto.sparql.saved import saved_queries
from csto.sparql.text import named_in

QUERIES = {query.name: query for query in saved_queries(find_workspace(ROOT))}


@pytest.fixture(scope="module")
def opened(shipped_workspace: Workspace) -> Dataset:
    """The shipped graph with few days: with those of all other tests each query takes longer."""
    return build(shipped_workspace).hold()


@pytest.mark.parametrize("name", QUERIES)
def test_saved_query(opened: Dataset, name: str) -> None:
    query = QUERIES[name]
    assert query.summary
    assert all(param.summary for param in query.params.values())
    body = "\n".join(x for x in query.text.splitlines() if not x.startswith("#"))
    assert not re.search(r"SELECT\s+\*", body)
    assert re.search(r"^ORDER BY", body, re.MULTILINE)
    given = {key: value for key, value in query.example.items() if key != "on"}
    bound = bind(query, given, opened.things)
    day = query.example.get("on", "2022-01-10")
    rows = list(run(opened, bound, day, name))  # type: ignore[arg-type]
    assert rows
    assert unknown_terms(opened, query.text) == []


def test_there_are_a_hundred_questions_in_groups() -> None:
    assert len(QUERIES) >= 100
    assert all("/" in name for name in QUERIES)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT * { ?s a-b.c:d ?o }", {"a-b.c"}),
        ("SELECT * { :s ?p 1x:f, <y> }", {"", "x"}),
        ("SELECT * { ?s é:p ?o }", {"", "x", "é", "a-b.c", "y"}),
        ("SELECT * { ?s \\u0078:p ?o }", {"", "x", "é", "a-b.c", "y"}),
        ('SELECT * { ?s ?p "y" }', set()),
    ],
)
def test_a_query_is_told_the_prefixes_that_it_may_use(text: str, names: set[str]) -> None:
    """With all of them, one for each source, a small query takes five times as long."""
    known = {name: f"https://example.org/{name}#" for name in ("", "x", "é", "a-b.c", "y")}
    assert set(named_in(text, known)) == names
