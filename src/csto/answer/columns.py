"""Tables for people: as wide as the terminal, and no date, number or name broken.

Where the columns do not fit side by side, the column of identifiers goes first (data
formats have it); where they still do not fit, each row becomes a record of its own.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterable, Sequence

from csto.answer.dates import cell_in_words

_GAP = 2
# Words beyond this many letters may break at a hyphen.
_LONG = 12
_COMPOUND = re.compile(r"[(\"“]?[^\W\d]+(?:-[^\W\d]+)+[)\"”,.;:]*")
# Rows that are looked at to share out the width.
_SAMPLE = 200
_HELD = "\u00a0"
_JOIN = "\u2060"
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}} (?:{_MONTH})(?: \d{{4}})?|(?:{_MONTH}|spring|summer|autumn|winter) \d{{4}})\b"
)
_ID = re.compile(r"[a-z][\w-]*:[\w./()#-]+|https?://\S+")


def width() -> int:
    """Columns of the terminal: ``COLUMNS`` where it is set, 100 where nothing is known."""
    return max(20, shutil.get_terminal_size((100, 24)).columns)


def table(
    names: Sequence[str], rows: Sequence[Sequence[str]], room: int, *, keep: bool = False
) -> str:
    """Rows as a table of at most ``room`` columns, or as records where they do not fit.

    Args:
        names: the heads.
        rows: text.
        room: columns of the terminal.
        keep: identifiers are what the table is about, and stay.
    """
    cells = [[_held(cell_in_words(cell)) for cell in row] for row in rows]
    heads = [_held(name) for name in names]
    if not keep and not _fits(heads, cells, room):
        at = _identifiers(cells, len(heads))
        if at is not None and len(heads) > 1:
            heads = [*heads[:at], *heads[at + 1 :]]
            cells = [[*row[:at], *row[at + 1 :]] for row in cells]
    if not _fits(heads, cells, room):
        return _records(heads, cells, room)
    widths = _widths(heads, cells, room)
    lines = [_line(heads, widths), ["─" * (sum(widths) + _GAP * (len(widths) - 1))]]
    lines += [_line(row, widths) for row in cells]
    return "\n".join(line.rstrip() for block in lines for line in block) + "\n"


def _identifiers(cells: list[list[str]], count: int) -> int | None:
    """The first column in which every cell that is filled is an identifier."""
    for at in range(count):
        filled = [row[at] for row in cells if row[at]]
        if filled and all(_ID.fullmatch(cell) for cell in filled):
            return at
    return None


def _held(text: str) -> str:
    """The text with dates that are not to be broken, held by spaces that do not break."""
    return _DATE.sub(lambda match: match[0].replace(" ", _HELD), text)


def _words(line: str) -> list[str]:
    return [word for part in line.split(" ") for word in _parts(part)]


def _parts(word: str) -> list[str]:
    """A long word with hyphens may break after one, unless it is an identifier."""
    if len(word) <= _LONG or not _COMPOUND.fullmatch(word):
        return [word]
    return [part for part in re.split(r"(?<=-)", word) if part]


def _least(cell: str) -> int:
    """The width below which a cell would have to be broken within a word or a date."""
    return max((len(word) for line in cell.splitlines() for word in _words(line)), default=0)


def _needs(names: list[str], cells: list[list[str]]) -> list[int]:
    needs = [max((len(word) for word in name.split()), default=0) for name in names]
    for row in cells:
        for at, cell in enumerate(row):
            needs[at] = max(needs[at], _least(cell))
    return needs


def _fits(names: list[str], cells: list[list[str]], room: int) -> bool:
    return sum(_needs(names, cells)) + _GAP * (len(names) - 1) <= room


def _widths(names: list[str], cells: list[list[str]], room: int) -> list[int]:
    """What each column needs, and the rest to those that would use it, the widest most."""
    widths = _needs(names, cells)
    wanted = [len(name) for name in names]
    for row in cells:
        for at, cell in enumerate(row):
            wanted[at] = max([wanted[at], *(len(line) for line in cell.splitlines())])
    left = room - sum(widths) - _GAP * (len(names) - 1)
    sample = cells[:: max(1, len(cells) // _SAMPLE)]
    while left > 0:
        short = [at for at, have in enumerate(widths) if have < wanted[at]]
        if not short:
            break
        # The column that makes most rows high is widened.
        high: dict[int, float] = dict.fromkeys(short, 0.0)
        for row in sample:
            heights = {at: len(row[at]) / widths[at] if widths[at] else 1.0 for at in short}
            highest = max(heights.values())
            for at, height in heights.items():
                high[at] += height if height >= highest else 0.0
        at = max(short, key=lambda one: (high[one], wanted[one] - widths[one], -one))
        step = min(left, wanted[at] - widths[at], 2)
        widths[at] += step
        left -= step
    return widths


def _line(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    blocks = [_wrapped(cell, have) for cell, have in zip(row, widths, strict=True)]
    height = max((len(block) for block in blocks), default=1)
    return [
        (" " * _GAP).join(
            (block[at] if at < len(block) else "").ljust(have)
            for block, have in zip(blocks, widths, strict=True)
        )
        for at in range(height)
    ]


def _wrapped(text: str, room: int) -> list[str]:
    """Lines of a text; a hyphen is no place to break, for ids and dates have them."""
    found: list[str] = []
    for line in text.splitlines():
        # A word that may break is offered in parts, with a mark where they are joined again.
        words = " ".join(_JOIN.join(_parts(word)) for word in line.split(" "))
        found += _filled(words, max(room, 1)) or [""]
    return [line.replace(_HELD, " ") for line in found] or [""]


def _filled(words: str, room: int) -> list[str]:
    lines = [""]
    for word in words.split(" "):
        for at, part in enumerate(word.split(_JOIN)):
            gap = "" if at or not lines[-1] else " "
            if lines[-1] and len(lines[-1]) + len(gap) + len(part) > room:
                lines.append(part)
            else:
                lines[-1] += gap + part
    return [piece for line in lines for piece in textwrap.wrap(line, room) or [""]]


def _records(names: list[str], cells: list[list[str]], room: int) -> str:
    column = max((len(name) for name in names), default=0)
    blocks = []
    for row in cells:
        lines = []
        for name, cell in zip(names, row, strict=True):
            if cell:
                first, *rest = _wrapped(cell, max(room - column - _GAP, 20))
                lines.append(f"{name:<{column}}  {first}")
                lines += [" " * (column + _GAP) + line for line in rest]
        blocks.append("\n".join(line.rstrip() for line in lines))
    return "\n\n".join(blocks) + "\n" if blocks else " ".join(names) + "\n"


def paragraph(text: str, room: int, first: str = "", rest: str | None = None) -> list[str]:
    """Lines of a text for people, in which no date, name with a hyphen or identifier is broken.

    Args:
        text: what is said.
        room: columns.
        first: what the first line begins with.
        rest: what the others begin with; as ``first`` if not given.
    """
    after = first if rest is None else rest
    lines = _wrapped(_held(text), room - max(len(first), len(after)))
    return [((after if at else first) + line).rstrip() for at, line in enumerate(lines)]


def fits(names: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> bool:
    """Whether rows stand side by side in so many columns."""
    return _fits(list(names), [[_held(cell_in_words(c)) for c in row] for row in rows], room)


def hits(found: Iterable[tuple[str, str, str, str, str, str]]) -> str:
    """What a search found: name, then kind, days and short name, then where the words stand."""
    room = width()
    blocks = []
    for short, kind, when, label, by, hit in found:
        lines = _wrapped(_held(label), room)
        told = " · ".join(part for part in (kind, when, by and f"by {by}", short) if part)
        lines += ["  " + line for line in _wrapped(_held(told), room - 2)]
        if hit:
            lines += [
                "  “" + line if at == 0 else "   " + line
                for at, line in enumerate(_wrapped(_held(hit + "”"), room - 3))
            ]
        blocks.append("\n".join(line.rstrip() for line in lines))
    return "\n\n".join(blocks) + "\n" if blocks else ""
