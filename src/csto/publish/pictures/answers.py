"""Pictures of what is no saved query: overlaps, lists and panels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from pyoxigraph import NamedNode

from csto.answer.dates import bounds, in_words
from csto.answer.listing import Listed
from csto.answer.overlap import Overlaps, Span, Spell, citations, spells_in
from csto.answer.panel import Panel
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.publish.pictures.picture import Picture, Setting, of_rows
from csto.sparql.view import BOUNDS, Channel, View


def of_overlap(
    dataset: Dataset,
    frameworks: Sequence[NamedNode],
    answer: Overlaps,
    day: str | None,
    statuses: Sequence[NamedNode] = (),
    data: str = "",
) -> Picture:
    """Who belonged to several frameworks: a lane for each, and one for all at once.

    States that belonged to all but never at once are shown as such, since that is what a table
    of overlaps cannot say. More than two frameworks on one day are drawn as sets.

    Raises:
        InputError: if the rows cannot be drawn.
    """
    names = [dataset.things.short(framework) for framework in frameworks]
    held = [spells_in(dataset, framework, statuses) for framework in frameworks]
    together = " and the ".join([", the ".join(names[:-1]), names[-1]])
    cited = {
        line.rpartition(": ")[2]
        for combo in answer.spells
        for spell in combo
        for line in citations(dataset, spell)
    }
    passages = {p for line in cited for p in line.split("; ")}
    from csto.publish.pictures.picture import sources_of

    counted = sources_of(dataset, passages)
    setting = Setting(
        title=f"Who was in the {together} at the same time"
        if day is None
        else f"Who was in the {together} on {in_words(day)}",
        subtitle=_said(dataset, answer, held, day),
        day=day or "",
        cut_off=dataset.cut_off,
        sources=tuple(name for name, _ in counted.most_common()),
        passages=sum(counted.values()),
        data=data,
    )
    if day is not None and len(frameworks) > 2:
        return _sets(dataset, names, held, day, setting)
    both = "both at once" if len(frameworks) == 2 else "all at once"
    columns = ("group", "row", "lane", *BOUNDS[:4], "link")
    rows: list[tuple[str, ...]] = []
    at_once: dict[NamedNode, list[Span]] = {}
    for combo in answer.spells:
        span = combo[0].span
        for spell in combo[1:]:
            span = span.joined(spell.span)
        at_once.setdefault(combo[0].holder, []).append(span)
    everywhere = set.intersection(*({s.holder for s in spells} for spells in held))
    ordered = sorted(everywhere, key=lambda n: (n not in at_once, dataset.things.label(n)))
    for holder in ordered:
        if day is not None and holder not in at_once:
            continue
        group = "At the same time" if holder in at_once else "In each, but never at the same time"
        label = dataset.things.label(holder)
        for name, spells in zip(names, held, strict=True):
            for spell in spells:
                if spell.holder == holder:
                    rows.append((group, label, name, *_bounds(spell.span), holder.value))
        for span in at_once.get(holder, ()):
            rows.append((group, label, both, *_bounds(span), holder.value))
    domain = tuple(zip((*names, both), (*_FRAMEWORKS[: len(names)], _BOTH), strict=False))
    channels = {name: Channel(name) for name in columns}
    channels["colour"] = Channel("lane", domain=domain)
    return of_rows(dataset, columns, rows, View("timeline", channels), setting)


_FRAMEWORKS = ("#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#8c6d31", "#6b5b95")
_BOTH = "#0072b2"


def _bounds(span: Span) -> tuple[str, str, str, str]:
    return (
        span.possible_from,
        span.start_latest or "",
        span.end_earliest or "",
        span.end_latest or "",
    )


def _said(
    dataset: Dataset, answer: Overlaps, held: Sequence[Sequence[Spell]], day: str | None
) -> str:
    """The answer in a sentence."""
    found: dict[str, list[str]] = {}
    for row in answer.rows:
        start, end = in_words(row[2]), in_words(row[3])
        when = f"{start} to before {end}" if end else f"since {start}"
        if not start:
            when = f"to before {end}" if end else "at some time"
        found.setdefault(when + (" (possibly)" if row[4] == "possible" else ""), []).append(row[1])
    parts = [f"{_listed(names)} {when}" for when, names in list(found.items())[:4]]
    more = len(found) - 4
    text = "; ".join(parts) + (f"; {more} more spans" if more > 0 else "")
    if not text:
        text = "Nobody"
    if day is None:
        never = set.intersection(*({s.holder for s in spells} for spells in held)) - {
            combo[0].holder for combo in answer.spells
        }
        if never:
            who = _listed(sorted(dataset.things.label(node) for node in never))
            text += f". {who} belonged to each, but never at the same time"
    return text + "."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _sets(
    dataset: Dataset,
    names: Sequence[str],
    held: Sequence[Sequence[Spell]],
    day: str,
    setting: Setting,
) -> Picture:
    rows = [
        (
            dataset.things.label(spell.holder),
            name,
            "certain" if spell.span.certain_on(day, dataset.cut_off) else "possible",
        )
        for name, spells in zip(names, held, strict=True)
        for spell in spells
        if spell.span.possible_on(day)
    ]
    columns = ("row", "column", "certainty")
    view = View("sets", {name: Channel(name) for name in columns})
    return of_rows(dataset, columns, sorted(rows), view, setting)


def of_list(
    dataset: Dataset, listed: Listed, title: str, *, group: str = "", data: str = ""
) -> Picture:
    """A list over time; a count as bars, or as a heat map if it has two columns.

    Args:
        dataset: the graph.
        listed: rows with start and end, or counts.
        title: what is listed.
        group: the column whose values are the groups of a timeline.
        data: where the rows are.

    Raises:
        InputError: if the rows cannot be drawn.
    """
    setting = Setting(title=title, cut_off=dataset.cut_off, data=data)
    names = listed.columns
    if "start" not in names:
        if "count" in names and len(names) == 2:
            view = View("bars", {"row": Channel(names[0]), "number": Channel("count")})
        elif len(names) > 2:
            columns, rows = _crossed(listed)
            channels = {"row": Channel("row"), "column": Channel("column")}
            number = {"number": Channel("number", title="count")}
            return of_rows(dataset, columns, rows, View("heat", channels | number), setting)
        else:
            view = View("table")
        return of_rows(dataset, names, listed.rows, view, setting)
    spans = any(row[2] for row in listed.rows)
    columns = ["link", "row", *BOUNDS[: 4 if spans else 2], "group"]
    rows = []
    at = names.index(group) if group else None
    undated = 0
    for row, thing in zip(listed.rows, listed.things, strict=True):
        first, last = bounds([row[1]]), bounds([row[2]])
        if first is None:
            undated += 1
            continue
        # What has no end is one day, or within the bounds of its date.
        ends = [max(end, _after(first[1])) for end in last or ("", "")]
        cells = [thing.value, row[3], *first, *(ends if spans else ())]
        rows.append([*cells, row[at] if at is not None else ""])
    if not rows:
        return of_rows(dataset, names, listed.rows, View("table"), setting)
    if at is not None:
        rows.sort(key=lambda row: row[-1])
    notes = (f"{undated} without a date are not drawn.",) if undated else ()
    setting = Setting(title=title, cut_off=dataset.cut_off, data=data, notes=notes)
    channels = {name: Channel(name) for name in columns if name != "group" or group}
    return of_rows(dataset, columns, rows, View("timeline", channels), setting)


def _after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _crossed(listed: Listed) -> tuple[list[str], list[list[str]]]:
    """Row, column and number of a table of counts, whether long or across."""
    if listed.columns[-1] == "count" and len(listed.columns) == 3:
        return ["row", "column", "number"], listed.rows
    rows = [
        [row[0], name, cell]
        for row in listed.rows
        for name, cell in zip(listed.columns[1:], row[1:], strict=True)
        if cell and name != "total"
    ]
    return ["row", "column", "number"], rows


# What a panel shows if no column is asked for.
_SHOWN = {
    "state-year": "organizations_dec31_min",
    "dyad-year": "shared_dec31_min",
    "state-organization-year": "status_dec31",
}


def of_panel(dataset: Dataset, panel: Panel, column: str = "", data: str = "") -> Picture:
    """One column of a panel: states by years, or, in the last year, pairs and memberships.

    Raises:
        InputError: for a column that is not there, or that has no numbers.
    """
    chosen = column or _SHOWN.get(panel.unit, "")
    if chosen not in panel.columns:
        raise InputError(f"the panel has no column {chosen}; it has {', '.join(panel.columns)}")
    at = {name: number for number, name in enumerate(panel.columns)}
    first, last = panel.years
    setting = Setting(
        title=_column_title(panel, chosen),
        subtitle=f"{chosen}, {panel.unit} panel, {first} to {last}",
        cut_off=panel.cut_off,
        data=data,
        notes=("An empty cell is not a zero: see the codebook.",),
    )
    if panel.unit == "state-year":
        rows = [
            [row[at["name"]], row[at["year"]], row[at[chosen]]]
            for row in panel.rows
            if row[at[chosen]] not in ("", "-")
        ]
        channels = {
            "row": Channel("name"),
            "column": Channel("year"),
            "number": Channel("value", title=chosen),
        }
        return of_rows(dataset, ("name", "year", "value"), rows, View("heat", channels), setting)
    final = [row for row in panel.rows if row[at["year"]] == str(last)]
    if panel.unit == "dyad-year":
        rows = [
            [row[at["name_a"]], row[at["name_b"]], row[at[chosen]]]
            for row in final
            if row[at[chosen]] not in ("", "-", "0")
        ]
        channels = {
            "source": Channel("a"),
            "target": Channel("b"),
            "weight": Channel("n", title=chosen),
        }
        setting = Setting(**{**vars(setting), "subtitle": f"{chosen}, dyad-year panel, {last}"})
        return of_rows(dataset, ("a", "b", "n"), rows, View("network", channels), setting)
    rows = [
        [row[at["name"]], row[at["abbreviation"]], row[at[chosen]]]
        for row in final
        if row[at[chosen]] not in ("", "-", "0")
    ]
    scheme = "status" if chosen == "status_dec31" else ""
    channels = {
        "row": Channel("state"),
        "column": Channel("body"),
        "colour": Channel("value", scheme=scheme, title=chosen),
    }
    setting = Setting(
        **{**vars(setting), "subtitle": f"{chosen}, state-organization-year panel, {last}"}
    )
    return of_rows(dataset, ("state", "body", "value"), rows, View("matrix", channels), setting)


def _column_title(panel: Panel, column: str) -> str:
    """What a column counts, short; bounds are said as such."""
    base, _, bound = column.rpartition("_")
    bounded = bound in ("min", "max") and base in panel.meaning
    text = panel.meaning[base if bounded else column].partition(",")[0].partition(";")[0]
    text = text.partition(". ")[0]
    return (
        text[:1].upper()
        + text[1:]
        + ({"min": ", at least", "max": ", at most"}[bound] if bounded else "")
    )
