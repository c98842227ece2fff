"""A day of a large graph of which only what a query asks for is filled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from csto.answer.query import bind, run
from csto.errors import InputError
from csto.graph import cache
from csto.graph import dataset as datasets
from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.workspace import find_workspace
from csto.sparql.saved import saved_queries

ALLIANCE = Path(__file__).resolve().parents[2] / "examples" / "alliance"
DAY = "2003-09-10"


def rows(found: Any) -> list[str]:
    return sorted(map(str, found))


def days(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.glob("graphs/*/days/*"))


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Dataset]:
    """Opens the graph from the cache, as the next command does."""
    monkeypatch.setenv("CSTO_CACHE", str(tmp_path))
    workspace = find_workspace(ALLIANCE)
    build(workspace)
    return lambda: build(workspace)


def test_every_question_is_answered_as_on_a_whole_day(
    opened: Callable[[], Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = opened()
    whole.cut(DAY)
    monkeypatch.setattr(datasets, "DEAR", 0)
    # As if no day was kept, so that each question starts anew.
    monkeypatch.setattr(cache.Entry, "days", lambda *_: [])
    narrow = 0
    for query in saved_queries(whole.workspace):
        given = {name: text for name, text in query.example.items() if name != "on"}
        try:
            text = bind(query, given, whole.things)
        except InputError:
            # A parameter that this alliance has nothing for.
            continue
        if query.dated:
            dataset = opened()
            found = rows(run(dataset, text, DAY))
            narrow += dataset._graphs.whole is not None
            assert found == rows(run(whole, text, DAY)), query.name
    assert narrow > 5


def test_the_next_question_about_a_day_fills_it_whole(
    opened: Callable[[], Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "DEAR", 0)
    members = "SELECT ?s { ?s csto:memberOf ?o }"
    first = rows(run(opened(), members, DAY))
    assert len(first) > 2
    assert [name.partition("~")[0] for name in days(tmp_path)] == [DAY]
    assert "~" in days(tmp_path)[0]
    assert rows(run(opened(), members, DAY)) == first
    assert len(days(tmp_path)) == 1
    assert rows(run(opened(), "SELECT ?s { ?s csto:holdsOn ?day }", DAY))
    assert DAY in days(tmp_path)


def test_what_comes_after_a_narrow_question_sees_all(
    opened: Callable[[], Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "DEAR", 0)
    every = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(!isBlank(?s) && !isBlank(?o)) }"
    whole = rows(run(opened(), every, DAY))
    for after in ("cut", "move", "asked"):
        dataset = opened()
        assert rows(run(dataset, "SELECT ?s { ?s csto:memberOf ?o }", "2002-01-01"))
        assert dataset._graphs.whole is not None
        if after == "move":
            dataset._graphs.move()
        elif after == "asked":
            dataset.make_asked()
            dataset = opened()
        assert rows(run(dataset, every, DAY)) == whole
        assert dataset._graphs.whole is None
