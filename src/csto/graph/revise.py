"""A graph of which only what no rule reads has changed is made from the one that is kept.

Whoever corrects a label or a note changes nothing that follows. So the kept graph is
taken over, with its facts changed; its files are shared where they stay the same. What a
rule reads, negates or could make itself is never changed this way.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from csto.graph import cache
from csto.graph.dataset import TIMELESS
from csto.graph.digest import frame_of, prints_of
from csto.graph.lookup import named
from csto.load.files import declared_prefixes, load_file
from csto.load.ntriples import triples_of
from csto.load.workspace import Workspace
from csto.rules.axioms import compile_axioms
from csto.rules.rule import Rule, load_rules, meet
from csto.sparql.dialect import is_variable
from csto.vocabulary import ASSERTED, NAMES, ONTOLOGY

# More changed files than these are read anew with all others.
_FEW = 8


def facts_by_file(files: Sequence[Path]) -> tuple[bytes, dict[str, Any]]:
    """The facts of all files as N-Quads, and for each file its digest and where its facts stand."""
    prints = prints_of(files)
    parts: list[bytes] = []
    places: dict[str, Any] = {}
    at = 0
    for path, (name, digest) in zip(files, prints.items(), strict=True):
        part = _facts(path)
        places[name] = [digest, at, at + len(part)]
        at += len(part)
        parts.append(part)
    return b"".join(parts), places


def _facts(path: Path) -> bytes:
    store = Store()
    load_file(store, path, ASSERTED)
    return cache.quads_of(store, ASSERTED)


def revised(workspace: Workspace, files: Sequence[Path], key: str) -> cache.Entry | None:
    """An entry for a graph that differs from a kept one in what no rule reads; ``None`` if none is.

    Raises:
        InputError: for a file that cannot be read.
    """
    if workspace.lent or list(files) != workspace.graph_files():
        return None
    kept = _likest(workspace, files)
    entry = cache.find(kept[0]) if kept else None
    if kept is None or entry is None:
        return None
    prints = kept[1]
    places = entry.meta["files"]
    quads = entry.quads()
    new = {f: _facts(Path(f)) for f, digest in prints.items() if places[f][0] != digest}
    lines: dict[bytes, int] = {}
    for file, text in new.items():
        _, begin, end = places[file]
        before, after = set(quads[begin:end].splitlines()), set(text.splitlines())
        for line in before - after:
            lines[line] = lines.get(line, 0) - 1
        for line in after - before:
            lines[line] = lines.get(line, 0) + 1
    if any(b"_:" in line for line in lines):
        return None
    facts_end = max(end for _, _, end in places.values())
    facts = quads[:facts_end]
    added, removed = [], []
    for line, difference in lines.items():
        count = (b"\n" + facts).count(b"\n" + line + b"\n")
        if count == 0 and difference > 0:
            added.append(line)
        elif count > 0 and count + difference <= 0:
            removed.append(line)
    changed = [_quad(line) for line in (*added, *removed)]
    if _matter(workspace, entry.store, changed):
        return None
    parts, found = _with(new, quads, prints, places)
    rest = quads[facts_end : quads.index(f" {NAMES} .\n".encode(), facts_end)]
    # The names come last: the lines before the first of them are those of other graphs.
    rest = rest[: rest.rindex(b"\n") + 1]
    signs = [b"- " + _triple(line) for line in removed] + [b"+ " + _triple(line) for line in added]
    changes = entry.changes().encode() + b"".join(line + b"\n" for line in signs)

    def change(store: Store) -> dict[str, bytes]:
        for quad in changed[len(added) :]:
            store.remove(quad)
        store.extend(changed[: len(added)])
        for node in {quad.subject for quad in changed if isinstance(quad.subject, NamedNode)}:
            for quad in list(store.quads_for_pattern(node, None, None, NAMES)):
                store.remove(quad)
            store.extend(named(store, node))
        text = b"".join([*parts, rest, cache.quads_of(store, NAMES)])
        return {"graph.nq": text, "changes.nt": changes}

    since = [kept[0], entry.changes().count("\n")]
    meta = {
        "files": found,
        "prefixes": declared_prefixes(workspace),
        "from": [since, *entry.meta.get("from", [])][:_FEW],
    }
    return entry.revised(key, meta, change)


def _likest(workspace: Workspace, files: Sequence[Path]) -> tuple[str, dict[str, str]] | None:
    """The key of the entry of which the fewest files have changed since, and all digests."""
    entries = [(key, meta) for key, meta in cache.listed() if "frame" in meta]
    if not entries:
        return None
    prints, frame = prints_of(files), frame_of(workspace)
    found = []
    for key, meta in entries:
        places = meta["files"]
        if meta["frame"] == frame and list(places) == list(prints):
            changed = sum(places[name][0] != digest for name, digest in prints.items())
            if 0 < changed <= _FEW:
                found.append((changed, key))
    return (min(found)[1], prints) if found else None


def _with(
    new: dict[str, bytes], quads: bytes, prints: dict[str, str], places: dict[str, Any]
) -> tuple[list[bytes], dict[str, Any]]:
    """The facts of all files, some of them new, and where each then stands."""
    parts: list[bytes] = []
    found: dict[str, Any] = {}
    at = 0
    for name, (_, begin, end) in places.items():
        part = new[name] if name in new else quads[begin:end]
        found[name] = [prints[name], at, at + len(part)]
        at += len(part)
        parts.append(part)
    return parts, found


def _triple(line: bytes) -> bytes:
    return line.removesuffix(f" {ASSERTED} .".encode()) + b" ."


def _quad(line: bytes) -> Quad:
    quad: Quad = next(iter(parse(input=line, format=RdfFormat.N_QUADS)))
    return quad


def _matter(workspace: Workspace, store: Store, quads: Sequence[Quad]) -> bool:
    """Whether a rule or axiom reads, negates or could make one of these facts."""
    signatures = {
        # A literal is no thing that a pattern names.
        (q.predicate.value, q.object.value if isinstance(q.object, NamedNode) else "")
        for q in quads
    }
    for rule in (
        *load_rules(workspace.rule_files(), workspace.bases),
        *compile_axioms(triples_of(store, ONTOLOGY)),
    ):
        fixed = {signature for signature in rule.writes if signature[0] is not None}
        for one in (*rule.reads, *rule.negates, *fixed):
            if any(meet(one, other) for other in signatures):
                return True
        if any(is_variable(p) for _, p, _ in rule.head) and _could_make(rule, store, quads):
            return True
    return False


def _could_make(rule: Rule, store: Store, quads: Sequence[Quad]) -> bool:
    """Whether the patterns of a rule match for the subject and property of one of these facts."""
    pairs = {(str(quad.subject), str(quad.predicate)) for quad in quads}
    body = " ".join(" ".join(pattern) + " ." for pattern in rule.body.patterns)
    for subject, predicate, _ in rule.head:
        places = [part for part in (subject, predicate) if is_variable(part)]
        wanted = [
            [
                value
                for part, value in zip((subject, predicate), pair, strict=True)
                if part in places
            ]
            for pair in sorted(pairs)
        ]
        rows = " ".join(f"({' '.join(values)})" for values in wanted)
        text = f"ASK {{ VALUES ({' '.join(places)}) {{ {rows} }} {body} }}"
        if is_variable(predicate) and store.query(text, default_graph=list(TIMELESS)):
            return True
    return False
