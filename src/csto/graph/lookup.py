"""Find the thing a user means: by abbreviation, label, other name, short name or IRI."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from csto.errors import InputError
from csto.load.manifest import Manifest
from csto.vocabulary import (
    ASSERTED,
    BASE,
    INFERRED,
    NAMES,
    ONTOLOGY,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    SKOS,
    WELL_KNOWN,
    csto,
    shorten,
)

_NAMING = (
    csto("abbreviation"),
    NamedNode(RDFS + "label"),
    NamedNode(SKOS + "altLabel"),
    csto("symbol"),
)

# Where words fit things of several kinds, the first of these is meant.
_MAIN = (
    *("crisis", "operation", "force", "body", "state", "person", "agreement", "document"),
    *("office", "exercise", "exercise series", "session", "base", "military unit"),
)
_SUB_CLASS = NamedNode(RDFS + "subClassOf")
_SCHEME = NamedNode(SKOS + "inScheme")
# How many things a message names.
_SOME = 3
_FURTHER = ("provision", "place", "norm", "act", "claim", "conflict", "resolution", "membership")
# A word must be so long to stand for a name that it is only a part of.
_LEAST = 4
# Names that are offered where several fit.
_OFFERED = 15


# Predicates of the index of names: a name in small letters, the short IRI in small letters.
_NAME, _CURIE = NamedNode(BASE + "names/name"), NamedNode(BASE + "names/curie")


def index_names(store: Store) -> None:
    """Write the index of the names of all things to a graph of its own."""
    lines: dict[str, None] = {}
    for graph in (ASSERTED, ONTOLOGY):
        for predicate in _NAMING:
            for quad in store.quads_for_pattern(None, predicate, None, graph):
                node, name = quad.subject, quad.object
                if isinstance(name, Literal) and isinstance(node, NamedNode):
                    named = Literal(name.value.casefold())
                    curie = Literal(shorten(node.value).casefold())
                    lines[f"{node} {_NAME} {named} .\n"] = None
                    lines[f"{node} {_CURIE} {curie} .\n"] = None
    data = "".join(lines).encode()
    store.load(input=data, format=RdfFormat.N_TRIPLES, to_graph=NAMES, lenient=True)


def named(store: Store, node: NamedNode) -> set[Quad]:
    """What the index of names says of one thing."""
    found: set[Quad] = set()
    for graph in (ASSERTED, ONTOLOGY):
        for predicate in _NAMING:
            for quad in store.quads_for_pattern(node, predicate, None, graph):
                if isinstance(quad.object, Literal):
                    curie = Literal(shorten(node.value).casefold())
                    found.add(Quad(node, _NAME, Literal(quad.object.value.casefold()), NAMES))
                    found.add(Quad(node, _CURIE, curie, NAMES))
    return found


@dataclass
class Things:
    """Names of the things of a graph, in any case; its store has an index of them."""

    store: Store
    manifest: Manifest | None = None
    # Makes what rules make only when asked, of which there may be a thing with a name sought.
    more: Callable[[], object] = lambda: None

    @cached_property
    def _classes(self) -> dict[str, set[NamedNode]]:
        """Classes by plain word: label, local name or further word, in small letters."""
        found: dict[str, set[NamedNode]] = {}
        for predicate in (RDFS_LABEL, csto("askedAs")):
            for quad in self.store.quads_for_pattern(None, predicate, None, ONTOLOGY):
                if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                    found.setdefault(quad.object.value.casefold(), set()).add(quad.subject)
        return found

    @cached_property
    def kinds(self) -> set[str]:
        """The words that :meth:`is_of` takes, in small letters and with spaces for hyphens."""
        schemes = {
            getattr(quad.object, "value", "").rsplit("/", 1)[-1]
            for quad in self.store.quads_for_pattern(None, _SCHEME, None, None)
        }
        spelt = {scheme.replace("-", by) for scheme in schemes for by in (" ", "")}
        return spelt | set(self._classes)

    def is_of(self, node: NamedNode, kinds: Iterable[str]) -> bool:
        """Whether a thing is of a class, or a concept of a scheme, that one of these words means.

        A class is of the classes above it. ``not national body`` leaves out what is of that
        kind, whatever else it is.

        A word is the label of a class, a further word for it, or the name of a scheme;
        hyphens count as spaces.
        """
        types: set[Any] = {node} | {
            quad.object
            for graph in (ASSERTED, INFERRED, ONTOLOGY)
            for quad in self.store.quads_for_pattern(node, RDF_TYPE, None, graph)
        }
        waiting = list(types)
        while waiting:
            for quad in self.store.quads_for_pattern(waiting.pop(), _SUB_CLASS, None, ONTOLOGY):
                if quad.object not in types:
                    types.add(quad.object)
                    waiting.append(quad.object)
        schemes = {
            getattr(quad.object, "value", "").rsplit("/", 1)[-1].replace("-", "")
            for quad in self.store.quads_for_pattern(node, _SCHEME, None, None)
        }

        def fits(kind: str) -> bool:
            named = self._classes.get(kind.replace("-", " ").casefold(), set())
            return kind.replace("-", "") in schemes or bool(types & named)

        words = [kind.removeprefix("not ") for kind in kinds if kind.startswith("not ")]
        return any(map(fits, kinds)) and not any(map(fits, words))

    def some(self, kinds: tuple[str, ...]) -> list[str]:
        """Names of a few things or concepts of these kinds, those with a short name first."""
        if not kinds:
            return []
        classes = {c for k in kinds for c in self._classes.get(k.replace("-", " ").casefold(), ())}
        waiting = list(classes)
        while waiting:
            for quad in self.store.quads_for_pattern(None, _SUB_CLASS, waiting.pop(), ONTOLOGY):
                if isinstance(quad.subject, NamedNode) and quad.subject not in classes:
                    classes.add(quad.subject)
                    waiting.append(quad.subject)
        found: set[tuple[bool, str]] = set()
        # A word can name a scheme and, as a further word, a class: the scheme is meant, and of
        # its concepts those that the facts use most.
        concepts = self._concepts(kinds)
        for cls in () if concepts else classes:
            for quad in self.store.quads_for_pattern(None, RDF_TYPE, cls, ASSERTED):
                if isinstance(quad.subject, NamedNode):
                    short = bool(self._abbreviations(quad.subject))
                    found.add((not short, self.short(quad.subject)))
        names = concepts or [name for _, name in sorted(found)]
        return [f'"{name}"' if " " in name else name for name in names[:_SOME]]

    def _concepts(self, kinds: tuple[str, ...]) -> list[str]:
        """Names of the concepts in use of the schemes that these words name."""
        words = {kind.replace("-", "") for kind in kinds}
        found: dict[str, int] = {}
        for quad in self.store.quads_for_pattern(None, _SCHEME, None, ONTOLOGY):
            scheme = getattr(quad.object, "value", "").rsplit("/", 1)[-1].replace("-", "")
            node = quad.subject
            if scheme in words and isinstance(node, NamedNode):
                uses = sum(1 for _ in self.store.quads_for_pattern(None, None, node, ASSERTED))
                name = shorten(node.value)
                found[self.label(node) if "://" in name else name] = uses
        return sorted((name for name in found if found[name]), key=lambda n: (-found[n], n))

    def short(self, node: NamedNode) -> str:
        """The abbreviation of a thing, else its label."""
        return next(iter(self._abbreviations(node)), None) or self.label(node)

    def _abbreviations(self, node: NamedNode) -> list[str]:
        quads = self.store.quads_for_pattern(node, _NAMING[0], None, ASSERTED)
        return sorted(quad.object.value for quad in quads if isinstance(quad.object, Literal))

    def _indexed(self, predicate: NamedNode, key: str) -> set[NamedNode]:
        found = self.store.quads_for_pattern(None, predicate, Literal(key), NAMES)
        return {quad.subject for quad in found if isinstance(quad.subject, NamedNode)}

    def find(self, text: str, what: str = "thing", kinds: tuple[str, ...] = ()) -> NamedNode:
        """The one thing that ``text`` names.

        Args:
            text: abbreviation, label, other name, ``kind:slug`` or full IRI.
            what: word for the thing in an error message.
            kinds: kinds of thing (``state``, ``body`` …) that are preferred where
                a name fits several things; with none, all kinds are equal.

        Raises:
            InputError: if nothing fits, with the nearest names, or if several do.
        """
        text = text.strip()
        if re.match(r"https?://", text) or (text.startswith("<") and text.endswith(">")):
            return self._by_iri(text.strip("<>"), what)
        key = text.casefold()
        if curies := self._indexed(_CURIE, key):
            own = (self.manifest.base if self.manifest else "", BASE + "concept/")
            curies = {n for n in curies if n.value.startswith(own)} or curies
            if len(curies) == 1 or any(n.value.startswith(own) for n in curies):
                # What an extended workspace calls by the same name is reached by its IRI.
                return min(curies, key=str)
            raise InputError(
                f'"{text}" names several things; give one of these:'
                + "".join(
                    f"\n  {node.value}  {self.label(node)}" for node in sorted(curies, key=str)
                )
            )
        prefix, colon, local = text.partition(":")
        if colon and prefix in WELL_KNOWN and not local.startswith("//"):
            return self._by_iri(WELL_KNOWN[prefix] + local, what)
        # What a rule made has no name, only an IRI: overlap:…, ground:…
        base = self.manifest.base if self.manifest else ""
        written = base and re.fullmatch(r"[\w./~-]+", local) and re.fullmatch(r"[\w-]+", prefix)
        made = NamedNode(f"{base}{prefix}/{local}") if written else None
        if made and self._inferred(made):
            return made
        found = self._meant(key, kinds)
        if made and not found:
            self.more()
            if self._inferred(made):
                return made
        if len(found) == 1:
            return found.pop()
        if found:
            names = sorted((shorten(n.value), self.label(n)) for n in found)
            column = max(len(short) for short, _ in names)
            listed = "".join(f"\n  {short:<{column}}  {label}" for short, label in names[:_OFFERED])
            if len(names) > _OFFERED:
                listed += f"\n  and {len(names) - _OFFERED} more; csto find has them all"
            raise InputError(f'"{text}" names several things; give one of these:{listed}')
        raise InputError(f'no {what} is called "{text}"{self._nearest(text, kinds)}')

    def _inferred(self, node: NamedNode) -> bool:
        return next(self.store.quads_for_pattern(node, None, None, INFERRED), None) is not None

    def names(self, start: str = "", kinds: tuple[str, ...] = ()) -> list[str]:
        """Names of facts' things that begin so, in any case: labels, abbreviations, other names.

        With kinds, only of things, or of concepts, of one of them.
        """
        key = start.casefold()
        # A word can name a scheme and, as a further word, a class: the scheme is meant.
        concepts = bool(kinds) and bool(self._concepts(kinds))
        graphs = (ONTOLOGY,) if concepts else (ASSERTED,)
        return sorted(
            {
                quad.object.value
                for graph in graphs
                for predicate in _NAMING
                for quad in self.store.quads_for_pattern(None, predicate, None, graph)
                if isinstance(quad.object, Literal)
                and isinstance(quad.subject, NamedNode)
                and quad.object.value.casefold().startswith(key)
                and (not kinds or self.is_of(quad.subject, kinds))
            }
        )

    def short_names(self, start: str) -> list[str]:
        """Short IRIs (``kind:slug``) that begin so; none before there is a colon."""
        key = start.casefold()
        return sorted({c for c, _ in self._curies if c.startswith(key)}) if ":" in start else []

    def candidates(self, text: str) -> list[NamedNode]:
        """The things that a text can mean where it names several, by name."""
        found = self._meant(text.strip().casefold(), ())
        return sorted(found, key=lambda n: (self.label(n), n.value)) if len(found) > 1 else []

    def _meant(self, key: str, kinds: tuple[str, ...]) -> set[NamedNode]:
        """What a name, some words or a part of a name can mean, the first of these that does."""

        def fitting(nodes: set[NamedNode]) -> set[NamedNode]:
            return {n for n in nodes if not kinds or self.is_of(n, kinds)}

        exact = self._indexed(_NAME, key)
        found = fitting(exact) or fitting(self._called(key))
        if not found and all("/concept/" in n.value for n in exact):
            # The word for a concept ("charter") can also be a part of the name that is meant.
            found = fitting(self._by_words(key)) or self._by_part(key, kinds)
        found = found or exact
        # A thing comes before the concept or the workspace that is named after it.
        found = {n for n in found if "/concept/" not in n.value} or found
        found = {n for n in found if not self.is_of(n, ("workspace",))} or found
        # A thing comes before what is said of it under its name.
        themes = [n for n in found if all(o == n or self._deals_with(o, n) for o in found)]
        return set(themes) if len(themes) == 1 else found

    def _called(self, key: str) -> set[NamedNode]:
        """Things for which a source or a speaker uses these words as a name."""
        wording, about = csto("wording"), csto("about")
        return {
            thing.object
            for quad in self.store.quads_for_pattern(None, wording, None, ASSERTED)
            if isinstance(quad.object, Literal) and quad.object.value.casefold() == key
            for thing in self.store.quads_for_pattern(quad.subject, about, None, ASSERTED)
            if isinstance(thing.object, NamedNode)
        }

    def _deals_with(self, node: NamedNode, other: NamedNode) -> bool:
        """Whether a thing is directly about another."""
        quads = self.store.quads_for_pattern(node, csto("dealsWith"), other, INFERRED)
        return next(quads, None) is not None

    def concepts(self, text: str) -> list[NamedNode]:
        """All concepts that a word names, where it names nothing but concepts."""
        try:
            found = {self.find(text)}
        except InputError:
            found = self._indexed(_NAME, text.strip().casefold())
        return sorted(found, key=str) if all("/concept/" in n.value for n in found) else []

    @cached_property
    def _curies(self) -> list[tuple[str, NamedNode]]:
        """The short names of all things."""
        return [
            (quad.object.value, quad.subject)
            for quad in self.store.quads_for_pattern(None, _CURIE, None, NAMES)
            if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode)
        ]

    def _by_words(self, key: str) -> set[NamedNode]:
        """Things whose short name is these words, or has all of them, main kinds first.

        "Kazakhstan 2022" is ``crisis:kazakhstan-2022`` though its label says more.
        """
        words = re.findall(r"\w+", key)
        slug = "-".join(words)
        curies = self._curies
        exact = {n for short, n in curies if short.partition(":")[2] == slug}
        having = {
            n
            for short, n in curies
            if words and set(words) <= set(short.partition(":")[2].split("-"))
        }
        for found in (exact, having):
            for kind in _MAIN:
                of_kind = {n for n in found if self.is_of(n, (kind,))}
                if of_kind:
                    return of_kind
        return exact

    def _by_part(self, key: str, kinds: tuple[str, ...] = ()) -> set[NamedNode]:
        """Things with all these words in a name, of the first kind that has some."""
        words = set(re.findall(r"\w+", key))
        if not words or len(key) < _LEAST:
            return set()
        found = {
            quad.subject
            for quad in self.store.quads_for_pattern(None, _NAME, None, NAMES)
            if isinstance(quad.object, Literal)
            and isinstance(quad.subject, NamedNode)
            and words <= set(re.findall(r"\w+", quad.object.value))
        }
        for kind in kinds or (*_MAIN, *_FURTHER):
            if of_kind := {node for node in found if self.is_of(node, (kind,))}:
                return of_kind
        return set()

    def _by_iri(self, iri: str, what: str) -> NamedNode:
        try:
            node = NamedNode(iri)
        except ValueError:
            raise InputError(f"<{iri}> is no IRI; write it as https://… or kind:name") from None
        for graph in (ASSERTED, ONTOLOGY, INFERRED):
            if next(self.store.quads_for_pattern(node, None, None, graph), None):
                return node
        self.more()
        if self._inferred(node):
            return node
        raise InputError(f"no {what} has the IRI {node.value}")

    def _nearest(self, text: str, kinds: tuple[str, ...]) -> str:
        import difflib

        names: dict[str, str] = {}
        for graph in (ASSERTED, ONTOLOGY):
            for predicate in _NAMING:
                for quad in self.store.quads_for_pattern(None, predicate, None, graph):
                    if isinstance(quad.object, Literal) and (
                        not kinds
                        or (isinstance(quad.subject, NamedNode) and self.is_of(quad.subject, kinds))
                    ):
                        names.setdefault(quad.object.value.casefold(), quad.object.value)
        near = difflib.get_close_matches(text.casefold(), names, n=3, cutoff=0.5)
        return "; did you mean " + ", ".join(names[key] for key in near) + "?" if near else ""

    def label(self, node: NamedNode) -> str:
        """English label of a node, or its short name."""
        labels = [
            quad.object
            for graph in (ASSERTED, ONTOLOGY)
            for quad in self.store.quads_for_pattern(node, _NAMING[1], None, graph)
            if isinstance(quad.object, Literal)
        ]
        labels.sort(key=lambda lit: (lit.language != "en", lit.value))
        return labels[0].value if labels else shorten(node.value)
