"""Run a query over a dataset as of a day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pyoxigraph import NamedNode

from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.lookup import Things
from csto.graph.parameters import Term, bindings
from csto.sparql.body import body_start, spread
from csto.sparql.functions import FUNCTIONS
from csto.sparql.other_data import refuse_other_data
from csto.sparql.saved import SavedQuery
from csto.sparql.text import TOKEN, Answer, answer
from csto.vocabulary import WELL_KNOWN


def bind(query: SavedQuery, given: Mapping[str, str], things: Things) -> str:
    """Put parameters into a query, typed, as a leading VALUES.

    Raises:
        InputError: for a parameter that is missing, unknown or of the wrong kind.
    """
    return _with_values(query.text, bindings(query, given, things))


def bind_many(query: SavedQuery, name: str, things: Sequence[NamedNode]) -> str:
    """Put many things into a query as values of one parameter, which becomes a column, too."""
    listed = " ".join(map(str, things))
    at = body_start(query.text)
    text = f"{query.text[:at]} VALUES ?{name} {{ {listed} }} {query.text[at:]}"
    shown = 0
    for token in TOKEN.finditer(text):
        word = (token["word"] or "").upper()
        if shown and word not in ("DISTINCT", "REDUCED"):
            break
        if shown or word == "SELECT":
            shown = token.end()
    return f"{text[:shown]} ?{name} {text[shown:]}"


# How a query over the possible slice says what is certain.
_CERTAINTY = re.compile(
    r'BIND\(IF\(EXISTS \{ (?P<what>[^{}]*) \}, "certain", "possible"\) AS \?certainty\)'
)
_POSSIBLE = re.compile(r"certainty:possible\b")


def widened(text: str) -> str | None:
    """The query with what is open beside what is possible; ``None`` if it has no such form."""
    if len(_CERTAINTY.findall(text)) != 1 or len(_POSSIBLE.findall(text)) != 1:
        return None
    text = _POSSIBLE.sub("certainty:open", text)
    return _CERTAINTY.sub(
        r'BIND(IF(EXISTS { \g<what> }, "certain", IF(EXISTS { GRAPH ?narrower { '
        r"?narrower csto:certainty certainty:possible . \g<what> } "
        r'}, "possible", "open")) AS ?certainty)',
        text,
    )


def count_open(dataset: Dataset, text: str, day: str, name: str) -> int:
    """How many rows of a widened query are merely open."""
    found = run(dataset, text, day, name)
    words = [row["certainty"].value for row in found]  # type: ignore[union-attr]
    return words.count("open")


def _with_values(text: str, values: Mapping[str, Term]) -> str:
    if not values:
        return text
    names = " ".join(f"?{name}" for name in values)
    row = " ".join(str(value) for value in values.values())
    at = body_start(text)
    return f"{text[:at]} VALUES ({names}) {{ ({row}) }} {text[at:]}"


def run(
    dataset: Dataset,
    text: str,
    day: str | None,
    name: str = "query",
    graphs: tuple[Sequence[NamedNode], Sequence[NamedNode]] | None = None,
) -> Answer:
    """Answer a query over the graph as of a day.

    The default graph holds the ontology, the asserted and inferred graphs and
    what is certain on that day; ``GRAPH`` reaches what is possible. Without a day it
    holds what needs none. ``graphs`` names others in their place, default and named ones.

    Raises:
        InputError: if the query is not SPARQL or asks for another dataset.
    """
    refuse_other_data(text, name)
    if dataset.names_asked(text):
        dataset.make_asked()
    if day is None:
        default, named = list(TIMELESS), list[NamedNode]()
    else:
        default, named = dataset.view(day, "" if graphs is not None else text)
    if graphs is not None:
        default, named = list(graphs[0]), list(graphs[1])
    prefixes = {**dataset.prefixes, **WELL_KNOWN}
    try:
        return answer(
            dataset.store,
            spread(text),
            default,
            named=named,
            prefixes=prefixes,
            functions=FUNCTIONS,
        )
    except SyntaxError as error:
        raise InputError(f"{name}: {_syntax(error, text, prefixes)}") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{name}: {error}") from error


def _syntax(error: SyntaxError, text: str, prefixes: Mapping[str, str]) -> str:
    message = error.msg or str(error)
    if match := re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL):
        from csto.sparql.mistakes import in_words

        return in_words(text, int(match[1]), int(match[2]), prefixes)
    return message
