"""Format files: read, lay out, compare what is said, write.

A file is written only if Oxigraph reads the same triples from it before and after and
every comment is still there, and then in one step, so that neither an interrupt nor a
full disk leaves half a file.
"""

from __future__ import annotations

import difflib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from csto.errors import CstoError, InputError
from csto.fmt.grammar import read
from csto.fmt.layout import canonical
from csto.fmt.queries import canonical_query, words
from csto.fmt.same import ANYTHING, comments, says_the_same, triples
from csto.fmt.tree import UnreadableError
from csto.fmt.triples import placed
from csto.load.workspace import Workspace, turtle_files

# Endings of the names of files that can be formatted.
KINDS = ("ttl", "trig", "nt", "nq", "rq")
# An undeclared prefix, as Oxigraph and our own reading tell it; and what declares one.
_ABSENT = re.compile(r"[Tt]he prefix ([^\s:]*):? (?:has not been|is not) declared")
_DECLARED = re.compile(r"^\s*@?prefix\s+([^\s:]*):", re.IGNORECASE | re.MULTILINE)


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
    """The files to format: those given, in folders too, or all of the workspace.

    Raises:
        InputError: for a path that is not there, of another kind, or a folder without any.
    """
    if paths is None:
        root = workspace.root.resolve()
        written = (path for *_, path in workspace.sparql_files())
        queries = [path for path in written if path.resolve().is_relative_to(root)]
        return [*workspace.own_files(), *queries]
    return list(dict.fromkeys(_expand(paths)))


def _expand(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = [*turtle_files(path), *sorted(path.rglob("*.rq"))]
            if not found:
                raise InputError(f"{path}: no Turtle file (.ttl) and no query (.rq) in this folder")
            yield from found
        elif not path.exists():
            raise InputError(f"{path}: no such file or folder")
        elif path.suffix.lower().lstrip(".") not in KINDS:
            endings = " ".join(f".{kind}" for kind in KINDS)
            raise InputError(f"{path}: cannot be formatted; the name must end in one of {endings}")
        else:
            yield path


# Says why a text is no query, with line and column; None if it is one.
Mistake = Callable[[str], tuple[int, int, str] | None]


def format_file(
    path: Path,
    shown: str,
    *,
    prune: bool = False,
    write: bool = False,
    mistake: Mistake | None = None,
) -> Formatted:
    """The file in the one layout; written in its place if asked for and changed.

    Raises:
        InputError: if the file cannot be read, written or parsed; it is then untouched.
    """
    try:
        if not path.is_file():
            raise InputError(f"{shown}: is no regular file; nothing is read from it")
        before = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(f"{shown}:{line}: not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({error.strerror})") from error
    kind = path.suffix.lower().lstrip(".")
    kind = kind if kind in KINDS else "ttl"
    formatted = format_text(before, shown, prune=prune, kind=kind, mistake=mistake)
    if write and formatted.changed:
        try:
            _replace(path.resolve(), formatted.after)
        except OSError as error:
            raise InputError(f"{shown}: cannot be written ({error.strerror})") from error
    return formatted


def format_text(
    before: str,
    shown: str,
    *,
    prune: bool = False,
    kind: str = "ttl",
    mistake: Mistake | None = None,
) -> Formatted:
    """A text in the one layout.

    Args:
        before: the text.
        shown: what users call it.
        prune: leave out prefixes that are not used.
        kind: the ending of its name, one of :data:`KINDS`.
        mistake: says why a query cannot be read; without it none is looked into.

    Raises:
        InputError: if it is no text of its kind; a line for each error, with its place.
        CstoError: if the layout would say something else; a defect of this program.
    """
    if kind == "rq":
        rest = before.lstrip("\ufeff").lstrip()
        if rest.startswith("\ufeff"):
            line = before[: len(before) - len(rest)].count("\n") + 1
            raise InputError(f"{shown}:{line}: a byte order mark within the text; delete it")
        if mistake is not None and (wrong := mistake(before.lstrip("\ufeff"))):
            line, column, what = wrong
            raise InputError(f"{shown}:{line}:{column}: {what}; fix the syntax there")
        after = canonical_query(before)
        if words(after) != words(before):
            raise CstoError(f"{shown}: formatting would change what it says; please report it")
        return Formatted(shown, before, after)
    had = _triples(before, shown, kind)
    try:
        after = canonical(before, prune=prune, kind=kind)
    except UnreadableError as error:
        raise InputError(f"{shown}:{error}") from error
    if after != before and not (
        had == _triples(after, shown, kind)
        and says_the_same(before, after, kind)
        and comments(before) == comments(after)
    ):
        raise CstoError(f"{shown}: formatting would change what it says; please report it")
    return Formatted(shown, before, after)


def _triples(text: str, shown: str, kind: str) -> object:
    try:
        return triples(text, kind)
    except MemoryError as error:
        raise InputError(
            f"{shown}: a text in it is longer than 16 MB; it is left as it is"
        ) from error
    except SyntaxError as error:
        raise InputError("\n".join(_errors(text, shown, kind, error))) from error


def _errors(text: str, shown: str, kind: str, error: SyntaxError) -> list[str]:
    """Every syntax error of a text, Oxigraph's first one among them."""
    what = (error.msg or str(error)).strip()
    if what.startswith("Parser error at line"):
        what = what.partition(": ")[2]
    found = {(error.lineno or 1, error.offset or 1): what}
    tree = read(text.removeprefix("\ufeff"), kind)
    # A prefix is told once, and not at all if the line that declares it is what is broken.
    told = {*_ABSENT.findall(what), *_DECLARED.findall(text)}
    for wrong in [*tree.errors, *placed(tree, ANYTHING)[1]]:
        prefix = _ABSENT.search(wrong.what)
        if wrong.at[0] in {line for line, _ in found} or (prefix and prefix[1] in told):
            continue
        found[wrong.at[:2]] = wrong.what
        told |= {prefix[1]} if prefix else set()
    return [
        f"{shown}:{at[0]}:{at[1]}: {what}; fix the syntax there"
        for at, what in sorted(found.items())
    ]


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
