"""A graph in memory, with the terms as they are written.

A store makes ``"1.50"`` of decimals ``"1.5"``; what checks literals must see what the
file says. Terms are pyoxigraph's; every list keeps the order of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode

from csto.vocabulary import RDF, RDF_TYPE, RDFS

FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
SUBCLASS = NamedNode(RDFS + "subClassOf")


class Graph:
    """Triples by subject, and by property and object."""

    def __init__(self, triples: Iterable[Any] = ()) -> None:
        """``triples`` are triples or quads; the names of graphs are passed over."""
        self.by_subject: dict[Any, dict[Any, list[Any]]] = {}
        # Made for a property when somebody asks for it.
        self._by_object: dict[Any, dict[Any, list[Any]]] = {}
        self._subjects: dict[Any, list[Any]] | None = None
        self._instances: dict[Any, dict[Any, None]] = {}
        self.size = 0
        seen: dict[Any, Any] = {}
        # Values as keys while they are gathered: a node may have a hundred thousand of them.
        said: dict[Any, dict[Any, dict[Any, None]]] = {}
        for triple in triples:
            # One object for each term: a graph of a million triples has far fewer terms.
            s, p, o = triple.subject, triple.predicate, triple.object
            s = seen.setdefault(s, s)
            p = seen.setdefault(p, p)
            o = seen.setdefault(o, o)
            said.setdefault(s, {}).setdefault(p, {})[o] = None
        for subject, properties in said.items():
            self.by_subject[subject] = {p: list(values) for p, values in properties.items()}
        self.size = sum(len(v) for said in self.by_subject.values() for v in said.values())

    def values(self, subject: Any, predicate: Any) -> list[Any]:
        found = self.by_subject.get(subject)
        return found.get(predicate, []) if found is not None else []

    def value(self, subject: Any, predicate: Any) -> Any:
        found = self.values(subject, predicate)
        return found[0] if found else None

    def subjects_of(self, predicate: Any) -> list[Any]:
        """What has a property."""
        if self._subjects is None:
            self._subjects = {}
            for subject, said in self.by_subject.items():
                for prop in said:
                    self._subjects.setdefault(prop, []).append(subject)
        return self._subjects.get(predicate, [])

    def inverse(self, thing: Any, predicate: Any) -> list[Any]:
        """What has ``thing`` as a value of a property."""
        index = self._by_object.get(predicate)
        if index is None:
            index = self._by_object[predicate] = {}
            for subject in self.subjects_of(predicate):
                for value in self.by_subject[subject][predicate]:
                    index.setdefault(value, []).append(subject)
        return index.get(thing, [])

    def objects_of(self, predicate: Any) -> list[Any]:
        """The values of a property, each once."""
        self.inverse(None, predicate)
        return list(self._by_object[predicate])

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
        for subject, said in self.by_subject.items():
            for predicate, values in said.items():
                for value in values:
                    yield subject, predicate, value

    def nodes(self) -> set[Any]:
        """All that stands as a subject or an object."""
        found = set(self.by_subject)
        for _, _, value in self.triples():
            found.add(value)
        return found


def is_true(value: Any) -> bool:
    return isinstance(value, Literal) and value.value in ("true", "1")
