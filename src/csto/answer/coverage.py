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

from csto.answer.asked import rows
from csto.answer.dates import days_in_words, in_words, when_in_words
from csto.answer.kinds import Asking, plural
from csto.answer.query import run
from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.reader import Reader, documents_first
from csto.sparql.saved import SavedQuery, find_query
from csto.sparql.text import select
from csto.vocabulary import CSTO, ONTOLOGY, RDF_TYPE, RDFS, csto

COMPLETE, ATTESTED, OUTSIDE = "complete", "attested", "outside"
# Before the framework or the thing itself was founded.
BEFORE = "before"
_WEAKEST = (OUTSIDE, ATTESTED, COMPLETE)
_LEDGER = "panels/coverage"
_BELOW = NamedNode(RDFS + "subClassOf")

_DECLARED = re.compile(
    r"csto:(?P<cls>\w+) by csto:(?P<role>\w+)(?: of (?P<of>\w+))?(?: within (?P<within>\w+))?"
    r"(?: under (?P<under>.+))?"
)
_OF_CLASS = re.compile(r"\ba csto:(\w+)")


@dataclass(frozen=True)
class Absence:
    """What a query reads the absence of: things of a class that name a subject by a property.

    ``of`` and ``within`` name the parameters of the query that give the subject and the framework,
    ``under`` the heading that is empty where there are none.
    """

    cls: str
    role: str
    of: str = ""
    within: str = ""
    under: str = ""


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
                "csto:PROPERTY, then of PARAMETER, within PARAMETER and under HEADING as needed"
            )
        cls, role, *rest = match.groups("")
        found.append(Absence(CSTO + cls, CSTO + role, *rest))
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
        # A panel asks the same again for each pair that a state is in.
        self._extents: dict[tuple[Absence, str, int, int, str], str] = {}

    @cached_property
    def entries(self) -> list[Entry]:
        query = find_query(self.dataset.workspace, _LEDGER)
        answer = run(self.dataset, query.text, None, query.name)
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
        asked = (absence, subject, begin, end, within)
        if asked not in self._extents:
            entries = [e for e in self.about(absence) if e.subject in ("", subject)]
            self._extents[asked] = self._weakest(entries, begin, end, within)
        return self._extents[asked]

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
        found = select(
            self.dataset.store,
            f"""PREFIX csto: <{CSTO}>
            SELECT (MIN(?day) AS ?first) WHERE {{
              {narrowed} ?thing a <{absence.cls}> ; <{absence.role}> ?subject . {inside}
              ?thing csto:startEarliest|csto:knownFrom|csto:earliest ?day
            }}""",
            TIMELESS,
        )
        for row in found:
            if row["first"] is not None:
                return str(row["first"].value)
        return ""


@dataclass(frozen=True)
class Nothing:
    """Which absence it is that there is no such thing: how far the graph looked, and a sentence."""

    extent: str
    said: str


def which_absence(
    ledger: Ledger,
    absence: Absence,
    subject: str = "",
    within: str = "",
    day: str = "",
    *,
    further: bool = False,
    whom: str = "",
) -> Nothing:
    """Whether nothing means no, that no source of the graph says so, not yet known, or not covered.

    Every command that finds nothing says it in these words.

    Args:
        ledger: the coverage ledger.
        absence: the class and the property that were looked for.
        subject: IRI of the thing that the property was to lead to; none for any.
        within: IRI of the framework; none for any.
        day: the day, ``YYYY-MM-DD``; none for all days.
        further: whether there are some, and what is asked is whether there are more.
        whom: how a sentence names what was asked for, "by Armenia"; else subject and framework.
    """
    dataset = ledger.dataset
    things = plural(dataset.things.label(NamedNode(absence.cls)))
    things = f"further {things}" if further else things
    entries = ledger.about(absence)
    if not entries:
        return Nothing("", f"not covered: the graph does not say how far it looks for {things}")
    begin = date.fromisoformat(day).toordinal() if day else min(e.begin for e in entries)
    end = begin + 1 if day else date.fromisoformat(dataset.cut_off).toordinal()
    whom = f" {whom}" if whom else _whom(dataset, absence, subject, within)
    on = f" on {day}" if day else ""
    too_early = _too_early(dataset, within or subject, day)
    first = ledger.first_known(absence, subject, within) if day else ""
    told = (
        ledger.extent(absence, subject, begin, end, within)
        if subject or not absence.of
        else ledger.general(absence, begin, within)
    )
    if too_early:
        told, said = BEFORE, too_early
    elif day and within and (why := _not_in_force(dataset, within, day)):
        said = why
    elif told == COMPLETE:
        said = f"none{whom}: the list of which the graph has every item has none" + (
            " then" if day else ""
        )
    elif told in ("", OUTSIDE):
        said = f"not covered: the graph does not look for any {things}{whom}{on}"
    elif first and day < first:
        said = f"known only from {first}: no source of the graph tells of {things}{whom} on {day}"
    else:
        said = f"no source of the graph says so; that there were no {things}{whom} does not follow"
    return Nothing(told or OUTSIDE, said)


def _whom(dataset: Dataset, absence: Absence, subject: str, within: str) -> str:
    """The subject, by the role in which it was looked for, and the framework."""
    said = ""
    if subject:
        ask = Asking(dataset.store)
        tie = ask.tie_of(NamedNode(absence.cls), NamedNode(absence.role)) if absence.role else "of"
        said = f" {tie} {dataset.things.label(NamedNode(subject))}"
    if within and within != subject:
        said += f" in {dataset.things.label(NamedNode(within))}"
    return said


