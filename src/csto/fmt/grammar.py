"""The grammar of Turtle, TriG, N-Triples and N-Quads, with that of RDF 1.2.

A statement that the grammar does not take becomes an error with its place, and reading goes
on behind it, so all errors of a file are known at once.
"""

from __future__ import annotations

from csto.fmt.tokens import Lines, Piece, pieces
from csto.fmt.tree import MAX_DEPTH, Note, Pair, Statement, Term, Text, Wrong, WrongError, deep

_VERBS = ("IRI", "PNAME")
_NAMES = ("IRI", "PNAME", "BLANK")


def read(text: str, kind: str = "ttl") -> Text:
    """The tree of a text.

    Args:
        text: the content of a file; a byte order mark is passed over.
        kind: ``ttl``, ``trig``, ``nt`` or ``nq``.
    """
    with deep():
        return _Reader(text, kind).text()


class _Reader:
    """Recursive descent over the tokens."""

    def __init__(self, text: str, kind: str) -> None:
        self.source = text
        self.kind = kind
        self.pieces = pieces(text)
        self.at = 0
        self.depth = 0
        self.errors: list[Wrong] = []
        self.lines = Lines(text)

    def text(self) -> Text:
        found: list[Statement] = []
        while self.here.kind != "END":
            begin = self.at
            self.depth = 0
            try:
                statement = self.line() if self.kind in ("nt", "nq") else self.statement()
                statement.start, statement.stop = (
                    self.pieces[begin].start,
                    self.pieces[self.at - 1].end,
                )
                found.append(statement)
            except WrongError as error:
                self.errors.append(error.within(self.lines))
                self.recover(begin)
        return Text(self.source, self.kind, found, self.here.before, self.errors, self.lines)

    def recover(self, begin: int) -> None:
        """Go on behind the next full stop at the end of a line, at least one token on.

        Where each line is a statement, the next line is the next one, full stop or not.
        """
        self.at = max(self.at, begin + 1)
        if self.kind in ("nt", "nq"):
            while self.here.kind != "END" and not self.here.breaks:
                self.at += 1
            return
        if self.pieces[self.at - 1].kind == "." and self.at - 1 > begin and self.here.breaks:
            return
        while self.here.kind != "END":
            piece = self.here
            self.at += 1
            if piece.kind in (".", "}") and (self.here.breaks or self.here.kind == "END"):
                return

    @property
    def here(self) -> Piece:
        return self.pieces[self.at]

    def take(self) -> Piece:
        piece = self.pieces[self.at]
        if piece.kind == "END":
            raise WrongError("the text ends within a statement", piece)
        if piece.kind == "WRONG":
            raise WrongError(_named(piece), piece)
        self.at += 1
        return piece

    def expect(self, kind: str, what: str) -> Piece:
        if self.here.kind != kind:
            self.fail(what)
        return self.take()

    def fail(self, what: str) -> None:
        piece = self.here
        if piece.kind in ("END", "WRONG"):
            self.take()
        shown = piece.text if len(piece.text) < 40 else piece.text[:36] + " …"
        raise WrongError(f"{what} is expected here, not {shown}", piece)

    # --- statements --------------------------------------------------------------

    def statement(self, inside: bool = False) -> Statement:
        first = self.here
        word = first.text.lower() if first.kind == "WORD" else ""
        if not inside and (first.kind == "AT" or word in ("prefix", "base", "version")):
            return self.directive()
        if not inside and self.kind == "trig":
            if word == "graph":
                head = [self.take()]
                return self.graph(first, head, self.graph_name())
            if first.kind == "{":
                return self.graph(first, [], None)
            if first.kind in _NAMES and self.pieces[self.at + 1].kind == "{":
                return self.graph(first, [], self.graph_name())
            if self.empty() and self.pieces[min(self.at + 2, len(self.pieces) - 1)].kind == "{":
                return self.graph(first, [], self.graph_name())
        subject = self.subject()
        bare = subject.pairs or (subject.triple is not None and subject.first.kind == "<<")
        stops = (".", "}") if inside else (".",)
        if bare and self.here.kind in stops:
            pairs: list[Pair] = []
        else:
            pairs = self.pairs(stops)
        if inside and self.here.kind == "}":
            return Statement(first, None, subject, pairs)
        return Statement(first, self.expect(".", "a full stop"), subject, pairs)

    def directive(self) -> Statement:
        first = self.take()
        word = first.text.lstrip("@").lower()
        parts = [first]
        if word == "prefix":
            name = self.expect("PNAME", "a prefix with its colon")
            if not name.text.endswith(":") or name.text.count(":") > 1:
                raise WrongError(f"{name.text} is no prefix with its colon", name)
            parts += [name, self.expect("IRI", "an IRI in < >")]
        elif word == "base":
            parts.append(self.expect("IRI", "an IRI in < >"))
        elif word == "version":
            version = self.expect("STRING", "a version in quotation marks")
            if _long(version):
                raise WrongError("a version has single quotation marks", version)
            parts.append(version)
        else:
            raise WrongError(f"{first.text} is no directive", first)
        if first.kind == "AT":
            if first.text not in ("@prefix", "@base", "@version"):
                raise WrongError(f"{first.text} is no directive", first)
            parts.append(self.expect(".", "a full stop"))
        return Statement(first, parts[-1], directive=parts)

    def graph(self, first: Piece, head: list[Piece], name: Term | None) -> Statement:
        head = [*head, self.expect("{", "{")]
        inner = []
        while self.here.kind != "}":
            begin = self.at
            statement = self.statement(inside=True)
            statement.start, statement.stop = (
                self.pieces[begin].start,
                self.pieces[self.at - 1].end,
            )
            inner.append(statement)
            if statement.end is None and self.here.kind != "}":
                self.fail("a full stop")
        return Statement(first, self.take(), graph=head, name=name, statements=inner)

    def graph_name(self) -> Term:
        return self.term("the name of a graph", () if self.empty() else _NAMES)

    def line(self) -> Statement:
        """A statement of N-Triples or N-Quads."""
        first = self.here
        if self.kind in ("nt", "nq") and first.kind == "WORD" and first.text == "VERSION":
            return self.directive()
        terms = [
            self.term("a subject", ("IRI", "BLANK")),
            self.term("a predicate", ("IRI",)),
            self.term("an object"),
        ]
        if self.kind == "nq" and self.here.kind != "." and not self.here.breaks:
            terms.append(self.term("the name of a graph", ("IRI", "BLANK")))
        self.plain(terms[2])
        return Statement(first, self.expect(".", "a full stop"), quad=terms)

    def plain(self, term: Term) -> None:
        """N-Triples has no prefixes, numbers, brackets or long strings."""
        for piece in term.parts:
            long = piece.kind == "STRING" and _long(piece)
            single = piece.kind == "STRING" and piece.text[0] == "'"
            if long or single or piece.kind in ("PNAME", "INTEGER", "DECIMAL", "DOUBLE", "WORD"):
                raise WrongError(f"{piece.text} is not a term of N-Triples", piece)
            if piece.kind in ("[", "(", "<<"):
                raise WrongError(f"{piece.text} is not a term of N-Triples", piece)
        if term.triple is not None:
            for inner in (term.triple[0], term.triple[2]):
                self.plain(inner)

    # --- triples -----------------------------------------------------------------

    def pairs(self, closes: tuple[str, ...]) -> list[Pair]:
        found = [self.pair()]
        while self.here.kind == ";":
            found[-1].ends.append(self.take())
            if self.here.kind != ";" and self.here.kind not in closes:
                found.append(self.pair())
        if self.here.kind not in closes:
            self.fail("a semicolon or " + " or ".join(closes))
        return found

    def pair(self) -> Pair:
        verb = self.verb()
        objects, commas = [self.object()], []
        while self.here.kind == ",":
            commas.append(self.take())
            objects.append(self.object())
        return Pair(verb, objects, commas)

    def verb(self) -> Piece:
        if self.here.kind in _VERBS or (self.here.kind == "WORD" and self.here.text == "a"):
            return self.take()
        self.fail("a predicate")
        raise AssertionError

    def subject(self) -> Term:
        if self.here.kind in ("STRING", "INTEGER", "DECIMAL", "DOUBLE", "<<("):
            self.fail("a subject")
        if self.here.kind == "WORD":
            self.fail("a subject")
        return self.term("a subject")

    def object(self) -> Term:
        term = self.term("an object")
        while self.here.kind in ("~", "{|"):
            first = self.take()
            if first.kind == "~":
                named = self.here.kind in _NAMES or self.empty()
                term.notes.append(Note(first, self.term("a name") if named else None))
            else:
                self.deeper(first)
                pairs = self.pairs(("|}",))
                self.depth -= 1
                term.notes.append(Note(first, pairs=pairs, close=self.take()))
        return term

    def empty(self) -> bool:
        return self.here.kind == "[" and self.pieces[self.at + 1].kind == "]"

    def deeper(self, piece: Piece) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise WrongError(f"brackets are nested more than {MAX_DEPTH} deep", piece)

    def term(self, what: str, kinds: tuple[str, ...] = ()) -> Term:
        if kinds and self.here.kind not in kinds and not (what == "a name" and self.empty()):
            self.fail(what)
        kind = self.here.kind
        if kind == "[":
            return self.bracket()
        if kind == "(":
            return self.collection()
        if kind in ("<<(", "<<"):
            return self.triple(kind)
        if kind not in ("IRI", "PNAME", "BLANK", "STRING", "INTEGER", "DECIMAL", "DOUBLE") and not (
            kind == "WORD" and self.here.text in ("true", "false")
        ):
            self.fail(what)
        first = self.take()
        parts = [first]
        if kind == "STRING":
            if self.here.kind in ("TAG", "AT"):
                tag = self.take()
                if "--" in tag.text and tag.text.partition("--")[2] not in ("ltr", "rtl"):
                    raise WrongError(f"{tag.text}: a direction is ltr or rtl", tag)
                parts.append(tag)
            elif self.here.kind == "^^":
                parts += [self.take(), self.take_name("a datatype")]
        return Term(parts, "".join(part.text for part in parts))

    def take_name(self, what: str) -> Piece:
        if self.here.kind not in _VERBS:
            self.fail(what)
        return self.take()

    def bracket(self) -> Term:
        first = self.take()
        if self.here.kind == "]":
            return Term([first, self.take()], "[]", pairs=[])
        self.deeper(first)
        pairs = self.pairs(("]",))
        self.depth -= 1
        return Term([first, self.take()], pairs=pairs)

    def collection(self) -> Term:
        first = self.take()
        self.deeper(first)
        items = []
        while self.here.kind != ")":
            items.append(self.term("a member of the list"))
        self.depth -= 1
        return Term([first, self.take()], items=items)

    def triple(self, kind: str) -> Term:
        first = self.take()
        self.deeper(first)
        if self.here.kind in ("STRING", "INTEGER", "DECIMAL", "DOUBLE", "(") or (
            self.here.kind == "[" and not self.empty()
        ):
            self.fail("a subject")
        if self.here.kind == "WORD" or (kind == "<<(" and self.here.kind in ("<<", "<<(")):
            self.fail("a subject")
        subject = self.term("a subject")
        verb = self.verb()
        if self.here.kind == "(" or (self.here.kind == "[" and not self.empty()):
            self.fail("an object")
        thing = self.term("an object")
        inner = None
        if kind == "<<" and self.here.kind == "~":
            sign = self.take()
            named = self.here.kind in _NAMES or self.empty()
            inner = Note(sign, self.term("a name") if named else None)
        close = self.expect(")>>" if kind == "<<(" else ">>", "the end of the triple")
        self.depth -= 1
        return Term([first, close], triple=(subject, verb, thing), inner=inner)


def _named(piece: Piece) -> str:
    text = piece.text if len(piece.text) < 40 else piece.text[:36] + " …"
    if text[:1] in "\"'":
        ended = len(piece.text) > 1 and piece.text[-1] == piece.text[0]
        return f"{text} has an escape that is none" if ended else "a string that does not end"
    return f"{text} is no word of the language"


def _long(piece: Piece) -> bool:
    return piece.text[:3] in ('"""', "'''") and len(piece.text) > 5
