"""The coverage ledger: what the absence of something in the graph says.

Entries (``csto:Coverage``) are read by the saved query ``panels/coverage``. An entry that
names a subject counts before one that holds for all, one within a framework before one
within none; among those left the weakest decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from pyoxigraph import NamedNode

from csto.answer.query import run
from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.reader import Reader, documents_first
from csto.sparql.saved import SavedQuery, find_query
from csto.sparql.text import select
from csto.vocabulary import CSTO

COMPLETE, ATTESTED, OUTSIDE = "complete", "attested", "outside"
_WEAKEST = (OUTSIDE, ATTESTED, COMPLETE)
_LEDGER = "panels/coverage"

_DECLARED = re.compile(
    r"csto:(?P<cls>\w+) by csto:(?P<role>\w+)(?: of (?P<of>\w+))?(?: within (?P<within>\w+))?"
)


@dataclass(frozen=True)
class Absence:
    """What a query reads the absence of: things of a class that name a subject by a property.

    ``of`` and ``within`` name the parameters of the query that give the subject and the framework.
    """

    cls: str
    role: str
    of: str = ""
    within: str = ""


def absences(query: SavedQuery) -> list[Absence]:
    """What a saved query declares in its header as ``#+ absence:``.

    Raises:
        InputError: for a declaration of another form.
    """
    found = []
    for text in query.absence:
        match = _DECLARED.fullmatch(text.strip())
        if match is None:
            raise InputError(
                f"{query.path or query.name}:1: absence: {text}: write csto:CLASS by "
                "csto:PROPERTY, then of PARAMETER and within PARAMETER as needed"
            )
        found.append(
            Absence(
                CSTO + match["cls"], CSTO + match["role"], match["of"] or "", match["within"] or ""
            )
        )
    return found


@dataclass(frozen=True)
class Entry:
    """One line of the ledger; days are ordinals, the last one not included."""

    node: str
    cls: str
    role: str
    subject: str
    within: str
    extent: str
    begin: int
    end: int | None

    def reaches(self, begin: int, end: int) -> bool:
        """Whether some day of a span is in it."""
        return self.begin < end and (self.end is None or begin < self.end)

    def spans(self, begin: int, end: int) -> bool:
        """Whether all days of a span are in it."""
        return self.begin <= begin and (self.end is None or end <= self.end)


class Ledger:
    """All entries of a graph."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    @cached_property
    def entries(self) -> list[Entry]:
        query = find_query(self.dataset.workspace, _LEDGER)
        answer = run(self.dataset, query.text, self.dataset.cut_off, query.name)
        names = [v.value for v in answer.variables]  # type: ignore[union-attr]
        found = []
        for row in answer:  # type: ignore[union-attr]
            cell = {n: "" if row[n] is None else row[n].value for n in names}
            end = date.fromisoformat(cell["to_latest"]).toordinal() if cell["to_latest"] else None
            begin = date.fromisoformat(cell["from_earliest"]).toordinal()
            found.append(
                Entry(
                    cell["entry"],
                    cell["class"],
                    cell["role"],
                    cell["subject"],
                    cell["within"],
                    cell["extent"],
                    begin,
                    # An end known to the day is a day that is still listed.
                    None if end is None else end + 1,
                )
            )
        return found

    def about(self, absence: Absence) -> list[Entry]:
        """The entries about a class in a role."""
        return [e for e in self.entries if (e.cls, e.role) == (absence.cls, absence.role)]

    def require(self, absence: Absence, where: str) -> None:
        """Refuse what nothing in the ledger is about.

        Raises:
            InputError: if no entry is about the class in that role.
        """
        if not self.about(absence):
            cls, role = (name.rpartition("#")[2] for name in (absence.cls, absence.role))
            raise InputError(
                f"{where}: no coverage entry is about csto:{cls} by csto:{role}; "
                "say in a csto:Coverage how far the graph holds them"
            )

    def extent(self, absence: Absence, subject: str, begin: int, end: int, within: str = "") -> str:
        """How far the graph holds such things of a subject over a span; empty for not at all.

        ``complete`` only if one entry that is takes in the whole span.
        """
        return self._weakest(
            [e for e in self.about(absence) if e.subject in ("", subject)], begin, end, within
        )

    def lists(self, absence: Absence, subject: str, within: str, extent: str) -> list[str]:
        """Labels of the passages that list what entries of this extent say is whole."""
        found = {
            e.node
            for e in self.about(absence)
            if e.extent == extent and e.subject in ("", subject) and e.within in ("", within)
        }
        reader = Reader(self.dataset)
        passages = [p for node in found for p in reader.objects(NamedNode(node), "listedIn")]
        return documents_first(reader.show(p) for p in passages)

    def general(self, absence: Absence, begin: int, within: str) -> str:
        """How far the graph holds such things of anybody on a day: the weakest general entry."""
        entries = [e for e in self.about(absence) if not e.subject]
        return self._weakest(entries, begin, begin + 1, within)

    def _weakest(self, entries: Iterable[Entry], begin: int, end: int, within: str) -> str:
        near = [e for e in entries if e.within in ("", within) and e.reaches(begin, end)]
        for wanted in _preferences():
            chosen = [e for e in near if wanted(e)]
            if chosen:
                kinds = {
                    ATTESTED if e.extent == COMPLETE and not e.spans(begin, end) else e.extent
                    for e in chosen
                }
                return next(kind for kind in _WEAKEST if kind in kinds)
        return ""

    def frameworks(self, absence: Absence, subject: str) -> Iterator[str]:
        """The frameworks within which entries speak of a subject."""
        yield from dict.fromkeys(
            e.within for e in self.about(absence) if e.within and e.subject in ("", subject)
        )

    def first_known(self, absence: Absence, subject: str = "", within: str = "") -> str:
        """The first day on which the graph has such a thing, if it has any."""
        narrowed = f"VALUES ?subject {{ <{subject}> }}" if subject else ""
        inside = f"?thing ?into <{within}> ." if within else ""
        rows = select(
            self.dataset.store,
            f"""PREFIX csto: <{CSTO}>
            SELECT (MIN(?day) AS ?first) WHERE {{
              {narrowed} ?thing a <{absence.cls}> ; <{absence.role}> ?subject . {inside}
              {{ ?thing csto:startEarliest ?day }} UNION {{ ?thing csto:earliest ?day }}
            }}""",
            TIMELESS,
        )
        for row in rows:
            if row["first"] is not None:
                return str(row["first"].value)
        return ""


