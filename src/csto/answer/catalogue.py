"""The saved questions: by group, by words, each with a call that has an answer."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from csto.answer import columns
from csto.answer.texts import TABLES, Texts
from csto.sparql.saved import SavedQuery

COLUMNS = ("query", "summary", "parameters", "example")


# So many questions that have most of the words make those with fewer needless.
_ENOUGH = 3


def having(queries: Sequence[SavedQuery], text: str) -> tuple[list[SavedQuery], list[str]]:
    """The questions that have the words, or most of them, best first; and what was understood."""
    if not text.strip():
        return list(queries), []
    index = sqlite3.connect(":memory:")
    index.executescript(TABLES)
    texts = Texts(index)
    texts.fill(_texts(at, query) for at, query in enumerate(queries))
    found = texts.search(text)
    lacking = sorted(rank.missing for rank in found.ranks.values())
    most = lacking[min(_ENOUGH, len(lacking)) - 1] if lacking else 0
    ranked = sorted(
        (rank.missing, rank.tier, rank.score, queries[at].name, at)
        for at, rank in found.ranks.items()
        # A question in which only some of the words stand is no answer where others have more.
        if rank.missing <= most
    )
    if lacking and lacking[0]:
        there = found.most - lacking[0]
        found.remarks.append(
            f"no question has all the words; the first have {there} of {found.most}"
        )
    return [queries[at] for *_, at in ranked], found.remarks


def _texts(at: int, query: SavedQuery) -> tuple[int, str, str, str, str]:
    """What a question is found by: title, other words for it, help, then names and columns."""
    params = " ".join(f"{p.name} {p.summary}" for p in query.params.values())
    told = " ".join((query.description, params, *query.notes, query.identity))
    columns_of = " ".join(re.findall(r"\?(\w+)", query.text.partition("WHERE")[0]))
    names = re.sub(r"[/_-]", " ", f"{query.name} {columns_of} {' '.join(query.example.values())}")
    return at, query.summary, query.asked, told, names


def parameters(query: SavedQuery) -> str:
    """The parameters as they are given: with a default, optional, or needed."""
    return " ".join(
        f"{p.name}={p.default}"
        if p.default is not None
        else f"{p.name}" + ("?" if p.optional else "")
        for p in query.params.values()
    )


def example(query: SavedQuery) -> str:
    """A call that has an answer."""
    given = [f"-p {key}={_quoted(value)}" for key, value in query.example.items() if key != "on"]
    day = [f"--on {query.example['on']}"] if "on" in query.example else []
    return " ".join(["csto query", query.name, *given, *day])


def _quoted(value: str) -> str:
    return value if re.fullmatch(r"[\w:./-]+", value) else f"'{value}'"


def row(query: SavedQuery) -> list[str]:
    """One row of the catalogue."""
    return [query.name, query.summary, parameters(query), example(query)]


def as_text(queries: Sequence[SavedQuery], *, grouped: bool = True) -> str:
    """The catalogue for people: questions with an example, under their groups or in their order."""
    room = columns.width()
    lines: list[str] = []
    group = None
    for query in queries:
        head = query.name.rpartition("/")[0]
        if grouped and head != group:
            group = head
            lines += ["", group.replace("/", ", ").replace("-", " ").upper()]
        lines += columns.paragraph(query.summary, room)
        lines += columns.paragraph(example(query), room, "    ", "        ")
    return "\n".join(lines).strip("\n") + "\n" if lines else ""
