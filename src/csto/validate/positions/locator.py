"""From what a finding speaks of to the statement that says it.

Files are read a second time for positions only when something in them is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Store

from csto.validate.finding import Place
from csto.validate.inputs import File
from csto.validate.positions import jsonld, turtle
from csto.validate.positions.turtle import NotPlacedError, Placed, Span
from csto.vocabulary import ONTOLOGY, OWL, RDF_TYPE, RDFS

_SUB = NamedNode(RDFS + "subPropertyOf")
_INVERSE = NamedNode(OWL + "inverseOf")
_BLANK = "_:"


class Locator:
    """Finds places in files. ``schema`` is a store whose ontology graph relates properties."""

    def __init__(self, files: Iterable[File], schema: Store) -> None:
        self._files = list(files)
        self._schema = schema
        # In which files a subject is described; those that give its type come first.
        self._by_subject: dict[Any, list[int]] = {}
        for number, file in enumerate(self._files):
            for quad in file.quads:
                key = _key(quad.subject)
                listed = self._by_subject.setdefault(key, [])
                if number not in listed:
                    listed.append(number)
                if quad.predicate == RDF_TYPE and listed[0] != number:
                    listed.remove(number)
                    listed.insert(0, number)
        self._statements: dict[int, dict[Any, list[Placed]]] = {}
        self._json: dict[int, dict[tuple[str, str], Span]] = {}

    def find(self, focus: Any, path: Any = None, value: Any = None) -> Place | None:
        """The best place for a finding: its statement, else its property, else its subject.

        Args:
            focus: the subject.
            path: a property that the finding is about, if it is known.
            value: an object of that property; without ``path`` of any property, or the
                property or class itself that is wrong.

        Returns:
            ``None`` if no file describes the subject.
        """
        found = self.exact(focus, path, value)
        if found is None and isinstance(path, NamedNode):
            found = self._statement(focus, self._related(path)[0], None)
        return found or self._subject(focus)

    def exact(self, focus: Any, path: Any = None, value: Any = None) -> Place | None:
        """The place of the statement itself, as far as it is known; else ``None``."""
        if isinstance(path, NamedNode):
            down, up = self._related(path)
            found = self._statement(focus, down, value)
            if found is None and up and value is not None:
                found = self._statement(value, up, focus)
            return found
        if value is None:
            return None
        return self._statement(focus, None, value) or self._statement(focus, [value], None)

    def subject(self, focus: Any) -> Place | None:
        """Where a thing is described."""
        return self._subject(focus)

    def _related(self, path: NamedNode) -> tuple[list[Any], list[Any]]:
        """Properties whose statements give this one, and those that give it reversed."""
        down: list[Any] = []
        todo: list[Any] = [path]
        while todo:
            prop = todo.pop(0)
            if prop in down:
                continue
            down.append(prop)
            todo += [q.subject for q in self._quads(None, _SUB, prop)]
        up = []
        for prop in down:
            up += [q.subject for q in self._quads(None, _INVERSE, prop)]
            up += [q.object for q in self._quads(prop, _INVERSE, None)]
        return down, up

    def _quads(self, subject: Any, predicate: NamedNode, thing: Any) -> Sequence[Any]:
        return list(self._schema.quads_for_pattern(subject, predicate, thing, ONTOLOGY))

    def _statement(self, focus: Any, paths: list[Any] | None, value: Any) -> Place | None:
        for number in self._by_subject.get(_key(focus), ()):
            file = self._files[number]
            if file.ending == ".jsonld":
                found = self._in_json(number, focus, paths)
                if found is not None:
                    return _place(file, found)
                continue
            for stated in self._stated(number).get(_key(focus), ()):
                if paths is not None and stated.predicate not in paths:
                    continue
                if value is None:
                    return _place(file, stated.predicate_at, stated.object_at)
                if _same(stated.object, value):
                    return _place(file, *self._narrow(number, stated))
        return None

    def _narrow(self, number: int, stated: Placed) -> tuple[Span, Span]:
        """From the property to the value; the value alone if it is one of several."""
        sharing = sum(
            1
            for other in self._stated(number)[_key(stated.subject)]
            if other.predicate_at == stated.predicate_at
        )
        first = stated.object_at if sharing > 1 else stated.predicate_at
        return first, stated.object_at

    def _subject(self, focus: Any) -> Place | None:
        listed = self._by_subject.get(_key(focus), [])
        for number in listed:
            file = self._files[number]
            if file.ending == ".jsonld":
                found = self._in_json(number, focus, None)
                if found is not None:
                    return _place(file, found)
            for stated in self._stated(number).get(_key(focus), ()):
                return _place(file, stated.subject_at)
        return Place(self._files[listed[0]].shown) if listed else None

    def _stated(self, number: int) -> dict[Any, list[Placed]]:
        if number not in self._statements:
            file = self._files[number]
            found: dict[Any, list[Placed]] = {}
            try:
                for stated in turtle.statements(file.text, file.ending[1:]):
                    found.setdefault(_key(stated.subject), []).append(stated)
            except NotPlacedError:
                pass
            self._statements[number] = found
        return self._statements[number]

    def _in_json(self, number: int, focus: Any, paths: list[Any] | None) -> Span | None:
        if number not in self._json:
            try:
                self._json[number] = jsonld.places(self._files[number].text)
            except NotPlacedError:
                self._json[number] = {}
        places, iri = self._json[number], getattr(focus, "value", "")
        if paths is None:
            return places.get((iri, ""))
        found = (places.get((iri, getattr(path, "value", ""))) for path in paths)
        return next((span for span in found if span is not None), None)


def _key(term: Any) -> Any:
    # The labels of blank nodes differ from reading to reading.
    return _BLANK if isinstance(term, BlankNode) else term


def _same(one: Any, other: Any) -> bool:
    return bool(_key(one) == _key(other))


def _place(file: File, first: Span, last: Span | None = None) -> Place:
    end = last or first
    return Place(file.shown, first[0], first[1], end[2], end[3])
