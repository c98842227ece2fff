"""JSON-LD in compact form, with a context that fits this graph.

The context (https://www.w3.org/TR/json-ld11/) is made from the data: terms of the
ontology go by their local name, things by the prefix of their kind, and a property
is typed where all its values have one type. It is written into every document, so
that no reader has to fetch anything, and can be had alone to be published.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from csto.vocabulary import CSTO, RDF, RDFS, SKOS, WELL_KNOWN, XSD

_TYPE = RDF + "type"
_STRING = XSD + "string"
_NATIVE = {XSD + "boolean", XSD + "integer"}
# Written without their prefix, since everybody uses them.
_PLAIN = {
    RDFS + "label": "label",
    SKOS + "definition": "definition",
    SKOS + "note": "note",
    SKOS + "altLabel": "altLabel",
}


def _apart(name: str, properties: set[str]) -> str:
    """A prefix that is not the name of a property as well: ``ranks:`` beside ``rank``."""
    while name in properties:
        name += "s"
    return name


class Compactor:
    """Shortens IRIs and values by one context."""

    def __init__(self, quads: Iterable[Quad | Triple], prefixes: Mapping[str, str]) -> None:
        self.kinds = _kinds(quads)
        properties = {iri[len(CSTO) :] for iri in self.kinds if iri.startswith(CSTO)}
        properties |= set(_PLAIN.values())
        given = {**prefixes, **{n: iri for n, iri in WELL_KNOWN.items() if n != "csto"}}
        # A name cannot be both a property and a prefix: ``rank:`` gives way to ``rank``.
        self.prefixes = {_apart(name, properties): iri for name, iri in given.items()}
        self.names = {iri: name for name, iri in sorted(self.prefixes.items(), reverse=True)}
        self.used: set[str] = set()
        self.terms: dict[str, Any] = {}

    def context(self) -> dict[str, Any]:
        """The context of what was compacted so far."""
        made: dict[str, Any] = {"@version": 1.1, "@vocab": CSTO}
        made |= {name: self.prefixes[name] for name in sorted(self.used)}
        return made | {name: self.terms[name] for name in sorted(self.terms)}

    def iri(self, iri: str) -> str:
        """An IRI as an identifier: with a prefix where one fits."""
        cut = iri.rfind("#" if "#" in iri else "/") + 1
        name, rest = self.names.get(iri[:cut]), iri[cut:]
        if name and rest:
            self.used.add(name)
            return f"{name}:{rest}"
        return iri

    def word(self, iri: str) -> str:
        """An IRI as a word of the vocabulary: classes and properties."""
        if iri.startswith(CSTO):
            return iri[len(CSTO) :]
        return _PLAIN.get(iri) or self.iri(iri)

    def key(self, predicate: str) -> str:
        """The key of a property; its term enters the context."""
        word = self.word(predicate)
        if word not in self.terms and predicate != _TYPE:
            term: dict[str, Any] = {}
            kind = self.kinds.get(predicate)
            if kind == "@id":
                term["@type"] = "@id"
            elif kind and kind.startswith("@"):
                term["@language"] = kind[1:]
            elif kind and kind not in _NATIVE and kind != _STRING:
                term["@type"] = self.iri(kind)
            if term or predicate in _PLAIN:
                full = predicate if ":" not in word else self.iri(predicate)
                self.terms[word] = {"@id": full, **term}
        return word

    def value(self, predicate: str, term: Any) -> Any:
        """A value as short as the term of its property allows."""
        kind = self.kinds.get(predicate)
        if isinstance(term, NamedNode):
            return self.iri(term.value) if kind == "@id" else {"@id": self.iri(term.value)}
        if isinstance(term, BlankNode):
            return str(term) if kind == "@id" else {"@id": str(term)}
        own = _kind(term)
        if own in _NATIVE and kind in (own, None) and _canonical(term):
            return json.loads(term.value)
        if own == kind and own not in _NATIVE:
            return term.value
        if own == _STRING and kind is None:
            return term.value
        if term.language:
            return {"@language": term.language, "@value": term.value}
        return {"@type": self.iri(term.datatype.value), "@value": term.value}


def _canonical(term: Literal) -> bool:
    """Whether a number or boolean is spelt as JSON would spell it."""
    return term.value in ("true", "false") or (
        term.value.lstrip("-").isdigit() and str(int(term.value)) == term.value
    )


def _kind(term: Any) -> str:
    if not isinstance(term, Literal):
        return "@id"
    return "@" + term.language if term.language else term.datatype.value


def _kinds(quads: Iterable[Quad | Triple]) -> dict[str, str | None]:
    """The one kind of value each property has; ``None`` where there are several."""
    found: dict[str, str | None] = {}
    for quad in quads:
        kind = _kind(quad.object)
        if found.setdefault(quad.predicate.value, kind) != kind:
            found[quad.predicate.value] = None
    return found


def compact(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> dict[str, Any]:
    """A compact document: one object for each graph, and in it one for each node, in order."""
    listed = list(quads)
    shorten = Compactor(listed, prefixes)
    graphs: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for quad in sorted(listed, key=str):
        graph = graphs[getattr(quad.graph_name, "value", "")]
        subject = quad.subject
        name = shorten.iri(subject.value) if isinstance(subject, NamedNode) else str(subject)
        node = graph[name]
        predicate = quad.predicate.value
        if predicate == _TYPE and isinstance(quad.object, NamedNode):
            node.setdefault("@type", []).append(shorten.word(quad.object.value))
            continue
        values = node.setdefault(shorten.key(predicate), [])
        values.append(shorten.value(predicate, quad.object))
    body = [
        {"@id": name, **{k: v[0] if len(v) == 1 else v for k, v in node.items()}}
        for name, node in graphs.pop("", {}).items()
    ]
    for graph_name, nodes in graphs.items():
        inner = [
            {"@id": name, **{k: v[0] if len(v) == 1 else v for k, v in node.items()}}
            for name, node in nodes.items()
        ]
        body.append({"@id": shorten.iri(graph_name), "@graph": inner})
    return {"@context": shorten.context(), "@graph": body}


def write(document: Mapping[str, Any]) -> bytes:
    """A document with one node on a line, so that a change of one fact is a change of one line."""
    context = json.dumps(document["@context"], ensure_ascii=False, indent=2)
    lines = []
    for item in document["@graph"]:
        if "@graph" in item:
            inner = ",\n".join(json.dumps(n, ensure_ascii=False) for n in item["@graph"])
            lines.append(f'{{"@id": {json.dumps(item["@id"])}, "@graph": [\n{inner}\n]}}')
        else:
            lines.append(json.dumps(item, ensure_ascii=False))
    body = ",\n".join(lines)
    return f'{{"@context": {context},\n"@graph": [\n{body}\n]}}\n'.encode()
