"""Every saved query runs, is documented, lists its variables and orders its rows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from conftest import ALLIANCE, ROOT
from csto.answer.query import bind, run
from csto.answer.terms import unknown_terms
from csto.errors import InputError
from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.workspace import Workspace, find_workspace
from csto.sparql.saved import find_query, saved_queries
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


def test_a_whole_name_is_found_without_a_search_and_as_with_one(tmp_path: Path) -> None:
    """A query in two folders, a last part and a way out of the folder are left to the search."""
    mine = copied(tmp_path)
    folder = mine / "queries" / "law"
    folder.mkdir(parents=True)
    (folder / "mine.rq").write_text("#+ summary: mine\nASK { }\n", encoding="utf-8")
    workspace = find_workspace(mine)
    assert find_query(workspace, "law/mine").summary == "mine"
    assert find_query(workspace, "mine").name == find_query(workspace, "law/mine.rq").name
    for name, path in workspace.queries().items():
        assert workspace.query_of_name(name) == path
    assert workspace.query_of_name("law/../law/mine") is None

    (folder / "bound-on.rq").write_text(
        "#+ summary: mine\n#+ replaces: law/bound-on\nASK { }\n", encoding="utf-8"
    )
    assert workspace.query_of_name("law/bound-on") is None
    assert find_query(workspace, "law/bound-on").summary == "mine"
    (folder / "bound-on.rq").write_text("#+ summary: mine\nASK { }\n", encoding="utf-8")
    with pytest.raises(InputError, match='"law/bound-on" is there already'):
        find_query(workspace, "law/bound-on")


def test_an_example_of_no_query_is_told(tmp_path: Path) -> None:
    mine = copied(tmp_path)
    (mine / "queries").mkdir(exist_ok=True)
    calls = mine / "queries" / "examples.yaml"
    calls.write_text("law/nothing: {on: 2020-01-01}\n", encoding="utf-8")
    with pytest.raises(InputError, match="no saved query is called law/nothing"):
        saved_queries(find_workspace(mine))
    calls.write_text("- law/nothing\n", encoding="utf-8")
    with pytest.raises(InputError, match="its form"):
        find_query(find_workspace(mine), "law/bound-on")


def copied(folder: Path) -> Path:
    """The small alliance, to be changed."""
    return Path(shutil.copytree(ALLIANCE, folder / "alliance"))
