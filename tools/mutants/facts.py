"""The shipped facts, and one damage to them.

Mutants are made by exact edits of triples: some are taken away, some added, all in
one file. The file is then written anew from its triples; nothing else changes.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, parse

from csto.graph.dataset import Dataset
from csto.load.formats import BY_ENDING
from csto.load.workspace import Workspace
from csto.vocabulary import ASSERTED, BASE, CSTO, EDTF_TYPE, INFERRED, ONTOLOGY, RDF_TYPE, SKOS

Term = NamedNode | BlankNode | Literal

IN_SCHEME = NamedNode(SKOS + "inScheme")


def c(name: str) -> NamedNode:
    """A term of the ontology."""
    return NamedNode(CSTO + name)


def thing(kind: str, slug: str) -> NamedNode:
    return NamedNode(f"{BASE}id/{kind}/{slug}")


def concept(scheme: str, slug: str) -> NamedNode:
    return NamedNode(f"{BASE}concept/{scheme}/{slug}")


def edtf(text: str) -> Literal:
    return Literal(text, datatype=EDTF_TYPE)


def english(text: str) -> Literal:
    return Literal(text, language="en")


@dataclass(frozen=True)
class Mutant:
    """One damage: what goes, what comes, in which file, and on which things it should show."""

    kind: str
    codes: tuple[str, ...]
    path: Path
    gone: frozenset[Triple] = frozenset()
    come: frozenset[Triple] = frozenset()
    shows_on: frozenset[str] = frozenset()
    touched: frozenset[str] = frozenset()
    # A damage to the text itself: the whole new text of the file.
    text: str | None = None

    @property
    def what(self) -> str:
        if self.text is not None:
            return f"{self.path.name}: text"
        gone = " ".join(sorted(f"-{t}" for t in self.gone))
        come = " ".join(sorted(f"+{t}" for t in self.come))
        return f"{self.path.name}: {gone} {come}"


@dataclass
class Facts:
    """All asserted triples by subject, with the file of each."""

    workspace: Workspace
    dataset: Dataset
    files: dict[Path, list[Triple]] = field(default_factory=dict)
    home: dict[Term, Path] = field(default_factory=dict)
    by_subject: dict[Term, list[Triple]] = field(default_factory=lambda: defaultdict(list))
    by_object: dict[Term, list[Triple]] = field(default_factory=lambda: defaultdict(list))
    kinds: dict[str, list[NamedNode]] = field(default_factory=lambda: defaultdict(list))
    scheme: dict[Term, Term] = field(default_factory=dict)

    @classmethod
    def read(cls, dataset: Dataset) -> Facts:
        facts = cls(dataset.workspace, dataset)
        workspace = dataset.workspace
        for path in [*workspace.graph_files(), *workspace.ontology_files()]:
            triples = [q.triple for q in parse(path=str(path), format=BY_ENDING[path.suffix].rdf)]
            facts.files[path] = triples
            for triple in triples:
                facts.home.setdefault(triple.subject, path)
                if path.is_relative_to(workspace.graph):
                    facts.by_subject[triple.subject].append(triple)
                    facts.by_object[triple.object].append(triple)
        store = dataset.store
        for graph in (ASSERTED, INFERRED):
            for quad in store.quads_for_pattern(None, RDF_TYPE, None, graph):
                if quad.object.value.startswith(CSTO) and quad.subject in facts.by_subject:
                    found = facts.kinds[quad.object.value[len(CSTO) :]]
                    found.append(quad.subject)
        for name, found in facts.kinds.items():
            facts.kinds[name] = sorted(set(found), key=str)
        for quad in store.quads_for_pattern(None, IN_SCHEME, None, ONTOLOGY):
            facts.scheme[quad.subject] = quad.object
        return facts

    def of(self, *names: str) -> list[NamedNode]:
        return [node for name in names for node in self.kinds[name]]

    def get(self, node: Term, *names: str) -> list[Term]:
        wanted = {NamedNode(n) if ":" in n else c(n) for n in names}
        return [t.object for t in self.by_subject[node] if t.predicate in wanted]

    def has(self, name: str, among: Iterable[NamedNode]) -> list[NamedNode]:
        return [node for node in among if self.get(node, name)]

    def statements(self, node: Term, *names: str) -> list[Triple]:
        wanted = {NamedNode(n) if ":" in n else c(n) for n in names}
        return [t for t in self.by_subject[node] if t.predicate in wanted]

    def bound(self, node: Term, name: str) -> str:
        """A derived day of a node, or the empty text."""
        for quad in self.dataset.store.quads_for_pattern(node, c(name), None, INFERRED):
            return str(quad.object.value)
        return ""

    def copy(self, node: NamedNode, new: NamedNode) -> list[Triple]:
        return [Triple(new, t.predicate, t.object) for t in self.by_subject[node]]

    def damage(
        self,
        node: Term,
        gone: Iterable[Triple] = (),
        come: Iterable[Triple] = (),
        shows_on: Iterable[Term] = (),
        path: Path | None = None,
    ) -> Damage:
        gone, come = list(gone), list(come)
        where = path or self.home[node]
        here = set(self.files[where])
        # What is said of the node in another file stays; only this file is damaged.
        gone = [t for t in gone if t in here]
        shows = {node, *shows_on}
        near = {t.object for t in [*gone, *come]} | {t.subject for t in [*gone, *come]} | shows
        near |= {t.object for n in list(near) for t in self.by_subject.get(n, ())}
        touched = {n for n in near if isinstance(n, NamedNode) and not self._is_hub(n)}
        return Damage(
            where,
            frozenset(gone),
            frozenset(come),
            frozenset(n.value for n in shows if isinstance(n, NamedNode)),
            frozenset(n.value for n in touched | {n for n in shows if isinstance(n, NamedNode)}),
        )

    def _is_hub(self, node: NamedNode) -> bool:
        """Things that very many facts name, by which two mutants do not meet."""
        return node not in self.by_subject or len(self.by_object.get(node, ())) > 12


@dataclass(frozen=True)
class Damage:
    path: Path
    gone: frozenset[Triple]
    come: frozenset[Triple]
    shows_on: frozenset[str]
    touched: frozenset[str]
    text: str | None = None


Maker = Callable[[Facts, random.Random], Damage | None]


@dataclass(frozen=True)
class Kind:
    """A named way to damage the graph, and the codes of which one must be found."""

    name: str
    codes: tuple[str, ...]
    make: Maker

    def mutant(self, facts: Facts, rng: random.Random) -> Mutant | None:
        made = self.make(facts, rng)
        if made is None:
            return None
        return Mutant(
            self.name,
            self.codes,
            made.path,
            made.gone,
            made.come,
            made.shows_on,
            made.touched,
            made.text,
        )


KINDS: dict[str, Kind] = {}


def kind(name: str, *codes: str) -> Callable[[Maker], Maker]:
    """Register a way to damage the graph."""
    if name in KINDS:
        raise ValueError(f"{name} is there twice")

    def register(make: Maker) -> Maker:
        KINDS[name] = Kind(name, codes, make)
        return make

    return register


def pick(rng: random.Random, among: list[NamedNode]) -> NamedNode | None:
    return rng.choice(among) if among else None


def swap(facts: Facts, node: NamedNode, name: str, *new: Term) -> Damage:
    """All values of a property give way to others."""
    come = [Triple(node, c(name), value) for value in new]
    return facts.damage(node, facts.statements(node, name), come)


def without(facts: Facts, rng: random.Random, cls: str, *names: str) -> Damage | None:
    """Something of a class loses what it says by one of these properties."""
    node = pick(rng, [n for n in facts.of(cls) if facts.statements(n, *names)])
    return node and facts.damage(node, facts.statements(node, *names))
