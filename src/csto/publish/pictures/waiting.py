"""Specs that wait for their rows: what draws an answer where there is no Python, in a browser.

A picture is laid out here where the rows are known (:mod:`csto.publish.pictures.picture`). On the
page for SPARQL they are known only when somebody asks. So the view of a question is compiled
without them: a spec of Vega-Lite (of Vega for networks) that reads a data set ``rows`` with a field
for each channel. Colours and the meaning of certain and possible are fixed here all the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pyoxigraph import Store

from csto.graph.dataset import Dataset
from csto.publish.pictures.colours import (
    FILL,
    GRID,
    INK,
    NEUTRAL,
    ON_DARK,
    ON_LIGHT,
    PALETTE,
    SOFT,
    Scale,
    dark,
    on,
    scale,
    scheme_scale,
)
from csto.publish.pictures.grids import SHADES
from csto.publish.pictures.render import compiled
from csto.publish.pictures.sheet import FONT, NARROW, SCHEMA, WIDE
from csto.sparql.saved import SavedQuery
from csto.sparql.text import answer
from csto.sparql.view import BOUNDS, KINDS, Channel, View, view_of

_VEGA = "https://vega.github.io/schema/vega/v6.json"
_DAY = 86_400_000
# The height of a lane, and how far it is from one to the next.
_BAND, _STEP = 16, 22
# Rows that a picture in a page shows at most.
_MOST = {"bars": 40, "timeline": 150, "strip": 60, "matrix": 1500, "heat": 1500}
_OTHER = "other"
Spec = dict[str, Any]

# What a query without a view of its own can be drawn as: the kind, the channels that its columns
# must fill, and those that they can.
PLAIN = (
    ("timeline", ("row", *BOUNDS[:4]), ("known_from", "known_to", "lane", "colour", "certainty")),
    ("timeline", ("row", "from"), ("to", "lane", "group", "colour", "certainty")),
    ("timeline", ("row", *BOUNDS[:2]), ("colour", "certainty")),
    ("timeline", ("row", "day"), ("colour", "certainty")),
    ("heat", ("row", "column", "number"), ()),
    ("matrix", ("row", "column"), ("colour", "certainty", "text")),
    ("bars", ("row", "number"), ("colour", "most")),
    ("lines", ("x", "y"), ("colour",)),
    ("network", ("source", "middle", "target"), ("certainty",)),
    ("network", ("source", "target"), ("weight", "certainty")),
    ("strip", ("row", "reading"), ("colour", "text")),
    ("sets", ("row", "column"), ()),
    ("map", ("code",), ("colour", "certainty", "symbol", "text")),
)


def fixed_scale(dataset: Dataset, view: View) -> Scale | None:
    """The colours of a view, if they do not depend on the rows."""
    channel = view.channels.get("colour")
    if channel is None:
        return None
    fixed = dict(channel.domain)
    if channel.scheme:
        fixed = scheme_scale(dataset, channel.scheme) | fixed
    return scale(fixed, ()) if fixed else None


def pictures(dataset: Dataset, asked: Mapping[str, tuple[SavedQuery, str]]) -> Spec:
    """What a page needs to draw answers: specs, and which of them is for what.

    ``specs`` are pairs of Vega, wide and narrow. ``saved`` has for a question the number of its
    pair, the column of each channel, and which channels it cannot do without; ``plain`` the same
    for a query without a view, by kind.

    Args:
        dataset: has the concept schemes of views, and the prefixes of queries.
        asked: questions by name, each with its text as it is asked.

    Raises:
        InputError: if vl-convert is not installed.
    """
    pairs: list[tuple[Spec, Spec]] = []
    saved: dict[str, Any] = {}
    for name, (query, text) in asked.items():
        if not query.view or query.view == "table":
            continue
        view = view_of(query, _columns(dataset, text))
        channels = {channel: of.column for channel, of in view.channels.items()}
        needs = [n for n in KINDS[view.kind].needs if n in channels]
        saved[name] = [len(pairs), channels, needs]
        fixed = fixed_scale(dataset, view)
        pairs.append((compiled(spec(view, fixed)), compiled(spec(view, fixed, narrow=True))))
    plain = []
    for kind, needed, more in PLAIN:
        view = View(kind, {name: Channel(name) for name in (*needed, *more)})
        plain.append([kind, list(needed), list(more), len(pairs)])
        pairs.append((compiled(spec(view)), compiled(spec(view, narrow=True))))
    return {"specs": pairs, "saved": saved, "plain": plain}


def _columns(dataset: Dataset, text: str) -> list[str]:
    """The columns of an answer, without asking for it."""
    found: Any = answer(Store(), text, (), prefixes=dataset.prefixes)
    return [variable.value for variable in getattr(found, "variables", ())]


def spec(view: View, fixed: Scale | None = None, narrow: bool = False) -> Spec:
    """The spec of a view that reads its rows from the data set ``rows``.

    ``usermeta`` has the kind, how many rows it shows at most, and what a reader should know. A map
    has nothing else but its colours, since a page has shapes of its own.

    Args:
        view: the view; ``table`` has no picture.
        fixed: its colours, if they do not depend on the rows.
        narrow: for 390 pixels.
    """
    made = _Drawing(view, fixed, narrow)
    notes = ["Solid is certain, pale with an outline only possible."] if made.sure else []
    if view.kind in ("matrix", "heat"):
        notes.append("An empty cell has no row; that alone is not a “no”.")
    if view.kind == "network":
        notes = ["A dashed line is only possible."] if made.sure else []
        if "weight" in view:
            notes.append(f"The wider a line, the more: {view.title('weight')}.")
    if view.kind == "map":
        drawn: Spec = {"colours": dict(made.scale.colours) if made.scale else {}}
    else:
        drawn = getattr(made, view.kind)()
    about = {"kind": view.kind, "most": _MOST.get(view.kind, 300), "notes": notes}
    if made.scale:
        about["domain"] = [*made.scale.domain, _OTHER]
    return {**drawn, "usermeta": about}


class _Drawing:
    """One spec, being made."""

    def __init__(self, view: View, fixed: Scale | None, narrow: bool) -> None:
        self.view = view
        self.scale = fixed
        self.narrow = narrow
        self.wide = NARROW if narrow else WIDE
        # On a phone the names of lanes stand above them, those of a grid beside it.
        self.above = narrow and view.kind in ("timeline", "bars")
        self.step = _STEP + 14 if self.above else _STEP
        self.label = 0 if self.above else 110 if narrow else 250
        # Whether some of it can be only possible.
        bounded = view.kind == "timeline" and "from" not in view
        self.sure = "certainty" in view or "most" in view or bounded

    # --- parts -------------------------------------------------------------------------

    def common(self, *more: Spec) -> list[Spec]:
        """Transforms that every drawing begins with: order, certainty, a colour that is known."""
        found: list[Spec] = [
            {"window": [{"op": "row_number", "as": "n"}]},
            {"calculate": "datum.certainty || 'certain'", "as": "sure"},
        ]
        if self.scale:
            known = _array(self.scale.domain)
            told = f"indexof({known}, datum.colour) < 0 ? '{_OTHER}' : datum.colour"
            found.append({"calculate": told, "as": "shade"})
        else:
            found.append({"calculate": "datum.colour || ''", "as": "shade"})
        return [*found, *more]

    @property
    def solid(self) -> Spec:
        """The opacity of a fill, from what is in ``sure``."""
        told = ", ".join(f"'{word}': {opacity}" for word, opacity in FILL.items())
        return {"calculate": f"{{{told}}}[datum.sure]", "as": "solid"}

    def filled(self, channel: str = "fill") -> Spec:
        """Encodings of fill, outline and opacity."""
        if self.scale:
            values = [*self.scale.domain, _OTHER]
            fills = [*self.scale.fills, NEUTRAL]
            domain: Spec = {"domain": values}
        else:
            fills = list(PALETTE)
            domain = {}
        legend = {"values": {"expr": "shown"}} if "colour" in self.view else None
        shade = {"field": "shade", "type": "nominal", "title": None, "legend": legend}
        outline = [dark(colour) for colour in fills]
        return {
            channel: {**shade, "scale": {**domain, "range": fills}},
            "stroke": {**shade, "scale": {**domain, "range": outline}},
            "fillOpacity": {"field": "solid", "type": "quantitative", "scale": None},
        }

    def names(self, field: str = "name") -> Spec:
        """The axis of the names of rows, in the order of the rows."""
        axis: Spec = {"labelLimit": self.label, "ticks": False, "domain": False, "title": None}
        if self.above:
            axis |= {"labelAlign": "left", "labelPadding": 0, "labelLimit": self.wide - 16}
            axis["labelOffset"] = 1 - _BAND
        return {
            "field": field,
            "type": "nominal",
            "sort": {"field": "n", "op": "min"},
            "scale": {
                "paddingInner": (self.step - _BAND) / self.step,
                "paddingOuter": 0.4 if self.above else 0.1,
            },
            "axis": axis,
        }

    def whole(self, drawing: Spec, *, grouped: bool = False) -> Spec:
        """The spec of a drawing; groups stand under each other, each with its name above."""
        inner = self.wide - self.label - 12
        head: Spec = {
            "$schema": SCHEMA,
            "data": {"name": "rows"},
            "background": "transparent",
            "config": _CONFIG,
        }
        head["params"] = [{"name": "shown", "value": []}]
        if self.narrow:
            legend = {**_CONFIG["legend"], "columns": 1, "labelLimit": 240}
            head["config"] = {**_CONFIG, "legend": legend}
        if not grouped:
            fit = {"type": "fit-x", "contains": "padding"}
            return {**head, "autosize": fit, "width": self.wide, **drawing}
        transform = drawing.pop("transform")
        header = {"labelOrient": "top", "labelAnchor": "start", "labelAngle": 0, "title": None}
        header |= {"labelFontWeight": "bold", "labelFontSize": 11.5, "labelLimit": inner - 4}
        first = {"field": "n", "op": "min"}
        facet = {"field": "group", "type": "nominal", "header": header, "sort": first}
        return {
            **head,
            "transform": transform,
            "facet": {"row": facet},
            "spec": {"width": inner, **drawing},
            "spacing": 6,
            "resolve": {"scale": {"y": "independent"}},
        }

    # --- over time ----------------------------------------------------------------------

    def timeline(self) -> Spec:
        """Bars from day to day, and points for acts; rivals share the height of a lane."""
        view = self.view
        point = "day" in view or not any(n in view for n in ("from", "to_earliest", "to_latest"))
        end = f"(toDate(cutOff) + {_DAY})"
        name = "datum.row + (datum.lane ? ' · ' + datum.lane : '')"
        key = ["group", "name"] if "group" in view else ["name"]
        transform = self.common(
            {"calculate": name, "as": "name"},
            *self._days(point, end),
            {"filter": "isNumber(datum.a) && isNumber(datum.e) && datum.a < datum.e"},
            {"flatten": ["piece"]},
            {"calculate": "datum.piece[0]", "as": "p0"},
            {"calculate": "datum.piece[1]", "as": "p1"},
            {"calculate": "datum.piece[2]", "as": "sure"},
            {"filter": "datum.p0 < datum.p1"},
            *_shared([*key, "n", "sure", "shade"], key),
            self.solid,
            {"calculate": _said_of_days(end), "as": "said"},
        )
        lane = {
            "height": {"expr": f"{_BAND} / datum.of - (datum.of > 1 ? .5 : 0)"},
            "yOffset": {"expr": f"{_BAND} * ((datum.slot - .5) / datum.of - .5)"},
        }
        axis = {"title": None, "grid": True, "tickCount": 5 if self.narrow else 10}
        days = {"field": "t0", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}
        shared = {"y": self.names(), **self.filled(), **_SAID}
        short = f"datum.t1 - datum.t0 <= {_DAY}"
        layers: list[Spec] = [
            {
                "mark": {"type": "bar", "strokeWidth": 1, **lane},
                "encoding": {"x": days, "x2": {"field": "t1"}, **shared},
                **({"transform": [{"filter": f"!({short})"}]} if point else {}),
            }
        ]
        if point:
            layers.append(
                {
                    "mark": {"type": "point", "shape": "circle", "size": 80, "opacity": 1}
                    | {"yOffset": lane["yOffset"]},
                    "encoding": {"x": days, **shared},
                    "transform": [{"filter": short}],
                }
            )
        drawn = {"transform": transform, "height": {"step": self.step}, "layer": layers}
        made = self.whole(drawn, grouped="group" in view)
        made["params"].append({"name": "cutOff", "value": ""})
        return made

    def _days(self, point: bool, end: str) -> list[Spec]:
        """From ``a`` to ``e`` it can hold; ``piece`` has the parts, certain and possible."""
        view = self.view
        if "day" in view:
            return [
                {"calculate": _day("day"), "as": "a"},
                {"calculate": f"datum.a + {_DAY}", "as": "e"},
                {"calculate": "[[datum.a, datum.e, datum.sure]]", "as": "piece"},
            ]
        if "from" in view:
            return [
                {"calculate": _day("from"), "as": "a"},
                {"calculate": f"datum.to ? toDate(datum.to) : {end}", "as": "e"},
                {"calculate": "[[datum.a, datum.e, datum.sure]]", "as": "piece"},
            ]
        if point:
            word = f"datum.e - datum.a == {_DAY} && datum.sure == 'certain' ? 'certain'"
            return [
                {"calculate": _day("from_earliest"), "as": "a"},
                {
                    "calculate": f"datum.from_latest ? toDate(datum.from_latest) + {_DAY} : null",
                    "as": "e",
                },
                {"calculate": f"[[datum.a, datum.e, {word} : 'possible']]", "as": "piece"},
            ]
        last = [f"(datum.{n} ? toDate(datum.{n}) : {end})" for n in ("to_latest", "known_to")]
        parts = (
            "[[datum.a, max(datum.a, datum.b), 'possible'], "
            "[max(datum.a, datum.b), min(datum.e, datum.c), 'certain'], "
            "[min(datum.e, datum.c), datum.e, 'possible']]"
        )
        certainly = "isNumber(datum.b) && datum.b < datum.c && datum.sure != 'possible'"
        return [
            {
                "calculate": "datum.from_earliest || datum.known_from "
                "? toDate(datum.from_earliest || datum.known_from) : null",
                "as": "a",
            },
            {"calculate": _day("from_latest"), "as": "b"},
            {
                "calculate": f"datum.to_earliest ? min({end}, toDate(datum.to_earliest)) : {end}",
                "as": "c",
            },
            {"calculate": f"min({end}, {', '.join(last)})", "as": "e"},
            {
                "calculate": f"{certainly} ? {parts} : [[datum.a, datum.e, 'possible']]",
                "as": "piece",
            },
        ]

    # --- grids --------------------------------------------------------------------------

    def matrix(self) -> Spec:
        """Rows by columns; rivals split a cell."""
        key = ["group", "row", "column"] if "group" in self.view else ["row", "column"]
        said = _join(["row", "column"], "shade", "text") + " + ' (' + datum.sure + ')'"
        transform = self.common(
            {"filter": "datum.column"},
            # The same standing on several grounds is one.
            {
                "aggregate": [
                    {"op": "min", "field": "n", "as": "n"},
                    {"op": "min", "field": "sure", "as": "sure"},
                ],
                "groupby": [*key, "shade", *(["text"] if "text" in self.view else [])],
            },
            _window("row_number", "", "slot", key, "n", (None, 0)),
            {"joinaggregate": [{"op": "count", "as": "of"}], "groupby": key},
            self.solid,
            {"calculate": said, "as": "said"},
        )
        cell = {
            "type": "rect",
            "strokeWidth": 1,
            "height": _BAND,
            "width": {"expr": "max(1, bandwidth('x') / datum.of - 1)"},
            "xOffset": {"expr": "bandwidth('x') * ((datum.slot - .5) / datum.of - .5)"},
        }
        places = {"x": self._columns(), "y": self.names("row")}
        filled = self.filled()
        layers: list[Spec] = [{"mark": cell, "encoding": {**places, **filled, **_SAID}}]
        if self.scale:
            # Without colours a letter says what holds, in the cell and in the legend.
            letters = json.dumps(self.scale.letters, ensure_ascii=False)
            inks = json.dumps({v: on(c) for v, c in self.scale.colours.items()}, ensure_ascii=False)
            # On what is pale the ink of the page stands.
            pale = f"datum.sure != 'certain' ? '{INK}'"
            transform += [
                {"calculate": f"{letters}[datum.shade] || ''", "as": "letter"},
                {"calculate": f"{pale} : {inks}[datum.shade] || '{INK}'", "as": "ink"},
            ]
            middle = {"type": "text", "fontSize": 10, "xOffset": cell["xOffset"]}
            # Half a cell of a phone has no room for it.
            middle["opacity"] = {"expr": "bandwidth('x') / datum.of < 9 ? 0 : 1"}
            written = {
                "text": {"field": "letter", "type": "nominal"},
                "color": {"field": "ink", "type": "nominal", "scale": None},
            }
            layers.append({"mark": middle, "encoding": {**places, **written}})
            if legend := filled["fill"]["legend"]:
                known = f"{letters}[datum.label]"
                legend["labelExpr"] = f"({known} ? {known} + ': ' : '') + datum.label"
        drawn = {"transform": transform, "height": {"step": self.step}, "layer": layers}
        return self.whole(drawn, grouped="group" in self.view)

    def heat(self) -> Spec:
        """Rows by columns, darker for more."""
        said = _join(["row", "column"], "number")
        transform = self.common(
            {"filter": "datum.number !== ''"},
            {"calculate": "toNumber(datum.number)", "as": "v"},
            {"calculate": said, "as": "said"},
        )
        shades = {"type": "quantize", "range": list(SHADES), "domainMin": 0}
        title = self.view.title("number")
        legend = {"title": title, "type": "symbol", "format": ".2~f"}
        fill = {"field": "v", "type": "quantitative", "scale": shades, "legend": legend}
        places = {"x": self._columns(), "y": self.names("row")}
        ink = f"datum.v > .5 * datum.top ? '{ON_DARK}' : '{ON_LIGHT}'"
        transform += [
            {"joinaggregate": [{"op": "max", "field": "v", "as": "top"}]},
            {"calculate": ink, "as": "ink"},
            {"calculate": _number("datum.v"), "as": "told"},
        ]
        colour = {"field": "ink", "type": "nominal", "scale": None}
        layers: list[Spec] = [
            {"mark": {"type": "rect"}, "encoding": {**places, "fill": fill, **_SAID}},
            {
                "mark": {"type": "text", "fontSize": 10},
                "encoding": {**places, "text": {"field": "told"}, "color": colour},
            },
        ]
        drawn = {"transform": transform, "height": {"step": self.step}, "layer": layers}
        return self.whole(drawn, grouped="group" in self.view)

    def _columns(self) -> Spec:
        axis = {"title": None, "orient": "top", "labelLimit": 130}
        axis["labelAngle"] = -90 if self.narrow else -45
        axis |= {"ticks": False, "domain": False}
        return {
            "field": "column",
            "type": "nominal",
            "sort": {"field": "n", "op": "min"},
            "scale": {"paddingInner": 0.06},
            "axis": axis,
        }

    def sets(self) -> Spec:
        """An UpSet plot: how many rows have exactly the same columns."""
        listed = "join(sort(pluck(datum.held, 'column')), ' + ')"
        joined = [
            {"aggregate": [{"op": "count", "as": "times"}], "groupby": ["row", "column"]},
            {
                "joinaggregate": [{"op": "values", "field": "column", "as": "held"}],
                "groupby": ["row"],
            },
            {"calculate": listed, "as": "combination"},
        ]
        across = {
            "field": "combination",
            "type": "nominal",
            "sort": {"field": "many", "op": "max", "order": "descending"},
            "axis": None,
        }
        inner = self.wide - 120
        count: Spec = {
            "transform": [
                {"aggregate": [{"op": "distinct", "field": "row", "as": "many"}]}
                | {"groupby": ["combination"]},
                {"calculate": "datum.combination + ': ' + datum.many", "as": "said"},
            ],
            "width": inner,
            "height": 130,
            "encoding": {"x": across},
            "layer": [
                {
                    "mark": {"type": "bar", "fill": PALETTE[0], "stroke": dark(PALETTE[0])},
                    "encoding": {"y": {"field": "many", "type": "quantitative", "axis": None}}
                    | _SAID,
                },
                {
                    "mark": {"type": "text", "dy": -7},
                    "encoding": {"y": {"field": "many", "type": "quantitative", "axis": None}}
                    | {"text": {"field": "many", "type": "quantitative"}},
                },
            ],
        }
        dots: Spec = {
            "transform": [
                {"joinaggregate": [{"op": "distinct", "field": "row", "as": "many"}]}
                | {"groupby": ["combination"]},
                {"joinaggregate": [{"op": "count", "as": "all"}], "groupby": ["column"]},
            ],
            "width": inner,
            "height": {"step": 20},
            "mark": {"type": "circle", "size": 70, "fill": PALETTE[0], "opacity": 1},
            "encoding": {
                "x": across,
                "y": {
                    "field": "column",
                    "type": "nominal",
                    "sort": {"field": "all", "op": "max", "order": "descending"},
                    "axis": {"title": None, "grid": True, "labelLimit": 110},
                },
            },
        }
        made = self.whole({"transform": joined, "vconcat": [count, dots], "spacing": 4})
        del made["autosize"], made["width"]
        return made

    def strip(self) -> Spec:
        """The readings of each question under it, with the colour of their rank."""
        told = "datum.reading + (datum.text ? ' — ' + datum.text : '')"
        transform = self.common(
            {"calculate": "datum.row", "as": "group"},
            {"calculate": told, "as": "said"},
            {"calculate": "1", "as": "solid"},
        )
        lines = self.names("said")
        lines["axis"] = None
        letters = {"type": "text", "align": "left", "dx": 14, "fontSize": 11}
        layers: list[Spec] = [
            {
                "mark": {"type": "bar", "height": _BAND, "width": 7, "strokeWidth": 1},
                "encoding": {"x": {"value": 4}, "y": lines, **self.filled(), **_SAID},
            },
            {
                "mark": {**letters, "limit": self.wide - 30},
                "encoding": {
                    "x": {"value": 2},
                    "y": lines,
                    "text": {"field": "said", "type": "nominal"},
                },
            },
        ]
        drawn = {"transform": transform, "height": {"step": _STEP - 2}, "layer": layers}
        made = self.whole(drawn, grouped=True)
        made["spec"]["width"] = self.wide - 24
        made["facet"]["row"]["header"]["labelLimit"] = self.wide - 28
        return made

    # --- charts -------------------------------------------------------------------------

    def bars(self) -> Spec:
        """A bar for each row, with its number; pale up to the upper bound."""
        # Two rows of one name are two bars.
        name = "datum.row + (datum.same > 1 ? ' (' + datum.same + ')' : '')"
        key = ["group", "row"] if "group" in self.view else ["row"]
        number, most = _number("datum.v"), _number("datum.w")
        transform = self.common(
            {"filter": "datum.number !== '' && isValid(datum.number)"},
            _window("row_number", "", "same", key, "n", (None, 0)),
            {"calculate": name, "as": "name"},
            {"calculate": "toNumber(datum.number)", "as": "v"},
            {"calculate": "datum.most ? toNumber(datum.most) : datum.v", "as": "w"},
            {
                "calculate": f"{number} + (datum.w > datum.v ? ' to ' + {most} : '')",
                "as": "told",
            },
            {"calculate": "datum.name + ': ' + datum.told", "as": "said"},
            self.solid,
        )
        # Beside the longest bar there is room for its number.
        grouped = "group" in self.view
        room: Any = self.wide - self.label - 72 if grouped else {"expr": "width - 60"}
        reach = [0, room]
        end = {"field": "w", "type": "quantitative"}
        across = {"field": "v", "type": "quantitative", "axis": None, "scale": {"range": reach}}
        bar = {"type": "bar", "strokeWidth": 1, "height": _BAND}
        shared = {"y": self.names(), **self.filled(), **_SAID}
        layers: list[Spec] = [{"mark": bar, "encoding": {"x": across, **shared}}]
        if "most" in self.view:
            layers.append(
                {
                    "mark": {**bar, "fillOpacity": FILL["possible"]},
                    "transform": [{"filter": "datum.w > datum.v"}],
                    "encoding": {"x": across, "x2": {"field": "w"}}
                    | {k: v for k, v in shared.items() if k != "fillOpacity"},
                }
            )
        layers.append(
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {
                    "x": {**end, "axis": None},
                    "y": self.names(),
                    "text": {"field": "told", "type": "nominal"},
                },
            }
        )
        drawn = {"transform": transform, "height": {"step": self.step}, "layer": layers}
        return self.whole(drawn, grouped=grouped)

    def lines(self) -> Spec:
        """A line for each colour over years or days."""
        year = "length(datum.x) == 4 ? utc(toNumber(datum.x), 0, 1) : toDate(datum.x)"
        told = f"datum.shade + ', ' + datum.x + ': ' + {_number('datum.v')}"
        transform = self.common(
            {"filter": "datum.x && datum.y !== ''"},
            {"calculate": year, "as": "t"},
            {"calculate": "toNumber(datum.y)", "as": "v"},
            {"calculate": "1", "as": "solid"},
            {"calculate": told, "as": "said"},
        )
        title = self.view.title("y")
        places = {
            "x": {"field": "t", "type": "temporal", "scale": {"type": "utc"}}
            | {"axis": {"title": None, "grid": False, "tickCount": 5 if self.narrow else 10}},
            "y": {"field": "v", "type": "quantitative", "scale": {"domainMin": 0}}
            | {"axis": {"title": title, "tickCount": 5, **_ABOVE}},
        }
        filled = self.filled()
        # A line has the colour of its points, not of their outlines.
        filled["stroke"] = {**filled["stroke"], "legend": None}
        shape = {name: value for name, value in filled["fill"].items() if name != "scale"}
        layers: list[Spec] = [
            {
                "mark": {"type": "line", "strokeWidth": 2.2},
                "encoding": {**places, "stroke": {**filled["fill"], "legend": None}},
            },
            {
                "mark": {"type": "point", "size": 45, "opacity": 1, "strokeWidth": 1},
                "encoding": {**places, **filled, "shape": shape, **_SAID},
            },
        ]
        drawn = {"transform": transform, "height": 240 if self.narrow else 300, "layer": layers}
        return {**self.whole(drawn), "resolve": {"scale": {"stroke": "independent"}}}

    # --- networks -----------------------------------------------------------------------

    def network(self) -> Spec:
        """A ring of things with their ties, or two sides and who stands between them."""
        return self._sides() if "middle" in self.view else self._ring()

    def _vega(self, height: str, data: list[Spec], marks: list[Spec]) -> Spec:
        made: Spec = {"$schema": _VEGA, "width": self.wide, "padding": 4, "autosize": "pad"}
        made |= {"signals": [{"name": "height", "update": height}]}
        made |= {"config": {"text": {"font": FONT}}}
        return {**made, "data": [{"name": "rows"}, *data], "marks": marks}

    def _ring(self) -> Spec:
        size = 9.5 if self.narrow else 11.5
        room = 100 if self.narrow else 160
        radius = (self.wide - 2 * room) / 2
        middle = self.wide / 2
        ends = [{"type": "fold", "fields": ["source", "target"], "as": ["end", "name"]}]
        turn = "2 * PI * (datum.place - 1) / datum.all - PI / 2"
        data: list[Spec] = [
            {
                "name": "nodes",
                "source": "rows",
                "transform": [
                    *ends,
                    {"type": "filter", "expr": "datum.name"},
                    {"type": "aggregate", "groupby": ["name"]},
                    {"type": "collect", "sort": {"field": "name"}},
                    {"type": "window", "ops": ["row_number"], "as": ["place"]},
                    {"type": "joinaggregate", "ops": ["count"], "as": ["all"]},
                    {"type": "formula", "as": "turn", "expr": turn},
                    _formula("x", f"{middle} + {radius} * cos(datum.turn)"),
                    _formula("y", f"{radius + 30} + {radius} * sin(datum.turn)"),
                    _formula("side", "abs(cos(datum.turn)) < .15 ? 0 : cos(datum.turn) > 0 ? 1:-1"),
                ],
            },
            {
                "name": "ties",
                "source": "rows",
                "transform": [
                    _lookup("source", "from"),
                    _lookup("target", "to"),
                    {"type": "filter", "expr": "datum.from && datum.to"},
                    _formula("v", "datum.weight ? toNumber(datum.weight) : 1"),
                    {"type": "joinaggregate", "ops": ["max"], "fields": ["v"], "as": ["top"]},
                    # Squared, so that in a dense network the strong ties stand out.
                    _formula("share", "pow(datum.v / datum.top, 2)"),
                    _formula("said", "datum.source + ' – ' + datum.target + ': ' + datum.v"),
                    {"type": "collect", "sort": {"field": "v"}},
                ],
            },
        ]
        align = "datum.side == 0 ? 'center' : datum.side > 0 ? 'left' : 'right'"
        marks = [
            _ties("datum.from.x", "datum.from.y", "datum.to.x", "datum.to.y"),
            {
                "type": "symbol",
                "from": {"data": "nodes"},
                "encode": {
                    "enter": {
                        "x": {"field": "x"},
                        "y": {"field": "y"},
                        "size": {"value": 60},
                        "fill": {"value": PALETTE[0]},
                        "stroke": {"value": dark(PALETTE[0])},
                    }
                },
            },
            _text("nodes", "datum.name", "datum.x + 9 * datum.side", size, align, room - 10)
            | {"name": "names"},
        ]
        marks[-1]["encode"]["enter"]["y"] = {
            "signal": "datum.y + (datum.side ? 0 : sin(datum.turn) < 0 ? -13 : 13)"
        }
        return self._vega(str(int(2 * radius + 60)), data, marks)

    def _sides(self) -> Spec:
        gap = 34 if self.narrow else 70
        box = (self.wide - 2 * gap) / 3
        size = 10 if self.narrow else 12
        keys = ("source", "middle", "target")
        place = "{source: 0, middle: 1, target: 2}[datum.side]"
        data: list[Spec] = [
            {
                "name": "nodes",
                "source": "rows",
                "transform": [
                    {"type": "fold", "fields": list(keys), "as": ["side", "name"]},
                    {"type": "filter", "expr": "datum.name"},
                    {"type": "aggregate", "groupby": ["side", "name"]},
                    {"type": "window", "ops": ["row_number"], "as": ["at"], "groupby": ["side"]},
                    {"type": "joinaggregate", "ops": ["count"], "as": ["of"], "groupby": ["side"]},
                    {"type": "joinaggregate", "ops": ["max"], "fields": ["of"], "as": ["most"]},
                    _formula("x", f"{place} * {box + gap}"),
                    _formula("y", "34 + 40 * datum.most * (datum.at - .5) / datum.of"),
                    _formula("key", "datum.side + datum.name"),
                ],
            },
            {
                "name": "ties",
                "source": "rows",
                "transform": [
                    *(_formula(f"k{name}", f"'{name}' + datum.{name}") for name in keys),
                    *(_lookup(f"k{name}", f"at_{name}", "key") for name in keys),
                    _formula(
                        "ends",
                        "[[datum.at_source, datum.at_middle, datum.source], "
                        "[datum.at_middle, datum.at_target, datum.target]]",
                    ),
                    {"type": "flatten", "fields": ["ends"]},
                    _formula("from", "datum.ends[0]"),
                    _formula("to", "datum.ends[1]"),
                    {"type": "filter", "expr": "datum.from && datum.to"},
                    _formula("share", ".15"),
                    _formula("said", "datum.ends[2] + ' – ' + datum.middle"),
                ],
            },
        ]
        titles = [self.view.title(name) for name in keys]
        data.append(
            {
                "name": "heads",
                "values": [
                    {"t": t, "x": (box + gap) * n + box / 2, "y": 8} for n, t in enumerate(titles)
                ],
            }
        )
        frame = {
            "x": {"field": "x"},
            "y": {"signal": "datum.y - 16"},
            "width": {"value": box},
            "height": {"value": 32},
            "fill": {"value": "#f2f2f2"},
            "stroke": {"value": SOFT},
        }
        marks: list[Spec] = [
            _ties(f"datum.from.x + {box}", "datum.from.y", "datum.to.x", "datum.to.y"),
            {"type": "rect", "from": {"data": "nodes"}, "encode": {"enter": frame}},
            _text("nodes", "datum.name", f"datum.x + {box / 2}", size, "'center'", box - 8),
            _text("heads", "datum.t", "datum.x", 11, "'center'", box + gap),
        ]
        high = "34 + 40 * ((length(data('nodes')) && data('nodes')[0].most) || 1)"
        return self._vega(high, data, marks)


# --- words of Vega -----------------------------------------------------------------------

_SAID: Spec = {
    "description": {"field": "said", "type": "nominal"},
    "tooltip": {"field": "said", "type": "nominal"},
}
# The title of an axis across stands above it.
_ABOVE: Spec = {"titleAngle": 0, "titleAlign": "left", "titleY": -8, "titleX": -30}
_CONFIG: dict[str, Any] = {
    "aria": False,
    "font": FONT,
    "view": {"stroke": None},
    "text": {"font": FONT, "fontSize": 11, "fill": INK},
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
    "header": {"labelColor": INK},
    "legend": {
        "orient": "top",
        "labelColor": INK,
        "labelFontSize": 11.5,
        "labelLimit": 210,
        "titleColor": SOFT,
        "titleFontWeight": "normal",
        "symbolType": "square",
        "symbolOpacity": 1,
        "columns": 4,
    },
}


def _day(name: str) -> str:
    return f"datum.{name} ? toDate(datum.{name}) : null"


def _number(value: str) -> str:
    """A number with as many digits as a reader needs."""
    return f"replace(format({value}, {value} % 1 ? '.2f' : ',d'), regexp(',', 'g'), ' ')"


def _array(values: Sequence[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def _join(names: Sequence[str], *more: str) -> str:
    told = " + ', ' + ".join(f"datum.{name}" for name in names)
    return f"{told} + ': ' + ({' || '.join(f'datum.{name}' for name in more)} || '')"


def _window(
    op: str,
    field: str,
    name: str,
    groupby: Sequence[str],
    sort: str,
    frame: tuple[int | None, int],
) -> Spec:
    """A transform over the rows of a group, from the first to this one or to the one before."""
    what = {"op": op, "as": name, **({"field": field} if field else {})}
    order = [{"field": sort}, {"field": "n"}] if sort != "n" else [{"field": "n"}]
    return {
        "window": [what],
        "sort": order,
        "groupby": list(groupby),
        "frame": list(frame),
        "ignorePeers": True,
    }


def _shared(row: Sequence[str], lane: Sequence[str]) -> list[Spec]:
    """Cut the parts of a lane where another begins or ends; those of the same days share it.

    What is cut for nothing is joined again. It makes ``t0`` and ``t1``, ``slot`` and ``of``.
    """
    held = [*row, "slot", "of"]
    return [
        {"fold": ["p0", "p1"], "as": ["end", "edge"]},
        {
            "joinaggregate": [{"op": "values", "field": "edge", "as": "held"}],
            "groupby": list(lane),
        },
        {"filter": "datum.end == 'p0'"},
        {"calculate": "sort(pluck(datum.held, 'edge'))", "as": "edges"},
        {"calculate": "sequence(length(datum.edges) - 1)", "as": "cut"},
        {"flatten": ["cut"]},
        {"calculate": "datum.edges[datum.cut]", "as": "c0"},
        {"calculate": "datum.edges[datum.cut + 1]", "as": "c1"},
        {"filter": "datum.p0 <= datum.c0 && datum.c1 <= datum.p1 && datum.c0 < datum.c1"},
        _window("row_number", "", "slot", [*lane, "c0"], "n", (None, 0)),
        {"joinaggregate": [{"op": "count", "as": "of"}], "groupby": [*lane, "c0"]},
        _window("max", "c1", "before", held, "c0", (None, -1)),
        {"calculate": "datum.before === datum.c0 ? 0 : 1", "as": "fresh"},
        _window("sum", "fresh", "bunch", held, "c0", (None, 0)),
        {
            "aggregate": [
                {"op": "min", "field": "c0", "as": "t0"},
                {"op": "max", "field": "c1", "as": "t1"},
            ],
            "groupby": [*held, "bunch"],
        },
    ]


def _said_of_days(end: str) -> str:
    """What a bar says: name, colour, days in words, certainty."""
    first = "utcFormat(datum.t0, '%-d %B %Y')"
    last = f"utcFormat(datum.t1 - {_DAY}, '%-d %B %Y')"
    days = f"datum.t1 >= {end} ? 'from ' + {first} : {first} + ' to ' + {last}"
    one = f"datum.t1 - datum.t0 <= {_DAY} ? {first}"
    shade = "(datum.shade ? ': ' + datum.shade : '')"
    return f"datum.name + {shade} + ', ' + ({one} : {days}) + ' (' + datum.sure + ')'"


def _formula(name: str, expr: str) -> Spec:
    return {"type": "formula", "as": name, "expr": expr}


def _lookup(field: str, name: str, key: str = "name") -> Spec:
    return {"type": "lookup", "from": "nodes", "key": key, "fields": [field], "as": [name]}


def _ties(x: str, y: str, x2: str, y2: str) -> Spec:
    told = {"x": x, "y": y, "x2": x2, "y2": y2, "strokeWidth": ".5 + 5 * datum.share"}
    told["strokeOpacity"] = ".15 + .8 * max(datum.share, .6 * (datum.share == .15))"
    told["strokeDash"] = "(datum.certainty || 'certain') == 'certain' ? [] : [5, 3]"
    enter: Spec = {name: {"signal": expr} for name, expr in told.items()}
    enter |= {"stroke": {"value": PALETTE[0]}, "description": {"field": "said"}}
    enter["tooltip"] = {"field": "said"}
    return {"type": "rule", "from": {"data": "ties"}, "encode": {"enter": enter}}


def _text(data: str, text: str, x: str, size: float, align: str, limit: float) -> Spec:
    enter: Spec = {
        "x": {"signal": x},
        "y": {"field": "y"},
        "text": {"signal": text},
        "fontSize": {"value": size},
        "align": {"signal": align},
        "baseline": {"value": "middle"},
        "limit": {"value": limit},
        "fill": {"value": INK},
    }
    return {"type": "text", "from": {"data": data}, "encode": {"enter": enter}}
