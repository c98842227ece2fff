"""What was meant where a name is unknown: the nearest known name of the same kind."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from pyoxigraph import NamedNode, Store

from csto.vocabulary import ASSERTED, ONTOLOGY, is_ours, shorten

# Names beyond this many are not compared: a list of hundreds of slips is one mistake.
MAX_ASKED = 200


class Nearest:
    """Suggestions from the subjects of some graphs."""

    def __init__(self, store: Store, graphs: Iterable[NamedNode] = (ONTOLOGY, ASSERTED)) -> None:
        self._store = store
        self._graphs = list(graphs)
        self._asked = 0

    @cached_property
    def _known(self) -> dict[str, list[str]]:
        """Local names by namespace."""
        found: dict[str, set[str]] = {}
        for graph in self._graphs:
            for quad in self._store.quads_for_pattern(None, None, None, graph):
                if isinstance(quad.subject, NamedNode):
                    space, local = _split(quad.subject.value)
                    found.setdefault(space, set()).add(local)
        return {space: sorted(names) for space, names in found.items()}

    def to(self, term: Any) -> str:
        """The short form of the nearest known name, if ``term`` is of ours and unknown."""
        if not isinstance(term, NamedNode) or not is_ours(term.value):
            return ""
        space, local = _split(term.value)
        known = self._known.get(space, [])
        if local in known or self._asked >= MAX_ASKED:
            return ""
        self._asked += 1
        best = get_close_matches(local, known, 1, 0.6)
        if not best:
            spaces = get_close_matches(space, list(self._known), 1, 0.8)
            if spaces and local in self._known[spaces[0]]:
                return shorten(spaces[0] + local)
            # The right slug under the wrong kind: state:nikolai-bordyuzha.
            others = [s for s, names in self._known.items() if local in names and s != space]
            if len(others) == 1:
                return shorten(others[0] + local)
        return shorten(space + best[0]) if best else ""


def _split(iri: str) -> tuple[str, str]:
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:cut], iri[cut:]
