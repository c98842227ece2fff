"""EDTF expressions and the calendar days that bound them.

The graph writes a date as precisely as its source, in a part of the Extended
Date/Time Format (Library of Congress, ISO 8601-2): years, months, days and closed
intervals of level 0; ``~ ? %``, seasons (``2023-22``) and unspecified last digits
(``199X``) of level 1; and ``[a,b]``. The bounds are days: strict for a plain
expression, widened by one unit of its precision for a qualified one.

Strict bounds are those of the ``edtf`` library, with which the tests compare them; the
widening is ours, because the library's own fuzzy bounds add a year to a month
(``"2016-12~"`` would reach from November 2015 to January 2018).
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache

from csto.errors import InputError

_SIMPLE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?([~?%]?)", re.ASCII)
_COARSE = re.compile(r"\d{4}-2[1-4]|\d{3}X|\d{2}XX", re.ASCII)
_INTERVAL = re.compile(r"([^/]+)/([^/]+)")
_CHOICE = re.compile(r"\[(\S+?),(\S+?)\]")
HINT = "write a year, year-month or day such as 2012, 2006-08 or 2022-01-10, with ~ or ? if unsure"


def _strict(text: str) -> tuple[date, date]:
    """A season (21 spring to 24 winter, of which December counts), a decade or a century."""
    try:
        if "X" in text:
            first, last = (int(text.replace("X", digit)) for digit in "09")
            return date(first, 1, 1), date(last, 12, 31)
        year, season = int(text[:4]), int(text[5:])
        begin = 3 * (season - 20)
        end = min(begin + 2, 12)
        return date(year, begin, 1), date(year, end, calendar.monthrange(year, end)[1])
    except ValueError as error:
        raise InputError(f'"{text}" is not a date; {HINT}') from error


def _months_away(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


@lru_cache(maxsize=4096)
def bounds(text: str) -> tuple[date, date]:
    """First and last day that an expression allows.

    Raises:
        InputError: if the text is outside the part of EDTF that the graph uses.
    """
    if choice := _CHOICE.fullmatch(text):
        first, last = bounds(choice[1]), bounds(choice[2])
        if first[0] > last[1]:
            raise InputError(f'"{text}" ends before it begins')
        return first[0], last[1]
    if interval := _INTERVAL.fullmatch(text):
        first, last = bounds(interval[1]), bounds(interval[2])
        if first[0] > last[1]:
            raise InputError(f'"{text}" ends before it begins')
        return first[0], last[1]
    if _COARSE.fullmatch(text):
        return _strict(text)
    match = _SIMPLE.fullmatch(text)
    if not match:
        raise InputError(f'"{text}" is not a date; {HINT}')
    year, month, day, mark = match.groups()
    try:
        low = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise InputError(f'"{text}" is not a date; {HINT}') from None
    days = calendar.monthrange(low.year, int(month or 12))[1]
    high = low if day else date(low.year, int(month or 12), days)
    if not mark:
        return low, high
    if day:
        return low - timedelta(days=1), high + timedelta(days=1)
    months = 1 if month else 12
    widened = _months_away(high + timedelta(days=1), months) - timedelta(days=1)
    return _months_away(low, -months), widened


def parse_day(text: str) -> str:
    """Check a calendar day given by a user and return it as ``YYYY-MM-DD``.

    Raises:
        InputError: if it is not one day of the calendar.
    """
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise InputError(f'"{text}" is not a day; write it as YYYY-MM-DD, such as 2022-01-10')
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InputError(f'"{text}" is no day of the calendar; check month and day') from None


def day_after(text: str) -> str:
    """The day after a calendar day, both as ``YYYY-MM-DD``."""
    return (date.fromisoformat(text) + timedelta(days=1)).isoformat()
