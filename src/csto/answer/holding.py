"""How surely situations hold on a day: certain, possible, or open."""

from __future__ import annotations

from pyoxigraph import NamedNode

from csto.graph.dataset import Dataset
from csto.vocabulary import CERTAIN, OPEN, POSSIBLE, csto, slice_graph

CERTAIN_WORD, POSSIBLE_WORD, OPEN_WORD = "certain", "possible", "open"
# The widths from the narrowest: what lies within one lies within the next.
WIDTHS = ((CERTAIN, CERTAIN_WORD), (POSSIBLE, POSSIBLE_WORD), (OPEN, OPEN_WORD))
# What is said of things that are merely open.
UNTOLD = "no source says whether then"


def holding(dataset: Dataset, day: str) -> dict[NamedNode, str]:
    """The situations that can hold on a day, each with the word for how surely."""
    dataset.cut(day)
    found: dict[NamedNode, str] = {}
    for width, word in WIDTHS:
        graph = slice_graph(day, width)
        for quad in dataset.store.quads_for_pattern(None, csto("holdsOn"), None, graph):
            if isinstance(quad.subject, NamedNode):
                found.setdefault(quad.subject, word)
    return found
