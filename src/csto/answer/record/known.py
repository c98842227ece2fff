"""Things of a workspace by the codes that data sets know them by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from csto.errors import InputError
from csto.graph.reader import Reader
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
    found = []
    for kind, local in _CODES.items():
        for quad in dataset.store.quads_for_pattern(None, csto(local), None):
            thing, code = quad.subject, quad.object
            if isinstance(code, Literal) and isinstance(thing, NamedNode):
                body = kind == "alliance" and dataset.things.is_of(thing, ("body",))
                since = _founded(dataset, thing) if kind == "alliance" else ""
                found.append(
                    Known(f"{kind}-body" if body else kind, code.value, thing.value, since)
                )
    return sorted(found, key=lambda known: (known.kind, known.code, known.iri))


def _founded(dataset: Dataset, node: NamedNode) -> str:
    """The first day on which a thing can have been founded; empty if no act is told."""
    reader = Reader(dataset)
    days = [
        day.value
        for act in reader.objects(node, csto("establishedBy"))
        for day in reader.objects(act, csto("earliest"))
    ]
    return min(days, default="")


def code_of(dataset: Dataset, node: object, local: str) -> str | None:
    """The code of a thing, such as its ``cowCode``; ``None`` if it has none."""
    for quad in dataset.store.quads_for_pattern(node, csto(local), None):  # type: ignore[arg-type]
        if isinstance(quad.object, Literal):
            return quad.object.value
    return None


def cow_number(dataset: Dataset, state: NamedNode) -> int:
    """The COW number of a state.

    Raises:
        InputError: if it has none.
    """
    code = code_of(dataset, state, "cowCode")
    if code is None:
        raise InputError(f"{dataset.things.label(state)} has no number of the Correlates of War")
    return int(code)
