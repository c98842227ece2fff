"""What changed in an instrument between two days, unit by unit: rows of law/reworded.

Units are those that the source marks: a paragraph, an article or a whole chapter; what
changed inside a unit is not known.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from csto.answer.asked import Row
from csto.answer.asked import rows as ask
from csto.answer.law.state import Provision, passages_of, provisions
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader
from csto.vocabulary import shorten

COLUMNS = (
    *("unit", "kind", "heading", "change", "act", "date", "certainty", "earlier_wording"),
    *("later_wording", "passages", "version"),
)
_NOT_COMPARED = "not compared"


@dataclass(frozen=True)
class Change:
    """A unit that has another wording, or can have one, on the second day."""

    unit: Provision
    act: str
    date: str
    certainty: str
    before: tuple[str, ...]
    after: str
    version: NamedNode
    passages: str


def changes(dataset: Dataset, instrument: NamedNode, first: str, second: str) -> list[Change]:
    """Changes of an instrument from the first day to the second, by act and unit."""
    versions: dict[str, list[Row]] = {}
    for row in _asked(dataset, instrument, first, second):
        if row["certainty"] != _NOT_COMPARED:
            versions.setdefault(row["version"], []).append(row)
    units = provisions(dataset, dataset.cut_off, instrument=instrument.value)
    found = [
        Change(
            units[row["unit"]],
            row["act"],
            row["date"],
            row["certainty"],
            tuple(dict.fromkeys(other["before"] for other in same if other["before"])),
            row["after"],
            NamedNode(row["version"]),
            _passages(dataset, NamedNode(row["version"])),
        )
        for same in versions.values()
        for row in same[:1]
    ]
    return sorted(found, key=lambda c: (c.certainty != "certain", c.date, c.act, c.unit.key))


def _passages(dataset: Dataset, version: NamedNode) -> str:
    """Where a wording stands, or where its unit and the act that gave it do."""
    if own := passages_of(dataset, version):
        return own
    reader = Reader(dataset)
    behind = [*reader.objects(version, "versionOf"), *reader.objects(version, "openedBy")]
    return passages_of(dataset, *(node for node in behind if isinstance(node, NamedNode)))


def undated(dataset: Dataset, instrument: NamedNode, first: str, second: str) -> list[Provision]:
    """Units whose first known wording has no known beginning, so that no day can be compared."""
    units = provisions(dataset, dataset.cut_off, instrument=instrument.value)
    found = {
        row["unit"]
        for row in _asked(dataset, instrument, first, second)
        if row["certainty"] == _NOT_COMPARED
    }
    return sorted((units[unit] for unit in found), key=lambda unit: unit.key)


def _asked(dataset: Dataset, instrument: NamedNode, first: str, second: str) -> list[Row]:
    days = {"first": first, "second": second}
    return ask(dataset, "law/reworded", dataset.cut_off, instrument=instrument.value, **days)


def rows(found: list[Change]) -> list[list[str]]:
    """Changes as rows of :data:`COLUMNS`."""
    return [
        [
            *(change.unit.cite, change.unit.kind, change.unit.heading),
            "amended" if change.before else "added",
            *(change.act, change.date, change.certainty, ", ".join(change.before), change.after),
            *(change.passages, shorten(change.version.value)),
        ]
        for change in found
    ]
