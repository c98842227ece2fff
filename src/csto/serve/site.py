"""What a worker can do: the jobs, over one dataset."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from pyoxigraph import NamedNode, Store

from csto.graph.dataset import TIMELESS, Dataset
from csto.load.edtf import parse_day
from csto.publish.pages.make import Pages
from csto.publish.pages.page import Live, Place
from csto.serve.media import Media, by_key, negotiate
from csto.serve.reply import RefusalError
from csto.sparql.saved import SavedQuery, saved_queries
from csto.vocabulary import (
    ASSERTED,
    BASE,
    CERTAIN,
    OPEN,
    POSSIBLE,
    RDF_TYPE,
    RDFS_LABEL,
    WELL_KNOWN,
    slice_graph,
)

Graphs = tuple[list[NamedNode], list[NamedNode]]


class Site:
    """One dataset as a web site.

    Args:
        dataset: the graph.
        rows: the most rows or triples of one answer.
        on: the day of a request that names none; ``None`` for the last day of the graph.
        draws: whether there is memory for pictures.
    """

    def __init__(self, dataset: Dataset, rows: int, on: str | None, draws: bool = True) -> None:
        self.dataset = dataset
        self.rows = rows
        self.on = on
        self.draws = draws
        # Days that have been asked for; their slices take room.
        self.days: set[str] = set()

    @property
    def store(self) -> Store:
        return self.dataset.store

    @cached_property
    def pages(self) -> Pages:
        """The pages that the static site has as well."""
        extra = ["sparql", "data/atlas.js"]
        return Pages(Place(self.dataset, self.dataset), (), extra)

    def live(self, root: str, on: str | None, day: str | None = None) -> Live:
        """A page below ``root`` whose links keep the day that was asked for."""
        return Live(self.pages.place, on, day, root, self.pages.terms)

    @cached_property
    def saved(self) -> dict[str, SavedQuery]:
        """The saved queries by name."""
        return {query.name: query for query in saved_queries(self.dataset.workspace)}

    @cached_property
    def prefixes(self) -> dict[str, str]:
        return {**self.dataset.prefixes, **WELL_KNOWN}

    @cached_property
    def kinds(self) -> dict[str, list[NamedNode]]:
        """The labelled things by kind of IRI, without hyphens as in prefixes; by IRI."""
        found: dict[str, set[NamedNode]] = {}
        for quad in self.store.quads_for_pattern(None, RDFS_LABEL, None, ASSERTED):
            node = quad.subject
            if isinstance(node, NamedNode) and (kind := self.kind_of(node)):
                found.setdefault(kind.replace("-", ""), set()).add(node)
        return {kind: sorted(nodes, key=str) for kind, nodes in sorted(found.items())}

    def kind_of(self, node: NamedNode) -> str:
        """The kind of a thing as its IRI has it, ``party-status``; else the name of its class."""
        for layer in self.dataset.workspace.layers:
            base = layer.manifest.base
            if not base or not node.value.startswith(base):
                continue
            kind, slash, slug = node.value[len(base) :].partition("/")
            if slash and slug and kind != "source":
                return kind
            types = self.store.quads_for_pattern(node, RDF_TYPE, None, ASSERTED)
            names = sorted(getattr(quad.object, "value", "") for quad in types)
            return "" if slash or not names else re.split("[/#]", names[0])[-1].lower()
        return ""

    def asked_day(self, on: str | None) -> str | None:
        """The day that a request names, or the server was started with."""
        day = parse_day(on.strip()) if on and on.strip() else self.on
        if day is not None:
            self.days.add(day)
        return day

    def day(self, on: str | None) -> str:
        """The day of an answer."""
        return self.asked_day(on) or self.dataset.cut_off

    def named_dataset(
        self, default: Sequence[str], named: Sequence[str], on: str | None
    ) -> tuple[str, Graphs | None]:
        """Day and graphs of a request that may name graphs of its own.

        Raises:
            RefusalError: if they are not graphs of this endpoint, or slices of several days.
        """
        if not default and not named:
            return self.day(on), None
        days = set()
        for name in (*default, *named):
            if name in {graph.value for graph in TIMELESS}:
                continue
            day, _, certainty = name.removeprefix(BASE + "slice/").partition("/")
            slices = {slice_graph(day, c).value for c in (CERTAIN, POSSIBLE, OPEN)}
            if not name.startswith(BASE + "slice/") or not certainty or name not in slices:
                raise RefusalError(
                    403, f"{name} is no graph of this endpoint; its description lists the graphs"
                )
            days.add(parse_day(day))
        if on and on.strip():
            days.add(parse_day(on.strip()))
        if len(days) > 1:
            raise RefusalError(
                403, f"slices of several days ({', '.join(sorted(days))}) cannot be joined"
            )
        day = self.day(days.pop() if days else on)
        return day, ([NamedNode(name) for name in default], [NamedNode(name) for name in named])


def choose(accept: str | None, key: str | None, offers: Sequence[Media]) -> Media:
    """How an answer is written: by ``?format=``, else by ``Accept``.

    Raises:
        RefusalError: if there is no such format.
    """
    kinds = list(dict.fromkeys(offer.key for offer in offers))
    if key:
        found = by_key(key, offers)
        if found is None:
            raise RefusalError(400, f"no format {key} for this; there are {', '.join(kinds)}")
        return found
    chosen = negotiate(accept, offers)
    if chosen is None:
        types = ", ".join(dict.fromkeys(offer.type for offer in offers))
        raise RefusalError(406, f"there is no answer of type {accept}; there are {types}")
    return chosen
