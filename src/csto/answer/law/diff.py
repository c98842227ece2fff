"""What changed in an instrument between two days, unit by unit.

A unit has changed if another wording can hold on the second day than on the
first. Units are those that the source marks: a paragraph, an article or a whole
chapter; what changed inside a unit is not known.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from csto.answer.law.state import Provision, read_provision
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader
from csto.vocabulary import csto, shorten

COLUMNS = (
    "unit",
    "kind",
    "heading",
    "change",
    "act",
    "date",
    "certainty",
    "earlier_wording",
    "later_wording",
    "version",
)


@dataclass(frozen=True)
class Span:
    """A version with the days it can have begun and ended."""

    node: NamedNode
    told: str
    first: str
    last: str
    ends: str
    ended: str
    act: NamedNode | None

    def can_hold(self, day: str) -> bool:
        return bool(self.first) and self.first <= day and not (self.ended and self.ended <= day)

    def must_hold(self, day: str) -> bool:
        return bool(self.last) and self.last <= day and not (self.ends and self.ends <= day)


@dataclass(frozen=True)
class Change:
    """A unit that has another wording, or can have one, on the second day."""

    unit: Provision
    change: str
    act: str
    date: str
    certainty: str
    before: tuple[str, ...]
    after: str
    version: NamedNode


def changes(dataset: Dataset, instrument: NamedNode, first: str, second: str) -> list[Change]:
    """Changes of an instrument from the first day to the second, by act and unit."""
    read = Reader(dataset)
    found = []
    for node in read.subjects(csto("provisionOf"), instrument):
        spans = [_span(read, version) for version in read.subjects(csto("versionOf"), node)]
        before = [span for span in spans if span.can_hold(first)]
        for span in spans:
            if span in before or not span.can_hold(second):
                continue
            act, date = _opening(read, span)
            found.append(
                Change(
                    read_provision(read, node),
                    "amended" if before else "added",
                    act,
                    date,
                    "certain" if span.must_hold(second) else "possible",
                    tuple(dict.fromkeys(other.told for other in before)),
                    span.told,
                    span.node,
                )
            )
    return sorted(found, key=lambda c: (c.certainty != "certain", c.date, c.act, c.unit.key))


def undated(dataset: Dataset, instrument: NamedNode) -> list[Provision]:
    """Units whose first known wording has no known beginning, so that no day can be compared."""
    read = Reader(dataset)
    found = []
    for node in read.subjects(csto("provisionOf"), instrument):
        for version in read.subjects(csto("versionOf"), node):
            span = _span(read, version)
            if span.last and not span.first:
                found.append(read_provision(read, node))
    return sorted(found, key=lambda unit: unit.key)


def _opening(read: Reader, span: Span) -> tuple[str, str]:
    if span.act is None:
        return "", read.text(span.node, "acceptedStart")
    return read.show(span.act), read.text(span.act, "acceptedEffect")


def _span(read: Reader, version: NamedNode) -> Span:
    def day(name: str) -> str:
        return read.text(version, name)

    acts = [act for act in read.objects(version, "openedBy") if isinstance(act, NamedNode)]
    return Span(
        version,
        read.text(version, "wordingStatus"),
        day("startEarliest"),
        day("startLatest"),
        day("endEarliest"),
        day("endLatest"),
        acts[0] if acts else None,
    )


def rows(found: list[Change]) -> list[list[str]]:
    """Changes as rows of :data:`COLUMNS`."""
    return [
        [
            change.unit.cite,
            change.unit.kind,
            change.unit.heading,
            change.change,
            change.act,
            change.date,
            change.certainty,
            ", ".join(change.before),
            change.after,
            shorten(change.version.value),
        ]
        for change in found
    ]
