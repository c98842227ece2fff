"""Rows of saved queries, as text, for commands that write them out in a form of their own."""

from __future__ import annotations

import re
from typing import Any

from csto.answer.query import bind, run
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
    found: Any = run(dataset, bind(query, given, dataset.things), day, query.name)
    names = [variable.value for variable in found.variables]
    return [{n: "" if row[n] is None else row[n].value for n in names} for row in found]


def natural(text: str) -> tuple[int, ...]:
    """The numbers in a text, to sort by: ``18-1`` comes after ``18`` and before ``19``."""
    return tuple(int(part) for part in re.findall(r"\d+", text))
