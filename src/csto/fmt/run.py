"""Format files: read, lay out, compare the triples, write.

A file is written only if Oxigraph reads the same triples from it before and after, and
then in one step, so that neither an interrupt nor a full disk leaves half a file.
"""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from csto.errors import CstoError, InputError
from csto.fmt.layout import canonical
from csto.fmt.statements import UnreadableError
from csto.load.workspace import Workspace, turtle_files


@dataclass(frozen=True)
class Formatted:
    """A text before and after, and the name under which users know it."""

    shown: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after

    def diff(self) -> str:
        """A unified diff, as ``patch`` and ``git apply`` take it."""
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"a/{self.shown}",
            f"b/{self.shown}",
        )
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )


def turtle_paths(workspace: Workspace, paths: Iterable[Path] | None) -> list[Path]:
    """The Turtle files to format: those given, in folders too, or all of the workspace.

    Raises:
        InputError: for a path that is not there, is no Turtle, or a folder without any.
    """
    if paths is None:
        return workspace.own_files()
    return list(dict.fromkeys(_expand(paths)))


def _expand(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = turtle_files(path)
            if not found:
                raise InputError(f"{path}: no Turtle file (.ttl) in this folder")
            yield from found
        elif not path.exists():
            raise InputError(f"{path}: no such file or folder")
        elif path.suffix.lower() != ".ttl":
            raise InputError(f"{path}: only Turtle is formatted; the name must end in .ttl")
        else:
            yield path


def format_file(path: Path, shown: str, *, prune: bool = False, write: bool = False) -> Formatted:
    """The file in the one layout; written in its place if asked for and changed.

    Raises:
        InputError: if the file cannot be read, written or parsed; it is then untouched.
    """
    try:
        before = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(f"{shown}:{line}: not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({error.strerror})") from error
    formatted = format_text(before, shown, prune=prune)
    if write and formatted.changed:
        try:
            _replace(path.resolve(), formatted.after)
        except OSError as error:
            raise InputError(f"{shown}: cannot be written ({error.strerror})") from error
    return formatted


def format_text(before: str, shown: str, *, prune: bool = False) -> Formatted:
    """A text in the one layout.

    Raises:
        InputError: if it is no Turtle, with line and column.
        CstoError: if the layout would say something else; a defect of this program.
    """
    had = _triples(before, shown)
    try:
        after = canonical(before, prune=prune)
    except UnreadableError as error:
        raise InputError(f"{shown}: cannot be formatted ({error})") from error
    if after != before and had != _triples(after, shown):
        raise CstoError(f"{shown}: formatting would change what it says; please report it")
    return Formatted(shown, before, after)


def _triples(text: str, shown: str) -> Dataset:
    try:
        # Names of blank nodes are of the parser; the canonical ones can be compared.
        found = Dataset(
            Quad(t.subject, t.predicate, t.object)
            for t in parse(input=text, format=RdfFormat.TURTLE)
        )
    except SyntaxError as error:
        what = (error.msg or str(error)).strip()
        if what.startswith("Parser error at line"):
            what = what.partition(": ")[2]
        place = f"{error.lineno}:{error.offset or 1}" if error.lineno else "1:1"
        raise InputError(f"{shown}:{place}: {what}; mend the syntax there") from error
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


def _replace(path: Path, text: str) -> None:
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(beside, path.stat().st_mode)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
