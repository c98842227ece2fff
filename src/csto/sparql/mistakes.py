"""Mistakes in the text of a query, in words: what is not closed, misspelt or no term."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from typing import Any

from pyoxigraph import NamedNode, Store

from csto.errors import InputError
from csto.sparql.nesting import bare
from csto.sparql.other_data import refuse_other_data
from csto.sparql.text import TOKEN, answer

_PREFIX = re.compile(r"([^\W\d_][\w.-]*|):")
# Stands for any prefix and base.
_ANYTHING = "http://example.org/csto/base"

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_STARTS = (*_FORMS, "PREFIX", "BASE")
_KEYWORDS = (
    *_STARTS,
    *("WHERE", "FROM", "NAMED", "DISTINCT", "REDUCED", "AS", "ORDER", "GROUP", "BY", "HAVING"),
    *("LIMIT", "OFFSET", "VALUES", "OPTIONAL", "UNION", "MINUS", "GRAPH", "SERVICE", "FILTER"),
    *("BIND", "EXISTS", "NOT", "IN", "UNDEF", "ASC", "DESC", "SEPARATOR", "a", "true", "false"),
)
# What makes a group more than a row of patterns.
_CLAUSES = ("OPTIONAL", "UNION", "MINUS", "GRAPH", "FILTER", "BIND", "VALUES", "SELECT", "EXISTS")
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
        said = in_words(text, line, column, prefixes)
        if better := _IN_WORDS.match(said):
            return int(better[1]), int(better[2]), better[3]
        return line, column, said
    return None


def syntax_error(text: str) -> tuple[int, int, str] | None:
    """Why a text is no query, with line and column, whatever prefixes a workspace lends.

    What asks for data from elsewhere is not looked into: nothing is fetched.
    """
    try:
        refuse_other_data(text)
        prefixes = dict.fromkeys(_PREFIX.findall(bare(text)), _ANYTHING)
        return mistake(text, prefixes, base=_ANYTHING)
    except InputError:
        return None


def in_words(text: str, line: int, column: int, prefixes: Collection[str] = ()) -> str:
    """What is wrong with a query that cannot be read, with line and column.

    Args:
        text: the query.
        line: where the parser gave up, from 1.
        column: likewise.
        prefixes: those that need no declaration; none where that is not known.
    """
    found = (
        _unclosed(text)
        or _start(text)
        or _by(text)
        or _prefix(text, prefixes)
        or _comma(text)
        or _slip(text)
        or _no_term(text)
        or _short(text, _offset(text, line, column))
    )
    if found:
        at, said = found
        row, start = text.count("\n", 0, at) + 1, text.rfind("\n", 0, at)
        return f"line {row}, column {at - start}: {said}"
    at = _offset(text, line, column)
    whole = [token for token in TOKEN.finditer(text) if token.start() < at < token.end()]
    column -= at - whole[0].start() if whole and "\n" not in whole[0][0] else 0
    lines = text.splitlines()
    rest = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    what = f'"{rest[:30]}" cannot stand here' if rest else "the query ends too early"
    return f"line {line}, column {column}: {what}"


def _offset(text: str, line: int, column: int) -> int:
    """The place of a line and column, both from 1; a space there is passed over."""
    lines = text.splitlines(keepends=True)
    at = sum(map(len, lines[: line - 1])) + column - 1
    return at + len(text[at:]) - len(text[at:].lstrip())


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
    for mark in "\"'":
        if (at := bare.find(mark)) >= 0:
            return at, f"the text that begins here has no {mark} at its end"
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


def _prefix(text: str, known: Collection[str]) -> tuple[int, str] | None:
    """A prefix that nothing declares."""
    if not known:
        return None
    declared = {*known, *re.findall(r"PREFIX\s+([\w-]*):", text, re.IGNORECASE)}
    for token in TOKEN.finditer(text):
        prefix, colon, _ = (token["word"] or "").partition(":")
        if colon and prefix != "_" and prefix[:1] not in "?$" and prefix not in declared:
            near = difflib.get_close_matches(prefix, declared, n=2, cutoff=0.7)
            hint = f", did you mean {' or '.join(f'{one}:' for one in near)}?" if near else ""
            return (
                token.start(),
                f"the prefix {prefix}: is not declared{hint} "
                f"(or begin with PREFIX {prefix}: <its address>)",
            )
    return None


def _comma(text: str) -> tuple[int, str] | None:
    """A comma between the variables of SELECT."""
    match = re.search(r"\bSELECT\b[^{]*?(\s*),", text, re.IGNORECASE)
    if match and "(" not in match[0]:
        return match.end() - 1, "no comma between the variables of SELECT; a space divides them"
    return None


# What is written often and means nothing, where the mistake is, and what is meant.
_SLIPS = (
    (r"\bSELECT\s+(?:DISTINCT\s+)?(?:WHERE\s*)?()\{", "SELECT needs variables, or * for all"),
    (r"\b(?:FILTER|BIND)\s+()(?=[?$\"\d])", "FILTER and BIND need a bracket: FILTER(…)"),
    (r"\b(?:WHERE|OPTIONAL|UNION|MINUS)\s+()(?=[?$<\w])", "the patterns here need { } around them"),
    (r"()==", "equality is written with one =, and only within FILTER or BIND"),
    (r"\(\s*\w+\([^()]*\)\s+()[?$]\w+\s*\)", "AS is missing before the variable"),
)


def _slip(text: str) -> tuple[int, str] | None:
    """One of a few slips that are made often."""
    blank = TOKEN.sub(lambda m: " " * len(m[0]) if m["string"] or m["comment"] else m[0], text)
    for pattern, said in _SLIPS:
        if match := re.search(pattern, blank, re.IGNORECASE):
            return match.start(1), said
    return None


def _short(text: str, at: int) -> tuple[int, str] | None:
    """A pattern that ends too early, or goes on where a dot is missing.

    Told only of plain patterns: no paths, numbers, brackets, or texts with a language or type.

    Args:
        text: the query.
        at: where it could not be read on.
    """
    if at >= len(text.rstrip()) and text.rstrip().endswith("}"):
        # What is wrong before the last brace is noticed only behind it.
        at = text.rfind("}")
    before = text[:at].rstrip()
    begin = max(before.rfind(mark) for mark in ("{", "}", ";", ",", ". ", ".\n")) + 1
    if before.endswith((".", ";", ",")):
        begin = len(before)
    last = before[begin - 1 : begin]
    tokens = [token for token in TOKEN.finditer(before, begin) if not token["comment"]]
    said = [token[0] for token in tokens]
    plain = not TOKEN.sub("", before[begin:]).strip() and said[1:2] == [
        w for w in said[1:2] if w[0] not in "\"'"
    ]
    if last not in "{;,." or not plain or {word.upper() for word in said} & set(_CLAUSES):
        return None
    count = len(said) + {";": 1, ",": 2}.get(last, 0)
    if text[at : at + 1] in ("}", ".", ";") and (said or last == ",") and count < 3:
        lacks = "its value" if count == 2 else "property and value"
        return at, f"the pattern before this {text[at]} lacks {lacks}"
    more = 3 - (count - len(said))
    if count > 3 or (count == 3 and text[at : at + 1] not in ("}", ".", ";", ",")):
        return (
            tokens[more].start() if more < len(tokens) else at,
            "a pattern has three parts: put a dot before the next one, a semicolon where the "
            "same subject goes on",
        )
    return None


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
