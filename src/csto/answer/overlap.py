"""Who belongs to several organizations or agreements at once, from when to when.

The overlaps of two affiliations are made by the rules; here they are asked for,
joined when more than two frameworks are named, and cut at a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from csto.answer.asked import Row
from csto.answer.asked import rows as ask
from csto.answer.citations import PREMISE
from csto.answer.coverage import BEFORE, COMPLETE, Absence, Ledger, which_absence
from csto.answer.dates import in_words
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.graph.lookup import Things
from csto.graph.reader import Reader, documents_first
from csto.vocabulary import RDF_TYPE, csto, shorten

COLUMNS = ("state", "label", "start", "end", "certainty", "kind")
CITED = (*COLUMNS, "sources")


@dataclass(frozen=True)
class Span:
    """An interval whose ends are known within bounds; ``None`` is an open end.

    It is possible from the first day on which it can have begun or, where nothing bounds that,
    from its first attestation.
    """

    possible_from: str
    start_latest: str | None
    end_earliest: str | None
    end_latest: str | None
    start: str
    end: str

    def joined(self, other: Span) -> Span:
        later = max(self, other, key=lambda s: (s.start_latest or s.possible_from, s.start))
        ends = [s for s in (self, other) if s.end_earliest or s.end_latest]
        sooner = min(ends, key=lambda s: s.end_earliest or s.end_latest or "", default=None)
        latest = [s.start_latest for s in (self, other)]
        return Span(
            max(self.possible_from, other.possible_from),
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
        return self.possible_from <= day and _before(day, self.end_latest)

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


# What a state or body can belong to.
_FRAMEWORKS = ("body", "agreement", "not national body")


def find_frameworks(names: Sequence[str], things: Things) -> list[NamedNode]:
    """The organizations and agreements that the names stand for.

    Raises:
        InputError: for an unknown name, or fewer than two different ones.
    """
    found = [things.find(name, "organization or agreement", _FRAMEWORKS) for name in names]
    for node, name in zip(found, names, strict=True):
        if not things.is_of(node, _FRAMEWORKS):
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
    answer = Overlaps()
    stood = [_standings(dataset, framework) for framework in frameworks]
    per_framework = [_counted(rows, statuses) for rows in stood]
    met = set(meetings(dataset, [spell.node for spells in per_framework for spell in spells]))
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
        # Two layers can state one membership each.
        if not any(row == other for other, _ in rows):
            rows.append((row, combo))
    rows.sort(key=lambda item: (item[0][1], item[0][2]))
    answer.rows = [row for row, _ in rows]
    answer.spells = [combo for _, combo in rows]
    if day is not None:
        answer.remarks = not_yet(dataset, frameworks, day)
    if not statuses:
        answer.remarks += others(dataset, frameworks, stood, day)
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
    return _before(a.possible_from, b.end_latest) and _before(b.possible_from, a.end_latest)


def others(
    dataset: Dataset,
    frameworks: Sequence[NamedNode],
    standings: Sequence[Sequence[Row]],
    day: str | None,
) -> list[str]:
    """Remarks on who stood in all of the frameworks, in one with a status that does not count."""
    stood = [[r for r in rows if day is None or _span(r).possible_on(day)] for rows in standings]
    remarks = []
    for place, (framework, rows) in enumerate(zip(frameworks, stood, strict=True)):
        elsewhere = [{row["who"] for row in other} for n, other in enumerate(stood) if n != place]
        found: dict[tuple[str, str], dict[str, None]] = {}
        for row in rows:
            if row["counted"] != "true" and all(row["who"] in who for who in elsewhere):
                key = row["status"], row["concept"].rpartition("/")[2]
                found.setdefault(key, {})[row["holder"]] = None
        name = dataset.things.label(framework)
        for (status, slug), holders in found.items():
            when = f" on {day}" if day else ""
            many = len(holders) > 1
            remarks.append(
                f"not counted{when}: {len(holders)} with the status {status} in {name}: "
                f"{', '.join(holders)}; --status {slug} counts {'them' if many else 'it'}"
            )
    return remarks


def _standings(dataset: Dataset, framework: NamedNode) -> list[Row]:
    """Who stood in a framework with which status."""
    name = "memberships/standings"
    return ask(dataset, name, None, framework=framework.value)


def _span(row: Row) -> Span:
    latest, ends, ended = (
        row[name] or None for name in ("start_latest", "end_earliest", "end_latest")
    )
    return Span(
        row["start_earliest"] or row["known_from"], latest, ends, ended, row["start"], row["end"]
    )


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
        for row in ask(dataset, "memberships/founded", None, framework=framework.value)[:1]:
            if row["earliest"] > day:
                remarks.append(
                    f"{row['name']} did not exist yet on {day}; it was established {row['date']}"
                )
    return remarks


def meetings(
    dataset: Dataset, spells: Sequence[NamedNode]
) -> dict[frozenset[NamedNode], NamedNode]:
    """The overlaps among some spells, by the two that each joins."""
    pairs: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for made in dataset.made_for(csto("overlapOf"), spells):
        if made.predicate == csto("overlapOf"):
            pairs[made.subject].add(made.object)  # type: ignore[index, arg-type]
    return {frozenset(joined): node for node, joined in pairs.items()}


def spells_in(
    dataset: Dataset, framework: NamedNode, statuses: Sequence[NamedNode] = ()
) -> list[Spell]:
    """The spells in a framework that count as belonging, and those of the statuses named."""
    return _counted(_standings(dataset, framework), statuses)


def _counted(rows: Sequence[Row], statuses: Sequence[NamedNode]) -> list[Spell]:
    asked = {status.value for status in statuses}
    return [
        Spell(
            NamedNode(row["spell"]),
            NamedNode(row["who"]),
            row["kind"],
            _span(row),
            row["counted"] == "true",
        )
        for row in sorted(rows, key=lambda row: row["spell"])
        # A status in a body that signing an agreement opened counts for it only if asked for.
        if row["concept"] in asked or (row["counted"] == "true" and row["beside"] == "false")
    ]


def citations(dataset: Dataset, spell: Spell) -> list[str]:
    """Where a spell stands, then, as premises, a line for each act that its dates come from."""
    lines: dict[tuple[str, str, str], list[str]] = {}
    found = ask(dataset, "memberships/dates-of", None, spell=spell.node.value)
    acts = any(row["end"] != "0" for row in found)
    for row in found:
        # Where acts give the dates, the spell itself has none of its own.
        own = row["end"] == "0" and acts
        date, what = ("", dataset.things.label(spell.node)) if own else (row["date"], row["what"])
        lines.setdefault((row["end"], date, what), []).append(row["passage"])
    return [
        ("" if end == "0" else PREMISE)
        + f"{' '.join(part for part in (in_words(date), what) if part)}: "
        + "; ".join(documents_first(passages))
        for (end, date, what), passages in lines.items()
    ]
