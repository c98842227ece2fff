"""Views: what kinds of picture there are, which channels each has, and how a header names them.

A channel takes its values from a column of the answer. It is written as the name of the column,
or as a mapping with

* ``column``: the column;
* ``scheme``: the concept scheme whose labels are the values; it gives their order and colours;
* ``domain``: the values in their order, a list, or a mapping of values to colours;
* ``title``: what axis or legend call it.

A channel that the header does not name takes the column of its own name, if there is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from csto.errors import InputError
from csto.sparql.saved import SavedQuery

# Days within which a situation begins and ends; known_from and known_to are from when and how far
# something is known of it.
BOUNDS = ("from_earliest", "from_latest", "to_earliest", "to_latest", "known_from", "known_to")
DAYS = (*BOUNDS, "from", "to", "day")
NUMBERS = ("number", "y", "weight", "most", "least", "latitude", "longitude")


@dataclass(frozen=True)
class Kind:
    """A kind of view: the channels it must have and those it can have."""

    needs: tuple[str, ...]
    can: tuple[str, ...]
    summary: str
    # At least one of these, too.
    one_of: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "timeline": Kind(
        ("row",),
        (*DAYS, "lane", "group", "colour", "certainty", "text", "link"),
        "a lane for each row over time; spans as bars, acts as points",
        ("from_earliest", "from", "day"),
    ),
    "matrix": Kind(
        ("row", "column"),
        ("colour", "certainty", "text", "link", "group", "subject", "within", "extent"),
        "rows by columns, a colour for what holds in the cell",
    ),
    "heat": Kind(
        ("row", "column", "number"),
        ("text", "link", "group", "certainty", "subject", "within", "extent"),
        "rows by columns, darker for more",
    ),
    "map": Kind(
        (),
        ("code", "colour", "certainty", "latitude", "longitude", "text", "symbol", "link"),
        "states by ISO code, and points by their coordinates",
        ("code", "latitude"),
    ),
    "bars": Kind(
        ("row", "number"),
        ("colour", "most", "link", "group", "text"),
        "a bar for each row; most is the upper bound of a number that is not certain",
    ),
    "lines": Kind(
        ("x", "y"),
        ("colour", "least", "most"),
        "a line for each colour over years or days",
    ),
    "network": Kind(
        ("source", "target"),
        ("weight", "certainty", "middle", "by_source", "by_target", "link"),
        "a ring of things and their ties; with middle, two sides and who stands between",
    ),
    "strip": Kind(
        ("row", "reading"),
        ("colour", "text", "order", "link", "group"),
        "a strip for each question, with the readings of it side by side",
    ),
    "sets": Kind(
        ("row", "column"),
        ("certainty", "link"),
        "how many rows belong to exactly the same columns (an UpSet plot)",
    ),
    "table": Kind((), ("certainty", "link"), "the rows as they are"),
}
CERTAINTIES = ("certain", "possible", "open")


@dataclass(frozen=True)
class Channel:
    """Where a channel takes its values from, and in which order and colours."""

    column: str
    scheme: str = ""
    domain: tuple[tuple[str, str], ...] = ()
    title: str = ""


@dataclass(frozen=True)
class View:
    """How an answer is drawn."""

    kind: str
    channels: Mapping[str, Channel] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.channels

    def title(self, name: str) -> str:
        """What axis or legend call a channel."""
        channel = self.channels[name]
        return channel.title or channel.column.replace("_", " ")


def view_of(query: SavedQuery, columns: Sequence[str]) -> View:
    """The view that a query's header declares, over the columns of its answer.

    Without a header, rows with a text and one count are bars, all others a table.

    Raises:
        InputError: for an unknown kind or channel, and a column that is not there.
    """
    where = f"{query.path}:1" if query.path else query.name
    if not query.view:
        return _plain(columns)
    kind = _kind(query.view, where)
    channels: dict[str, Channel] = {}
    for name, spec in query.channels.items():
        if name not in (*kind.needs, *kind.can):
            known = ", ".join((*kind.needs, *kind.can))
            raise InputError(f"{where}: a {query.view} has no channel {name}; it has {known}")
        channels[name] = _channel(name, spec, where)
    taken = {channel.column for channel in channels.values()}
    for name in (*kind.needs, *kind.can):
        if name not in channels and name in columns and name not in taken:
            channels[name] = Channel(name)
    view = View(query.view, channels)
    check(view, columns, where)
    return view


def check(view: View, columns: Sequence[str], where: str) -> None:
    """Refuse a view that the columns cannot fill.

    Raises:
        InputError: for an unknown kind, a channel that lacks, and a column that is not there.
    """
    kind = _kind(view.kind, where)
    for name, channel in view.channels.items():
        if channel.column not in columns:
            have = ", ".join(columns)
            raise InputError(
                f"{where}: channel {name} takes the column {channel.column}, which the answer "
                f"does not have; it has {have}"
            )
    missing = [name for name in kind.needs if name not in view]
    if kind.one_of and not any(name in view for name in kind.one_of):
        missing.append(" or ".join(kind.one_of))
    if missing:
        raise InputError(
            f"{where}: a {view.kind} needs the channel {', '.join(missing)}; name the column in "
            "#+ channels:"
        )


def _kind(name: str, where: str) -> Kind:
    if name not in KINDS:
        raise InputError(f"{where}: no view is called {name}; there are {', '.join(KINDS)}")
    return KINDS[name]


def _channel(name: str, spec: Any, where: str) -> Channel:
    if isinstance(spec, str):
        return Channel(spec)
    known = ("column", "scheme", "domain", "title")
    if not isinstance(spec, Mapping) or not set(spec) <= set(known):
        raise InputError(
            f"{where}: channel {name} is the name of a column, or a mapping with {', '.join(known)}"
        )
    listed = spec.get("domain") or ()
    if isinstance(listed, Mapping):
        domain = tuple((_word(value), str(colour)) for value, colour in listed.items())
        for _, colour in domain:
            if colour != "hatched" and not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
                raise InputError(
                    f'{where}: channel {name}: write colours as "#0072b2", or hatched, not {colour}'
                )
    else:
        domain = tuple((_word(value), "") for value in listed)
    return Channel(
        str(spec.get("column", name)),
        str(spec.get("scheme", "")),
        domain,
        str(spec.get("title", "")),
    )


def _word(value: Any) -> str:
    """A value of a domain; YAML 1.1 reads a bare yes and no as true and false."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


_COUNTED = ("count", "number", "statements", "same", "of", "times", "total")


def _plain(columns: Sequence[str]) -> View:
    """What rows without a view look like."""
    numbers = [name for name in columns if name in _COUNTED]
    rest = [name for name in columns if name not in _COUNTED]
    if len(numbers) == 1 and rest:
        row = "label" if "label" in rest else rest[-1]
        return View("bars", {"row": Channel(row), "number": Channel(numbers[0])})
    links = [n for n in ("state", "thing") if n in rest]
    channels = {"link": Channel(links[0])} if links else {}
    if "certainty" in columns:
        channels["certainty"] = Channel("certainty")
    return View("table", channels)
