"""Read nodes of a dataset, whichever of its graphs they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from csto.graph.dataset import TIMELESS, Dataset
from csto.vocabulary import csto


def documents_first(passages: Iterable[str]) -> list[str]:
    """Labels of passages, each once: those with a paragraph before pages and records."""
    return sorted(set(passages), key=lambda label: ("¶" not in label, label))


class Reader:
    """Properties of nodes over some graphs, with labels for people."""

    def __init__(self, dataset: Dataset, graphs: Sequence[NamedNode] = TIMELESS) -> None:
        self.store = dataset.store
        self.graphs = list(graphs)
        self.things = dataset.things

    def objects(self, node: NamedNode, predicate: NamedNode | str) -> list[Any]:
        """Values of a property, given as a term or by its local name in our ontology."""
        term = csto(predicate) if isinstance(predicate, str) else predicate
        found = {
            quad.object
            for graph in self.graphs
            for quad in self.store.quads_for_pattern(node, term, None, graph)
        }
        return sorted(found, key=str)

    def subjects(self, predicate: NamedNode, thing: NamedNode) -> list[NamedNode]:
        """Nodes that have this value of this property."""
        found = {
            quad.subject
            for graph in self.graphs
            for quad in self.store.quads_for_pattern(None, predicate, thing, graph)
            if isinstance(quad.subject, NamedNode)
        }
        return sorted(found, key=str)

    def dealing_with(self, thing: NamedNode) -> set[NamedNode]:
        """All that deals with a thing, over the one closure of "about"."""
        found: set[NamedNode] = set()
        waiting = [thing]
        while waiting:
            for node in self.subjects(csto("dealsWith"), waiting.pop()):
                if node not in found:
                    found.add(node)
                    waiting.append(node)
        return found

    def show(self, term: Any) -> str:
        """A term as people read it: the label of a thing, the text of a value."""
        if isinstance(term, NamedNode):
            return self.things.label(term)
        return term.value if isinstance(term, Literal) else str(term)

    def text(self, node: NamedNode, local: str) -> str:
        """All values of a property as one text."""
        return "; ".join(self.show(term) for term in self.objects(node, local))
