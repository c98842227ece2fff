"""Whether two texts say the same, in time that grows with their length only.

Canonical names for blank nodes can take for ever on a few nodes that point at each
other. A layout keeps the names that a text gives and the nesting of its brackets, so it
is enough to compare what was written, term by term; and what Oxigraph reads, with the
brackets that have no name left open.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from pyoxigraph import BlankNode, RdfFormat, Triple, parse

from csto.fmt.grammar import read
from csto.fmt.tokens import pieces
from csto.fmt.tree import Note, Pair, Statement, Term, Text, deep

_FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
}
# The base where only the form of a text matters.
ANYTHING = "http://example.org/csto/base"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def comments(text: str) -> Counter[str]:
    """Every comment of a text."""
    found: Counter[str] = Counter()
    for piece in pieces(text.removeprefix("\ufeff")):
        found.update(line for line in piece.before if line)
        if piece.after:
            found[piece.after] += 1
    return found


def triples(text: str, kind: str) -> Counter[Any]:
    """What Oxigraph reads in a text, blank nodes that the text does not name left open.

    Raises:
        SyntaxError: where it is no text of this kind.
    """
    base = ANYTHING if kind in ("ttl", "trig") else None
    named = {piece.text[2:] for piece in pieces(text) if piece.kind == "BLANK"}

    def open_(term: Any) -> Any:
        if isinstance(term, BlankNode):
            return term if term.value in named else None
        if isinstance(term, Triple):
            return (open_(term.subject), term.predicate, open_(term.object))
        return term

    return Counter(
        (open_(q.subject), q.predicate, open_(q.object), open_(getattr(q, "graph_name", None)))
        for q in parse(text.removeprefix("\ufeff").encode(), format=_FORMATS[kind], base_iri=base)
    )


def says_the_same(one: str, other: str, kind: str) -> bool:
    """Whether two texts differ in layout only: terms as written, pairs in any order of types."""
    with deep():
        return _said(one, kind) == _said(other, kind)


def _said(text: str, kind: str) -> list[Any]:
    tree = read(text.removeprefix("\ufeff"), kind)
    return _Plain(tree).statements(tree.statements)


class _Plain:
    def __init__(self, tree: Text) -> None:
        self.tree = tree
        self.prefixes: dict[str, str] = {}

    def statements(self, statements: list[Statement]) -> list[Any]:
        found: list[Any] = []
        for statement in statements:
            if statement.prefix:
                # Names are compared in full, so where a prefix stands is no matter.
                self.prefixes[statement.prefix] = statement.iri[1:-1]
            elif statement.directive is not None:
                found.append((statement.word, statement.directive[1].text))
            elif statement.graph is not None:
                name = self.term(statement.name) if statement.name else None
                found.append((name, self.statements(statement.statements)))
            elif statement.quad is not None:
                found.append([self.term(term) for term in statement.quad])
            else:
                assert statement.subject is not None
                found.append((self.term(statement.subject), self.pairs(statement.pairs)))
        return found

    def pairs(self, pairs: list[Pair]) -> list[Any]:
        return [
            (verb, [self.term(term) for term in pair.objects])
            for verb, pair in sorted(
                ((self.name(p.verb.text), p) for p in pairs), key=lambda one: one[0] != _TYPE
            )
        ]

    def term(self, term: Term) -> Any:
        said: Any
        if term.items is not None:
            said = ("list", [self.term(item) for item in term.items])
        elif term.triple is not None:
            subject, verb, thing = term.triple
            inner = self.note(term.inner) if term.inner else None
            said = (
                term.first.kind,
                self.term(subject),
                self.name(verb.text),
                self.term(thing),
                inner,
            )
        elif term.pairs is not None:
            said = ("bracket", self.pairs(term.pairs))
        else:
            said = tuple(
                self.name(p.text) if p.kind in ("PNAME", "IRI") else p.text for p in term.parts
            )
        return (said, [self.note(note) for note in term.notes]) if term.notes else said

    def note(self, note: Note) -> Any:
        name = self.term(note.name) if note.name is not None else None
        return (name, self.pairs(note.pairs) if note.pairs is not None else None)

    def name(self, text: str) -> str:
        if text == "a":
            return _TYPE
        if text.startswith("<"):
            return text[1:-1]
        prefix, _, local = text.partition(":")
        space = self.prefixes.get(prefix + ":")
        return text if space is None else space + local
