"""A graph in memory, with the terms as they are written.

A store makes ``"1.50"`` of decimals ``"1.5"``; what checks literals must see what the
file says. Terms are pyoxigraph's; every list keeps the order of the file.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from operator import is_
from typing import Any

from pyoxigraph import Literal, NamedNode

from csto.validate.literals import IllTyped, ill_typed
from csto.vocabulary import RDF, RDF_TYPE, RDFS

FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
SUBCLASS = NamedNode(RDFS + "subClassOf")
# So many values are searched one by one for what is said twice.
_FEW = 8
_NOTHING: dict[Any, list[Any]] = {}


class Graph:
    """Triples by property and subject, which is how constraints ask for them."""

    def __init__(self, triples: Iterable[Any] = ()) -> None:
        """``triples`` are triples or quads; the names of graphs are passed over."""
        # The values of each property, by subject.
        self.said: dict[Any, dict[Any, list[Any]]] = {}
        # Made for a property or class when somebody asks for it.
        self._by_object: dict[Any, dict[Any, list[Any]]] = {}
        self._instances: dict[Any, dict[Any, None]] = {}
        with uncollected():
            self._read(triples)
        self.size = sum(sum(map(len, said.values())) for said in self.said.values())

    def _read(self, triples: Iterable[Any]) -> None:
        graph = self.said
        several: dict[int, list[Any]] = {}
        subject = None
        for triple in triples:
            # One object for a subject as long as the file goes on about it: the same object is
            # found sooner in a table than an equal one, and columns can be seen to be in step.
            if triple.subject != subject:
                subject = triple.subject
            predicate = triple.predicate
            said = graph.get(predicate)
            if said is None:
                said = graph[predicate] = {}
            values = said.get(subject)
            if values is None:
                said[subject] = [triple.object]
                continue
            value = triple.object
            if len(values) < _FEW:
                if value not in values:
                    values.append(value)
            else:
                values.append(value)
                several[id(values)] = values
        for values in several.values():
            values[:] = dict.fromkeys(values)

    @cached_property
    def by_subject(self) -> dict[Any, dict[Any, list[Any]]]:
        """The properties of each subject."""
        found: dict[Any, dict[Any, list[Any]]] = {}
        for predicate, said in self.said.items():
            for subject, values in said.items():
                found.setdefault(subject, {})[predicate] = values
        return found

    def values(self, subject: Any, predicate: Any) -> list[Any]:
        return self.said.get(predicate, _NOTHING).get(subject, [])

    def value(self, subject: Any, predicate: Any) -> Any:
        found = self.values(subject, predicate)
        return found[0] if found else None

    @cached_property
    def ill_typed(self) -> list[IllTyped]:
        return list(ill_typed(self.said))

    @cached_property
    def ill_literals(self) -> frozenset[Literal]:
        return frozenset(literal for _, _, literal, _ in self.ill_typed)

    def column(self, predicate: Any, nodes: list[Any]) -> list[list[Any]]:
        """The values of a property for each of some nodes."""
        said = self.said.get(predicate, _NOTHING)
        if len(nodes) <= len(said) and all(map(is_, nodes, said)):
            return list(islice(said.values(), len(nodes)))
        none: list[Any] = []
        return [said.get(node, none) for node in nodes]

    def further(self, predicate: Any, columns: list[list[Any]]) -> list[list[Any]]:
        """The values of a property for each of some lists of nodes, each value once."""
        said = self.said.get(predicate, _NOTHING)
        none: list[Any] = []
        return [
            said.get(nodes[0], none)
            if len(nodes) == 1
            else list(dict.fromkeys(v for node in nodes for v in said.get(node, none)))
            for nodes in columns
        ]

    def subjects_of(self, predicate: Any) -> Iterable[Any]:
        """What has a property."""
        said: Iterable[Any] = self.said.get(predicate, _NOTHING)
        return said

    def inverse(self, thing: Any, predicate: Any) -> list[Any]:
        """What has ``thing`` as a value of a property."""
        index = self._by_object.get(predicate)
        if index is None:
            index = self._by_object[predicate] = {}
            for subject, values in self.said.get(predicate, _NOTHING).items():
                for value in values:
                    index.setdefault(value, []).append(subject)
        return index.get(thing, [])

    def objects_of(self, predicate: Any) -> Iterable[Any]:
        """The values of a property, each once."""
        self.inverse(None, predicate)
        return self._by_object[predicate]

    def members(self, head: Any) -> list[Any] | None:
        """The members of a list; ``None`` if it is none or goes in a circle."""
        found: list[Any] = []
        seen = set()
        while head != NIL:
            first = self.values(head, FIRST)
            rest = self.values(head, REST)
            if len(first) != 1 or len(rest) != 1 or head in seen:
                return None
            seen.add(head)
            found.append(first[0])
            head = rest[0]
        return found

    def narrower(self, cls: Any) -> list[Any]:
        """A class and all classes below it."""
        found = {cls: None}
        waiting = [cls]
        while waiting:
            for below in self.inverse(waiting.pop(), SUBCLASS):
                if below not in found:
                    found[below] = None
                    waiting.append(below)
        return list(found)

    def instances(self, cls: Any) -> dict[Any, None]:
        """What SHACL calls the instances of a class, in order."""
        if cls not in self._instances:
            found: dict[Any, None] = {}
            for below in self.narrower(cls):
                found.update(dict.fromkeys(self.inverse(below, RDF_TYPE)))
            self._instances[cls] = found
        return self._instances[cls]

    def triples(self) -> Iterator[tuple[Any, Any, Any]]:
        for predicate, said in self.said.items():
            for subject, values in said.items():
                for value in values:
                    yield subject, predicate, value


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the garbage collector, which walks over millions of terms in vain."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def is_true(value: Any) -> bool:
    return isinstance(value, Literal) and value.value in ("true", "1")
