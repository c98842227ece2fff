"""All that is known of one thing, on one screen.

What is stated, what follows (marked), what happened around it, what people claim
about it, and the passages for each; as of a day where one is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

from csto.answer.columns import paragraph
from csto.answer.dates import in_words, span_in_words
from csto.answer.holding import CERTAIN_WORD, holding
from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.reader import Reader, documents_first
from csto.graph.spans import since_until
from csto.vocabulary import (
    ASSERTED,
    CERTAIN,
    INFERRED,
    ONTOLOGY,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS,
    WELL_KNOWN,
    csto,
    shorten,
    slice_graph,
)

_PASSAGE = (csto("evidence"), csto("statedIn"))
# Shown in the heading, in a section of their own, or only steps on the way.
_ELSEWHERE = {
    RDF_TYPE,
    RDFS_LABEL,
    NamedNode(SKOS + "altLabel"),
    NamedNode(SKOS + "note"),
    csto("citesPassage"),
    csto("abbreviation"),
    csto("identifier"),
    *_PASSAGE,
}
_STEPS = {
    csto(name)
    for name in (
        *(
            "reading",
            "startLow",
            "startHigh",
            "startBy",
            "knownFrom",
            "endLow",
            "endHigh",
            "certainTo",
        ),
        *("earliest", "latest", "startEarliest", "startLatest", "endEarliest", "endLatest"),
        *("possibleOpening", "possibleClosing", "acceptedOpening", "acceptedClosing"),
        *("answer", "answeredFrom", "hasDifferingAnswers", "hasSharedAnswer"),
        *("answerOfTwo", "answerOfThree", "rivalledAnswer"),
        *("hasSeveralSources", "holdsOn", "kind", "dealsWith"),
    )
}
# By these a membership is one of the thing itself.
_OWN = {csto(name) for name in ("member", "organization", "holder", "framework", "openedBy")} | {
    csto(name) for name in ("closedBy", "possibleOpening", "possibleClosing", "concerns", "subject")
}
# Sections in the order of a reader's questions: what is it, what holds, what happened,
# what did not, in numbers, what is disputed, what is said.
_SECTIONS = (
    *("Evidence", "Stated and inferred", "Situations", "Acts", "What did not happen", "Figures"),
    *("Conflicts of sources", "Claims", "Assessments", "Names given", "Related"),
)
# Passages shown on a line for people; JSON has them all.
_SHOWN = 3
_CLAIMS = (("Figure", "Figures"), ("Assessment", "Assessments"), ("SourceLabel", "Names given"))
_DATES = ("acceptedDate", "acceptedStart", "start")


@dataclass(frozen=True)
class Line:
    """One line of a section: when, what, where it stands, and whether it is inferred.

    For links: ``node`` is the thing that the line tells of, ``predicate`` and ``values``
    are what a stated or inferred property says, ``cites`` are the passages as nodes.
    """

    when: str
    what: str
    passages: tuple[str, ...] = ()
    inferred: bool = False
    node: NamedNode | None = None
    predicate: NamedNode | None = None
    values: tuple[Any, ...] = ()
    cites: tuple[NamedNode, ...] = ()


@dataclass
class Portrait:
    """What is known of a thing, by section."""

    node: NamedNode
    title: str
    classes: list[str]
    other_names: list[str]
    sections: dict[str, list[Line]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def _repr_html_(self) -> str:
        """For a notebook: what it is, and its sections to unfold."""
        from html import escape

        def told(line: Line) -> str:
            when = f"<b>{escape(in_words_of(line.when))}</b> " if line.when else ""
            mark = " <i>(inferred)</i>" if line.inferred else ""
            cites = "; ".join(line.passages[:_SHOWN])
            return f"<li>{when}{escape(line.what)}{mark} <small>{escape(cites)}</small></li>"

        parts = "".join(
            f"<details><summary>{escape(name)} ({len(lines)})</summary>"
            f"<ul>{''.join(map(told, lines))}</ul></details>"
            for name, lines in self.sections.items()
        )
        kinds = escape(", ".join(self.classes))
        return f"<h3>{escape(self.title)}</h3><p>{kinds}</p>{parts}"


def portray(dataset: Dataset, node: NamedNode, day: str | None) -> Portrait:
    """Collect what is known of a thing.

    Args:
        dataset: the graph.
        node: the thing.
        day: only situations that can hold on this day, and what follows for it;
            ``None`` for all times.
    """
    return _Painter(dataset, day).paint(node)


class _Painter(Reader):
    def __init__(self, dataset: Dataset, day: str | None) -> None:
        super().__init__(dataset)
        self.dataset = dataset
        self.day = day
        self.holding: dict[NamedNode, str] = {}
        # Memberships of those who took part in the thing.
        self._standings: list[NamedNode] = []
        if day is not None:
            self.holding = holding(dataset, day)
            self.graphs.append(dataset.cut(day)[0])

    def cites(self, node: NamedNode) -> tuple[NamedNode, ...]:
        """Passages of a node, each once, in the order of their labels."""
        found = {p for name in _PASSAGE for p in self.objects(node, name)}
        labels = documents_first(self.things.label(p) for p in found)
        return tuple(sorted(found, key=lambda p: (labels.index(self.things.label(p)), p.value)))

    def line(self, when: str, what: str, node: NamedNode) -> Line:
        """A line that tells of a node, with the passages of that node."""
        cites = self.cites(node)
        passages = tuple(dict.fromkeys(self.things.label(p) for p in cites))
        return Line(when, what, passages, node=node, cites=cites)

    def classes(self, node: NamedNode) -> list[NamedNode]:
        """The most specific classes of ours that a node belongs to."""
        asserted = [
            quad.object
            for quad in self.store.quads_for_pattern(node, RDF_TYPE, None, ASSERTED)
            if isinstance(quad.object, NamedNode)
        ]
        if asserted:
            return sorted(asserted, key=str)
        return [c for c in self.objects(node, RDF_TYPE) if isinstance(c, NamedNode)]

    def is_a(self, node: NamedNode, *locals_: str) -> bool:
        wanted = {csto(local) for local in locals_}
        return any(kind in wanted for kind in self.objects(node, RDF_TYPE))

    def paint(self, node: NamedNode) -> Portrait:
        names = [*self.objects(node, csto("abbreviation"))]
        names += self.objects(node, NamedNode(SKOS + "altLabel"))
        portrait = Portrait(
            node,
            self.things.label(node),
            [self.things.label(c) for c in self.classes(node)],
            list(dict.fromkeys(n.value for n in names)),
            notes=[n.value for n in self.objects(node, NamedNode(SKOS + "note"))],
        )
        sections: dict[str, list[Line]] = defaultdict(list)
        own = self.line("", "", node)
        if own.cites:
            sections["Evidence"] = [Line("", "; ".join(own.passages), cites=own.cites)]
        sections["Stated and inferred"] = self._facts(node)
        seen = {node}
        for section, line in self._around(node, seen):
            sections[section].append(line)
        # Told are also what deals with it by way of its parts, members, claims and so on.
        for other in sorted(self.dealing_with(node) - seen, key=str):
            placed = self._place(other, csto("dealsWith"))
            if placed and not placed[0].startswith(("Related", "Situations")):
                sections[placed[0]].append(placed[1])
        if self._standings:
            sections["Situations: membership"] += self._by_organization()
        for lines in sections.values():
            # What has no date comes last.
            lines.sort(key=lambda line: (line.when == "", line.when.lstrip("[."), line.what))
        order = sorted(sections, key=lambda name: (_rank(name), name))
        portrait.sections = {name: sections[name] for name in order if sections[name]}
        return portrait

    def _facts(self, node: NamedNode) -> list[Line]:
        values: dict[tuple[NamedNode, bool], list[Any]] = defaultdict(list)
        stated: set[tuple[Any, Any]] = set()
        said = (ASSERTED, ONTOLOGY)
        for graph in [*said, *(g for g in self.graphs if g not in said)]:
            for quad in self.store.quads_for_pattern(node, None, None, graph):
                if quad.predicate in _ELSEWHERE | _STEPS or isinstance(quad.object, BlankNode):
                    continue
                pair = (quad.predicate, quad.object)
                if pair in stated:
                    continue
                stated.add(pair)
                values[quad.predicate, graph not in said].append(quad.object)
        lines = []
        for (predicate, inferred), objects in values.items():
            # What a stated narrower property says need not be said again.
            if inferred and all(self._implied(node, predicate, o) for o in objects):
                continue
            shown = ", ".join(sorted({self._shown(node, predicate, o) for o in objects}))
            lines.append(
                Line(
                    self.things.label(predicate),
                    shown,
                    (),
                    inferred,
                    predicate=predicate,
                    values=tuple(sorted(objects, key=lambda o: (self.show(o), str(o)))),
                )
            )
        return lines

    def _shown(self, node: NamedNode, predicate: NamedNode, thing: Any) -> str:
        """A value, and since when and until when it is one."""
        if self.day is not None:
            spans, triple = self.dataset.spans, Triple(node, predicate, thing)
            if triple in spans.held[0]:
                days = since_until(spans.of(triple, 0), self.day, self.dataset.cut_off)
                return f"{self.show(thing)} ({days})" if days else self.show(thing)
        return self.show(thing)

    def _implied(self, node: NamedNode, predicate: NamedNode, thing: Any) -> bool:
        return any(
            quad.predicate != predicate
            and any(
                True
                for _ in self.store.quads_for_pattern(
                    quad.predicate,
                    NamedNode("http://www.w3.org/2000/01/rdf-schema#subPropertyOf"),
                    predicate,
                    ONTOLOGY,
                )
            )
            for graph in self.graphs
            for quad in self.store.quads_for_pattern(node, None, thing, graph)
        )

    def _by_organization(self) -> list[Line]:
        """Memberships of those who took part in something: a line for each organization."""
        by: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for spell in self._standings:
            for body in self.objects(spell, "organization"):
                by[body].append(spell)
        lines = []
        for body, spells in by.items():
            told = {
                f"{self.text(spell, 'member')} ({self.text(spell, 'status')}"
                f"{self._how_surely(spell, ', ')})"
                for spell in spells
            }
            cites = tuple(
                dict.fromkeys(p for spell in sorted(spells, key=str) for p in self.cites(spell))
            )
            labels = tuple(dict.fromkeys(self.things.label(p) for p in cites))
            what = f"{self.things.label(body)}: {', '.join(sorted(told))}"
            lines.append(Line("", what, labels, node=body, cites=cites))
        return lines

    def _how_surely(self, spell: NamedNode, before: str) -> str:
        """The word for what does not certainly hold on the day; none without a day."""
        word = self.holding.get(spell, CERTAIN_WORD)
        return "" if word == CERTAIN_WORD else before + word

    def _around(self, node: NamedNode, seen: set[NamedNode]) -> Iterable[tuple[str, Line]]:
        """Whatever names the node, each once; ``seen`` has been told already."""
        for graph in TIMELESS:
            # The first of several properties counts: the same one whatever the store gives first.
            quads = self.store.quads_for_pattern(None, None, node, graph)
            for quad in sorted(quads, key=lambda q: (q.predicate.value, str(q.subject))):
                other = quad.subject
                if not isinstance(other, NamedNode) or other in seen:
                    continue
                if quad.predicate in (RDF_TYPE, csto("citesPassage")):
                    continue
                seen.add(other)
                placed = self._place(other, quad.predicate)
                if placed:
                    yield placed
                if self.is_a(other, "Operation") and not self.is_a(node, "Agent"):
                    # What was done in a crisis is part of its story: contingents, figures, acts.
                    yield from self._around(other, seen)

    def _place(self, other: NamedNode, predicate: NamedNode) -> tuple[str, Line] | None:
        if self.is_a(other, "Conflict"):
            return "Conflicts of sources", Line("", self.things.label(other), node=other)
        if self.is_a(other, "Claim"):
            section = next((name for kind, name in _CLAIMS if self.is_a(other, kind)), "Claims")
            return section, self._claim(other)
        if self.is_a(other, "Overlap", "Support", "CastVote"):
            return None
        when = self._when(other)
        label = self.things.label(other)
        if self.is_a(other, "Situation"):
            if self.day is not None and other not in self.holding:
                return None
            if self.is_a(other, "Membership") and predicate not in _OWN:
                self._standings.append(other)
                return None
            if surely := self._how_surely(other, ""):
                label += f" ({surely})"
            kind = self.things.label(self.classes(other)[0])
            return f"Situations: {kind}", self.line(when, label, other)
        if self.day is not None and when and when[:10] > self.day:
            return None
        if self.is_a(other, "Act"):
            return "Acts", self.line(when, label, other)
        if self.is_a(other, "Omission"):
            return "What did not happen", self.line(when, label, other)
        return (
            f"Related: {self.things.label(predicate)}",
            Line("", f"{label} ({shorten(other.value)})", node=other),
        )

    def _when(self, node: NamedNode) -> str:
        start = next((o.value for d in _DATES for o in self.objects(node, csto(d))), "")
        ends = self.objects(node, csto("acceptedLastDay")) + self.objects(node, csto("lastDay"))
        last = ends or self.objects(node, csto("acceptedEnd"))
        end = last[0].value if last else ""
        return f"{start} – {end}" if end and end != start else start

    def _claim(self, claim: NamedNode) -> Line:
        ranks = self.objects(claim, csto("rank"))
        said = [o.value for o in self.objects(claim, csto("proposition"))]
        text = said[0] if said else self.things.label(claim)
        values = [*self.objects(claim, csto("value")), *self.objects(claim, csto("object"))]
        measure = [self.show(o) for o in self.objects(claim, csto("measure"))]
        qualifier = [self.show(o) for o in self.objects(claim, csto("qualifier"))]
        if values and (measure or not said):
            shown = " ".join([*measure, *qualifier, ", ".join(self.show(v) for v in values)])
            text = f"{text.removesuffix('.')}: {shown}"
        holder = ", ".join(self.show(o) for o in self.objects(claim, csto("claimant")))
        standing = [word.value for rank in ranks for word in self.objects(rank, "toldAs")]
        said_of = "; ".join([*standing, holder])
        return self.line("", f"{text} ({said_of})", claim)


def _rank(section: str) -> int:
    return _SECTIONS.index(section.partition(":")[0])


def as_text(
    portrait: Portrait,
    width: int = 100,
    *,
    summary: Sequence[str] = (),
    sections: Sequence[str] | None = None,
) -> str:
    """A portrait for people, wrapped to ``width`` columns.

    Args:
        portrait: what is known.
        width: columns.
        summary: lines that stand after the heading.
        sections: names of the sections that are written out; the others are counted.
            ``None`` for all.
    """
    head = f"{portrait.title}  ·  {shorten(portrait.node.value)}  ·  {', '.join(portrait.classes)}"
    lines = paragraph(head, width)
    if portrait.other_names:
        lines += paragraph("also: " + ", ".join(portrait.other_names), width)
    for note in portrait.notes:
        lines += paragraph("note: " + note, width)
    if summary:
        lines += ["", *summary]
    folded = []
    for name, section in portrait.sections.items():
        if sections is not None and not any(_names(name, wanted) for wanted in sections):
            folded.append(f"{name}\u00a0{len(section)}")
            continue
        lines += ["", name, *_section(section, width)]
    if folded:
        lines += ["", *paragraph("Sections: " + " · ".join(folded), width)]
        lines.append("(--section NAME writes one out, --all every one)")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def sections_named(portrait: Portrait, wanted: Sequence[str]) -> list[str]:
    """The names asked for, each of which fits a section.

    Raises:
        InputError: for one that fits none, with the sections that there are.
    """
    for name in wanted:
        if not any(_names(section, name) for section in portrait.sections):
            there = ", ".join(portrait.sections)
            raise InputError(f'no section is called "{name}"; there are: {there}')
    return list(wanted)


def _names(section: str, wanted: str) -> bool:
    """Whether a user means this section: its name, the part after the colon, or its start."""
    name, key = section.casefold(), wanted.strip().casefold()
    return name.startswith(key) or name.partition(": ")[2].startswith(key)


def _section(section: Sequence[Line], width: int) -> list[str]:
    lines: list[str] = []
    times = [in_words_of(line.when) for line in section]
    column = min(max((len(when) for when in times), default=0), 24)
    for line, when in zip(section, times, strict=True):
        mark = " [inferred]" if line.inferred else ""
        first = f"  {when:<{column}}  " if column else "  "
        if len(first) > column + 4:
            # A span in words is longer than the column: it has a line of its own.
            lines.append("  " + when)
            first = " " * (column + 4)
        rest = " " * len(first)
        body = line.what + mark
        lines += paragraph(body, width, first, rest)
        if line.passages:
            shown = "; ".join(line.passages[:_SHOWN])
            if len(line.passages) > _SHOWN:
                shown += f"; and {len(line.passages) - _SHOWN} more"
            lines += paragraph(shown, width, rest + "↳ ", rest + "  ")
    return lines


def in_words_of(when: str) -> str:
    """The days of a line as people say them; what is no date stays."""
    start, dash, end = when.partition(" – ")
    return span_in_words(start, end) if dash else in_words(when)


def as_json(portrait: Portrait) -> str:
    """A portrait for programs."""
    import json

    content = {
        "iri": portrait.node.value,
        "label": portrait.title,
        "classes": portrait.classes,
        "names": portrait.other_names,
        "notes": portrait.notes,
        "sections": {
            name: [
                {
                    "when": line.when,
                    "what": line.what,
                    "passages": list(line.passages),
                    "inferred": line.inferred,
                }
                for line in section
            ]
            for name, section in portrait.sections.items()
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def triples_about(dataset: Dataset, node: NamedNode, day: str | None) -> set[Triple]:
    """Every triple that has the thing as subject or object, and holds on the day."""
    graphs = [ASSERTED, INFERRED, ONTOLOGY]
    if day is not None:
        dataset.cut(day)
        graphs.append(slice_graph(day, CERTAIN))
    triples: set[Triple] = set()
    for graph in graphs:
        for subject, thing in ((node, None), (None, node)):
            for quad in dataset.store.quads_for_pattern(subject, None, thing, graph):
                if not isinstance(quad.subject, BlankNode):
                    triples.add(quad.triple)
    return triples


def as_turtle(dataset: Dataset, node: NamedNode, day: str | None) -> str:
    """Every triple that has the thing as subject or object, as Turtle."""
    triples = triples_about(dataset, node, day)
    prefixes = {**dataset.prefixes, **WELL_KNOWN}
    data = serialize(sorted(triples, key=str), format=RdfFormat.TURTLE, prefixes=prefixes) or b""
    return data.decode()


__all__ = ["Line", "Portrait", "as_json", "as_text", "as_turtle", "portray", "triples_about"]
