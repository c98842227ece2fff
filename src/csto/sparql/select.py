"""Take the text of a SELECT query apart: what it shows, its body, the SELECTs inside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from csto.errors import InputError
from csto.sparql.text import TOKEN

_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}

MARKS = re.compile(TOKEN.pattern + r"| (?P<paren> [()*] )", re.VERBOSE | re.DOTALL)


@dataclass
class Select:
    """A SELECT, the outermost or one inside: what it shows, computes and asks for."""

    shown: tuple[str, ...]
    # Expressions without an aggregate, which are bound after the pattern.
    binds: tuple[str, ...]
    body: str
    inner: list[Select] = field(default_factory=list)


def tokens_of(text: str) -> list[re.Match[str]]:
    return [t for t in MARKS.finditer(text) if not t["comment"]]


def take_apart(text: str, name: str) -> tuple[Select, str]:
    for token in tokens_of(text):
        if (token["word"] or "").upper() == "SELECT":
            return _select(text[token.start() :]), text[: token.start()]
    raise InputError(f"{name}: only the rows of a SELECT query can be cited")


def _select(text: str) -> Select:
    """Take a SELECT apart; the text begins with its keyword."""
    tokens = tokens_of(text)
    open_at = _body(tokens)
    close_at = closing(tokens, open_at)
    body = text[tokens[open_at].end() : tokens[close_at].start()]
    shown, binds = _shown(tokens[1:open_at], text)
    if "*" in shown:
        shown = sorted({t[0][1:] for t in tokens_of(body) if t[0][0] in "?$"})
    # What a query groups by may be computed as well.
    _, computed = _shown(tokens[close_at + 1 :], text)
    inner = _inner(body)
    select = Select(tuple(shown), (*computed, *binds), body)
    select.inner = [_select(body[begin:end]) for begin, end in inner]
    if inner and not body[: inner[0][0]].strip():
        # A body that is one SELECT and nothing else.
        select.body = f"{{ {body} }}"
    return select


def _body(tokens: Sequence[re.Match[str]]) -> int:
    """Which token opens the body: a brace in parentheses belongs to an EXISTS."""
    depth = 0
    for at, token in enumerate(tokens):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if token["brace"] == "{" and depth == 0:
            return at
    raise InputError("a query to be cited needs a body in braces")


def closing(tokens: Sequence[re.Match[str]], open_at: int) -> int:
    depth = 0
    for at in range(open_at, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[at]["brace"] or "", 0)
        if depth == 0:
            return at
    raise InputError("a query to be cited lacks a closing brace")


def _shown(tokens: Sequence[re.Match[str]], text: str) -> tuple[list[str], list[str]]:
    """Variables that a SELECT shows, and BINDs for those it computes without an aggregate."""
    shown: list[str] = []
    binds: list[str] = []
    depth = 0
    begin = 0
    for at, token in enumerate(tokens):
        if token[0] == "(":
            if depth == 0:
                begin = at
            depth += 1
        elif token[0] == ")":
            depth -= 1
            chunk = tokens[begin : at + 1]
            words = {(t["word"] or "").upper() for t in chunk}
            named = len(chunk) > 3 and (chunk[-3]["word"] or "").upper() == "AS"
            if depth == 0 and named and not words & _AGGREGATES:
                shown.append(chunk[-2][0][1:])
                binds.append(f"BIND{text[chunk[0].start() : token.end()]}")
        elif depth == 0 and token[0][0] in "?$":
            shown.append(token[0][1:])
        elif depth == 0 and token[0] == "*":
            shown.append("*")
    return shown, binds


def _inner(body: str) -> list[tuple[int, int]]:
    """Where the SELECTs right inside a body begin and end, but for what is excluded."""
    tokens = tokens_of(body)
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(tokens):
        word = (tokens[at]["word"] or "").upper()
        if word == "MINUS" or (
            word == "EXISTS" and (tokens[at - 1]["word"] or "").upper() == "NOT"
        ):
            at = closing(tokens, at + 1) if tokens[at + 1]["brace"] else at
        elif word == "SELECT":
            begin = at - 1
            end = closing(tokens, begin) if begin >= 0 else len(tokens)
            stop = tokens[end].start() if end < len(tokens) else len(body)
            found.append((tokens[at].start(), stop))
            at = end
        at += 1
    return found
