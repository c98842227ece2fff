"""The statements of a tree, each with the places of its parts.

Terms are those of the text: ``"01"^^xsd:integer`` stays what it is. Names of blank nodes
are kept; a bracket without one is named by its place, so the same file always gives the
same names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Triple

from csto.fmt.tokens import Lines, Piece, Span, quoted, unescaped
from csto.fmt.tree import Note, Pair, Statement, Term, Text, Wrong, WrongError, deep

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE, _FIRST, _REST, _NIL, _REIFIES = (
    NamedNode(_RDF + name) for name in ("type", "first", "rest", "nil", "reifies")
)
_PLAIN = {
    "INTEGER": NamedNode(_XSD + "integer"),
    "DECIMAL": NamedNode(_XSD + "decimal"),
    "DOUBLE": NamedNode(_XSD + "double"),
    "WORD": NamedNode(_XSD + "boolean"),
}
# RFC 3986, appendix B.
_PARTS = re.compile(r"^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Placed:
    """One statement, and where its parts are written."""

    subject: Any
    predicate: Any
    object: Any
    graph: Any
    subject_at: Span
    predicate_at: Span
    object_at: Span

    def moved(self, lines: int) -> Placed:
        """The same statement further down."""

        def down(at: Span) -> Span:
            return at[0] + lines, at[1], at[2] + lines, at[3]

        return replace(
            self,
            subject_at=down(self.subject_at),
            predicate_at=down(self.predicate_at),
            object_at=down(self.object_at),
        )

    def renamed(self, subject: Any, thing: Any) -> Placed:
        """The same statement with other names for nodes that have none in the text."""
        return replace(self, subject=subject, object=thing)


def resolved(iri: str, base: str) -> str:
    """An IRI against a base, as RFC 3986 says (section 5.2)."""
    if not base or _SCHEME.match(iri):
        return iri
    a, b = _PARTS.match(iri), _PARTS.match(base)
    assert a is not None
    assert b is not None
    has_host, path, has_query, has_rest = a[3], a[5], a[6], a[8]
    scheme, base_host, base_path = b[1] or "", b[3] or "", b[5] or ""
    if has_host:
        path = _without_dots(path)
        authority = has_host
    else:
        authority = base_host
        if not path:
            path = base_path
            if not has_query:
                has_query = b[6]
        elif path.startswith("/"):
            path = _without_dots(path)
        else:
            if base_host and not base_path:
                path = "/" + path
            else:
                path = base_path[: base_path.rfind("/") + 1] + path
            path = _without_dots(path)
    return scheme + authority + path + (has_query or "") + (has_rest or "")


def _without_dots(path: str) -> str:
    out: list[str] = []
    parts = path.split("/")
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part == ".":
            if last:
                out.append("")
        elif part == "..":
            if len(out) > 1 or (out and out[0] != ""):
                out.pop()
            if last:
                out.append("")
        else:
            out.append(part)
    return "/".join(out)


def placed(tree: Text, base: str = "") -> tuple[list[Placed], list[Wrong]]:
    """The statements of a tree in the order of the text, and what has no meaning in it.

    Args:
        tree: from :func:`csto.fmt.grammar.read`.
        base: against which relative IRIs are resolved.
    """
    with deep():
        # N-Triples and N-Quads have whole IRIs only.
        walker = _Walker(tree.lines, "" if tree.kind in ("nt", "nq") else base)
        walker.all(tree.statements)
    return walker.found, walker.errors


class _Walker:
    def __init__(self, lines: Lines, base: str) -> None:
        self.lines = lines
        self.base = base
        self.prefixes: dict[str, str] = {}
        self.found: list[Placed] = []
        self.errors: list[Wrong] = []
        self.graph: Any = DefaultGraph()
        self.nodes: dict[str, BlankNode] = {}
        self._minted = 0

    def all(self, statements: list[Statement]) -> None:
        for statement in statements:
            begun = len(self.found)
            try:
                self.statement(statement)
            except WrongError as error:
                # Half a statement would say something that nobody wrote.
                del self.found[begun:]
                self.errors.append(error.within(self.lines))

    def statement(self, statement: Statement) -> None:
        if statement.directive is not None:
            if statement.word == "prefix":
                self.prefixes[statement.prefix[:-1]] = self.iri(statement.directive[2])
            elif statement.word == "base":
                self.base = self.iri(statement.directive[1])
        elif statement.graph is not None:
            self.graph = self.term(statement.name) if statement.name else DefaultGraph()
            self.all(statement.statements)
            self.graph = DefaultGraph()
        elif statement.quad is not None:
            terms = [self.term(term) for term in statement.quad]
            if len(terms) > 3:
                self.graph = terms[3]
            first, verb, last = (self.span(term) for term in statement.quad[:3])
            self.state(terms[0], terms[1], terms[2], first, verb, last)
            self.graph = DefaultGraph()
        else:
            assert statement.subject is not None
            subject = self.term(statement.subject)
            self.pairs(subject, self.span(statement.subject, whole=False), statement.pairs)

    def pairs(self, subject: Any, at: Span, pairs: list[Pair]) -> None:
        for pair in pairs:
            verb = self.verb(pair.verb)
            verb_at = self.lines.span(pair.verb.start, pair.verb.end)
            for term in pair.objects:
                thing = self.term(term)
                self.state(subject, verb, thing, at, verb_at, self.span(term, whole=False))
                self.notes(subject, verb, thing, term.notes)

    def notes(self, subject: Any, verb: Any, thing: Any, notes: list[Note]) -> None:
        pending: Any = None
        for note in notes:
            at = self.lines.span(note.first.start, note.first.end)
            if note.pairs is None:
                pending = self.term(note.name) if note.name else self.fresh(note.first)
                self.state(pending, _REIFIES, Triple(subject, verb, thing), at, at, at)
            else:
                if pending is None:
                    pending = self.fresh(note.first)
                    self.state(pending, _REIFIES, Triple(subject, verb, thing), at, at, at)
                self.pairs(pending, at, note.pairs)
                pending = None

    def state(self, s: Any, p: Any, o: Any, s_at: Span, p_at: Span, o_at: Span) -> None:
        self.found.append(Placed(s, p, o, self.graph, s_at, p_at, o_at))

    def span(self, term: Term, whole: bool = True) -> Span:
        # A bracket is placed at its beginning: the whole of it may be a page.
        structured = term.items is not None or (term.pairs is not None and term.text != "[]")
        last = term.parts[0] if structured and not whole else term.parts[-1]
        return self.lines.span(term.parts[0].start, last.end)

    # --- terms -------------------------------------------------------------------

    def fresh(self, piece: Piece) -> BlankNode:
        line, column = self.lines.at(piece.start)
        return BlankNode(f"line{line}column{column}")

    def term(self, term: Term) -> Any:
        first = term.first
        if term.items is not None:
            return self.collection(term)
        if term.triple is not None:
            return self.triple(term)
        if term.pairs is not None:
            node = self.fresh(first)
            self.pairs(node, self.lines.span(first.start, first.end), term.pairs)
            return node
        kind = first.kind
        if kind in ("IRI", "PNAME"):
            return self.verb(first)
        if kind == "BLANK":
            label = first.text[2:]
            if label not in self.nodes:
                try:
                    self.nodes[label] = BlankNode(label)
                except ValueError:
                    raise WrongError(f"{first.text} is no name of a blank node", first) from None
            return self.nodes[label]
        if kind in _PLAIN:
            return Literal(first.text, datatype=_PLAIN[kind])
        return self.literal(term)

    def literal(self, term: Term) -> Literal:
        try:
            text = quoted(term.first.text)
        except ValueError as error:
            raise WrongError(str(error), term.first) from None
        if len(term.parts) == 1:
            return Literal(text)
        if len(term.parts) == 2:
            tag, _, direction = term.parts[1].text[1:].partition("--")
            try:
                if direction:
                    from pyoxigraph import BaseDirection

                    way = BaseDirection.LTR if direction == "ltr" else BaseDirection.RTL
                    return Literal(text, language=tag, direction=way)
                return Literal(text, language=tag)
            except ValueError:
                raise WrongError(f"@{tag} is no language tag", term.parts[1]) from None
        datatype = self.verb(term.parts[2])
        if datatype.value in (_RDF + "langString", _RDF + "dirLangString"):
            raise WrongError("text in a language has a tag, not this datatype", term.parts[2])
        return Literal(text, datatype=datatype)

    def verb(self, piece: Piece) -> NamedNode:
        if piece.kind == "WORD":
            return _TYPE
        try:
            if piece.kind == "IRI":
                return NamedNode(self.iri(piece))
            name, _, local = piece.text.partition(":")
            if name not in self.prefixes:
                raise WrongError(f"the prefix {name}: is not declared", piece)
            # In a local name a backslash stands before the character that it keeps.
            return NamedNode(self.prefixes[name] + local.replace("\\", ""))
        except ValueError:
            raise WrongError(f"{piece.text} is no IRI", piece) from None

    def iri(self, piece: Piece) -> str:
        try:
            iri = unescaped(piece.text[1:-1])
        except ValueError as error:
            raise WrongError(str(error), piece) from None
        found = resolved(iri, self.base)
        if not _SCHEME.match(found):
            raise WrongError(
                f"{piece.text} is relative, and nothing says to what: give a base", piece
            )
        return found

    def collection(self, term: Term) -> Any:
        items = term.items or []
        nodes: list[Any] = []
        for number, item in enumerate(items):
            line, column = self.lines.at(item.first.start)
            # The cell of a bracket must not have the name of the bracket itself.
            nodes.append(BlankNode(f"cell{number}line{line}column{column}"))
        for number, item in enumerate(items):
            thing = self.term(item)
            at = self.span(item, whole=False)
            rest = nodes[number + 1] if number + 1 < len(nodes) else _NIL
            self.state(nodes[number], _FIRST, thing, at, at, at)
            self.state(nodes[number], _REST, rest, at, at, at)
        return nodes[0] if nodes else _NIL

    def triple(self, term: Term) -> Any:
        assert term.triple is not None
        subject, verb, thing = term.triple
        try:
            said = Triple(self.term(subject), self.verb(verb), self.term(thing))
        except (ValueError, TypeError):
            raise WrongError("this cannot be a triple", term.first) from None
        if term.first.kind == "<<(":
            return said
        inner = term.inner.name if term.inner is not None else None
        node = self.term(inner) if inner is not None else self.fresh(term.first)
        at = self.lines.span(term.first.start, term.parts[-1].end)
        self.state(node, _REIFIES, said, at, at, at)
        return node


def statements(text: str, kind: str, base: str = "") -> Iterator[Placed]:
    """The statements of a text, without what is wrong in it."""
    from csto.fmt.grammar import read

    yield from placed(read(text, kind), base)[0]
