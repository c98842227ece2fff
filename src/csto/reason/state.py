"""What an evaluation works on: terms, triples, and the days on which triples hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from csto.reason.days import ALWAYS, Days
from csto.reason.index import Index, Triple
from csto.reason.terms import Terms


@dataclass
class State:
    """Triples, all that hold in any width on any day.

    ``held`` has for each width the days of the triples that do not hold always in all
    widths; such a triple is in each of them. What is in none of them holds always.
    """

    widths: int
    terms: Terms = field(default_factory=Terms)
    days: Days = field(default_factory=Days)
    index: Index = field(default_factory=Index)
    held: list[dict[Triple, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.held = self.held or [{} for _ in range(self.widths)]

    def add(self, triples: Iterable[Sequence[str]]) -> None:
        """Add triples that hold always, in the notation of N-Triples."""
        number, add, known = self.terms.number, self.index.add, self.terms.numbers.get
        for subject, predicate, thing in triples:
            # Most terms are known already, and there are many triples.
            one, two, three = known(subject), known(predicate), known(thing)
            add(
                number(subject) if one is None else one,
                number(predicate) if two is None else two,
                number(thing) if three is None else three,
            )

    def holds(self, triple: Triple, width: int) -> int:
        """The days on which a triple that is in the index holds in a width."""
        return self.held[width].get(triple, ALWAYS)

    def opposite(self, width: int) -> int:
        """The width in which something negated in a width is looked for."""
        return 0 if width else self.widths - 1

    def spelt(self, triple: Triple) -> tuple[str, str, str]:
        """A triple in the notation of N-Triples."""
        texts = self.terms.texts
        return texts[triple[0]], texts[triple[1]], texts[triple[2]]
