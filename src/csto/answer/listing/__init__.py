"""One typed question made from the ontology: things of a kind, by their roles.

What the list leaves out is counted and said (:mod:`csto.answer.listing.remarks`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import cast

from pyoxigraph import NamedNode, QuerySolution, QuerySolutions

from csto.answer.dates import bounds, span_in_words
from csto.answer.kinds import ROLES, Asking, plural
from csto.answer.listing.question import CERTAINTY, YEAR, Maker, Question
from csto.answer.listing.remarks import Listed, Remarks
from csto.answer.query import run
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.vocabulary import shorten

__all__ = ["Listed", "Lister", "Question", "in_words"]

# What a list always shows, whatever the kind.
FIRST = ("thing", "start", "end", "label")


class Lister:
    """Answers questions over a dataset as of a day."""

    def __init__(self, dataset: Dataset, day: str) -> None:
        self.dataset = dataset
        self.day = day
        self.ask = Asking(dataset.store)
        self.maker = Maker(self.ask)
        self.remarks = Remarks(dataset, day, self.ask, self.run)

    def all_kinds(self) -> tuple[list[str], list[list[str]]]:
        """Every kind of which there are things: its plural, how many, its further words."""
        counted = {
            row["kind"]: getattr(row["count"], "value", "0")
            for row in self.run(
                "SELECT ?kind (COUNT(DISTINCT ?thing) AS ?count) { ?thing a ?kind } GROUP BY ?kind"
            )
        }
        words: dict[NamedNode, list[str]] = {}
        for word, nodes in self.ask.words.items():
            for node in nodes:
                if word != self.ask.kinds[node].label.casefold():
                    words.setdefault(node, []).append(word)
        rows = [
            [plural(kind.label), counted[node], ", ".join(sorted(words.get(node, ())))]
            for node, kind in self.ask.kinds.items()
            if node in counted
        ]
        return ["kind", "count", "also_called"], sorted(rows)

    def kinds_of(self, question: Question) -> tuple[list[str], list[list[str]]]:
        """Every kind of which there are things that a question without a kind asks for."""
        body = "\n".join(self.maker.pattern(question, kinds=False))
        things = {row["thing"] for row in self.run(f"SELECT DISTINCT ?thing {{ {body} }}")}
        counted = self.remarks.kinds(things)
        rows = [[plural(self.ask.kinds[kind].label), str(n)] for kind, n in counted.items()]
        return ["kind", "count"], sorted(rows, key=lambda row: (-int(row[1]), row[0]))

    def asked(self, question: Question) -> dict[str, str]:
        """The properties by which a question looks, each with the first thing that it names."""
        named = {**question.roles, **({"by": question.behalf} if question.behalf else {})}
        return {
            one.value: nodes[0].value
            for role, nodes in named.items()
            for one in self.ask.roles.get(role, ())
        }

    def in_words(self, question: Question) -> str:
        """What a question asks of its things, as a part of a sentence: "by Armenia to CSTO"."""
        kind = question.kinds[0]
        named = [
            *((self.ask.tie(kind, role), nodes) for role, nodes in question.roles.items()),
            ("on behalf of", question.behalf),
            ("by, to or about", question.with_),
            *(("with", nodes[:1]) for nodes in question.having),
        ]
        label = self.dataset.things.label
        return " ".join(f"{tie} {' and '.join(map(label, nodes))}" for tie, nodes in named if nodes)

    def run(self, text: str) -> list[QuerySolution]:
        """The rows of a query."""
        return list(cast(QuerySolutions, run(self.dataset, text, self.day, "csto list")))

    def answer(
        self,
        question: Question,
        show: Sequence[str] = (),
        *,
        cite: bool = False,
        most: int | None = None,
    ) -> Listed:
        """The list that a question asks for.

        Args:
            question: what is asked.
            show: columns; by default those that the ontology gives for the kind.
            cite: with the passages of each row, and those of what it follows from.
            most: only so many rows, the first ones, will be looked at.
        """
        names = [self.maker.column(name) for name in show if name not in FIRST]
        if not names:
            nodes = self.ask.columns(question.kinds[0])
            names = [(shorten(n.value).partition(":")[2], shorten(n.value)) for n in nodes]
        names = [(name, path) for name, path in names if path != YEAR]
        text = self.maker.rows(question, names, cite)
        last = [*([CERTAINTY] if question.held else []), *(["passage"] if cite else [])]
        columns = [*FIRST, *(name for name, _ in names), *last]
        rows: dict[NamedNode, list[str]] = {}
        for found in self.run(text):
            thing = found["thing"]
            if not isinstance(thing, NamedNode) or thing in rows:
                continue
            cells = [getattr(found[n], "value", "") for n in columns[1:]]
            cells[2] = cells[2] or shorten(thing.value)
            rows[thing] = [shorten(thing.value), *cells]
        order = sorted(rows, key=lambda thing: (_first_day(rows[thing]), rows[thing][3]))
        if cite:
            from csto.answer.citations import Grounds, in_one_line

            grounds = Grounds(self.dataset, self.day)
            for thing in order[:most]:
                rows[thing][-1] = in_one_line(grounds.of([thing]))
        listed = Listed(columns, [rows[thing] for thing in order], order, text)
        self._drop_empty(listed, show)
        listed.remarks = self.remarks.of(question, listed)
        return listed

    def _drop_empty(self, listed: Listed, show: Sequence[str]) -> None:
        """Columns of the ontology that no row fills are not shown."""
        if show or not listed.rows:
            return
        keep = [
            at
            for at, name in enumerate(listed.columns)
            if name in FIRST or any(row[at] for row in listed.rows)
        ]
        listed.columns = [listed.columns[at] for at in keep]
        listed.rows = [[row[at] for at in keep] for row in listed.rows]

    def count(self, question: Question, by: Sequence[str]) -> Listed:
        """How many things there are by one column, or by one and another across."""
        if not 1 <= len(by) <= 2:
            raise InputError("--count-by takes one column, or two")
        names = [self.maker.column(name) for name in by]
        if len({name for name, _ in names}) < len(names):
            raise InputError("--count-by needs two different columns")
        text = self.maker.counts(question, names)
        counted = [
            (
                [str(getattr(row[name], "value", "")) for name, _ in names],
                int(getattr(row["count"], "value", 0)),
            )
            for row in self.run(text)
        ]
        first = names[0][0]
        if len(names) == 1:
            rows = [[keys[0], str(number)] for keys, number in counted]
            return Listed([first, "count"], rows, [], text, self.remarks.of(question, None))
        across = sorted({keys[1] for keys, _ in counted}, key=lambda k: (k == "not recorded", k))
        table: dict[str, Counter[str]] = {}
        for keys, number in counted:
            table.setdefault(keys[0], Counter())[keys[1]] += number
        rows = [
            [key, *(str(table[key][name] or "") for name in across)]
            for key in sorted(table, key=lambda k: (-sum(table[k].values()), k))
        ]
        remarks = self.remarks.of(question, None)
        remarks.append(
            "one thing with several values counts once under each; a blank says that none "
            "is recorded, not that there was none"
        )
        return Listed([first, *across], rows, [], text, remarks)


def in_words(listed: Listed, ask: Asking) -> tuple[list[str], list[list[str]]]:
    """Columns and rows for people: no identifiers, spans and names of properties in words."""
    heads = [_heading(name, ask) for name in listed.columns]
    if "start" not in listed.columns:
        return heads, listed.rows
    columns = ["when", *heads[3:]]
    # What a rule made has no name, and its identifier is none.
    rows = [
        [span_in_words(row[1], row[2]), "" if row[3] == row[0] else row[3], *row[4:]]
        for row in listed.rows
    ]
    # An empty list has its heads but for the days.
    filled = [
        at
        for at in range(len(columns))
        if at > 1 or any(row[at] for row in rows) or (at == 1 and not rows)
    ]
    return [columns[at] for at in filled], [[row[at] for at in filled] for row in rows]


def _heading(name: str, ask: Asking) -> str:
    node = ask.properties.get(name.casefold())
    if node is None or name in FIRST or name in ROLES:
        return name
    return ask.label(node)


def _first_day(row: list[str]) -> str:
    """What a row is put in order by; what has no date comes last."""
    found = bounds(row[1:3])
    return found[0] if found else "~"
