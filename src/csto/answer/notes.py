"""What is said beside the answer of a query of one's own, whatever asked it."""

from __future__ import annotations

from csto.answer.emptiness import why_empty
from csto.answer.terms import idle_terms
from csto.answer.traps import traps
from csto.graph.dataset import Dataset


def notes(dataset: Dataset, text: str, day: str, *, empty: bool = False) -> list[str]:
    """Remarks on a query: why it is empty, terms that nothing has, traps.

    Args:
        dataset: the graph.
        text: SPARQL, with its parameters filled in.
        day: the day that is asked for, ``YYYY-MM-DD``.
        empty: whether the answer has no rows.
    """
    idle = idle_terms(dataset, text)
    return [*idle, *(why_empty(dataset, text, day) if empty else ()), *traps(dataset, text, day)]
