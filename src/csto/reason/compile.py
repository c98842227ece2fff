"""Compile rules to Python functions over numbers.

A body becomes nested loops. The pattern that is expected to match least comes first, a
condition as soon as its variables have values, and what is computed last, so that no IRI
is minted for what a later pattern throws away. Each negation is a function of its own,
which ends at the first match.

Where days matter, each level of the loops carries the set of days on which all matched
so far holds, and goes on only while there are any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType
from typing import Any

from csto.reason.days import ALWAYS, NEVER
from csto.reason.expressions import Writer, runtime
from csto.reason.index import Triple
from csto.reason.state import State
from csto.reason.terms import NOTHING
from csto.rules.program import THE_DAY, Plan, Program, day_comparison
from csto.rules.rule import signatures
from csto.sparql.dialect import (
    Apply,
    Bind,
    Expression,
    Group,
    Pattern,
    Values,
    is_variable,
    variables_of,
)

# A name of the generated code for the set of all days.
_ALL = str(ALWAYS)
# A pattern of which nothing is known yet costs this much more than one that is joined.
_APART = 1000.0
_MARKS = ("<", "<=", ">", ">=", "=", "!=")
_MARK_NAMES = dict(zip(_MARKS, ("LT", "LE", "GT", "GE", "EQ", "NE"), strict=True))
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

# A row of a body: the values of its variables, in the order of their names, and its days.
Row = tuple[tuple[int, ...], int]


class _Compared(dict[int, int]):
    """For each term the days that compare with it in one way; none where it is no day."""

    def __init__(self, state: State, mark: str) -> None:
        super().__init__()
        self.state = state
        self.mark = mark

    def __missing__(self, number: int) -> int:
        day = self.state.terms.calendar_day(number)
        found = NEVER if day is None else self.state.days.compared(self.mark, day)
        self[number] = found
        return found


class Compiler:
    """Compiles the rules of one program for one state."""

    def __init__(self, program: Program, state: State) -> None:
        self.program = program
        self.state = state
        self.shared: dict[str, Any] = {
            **runtime(state.terms),
            "NONE": {},
            "BOTH": state.days.both,
            "EITHER": state.days.either,
            "LESS": state.days.less,
            "SUBJECTS": state.index.by_subject,
            "OBJECTS": state.index.by_object,
            **{name: _Compared(state, mark) for mark, name in _MARK_NAMES.items()},
        }

    def whole(self, plan: Plan) -> Callable[..., None]:
        """A function that makes all conclusions of a rule; see :meth:`started`."""
        return self._conclusions(plan, None)

    def started(self, plan: Plan, index: int) -> Callable[..., None]:
        """A function that makes the conclusions of a rule for which one pattern is new.

        It takes rows of subject, object and days (property first where that is a variable),
        the conclusions made so far, what marks those it adds, and the days of triples in
        the width it runs in and in the opposite one.
        """
        return self._conclusions(plan, index)

    def _conclusions(self, plan: Plan, index: int | None) -> Callable[..., None]:
        code = _Code(self, plan)
        code.begin("def run(delta, out, mark, held, against):")
        start = None if index is None else plan.body.patterns[index]
        code.group(plan.body, start)
        code.conclude()
        return code.function()

    def rows(
        self, plan: Plan, given: Sequence[str], beside: Sequence[Pattern] = ()
    ) -> tuple[Callable[..., None], tuple[str, ...]]:
        """A function that finds the rows of a body, and the variables of a row.

        Args:
            plan: of the rule.
            given: variables whose values are known; the function takes them first, then
                the list that receives rows, and the days of triples in the two widths.
            beside: further patterns that a row must match.
        """
        code = _Code(self, plan)
        names = [code.variable(variable) for variable in given]
        code.begin(f"def run({''.join(name + ', ' for name in names)}out, held, against):")
        body = plan.body
        wanted = Group(
            tuple(dict.fromkeys((*beside, *body.patterns))),
            body.filters,
            body.binds,
            body.values,
            body.negations,
        )
        code.group(wanted, None)
        variables = tuple(sorted(body.binding - plan.days))
        row = "".join(f"{code.names[variable]}, " for variable in variables)
        code.line(f"out.append((({row}), {code.days}))")
        return code.function(), variables


@dataclass
class _Code:
    """The text of one function and what it refers to."""

    compiler: Compiler
    plan: Plan
    lines: list[str] = field(default_factory=list)
    depth: int = 0
    names: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    helpers: list[str] = field(default_factory=list)
    # The name of the days on which all matched so far holds.
    days: str = _ALL
    counter: int = 0

    def __post_init__(self) -> None:
        self.writer = Writer(self.constant)
        day = self.constant(THE_DAY) if self.plan.days else ""
        self.names |= dict.fromkeys(self.plan.days, day)

    # --- names ----------------------------------------------------------------

    def constant(self, term: str) -> str:
        return self.constants.setdefault(term, f"k{len(self.constants)}")

    def variable(self, name: str) -> str:
        return self.names.setdefault(name, f"v{len(self.names)}")

    def fresh(self, letter: str) -> str:
        self.counter += 1
        return f"{letter}{self.counter}"

    def known(self, part: str) -> str | None:
        return self.names.get(part) if is_variable(part) else self.constant(part)

    def tables(self, predicate: str) -> tuple[str, str]:
        """Names of the two tables of a property."""
        if is_variable(predicate):
            name = self.names[predicate]
            return f"SUBJECTS.get({name}, NONE)", f"OBJECTS.get({name}, NONE)"
        number = self.constant(predicate)[1:]
        return f"s{number}", f"o{number}"

    # --- text -----------------------------------------------------------------

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def begin(self, text: str) -> None:
        """A line with a colon; what follows stands below it."""
        self.line(text)
        self.depth += 1

    def function(self) -> Callable[..., None]:
        state = self.compiler.state
        space = dict(self.compiler.shared)
        for term, name in self.constants.items():
            number = state.terms.number(term)
            space[name] = number
            space["s" + name[1:]] = state.index.by_subject[number]
            space["o" + name[1:]] = state.index.by_object[number]
        text = "\n".join([*self.writer.functions, *self.helpers, *self.lines])
        exec(_compiled(text), space)
        found: Callable[..., None] = space["run"]
        return found

    # --- groups ---------------------------------------------------------------

    def group(self, group: Group, start: Pattern | None) -> None:
        """Loops over what a group matches; ``start`` is matched with what is new."""
        left = _Left(group)
        if start is not None:
            left.patterns.remove(start)
            self._delta(start)
        self._ready(left)
        while left.patterns or left.values:
            items: list[Pattern | Values] = [*left.values, *left.patterns]
            best = min(items, key=self._cost)
            if isinstance(best, Values):
                left.values.remove(best)
                self._listed(best)
            else:
                left.patterns.remove(best)
                self._pattern(best)
            self._ready(left)
        self._ready(left, last=True)
        if left.filters or left.negations or left.binds:
            # A variable that no pattern gives: an error in SPARQL, which is never true.
            self.begin("if False:")
            for bind in left.binds:
                self.variable(bind.variable)

    def _ready(self, left: _Left, last: bool = False) -> None:
        """Write out conditions and values whose variables are known by now."""
        again = True
        while again:
            again = False
            for condition in list(left.filters):
                if variables_of(condition) <= self.names.keys():
                    left.filters.remove(condition)
                    self._condition(condition)
                    again = True
            for negation in list(left.negations):
                shared = negation.mentioned & left.binding
                if shared <= self.names.keys():
                    left.negations.remove(negation)
                    self._negation(negation)
                    again = True
            for bind in list(left.binds):
                if not variables_of(bind.value) <= self.names.keys():
                    continue
                if last or left.needs(bind):
                    left.binds.remove(bind)
                    self._bind(bind)
                    again = True

    def _cost(self, item: Pattern | Values) -> float:
        """About how many matches each row so far has."""
        if isinstance(item, Values):
            known = all(variable in self.names for variable in item.variables)
            return 0.2 if known else float(len(item.rows))
        state = self.compiler.state
        subject, predicate, thing = item
        number = state.terms.numbers.get(predicate)
        if is_variable(predicate):
            total = float(len(state.index))
            many_subjects = many_things = max(1.0, total / 3)
        else:
            if number is None or number not in state.index.by_subject:
                return 0.0
            total = float(state.index.size[number])
            many_subjects = max(1.0, float(len(state.index.by_subject[number])))
            many_things = max(1.0, float(len(state.index.by_object[number])))
        one, other = self.known(subject), self.known(thing)
        if one is not None and other is not None:
            return 0.1
        if one is not None:
            return total / many_subjects
        if other is None:
            return total + _APART
        if not is_variable(thing) and number is not None:
            fixed = state.terms.numbers.get(thing)
            return float(len(state.index.by_object[number].get(fixed, ())))  # type: ignore[arg-type]
        return total / many_things

    # --- one item of a group --------------------------------------------------

    def _delta(self, pattern: Pattern) -> None:
        """Match a pattern with rows of what is new."""
        subject, predicate, thing = pattern
        parts = [subject, predicate, thing] if is_variable(predicate) else [subject, thing]
        rows = [self.fresh("x") for _ in parts]
        days = self.fresh("d")
        self.begin(f"for {', '.join(rows)}, {days} in delta:")
        for part, row in zip(parts, rows, strict=True):
            name = self.known(part)
            if name is None:
                self.line(f"{self.variable(part)} = {row}")
            else:
                self.begin(f"if {row} == {name}:")
        if self.plan.dated:
            self.days = days

    def _pattern(self, pattern: Pattern) -> None:
        subject, predicate, thing = pattern
        dated = self._is_dated(pattern)
        if self.known(predicate) is None:
            self.begin(f"for {self.variable(predicate)} in list(SUBJECTS):")
        subjects, things = self.tables(predicate)
        one, other = self.known(subject), self.known(thing)
        if one is not None and other is not None:
            self.begin(f"if {other} in {subjects}.get({one}, NONE):")
        elif one is not None:
            self.begin(f"for {self.variable(thing)} in {subjects}.get({one}, NONE):")
        elif other is not None:
            self.begin(f"for {self.variable(subject)} in {things}.get({other}, NONE):")
        else:
            row = self.fresh("r")
            one = self.variable(subject)
            self.begin(f"for {one}, {row} in {subjects}.items():")
            if thing == subject:
                self.begin(f"if {one} in {row}:")
            else:
                self.begin(f"for {self.variable(thing)} in {row}:")
        if dated:
            key = ", ".join(str(self.known(part)) for part in pattern)
            self._narrow(f"held.get(({key}), {_ALL})")

    def _is_dated(self, pattern: Pattern) -> bool:
        if not self.plan.dated:
            return False
        return self.compiler.program.is_dated(signatures([pattern], self.plan.body))

    def _narrow(self, code: str) -> None:
        """Keep only the days that some code gives, and go on if there are any."""
        found = self.fresh("d")
        self.line(f"{found} = {code}")
        if self.days != _ALL:
            both = self.fresh("d")
            self.line(
                f"{both} = {self.days} if {found} == {_ALL} else {found} "
                f"if {self.days} == {_ALL} else BOTH[{self.days}, {found}]"
            )
            found = both
        self.begin(f"if {found}:")
        self.days = found

    def _listed(self, values: Values) -> None:
        rows = [tuple(self.constant(term) for term in row) for row in values.rows]
        names = [self.names.get(variable) for variable in values.variables]
        if len(names) == 1:
            shown = "".join(f"{row[0]}, " for row in rows)
            if names[0] is not None:
                self.begin(f"if {names[0]} in ({shown}):")
            else:
                self.begin(f"for {self.variable(values.variables[0])} in ({shown}):")
            return
        shown = "".join(f"({', '.join(row)}), " for row in rows)
        taken = [self.fresh("x") for _ in names]
        self.begin(f"for {', '.join(taken)} in ({shown}):")
        for variable, row in zip(values.variables, taken, strict=True):
            if variable in self.names:
                self.begin(f"if {row} == {self.names[variable]}:")
            else:
                self.line(f"{self.variable(variable)} = {row}")

    def _condition(self, condition: Expression) -> None:
        if variables_of(condition) & self.plan.days:
            self._narrow(self._day_set(condition))
        else:
            self.begin(f"if {self.writer.condition(condition, self.names)}:")

    def _day_set(self, condition: Expression, no: bool = False) -> str:
        """Python that gives the days on which a condition is true."""
        assert isinstance(condition, Apply)
        if not variables_of(condition) & self.plan.days:
            return f"({ALWAYS} if {self.writer.condition(condition, self.names, no)} else {NEVER})"
        if condition.name == "!":
            return self._day_set(condition.args[0], not no)
        if condition.name in ("&&", "||"):
            table = "BOTH" if (condition.name == "&&") != no else "EITHER"
            one, other = (self._day_set(arg, no) for arg in condition.args)
            return f"{table}[{one}, {other}]"
        compared = day_comparison(condition, self.plan.days)
        assert compared is not None
        mark, other_side = compared
        table = _MARK_NAMES[_OPPOSITE[mark] if no else mark]
        return f"{table}[{self.writer.value(other_side, self.names)}]"

    def _bind(self, bind: Bind) -> None:
        value = self.writer.value(bind.value, self.names)
        if bind.variable in self.names:
            self.begin(f"if {value} == {self.names[bind.variable]}:")
            return
        name = self.variable(bind.variable)
        self.line(f"{name} = {value}")
        self.begin(f"if {name} != {NOTHING}:")

    def _negation(self, group: Group) -> None:
        """Go on where a group matches nothing in the opposite width."""
        inner = _Code(self.compiler, self.plan, constants=self.constants, helpers=self.helpers)
        inner.writer = self.writer
        inner.counter = 100 * (len(self.helpers) + 1)
        shared = sorted(
            {self.names[variable] for variable in group.mentioned if variable in self.names}
            - {self.constants.get(THE_DAY, "")}
        )
        inner.names = dict(self.names)
        name = f"n{len(self.helpers)}"
        self.helpers.append("")
        inner.begin(f"def {name}(held, {', '.join(shared)}):")
        inner.line(f"all_days = {NEVER}")
        inner.group(group, None)
        dated = inner.days != _ALL
        if not dated:
            inner.line(f"return {_ALL}")
        else:
            inner.line(f"all_days = EITHER[all_days, {inner.days}]")
            inner.begin(f"if all_days == {_ALL}:")
            inner.line(f"return {_ALL}")
        inner.depth = 1
        inner.line("return all_days")
        self.helpers[int(name[1:])] = "\n".join(inner.lines)
        call = f"{name}(against, {', '.join(shared)})"
        if not dated:
            self.begin(f"if not {call}:")
            return
        found, left = self.fresh("d"), self.fresh("d")
        self.line(f"{found} = {call}")
        self.line(f"{left} = LESS[{self.days}, {found}] if {found} else {self.days}")
        self.begin(f"if {left}:")
        self.days = left

    # --- conclusions ----------------------------------------------------------

    def conclude(self) -> None:
        """Add the triples of the head to what is found."""
        for pattern in self.plan.rule.head:
            parts = [str(self.known(part)) for part in pattern]
            triple = self.fresh("t")
            if self.plan.dated:
                self.line(f"{triple} = ({', '.join(parts)})")
                before = self.fresh("d")
                self.line(f"{before} = out.get({triple})")
                self.line(
                    f"out[{triple}] = {self.days} if {before} is None "
                    f"else EITHER[{before}, {self.days}]"
                )
                continue
            subjects, _ = self.tables(pattern[1])
            self.begin(f"if {parts[2]} not in {subjects}.get({parts[0]}, NONE):")
            self.line(f"{triple} = ({', '.join(parts)})")
            self.begin(f"if {triple} not in out:")
            self.line(f"out[{triple}] = mark")
            self.depth -= 2


@dataclass
class _Left:
    """What of a group is not written out yet."""

    group: Group

    def __post_init__(self) -> None:
        self.patterns = list(self.group.patterns)
        # Each part of a conjunction as soon as its own variables have values.
        self.filters = [part for f in self.group.filters for part in _parts(f.condition)]
        self.binds = list(self.group.binds)
        self.values = list(self.group.values)
        self.negations = list(self.group.negations)
        self.binding = self.group.binding

    def needs(self, bind: Bind) -> bool:
        """Whether something else of the group waits for a computed value."""
        return (
            any(bind.variable in pattern for pattern in self.patterns)
            or any(bind.variable in variables_of(f) for f in self.filters)
            or any(bind.variable in negation.mentioned for negation in self.negations)
            or any(bind.variable in variables_of(b.value) for b in self.binds if b is not bind)
            or any(bind.variable in values.variables for values in self.values)
        )


def _parts(condition: Expression) -> Iterator[Expression]:
    if isinstance(condition, Apply) and condition.name == "&&":
        for arg in condition.args:
            yield from _parts(arg)
    else:
        yield condition


@lru_cache(maxsize=4096)
def _compiled(text: str) -> CodeType:
    """Rules of the same form, as most axioms are, share their code."""
    return compile(text, "<rule>", "exec")


def conclusions(state: State, width: int, found: dict[Triple, int]) -> dict[Triple, int]:
    """Of triples and their days, those that are new in a width."""
    index, held, less = state.index, state.held[width], state.days.less
    new: dict[Triple, int] = {}
    for triple, days in found.items():
        if triple in index:
            days = less[days, held.get(triple, ALWAYS)]
            if not days:
                continue
        new[triple] = days
    return new
