"""The page of a thing: what it is, what held when, who says what, and why it holds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from csto.answer.conflicts import Question, list_conflicts
from csto.answer.dates import in_words, span_in_words
from csto.answer.kinds import Asking
from csto.answer.show import Line, Portrait, portray
from csto.graph.dataset import TIMELESS
from csto.graph.reader import Reader
from csto.graph.spans import ANY_DAY, Run
from csto.publish.pages.page import Link, Page, Place
from csto.publish.pages.strips import Axis, Bar, axis
from csto.vocabulary import ASSERTED, ONTOLOGY, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, csto, shorten

_LABEL, _COMMENT = NamedNode(RDFS + "label"), NamedNode(RDFS + "comment")
_DEFINITION = NamedNode(SKOS + "definition")
_ALTERNATIVE = NamedNode(SKOS + "altLabel")
_SUB_PROPERTY = NamedNode(RDFS + "subPropertyOf")
_FACTS, _EVIDENCE = "Stated and inferred", "Evidence"
# A section with more rows than this has a page of its own, where the whole page is long.
FEW, LONG = 30, 120
# Rows on one page of a section.
ROWS = 250
# Values of a property that are shown at once.
VALUES = 12


@dataclass(frozen=True)
class Value:
    """A value with the proof of what it is a value of; empty for what is stated."""

    link: Link
    why: str = ""


@dataclass(frozen=True)
class Fact:
    """A property with its values."""

    name: Link
    values: tuple[Value, ...]
    inferred: bool = False
    # Where just this property of the thing stands.
    passages: tuple[Link, ...] = ()

    @property
    def shown(self) -> tuple[Value, ...]:
        return self.values[:VALUES]

    @property
    def folded(self) -> tuple[Value, ...]:
        return self.values[VALUES:]


@dataclass(frozen=True)
class Row:
    """A line that tells of another thing, or of a relation: when, what, where it stands."""

    when: str
    what: Link
    passages: tuple[Link, ...] = ()
    bars: tuple[Bar, ...] = ()
    why: str = ""
    lead: str = ""


@dataclass
class Section:
    """Rows under one heading; ``more`` leads to the pages that have all of them."""

    name: str
    slug: str
    rows: list[Row] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    count: int = 0
    more: str = ""
    axis: Axis | None = None


@dataclass(frozen=True)
class Part:
    """A part of a document with an anchor of its own: a passage, a term."""

    anchor: str
    title: str
    kind: str
    note: str
    href: str
    count: int
    resting: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Side:
    """One answer to a question that sources answer differently."""

    answer: Link
    claimant: str
    rank: str
    reason: str
    passages: tuple[Link, ...]


@dataclass(frozen=True)
class Disputed:
    """Such a question with all sides."""

    question: Link
    kind: str
    sides: tuple[Side, ...]
    number: str = ""


@dataclass
class Thing:
    """All that a page of a thing shows."""

    node: NamedNode
    title: str
    lang: str
    short: str
    classes: list[Link]
    names: list[Link]
    leads: list[Link]
    notes: list[str]
    box: list[Fact]
    evidence: list[Link]
    sections: list[Section]
    disputed: list[Disputed]
    parts: list[Part]
    above: Link | None
    address: str
    # Code and name of the states that a map shows.
    where: list[tuple[str, str]] = field(default_factory=list)


class Things:
    """Makes pages of things of one place, all from what it has read once."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.reader = Reader(place.read)
        self.asking = Asking(place.read.store)

    # --- what holds on some days -------------------------------------------

    @cached_property
    def dated(self) -> dict[Any, list[Triple]]:
        """Relations that hold on some days only, by their subject."""
        found: dict[Any, list[Triple]] = defaultdict(list)
        for triple in self.place.read.spans.held[1]:
            if triple.object != ANY_DAY:
                found[triple.subject].append(triple)
        return found

    @cached_property
    def narrower(self) -> dict[Any, set[Any]]:
        """Properties by those that are wider."""
        found: dict[Any, set[Any]] = defaultdict(set)
        for quad in self.place.read.store.quads_for_pattern(None, _SUB_PROPERTY, None, ONTOLOGY):
            found[quad.object].add(quad.subject)
        return found

    def runs(self, triple: Triple) -> tuple[list[Run], list[Run]]:
        """The days on which a triple certainly, and possibly, holds."""
        spans = self.place.read.spans
        certain = spans.of(triple, 0) if triple in spans.held[0] else []
        possible = spans.of(triple, 1) if triple in spans.held[1] else []
        return certain, possible

    def held(self, node: NamedNode) -> tuple[list[Run], list[Run]]:
        """The days on which a situation certainly, and possibly, holds."""
        return self.runs(Triple(node, csto("holdsOn"), ANY_DAY))

    # --- the page ----------------------------------------------------------

    def thing(
        self, page: Page, node: NamedNode, day: str | None = None, known: Portrait | None = None
    ) -> Thing:
        """The page of a thing, with as much of each section as there is room for.

        ``known`` is its portrait of that day, where it is at hand.
        """
        read = self.place.read if day is None else self.place.dataset
        portrait = known or portray(read, node, day)
        parts = self._parts(page, node)
        sections = self.sections(page, node, portrait, bool(parts), day)
        box = self.box(page, node, day)
        _leave_out(sections, box)
        shorten_sections(page, node, sections)
        title = next(iter(self._labels(node)), None)
        bare, hash_, _ = node.value.partition("#")
        above = NamedNode(bare) if hash_ and page.local(bare) else None
        return Thing(
            node,
            portrait.title,
            title.language or "" if title is not None else "",
            shorten(node.value),
            [page.link(c) for c in self.classes(node)],
            self._names(node, portrait.title),
            [Link(d.value, lang=_foreign(d)) for d in self._definitions(node)],
            portrait.notes,
            box,
            self._evidence(page, portrait, box),
            sections,
            [disputed(page, q) for q in list_conflicts(self.place.read, node)],
            parts,
            page.link(above) if above else None,
            self.place.outside(node),
            self.where(node, day or self.place.cut_off),
        )

    def where(self, node: NamedNode, day: str) -> list[tuple[str, str]]:
        """The states where a thing lies (``csto:mapped`` of its class), by code and name."""
        found: dict[str, str] = {}
        for path in {p for c in self.classes(node) for p in self.asking.mapped(c)}:
            nodes = [node]
            for step in path.split("/") if path != "." else ():
                nodes = [n for one in nodes for n in self._step(one, step, day)]
            for state in nodes:
                for code in self.reader.objects(state, "isoAlpha3"):
                    found[code.value] = self.place.label(state)
        return sorted(found.items(), key=lambda pair: pair[1])

    def _step(self, node: NamedNode, step: str, day: str) -> list[NamedNode]:
        if step.startswith("^"):
            return self.reader.subjects(csto(step[1:]), node)
        found = [*self.reader.objects(node, step), *self._on(node, csto(step), day)]
        return [n for n in found if isinstance(n, NamedNode)]

    def _evidence(self, page: Page, portrait: Portrait, box: list[Fact]) -> list[Link]:
        """The passages of a thing that its box does not name as a value."""
        told = {value.link.href for fact in box for value in fact.values}
        found = [p for line in portrait.sections.get(_EVIDENCE, ()) for p in line.cites]
        return [link for p in found if (link := page.passage(p)).href not in told or not link.href]

    def sections(
        self, page: Page, node: NamedNode, portrait: Portrait, has_parts: bool, day: str | None
    ) -> list[Section]:
        """All sections of a page, complete."""
        found = []
        if over := self._over_time(page, node):
            found.append(over)
        for name, lines in portrait.sections.items():
            if name in (_EVIDENCE, "Conflicts of sources"):
                continue
            if has_parts and name in ("Related: is part of (DC)", "Related: is defined by"):
                continue
            section = Section(_named(name), _slug(name))
            if name == _FACTS:
                section.facts = [f for line in lines if (f := self._fact(page, node, line, day))]
            else:
                section.rows, section.axis = self._rows(page, lines)
            section.count = len(section.facts) + len(section.rows)
            if section.count:
                found.append(section)
        # What is stated stands at the end: the box has what matters of it.
        return sorted(found, key=lambda section: bool(section.facts))

    def classes(self, node: NamedNode) -> list[NamedNode]:
        """The classes that a thing is said to be of, or else those that follow."""
        store = self.place.read.store
        found = {
            quad.object
            for graph in (ASSERTED, ONTOLOGY)
            for quad in store.quads_for_pattern(node, RDF_TYPE, None, graph)
            if isinstance(quad.object, NamedNode)
        }
        if found:
            return sorted(found, key=str)
        return [c for c in self.reader.objects(node, RDF_TYPE) if isinstance(c, NamedNode)]

    def _labels(self, node: NamedNode) -> list[Literal]:
        found = [x for x in self.reader.objects(node, RDFS_LABEL) if isinstance(x, Literal)]
        return sorted(found, key=lambda label: (label.language != "en", label.value))

    def _names(self, node: NamedNode, title: str) -> list[Link]:
        names = [*self.reader.objects(node, "abbreviation"), *self._labels(node)]
        names += self.reader.objects(node, _ALTERNATIVE)
        links = [Link(n.value, lang=_foreign(n)) for n in names if n.value != title]
        return list(dict.fromkeys(links))

    def _definitions(self, node: NamedNode) -> list[Literal]:
        found = [*self.reader.objects(node, _DEFINITION), *self.reader.objects(node, _COMMENT)]
        return [text for text in found if isinstance(text, Literal)]

    # --- the box -----------------------------------------------------------

    def box(self, page: Page, node: NamedNode, day: str | None) -> list[Fact]:
        """What matters of a thing of its class (``csto:infobox``, else ``csto:columns``)."""
        best: list[str] = max(
            (self.asking.infobox(c) for c in self.classes(node) if c in self.asking.kinds),
            key=len,
            default=[],
        )
        found = []
        if when := self._when(node):
            found.append(Fact(Link("when"), (Value(Link(when)),)))
            if doubt := self._doubt(node):
                found.append(Fact(Link("certain"), (Value(Link(doubt)),)))
        on = day or self.place.cut_off
        for path in best:
            inverse, local = path.startswith("^"), path.lstrip("^")
            prop = csto(local)
            values = (
                self.reader.subjects(prop, node) if inverse else self.reader.objects(node, prop)
            )
            timed = [] if inverse else self._on(node, prop, on)
            shown = [*values, *(v for v in timed if v not in values)]
            if not shown:
                continue
            name = self.place.label(prop)
            if inverse:
                # A relation read backwards is called after the things that it leads to.
                name = self._kind_of(shown) or self._backwards(prop) or name
            if timed:
                name += f", on {in_words(on)}"
            links = [Value(self._shown(page, v)) for v in shown]
            links.sort(key=lambda value: value.link.text)
            own = () if inverse else self._passages_of(page, node, prop)
            found.append(Fact(Link(name), tuple(links), passages=own))
        return found

    @cached_property
    def _supports(self) -> dict[NamedNode, list[NamedNode]]:
        """What is told with a thing, by that thing."""
        found: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for support, thing in self.place.told_with.items():
            found[thing].append(support)
        return found

    def _passages_of(self, page: Page, node: NamedNode, prop: NamedNode) -> tuple[Link, ...]:
        """The passages that speak of one property of a thing."""
        found = {
            passage
            for support in self._supports.get(node, ())
            if prop in self.reader.objects(support, "relation")
            for passage in self.reader.objects(support, "evidence")
        }
        return tuple(page.passage(p) for p in sorted(found, key=self.place.label))

    def _backwards(self, prop: NamedNode) -> str:
        """What the things are called, whatever their kind, that a relation leads from."""
        found = self.reader.objects(prop, csto("backwards"))
        return found[0].value if found and isinstance(found[0], Literal) else ""

    def _kind_of(self, nodes: Sequence[Any]) -> str:
        from csto.answer.kinds import plural

        kinds = {c for n in nodes if isinstance(n, NamedNode) for c in self.classes(n)}
        labels = {self.place.label(kind) for kind in kinds}
        if len(labels) != 1:
            return ""
        (label,) = labels
        return label if len(nodes) == 1 else plural(label)

    def _on(self, node: NamedNode, prop: NamedNode, day: str) -> list[Any]:
        return [
            triple.object
            for triple in self.dated.get(node, ())
            if triple.predicate == prop and self.holds_now(self.runs(triple), day)
        ]

    def _shown(self, page: Page, term: Any) -> Link:
        """A value as people read it: dates in words, the language of a text."""
        if isinstance(term, Literal):
            if term.datatype.value.endswith(("EDTF", "#date")):
                return Link(in_words(term.value))
            return Link(term.value, lang=_foreign(term))
        if isinstance(term, NamedNode) and "#" in term.value:
            return page.passage(term)
        return page.link(term)

    def _when(self, node: NamedNode) -> str:
        starts = [*self.reader.objects(node, "acceptedDate")]
        starts += self.reader.objects(node, "acceptedStart")
        ends = [*self.reader.objects(node, "acceptedLastDay")]
        ends += self.reader.objects(node, "acceptedEnd")
        start, end = (values[0].value if values else "" for values in (starts, ends))
        return span_in_words(start, end) if start or end else ""

    def _doubt(self, node: NamedNode) -> str:
        """The days that are certain and those that are not, where the accepted ones hide it.

        Dates that are preferred stand as whole days, though others are claimed.
        """
        held = self.held(node)
        told = told_days(held, self.place.cut_off) if held[0] else ""
        accepted = [
            value.value
            for name in ("acceptedStart", "acceptedLastDay", "acceptedEnd")
            for value in self.reader.objects(node, name)
        ]
        whole = all(len(text) == len("2000-01-01") for text in accepted)
        return told if "possibly" in told and whole else ""

    # --- rows --------------------------------------------------------------

    def _over_time(self, page: Page, node: NamedNode) -> Section | None:
        """Relations of a thing that hold on some days, those that say most."""
        triples = self.dated.get(node, [])
        told: dict[Any, set[Any]] = defaultdict(set)
        for triple in triples:
            told[triple.object].add(triple.predicate)
        shown = [
            triple
            for triple in triples
            if not self.narrower[triple.predicate] & told[triple.object]
        ]
        if not shown:
            return None
        listed = sorted(
            shown,
            key=lambda t: (self.place.label(t.predicate), self.reader.show(t.object), str(t)),
        )
        runs = [self.runs(triple) for triple in listed]
        scale = self.scale(runs)
        rows = []
        for triple, held in zip(listed, runs, strict=True):
            why = page.why(triple) if self.holds_now(held) else ""
            link = page.link(triple.object)
            lead = self.place.label(triple.predicate)
            rows.append(
                Row(
                    told_days(held, self.place.cut_off), link, (), self.bars(scale, held), why, lead
                )
            )
        return Section("Over time", "over-time", rows, [], len(rows), axis=scale)

    def holds_now(self, held: tuple[list[Run], list[Run]], day: str = "") -> bool:
        """Whether a relation certainly holds on a day, by default the last of the graph."""
        day = day or self.place.cut_off
        return any(
            (a is None or a.isoformat() <= day) and (b is None or day <= b.isoformat())
            for a, b in held[0]
        )

    def scale(self, runs: Iterable[tuple[list[Run], list[Run]]]) -> Axis | None:
        """The years over some spans."""
        days = [
            day.isoformat()
            for _, possible in runs
            for run in possible
            for day in run
            if day is not None
        ]
        return axis([*days, self.place.cut_off] if days else [], self.place.cut_off)

    def bars(self, scale: Axis | None, held: tuple[list[Run], list[Run]]) -> tuple[Bar, ...]:
        """Certain spans, and under them what is possible beyond."""
        if scale is None:
            return ()
        from datetime import date, timedelta

        first = date.fromordinal(scale.first)
        last = date.fromisoformat(self.place.cut_off)
        found: dict[str, list[tuple[str, str, str]]] = {}
        for kind, runs in (("certain", held[0]), ("possible", held[1])):
            found[kind] = [
                # The last day belongs to the bar.
                ((a or first).isoformat(), (min(b or last, last) + timedelta(1)).isoformat(), kind)
                for a, b in runs
            ]
        sure = {bar[:2] for bar in found["certain"]}
        pale = [bar for bar in found["possible"] if bar[:2] not in sure]
        return scale.bars([*pale, *found["certain"]])

    def _rows(self, page: Page, lines: list[Line]) -> tuple[list[Row], Axis | None]:
        held = {line.node: self.held(line.node) for line in lines if line.node is not None}
        some = {node: runs for node, runs in held.items() if runs[1]}
        scale = self.scale(some.values()) if len(some) > 1 else None
        rows = []
        for line in lines:
            href = page.local(line.node.value) if line.node is not None else ""
            text = line.what
            if line.node is not None:
                # The code tells things apart in a terminal; here each has its page.
                text = text.removesuffix(f" ({shorten(line.node.value)})")
            what = Link(text, href, "", self._lang(line))
            begin, _, end = line.when.partition(" – ")
            bars = self.bars(scale, some[line.node]) if line.node in some else ()
            rows.append(
                Row(
                    span_in_words(begin, end) if begin else "",
                    what,
                    # The page of the source leads out of here; a line does not.
                    tuple(page.link(p) for p in line.cites),
                    bars,
                )
            )
        return rows, scale

    def _lang(self, line: Line) -> str:
        if line.node is None:
            return ""
        labels = self._labels(line.node)
        return _foreign(labels[0]) if labels and labels[0].value == line.what else ""

    def _fact(self, page: Page, node: NamedNode, line: Line, day: str | None) -> Fact | None:
        if line.predicate is None or line.predicate in (_DEFINITION, _COMMENT):
            return None
        values = []
        for value in line.values:
            why = ""
            if line.inferred and self._is_a_step(value):
                continue
            if line.inferred and not isinstance(value, BlankNode):
                if self._said_narrower(node, line.predicate, value):
                    continue
                why = page.why(Triple(node, line.predicate, value))
            values.append(Value(self._shown(page, value), why))
        name = Link(line.when, page.local(line.predicate.value))
        own = self._passages_of(page, node, line.predicate)
        return Fact(name, tuple(values), line.inferred, own) if values else None

    def _is_a_step(self, value: Any) -> bool:
        """Whether a value is a thing that rules made and nobody named: a step of proofs."""
        return isinstance(value, NamedNode) and not self._labels(value)

    def _said_narrower(self, node: NamedNode, prop: NamedNode, thing: Any) -> bool:
        """Whether a narrower property says the same, so that this one need not be shown."""
        store = self.place.read.store
        return any(
            next(store.quads_for_pattern(node, narrow, thing, graph), None) is not None
            for narrow in self.narrower.get(prop, ())
            if narrow != prop
            for graph in TIMELESS
        )

    # --- parts -------------------------------------------------------------

    def part_nodes(self, node: NamedNode) -> list[NamedNode]:
        """Things whose IRI is a fragment of this one: the passages of a source."""
        store, start = self.place.read.store, node.value + "#"
        part_of = NamedNode("http://purl.org/dc/terms/isPartOf")
        found = {
            quad.subject
            for graph in TIMELESS
            for quad in store.quads_for_pattern(None, part_of, node, graph)
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(start)
        }
        return sorted(found, key=lambda n: natural(n.value))

    def _parts(self, page: Page, node: NamedNode) -> list[Part]:
        return [self.part(page, part) for part in self.part_nodes(node)]

    def part(self, page: Page, part: NamedNode) -> Part:
        """A passage with what rests on it."""
        path, _, fragment = self.place.path(part.value).partition("#")
        notes = [*self.reader.objects(part, _DEFINITION), *self.reader.objects(part, _COMMENT)]
        told = self.place.told_with
        citing = self.reader.subjects(csto("citesPassage"), part)
        resting = list(dict.fromkeys(told.get(node, node) for node in citing))
        # Many rest on one passage of a list: they are counted.
        links = tuple(page.link(node) for node in resting[:40])
        return Part(
            fragment,
            self.place.label(part),
            ", ".join(self.place.label(c) for c in self.classes(part)),
            notes[0].value if notes else "",
            page.url("/" + path, at=fragment) if page.live else "",
            len(resting),
            links,
        )


