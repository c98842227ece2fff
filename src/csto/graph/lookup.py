"""Find the thing a user means: by abbreviation, label, other name, short name or IRI."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from csto.errors import InputError
from csto.vocabulary import (
    ASSERTED,
    BASE,
    INFERRED,
    NAMES,
    ONTOLOGY,
    RDFS,
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
    *("crisis", "operation", "body", "force", "state", "person", "agreement", "document"),
    *("office", "exercise", "exerciseseries", "session", "base", "unit"),
)


# The end of an IRI that a rule mints.
_MADE = re.compile(r"[\w-]+(?:/[\w-]+)*")

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
    # Makes what rules make only when asked, of which there may be a thing with a name sought.
    more: Callable[[], object] = lambda: None

    def _indexed(self, predicate: NamedNode, key: str) -> set[NamedNode]:
        found = self.store.quads_for_pattern(None, predicate, Literal(key), NAMES)
        return {quad.subject for quad in found if isinstance(quad.subject, NamedNode)}

    def find(self, text: str, what: str = "thing", kinds: tuple[str, ...] = ()) -> NamedNode:
        """The one thing that ``text`` names.

        Args:
            text: abbreviation, label, other name, ``kind:slug`` or full IRI.
            what: word for the thing in an error message.
            kinds: kinds of IRI (``state``, ``body`` …) that are preferred where
                a name fits several things; with none, all kinds are equal.

        Raises:
            InputError: if nothing fits, with the nearest names, or if several do.
        """
        text = text.strip()
        if re.match(r"https?://", text) or (text.startswith("<") and text.endswith(">")):
            return self._by_iri(text.strip("<>"), what)
        key = text.casefold()
        if curies := self._indexed(_CURIE, key):
            return min(curies, key=str)
        prefix, colon, local = text.partition(":")
        if colon and prefix in WELL_KNOWN and not local.startswith("//"):
            return self._by_iri(WELL_KNOWN[prefix] + local, what)
        # What a rule made has no name, only an IRI: overlap:…, ground:…
        made = NamedNode(f"{BASE}id/{prefix}/{local}") if _MADE.fullmatch(local) else None
        if made and self._inferred(made):
            return made
        found = self._indexed(_NAME, key) or self._by_words(key)
        if made and not found and prefix:
            self.more()
            if self._inferred(made):
                return made
        if kinds:
            found = {n for n in found if shorten(n.value).partition(":")[0] in kinds} or found
        if len(found) > 1:
            # A thing comes before the concept that is named after it.
            found = {n for n in found if "/concept/" not in n.value} or found
        if len(found) == 1:
            return found.pop()
        if found:
            names = sorted((shorten(n.value), self.label(n)) for n in found)
            column = max(len(short) for short, _ in names)
            listed = "".join(f"\n  {short:<{column}}  {label}" for short, label in names)
            raise InputError(f'"{text}" names several things; give one of these:{listed}')
        raise InputError(f'no {what} is called "{text}"{self._nearest(text, kinds)}')

    def _inferred(self, node: NamedNode) -> bool:
        return next(self.store.quads_for_pattern(node, None, None, INFERRED), None) is not None

    def _by_words(self, key: str) -> set[NamedNode]:
        """Things whose short name is these words, or has all of them, main kinds first.

        "Kazakhstan 2022" is ``crisis:kazakhstan-2022`` though its label says more.
        """
        words = re.findall(r"\w+", key)
        slug = "-".join(words)
        curies = [
            (quad.object.value, quad.subject)
            for quad in self.store.quads_for_pattern(None, _CURIE, None, NAMES)
            if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode)
        ]
        exact = {n for short, n in curies if short.partition(":")[2] == slug}
        having = {
            n
            for short, n in curies
            if words and set(words) <= set(short.partition(":")[2].split("-"))
        }
        for found in (exact, having):
            for kind in _MAIN:
                of_kind = {n for n in found if shorten(n.value).partition(":")[0] == kind}
                if of_kind:
                    return of_kind
        return exact

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
                    kind = shorten(getattr(quad.subject, "value", "")).partition(":")[0]
                    if isinstance(quad.object, Literal) and (not kinds or kind in kinds):
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
