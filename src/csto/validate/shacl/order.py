"""Which of two literals is less, as SPARQL says: yes, no, or they cannot be compared."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import inf, isnan
from typing import Any

from pyoxigraph import Literal, Store

from csto.validate.literals import fault
from csto.vocabulary import XSD

_INTEGERS = {
    XSD + name
    for name in (
        *("integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
        *("negativeInteger", "long", "int", "short", "byte"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
}
_DECIMAL = XSD + "decimal"
_FLOATS = {XSD + "double", XSD + "float"}
_MOMENTS = {XSD + "dateTime", XSD + "dateTimeStamp", XSD + "date"}
_STRING, _BOOLEAN = XSD + "string", XSD + "boolean"
# Whether it is a day, seconds, and the zone in seconds.
_Moment = tuple[bool, Fraction, int | None]
# A moment without a zone can be this far from one in UTC.
_FOURTEEN_HOURS = 14 * 3600


def compare(one: Any, other: Any) -> int | None:
    """-1, 0 or 1; ``None`` if the two cannot be compared."""
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return None
    a, b = _value(one), _value(other)
    if a is None or b is None or a[0] != b[0]:
        if a is None and b is None:
            return _asked(one, other)
        return None
    kind, x, y = a[0], a[1], b[1]
    if kind == "moment":
        return _moments(x, y)
    if kind == "number" and (_nan(x) or _nan(y)):
        return None
    return -1 if x < y else int(x > y)


def _nan(value: Any) -> bool:
    return isinstance(value, float) and isnan(value)


@lru_cache(maxsize=65536)
def _value(literal: Literal) -> tuple[str, Any] | None:
    """The kind of a value and the value; ``None`` for other kinds and ill-formed text."""
    if literal.language:
        return None
    datatype, text = literal.datatype.value, literal.value
    if datatype == _STRING:
        return "string", text
    if datatype not in _INTEGERS | _FLOATS | _MOMENTS | {_DECIMAL, _BOOLEAN}:
        return None
    if fault(text, datatype):
        return "bad", object()
    if datatype in _INTEGERS or datatype == _DECIMAL:
        return "number", int(text) if datatype in _INTEGERS else Decimal(text)
    if datatype in _FLOATS:
        if text.endswith("INF"):
            return "number", -inf if text.startswith("-") else inf
        return "number", float(text)
    if datatype == _BOOLEAN:
        return "boolean", text in ("true", "1")
    return "moment", _moment(text, datatype == XSD + "date")


def _moment(text: str, day: bool) -> tuple[bool, Fraction, int | None]:
    """Whether it is a day, seconds since the year 0 without the zone, and the zone in seconds."""
    body, zone = text, None
    if text.endswith("Z"):
        body, zone = text[:-1], 0
    elif text[-6:-5] in "+-" and text[-3:-2] == ":" and len(text) > 10:
        minutes = int(text[-5:-3]) * 60 + int(text[-2:])
        body, zone = text[:-6], (-60 if text[-6] == "-" else 60) * minutes
    date, _, clock = body.partition("T")
    year, month, dom = date.rsplit("-", 2)
    days = _days(int(year), int(month), int(dom))
    seconds = Fraction(days * 86400)
    if clock:
        hours, minute, second = clock.split(":")
        seconds += int(hours) * 3600 + int(minute) * 60 + Fraction(Decimal(second))
    return day, seconds, zone


def _days(year: int, month: int, day: int) -> int:
    """Days of the proleptic Gregorian calendar, counted from some day."""
    y = year - (month <= 2)
    era = y // 400
    of_era = y - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year


def _moments(
    x: tuple[bool, Fraction, int | None], y: tuple[bool, Fraction, int | None]
) -> int | None:
    if x[0] != y[0]:
        return None
    a, b = x[1] - (x[2] or 0), y[1] - (y[2] or 0)
    if (x[2] is None) != (y[2] is None) and abs(a - b) <= _FOURTEEN_HOURS:
        return None
    return -1 if a < b else int(a > b)


_EMPTY = Store()


@lru_cache(maxsize=65536)
def _asked(one: Literal, other: Literal) -> int | None:
    """For rarer kinds of value the SPARQL engine says."""
    for sign, answer in (("<", -1), ("=", 0), (">", 1)):
        if one.language or other.language:
            return None
        if bool(_EMPTY.query(f"ASK {{ FILTER({one} {sign} {other}) }}")):
            return answer
    return None
