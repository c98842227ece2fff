"""The words of Turtle, TriG, N-Triples and N-Quads, with the comments between them.

The character classes are those of the W3C (RDF 1.1, with the signs of RDF 1.2). Nothing
is thrown away: each token keeps the comments around it, so a writer can put every one
of them back. Reading takes time in proportion to the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

# Line, column, end line, end column; all from 1, the end one past the last character.
Span = tuple[int, int, int, int]

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_U = _BASE + "_"
_CHARS = _U + "0-9\u00b7\u0300-\u036f\u203f-\u2040-"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
# Possessive repetition: a text of many megabytes needs no stack and no second try.
_TOKEN = re.compile(
    rf"""
    (?P<SPACE>[ \t\r\n]++)
  | (?P<COMMENT>\#[^\r\n]*+)
  | (?P<IRI><(?:[^\x00-\x20<>"{{}}|^`\\]|{_UCHAR})*+>)
  | (?P<BLANK>_:[{_U}0-9](?:\.*[{_CHARS}])*)
  | (?P<PNAME>(?:[{_BASE}](?:\.*[{_CHARS}])*)?
        :(?:(?:[{_U}:0-9]|{_PLX})(?:\.*(?:[{_CHARS}:]|{_PLX}))*)?)
  | (?P<LONG>\"\"\"[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+\"\"\"
           | '''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+''')
  | (?P<STRING>"[^"\\\n\r]*+(?:\\.[^"\\\n\r]*+)*+"
             | '[^'\\\n\r]*+(?:\\.[^'\\\n\r]*+)*+')
  | (?P<TAG>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
  | (?P<DOUBLE>[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+)
  | (?P<DECIMAL>[+-]?[0-9]*\.[0-9]+)
  | (?P<INTEGER>[+-]?[0-9]+)
  | (?P<SIGN>\^\^|<<\(|\)>>|<<|>>|\{{\||\|\}}|[.;,\[\](){{}}~])
  | (?P<WORD>[A-Za-z]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_BAD_ESCAPE = re.compile(rf"""(?:{_UCHAR}|\\[tbnrf"'\\])|(\\)""")
_DIRECTIVES = {"@prefix", "@base", "@version"}
_LINE_END = re.compile(r"\r\n|\r|\n")
_WRONG = re.compile(r"[^ \t\r\n.;,\[\](){}]+|.", re.DOTALL)


@dataclass(slots=True, eq=False)
class Piece:
    """A token with the comments around it.

    Attributes:
        text: as written.
        kind: what it is; a sign is of its own kind.
        start: where it begins in the text.
        before: comments on lines of their own above it; an empty text is a blank line.
        after: comment behind it on its line.
        breaks: whether a line ends between the token before and this one.
    """

    text: str
    kind: str
    start: int = 0
    before: list[str] = field(default_factory=list)
    after: str = ""
    breaks: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Lines:
    """Offsets in a text as lines and columns, both from 1, columns in characters."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The other way round; a place behind the end of the text is its end."""
        if line > len(self._starts):
            return len(self.text)
        return min(len(self.text), self._starts[max(line, 1) - 1] + max(column, 1) - 1)

    def span(self, start: int, end: int) -> Span:
        return (*self.at(start), *self.at(end))


class FewLines(Lines):
    """The same for a long text of which few places are asked: lines are counted, not listed."""

    _STEP = 1 << 16

    def at(self, offset: int) -> tuple[int, int]:
        if self._other_ends:
            return super().at(offset)
        step = offset // self._STEP
        line = self._before[step] + self.text.count("\n", step * self._STEP, offset)
        return line + 1, offset - self.text.rfind("\n", 0, offset)

    @cached_property
    def _other_ends(self) -> bool:
        return "\r" in self.text

    @cached_property
    def _before(self) -> list[int]:
        """How many lines end before each step."""
        size = range(0, len(self.text) + 1, self._STEP)
        return [0, *accumulate(self.text.count("\n", at, at + self._STEP) for at in size)]


def pieces(text: str) -> list[Piece]:
    """The tokens of a text; the last stands for its end.

    What is no token of the grammar is a piece of the kind ``WRONG``; a string with an
    escape that is none is one too.
    """
    found: list[Piece] = []
    above: list[str] = []
    breaks = True
    at, length = 1 if text.startswith("\ufeff") else 0, len(text)
    match = _TOKEN.match
    while at < length:
        token = match(text, at)
        if token is None:
            wrong = _WRONG.match(text, at)
            assert wrong is not None
            found.append(Piece(wrong[0], "WRONG", at, above, breaks=breaks))
            above, breaks, at = [], False, wrong.end()
            continue
        kind, word = token.lastgroup or "", token[0]
        if kind == "SPACE":
            # A comment ends before its line does, so its own line end is counted here too.
            ends = len(_LINE_END.findall(word))
            if ends:
                if ends > 1 and (not above or above[-1]):
                    above.append("")
                breaks = True
        elif kind == "COMMENT":
            if breaks or not found:
                above.append(word.rstrip())
            else:
                found[-1].after = word.rstrip()
        else:
            if kind in ("STRING", "LONG"):
                kind = "STRING" if _escapes(word) else "WRONG"
            elif kind == "SIGN":
                kind = word
            elif kind == "TAG" and word in _DIRECTIVES:
                kind = "AT"
            found.append(Piece(word, kind, at, above, breaks=breaks))
            above, breaks = [], False
        at = token.end()
    found.append(Piece("", "END", length, above, breaks=breaks))
    return found


def _escapes(text: str) -> bool:
    return "\\" not in text or not any(match[1] for match in _BAD_ESCAPE.finditer(text))


_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def unescaped(text: str) -> str:
    """A string or IRI without its escapes.

    Raises:
        ValueError: for a number that is no character.
    """
    if "\\" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        short, long, plain = match.groups()
        if plain is not None:
            return _ESCAPED.get(plain, plain)
        code = int(short or long, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise ValueError(f"{match[0]} is no character")
        return chr(code)

    return _ESCAPE.sub(one, text)


def quoted(text: str) -> str:
    """What stands between the quotation marks of a string."""
    marks = 3 if text[:3] in ('"""', "'''") and len(text) >= 6 else 1
    return unescaped(text[marks:-marks])
