"""Two witnesses of the same memberships: how far the graph and an imported data set agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csto.answer.record.columns import Columns
from csto.answer.record.members import covered_states
from csto.load.edtf import bounds

if TYPE_CHECKING:
    from csto.graph.dataset import Dataset

# Tables of spells by data set: columns of the number of the framework, of the end, and of what
# tells that the spell goes on when the data end.
TABLES = {
    "cow-igo": ("cow-igo-memberships", "number", "to_year"),
    "atop": ("atop-statuses", "atopid", "end"),
}
QUERY = "record/spells"
HEADS = (
    *("state", "framework", "start", "end", "ours_from", "ours_to", "theirs_from", "theirs_to"),
    *("passages", "lines"),
)
Window = tuple[date | None, date | None]
NEVER: Window = (None, None)


@dataclass(frozen=True)
class Told:
    """A spell as one witness tells it: when it began and ended, within which days.

    ``ends`` is ``None`` for both days where the witness tells no end. Of what is known from an
    act alone, such as a signature, nothing tells whether it ended (``of_act``).
    """

    state: str
    framework: str
    begins: Window
    ends: Window
    place: str
    known_to: date | None = None
    of_act: bool = False


@dataclass(frozen=True)
class Comparison:
    """One spell, or two that are the same: ``agree``, ``differ``, ``open``, ``not told``."""

    ours: Told | None
    theirs: Told | None
    start: str
    end: str

    @property
    def agrees(self) -> bool:
        return "differ" not in (self.start, self.end) and None not in (self.ours, self.theirs)

    def row(self) -> list[str]:
        told = self.ours or self.theirs
        assert told is not None
        windows = [
            _shown(window)
            for one in (self.ours, self.theirs)
            for window in ((one.begins, one.ends) if one else (NEVER, NEVER))
        ]
        places = [one.place if one else "" for one in (self.ours, self.theirs)]
        return [told.state, told.framework, self.start, self.end, *windows, *places]


def compare(dataset: Dataset, columns: Columns, folder: Path, name: str) -> list[Comparison]:
    """Every spell of the graph and of a data set that both could tell of, beside each other.

    Both could tell of a state that the graph covers, in a framework that has a number in the
    data set. Frameworks with one number are one, as the phases of an alliance are.
    """
    covered = {str(number) for number in covered_states(dataset)}
    ours: dict[tuple[str, str], list[Told]] = defaultdict(list)
    names: dict[tuple[str, str], tuple[str, str]] = {}
    for row in _spells(dataset):
        if row["data_set"] != name:
            continue
        key = row["cow"], row["number"]
        names[key] = row["state_name"], row["framework_name"]
        begins = _day(row["start_earliest"]), _day(row["start_latest"])
        ends = _day(row["end_earliest"]), _day(row["end_latest"])
        of_act = row["of_act"] == "true"
        ours[key].append(Told(*names[key], begins, ends, row["passages"], of_act=of_act))
    frameworks = {number: framework for (_, number), (_, framework) in names.items()}
    states = {cow: state for (cow, _), (state, _) in names.items()}
    theirs: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for cow, number, told in _recorded(columns, folder, name):
        if number in frameworks and cow in states:
            here = Told(states[cow], frameworks[number], *told[:2], told[2], told[3])
            theirs[cow, number].append(here)
    numbers = {number for _, number in theirs}
    known_to = next((told.known_to for all_ in theirs.values() for told in all_), None)
    found = []
    for key in sorted({*ours, *theirs}, key=lambda k: (frameworks[k[1]], states[k[0]])):
        if key[1] in numbers and (key in ours or key[0] in covered):
            found += _beside(joined(ours.get(key, [])), theirs.get(key, []), known_to)
    return found


def joined(ours: list[Told]) -> list[Told]:
    """Spells of one state under one number, those that follow without a gap as one.

    A signature or an accession begins the spell that goes on after it.
    """
    found: list[Told] = []
    for one in sorted((o for o in ours if not o.of_act), key=_in_order):
        if found and _follows(found[-1], one):
            before = found.pop()
            ends = before.ends if _later(before.ends, one.ends) else one.ends
            one = _merged(before, one, before.begins, ends)
        found.append(one)
    for act in sorted((o for o in ours if o.of_act), key=_in_order):
        at = next((n for n, one in enumerate(found) if one.of_act or _follows(one, act)), None)
        if at is None:
            found.append(act)
        elif _in_order(act) < _in_order(found[at]):
            found[at] = _merged(act, found[at], act.begins, found[at].ends)
    return found


def _in_order(told: Told) -> tuple[date, date]:
    first, last = told.begins
    return first or date.min, last or date.max


def _follows(one: Told, other: Told) -> bool:
    return one.ends == NEVER or (one.ends[1] or date.max) >= (other.begins[0] or date.min)


def _later(one: Window, other: Window) -> bool:
    return one == NEVER or (other != NEVER and (one[1] or date.max) > (other[1] or date.max))


def _merged(one: Told, other: Told, begins: Window, ends: Window) -> Told:
    """Two that are one, with the names and the passages of both; an act gives way to a spell."""
    framework, place = (
        "; ".join(dict.fromkeys(f"{first}; {second}".split("; ")))
        for first, second in ((one.framework, other.framework), (one.place, other.place))
    )
    return replace(other, framework=framework, place=place, begins=begins, ends=ends)


def _spells(dataset: Dataset) -> Iterable[Mapping[str, str]]:
    from csto.answer.query import run
    from csto.sparql.saved import find_query

    query = find_query(dataset.workspace, QUERY)
    answer: Any = run(dataset, query.text, dataset.cut_off, query.name)
    heads = [variable.value for variable in answer.variables]
    for row in answer:
        cells = [row[head] for head in heads]
        yield {
            head: "" if cell is None else cell.value
            for head, cell in zip(heads, cells, strict=True)
        }


def _recorded(
    columns: Columns, folder: Path, name: str
) -> Iterable[tuple[str, str, tuple[Window, Window, str, date | None]]]:
    table, number, end = TABLES[name]
    rows = columns.read(folder / "columns" / f"{table}.parquet")
    last: date | None = None
    if name == "cow-igo":
        rows = rows.filter(rows.status == "member")
    for row in columns.rows(rows):
        begins = bounds(row["start"]) if row["start"] else NEVER
        if name == "cow-igo":
            # A year without the membership follows: it ended in its last year or the one after.
            year = row[end]
            ends: Window = (date(year, 1, 1), date(year + 1, 12, 31))
            last = date(2014, 12, 31)
            if row["goes_on"] or row["ends_unknown"]:
                ends = NEVER
        else:
            ends = bounds(row[end]) if row[end] else NEVER
            last = date(2016, 12, 31)
        cow = str(row["cow"] if "cow" in row else row["ccode"])
        place = f"{name} line {row['line']}"
        yield cow, str(row[number]), (begins, ends, place, last)


def _beside(ours: list[Told], theirs: list[Told], known_to: date | None) -> list[Comparison]:
    found, waiting = [], list(theirs)
    for one in ours:
        other = next((told for told in waiting if _meet(one, told)), None)
        if other is None:
            begins = one.begins[0] or one.begins[1]
            # What began after their last row they could not tell.
            if known_to is None or begins is None or begins <= known_to:
                found.append(Comparison(one, None, "not told", "not told"))
            continue
        waiting.remove(other)
        start = _agree(one.begins, other.begins)
        found.append(Comparison(one, other, start, _ends(one, other)))
    return found + [Comparison(None, told, "not told", "not told") for told in waiting]


def _meet(one: Told, other: Told) -> bool:
    """Whether two spells can have a day in common."""
    return all(
        a.begins[0] is None or b.ends[1] is None or a.begins[0] <= b.ends[1]
        for a, b in ((one, other), (other, one))
    )


def _agree(one: Window, other: Window) -> str:
    if one == NEVER or other == NEVER:
        return "open"
    return "agree" if _overlap(one, other) else "differ"


def _overlap(one: Window, other: Window) -> bool:
    return (one[0] is None or other[1] is None or one[0] <= other[1]) and (
        other[0] is None or one[1] is None or other[0] <= one[1]
    )


def _ends(ours: Told, theirs: Told) -> str:
    if ours.of_act:
        return "open"
    if theirs.ends != NEVER:
        return "differ" if ours.ends == NEVER else _agree(ours.ends, theirs.ends)
    # They know of no end by their last day: one after it contradicts nothing.
    before = ours.ends[1] is not None and theirs.known_to is not None
    return "differ" if before and ours.ends[1] <= theirs.known_to else "agree"  # type: ignore[operator]


def _day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _shown(window: Window) -> str:
    first, last = window
    if first == last:
        return str(first) if first else ""
    return f"{first or '…'} to {last or '…'}"
