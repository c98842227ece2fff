"""Complete the timeless graphs of a workspace: load, close under the axioms, run the rules."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from pathlib import Path

from csto.graph import cache
from csto.graph.dataset import Dataset
from csto.graph.digest import key_of
from csto.graph.lookup import index_names
from csto.graph.rule_store import read_rules, to_item
from csto.load.files import declared_prefixes, load_workspace
from csto.load.workspace import Workspace
from csto.reason.engine import Engine, Step
from csto.reason.journal import write_steps
from csto.rules.axioms import compile_axioms
from csto.rules.dialect import load_rules
from csto.rules.rule import Rule
from csto.vocabulary import ASSERTED, INFERRED, ONTOLOGY

# Seconds after which a wait is worth a word, if somebody is looking.
_MOMENT = 0.7


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
    key = key_of(workspace, files)
    if cached and (entry := cache.find(key)):

        def again() -> Dataset:
            return complete(workspace, files, key, cached=True)

        return Dataset(workspace, key, entry.store, entry.meta, entry, again=again)
    return complete(workspace, files, key, cached)


def complete(workspace: Workspace, files: Sequence[Path], key: str, cached: bool) -> Dataset:
    """Make a dataset anew, and keep it in the cache if ``cached``.

    Raises:
        InputError: see :func:`build`.
    """
    began = time.monotonic()
    store = load_workspace(workspace, files)
    rules = read_rules(workspace.rule_files()) if cached else load_rules(workspace.rule_files())
    axioms = compile_axioms(store)
    engine = Engine(store)
    timeless = [*axioms, *(rule for rule in rules if rule.stratum == "timeless")]
    run = engine.run(timeless, INFERRED, (ONTOLOGY, ASSERTED))
    steps = list(_shown(run, timeless, began))
    index_names(store)
    meta = {"prefixes": declared_prefixes(workspace), "rounds": engine.round}
    entry = None
    if cached:
        texts = {
            "steps.txt": write_steps(steps).encode(),
            "rules.json": json.dumps(
                {
                    "rules": [to_item(rule) for rule in rules],
                    "axioms": [to_item(rule) for rule in axioms],
                    "timings": {code: astuple(t) for code, t in engine.timings.items()},
                }
            ).encode(),
        }
        entry = cache.write(key, store, texts, meta)
    made = rules, axioms, engine.timings

    def again() -> Dataset:
        return complete(workspace, files, key, cached=True)

    return Dataset(workspace, key, store, meta, entry, made, steps, again=again)


def _shown(steps: Iterable[Step], rules: Sequence[Rule], began: float) -> Iterator[Step]:
    """Pass steps on, with a bar on a terminal once they have taken more than a moment."""
    if not sys.stderr.isatty():
        yield from steps
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    place = {rule.code: index for index, rule in enumerate(rules, 1)}
    columns = TextColumn("{task.description}"), BarColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(
            "Completing the graph, once until a file changes", total=len(rules), visible=False
        )
        for step in steps:
            bar.update(
                task, completed=place[step.rule.code], visible=time.monotonic() - began > _MOMENT
            )
            yield step
