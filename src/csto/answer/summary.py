"""A thing in brief: at most ten headings and 24 lines, made by a query of its class.

The query says what matters of a crisis or a state (its header has ``portrait:``); where
a class has none, the columns of its lists are shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolutions

from csto.answer.columns import paragraph
from csto.answer.coverage import BEFORE, COMPLETE, OUTSIDE, Ledger, absences, which_absence
from csto.answer.dates import in_words
from csto.answer.holding import CERTAIN_WORD, OPEN_WORD, POSSIBLE_WORD, UNTOLD, WIDTHS
from csto.answer.kinds import Asking
from csto.answer.query import bind, run
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader
from csto.sparql.saved import SavedQuery, saved_queries
from csto.vocabulary import RDF_TYPE, csto

LINES = 24
_HEADINGS = 10
_COLUMN = 16

Brief = list[tuple[str, list[str]]]
# Headings without items, with how far the graph looked for them.
Empty = dict[str, str]
# No absence is declared for a heading: how far the graph looked is not known.
UNSAID = "unsaid"
_ABSENT = {
    COMPLETE: "None, by a list that has every item",
    OUTSIDE: "Not covered",
    BEFORE: "Not yet founded, so nothing under",
    "": "The graph has nothing from its sources under",
    UNSAID: "Nothing is recorded under",
}


# What is put behind an item that does not certainly hold on the day.
_MARK = {CERTAIN_WORD: "", POSSIBLE_WORD: " (possibly)", OPEN_WORD: f" (open: {UNTOLD})"}


def brief(dataset: Dataset, node: NamedNode, day: str) -> tuple[Brief, Empty]:
    """Headings with their items, and those under which nothing is recorded, with how far the
    graph looked for it (as coverage entries say; empty where none does)."""
    reader = Reader(dataset)
    classes = [c for c in reader.objects(node, RDF_TYPE) if isinstance(c, NamedNode)]
    query = _portrait(dataset, classes)
    if query is None:
        return _columns(dataset, reader, node, classes), {}
    (param,) = query.params.values()
    text = bind(query, {param.name: node.value}, dataset.things)
    headings = _headings(query)
    found: dict[str, dict[str, str]] = {heading: {} for heading in headings}
    default, named = dataset.view(day)
    # What holds certainly, then what only possibly does, then what is open.
    for graph, word in zip((None, *named), (word for _, word in WIDTHS), strict=True):
        graphs = ([*default, graph] if graph else default, named)
        rows = cast(QuerySolutions, run(dataset, text, day, query.name, graphs))
        dated = any(variable.value == "date" for variable in rows.variables)
        for row in rows:
            heading, item = (getattr(row[n], "value", "") for n in ("heading", "item"))
            date = row["date"] if dated else None
            when = in_words(date.value) if isinstance(date, Literal) else ""
            found.setdefault(heading, {}).setdefault(_told(item, when), word)
    shown = [
        (heading, [item + _MARK[word] for item, word in items.items()])
        for heading, items in found.items()
        if items
    ]
    empty = [heading for heading in headings if not found[heading]]
    return shown[:_HEADINGS], _looked(dataset, query, empty, node, day)


def _looked(
    dataset: Dataset, query: SavedQuery, empty: Sequence[str], node: NamedNode, day: str
) -> Empty:
    """How far the graph looked for what empty headings would show, as the query declares it."""
    ledger, ask = Ledger(dataset), Asking(dataset.store)
    declared = {absence.under: absence for absence in absences(query)}
    looked = {}
    for heading in empty:
        looked[heading] = UNSAID
        if absence := declared.get(heading):
            # What holds on some days is asked for on the day; what happened, ever.
            on = day if ask.is_below(NamedNode(absence.cls), "Situation") else ""
            subject, within = (node.value if name else "" for name in (absence.of, absence.within))
            looked[heading] = which_absence(ledger, absence, subject, within, on).extent
    return looked


def _told(item: str, when: str) -> str:
    """An item with its date, unless its label has the date already."""
    first, _, rest = item.partition(" ")
    if first == "to" and rest.lstrip("[")[:4].isdigit():
        return f"{when} – {in_words(rest)}"
    if not when:
        return item
    if item.startswith("no "):
        return f"{when}; {item}"
    return item if when in item or when.split()[-1] in item else f"{item}, {when}"


def _portrait(dataset: Dataset, classes: Sequence[NamedNode]) -> SavedQuery | None:
    wanted = {kind.value for kind in classes}
    for query in saved_queries(dataset.workspace):
        if query.portrait and csto(query.portrait).value in wanted:
            return query
    return None


def _headings(query: SavedQuery) -> list[str]:
    """The headings that a query can have, in its order."""
    return list(dict.fromkeys(re.findall(r'BIND\("([^"]+)" AS \?heading\)', query.text)))


def _columns(
    dataset: Dataset, reader: Reader, node: NamedNode, classes: Sequence[NamedNode]
) -> Brief:
    """What a list of such things would show."""
    ask = Asking(dataset.store)
    stated = [c for c in classes if c in ask.kinds]
    # The class with most columns is the one that says most.
    wanted = max((ask.columns(kind) for kind in stated), key=len, default=[])
    found: Brief = []
    dates = [*reader.objects(node, "acceptedDate"), *reader.objects(node, "acceptedStart")]
    ends = [*reader.objects(node, "acceptedEnd"), *reader.objects(node, "acceptedLastDay")]
    if dates:
        span = in_words(dates[0].value)
        if ends and ends[0] != dates[0]:
            span += f" – {in_words(ends[0].value)}"
        found.append(("When", [span]))
    for predicate in wanted:
        values = [reader.show(value) for value in reader.objects(node, predicate)]
        if values:
            label = dataset.things.label(predicate)
            found.append((label[:1].upper() + label[1:], values))
    return found[:_HEADINGS]


def empty_in_words(empty: Empty) -> list[str]:
    """Which absence it is under each empty heading, one line for each kind of absence."""
    told: dict[str, list[str]] = {}
    for heading, extent in empty.items():
        told.setdefault(_ABSENT.get(extent, _ABSENT[""]), []).append(
            heading[:1].lower() + heading[1:]
        )
    return [f"{words}: {', '.join(headings)}" for words, headings in sorted(told.items())]


def as_lines(parts: Brief, empty: Empty, width: int) -> list[str]:
    """A brief as lines for people, each heading with as many items as there is room for."""
    absent = [line for told in empty_in_words(empty) for line in paragraph(told, width, "", "  ")]
    room = LINES - len(absent)
    # Each heading may have the same number of lines; what one leaves, the others share.
    full = [_heading(heading, items, width, None) for heading, items in parts]
    share = 1
    while share < room and sum(min(len(lines), share + 1) for lines in full) <= room:
        share += 1
    found = [
        line
        for lines, (heading, items) in zip(full, parts, strict=True)
        for line in (lines if len(lines) <= share else _heading(heading, items, width, share))
    ]
    return found + absent


def _heading(heading: str, items: Sequence[str], width: int, most: int | None) -> list[str]:
    """One heading with its items; with at most so many lines, and what is left counted."""
    shown = len(items)
    while True:
        left = len(items) - shown
        text = "; ".join(items[:shown]) + (f"; and {left} more" if left and shown else "")
        told = text or f"{len(items)} in all"
        lines = paragraph(told, width, f"{heading:<{_COLUMN}}", " " * _COLUMN)
        if most is None or len(lines) <= most or shown == 0:
            return lines[: most or None]
        shown -= 1
