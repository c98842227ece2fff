"""Write the tree of a text in the one layout.

The layout follows the files as they are: prefixes sorted, four spaces, one predicate on
a line, `` ;`` and `` .`` behind a space. A list of objects stays on its line if its
author wrote it so and it is short enough; else each object has a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from csto.fmt.comments import settle, texts
from csto.fmt.grammar import read
from csto.fmt.tokens import Piece
from csto.fmt.tree import Note, Pair, Statement, Term, Text, UnreadableError, deep

WIDTH = 120
STEP = "    "
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def canonical(text: str, *, prune: bool = False, kind: str = "ttl") -> str:
    """The same statements and comments in the one layout, with the line ends of the text.

    Args:
        text: valid Turtle, TriG, N-Triples or N-Quads.
        prune: leave out prefixes that the text does not use.
        kind: ``ttl``, ``trig``, ``nt`` or ``nq``.

    Raises:
        UnreadableError: if the grammar does not take the text.
    """
    tree = read(text.removeprefix("\ufeff"), kind)
    if tree.errors:
        first = tree.errors[0]
        raise UnreadableError(f"{first.at[0]}:{first.at[1]}: {first.what}", tuple(tree.errors))
    with deep():
        settle(tree.statements)
        lines = _Writer(tree, prune).lines()
    end = line_end(text)
    return end.join(lines) + end


def line_end(text: str) -> str:
    """The line end that a text uses: that of its first line."""
    at = min((found for sign in "\r\n" if (found := text.find(sign)) >= 0), default=-1)
    if at < 0:
        return "\n"
    return "\r\n" if text.startswith("\r\n", at) else text[at]


class _Writer:
    def __init__(self, tree: Text, prune: bool) -> None:
        self.tree = tree
        self.line_based = tree.kind in ("nt", "nq")
        self.prefixes = {s.prefix: s.iri for s in tree.statements if s.prefix}
        self.used = set(_names(tree.statements)) if prune else set(self.prefixes)
        # What is asked more than once on the way through nested brackets.
        self._flats: dict[int, str | None] = {}

    def lines(self) -> list[str]:
        directives = [s for s in self.tree.statements if s.directive is not None]
        facts = [s for s in self.tree.statements if s.directive is None]
        head, directives = self._ordered(directives)
        out = _trimmed(head)
        if out and directives and head and head[-1] == "":
            out.append("")
        for statement in directives:
            out += self._directive(statement)
        out = self._blocks(facts if directives or not self._mixed() else self.tree.statements, out)
        tail = _trimmed(self.tree.tail)
        return [*out, "", *tail] if out and tail else [*out, *tail]

    def _blocks(self, statements: Iterable[Statement], out: list[str]) -> list[str]:
        before_one_line = False
        for statement in statements:
            if statement.directive is not None:
                block = self._directive(statement, comments=False)
            elif statement.graph is not None:
                block = self._graph(statement)
            elif statement.quad is not None:
                block = [self._quad(statement)]
            else:
                block = self._statement(statement)
            above = list(statement.first.before)
            parted = bool(above) and above[0] == ""
            one_line = len(block) == 1
            noted = texts(above) and not self.line_based
            if out and (parted or not (one_line and before_one_line) or noted):
                out.append("")
            out += _trimmed(above)
            if texts(above) and above[-1] == "":
                out.append("")
            out += block
            before_one_line = one_line
        return out

    # --- prefixes --------------------------------------------------------------

    def _mixed(self) -> bool:
        """Whether the order of directives matters: a base, or a prefix that changes."""
        found = [s for s in self.tree.statements if s.directive is not None]
        return any(not s.prefix for s in found) or any(
            s.iri != self.prefixes[s.prefix] for s in found
        )

    def _ordered(self, directives: list[Statement]) -> tuple[list[str], list[Statement]]:
        """Comments at the top of the file, and the prefixes sorted, each once."""
        if not directives or self._mixed():
            return [], []
        head: list[str] = []
        first = self.tree.statements[0]
        if first.directive is not None:
            # What stands above the first prefix is about the file.
            head, first.first.before = first.first.before, []
        kept: dict[str, Statement] = {}
        for statement in directives:
            same = kept.setdefault(statement.prefix, statement)
            if same is not statement:
                same.first.before = [*same.first.before, *_said(statement)]
        for name in [name for name in kept if name not in self.used]:
            # The prefix goes; what its author noted on it stays.
            head += _said(kept.pop(name))
        return head, [kept[name] for name in sorted(kept)]

    def _directive(self, statement: Statement, comments: bool = True) -> list[str]:
        parts = statement.directive or []
        if statement.prefix:
            line = f"@prefix {statement.prefix} {statement.iri} ."
        elif self.line_based:
            line = " ".join(part.text for part in parts)
        else:
            line = f"@{statement.word} {parts[1].text} ."
        above = texts(statement.first.before) if comments else []
        return [*above, _with(line, parts[-1].after)]

    # --- statements ------------------------------------------------------------

    def _quad(self, statement: Statement) -> str:
        assert statement.end is not None
        line = " ".join(self._plain(term) for term in statement.quad or ())
        return _with(line + " .", statement.end.after)

    def _graph(self, statement: Statement) -> list[str]:
        assert statement.end is not None
        head = [piece.text for piece in (statement.graph or [])[:-1]]
        head = ["GRAPH" for _ in head] + ([self._plain(statement.name)] if statement.name else [])
        brace = (statement.graph or [])[-1]
        lines = [_with(" ".join([*head, "{"]), brace.after)]
        for number, inner in enumerate(statement.statements):
            if inner.end is None:
                inner.end = Piece(".", ".")
            if number == 0 and inner.first.before and inner.first.before[0] == "":
                inner.first.before = inner.first.before[1:]
        inside = self._blocks(statement.statements, [])
        lines += [STEP + line if line else "" for line in inside]
        lines += [STEP + comment for comment in texts(statement.end.before)]
        lines.append(_with("}", statement.end.after))
        return lines

    def _statement(self, statement: Statement) -> list[str]:
        assert statement.subject is not None
        assert statement.end is not None
        lines = self._term(statement.subject, "", lead="")
        pairs = self._sorted(statement.pairs)
        below = texts(statement.end.before)
        noted = statement.subject.last.after
        if not pairs:
            if noted and (statement.end.after or below):
                lines[-1] = _with(lines[-1], noted)
                below, noted = [*below], ""
                lines += [STEP + c for c in below] + [_with(STEP + ".", statement.end.after)]
                return lines
            if below:
                lines += [STEP + c for c in below] + [_with(STEP + ".", statement.end.after)]
                return lines
            lines[-1] = _with(lines[-1] + " .", noted or statement.end.after)
            return lines
        if noted:
            lines[-1] = _with(lines[-1], noted)
        for index, pair in enumerate(pairs):
            last = index == len(pairs) - 1
            above = texts(pair.verb.before)
            behind = pair.objects[-1].last.after
            alone = last and (bool(below) or bool(behind and statement.end.after))
            sign = " ;" if not last else ("" if alone else " .")
            if last and not alone:
                behind = behind or statement.end.after
            beside = index == 0 and not above and not noted
            written = self._pair(pair, STEP, lines[-1] + " " if beside else STEP, sign, behind)
            if beside:
                lines[-1:] = written
            else:
                lines += [STEP + c for c in above] + written
            if alone:
                lines += [STEP + c for c in below] + [_with(STEP + ".", statement.end.after)]
        return lines

    def _sorted(self, pairs: list[Pair]) -> list[Pair]:
        """Type first, the rest as the author has it."""
        return sorted(pairs, key=lambda pair: not self._is_type(pair))

    def _is_type(self, pair: Pair) -> bool:
        return pair.verb.text == "a" or self._full(pair.verb.text) == RDF_TYPE

    def _full(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        if name.startswith("<") or not colon:
            return name
        return f"{self.prefixes.get(prefix + ':', '<')[:-1]}{local}>"

    def _verb(self, piece: Piece) -> str:
        return "a" if self._full(piece.text) == RDF_TYPE else piece.text

    def _pair(self, pair: Pair, indent: str, head: str, sign: str, behind: str) -> list[str]:
        """Lines of a predicate and its objects; ``head`` is what stands before the predicate."""
        lead = f"{head}{self._verb(pair.verb)} "
        flat = self._flat(pair)
        if flat is not None and (
            len(lead + flat + sign) <= WIDTH or (len(pair.objects) == 1 and not _bracketed(flat))
        ):
            return [_with(lead + flat + sign, behind)]
        lines: list[str] = []
        deeper = indent + STEP
        for index, term in enumerate(pair.objects):
            last = index == len(pair.objects) - 1
            above = [] if index == 0 else texts(term.first.before)
            start = lead if index == 0 else deeper
            written = self._term(term, indent if index == 0 else deeper, start)
            if not last:
                written[-1] = _with(written[-1] + " ,", term.last.after)
            else:
                written[-1] = _with(written[-1] + sign, behind)
            lines += [deeper + c for c in above] + written
        return lines

    def _flat(self, pair: Pair) -> str | None:
        """Objects on one line, unless their author broke the line or a comment stands between."""
        if id(pair) not in self._flats:
            self._flats[id(pair)] = self._flat_objects(pair)
        return self._flats[id(pair)]

    def _flat_objects(self, pair: Pair) -> str | None:
        if any(texts(term.first.before) or term.first.breaks for term in pair.objects[1:]):
            return None
        if any(term.last.after for term in pair.objects[:-1]):
            return None
        if any(comma.breaks for comma in pair.commas):
            return None
        found = [self._flat_term(term) for term in pair.objects]
        return None if None in found else " , ".join(t for t in found if t)

    def _flat_term(self, term: Term) -> str | None:
        if id(term) not in self._flats:
            text = self._flat_inside(term)
            # A bracket that is too long is opened; what is around it is then opened too.
            if text is not None and len(text) > WIDTH and _bracketed(text):
                text = None
            self._flats[id(term)] = text
        return self._flats[id(term)]

    def _flat_inside(self, term: Term) -> str | None:
        text = self._flat_bare(term)
        for note in term.notes:
            if text is None:
                return None
            said = self._flat_note(note)
            text = None if said is None else f"{text} {said}"
        return text

    def _flat_note(self, note: Note) -> str | None:
        if note.pairs is None:
            return f"~ {self._plain(note.name)}" if note.name is not None else "~"
        said = self._flat_pairs(note.pairs, note.first, note.close)
        return None if said is None else f"{{| {said} |}}"

    def _flat_bare(self, term: Term) -> str | None:
        if term.triple is not None or term.text:
            return self._plain(term)
        if term.pairs is not None:
            said = self._flat_pairs(term.pairs, term.first, term.parts[-1])
            return None if said is None else f"[ {said} ]"
        if term.items is not None:
            last = term.parts[-1]
            if last.breaks or any(item.first.breaks for item in term.items):
                return None if term.items else "()"
            inner = [term.first, last, *(i.first for i in term.items)]
            if term.first.after or any(item.last.after for item in term.items):
                return None
            if any(texts(piece.before) for piece in inner[1:]):
                return None
            found = [self._flat_term(item) for item in term.items]
            if None in found:
                return None
            return f"( {' '.join(t for t in found if t)} )" if found else "()"
        return term.text

    def _flat_pairs(self, pairs: list[Pair], first: Piece, close: Piece | None) -> str | None:
        if first.after or (close is not None and (close.breaks or texts(close.before))):
            return None
        parts = []
        for pair in pairs:
            flat = self._flat(pair)
            noted = texts(pair.verb.before) or pair.objects[-1].last.after
            if flat is None or pair.verb.breaks or noted:
                return None
            parts.append(f"{self._verb(pair.verb)} {flat}")
        return " ; ".join(parts)

    def _plain(self, term: Term) -> str:
        """A term that is always on one line."""
        if term.triple is not None:
            subject, verb, thing = term.triple
            said = f"{self._plain(subject)} {self._verb(verb)} {self._plain(thing)}"
            if self.line_based:
                said = f"{self._plain(subject)} {verb.text} {self._plain(thing)}"
            if term.inner is not None:
                said += f" {self._flat_note(term.inner)}"
            return f"{term.first.text} {said} {term.parts[-1].text}"
        return term.text or "()"

    def _term(self, term: Term, indent: str, lead: str) -> list[str]:
        """Lines of one term, the first behind ``lead``."""
        flat = self._flat_term(term)
        simple = bool(term.text) and not term.notes
        if flat is not None and (len(lead + flat) <= WIDTH or simple or term.triple is not None):
            return [lead + flat]
        lines = self._bare(term, indent, lead)
        for note in term.notes:
            said = self._flat_note(note)
            if said is not None and (note.pairs is None or len(lines[-1]) + len(said) < WIDTH):
                lines[-1] += f" {said}"
                continue
            assert note.pairs is not None
            assert note.close is not None
            lines[-1] = _with(lines[-1] + " {|", note.first.after)
            lines += self._inner(note.pairs, note.close, indent + STEP)
            lines.append(indent + "|}")
        return lines

    def _bare(self, term: Term, indent: str, lead: str) -> list[str]:
        """A term without its annotations."""
        deeper = indent + STEP
        if term.text or term.triple is not None:
            return [lead + self._plain(term)]
        last = term.parts[-1]
        if term.pairs is not None:
            lines = [_with(lead + "[", term.first.after)]
            return [*lines, *self._inner(term.pairs, last, deeper), indent + "]"]
        lines = [_with(lead + "(", term.first.after)]
        for item in term.items or ():
            lines += [deeper + c for c in texts(item.first.before)]
            written = self._term(item, deeper, deeper)
            written[-1] = _with(written[-1], item.last.after)
            lines += written
        lines += [deeper + c for c in texts(last.before)]
        return [*lines, indent + ")"]

    def _inner(self, pairs: list[Pair], close: Piece, deeper: str) -> list[str]:
        lines: list[str] = []
        for pair in pairs:
            lines += [deeper + c for c in texts(pair.verb.before)]
            lines += self._pair(pair, deeper, deeper, " ;", pair.objects[-1].last.after)
        lines += [deeper + c for c in texts(close.before)]
        return lines


def _names(statements: Iterable[Statement]) -> Iterator[str]:
    """The prefixes that terms are written with."""

    def of(term: Term) -> Iterator[str]:
        for part in term.parts:
            if part.kind == "PNAME":
                yield part.text.partition(":")[0] + ":"
        if term.pairs:
            yield from pairs(term.pairs)
        for item in term.items or ():
            yield from of(item)
        if term.triple is not None:
            yield from of(term.triple[0])
            yield from of(Term([term.triple[1]]))
            yield from of(term.triple[2])
        for note in [*term.notes, *([term.inner] if term.inner else [])]:
            if note.name is not None:
                yield from of(note.name)
            yield from pairs(note.pairs or [])

    def pairs(found: Iterable[Pair]) -> Iterator[str]:
        for pair in found:
            yield from of(Term([pair.verb]))
            for term in pair.objects:
                yield from of(term)

    for statement in statements:
        if statement.subject is not None:
            yield from of(statement.subject)
            yield from pairs(statement.pairs)
        if statement.name is not None:
            yield from of(statement.name)
        yield from _names(statement.statements)


def _bracketed(flat: str) -> bool:
    return "[ " in flat or "{| " in flat


def _said(statement: Statement) -> list[str]:
    """The comments on a directive."""
    parts = statement.directive or []
    return [*texts(statement.first.before), *([parts[-1].after] if parts[-1].after else [])]


def _trimmed(above: list[str]) -> list[str]:
    """Comments with the blank lines between them, none at the ends."""
    found = list(above)
    while found and not found[0]:
        found.pop(0)
    while found and not found[-1]:
        found.pop()
    return found


def _with(line: str, comment: str) -> str:
    return f"{line}  {comment}" if comment else line
