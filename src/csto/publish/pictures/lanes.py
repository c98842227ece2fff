"""Timelines: a lane for each row, bars for spans, points for acts; rivals share the height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from csto.answer.dates import in_words
from csto.answer.panel.spans import Interval
from csto.errors import InputError
from csto.publish.pictures.colours import SOFT, Scale, on
from csto.publish.pictures.sheet import EPOCH, SAYING, Datum, Sheet, at, ms, tagged
from csto.publish.pictures.table import Row, parts
from csto.publish.pictures.words import SPARE, width, wrap
from csto.sparql.view import BOUNDS, View


@dataclass(frozen=True)
class Piece:
    """A part of a row over some days, in one of ``of`` equal slots of its lane."""

    row: Row
    days: Interval
    certainty: str
    slot: int
    of: int


def split(items: Sequence[tuple[Row, Interval, str]]) -> list[Piece]:
    """Cut the spans of one lane so that what holds at once stands side by side.

    A part of a row keeps its slot as long as the same rows hold with it.
    """
    edges = sorted({day for _, days, _ in items for day in days})
    pieces: list[Piece] = []
    for begin, end in pairwise(edges):
        here = [(row, word) for row, days, word in items if days[0] <= begin and end <= days[1]]
        for slot, (row, word) in enumerate(here):
            last = next(
                (
                    number
                    for number, piece in enumerate(pieces)
                    if piece.days[1] == begin
                    and (piece.row.number, piece.certainty, piece.slot, piece.of)
                    == (row.number, word, slot, len(here))
                ),
                None,
            )
            if last is None:
                pieces.append(Piece(row, (begin, end), word, slot, len(here)))
            else:
                days = (pieces[last].days[0], end)
                pieces[last] = Piece(row, days, word, slot, len(here))
    return pieces


def words(interval: Interval, last: int) -> str:
    """A span of days as people say it; ``last`` is the first day after the graph."""
    first = in_words(date.fromordinal(interval[0]).isoformat())
    if interval[1] - interval[0] == 1:
        return first
    if interval[1] >= last:
        return f"from {first}"
    return f"{first} to {in_words(date.fromordinal(interval[1] - 1).isoformat())}"


def draw(
    sheet: Sheet, view: View, rows: Sequence[Row], scale: Scale, cut_off: str, day: str
) -> None:
    """Draw a timeline.

    Raises:
        InputError: if no row has days.
    """
    last = date.fromisoformat(cut_off).toordinal() + 1
    point = "day" in view or not any(n in view for n in ("from", *BOUNDS[2:4]))
    if point:
        rows = [Row(row.number, {**row.of, "point": "1"}) for row in rows]
    spans = [(row, parts(row, cut_off)) for row in rows]
    dated = [(row, found) for row, found in spans if found]
    if not dated:
        raise InputError("no row of the answer has days, so there is no timeline of it")
    undated = [row for row, found in spans if not found]
    keys: dict[tuple[str, str], dict[str, list[tuple[Row, Interval, str]]]] = {}
    labels: dict[tuple[str, str], Row] = {}
    for row, found in dated:
        # Each act has a lane of its own, even if two have the same name on the same day.
        key = (row["group"], row["row"])
        lanes = keys.setdefault(key, {})
        labels.setdefault(key, row)
        lanes.setdefault(row["lane"], []).extend((row, days, word) for days, word in found)
    has_lanes = "lane" in view
    deep = 15 if has_lanes or len(keys) > 14 else 19
    if not sheet.narrow:
        # A browser without the font takes a wider one.
        longest = max(width(row["row"], 11.5) for row, _ in dated) * SPARE
        lane_room = max((width(r["lane"], 10) for r, _ in dated), default=0) + 10
        sheet.left = int(min(330 if point else 250, longest + 18) + (lane_room if has_lanes else 0))
    sheet.right = 6
    low = min(days[0] for _, found in dated for days, _ in found)
    high = max(days[1] for _, found in dated for days, _ in found)
    if day:
        high = max(high, min(last, date.fromisoformat(day).toordinal() + 1))
        low = min(low, date.fromisoformat(day).toordinal())
    room = max(1, int((high - low) * 0.02))
    begin = low - room
    end = high + room if point else min(high + room, max(last, high))
    domain = [ms(begin), ms(end)]
    per_day = sheet.inner / (end - begin)
    bars: list[Datum] = []
    points: list[Datum] = []
    inside: list[Datum] = []
    y = 6.0
    group = ""
    for key, lanes in keys.items():
        if key[0] != group:
            group = key[0]
            y = sheet.group(y, group)
        top = y
        link = labels[key]["link"]
        if sheet.narrow:
            lines = wrap(key[1], sheet.outer, 11, 2)
            for line in lines:
                sheet.text(0, y + 6, line, size=11, link=link)
                y += 13.5
        body = y
        # A long name takes two lines, and the lane with it.
        long = not (sheet.narrow or has_lanes) and width(key[1], 11.5) * SPARE > sheet.left - 14
        tall = max(deep, 23) if long else deep
        for lane, items in lanes.items():
            if has_lanes and lane:
                x = -8 if not sheet.narrow else 0
                align = "right" if not sheet.narrow else "left"
                if sheet.narrow:
                    sheet.text(x, y + 5, lane, size=9.5, align=align, colour=SOFT)
                    y += 11
                else:
                    sheet.text(x, y + deep / 2, lane, size=10, align=align, colour=SOFT)
            for piece in split(items):
                step = tall / piece.of
                y0, y1 = y + piece.slot * step, y + (piece.slot + 1) * step - (piece.of > 1) * 0.5
                said = f"{key[1]}{', ' + lane if lane else ''}"
                colour = piece.row["colour"]
                said += f": {colour}" if colour else ""
                said += f", {words(piece.days, last)} ({piece.certainty})"
                datum: Datum = {
                    "on": tagged("days", *(n - EPOCH for n in piece.days), said),
                    "t0": ms(piece.days[0]),
                    "t1": ms(piece.days[1]),
                    "y0": round(y0, 1),
                    "y1": round(y1, 1),
                    "colour": colour,
                    "certainty": piece.certainty,
                    "said": said,
                }
                if piece.row["link"]:
                    datum["link"] = piece.row["link"]
                if point and piece.days[1] - piece.days[0] == 1:
                    datum["y"] = round((y0 + y1) / 2, 1)
                    points.append(datum)
                    continue
                bars.append(datum)
                text = piece.row["text"]
                room_px = (piece.days[1] - piece.days[0]) * per_day - 8
                if text and piece.of == 1 and width(text, 10) < room_px:
                    fill = scale.colours.get(colour, "#0072b2")
                    ink = on(fill) if piece.certainty == "certain" else "#1a1a1a"
                    middle = round((y0 + y1) / 2, 1)
                    inside.append({"t0": datum["t0"], "y": middle, "t": text, "c": ink})
            y += tall + (2 if has_lanes else 0)
        if not sheet.narrow:
            room_left = sheet.left - 12 - (lane_room if has_lanes else 0)
            lines = wrap(key[1], room_left, 11.5, 2 if long else 1, SPARE)
            if has_lanes:
                sheet.lines(-sheet.left, body + min(deep, y - body) / 2, lines[:1], link=link)
            else:
                size = 11.5 if len(lines) == 1 else 10
                sheet.lines(-8, (body + y) / 2, lines, align="right", size=size, link=link)
        y += 5
        sheet.rule(-sheet.left, y - 2.5, sheet.outer - sheet.left, y - 2.5)
        if top == y:
            y += 1
    sheet.height = y
    sheet.years(begin, end)
    time = {"scale": {"type": "utc", "domain": domain, "nice": False}, "axis": None}
    heights = {
        "y": at("y0"),
        "y2": {"field": "y1"},
    }
    sheet.add(
        bars,
        {"type": "rect", "strokeWidth": 1},
        x={"field": "t0", "type": "temporal", **time},
        x2={"field": "t1"},
        **heights,
        **sheet.filled(scale),
    )
    sheet.add(
        points,
        {"type": "point", "shape": "circle", "size": 85, "strokeWidth": 1.2, "opacity": 1},
        x={"field": "t0", "type": "temporal", **time},
        y=at("y"),
        **sheet.filled(scale),
    )
    sheet.add(
        inside,
        {"type": "text", "align": "left", "baseline": "middle", "dx": 4, "fontSize": 10},
        x={"field": "t0", "type": "temporal", **time},
        y=at("y"),
        text={"field": "t", "type": "nominal"},
        fill={"field": "c", "type": "nominal", "scale": None},
    )
    if day and low <= date.fromisoformat(day).toordinal() <= high:
        sheet.add(
            [{"t0": ms(date.fromisoformat(day).toordinal()), "y0": 0, "y1": y}],
            {"type": "rule", "stroke": "#1a1a1a", "strokeWidth": 1.2, "strokeDash": [4, 3]},
            x={"field": "t0", "type": "temporal", **time},
            y=at("y0"),
            y2={"field": "y1"},
        )
        sheet.remarks.append(f"Dashed line: {in_words(day)}.")
    if sheet.slides:
        for layer in sheet.layers:
            layer["encoding"].update(SAYING)
        # The line that a slider moves, with the first and last day of the axis and its width.
        span = tagged("now", begin - EPOCH, end - EPOCH, sheet.inner)
        sheet.add(
            [{"x": 0, "y0": -4, "y1": round(y), "on": span}],
            {"type": "rule", "stroke": "#1a1a1a", "strokeWidth": 1.6},
            x=at("x"),
            y=at("y0"),
            y2={"field": "y1"},
            **SAYING,
        )
    colours = [row["colour"] for row, _ in dated]
    certainties = [word for _, found in dated for _, word in found]
    # Of an act it is the day that is possible only, not the act.
    words_of = {"certain": "on this day", "possible": "on a day within"} if point else {}
    sheet.key(scale, colours, certainties, words_of)
    if undated:
        named = list(dict.fromkeys(row["row"] for row in undated))
        more = f"; {len(named) - 12} more" if len(named) > 12 else ""
        sheet.remarks.append(f"Without a date: {'; '.join(named[:12])}{more}.")
