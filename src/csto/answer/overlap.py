"""Who belongs to several organizations or agreements at once, from when to when.

The overlaps of two affiliations are made by the rules; here they are asked for,
joined when more than two frameworks are named, and cut at a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import NamedNode

from csto.answer.coverage import BEFORE, COMPLETE, Absence, Ledger, which_absence
from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.lookup import Things
from csto.graph.reader import Reader, documents_first
from csto.sparql.text import select
from csto.vocabulary import RDF_TYPE, csto, shorten

COLUMNS = ("state", "label", "start", "end", "certainty", "kind")
CITED = (*COLUMNS, "sources")


@dataclass(frozen=True)
class Span:
    """An interval whose ends are known within bounds; ``None`` is an open end."""

    start_earliest: str
    start_latest: str | None
    end_earliest: str | None
    end_latest: str | None
    start: str
    end: str

    def joined(self, other: Span) -> Span:
        later = max(self, other, key=lambda s: (s.start_latest or s.start_earliest, s.start))
        ends = [s for s in (self, other) if s.end_earliest or s.end_latest]
        sooner = min(ends, key=lambda s: s.end_earliest or s.end_latest or "", default=None)
        latest = [s.start_latest for s in (self, other)]
        return Span(
            max(self.start_earliest, other.start_earliest),
            None if None in latest else max(s for s in latest if s),
            _least(self.end_earliest, other.end_earliest),
            _least(self.end_latest, other.end_latest),
            later.start,
            sooner.end if sooner else "",
        )

    def shown_end(self) -> str:
        """The accepted end; where that is before the start, the last under any reading.

        A span that is only possible rests on a reading that is not the accepted one.
        """
        if self.end and self.end_latest and self.end <= self.start:
            return f"[..{self.end_latest}]"
        return self.end

    def certain(self) -> bool:
        """Whether the span has a day on which it holds under every reading."""
        return self.start_latest is not None and _before(self.start_latest, self.end_earliest)

    def possible_on(self, day: str) -> bool:
        return self.start_earliest <= day and _before(day, self.end_latest)

    def certain_on(self, day: str, cut_off: str) -> bool:
        begun = self.start_latest is not None and self.start_latest <= day <= cut_off
        return begun and _before(day, self.end_earliest)


def _before(day: str, end: str | None) -> bool:
    return end is None or day < end


def _least(one: str | None, other: str | None) -> str | None:
    given = [x for x in (one, other) if x]
    return min(given) if given else None


@dataclass(frozen=True)
class Spell:
    """One counted affiliation."""

    node: NamedNode
    holder: NamedNode
    kind: str
    span: Span
    counted: bool = True


@dataclass
class Overlaps:
    """Answer to an overlap question: rows, and remarks for the reader."""

    rows: list[tuple[str, ...]] = field(default_factory=list)
    spells: list[tuple[Spell, ...]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def find_frameworks(names: Sequence[str], things: Things) -> list[NamedNode]:
    """The organizations and agreements that the names stand for.

    Raises:
        InputError: for an unknown name, or fewer than two different ones.
    """
    found = [
        things.find(name, "organization or agreement", ("body", "agreement")) for name in names
    ]
    for node, name in zip(found, names, strict=True):
        if not things.is_of(node, ("body", "agreement")):
            raise InputError(f'"{name}" is no organization or agreement but {shorten(node.value)}')
    if len(set(found)) < 2:
        raise InputError("an overlap needs at least two different organizations or agreements")
    return list(dict.fromkeys(found))


def overlaps(
    dataset: Dataset,
    frameworks: Sequence[NamedNode],
    day: str | None,
    statuses: Sequence[NamedNode] = (),
) -> Overlaps:
    """Spans over which one state belonged to all of the frameworks.

    Args:
        dataset: the graph.
        frameworks: organizations or agreements, two or more.
        day: only spans that can hold on this day; ``None`` for all of them.
        statuses: statuses that count beside those that always do.
    """
    met = _meeting_pairs(dataset)
    answer = Overlaps()
    per_framework = [spells_in(dataset, framework, statuses) for framework in frameworks]
    combos: list[tuple[Spell, ...]] = [(spell,) for spell in per_framework[0]]
    for spells in per_framework[1:]:
        combos = [
            (*combo, spell)
            for combo in combos
            for spell in spells
            if all(_meet(c, spell, met) for c in combo)
        ]
    rows: list[tuple[tuple[str, ...], tuple[Spell, ...]]] = []
    for combo in combos:
        span = combo[0].span
        for spell in combo[1:]:
            span = span.joined(spell.span)
        if day is not None and not span.possible_on(day):
            continue
        reach = min(dataset.reach(spell.node) for spell in combo)
        sure = span.certain() if day is None else span.certain_on(day, reach)
        holder = combo[0].holder
        row = (
            holder.value,
            dataset.things.label(holder),
            span.start,
            span.shown_end(),
            "certain" if sure else "possible",
            " + ".join(spell.kind for spell in combo),
        )
        rows.append((row, combo))
    rows.sort(key=lambda item: (item[0][1], item[0][2]))
    answer.rows = [row for row, _ in rows]
    answer.spells = [combo for _, combo in rows]
    if day is not None:
        answer.remarks = not_yet(dataset, frameworks, day)
    if not statuses:
        answer.remarks += others(dataset, frameworks, day)
    return answer


def _meet(one: Spell, other: Spell, met: set[frozenset[NamedNode]]) -> bool:
    """Whether two spells of one holder can have held on one day.

    The rules have met counted spells; others are compared here, acts before dates no more.
    """
    if one.counted and other.counted:
        return frozenset((one.node, other.node)) in met
    if one.holder != other.holder:
        return False
    a, b = one.span, other.span
    return _before(a.start_earliest, b.end_latest) and _before(b.start_earliest, a.end_latest)


def others(dataset: Dataset, frameworks: Sequence[NamedNode], day: str | None) -> list[str]:
    """Remarks on who stood in all of the frameworks, in one with a status that does not count."""
    stood = [_standings(dataset, framework, day) for framework in frameworks]
    remarks = []
    for place, (framework, rows) in enumerate(zip(frameworks, stood, strict=True)):
        elsewhere = [{row["who"] for row in other} for n, other in enumerate(stood) if n != place]
        found: dict[tuple[str, str], dict[str, None]] = {}
        for row in rows:
            if row["counted"].value != "true" and all(row["who"] in who for who in elsewhere):
                key = row["status"].value, row["slug"].value
                found.setdefault(key, {})[row["holder"].value] = None
        name = dataset.things.label(framework)
        for (status, slug), holders in found.items():
            when = f" on {day}" if day else ""
            many = len(holders) > 1
            remarks.append(
                f"not counted{when}: {len(holders)} with the status {status} in {name}: "
                f"{', '.join(holders)}; --status {slug} counts {'them' if many else 'it'}"
            )
    return remarks


def _standings(dataset: Dataset, framework: NamedNode, day: str | None) -> list[Any]:
    """Who stood in a framework with which status, as far as it can have been on the day."""
    rows = _select(
        dataset,
        # The spells are found first, alone: joined in one group they took minutes.
        """SELECT ?status ?slug ?who ?holder ?counted ?se ?sl ?ee ?el {
             { SELECT DISTINCT ?spell WHERE {
                 # What signing the agreement opened in a body is told with the agreement.
                 { ?spell csto:framework ?framework }
                 UNION { ?act csto:instrument ?framework . ?spell csto:possibleOpening ?act }
               } }
             ?spell csto:holder ?who ; csto:status ?s ; csto:startEarliest ?se .
             OPTIONAL { ?spell csto:startLatest ?sl }
             OPTIONAL { ?spell csto:endEarliest ?ee }
             OPTIONAL { ?spell csto:endLatest ?el }
             BIND(EXISTS { status:counted skos:member ?s } AS ?counted)
             ?s rdfs:label ?status .
             ?who rdfs:label ?holder FILTER(LANG(?holder) = "en" && LANG(?status) IN ("", "en"))
             BIND(REPLACE(STR(?s), "^.*/", "") AS ?slug)
           } ORDER BY ?status ?holder""",
        framework,
    )

    def possible(row: Any) -> bool:
        latest, ends, ended = (_text(row[name]) or None for name in ("sl", "ee", "el"))
        span = Span(row["se"].value, latest, ends, ended, "", "")
        return day is None or span.possible_on(day)

    return [row for row in rows if possible(row)]


def nobody(dataset: Dataset, frameworks: Sequence[NamedNode], day: str) -> list[str]:
    """What it says that nobody belonged to all frameworks: one line for each that existed."""
    ledger = Ledger(dataset)
    reader = Reader(dataset)
    found = []
    for framework in frameworks:
        treaty = csto("Agreement") in reader.objects(framework, RDF_TYPE)
        cls, role = ("PartyStatus", "party") if treaty else ("Membership", "member")
        absence = Absence(csto(cls).value, csto(role).value)
        found.append(which_absence(ledger, absence, within=framework.value, day=day, further=True))
    if all(one.extent == COMPLETE for one in found):
        return ["no: the graph has everybody who belonged to each of them"]
    return [one.said for one in found if one.extent not in (COMPLETE, BEFORE)]


def not_yet(dataset: Dataset, frameworks: Sequence[NamedNode], day: str) -> list[str]:
    """A remark for each framework that did not exist on a day."""
    remarks = []
    for framework in frameworks:
        rows = _select(
            dataset,
            """SELECT ?earliest ?shown ?name WHERE {
                 ?framework csto:establishedBy ?act .
                 ?act csto:earliest ?earliest ; csto:acceptedEffect ?shown .
                 OPTIONAL { ?framework csto:abbreviation ?name }
               }""",
            framework,
        )
        for row in rows[:1]:
            if row["earliest"].value > day:
                name = _text(row["name"]) or dataset.things.label(framework)
                remarks.append(
                    f"{name} did not exist yet on {day}; it was established {row['shown'].value}"
                )
    return remarks


def _select(dataset: Dataset, body: str, framework: NamedNode | None = None) -> list[Any]:
    text = (
        "PREFIX csto: <https://w3id.org/csto/ontology#>"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
        "PREFIX status: <https://w3id.org/csto/concept/status/>" + body
    )
    if framework is not None:
        # Into the innermost group, which is run first.
        head, where, rest = text.rpartition("SELECT DISTINCT ?spell WHERE {")
        if not where:
            head, where, rest = text.partition("WHERE {")
        text = f"{head}{where} VALUES ?framework {{ {framework} }} {rest}"
    return select(dataset.store, text, TIMELESS)


def _text(term: Any) -> str:
    return term.value if term is not None else ""


def _meeting_pairs(dataset: Dataset) -> set[frozenset[NamedNode]]:
    rows = _select(
        dataset, "SELECT ?a ?b WHERE { ?o csto:overlapOf ?a , ?b FILTER(STR(?a) < STR(?b)) }"
    )
    return {frozenset((row["a"], row["b"])) for row in rows}


def spells_in(
    dataset: Dataset, framework: NamedNode, statuses: Sequence[NamedNode] = ()
) -> list[Spell]:
    """The spells in a framework that count as belonging, and those of the statuses named."""
    also = ", ".join(str(status) for status in statuses)
    # A status that signing an agreement opened in a body counts for the agreement, if asked for.
    beside = (
        "UNION { ?act csto:instrument ?framework . ?spell csto:possibleOpening ?act ; "
        f"csto:status ?asked FILTER(?asked IN ({also})) }}"
        if statuses
        else ""
    )
    rows = _select(
        dataset,
        """SELECT ?spell ?holder ?party ?counted ?named ?se ?sl ?ee ?el ?start ?end WHERE {
             { SELECT DISTINCT ?spell WHERE { { ?spell csto:framework ?framework } BESIDE } }
             ?spell csto:holder ?holder ; csto:status ?status ; csto:startEarliest ?se .
             BIND(EXISTS { status:counted skos:member ?status } AS ?counted)
             FILTER(?counted || ?status IN (ALSO))
             ?status rdfs:label ?named .
             BIND(EXISTS { ?spell a csto:PartyStatus } AS ?party)
             OPTIONAL { ?spell csto:startLatest ?sl }
             OPTIONAL { ?spell csto:endEarliest ?ee }
             OPTIONAL { ?spell csto:endLatest ?el }
             OPTIONAL { ?spell csto:acceptedStart ?start }
             OPTIONAL { ?spell csto:acceptedEnd ?end }
           } ORDER BY ?spell""".replace("ALSO", also).replace("BESIDE", beside),
        framework,
    )
    found: dict[NamedNode, Spell] = {}
    for row in rows:
        span = Span(
            row["se"].value,
            _text(row["sl"]) or None,
            _text(row["ee"]) or None,
            _text(row["el"]) or None,
            _text(row["start"]),
            _text(row["end"]),
        )
        kind = "party" if row["party"].value == "true" else "membership"
        counted = row["counted"].value == "true"
        kind = kind if counted else row["named"].value
        found.setdefault(row["spell"], Spell(row["spell"], row["holder"], kind, span, counted))
    return list(found.values())


def citations(dataset: Dataset, spell: Spell) -> list[str]:
    """Where the dates of a spell stand: one line for each act and claim behind them."""
    text = f"""PREFIX csto: <https://w3id.org/csto/ontology#>
        PREFIX rank: <https://w3id.org/csto/concept/rank/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?order ?date ?what ?passage WHERE {{
          {{ {spell.node} csto:acceptedOpening ?act . BIND(1 AS ?order) }}
          UNION {{ {spell.node} csto:acceptedClosing ?act . BIND(3 AS ?order) }}
          OPTIONAL {{ ?act csto:acceptedEffect ?date }}
          ?act rdfs:label ?what .
          {{ ?act csto:evidence ?p }}
          UNION {{ ?claim csto:about ?act ; csto:rank rank:preferred ; csto:statedIn ?p }}
          ?p rdfs:label ?passage .
        }}"""
    lines: dict[tuple[str, str, str], list[str]] = {}
    for row in select(dataset.store, text, TIMELESS):
        key = (row["order"].value, _text(row["date"]), row["what"].value)
        lines.setdefault(key, []).append(row["passage"].value)
    if not lines:
        own = f"""PREFIX csto: <https://w3id.org/csto/ontology#>
            PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
            SELECT ?passage WHERE {{ {spell.node} csto:evidence ?p . ?p rdfs:label ?passage }}"""
        passages = [row["passage"].value for row in select(dataset.store, own, TIMELESS)]
        return [f"{spell.span.start}: " + "; ".join(documents_first(passages))]
    return [
        f"{date} {what}: " + "; ".join(documents_first(passages))
        for (_, date, what), passages in sorted(lines.items())
    ]
