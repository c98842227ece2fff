"""Dates as people say them, and the days within which a thing lies.

The data formats keep EDTF; tables and texts for people say "autumn 2022" for
``2022-23`` and "about December 2016" for ``2016-12~``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from csto.errors import InputError
from csto.load import edtf

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
_MARKS = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?%]?)")
_ANY = re.compile(
    r"\[[^\]\s]*\]|\d{4}(?:-\d{2}){0,2}[~?%]?/\d{4}(?:-\d{2}){0,2}[~?%]?|"
    r"\d{3}X|\d{2}XX|\d{4}(?:-\d{2}){0,2}[~?%]?"
)
_UNITS = (("Y", "year"), ("M", "month"), ("W", "week"), ("D", "day"))


def in_words(text: str) -> str:
    """An EDTF date as people say it; a text that is none stays as it is."""
    if text.startswith("[") and text.endswith("]"):
        first, dots, last = text[1:-1].partition("..")
        if not dots:
            first, _, last = text[1:-1].partition(",")
        if not first:
            return f"by {in_words(last)}"
        if not last:
            return f"{in_words(first)} or later"
        return f"between {in_words(first)} and {in_words(last)}"
    if "/" in text:
        first, _, last = text.partition("/")
        if not _DATE.fullmatch(first) or not _DATE.fullmatch(last):
            return text
        return f"between {in_words(first)} and {in_words(last)}"
    if re.fullmatch(r"\d{3}X", text):
        return f"the {text[:3]}0s"
    if re.fullmatch(r"\d{2}XX", text):
        return f"between {text[:2]}00 and {text[:2]}99"
    match = _DATE.fullmatch(text)
    if not match:
        return text
    year, month, day, mark = match.groups()
    about = _MARKS.get(mark, "")
    if month in _SEASONS:
        return f"{about}{_SEASONS[month]} {year}"
    if month is None:
        return about + year
    if not 1 <= int(month) <= 12:
        return text
    name = _MONTHS[int(month) - 1]
    return f"{about}{int(day)} {name} {year}" if day else f"{about}{name} {year}"


def when_in_words(text: str) -> str:
    """An EDTF date as it stands after a verb: in 2011, on 5 May 2011, between two days."""
    words = in_words(text)
    if re.match(r"by |between |\[", words) or words.endswith(" or later"):
        return words
    a_day = re.match(r"\d{1,2} ", words)
    return f"{'on' if a_day else 'in'} {words}"


def span_in_words(start: str, end: str) -> str:
    """A span as people say it; one that ends on its first day is that day."""
    if not end or end == start:
        return in_words(start)
    if not start:
        return f"to {in_words(end)}"
    return f"{in_words(start)} – {in_words(end)}"


def duration_in_words(text: str) -> str:
    """An ISO 8601 duration as people say it: ``P3Y`` is "3 years"."""
    match = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(T.*)?", text)
    if not match:
        return text
    if text == "PT0S":
        return "at once"
    parts = [
        f"{number} {unit}{'' if number == '1' else 's'}"
        for number, (_, unit) in zip(match.groups()[:4], _UNITS, strict=True)
        if number
    ]
    hours = re.fullmatch(r"T(\d+)H", match[5] or "")
    if hours:
        parts.append(f"{hours[1]} hours")
    return " ".join(parts) if parts and (not match[5] or hours) else text


def cell_in_words(text: str) -> str:
    """A cell of a table: a date or a duration in words, anything else as it is."""
    if re.fullmatch(r"P[\dYMWDTHS]+", text):
        return duration_in_words(text)
    if _ANY.fullmatch(text) and not re.fullmatch(r"\d{4}", text):
        return in_words(text)
    if text.startswith("[") and _ANY.fullmatch(text):
        return in_words(text)
    return text


def days_in_words(text: str) -> str:
    """A text with the days in it in words; commands, which take days as data, stay."""
    return re.sub(r"(?<![\w:-])\d{4}-\d{2}-\d{2}(?![\w-])", lambda m: in_words(m[0]), text)


def bounds(texts: Iterable[str]) -> tuple[str, str] | None:
    """First and last day of all dates together, ``YYYY-MM-DD``; ``None`` without a date."""
    low = high = ""
    for text in texts:
        try:
            first, last = (day.isoformat() for day in edtf.bounds(text))
        except InputError:
            continue
        low = min(low or first, first)
        high = max(high, last)
    return (low, high) if low else None
