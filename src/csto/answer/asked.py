"""Rows of saved queries, as text, for commands that write them out in a form of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pyoxigraph import NamedNode

from csto.answer.query import bind, bind_many, run
from csto.graph.dataset import Dataset
from csto.sparql.saved import find_query

Row = dict[str, str]


def rows(dataset: Dataset, name: str, day: str | None, **given: str) -> list[Row]:
    """The rows of a saved query as of a day, each as text by column; empty for no value.

    Args:
        dataset: the graph.
        name: the saved query.
        day: ``YYYY-MM-DD``; ``None`` for a query that asks nothing of a day.
        given: its parameters.

    Raises:
        InputError: for a query or parameter that does not exist.
    """
    query = find_query(dataset.workspace, name)
    return _run(dataset, bind(query, given, dataset.things), day, query.name)


def rows_of_each(
    dataset: Dataset, name: str, day: str | None, parameter: str, things: Sequence[NamedNode]
) -> dict[str, list[Row]]:
    """The rows of a saved query for each of some things, by IRI, asked once for all of them.

    What a pattern finds before it meets the parameter is then found once, not once for each.

    Args:
        dataset: the graph.
        name: the saved query, which does not count or group.
        day: ``YYYY-MM-DD``; ``None`` for a query that asks nothing of a day.
        parameter: the name of the parameter that takes the things.
        things: its values.
    """
    query = find_query(dataset.workspace, name)
    found: dict[str, list[Row]] = {thing.value: [] for thing in things}
    if things:
        for row in _run(dataset, bind_many(query, parameter, things), day, query.name):
            found[row[parameter]].append(row)
    return found


def _run(dataset: Dataset, text: str, day: str | None, name: str) -> list[Row]:
    found: Any = run(dataset, text, day, name)
    names = [variable.value for variable in found.variables]
    return [{n: "" if row[n] is None else row[n].value for n in names} for row in found]


def natural(text: str) -> tuple[int, ...]:
    """The numbers in a text, to sort by: ``18-1`` comes after ``18`` and before ``19``."""
    return tuple(int(part) for part in re.findall(r"\d+", text))
