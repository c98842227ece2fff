"""A sheet to draw on: Vega-Lite layers with title, legend and caption, at two widths.

Text, legend and frames stand at pixels; what shows data has scales of its own with domains that
are given, never guessed from the data. Days are milliseconds of UTC.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from csto.answer.dates import in_words
from csto.publish.pictures.colours import FILL, GRID, HATCH, INK, PAPER, SOFT, Scale, dark, on
from csto.publish.pictures.words import SPARE, width, wrap

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONT = "Liberation Sans"
# Outer width without the margin of 12 pixels on each side.
WIDE, NARROW = 856, 366
_IDENTITY = {"domain": [0, 1000], "range": [0, 1000], "zero": False, "nice": False}
_DAY = 86_400_000
# Days are counted from this one in a page, too.
EPOCH = date(1970, 1, 1).toordinal()

Layer = dict[str, Any]
Datum = dict[str, Any]


def ms(ordinal: int) -> int:
    """Milliseconds of UTC since 1970 at the beginning of a day."""
    return (ordinal - EPOCH) * _DAY


def at(name: str) -> dict[str, Any]:
    """A position in pixels."""
    return {"field": name, "type": "quantitative", "scale": _IDENTITY, "axis": None}


def own(name: str) -> dict[str, Any]:
    """A value that is drawn as it stands: a colour, a size."""
    return {"field": name, "type": "nominal", "scale": None}


# What a mark says of itself (see `tagged`) reaches the SVG as what is read aloud of it.
SAYING = {"description": {"field": "on", "type": "nominal"}}


def tagged(name: str, *parts: object) -> str:
    """What becomes the attribute ``data-NAME`` of a mark in the SVG."""
    return " ".join([f"data-{name}", *map(str, parts)])


@dataclass(frozen=True)
class Look:
    """Title, legend and caption around a drawing."""

    title: str
    subtitle: str = ""
    caption: Sequence[str] = ()


@dataclass
class Sheet:
    """Layers of one drawing; ``left`` pixels are for the labels of rows."""

    outer: int
    left: int = 0
    right: int = 0
    height: float = 0
    layers: list[Layer] = field(default_factory=list)
    legend: list[tuple[str, str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    # Where the rows of a grid stand, by group and name; room above and below it.
    places: dict[tuple[str, str], float] = field(default_factory=dict)
    lead: float = 0
    below: float = 0
    # What stands in the cells of a value, and in its field of the legend.
    letters: Mapping[str, str] = field(default_factory=dict)
    # Whether a page moves a line over the drawing, so that marks say on which days they are.
    slides: bool = False
    _upright: list[Datum] = field(default_factory=list)
    _texts: dict[tuple[str, str], list[Datum]] = field(default_factory=lambda: defaultdict(list))
    _rects: list[Datum] = field(default_factory=list)
    _rules: list[Datum] = field(default_factory=list)

    @property
    def narrow(self) -> bool:
        return self.outer < 500

    @property
    def inner(self) -> int:
        """Width of the drawing itself."""
        return self.outer - self.left - self.right

    # --- at pixels -----------------------------------------------------------------

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 11.5,
        colour: str = INK,
        align: str = "left",
        weight: str = "normal",
        link: str = "",
    ) -> None:
        """One line of text, its middle at ``y``."""
        datum = {"x": round(x, 1), "y": round(y, 1), "t": text, "s": size, "c": colour}
        self._texts[align, weight].append({**datum, "link": link} if link else datum)

    def lines(
        self, x: float, y: float, lines: Sequence[str], *, size: float = 11.5, **how: Any
    ) -> None:
        """Some lines, the middle of all of them at ``y``."""
        step = size * 1.15
        for number, line in enumerate(lines):
            self.text(x, y + (number - (len(lines) - 1) / 2) * step, line, size=size, **how)

    def group(self, y: float, name: str) -> float:
        """Head a group of rows from ``y`` on; gives where its rows begin."""
        for line in wrap(name, self.outer - 8, 12, 3):
            self.text(-self.left, y + 10, line, weight="bold", size=12)
            y += 16
        return y + 6

    def upright(self, x: float, y: float, text: str) -> None:
        """A text that runs upwards from a place."""
        self._upright.append({"x": round(x, 1), "y": round(y, 1), "t": text})

    def _mark(self, x: float, y: float, shape: str, colour: str) -> None:
        self.layers.append(
            {
                "data": {"values": [{"x": round(x, 1), "y": round(y, 1)}]},
                "mark": {
                    "type": "point",
                    "shape": shape,
                    "size": 80,
                    "fill": colour,
                    "stroke": dark(colour),
                    "strokeWidth": 1.3,
                    "opacity": 1,
                },
                "encoding": {"x": at("x"), "y": at("y")},
            }
        )

    def rule(self, x: float, y: float, x2: float, y2: float, colour: str = GRID) -> None:
        """A straight line."""
        self._rules.append({"x": x, "y": y, "x2": x2, "y2": y2, "c": colour})

    def rect(
        self, x: float, y: float, x2: float, y2: float, fill: str, stroke: str, opacity: float = 1
    ) -> None:
        """A rectangle."""
        box = {"x": round(x, 1), "y": round(y, 1), "x2": round(x2, 1), "y2": round(y2, 1)}
        self._rects.append({**box, "f": fill, "c": stroke, "o": opacity})

    # --- data -----------------------------------------------------------------------

    def add(self, values: list[Datum], mark: dict[str, Any], **encoding: Any) -> None:
        """A layer over some data; none without data.

        What leads nowhere has a layer of its own: in one with links it would lead to
        ``undefined``.
        """
        for linked in (False, True):
            some = [value for value in values if ("link" in value) is linked]
            if not some:
                continue
            more = {"href": {"field": "link"}} if linked else {}
            if any("said" in value for value in some):
                more["tooltip"] = {"field": "said", "type": "nominal"}
            for value in some:
                if "certainty" in value:
                    value["solid"] = FILL[value["certainty"]]
            layer = {"data": {"values": some}, "mark": mark, "encoding": {**encoding, **more}}
            self.layers.append(layer)

    def boxes(self, values: list[Datum], scale: Scale) -> None:
        """Boxes between fields ``x0`` and ``x1``, ``y0`` and ``y1``, filled by the scale."""
        self.add(
            values,
            {"type": "rect", "strokeWidth": 1},
            x=at("x0"),
            x2={"field": "x1"},
            y=at("y0"),
            y2={"field": "y1"},
            **self.filled(scale),
        )

    def filled(self, scale: Scale) -> dict[str, Any]:
        """Encodings of fields ``colour`` and ``certainty``: fill, outline and opacity."""
        shared = {"field": "colour", "type": "nominal", "legend": None}
        return {
            "fill": {**shared, "scale": {"domain": scale.domain, "range": scale.fills}},
            "stroke": {**shared, "scale": {"domain": scale.domain, "range": scale.outlines}},
            # The opacity itself, set by `add`: Vega spreads the range of a scale of opacities
            # over its domain, and what is possible comes out nearly solid.
            "fillOpacity": {"field": "solid", "type": "quantitative", "scale": None},
        }

    def years(self, low: int, high: int) -> None:
        """Gridlines and labels of years, for days from one ordinal to another."""
        first, last = date.fromordinal(low).year, date.fromordinal(high).year
        per_year = self.inner / ((high - low) / 365.25)
        wanted = 42 if not self.narrow else 36
        step = next((n for n in (1, 2, 5, 10, 20, 25, 50) if n * per_year >= wanted), 100)
        marks = [
            (date(year, 1, 1).toordinal(), str(year), True)
            for year in range(first, last + 1)
            if year % step == 0
        ]
        if per_year > 500:
            names = ("Apr", "Jul", "Oct") if per_year < 1200 else _MONTHS[1:]
            marks += [
                (date(year, _MONTHS.index(name) + 1, 1).toordinal(), name, False)
                for year in range(first, last + 1)
                for name in names
            ]
        for day, text, whole in sorted(marks):
            if low <= day <= high:
                x = (day - low) / (high - low) * self.inner
                self.rule(round(x, 1), 0, round(x, 1), self.height)
                side = min(max(x, 14), self.inner - 14) if whole else x
                self.text(side, self.height + 12, text, size=11, align="center", colour=SOFT)
        if not any(low <= day <= high for day, _, _ in marks):
            for day in (low, high - 1):
                said = in_words(date.fromordinal(day).isoformat())
                align = "left" if day == low else "right"
                x = 0 if day == low else self.inner
                self.text(x, self.height + 12, said, size=11, align=align, colour=SOFT)
        self.below = 14

    def key(
        self,
        scale: Scale,
        colours: Sequence[str],
        certainties: Sequence[str],
        words: Mapping[str, str] | None = None,
    ) -> None:
        """Entries of the legend: colours that occur, and what solid, pale and hatched mean."""
        shown = scale.shown(colours)
        if len(shown) > 1 or (shown and shown[0]):
            self.legend += [(value, scale.colours[value], "certain") for value in shown]
        known = [c for c in FILL if c in certainties]
        if known and known != ["certain"]:
            self.legend += [((words or {}).get(word, word), "#808080", word) for word in known]

    # --- the whole ------------------------------------------------------------------

    def spec(self, look: Look) -> dict[str, Any]:
        """The drawing as a Vega-Lite spec."""
        self._above(look)
        self._below(look)
        below: list[Layer] = []
        if self._rects:
            below.append(
                {
                    "data": {"values": self._rects},
                    "mark": {"type": "rect", "strokeWidth": 1},
                    "encoding": {
                        "x": at("x"),
                        "x2": {"field": "x2"},
                        "y": at("y"),
                        "y2": {"field": "y2"},
                        "fill": own("f"),
                        "stroke": own("c"),
                        "fillOpacity": {"field": "o", "type": "quantitative", "scale": None},
                    },
                }
            )
        if self._rules:
            below.append(
                {
                    "data": {"values": self._rules},
                    "mark": {"type": "rule", "strokeWidth": 1},
                    "encoding": {
                        "x": at("x"),
                        "x2": {"field": "x2"},
                        "y": at("y"),
                        "y2": {"field": "y2"},
                        "stroke": own("c"),
                    },
                }
            )
        above = []
        for (align, weight), values in sorted(self._texts.items()):
            encoding: dict[str, Any] = {
                "x": at("x"),
                "y": at("y"),
                "text": {"field": "t", "type": "nominal"},
                "size": {"field": "s", "type": "quantitative", "scale": None},
                "fill": own("c"),
            }
            mark: dict[str, Any] = {"type": "text", "align": align, "baseline": "middle"}
            mark["fontWeight"] = weight
            plain = [value for value in values if "link" not in value]
            linked = [value for value in values if "link" in value]
            for group, href in ((plain, {}), (linked, {"href": {"field": "link"}})):
                if group:
                    above.append(
                        {"data": {"values": group}, "mark": mark, "encoding": {**encoding, **href}}
                    )
        if self._upright:
            mark = {"type": "text", "align": "left", "baseline": "middle", "angle": 270}
            text = {"field": "t", "type": "nominal"}
            encoding = {"x": at("x"), "y": at("y"), "text": text}
            data = {"values": self._upright}
            above.append({"data": data, "mark": {**mark, "fontSize": 11}, "encoding": encoding})
        return {
            "$schema": SCHEMA,
            "width": self.inner,
            "height": round(self.height),
            "padding": 12,
            "background": PAPER,
            "autosize": {"type": "pad"},
            "layer": [*below, *self.layers, *above],
            "resolve": {
                "scale": dict.fromkeys(("x", "y", "size", "fill", "stroke"), "independent")
            },
            "config": speaking(_CONFIG) if self.slides else _CONFIG,
        }

    def _above(self, look: Look) -> None:
        """Title, subtitle and legend, from the drawing upwards."""
        y = -14.0 - self.lead
        if self.legend:
            rows = self._legend_rows()
            for row in reversed(rows):
                for x, (word, colour, certainty) in row:
                    if certainty in _MARKS:
                        self._mark(x + 8, y, certainty, colour)
                        self.text(x + 20, y, word, size=11.5)
                        continue
                    fill = HATCH if certainty == "hatched" else colour
                    opacity = FILL.get(certainty, 1.0)
                    stroke = "#4d4d4d" if colour == "#808080" else dark(colour)
                    self.rect(x, y - 5.5, x + 15, y + 5.5, fill, stroke, opacity)
                    self.text(x + 20, y, word, size=11.5)
                    if letter := self.letters.get(word):
                        self.text(x + 7.5, y, letter, size=9, align="center", colour=on(fill))
                y -= 18
            y -= 4
        size = 15 if not self.narrow else 14
        lead: list[tuple[str, float, str, str]] = []
        for line in wrap(look.title, self.outer - 4, size, 4, 1.1 * SPARE) if look.title else ():
            lead.append((line, size, "bold", INK))
        for line in wrap(look.subtitle, self.outer - 4, 11.5, 4, SPARE) if look.subtitle else ():
            lead.append((line, 11.5, "normal", SOFT))
        for line, points, weight, colour in reversed(lead):
            self.text(-self.left, y, line, size=points, weight=weight, colour=colour)
            y -= points * 1.4
        # Whatever the drawing is, it takes the whole width, so that title and caption fit.
        self.rule(-self.left, 0, -self.left, 0.1, PAPER)
        self.rule(self.outer - self.left, 0, self.outer - self.left, 0.1, PAPER)

    def _legend_rows(self) -> list[list[tuple[float, tuple[str, str, str]]]]:
        rows: list[list[tuple[float, tuple[str, str, str]]]] = [[]]
        x = 0.0
        for item in self.legend:
            needs = 20 + width(item[0], 11.5) * SPARE + 14
            if x and x + needs > self.outer:
                rows.append([])
                x = 0.0
            rows[-1].append((x - self.left, item))
            x += needs
        return rows

    def _below(self, look: Look) -> None:
        y = self.height + 20 + self.below
        for remark in self.remarks:
            for line in wrap(remark, self.outer - 4, 11, 6, SPARE):
                self.text(-self.left, y, line, size=11, colour=INK)
                y += 14.5
        if self.remarks:
            y += 3
        for said in look.caption:
            for line in wrap(said, self.outer - 4, 10.5, 12, SPARE):
                self.text(-self.left, y, line, size=10.5, colour=SOFT)
                y += 14


_MARKS = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TEXT = {"font": FONT, "fontSize": 11.5, "fill": INK}
_CONFIG = {
    "aria": False,
    "font": FONT,
    "view": {"stroke": None},
    "text": _TEXT,
    "axis": {
        "labelColor": INK,
        "labelFontSize": 11.5,
        "titleColor": SOFT,
        "titleFontSize": 11.5,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "domainColor": SOFT,
        "tickColor": SOFT,
    },
}


def speaking(config: dict[str, Any]) -> dict[str, Any]:
    """The settings of a drawing whose marks say what they say of themselves."""
    return {**config, "aria": True}