def why_nothing(
    dataset: Dataset, query: SavedQuery, values: Mapping[str, Any], day: str
) -> list[str]:
    """What an empty answer of a saved query says: no, no source, not yet known, or not covered."""
    ledger = Ledger(dataset)
    found = []
    begin = date.fromisoformat(day).toordinal()
    for absence in absences(query):
        kind = absence.cls.rpartition("#")[2]
        things = dataset.things.label(NamedNode(absence.cls))
        subject, within = (
            getattr(
                values.get(query.params[name].variable if name in query.params else name),
                "value",
                "",
            )
            for name in (absence.of, absence.within)
        )
        entries = ledger.about(absence)
        if not entries:
            found.append(f"no coverage entry is about {kind}: the answer says nothing")
            continue
        whom = f" for {dataset.things.label(NamedNode(subject))}" if subject else ""
        whom += f" in {dataset.things.label(NamedNode(within))}" if within else ""
        founded = _founded(dataset, within or subject)
        first = ledger.first_known(absence, subject, within)
        told = (
            ledger.extent(absence, subject, begin, begin + 1, within)
            if subject or not absence.of
            else ledger.general(absence, begin, within)
        )
        if founded and day < founded:
            node = NamedNode(within or subject)
            found.append(f"{dataset.things.label(node)} was founded {founded}, after {day}")
        elif told == COMPLETE:
            found.append(f"none{whom}: the list of which the graph has every item has none then")
        elif told in ("", OUTSIDE):
            found.append(f"not covered: the graph does not look for any {things}{whom} on {day}")
        elif first and day < first:
            found.append(f"known only from {first}: no source says so of {day}{whom}")
        else:
            found.append(f"no source says so; that there was none{whom} does not follow")
    return found


def _founded(dataset: Dataset, node: str) -> str:
    if not node:
        return ""
    rows = select(
        dataset.store,
        f"PREFIX csto: <{CSTO}> SELECT ?day "
        f"WHERE {{ <{node}> csto:establishedBy/csto:earliest ?day }}",
        TIMELESS,
    )
    return min((str(row["day"].value) for row in rows), default="")


def _preferences() -> list[Callable[[Entry], bool]]:
    return [
        lambda e: bool(e.subject and e.within),
        lambda e: bool(e.within),
        lambda e: bool(e.subject),
        lambda e: True,
    ]
