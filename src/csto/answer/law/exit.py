"""The day on which a state could leave, had it given notice: a supposition, never a fact.

The supposition enters the slice of a day as parameters, the dated rules run again,
and a proof shows it as a leaf of its own. The graph is not changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from csto.answer.asked import rows as ask
from csto.answer.law.state import norm_parts, provisions
from csto.graph.dataset import Dataset
from csto.vocabulary import XSD_DATE, csto

COLUMNS = (
    "instrument",
    "provision",
    "notice",
    "time_limit",
    "earliest_exit",
    "before_that",
    "certainty",
    "passages",
)


@dataclass(frozen=True)
class Exit:
    """An earliest day of leaving under one norm, and the row that tells it."""

    node: NamedNode
    instrument: NamedNode
    day: Literal
    certainty: str
    row: tuple[str, ...]


def suppose_notice(dataset: Dataset, day: str, state: NamedNode, notice: str) -> NamedNode:
    """Put a notice of a state into the slices of a day and draw what follows."""
    slug = state.value.rsplit("/", 1)[-1]
    base = dataset.workspace.manifest.base
    node = NamedNode(f"{base}supposition/notice-{slug}-{notice}")
    dataset.suppose(
        day,
        [
            (node, csto("supposedNoticeOf"), state),
            (node, csto("supposedNoticeOn"), Literal(notice, datatype=XSD_DATE)),
        ],
    )
    return node


def exits(
    dataset: Dataset, day: str, state: NamedNode, only: NamedNode | None = None
) -> list[Exit]:
    """Earliest days of leaving that follow for a state, by instrument."""
    units = provisions(dataset, day)
    parts = norm_parts(dataset, day)
    return [
        Exit(
            NamedNode(row["exit"]),
            NamedNode(row["instrument"]),
            Literal(row["day"], datatype=XSD_DATE),
            row["certainty"],
            (
                *(row["label"], units[row["unit"]].cite, row["exit"][-10:]),
                parts[row["norm"]]["time_limit"],
                row["day"],
                parts[row["norm"]]["condition"],
                row["certainty"],
                parts[row["norm"]]["passages"],
            ),
        )
        for row in ask(dataset, "law/exits-on", day, state=state.value)
        if row["exit"] and (only is None or row["instrument"] == only.value)
    ]


def rows(found: list[Exit]) -> list[list[str]]:
    """Exits as rows of :data:`COLUMNS`."""
    return [list(exit.row) for exit in found]


def proofs(dataset: Dataset, day: str, found: list[Exit]) -> str:
    """The proofs of these days, one after the other."""
    from pyoxigraph import Triple

    from csto.answer.explain import Prover
    from csto.proof.formats import as_tree

    prover = Prover(dataset, day)
    text = ""
    for exit in found:
        triple = Triple(exit.node, csto("earliestExit"), exit.day)
        text += as_tree(prover.prove(triple, possibly=exit.certainty != "certain"))
    return text
