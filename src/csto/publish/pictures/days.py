"""An answer on every day: what a slider goes through, from one change to the next.

A picture of a day is drawn for each answer that differs from the one before, all on one layout;
what they share is kept once, and the rest says in which of them it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from csto.answer.query import run
from csto.graph.asked import names_any
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.spans import ANY_DAY
from csto.publish.pictures.sheet import SAYING, speaking, tagged
from csto.publish.pictures.table import Row, shown
from csto.sparql.body import body_of
from csto.sparql.functions import FUNCTIONS
from csto.sparql.text import answer
from csto.vocabulary import WELL_KNOWN

_HOLDS = re.compile(r"(\?\w+)\s+csto:holdsOn\s+(\?\w+)")
_NEGATED = re.compile(r"\b(?:NOT\s+EXISTS|MINUS)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Frame:
    """The rows of an answer from a day on, until those of the next frame."""

    first: str
    rows: tuple[tuple[str, ...], ...]
    extents: Mapping[tuple[str, str], str] = field(default_factory=dict)


def changes(dataset: Dataset, text: str) -> list[str]:
    """The days, in order, on which the answer of a query can differ from that of the day before.

    Args:
        dataset: the graph.
        text: a SELECT query with its parameters in it.
    """
    spans = dataset.spans
    prefixes = {**dataset.prefixes, **WELL_KNOWN}
    dated = {triple for held in spans.held for triple in held}
    named = {t.predicate.value for t in dated if t.object != ANY_DAY}
    named = {one for one in named if names_any(text, {one}, prefixes)}
    holding = _holding(dataset, text)
    relevant = [
        triple
        for triple in dated
        if (triple.predicate.value in named)
        or (triple.object == ANY_DAY and (holding is None or triple.subject in holding))
    ]
    found = set()
    for triple in relevant:
        for width, held in enumerate(spans.held):
            for first, last in spans.of(triple, width) if triple in held else ():
                found |= {first, last + timedelta(1) if last else None}
    cut_off = date.fromisoformat(dataset.cut_off)
    return sorted(day.isoformat() for day in found if day is not None and day <= cut_off)


def _holding(dataset: Dataset, text: str) -> set[Any] | None:
    """The situations whose days a query can ask for; ``None`` if that cannot be told.

    The query is asked of a graph in which everything holds at once: whatever it then finds, it
    can find on some day, unless it asks for what does not hold.
    """
    names = {match[1] for match in _HOLDS.finditer(text)}
    body = body_of(text)
    days = {match[2] for match in _HOLDS.finditer(text)}
    compared = any(len(re.findall(rf"\{day}\b", body)) > _uses(body, day) for day in days)
    told = text.count("holdsOn") == len(_HOLDS.findall(text))
    if len(names) != 1 or not told or compared or _NEGATED.search(body):
        return None
    (name,) = names
    graph = dataset.any_day()
    asked = f"{text[: text.index('SELECT')]}SELECT DISTINCT {name} WHERE {{ {body} }}"
    prefixes = {**dataset.prefixes, **WELL_KNOWN}
    try:
        rows: Any = answer(
            dataset.store,
            asked,
            [*TIMELESS, graph],
            named=[graph],
            prefixes=prefixes,
            functions=FUNCTIONS,
        )
        return {row[name[1:]] for row in rows}
    except (SyntaxError, ValueError):
        return None
    finally:
        # It mixes days: nothing else is to find it.
        dataset.store.remove_graph(graph)


def _uses(body: str, day: str) -> int:
    return sum(match[2] == day for match in _HOLDS.finditer(body))


def answers(
    dataset: Dataset, text: str, name: str, columns: Sequence[str]
) -> list[tuple[str, tuple[tuple[str, ...], ...]]]:
    """The rows of a query from each day on which they change."""
    found: list[tuple[str, tuple[tuple[str, ...], ...]]] = []
    for day in changes(dataset, text):
        answered: Any = run(dataset, text, day, name)
        rows = tuple(tuple(shown(row[column]) for column in columns) for row in answered)
        if not found or rows != found[-1][1]:
            found.append((day, rows))
    return found


def at(frames: Sequence[Frame], day: str) -> int:
    """The number of the frame of a day; the first one for days before all."""
    return max((n for n, frame in enumerate(frames) if frame.first <= day), default=0)


def together(frames: Sequence[Sequence[Row]]) -> list[Row]:
    """Rows from which the names and columns of all frames follow, in the order of each frame."""
    names = _merged([[(row["group"], row["row"]) for row in rows] for rows in frames])
    columns = _merged([[row["column"] for row in rows if row["column"]] for rows in frames])
    links = {(row["group"], row["row"]): row["link"] for rows in frames for row in rows}
    found = []
    for number, (group, name) in enumerate(names):
        for column in columns if number == 0 else columns[:1]:
            of = {"group": group, "row": name, "column": column, "link": links[group, name]}
            found.append(Row(0, {key: value for key, value in of.items() if value}))
    return found


def _merged(lists: Iterable[Sequence[Any]]) -> list[Any]:
    found: list[Any] = []
    for listed in lists:
        place = -1
        for item in dict.fromkeys(listed):
            if item in found:
                place = found.index(item)
            else:
                place += 1
                found.insert(place, item)
    return found


def merged(specs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One spec of several on the same layout: each mark says in which of them it stands."""
    layers: dict[str, dict[str, Any]] = {}
    values: dict[str, dict[Any, tuple[dict[str, Any], list[int]]]] = {}
    order: list[str] = []
    for number, spec in enumerate(specs):
        place = -1
        for layer in spec["layer"]:
            rest = {name: part for name, part in layer.items() if name != "data"}
            key = json.dumps(rest, sort_keys=True)
            if key in layers:
                place = max(place, order.index(key))
            else:
                place += 1
                order.insert(place, key)
                layers[key], values[key] = rest, {}
            for datum in layer["data"]["values"]:
                known = values[key].setdefault(_key(datum), (datum, []))
                if not known[1] or known[1][-1] != number:
                    known[1].append(number)
    drawn = []
    for key in order:
        shown_ = [
            {**datum, "on": tagged("on", *on) if len(on) < len(specs) else "always"}
            for datum, on in values[key].values()
        ]
        encoding = {**layers[key]["encoding"], **SAYING}
        drawn.append({**layers[key], "data": {"values": shown_}, "encoding": encoding})
    tallest = max(specs, key=lambda spec: float(spec["height"]))
    return {**tallest, "layer": drawn, "config": speaking(tallest["config"])}


def _key(datum: dict[str, Any]) -> Any:
    # The outline of a state is the same object in every frame.
    return tuple(
        (name, id(part["coordinates"]) if name == "geometry" else json.dumps(part))
        for name, part in sorted(datum.items())
    )
