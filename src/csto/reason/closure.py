"""Close graphs under axioms: semi-naive, one generation of new triples after the other.

An axiom is a rule of plain triple patterns with one pattern for its head. Each
generation starts from the triples that are new since the last: a rule is tried
only where one of its patterns matches one of them, and the other patterns are
looked up in the store. So a triple is worked on once, however many rounds there
are, and the time grows with what is concluded. Semi-naive evaluation: F. Bancilhon,
"Naive Evaluation of Recursively Defined Relations" (1986).

What a generation makes is written before the next begins, and each rule of a
generation counts a round of its own: premises always have a lower round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from time import perf_counter
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from csto.rules.rule import Pattern, Rule

# A place in a pattern: a variable by its number, or a term.
_Place = int | Any
_Key = tuple[Any, Any]


@dataclass(frozen=True)
class _Start:
    """One pattern of a rule as the place where a new triple comes in."""

    rule: Rule
    # Rules start in their order.
    order: int
    # How the new triple binds: for subject, predicate, object the variable or term there.
    here: tuple[_Place, _Place, _Place]
    # The other patterns, in an order in which each is joined to those before.
    others: tuple[tuple[_Place, _Place, _Place], ...]
    head: tuple[_Place, _Place, _Place]
    variables: int


@dataclass
class Closure:
    """Axioms over some graphs of a store.

    Args:
        store: is read and written.
        rules: axioms, as :func:`csto.rules.axioms.compile_axioms` makes them.
        graphs: those that are read; what is new goes to the last.
    """

    store: Store
    rules: Sequence[Rule]
    graphs: Sequence[NamedNode]
    _starts: dict[_Key, list[_Start]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._starts = _starts(tuple(self.rules))

    def all(self, graphs: Iterable[NamedNode]) -> Iterator[Triple]:
        """The triples of some graphs that an axiom can start from."""
        for graph in graphs:
            for predicate, thing in self._starts:
                for quad in self.store.quads_for_pattern(None, predicate, thing, graph):
                    yield quad.triple

    def run(
        self, triples: Iterable[Triple], seconds: dict[str, list[float]]
    ) -> Iterator[list[tuple[Rule, list[Triple]]]]:
        """What follows from new triples: for each generation, the rules and what they made.

        Args:
            triples: what is new; it stands in the store already.
            seconds: receives the times that the rules took, by code.
        """
        fresh = dict.fromkeys(triples)
        into = self.graphs[-1]
        while fresh:
            found: dict[Triple, None] = {}
            made: list[tuple[Rule, list[Triple]]] = []
            for start, matching in self._matching(fresh):
                began = perf_counter()
                new = [t for t in self._conclusions(start, matching) if self._unknown(t, found)]
                if new:
                    made.append((start.rule, new))
                seconds.setdefault(start.rule.code, []).append(perf_counter() - began)
            if made:
                self.store.extend(Quad(t.subject, t.predicate, t.object, into) for t in found)
                yield made
            fresh = found

    def _matching(self, fresh: Iterable[Triple]) -> Iterator[tuple[_Start, list[Triple]]]:
        """Where new triples come in: in the order of the rules."""
        buckets: dict[_Key, list[Triple]] = defaultdict(list)
        for triple in fresh:
            _, predicate, thing = triple
            for key in ((predicate, None), (predicate, thing), (None, None), (None, thing)):
                if key in self._starts:
                    buckets[key].append(triple)
        starts = [(start, key) for key in buckets for start in self._starts[key]]
        starts.sort(key=lambda pair: pair[0].order)
        for start, key in starts:
            yield start, buckets[key]

    def _unknown(self, triple: Triple, found: dict[Triple, None]) -> bool:
        if triple in found or isinstance(triple.subject, Literal):
            return False
        subject, predicate, thing = triple
        for graph in self.graphs:
            if Quad(subject, predicate, thing, graph) in self.store:
                return False
        found[triple] = None
        return True

    def _conclusions(self, start: _Start, triples: Iterable[Triple]) -> Iterator[Triple]:
        here, head, empty = start.here, start.head, [None] * start.variables
        for triple in triples:
            row = empty.copy()
            if _bind(here, triple, row):
                for full in self._join(start.others, row) if start.others else (row,):
                    terms: Any = (full[x] if type(x) is int else x for x in head)
                    yield Triple(*terms)

    def _join(self, patterns: tuple[Any, ...], row: list[Any]) -> Iterator[list[Any]]:
        if not patterns:
            yield row
            return
        pattern, rest = patterns[0], patterns[1:]
        subject, predicate, thing = (row[x] if type(x) is int else x for x in pattern)
        if isinstance(subject, Literal):
            return
        for graph in self.graphs:
            for quad in self.store.quads_for_pattern(subject, predicate, thing, graph):
                longer = row.copy()
                if _bind(pattern, quad.triple, longer):
                    yield from self._join(rest, longer)


def _bind(pattern: tuple[_Place, _Place, _Place], triple: Triple, row: list[Any]) -> bool:
    """Bind a pattern to a triple; false if a variable has another value already."""
    for place, term in zip(pattern, triple, strict=True):
        if type(place) is not int:
            # The keys of the index fix predicate and object; a subject may be fixed as well.
            if place != term:
                return False
        elif row[place] is None:
            row[place] = term
        elif row[place] != term:
            return False
    return True


@lru_cache(maxsize=8)
def _starts(rules: tuple[Rule, ...]) -> dict[_Key, list[_Start]]:
    found: dict[_Key, list[_Start]] = defaultdict(list)
    for order, rule in enumerate(rules):
        numbers: dict[str, int] = {}
        head = _places(rule.head[0], numbers)
        body = [_places(pattern, numbers) for pattern in rule.body]
        for index, here in enumerate(body):
            others = _joined(here, [p for i, p in enumerate(body) if i != index])
            _, predicate, thing = here
            key = (
                None if type(predicate) is int else predicate,
                None if type(thing) is int else thing,
            )
            found[key].append(_Start(rule, order, here, tuple(others), head, len(numbers)))
    return dict(found)


def _joined(here: Any, others: list[Any]) -> Iterator[Any]:
    """Patterns in an order in which each shares a variable with one before, if any does."""
    bound = {x for x in here if type(x) is int}
    left = list(others)
    while left:
        chosen = max(left, key=lambda p: sum(type(x) is not int or x in bound for x in p))
        left.remove(chosen)
        bound |= {x for x in chosen if type(x) is int}
        yield chosen


def _places(pattern: Pattern, numbers: dict[str, int]) -> tuple[_Place, _Place, _Place]:
    subject, predicate, thing = (
        numbers.setdefault(part, len(numbers)) if part.startswith("?") else _term(part)
        for part in pattern
    )
    return subject, predicate, thing


def _term(text: str) -> Any:
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    line = f"<urn:s> <urn:p> {text} .".encode()
    return next(iter(parse(input=line, format=RdfFormat.N_TRIPLES))).object
