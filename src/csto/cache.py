"""Keep the completed graph of a workspace between commands.

An entry is a folder named by a digest of everything that it follows from: the
files of the workspace, the code of this package and the versions of the engine
and the date library. It is written beside and renamed into place, so that a
process that dies leaves nothing half done and several may write at once. What
does not match its own checksums is thrown away and made anew. The folder of the
cache is safe to delete at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store

from csto import __version__
from csto.rules import Pattern, Rule, Signature
from csto.workspace import Workspace

# Entries beyond this many are old; the least recently used go first.
KEEP = 6


@dataclass(frozen=True)
class Entry:
    """What is kept: the completed store, the rules that made it and in how many rounds."""

    store: Store
    rules: list[Rule]
    axioms: list[Rule]
    prefixes: dict[str, str]
    rounds: int


def cache_folder() -> Path:
    """``CSTO_CACHE``, else ``csto`` in the user's cache folder."""
    if given := os.environ.get("CSTO_CACHE"):
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "csto"


def digest(workspace: Workspace, graph_files: Iterable[Path]) -> str:
    """A digest of all that the completed graph follows from."""
    whole = hashlib.sha256()
    whole.update(f"{__version__} {version('pyoxigraph')} {version('edtf')}\n".encode())
    code = Path(__file__).parent
    files = [*workspace.ontology_files(), *workspace.rule_files(), *graph_files]
    for path in [*sorted(code.glob("*.py")), *files]:
        whole.update(f"{path.name}\n".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:32]


def read(key: str) -> Entry | None:
    """An entry; ``None`` if there is none that is whole."""
    folder = cache_folder() / key
    try:
        sums = json.loads((folder / "sums.json").read_text(encoding="utf-8"))
        data = (folder / "graph.nq").read_bytes()
        listed = (folder / "rules.json").read_bytes()
        if sums["graph.nq"] != _sum(data) or sums["rules.json"] != _sum(listed):
            raise ValueError("damaged")
        store = Store()
        store.bulk_load(input=data, format=RdfFormat.N_QUADS)
        content = json.loads(listed)
        rules = [_rule(item) for item in content["rules"]]
        axioms = [_rule(item) for item in content["axioms"]]
        prefixes = {str(k): str(v) for k, v in content["prefixes"].items()}
        rounds = int(content["rounds"])
        os.utime(folder)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, SyntaxError):
        shutil.rmtree(folder, ignore_errors=True)
        return None
    return Entry(store, rules, axioms, prefixes, rounds)


def read_steps(key: str) -> str | None:
    """How each inferred triple of an entry came about, as :func:`write` got it."""
    folder = cache_folder() / key
    try:
        sums = json.loads((folder / "sums.json").read_text(encoding="utf-8"))
        data = (folder / "steps.txt").read_bytes()
    except (OSError, ValueError):
        return None
    return data.decode() if sums.get("steps.txt") == _sum(data) else None


def write(key: str, entry: Entry, steps: str) -> None:
    """Keep an entry; a cache that cannot be written is no failure."""
    folder = cache_folder()
    parts = {
        "graph.nq": entry.store.dump(format=RdfFormat.N_QUADS) or b"",
        "rules.json": json.dumps(
            {
                "rules": [_item(rule) for rule in entry.rules],
                "axioms": [_item(rule) for rule in entry.axioms],
                "prefixes": entry.prefixes,
                "rounds": entry.rounds,
            }
        ).encode(),
        "steps.txt": steps.encode(),
    }
    parts["sums.json"] = json.dumps({name: _sum(data) for name, data in parts.items()}).encode()
    beside = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".making-", dir=folder))
        for name, data in parts.items():
            (beside / name).write_bytes(data)
        beside.rename(folder / key)
        beside = None
        _forget_old(folder)
    except OSError:
        # No room, no right, or another process was first: the answer does not need the cache.
        pass
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)


def _forget_old(folder: Path) -> None:
    import time

    entries = sorted(
        (p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")),
        key=lambda p: p.stat().st_mtime,
        reverse=True,
    )
    for old in entries[KEEP:]:
        shutil.rmtree(old, ignore_errors=True)
    for left in folder.glob(".making-*"):
        if time.time() - left.stat().st_mtime > 3600:
            shutil.rmtree(left, ignore_errors=True)


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _item(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "text": rule.text,
        "stratum": rule.stratum,
        "number": rule.number,
        "summary": rule.summary,
        "because": rule.because,
        "origin": rule.origin,
        "reads": sorted(rule.reads, key=str),
        "negates": sorted(rule.negates, key=str),
        "writes": sorted(rule.writes, key=str),
        "head": rule.head,
        "body": rule.body,
        "absent": rule.absent,
        "computed": rule.computed,
        "assumes": rule.assumes,
    }


def _rule(item: dict[str, Any]) -> Rule:
    def pairs(name: str) -> frozenset[Signature]:
        return frozenset((pair[0], pair[1]) for pair in item[name])

    def patterns(name: str) -> tuple[Pattern, ...]:
        return tuple((s, p, o) for s, p, o in item[name])

    return Rule(
        code=item["code"],
        text=item["text"],
        stratum=item["stratum"],
        number=item["number"],
        summary=item["summary"],
        because=item["because"],
        origin=item["origin"],
        reads=pairs("reads"),
        negates=pairs("negates"),
        writes=pairs("writes"),
        head=patterns("head"),
        body=patterns("body"),
        absent=patterns("absent"),
        computed=tuple(item["computed"]),
        assumes=item["assumes"],
    )
