"""Complete the graphs of a workspace: load, run rules and axioms, keep what they made."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from csto.errors import CstoError
from csto.graph import cache
from csto.graph.dataset import Dataset
from csto.graph.digest import frame_of, key_of
from csto.graph.journal import spans_to_bytes, to_bytes
from csto.graph.lookup import index_names
from csto.graph.revise import facts_by_file, revised
from csto.load.files import declared_prefixes, load_workspace
from csto.load.ntriples import triples_of
from csto.load.workspace import Workspace
from csto.reason.evaluate import Evaluation, evaluate
from csto.reason.state import State
from csto.rules.axioms import compile_axioms
from csto.rules.program import program_of
from csto.rules.rule import load_rules
from csto.vocabulary import ASSERTED, INFERRED, NAMES, ONTOLOGY

# Triples that are turned into text together.
_AT_ONCE = 200_000


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
    if cached and (entry := cache.find(key) or revised(workspace, files, key)):

        def again() -> Dataset:
            return complete(workspace, files, key, cached=True)

        return Dataset(workspace, key, entry.store, entry.meta, entry, again=again)
    return complete(workspace, files, key, cached)


def complete(workspace: Workspace, files: Sequence[Path], key: str, cached: bool) -> Dataset:
    """Make a dataset anew, and keep it in the cache if ``cached``.

    Raises:
        InputError: see :func:`build`.
    """
    cache.tell("reading the files of the graph")
    store = load_workspace(workspace, files)
    loaded = load_rules(workspace.rule_files(), workspace.bases)
    ontology = list(triples_of(store, ONTOLOGY))
    rules = program_of([*loaded, *compile_axioms(ontology)])
    state = State(len(rules.widths))
    state.add(ontology)
    state.add(triples_of(store, ASSERTED))
    evaluation = evaluate(rules, state, _watch)
    cache.tell("putting the completed graph in its store")
    put_inferred(store, evaluation)
    index_names(store)
    asked = rules.asked
    alone = not any(rule.axiom for rule in asked.rules)
    meta = {
        "prefixes": declared_prefixes(workspace),
        "asked": {"terms": asked.terms, "classes": asked.classes, "alone": alone},
    }
    if cached:
        cache.soon(lambda: _keep_if_there(workspace, files, key, store, evaluation, meta))

    def again() -> Dataset:
        return complete(workspace, files, key, cached=True)

    return Dataset(workspace, key, store, meta, None, evaluation, again=again, keeps=cached)


def keep(
    workspace: Workspace,
    files: Sequence[Path],
    key: str,
    store: Store,
    evaluation: Evaluation,
    meta: dict[str, Any],
) -> None:
    """Keep a completed graph in the cache, unless a file has changed since it was read."""
    if not workspace.lent and list(files) == workspace.graph_files():
        facts, places = facts_by_file(files)
        if key_of(workspace, files) != key:
            return
        meta = {**meta, "frame": frame_of(workspace), "files": places}
    else:
        # Files from elsewhere may be gone by now, and lent ones are not edited one by one.
        facts = cache.quads_of(store, ASSERTED)
    layers = [NamedNode(layer.manifest.node) for layer in workspace.layers if workspace.lent]
    others = (*layers, ONTOLOGY, INFERRED, NAMES)
    # Made one after the other: together they are as much as the graph itself.
    texts: dict[str, Callable[[], Iterable[bytes]]] = {
        "graph.nq": lambda: chain([facts], (cache.quads_of(store, graph) for graph in others)),
        "journal": lambda: [to_bytes(evaluation)],
        "changes.nt": lambda: [],
        "spans": lambda: [spans_to_bytes(evaluation)],
    }
    cache.write(key, texts, meta)


def _keep_if_there(workspace: Workspace, files: Sequence[Path], *made: Any) -> None:
    """Keep a graph, if its files can still be read as they were."""
    with contextlib.suppress(OSError, CstoError):
        keep(workspace, files, *made)


def put_inferred(store: Store, evaluation: Evaluation) -> None:
    """Write what was inferred, whatever the day, to its graph."""
    spelt, made = evaluation.state.spelt, iter(evaluation.timeless())
    while some := list(islice(made, _AT_ONCE)):
        lines = "".join([f"{' '.join(spelt(triple))} .\n" for triple in some]).encode()
        if b"_:" in lines:
            # Loading gives blank nodes new names.
            triples = (quad.triple for quad in parse(input=lines, format=RdfFormat.N_TRIPLES))
            store.bulk_extend(Quad(t.subject, t.predicate, t.object, INFERRED) for t in triples)
        else:
            # Each IRI was checked when it was read or minted.
            store.load(input=lines, format=RdfFormat.N_TRIPLES, to_graph=INFERRED, lenient=True)


def _watch(done: int, total: int) -> None:
    if done % 50 == 1:
        part = f"{done} of {total} groups of rules"
        cache.tell(f"completing the graph, once until a file changes: {part}")
