"""The evaluation tests of SPARQL, through csto and through the bare engine behind it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from csto.errors import CstoError
from csto.sparql.functions import FUNCTIONS
from csto.sparql.text import answer
from csto.validate.shacl.graph import Graph

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
RESULTS = {
    ".srx": QueryResultsFormat.XML,
    ".srj": QueryResultsFormat.JSON,
    ".tsv": QueryResultsFormat.TSV,
    ".csv": None,
}
RDF = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".nt": RdfFormat.N_TRIPLES}
RDF |= {".trig": RdfFormat.TRIG, ".nq": RdfFormat.N_QUADS}


@dataclass(frozen=True)
class Test:
    """A query, its data, the graphs it names and the result that is expected."""

    name: str
    query: Path
    data: list[Path]
    graphs: list[Path]
    result: Path


def tests(folder: Path) -> Iterator[Test]:
    for manifest in sorted(folder.rglob("manifest.ttl")):
        try:
            graph = Graph(
                parse(path=str(manifest), format=RdfFormat.TURTLE, base_iri=manifest.as_uri())
            )
        except SyntaxError:
            continue
        for node in graph.inverse(NamedNode(MF + "QueryEvaluationTest"), TYPE):
            action = graph.value(node, NamedNode(MF + "action"))
            query, result = (
                graph.value(action, NamedNode(QT + "query")),
                graph.value(node, NamedNode(MF + "result")),
            )
            if not isinstance(query, NamedNode) or not isinstance(result, NamedNode):
                continue
            data, graphs = (
                [_path(n) for n in graph.values(action, NamedNode(QT + p)) if _is(n)]
                for p in ("data", "graphData")
            )
            yield Test(
                f"{manifest.parent.name}/{node.value.rpartition('#')[2]}",
                _path(query),
                data,
                graphs,
                _path(result),
            )


def _is(node: Any) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith("file://")


def _path(node: Any) -> Path:
    return Path(node.value.removeprefix("file://"))


def passes(test: Test) -> tuple[bool, bool] | None:
    """Whether a test passes through csto and through the engine; ``None`` if it cannot be told."""
    try:
        wanted = _expected(test.result)
    except (SyntaxError, ValueError, OSError):
        return None
    if wanted is None:
        return None
    text = f"BASE <{test.query.as_uri()}>\n" + test.query.read_text(encoding="utf-8")

    def ours(store: Store, names: list[NamedNode]) -> Any:
        return answer(store, text, [DefaultGraph()], named=names, functions=FUNCTIONS)

    def bare(store: Store, names: list[NamedNode]) -> Any:
        return store.query(text)

    def asked(ask: Any) -> bool:
        store = Store()
        try:
            for path in test.data:
                store.load(path=str(path), format=RDF[path.suffix], base_iri=path.as_uri())
            for path in [*test.graphs, *_named_by(test.query)]:
                store.load(
                    path=str(path),
                    format=RDF[path.suffix],
                    base_iri=path.as_uri(),
                    to_graph=NamedNode(path.as_uri()),
                )
            names = [n for n in store.named_graphs() if isinstance(n, NamedNode)]
            return bool(_read(ask(store, names)) == wanted)
        except (SyntaxError, ValueError, RuntimeError, OSError, CstoError):
            return False

    return asked(ours), asked(bare)


def _named_by(query: Path) -> list[Path]:
    """Files that a query reads by FROM."""
    found = re.findall(r"\bFROM\s+(?:NAMED\s+)?<([^:>]+)>", query.read_text(encoding="utf-8"))
    return [path for name in found if (path := query.parent / name).is_file()]


def _expected(path: Path) -> Any:
    if path.suffix in RESULTS:
        form = RESULTS[path.suffix]
        # CSV tells no IRI from a text.
        return None if form is None else _read(parse_query_results(path=str(path), format=form))
    quads = list(parse(path=str(path), format=RDF[path.suffix], base_iri=path.as_uri()))
    graph = Graph(quads)
    sets = graph.inverse(NamedNode(RS + "ResultSet"), TYPE)
    if not sets:
        return _canonical(Quad(q.subject, q.predicate, q.object) for q in quads)
    said = graph.value(sets[0], NamedNode(RS + "boolean"))
    if said is not None:
        return said.value == "true"
    rows = []
    for solution in graph.values(sets[0], NamedNode(RS + "solution")):
        bindings = graph.values(solution, NamedNode(RS + "binding"))
        rows.append(
            {
                graph.value(b, NamedNode(RS + "variable")).value: graph.value(
                    b, NamedNode(RS + "value")
                )
                for b in bindings
            }
        )
    return _rows(rows)


def _read(found: Any) -> Any:
    if isinstance(found, QueryBoolean):
        return bool(found)
    if isinstance(found, QuerySolutions):
        names = [v.value for v in found.variables]
        return _rows([{n: row[n] for n in names if row[n] is not None} for row in found])
    return _canonical(Quad(t.subject, t.predicate, t.object) for t in found)


def _rows(rows: list[dict[str, Any]]) -> Any:
    """Rows as a bag; where nodes have no name, as a graph with canonical names."""
    if not any(isinstance(term, BlankNode) for row in rows for term in row.values()):
        return Counter(frozenset((n, str(_kept(t))) for n, t in row.items()) for row in rows)
    quads = []
    for row in rows:
        node = BlankNode()
        quads += [Quad(node, NamedNode(f"urn:var:{n}"), term) for n, term in row.items()]
        quads.append(Quad(node, TYPE, Literal("row")))
    return _canonical(quads)


@lru_cache(maxsize=4096)
def _kept(term: Any) -> Any:
    """A term as the engine keeps it: ``"01"^^xsd:integer`` is 1."""
    store = Store()
    store.add(Quad(TYPE, TYPE, term))
    return next(iter(store)).object


def _canonical(quads: Any) -> set[str]:
    data = Dataset(Quad(q.subject, q.predicate, _kept(q.object)) for q in quads)
    data.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(map(str, data))
