"""Cut the two slices of a day: what certainly holds on it, and what possibly does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Quad, Store

from csto.reason.engine import Engine, Step, Timing, written_by
from csto.rules.rule import Rule
from csto.vocabulary import ASSERTED, CERTAIN, INFERRED, ONTOLOGY, POSSIBLE, XSD_DATE, csto


class Reasoning(Protocol):
    """What cutting a slice needs of the graph it is cut from."""

    @property
    def rules(self) -> list[Rule]: ...
    @property
    def axioms(self) -> list[Rule]: ...
    @property
    def timings(self) -> dict[str, Timing]: ...
    @property
    def rounds(self) -> int: ...
    @property
    def reasoner(self) -> str: ...


_TIMELESS = (ONTOLOGY, ASSERTED, INFERRED)


def cut(
    store: Store, day: str, graphs: tuple[NamedNode, NamedNode], dataset: Reasoning
) -> tuple[list[Step], int]:
    """Fill the certain and the possible slice of a day.

    Args:
        store: holds the complete timeless graphs; receives the slices.
        day: ``YYYY-MM-DD``.
        graphs: of the certain and of the possible slice.
        dataset: gives rules, axioms and the round to count on from.

    Returns:
        What was added, and the last round.
    """
    engine = Engine(store, round=dataset.rounds, timings=dataset.timings)
    for graph, certainty in zip(graphs, (CERTAIN, POSSIBLE), strict=True):
        store.extend(
            [
                Quad(graph, csto("day"), Literal(day, datatype=XSD_DATE), graph),
                Quad(graph, csto("certainty"), certainty, graph),
            ]
        )
    steps = _both(engine, (r for r in dataset.rules if r.stratum == "slice"), graphs)
    for graph in graphs:
        if dataset.reasoner == "owlrl":
            from csto.reason.owlrl import owlrl_step  # brings rdflib

            if step := owlrl_step(store, dataset.axioms, steps, graph, _TIMELESS, engine.round + 1):
                steps.append(step)
                engine.round += 1
            continue
        # Everything timeless is closed already: only what a slice adds can wake an axiom.
        added = {signature for s in steps if s.graph == graph for signature in written_by(s)}
        steps += engine.run(dataset.axioms, graph, _TIMELESS, changed=added)
    steps += _both(engine, (r for r in dataset.rules if r.stratum == "dated"), graphs)
    return steps, engine.round


def draw_dated(
    store: Store, graphs: tuple[NamedNode, NamedNode], dataset: Reasoning
) -> tuple[list[Step], int]:
    """Run the dated rules on slices that have gained something, with the results of :func:`cut`."""
    engine = Engine(store, round=dataset.rounds, timings=dataset.timings)
    steps = _both(engine, (r for r in dataset.rules if r.stratum == "dated"), graphs)
    return steps, engine.round


def _both(engine: Engine, rules: Iterable[Rule], graphs: Sequence[NamedNode]) -> list[Step]:
    """Run rules on the slices of a day, number by number.

    Rules of one number run on both slices before those of the next, since what
    they negate is looked for in the other slice and must be complete there.
    """
    steps: list[Step] = []
    for _, group in groupby(rules, key=lambda rule: rule.number):
        batch = list(group)
        for own, other in zip(graphs, reversed(graphs), strict=True):
            steps += engine.run(batch, own, _TIMELESS, against=[*_TIMELESS, other])
    return steps
