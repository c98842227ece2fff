"""Variables of a query that nothing in it gives a value.

Only what patterns, BIND, VALUES and AS give counts: conditions and what is taken away (EXISTS,
MINUS) bind nothing. Where a query may be read either way, the variable counts as given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from csto.errors import InputError
from csto.sparql.select import closing, tokens_of

_Token = re.Match[str]


@dataclass(frozen=True)
class Unbound:
    """A variable that is shown or made, where it stands, and the names that have a value."""

    name: str
    start: int
    end: int
    made: bool
    given: frozenset[str]


def unbound(text: str, parameters: Iterable[str] = ()) -> Iterator[Unbound]:
    """Variables that a query shows or makes and that nothing gives a value, each once.

    Args:
        text: SELECT or CONSTRUCT; others show no variable.
        parameters: variables that are given from outside.
    """
    tokens = tokens_of(text)
    words = [(token["word"] or "").upper() for token in tokens]
    form = next((w for w in words if w in ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")), "")
    if form not in ("SELECT", "CONSTRUCT"):
        return
    begin = words.index(form) + 1
    opens = next((n for n in range(begin, len(tokens)) if _opens_body(tokens, n, begin)), None)
    if opens is None:
        return
    try:
        stop = closing(tokens, opens) if form == "CONSTRUCT" else opens
    except InputError:
        # A brace is missing, which is a fault of syntax.
        return
    given = frozenset(_given(tokens[stop:]) | _named(tokens)).union(parameters)
    told: set[str] = set()
    depth = 0
    for token in tokens[begin:stop]:
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        name = token[0][1:]
        if token[0][0] in "?$" and not depth and name not in given and name not in told:
            told.add(name)
            yield Unbound(name, token.start(), token.end(), form == "CONSTRUCT", given)


def _opens_body(tokens: list[_Token], at: int, begin: int) -> bool:
    """Whether a token opens the first group; a brace in parentheses belongs to an EXISTS."""
    if tokens[at]["brace"] != "{":
        return False
    return sum({"(": 1, ")": -1}.get(t[0], 0) for t in tokens[begin:at]) == 0


def _given(tokens: list[_Token]) -> set[str]:
    """Variables that patterns give a value: not those of conditions and of what is taken away."""
    found: set[str] = set()
    at = 0
    while at < len(tokens):
        word = (tokens[at]["word"] or "").upper()
        if word in ("EXISTS", "MINUS") and tokens[at + 1 : at + 2] and tokens[at + 1]["brace"]:
            at = _end(tokens, at + 1, "{", "}")
        elif word in ("FILTER", "HAVING", "BY") and [t[0] for t in tokens[at + 1 : at + 2]] == [
            "("
        ]:
            at = _end(tokens, at + 1, "(", ")")
        elif tokens[at][0][0] in "?$":
            found.add(tokens[at][0][1:])
        at += 1
    return found


def _end(tokens: list[_Token], at: int, opens: str, closes: str) -> int:
    depth = 0
    for number in range(at, len(tokens)):
        depth += {opens: 1, closes: -1}.get(tokens[number][0], 0)
        if depth == 0:
            return number
    return len(tokens)


def _named(tokens: list[_Token]) -> set[str]:
    """Variables that stand behind an AS."""
    return {
        token[0][1:]
        for before, token in pairwise(tokens)
        if (before["word"] or "").upper() == "AS" and token[0][0] in "?$"
    }