def _leave_out(sections: list[Section], box: list[Fact]) -> None:
    """Say once what the box says already, and what needs no proof."""

    def words(fact: Fact) -> tuple[str, ...]:
        return (fact.name.text, *sorted(value.link.text for value in fact.values))

    told = {words(fact) for fact in box}
    for section in sections:
        section.facts = [f for f in section.facts if f.inferred or words(f) not in told]
        section.count = len(section.facts) + len(section.rows)
    sections[:] = [section for section in sections if section.count]


def shorten_sections(page: Page, node: NamedNode, sections: list[Section]) -> None:
    """Leave the long sections of a long page to pages of their own."""
    if sum(section.count for section in sections) <= LONG:
        return
    path = page.place.path(node.value)
    for section in sections:
        if len(section.rows) > FEW and path and "#" not in path:
            section.more = page.url(f"/{path}/{section.slug}")
            section.rows = section.rows[: FEW if section.more else 2 * FEW]


def long_sections(sections: Sequence[Section]) -> Iterator[tuple[Section, list[list[Row]]]]:
    """The sections that have pages of their own, with the rows of each page."""
    if sum(section.count for section in sections) <= LONG:
        return
    for section in sections:
        if len(section.rows) > FEW:
            yield section, [section.rows[n : n + ROWS] for n in range(0, len(section.rows), ROWS)]


