"""Full text over names, propositions, wordings, notes and headings, best things first.

The index is a small SQLite file beside the graph in the cache, made when first asked.
Order, not the engine, decides what is useful: a name that is exactly what was asked,
then the words as a phrase, then all words, then some; within that the kinds that the
ontology puts first, and short names before long ones.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolutions

from csto.answer.dates import bounds
from csto.answer.kinds import ABOUT, Asking
from csto.answer.query import run
from csto.graph import cache
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader
from csto.vocabulary import ASSERTED, ONTOLOGY, RDF_TYPE, RDFS, SKOS, csto

# Rises when what is kept, or how, changes.
_FORM = 2
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
_DATES = ("acceptedDate", "acceptedStart", "start", "asOf", "plannedFor")
_ENDS = ("acceptedEnd", "acceptedLastDay", "lastDay")
_SPLIT = "\n"
# Words so short or so common that a search does not hang on them.
_SMALL = frozenset(
    (
        *("a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "it", "of", "on"),
        *("or", "that", "the", "to", "was", "were", "with"),
    )
)


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


_Found = tuple[tuple[int, int, float, float, str], Hit, list[str]]


class Finder:
    """Searches one dataset; opening it makes the index if there is none."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.ask = Asking(dataset.store)
        self.index = self._open()

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
            "CREATE VIRTUAL TABLE texts USING fts5(names, other, says, around,"
            " tokenize='porter unicode61 remove_diacritics 2');"
            "CREATE TABLE words (word TEXT PRIMARY KEY, count INTEGER);"
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
        counts: dict[str, int] = {}
        for at, node in enumerate(sorted(labelled, key=str), 1):
            classes = self._classes(node)
            names = self._texts(reader, node, _NAMES)
            other = self._texts(reader, node, _OTHER)
            says = self._texts(reader, node, _SAYS)
            label = self.dataset.things.label(node)
            kind = next((self.ask.kinds[c].label for c in classes if c in self.ask.kinds), "")
            weight = min((weights[c] for c in classes if c in weights), default=_MIDDLE)
            start = next((o.value for d in _DATES for o in reader.objects(node, d)), "")
            end = next((o.value for d in _ENDS for o in reader.objects(node, d)), "")
            around = {kind, start[:4], *self._around(reader, node)}
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
                    self._by(reader, node),
                    _SPLIT.join([*names, *other]),
                    _SPLIT.join(says),
                ),
            )
            texts = (_SPLIT.join(names), _SPLIT.join(other), _SPLIT.join(says), " ".join(around))
            index.execute(
                "INSERT INTO texts(rowid, names, other, says, around) VALUES (?,?,?,?,?)",
                (at, *texts),
            )
            for word in words_of(" ".join(texts)):
                counts[word] = counts.get(word, 0) + 1
        index.executemany("INSERT INTO words VALUES (?,?)", counts.items())
        index.commit()

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

    def _texts(self, reader: Reader, node: NamedNode, predicates: Iterable[NamedNode]) -> list[str]:
        return list(dict.fromkeys(o.value for p in predicates for o in reader.objects(node, p)))

    def _by(self, reader: Reader, node: NamedNode) -> str:
        """Who did or said it; of a person, in which office."""
        told = []
        nodes = {o for p in self.ask.roles["by"] for o in reader.objects(node, p)}
        for one in sorted(nodes, key=str):
            held = [
                self.dataset.things.label(office)
                for tenure in reader.subjects(csto("officeHolder"), one)
                for office in reader.objects(tenure, "office")
            ]
            offices = f" ({'; '.join(dict.fromkeys(held))})" if held else ""
            told.append(self.dataset.things.label(one) + offices)
        return "; ".join(told)

    def _around(self, reader: Reader, node: NamedNode) -> set[str]:
        """Names of the things that a thing is tied to by a role."""
        return {
            self.dataset.things.label(value)
            for nodes in self.ask.roles.values()
            for predicate in nodes
            for value in reader.objects(node, predicate)
            if isinstance(value, NamedNode)
        }

    def find(self, text: str, facets: Facets | None = None) -> tuple[list[Hit], list[str]]:
        """The things found for some words, best first, and what was understood otherwise."""
        asked = words_of(text)
        if not asked:
            return [], []
        remarks: list[str] = []
        corrected: dict[str, str] = {}
        terms = [self._term(word, remarks, corrected) for word in asked]
        asked = [corrected.get(word, word) for word in asked]
        tiers = self._tiers(asked, terms)
        best: dict[int, tuple[int, float]] = {}
        for tier, query in enumerate(tiers):
            for row, score in self.index.execute(
                "SELECT rowid, bm25(texts, 10, 6, 3, 1) FROM texts WHERE texts MATCH ?", (query,)
            ):
                best.setdefault(row, (tier, score))
        key = " ".join(asked)
        found: list[_Found] = []
        for row, (tier, score) in best.items():
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
                _shown(names.split(_SPLIT), says.split(_SPLIT), label, asked, terms),
            )
            # A name that is hardly more than what was asked makes up for its kind.
            share = max(_share(name, asked) for name in names.split(_SPLIT))
            order = (0 if exact else 1, tier, weight - _WORTH * share, score, label)
            found.append((order, hit, classes.split()))
        found = sorted(self._within(found, facets or Facets()), key=lambda item: item[0])
        # Words that are found together often enough make those found alone beside the point.
        together = [item for item in found if item[0][1] < len(tiers) - 1]
        if len(together) >= _ENOUGH:
            found = together
        elif together and len(found) > len(together):
            remarks.append(f"all the words: the first {len(together)}; some of the words: the rest")
        return [hit for _, hit, _ in found], remarks

    def _term(self, word: str, remarks: list[str], corrected: dict[str, str]) -> str:
        """A word as the index understands it: by prefix in Russian, corrected where unknown."""
        if re.search(r"[а-яё]", word):
            return f'"{word[: max(4, len(word) - 3)]}"*' if len(word) > 4 else f'"{word}"*'
        if self._known(f'"{word}"'):
            return f'"{word}"'
        if len(word) > 3 and self._known(f'"{word}"*'):
            return f'"{word}"*'
        known = [
            row[0]
            for row in self.index.execute(
                "SELECT word FROM words WHERE length(word) BETWEEN ? AND ?",
                (len(word) - 2, len(word) + 2),
            )
        ]
        near = difflib.get_close_matches(word, known, n=3, cutoff=0.75)
        if not near:
            return f'"{word}"'
        corrected[word] = near[0]
        remarks.append(f'"{word}" is not in the graph; looked for {", ".join(near)}')
        return "(" + " OR ".join(f'"{one}"' for one in near) + ")"

    def _known(self, term: str) -> bool:
        row = self.index.execute("SELECT 1 FROM texts WHERE texts MATCH ? LIMIT 1", (term,))
        return row.fetchone() is not None

    def _tiers(self, asked: Sequence[str], terms: Sequence[str]) -> list[str]:
        """Queries from the narrowest to the widest."""
        phrase = '"' + " ".join(asked) + '"'
        both = " AND ".join(terms)
        weighty = [t for w, t in zip(asked, terms, strict=True) if w not in _SMALL] or terms
        return [
            f"{{names other}} : {phrase}",
            f"says : {phrase}",
            f"{{names other}} : ({both})",
            f"{{names other says}} : ({both})",
            both,
            " AND ".join(weighty),
            " OR ".join(weighty),
        ]

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
        rows = run(self.dataset, f"SELECT DISTINCT ?x {{ {pattern} }}", self.dataset.cut_off)
        return {row["x"] for row in cast(QuerySolutions, rows)}


# The weight of a kind that the ontology gives none, and what a whole name is worth beside it.
_MIDDLE = 5
# Things with all the words that make those with only some of them needless.
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


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return re.findall(r"\w+", text.casefold().replace("ё", "е"))


def _shown(
    names: Sequence[str],
    says: Sequence[str],
    label: str,
    asked: Sequence[str],
    terms: Sequence[str],
) -> str:
    """The text in which most of the words stand, with a little around the first of them."""
    stems = [re.sub(r"\W", "", word)[: max(3, len(word) - 2)] for word in asked]
    stems += [m for term in terms for m in re.findall(r'"(\w+)"', term)]

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
