"""Rules with what they say about days: which of their patterns and results depend on the day.

The day enters by patterns on the node that describes a slice
(``?slice csto:certainty certainty:certain ; csto:day ?day``). A rule may compare the day with
what does not depend on it, and hand it on as the object of a property such as csto:holdsOn.
It may do nothing else with it, so that one evaluation serves all days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from csto.errors import InputError
from csto.rules.asked import Asked, asked_among
from csto.rules.order import Component, ordered
from csto.rules.rule import Rule, Signature, meet
from csto.rules.termination import check_endings
from csto.sparql.dialect import Apply, Expression, Filter, Group, Pattern, is_variable, variables_of
from csto.vocabulary import CERTAIN, CSTO, OPEN, POSSIBLE

# Widths of days, each inside the next. What the narrowest negates is looked for in the
# widest, so that nothing is certain over something open; what the others negate, in the
# narrowest: whatever is not certain may not be.
WIDTHS: tuple[str, ...] = (str(CERTAIN), str(POSSIBLE), str(OPEN))

DAY_OF = f"<{CSTO}day>"
WIDTH_OF = f"<{CSTO}certainty>"
# Stands for the day of the slice in triples such as «situation holdsOn day».
THE_DAY = "?the day"

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


@dataclass
class Plan:
    """A rule without the patterns that describe a slice, and what it says of days."""

    rule: Rule
    body: Group
    # Variables whose value is the day.
    days: frozenset[str] = frozenset()
    # The widths in which it runs, by index; None: in all.
    widths: frozenset[int] | None = None
    # Whether its results depend on day or width.
    dated: bool = False


@dataclass
class Program:
    """All rules in their order."""

    components: list[Component]
    widths: tuple[str, ...]
    plans: dict[Rule, Plan] = field(default_factory=dict)
    # What can hold on some days or in some widths only.
    dated: set[Signature] = field(default_factory=set)
    # Properties whose object can be the day.
    of_day: set[str] = field(default_factory=set)
    # What runs only when asked.
    asked: Asked = field(default_factory=Asked)

    def is_dated(self, signatures: Iterable[Signature]) -> bool:
        """Whether something that holds on some days only can match."""
        named = {predicate for predicate, _ in self.dated}
        return any(
            meet(one, other)
            for one in signatures
            if one[0] is None or one[0] in named or None in named
            for other in self.dated
        )


def program(rules: Sequence[Rule], widths: tuple[str, ...] = WIDTHS) -> Program:
    """Order rules and check what they do with the day.

    Raises:
        InputError: for a circle through a negation, a rule that would never end, one that
            does more with the day than compare it, or one that reads what is made when
            asked in a way that cannot be served.
    """
    found = Program(ordered(rules), widths)
    found.asked = asked_among(rules, found.components)
    for component in found.components:
        check_endings(component.rules)
    for rule in rules:
        found.plans[rule] = _plan(rule, widths)
    _spread(found)
    for plan in found.plans.values():
        _check_day(plan)
        if plan.dated and plan.rule in found.asked.rules:
            raise _refused(plan.rule, "", "is made when asked, and so it cannot say of which day")
    return found


# The programs of the rules met last, which most graphs that one process makes have in common.
_MET: dict[tuple[tuple[str, ...], ...], Program] = {}
_MOST = 4


def program_of(rules: Sequence[Rule]) -> Program:
    """The program of some rules; for the same rules of the same files, the one made before.

    Raises:
        InputError: see :func:`program`.
    """
    key = tuple((rule.origin, rule.because, *rule.name) for rule in rules)
    found = _MET.pop(key, None) or program(rules)
    _MET[key] = found
    if len(_MET) > _MOST:
        del _MET[next(iter(_MET))]
    return found


def _plan(rule: Rule, widths: tuple[str, ...]) -> Plan:
    patterns = rule.body.patterns
    about = [p for p in patterns if p[1] in (DAY_OF, WIDTH_OF)]
    if not about:
        return Plan(rule, rule.body)
    kept = tuple(p for p in patterns if p not in about)
    slices = {p[0] for p in about}
    if any(part in slices for p in (*kept, *rule.head) for part in p):
        raise _refused(rule, next(iter(slices)), "names a slice beside its day and certainty")
    stated = {p[2] for p in about if p[1] == WIDTH_OF}
    # A rule of several widths lists them in VALUES.
    lists = [one for one in rule.body.values if set(one.variables) & stated]
    wanted = {row[0] for one in lists for row in one.rows} if lists else stated
    if len(stated) > 1 or any(part in stated for p in kept for part in p):
        raise _refused(rule, "certainty", "says of its slice more than one certainty")
    if not wanted <= set(widths):
        raise _refused(rule, "certainty", f"has a certainty other than {' or '.join(widths)}")
    chosen = frozenset(map(widths.index, wanted)) if stated else None
    days = frozenset(p[2] for p in about if p[1] == DAY_OF)
    body = Group(
        kept,
        rule.body.filters,
        rule.body.binds,
        tuple(one for one in rule.body.values if one not in lists),
        rule.body.negations,
        rule.body.text,
    )
    return Plan(rule, body, days, chosen, dated=True)


def _spread(found: Program) -> None:
    """Find what depends on the day by way of other rules."""
    plans = list(found.plans.values())
    for plan in plans:
        if plan.dated:
            found.dated |= plan.rule.writes
    changed = True
    while changed:
        changed = False
        for plan in plans:
            days = plan.days | {
                thing
                for _, predicate, thing in _all_patterns(plan.body)
                if predicate in found.of_day and is_variable(thing)
            }
            of_day = {p for _, p, thing in plan.rule.head if thing in days}
            if days != plan.days or not of_day <= found.of_day:
                plan.days = frozenset(days)
                found.of_day |= of_day
                changed = True
            if not plan.dated and found.is_dated(plan.rule.reads | plan.rule.negates):
                plan.dated = changed = True
                found.dated |= plan.rule.writes


def _all_patterns(group: Group) -> Iterator[Pattern]:
    yield from group.patterns
    for negation in group.negations:
        yield from _all_patterns(negation)


def _refused(rule: Rule, needle: str, what: str) -> InputError:
    return InputError(f"{rule.origin}:{rule.line(needle)}: the rule {what}")


def _check_day(plan: Plan) -> None:
    """The day is compared with what does not depend on it, or handed on, and nothing else."""
    rule, days = plan.rule, plan.days
    if not days:
        return
    for subject, predicate, thing in rule.head:
        for part in (subject, predicate):
            if part in days:
                raise _refused(
                    rule, part, f"makes a thing of the day {part}; it can be an object only"
                )
        if thing in days and is_variable(predicate):
            raise _refused(rule, thing, f"gives the day {thing} to any property; name the property")
    for group in (plan.body, *plan.body.negations):
        for pattern in group.patterns:
            if pattern[0] in days or pattern[1] in days:
                raise _refused(rule, pattern[0], "looks for the day as a thing")
        for bind in group.binds:
            if used := variables_of(bind.value) & days:
                name = min(used)
                raise _refused(
                    rule,
                    "BIND",
                    f"computes {bind.variable} from the day {name}; compare the day with what "
                    "does not depend on it (a slice is not made day by day)",
                )
        for condition in group.filters:
            _check_comparison(rule, condition, condition.condition, days)


def _check_comparison(
    rule: Rule, whole: Filter, condition: Expression, days: frozenset[str]
) -> None:
    used = variables_of(condition) & days
    if not used:
        return
    if isinstance(condition, Apply) and condition.name in ("&&", "||", "!"):
        for arg in condition.args:
            _check_comparison(rule, whole, arg, days)
        return
    if day_comparison(condition, days) is None:
        raise _refused(
            rule,
            whole.text.splitlines()[0],
            f"does more with the day {min(used)} than compare it with what does not depend on it; "
            "write ?day <= …, with the day alone on its side",
        )


def day_comparison(condition: Expression, days: frozenset[str]) -> tuple[str, Expression] | None:
    """Mark and other side of a comparison with the day, the day on the left."""
    if not isinstance(condition, Apply) or condition.name not in _TURNED:
        return None
    left, right = condition.args
    if isinstance(left, str) and left in days and not variables_of(right) & days:
        return condition.name, right
    if isinstance(right, str) and right in days and not variables_of(left) & days:
        return _TURNED[condition.name], left
    return None
