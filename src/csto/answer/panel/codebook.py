"""The codebook of a panel: what each column is and by which rules it is counted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from csto import __version__
from csto.answer.panel.build import Panel
from csto.answer.panel.parquet import typed

_RULES = """\
- **Full members only.** Observers, partners, candidates, associates and suspended members are
  not counted as members; `state-organization-year` shows their status. Parties to agreements
  are not members.
- **Counting rule of membership**: from founding signature or admission until an act ends it
  (see "What a row rests on" in the README); datasets that count by the year may differ by one.
- `_dec31` is the status on 31 December; `_any` that on any day of the year; `_share` the share
  of the days of the year.
- `1` and `0` hold under every reading of the sources. An **empty cell** is not a zero: the
  sources differ, the graph does not have all there is, or the cell would need days after the
  graph's last day. `-` stands before the founding of the organization.
- What an absence says is read from the coverage ledger (`graph/coverage`). A count has three
  columns. Where a cited list makes it complete: its value, `_min` and `_max`. Where the graph
  holds what its sources tell: `_min` alone, a lower bound. Where nobody looked: nothing.
- `_min` is of what certainly falls into the year; `_max` adds what only possibly does (a date
  that is known to a span of years). What no source of the graph dates, and what may have
  gone on after it was last told of, is in no year.
- `0` in a membership column stands only where a cited list of members takes in the day.
- Votes count in bodies of which the graph has all votes of the state on a cited list of texts.
- Dyads are undirected: `state_a` has the lower COW code. In `directed-dyad-year` each pair has two
  rows.
- `ccode` and `gwcode` (`ccode1`, `gwcode1` … in dyads) are the numbers of states in the data of the
  Correlates of War project and of Gleditsch and Ward, under the names that peacesciencer gives
  them; `cow` is `ccode`. A state has rows from the year in which it enters the COW system.
- Votes of different bodies are never added up.
"""


def codebook(panel: Panel) -> str:
    """The codebook of a panel as Markdown."""
    first, last = panel.years
    lines = [
        f"# Codebook: {panel.unit} panel, {first} to {last}",
        "",
        f"{len(panel.rows)} rows. The graph reaches to {panel.cut_off}.",
        f"Made by csto {__version__}.",
        "Each cell follows from the graph, where every fact has its passage:",
        "`csto show THING`, `csto overlap ORG ORG --cite`.",
        "",
        "## Rules of counting",
        "",
        _RULES,
        "## Columns",
        "",
        "| column | meaning |",
        "| --- | --- |",
        *(f"| `{name}` | {panel.meaning[name]} |" for name in panel.columns),
        "",
        "## States",
        "",
        "| name | ISO 3166-1 | COW |",
        "| --- | --- | --- |",
        *(f"| {s.name} | {s.iso3} | {s.cow} |" for s in panel.states),
        "",
        "## Organizations",
        "",
        "| abbreviation | name | COW IGO |",
        "| --- | --- | --- |",
        *(f"| {o.short} | {o.name} | {o.cow_igo} |" for o in panel.organizations),
    ]
    return "\n".join(lines) + "\n"


# Columns that together name a row.
_KEY = {
    "state-year": ["state", "year"],
    "dyad-year": ["state_a", "state_b", "year"],
    "directed-dyad-year": ["state_a", "state_b", "year"],
    "state-organization-year": ["state", "organization", "year"],
    "state-agreement-year": ["state", "agreement", "year"],
    "spells": ["spell"],
}


def data_package(panel: Panel, name: str) -> str:
    """The codebook for programs: a Data Package with a Table Schema (Frictionless Data).

    Args:
        panel: the table.
        name: of its file, in the same folder.
    """
    fields = []
    for at, column in enumerate(panel.columns):
        kinds = {type(cell) for cell in typed(column, [row[at] for row in panel.rows])}
        kind = "integer" if int in kinds else "number" if float in kinds else "string"
        if column.endswith(("_earliest", "_latest")):
            kind = "date"
        field: dict[str, Any] = {"name": column, "type": "year" if column == "year" else kind}
        fields.append({**field, "description": panel.meaning[column]})
    first, last = panel.years
    return package(
        panel.unit,
        name,
        fields,
        _KEY[panel.unit],
        title=f"{panel.unit} panel, {first} to {last}",
        description=_RULES,
        # Empty is not a zero; "-" stands before an organization was founded.
        missing=["", "-"],
        more={
            "licenses": [
                {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}
            ],
            "temporalCoverage": f"{first}-01-01/{min(panel.cut_off, f'{last}-12-31')}",
        },
    )


def package(
    unit: str,
    name: str,
    fields: Sequence[Mapping[str, Any]],
    key: Sequence[str],
    *,
    title: str,
    description: str,
    missing: Sequence[str],
    more: Mapping[str, Any] | None = None,
) -> str:
    """A table as a Data Package.

    Args:
        unit: what a row is.
        name: of the file, in the same folder.
        fields: the columns, with name, type and description.
        key: the columns that together name a row.
        title: of the table.
        description: how it is counted.
        missing: texts of cells that are no values.
        more: further entries of the package.
    """
    resource = {
        "name": unit,
        "path": name,
        "profile": "tabular-data-resource",
        "format": name.rpartition(".")[2],
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": missing, "primaryKey": key},
    }
    if name.endswith(".csv"):
        resource["dialect"] = {"delimiter": ",", "header": True}
    made = {
        "profile": "tabular-data-package",
        "name": unit,
        "title": title,
        "description": description,
        "version": __version__,
        **(more or {}),
        "resources": [resource],
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"
