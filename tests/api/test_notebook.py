"""What a notebook shows and completes."""

from __future__ import annotations

import pytest

import csto.api
from csto.api import Rows
from csto.errors import InputError


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


def test_a_notebook_has_the_safety_net_of_the_command() -> None:
    graph = csto.api.open()
    with pytest.raises(
        InputError, match=r"voteBy does not exist.*csto:agent \(by, of cast votes\)"
    ):
        graph.select("SELECT ?v { ?v csto:voteBy ?s }")
    with pytest.raises(InputError, match="column 27: the pattern before this } lacks its value"):
        graph.select("SELECT ?x { ?x csto:agent }")
    empty = graph.select('SELECT ?x { ?x csto:agent "Armenia" }')
    assert "did you mean state:armenia?" in " ".join(empty.remarks)
    assert "did you mean state:armenia?" in empty._repr_html_()
    assert graph.select("SELECT ?x { ?x a csto:Request }").remarks == []
    assert graph.queries.crises.chain(crisis="Kazakhstan 2022").remarks == []
