"""How deep a text nests its brackets, asked before native code reads it.

The engines behind us follow brackets with recursion of their own; some thousands of
them end the process without a word. People do not write more than a few dozen.
"""

from __future__ import annotations

import re

from csto.errors import InputError

# Deeper is refused: far more than anybody writes, far less than native code bears.
MAX_NESTING = 200
NOISE = re.compile(
    r"<[^<>\"{}|^`\\\x00-\x20]*+>|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+\"\"\""
    r"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
    r"|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|#[^\n]*+",
    re.DOTALL,
)
_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_SIGNS = re.compile(r"[{}()\[\]]|<<|>>")


def bare(query: str) -> str:
    """A query without strings, IRIs and comments."""
    return NOISE.sub(" ", query)


def nesting(query: str) -> int:
    """How deep the brackets of a query go."""
    return _deepest(bare(query))


def json_nesting(text: str) -> int:
    """How deep the brackets of a JSON text go."""
    return _deepest(_JSON_TEXT.sub(" ", text))


def _deepest(text: str) -> int:
    depth = deepest = 0
    for match in _SIGNS.finditer(text):
        if match[0] in ("{", "(", "[", "<<"):
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def refuse_deep(query: str) -> None:
    """Refuse a query that native code could not bear.

    Raises:
        InputError: if its brackets are nested too deep.
    """
    # Counting signs is quick; only a text with many is looked at more closely.
    if sum(map(query.count, "{([")) > MAX_NESTING and nesting(query) > MAX_NESTING:
        raise InputError(f"the query nests its brackets more than {MAX_NESTING} deep")