def none_of(
    dataset: Dataset,
    kind: NamedNode,
    by: Mapping[str, str] | None = None,
    within: str = "",
    day: str = "",
    whom: str = "",
) -> str:
    """Which absence it is that there is nothing of a kind, in words; as :func:`nothing_of`."""
    return nothing_of(dataset, kind, by, within, day, whom).said


def nothing_of(
    dataset: Dataset,
    kind: NamedNode,
    by: Mapping[str, str] | None = None,
    within: str = "",
    day: str = "",
    whom: str = "",
) -> Nothing:
    """Which absence it is that there is nothing of a kind: of the class, or the nearest above it.

    Args:
        dataset: the graph.
        kind: the class.
        by: properties by which things were looked for, with what they were to lead to.
        within: the framework, if one was named.
        day: the day; none for all days.
        whom: how a sentence names what was asked for.
    """
    ledger = Ledger(dataset)
    asked = by or {}
    waiting = [kind]
    for cls in waiting:
        roles = list(dict.fromkeys(e.role for e in ledger.entries if e.cls == cls.value))
        if roles:
            # A property that was asked for tells more than one that was not.
            role = next((r for r in roles if r in asked), roles[0])
            subject = asked.get(role, next(iter(asked.values()), ""))
            absence = Absence(cls.value, role)
            return which_absence(ledger, absence, subject, within, day, whom=whom)
        above = dataset.store.quads_for_pattern(cls, _BELOW, None, ONTOLOGY)
        waiting += [q.object for q in above if isinstance(q.object, NamedNode)]
    return which_absence(ledger, Absence(kind.value, ""), day=day, whom=whom)


def why_nothing(
    dataset: Dataset, query: SavedQuery, values: Mapping[str, Any], day: str
) -> list[str]:
    """What an empty answer of a query says: no, no source, not yet known, or not covered.

    A query that does not declare what it reads the absence of is taken at the first class in it.
    """
    if not query.absence:
        named = _OF_CLASS.search(query.text)
        if named is None:
            return []
        asked = {
            CSTO + found[1]: value.value
            for name, value in values.items()
            if isinstance(value, NamedNode)
            for found in re.finditer(rf"csto:(\w+) \?{name}\b", query.text)
        }
        on = day if query.dated else ""
        return [none_of(dataset, NamedNode(CSTO + named[1]), asked, day=on)]
    ledger = Ledger(dataset)
    return [
        which_absence(ledger, absence, *bound(query, absence, values), day).said
        for absence in absences(query)
    ]


def bound(query: SavedQuery, absence: Absence, values: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and framework that the parameters of a query give; empty where they give none."""
    subject, within = (
        getattr(
            values.get(query.params[name].variable if name in query.params else name), "value", ""
        )
        for name in (absence.of, absence.within)
    )
    return subject, within


def _too_early(dataset: Dataset, node: str, day: str) -> str:
    """What says that a day lies before a body or an instrument was there; empty if none does."""
    if not (node and day):
        return ""
    label = dataset.things.label(NamedNode(node))
    kinds = Reader(dataset).objects(NamedNode(node), RDF_TYPE)
    done = "signed" if csto("Agreement") in kinds else "founded"
    for beginning, as_told, said in (
        (_IN_FORCE, _FORCE_AS_TOLD, "was in force from {opening} at the earliest"),
        (_FOUNDING, _FOUNDING_AS_TOLD, f"was {done} {{when}}"),
    ):
        asked = f"{beginning} OPTIONAL {{ {as_told} }}".replace("$node", f"<{node}>")
        beginnings = select(
            dataset.store,
            f"PREFIX csto: <{CSTO}> SELECT ?day ?when WHERE {{ {asked} }} ORDER BY ?day ?when",
            TIMELESS,
        )
        found = [(str(row["day"].value), row["when"]) for row in beginnings]
        if found and day < found[0][0]:
            first, when = found[0]
            # As precisely as it is told.
            date = first if when is None else str(when.value)
            opening = re.split(r"/|\.\.|,", date.strip("[]"))[0] or first
            words = said.format(opening=in_words(opening), when=when_in_words(date))
            return f"{label} {words}, after {in_words(day)}"
    # An organ was not there before its organization.
    above = Reader(dataset).objects(NamedNode(node), csto("parentBody"))
    return next(filter(None, (_too_early(dataset, one.value, day) for one in above)), "")


def _not_in_force(dataset: Dataset, node: str, day: str) -> str:
    """Why an instrument is not known to be in force on a day; empty if it is, or is none."""
    if csto("Agreement") not in Reader(dataset).objects(NamedNode(node), RDF_TYPE):
        return ""
    (known,) = rows(dataset, "law/instruments-on", day, instrument=node)
    why = days_in_words(known["otherwise"])
    return why and f"{known['label']} is not known to be in force on {in_words(day)}: {why}"


_IN_FORCE = "$node csto:canBeInForceFrom ?day ."
_FORCE_AS_TOLD = """
    { ?act a csto:EntryIntoForce ; csto:instrument $node ; csto:earliest ?day ;
        csto:acceptedDate ?when }
    UNION { ?unit csto:provisionOf $node . ?version csto:versionOf ?unit ;
        csto:startEarliest ?day ; csto:acceptedStart ?when }"""
_FOUNDING = "$node csto:establishedBy ?act . ?act csto:earliest ?day ."
_FOUNDING_AS_TOLD = "?act csto:acceptedDate ?when"


def _preferences() -> list[Callable[[Entry], bool]]:
    return [
        lambda e: bool(e.subject and e.within),
        lambda e: bool(e.within),
        lambda e: bool(e.subject),
        lambda e: True,
    ]
