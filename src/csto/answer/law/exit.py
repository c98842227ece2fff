"""The day on which a state could leave, had it given notice: a supposition, never a fact.

The supposition enters the slice of a day as parameters, the dated rules run again,
and a proof shows it as a leaf of its own. The graph is not changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from csto.answer.law.state import read_provision
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader
from csto.vocabulary import XSD_DATE, csto

COLUMNS = (
    "instrument",
    "provision",
    "notice",
    "time_limit",
    "earliest_exit",
    "before_that",
    "certainty",
)


@dataclass(frozen=True)
class Exit:
    """An earliest day of leaving under one norm."""

    node: NamedNode
    norm: NamedNode
    instrument: NamedNode
    day: Any
    certainty: str


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
    certain, possible = dataset.cut(day)
    read = Reader(dataset, [certain, possible])
    found = []
    for node in read.subjects(csto("exitOf"), state):
        for instrument in read.objects(node, "exitFrom"):
            if only is not None and instrument != only:
                continue
            (norm, *_) = read.objects(node, "exitUnder")
            for when in read.objects(node, "earliestExit"):
                sure = Quad(node, csto("earliestExit"), when, certain) in dataset.store
                found.append(Exit(node, norm, instrument, when, "certain" if sure else "possible"))
    return sorted(found, key=lambda exit: (exit.instrument.value, exit.norm.value))


def rows(dataset: Dataset, found: list[Exit]) -> list[list[str]]:
    """Exits as rows of :data:`COLUMNS`."""
    read = Reader(dataset)
    listed = []
    for exit in found:
        (place, *_) = read.objects(exit.norm, "standsIn")
        listed.append(
            [
                read.show(exit.instrument),
                read_provision(read, place).cite,
                exit.node.value[-10:],
                read.text(exit.norm, "timeLimit"),
                exit.day.value,
                read.text(exit.norm, "condition"),
                exit.certainty,
            ]
        )
    return listed


def proofs(dataset: Dataset, day: str, found: list[Exit]) -> str:
    """The proofs of these days, one after the other."""
    from pyoxigraph import Triple

    from csto.answer.explain import WRITERS, Prover

    prover = Prover(dataset, day)
    text = ""
    for exit in found:
        triple = Triple(exit.node, csto("earliestExit"), exit.day)
        text += WRITERS["tree"](prover.prove(triple, possibly=exit.certainty != "certain"))
    return text
