"""The order in which rules run, computed from what they read, negate and write.

Rules that feed each other are one component, and run together until nothing is new; a
component runs when all that it reads is complete. Nothing of this is written by hand.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from csto.errors import InputError
from csto.rules.rule import Rule, Signature

_Writers = defaultdict[str | None, defaultdict[str | None, list[int]]]


@dataclass(frozen=True, eq=False)
class Component:
    """Rules that run together.

    ``level`` is one more than the highest level of what it reads; ``recursive`` says
    whether its rules read what they make.
    """

    rules: tuple[Rule, ...]
    level: int
    recursive: bool


@dataclass
class _Edges:
    """Which rules each rule must wait for, or feed."""

    after: list[set[int]]
    # Pairs of a rule and one that negates what it makes.
    negated: set[tuple[int, int]]


def ordered(rules: Iterable[Rule]) -> list[Component]:
    """Rules as components, each after those whose results it reads.

    The order is the same whatever the order in which the rules are given.

    Raises:
        InputError: for a circle through a negation, naming its files.
    """
    nodes = sorted(rules, key=lambda rule: rule.name)
    edges = _edges(nodes)
    groups = _strong(edges.after)
    where = {index: number for number, group in enumerate(groups) for index in group}
    for one, other in sorted(edges.negated):
        if where[one] == where[other]:
            raise _circle(nodes, edges.after, one, other)
    waits: list[set[int]] = [set() for _ in groups]
    feeds: list[set[int]] = [set() for _ in groups]
    for index, later in enumerate(edges.after):
        for other in later:
            if where[index] != where[other]:
                feeds[where[index]].add(where[other])
                waits[where[other]].add(where[index])
    levels = [0] * len(groups)
    found: list[Component] = []
    left = [len(wait) for wait in waits]
    ready = [(min(groups[number]), number) for number in range(len(groups)) if not left[number]]
    heapq.heapify(ready)
    while ready:
        _, number = heapq.heappop(ready)
        members = sorted(groups[number])
        recursive = any(members[0] in edges.after[index] for index in members) or len(members) > 1
        found.append(Component(tuple(nodes[index] for index in members), levels[number], recursive))
        for later_group in feeds[number]:
            levels[later_group] = max(levels[later_group], levels[number] + 1)
            left[later_group] -= 1
            if not left[later_group]:
                heapq.heappush(ready, (min(groups[later_group]), later_group))
    return sorted(found, key=lambda component: (component.level, component.rules[0].name))


def _edges(nodes: Sequence[Rule]) -> _Edges:
    # Rules by the property and by the object that they write, None for any.
    writers: _Writers = defaultdict(lambda: defaultdict(list))
    for index, rule in enumerate(nodes):
        for predicate, thing in rule.writes:
            writers[predicate][thing].append(index)
    after: list[set[int]] = [set() for _ in nodes]
    negated: set[tuple[int, int]] = set()
    for index, rule in enumerate(nodes):
        for negating, signatures in ((False, rule.reads), (True, rule.negates)):
            for read in signatures:
                for predicate, writer in _meeting(writers, read):
                    if predicate is None and read[0] in nodes[writer].excepted:
                        continue
                    after[writer].add(index)
                    if negating:
                        negated.add((writer, index))
    return _Edges(after, negated)


def _meeting(writers: _Writers, read: Signature) -> Iterator[tuple[str | None, int]]:
    """Rules that can make what a pattern reads, each with the property it writes."""
    predicate, thing = read
    for one in writers if predicate is None else (predicate, None):
        by_thing = writers.get(one)
        if by_thing is None:
            continue
        for other in by_thing if thing is None else (thing, None):
            for writer in by_thing.get(other, ()):
                yield one, writer


def _strong(after: Sequence[set[int]]) -> list[list[int]]:
    """Strongly connected components. R. Tarjan, "Depth-first search" (1972), without recursion."""
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    open_: list[int] = []
    is_open: set[int] = set()
    found: list[list[int]] = []
    for root in range(len(after)):
        if root in number:
            continue
        path = [(root, iter(sorted(after[root])))]
        number[root] = low[root] = len(number)
        open_.append(root)
        is_open.add(root)
        while path:
            node, following = path[-1]
            for other in following:
                if other not in number:
                    number[other] = low[other] = len(number)
                    open_.append(other)
                    is_open.add(other)
                    path.append((other, iter(sorted(after[other]))))
                    break
                if other in is_open:
                    low[node] = min(low[node], number[other])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == number[node]:
                    group: list[int] = []
                    while not group or group[-1] != node:
                        group.append(open_.pop())
                        is_open.discard(group[-1])
                    found.append(group)
    return found


def _circle(nodes: Sequence[Rule], after: Sequence[set[int]], one: int, other: int) -> InputError:
    """Rule ``other`` negates what ``one`` makes, and ``one`` needs what ``other`` makes."""
    before: dict[int, int] = {other: other}
    waiting = [other]
    while one not in before:
        index = waiting.pop(0)
        for following in sorted(after[index]):
            if following not in before:
                before[following] = index
                waiting.append(following)
    path = [one]
    while path[-1] != other:
        path.append(before[path[-1]])
    names = [_file(nodes[index]) for index in reversed(path)]
    shown = " → ".join([*names, names[0]])
    return InputError(
        f"{_origin(nodes[other])}: it negates what {_file(nodes[one])} makes, which depends on it "
        f"({shown}); give what the negation reads a property of its own that is made before"
    )


def _file(rule: Rule) -> str:
    return rule.because if rule.axiom else Path(rule.origin).name


def _origin(rule: Rule) -> str:
    return "ontology" if rule.axiom else f"{rule.origin}:1"


def described(components: Iterable[Component]) -> str:
    """The order for people: one line for each component, the rules of a circle together."""
    lines: list[str] = []
    for component in components:
        names = [rule.because if rule.axiom else rule.code for rule in component.rules]
        shown = "  + ".join(names) if len(names) > 1 else names[0]
        again = "  (until nothing is new)" if component.recursive else ""
        again += "  (when asked)" if component.rules[0].when_asked else ""
        lines.append(f"{component.level:3}  {shown}{again}")
    return "\n".join(lines) + "\n"
