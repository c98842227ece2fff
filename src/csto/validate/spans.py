"""On which days each relation of the slices holds, found in one pass instead of one for each day.

A slice is the same from one boundary day to the next, a boundary being a day on which a
situation begins or ends. There are hundreds of them, and cutting each takes seconds too
many. So the rules of slices run once over a graph in which everything that holds on any
day stands together, and each triple carries the set of days on which it holds, as the
bits of a number: a conclusion holds on the days of all its premises, and on those of all
its derivations. That graph is no slice: nothing is answered from it but the question on
which days a triple holds.

The days are exact as long as rules of slices negate nothing that a slice adds; where they
do, the days are an upper bound (``exact`` is false), and who asks cuts the slices of those
days to be sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from csto.graph.dataset import TIMELESS, Dataset
from csto.reason.engine import FUNCTIONS
from csto.rules.rule import Pattern, Rule, Signature
from csto.sparql.rule_text import parts
from csto.sparql.text import answer
from csto.vocabulary import BASE, CSTO, XSD_DATE, csto

_DAY = f"<{CSTO}day>"
_CUT_OFF = f"<{CSTO}cutOff>"
# Stands for the day in triples that name it, such as csto:holdsOn.
ANY_DAY = Literal("0001-01-01", datatype=XSD_DATE)
_MAX_PASSES = 100


class NotSpannedError(Exception):
    """A rule of slices does what only single slices show."""


@dataclass
class Spans:
    """Days by triple: bit ``n`` of ``held[triple]`` is the ``n``-th of ``days``."""

    graph: NamedNode
    days: list[str]
    held: dict[Triple, int]
    exact: bool
    # Predicates whose object is the day itself.
    day_valued: frozenset[str]

    def of(self, premises: Sequence[Triple]) -> int:
        """The days on which all of some triples hold; what is timeless holds on all."""
        bits = self.all
        for triple in premises:
            bits &= self.held.get(triple, self.all)
        return bits

    @property
    def all(self) -> int:
        return (1 << len(self.days)) - 1

    def runs(self, bits: int) -> list[tuple[str, str]]:
        """First and last day of each run of days; the last is empty where it has no end."""
        found = []
        for holds, group in groupby(range(len(self.days)), key=lambda n: bits >> n & 1):
            if holds:
                numbers = list(group)
                after = numbers[-1] + 1
                last = _day_before(self.days[after]) if after < len(self.days) else ""
                found.append((self.days[numbers[0]], last))
        return found


def in_words(runs: Sequence[tuple[str, str]]) -> str:
    """``on 2005-01-01 and from 2006-01-01 to 2006-03-01``."""
    said = [
        f"from {first} on" if not last else f"on {first}" if first == last else f"{first} to {last}"
        for first, last in runs
    ]
    shown = said if len(said) <= 4 else [*said[:3], f"{len(said) - 3} more times"]
    return ", ".join(shown)


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def boundaries(dataset: Dataset) -> list[str]:
    """The days on which a slice can change, up to the end of the graph."""
    return _boundaries(dataset, _entry(dataset))


def _entry(dataset: Dataset) -> list[Rule]:
    """Rules that read the day of a slice, and so let situations hold on it."""
    return [
        rule
        for rule in dataset.rules
        if rule.stratum in ("slice", "dated") and any(p == _DAY for _, p, _ in rule.body)
    ]


def spans(dataset: Dataset, certainty: NamedNode) -> Spans:
    """Compute the days of everything that slices of one certainty hold.

    Writes the graph named in the result to the store of the dataset.

    Raises:
        NotSpannedError: if a rule compares the day of a slice with others, away from the
            rules that let situations hold on a day.
    """
    name = certainty.value.rpartition("/")[2]
    graph = NamedNode(f"{BASE}slice/every/{name}")
    rules = [rule for rule in dataset.rules if rule.stratum in ("slice", "dated")]
    entry = _entry(dataset)
    if not entry:
        raise NotSpannedError("no rule reads the day of a slice")
    days = _boundaries(dataset, entry)
    made = _Made(dataset.store, graph, len(days))
    _enter(dataset.store, entry, certainty, days, made)
    later = [rule for rule in rules if rule not in entry]
    day_valued = _day_valued(entry, later)
    # The order of a cut: rules of slices, axioms, dated rules.
    for stratum in ("slice", "axiom", "dated"):
        group = dataset.axioms if stratum == "axiom" else _of(later, stratum)
        for _, batch in groupby(group, key=lambda rule: rule.number):
            made.close(list(batch))
    exact = not any(made.writes(signature) for rule in later for signature in rule.negates)
    return Spans(graph, days, made.held, exact, frozenset(p[1:-1] for p in day_valued))


def _of(rules: Sequence[Rule], stratum: str) -> list[Rule]:
    return [rule for rule in rules if rule.stratum == stratum]


def _boundaries(dataset: Dataset, entry: Sequence[Rule]) -> list[str]:
    """Days with which the rules compare the day of a slice, up to the end of the graph."""
    predicates = {
        p
        for rule in entry
        for _, p, thing in (*rule.body, *rule.absent)
        if p.startswith("<") and thing.startswith("?") and p not in (_DAY, _CUT_OFF)
    }
    found = {
        quad.object.value
        for p in predicates
        for graph in TIMELESS
        for quad in dataset.store.quads_for_pattern(None, NamedNode(p[1:-1]), None, graph)
        if isinstance(quad.object, Literal) and quad.object.datatype == XSD_DATE
    }
    return sorted(day for day in found if day <= dataset.cut_off)


def _enter(
    store: Store, entry: Sequence[Rule], certainty: NamedNode, days: Sequence[str], made: _Made
) -> None:
    """Run the rules that read the day of a slice, for all days at once."""
    scratch = NamedNode(f"{BASE}slice/every/days")
    for day in days:
        node = NamedNode(f"{BASE}slice/{day}/every")
        store.add(Quad(node, csto("day"), Literal(day, datatype=XSD_DATE), scratch))
        store.add(Quad(node, csto("certainty"), certainty, scratch))
    number = {day: n for n, day in enumerate(days)}
    graphs = [*TIMELESS, scratch]
    for rule in entry:
        name = next(thing for _, p, thing in rule.body if p == _DAY).removeprefix("?")
        heads = [_compiled(pattern) for pattern in rule.head]
        for row, bits in _not_refuted(store, rule, name, graphs, number):
            for head in heads:
                made.add(_filled(head, {**row, name: ANY_DAY}), bits)
    store.remove_graph(scratch)


def _not_refuted(
    store: Store,
    rule: Rule,
    day: str,
    graphs: Sequence[NamedNode],
    number: dict[str, int],
) -> Iterator[tuple[dict[str, Any], int]]:
    """Rows of a body with their days, less the days on which a negation refutes them.

    Joins and a difference of sets: the engine would look for the negated pattern once
    for each of some hundred thousand pairs of a situation and a day. Days come together as
    one text for each row, since a row for each would cost more than the joins.
    """
    taken = parts(rule.text)
    inner = [text[text.index("{") + 1 : text.rindex("}")] for text in taken.negations]
    in_body = _variables(taken.body)
    shared = [sorted(in_body & _variables(text)) for text in inner]
    head = {p[1:] for pattern in rule.head for p in pattern if p.startswith("?")}
    every = (1 << len(number)) - 1

    def rows(names: set[str], body: str) -> Iterator[tuple[dict[str, Any], int]]:
        listed = " ".join(f"?{name}" for name in sorted(names - {day}))
        grouped = f"GROUP BY {listed}" if listed else ""
        text = (
            f"{taken.prologue} SELECT {listed} (GROUP_CONCAT(STR(?{day})) AS ?_days) "
            f"WHERE {{ {body} }} {grouped}"
        )
        for row in answer(store, text, graphs, functions=FUNCTIONS):  # type: ignore[union-attr]
            bits = 0
            for one in set(row["_days"].value.split()):
                bits |= 1 << number[one]
            yield {name: row[name] for name in names - {day}}, bits

    refuted = []
    for names, text in zip(shared, inner, strict=True):
        gone: dict[tuple[Any, ...], int] = {}
        for row, bits in rows({*names, day}, f"{taken.body} {text}"):
            gone[tuple(row[name] for name in names if name != day)] = (
                bits if day in names else every
            )
        refuted.append(gone)
    for row, bits in rows({*head, day}.union(*shared), taken.body):
        for names, gone in zip(shared, refuted, strict=True):
            bits &= ~gone.get(tuple(row[name] for name in names if name != day), 0)
        if bits:
            yield row, bits


def _variables(text: str) -> set[str]:
    return set(re.findall(r"[?$](\w+)", text))


def _day_valued(entry: Sequence[Rule], later: Sequence[Rule]) -> set[str]:
    """Predicates whose object is the day of a slice, such as csto:holdsOn.

    Raises:
        NotSpannedError: if a rule compares such a day, or computes with it: a day that
            stands for all days can only be joined.
    """
    found = {
        p
        for rule in entry
        for _, day_of, day in rule.body
        if day_of == _DAY
        for _, p, thing in rule.head
        if thing == day
    }
    for rule in sorted(later, key=lambda rule: rule.number):
        days = {thing for _, p, thing in rule.body if p in found and thing.startswith("?")}
        found |= {p for _, p, thing in rule.head if thing in days}
        for condition in _conditions(rule.text):
            if days & set(re.findall(r"[?$]\w+", condition)):
                raise NotSpannedError(f"rule {rule.code} compares the day of a slice")
    return found


def _conditions(text: str) -> Iterator[str]:
    """What stands in the brackets of FILTER and BIND."""
    for match in re.finditer(r"\b(?:FILTER|BIND)\s*\(", text):
        depth, at = 1, match.end()
        while depth and at < len(text):
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
        yield text[match.end() : at]


class _Made:
    """What holds on any day, with the days of each triple."""

    def __init__(self, store: Store, graph: NamedNode, days: int) -> None:
        self.store = store
        self.graph = graph
        self.every = (1 << days) - 1
        self.held: dict[Triple, int] = {}
        self.predicates: set[Any] = set()
        self._timeless: dict[Triple, bool] = {}

    def add(self, triple: Triple, bits: int) -> bool:
        """Let a triple hold on more days; whether that is new."""
        if isinstance(triple.subject, Literal) or self._known(triple):
            return False
        before = self.held.get(triple, 0)
        after = before | bits
        if after == before:
            return False
        if not before:
            self.store.add(Quad(triple.subject, triple.predicate, triple.object, self.graph))
            self.predicates.add(triple.predicate)
        self.held[triple] = after
        return True

    def writes(self, signature: Signature) -> bool:
        """Whether something of the slices can match a pattern of this signature."""
        predicate, thing = (None if part is None else NamedNode(part) for part in signature)
        if predicate is not None and predicate not in self.predicates:
            return False
        return any(
            (predicate is None or predicate == triple.predicate)
            and (thing is None or thing == triple.object)
            for triple in self.held
        )

    def _known(self, triple: Triple) -> bool:
        if triple not in self._timeless:
            s, p, o = triple
            self._timeless[triple] = any(Quad(s, p, o, g) in self.store for g in TIMELESS)
        return self._timeless[triple]

    def close(self, rules: Sequence[Rule]) -> None:
        """Run rules until no triple holds on more days."""
        due = list(rules)
        for _ in range(_MAX_PASSES):
            changed: set[Any] = set()
            for rule in due:
                changed |= self._apply(rule)
            if not changed:
                return
            due = [rule for rule in rules if _reads(rule, changed)]
        raise NotSpannedError("rules do not come to an end")

    def _apply(self, rule: Rule) -> set[Any]:
        heads = [_compiled(pattern) for pattern in rule.head]
        body = [_compiled(pattern) for pattern in rule.body]
        changed = set()
        # What is negated of a slice may be there on other days only: see ``Spans.exact``.
        negating = not any(self.writes(signature) for signature in rule.negates)
        for pattern in rule.body:
            # One premise at least is of the slices: the rest is timeless and closed already.
            if not (pattern[1].startswith("?") or NamedNode(pattern[1][1:-1]) in self.predicates):
                continue
            anchor = f"GRAPH {self.graph} {{ {' '.join(pattern)} }}"
            for row in self._rows(rule, anchor, negating):
                bits = self.every
                for premise in body:
                    bits &= self.held.get(_filled(premise, row), self.every)
                if bits:
                    for head in heads:
                        triple = _filled(head, row)
                        if self.add(triple, bits):
                            changed.add(triple.predicate)
        return changed

    def _rows(self, rule: Rule, anchor: str, negating: bool) -> Iterator[dict[str, Any]]:
        graphs = [*TIMELESS, self.graph]
        return _rows(self.store, rule, graphs, anchor, [self.graph], negating)


def _reads(rule: Rule, predicates: set[Any]) -> bool:
    return any(p is None or NamedNode(p) in predicates for p, _ in rule.reads)


def _rows(
    store: Store,
    rule: Rule,
    graphs: Sequence[NamedNode],
    anchor: str = "",
    named: Sequence[NamedNode] = (),
    negating: bool = True,
) -> Iterator[dict[str, Any]]:
    taken = parts(rule.text)
    negations = "\n".join(taken.negations) if negating else ""
    text = f"{taken.prologue} SELECT * WHERE {{ {anchor} {taken.body} {negations} }}"
    rows: Any = answer(store, text, graphs, named=named, functions=FUNCTIONS)
    names = [v.value for v in rows.variables]
    for row in rows:
        yield {name: row[name] for name in names if row[name] is not None}


@lru_cache(maxsize=4096)
def _compiled(pattern: Pattern) -> tuple[Any, ...]:
    return tuple(part[1:] if part.startswith("?") else _term(part) for part in pattern)


def _filled(pattern: tuple[Any, ...], row: dict[str, Any]) -> Triple:
    subject, predicate, thing = (row[p] if isinstance(p, str) else p for p in pattern)
    return Triple(subject, predicate, thing)


def _term(text: str) -> Any:
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    quad = next(iter(parse(input=f"<u:s> <u:p> {text} .".encode(), format=RdfFormat.TURTLE)))
    return quad.object
