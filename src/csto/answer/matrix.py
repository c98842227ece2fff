"""A list as a matrix whose cells say what is known: a value, or which absence it is.

A cell is what its things say, "possibly" where they hold only possibly on the day, "open"
where no source says whether they hold then. Without a thing, the coverage ledger decides:
"none" where a list that the graph has whole has none, "none told" where sources were looked
through, and a blank where nobody looked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import NamedNode

from csto.answer.citations import Grounds, in_one_line
from csto.answer.coverage import ATTESTED, COMPLETE, OUTSIDE, Absence, Ledger
from csto.answer.holding import CERTAIN_WORD, OPEN_WORD, POSSIBLE_WORD, holding
from csto.answer.listing import Lister, Question
from csto.errors import InputError
from csto.graph.reader import Reader
from csto.vocabulary import csto

NO, NONE_TOLD = "none", "none told"
_SAID = {CERTAIN_WORD: "", POSSIBLE_WORD: "possibly", OPEN_WORD: OPEN_WORD}
_UNRECORDED = "not recorded"
_MARK = {COMPLETE: NO, ATTESTED: NONE_TOLD, OUTSIDE: "", "": ""}
LEGEND = (
    f'"{NO}": a list of which the graph has every item has none; "{NONE_TOLD}": no source that was '
    f'read tells of any; "possibly" and "{OPEN_WORD}": on some readings, or no source of the graph '
    "says whether then; a blank: not covered"
)
CITED = ("row", "column", "cell", "passages")


@dataclass
class Cell:
    """What stands in a cell, and the passages behind it."""

    text: str
    passages: list[str] = field(default_factory=list)


@dataclass
class Matrix:
    """What rows and columns are, their names, and the cells by both."""

    corner: str
    across: str
    rows: list[str]
    columns: list[str]
    cells: dict[tuple[str, str], Cell]

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Heads and rows of text."""
        heads = [self.corner, *self.columns]
        return heads, [
            [row, *(self.cells[row, column].text for column in self.columns)] for row in self.rows
        ]

    def turned(self) -> Matrix:
        """The same with rows and columns exchanged."""
        cells = {(column, row): cell for (row, column), cell in self.cells.items()}
        return Matrix(self.across, self.corner, self.columns, self.rows, cells)

    def cited(self) -> list[list[str]]:
        """A row of :data:`CITED` for each cell that has something to cite."""
        return [
            [row, column, cell.text, in_one_line(cell.passages)]
            for row in self.rows
            for column in self.columns
            if (cell := self.cells[row, column]).passages
        ]


def matrix(
    lister: Lister, question: Question, rows: str, across: str, value: str, *, on_day: bool
) -> Matrix:
    """The things of a question by two columns.

    Args:
        lister: asks as of a day.
        question: which things.
        rows: the column of the list whose values are the rows.
        across: the column whose values are the columns.
        value: the column that a cell shows; empty for how many there are.
        on_day: whether only what can hold on the day counts.

    Raises:
        InputError: for a column that nothing is called.
    """
    if not rows or not across:
        raise InputError("a matrix needs --rows COLUMN and --columns COLUMN")
    return _Maker(lister, question, rows, across, value, on_day).make()


