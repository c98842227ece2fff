"""Find the thing a user means: by abbreviation, label, other name, short name or IRI."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Store

from csto.errors import InputError
from csto.names import ASSERTED, BASE, INFERRED, ONTOLOGY, RDFS, SKOS, WELL_KNOWN, csto, shorten

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


@dataclass
class Things:
    """Names of the things of a graph, in any case."""

    store: Store
    _names: dict[str, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))
    _shown: dict[str, str] = field(default_factory=dict)
    _curies: dict[str, NamedNode] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for graph in (ASSERTED, ONTOLOGY):
            for predicate in _NAMING:
                for quad in self.store.quads_for_pattern(None, predicate, None, graph):
                    if not isinstance(quad.object, Literal) or not isinstance(
                        quad.subject, NamedNode
                    ):
                        continue
                    key = quad.object.value.casefold()
                    self._names[key].add(quad.subject)
                    self._shown.setdefault(key, quad.object.value)
                    self._curies[shorten(quad.subject.value).casefold()] = quad.subject

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
        if key in self._curies:
            return self._curies[key]
        prefix, colon, local = text.partition(":")
        if colon and prefix in WELL_KNOWN and not local.startswith("//"):
            return self._by_iri(WELL_KNOWN[prefix] + local, what)
        # What a rule made has no name, only an IRI: overlap:…, ground:…
        made = NamedNode(f"{BASE}id/{prefix}/{local}") if re.fullmatch(r"[\w-]+", local) else None
        if made and next(self.store.quads_for_pattern(made, None, None, INFERRED), None):
            return made
        found = set(self._names.get(key, ())) or self._by_words(key)
        if kinds:
            found = {n for n in found if shorten(n.value).partition(":")[0] in kinds} or found
        if len(found) > 1:
            # A thing comes before the concept that is named after it.
            found = {n for n in found if "/concept/" not in n.value} or found
        if len(found) == 1:
            return found.pop()
        if found:
            names = ", ".join(sorted(shorten(n.value) for n in found))
            raise InputError(f'"{text}" names several things: {names}; give one of these')
        raise InputError(f'no {what} is called "{text}"{self._nearest(text, kinds)}')

    def _by_words(self, key: str) -> set[NamedNode]:
        """Things whose short name is these words, or has all of them, main kinds first.

        "Kazakhstan 2022" is ``crisis:kazakhstan-2022`` though its label says more.
        """
        words = re.findall(r"\w+", key)
        slug = "-".join(words)
        exact = {n for short, n in self._curies.items() if short.partition(":")[2] == slug}
        having = {
            n
            for short, n in self._curies.items()
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
            raise InputError(f"{iri} is no IRI") from None
        for graph in (ASSERTED, ONTOLOGY, INFERRED):
            if next(self.store.quads_for_pattern(node, None, None, graph), None):
                return node
        raise InputError(f"no {what} has the IRI {node.value}")

    def _nearest(self, text: str, kinds: tuple[str, ...]) -> str:
        keys = [
            key
            for key, nodes in self._names.items()
            if not kinds or any(shorten(n.value).partition(":")[0] in kinds for n in nodes)
        ]
        near = difflib.get_close_matches(text.casefold(), keys, n=3, cutoff=0.5)
        return "; did you mean " + ", ".join(self._shown[k] for k in near) + "?" if near else ""

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
