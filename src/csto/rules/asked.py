"""Rules that run when asked, and what of their results other rules need all the same.

A rule with the header ``#+ made: when asked`` makes so much that it runs only when somebody
names what it makes. Axioms about that run with it. Another rule may read it where its other
patterns say of which things: for these it is made beforehand. A pattern whose property or
class is a variable never matches it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from csto.errors import InputError
from csto.rules.order import Component
from csto.rules.rule import Rule, Signature, meet, signatures
from csto.sparql.dialect import Group, Pattern, is_variable
from csto.vocabulary import RDF

_TYPE = f"{RDF}type"


@dataclass(frozen=True, eq=False)
class Demand:
    """Things for which a rule that runs when asked is run beforehand.

    ``group`` finds them as values of ``name``, in patterns of the rule that reads the
    results; they are the values of ``variable`` in the rule that is run.
    """

    rule: Rule
    variable: str
    group: Group
    name: str


@dataclass(frozen=True)
class Asked:
    """The rules that run when asked; ``roots`` are those that read nothing of the others."""

    rules: frozenset[Rule] = frozenset()
    roots: frozenset[Rule] = frozenset()
    writes: frozenset[Signature] = frozenset()
    demands: tuple[Demand, ...] = ()

    def makes(self, pattern: Pattern, *bodies: Group) -> bool:
        """Whether a pattern names what these rules make."""
        return any(
            signature[0] is not None
            and signature != (_TYPE, None)
            and any(meet(signature, written) for written in self.writes)
            for signature in signatures([pattern], *bodies)
        )

    @property
    def classes(self) -> list[str]:
        """IRIs of the classes whose things these rules make."""
        return sorted({thing for p, thing in self.writes if p == _TYPE and thing})

    @property
    def terms(self) -> list[str]:
        """IRIs that name what these rules make: properties and classes."""
        return sorted({*self.classes, *(p for p, _ in self.writes if p not in (_TYPE, None))})


def asked_among(rules: Sequence[Rule], components: Iterable[Component]) -> Asked:
    """What of some rules runs when asked.

    Raises:
        InputError: for a rule that reads what is made when asked in a way that cannot be served.
    """
    chosen = {rule for rule in rules if rule.when_asked}
    if not chosen:
        return Asked()
    found = _with_axioms(chosen, rules)
    levels = {rule: component.level for component in components for rule in component.rules}
    for component in components:
        if len(found.rules & set(component.rules)) not in (0, len(component.rules)):
            raise _refused(component.rules[0], "feeds what is made when asked and reads it")
    for rule in rules:
        _check_negations(rule, found)
    demands: list[Demand] = []
    handed: set[str] = set()
    waiting = [r for r in rules if r not in found.rules and _patterns(r.body.patterns, r, found)]
    # What one rule hands on, such as the IRI of a thing that it was served, another may read.
    for rule in sorted(waiting, key=lambda rule: levels[rule]):
        subjects = {p[0] for p in _patterns(rule.body.patterns, rule, found)}
        for subject in sorted(subjects):
            new = list(_demands(rule, subject, found, levels))
            if not new and not any(p[1] in handed and p[2] == subject for p in rule.body.patterns):
                raise _refused(
                    rule,
                    "reads what is made when asked, and nothing made before says of which things; "
                    "name them in a pattern, or say #+ made: when asked",
                )
            demands += new
        handed |= {p for _, p, thing in rule.head if thing in subjects}
    return Asked(found.rules, found.roots, found.writes, tuple(demands))


def _with_axioms(chosen: set[Rule], rules: Sequence[Rule]) -> Asked:
    """With the axioms that read what the chosen rules make."""
    while True:
        writes = frozenset(s for rule in chosen for s in rule.writes)
        found = Asked(frozenset(chosen), writes=writes)
        more = {r for r in rules if r.axiom and _patterns(r.body.patterns, r, found)} - chosen
        if not more:
            roots = {r for r in chosen if not _patterns(r.body.patterns, r, found)}
            return Asked(found.rules, frozenset(roots), writes)
        chosen |= more


def _patterns(patterns: Iterable[Pattern], rule: Rule, asked: Asked) -> list[Pattern]:
    return [pattern for pattern in patterns if asked.makes(pattern, rule.body)]


def _check_negations(rule: Rule, asked: Asked) -> None:
    """What is denied is denied of a thing that was made; else something not asked were a no."""
    known = {p[0] for p in _patterns(rule.body.patterns, rule, asked)}
    for pattern in _negated(rule.body):
        if asked.makes(pattern, rule.body) and pattern[0] not in known:
            raise _refused(
                rule,
                f"denies {pattern[1]}, which is made when asked, of something that no pattern "
                "of its own names as made",
            )


def _negated(group: Group) -> Iterator[Pattern]:
    for inner in group.negations:
        yield from inner.patterns
        yield from _negated(inner)


def _demands(rule: Rule, subject: str, asked: Asked, levels: dict[Rule, int]) -> Iterator[Demand]:
    """How a rule says for which things something is to be made; nothing if it does not."""
    for one, predicate, name in _patterns(rule.body.patterns, rule, asked):
        if one != subject or not is_variable(name):
            continue
        served = [
            (root, head[2])
            for root in asked.roots
            for head in root.head
            if head[1] == predicate and is_variable(head[2]) and head[2] not in root.computed
        ]
        if not served:
            continue
        level = min(levels[root] for root, _ in served)
        late = [s for other, at in levels.items() if at >= level for s in other.writes]
        before = [
            pattern
            for pattern in rule.body.patterns
            if not any(meet(s, w) for s in signatures([pattern], rule.body) for w in late)
        ]
        group = _around(name, before, rule.body)
        if group is not None:
            yield from (Demand(root, variable, group, name) for root, variable in served)
            return


def _around(name: str, patterns: Sequence[Pattern], body: Group) -> Group | None:
    """The patterns that hang together with a variable; ``None`` if there is none."""
    known, left = {name}, list(patterns)
    kept: list[Pattern] = []
    while near := [p for p in left if known & {part for part in p if is_variable(part)}]:
        kept += near
        left = [p for p in left if p not in near]
        known |= {part for p in near for part in p if is_variable(part)}
    values = tuple(v for v in body.values if set(v.variables) <= known)
    return Group(tuple(kept), values=values) if kept else None


def _refused(rule: Rule, what: str) -> InputError:
    return InputError(f"{rule.origin}:1: the rule {what}")
