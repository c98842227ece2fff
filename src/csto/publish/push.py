"""Lay the graphs of a workspace into a server, by SPARQL 1.1 Graph Store Protocol.

What is stated, the ontology, what follows, and the slices of some days each go into a
graph of their own. A graph is sent in batches of whole triples; the first replaces what
was there. Beside them a small graph, :data:`MANIFEST`, says which content each graph has
(a digest), so that an unchanged graph is not sent again and a push that was interrupted
goes on with the batch that is missing: sending a batch twice adds nothing, since blank nodes
are in the first one alone. Each graph is counted on the server at the end. Layers of imported
data that no command opens (``bulk/*.nt``) are sent from their files, without reading them whole.
"""

from __future__ import annotations

import hashlib
import re
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, NamedNode
from pyoxigraph import Dataset as RdfDataset

from csto.answer.endpoint import Server
from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.vocabulary import BASE

MANIFEST = NamedNode(BASE + "graph/pushed")
_DIGEST = "http://www.w3.org/2000/10/swap/crypto#sha256"
# Triples in one request, some 30 MB: with 10,000 Virtuoso takes up to 2.1 times as long as for
# one file sent whole, with this 1.0 to 1.35 times.
BATCH = 250_000

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
        " give --store URL; docs/guide/push.md has the addresses of known servers"
    )


def graph_of_layer(name: str) -> NamedNode:
    """The graph that the triples of an imported data set go into."""
    return NamedNode(f"{BASE}graph/record/{urllib.parse.quote(name)}")


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
        digest = hashlib.sha256(b"".join(lines)).hexdigest()
        parts = _parts(lines, batch)

        def again(parts: list[list[bytes]] = parts) -> list[list[bytes]]:
            return parts

        yield _lay(server, store, held, Load(graph, len(lines), digest, again), say)


def push_file(
    path: Path, graph: NamedNode, server: Server, store: str, say: Callable[[str], None], batch: int
) -> Pushed:
    """Send a file of N-Triples without blank nodes, part by part.

    Raises:
        InputError: if the server refuses, or counts other triples than were sent.
    """
    digest, count = hashlib.sha256(), 0
    with path.open("rb") as file:
        last = b"\n"
        while block := file.read(2**20):
            digest.update(block)
            count += block.count(b"\n")
            last = block[-1:]
        count += last != b"\n"

    def parts() -> Iterator[list[bytes]]:
        with path.open("rb") as file:
            while part := list(islice(file, batch)):
                yield part

    load = Load(graph, count, digest.hexdigest(), parts)
    return _lay(server, store, _manifest(server), load, say)


@dataclass
class Load:
    """What one graph shall hold: how many triples, their digest, and the parts to send.

    ``parts`` gives the lines of each part, anew each time.
    """

    graph: NamedNode
    triples: int
    digest: str
    parts: Callable[[], Iterable[list[bytes]]]


def _lay(
    server: Server, store: str, held: dict[str, str], load: Load, say: Callable[[str], None]
) -> Pushed:
    graph, name = load.graph, load.graph.value
    there = server.count(graph)
    if held.get(name) == load.digest and there == load.triples:
        return Pushed(graph, load.triples, 0)
    # Of a push that broke off, whole batches are there; of the next one perhaps a part.
    keep = there if held.get(name) == f"began {load.digest}" else 0
    held[name] = f"began {load.digest}"
    _keep_manifest(server, store, held)
    sent = _send_parts(server, store, load, keep, say)
    there = server.count(graph)
    if keep and there != load.triples:
        # A server that was killed can have lost some of what it had said to hold.
        say(f"{name}: triples are missing of what was there; all of it is sent again")
        sent += _send_parts(server, store, load, 0, say)
        there = server.count(graph)
    if there != load.triples:
        raise InputError(
            f"{server.url}: {name} has {there} triples where {load.triples} were sent;"
            " push again, and see docs/guide/push.md if it stays so"
        )
    held[name] = load.digest
    _keep_manifest(server, store, held)
    return Pushed(graph, load.triples, sent)


def _send_parts(
    server: Server, store: str, load: Load, keep: int, say: Callable[[str], None]
) -> int:
    """Send what comes after so many triples, in whole parts; how many were sent."""
    done = sent = 0
    for number, part in enumerate(load.parts()):
        if done + len(part) > keep:
            whole = load.triples == len(part)
            _send(server, "POST" if number else "PUT", store, load.graph, part, whole)
            sent += len(part)
        done += len(part)
        if load.triples > len(part):
            say(f"{load.graph.value}: {done} of {load.triples} triples")
    return sent


def _lines(dataset: Dataset, graph: NamedNode) -> list[bytes]:
    """The triples of a graph as lines; those with blank nodes first, so that one batch has them."""
    whole = RdfDataset(dataset.store.quads_for_pattern(None, None, None, graph))
    # Blank nodes (of OWL syntax) get the same names each time, or the digest would differ.
    whole.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    blank: list[str] = []
    plain: list[str] = []
    for quad in whole:
        has_blank = isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
        (blank if has_blank else plain).append(f"{quad.triple} .\n")
    return [line.encode() for line in sorted(blank) + sorted(plain)]


def _parts(lines: list[bytes], batch: int) -> list[list[bytes]]:
    blank = sum(1 for line in lines if line.startswith(b"_:") or b" _:" in line)
    first = max(batch, blank)
    rest = range(first, len(lines), batch)
    return [lines[:first], *(lines[start : start + batch] for start in rest)]


def _send(
    server: Server, method: str, store: str, graph: NamedNode, lines: list[bytes], whole: bool
) -> None:
    asked = {"graph": graph.value}
    if not whole and server.name.startswith("oxigraph"):
        # It keeps a whole request as one transaction, which takes up to ten times as long. Of a
        # request that breaks off it then holds some triples, and the part is sent again; what
        # is one part alone is there whole or not at all.
        asked["no_transaction"] = ""
    mark = "&" if "?" in store else "?"
    url = f"{store}{mark}{urllib.parse.urlencode(asked)}"
    headers = {"Content-Type": "application/n-triples; charset=utf-8"}
    server.send(method, url, b"".join(lines), headers)


def _manifest(server: Server) -> dict[str, str]:
    rows: Any = server.query(
        f"SELECT ?graph ?digest WHERE {{ ?graph <{_DIGEST}> ?digest }}", [MANIFEST]
    )
    return {row["graph"].value: row["digest"].value for row in rows}


def _keep_manifest(server: Server, store: str, held: dict[str, str]) -> None:
    lines = [f'<{graph}> <{_DIGEST}> "{digest}" .\n' for graph, digest in sorted(held.items())]
    _send(server, "PUT", store, MANIFEST, [line.encode() for line in lines], whole=True)
