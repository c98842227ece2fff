"""Terms as numbers, and what expressions need to know of each.

A term is interned in the notation of N-Triples. Its text, its value and the days that
bound it are found when first asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from math import nan
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from csto.errors import InputError
from csto.load import edtf
from csto.sparql.dialect import literal, unescaped
from csto.vocabulary import EDTF, XSD

NOTHING = -1

Term = NamedNode | BlankNode | Literal

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:\^\^<(.*)>|@(.*))?', re.DOTALL)
_NUMBERS = {
    XSD + name
    for name in (
        *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *("negativeInteger", "nonPositiveInteger", "unsignedInt", "unsignedLong", "unsignedShort"),
        "unsignedByte",
    )
}
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\#]*(#[^\x00-\x20<>\"{}|^`\\#]*)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class ExpressionError(Exception):
    """An expression has no value, which makes a condition false and binds nothing."""


class _Found(dict[int, Any]):
    """Values by term, each found when first asked for."""

    def __init__(self, find: Callable[[int], Any]) -> None:
        super().__init__()
        self.find = find

    def __missing__(self, number: int) -> Any:
        found = self[number] = self.find(number)
        return found


class Terms:
    """A table of terms."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.texts: list[str] = []
        self._terms: dict[int, Term] = {}
        # The string of a term as STR gives it; for a blank node there is none.
        self.strings: dict[int, str] = _Found(self._string)
        # Values can be compared if their kinds are equal; what has no order has a kind of its own.
        self.kinds: dict[int, Any] = _Found(lambda number: self.valued[number][0])
        self.values: dict[int, Any] = _Found(lambda number: self.valued[number][1])
        self.valued: dict[int, tuple[Any, Any]] = _Found(self._valued)
        self.is_iri: dict[int, bool] = _Found(lambda number: self.texts[number][0] == "<")
        self.earliest: dict[int, int] = _Found(lambda number: self._bound(number, 0))
        self.latest: dict[int, int] = _Found(lambda number: self._bound(number, 1))
        self.day_after: dict[int, int] = _Found(self._day_after)

    def __len__(self) -> int:
        return len(self.texts)

    def number(self, text: str) -> int:
        """The number of a term in the notation of N-Triples."""
        number = self.numbers.get(text)
        if number is None:
            number = self.numbers[text] = len(self.texts)
            self.texts.append(text)
        return number

    def forget(self, size: int) -> None:
        """Drop the terms from a number on, which nothing may use any more."""
        for text in self.texts[size:]:
            del self.numbers[text]
        tables: tuple[dict[int, Any], ...] = (
            *(self._terms, self.strings, self.kinds, self.values, self.valued, self.is_iri),
            *(self.earliest, self.latest, self.day_after),
        )
        for table in tables:
            for number in [number for number in table if number >= size]:
                del table[number]
        del self.texts[size:]

    def is_literal(self, number: int) -> bool:
        return self.texts[number][0] == '"'

    def term(self, number: int) -> Term:
        """A term as Oxigraph has it."""
        found = self._terms.get(number)
        if found is None:
            found = self._terms[number] = self._read(number)
        return found

    def _read(self, number: int) -> Term:
        text = self.texts[number]
        if text[0] == "<":
            return NamedNode(text[1:-1])
        if text[0] == "_":
            return BlankNode(text[2:])
        string, datatype, language = self.parts(number)
        if language:
            return Literal(string, language=language)
        return Literal(string, datatype=NamedNode(datatype) if datatype else None)

    def parts(self, number: int) -> tuple[str, str, str]:
        """Text, datatype and language of a literal."""
        match = _LITERAL.fullmatch(self.texts[number])
        if match is None:
            raise ExpressionError
        return unescaped(match[1]), match[2] or "", match[3] or ""

    def plain(self, text: str) -> int:
        """The number of a plain text."""
        return self.number(literal(text))

    def iri(self, text: str) -> int:
        """The number of an IRI.

        Raises:
            ExpressionError: if the text is none.
        """
        if not _IRI.fullmatch(text):
            raise ExpressionError
        return self.number(f"<{text}>")

    def day(self, day: date) -> int:
        return self.number(f'"{day.isoformat()}"^^<{XSD}date>')

    def calendar_day(self, number: int) -> int | None:
        """A calendar day as a number of the calendar; ``None`` for any other term."""
        if number == NOTHING or self.kinds[number] != "date":
            return None
        found: int = self.values[number]
        return found

    def _string(self, number: int) -> str:
        text = self.texts[number]
        if text[0] == "<":
            return text[1:-1]
        return self.parts(number)[0]

    def _valued(self, number: int) -> tuple[Any, Any]:
        apart = (number, nan)
        if not self.is_literal(number):
            return apart
        text, datatype, language = self.parts(number)
        try:
            if language:
                return apart
            if not datatype:
                return "text", text
            if datatype == XSD + "date" and _DAY.fullmatch(text):
                return "date", date.fromisoformat(text).toordinal()
            if datatype in _NUMBERS:
                return "number", int(text)
            if datatype == XSD + "decimal":
                return "number", Decimal(text)
            if datatype in (XSD + "double", XSD + "float"):
                return "number", float(text)
            if datatype == XSD + "boolean":
                return "boolean", {"true": True, "1": True, "false": False, "0": False}[text]
            if datatype == XSD + "dateTime":
                moment = datetime.fromisoformat(text)
                return ("moment", moment.tzinfo is None), moment
        except (ValueError, KeyError, ArithmeticError):
            pass
        return apart

    def known(self, number: int) -> bool:
        """Whether equality of values is decided for a term: not for datatypes of others."""
        if not self.is_literal(number):
            return True
        return bool(self.parts(number)[2]) or not isinstance(self.kinds[number], int)

    def differ(self, one: int, other: int) -> bool:
        """``one != other`` for two different terms, false where SPARQL gives an error."""
        if self.kinds[one] == self.kinds[other]:
            return bool(self.values[one] != self.values[other])
        literals = self.is_literal(one) and self.is_literal(other)
        return not literals or (self.known(one) and self.known(other))

    def _bounds(self, number: int) -> tuple[date, date]:
        text, datatype, _ = self.parts(number) if self.is_literal(number) else ("", "", "")
        if datatype not in (EDTF, XSD + "date"):
            raise ExpressionError
        return edtf.bounds(text)

    def _bound(self, number: int, which: int) -> int:
        try:
            return self.day(self._bounds(number)[which])
        except (ExpressionError, InputError):
            return NOTHING

    def _day_after(self, number: int) -> int:
        try:
            text, datatype, _ = self.parts(number) if self.is_literal(number) else ("", "", "")
            if datatype not in (EDTF, XSD + "date"):
                return NOTHING
            return self.day(date.fromisoformat(edtf.day_after(text)))
        except (ExpressionError, ValueError, OverflowError):
            return NOTHING


@lru_cache(maxsize=256)
def pattern(text: str) -> re.Pattern[str]:
    """A regular expression, compiled once."""
    return re.compile(text)
