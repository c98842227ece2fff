"""Keep the completed graph of a workspace between commands.

An entry is a folder named by a digest of everything it follows from: the files of
the workspace, the code of this package and the versions of the engine and of the
date library. In it lie the graph as a store that is opened where it lies and as
N-Quads, and a store for each day lately asked for, which shares the files of the
first. Beside the entries lie the rules, parsed, and what spares reading all files
(:mod:`csto.graph.digest`). The folder of the cache is safe to delete at any time.

An entry is written beside and renamed into place, so that a process that dies
leaves nothing half done and several may write at once; nothing in place is ever
changed. Each entry lists its files with their sizes, and sums of the small ones.
The large ones are read block by block, each block with a sum of its own that the
engine checks: a flipped bit is an error when it is met (:func:`is_damage`), the
entry is thrown away, and the command runs again.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

# Entries, and days of an entry, beyond these many are old; the least recently used go first.
KEEP = 6
KEEP_DAYS = 24
# Files up to this size (bytes) are summed each time they are opened; larger ones when read.
_SMALL = 1 << 16
_LIST = "files.json"
# Entries opened by this process: which to blame for damage.
_opened: set[Path] = set()


def cache_folder() -> Path:
    """``CSTO_CACHE``, else ``csto`` in the user's cache folder."""
    if given := os.environ.get("CSTO_CACHE"):
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "csto"


class DamageError(RuntimeError):
    """A file of the cache that is not what was written."""


