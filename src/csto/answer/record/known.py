"""Things of a workspace by the codes that data sets know them by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from csto.errors import InputError
from csto.load.record.run import Known
from csto.vocabulary import csto

if TYPE_CHECKING:
    from csto.graph.dataset import Dataset

_CODES = {
    "state": "cowCode",
    "organization": "cowIgoNumber",
    "alliance": "atopId",
    "body": "abbreviation",
}


def known_things(dataset: Dataset) -> list[Known]:
    """All things with a code, in a fixed order."""
    found = [
        Known(kind, quad.object.value, quad.subject.value)
        for kind, local in _CODES.items()
        for quad in dataset.store.quads_for_pattern(None, csto(local), None)
        if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode)
    ]
    return sorted(found, key=lambda known: (known.kind, known.code, known.iri))


def cow_number(dataset: Dataset, state: NamedNode) -> int:
    """The COW number of a state.

    Raises:
        InputError: if it has none.
    """
    for quad in dataset.store.quads_for_pattern(state, csto("cowCode"), None):
        if isinstance(quad.object, Literal):
            return int(quad.object.value)
    raise InputError(f"{dataset.things.label(state)} has no number of the Correlates of War")


def short_name(dataset: Dataset, node: NamedNode) -> str:
    """The abbreviation of an organization, else its label."""
    for quad in dataset.store.quads_for_pattern(node, csto("abbreviation"), None):
        if isinstance(quad.object, Literal):
            return quad.object.value
    return dataset.things.label(node)
