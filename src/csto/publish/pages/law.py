"""Treaties for readers: article by article, every wording with its days, and whom they bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from pyoxigraph import NamedNode, Triple

from csto.answer.dates import in_words
from csto.answer.law.diff import Change, changes
from csto.answer.law.state import norm_parts, provisions
from csto.publish.pages.page import Link, Page
from csto.publish.pages.strips import Axis, Bar
from csto.publish.pages.thing import Row, Things, told_days
from csto.vocabulary import csto

_PARTS = (
    ("trigger", "on"),
    ("territory", "where"),
    ("condition", "if"),
    ("time_limit", "time"),
    ("proposer", "proposes"),
    ("decider", "decides"),
    ("decision_rule", "by"),
)


@dataclass(frozen=True)
class NormLine:
    """A norm in our words, with what it requires."""

    link: Link
    kind: str
    bearer: str
    parts: tuple[tuple[str, str], ...]
    passages: tuple[Link, ...]


@dataclass
class Version:
    """A wording with its days: ``first`` and ``last`` bound what is possible."""

    link: Link
    told: str
    given: bool
    days: str
    first: str
    last: str
    bars: tuple[Bar, ...]
    opened: Link | None
    note: str
    norms: list[NormLine] = field(default_factory=list)


@dataclass
class Unit:
    """An article or another unit, with its wordings in order."""

    link: Link
    cite: str
    heading: str
    anchor: str
    versions: list[Version]


# First and last day, both included; empty where nothing bounds it.
_Days = tuple[str, str]


@dataclass
class Treaty:
    """An instrument: units, whom it bound on which days, and what changed by which act."""

    link: Link
    units: list[Unit]
    bound: list[Row]
    axis: Axis | None
    changes: list[tuple[str, str, list[Change]]]
    days: tuple[str, str] = ("", "")
    # Whom it bound: name, the days on which certainly, and on which possibly.
    held: list[tuple[str, list[_Days], list[_Days]]] = field(default_factory=list)

    @property
    def norms(self) -> int:
        return sum(len(v.norms) for unit in self.units for v in unit.versions)


def instruments(things: Things) -> list[NamedNode]:
    """Instruments of which the graph has provisions, by name."""
    store = things.place.read.store
    from csto.vocabulary import ASSERTED

    found = {
        quad.object
        for quad in store.quads_for_pattern(None, csto("provisionOf"), None, ASSERTED)
        if isinstance(quad.object, NamedNode)
    }
    return sorted(found, key=lambda node: (things.place.label(node), node.value))


def treaty(things: Things, page: Page, node: NamedNode) -> Treaty:
    """An instrument with all its wordings."""
    read, place = things.reader, things.place
    found_units = provisions(place.dataset, place.cut_off, instrument=node.value)
    ordered = sorted(found_units.values(), key=lambda provision: provision.key)
    versions = {p.node: read.subjects(csto("versionOf"), p.node) for p in ordered}
    # The ways in which a state is bound are what the ontology has below "bound by".
    ways = sorted(things.narrower[csto("boundBy")], key=str)
    bound = [
        triple
        for triple in things.place.read.spans.held[1]
        if triple.object == node and triple.predicate in ways
    ]
    bound.sort(key=lambda t: (read.show(t.subject), ways.index(t.predicate)))
    held = [things.held(v) for listed in versions.values() for v in listed]
    runs = [things.runs(triple) for triple in bound]
    scale = things.scale([*held, *runs])
    units = []
    norms_at = _norms_by_version(things)
    for provision in ordered:
        listed = [_version(things, page, v, scale, norms_at) for v in versions[provision.node]]
        if not listed:
            continue
        listed.sort(key=lambda version: (version.first or "9", version.last or "9"))
        anchor = provision.node.value.rsplit("/", 1)[1]
        heading = provision.heading if provision.heading != provision.cite else ""
        units.append(Unit(page.link(provision.node), provision.cite, heading, anchor, listed))
    rows = [_bound(things, page, t, scale) for t in bound]
    days = [v.first for u in units for v in u.versions if v.first]
    first = min(days, default="")
    found = changes(place.dataset, node, first, place.cut_off) if first else []
    by_act = [
        (act or "No act is known", in_words(date), list(group))
        for (act, date), group in groupby(found, key=lambda change: (change.act, change.date))
    ]
    held_by: dict[str, tuple[list[_Days], list[_Days]]] = {}
    for triple, found_runs in zip(bound, runs, strict=True):
        told = held_by.setdefault(read.show(triple.subject), ([], []))
        for into, listed_runs in zip(told, found_runs, strict=True):
            into += [(_day(a), _day(b)) for a, b in listed_runs]
    named = [(name, certain, possible) for name, (certain, possible) in held_by.items()]
    days_of_graph = (first, place.cut_off)
    return Treaty(page.link(node), units, rows, scale, by_act, days_of_graph, named)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _norms_by_version(things: Things) -> dict[NamedNode, list[NamedNode]]:
    known: dict[NamedNode, list[NamedNode]] | None = things.__dict__.get("_norms")
    if known is None:
        from csto.vocabulary import ASSERTED

        known = {}
        for quad in things.place.read.store.quads_for_pattern(None, csto("setBy"), None, ASSERTED):
            known.setdefault(quad.object, []).append(quad.subject)  # type: ignore[arg-type]
        things.__dict__["_norms"] = known
    return known


def _parts(things: Things) -> dict[str, dict[str, str]]:
    """What each norm says, by part; asked once."""
    known: dict[str, dict[str, str]] | None = things.__dict__.get("_norm_parts")
    if known is None:
        known = norm_parts(things.place.dataset, things.place.cut_off)
        things.__dict__["_norm_parts"] = known
    return known


def _version(
    things: Things,
    page: Page,
    node: NamedNode,
    scale: Axis | None,
    norms_at: dict[NamedNode, list[NamedNode]],
) -> Version:
    read = things.reader
    held = things.held(node)
    acts = [act for act in read.objects(node, "openedBy") if isinstance(act, NamedNode)]
    first = held[1][0][0].isoformat() if held[1] and held[1][0][0] else ""
    last = held[1][-1][1].isoformat() if held[1] and held[1][-1][1] else ""
    told = read.text(node, "wordingStatus")
    note = NamedNode("http://www.w3.org/2004/02/skos/core#note")
    made = Version(
        page.link(node),
        told,
        bool(norms_at.get(node)),
        told_days(held, things.place.cut_off) or "never in force as far as the sources say",
        first,
        last,
        things.bars(scale, held),
        page.link(acts[0]) if acts else None,
        "; ".join(read.show(n) for n in read.objects(node, note)),
    )
    for norm in sorted(norms_at.get(node, ()), key=lambda n: n.value):
        parts = _parts(things)[norm.value]
        text = read.text(norm, "proposition") or read.show(norm)
        passages = tuple(page.link(p) for p in read.objects(norm, "evidence"))
        said = tuple((word, parts[key]) for key, word in _PARTS if parts[key])
        line = NormLine(
            Link(text, page.local(norm.value)), parts["kind"], parts["bearer"], said, passages
        )
        made.norms.append(line)
    return made


def _bound(things: Things, page: Page, triple: Triple, scale: Axis | None) -> Row:
    held = things.runs(triple)
    # The relation is read from the state; the list is read from the treaty.
    way = things.place.label(triple.predicate).removesuffix(" by") + ":"
    why = page.why(triple) if things.holds_now(held) else ""
    return Row(
        told_days(held, things.place.cut_off),
        page.link(triple.subject),
        (),
        things.bars(scale, held),
        why,
        way,
    )