def disputed(page: Page, question: Question) -> Disputed:
    """A question with its sides as a page shows it."""
    sides = tuple(
        Side(
            Link(side.answer, page.local(side.claim.value) if side.claim else ""),
            side.claimant,
            side.rank,
            side.reason,
            tuple(page.passage(p) for p in side.cites),
        )
        for side in question.sides
    )
    href = page.local(question.node.value) if question.node else ""
    return Disputed(Link(question.question, href), question.kind, sides, question.number)


def told_days(held: tuple[list[Run], list[Run]], cut_off: str) -> str:
    """The days of a relation in words: those that are certain, and how far it can reach beyond."""
    certain, possible = ([_open(run, cut_off) for run in runs] for runs in held)
    words = [_span(run) for run in certain]
    for first, last in possible:
        inside = [run for run in certain if _within(run, (first, last))]
        if not inside:
            words.append(f"possibly {_span((first, last))}")
            continue
        if inside[0][0] != first and first:
            words.append(f"possibly from {in_words(first)}")
        if inside[-1][1] != last:
            words.append(f"possibly to {in_words(last)}" if last else "possibly on")
    shown = words[:4]
    more = f" and {len(words) - 4} more" if len(words) > 4 else ""
    return "; ".join(shown) + more


_Days = tuple[str, str]


def _open(run: Run, cut_off: str) -> _Days:
    """First and last day; none where nothing but the end of what is known bounds it."""
    first, last = (day.isoformat() if day else "" for day in run)
    return first, "" if last >= cut_off else last


def _within(run: _Days, other: _Days) -> bool:
    return (not other[0] or run[0] >= other[0]) and (
        not other[1] or (bool(run[1]) and run[1] <= other[1])
    )


def _span(run: _Days) -> str:
    first, last = run
    if not last:
        return f"from {in_words(first)}" if first else "always"
    return span_in_words(first, last)


def _foreign(text: Literal) -> str:
    """The language of a text that is not the page's own."""
    return text.language if text.language and text.language != "en" else ""


def _named(section: str) -> str:
    """The heading of a section: ``Situations: tenure`` is about tenures."""
    from csto.answer.kinds import plural

    head, _, kind = section.partition(": ")
    if head == "Situations" and kind:
        return plural(kind)[:1].upper() + plural(kind)[1:]
    if head == "Related" and kind:
        return f"Named as “{kind}” by"
    return section


def _slug(section: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", section.casefold()).strip("-")


def natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts p2 before p10."""
    return [(int(p), "") if p.isdigit() else (-1, p) for p in re.split(r"(\d+)", text)]
