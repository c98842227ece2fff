"""Rows of an answer as a picture needs them: text by channel, days and numbers read and checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from csto.answer.panel.spans import Interval, situation
from csto.answer.tables import show
from csto.errors import InputError
from csto.sparql.view import CERTAINTIES, DAYS, NUMBERS, View

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Row:
    """One row: what each channel has, as text; empty where the answer has nothing."""

    number: int
    of: dict[str, str]

    def __getitem__(self, channel: str) -> str:
        return self.of.get(channel, "")

    @property
    def certainty(self) -> str:
        return self.of.get("certainty") or "certain"

    def value(self, channel: str) -> float:
        """The number in a channel that has one."""
        return float(self.of[channel])


def read_rows(
    view: View, columns: Sequence[str], rows: Sequence[Sequence[str]], where: str
) -> list[Row]:
    """Rows by channel.

    Raises:
        InputError: for a date that is no day, a number that is none, a certainty that is unknown.
    """
    places = {name: columns.index(channel.column) for name, channel in view.channels.items()}
    found = []
    for number, cells in enumerate(rows):
        row = Row(number, {name: cells[place] for name, place in places.items() if cells[place]})
        for name, text in row.of.items():
            column = view.channels[name].column
            if name in DAYS and not _is_day(text):
                raise InputError(
                    f'{where}: the column {column} has "{text}", which is no day; a picture places '
                    "days only: give the bounds (csto:startEarliest …), or fn:earliest(?date) and "
                    "fn:latest(?date)"
                )
            if name in NUMBERS and not _is_number(text):
                raise InputError(f'{where}: the column {column} has "{text}", which is no number')
            if name == "certainty" and text not in CERTAINTIES:
                raise InputError(
                    f'{where}: the column {column} has "{text}"; certainty is '
                    f"{', '.join(CERTAINTIES)}"
                )
        found.append(row)
    return found


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text) and abs(float(text)) != float("inf")
    except ValueError:
        return False


def parts(row: Row, cut_off: str) -> list[tuple[Interval, str]]:
    """The spans of days of a row with their certainty, in order; half open, in ordinals.

    Bounds give what certainly holds and, before and after, what possibly does; ``from`` and
    ``to`` a span of the row's own certainty; ``day`` one day. Nothing is certain after the
    cut-off of the graph.
    """
    last = date.fromisoformat(cut_off).toordinal()
    if row["day"]:
        here = date.fromisoformat(row["day"]).toordinal()
        return [((here, here + 1), row.certainty)]
    if row["from"]:
        begin = date.fromisoformat(row["from"]).toordinal()
        end = date.fromisoformat(row["to"]).toordinal() if row["to"] else last + 1
        return [((begin, end), row.certainty)] if begin < end else []
    if "to_earliest" not in row.of and "to_latest" not in row.of and row["point"]:
        return _act(row)
    span = situation(
        row["from_earliest"],
        row["from_latest"],
        row["to_earliest"],
        row["to_latest"],
        last,
        row["known_to"],
        row["known_from"],
    )
    if span is None:
        return []
    begin, end = span.possible
    if span.certain is None or row.certainty == "possible":
        return [((begin, end), "possible")] if begin < end else []
    sure = (max(begin, span.certain[0]), min(end, span.certain[1]))
    found = [
        ((begin, sure[0]), "possible"),
        (sure, "certain"),
        ((sure[1], end), "possible"),
    ]
    return [(interval, word) for interval, word in found if interval[0] < interval[1]]


def _act(row: Row) -> list[tuple[Interval, str]]:
    if not row["from_earliest"] or not row["from_latest"]:
        return []
    begin = date.fromisoformat(row["from_earliest"]).toordinal()
    end = date.fromisoformat(row["from_latest"]).toordinal() + 1
    word = "certain" if end == begin + 1 else "possible"
    return [((begin, end), word if row.certainty == "certain" else "possible")]


def shown(term: object) -> str:
    """A cell as text: IRIs in full, since links are made of them."""
    return "" if term is None else str(getattr(term, "value", "") or show(term))  # type: ignore[arg-type]
