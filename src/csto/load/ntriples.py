"""N-Triples, as Oxigraph writes it: one triple a line, with one blank between its terms."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, RdfFormat, Store


def triples_in(text: str) -> Iterator[list[str]]:
    """The subject, property and thing of each line."""
    # A literal may have other ends of lines in it.
    for line in text.split("\n"):
        if line:
            yield line[:-2].split(" ", 2)


def triples_of(store: Store, graph: NamedNode) -> Iterator[list[str]]:
    """The triples of one graph of a store, in the notation of N-Triples."""
    return triples_in((store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b"").decode())
