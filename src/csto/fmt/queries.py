"""The layout of queries: rules, checks and saved questions (``.rq``).

How a query is laid out is its author's. What is fixed is what nobody means: white space
at the ends of lines, tabs before the first word, more than one empty line, empty lines
at both ends, a byte order mark. Header lines and comments stay as they are; texts in
quotation marks are not touched.
"""

from __future__ import annotations

import re

from csto.fmt.layout import line_end

_WHOLE = re.compile(
    r"(?P<text>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
    r"|\"(?:[^\"\\\r\n]|\\.)*+\"|'(?:[^'\\\r\n]|\\.)*+'|<[^<>\"{}|^`\\\x00-\x20]*+>)"
    r"|(?P<comment>\#[^\r\n]*+)|(?P<space>[ \t\r\n\f]++)|(?P<other>.)",
    re.DOTALL,
)
TAB = "  "


def canonical_query(text: str) -> str:
    """The same query in the one layout, with the line ends of the text."""
    end = line_end(text)
    found: list[str] = []
    for match in _WHOLE.finditer(text.lstrip("\ufeff")):
        if match["space"] is None:
            found.append(match[0].rstrip() if match["comment"] else match[0])
            continue
        lines = re.split(r"\r\n|\r|\n", match[0])
        if len(lines) == 1:
            # Between two words of a line the author may have aligned something.
            found.append(match[0])
            continue
        indent = lines[-1].replace("\t", TAB)
        found.append(("\n\n" if len(lines) > 2 else "\n") + indent)
    written = "".join(found).strip(" \t\n")
    return _ended(written, end) + end


def _ended(written: str, end: str) -> str:
    """Line ends outside of texts; those within are part of what is said."""
    return "".join(
        match[0] if match["text"] else match[0].replace("\n", end)
        for match in _WHOLE.finditer(written)
    )


def words(text: str) -> list[str]:
    """What a query says: all but white space."""
    return [
        match[0].rstrip() if match["comment"] else match[0]
        for match in _WHOLE.finditer(text.lstrip("\ufeff"))
        if match["space"] is None
    ]
