"""What a notebook shows and completes."""

from __future__ import annotations

import csto.api
from csto.api import Rows


def test_rows_are_a_table_with_dates_in_words() -> None:
    shown = Rows(["state", "start"], [["A & B", "2022-23"]])._repr_html_()
    assert "<th>state</th>" in shown
    assert "A &amp; B" in shown
    assert "autumn 2022" in shown
    assert "the first 100 of 101 rows" in Rows(["n"], [[n] for n in range(101)])._repr_html_()


def test_queries_names_and_things_are_completed_and_shown() -> None:
    graph = csto.api.open("2022-01-10")
    assert "crises" in dir(graph.queries)
    assert "members_on" in dir(graph.queries.memberships)
    members = graph.queries.memberships.members_on(organization="CSTO")
    assert "Kazakhstan" in members.column("label")
    assert "Kazakhstan" in graph._ipython_key_completions_()
    shown = graph["Kazakhstan"]._repr_html_()
    assert shown.startswith("<h3>Kazakhstan</h3>")
    assert "<details><summary>Acts" in shown
    proof = graph.explain("state:kazakhstan", "memberOf", "body:csto")
    assert proof._repr_html_().startswith("<details open><summary>")