class _Maker:
    def __init__(
        self, lister: Lister, question: Question, rows: str, across: str, value: str, on_day: bool
    ) -> None:
        self.lister = lister
        self.question = question
        self.sides = [lister.maker.column(rows), lister.maker.column(across)]
        self.value = value
        self.on_day = on_day
        self.ledger = Ledger(lister.dataset)
        self.holding = holding(lister.dataset, lister.day) if on_day else {}
        self.reader = Reader(lister.dataset)
        self.grounds = Grounds(lister.dataset, lister.day)
        self.day = date.fromisoformat(lister.day).toordinal()

    def make(self) -> Matrix:
        at: dict[tuple[NamedNode | None, NamedNode | None], list[NamedNode]] = defaultdict(list)
        told: dict[NamedNode, list[str]] = {}
        lines = "\n".join(self.lister.maker.pattern(self.question))
        (_, row_path), (_, across_path) = self.sides
        shown = ""
        if self.value in ("start", "end"):
            ends = "csto:acceptedEnd|csto:acceptedLastDay"
            starts = "csto:acceptedDate|csto:acceptedStart"
            shown = f"OPTIONAL {{ ?thing {starts if self.value == 'start' else ends} ?told }}"
        elif self.value:
            shown = f"OPTIONAL {{ ?thing {self.lister.maker.column(self.value)[1]} ?told }}"
        for found in self.lister.run(
            f"SELECT ?thing ?row ?across {'?told' if shown else ''} {{ "
            f"{{ SELECT DISTINCT ?thing {{ {lines} }} }} OPTIONAL {{ ?thing {row_path} ?row }} "
            f"OPTIONAL {{ ?thing {across_path} ?across }} {shown} }}"
        ):
            thing = found["thing"]
            place = found["row"], found["across"]
            if thing not in at[place]:
                at[place].append(thing)
            if shown and found["told"] is not None:
                text = self.reader.show(found["told"])
                if text not in told.setdefault(thing, []):
                    told[thing].append(text)
        cells: dict[tuple[str, str], Cell] = {}
        names = {node: self._name(node) for place in at for node in place}
        sides = [
            sorted({place[n] for place in at}, key=lambda node: (node is None, names[node]))
            for n in (0, 1)
        ]
        for row in sides[0]:
            for across in sides[1]:
                things = at.get((row, across), [])
                cells[names[row], names[across]] = (
                    self._filled(things, told) if things else self._empty(row, across)
                )
        return Matrix(
            self.sides[0][0],
            self.sides[1][0],
            list(dict.fromkeys(names[node] for node in sides[0])),
            list(dict.fromkeys(names[node] for node in sides[1])),
            cells,
        )

    def _name(self, node: NamedNode | None) -> str:
        if node is None:
            return _UNRECORDED
        return self.reader.text(node, "abbreviation") or self.reader.show(node)

    def _filled(self, things: list[NamedNode], told: dict[NamedNode, list[str]]) -> Cell:
        by_width: dict[str, list[NamedNode]] = defaultdict(list)
        for thing in things:
            by_width[self._width(thing)].append(thing)
        if not any(by_width[width] for width in ("", "possibly", OPEN_WORD)):
            return Cell("")
        parts = []
        for width in ("", "possibly"):
            said = list(dict.fromkeys(text for t in by_width[width] for text in told.get(t, [])))
            if by_width[width] and not said:
                said = ["yes" if self.value else str(len(by_width[width]))]
            parts += [f"possibly {text}" if width else text for text in said]
        return Cell("; ".join(parts) or OPEN_WORD, self.grounds.of(things))

    def _width(self, thing: NamedNode) -> str:
        """How surely a thing holds on the day: in words, with none for surely."""
        if not self.on_day:
            return ""
        word = self.holding.get(thing)
        return "not then" if word is None else _SAID[word]

    def _empty(self, row: NamedNode | None, across: NamedNode | None) -> Cell:
        """What an empty cell says, by the narrowest entry of the ledger about it."""
        if row is None or across is None:
            return Cell("")
        for subject, within, (_, path) in (
            (row, across, self.sides[0]),
            (across, row, self.sides[1]),
        ):
            steps = path.strip("()").split("|")
            for cls in self.lister.ask.wider(self.question.kinds[0]):
                for step in steps:
                    absence = Absence(cls.value, csto(step.partition(":")[2]).value)
                    if not self.ledger.about(absence):
                        continue
                    places = [within.value, *self._around(within)]
                    for place in places:
                        extent = self.ledger.extent(
                            absence, subject.value, self.day, self.day + 1, place
                        )
                        if extent:
                            lists = self.ledger.lists(absence, subject.value, place, extent)
                            return Cell(_MARK[extent], lists if extent == COMPLETE else [])
        return Cell("")

    def _around(self, node: NamedNode) -> list[str]:
        """What a thing belongs to: a roll call lies within the body that held it."""
        return [
            value.value
            for value in (*self.reader.objects(node, "agent"), *self.reader.objects(node, "partOf"))
            if isinstance(value, NamedNode)
        ]


__all__ = ["CITED", "LEGEND", "Cell", "Matrix", "matrix"]
