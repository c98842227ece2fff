"""What each run of a component made: by which rule, at which stage, in which width, on which days.

A stage is the level of a component and the generation within it. Premises are always of a
lower stage than what follows from them, on each day; so a proof that goes down the stages
comes to an end. Of several rules that make a triple at one stage, the first by name is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from csto.reason.days import ALWAYS, Days
from csto.reason.index import Triple
from csto.rules.rule import Rule

Stage = tuple[int, int]
# Before everything that is derived.
GIVEN: Stage = (-1, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one rule made in one generation: triples, and the days that are new for each.

    ``width`` is ``None`` for what holds in all widths whatever the day; then ``days`` is empty.
    """

    stage: Stage
    rule: Rule
    width: int | None
    made: Sequence[Triple]
    days: Sequence[int] = ()

    def items(self) -> Iterable[tuple[Triple, int]]:
        """Triples with their days."""
        return zip(self.made, self.days or repeat(ALWAYS), strict=False)


@dataclass(frozen=True, slots=True)
class Making:
    """How a triple came about on some days: the rule and the stage."""

    stage: Stage
    rule: Rule
    width: int | None
    days: int


@dataclass
class Log:
    """All entries, and for each triple how it came about."""

    entries: list[Entry] = field(default_factory=list)
    _of: dict[Triple, list[Making]] = field(default_factory=dict)
    _seen: int = 0

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)

    def of(self, triple: Triple) -> list[Making]:
        """How a triple came about, lowest stage first; empty for what is given."""
        for entry in self.entries[self._seen :]:
            for one, days in entry.items():
                making = Making(entry.stage, entry.rule, entry.width, days)
                self._of.setdefault(one, []).append(making)
        self._seen = len(self.entries)
        found = self._of.get(triple, [])
        if len(found) > 1:
            found.sort(key=lambda m: (m.stage, -1 if m.width is None else m.width, m.rule.name))
        return found

    def on(self, triple: Triple, day: int, width: int, days: Days) -> Making | None:
        """How a triple came about on a day in a width; ``None`` if it did not."""
        for making in self.of(triple):
            if making.width in (None, width) and (
                making.days == ALWAYS or days.has(making.days, day)
            ):
                return making
        return None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)
