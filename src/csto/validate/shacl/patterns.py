"""Regular expressions of SHACL: those of XPath, on Python's engine where they agree.

What Python writes otherwise (``\\p{…}``, subtraction of classes) goes to the engine
behind SPARQL, and so does what Python might try in more ways than there is time for: a
repeated group that holds a repetition or a choice. What neither takes is a fault of the
shape, never of the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pyoxigraph import Literal, Store

_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}
# Escapes and groups that mean something else, or nothing, in Python.
_OTHER = re.compile(r"\\[pPiIcC]|\(\?|\\[AbBZzG]|\[[^\]]*-\[|&&")

_ENDLESS = re.compile(r"[*+}|?].*\)[*+{]", re.DOTALL)


class BadPatternError(Exception):
    """The pattern is none; the message says why."""


def matcher(pattern: str, flags: str) -> Callable[[str], Any]:
    """What says whether a text holds a match of a pattern: true or not, whatever it gives.

    Raises:
        BadPatternError: if the pattern or a flag is none.
    """
    unknown = [flag for flag in flags if flag not in "ismxq"]
    if unknown:
        raise BadPatternError(f"{unknown[0]} is no flag; flags are i, s, m, x and q")
    if "q" in flags:
        literal = re.compile(re.escape(pattern), re.IGNORECASE if "i" in flags else 0)
        return literal.search
    if not _OTHER.search(pattern) and not _ENDLESS.search(pattern):
        options = 0
        for flag in flags:
            options |= _FLAGS[flag]
        try:
            compiled = re.compile(pattern, options)
        except (re.error, RecursionError, OverflowError) as error:
            raise BadPatternError(f'"{pattern}" is no regular expression ({error})') from None
        return compiled.search
    return _asked(pattern, flags)


_EMPTY = Store()


def _asked(pattern: str, flags: str) -> Callable[[str], Any]:
    @lru_cache(maxsize=4096)
    def found(text: str) -> bool | None:
        test = f"REGEX({Literal(text)}, {Literal(pattern)}, {Literal(flags)})"
        answers: Any = _EMPTY.query(f"SELECT ({test} AS ?found) WHERE {{}}")
        value = next(iter(answers))["found"]
        return None if value is None else value.value == "true"

    if found("") is None:
        raise BadPatternError(f'"{pattern}" is no regular expression')
    return found
