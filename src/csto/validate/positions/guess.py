"""Where an error stands in a format whose parser gives no places: RDF/XML and JSON-LD.

What is not well-formed has its place from the parsers of XML and JSON. For the rest the
words of the message are looked for in the text; the beginning of the text is named where
none of them is there.
"""

from __future__ import annotations

import json
import re
from xml.parsers import expat

from csto.fmt.tokens import Lines, Span

_WORDS = re.compile(r"[@\w][\w:@/.#?=&%~+-]+")
# Words of the messages themselves, which are found everywhere.
_COMMON = {"value", "name", "property", "element", "IRI", "node", "type", "object", "term", "and"}


def place_of(text: str, message: str, *, json_text: bool) -> Span:
    """The likely place of an error that a parser tells without one."""
    lines = Lines(text)
    at = _ill_formed_json(text) if json_text else _ill_formed_xml(text, lines)
    if at is None:
        at, length = _of_words(text, message, json_text)
        return lines.span(at, at + length)
    return lines.span(at, min(len(text), at + 1))


def _ill_formed_json(text: str) -> int | None:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.pos
    except (ValueError, RecursionError):
        pass
    return None


def _ill_formed_xml(text: str, lines: Lines) -> int | None:
    parser = expat.ParserCreate()
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        return lines.offset(error.lineno, error.offset + 1)
    except ValueError:
        pass
    return None


def _of_words(text: str, message: str, json_text: bool) -> tuple[int, int]:
    words = sorted(set(_WORDS.findall(message)) - _COMMON, key=len, reverse=True)
    for word in words:
        local = re.split(r"[#/]", word)[-1]
        for one in (word, local):
            if len(one) < 2 or one in _COMMON:
                continue
            marked = f'"{one}"' if json_text else None
            at = text.find(marked) if marked else -1
            if at >= 0:
                return at, len(one) + 2
            found = re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", text)
            if found and (not json_text or one.startswith("@") or ":" in one):
                return found.start(), len(one)
    return 0, min(1, len(text))
