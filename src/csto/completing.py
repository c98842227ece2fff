"""Complete the timeless graphs of a workspace: load, close under the axioms, run the rules."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from pathlib import Path

from csto import cache
from csto.dataset import Dataset
from csto.engine import Engine, Step
from csto.load import declared_prefixes, load_workspace
from csto.names import ASSERTED, INFERRED, ONTOLOGY
from csto.owl import compile_axioms
from csto.rulejson import read_rules, to_item
from csto.rules import Rule, load_rules
from csto.steps import write_steps
from csto.things import index_names
from csto.workspace import Workspace

# Seconds after which a wait is worth a word, if somebody is looking.
_MOMENT = 0.7


def complete(workspace: Workspace, files: Sequence[Path], key: str, cached: bool) -> Dataset:
    """Make a dataset anew, and keep it in the cache if ``cached``.

    Raises:
        InputError: see :func:`csto.dataset.build`.
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
    return Dataset(workspace, key, store, meta, entry, made, steps, files)


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
