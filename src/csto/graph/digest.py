"""The digest of all that a completed graph follows from, which names it in the cache.

Reading and hashing every file at each start would cost more than most answers. So
the cache remembers, beside the digest, the size and the times of each file (the
time of change, which no tool sets back, among them); while none differs, the digest
is taken from there. Files that changed within the last moments are not trusted to
show a further change in their times, and nothing is remembered of them.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph

from csto import __version__
from csto.graph.cache import cache_folder, keep_file
from csto.load.workspace import Workspace

# Seconds within which two changes of a file can bear the same time.
_MOMENT = 2.0
_KEEP = 40
# What the graph follows from, of this package: the corridor up to the graph itself.
_MAKERS = ("errors.py", "vocabulary.py", "load", "sparql", "rules", "reason", "graph")


def key_of(workspace: Workspace, graph_files: Sequence[Path]) -> str:
    """The digest of a workspace with these files as its asserted graph."""
    files = [*_code(), *workspace.ontology_files(), *workspace.rule_files(), *graph_files]
    # What rules make lies under these, whichever files are the facts.
    bases = workspace.bases + "".join(sorted(workspace.manifest.replaced))
    listing, newest = _listing(files, bases)
    stamps = cache_folder() / "stamps"
    stamp = stamps / f"{zlib.crc32(listing):08x}{zlib.adler32(listing):08x}"
    try:
        key, _, kept = stamp.read_bytes().partition(b"\n")
        if kept == listing:
            return key.decode()
    except OSError:
        pass
    made = _digest(files, bases)
    if newest < time.time() - _MOMENT and _listing(files, bases)[0] == listing:
        keep_file(stamp, made.encode() + b"\n" + listing, _KEEP)
    return made


def frame_of(workspace: Workspace) -> str:
    """The digest of all that a graph follows from but the facts: code, ontology and rules."""
    files = [*_code(), *workspace.ontology_files(), *workspace.rule_files()]
    return _digest(files, workspace.bases)


def prints_of(files: Sequence[Path]) -> dict[str, str]:
    """The digest of each of some files."""
    import hashlib

    return {
        os.path.abspath(path): hashlib.sha256(path.read_bytes()).hexdigest()[:32] for path in files
    }


def _code() -> list[Path]:
    """The code that makes the graph, and nothing else: a change elsewhere must cost no rebuild."""
    package = Path(__file__).parents[1]
    found = sorted(
        path
        for part in _MAKERS
        for path in ((package / part).rglob("*.py") if "." not in part else [package / part])
    )
    return found


def _listing(files: Sequence[Path], bases: str) -> tuple[bytes, float]:
    """Sizes and times of files, and the latest time among them."""
    lines = [f"{__version__} {pyoxigraph.__version__} {bases}"]
    newest = 0.0
    for path in files:
        state = os.stat(path)
        newest = max(newest, state.st_mtime, state.st_ctime)
        lines.append(
            f"{os.path.abspath(path)}\t{state.st_size}\t{state.st_mtime_ns}\t{state.st_ctime_ns}"
        )
    return "\n".join(lines).encode(), newest


def _digest(files: Sequence[Path], bases: str) -> str:
    import hashlib

    whole = hashlib.sha256(f"{__version__} {pyoxigraph.__version__} {bases}\n".encode())
    for path in files:
        whole.update(f"{path.name}\n".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:32]
