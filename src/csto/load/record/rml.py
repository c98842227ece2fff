"""The subset of RML that says what a mapping of ours says, read by the same compiler.

A triples map with ``rml:query`` (SQL of DuckDB, whose tables are the files by the part of
their names before the first dot) or ``rml:source`` (one such file), a subject map with
``rr:template`` and ``rr:class``, and predicate-object maps with ``rr:predicate`` and
``rr:constant``, ``rr:template`` or ``rml:reference`` with ``rr:datatype`` or ``rr:language``.
Anything else is refused by name (https://rml.io/specs/rml/, https://www.w3.org/TR/r2rml/).
"""

from __future__ import annotations

import re
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store

from csto.errors import InputError
from csto.load.record.mapping import Mapping, Pattern
from csto.vocabulary import RDF_TYPE

RR, RML = "http://www.w3.org/ns/r2rml#", "http://semweb.mmlab.be/ns/rml#"
_TERM = {RR + n for n in ("constant", "template", "datatype", "language", "termType")}
_READ = {
    "a triples map": {RML + "logicalSource", RR + "subjectMap", RR + "predicateObjectMap"},
    "a logical source": {RML + n for n in ("query", "source", "referenceFormulation")},
    "a subject map": {RR + "template", RR + "class"},
    "a predicate-object map": {RR + n for n in ("predicate", "objectMap", "object")},
    "an object map": _TERM | {RML + "reference"},
}
Node = NamedNode | BlankNode


def read_rml(path: Path) -> Mapping:
    """A mapping from RML.

    Raises:
        InputError: naming the file, and the property that is not read.
    """
    store = Store()
    try:
        store.load(path.read_bytes(), format=RdfFormat.TURTLE)
    except (SyntaxError, ValueError) as error:
        raise InputError(f"{path}: {error}") from error
    reader = _Reader(path, store)
    found = store.quads_for_pattern(None, _rml("logicalSource"), None)
    maps = sorted((q.subject for q in found if isinstance(q.subject, Node)), key=str)
    if not maps:
        raise InputError(f"{path}: no triples map in it (rml:logicalSource)")
    tables: dict[str, str] = {}
    files: dict[str, str] = {}
    triples = []
    for number, node in enumerate(maps):
        name = f"map_{number}"
        tables[name], read = reader.rows(node)
        files |= read
        triples.append(reader.pattern(node, name))
    return Mapping(path.stem, f"RML of {path.name}", files, tables, tuple(triples))


class _Reader:
    def __init__(self, path: Path, store: Store) -> None:
        self.path, self.store = path, store

    def _all(self, node: Node, predicate: NamedNode) -> list[object]:
        return sorted(
            (q.object for q in self.store.quads_for_pattern(node, predicate, None)), key=str
        )

    def _one(self, node: Node, predicate: NamedNode, what: str) -> object:
        found = self._all(node, predicate)
        if len(found) != 1:
            raise InputError(f"{self.path}: {what} has {len(found)} {_short(predicate)}, not one")
        return found[0]

    def _check(self, node: object, what: str) -> Node:
        if not isinstance(node, NamedNode | BlankNode):
            raise InputError(f"{self.path}: {what} is a literal")
        for quad in self.store.quads_for_pattern(node, None, None):
            if quad.predicate != RDF_TYPE and quad.predicate.value not in _READ[what]:
                raise InputError(
                    f"{self.path}: {_short(quad.predicate)} of {what} is not read; "
                    f"read are {', '.join(sorted(_short(NamedNode(p)) for p in _READ[what]))}"
                )
        return node

    def rows(self, node: Node) -> tuple[str, dict[str, str]]:
        """The SQL of a logical source, and the files that it reads."""
        self._check(node, "a triples map")
        source = self._check(
            self._one(node, _rml("logicalSource"), "a triples map"), "a logical source"
        )
        files = {}
        for said in self._all(source, _rml("source")):
            name = Path(str(getattr(said, "value", said))).name
            files[name.split(".")[0]] = name
        queries = self._all(source, _rml("query"))
        if queries:
            return str(getattr(queries[0], "value", "")), files
        if len(files) != 1:
            raise InputError(f"{self.path}: a logical source without rml:query has one rml:source")
        return f'SELECT * FROM "{next(iter(files))}"', files

    def pattern(self, node: Node, rows: str) -> Pattern:
        """The templates of one triples map."""
        what = "a subject map"
        subject = self._check(self._one(node, _rr("subjectMap"), "a triples map"), what)
        template = f"<{_text(self._one(subject, _rr('template'), what))}>"
        says = [("a", f"<{_text(c)}>") for c in self._all(subject, _rr("class"))]
        for said in self._all(node, _rr("predicateObjectMap")):
            what = "a predicate-object map"
            both = self._check(said, what)
            predicate = f"<{_text(self._one(both, _rr('predicate'), what))}>"
            says += [(predicate, _constant(value)) for value in self._all(both, _rr("object"))]
            says += [
                (predicate, self._object(self._check(value, "an object map")))
                for value in self._all(both, _rr("objectMap"))
            ]
        return Pattern(rows, template, tuple(says))

    def _object(self, node: Node) -> str:
        datatype = [f"^^<{_text(d)}>" for d in self._all(node, _rr("datatype"))]
        language = [f"@{_text(tag)}" for tag in self._all(node, _rr("language"))]
        mark = "".join(datatype + language)
        kinds = [_text(t) for t in self._all(node, _rr("termType"))]
        for value in self._all(node, _rr("constant")):
            return _constant(value)
        for value in self._all(node, _rml("reference")):
            return f"<{{{_text(value)}}}>" if RR + "IRI" in kinds else f'"{{{_text(value)}}}"{mark}'
        for value in self._all(node, _rr("template")):
            text = _text(value)
            return f'"{text}"{mark}' if mark or RR + "Literal" in kinds else f"<{text}>"
        raise InputError(f"{self.path}: an object map has no constant, template or reference")


def _constant(value: object) -> str:
    text = str(value)
    return re.sub(r'^"(.*)"\^\^<http://www.w3.org/2001/XMLSchema#string>$', r'"\1"', text)


def _text(value: object) -> str:
    return str(getattr(value, "value", value))


def _short(node: NamedNode) -> str:
    for prefix, space in (("rr", RR), ("rml", RML)):
        if node.value.startswith(space):
            return f"{prefix}:{node.value[len(space) :]}"
    return f"<{node.value}>"


def _rr(local: str) -> NamedNode:
    return NamedNode(RR + local)


def _rml(local: str) -> NamedNode:
    return NamedNode(RML + local)
