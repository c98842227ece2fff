"""The timeless graphs in memory, for whoever reads all things one after the other.

A store on disk answers a pattern in some ten microseconds; a thousand pages ask for
millions of them. Here each pattern is one look into a dictionary.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, cast

from pyoxigraph import NamedNode, Store

from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.lookup import Things


class Read(NamedTuple):
    """A quad with the parts of :class:`pyoxigraph.Quad`."""

    subject: Any
    predicate: Any
    object: Any
    graph_name: Any

    @property
    def triple(self) -> Any:
        from pyoxigraph import Triple

        return Triple(self.subject, self.predicate, self.object)


class Memory:
    """Some graphs of a store, which can be read as the store can."""

    def __init__(self, store: Store, graphs: Iterable[NamedNode]) -> None:
        self._by: dict[str, dict[Any, list[Read]]] = {
            key: defaultdict(list) for key in ("s", "p", "o", "sp", "po")
        }
        # One object for each term: equal terms are found by identity, which is quicker.
        known: dict[Any, Any] = {}
        for graph in graphs:
            for quad in store.quads_for_pattern(None, None, None, graph):
                s, p, o = (known.setdefault(t, t) for t in quad.triple)
                read = Read(s, p, o, graph)
                self._by["s"][graph, s].append(read)
                self._by["p"][graph, p].append(read)
                self._by["o"][graph, o].append(read)
                self._by["sp"][graph, s, p].append(read)
                self._by["po"][graph, p, o].append(read)

    def quads_for_pattern(self, s: Any, p: Any, o: Any, graph: Any) -> Iterator[Read]:
        """The quads of one graph that have these parts; ``None`` fits all."""
        by = self._by
        if s is not None:
            found = by["s"].get((graph, s), []) if p is None else by["sp"].get((graph, s, p), [])
            return iter(found if o is None else [read for read in found if read.object == o])
        if o is not None:
            return iter(
                by["o"].get((graph, o), []) if p is None else by["po"].get((graph, p, o), [])
            )
        if p is not None:
            return iter(by["p"].get((graph, p), []))
        return (read for (g, _), reads in by["p"].items() if g == graph for read in reads)


class _Named(Things):
    """Names that are looked up once."""

    def label(self, node: NamedNode) -> str:
        labels = self.__dict__.setdefault("labels", {})
        if node not in labels:
            labels[node] = super().label(node)
        return cast(str, labels[node])


def in_memory(dataset: Dataset, day: str | None = None) -> Dataset:
    """The dataset with its timeless graphs in memory, to be read only.

    Args:
        dataset: the graph.
        day: its slices are there too; ``None`` for none. No other day can be cut.
    """
    graphs = [*TIMELESS, *(dataset.cut(day) if day else ())]
    # The rules are compiled from the store itself, and shared.
    program = dataset.program
    read = copy.copy(dataset)
    read.__dict__["program"] = program
    memory = cast(Any, Memory(dataset.store, graphs))
    read.__dict__["_graphs"] = memory
    read.__dict__["things"] = _Named(memory)
    read.__dict__["_slices"] = {day} if day else set()
    # What rules make only when asked stays out: nobody asks this one.
    read.__dict__["_asked"] = True
    return read
