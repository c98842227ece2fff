"""Panels of the world, from the columns of imported data sets, each with its codebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from csto import __version__
from csto.answer.panel.codebook import package
from csto.answer.record import dyads, state_years
from csto.answer.record.columns import Columns

if TYPE_CHECKING:
    from ibis.expr.types import Table

# The tables that a layer may have; without the first there are no rows.
TABLES = (
    *("cow-states-spells", "cow-igo-memberships", "cow-igo-organizations"),
    *("cow-igo-state_years", "atop-statuses", "un-votes-mapped"),
)


@dataclass(frozen=True)
class WorldPanel:
    """What one row is, how the table is made, and what its columns mean."""

    unit: str
    title: str
    key: tuple[str, ...]
    meaning: Mapping[str, str]
    rules: str
    make: Callable[[Columns, Mapping[str, Path], int, int], Table]

    def titled(self, first: int, last: int) -> str:
        return f"{self.title}, {first} to {last}"


PANELS = {
    panel.unit: panel
    for panel in (
        WorldPanel(
            "dyad-year",
            "pairs of all states",
            ("ccode1", "ccode2", "year"),
            dyads.MEANING,
            dyads.RULES,
            dyads.dyad_years,
        ),
        WorldPanel(
            "state-year",
            "all states",
            ("ccode", "year"),
            state_years.MEANING,
            state_years.RULES,
            state_years.state_years,
        ),
    )
}


def codebook(
    panel: WorldPanel, names: Sequence[str], first: int, last: int, lacking: Sequence[str] = ()
) -> str:
    """The codebook as Markdown; what the record of votes lacks stands at its end."""
    lines = [f"# Codebook: {panel.titled(first, last)}", "", f"Made by csto {__version__}."]
    lines += ["", panel.rules, "| column | meaning |", "| --- | --- |"]
    lines += [f"| `{n}` | {panel.meaning[n]} |" for n in names]
    if lacking:
        lines += ["", "What the record of votes lacks:", "", *(f"- {said}" for said in lacking)]
    return "\n".join(lines) + "\n"


def data_package(panel: WorldPanel, made: Table, name: str, first: int, last: int) -> str:
    """The codebook for programs, as of the other panels (Frictionless Data).

    Args:
        panel: whose table it is.
        made: the table.
        name: of its file, in the same folder.
        first: first year.
        last: last year.
    """
    kinds = {"int64": "integer", "float64": "number"}
    fields = [
        {
            "name": column,
            "type": "year" if column == "year" else kinds.get(str(kind).lower(), "string"),
            "description": panel.meaning[column],
        }
        for column, kind in made.schema().items()
    ]
    return package(
        panel.unit,
        name,
        fields,
        list(panel.key),
        title=panel.titled(first, last),
        description=panel.rules,
        missing=[""],
    )