class Entry:
    """One completed graph in the cache; ``store`` has its timeless graphs, for reading only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meta: dict[str, Any] = json.loads((folder / "meta.json").read_bytes())
        self.store = _open(folder / "store")

    def open_day(self, day: str) -> Store | None:
        """The timeless graphs and the slices of a day; ``None`` if they are not kept."""
        folder = self.folder / "days" / day
        if not folder.is_dir():
            return None
        try:
            if _whole(folder):
                os.utime(folder)
                return _open(folder)
        except (OSError, RuntimeError):
            pass
        forget(folder)
        return None

    def load(self) -> Store:
        """A copy in memory that can be written to."""
        store = Store()
        store.bulk_load(input=self._read("graph.nq"), format=RdfFormat.N_QUADS)
        return store

    def journal(self) -> bytes:
        """How each triple came about."""
        return self._read("journal")

    def changes(self) -> str:
        """What was added to and taken from the facts since the journal was written."""
        return self._read("changes.nt").decode()

    def quads(self) -> bytes:
        """All graphs as N-Quads; ``meta["files"]`` says where the facts of each file stand."""
        return self._read("graph.nq")

    def revised(
        self, key: str, meta: dict[str, Any], change: Callable[[Store], dict[str, bytes]]
    ) -> Entry | None:
        """Keep a copy that differs a little; ``None`` if it cannot be written.

        Args:
            key: its digest.
            meta: what is other in it.
            change: changes its store, and gives the files that are other.
        """

        def fill(folder: Path) -> None:
            self.store.backup(folder / "store")
            store = Store(folder / "store")
            texts = change(store)
            store.flush()
            del store
            _bare(folder / "store")
            sums = dict(self.meta["sums"])
            for name in sums.keys() - texts.keys():
                _link(self.folder / name, folder / name)
            for name, data in texts.items():
                (folder / name).write_bytes(data)
                sums[name] = zlib.crc32(data)
            text = json.dumps({**self.meta, **meta, "sums": sums})
            (folder / "meta.json").write_text(text, encoding="utf-8")

        folder = cache_folder() / "graphs"
        if not _make(folder / key, fill):
            return None
        _forget_old(folder, KEEP)
        return find(key)

    def spans(self) -> bytes:
        """What holds on some days only."""
        return self._read("spans")

    def spans_size(self) -> int:
        """Their size in bytes, without reading them."""
        return (self.folder / "spans").stat().st_size

    def days(self, beginning: str) -> list[str]:
        """Names of the days that are kept and begin so."""
        days = self.folder / "days"
        found = [path.name for path in days.iterdir()] if days.is_dir() else []
        return [name for name in found if name.startswith(beginning)]

    def keep_day(
        self, day: str, quads: Iterable[Quad] | bytes, start: Store | None = None
    ) -> Store | None:
        """Keep the slices of a day and open them; ``None`` if there is no room for them.

        Args:
            day: the day, or what else the store is to be found by.
            quads: what is added; as bytes it is N-Quads, which is quicker.
            start: a store of this entry to which it is added, such as that of another day.
        """

        def fill(folder: Path) -> None:
            target = folder / "store"
            (start or self.store).backup(target)
            store = Store(target)
            if isinstance(quads, bytes):
                store.bulk_load(input=quads, format=RdfFormat.N_QUADS)
            else:
                store.bulk_extend(quads)
            store.flush()
            del store
            _bare(target)
            for path in target.iterdir():
                path.rename(folder / path.name)
            target.rmdir()

        days = self.folder / "days"
        if not _make(days / day, fill):
            return None
        _forget_old(days, KEEP_DAYS)
        return self.open_day(day)

    def _read(self, name: str) -> bytes:
        data = (self.folder / name).read_bytes()
        if zlib.crc32(data) != self.meta["sums"][name]:
            raise DamageError(f"Corruption: {self.folder / name}")
        return data


def listed() -> Iterator[tuple[str, dict[str, Any]]]:
    """Keys of the entries there are and what every command needs of each, the newest first."""
    folder = cache_folder() / "graphs"
    try:
        entries = [p for p in folder.iterdir() if not p.name.startswith(".")]
        for entry in sorted(entries, key=lambda p: p.stat().st_mtime, reverse=True):
            yield entry.name, json.loads((entry / "meta.json").read_bytes())
    except (OSError, ValueError):
        # Another process tidies up.
        return


def find(key: str) -> Entry | None:
    """The entry of a key; ``None`` if there is none that is whole."""
    folder = cache_folder() / "graphs" / key
    if not folder.is_dir():
        return None
    try:
        if _whole(folder):
            os.utime(folder)
            return Entry(folder)
    except (OSError, RuntimeError, ValueError):
        pass
    forget(folder)
    return None


def write(
    key: str,
    texts: Mapping[str, Callable[[], Iterable[bytes]]],
    meta: dict[str, Any],
) -> Entry | None:
    """Keep a completed graph; ``None`` if it cannot be written, which is no failure.

    Args:
        key: its digest.
        texts: what makes each file, by name, in pieces; ``graph.nq`` has all graphs.
        meta: what every command needs at once.
    """

    def fill(folder: Path) -> None:
        # Nothing is flushed to the platter: what a loss of power leaves shows in sizes and sums.
        sums = {name: _written(folder / name, make()) for name, make in texts.items()}
        (folder / "meta.json").write_text(json.dumps({**meta, "sums": sums}), encoding="utf-8")
        kept = Store(folder / "store")
        kept.bulk_load(path=folder / "graph.nq", format=RdfFormat.N_QUADS)
        kept.flush()
        del kept
        _bare(folder / "store")

    folder = cache_folder() / "graphs"
    if not _make(folder / key, fill):
        return None
    _forget_old(folder, KEEP)
    return find(key)


def _written(path: Path, pieces: Iterable[bytes]) -> int:
    """Write a file; its sum."""
    total = 0
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
            total = zlib.crc32(piece, total)
    return total


def keep_day(key: str, day: str, quads: Iterable[Quad]) -> None:
    """Keep the slices of a day with an entry, if it is there."""
    entry = find(key)
    if entry is not None:
        entry.keep_day(day, quads)


def quads_of(store: Store, graph: NamedNode) -> bytes:
    """One graph as N-Quads, in which a line ends where a triple does and nowhere else."""
    triples = store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""
    return triples.replace(b" .\n", f" {graph} .\n".encode())


def _link(path: Path, to: Path) -> None:
    """The same file under another name, where the disk can do that."""
    try:
        os.link(path, to)
    except OSError:
        shutil.copyfile(path, to)


# What is to be written when the answer is out; None: at once.
_waiting: list[Callable[[], object]] | None = None


# Hear what is being done, in words.
told: list[Callable[[str], object]] = []
# Why something could not be kept.
refused = ""


def tell(what: str) -> None:
    """Let whoever waits know what is being done."""
    for hear in told:
        hear(what)


def waits() -> bool:
    """Whether something was put off."""
    return bool(_waiting)


def put_off() -> None:
    """Write from now on when :func:`catch_up` is called: an answer comes before the cache."""
    global _waiting
    _waiting = []


def catch_up(*, again: bool = False) -> None:
    """Write what was put off, and put off what comes ``again``."""
    global _waiting
    waiting, _waiting = _waiting, [] if again and _waiting is not None else None
    for write_now in waiting or ():
        # Files that were there for the time being, such as those of a revision, may be gone.
        with suppress(FileNotFoundError):
            write_now()


def soon(write_now: Callable[[], object]) -> None:
    """Write now, or when there is time."""
    if _waiting is None:
        write_now()
    else:
        _waiting.append(write_now)


def keep_file(path: Path, data: bytes, keep: int) -> None:
    """Keep one small file, and of its neighbours the ``keep`` newest; no room is no failure."""
    beside = path.parent / f".{path.name}-{os.getpid()}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
        kept = sorted(path.parent.iterdir(), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in kept[keep:]:
            old.unlink(missing_ok=True)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def is_damage(error: BaseException) -> bool:
    """Whether an error comes from a file of the cache that is not what was written."""
    text = str(error)
    return bool(_opened) and (
        (isinstance(error, RuntimeError) and ("Corruption" in text or "IO error" in text))
        or (isinstance(error, OSError) and any(str(path) in text for path in _opened))
    )


def forget_opened() -> None:
    """Throw away what this process read from the cache."""
    while _opened:
        forget(_opened.pop())


def forget(folder: Path) -> None:
    """Throw an entry away: out of sight at once, then piece by piece."""
    try:
        beside = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
        folder.rename(beside / folder.name)
    except OSError:
        beside = folder
    shutil.rmtree(beside, ignore_errors=True)


def _open(folder: Path) -> Store:
    _opened.add(folder if folder.parent.name == "days" else folder.parent)
    return Store.read_only(str(folder))


def _bare(folder: Path) -> None:
    """Drop the engine's logs and settings, which reading does not need."""
    for path in folder.iterdir():
        needed = path.suffix == ".sst" or path.name.startswith("MANIFEST") or path.name == "CURRENT"
        if not needed and (path.suffix != ".log" or not path.stat().st_size):
            path.unlink()


