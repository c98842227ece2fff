"""Who belonged to a group when: from the curated graph, and from the rows of COW beside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from csto.answer.record.columns import Columns
from csto.answer.record.known import code_of
from csto.graph.spans import Run
from csto.load.edtf import bounds
from csto.reason.days import NEVER
from csto.vocabulary import csto

if TYPE_CHECKING:
    from csto.graph.dataset import Dataset

FIRST, LAST = "1816-01-01", "2100-01-01"
ATOP_ENDS = date(2016, 12, 31)


@dataclass(frozen=True)
class Spell:
    """Days (both included) on which a state certainly, or possibly, belonged to a group."""

    group: str
    cow: int
    first: str
    last: str
    certain: bool


def curated_spells(dataset: Dataset, group: NamedNode, name: str) -> list[Spell]:
    """Spells of full members in the graph: of every state that has a COW number."""
    found = []
    member_of = csto("memberOf")
    for width in (0, 1):
        for triple, days in dataset.spans.held[width].items():
            if triple.predicate == member_of and triple.object == group and days != NEVER:
                code = code_of(dataset, triple.subject, "cowCode")
                if code is not None:
                    runs = dataset.spans.days.runs(days)
                    found += [_spell(name, int(code), run, width == 0) for run in runs]
    return found


def covered_states(dataset: Dataset) -> set[int]:
    """COW numbers of the states whose memberships the curated graph covers."""
    named = {q.object for q in dataset.store.quads_for_pattern(None, csto("coversState"), None)}
    codes = [code_of(dataset, node, "cowCode") for node in named]
    return {int(code) for code in codes if code is not None}


def recorded_spells(
    columns: Columns, path: Path, dataset: Dataset, group: NamedNode, name: str
) -> list[Spell]:
    """Spells of full members in the rows of COW IGO, of states that the graph does not cover.

    A row is a year: its state belonged to the organization at some time of it. So a spell is
    certain between its first year and its last, and possible in both; one that reaches the
    last year of the data is possible after it.
    """
    number = code_of(dataset, group, "cowIgoNumber")
    if number is None:
        return []
    table = columns.read(path)
    wanted = table.filter((table.number == int(number)) & (table.status == "member"))
    rows = columns.rows(
        wanted.select("cow", "from_year", "to_year", "start", "goes_on", "begins_unknown")
    )
    covered = covered_states(dataset)
    found = []
    for row in rows:
        cow, first, last = int(row["cow"]), row["from_year"], row["to_year"]
        if cow in covered:
            continue
        earliest = (row["start"] or str(first)).lstrip("[").split(",")[0].rstrip("~")
        after = LAST if row["goes_on"] else f"{last}-12-31"
        surely = f"{last}-12-31" if row["goes_on"] else f"{last}-01-01"
        found.append(Spell(name, cow, f"{earliest}-01-01", after, False))
        if first < last or row["goes_on"]:
            found.append(Spell(name, cow, f"{first}-12-31", surely, True))
    return found


def alliance_spells(columns: Columns, path: Path, without: Collection[int] = ()) -> list[Spell]:
    """Spells of the states that are party to the alliances of ATOP, to the last day of its data.

    Args:
        columns: the engine that reads.
        path: the table ``atop-statuses`` of a layer.
        without: COW numbers; alliances to which one of these was ever a party are left out.
    """
    rows = columns.rows(columns.read(path).select("atopid", "ccode", "start", "end"))
    barred = {row["atopid"] for row in rows if int(row["ccode"]) in without}
    found = []
    for row in rows:
        if row["atopid"] in barred:
            continue
        name, cow = f"ATOP {row['atopid']}", int(row["ccode"])
        starts = bounds(row["start"]) if row["start"] else None
        ends = bounds(row["end"]) if row["end"] else (ATOP_ENDS, ATOP_ENDS)
        first = starts[0].isoformat() if starts else FIRST
        found.append(Spell(name, cow, first, ends[1].isoformat(), False))
        if starts and starts[1] <= ends[0]:
            found.append(Spell(name, cow, starts[1].isoformat(), ends[0].isoformat(), True))
    return found


def _spell(name: str, cow: int, run: Run, certain: bool) -> Spell:
    return Spell(name, cow, _day(run[0], FIRST), _day(run[1], LAST), certain)


def _day(day: date | None, else_: str) -> str:
    return else_ if day is None else day.isoformat()
