"""Mistakes in the text of a query, in words: what is not closed, misspelt or no term."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

from pyoxigraph import NamedNode, Store

from csto.sparql.text import TOKEN, answer

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_STARTS = (*_FORMS, "PREFIX", "BASE")
_KEYWORDS = (
    *_STARTS,
    *("WHERE", "FROM", "NAMED", "DISTINCT", "REDUCED", "AS", "ORDER", "GROUP", "BY", "HAVING"),
    *("LIMIT", "OFFSET", "VALUES", "OPTIONAL", "UNION", "MINUS", "GRAPH", "SERVICE", "FILTER"),
    *("BIND", "EXISTS", "NOT", "IN", "UNDEF", "ASC", "DESC", "SEPARATOR", "a", "true", "false"),
)
_BY = re.compile(r"\b(ORDER|GROUP)\s+(?!BY\b)(\S+)", re.IGNORECASE)


_PLACE = re.compile(r"error at (\d+):(\d+)")
_IN_WORDS = re.compile(r"line (\d+), column (\d+): (.*)", re.DOTALL)


def mistake(
    text: str,
    prefixes: Mapping[str, str],
    functions: Mapping[NamedNode, Any] | None = None,
    base: str | None = None,
) -> tuple[int, int, str] | None:
    """Why a text is no query, with line and column; ``None`` if it is one.

    Raises:
        InputError: if its brackets are nested deeper than the engine bears.
    """
    try:
        answer(Store(), text, [], prefixes=prefixes, functions=functions, base=base)
    except SyntaxError as error:
        found = _PLACE.search(error.msg or "")
        line, column = (int(found[1]), int(found[2])) if found else (error.lineno or 1, 1)
        said = in_words(text, line, column)
        if better := _IN_WORDS.match(said):
            return int(better[1]), int(better[2]), better[3]
        return line, column, said
    return None


def in_words(text: str, line: int, column: int) -> str:
    """What is wrong with a query that cannot be read, with line and column.

    Args:
        text: the query.
        line: where the parser gave up, from 1.
        column: likewise.
    """
    found = _unclosed(text) or _start(text) or _by(text) or _no_term(text)
    if found:
        at, said = found
        row, start = text.count("\n", 0, at) + 1, text.rfind("\n", 0, at)
        return f"line {row}, column {at - start}: {said}"
    lines = text.splitlines()
    rest = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    what = f'"{rest[:30]}" cannot stand here' if rest else "the query ends too early"
    return f"line {line}, column {column}: {what}"


def _unclosed(text: str) -> tuple[int, str] | None:
    """A brace or a quotation mark without its other half."""
    opened: list[int] = []
    for token in TOKEN.finditer(text):
        if token["brace"] == "{":
            opened.append(token.start())
        elif token["brace"] == "}":
            if not opened:
                return token.start(), "this } closes nothing; take it away, or open a { before it"
            opened.pop()
    bare = TOKEN.sub(
        lambda m: " " * len(m[0]) if m["string"] or m["comment"] or m["iri"] else m[0], text
    )
    if (at := bare.find('"')) >= 0:
        return at, 'the text that begins here has no " at its end'
    if opened:
        return opened[-1], "this { is not closed; write a } after its last pattern"
    return None


def _start(text: str) -> tuple[int, str] | None:
    """A first word that begins no query."""
    for token in TOKEN.finditer(text):
        if token["comment"]:
            continue
        word = token[0]
        if word.upper() in _STARTS:
            return None
        near = difflib.get_close_matches(word.upper(), _STARTS, n=1)
        hint = f", did you mean {near[0]}?" if near else ""
        return token.start(), f"a query begins with {', '.join(_FORMS)} or PREFIX, not {word}{hint}"
    return 0, "there is no query in this text"


def _by(text: str) -> tuple[int, str] | None:
    match = _BY.search(text)
    return (match.start(2), f"{match[1].upper()} needs BY after it") if match else None


def _no_term(text: str) -> tuple[int, str] | None:
    """A bare word where a term must stand."""
    inside = 0
    for token in TOKEN.finditer(text):
        if token["brace"]:
            inside += 1 if token["brace"] == "{" else -1
        word = token["word"]
        if not word or not inside or ":" in word or word[0] in "?$":
            continue
        called = text[token.end() :].lstrip().startswith("(")
        dotted = text[token.start() - 1] in "@^" if token.start() else False
        known = word.upper() in (k.upper() for k in _KEYWORDS)
        if not (called or dotted or known):
            return (
                token.start(),
                f'"{word}" is no term: write ?{word} for a variable, csto:{word} for a property or '
                f'class, "{word}" for a text',
            )
    return None
