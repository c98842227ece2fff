"""Bring comments to the places where the layout can put them, and lose none.

A comment can stand between any two tokens. The layout has a place for it on lines above
a statement, a predicate, an object or a closing bracket, and behind what ends a line.
Comments elsewhere move to the nearest of these places above them, in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from csto.fmt.tokens import Piece
from csto.fmt.tree import Note, Pair, Statement, Term


def settle(statements: Iterable[Statement]) -> None:
    """Move the comments of statements to where the layout can write them."""
    for statement in statements:
        if statement.directive is not None:
            _above(statement.first, statement.directive, last=True)
        elif statement.graph is not None:
            head = list(statement.graph)
            brace = head.pop()
            parts = [*head, *(statement.name.parts if statement.name else ())]
            _above(statement.first, [*parts, brace], last=True)
            settle(statement.statements)
        elif statement.quad is not None:
            for term in statement.quad:
                _term(term)
            parts = [p for term in statement.quad for p in (term.first, term.parts[-1])]
            assert statement.end is not None
            # The last trailing comment of the line may stay behind it.
            _above(statement.first, [*parts, statement.end], last=True)
        else:
            assert statement.subject is not None
            _term(statement.subject)
            _pairs(statement.pairs, statement.end)


def texts(above: list[str]) -> list[str]:
    """The comments among comments and blank lines."""
    return [comment for comment in above if comment]


def _above(first: Piece, parts: list[Piece], last: bool = False) -> None:
    """Take the comments of ``parts`` and put them above the first."""
    moved: list[str] = []
    for number, part in enumerate(parts):
        if part is not first:
            moved += texts(part.before)
            part.before = [line for line in part.before if not line]
        if part.after and not (last and number == len(parts) - 1):
            moved.append(part.after)
            part.after = ""
    _put(first, moved)


def _put(piece: Piece, moved: list[str]) -> None:
    if moved:
        above = piece.before
        while above and above[-1] == "":
            above.pop()
        piece.before = [*above, *moved]


def _term(term: Term) -> None:
    first = term.first
    if term.triple is not None:
        parts = list(_inside(term))
        _above(first, parts, last=True)
    elif term.items:
        for item in term.items:
            _term(item)
    elif term.pairs:
        _pairs(term.pairs, term.parts[-1])
    elif len(term.parts) > 1:
        # Text with its tag or datatype, [] and ().
        _above(first, term.parts, last=True)
    behind = term.parts[-1]
    for note in term.notes:
        # What stands between a term and its annotations goes above the term.
        moved = [behind.after] if behind.after else []
        behind.after = ""
        moved += texts(note.first.before)
        note.first.before = []
        _put(first, moved)
        if note.pairs is not None:
            assert note.close is not None
            _pairs(note.pairs, note.close)
        elif note.name is not None:
            _above(first, [note.first, *note.name.parts], last=True)
        behind = note.last


def _inside(term: Term) -> Iterator[Piece]:
    """All tokens of a triple term, in order."""
    if term.triple is None:
        yield from term.parts
        return
    subject, verb, thing = term.triple
    yield term.parts[0]
    yield from _inside(subject)
    yield verb
    yield from _inside(thing)
    if term.inner is not None:
        yield from _note(term.inner)
    yield term.parts[-1]


def _note(note: Note) -> Iterator[Piece]:
    yield note.first
    if note.name is not None:
        yield from _inside(note.name)


def _pairs(pairs: list[Pair], close: Piece | None) -> None:
    """``close`` is what ends them: a full stop or a bracket; ``None`` at the end of a graph."""
    for number, pair in enumerate(pairs):
        for term in pair.objects:
            _term(term)
        first = pair.objects[0].first
        moved = [pair.verb.after] if pair.verb.after else []
        pair.verb.after = ""
        moved += texts(first.before)
        first.before = []
        _put(pair.verb, moved)
        for index, comma in enumerate(pair.commas):
            behind, following = pair.objects[index].last, pair.objects[index + 1].first
            moved = texts(comma.before)
            comma.before = []
            if comma.after:
                if not behind.after and not moved:
                    behind.after = comma.after
                else:
                    moved.append(comma.after)
                comma.after = ""
            if moved:
                following.before = [*moved, *following.before]
        behind = pair.objects[-1].last
        moved = []
        for end in pair.ends:
            moved += texts(end.before)
            if end.after:
                if not behind.after and not moved:
                    behind.after = end.after
                else:
                    moved.append(end.after)
            end.before, end.after = [], ""
        if not moved:
            continue
        if number + 1 < len(pairs):
            following = pairs[number + 1].verb
            following.before = [*moved, *following.before]
        elif close is not None:
            close.before = [*moved, *close.before]
        else:
            _put(pairs[0].verb, moved)
