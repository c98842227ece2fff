"""Find the thing a user means: by abbreviation, label, other name, short name or IRI."""

from __future__ import annotations

import re
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
        made = NamedNode(f"{BASE}id/{prefix}/{local}") if re.fullmatch(r"[\w-]+", local) else None
        if made and next(self.store.quads_for_pattern(made, None, None, INFERRED), None):
            return made

        def fitting(nodes: set[NamedNode]) -> set[NamedNode]:
            return {n for n in nodes if not kinds or shorten(n.value).partition(":")[0] in kinds}

        exact = self._indexed(_NAME, key)
        found = fitting(exact)
        if not found and all("/concept/" in n.value for n in exact):
            # The word for a concept ("charter") can also be a part of the name that is meant.
            found = fitting(self._by_words(key)) or self._by_part(key, kinds)
        found = found or exact
        if len(found) > 1:
            # A thing comes before the concept that is named after it.
            found = {n for n in found if "/concept/" not in n.value} or found
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

    def concepts(self, text: str) -> list[NamedNode]:
        """All concepts that a word names, where it names nothing but concepts."""
        try:
            found = {self.find(text)}
        except InputError:
            found = self._indexed(_NAME, text.strip().casefold())
        return sorted(found, key=str) if all("/concept/" in n.value for n in found) else []

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

    def _by_part(self, key: str, kinds: tuple[str, ...] = ()) -> set[NamedNode]:
        """Things with all these words in a name, of the first kind that has some."""
        words = set(re.findall(r"\w+", key))
        if not words or len(key) < _LEAST:
            return set()
        found = {
            (shorten(quad.subject.value).partition(":")[0], quad.subject)
            for quad in self.store.quads_for_pattern(None, _NAME, None, NAMES)
            if isinstance(quad.object, Literal)
            and isinstance(quad.subject, NamedNode)
            and words <= set(re.findall(r"\w+", quad.object.value))
        }
        for kind in kinds or (*_MAIN, *_FURTHER):
            if of_kind := {node for prefix, node in found if prefix == kind}:
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
