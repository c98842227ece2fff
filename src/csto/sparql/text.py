"""The one place where queries meet the store: its graphs are always named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QuerySolution,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from csto.errors import InputError
from csto.sparql.nesting import refuse_deep

Answer = QuerySolutions | QueryBoolean | QueryTriples

# What must be told apart to find the groups of a query: braces in names and texts are none.
TOKEN = re.compile(
    r"""
    (?P<iri> <[^<>"{}|^`\\\s]*> )
  | (?P<string> \"{3}(?:[^\\]|\\.)*?\"{3} | '{3}(?:[^\\]|\\.)*?'{3}
              | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
  | (?P<comment> \#[^\n]* )
  | (?P<brace> [{}] )
  | (?P<word> [?$]?[A-Za-z_][\w:.-]* )
    """,
    re.VERBOSE | re.DOTALL,
)


def answer(
    store: Store,
    text: str,
    graphs: Sequence[NamedNode],
    *,
    named: Sequence[NamedNode] = (),
    prefixes: Mapping[str, str] | None = None,
    functions: Mapping[NamedNode, Any] | None = None,
    base: str | None = None,
) -> Answer:
    """Run a query whose default graph is the merge of ``graphs``.

    ``GRAPH`` reaches the graphs in ``named`` and no others; relative IRIs need a ``base``.

    Raises:
        SyntaxError: if the text is not SPARQL.
        InputError: if its brackets are nested deeper than the engine bears, or it calls a
            function that is not there.
    """
    refuse_deep(text)
    try:
        return store.query(
            text,
            base_iri=base,
            prefixes=named_in(text, prefixes) if prefixes else None,
            default_graph=list(graphs),
            named_graphs=list(named),
            custom_functions=dict(functions) if functions else None,
        )
    except RuntimeError as error:
        if "custom function" in str(error):
            raise InputError(
                f"the query: {error}; there are none but those of SPARQL and fn:"
            ) from None
        raise


def named_in(text: str, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Those of the prefixes that a query may use.

    The engine reads every prefix that it gets, and every source has one: with all of them, a
    small query takes five times as long.
    """
    if "\\u" in text.lower() or not text.isascii():
        return dict(prefixes)
    found = {}
    for part in text.split(":")[:-1]:
        start = len(part)
        while start and (part[start - 1].isalnum() or part[start - 1] in "_-."):
            start -= 1
        name = part[start:].lstrip("0123456789_-.")
        if name in prefixes:
            found[name] = prefixes[name]
    return found


def select(
    store: Store, text: str, graphs: Sequence[NamedNode], prefixes: Mapping[str, str] | None = None
) -> list[QuerySolution]:
    """The rows of a SELECT query."""
    return list(cast(QuerySolutions, answer(store, text, graphs, prefixes=prefixes)))


def construct(
    store: Store,
    text: str,
    graphs: Sequence[NamedNode],
    *,
    named: Sequence[NamedNode] = (),
    functions: Mapping[NamedNode, Any] | None = None,
) -> Iterator[Triple]:
    """The triples of a CONSTRUCT query."""
    yield from cast(QueryTriples, answer(store, text, graphs, named=named, functions=functions))


@lru_cache(maxsize=4096)
def read_term(text: str) -> Any:
    """A term in the notation of N-Triples or Turtle."""
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    quad = next(iter(parse(input=f"<u:s> <u:p> {text} .".encode(), format=RdfFormat.TURTLE)))
    return quad.object
