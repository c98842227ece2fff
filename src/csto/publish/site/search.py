"""What the search of a site looks through: labels, other names and propositions."""

from __future__ import annotations

from typing import Any

from pyoxigraph import Literal, NamedNode

from csto.publish.pages.page import Page
from csto.publish.pages.thing import Things
from csto.vocabulary import ASSERTED, ONTOLOGY, RDFS_LABEL, SKOS, csto


def entries(things: Things, page: Page) -> list[list[Any]]:
    """Address, label, kind, other words, and the weight of the kind (1 comes first)."""
    place, reader = things.place, things.reader
    store = place.read.store
    spoken = [
        NamedNode(SKOS + "altLabel"),
        csto("abbreviation"),
        csto("symbol"),
        csto("proposition"),
    ]
    words: dict[Any, dict[str, None]] = {}
    for predicate in (RDFS_LABEL, *spoken):
        for graph in (ASSERTED, ONTOLOGY):
            for quad in store.quads_for_pattern(None, predicate, None, graph):
                if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                    words.setdefault(quad.subject, {})[quad.object.value] = None
    weights = {
        quad.subject: int(quad.object.value)
        for quad in store.quads_for_pattern(None, csto("weight"), None, ONTOLOGY)
        if isinstance(quad.object, Literal)
    }
    found = []
    for node in sorted(words, key=str):
        if node in place.told_with:
            continue
        href = page.local(node.value)
        if not href or href.startswith("http"):
            continue
        label = place.label(node)
        classes = things.classes(node)
        kind = ", ".join(place.label(c) for c in classes[:1])
        others = "; ".join(word for word in words[node] if word != label)
        weight = min((weights[c] for c in reader.objects(node, _TYPE) if c in weights), default=9)
        found.append([href, label, kind, others, weight])
    return found


_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
