"""Things side by side: one column for each, one row for each heading of their portraits."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import NamedNode

from csto.answer.summary import brief, empty_in_words
from csto.graph.dataset import Dataset


def side_by_side(
    dataset: Dataset, nodes: Sequence[NamedNode], days: Sequence[str]
) -> tuple[list[str], list[list[str]], list[str]]:
    """The portraits of several things, or of one thing on several days, as a table; and remarks
    on what its blanks say.

    Args:
        dataset: the graph.
        nodes: the things.
        days: one day for all, or as many days as there are columns.
    """
    columns = [(node, day) for node in nodes for day in days]
    made = [brief(dataset, node, day) for node, day in columns]
    briefs = [dict(parts) for parts, _ in made]
    headings = list(dict.fromkeys(heading for one in briefs for heading in one))
    labels = [dataset.things.label(node) for node, _ in columns]
    heads = [
        f"{label}, {day}" if len(days) > 1 else label
        for label, (_, day) in zip(labels, columns, strict=True)
    ]
    rows = []
    for heading in headings:
        cells = [one.get(heading, []) for one in briefs]
        shared = set(cells[0]).intersection(*cells[1:]) if len(cells) > 1 else set()
        row = ["\n".join(item for item in cell if item not in shared) for cell in cells]
        rows.append([heading, "\n".join(i for i in cells[0] if i in shared), *row])
    # A heading that is empty for all is no row, and no blank.
    blanks = [{h: e for h, e in empty.items() if h in headings} for _, empty in made]
    said = [
        f"{head}: {line}"
        for head, empty in zip(heads, blanks, strict=True)
        for line in empty_in_words(empty)
    ]
    return ["", "the same", *heads], rows, said
