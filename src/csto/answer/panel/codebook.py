"""The codebook of a panel: what each column is and by which rules it is counted."""

from __future__ import annotations

from csto import __version__
from csto.answer.panel.build import Panel

_RULES = """\
- **Full members only.** Observers, partners, candidates, associates and suspended members are
  not counted as members; `state-organization-year` shows their status. Parties to agreements
  are not members.
- **Counting rule of membership**: from founding signature or admission until an act ends it
  (see "What a row rests on" in the README); datasets that count by the year may differ by one.
- `_dec31` is the status on 31 December; `_any` that on any day of the year; `_share` the share
  of the days of the year.
- `1` and `0` hold under every reading of the sources. An **empty cell** is not a zero: the
  sources differ, or the cell would need days after the graph's last day.
- `0` says that no source of the graph makes the state a member; the graph sets out to cover
  only the states listed below.
- Counts are of what certainly falls into the year; the column with `_max` adds what only
  possibly does (a date that is known to a span of years, a fact after its last attestation).
  What no source dates is in no year.
- Votes are those on the resolutions in the graph, not all roll calls of the General Assembly.
- Dyads are undirected: `state_a` has the lower COW code.
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
