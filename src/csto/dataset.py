"""The graphs of a workspace, with what follows from them, and slices at a date.

One way only: load → OWL RL → rules by number → slice at a date → OWL RL on the
slice → dated rules. Asserted, inferred and sliced triples lie in graphs of their
own. A query sees the ontology, the asserted and inferred graphs and the certain
slice of its date; the possible slice is there under ``GRAPH``. Nothing ever reads
a union of slices, which would make timeless nonsense of dated relations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Store

from csto import cache
from csto.engine import Engine, Step, Timing, written_by
from csto.load import declared_prefixes, load_workspace
from csto.names import (
    ASSERTED,
    CERTAIN,
    INFERRED,
    ONTOLOGY,
    POSSIBLE,
    XSD_DATE,
    csto,
    slice_graph,
)
from csto.owl import compile_axioms
from csto.rules import Rule, Signature, load_rules
from csto.things import Things
from csto.workspace import Workspace

TIMELESS = (ONTOLOGY, ASSERTED, INFERRED)


@dataclass
class Dataset:
    """A store whose timeless graphs are complete, and which cuts slices on demand."""

    workspace: Workspace
    store: Store
    rules: list[Rule]
    axioms: list[Rule]
    steps: list[Step] = field(default_factory=list)
    timings: dict[str, Timing] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    key: str = ""
    # Rounds run so far: those of a slice go on from the timeless ones.
    rounds: int = 0
    _slices: set[str] = field(default_factory=set)

    @cached_property
    def things(self) -> Things:
        """The names of all things; read once, since every command needs them."""
        return Things(self.store)

    @property
    def cut_off(self) -> str:
        """The last day the graph speaks of, ``YYYY-MM-DD``."""
        days = [
            quad.object.value
            for quad in self.store.quads_for_pattern(None, csto("cutOff"), None, ASSERTED)
            if isinstance(quad.object, Literal)
        ]
        return max(days) if days else "9999-12-31"

    def cut(self, day: str) -> tuple[NamedNode, NamedNode]:
        """Make the slices of a day, if they are not there, and return their graphs."""
        graphs = slice_graph(day, CERTAIN), slice_graph(day, POSSIBLE)
        if day in self._slices:
            return graphs
        engine = Engine(self.store, round=self.rounds, timings=self.timings)
        sliced = [rule for rule in self.rules if rule.stratum == "slice"]
        dated = [rule for rule in self.rules if rule.stratum == "dated"]
        for graph, certainty in zip(graphs, (CERTAIN, POSSIBLE), strict=True):
            parameters = [
                Quad(graph, csto("day"), Literal(day, datatype=XSD_DATE), graph),
                Quad(graph, csto("certainty"), certainty, graph),
            ]
            self.store.extend(parameters)
        added = self._both(engine, sliced, graphs)
        for graph in graphs:
            # Everything timeless is closed already: only what a slice adds can wake an axiom.
            self.steps += engine.run(self.axioms, graph, TIMELESS, changed=added[graph])
        self._both(engine, dated, graphs)
        self.rounds = engine.round
        self._slices.add(day)
        return graphs

    def suppose(self, day: str, triples: Iterable[tuple[NamedNode, NamedNode, Any]]) -> None:
        """Add parameters to the slices of a day, beside its date, and draw what follows.

        What is supposed stands in the slices only and is proved as a parameter.
        """
        graphs = self.cut(day)
        added = list(triples)
        self.store.extend(Quad(s, p, o, graph) for graph in graphs for s, p, o in added)
        engine = Engine(self.store, round=self.rounds, timings=self.timings)
        self._both(engine, [rule for rule in self.rules if rule.stratum == "dated"], graphs)
        self.rounds = engine.round

    def _both(
        self, engine: Engine, rules: Iterable[Rule], graphs: Sequence[NamedNode]
    ) -> dict[NamedNode, set[Signature]]:
        """Run rules on the slices of a day, number by number, and return what each gained.

        Rules of one number run on both slices before those of the next, since what
        they negate is looked for in the other slice and must be complete there.
        """
        added: dict[NamedNode, set[Signature]] = {graph: set() for graph in graphs}
        for _, group in groupby(rules, key=lambda rule: rule.number):
            batch = list(group)
            for own, other in zip(graphs, reversed(graphs), strict=True):
                for step in engine.run(batch, own, TIMELESS, against=[*TIMELESS, other]):
                    added[own] |= written_by(step)
                    self.steps.append(step)
        return added

    def view(self, day: str) -> tuple[list[NamedNode], list[NamedNode]]:
        """Default and named graphs of a query at a day."""
        certain, possible = self.cut(day)
        return [*TIMELESS, certain], [possible]


def build(
    workspace: Workspace, graph_files: Iterable[Path] | None = None, *, cached: bool = True
) -> Dataset:
    """Load a workspace and complete its timeless graphs, or take them from the cache.

    Args:
        workspace: where ontology, rules and graph are.
        graph_files: files to take as the asserted graph in place of ``graph/``.
        cached: whether the cache is read and written.

    Raises:
        InputError: for a file that cannot be read, a rule outside the dialect or
            an axiom that is not covered.
    """
    files = workspace.graph_files() if graph_files is None else list(graph_files)
    key = cache.digest(workspace, files)
    if cached and (found := cache.read(key)):
        return Dataset(
            workspace,
            found.store,
            found.rules,
            found.axioms,
            key=key,
            prefixes=found.prefixes,
            rounds=found.rounds,
        )
    store = load_workspace(workspace, files)
    rules = load_rules(workspace.rule_files())
    axioms = compile_axioms(store)
    engine = Engine(store)
    timeless = [*axioms, *(rule for rule in rules if rule.stratum == "timeless")]
    steps = list(engine.run(timeless, INFERRED, (ONTOLOGY, ASSERTED)))
    prefixes = declared_prefixes(workspace)
    if cached:
        entry = cache.Entry(store, rules, axioms, prefixes, engine.round)
        cache.write(key, entry, write_steps(steps))
    return Dataset(
        workspace,
        store,
        rules,
        axioms,
        steps,
        engine.timings,
        prefixes=prefixes,
        key=key,
        rounds=engine.round,
    )


def write_steps(steps: Iterable[Step]) -> str:
    """Steps as text: a line for each step, then its triples."""
    lines = []
    for step in steps:
        lines.append(f"# {step.round} {step.rule.code}\t{step.rule.text!r}")
        lines += [str(triple) for triple in step.triples]
    return "\n".join(lines) + "\n"
