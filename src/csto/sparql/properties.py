"""Which properties a query can ask for, read from its words without parsing it.

What is not sure counts as any property: a slice that has more than a query needs gives the same
answer, one that has less does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from csto.sparql.text import TOKEN
from csto.vocabulary import RDF_TYPE

_MARKS = re.compile(
    TOKEN.pattern + r"| (?P<number> [+-]?\.?\d[\w.+-]* ) | (?P<sign> \S )", re.VERBOSE | re.DOTALL
)
# With these anything can be asked for, or a name is not what it looks like.
_ANYTHING = {"DESCRIBE", "BASE", "\\", "%", ":"}
# After these a bracket opens a list of things; elsewhere it opens an expression.
_BEFORE_LIST = {"", ".", ";", ",", "{", "}", "[", "(", "term"}
_OPENS, _CLOSES = {"(", "{"}, {")", "}"}


def properties_named(text: str, prefixes: Mapping[str, str]) -> set[str] | None:
    """IRIs among which are all properties that a query asks for; ``None`` if that can be any.

    Args:
        text: the query, which need not be right.
        prefixes: those that it can use without declaring them.
    """
    found: set[str] = set()
    declared = {f"{name}:": iri for name, iri in prefixes.items()}
    # Depths at which variables stand in a list, such as after SELECT; and what opened each depth.
    listing: list[int] = []
    opened: list[str] = []
    kinds = ["", ""]
    maybe_property = False
    last = ""
    for token in _MARKS.finditer(text):
        word = token[0]
        if token["comment"]:
            continue
        kind = "term" if token["iri"] or token["string"] or token["number"] else word
        if token["word"]:
            # A full stop after a name ends the triple.
            word = word.rstrip(".")
            kind = _kind(word)
        if maybe_property and kind in {"term", "variable", "[", "(", "<", "TRUE", "FALSE"}:
            return None
        maybe_property = False
        if kind in _ANYTHING or (kind != "term" and not word.isascii()):
            return None
        if kinds[-1] == "!" and kind in {"term", "(", "^", "A"}:
            # All properties but some.
            return None
        if token["iri"]:
            found.add(word[1:-1])
            if last.endswith(":") and kinds[-2] == "PREFIX":
                declared[last] = word[1:-1]
        elif kind == "A":
            found.add(RDF_TYPE.value)
        elif kind == "term" and token["word"]:
            prefix, colon, local = word.partition(":")
            if kinds[-1] != "PREFIX" and prefix != "_":
                found.add(declared.get(prefix + colon, "") + local)
        elif kind == "variable":
            in_list = bool(listing) and listing[-1] == len(opened)
            maybe_property = not in_list and kinds[-1] in {
                *("term", "variable", "[", "]", ";", "|", ">", "end of list"),
            }
        elif kind == "SELECT" or kind == "BY":
            listing.append(len(opened))
        elif kind in _OPENS:
            if kind == "{" and listing and listing[-1] == len(opened):
                listing.pop()
            opened.append(kinds[-1])
            if kinds[-1] == "VALUES":
                listing.append(len(opened))
        elif kind in _CLOSES and opened:
            while listing and listing[-1] >= len(opened):
                listing.pop()
            before = opened.pop()
            if kind == ")" and (before in _BEFORE_LIST or before == "variable"):
                kind = "end of list"
        kinds = [kinds[-1], kind]
        last = word
    return found


def _kind(word: str) -> str:
    if word[0] in "?$":
        return "variable"
    return "term" if ":" in word else word.upper()
