"""Rules on a slice that negate: what is absent is looked for in the other slice.

A fact is certain on a day only if what would refute it is not even possible on
that day; it is possible unless what would refute it is certain. So the body of
a rule is matched in its own slice, and its FILTER NOT EXISTS in the other. The
query language has one dataset for a whole query, hence two queries: the body
without its negations, and then, for the rows found, the negations alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from pyoxigraph import NamedNode, QuerySolutions, Store, Triple

from csto.sparql import TOKEN, answer, construct

if TYPE_CHECKING:
    from csto.rules import Rule

Row = dict[str, Any]

_NEGATION = re.compile(r"FILTER\s+NOT\s+EXISTS\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Parts:
    """The text of a CONSTRUCT rule taken apart; the text between the braces, without them."""

    prologue: str
    template: str
    body: str
    negations: tuple[str, ...]


@lru_cache(maxsize=512)
def parts(text: str) -> Parts:
    """Take the text of a rule apart.

    A negation leaves an empty filter where it stood: the dots around it stay right,
    and where in a group a filter stands makes no difference.
    """
    stack: list[int] = []
    groups: list[tuple[int, int]] = []
    negated: list[tuple[int, int]] = []
    begins: int | None = None
    filter_at = construct_at = 0
    for token in TOKEN.finditer(text):
        word = (token["word"] or "").upper()
        if word == "FILTER":
            filter_at = token.start()
        elif word == "CONSTRUCT" and not groups:
            construct_at = token.start()
        elif token["brace"] == "{":
            if len(stack) == 1 and _NEGATION.fullmatch(text[filter_at : token.start()]):
                begins = filter_at
            stack.append(token.end())
        elif token["brace"] == "}":
            begin = stack.pop()
            if not stack:
                groups.append((begin, token.start()))
            elif len(stack) == 1 and begins is not None:
                negated.append((begins, token.end()))
                begins = None
    (head, head_end), (body, body_end) = groups[0], groups[-1]
    kept, at = [], body
    for begin, end in negated:
        kept += [text[at:begin], "FILTER(true)"]
        at = end
    kept.append(text[at:body_end])
    return Parts(
        text[:construct_at],
        text[head:head_end],
        "".join(kept),
        tuple(text[begin:end] for begin, end in negated),
    )


def keywords(text: str) -> list[str]:
    """The words of a query outside names, texts and comments, in capitals."""
    return [token["word"].upper() for token in TOKEN.finditer(text) if token["word"]]


def reads_slices(
    store: Store, rule: Rule, own: Sequence[NamedNode], other: Sequence[NamedNode]
) -> bool:
    """Whether something a rule negates stands in one of two lists of graphs and not in both."""
    apart = set(own) ^ set(other)
    return any(
        next(
            store.quads_for_pattern(
                None,
                NamedNode(predicate) if predicate else None,
                NamedNode(thing) if thing else None,
                graph,
            ),
            None,
        )
        for predicate, thing in rule.negates
        for graph in apart
    )


def applied(
    store: Store,
    rule: Rule,
    own: Sequence[NamedNode],
    other: Sequence[NamedNode],
    functions: Mapping[NamedNode, Any],
) -> Iterator[Triple]:
    """What a rule makes of the graphs ``own`` where its negations match nothing in ``other``."""
    if not reads_slices(store, rule, own, other):
        # What is negated is timeless and stands in both: one query gives the same.
        yield from construct(store, rule.text, own, functions=functions)
        return
    split = parts(rule.text)
    found = answer(
        store, f"{split.prologue} SELECT * WHERE {{ {split.body} }}", own, functions=functions
    )
    if rows := _rows(found):
        text = (
            f"{split.prologue} CONSTRUCT {{ {split.template} }} "
            f"WHERE {{ {values(rows)} {' '.join(split.negations)} }}"
        )
        yield from construct(store, text, other, functions=functions)


def not_refuted(
    store: Store,
    rule: Rule,
    rows: Sequence[Row],
    other: Sequence[NamedNode],
    functions: Mapping[NamedNode, Any],
) -> list[Row]:
    """The rows of a body for which its negations match nothing in the graphs ``other``."""
    split = parts(rule.text)
    if not rows or not split.negations:
        return list(rows)
    text = f"{split.prologue} SELECT * WHERE {{ {values(rows)} {' '.join(split.negations)} }}"
    return _rows(answer(store, text, other, functions=functions))


def _rows(found: Any) -> list[Row]:
    solutions = cast(QuerySolutions, found)
    names = [variable.value for variable in solutions.variables]
    return [{n: row[n] for n in names if row[n] is not None} for row in solutions]


def values(rows: Sequence[Row]) -> str:
    """A VALUES clause of rows; a variable that a row does not bind is ``UNDEF`` in it."""
    names = sorted({name for row in rows for name in row})
    lines = " ".join(f"({' '.join(str(row.get(n, 'UNDEF')) for n in names)})" for row in rows)
    return f"VALUES ({' '.join(f'?{n}' for n in names)}) {{ {lines} }}"
