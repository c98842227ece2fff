"""On which days each relation holds that does not hold always: the slices of all days in one table.

A slice is filled from here, whatever the day, without reasoning; and it can be said since
when and until when a relation holds.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any

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
    kept, texts = _taken_apart(data)
    days = Days()
    for changes in kept["days"]:
        days.number(tuple(changes))
    widths = len(kept["rows"][0]) - 1 if kept["rows"] else len(WIDTHS)
    held: list[dict[Triple, int]] = [{} for _ in range(widths)]
    lines = _on_day(b"".join(texts), ANY_DAY.value).replace(b"\n", b" .\n")
    triples = (quad.triple for quad in parse(input=lines, format=RdfFormat.N_TRIPLES))
    for (*sets, _), text in zip(kept["rows"], texts, strict=True):
        for triple in islice(triples, text.count(b"\n")):
            for table, number in zip(held, sets, strict=True):
                if number != NEVER:
                    table[triple] = number
    return Spans(days, held)


def slices_from_bytes(
    data: bytes, day: str, graphs: Sequence[NamedNode], properties: Collection[str] | None = None
) -> bytes:
    """What the slices of one day hold as N-Quads, without making a table of all days.

    Args:
        data: the table as the cache has it.
        day: ``YYYY-MM-DD``.
        graphs: the slice of each width.
        properties: in angle brackets; only triples of these are taken, if they are given.

    Raises:
        ValueError: if the data are not of that form.
    """
    kept, texts = _taken_apart(data)
    number, literal = date.fromisoformat(day).toordinal(), _date(day)
    on = [bisect_right(changes, number) % 2 for changes in kept["days"]]
    ends = [f" {graph} .\n".encode() for graph in graphs]
    found = [
        f"{graph} {property_} {thing} {graph} .\n".encode()
        for graph, width in zip(graphs, WIDTHS, strict=True)
        for property_, thing in ((csto("day"), literal), (csto("certainty"), width))
    ]
    wanted = None if properties is None else {name.encode() for name in properties}
    for (*sets, _), text in zip(kept["rows"], texts, strict=True):
        if not any(on[one] for one in sets):
            continue
        if wanted is not None:
            lines = text.split(b"\n")[:-1]
            text = b"".join(line + b"\n" for line in lines if line.split(b" ", 2)[1] in wanted)
        text = _on_day(text, day)
        found += [text.replace(b"\n", end) for end, one in zip(ends, sets, strict=True) if on[one]]
    return b"".join(found)


def properties_of(data: bytes) -> list[str]:
    """The properties of whatever holds on some days only, in angle brackets."""
    found: list[str] = json.loads(data.partition(b"\n")[0])["properties"]
    return found


def _taken_apart(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    head, _, rest = data.partition(b"\n")
    kept = json.loads(head)
    texts: list[bytes] = []
    at = 0
    for *_, size in kept["rows"]:
        texts.append(rest[at : at + size])
        at += size
    if at != len(rest):
        raise ValueError("cut off")
    return kept, texts


def _on_day(lines: bytes, day: str) -> bytes:
    """With a day where its place is kept; a text in quotes that says the same stays as it is."""
    return lines.replace(f" {THE_DAY}\n".encode(), f" {_date(day)}\n".encode())


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
