"""Run rules until nothing is new: component by component, generation by generation.

Within a component each generation starts from what the one before made (semi-naive
evaluation: F. Bancilhon, "Naive Evaluation of Recursively Defined Relations", 1986), and
nothing that a generation makes is read before the next. So the stage at which a triple is
made does not depend on the order in which rules are looked at.

What depends on the day is made for all days at once, in one width after the other. What a
rule negates is looked for in the opposite width: something certain is refuted by what is
merely possible or open, and something possible or open only by what is certain.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from time import perf_counter

from csto.errors import InputError
from csto.reason.compile import Compiler, Row, conclusions
from csto.reason.days import ALWAYS, NEVER
from csto.reason.index import Triple
from csto.reason.log import Entry, Log, Stage
from csto.reason.state import State
from csto.rules.order import Component
from csto.rules.program import Plan, Program
from csto.rules.rule import Rule
from csto.sparql.dialect import Group, is_variable

# Generations beyond this mean that rules feed each other for ever. The check of the rules at
# load leaves no way to that; this is for what it may have missed.
MAX_GENERATIONS = 100_000


@dataclass
class Timing:
    """What a rule cost and made."""

    runs: int = 0
    seconds: float = 0.0
    triples: int = 0


@dataclass
class Evaluation:
    """A state that is complete under a program, and how it came about."""

    program: Program
    state: State
    log: Log = field(default_factory=Log)
    timings: dict[str, Timing] = field(default_factory=lambda: defaultdict(Timing))

    def timeless(self) -> Iterable[Triple]:
        """What rules made that holds whatever the day."""
        return (t for entry in self.log if entry.width is None for t in entry.made)


def evaluate(
    program: Program, state: State, watch: Callable[[int, int], None] | None = None
) -> Evaluation:
    """Complete a state.

    Args:
        program: the rules in their order.
        state: what is given; receives what follows.
        watch: is told after each component how many are done, and of how many.

    Raises:
        InputError: if a rule makes a property that it does not declare.
    """
    found = Evaluation(program, state)
    # Nothing that is made here is garbage, and looking for it takes a third of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        run = _Run(found)
        for number, component in enumerate(program.components, 1):
            if component.rules[0] in program.asked.rules:
                run.demanded(component)
            else:
                run.component(component)
            if watch is not None:
                watch(number, len(program.components))
    finally:
        if collecting:
            gc.enable()
    return found


def supposed(before: Evaluation, triples: Iterable[tuple[str, str, str]]) -> Evaluation:
    """What would follow if these triples held as well.

    Args:
        before: an evaluation, which stays as it is.
        triples: in the notation of N-Triples.
    """
    made = {triple for entry in before.log for triple in entry.made}
    state = State(before.state.widths)
    state.add(before.state.spelt(t) for t in before.state.index if t not in made)
    state.add(triples)
    return evaluate(before.program, state)


def asked(
    found: Evaluation, predicate: str | None = None, things: Iterable[str] = ()
) -> list[Triple]:
    """Make what rules make only when asked; what is new, which the evaluation then has too.

    Args:
        found: is completed.
        predicate: a property that these rules make, in angle brackets; ``None`` for all they make.
        things: in the notation of N-Triples; only what has none but these as values of it.
    """
    numbers = found.state.terms.numbers
    given = None if predicate is None else {numbers[t] for t in things if t in numbers}
    began = len(found.log.entries)
    run = _Run(found)
    for component in found.program.components:
        rule = component.rules[0]
        if rule not in found.program.asked.rules:
            continue
        if rule in found.program.asked.roots and given is not None:
            run.restricted(component, {thing: given for _, p, thing in rule.head if p == predicate})
        else:
            run.component(component)
    return [triple for entry in found.log.entries[began:] for triple in entry.made]


def asked_in_parts(found: Evaluation, size: int = 500) -> Iterator[list[Triple]]:
    """What rules make only when asked, in parts, each of which is forgotten before the next.

    For what is too much to be held. A part comes from ``size`` things that a rule starts from.
    """
    program, state, log = found.program, found.state, found.log
    components = [c for c in program.components if c.rules[0] in program.asked.rules]
    roots = [c for c in components if c.rules[0] in program.asked.roots]
    _marks(state, 2)
    for root in roots:
        rule = root.rules[0]
        patterns = [p for p in rule.body.patterns if is_variable(p[0]) and not is_variable(p[1])]
        variable, predicate, _ = min(
            patterns, key=lambda p: state.index.size[state.terms.number(p[1])]
        )
        start = sorted(state.index.by_subject[state.terms.number(predicate)])
        for at in range(0, len(start), size):
            terms, entries = len(state.terms), len(log.entries)
            run = _Run(found)
            run.restricted(root, {variable: set(start[at : at + size])})
            for component in components:
                if component not in roots:
                    run.component(component)
            made = [triple for entry in log.entries[entries:] for triple in entry.made]
            yield made
            del log.entries[entries:]
            state.index.remove_all(made)
            state.terms.forget(terms)


def _marks(state: State, count: int) -> list[str]:
    """A property and its values, by which rules are told which things to start from."""
    found = ["<urn:csto:given>", *(f"<urn:csto:given{at}>" for at in range(count))]
    for text in found:
        state.terms.number(text)
    return found


class _Run:
    def __init__(self, found: Evaluation) -> None:
        self.found = found
        self.state = found.state
        self.plans = found.program.plans
        self.compiler = Compiler(found.program, found.state)
        self.numbers = found.state.terms.number

    def component(self, component: Component) -> None:
        plans = [self.plans[rule] for rule in component.rules]
        if not any(plan.dated for plan in plans):
            self._timeless(component, plans)
            return
        for width in range(self.state.widths):
            run_here = [plan for plan in plans if plan.widths is None or width in plan.widths]
            self._dated(component, run_here, width)

    def demanded(self, component: Component) -> None:
        """Of what is made when asked, make what other rules read."""
        rule = component.rules[0]
        asked = self.found.program.asked
        if rule not in asked.roots:
            self.component(component)
            return
        wanted: dict[str, set[int]] = defaultdict(set)
        for demand in asked.demands:
            if demand.rule is rule:
                run, variables = self.compiler.rows(Plan(rule, demand.group), ())
                out: list[Row] = []
                run(out, self.state.held[0], self.state.held[0])
                at = variables.index(demand.name)
                wanted[demand.variable] |= {values[at] for values, _ in out}
        for variable, things in wanted.items():
            self.restricted(component, {variable: things})

    def restricted(self, component: Component, given: Mapping[str, set[int]]) -> None:
        """Make only what follows for some values of some variables."""
        index, number = self.state.index, self.numbers
        given_to, *marks = _marks(self.state, len(given))
        triples = [
            (v, number(given_to), number(m))
            for m, vs in zip(marks, given.values(), strict=True)
            for v in vs
        ]
        for triple in triples:
            index.add(*triple)
        for rule in component.rules:
            body = rule.body
            also = tuple((name, given_to, m) for name, m in zip(given, marks, strict=True))
            body = Group(
                (*also, *body.patterns), body.filters, body.binds, body.values, body.negations
            )
            self._timeless(component, [Plan(rule, body)])
        index.remove_all(triples)

    # --- whatever the day -----------------------------------------------------

    def _timeless(self, component: Component, plans: list[Plan]) -> None:
        started: dict[tuple[int, int], Callable[..., None]] = {}
        made: dict[Triple, Rule] = {}
        for plan in plans:
            began = perf_counter()
            if not self._starved(plan):
                self.compiler.whole(plan)((), made, plan.rule, None, None)
            self._count(plan, began)
        generation = 0
        while made := self._addable(made):
            self._record((component.level, generation), made)
            if not component.recursive:
                return
            generation += 1
            self._check_end(component, generation)
            fresh = self._by_property(dict.fromkeys(made, ALWAYS))
            made = {}
            for number, plan in enumerate(plans):
                for index, rows in self._starts(plan, fresh):
                    began = perf_counter()
                    if (number, index) not in started:
                        started[number, index] = self.compiler.started(plan, index)
                    started[number, index](rows, made, plan.rule, None, None)
                    self._count(plan, began)

    def _addable(self, made: dict[Triple, Rule]) -> dict[Triple, Rule]:
        """Without triples about literals, which are none in RDF."""
        texts = self.state.terms.texts
        wrong = [triple for triple in made if texts[triple[0]][0] == '"']
        for triple in wrong:
            del made[triple]
        return made

    def _record(self, stage: Stage, made: dict[Triple, Rule]) -> None:
        add = self.state.index.add
        by_rule: dict[Rule, list[Triple]] = defaultdict(list)
        for triple, rule in made.items():
            add(*triple)
            by_rule[rule].append(triple)
        for rule, triples in by_rule.items():
            self._check_properties(rule, triples)
            self.found.timings[rule.code].triples += len(triples)
            self.found.log.add(Entry(stage, rule, None, triples))

    # --- day by day, all at once ----------------------------------------------

    def _dated(self, component: Component, plans: list[Plan], width: int) -> None:
        held = self.state.held
        against = held[self.state.opposite(width)]
        started: dict[tuple[int, int], Callable[..., None]] = {}
        before: dict[Triple, int] = {}
        entries: list[tuple[Rule, dict[Triple, int]]] = []

        def apply(plan: Plan, run: Callable[..., None], rows: object) -> None:
            began = perf_counter()
            out: dict[Triple, int] = {}
            run(rows, out, None, held[width], against)
            new = conclusions(self.state, width, out)
            new = self._new(new, before)
            if new:
                entries.append((plan.rule, new))
            self._count(plan, began)

        for plan in plans:
            if self._starved(plan):
                self._count(plan, perf_counter())
            else:
                apply(plan, self.compiler.whole(plan), ())
        generation = 0
        while entries:
            for rule, new in entries:
                self._check_properties(rule, new)
                self.found.timings[rule.code].triples += len(new)
                stage = component.level, generation
                self.found.log.add(Entry(stage, rule, width, list(new), list(new.values())))
            self._merge(before, width)
            if not component.recursive:
                return
            generation += 1
            self._check_end(component, generation)
            fresh = self._by_property(before)
            before, entries = {}, []
            for number, plan in enumerate(plans):
                for index, rows in self._starts(plan, fresh):
                    if (number, index) not in started:
                        started[number, index] = self.compiler.started(plan, index)
                    apply(plan, started[number, index], rows)

    def _new(self, found: dict[Triple, int], before: dict[Triple, int]) -> dict[Triple, int]:
        """What no rule before has made in this generation; adds it to ``before``."""
        texts, days = self.state.terms.texts, self.state.days
        new: dict[Triple, int] = {}
        for triple, held in found.items():
            if texts[triple[0]][0] == '"':
                continue
            known = before.get(triple, NEVER)
            left = days.less[held, known] if known else held
            if left:
                new[triple] = left
                before[triple] = days.either[known, left]
        return new

    def _merge(self, made: dict[Triple, int], width: int) -> None:
        state = self.state
        held, either = state.held[width], state.days.either
        for triple, days in made.items():
            if state.index.add(*triple):
                for other in state.held:
                    other[triple] = NEVER
            held[triple] = either[held[triple], days]

    # --- both -----------------------------------------------------------------

    def _by_property(self, made: dict[Triple, int]) -> dict[int, list[tuple[int, int, int]]]:
        found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for (subject, predicate, thing), days in made.items():
            found[predicate].append((subject, thing, days))
        return found

    def _starts(
        self, plan: Plan, fresh: dict[int, list[tuple[int, int, int]]]
    ) -> Iterable[tuple[int, list[tuple[int, ...]]]]:
        """Patterns of a body that something new can match, with what is new."""
        for index, (_, predicate, _) in enumerate(plan.body.patterns):
            rows: list[tuple[int, ...]]
            if is_variable(predicate):
                rows = [(s, p, o, d) for p, triples in fresh.items() for s, o, d in triples]
            else:
                rows = list(fresh.get(self.numbers(predicate), ()))
            if rows and not self._starved(plan):
                yield index, rows

    def _starved(self, plan: Plan) -> bool:
        """Whether some pattern of a body matches nothing, so that there is nothing to compile for.

        Under an ontology that is larger than the graph this holds for most rules.
        """
        numbers, index = self.state.terms.numbers, self.state.index
        for subject, predicate, thing in plan.body.patterns:
            if is_variable(predicate):
                continue
            number = numbers.get(predicate)
            if number is None or not index.size.get(number):
                return True
            if not is_variable(thing) and numbers.get(thing) not in index.by_object[number]:
                return True
            if not is_variable(subject) and numbers.get(subject) not in index.by_subject[number]:
                return True
        return False

    def _check_properties(self, rule: Rule, made: Iterable[Triple]) -> None:
        """A head whose property is a variable makes what it declares, and IRIs only."""
        if all(not is_variable(predicate) for _, predicate, _ in rule.head):
            return
        texts = self.state.terms.texts
        fixed = {predicate[1:-1] for _, predicate, _ in rule.head if predicate[0] == "<"}
        for predicate in sorted({predicate for _, predicate, _ in made}):
            text = texts[predicate]
            if text[0] != "<":
                raise InputError(f"{rule.origin}:1: it makes {text} a property, which is no IRI")
            if text[1:-1] in rule.excepted - fixed:
                raise InputError(
                    f"{rule.origin}:1: it makes the property {text}, which its header excepts; "
                    "a claim of it cannot be accepted this way"
                )
            if rule.declared is not None and text[1:-1] not in rule.declared | fixed:
                raise InputError(
                    f"{rule.origin}:1: it makes the property {text}, which its header does not "
                    "list; add it to #+ writes:"
                )

    def _count(self, plan: Plan, began: float) -> None:
        timing = self.found.timings[plan.rule.code]
        timing.runs += 1
        timing.seconds += perf_counter() - began

    def _check_end(self, component: Component, generation: int) -> None:
        if generation > MAX_GENERATIONS:
            where = ", ".join(f"{rule.origin}:1" for rule in component.rules if not rule.axiom)
            raise InputError(
                f"{where}: not at an end after {generation} generations; let the rule read nothing "
                "that it makes"
            )
