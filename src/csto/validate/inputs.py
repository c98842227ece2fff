"""Read the files to be checked, and go on where one of them is broken.

A syntax error is a finding like another, at its line. The statement in which it stands
is left out and the rest of the file is read, so that one slip does not hide the other
findings; what the broken statement names is remembered, because findings about it would
only be echoes.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import parse

from csto.errors import InputError
from csto.load.files import declared_prefixes
from csto.load.formats import BY_ENDING
from csto.load.workspace import Workspace
from csto.validate.finding import Finding, Place
from csto.vocabulary import WELL_KNOWN

# Broken statements in one file beyond this many: the file is of another kind, or noise.
MAX_BROKEN = 20
MAX_BYTES = 200_000_000
_PREFIX = re.compile(r"[Tt]he prefix ([\w.-]*):? has not been declared")
_DECLARED = re.compile(r"^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
# What an undeclared prefix stands for if no other file declares it: findings about it are echoes.
UNDECLARED = "urn:csto:undeclared:"


@dataclass
class File:
    """One file: what it is called, what it says, and what could not be read in it."""

    shown: str
    path: Path
    ending: str
    text: str
    quads: list[Any] = field(default_factory=list)
    # The text with what is broken left out and missing prefixes declared.
    mended: str = ""
    piped: bool = False
    broken: list[Finding] = field(default_factory=list)
    # IRIs of what statements that are left out describe.
    echoes: set[str] = field(default_factory=set)


@dataclass
class Inputs:
    """What is to be checked.

    ``only`` are the names of files whose findings are wanted; ``None`` for all.
    """

    ontology: list[File]
    graph: list[File]
    only: set[str] | None
    whole: bool

    def files(self) -> list[File]:
        return [*self.ontology, *self.graph]


def gather(
    workspace: Workspace,
    paths: Sequence[Path] | None,
    *,
    with_graph: bool = False,
    stdin_name: str | None = None,
) -> Inputs:
    """Read a workspace, some of its files, or files in place of its graph.

    Raises:
        InputError: for a path that is not there, a folder without RDF files, or a file
            of an unknown kind.
    """

    @lru_cache(maxsize=1)
    def prefixes() -> Mapping[str, str]:
        return {**WELL_KNOWN, **declared_prefixes(workspace)}

    def take(path: Path) -> File:
        return read(path, workspace.shown(path), prefixes)

    own = [*workspace.ontology_files(), *workspace.shape_files()]
    ontology = [take(path) for path in own]
    home = workspace.graph_files()
    if not paths:
        return Inputs(ontology, [take(p) for p in home], None, True)
    given: dict[Path, File] = {}
    queries: set[str] = set()
    for path in paths:
        if str(path) == "-":
            file = _standard_input(workspace, stdin_name, prefixes)
            given[file.path.resolve()] = file
            continue
        if path.suffix == ".rq" and path.resolve().is_relative_to(workspace.ontology.resolve()):
            queries.add(workspace.shown(path))
            continue
        given.update((p.resolve(), take(p)) for p in _expand(path))
    known = {p.resolve() for p in own} | {p.resolve() for p in home}
    shown = {file.shown for file in given.values()} | queries
    inside = any(path in known for path in given) or bool(queries) or with_graph
    if not inside:
        return Inputs(ontology, list(given.values()), shown, False)

    def given_or(path: Path) -> File:
        return given.pop(path.resolve()) if path.resolve() in given else take(path)

    graph = [given_or(path) for path in home]
    for path in own:
        # They are read already; piped text cannot stand for them, since the build reads them.
        if given.pop(path.resolve(), None) is not None and stdin_name is not None:
            raise InputError(f"{stdin_name}: standard input can stand for a file of graph/ only")
    return Inputs(ontology, [*graph, *given.values()], shown, True)


def _expand(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() in BY_ENDING and p.is_file())
        if not found:
            raise InputError(f"{path}: no RDF file in this folder; nothing would be checked")
        return found
    if not path.exists():
        raise InputError(f"{path}: no such file or folder")
    return [path]


def _standard_input(
    workspace: Workspace, name: str | None, prefixes: Callable[[], Mapping[str, str]]
) -> File:
    path = Path(name) if name else Path("-")
    shown = workspace.shown(path) if name else "-"
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    file = _file(path, shown, path.suffix.lower() or ".ttl", data, prefixes)
    file.piped = True
    return file


def read(path: Path, shown: str, prefixes: Callable[[], Mapping[str, str]] = dict) -> File:
    """Read and parse one file; what is wrong with it becomes findings.

    Raises:
        InputError: if its name does not end in a known format.
    """
    ending = path.suffix.lower()
    if ending not in BY_ENDING:
        known = " ".join(BY_ENDING)
        raise InputError(f"{shown}: unknown kind of file; the name must end in one of {known}")
    try:
        data = path.read_bytes()
    except OSError as error:
        file = File(shown, path, ending, "")
        file.broken.append(_unreadable(shown, str(error.strerror or error)))
        return file
    return _file(path, shown, ending, data, prefixes)


def _file(
    path: Path, shown: str, ending: str, data: bytes, prefixes: Callable[[], Mapping[str, str]]
) -> File:
    if ending not in BY_ENDING:
        raise InputError(f"{shown}: unknown kind of file; write one of {' '.join(BY_ENDING)}")
    file = File(shown, path, ending, "")
    if len(data) > MAX_BYTES:
        file.broken.append(_unreadable(shown, f"more than {MAX_BYTES // 1_000_000} MB"))
        return file
    try:
        file.text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        file.broken.append(_unreadable(shown, "it is not UTF-8", Place(shown, line, column)))
        return file
    _parse(file, prefixes)
    return file


def _unreadable(shown: str, why: str, place: Place | None = None) -> Finding:
    return Finding(
        "CS0002",
        "violation",
        f"the file cannot be read: {why}",
        "make it a readable text file in UTF-8",
        place=place or Place(shown),
    )


def _parse(file: File, prefixes: Callable[[], Mapping[str, str]]) -> None:
    rdf = BY_ENDING[file.ending].rdf
    text = file.text
    added = ""
    for _ in range(MAX_BROKEN):
        try:
            file.quads = list(parse(input=(added + text).encode(), format=rdf))
            file.text, file.mended = text, added + text
            return
        except SyntaxError as error:
            found = _syntax(file.shown, error, len(added), prefixes)
            file.broken.append(found)
            line = error.lineno
            if found.code == "CS0003":
                iri = prefixes().get(found.value, f"{UNDECLARED}{found.value}:")
                added += f"@prefix {found.value}: <{iri}> . "
                continue
        except (ValueError, OSError) as error:
            file.broken.append(_unreadable(file.shown, str(error)))
            line = None
        if line is None or file.ending in (".rdf", ".jsonld"):
            break
        first, last = _statement_around(text, line)
        lines = text.split("\n")
        left_out = "\n".join(lines[first - 1 : last])
        if not left_out.strip():
            break
        file.echoes.update(_subjects(left_out, file.text))
        lines[first - 1 : last] = [""] * (last - first + 1)
        text = "\n".join(lines)
    # Nothing of the file can be trusted: all that it names is an echo.
    file.echoes.update(_subjects(file.text, file.text))
    file.text, file.quads = "", []


def _syntax(
    shown: str, error: SyntaxError, shift: int, prefixes: Callable[[], Mapping[str, str]]
) -> Finding:
    message = (error.msg or str(error)).strip()
    if message.startswith("Parser error"):
        message = message.partition(": ")[2] or message
    line, column = error.lineno or 0, error.offset or 1
    end_line, end = error.end_lineno or line, error.end_offset or column
    if line == 1:
        column = max(1, column - shift)
    if end_line == 1:
        end = max(1, end - shift)
    place = Place(shown, line, column, end_line, end)
    if match := _PREFIX.search(message):
        iri = prefixes().get(match[1])
        nearest = get_close_matches(match[1], list(prefixes()), 1)
        mend = "add its @prefix line at the top of the file, or mend its spelling"
        if iri:
            mend = f"add @prefix {match[1]}: <{iri}> . at the top of the file"
        elif nearest:
            mend += f"; did you mean {nearest[0]}:?"
        return Finding(
            "CS0003",
            "violation",
            f"the prefix {match[1]}: is not declared",
            mend,
            value=match[1],
            place=place,
        )
    what = f"syntax error: {message}"
    return Finding("CS0001", "violation", what, "mend the syntax there", place=place)


def _statement_around(text: str, line: int) -> tuple[int, int]:
    """First and last line of the statement in which a line stands.

    A statement ends with a line that ends in a full stop; good enough for leaving one out.
    """
    lines = text.split("\n")
    line = min(max(line, 1), len(lines))

    def ends(number: int) -> bool:
        return lines[number - 1].split(" #")[0].rstrip().endswith(".")

    first = line
    while first > 1 and not ends(first - 1):
        first -= 1
    last = line
    while last < len(lines) and not ends(last) and not (lines[last - 1] == "" and last > line):
        last += 1
    return first, last


def _subjects(left_out: str, whole: str) -> Iterator[str]:
    """IRIs of what a piece of broken Turtle describes: names at the beginning of a line."""
    prefixes = dict(_DECLARED.findall(whole))
    for match in re.finditer(r"^(?:<([^<>\s]*)>|([\w-]*):([\w.-]*[\w-]))", left_out, re.MULTILINE):
        iri, prefix, local = match.groups()
        yield iri or prefixes.get(prefix, "") + local


class Stand:
    """Files as the build wants them: paths, of which some hold what was mended or piped in."""

    def __init__(self, files: Sequence[File]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="csto-")
        self.paths: list[Path] = []
        for number, file in enumerate(files):
            if not file.broken and not file.piped:
                self.paths.append(file.path)
                continue
            path = Path(self._folder.name) / f"{number:05d}{file.ending}"
            path.write_text(file.mended if file.quads else _empty(file.ending), encoding="utf-8")
            self.paths.append(path)

    def __enter__(self) -> Stand:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _empty(ending: str) -> str:
    return "[]" if ending == ".jsonld" else ""
