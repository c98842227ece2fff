"""What changed in rules, checks and queries: files, told by name and by what they do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from csto.errors import InputError
from csto.load.header import read_header


@dataclass(frozen=True)
class Program:
    """One file: its kind (rule, check, query), its name, and its text."""

    kind: str
    name: str
    text: str

    @property
    def summary(self) -> str:
        return self._header("summary")

    @property
    def code(self) -> str:
        return self._header("code")

    def _header(self, name: str) -> str:
        from pathlib import Path

        try:
            return str(read_header(self.text, Path(self.name)).get(name) or "")
        except (InputError, ValueError):
            return ""

    def meaning(self) -> list[str]:
        """The lines that say something: without comments, blank lines and space at the ends."""
        lines = (line.strip() for line in self.text.splitlines())
        return [line for line in lines if line and not (line.startswith("#") and line[:2] != "#+")]


@dataclass(frozen=True)
class ProgramChange:
    """What became of one file; ``how`` is added, removed, changed, renamed or reworded.

    ``reworded`` is a change of comments and layout only. ``lines`` are those that went
    (``- …``) and came (``+ …``).
    """

    kind: str
    name: str
    how: str
    summary: str = ""
    was: str = ""
    lines: tuple[str, ...] = ()


def compare_programs(old: Mapping[str, Program], new: Mapping[str, Program]) -> list[ProgramChange]:
    """Compare the files of two sides, by name, by code, and by content."""
    found = []
    gone = {name: old[name] for name in old.keys() - new.keys()}
    come = {name: new[name] for name in new.keys() - old.keys()}
    for name, was in _renamed(gone, come):
        program, before = come.pop(name), gone.pop(was)
        lines = _lines(before, program)
        found.append(
            ProgramChange(program.kind, name, "renamed", program.summary, was, tuple(lines))
        )
    for program in gone.values():
        found.append(ProgramChange(program.kind, program.name, "removed", program.summary))
    for program in come.values():
        found.append(ProgramChange(program.kind, program.name, "added", program.summary))
    for name in old.keys() & new.keys():
        before, program = old[name], new[name]
        if before.text == program.text:
            continue
        lines = _lines(before, program)
        how = "changed" if lines else "reworded"
        found.append(ProgramChange(program.kind, name, how, program.summary, lines=tuple(lines)))
    order = {"removed": 0, "changed": 1, "renamed": 2, "added": 3, "reworded": 4}
    return sorted(found, key=lambda c: (order[c.how], c.kind, c.name))


def _renamed(gone: Mapping[str, Program], come: Mapping[str, Program]) -> Iterable[tuple[str, str]]:
    taken: set[str] = set()
    for name, program in sorted(come.items()):
        same = [
            was
            for was, before in sorted(gone.items())
            if was not in taken
            and before.kind == program.kind
            and (
                before.meaning() == program.meaning()
                or (program.code and before.code == program.code)
            )
        ]
        if same:
            taken.add(same[0])
            yield name, same[0]


def _lines(before: Program, after: Program) -> list[str]:
    return [
        f"{line[0]} {line[1:]}"
        for line in difflib.unified_diff(before.meaning(), after.meaning(), lineterm="", n=0)
        if line[:1] in "+-" and line[:3] not in ("---", "+++")
    ]