def _make(folder: Path, fill: Callable[[Path], None]) -> bool:
    """Fill a folder beside its place and rename it there. Whether it is there now."""
    global refused
    beside = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
        fill(beside)
        listed = {
            str(path.relative_to(beside)): _state(path)
            for path in sorted(beside.rglob("*"))
            if path.is_file()
        }
        (beside / _LIST).write_text(json.dumps(listed), encoding="utf-8")
        beside.rename(folder)
        beside = None
    except (OSError, RuntimeError) as error:
        # No room, no right, or another process was first: no answer needs the cache.
        if getattr(error, "errno", None) not in (errno.EEXIST, errno.ENOTEMPTY):
            refused = getattr(error, "strerror", None) or "it cannot be written"
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
    return beside is None


def _state(path: Path) -> list[int]:
    size = path.stat().st_size
    return [size, zlib.crc32(path.read_bytes()) if size <= _SMALL else 0]


def _whole(folder: Path) -> bool:
    """Whether a folder has all its files as they were written, as far as that is cheap to say."""
    try:
        listed = json.loads((folder / _LIST).read_bytes())
        return all(_state(folder / name) == state for name, state in listed.items())
    except (OSError, ValueError, AttributeError):
        return False


def _forget_old(folder: Path, keep: int) -> None:
    import time

    try:
        entries = [p for p in folder.iterdir() if p.is_dir()]
        kept = [p for p in entries if not p.name.startswith(".")]
        for old in sorted(kept, key=lambda p: p.stat().st_mtime, reverse=True)[keep:]:
            forget(old)
        for left in entries:
            if left.name.startswith(".") and time.time() - left.stat().st_mtime > 3600:
                shutil.rmtree(left, ignore_errors=True)
    except OSError:
        # Another process tidies up as well.
        pass
