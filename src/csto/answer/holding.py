"""How surely things hold on a day: certain, possible, or open."""

from __future__ import annotations

from pyoxigraph import NamedNode

from csto.graph.dataset import Dataset
from csto.sparql.text import TOKEN
from csto.vocabulary import CERTAIN, OPEN, POSSIBLE, RDF_TYPE, csto, shorten, slice_graph

CERTAIN_WORD, POSSIBLE_WORD, OPEN_WORD = "certain", "possible", "open"
# The widths from the narrowest: what lies within one lies within the next.
WIDTHS = ((CERTAIN, CERTAIN_WORD), (POSSIBLE, POSSIBLE_WORD), (OPEN, OPEN_WORD))
# What is said of things that are merely open.
UNTOLD = "no source of the graph says whether then"


# By which situations hold on a day.
HOLDS_ON = csto("holdsOn")


def reads_days(dataset: Dataset, text: str) -> bool:
    """Whether a query names what holds on some days only, and so has a day to be asked for."""
    terms = {token[0] for token in TOKEN.finditer(text) if token["word"]}
    if terms & {"csto:day", "GRAPH"}:
        return True
    held = dataset.dated_properties() - {str(RDF_TYPE)}
    return bool(terms & {shorten(name[1:-1]) for name in held})


def holding(dataset: Dataset, day: str, by: NamedNode = HOLDS_ON) -> dict[NamedNode, str]:
    """What can hold on a day by a property, each with the word for how surely."""
    dataset.cut(day)
    found: dict[NamedNode, str] = {}
    for width, word in WIDTHS:
        graph = slice_graph(day, width)
        for quad in dataset.store.quads_for_pattern(None, by, None, graph):
            if isinstance(quad.subject, NamedNode):
                found.setdefault(quad.subject, word)
    return found
