"""Lay the graphs of a workspace into a server, by SPARQL 1.1 Graph Store Protocol.

What is stated, the ontology, what follows, and the slices of some days each go into a
graph of their own. A graph is sent in batches of whole triples; the first replaces what
was there. Beside them a small graph, :data:`MANIFEST`, says which content each graph has
(a digest), so that an unchanged graph is not sent again and a push that was interrupted
goes on with the batch that is missing. Each graph is counted on the server at the end.
"""

from __future__ import annotations

import hashlib
import re
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, NamedNode
from pyoxigraph import Dataset as RdfDataset

from csto.answer.endpoint import Server
from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.vocabulary import BASE

MANIFEST = NamedNode(BASE + "graph/pushed")
_DIGEST = "http://www.w3.org/2000/10/swap/crypto#sha256"
# Triples in one request: some servers hold a request in memory, or limit its length.
BATCH = 10_000

# Where servers have their graph store, by what they call themselves: the end of the query
# address, and what stands in its place.
_STORES: dict[str, tuple[tuple[str, str], ...]] = {
    "oxigraph": ((r"/query/?$", "/store"),),
    "virtuoso": ((r"/sparql(-auth)?/?$", "/sparql-graph-crud-auth"),),
    "apache jena fuseki": ((r"/(query|sparql)/?$", "/data"),),
    "graphdb": ((r"(/repositories/[^/]+)/?$", r"\1/rdf-graphs/service"),),
    "rdf4j": ((r"(/repositories/[^/]+)/?$", r"\1/rdf-graphs/service"),),
}


@dataclass(frozen=True)
class Pushed:
    """What became of one graph: its triples, and how many were sent now."""

    graph: NamedNode
    triples: int
    sent: int


def find_store(server: Server) -> str:
    """Address of the graph store of a server, by its name and the address of its queries.

    Raises:
        InputError: if it is no server that is known.
    """
    ask = urllib.parse.urlencode({"query": "ASK {}"})
    name = server.send(
        "GET", f"{server.url}?{ask}", None, {"Accept": "application/sparql-results+json"}
    ).server
    for known, places in _STORES.items():
        if name.lower().startswith(known):
            for ending, place in places:
                if re.search(ending, server.url):
                    return re.sub(ending, place, server.url)
    raise InputError(
        f"{server.url}: where is the graph store of this server ({name or 'it gives no name'})?"
        " give --store URL; docs/engines.md has the addresses of known servers"
    )


def push(
    dataset: Dataset,
    server: Server,
    store: str,
    days: Iterable[str],
    say: Callable[[str], None],
    batch: int = BATCH,
) -> Iterator[Pushed]:
    """Send the timeless graphs and the slices of some days; one result for each graph.

    Raises:
        InputError: if the server refuses, or counts other triples than were sent.
    """
    dataset.make_asked()
    slices = []
    for day in days:
        default, wider = dataset.view(day)
        slices += [default[-1], *wider]
    held = _manifest(server)
    for graph in (*TIMELESS, *slices):
        lines = _lines(dataset, graph)
        digest = hashlib.sha256("".join(lines).encode()).hexdigest()
        parts = _parts(lines, batch)
        there = server.count(graph)
        if held.get(graph.value) == digest and there == len(lines):
            yield Pushed(graph, len(lines), 0)
            continue
        first = _first_missing(parts, there) if held.get(graph.value) == f"began {digest}" else 0
        held[graph.value] = f"began {digest}"
        _keep_manifest(server, store, held)
        done = sum(map(len, parts[:first]))
        for number, part in enumerate(parts[first:], first):
            _send(server, "POST" if number else "PUT", store, graph, part)
            done += len(part)
            if len(parts) > 1:
                say(f"{graph.value}: {done} of {len(lines)} triples")
        there = server.count(graph)
        if there != len(lines):
            raise InputError(
                f"{server.url}: {graph.value} has {there} triples where {len(lines)} were sent;"
                " push again, and see docs/engines.md if it stays so"
            )
        held[graph.value] = digest
        _keep_manifest(server, store, held)
        yield Pushed(graph, len(lines), len(lines) - sum(map(len, parts[:first])))


def _lines(dataset: Dataset, graph: NamedNode) -> list[str]:
    """The triples of a graph as lines; those with blank nodes first, so that one batch has them."""
    whole = RdfDataset(dataset.store.quads_for_pattern(None, None, None, graph))
    # Blank nodes (of OWL syntax) get the same names each time, or the digest would differ.
    whole.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    blank: list[str] = []
    plain: list[str] = []
    for quad in whole:
        has_blank = isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
        (blank if has_blank else plain).append(f"{quad.triple} .\n")
    return sorted(blank) + sorted(plain)


def _parts(lines: list[str], batch: int) -> list[list[str]]:
    blank = sum(1 for line in lines if line.startswith("_:") or " _:" in line)
    first = max(batch, blank)
    rest = range(first, len(lines), batch)
    return [lines[:first], *(lines[start : start + batch] for start in rest)]


def _first_missing(parts: list[list[str]], there: int) -> int:
    """The batch to go on with, if the server holds some whole batches; else all over again."""
    total = 0
    for number, part in enumerate(parts):
        if total == there:
            return number
        total += len(part)
    return 0


def _send(server: Server, method: str, store: str, graph: NamedNode, lines: list[str]) -> None:
    mark = "&" if "?" in store else "?"
    url = f"{store}{mark}{urllib.parse.urlencode({'graph': graph.value})}"
    # N-Triples is Turtle too, and every server reads Turtle.
    headers = {"Content-Type": "text/turtle; charset=utf-8"}
    server.send(method, url, "".join(lines).encode(), headers)


def _manifest(server: Server) -> dict[str, str]:
    rows: Any = server.query(
        f"SELECT ?graph ?digest WHERE {{ ?graph <{_DIGEST}> ?digest }}", [MANIFEST]
    )
    return {row["graph"].value: row["digest"].value for row in rows}


def _keep_manifest(server: Server, store: str, held: dict[str, str]) -> None:
    lines = [f'<{graph}> <{_DIGEST}> "{digest}" .\n' for graph, digest in sorted(held.items())]
    _send(server, "PUT", store, MANIFEST, lines)
