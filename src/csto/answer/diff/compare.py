"""Compare two datasets: facts, and what follows from them.

What follows is told in the relations that the ontology leaves to rules: those between
things, and dates as they are shown. Bounds and readings, from which these come, are not.
Which these are is read from the ontology, so a new relation needs nothing here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from csto.answer.diff.sides import Side
from csto.graph.dataset import Dataset
from csto.vocabulary import (
    ASSERTED,
    CSTO,
    EDTF,
    INFERRED,
    ONTOLOGY,
    OWL,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    csto,
    shorten,
)

_DOMAIN = NamedNode("https://schema.org/domainIncludes")
_INVERSE = NamedNode(OWL + "inverseOf")
_SUBPROPERTY = NamedNode(RDFS + "subPropertyOf")


@dataclass(frozen=True)
class Change:
    """Values of one property of a thing that went and came, as they are shown."""

    property: str
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """What changed of one thing; ``how`` is added, removed or changed."""

    name: str
    label: str
    how: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Consequence:
    """One relation that began or ceased to follow.

    ``was`` and ``now`` are ``certain``, ``possible`` or empty for what holds on the day,
    ``follows`` for what follows without a day.
    """

    subject: str
    property: str
    object: str
    was: str
    now: str


@dataclass
class Difference:
    """All that differs between two sides."""

    first: str
    second: str
    day: str
    added: int = 0
    removed: int = 0
    entries: list[Entry] = field(default_factory=list)
    consequences: list[Consequence] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.entries)

    @property
    def changed(self) -> int:
        """Properties of which the value went and another came."""
        return sum(1 for e in self.entries for c in e.changes if c.old and c.new)


def compare(first: Side, second: Side, day: str) -> Difference:
    """Compare facts and terms, and what follows timelessly and on ``day``."""
    names = _Names((second.dataset, first.dataset))
    old, new = _said(first.dataset), _said(second.dataset)
    result = Difference(first.name, second.name, day)
    result.added, result.removed = len(new - old), len(old - new)
    before = {t.subject for t in old}
    after = {t.subject for t in new}
    touched: dict[Any, dict[Any, tuple[list[Any], list[Any]]]] = defaultdict(dict)
    for side, found in enumerate((old - new, new - old)):
        for triple in found:
            pair = touched[triple.subject].setdefault(triple.predicate, ([], []))
            pair[side].append(triple.object)
    for node, properties in touched.items():
        how = "changed"
        if node not in before:
            how = "added"
        elif node not in after:
            how = "removed"
        changes = [
            Change(
                names.property(name),
                tuple(sorted(map(names.value, gone))),
                tuple(sorted(map(names.value, come))),
            )
            for name, (gone, come) in properties.items()
            # The label of a new or lost thing is its heading.
            if how == "changed" or name != RDFS_LABEL
        ]
        changes.sort(key=lambda c: (c.property != "type", c.property))
        result.entries.append(Entry(shorten(node.value), names.label(node), how, tuple(changes)))
    result.entries.sort(key=lambda e: (e.how != "removed", e.how != "changed", e.label, e.name))
    if result:
        result.consequences = _consequences(first.dataset, second.dataset, day, names)
    return result


def _said(dataset: Dataset) -> set[Triple]:
    """Facts, and terms of the ontology; blank nodes of OWL syntax have no names to compare."""
    return {
        quad.triple
        for graph in (ASSERTED, ONTOLOGY)
        for quad in dataset.store.quads_for_pattern(None, None, None, graph)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, (NamedNode, Literal))
    }


class _Names:
    """How nodes, properties and values are shown, by the later side before the earlier."""

    def __init__(self, datasets: tuple[Dataset, ...]) -> None:
        self.datasets = datasets

    def label(self, node: Any) -> str:
        if not isinstance(node, NamedNode):
            return str(node)
        short = shorten(node.value)
        for dataset in self.datasets:
            label = dataset.things.label(node)
            if label != short:
                return label
        return self._overlap(node) or short

    def _overlap(self, node: NamedNode) -> str:
        """An inferred node without a label is named by what it joins."""
        for dataset in self.datasets:
            found = dataset.store.quads_for_pattern(node, csto("overlapOf"), None, INFERRED)
            joined = sorted(self.label(quad.object) for quad in found)
            if joined:
                return "overlap of " + " and ".join(joined)
        return ""

    def property(self, node: Any) -> str:
        return "type" if node == RDF_TYPE else self.label(node)

    def value(self, node: Any) -> str:
        if isinstance(node, Literal):
            return node.value
        label, short = self.label(node), shorten(node.value)
        return label if label == short or node.value.startswith(CSTO) else f"{label} ({short})"


def _told(dataset: Dataset) -> tuple[set[Any], dict[Any, set[Any]]]:
    """Properties whose consequences are told, and the narrower ones of each."""
    store = dataset.store
    ours = {
        q.subject
        for kind in (OWL + "ObjectProperty", OWL + "DatatypeProperty")
        for q in store.quads_for_pattern(None, RDF_TYPE, NamedNode(kind), ONTOLOGY)
        if isinstance(q.subject, NamedNode) and q.subject.value.startswith(CSTO)
    }
    stated = {q.subject for q in store.quads_for_pattern(None, _DOMAIN, None, ONTOLOGY)}
    inverse = {q.object for q in store.quads_for_pattern(None, _INVERSE, None, ONTOLOGY)}
    narrower: dict[Any, set[Any]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, _SUBPROPERTY, None, ONTOLOGY):
        narrower[quad.object].add(quad.subject)
    wider_of_stated = {wide for wide, narrow in narrower.items() if narrow & stated}
    return ours - stated - inverse - wider_of_stated, narrower


def _held(dataset: Dataset, day: str, told: set[Any]) -> dict[tuple[Any, Any, Any], str]:
    certain, possible = dataset.cut(day)
    held: dict[tuple[Any, Any, Any], str] = {}
    for graph, word in ((possible, "possible"), (certain, "certain"), (INFERRED, "follows")):
        for quad in dataset.store.quads_for_pattern(None, None, None, graph):
            if quad.predicate not in told or not isinstance(quad.subject, NamedNode):
                continue
            thing = quad.object
            dated = isinstance(thing, Literal) and thing.datatype.value == EDTF
            if (isinstance(thing, NamedNode) or dated) and quad.subject not in (certain, possible):
                held[quad.subject, quad.predicate, thing] = word
    return held


def _consequences(first: Dataset, second: Dataset, day: str, names: _Names) -> list[Consequence]:
    told_first, _ = _told(first)
    told_second, narrower = _told(second)
    told = told_first | told_second
    old, new = _held(first, day, told), _held(second, day, told)
    moved = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    # A wider relation says nothing beside a narrower one.
    moved = {key for key in moved if not _repeats(key, moved, narrower)}
    minted: dict[tuple[Any, str, str], list[tuple[Any, Any]]] = defaultdict(list)
    found = []
    for key in moved:
        subject, name, thing = key
        was, now = old.get(key, ""), new.get(key, "")
        if _is_known(subject, (first, second)):
            words = names.label(thing) if isinstance(thing, NamedNode) else thing.value
            found.append(Consequence(names.label(subject), names.property(name), words, was, now))
        else:
            minted[subject, was, now].append((name, thing))
    for (subject, was, now), said in minted.items():
        found.append(Consequence(names.label(subject), *_as_one(said, names), was, now))
    return sorted(found, key=lambda c: (c.now != "", c.property, c.subject, c.object, c.was))


def _is_known(node: Any, datasets: tuple[Dataset, ...]) -> bool:
    """Whether a node is stated in a file, and not made by a rule."""
    return any(
        next(dataset.store.quads_for_pattern(node, None, None, graph), None)
        for dataset in datasets
        for graph in (ASSERTED, ONTOLOGY)
    )


def _as_one(said: list[tuple[Any, Any]], names: _Names) -> tuple[str, str]:
    """What is said of a node that a rule made, in one: its dates and concepts.

    The things that it joins are in its name already.
    """
    values = [
        (name, thing.value if isinstance(thing, Literal) else names.label(thing))
        for name, thing in said
        if isinstance(thing, Literal) or "/concept/" in thing.value
    ]
    parts = sorted(f"{names.property(name)} {value}" for name, value in values)
    return "", ", ".join(parts)


def _repeats(
    key: tuple[Any, Any, Any], moved: set[tuple[Any, Any, Any]], narrower: dict[Any, set[Any]]
) -> bool:
    subject, name, thing = key
    return any((subject, narrow, thing) in moved for narrow in _below(name, narrower))


def _below(name: Any, narrower: dict[Any, set[Any]]) -> Iterable[Any]:
    waiting, seen = list(narrower.get(name, ())), set()
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += narrower.get(here, ())
    return seen
