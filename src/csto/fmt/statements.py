"""Read Turtle as a tree that keeps its comments.

The tokens come from the grammar of the W3C under Lark, white space and comments
included. Oxigraph has parsed the text before, so what is read here is valid; what the
grammar does not take is refused rather than guessed at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from lark import Lark, Token
from lark.exceptions import LarkError


class UnreadableError(Exception):
    """The grammar does not take the text."""


@dataclass
class Piece:
    """A token with the comments around it.

    Attributes:
        text: as written.
        kind: name of the terminal in the grammar.
        before: comments on lines of their own above it; an empty text is a blank line.
        after: comment behind it on its line.
        breaks: whether a line ends between the token before and this one.
    """

    text: str
    kind: str
    before: list[str] = field(default_factory=list)
    after: str = ""
    breaks: bool = False


@dataclass
class Term:
    """An object: a plain term, a bracket or a collection."""

    first: Piece
    text: str = ""
    pairs: list[Pair] | None = None
    items: list[Term] | None = None
    last: Piece | None = None

    @property
    def pieces(self) -> tuple[Piece, Piece]:
        return self.first, self.last or self.first


@dataclass
class Pair:
    """A predicate with its objects; ``end`` is the semicolon behind it, if there is one."""

    verb: Piece
    objects: list[Term]
    commas: list[Piece]
    end: Piece | None = None
    # Comments below the last object, above what follows.
    tail: list[str] = field(default_factory=list)


@dataclass
class Statement:
    """A directive or the triples of a subject."""

    first: Piece
    end: Piece
    subject: Term | None = None
    pairs: list[Pair] = field(default_factory=list)
    # Of a directive: the prefix with its colon (empty for a base) and the IRI.
    prefix: str | None = None
    iri: str = ""


@dataclass
class Text:
    """A whole file, with the comments below its last statement."""

    statements: list[Statement]
    tail: list[str]


def read(text: str) -> Text:
    """The tree of a Turtle text.

    Raises:
        UnreadableError: if the grammar does not take it.
    """
    try:
        return _Reader(_pieces(text)).text()
    except (LarkError, RecursionError) as error:
        raise UnreadableError(str(error).partition("\n")[0]) from error


@lru_cache(maxsize=1)
def _lexer() -> Lark:
    grammar = files("csto.validate.positions").joinpath("turtle.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", start="turtle")


def _pieces(text: str) -> list[Piece]:
    """Tokens with their comments; the last stands for the end of the text."""
    pieces: list[Piece] = []
    above: list[str] = []
    breaks = True
    for token in [*_lexer().lex(text, dont_ignore=True), Token("END", "")]:
        if token.startswith("#"):
            comment = token.rstrip()
            if breaks or not pieces:
                above.append(comment)
            else:
                pieces[-1].after = comment
            continue
        if not token.strip() and token.type != "END":
            lines = token.count("\n") or token.count("\r")
            if lines:
                # A comment ends before its line does, so its own line end is counted here too.
                blank = lines > 1
                if blank and (not above or above[-1]):
                    above.append("")
                breaks = True
            continue
        pieces.append(Piece(str(token), token.type, above, breaks=breaks))
        above, breaks = [], False
    return pieces


class _Reader:
    """Recursive descent over pieces that are known to be valid Turtle."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces
        self.at = 0

    def text(self) -> Text:
        statements = []
        while self.here.kind != "END":
            statements.append(self.statement())
        return Text(statements, self.here.before)

    @property
    def here(self) -> Piece:
        return self.pieces[self.at]

    def take(self) -> Piece:
        piece = self.here
        if piece.kind == "END":
            raise UnreadableError("the text ends within a statement")
        self.at += 1
        return piece

    def ends(self, *signs: str) -> bool:
        # Only punctuation is one of these: a string is never just a sign.
        return self.here.text in signs

    def statement(self) -> Statement:
        first = self.here
        if first.kind in ("AT_PREFIX", "PREFIX", "AT_BASE", "BASE"):
            self.take()
            name = self.take() if first.kind.endswith("PREFIX") else None
            iri = self.take()
            end = self.take() if first.kind.startswith("AT_") else iri
            prefix = name.text if name else ""
            return Statement(first, end, prefix=prefix, iri=iri.text)
        subject = self.term()
        pairs = [] if self.ends(".") else self.pairs(".")
        return Statement(first, self.take(), subject, pairs)

    def pairs(self, close: str) -> list[Pair]:
        pairs: list[Pair] = []
        while not self.ends(close):
            if self.ends(";"):
                # Several semicolons say no more than one.
                extra = self.take()
                if pairs and extra.after:
                    pairs[-1].tail.append(extra.after)
                continue
            verb = self.take()
            objects, commas = [self.term()], []
            while self.ends(","):
                commas.append(self.take())
                objects.append(self.term())
            end = self.take() if self.ends(";") else None
            pairs.append(Pair(verb, objects, commas, end))
        return pairs

    def term(self) -> Term:
        first = self.take()
        if first.kind == "OPEN_BRACKET":
            pairs = self.pairs("]")
            return Term(first, pairs=pairs, last=self.take())
        if first.kind == "OPEN_PAREN":
            items = []
            while not self.ends(")"):
                items.append(self.term())
            return Term(first, items=items, last=self.take())
        if first.kind == "ANON":
            return Term(first, "[]")
        text, last = first.text, first
        if first.kind in ("STRING", "STRING_LONG"):
            if self.here.kind == "LANGTAG":
                last = self.take()
                text += last.text
            elif self.ends("^^"):
                text += self.take().text
                last = self.take()
                text += last.text
        return Term(first, text, last=last if last is not first else None)
