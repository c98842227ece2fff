"""Compare two sides: statements, files, and what follows from them.

Statements are compared as they are written, nodes without a name by all that hangs on
them. Rules, checks and queries are compared as files.

What follows is told in the relations that the ontology leaves to rules: those between
things, and dates as they are shown. Bounds and readings, from which these come, are not.
Which these are is read from the ontology, so a new relation needs nothing here.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Literal, NamedNode

from csto.answer.diff.programs import ProgramChange, compare_programs
from csto.answer.diff.sides import Side
from csto.answer.diff.structure import Statement, Structure, statements
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
    """Values of one property of a thing that went and came, as they are shown.

    ``inside`` tells what differs within values that have no name: axioms, parts of shapes,
    lists.
    """

    property: str
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """What changed of one thing.

    ``how`` is added, removed, changed or renamed (then ``was`` is its old name); ``layer``
    is ``fact`` for facts and terms, ``shape`` for shapes, ``axiom`` for a statement without
    a name.
    """

    name: str
    label: str
    how: str
    changes: tuple[Change, ...]
    layer: str = "fact"
    was: str = ""


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
    """All that differs between two sides: statements, files, and what follows."""

    first: str
    second: str
    day: str
    added: int = 0
    removed: int = 0
    entries: list[Entry] = field(default_factory=list)
    programs: list[ProgramChange] = field(default_factory=list)
    consequences: list[Consequence] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.entries or self.programs or self.consequences)

    @property
    def changed(self) -> int:
        """Properties of which the value went and another came."""
        return sum(1 for e in self.entries for c in e.changes if c.old and c.new)


def compare(first: Side, second: Side, day: str) -> Difference:
    """Compare statements and files, and what follows timelessly and on ``day``."""
    names = _Names((second.dataset, first.dataset))
    result = Difference(first.name, second.name, day)
    one, two = first.written, second.written
    if first.whole == second.whole:
        old = statements([*one.facts, *one.terms])
        new = statements([*two.facts, *two.terms])
        renamed = _entries(result, old, new, names, "fact")
        _entries(result, statements(one.shapes), statements(two.shapes), names, "shape")
        result.programs = compare_programs(one.programs, two.programs)
    else:
        # An export may have the terms of the store, so both sides are taken as the store has them.
        renamed = _entries(result, _said(first.dataset), _said(second.dataset), names, "fact")
    result.entries.sort(
        key=lambda e: (
            _LAYERS.index(e.layer),
            e.how != "removed",
            e.how != "renamed",
            e.how != "changed",
            e.label,
            e.name,
        )
    )
    if first.dataset.key != second.dataset.key:
        result.consequences = _consequences(first.dataset, second.dataset, day, names, renamed)
    return result


_LAYERS = ("fact", "axiom", "shape")


def _entries(
    result: Difference, old: set[Statement], new: set[Statement], names: _Names, layer: str
) -> dict[Any, Any]:
    """Note what differs; returned are the old names of what was renamed, with the new ones."""
    gone, come = old - new, new - old
    result.removed += len(gone)
    result.added += len(come)
    before, after = {s for s, _, _ in old}, {s for s, _, _ in new}
    touched: dict[Any, dict[Any, tuple[list[Any], list[Any]]]] = defaultdict(dict)
    for side, found in enumerate((gone, come)):
        for subject, prop, value in found:
            touched[subject].setdefault(prop, ([], []))[side].append(value)
    roots = [node for node in touched if isinstance(node, Structure)]
    result.entries += _axioms(roots, before, names)
    named = {node: said for node, said in touched.items() if not isinstance(node, Structure)}
    renamed = _renamed(named, before, after)
    for node, properties in named.items():
        if node in renamed.values():
            continue
        how = "changed"
        if node not in before:
            how = "added"
        elif node not in after:
            how = "removed"
        changes = [
            _change(name, gone, come, names)
            for name, (gone, come) in properties.items()
            # The label of a new or lost thing is its heading.
            if (how == "changed" or name != RDFS_LABEL)
            and not _follows_renaming(gone, come, renamed)
        ]
        if node in renamed:
            other = renamed[node]
            was, label = shorten(node.value), names.label(other)
            result.entries.append(Entry(shorten(other.value), label, "renamed", (), layer, was))
            continue
        if how == "changed" and not changes:
            continue
        changes.sort(key=lambda c: (c.property != "type", c.property))
        entry = Entry(shorten(node.value), names.label(node), how, tuple(changes), layer)
        result.entries.append(entry)
    return renamed


def _axioms(roots: list[Structure], before: set[Any], names: _Names) -> list[Entry]:
    """Statements about nodes without a name: paired where one took the place of another."""
    gone = [root for root in roots if root in before]
    come = [root for root in roots if root not in before]
    found = []
    for root in sorted(come, key=lambda r: r.key):
        same = [other for other in gone if other.kind == root.kind and _shared(other, root)]
        if not same:
            found.append(_axiom(root, "added", names))
            continue
        other = max(same, key=lambda o: (_shared(o, root), o.key))
        gone.remove(other)
        inside = tuple(_inside(other, root, names))
        text = root.words(names.value)
        change = Change("", (other.words(names.value),), (text,), inside)
        found.append(Entry(_title(root, names), _title(root, names), "changed", (change,), "axiom"))
    return [*found, *(_axiom(root, "removed", names) for root in gone)]


def _axiom(root: Structure, how: str, names: _Names) -> Entry:
    text = root.words(names.value)
    change = Change("", (text,) if how == "removed" else (), (text,) if how == "added" else ())
    return Entry(_title(root, names), _title(root, names), how, (change,), "axiom")


def _title(root: Structure, names: _Names) -> str:
    return f"statement without a name ({names.label(root.kind)})" if root.kind else "statement"


def _shared(one: Structure, other: Structure) -> int:
    """How much two structures have in common; members of lists count."""
    if one.members is not None or other.members is not None:
        return len(set(one.members or ()) & set(other.members or ()))
    mine, theirs = set(one.pairs), set(other.pairs)
    count = len(mine & theirs)
    for prop, value in mine - theirs:
        for name, thing in theirs - mine:
            if prop == name and isinstance(value, Structure) and isinstance(thing, Structure):
                count += bool(_shared(value, thing))
    return count


def _inside(old: Any, new: Any, names: _Names, where: str = "") -> Iterator[str]:
    """What differs between two structures, each difference in a line."""
    lead = f"{where}: " if where else ""
    if not isinstance(old, Structure) or not isinstance(new, Structure):
        was, now = _alike([old], [new], names)
        yield f"{lead}{was[0]} → {now[0]}"
        return
    if old.members is not None and new.members is not None:
        gone = [m for m in old.members if m not in new.members]
        come = [m for m in new.members if m not in old.members]
        if len(gone) == len(come) == 1 and len(old.members) == len(new.members):
            yield from _inside(gone[0], come[0], names, f"{lead}member".strip())
            return
        yield from (f"{lead}without {names.value(m)}" for m in gone)
        yield from (f"{lead}with {names.value(m)}" for m in come)
        if not gone and not come:
            yield f"{lead}in another order: {new.words(names.value)}"
        return
    gone_pairs = [pair for pair in old.pairs if pair not in new.pairs]
    come_pairs = [pair for pair in new.pairs if pair not in old.pairs]
    for prop, value in gone_pairs:
        step = f"{lead}{names.property(prop)}"
        same = [pair for pair in come_pairs if pair[0] == prop]
        if same:
            chosen = max(same, key=lambda pair: _closeness(value, pair[1]))
            come_pairs.remove(chosen)
            yield from _inside(value, chosen[1], names, step)
        else:
            yield f"{step} {names.value(value)} went"
    for prop, value in come_pairs:
        yield f"{lead}{names.property(prop)} {names.value(value)} came"


def _closeness(one: Any, other: Any) -> int:
    both = isinstance(one, Structure) and isinstance(other, Structure)
    return _shared(one, other) if both else 0


def _change(prop: Any, gone: list[Any], come: list[Any], names: _Names) -> Change:
    inside: list[str] = []
    old = [value for value in gone if isinstance(value, Structure)]
    new = [value for value in come if isinstance(value, Structure)]
    for value in sorted(old, key=lambda v: v.key):
        if not new:
            break
        chosen = max(new, key=lambda other: (_shared(value, other), other.key))
        new.remove(chosen)
        inside += _inside(value, chosen, names, _known_by(chosen, names))
        gone, come = [v for v in gone if v != value], [v for v in come if v != chosen]
    was, now = _alike(gone, come, names)
    return Change(names.property(prop), tuple(sorted(was)), tuple(sorted(now)), tuple(inside))


def _known_by(structure: Structure, names: _Names) -> str:
    """What tells one of several structures from the others: the property that it is about."""
    for prop, value in structure.pairs:
        if prop.value in _ABOUT:
            return f"{names.property(prop)} {names.value(value)}"
    return ""


_ABOUT = ("http://www.w3.org/ns/shacl#path", OWL + "onProperty")


def _alike(gone: list[Any], come: list[Any], names: _Names) -> tuple[list[str], list[str]]:
    """Values as they are shown, with what differs where they look alike."""
    was, now = [names.value(v) for v in gone], [names.value(v) for v in come]
    looks = {_look(text) for text in was} & {_look(text) for text in now}
    if not looks:
        return was, now

    def longer(value: Any, text: str) -> str:
        return _in_full(value) if _look(text) in looks else text

    was = [longer(v, text) for v, text in zip(gone, was, strict=True)]
    now = [longer(v, text) for v, text in zip(come, now, strict=True)]
    looks = {_look(text) for text in was} & {_look(text) for text in now}

    def points(text: str) -> str:
        if _look(text) not in looks:
            return text
        odd = [c for c in text if not c.isascii() or not c.isprintable()]
        return f"{text} ({' '.join(f'U+{ord(c):04X}' for c in odd) or 'ASCII'})"

    return [points(text) for text in was], [points(text) for text in now]


def _look(text: str) -> str:
    """A text as the eye takes it: one form for each letter, nothing that cannot be seen."""
    folded = unicodedata.normalize("NFKC", text)
    return " ".join("".join(c for c in folded if unicodedata.category(c) != "Cf").split())


def _in_full(value: Any) -> str:
    if isinstance(value, Literal):
        text = f'"{value.value}"'
        if value.language:
            return f"{text}@{value.language}"
        return f"{text} ({shorten(value.datatype.value)})"
    return value.value if isinstance(value, NamedNode) else str(value)


def _renamed(
    touched: dict[Any, dict[Any, tuple[list[Any], list[Any]]]], before: set[Any], after: set[Any]
) -> dict[Any, Any]:
    """Things that went while one with the same statements came: old names to new ones."""

    def content(node: Any, side: int) -> frozenset[Any]:
        return frozenset(
            (prop, "itself" if value == node else value)
            for prop, sides in touched[node].items()
            for value in sides[side]
        )

    come: dict[frozenset[Any], list[Any]] = defaultdict(list)
    for node in touched:
        if node not in before:
            come[content(node, 1)].append(node)
    found = {}
    for node in touched:
        if node in before and node not in after:
            same = come.get(content(node, 0), [])
            if len(same) == 1 and len(content(node, 0)) > 1:
                found[node] = same.pop()
    return found


def _follows_renaming(gone: list[Any], come: list[Any], renamed: dict[Any, Any]) -> bool:
    """Whether a change only takes up a new name."""
    return bool(gone) and {renamed.get(value, value) for value in gone} == set(come)


def _said(dataset: Dataset) -> set[Statement]:
    """Facts, and terms of the ontology, as the store has them."""
    return {
        (quad.subject, quad.predicate, quad.object)
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
        if isinstance(node, Structure):
            return node.words(self.value)
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


def _consequences(
    first: Dataset, second: Dataset, day: str, names: _Names, renamed: dict[Any, Any]
) -> list[Consequence]:
    for dataset in (first, second):
        dataset.make_asked()
    told_first, _ = _told(first)
    told_second, narrower = _told(second)
    told = told_first | told_second
    old, new = _held(first, day, told), _held(second, day, told)
    # What follows of a thing under its new name is what followed under its old one.
    old = {(renamed.get(s, s), prop, renamed.get(o, o)): word for (s, prop, o), word in old.items()}
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
    if renamed:
        found = list(_without_new_names(found))
    return sorted(found, key=lambda c: (c.now != "", c.property, c.subject, c.object, c.was))


def _without_new_names(found: list[Consequence]) -> Iterator[Consequence]:
    """Less what went and came in the same words: nodes that rules make are named after things."""
    said = Counter((c.subject, c.property, c.object, c.was, c.now) for c in found)
    for one in found:
        words = (one.subject, one.property, one.object)
        if said[*words, one.was, one.now] > said[*words, one.now, one.was]:
            yield one


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
