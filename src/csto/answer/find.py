"""Full text over names, propositions, wordings, notes and headings, best things first.

The index is a small SQLite file beside the graph in the cache, made when first asked.
Order, not the engine, decides what is useful: a name that is exactly what was asked,
then the words as a phrase, then all words, then some; within that the kinds that the
ontology puts first, and short names before long ones.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pyoxigraph import Literal, NamedNode, QuerySolutions

from csto.answer.dates import bounds, in_words
from csto.answer.kinds import ABOUT, Asking
from csto.answer.query import run
from csto.answer.texts import TABLES, Asked, Texts, words_of
from csto.graph import cache
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.reader import Reader
from csto.vocabulary import ASSERTED, ONTOLOGY, RDF_TYPE, RDFS, SKOS, csto

# Rises when what is kept, or how, changes.
_FORM = 6
_KEEP = 3
_NAMES = (NamedNode(RDFS + "label"), csto("abbreviation"), csto("symbol"))
_OTHER = (NamedNode(SKOS + "altLabel"), csto("officialName"))
_SAYS = (
    *(csto(name) for name in ("proposition", "wording", "heading", "reason", "number")),
    NamedNode(SKOS + "note"),
    NamedNode(SKOS + "definition"),
    NamedNode("http://purl.org/dc/terms/title"),
    NamedNode("http://purl.org/dc/terms/creator"),
)
_DATES = tuple(map(csto, ("acceptedDate", "acceptedStart", "start", "asOf", "plannedFor")))
_ENDS = tuple(map(csto, ("acceptedEnd", "acceptedLastDay", "lastDay")))
_SPLIT = "\n"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Hit:
    """A thing that was found: its kind, its dates, and where the words stand."""

    node: NamedNode
    kind: str
    start: str
    end: str
    label: str
    by: str
    hit: str


@dataclass
class Facets:
    """What hits must be besides: of a kind, about a thing, within days, from a source."""

    kinds: Sequence[NamedNode] = ()
    about: NamedNode | None = None
    first: str = ""
    last: str = ""
    source: NamedNode | None = None


# Values of a node by property, in a fixed order.
_Said = dict[NamedNode, list[Any]]
_Found = tuple[tuple[bool, int, int, int, float, float, str], Hit, list[str]]


def _texts(said: _Said, predicates: Iterable[NamedNode]) -> list[str]:
    return list(dict.fromkeys(o.value for p in predicates for o in said.get(p, ())))


class Finder:
    """Searches one dataset; opening it makes the index if there is none."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.ask = Asking(dataset.store)
        self.index = self._open()
        self.texts = Texts(self.index)

    def _open(self) -> sqlite3.Connection:
        path = cache.cache_folder() / "find" / f"{self.dataset.key}-{_FORM}.sqlite"
        index = sqlite3.connect(":memory:")
        try:
            index.deserialize(path.read_bytes())
            index.execute("SELECT count(*) FROM things").fetchone()
            return index
        except (OSError, sqlite3.Error):
            index.close()
        index = sqlite3.connect(":memory:")
        self._fill(index)
        cache.keep_file(path, index.serialize(), _KEEP)
        return index

    def _fill(self, index: sqlite3.Connection) -> None:
        """Write one row for each thing that has a name, with all its texts."""
        index.executescript(
            "CREATE TABLE things (id INTEGER PRIMARY KEY, iri TEXT, kind TEXT, classes TEXT,"
            " weight INTEGER, start TEXT, end TEXT, label TEXT, doer TEXT, names TEXT, says TEXT);"
            + TABLES
        )
        reader = Reader(self.dataset)
        store = self.dataset.store
        labelled = {
            quad.subject
            for graph in (ASSERTED, ONTOLOGY)
            for quad in store.quads_for_pattern(None, _NAMES[0], None, graph)
            if isinstance(quad.subject, NamedNode)
        }
        weights = self._weights()
        further = self._further()
        called = self._called()
        texts = []
        for at, node in enumerate(sorted(labelled, key=str), 1):
            classes = self._classes(node)
            said = self._said(node)
            names, other, says = (_texts(said, those) for those in (_NAMES, _OTHER, _SAYS))
            other += called.get(node, [])
            label = self.dataset.things.label(node)
            kind = next((self.ask.kinds[c].label for c in classes if c in self.ask.kinds), "")
            weight = min((weights[c] for c in classes if c in weights), default=_MIDDLE)
            start = next(iter(_texts(said, _DATES)), "")
            end = next(iter(_texts(said, _ENDS)), "")
            around = {kind, start[:4], *self._around(said)}
            around.update(word for c in classes for word in further.get(c, ()))
            index.execute(
                "INSERT INTO things VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                (
                    at,
                    node.value,
                    kind or "concept",
                    " ".join(c.value for c in classes),
                    weight,
                    start,
                    end,
                    label,
                    self._by(reader, self._said(node, [ASSERTED]), said),
                    _SPLIT.join([*names, *other]),
                    _SPLIT.join(says),
                ),
            )
            near = _SPLIT.join(sorted(around))
            # A day is asked for in words: what began on it is found as by a name.
            days = [in_words(start)] if _DAY.fullmatch(start) else []
            also = _SPLIT.join([*other, *days])
            texts.append((at, _SPLIT.join(names), also, _SPLIT.join(says), near))
        Texts(index).fill(texts)
        index.commit()

    def _further(self) -> dict[NamedNode, list[str]]:
        """Further words for what is of a class, as the ontology has them."""
        found: dict[NamedNode, list[str]] = {}
        for word, nodes in self.ask.words.items():
            for node in nodes:
                found.setdefault(node, []).append(word)
        return found

    def _called(self) -> dict[NamedNode, list[str]]:
        """What sources and speakers call a thing, by thing."""
        found: dict[NamedNode, list[str]] = {}
        store = self.dataset.store
        for quad in store.quads_for_pattern(None, csto("wording"), None, ASSERTED):
            for thing in store.quads_for_pattern(quad.subject, csto("about"), None, ASSERTED):
                if isinstance(thing.object, NamedNode) and isinstance(quad.object, Literal):
                    names = found.setdefault(thing.object, [])
                    if quad.object.value not in names:
                        names.append(quad.object.value)
        return {node: sorted(names) for node, names in found.items()}

    def _weights(self) -> dict[NamedNode, int]:
        """The order of kinds that the ontology gives, by class."""
        found = {}
        for quad in self.dataset.store.quads_for_pattern(None, csto("weight"), None, ONTOLOGY):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                found[quad.subject] = int(quad.object.value)
        return found

    def _classes(self, node: NamedNode) -> list[NamedNode]:
        """Classes of a node: the stated ones first, then what they imply."""
        found: list[NamedNode] = []
        for graph in (ASSERTED, *Reader(self.dataset).graphs):
            for quad in self.dataset.store.quads_for_pattern(node, RDF_TYPE, None, graph):
                if isinstance(quad.object, NamedNode) and quad.object not in found:
                    found.append(quad.object)
        return found

    def _said(self, node: NamedNode, graphs: Iterable[NamedNode] = TIMELESS) -> _Said:
        """All that is said of a node, by property: asked once, as it has many."""
        found: dict[NamedNode, set[Any]] = {}
        for graph in graphs:
            for quad in self.dataset.store.quads_for_pattern(node, None, None, graph):
                found.setdefault(quad.predicate, set()).add(quad.object)
        return {predicate: sorted(those, key=str) for predicate, those in found.items()}

    def _by(self, reader: Reader, stated: _Said, said: _Said) -> str:
        """Who did or said it; of a person, in which office.

        A claim of a text is also that of its authors; whoever is named there stands for them.
        """
        told = []
        ways = self.ask.roles["by"]
        nodes = {o for p in ways for o in stated.get(p, ())}
        nodes = nodes or {o for p in ways for o in said.get(p, ())}
        for one in sorted(nodes, key=str):
            held = [
                self.dataset.things.label(office)
                for tenure in reader.subjects(csto("officeHolder"), one)
                for office in reader.objects(tenure, "office")
            ]
            offices = f" ({'; '.join(dict.fromkeys(held))})" if held else ""
            told.append(self.dataset.things.label(one) + offices)
        return "; ".join(told)

    def _around(self, said: _Said) -> set[str]:
        """Names of the things that a thing is tied to by a role."""
        ties = {predicate for nodes in self.ask.roles.values() for predicate in nodes}
        return {
            self.dataset.things.label(value)
            for predicate in ties & said.keys()
            for value in said[predicate]
            if isinstance(value, NamedNode)
        }

    def find(self, text: str, facets: Facets | None = None) -> tuple[list[Hit], list[str]]:
        """The things found for some words, best first, and what was understood otherwise."""
        asked = self.texts.search(text)
        remarks = asked.remarks
        key = " ".join(asked.words)
        found: list[_Found] = []
        for row, rank in asked.ranks.items():
            iri, kind, classes, weight, start, end, label, doer, names, says = self.index.execute(
                "SELECT iri, kind, classes, weight, start, end, label, doer, names, says"
                " FROM things WHERE id = ?",
                (row,),
            ).fetchone()
            exact = any(" ".join(words_of(name)) == key for name in names.split(_SPLIT))
            hit = Hit(
                NamedNode(iri),
                kind,
                start,
                end,
                label,
                doer,
                _shown(names.split(_SPLIT), says.split(_SPLIT), label, asked),
            )
            # A name that is hardly more than what was asked makes up for its kind.
            share = max(_share(name, asked.words) for name in names.split(_SPLIT))
            order = (not exact, rank.tier, rank.missing, rank.common, weight - _WORTH * share)
            found.append(((*order, rank.score, label), hit, classes.split()))
        found = sorted(self._within(found, facets or Facets()), key=lambda item: item[0])
        # Things with most of the words make those with fewer beside the point.
        missing = [item[0][2] for item in found]
        for lacks in sorted(set(missing)):
            if sum(m <= lacks for m in missing) >= _ENOUGH:
                found = [item for item in found if item[0][2] <= lacks]
                break
        told = Counter(item[0][2] for item in found)
        if len(told) > 1 and 0 in told:
            remarks.append(f"all the words: the first {told[0]}; some of the words: the rest")
        elif found and 0 not in told:
            most = asked.most - min(told)
            remarks.append(f"nothing has all the words; the first have {most} of {asked.most}")
        return [hit for _, hit, _ in found], remarks

    def _within(self, found: list[_Found], facets: Facets) -> list[_Found]:
        if facets.kinds:
            wanted = {kind.value for kind in facets.kinds}
            found = [item for item in found if wanted & set(item[2])]
        if facets.about is not None:
            about = self._asked(f"?x {ABOUT} {facets.about}") | {facets.about}
            found = [item for item in found if item[1].node in about]
        if facets.source is not None:
            cited = self._asked(
                f"?x (csto:evidence|csto:statedIn)/dcterms:isPartOf {facets.source}"
            )
            found = [item for item in found if item[1].node in cited]
        if facets.first or facets.last:
            found = [item for item in found if _lies(item[1], facets)]
        return found

    def _asked(self, pattern: str) -> set[NamedNode]:
        rows = run(self.dataset, f"SELECT DISTINCT ?x {{ {pattern} }}", None)
        return {row["x"] for row in cast(QuerySolutions, rows)}


