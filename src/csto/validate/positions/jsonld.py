"""Where the nodes of a JSON-LD text stand.

The text is parsed with a JSON grammar that keeps positions. A node is placed at its
``@id``, a property at its key, as far as plain prefixes and terms of the ``@context`` in
the text tell; remote contexts and nested scopes are not followed, and what cannot be
told has no place but its file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError

from csto.validate.positions.turtle import NotPlacedError, Span
from csto.vocabulary import RDF

_TYPE = RDF + "type"


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON object: its keys with their tokens and values."""

    at: Token
    pairs: list[tuple[Token, Any]]


@v_args(inline=True)
class _Reader(Transformer[Token, Any]):
    def text(self, token: Token) -> Token:
        return token

    def other(self, *_: Token) -> None:
        return None

    def pair(self, key: Token, value: Any) -> tuple[Token, Any]:
        return key, value

    def object(self, bracket: Token, *pairs: Any) -> Node:
        return Node(bracket, [pair for pair in pairs if pair is not None])

    def array(self, *items: Any) -> list[Any]:
        return list(items)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = files(__package__).joinpath("json.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=_Reader())


def places(text: str) -> dict[tuple[str, str], Span]:
    """Places by node and property; the property is empty for the node itself.

    Raises:
        NotPlacedError: if the text is not JSON.
    """
    try:
        document: Any = _parser().parse(text)
    except (LarkError, RecursionError) as error:
        raise NotPlacedError(str(error).partition("\n")[0]) from error
    names: dict[str, str] = {}
    found: dict[tuple[str, str], Span] = {}
    stack = [document]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack += reversed(item)
        elif isinstance(item, Node):
            _context(item, names)
            _node(item, names, found)
            stack += [value for key, value in reversed(item.pairs) if _text(key) != "@context"]
    return found


def _node(node: Node, names: dict[str, str], found: dict[tuple[str, str], Span]) -> None:
    ids = [value for key, value in node.pairs if names.get(_text(key), _text(key)) == "@id"]
    if not ids or not isinstance(ids[0], Token):
        return
    iri = _expanded(_text(ids[0]), names)
    found.setdefault((iri, ""), _span(ids[0]))
    for key, _ in node.pairs:
        name = _expanded(_text(key), names)
        found.setdefault((iri, _TYPE if name == "@type" else name), _span(key))


def _context(node: Node, names: dict[str, str]) -> None:
    for key, value in node.pairs:
        if _text(key) != "@context":
            continue
        for part in value if isinstance(value, list) else [value]:
            for term, meaning in part.pairs if isinstance(part, Node) else []:
                if isinstance(meaning, Node):
                    meaning = next((v for k, v in meaning.pairs if _text(k) == "@id"), None)
                if isinstance(meaning, Token):
                    names[_text(term)] = _text(meaning)


def _expanded(name: str, names: dict[str, str]) -> str:
    for _ in range(5):
        if name in names and names[name] != name:
            name = names[name]
            continue
        prefix, colon, local = name.partition(":")
        if not colon or prefix not in names or local.startswith("//"):
            break
        name = names[prefix] + local
    if ":" not in name and not name.startswith("@"):
        name = names.get("@vocab", "") + name
    return name


def _text(token: Any) -> str:
    if not isinstance(token, Token):
        return ""
    try:
        return str(json.loads(token))
    except ValueError:
        return str(token)[1:-1]


def _span(token: Token) -> Span:
    return token.line or 1, token.column or 1, token.end_line or 1, token.end_column or 1
