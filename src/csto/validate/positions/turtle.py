"""Where each statement of a Turtle, TriG, N-Triples or N-Quads text stands.

RDF parsers give triples without positions, so the text is parsed a second time,
with the grammar of the W3C under Lark, and each triple keeps the places of its
subject, predicate and object. The triples are the same as Oxigraph's (a test compares
them on every file of the workspace), so a finding about a triple can be put where it
is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError
from pyoxigraph import BlankNode, Literal, NamedNode

from csto.vocabulary import RDF, RDF_TYPE, XSD

_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_INTEGER, _DECIMAL, _DOUBLE, _BOOLEAN = (
    NamedNode(XSD + name) for name in ("integer", "decimal", "double", "boolean")
)
_START = {"ttl": "turtle", "trig": "trig", "nt": "nquads", "nq": "nquads"}
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

# A term and the token at which it begins, with the token at which it ends.
Written = tuple[Any, Token, Token]
# Line, column, end line, end column; all from 1, the end one past the last character.
Span = tuple[int, int, int, int]


class NotPlacedError(Exception):
    """The grammar does not take the text, so its statements have no places."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple, and where its parts are written."""

    subject: Any
    predicate: Any
    object: Any
    subject_at: Span
    predicate_at: Span
    object_at: Span


def statements(text: str, ending: str) -> list[Statement]:
    """The triples of a text in the order in which they are written.

    Args:
        text: the content of a file.
        ending: ``ttl``, ``trig``, ``nt`` or ``nq``.

    Raises:
        NotPlacedError: if the text is of another format or outside the grammar
            (quoted triples and annotations of RDF 1.2 are).
    """
    if ending not in _START:
        raise NotPlacedError(f"no grammar for .{ending}")
    reader, parser = _parser()
    reader.begin()
    try:
        parser.parse(text, start=_START[ending])
    except (LarkError, RecursionError, ValueError, OverflowError) as error:
        raise NotPlacedError(str(error).partition("\n")[0]) from error
    return reader.found


@lru_cache(maxsize=1)
def _parser() -> tuple[_Reader, Lark]:
    grammar = files(__package__).joinpath("turtle.lark").read_text(encoding="utf-8")
    reader = _Reader()
    # Lark calls the reader while it parses: no tree is built.
    return reader, Lark(
        grammar, parser="lalr", start=sorted(set(_START.values())), transformer=reader
    )


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        short, long, plain = match.groups()
        return chr(int(short or long, 16)) if plain is None else _ESCAPED.get(plain, plain)

    return _ESCAPE.sub(one, text)


def _span(first: Token, last: Token) -> Span:
    return (
        first.line or 1,
        first.column or 1,
        last.end_line or first.line or 1,
        last.end_column or 1,
    )


@v_args(inline=True)
class _Reader(Transformer[Token, Any]):
    """Turns what the grammar finds into statements."""

    def __init__(self) -> None:
        super().__init__()
        self.begin()

    def begin(self) -> None:
        self.found: list[Statement] = []
        self.prefixes: dict[str, str] = {}
        self.base_iri = ""
        self.labels: dict[str, BlankNode] = {}

    # --- directives ----------------------------------------------------------

    def prefix(self, *parts: Token) -> None:
        self.prefixes[parts[-2][:-1]] = self._resolved(parts[-1])

    def base(self, *parts: Token) -> None:
        self.base_iri = self._resolved(parts[-1])

    def _resolved(self, token: Token) -> str:
        from urllib.parse import urljoin

        iri = _unescaped(token[1:-1])
        return iri if not self.base_iri or _ABSOLUTE.match(iri) else urljoin(self.base_iri, iri)

    # --- terms ---------------------------------------------------------------

    def full_iri(self, token: Token) -> Written:
        return NamedNode(self._resolved(token)), token, token

    def prefixed(self, token: Token) -> Written:
        name, _, local = token.partition(":")
        if name not in self.prefixes:
            raise ValueError(f"the prefix {name}: is not declared")
        # In a local name a backslash stands before the character that it keeps.
        return NamedNode(self.prefixes[name] + local.replace("\\", "")), token, token

    def rdf_type(self, token: Token) -> Written:
        return RDF_TYPE, token, token

    def labelled(self, token: Token) -> Written:
        return self.labels.setdefault(token, BlankNode()), token, token

    def anonymous(self, token: Token) -> Written:
        return BlankNode(), token, token

    def plain(self, text: Token) -> Written:
        return Literal(self._text(text)), text, text

    def tagged(self, text: Token, tag: Token) -> Written:
        return Literal(self._text(text), language=tag[1:]), text, tag

    def typed(self, text: Token, datatype: Written) -> Written:
        return Literal(self._text(text), datatype=datatype[0]), text, datatype[2]

    def _text(self, token: Token) -> str:
        return _unescaped(token[3:-3] if token.type == "STRING_LONG" else token[1:-1])

    def integer(self, token: Token) -> Written:
        return Literal(str(token), datatype=_INTEGER), token, token

    def decimal(self, token: Token) -> Written:
        return Literal(str(token), datatype=_DECIMAL), token, token

    def double(self, token: Token) -> Written:
        return Literal(str(token), datatype=_DOUBLE), token, token

    def boolean(self, token: Token) -> Written:
        return Literal(str(token), datatype=_BOOLEAN), token, token

    # --- statements ----------------------------------------------------------

    def objects(self, *terms: Written) -> list[Written]:
        return list(terms)

    def properties(self, *parts: Any) -> list[tuple[Written, list[Written]]]:
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return [(verb, terms) for verb, terms in pairs if verb is not None]

    def triples(self, subject: Written, properties: list[Any]) -> None:
        self._state(subject, properties)

    def blank_triples(self, subject: Written, properties: list[Any] | None) -> None:
        self._state(subject, properties or [])

    def blank_properties(self, bracket: Token, properties: list[Any]) -> Written:
        node = BlankNode(), bracket, bracket
        self._state(node, properties)
        return node

    def collection(self, bracket: Token, *items: Written) -> Written:
        nodes = [BlankNode() for _ in items]
        for index, item in enumerate(items):
            here = nodes[index], item[1], item[1]
            rest = nodes[index + 1] if index + 1 < len(nodes) else _NIL
            self._state(
                here, [((_FIRST, *item[1:]), [item]), ((_REST, *item[1:]), [(rest, *item[1:])])]
            )
        return nodes[0] if nodes else _NIL, bracket, bracket

    def quad(self, subject: Written, predicate: Written, thing: Written, *_: Any) -> None:
        self._state(subject, [(predicate, [thing])])

    def _state(self, subject: Written, properties: list[Any]) -> None:
        at = _span(subject[1], subject[2])
        for predicate, things in properties:
            verb_at = _span(predicate[1], predicate[2])
            for thing in things:
                self.found.append(
                    Statement(
                        subject[0],
                        predicate[0],
                        thing[0],
                        at,
                        verb_at,
                        _span(thing[1], thing[2]),
                    )
                )
