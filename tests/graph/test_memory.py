"""The graphs in memory are read as the store is."""

from __future__ import annotations

from pyoxigraph import NamedNode, Quad, Store

from csto.graph.memory import Memory

ONE, OTHER = NamedNode("http://e/graph/1"), NamedNode("http://e/graph/2")
A, B, P, Q = (NamedNode(f"http://e/{name}") for name in "abpq")


def test_each_pattern_has_the_quads_of_the_store() -> None:
    store = Store()
    quads = [Quad(A, P, B, ONE), Quad(A, Q, B, ONE), Quad(B, P, A, ONE), Quad(A, P, A, OTHER)]
    store.extend(quads)
    memory = Memory(store, [ONE])
    for subject in (None, A, B):
        for predicate in (None, P, Q):
            for thing in (None, A, B):
                asked = (subject, predicate, thing, ONE)
                found = [tuple(read) for read in memory.quads_for_pattern(*asked)]
                there = [tuple(quad) for quad in store.quads_for_pattern(*asked)]
                assert sorted(map(str, found)) == sorted(map(str, there)), asked
    # A graph that was not read is not there.
    assert not list(memory.quads_for_pattern(None, None, None, OTHER))
    (read,) = memory.quads_for_pattern(A, Q, None, ONE)
    assert read.triple == quads[1].triple
