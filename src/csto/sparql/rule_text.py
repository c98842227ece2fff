"""The text of a CONSTRUCT rule taken apart, and rows written back as VALUES."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from csto.sparql.text import TOKEN

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


def values(rows: Sequence[Row]) -> str:
    """A VALUES clause of rows; a variable that a row does not bind is ``UNDEF`` in it."""
    names = sorted({name for row in rows for name in row})
    lines = " ".join(f"({' '.join(str(row.get(n, 'UNDEF')) for n in names)})" for row in rows)
    return f"VALUES ({' '.join(f'?{n}' for n in names)}) {{ {lines} }}"
