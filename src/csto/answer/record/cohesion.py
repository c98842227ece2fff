"""How far the members of groups vote alike, year by year, beside drawn groups of the same size."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from csto.answer.record.columns import Columns
from csto.answer.record.members import Spell
from csto.answer.record.votes import MEASURES, group_counts, three

# Drawn with this seed, so that the same question gets the same answer.
DRAWS, SEED = 200, 1992


@dataclass(frozen=True)
class Cohesion:
    """One group in one year.

    ``means`` has each measure's mean over the roll calls for which it is defined; ``drawn``
    the fifth and the ninety-fifth of a hundred of the same means for groups of as many states,
    drawn from all that voted in that year.
    """

    group: str
    year: int
    roll_calls: int
    voting: tuple[int, int]
    certain: bool
    means: dict[str, float | None]
    drawn: dict[str, tuple[float, float] | None]


Counts = tuple[int, int, int]


def cohesion(
    columns: Columns, votes: object, spells: Sequence[Spell], years: tuple[int, int], draws: int
) -> list[Cohesion]:
    """Cohesion of groups over a span of years (both included).

    Args:
        votes: the table ``un-votes-mapped`` of a layer.
        spells: of the members of all groups; certain ones are also possible ones.
        draws: groups drawn for each year and size; 0 for none.
    """
    table = votes.filter(  # type: ignore[attr-defined]
        (votes.year >= years[0]) & (votes.year <= years[1])  # type: ignore[attr-defined]
    )
    schema = {"grouped": "string", "cow": "int32", "first": "string", "last": "string"}
    rows = [
        (f"{s.group}\t{certain}", s.cow, s.first, s.last)
        for s in spells
        for certain in (True, False)
        if s.certain or not certain
    ]
    counted: dict[tuple[str, int], dict[str, dict[int, Counts]]] = defaultdict(
        lambda: {"True": {}, "False": {}}
    )
    for row in columns.rows(group_counts(table, columns.given(rows, schema))):
        group, _, certain = row["grouped"].partition("\t")
        counts = (row["yes"], row["no"], row["abstained"])
        counted[group, row["year"]][certain][row["number"]] = counts
    baseline = _Baseline(columns, table, draws)
    found = []
    for (group, year), by_width in sorted(counted.items()):
        calls = by_width["False"]
        sizes = [sum(counts) for counts in calls.values()]
        found.append(
            Cohesion(
                group,
                year,
                len(calls),
                (min(sizes), max(sizes)),
                by_width["True"] == calls,
                means(calls.values()),
                baseline.of(year, round(fmean(sizes))),
            )
        )
    return found


def means(calls: Iterable[Counts]) -> dict[str, float | None]:
    """Each measure's mean over the roll calls for which it is defined."""
    counts = list(calls)
    made: dict[str, float | None] = {}
    for name, measure in MEASURES.items():
        values = [value for c in counts if (value := measure(*c)) is not None]
        made[name] = fmean(values) if values else None
    return made


def table(found: Sequence[Cohesion]) -> tuple[list[str], list[list[str]]]:
    """Columns and rows, one for each group and year."""
    heads = ["organization", "year", "roll_calls", "voting", "members_are"]
    for name in MEASURES:
        heads += [name, f"{name}_drawn_low", f"{name}_drawn_high"]
    rows = []
    for one in found:
        fewest, most = one.voting
        voting = str(most) if fewest == most else f"{fewest}-{most}"
        members = "certain" if one.certain else "possible"
        row = [one.group, str(one.year), str(one.roll_calls), voting, members]
        for name in MEASURES:
            low, high = one.drawn[name] or (None, None)
            row += [three(value) for value in (one.means[name], low, high)]
        rows.append(row)
    return heads, rows


class _Baseline:
    """Groups drawn from the states that voted in a year, each size and year once."""

    def __init__(self, columns: Columns, votes: object, draws: int) -> None:
        self.columns, self.votes, self.draws = columns, votes, draws
        self._years: dict[int, list[dict[int, int]]] = {}
        self._made: dict[tuple[int, int], dict[str, tuple[float, float] | None]] = {}

    def of(self, year: int, size: int) -> dict[str, tuple[float, float] | None]:
        if self.draws < 20 or size < 2:
            return dict.fromkeys(MEASURES)
        if (year, size) not in self._made:
            calls = self._calls(year)
            states = sorted({state for call in calls for state in call})
            chance = random.Random(f"{SEED} {year} {size}")
            drawn = [
                means(_counts(calls, chance.sample(states, min(size, len(states)))))
                for _ in range(self.draws)
            ]
            self._made[year, size] = {name: _middle([d[name] for d in drawn]) for name in MEASURES}
        return self._made[year, size]

    def _calls(self, year: int) -> list[dict[int, int]]:
        if not self._years:
            wanted = self.votes.select("year", "number", "cow", "stand")  # type: ignore[attr-defined]
            calls: dict[int, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
            for row in self.columns.rows(wanted):
                calls[row["year"]][row["number"]][row["cow"]] = row["stand"]
            self._years = {y: [c[n] for n in sorted(c)] for y, c in calls.items()}
        return self._years[year]


def _counts(calls: Iterable[dict[int, int]], group: Sequence[int]) -> Iterable[Counts]:
    for call in calls:
        stands = [call[state] for state in group if state in call]
        if stands:
            yield stands.count(1), stands.count(-1), stands.count(0)


def _middle(values: Sequence[float | None]) -> tuple[float, float] | None:
    """The fifth and the ninety-fifth of a hundred."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    edge = len(known) // 20
    return known[edge], known[-1 - edge]
