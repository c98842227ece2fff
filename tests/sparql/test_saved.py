"""Every saved query runs, is documented, lists its variables and orders its rows."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT
from csto.answer.query import bind, run
from csto.graph.dataset import Dataset
from csto.load.workspace import Workspace, find_workspace
from csto.sparql.saved import saved_queries

SAMPLE = {
    "organization": "CSTO",
    "state": "Armenia",
    "first": "CSTO",
    "second": "OTS",
    "resolution": "A/RES/ES-11/3",
    "year": "1999",
    "crisis": "Kazakhstan 2022",
    "thing": "CRRF",
    "person": "Vladimir Putin",
    "one": "Armenia",
    "other": "Kazakhstan",
    "matter": "action:exclude",
}
OTHER = {"votes/changed-between": {"first": "A/RES/ES-11/3", "second": "A/RES/ES-11/1"}}
NAMES = [query.name for query in saved_queries(find_workspace(ROOT))]


@pytest.mark.parametrize("name", NAMES)
def test_saved_query(shipped: Dataset, shipped_workspace: Workspace, name: str) -> None:
    (query,) = [q for q in saved_queries(shipped_workspace) if q.name == name]
    assert query.summary
    assert all(param.summary for param in query.params.values())
    body = "\n".join(x for x in query.text.splitlines() if not x.startswith("#"))
    assert not re.search(r"SELECT\s+\*", body)
    assert re.search(r"^ORDER BY", body, re.MULTILINE)
    needed = {k: SAMPLE[k] for k, p in query.params.items() if p.default is None and not p.optional}
    bound = bind(query, OTHER.get(name, needed), shipped.things)
    rows = list(run(shipped, bound, "2022-01-10", name))  # type: ignore[arg-type]
    assert rows
