"""Lists of things: by kind, and which pages there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode

from csto.publish.pages.page import Link, Page, Place
from csto.vocabulary import ASSERTED, ONTOLOGY, RDF_TYPE, RDFS_LABEL, SKOS, shorten

_CONCEPTS = {NamedNode(SKOS + "Concept"), NamedNode(SKOS + "ConceptScheme")}


@dataclass
class Inventory:
    """The things of a place that have a page each, by path."""

    place: Place

    @cached_property
    def things(self) -> dict[str, NamedNode]:
        """Whatever the graph states something of, and the concepts; no parts of other things."""
        store = self.place.read.store
        found: dict[str, NamedNode] = {}
        for graph in (ASSERTED, ONTOLOGY):
            for quad in store.quads_for_pattern(None, RDF_TYPE, None, graph):
                node = quad.subject
                if not isinstance(node, NamedNode) or "#" in node.value:
                    continue
                if node in self.place.told_with:
                    continue
                if graph == ONTOLOGY and quad.object not in _CONCEPTS:
                    continue
                path = self.place.path(node.value)
                if "/" in path:
                    found[path] = node
        return dict(sorted(found.items()))

    @cached_property
    def folders(self) -> dict[str, list[NamedNode]]:
        """The labelled things of each folder, such as ``id/state/`` and ``source/``."""
        labelled = {
            quad.subject
            for graph in (ASSERTED, ONTOLOGY)
            for quad in self.place.read.store.quads_for_pattern(None, RDFS_LABEL, None, graph)
        }
        found: dict[str, list[NamedNode]] = defaultdict(list)
        for path, node in self.things.items():
            if node in labelled:
                found[path.rpartition("/")[0] + "/"].append(node)
        return dict(sorted(found.items()))

    def kinds(self, page: Page) -> list[tuple[str, str, int, list[Link]]]:
        """The kinds of things with their number and three examples."""
        return [
            (
                folder.strip("/").rpartition("/")[2].replace("-", " "),
                page.url("/" + folder),
                len(nodes),
                [page.link(node) for node in nodes[:3]],
            )
            for folder, nodes in self.folders.items()
            if "id/" in folder
        ]

    def entries(self, page: Page, folder: str) -> list[tuple[Link, str]]:
        """The things of a folder, by name."""
        nodes = self.folders[folder]
        found = [(page.link(node), shorten(node.value)) for node in nodes]
        return sorted(found, key=lambda entry: (entry[0].text.casefold(), entry[1]))