# The weight of a kind that the ontology gives none, and what a whole name is worth beside it.
_MIDDLE = 5
# So many things with most of the words make those with fewer needless.
_ENOUGH = 5
_WORTH = 4


def _share(name: str, asked: Sequence[str]) -> float:
    """How much of a name is what was asked, between 0 and 1."""
    words = words_of(name)
    return len(set(words) & set(asked)) / len(words) if words else 0.0


def _lies(hit: Hit, facets: Facets) -> bool:
    days = bounds(text for text in (hit.start, hit.end) if text)
    if days is None:
        return False
    return (not facets.last or days[0] <= facets.last) and (
        not facets.first or days[1] >= facets.first
    )


def _shown(
    names: Sequence[str],
    says: Sequence[str],
    label: str,
    asked: Asked,
) -> str:
    """The text in which most of the words stand, with a little around the first of them."""
    stems = [re.sub(r"\W", "", word)[: max(3, len(word) - 2)] for word in asked.words]
    stems += [m for term in asked.terms for m in re.findall(r'"(\w+)"', term)]

    def count(text: str) -> int:
        low = text.casefold()
        return sum(stem in low for stem in stems)

    best = max([*names, *says], key=count, default="")
    if not best or best == label or not count(best):
        return ""
    if len(best) <= 160:
        return best
    low = best.casefold()
    at = min((low.find(stem) for stem in stems if stem in low), default=0)
    begin = max(0, low.rfind(" ", 0, max(0, at - 60)))
    end = best.find(" ", begin + 150)
    piece = best[begin : end if end > 0 else len(best)].strip()
    return ("… " if begin else "") + piece + (" …" if 0 < end < len(best) else "")
