"""A list over time: a strip above a dated list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from csto.answer.columns import paragraph
from csto.answer.dates import bounds, in_words, span_in_words
from csto.answer.listing import Listed
from csto.errors import InputError

# Marks of a strip: one thing, several (their number), more than nine.
_EMPTY, _ONE, _MANY = "·", "●", "+"
_MONTHS = 48
_LANE = 16
# A day with the longest month.
_WHEN = 17

# First and last day, lanes, and the row itself.
_Item = tuple[tuple[str, str], list[str], list[str]]


def timeline(listed: Listed, lane: str, width: int) -> str:
    """A strip of months or years with a row for each lane, above the dated list.

    Args:
        listed: rows with start and end.
        lane: the column whose values are the lanes; empty for one lane.
        width: columns of the terminal.
    """
    at = _column(listed, lane) if lane else None
    dated: list[_Item] = []
    undated: list[_Item] = []
    for row in listed.rows:
        days = bounds(text for text in row[1:3] if text)
        lanes = [one.strip() for one in row[at].split(";")] if at is not None else [""]
        (dated if days else undated).append((days or ("", ""), lanes, row))
    dated.sort(key=lambda item: (item[0], item[2][3]))
    lines = []
    if dated:
        lines += [*_strip([(days, lanes) for days, lanes, _ in dated], width), ""]
    for _, lanes, row in dated:
        lines += _entry(span_in_words(row[1], row[2]), lanes, row[3], width)
    if undated:
        lines += ["", f"without a date: {len(undated)}"]
        for _, lanes, row in undated:
            lines += _entry("", lanes, row[3], width)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _strip(items: Sequence[tuple[tuple[str, str], Sequence[str]]], width: int) -> list[str]:
    first = min(days[0] for days, _ in items)
    last = max(days[1] for days, _ in items)
    names = sorted({lane for _, lanes in items for lane in lanes})
    # A lane takes what its name needs and the months leave; a longer name has several lines.
    room = min(max(_LANE, *map(len, names)), max(_LANE, width - _MONTHS - 4))
    cells = max(12, min(_MONTHS, width - room - 4))
    months = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7]) + 1
    # By month where they fit, else by as many months in a cell as make them fit.
    step = next(n for n in (1, 3, 6, 12, 24, 60, 120, 1200) if months <= n * cells)
    begin = int(first[:4]) * 12 + int(first[5:7]) - 1

    def cell(day: str) -> int:
        return (int(day[:4]) * 12 + int(day[5:7]) - 1 - begin) // step

    count = cell(last) + 1
    lines = []
    for name in names:
        starts: Counter[int] = Counter()
        spans: set[int] = set()
        for days, lanes in items:
            if name in lanes:
                starts[cell(days[0])] += 1
                spans |= set(range(cell(days[0]), cell(days[1]) + 1))
        marks = "".join(_mark(starts[n], n in spans) for n in range(count))
        *above, last_line = paragraph(name, room)
        lines += [*above, f"{last_line:<{room}}  {marks}"]
    unit = {1: "a month", 12: "a year"}.get(step, f"{step} months")
    indent = " " * (room + 2)
    for told in (
        f"{in_words(first[:7])} to {in_words(last[:7])}, {unit} a mark",
        "● one begins, 2-9 or + several; ─ goes on or may be",
    ):
        lines += paragraph(told, width, indent)
    return lines


def _mark(number: int, on: bool) -> str:
    if number > 9:
        return _MANY
    if number > 1:
        return str(number)
    return _ONE if number else "─" if on else _EMPTY


def _entry(when: str, lanes: Sequence[str], label: str, width: int) -> list[str]:
    lane = "; ".join(one for one in lanes if one)
    body = f"{label} ({lane})" if lane else label
    wide = len(when) > _WHEN
    indent = " " * (_WHEN + 2)
    lines = paragraph(body, width, indent if wide else f"{when:<{_WHEN}}  ", indent)
    return [when, *lines] if wide else lines


def _column(listed: Listed, name: str) -> int:
    if name not in listed.columns:
        there = ", ".join(listed.columns[3:])
        raise InputError(f'this list has no column "{name}"; it has {there} (--show adds others)')
    return listed.columns.index(name)
