"""From what a finding speaks of to the statement that says it.

Files are read a second time for positions only when something in them is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Store

from csto.fmt.tokens import Lines
from csto.validate.finding import Place
from csto.validate.parsed import MAX_OWN, File
from csto.validate.positions import jsonld, rdfxml, turtle
from csto.validate.positions.blocks import Blocks
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
        self._statements: dict[int, dict[Any, list[Placed]]] = {}
        self._lines: dict[int, dict[str, list[tuple[int, str]]]] = {}
        self._nodes: dict[int, dict[tuple[str, str], Span]] = {}
        self._blocks: dict[int, Blocks] = {}

    @cached_property
    def _by_subject(self) -> dict[Any, list[int]]:
        """In which files a subject is described; those that give its type come first."""
        found: dict[Any, list[int]] = {}
        for number, file in enumerate(self._files):
            for quad in file.quads:
                listed = found.setdefault(_key(quad.subject), [])
                if number not in listed:
                    listed.append(number)
                if listed[0] != number and quad.predicate == RDF_TYPE:
                    listed.remove(number)
                    listed.insert(0, number)
        return found

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

    def _described_in(self, focus: Any) -> list[int]:
        # The index costs as much as reading a long file; a single one need not have it.
        return [0] if len(self._files) == 1 else self._by_subject.get(_key(focus), [])

    def _statement(self, focus: Any, paths: list[Any] | None, value: Any) -> Place | None:
        for number in self._described_in(focus):
            file = self._files[number]
            if file.ending in (".jsonld", ".rdf", ".xml"):
                found = self._in_nodes(number, focus, paths)
                if found is not None:
                    return _place(file, found)
                continue
            about = [
                stated
                for stated in self._of(number, focus)
                if paths is None or stated.predicate in paths
            ]
            if value is None and about:
                return _place(file, about[0].predicate_at, about[0].object_at)
            same = [stated for stated in about if stated.object == value] or [
                stated for stated in about if _same(stated.object, value)
            ]
            if same:
                return _place(file, *self._narrow(number, same[0]))
        return None

    def _narrow(self, number: int, stated: Placed) -> tuple[Span, Span]:
        """From the property to the value; the value alone if it is one of several."""
        sharing = sum(
            1
            for other in self._of(number, stated.subject)
            if other.predicate_at == stated.predicate_at
        )
        first = stated.object_at if sharing > 1 else stated.predicate_at
        return first, stated.object_at

    def _subject(self, focus: Any) -> Place | None:
        for number in self._described_in(focus):
            file = self._files[number]
            if file.ending in (".jsonld", ".rdf", ".xml"):
                found = self._in_nodes(number, focus, None)
                if found is not None:
                    return _place(file, found)
            for stated in self._of(number, focus):
                return _place(file, stated.subject_at)
        listed = self._by_subject.get(_key(focus), [])
        return Place(self._files[listed[0]].shown) if listed else None

    def _stated(self, number: int) -> dict[Any, list[Placed]]:
        if number not in self._statements:
            file = self._files[number]
            found: dict[Any, list[Placed]] = {}
            try:
                placed = file.statements or turtle.statements(file.text, file.ending[1:], file.base)
            except NotPlacedError:
                placed = []
            for stated in placed:
                found.setdefault(stated.subject, []).append(stated)
                if isinstance(stated.subject, BlankNode):
                    found.setdefault(_BLANK, []).append(stated)
            self._statements[number] = found
        return self._statements[number]

    def _of(self, number: int, focus: Any) -> list[Placed]:
        """Statements about a node; about any node without a name, if it has none here."""
        file = self._files[number]
        if file.ending in (".nt", ".nq") and not file.statements:
            return self._on_lines(number, focus)
        if self._is_long(file):
            if number not in self._blocks:
                self._blocks[number] = Blocks(file.text, file.base)
            iri = focus.value if isinstance(focus, NamedNode) else ""
            return [s for s in self._blocks[number].of(iri) if s.subject == focus]
        stated = self._stated(number)
        return stated.get(focus) or stated.get(_key(focus)) or []

    def _on_lines(self, number: int, focus: Any) -> list[Placed]:
        """In files of a statement a line, only the lines of a subject are read."""
        file = self._files[number]
        if number not in self._lines:
            index: dict[str, list[tuple[int, str]]] = {}
            for line, text in enumerate(file.text.splitlines(), 1):
                words = text.split(None, 1)
                if words:
                    index.setdefault(words[0], []).append((line, text))
            self._lines[number] = index
        found = []
        for line, text in self._lines[number].get(str(focus), ()):
            for stated in turtle.statements(text, file.ending[1:]):
                found.append(stated.moved(line - 1))
        return found

    def _is_long(self, file: File) -> bool:
        return file.ending == ".ttl" and len(file.text) > MAX_OWN and not file.statements

    def value(self, value: Any) -> Place | None:
        """Where something stands as a value."""
        for number, file in enumerate(self._files):
            if self._is_long(file):
                at = file.text.find(str(value))
                if at >= 0:
                    return Place(file.shown, *Lines(file.text).span(at, at + len(str(value))))
                continue
            for listed in self._stated(number).values():
                for stated in listed:
                    if stated.object == value:
                        return _place(file, stated.object_at)
        return None

    def _in_nodes(self, number: int, focus: Any, paths: list[Any] | None) -> Span | None:
        """In formats of which only nodes and their properties have places."""
        if number not in self._nodes:
            file = self._files[number]
            try:
                self._nodes[number] = (
                    jsonld.places(file.text)
                    if file.ending == ".jsonld"
                    else rdfxml.places(file.text, file.base)
                )
            except NotPlacedError:
                self._nodes[number] = {}
        places, iri = self._nodes[number], getattr(focus, "value", "")
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
