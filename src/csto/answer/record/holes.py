"""What the record of votes lacks, as its ledger tells: entries that the import writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csto.answer.record.columns import Columns

if TYPE_CHECKING:
    from ibis.expr.types import Table

LEDGER = "un-votes-coverage"


@dataclass(frozen=True)
class Hole:
    """Roll calls of a year that somebody counts and the record lacks, or a span with a defect."""

    first: int
    last: int
    counted: int | None
    held: int | None
    note: str


def holes(columns: Columns, folders: Sequence[Path], first: int, last: int) -> list[Hole]:
    """What the ledger of a layer tells of a span of years (both included), in order.

    A layer that was imported without a ledger tells nothing.
    """
    path = next((f / "columns" / f"{LEDGER}.parquet" for f in folders), None)
    if path is None or not path.is_file():
        return []
    entries: Any = columns.read(path)
    told = entries.filter((entries.first_year <= last) & (entries.last_year >= first))
    rows = columns.rows(told.order_by("first_year", "slug"))
    found = [
        Hole(*(row[name] for name in ("first_year", "last_year", "counted", "held", "note")))
        for row in rows
        if row["extent"] == "outside" or (row["counted"] or 0) > (row["held"] or 0)
    ]
    return found


def remarks(found: Sequence[Hole]) -> list[str]:
    """Holes in words: those that are counted in one line, each other one as its note says."""
    counted = [
        f"{hole.first} {hole.held} of {hole.counted}" for hole in found if hole.counted is not None
    ]
    said = []
    if counted:
        said.append(
            "roll calls are missing from the record, by the counts of the US Department of State: "
            + ", ".join(counted)
        )
    return said + [f"{h.first} to {h.last}: {h.note}" for h in found if h.counted is None]


def without_doubtful_zeros(found: Any, ledger: Table | None, count: str, *names: str) -> Any:
    """A table of years whose zeros are empty where the record is known to lack roll calls.

    Args:
        found: with ``year``.
        ledger: of the layer, if it has one.
        count: the column whose zero is doubted.
        names: columns that are empty with it.
    """
    if ledger is None:
        return found
    entries: Any = ledger
    lacking = entries.filter(entries.counted > entries.held)
    lacking = lacking.select(lacking_year=lacking.first_year.cast("int64")).distinct()
    found = found.left_join(lacking, found.year == lacking.lacking_year)
    known = found.lacking_year.isnull() | (found[count] > 0)
    kept = {name: known.ifelse(found[name], None) for name in (count, *names)}
    return found.mutate(**kept).drop("lacking_year")
