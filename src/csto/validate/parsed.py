"""One file that is to be checked: read, and read on where it is broken.

A syntax error is a finding like another, at its line. The statement in which it stands
is left out and the rest of the file is read, so that one slip does not hide the other
findings; what the broken statement names is remembered, because findings about it would
only be echoes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, parse

from csto.errors import InputError
from csto.fmt.grammar import read as read_tree
from csto.fmt.tree import Text, Wrong
from csto.fmt.triples import Placed, placed
from csto.load.formats import BY_ENDING
from csto.sparql.nesting import json_nesting
from csto.validate.finding import Finding, Place, Result
from csto.validate.positions.guess import place_of
from csto.validate.positions.turtle import KINDS

# Broken statements in one file beyond this many: the file is of another kind, or noise.
MAX_BROKEN = 20
MAX_ERRORS = 200
MAX_BYTES = 200_000_000
# Longer files are read for their places only when something is to be placed.
MAX_OWN = 2_000_000
FIX = "fix the syntax there"
MARK = "\ufeff".encode()
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
    # Against which relative IRIs were resolved.
    base: str = ""
    # Whether the build cannot read the file as it lies: piped, with a byte order mark …
    altered: bool = False
    # With their places, where the file was read for them from the beginning.
    statements: list[Placed] = field(default_factory=list)
    broken: list[Finding] = field(default_factory=list)
    # IRIs of what statements that are left out describe.
    echoes: set[str] = field(default_factory=set)


def echoed(result: Result, files: Iterable[File]) -> bool:
    """Whether a result only repeats that a statement could not be read."""
    iris = [getattr(t, "value", "") for t in (result.focus, result.value, result.path)]
    return any(iri.startswith(UNDECLARED) for iri in iris) or any(
        iri in file.echoes for file in files for iri in iris
    )


def read_standard_input(name: str | None = None, base: str = "") -> File:
    """Standard input as a file of its own; Turtle, if no name says otherwise."""
    path = Path(name) if name else Path("-")
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    return file_of(path, name or "-", path.suffix.lower() or ".ttl", data, dict, base, True)


def read(
    path: Path,
    shown: str,
    prefixes: Callable[[], Mapping[str, str]] = dict,
    *,
    base: str = "",
    own: bool = False,
) -> File:
    """Read and parse one file; what is wrong with it becomes findings.

    Args:
        path: the file.
        shown: what users call it.
        prefixes: known ones, to suggest those that are missing.
        base: against which relative IRIs are resolved; without one they are an error.
        own: read it with places from the beginning, so that unnamed nodes have stable
            names; for files that are not large.

    Raises:
        InputError: if its name does not end in a known format.
    """
    ending = path.suffix.lower()
    if ending not in BY_ENDING:
        known = " ".join(BY_ENDING)
        raise InputError(f"{shown}: unknown kind of file; the name must end in one of {known}")
    try:
        if not path.is_file():
            # A pipe would be waited for, a device read for ever.
            raise OSError(0, "it is no regular file")
        data = path.read_bytes()
    except OSError as error:
        file = File(shown, path, ending, "")
        file.broken.append(_unreadable(shown, str(error.strerror or error)))
        return file
    return file_of(path, shown, ending, data, prefixes, base, own)


def file_of(
    path: Path,
    shown: str,
    ending: str,
    data: bytes,
    prefixes: Callable[[], Mapping[str, str]],
    base: str = "",
    own: bool = False,
) -> File:
    if ending not in BY_ENDING:
        raise InputError(f"{shown}: unknown kind of file; write one of {' '.join(BY_ENDING)}")
    file = File(shown, path, ending, "", base=base, altered=bool(base) or data[:3] == MARK)
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
    _parse(file, prefixes, own)
    return file


def _unreadable(shown: str, why: str, place: Place | None = None) -> Finding:
    return Finding(
        "CS0002",
        "violation",
        f"the file cannot be read: {why}",
        "make it a readable text file in UTF-8",
        place=place or Place(shown),
    )


def _parse(file: File, prefixes: Callable[[], Mapping[str, str]], own: bool) -> None:
    if why := _too_deep(file):
        file.broken.append(_unreadable(file.shown, why))
        file.text = ""
        return
    errors = _quads(file, file.text)
    tree = _tree(file) if errors or own else None
    text = file.text
    if errors and tree is not None and tree.errors:
        # Our own reading leaves out less than the parser, which may take the rest for a string.
        first = _syntax(file.shown, errors[0], 0, prefixes)
        for wrong in tree.errors[:MAX_BROKEN]:
            finding = _wrong(file.shown, wrong)
            same = first.place is not None and first.place.line == wrong.at[0]
            file.broken.append(first if same and first.code == "CS0001" else finding)
        text, left_out = _without_errors(tree)
        for piece in left_out:
            file.echoes.update(_subjects(piece, file.text))
        errors = _quads(file, text)
    declared = ""
    missing: set[str] = set()
    while new := [name for name in _undeclared(errors) if name not in missing][:MAX_BROKEN]:
        for error in errors:
            match = _PREFIX.search(error.msg or str(error))
            if match and match[1] in new and match[1] not in missing:
                missing.add(match[1])
                file.broken.append(_syntax(file.shown, error, len(declared), prefixes))
        for name in new:
            declared += f"@prefix {name}: <{prefixes().get(name, f'{UNDECLARED}{name}:')}> . "
        errors = _quads(file, declared + text)
    for error in errors[:MAX_BROKEN]:
        finding = _syntax(file.shown, error, len(declared), prefixes)
        if finding.place is not None and not finding.place.line:
            at = place_of(file.text, finding.what, json_text=file.ending == ".jsonld")
            finding = replace(finding, place=Place(file.shown, *at))
        file.broken.append(finding)
        if finding.place and finding.place.line:
            first_line, last = _statement_around(file.text, finding.place.line)
            lines = file.text.splitlines()[first_line - 1 : last]
            file.echoes.update(_subjects("\n".join(lines), file.text))
    file.broken.sort(key=Finding.key)
    if file.broken and not file.quads:
        # Nothing of the file can be trusted: all that it names is an echo.
        file.echoes.update(_subjects(file.text, file.text))
    # What our own reading does not take, such as brackets nested very deep, the parser has read.
    if own and tree is not None and not file.broken and not tree.errors:
        file.statements = placed(tree, file.base)[0]
        file.quads = [Quad(s.subject, s.predicate, s.object, s.graph) for s in file.statements]


def _undeclared(errors: list[SyntaxError]) -> list[str]:
    found = (_PREFIX.search(error.msg or str(error)) for error in errors)
    return list(dict.fromkeys(match[1] for match in found if match))


def _wrong(shown: str, wrong: Wrong) -> Finding:
    what = f"syntax error: {wrong.what}"
    return Finding("CS0001", "violation", what, FIX, place=Place(shown, *wrong.at))


def _without_errors(tree: Text) -> tuple[str, list[str]]:
    """The text with blanks where statements are broken, and what stood there."""
    kept: list[str] = []
    left_out: list[str] = []
    at = 0
    for start, stop in [*((s.start, s.stop) for s in tree.statements), (len(tree.text),) * 2]:
        between = tree.text[at:start]
        kept.append("".join(c if c in "\r\n" else " " for c in between))
        left_out.append(between)
        kept.append(tree.text[start:stop])
        at = stop
    return "".join(kept), [piece for piece in left_out if piece.strip()]


def _quads(file: File, text: str) -> list[SyntaxError]:
    """Read what can be read; the parser goes on behind an error."""
    errors: list[SyntaxError] = []
    file.quads = []
    try:
        source = parse(
            input=text.encode(), format=BY_ENDING[file.ending].rdf, base_iri=file.base or None
        )
        while len(errors) <= MAX_ERRORS:
            try:
                file.quads += source
                break
            except SyntaxError as error:
                errors.append(error)
                if file.ending in (".rdf", ".xml", ".jsonld"):
                    file.quads = []
                    break
    except MemoryError:
        why = "a text or name in it is longer than the 16 MB that the parser takes"
        file.broken.append(_unreadable(file.shown, why))
        file.quads = []
    except (ValueError, OSError, RecursionError) as error:
        file.broken.append(_unreadable(file.shown, str(error)))
        file.quads = []
    return errors


def _tree(file: File) -> Text | None:
    kind = file.ending[1:]
    return read_tree(file.text, kind) if kind in KINDS and len(file.text) <= MAX_OWN else None


def _too_deep(file: File) -> str:
    """Why a text is kept from native code that would not survive it."""
    if file.ending == ".jsonld":
        depth = json_nesting(file.text) if file.text.count("{") + file.text.count("[") > 500 else 0
        return f"its brackets are nested {depth} deep; 500 is the most" if depth > 500 else ""
    if file.text.count("<<") > 500:
        tree = _tree(file)
        deep = [e for e in tree.errors if "nested" in e.what] if tree is not None else []
        return deep[0].what if deep else ""
    return ""


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
        fix = "add its @prefix line at the top of the file, or fix its spelling"
        if iri:
            fix = f"add @prefix {match[1]}: <{iri}> . at the top of the file"
        elif nearest:
            fix += f"; did you mean {nearest[0]}:?"
        return Finding(
            "CS0003",
            "violation",
            f"the prefix {match[1]}: is not declared",
            fix,
            value=match[1],
            place=place,
        )
    if "No scheme found" in message:
        what = "a relative IRI, and nothing says to what it is relative"
        fix = "write it in full, or declare its base with @base"
        return Finding("CS0001", "violation", what, fix, place=place)
    what = f"syntax error: {message}"
    return Finding("CS0001", "violation", what, FIX, place=place)


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
        yield iri if iri is not None else prefixes.get(prefix, "") + local
