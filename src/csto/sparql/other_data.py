"""Queries that ask for other data than the graphs of their day: none is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from csto.errors import InputError
from csto.sparql.text import TOKEN

# SERVICE and the name or variable that must follow it, however it is spaced. It is looked for in
# the whole text, comments and strings too: what a tokenizer takes for a part of an IRI, a string
# or a name, the engine's grammar may still read as the keyword.
_SKIP = r"(?:\s|\#[^\r\n]*(?:[\r\n]|$))*"
_SERVICE = re.compile(
    rf"(?<![?$:])SERVICE{_SKIP}(?:SILENT{_SKIP})?(?:<|[?$]|[^\s<>{{}}()\"'#?$]*:)", re.IGNORECASE
)


def words(text: str) -> Iterator[str]:
    """Keywords and names of a query, in capitals; not what stands in strings and comments."""
    for token in TOKEN.finditer(text):
        if token["word"]:
            yield token["word"].upper()


def refuse_other_data(text: str, name: str = "query") -> None:
    """Refuse a query that asks for other data than the graphs of its day.

    Raises:
        InputError: for FROM and SERVICE.
    """
    plain = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda m: chr(int(m[1], 16)), text)
    if _SERVICE.search(plain) or not {"FROM", "SERVICE"}.isdisjoint(words(text)):
        raise InputError(
            f"{name}: FROM and SERVICE are not answered; the day (--on) decides the graphs"
        )
