"""Rules run backwards: from which values of its variables a rule makes a triple.

The head is matched against the triple and the body run with what that gives. Only
premises of a lower stage on that day count, so that proofs end. Which proof is shown is
fixed: the lowest stage, then what is certain before what is merely possible, then the name
of the rule, then the values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from csto.reason.compile import Compiler, Row
from csto.reason.days import ALWAYS
from csto.reason.evaluate import Evaluation
from csto.reason.index import Triple
from csto.reason.log import GIVEN, Making, Stage
from csto.rules.program import THE_DAY, Plan
from csto.rules.rule import Rule
from csto.sparql.dialect import Group, Pattern, is_variable


@dataclass(frozen=True)
class Derivation:
    """One way in which a rule makes a triple: values of its variables, and premises."""

    rule: Rule
    row: dict[str, int]
    premises: tuple[Triple, ...]
    # The width in which the rule ran; None for what holds whatever the day.
    width: int | None


@dataclass(frozen=True)
class _Asked:
    """A compiled body with the head pattern that gives its first values."""

    pattern: Pattern
    given: tuple[str, ...]
    run: Callable[..., None]
    variables: tuple[str, ...]


@dataclass
class Backward:
    """Finds derivations in one evaluation."""

    evaluation: Evaluation
    _compiler: Compiler = field(init=False)
    _asked: dict[Rule, list[_Asked]] = field(default_factory=dict)
    _by_predicate: dict[str, list[Rule]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._compiler = Compiler(self.evaluation.program, self.evaluation.state)
        for rule in sorted(self.evaluation.program.plans, key=lambda rule: rule.name):
            for predicate in {pattern[1] for pattern in rule.head}:
                key = "" if is_variable(predicate) else predicate
                self._by_predicate.setdefault(key, []).append(rule)

    def making(self, triple: Triple, day: int, width: int) -> Making | None:
        """How a triple came about on a day: at the lowest stage, in the narrowest width."""
        log, days = self.evaluation.log, self.evaluation.state.days
        found = [
            making
            for making in log.of(triple)
            if (making.width is None or making.width <= width)
            and (making.days == ALWAYS or days.has(making.days, day))
        ]
        return found[0] if found else None

    def stage(self, triple: Triple, day: int, width: int) -> Stage | None:
        """The stage at which a triple came about; ``None`` if it does not hold."""
        making = self.making(triple, day, width)
        if making is not None:
            return making.stage
        state = self.evaluation.state
        given = triple in state.index and triple not in state.held[0]
        return GIVEN if given and not self.evaluation.log.of(triple) else None

    def holds(self, triple: Triple, day: int, width: int) -> bool:
        """Whether a triple holds on a day in a width."""
        state = self.evaluation.state
        return triple in state.index and state.days.has(state.holds(triple, width), day)

    def derivations(
        self, triple: Triple, day: int, width: int, *, every: bool = False
    ) -> Iterator[Derivation]:
        """From which values which rules make a triple; the one that is shown comes first.

        Args:
            triple: what follows.
            day: a number of the calendar.
            width: what may be used: nothing wider.
            every: all derivations from premises of a lower stage, not only the first.
        """
        making = self.making(triple, day, width)
        if making is None:
            return
        rules = [making.rule]
        if every:
            rules += [rule for rule in self.concluding(triple) if rule is not making.rule]
        for rule in rules:
            found = list(self._rows_of(rule, triple, day, making))
            if not every:
                yield from found[:1]
                return
            yield from found

    def concluding(self, triple: Triple) -> list[Rule]:
        """The rules one of whose conclusions can be this triple, by name."""
        predicate = self.evaluation.state.terms.texts[triple[1]]
        rules = [*self._by_predicate.get(predicate, ()), *self._by_predicate.get("", ())]
        return [r for r in rules if any(self._matched(p, triple) is not None for p in r.head)]

    def _rows_of(
        self, rule: Rule, triple: Triple, day: int, making: Making
    ) -> Iterator[Derivation]:
        plan = self.evaluation.program.plans[rule]
        width = making.width or 0
        if (plan.widths is not None and width not in plan.widths) or (
            making.width is None and plan.dated
        ):
            return
        held = self.evaluation.state.held
        against = held[self.evaluation.state.opposite(width)]
        seen: dict[tuple[int, ...], dict[str, int]] = {}
        for asked in self._asks(rule):
            given = self._matched(asked.pattern, triple, plan.days)
            if given is None:
                continue
            out: list[Row] = []
            asked.run(*(given[name] for name in asked.given), out, held[width], against)
            for values, days in out:
                if days == ALWAYS or self.evaluation.state.days.has(days, day):
                    seen.setdefault(values, dict(zip(asked.variables, values, strict=True)))
        texts = self.evaluation.state.terms.texts
        for values in sorted(seen, key=lambda values: [texts[number] for number in values]):
            premises = self._premises(plan, seen[values])
            stages = [self._stage_in(premise, day, width) for premise in premises]
            if all(stage is not None and stage < making.stage for stage in stages):
                yield Derivation(rule, seen[values], premises, making.width)

    def _stage_in(self, triple: Triple, day: int, width: int) -> Stage | None:
        """The stage of a premise in the width in which its rule ran."""
        log, state = self.evaluation.log, self.evaluation.state
        making = log.on(triple, day, width, state.days)
        if making is not None:
            return making.stage
        return GIVEN if self.holds(triple, day, width) and not log.of(triple) else None

    def _premises(self, plan: Plan, row: dict[str, int]) -> tuple[Triple, ...]:
        return tuple(
            dict.fromkeys(self.filled(pattern, row, plan.days) for pattern in plan.body.patterns)
        )

    def filled(self, pattern: Pattern, row: dict[str, int], days: frozenset[str]) -> Triple:
        """A pattern with the values of a row put in."""
        number = self.evaluation.state.terms.number
        subject, predicate, thing = (
            number(THE_DAY if part in days else part)
            if part in days or not is_variable(part)
            else row[part]
            for part in pattern
        )
        return subject, predicate, thing

    def _matched(
        self, pattern: Pattern, triple: Triple, days: frozenset[str] = frozenset()
    ) -> dict[str, int] | None:
        """Values that make a pattern into this triple."""
        numbers = self.evaluation.state.terms.numbers
        found: dict[str, int] = {}
        for part, number in zip(pattern, triple, strict=True):
            if part in days:
                if number != numbers.get(THE_DAY):
                    return None
            elif is_variable(part):
                if found.setdefault(part, number) != number:
                    return None
            elif numbers.get(part) != number:
                return None
        return found

    def _asks(self, rule: Rule) -> list[_Asked]:
        if rule not in self._asked:
            plan = self.evaluation.program.plans[rule]
            found: dict[tuple[Pattern, ...], _Asked] = {}
            for pattern in rule.head:
                given = tuple(
                    dict.fromkeys(p for p in pattern if is_variable(p) and p not in plan.days)
                )
                beside = _beside(rule, given)
                run, variables = self._compiler.rows(plan, given, beside)
                found[pattern, *beside] = _Asked(pattern, given, run, variables)
            self._asked[rule] = list(found.values())
        return self._asked[rule]

    # --- why not ---------------------------------------------------------------

    def rows(
        self, plan: Plan, group: Group, given: dict[str, int], width: int, day: int
    ) -> list[dict[str, int]]:
        """The rows of a part of a body that agree with some values, on a day in a width."""
        part = Plan(plan.rule, group, plan.days, plan.widths, dated=True)
        names = [name for name in sorted(given) if name in group.mentioned]
        run, variables = self._compiler.rows(part, names)
        out: list[Row] = []
        held = self.evaluation.state.held
        against = held[self.evaluation.state.opposite(width)]
        run(*(given[name] for name in names), out, held[width], against)
        has = self.evaluation.state.days.has
        found = [
            dict(zip(variables, values, strict=True)) for values, days in out if has(days, day)
        ]
        texts = self.evaluation.state.terms.texts
        return sorted(found, key=lambda row: [texts[row[name]] for name in variables])


def _beside(rule: Rule, given: Sequence[str]) -> tuple[Pattern, ...]:
    """The rest of a head: what a rule makes at once stands in the graph together.

    The only way in where the thing that is asked about is one that the rule mints.
    """
    if not set(given) & set(rule.computed):
        return ()
    return tuple(
        pattern
        for pattern in rule.head
        if not any(part in rule.computed and part not in given for part in pattern)
    )
