"""Bars and lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from csto.errors import InputError
from csto.publish.pictures.colours import INK, SOFT, Scale
from csto.publish.pictures.grids import number_text
from csto.publish.pictures.sheet import Datum, Sheet, ms
from csto.publish.pictures.table import Row
from csto.publish.pictures.words import width, wrap
from csto.sparql.view import View

MOST_BARS = 40


def bars(sheet: Sheet, view: View, rows: Sequence[Row], scale: Scale) -> None:
    """A bar for each row, with its number; pale up to the upper bound, where there is one."""
    deep = 17
    left_out = len(rows) - MOST_BARS
    if left_out > 0:
        sheet.remarks.append(f"The first {MOST_BARS} of {len(rows)} rows.")
        rows = rows[:MOST_BARS]
    if not sheet.narrow:
        sheet.left = int(min(320, max((width(r["row"], 11.5) for r in rows), default=0) + 18))
    most = max((max(r.value("number"), float(r["most"] or 0)) for r in rows), default=0) or 1
    longest = max((width(number_text(r.value("number")), 11) for r in rows), default=20)
    room = sheet.inner - longest - 14
    y = 4.0
    values: list[Datum] = []
    group = ""
    for row in rows:
        if row["group"] != group:
            group = row["group"]
            y = sheet.group(y, group)
        if sheet.narrow:
            for line in wrap(row["row"], sheet.outer, 11, 2):
                sheet.text(0, y + 6, line, size=11, link=row["link"])
                y += 13.5
        else:
            lines = wrap(row["row"], sheet.left - 12, 11.5, 2)
            size = 11.5 if len(lines) == 1 else 9.5
            sheet.lines(-8, y + deep / 2, lines, size=size, align="right", link=row["link"])
        number = row.value("number")
        upper = float(row["most"] or number)
        for low, high, word in ((0.0, number, row.certainty), (number, upper, "possible")):
            if low < high:
                values.append(
                    {
                        "x0": round(low / most * room, 1),
                        "x1": round(high / most * room, 1),
                        "y0": y,
                        "y1": y + deep,
                        "colour": row["colour"],
                        "certainty": word,
                        "said": f"{row['row']}: {number_text(number)}",
                    }
                )
        shown = number_text(number)
        if upper > number:
            shown += f" to {number_text(upper)}"
        sheet.text(upper / most * room + 6, y + deep / 2, row["text"] or shown, size=11)
        y += deep + (8 if sheet.narrow else 6)
    sheet.height = y
    sheet.rule(0, 0, 0, y, SOFT)
    sheet.boxes(values, scale)
    sheet.key(scale, [row["colour"] for row in rows], [v["certainty"] for v in values])


def lines(sheet: Sheet, view: View, rows: Sequence[Row], scale: Scale) -> None:
    """A line for each colour over years or days, its name at its end.

    Raises:
        InputError: if the values across are neither years nor days.
    """
    rows = [row for row in rows if row["x"] and row["y"]]
    days = _across(rows, view)
    sheet.left, sheet.height = 34, 300 if not sheet.narrow else 240
    names = list(dict.fromkeys(row["colour"] for row in rows))
    room = max((width(name, 11) for name in names), default=0) + 12
    sheet.right = int(min(room, 190)) if not sheet.narrow else 6
    low, high = min(days), max(days)
    pad = max(1, int((high - low) * 0.015))
    highs = [float(row["most"] or row["y"]) for row in rows]
    top = max(highs, default=1) or 1
    if 0.5 < top <= 1:
        top = 1.0
    elif 50 < top <= 100:
        top = 100.0
    else:
        step = 10 ** math.floor(math.log10(top))
        top = math.ceil(top / step) * step
    x = {
        "field": "t",
        "type": "temporal",
        "scale": {"type": "utc", "domain": [ms(low - pad), ms(high + pad)]},
        "axis": {"title": None, "grid": False, "tickCount": 5 if sheet.narrow else 10},
    }
    y = {
        "field": "v",
        "type": "quantitative",
        "scale": {"domain": [0, top], "nice": False},
        "axis": {"title": None, "tickCount": 5},
    }
    values: list[Datum] = []
    for row, day in zip(rows, days, strict=True):
        said = f"{row['colour']}, {row['x']}: {number_text(row.value('y'))}"
        values.append({"t": ms(day), "v": row.value("y"), "colour": row["colour"], "said": said})
    values.sort(key=lambda v: (v["colour"], v["t"]))
    colour = {
        "field": "colour",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": scale.domain, "range": scale.fills},
    }
    if sheet.narrow or len(names) == 1:
        sheet.right = 6
    sheet.layers.append(
        {
            "data": {"values": values},
            "mark": {"type": "line", "strokeWidth": 2.2, "point": False},
            "encoding": {"x": x, "y": y, "stroke": colour},
        }
    )
    shape = {
        "field": "colour",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": scale.domain, "range": SHAPES[: len(scale.domain)]},
    }
    sheet.add(
        values,
        {"type": "point", "size": 45, "opacity": 1, "filled": True},
        x={**x, "axis": None},
        y={**y, "axis": None},
        fill=colour,
        shape=shape,
    )
    if not sheet.narrow and len(names) > 1:
        ends = {v["colour"]: v for v in values}
        placed: list[float] = []
        # From the lowest upwards, so that none hangs over the axis.
        for name, value in sorted(ends.items(), key=lambda item: item[1]["v"]):
            want = sheet.height * (1 - value["v"] / top)
            while any(abs(want - other) < 13 for other in placed):
                want -= 1
            placed.append(want)
            sheet.text(sheet.inner + 6, want, wrap(name, 184, 11, 1)[0], size=11, colour=INK)
    if len(names) > 1:
        sheet.key(scale, names, [])
    title = view.title("y")
    sheet.text(-sheet.left, -16, title, size=11, colour=SOFT)
    sheet.lead, sheet.below = 20, 14


SHAPES = ["circle", "square", "diamond", "triangle-up", "cross", "triangle-down"] * 5


def _across(rows: Sequence[Row], view: View) -> list[int]:
    found = []
    for row in rows:
        text = row["x"]
        try:
            whole = f"{text}-01-01" if len(text) == 4 and text.isdigit() else text
            found.append(date.fromisoformat(whole).toordinal())
        except ValueError:
            raise InputError(
                f'the column {view.channels["x"].column} has "{text}", which is no year and no day'
            ) from None
    if not found:
        raise InputError("no row of the answer has both values, so there is no line of it")
    return found
