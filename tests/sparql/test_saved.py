"""Every saved query runs, is documented, lists its variables and orders its rows."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT
from csto.answer.query import bind, run
from csto.answer.terms import unknown_terms
from csto.graph.dataset import Dataset
from csto.load.workspace import Workspace, find_workspace
from csto.sparql.saved import saved_queries

NAMES = [query.name for query in saved_queries(find_workspace(ROOT))]


@pytest.mark.parametrize("name", NAMES)
def test_saved_query(shipped: Dataset, shipped_workspace: Workspace, name: str) -> None:
    (query,) = [q for q in saved_queries(shipped_workspace) if q.name == name]
    assert query.summary
    assert all(param.summary for param in query.params.values())
    body = "\n".join(x for x in query.text.splitlines() if not x.startswith("#"))
    assert not re.search(r"SELECT\s+\*", body)
    assert re.search(r"^ORDER BY", body, re.MULTILINE)
    given = {key: value for key, value in query.example.items() if key != "on"}
    bound = bind(query, given, shipped.things)
    day = query.example.get("on", "2022-01-10")
    rows = list(run(shipped, bound, day, name))  # type: ignore[arg-type]
    assert rows
    assert unknown_terms(shipped, query.text) == []


def test_there_are_a_hundred_questions_in_groups() -> None:
    assert len(NAMES) >= 100
    assert all("/" in name for name in NAMES)
