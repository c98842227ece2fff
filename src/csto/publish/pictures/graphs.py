"""Networks: a ring of things and their ties, or two sides and who stands between them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from csto.publish.pictures.colours import INK, Scale
from csto.publish.pictures.sheet import Datum, Sheet, at
from csto.publish.pictures.table import Row
from csto.publish.pictures.words import width, wrap
from csto.sparql.view import View


def network(sheet: Sheet, view: View, rows: Sequence[Row], scale: Scale) -> None:
    """Draw ties; with a channel ``middle``, source and target are two sides."""
    if "middle" in view:
        _sides(sheet, view, rows)
    else:
        _ring(sheet, view, rows)
    words = [row.certainty for row in rows]
    if set(words) != {"certain"}:
        for word in ("certain", "possible"):
            if word in words:
                dash = "solid line" if word == "certain" else "dashed line"
                sheet.remarks.append(f"{dash.capitalize()}: {word}.")


def _weights(rows: Sequence[Row]) -> list[float]:
    return [float(row["weight"] or 1) for row in rows]


def _ties(sheet: Sheet, ties: list[Datum]) -> None:
    for word in ("possible", "certain"):
        some = [tie for tie in ties if tie["certainty"] == word]
        dash = {"strokeDash": [5, 3]} if word == "possible" else {}
        sheet.add(
            some,
            {"type": "rule", "stroke": "#0072b2", **dash},
            x=at("x"),
            y=at("y"),
            x2={"field": "x2"},
            y2={"field": "y2"},
            strokeWidth={"field": "w", "type": "quantitative", "scale": None},
            strokeOpacity={"field": "ink", "type": "quantitative", "scale": None},
        )


def _ring(sheet: Sheet, view: View, rows: Sequence[Row]) -> None:
    names = sorted({row[end] for row in rows for end in ("source", "target") if row[end]})
    links = {row["source"]: row["link"] for row in rows}
    size = 11.5 if not sheet.narrow else 9.5
    label = min(150.0, max((width(name, size) for name in names), default=0) + 10)
    radius = min(235.0, (sheet.outer - 2 * label) / 2 - 4)
    radius = max(radius, 70.0)
    middle_x, middle_y = sheet.outer / 2, radius + 26
    places = {}
    for number, name in enumerate(names):
        turn = 2 * math.pi * number / max(1, len(names)) - math.pi / 2
        places[name] = (
            middle_x + radius * math.cos(turn),
            middle_y + radius * math.sin(turn),
            turn,
        )
    most = max(_weights(rows), default=1) or 1
    ties = [
        {
            "x": round(places[row["source"]][0], 1),
            "y": round(places[row["source"]][1], 1),
            "x2": round(places[row["target"]][0], 1),
            "y2": round(places[row["target"]][1], 1),
            # Squared, so that in a dense network the strong ties stand out.
            "w": round(0.5 + 5 * (float(row["weight"] or 1) / most) ** 2, 2),
            "ink": round(0.1 + 0.8 * (float(row["weight"] or 1) / most) ** 2, 2),
            "certainty": "certain" if row.certainty == "certain" else "possible",
            "said": f"{row['source']} – {row['target']}"
            + (f": {row['weight']}" if row["weight"] else ""),
        }
        for row in rows
    ]
    ties.sort(key=lambda tie: tie["w"])
    _ties(sheet, ties)
    strength: dict[str, float] = defaultdict(float)
    for row, weight in zip(rows, _weights(rows), strict=True):
        strength[row["source"]] += weight
        strength[row["target"]] += weight
    dots: list[Datum] = []
    for name, (x, y, turn) in places.items():
        dots.append({"x": round(x, 1), "y": round(y, 1), "said": f"{name}: {strength[name]:g}"})
        side = math.cos(turn)
        align = "center" if abs(side) < 0.15 else "left" if side > 0 else "right"
        dx = 0 if align == "center" else 9 if side > 0 else -9
        dy = 0 if align != "center" else -14 if math.sin(turn) < 0 else 14
        text = wrap(name, label, size, 1)[0]
        sheet.text(x + dx, y + dy, text, size=size, align=align, link=links.get(name, ""))
    sheet.add(
        dots,
        {"type": "circle", "size": 60, "fill": "#0072b2", "stroke": "#003f62", "opacity": 1},
        x=at("x"),
        y=at("y"),
    )
    sheet.height = middle_y + radius + 26
    if "weight" in view:
        sheet.remarks.append(
            f"The wider a line, the more: {view.title('weight')}, at most {most:g}."
        )


def _sides(sheet: Sheet, view: View, rows: Sequence[Row]) -> None:
    """Left, middle and right as columns; a tie from each side to whom stands between."""
    left = _ordered(rows, "source")
    middle = _ordered(rows, "middle")
    right = _ordered(rows, "target")
    size = 12 if not sheet.narrow else 10
    wide = (sheet.outer - (2 * 70 if not sheet.narrow else 2 * 34)) / 3
    gap = 70 if not sheet.narrow else 34
    columns = {
        "source": (0.0, left),
        "middle": (wide + gap, middle),
        "target": (2 * (wide + gap), right),
    }
    tall = max(len(left), len(middle), len(right)) * 40
    y0 = 34
    places: dict[tuple[str, str], tuple[float, float]] = {}
    for channel, (x, names) in columns.items():
        head = view.title(channel)
        for number, line in enumerate(wrap(head, wide, 11, 2)):
            sheet.text(x + wide / 2, 6 + 12 * number, line, size=11, align="center", weight="bold")
        step = tall / max(1, len(names))
        for number, name in enumerate(names):
            y = y0 + (number + 0.5) * step
            places[channel, name] = (x, y)
            sheet.rect(x, y - 16, x + wide, y + 16, "#f2f2f2", "#595959")
            lines = wrap(name, wide - 10, size, 2)
            shown = size if len(lines) == 1 else size - 1.5
            sheet.lines(x + wide / 2, y, lines, size=shown, align="center", colour=INK)
    ties: dict[tuple[float, float, float, float], Datum] = {}
    told: dict[tuple[str, str, str], str] = {}
    for row in rows:
        for side, other, turned in (("source", "middle", False), ("target", "middle", True)):
            if not row[side] or not row[other]:
                continue
            x, y = places[side, row[side]]
            x2, y2 = places[other, row[other]]
            told[side, row[side], row[other]] = row[f"by_{side}"]
            ends = (x2 + wide, y2, x, y) if turned else (x + wide, y, x2, y2)
            key = tuple(round(value, 1) for value in ends)
            word = "certain" if row.certainty == "certain" else "possible"
            known = ties.get(key)  # type: ignore[arg-type]
            if known is None or known["certainty"] == "possible":
                ties[key] = {  # type: ignore[index]
                    "x": key[0],
                    "y": key[1],
                    "x2": key[2],
                    "y2": key[3],
                    "w": 2.2,
                    "ink": 0.85 if word == "certain" else 0.6,
                    "certainty": word,
                    "said": f"{row[side]} – {row[other]} ({word})",
                }
    _ties(sheet, list(ties.values()))
    # By what they are tied, beside the side; where there is no room, under the picture.
    for (_, name, between), by in sorted(told.items()):
        if by:
            sheet.remarks.append(f"{between} and {name}: {by}.")
    sheet.height = y0 + tall + 4


def _ordered(rows: Sequence[Row], channel: str) -> list[str]:
    return list(dict.fromkeys(row[channel] for row in rows if row[channel]))
