"""The body of a query: where it is, and its values put wherever they narrow something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from csto.errors import InputError
from csto.sparql.text import TOKEN

_TERM = r"""(?:<[^<>\s]*>|"(?:[^"\\]|\\.)*"(?:\^\^\S+|@[\w-]+)?|[^\s(){}<>"'?$]++)"""
# One row of several variables, or several values of one, as the first thing of a body.
_LEADING = re.compile(
    rf"""
    \s* VALUES \s* (?:
        \( (?P<names> [\s\w?]* ) \) \s* {{ \s* \( (?P<row> (?:\s*+{_TERM})*+ \s* ) \) \s* }}
      | \? (?P<name> \w+ ) \s* {{ (?P<listed> (?:\s*+{_TERM})*+ \s* ) }}
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PART = re.compile(rf"{TOKEN.pattern} | (?P<paren> [()] )", TOKEN.flags)
# What is written after these in a group sees what the group has matched before.
_IN_ORDER = {"OPTIONAL", "MINUS", "BIND", "SERVICE"}
# A group after one of these is no operand of the join that a body is.
_APART = {*_IN_ORDER, "EXISTS", "GRAPH", "VALUES", "SELECT", "ASK", "CONSTRUCT"}
# A part of a body whose rows are counted or cut off has others if it is narrowed.
_WHOLE = {"GROUP", "HAVING", "LIMIT", "OFFSET", "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE"}


def body_start(text: str) -> int:
    """Offset just after the brace that opens the body of a query.

    Raises:
        InputError: for a query without a body.
    """
    depth = 0
    where = False
    form = last = ""
    for token in TOKEN.finditer(text):
        word = (token["word"] or "").upper()
        if depth == 0 and word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE") and not form:
            form = word
        if depth == 0 and word == "WHERE":
            where = True
        if token["brace"] == "{":
            opens = where or (form in ("SELECT", "ASK", "DESCRIBE") and last != "EXISTS")
            if depth == 0 and opens:
                return token.end()
            depth += 1
        elif token["brace"] == "}":
            depth -= 1
        last = word or last
    raise InputError("this query has no WHERE { … } that parameters could be put into")


def body_of(text: str) -> str:
    """What stands between the braces of the body of a query."""
    begin = body_start(text)
    depth = 1
    for token in TOKEN.finditer(text, begin):
        depth += {"{": 1, "}": -1}.get(token["brace"] or "", 0)
        if depth == 0:
            return text[begin : token.start()]
    return text[begin:]


def bare(text: str) -> str:
    """A query without the values that lead its body, the same whatever is given to it."""
    start = body_start(text)
    leading = _LEADING.match(text, start)
    return text if leading is None else text[:start] + text[leading.end() :]


@lru_cache(maxsize=512)
def spread(text: str) -> str:
    """A query with the values that lead its body also in each part that they narrow.

    The engine joins what leads a body with the rows of its unions and of its queries within; it
    does not look up, in those, what is given. The rows are the same: in a part that surely gives
    a variable a value, all others would be left out by the join. That is so of a group if a
    pattern of it names the variable before what is read in order (OPTIONAL, MINUS, BIND), and of
    a query within if it shows the variable, too, and neither counts its rows nor cuts them off.
    """
    try:
        leading = _LEADING.match(text, body_start(text))
    except InputError:
        return text
    if leading is None:
        return text
    if leading["name"]:
        names, listed = [leading["name"]], re.findall(_TERM, leading["listed"])
        if len(set(listed)) < len(listed):
            return text
        values = [leading["listed"]]
    else:
        names = leading["names"].replace("?", " ").split()
        listed = values = re.findall(_TERM, leading["row"])
    if "UNDEF" in (part.upper() for part in listed) or len(names) != len(values):
        return text
    narrowing = {n: f" VALUES ?{n} {{ {v} }} " for n, v in zip(names, values, strict=True)}
    places = [
        (at, narrowing[name])
        for group in _Group.read(text, leading.end()).operands()
        for at, name in group.narrowed(list(narrowing))
    ]
    for at, narrowed in sorted(places, reverse=True):
        text = text[:at] + narrowed + text[at:]
    return text


@dataclass
class _Group:
    """What stands between two braces: words, brackets and groups in their order."""

    start: int
    # Words and brackets before it, back to the last brace: they tell what kind of group it is.
    before: tuple[str, ...] = ()
    parts: list[str | _Group] = field(default_factory=list)

    @classmethod
    def read(cls, text: str, start: int) -> _Group:
        """The groups of a text up to the brace that closes what is open at the start."""
        way = [cls(start)]
        outer = way[0]
        before: list[str] = []
        for token in _PART.finditer(text, start):
            if token["brace"] == "{":
                way.append(cls(token.end(), tuple(before)))
                way[-2].parts.append(way[-1])
                before = []
            elif token["brace"] == "}":
                way.pop()
                before = []
                if not way:
                    break
            elif token["word"] or token["paren"]:
                word = token[0].rstrip(".")
                way[-1].parts.append(word)
                before.append(word)
        return outer

    @property
    def words(self) -> list[str]:
        return [part.upper() for part in self.parts if isinstance(part, str)]

    @property
    def groups(self) -> list[_Group]:
        return [part for part in self.parts if isinstance(part, _Group)]

    @property
    def query(self) -> bool:
        """Whether it is a query within."""
        return self.words[:1] == ["SELECT"]

    @property
    def operand(self) -> bool:
        """Whether its rows are joined with what stands beside it."""
        last = next((w for w in reversed(self.before) if w[0] not in "?$"), "")
        return last != ")" and last.upper() not in _APART

    def operands(self) -> Iterator[_Group]:
        """The groups whose rows are joined, also within one another."""
        for group in self.groups:
            if group.operand:
                yield group
                if not group.query:
                    yield from group.operands()

    def narrowed(self, names: Iterable[str]) -> Iterator[tuple[int, str]]:
        """Which variables are surely given a value in it, and where others could be left out."""
        body = self
        if self.query:
            if _WHOLE & set(self.words) or len(self.groups) != 1:
                return
            (body,) = self.groups
            shown = _named(body.before)
            names = [name for name in names if name in shown]
        found = _named(part for part in body.parts if isinstance(part, str))
        yield from ((body.start, name) for name in names if name in found)


def _named(words: Iterable[str]) -> set[str]:
    """Variables outside brackets, before what is read in order."""
    found = set()
    depth, last = 0, ""
    for word in words:
        if word.upper() in _IN_ORDER:
            break
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word[0] in "?$" and not depth and last not in ("VALUES", "GRAPH"):
            found.add(word[1:])
        last = word.upper()
    return found
