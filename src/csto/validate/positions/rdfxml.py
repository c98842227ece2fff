"""Where the nodes of an RDF/XML text stand, and their properties.

The XML parser of Python tells where each element begins; a node is placed at its
element, a property at its own. The text itself is read by Oxigraph.
"""

from __future__ import annotations

from xml.parsers import expat

from csto.fmt.tokens import Span
from csto.fmt.triples import resolved
from csto.validate.positions.turtle import NotPlacedError
from csto.vocabulary import RDF

_XML_BASE = "http://www.w3.org/XML/1998/namespace base"


def places(text: str, base: str = "") -> dict[tuple[str, str], Span]:
    """Places by node and property; the property is empty for the node itself.

    Raises:
        NotPlacedError: if the text is not XML.
    """
    reader = _Reader(text, base)
    try:
        reader.parser.Parse(text.encode(), True)
    except (expat.ExpatError, ValueError, RecursionError) as error:
        raise NotPlacedError(str(error)) from error
    return reader.found


class _Reader:
    def __init__(self, text: str, base: str) -> None:
        self.lines = text.splitlines(keepends=True)
        self.found: dict[tuple[str, str], Span] = {}
        # What is open: whether it is a node, its IRI, and the base there.
        self.open: list[tuple[str, str, str]] = [("top", "", base)]
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        # No entity is fetched or expanded from outside.
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind, about, base = self.open[-1]
        base = resolved(attributes.get(_XML_BASE, base), base)
        iri = _joined(name)
        if kind == "top" and iri == RDF + "RDF":
            self.open.append(("top", "", base))
        elif kind in ("top", "property"):
            node = self.node(attributes, base)
            if node:
                self.found.setdefault((node, ""), self.span(name))
                if iri != RDF + "Description":
                    self.found.setdefault((node, RDF + "type"), self.span(name))
            self.open.append(("node", node, base))
        elif kind == "node":
            if about:
                self.found.setdefault((about, iri), self.span(name))
            parse = attributes.get(f"{RDF} parseType", "")
            inner = "node" if parse == "Resource" else "property"
            self.open.append(("skip" if parse == "Literal" else inner, "", base))
        else:
            self.open.append(("skip", "", base))

    def end(self, name: str) -> None:
        self.open.pop()

    def node(self, attributes: dict[str, str], base: str) -> str:
        space = RDF
        if (about := attributes.get(f"{space} about")) is not None:
            return resolved(about, base)
        if (name := attributes.get(f"{space} ID")) is not None:
            return resolved("#" + name, base)
        return ""

    def span(self, name: str) -> Span:
        line = self.parser.CurrentLineNumber
        bytes_before = self.parser.CurrentColumnNumber
        written = self.lines[line - 1] if line <= len(self.lines) else ""
        # The parser counts bytes; people count characters.
        column = len(written.encode()[:bytes_before].decode(errors="ignore")) + 1
        tag = written[column - 1 :]
        length = next((i for i, c in enumerate(tag[1:], 1) if c in " \t\r\n/>"), len(tag))
        return line, column, line, column + max(length, 1)


def _joined(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return space + local
