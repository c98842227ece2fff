"""A text of RDF as a tree that keeps everything, comments and places included.

The same tree stands for Turtle, TriG, N-Triples and N-Quads, with the triple terms and
annotations of RDF 1.2; :mod:`csto.fmt.grammar` reads it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from csto.fmt.tokens import Lines, Piece, Span

# Brackets within brackets: more is refused, because people do not write it and every
# walk over the tree would need a stack as deep.
MAX_DEPTH = 1000


class UnreadableError(Exception):
    """The grammar does not take the text; ``errors`` are all that were found."""

    def __init__(self, message: str, errors: tuple[Wrong, ...] = ()) -> None:
        super().__init__(message)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Wrong:
    """One syntax error: what is the matter, and where."""

    what: str
    at: Span


class WrongError(Exception):
    """What ends the reading of one statement, by grammar or by meaning: the matter, and where."""

    def __init__(self, what: str, piece: Piece) -> None:
        super().__init__(what)
        self.piece = piece

    def within(self, lines: Lines) -> Wrong:
        # Where the text ends there is nothing to point at, so the place is one character long.
        end = max(self.piece.end, self.piece.start + 1)
        return Wrong(str(self), lines.span(self.piece.start, end))


@dataclass(slots=True, eq=False)
class Term:
    """A node of the tree that stands for a term.

    Attributes:
        parts: its tokens, of a plain term all of them, else the first and the last.
        text: a plain term as written, without comments.
        pairs: what a bracket says.
        items: the members of a collection.
        triple: subject, predicate and object of a triple term or of a reified triple.
        inner: the reifier within the brackets of a reified triple.
        notes: reifiers and annotations behind an object.
    """

    parts: list[Piece]
    text: str = ""
    pairs: list[Pair] | None = None
    items: list[Term] | None = None
    triple: tuple[Term, Piece, Term] | None = None
    inner: Note | None = None
    notes: list[Note] = field(default_factory=list)

    @property
    def first(self) -> Piece:
        return self.parts[0]

    @property
    def last(self) -> Piece:
        return self.notes[-1].last if self.notes else self.parts[-1]


@dataclass(slots=True, eq=False)
class Note:
    """``~ name``, or an annotation ``{| … |}``."""

    first: Piece
    name: Term | None = None
    pairs: list[Pair] | None = None
    close: Piece | None = None

    @property
    def last(self) -> Piece:
        if self.close is not None:
            return self.close
        return self.name.last if self.name is not None else self.first


@dataclass(slots=True, eq=False)
class Pair:
    """A predicate with its objects; ``ends`` are the semicolons behind it."""

    verb: Piece
    objects: list[Term]
    commas: list[Piece]
    ends: list[Piece] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Statement:
    """A directive, the triples of a subject, a graph with statements in it, or a quad.

    Attributes:
        directive: its tokens, of which the first is the word (``@prefix``, ``BASE`` …).
        graph: tokens of the head of a graph up to its brace; ``name`` is its name.
        quad: the terms of a line of N-Triples or N-Quads.
    """

    first: Piece
    end: Piece | None = None
    subject: Term | None = None
    pairs: list[Pair] = field(default_factory=list)
    directive: list[Piece] | None = None
    graph: list[Piece] | None = None
    name: Term | None = None
    statements: list[Statement] = field(default_factory=list)
    quad: list[Term] | None = None
    # Where it stands in the text.
    start: int = 0
    stop: int = 0

    @property
    def word(self) -> str:
        """Of a directive ``prefix``, ``base`` or ``version``."""
        return self.directive[0].text.lstrip("@").lower() if self.directive else ""

    @property
    def prefix(self) -> str:
        """The prefix that a directive declares, with its colon."""
        return self.directive[1].text if self.directive and self.word == "prefix" else ""

    @property
    def iri(self) -> str:
        """The IRI of a directive, as written."""
        return self.directive[2 if self.word == "prefix" else 1].text if self.directive else ""


@dataclass(slots=True, eq=False)
class Text:
    """A whole file: its statements, the comments below the last, and what is wrong."""

    text: str
    kind: str
    statements: list[Statement]
    tail: list[str]
    errors: list[Wrong]
    lines: Lines


@contextmanager
def deep() -> Iterator[None]:
    """Room for walks over a tree as deep as :data:`MAX_DEPTH` allows."""
    old = sys.getrecursionlimit()
    sys.setrecursionlimit(max(old, MAX_DEPTH * 12))
    try:
        yield
    finally:
        sys.setrecursionlimit(old)
