"""Write the tree of a Turtle file in the one layout.

The layout follows the files as they are: prefixes sorted, four spaces, one predicate on
a line, `` ;`` and `` .`` behind a space. A list of objects stays on its line if its
author wrote it so and it is short enough; else each object has a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from csto.fmt.statements import Pair, Piece, Statement, Term, Text, read

WIDTH = 120
STEP = "    "
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def canonical(text: str, *, prune: bool = False) -> str:
    """The same triples and comments in the one layout.

    Args:
        text: valid Turtle.
        prune: leave out prefixes that the text does not use.

    Raises:
        UnreadableError: if the grammar does not take the text.
    """
    tree = read(text.removeprefix("\ufeff"))
    return "\n".join(_Writer(tree, prune).lines()) + "\n"


class _Writer:
    def __init__(self, tree: Text, prune: bool) -> None:
        self.tree = tree
        self.prefixes = {s.prefix: s.iri for s in tree.statements if s.prefix is not None}
        self.used = set(_names(tree.statements)) if prune else set(self.prefixes)

    def lines(self) -> list[str]:
        directives = [s for s in self.tree.statements if s.prefix is not None]
        facts = [s for s in self.tree.statements if s.prefix is None]
        head, directives = self._ordered(directives)
        out = _trimmed(head)
        if out and directives and head and head[-1] == "":
            out.append("")
        for statement in directives:
            out += self._directive(statement)
        before_one_line = False
        for statement in facts if directives or not self._mixed() else self.tree.statements:
            block = (
                self._directive(statement, comments=False)
                if statement.prefix is not None
                else self._statement(statement)
            )
            above = list(statement.first.before)
            parted = bool(above) and above[0] == ""
            one_line = len(block) == 1
            if out and (parted or not (one_line and before_one_line) or _comments(above)):
                out.append("")
            out += _trimmed(above)
            if _comments(above) and above[-1] == "":
                out.append("")
            out += block
            before_one_line = one_line
        tail = _trimmed(self.tree.tail)
        return [*out, "", *tail] if out and tail else [*out, *tail]

    # --- prefixes --------------------------------------------------------------

    def _mixed(self) -> bool:
        """Whether the order of directives matters: a base, or a prefix that changes."""
        found = [s for s in self.tree.statements if s.prefix is not None]
        return any(not s.prefix for s in found) or any(
            s.iri != self.prefixes[s.prefix or ""] for s in found
        )

    def _ordered(self, directives: list[Statement]) -> tuple[list[str], list[Statement]]:
        """Comments at the top of the file, and the prefixes sorted, each once."""
        if not directives or self._mixed():
            return [], []
        head: list[str] = []
        first = self.tree.statements[0]
        if first.prefix is not None:
            # What stands above the first prefix is about the file.
            head, first.first.before = first.first.before, []
        once = {s.prefix: s for s in reversed(directives) if s.prefix in self.used}
        return head, [once[name] for name in sorted(once, key=str)]

    def _directive(self, statement: Statement, comments: bool = True) -> list[str]:
        line = (
            f"@prefix {statement.prefix} {statement.iri} ."
            if statement.prefix
            else f"@base {statement.iri} ."
        )
        above = _comments(statement.first.before) if comments else []
        return [*above, _with(line, statement.end.after)]

    # --- triples ---------------------------------------------------------------

    def _statement(self, statement: Statement) -> list[str]:
        assert statement.subject is not None
        lines = self._term(statement.subject, "", lead="")
        pairs = self._sorted(statement.pairs)
        below = _comments(statement.end.before)
        if not pairs:
            lines[-1] = _with(lines[-1] + " .", statement.end.after)
            return lines
        for index, pair in enumerate(pairs):
            last = index == len(pairs) - 1
            above = _comments(pair.verb.before)
            sign = " ;" if not last else ("" if below else " .")
            behind = pair.end.after if pair.end else ""
            if last and not below:
                behind = _joined(behind, statement.end.after)
            head = lines[-1] + " " if index == 0 and not above else STEP
            written = self._pair(pair, STEP, head, sign, behind)
            if index == 0 and not above:
                lines[-1:] = written
            else:
                lines += [STEP + c for c in above] + written
            lines += [STEP + c for c in pair.tail]
        if below:
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

    def _pair(self, pair: Pair, indent: str, head: str, sign: str, behind: str) -> list[str]:
        """Lines of a predicate and its objects; ``head`` is what stands before the predicate."""
        verb = "a" if self._full(pair.verb.text) == RDF_TYPE else pair.verb.text
        lead = f"{head}{verb} "
        flat = self._flat(pair)
        if flat is not None and (
            len(lead + flat + sign) <= WIDTH or (len(pair.objects) == 1 and "[ " not in flat)
        ):
            return [_with(lead + flat + sign, _joined(self._behind(pair), behind))]
        lines: list[str] = []
        deeper = indent + STEP
        for index, term in enumerate(pair.objects):
            last = index == len(pair.objects) - 1
            above = [] if index == 0 else _comments(term.first.before)
            start = lead if index == 0 else deeper
            written = self._term(term, indent if index == 0 else deeper, start)
            comment = term.pieces[1].after
            if not last:
                comment = _joined(comment, pair.commas[index].after)
                written[-1] = _with(written[-1] + " ,", comment)
            else:
                written[-1] = _with(written[-1] + sign, _joined(comment, behind))
            lines += [deeper + c for c in above] + written
        return lines

    def _behind(self, pair: Pair) -> str:
        return pair.objects[-1].pieces[1].after

    def _flat(self, pair: Pair) -> str | None:
        """Objects on one line, unless their author broke the line or a comment stands between."""
        pieces = [p for term in pair.objects for p in term.pieces] + pair.commas
        inner = [*pieces[:-1], *pair.commas] if pair.objects[-1].pieces[1] is pieces[-1] else pieces
        if any(_comments(p.before) for p in pieces) or any(
            p.after for p in inner if p is not pair.objects[-1].pieces[1]
        ):
            return None
        if any(term.first.breaks for term in pair.objects[1:]):
            return None
        if any(comma.breaks for comma in pair.commas):
            return None
        texts = [self._flat_term(term) for term in pair.objects]
        return None if None in texts else " , ".join(t for t in texts if t)

    def _flat_term(self, term: Term) -> str | None:
        if term.pairs is not None:
            if term.last is None or term.last.breaks or not term.pairs:
                return None
            parts = []
            for pair in term.pairs:
                flat = self._flat(pair)
                noted = _comments(pair.verb.before) or (pair.end and pair.end.after) or pair.tail
                if flat is None or pair.verb.breaks or noted or self._behind(pair):
                    return None
                verb = "a" if self._full(pair.verb.text) == RDF_TYPE else pair.verb.text
                parts.append(f"{verb} {flat}")
            return f"[ {' ; '.join(parts)} ]"
        if term.items is not None:
            if term.last is None or term.last.breaks or any(i.first.breaks for i in term.items):
                return None
            texts = [self._flat_term(item) for item in term.items]
            if None in texts or any(p.after for i in term.items for p in i.pieces):
                return None
            return f"( {' '.join(t for t in texts if t)} )" if texts else "()"
        return term.text

    def _term(self, term: Term, indent: str, lead: str) -> list[str]:
        """Lines of one term, the first behind ``lead``."""
        flat = self._flat_term(term)
        if flat is not None and (len(lead + flat) <= WIDTH or term.text):
            return [lead + flat]
        deeper = indent + STEP
        if term.pairs is not None:
            assert term.last is not None
            lines = [_with(lead + "[", term.first.after)]
            for pair in term.pairs:
                lines += [deeper + c for c in _comments(pair.verb.before)]
                behind = pair.end.after if pair.end else ""
                lines += self._pair(pair, deeper, deeper, " ;", behind)
                lines += [deeper + c for c in pair.tail]
            lines += [deeper + c for c in _comments(term.last.before)]
            return [*lines, indent + "]"]
        assert term.items is not None
        assert term.last is not None
        lines = [_with(lead + "(", term.first.after)]
        for item in term.items:
            lines += [deeper + c for c in _comments(item.first.before)]
            written = self._term(item, deeper, deeper)
            written[-1] = _with(written[-1], item.pieces[1].after)
            lines += written
        lines += [deeper + c for c in _comments(term.last.before)]
        return [*lines, indent + ")"]


def _names(statements: Iterable[Statement]) -> Iterator[str]:
    """The prefixes that terms are written with."""

    def of(term: Term) -> Iterator[str]:
        for pair in term.pairs or ():
            yield from pairs([pair])
        for item in term.items or ():
            yield from of(item)
        name = term.text
        if term.first.kind in ("STRING", "STRING_LONG"):
            name = name.rpartition("^^")[2] if term.last and term.last.kind != "LANGTAG" else ""
        if ":" in name and not name.startswith(("<", "_:", '"', "'")):
            yield name.partition(":")[0] + ":"

    def pairs(found: Iterable[Pair]) -> Iterator[str]:
        for pair in found:
            if ":" in pair.verb.text and not pair.verb.text.startswith("<"):
                yield pair.verb.text.partition(":")[0] + ":"
            for term in pair.objects:
                yield from of(term)

    for statement in statements:
        if statement.subject is not None:
            yield from of(statement.subject)
            yield from pairs(statement.pairs)


def _comments(above: list[str]) -> list[str]:
    return [comment for comment in above if comment]


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


def _joined(*comments: str) -> str:
    return " ".join(comment for comment in comments if comment)


__all__ = ["Piece", "canonical"]
