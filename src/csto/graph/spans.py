"""On which days each relation holds that does not hold always: the slices of all days in one table.

A slice is filled from here, whatever the day, without reasoning; and it can be said since
when and until when a relation holds.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from csto.reason.days import ALWAYS, NEVER, Days
from csto.reason.evaluate import Evaluation
from csto.rules.program import THE_DAY
from csto.vocabulary import CERTAIN, OPEN, POSSIBLE, XSD, XSD_DATE, csto

# Stands for the day in triples that name it, such as csto:holdsOn.
ANY_DAY = Literal("0001-01-01", datatype=XSD_DATE)
WIDTHS = (CERTAIN, POSSIBLE, OPEN)

# A run of days, both included; None where nothing bounds it.
Run = tuple[date | None, date | None]


@dataclass
class Spans:
    """Days by triple, in each width; ``days`` has the sets that the numbers stand for."""

    days: Days
    held: list[dict[Triple, int]] = field(default_factory=list)

    def on(self, day: str, width: int, graph: NamedNode) -> Iterator[Quad]:
        """What the slice of a day holds."""
        number = date.fromisoformat(day).toordinal()
        literal = Literal(day, datatype=XSD_DATE)
        yield Quad(graph, csto("day"), literal, graph)
        yield Quad(graph, csto("certainty"), WIDTHS[width], graph)
        on = self._on(number)
        for triple, held in self.held[width].items():
            if on[held]:
                thing = literal if triple.object == ANY_DAY else triple.object
                yield Quad(triple.subject, triple.predicate, thing, graph)

    def _on(self, number: int) -> list[bool]:
        """Which of all sets have a day."""
        return [bool(bisect_right(changes, number) % 2) for changes in self.days.changes]

    def of(self, triple: Triple, width: int) -> list[Run]:
        """The runs of days on which a triple holds; one without bounds if it holds always."""
        return self.days.runs(self.held[width].get(triple, ALWAYS))

    def together(self, triples: Sequence[Triple], width: int) -> int:
        """The days on which all of some triples hold; what holds always holds on all."""
        found = ALWAYS
        for triple in triples:
            found = self.days.both[found, self.held[width].get(triple, ALWAYS)]
        return found

    @cached_property
    def boundaries(self) -> list[str]:
        """The days on which a slice can change."""
        used = {number for held in self.held for number in held.values()}
        return [day.isoformat() for day in self.days.boundaries(sorted(used))]


def spans_of(found: Evaluation) -> Spans:
    """The table of an evaluation."""
    state = found.state
    spans = Spans(state.days)
    number = state.terms.numbers.get(THE_DAY)
    for held in state.held:
        table: dict[Triple, int] = {}
        for (subject, predicate, thing), days in held.items():
            if days != NEVER:
                term = state.terms.term
                last = ANY_DAY if thing == number else term(thing)
                table[Triple(term(subject), term(predicate), last)] = days  # type: ignore[arg-type]
        spans.held.append(table)
    return spans


def spans_from_bytes(data: bytes) -> Spans:
    """The table as :func:`csto.graph.journal.spans_to_bytes` kept it.

    Raises:
        ValueError: if the data are not of that form.
    """
    kept = json.loads(data)
    days = Days()
    for changes in kept["days"]:
        days.number(tuple(changes))
    day = _date(ANY_DAY.value)
    lines = "".join(f"{s} {p} {day if o == THE_DAY else o} .\n" for s, p, o, *_ in kept["rows"])
    triples = [quad.triple for quad in parse(input=lines.encode(), format=RdfFormat.N_TRIPLES)]
    widths = len(kept["rows"][0]) - 3 if kept["rows"] else len(WIDTHS)
    held: list[dict[Triple, int]] = [{} for _ in range(widths)]
    for triple, row in zip(triples, kept["rows"], strict=True):
        for table, number in zip(held, row[3:], strict=True):
            if number != NEVER:
                table[triple] = number
    return Spans(days, held)


def slices_from_bytes(data: bytes, day: str, graphs: Sequence[NamedNode]) -> Iterator[Quad]:
    """What the slices of one day hold, without making a table of all days.

    Args:
        data: the table as the cache has it.
        day: ``YYYY-MM-DD``.
        graphs: the slice of each width.

    Raises:
        ValueError: if the data are not of that form.
    """
    kept = json.loads(data)
    number, literal = date.fromisoformat(day).toordinal(), _date(day)
    on = [bisect_right(changes, number) % 2 for changes in kept["days"]]
    lines = []
    for graph, width in zip(graphs, WIDTHS, strict=True):
        lines.append(f"{graph} {csto('day')} {literal} {graph} .\n")
        lines.append(f"{graph} {csto('certainty')} {width} {graph} .\n")
    for subject, predicate, thing, *held in kept["rows"]:
        said = f"{subject} {predicate} {literal if thing == THE_DAY else thing}"
        lines += [f"{said} {g} .\n" for g, n in zip(graphs, held, strict=True) if on[n]]
    return parse(input="".join(lines).encode(), format=RdfFormat.N_QUADS)


def _date(day: str) -> str:
    return f'"{day}"^^<{XSD}date>'


def since_until(runs: Sequence[Run], day: str, cut_off: str) -> str:
    """``since 2002-10-07``, ``until 2012-06-27``: the run that has a day.

    That the graph does not reach further is no end.
    """
    on, last_day = date.fromisoformat(day), date.fromisoformat(cut_off)
    for first, last in runs:
        if (first is None or first <= on) and (last is None or on <= last):
            since = f"since {first}" if first is not None else ""
            ends = last is not None and last != last_day
            return " ".join(part for part in (since, f"until {last}" if ends else "") if part)
    return ""


def in_words(runs: Sequence[Run]) -> str:
    """``on 2005-01-01 and from 2006-01-01 to 2006-03-01``."""
    said = [_said(*run) for run in runs]
    shown = said if len(said) <= 4 else [*said[:3], f"{len(said) - 3} more times"]
    return ", ".join(shown)


def _said(first: date | None, last: date | None) -> str:
    if first is None and last is None:
        return "always"
    if first is None:
        return f"to {last}"
    if last is None:
        return f"from {first} on"
    return f"on {first}" if first == last else f"{first} to {last}"
