"""Places in a long Turtle file, of which only the statements that are asked for are read.

The text is cut where statements end, by one regular expression that knows strings, IRIs and
comments; what describes the thing that is asked for is then read as every other text is.
"""

from __future__ import annotations

import re
from functools import cached_property

from csto.fmt.tokens import FewLines
from csto.fmt.triples import Placed, resolved
from csto.validate.positions import turtle

_STATEMENT = re.compile(
    r"""(?:[^"'<\#.]++|<[^<>"\s]*+>|<
    |\"\"\"[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+\"\"\"|'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'''
    |"[^"\\\n\r]*+(?:\\.[^"\\\n\r]*+)*+"|'[^'\\\n\r]*+(?:\\.[^'\\\n\r]*+)*+'
    |\#[^\r\n]*+|\.(?=[^\s\#<\[("'@]))*+\.""",
    re.VERBOSE | re.DOTALL,
)
_SPACE = r"(?:\s++|\#[^\r\n]*+)*+"
_DIRECTIVE = re.compile(
    rf"{_SPACE}(?:@?prefix\s+([^\s:]*):\s*<([^>]*)>|@?base\s*<([^>]*)>)(?:\s*\.)?", re.IGNORECASE
)
_SUBJECT = re.compile(rf"{_SPACE}(?:<([^>]*)>|([^\s:<\[(]*):((?:[^\s\\;,\[\]()<>\"]|\\.)*))")


class Blocks:
    """The statements of a text in Turtle by their subject."""

    def __init__(self, text: str, base: str) -> None:
        self.text = text
        self.base = base
        self._lines = FewLines(text)

    def of(self, iri: str) -> list[Placed]:
        """The statements about a thing, each with the places of its parts."""
        found = []
        for start, end, head in self._index.get(iri, ()):
            line, column = self._lines.at(start)
            text = f"{head}\n{' ' * (column - 1)}{self.text[start:end]}"
            for stated in turtle.statements(text, "ttl", self.base):
                found.append(stated.moved(line - 2))
        return found

    @cached_property
    def _index(self) -> dict[str, list[tuple[int, int, str]]]:
        text, base = self.text, self.base
        prefixes: dict[str, str] = {}
        found: dict[str, list[tuple[int, int, str]]] = {}
        head, at = "", 0
        # For millions of statements: what each costs is two matches and an entry of a table.
        while True:
            subject = _SUBJECT.match(text, at)
            if subject is None and (directive := _DIRECTIVE.match(text, at)):
                prefix, space, other = directive.groups()
                if other is None:
                    prefixes[prefix] = resolved(space, base)
                else:
                    base = resolved(other, base)
                written = f"@base <{base}> ." if other is not None else ""
                head += written or f" @prefix {prefix}: <{prefixes[prefix]}> ."
                at = directive.end()
                continue
            statement = _STATEMENT.match(text, at)
            if statement is None:
                return found
            end = statement.end()
            if subject is not None and subject.end() <= end:
                iri, prefix, local = subject.groups()
                start = subject.start(2)
                if iri is not None:
                    iri, start = resolved(iri, base), subject.start(1) - 1
                elif "\\" in local:
                    iri = prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)
                else:
                    iri = prefixes.get(prefix, "") + local
                found.setdefault(iri, []).append((start, end, head))
            at = end
