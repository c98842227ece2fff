"""The saved questions: by group, by words, each with a call that has an answer."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from csto.answer import columns
from csto.sparql.saved import SavedQuery

COLUMNS = ("query", "summary", "parameters", "example")


def having(queries: Sequence[SavedQuery], text: str) -> list[SavedQuery]:
    """The questions that have all the words, best first; else those that have most of them."""
    asked = [_stem(word) for word in re.findall(r"\w+", text.casefold())]
    if not asked:
        return list(queries)
    counted = []
    for query in queries:
        title = f"{query.name} {query.summary}".casefold()
        params = " ".join(f"{p.name} {p.summary}" for p in query.params.values())
        rest = f"{query.description} {params} {' '.join(query.notes)}".casefold()
        first = sum(_has(title, word) for word in asked)
        all_of = sum(_has(title, word) or _has(rest, word) for word in asked)
        if all_of:
            counted.append((all_of, first, query))
    best = max((all_of for all_of, _, _ in counted), default=0)
    counted = [item for item in counted if item[0] == best]
    counted.sort(key=lambda item: (-item[1], item[2].name))
    return [query for _, _, query in counted]


def _stem(word: str) -> str:
    """The beginning of a word, without the endings that words for the same thing differ in."""
    return re.sub(r"(?<=\w{3})(?:ies|es|ed|ing|s|y)$", "", word)


def _has(text: str, stem: str) -> bool:
    return re.search(rf"\b{re.escape(stem)}", text) is not None


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


def as_text(queries: Sequence[SavedQuery]) -> str:
    """The catalogue for people: groups, and under each its questions with an example."""
    room = columns.width()
    lines: list[str] = []
    group = None
    for query in queries:
        head = query.name.rpartition("/")[0]
        if head != group:
            group = head
            lines += ["", group.replace("/", ", ").replace("-", " ").upper()]
        lines += textwrap.wrap(query.summary, room, break_on_hyphens=False)
        lines += textwrap.wrap(
            example(query),
            room,
            initial_indent="    ",
            subsequent_indent="        ",
            break_on_hyphens=False,
            break_long_words=False,
        )
    return "\n".join(lines).strip("\n") + "\n" if lines else ""
