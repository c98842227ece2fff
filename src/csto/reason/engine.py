"""Run rules over the graphs of a store to a fixpoint, keeping how each triple came about.

Rules run by number; within a number, again and again until nothing is new. A
rule runs a second time only if something it reads was written since, and an axiom
starts from what is new (:mod:`csto.reason.closure`). Every run that makes new triples gets
the next round, so the premises of a triple always have a lower round than the triple
itself and a proof cannot go in circles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from time import perf_counter
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from csto.errors import InputError
from csto.load import edtf
from csto.reason.closure import Closure
from csto.reason.negation import applied
from csto.rules.rule import Rule, Signature, wakes
from csto.vocabulary import EDTF, FUNCTION, XSD, XSD_DATE

# Passes beyond this mean that rules feed each other for ever. The check of the rules at load
# leaves no way to that; this is for what it may have missed.
MAX_PASSES = 200


@dataclass(frozen=True)
class Step:
    """One run of a rule that made something new."""

    round: int
    rule: Rule
    triples: tuple[Triple, ...]
    graph: NamedNode


@dataclass
class Timing:
    """What a rule cost and made."""

    runs: int = 0
    seconds: float = 0.0
    triples: int = 0


@dataclass
class Engine:
    """Rules over one store. ``round`` goes on counting from run to run."""

    store: Store
    round: int = 0
    timings: dict[str, Timing] = field(default_factory=dict)

    def run(
        self,
        rules: Iterable[Rule],
        into: NamedNode,
        over: Sequence[NamedNode],
        changed: Iterable[Signature] | None = None,
        against: Sequence[NamedNode] | None = None,
    ) -> Iterator[Step]:
        """Apply rules until nothing is new, writing to the graph ``into``.

        Args:
            rules: in the order of their numbers.
            into: graph that receives what is new; it is read as well.
            over: further graphs that are read.
            changed: signatures written since these rules last ran; rules that
                read none of them are not started. ``None`` starts all.
            against: graphs in which negated patterns are looked for, where they
                are not those that are read.
        """
        graphs = [*over, into]
        negated = graphs if against is None else list(against)
        written: set[Signature] | None = None if changed is None else set(changed)
        for _, group in groupby(rules, key=lambda rule: (rule.stratum, rule.number)):
            batch = list(group)
            closure = Closure(self.store, [rule for rule in batch if rule.axiom], graphs)
            others = [rule for rule in batch if not rule.axiom]
            due = [rule for rule in others if written is None or wakes(written, rule.reads)]
            # With nothing known of what changed, all triples are new to the axioms.
            new = list(closure.all(graphs if written is None else [into]))
            passes = 0
            while due or new:
                passes += 1
                if passes > MAX_PASSES:
                    where = ", ".join(f"{rule.origin}:1" for rule in due)
                    raise InputError(
                        f"{where}: not at an end after {MAX_PASSES} passes; "
                        "let the rule read nothing that it makes"
                    )
                steps = list(self._close(closure, new, into)) if new else []
                yield from steps
                for rule in due:
                    step = self._apply(rule, into, graphs, negated)
                    if step is not None:
                        steps.append(step)
                        yield step
                fresh = {signature for step in steps for signature in written_by(step)}
                if written is not None:
                    written |= fresh
                due = [rule for rule in others if wakes(fresh, rule.reads)]
                new = [t for step in steps if not step.rule.axiom for t in step.triples]
                new = new if closure.rules else []

    def _close(self, closure: Closure, new: list[Triple], into: NamedNode) -> Iterator[Step]:
        """What the axioms make of new triples, generation by generation."""
        seconds: dict[str, list[float]] = {}
        for made in closure.run(new, seconds):
            for rule, triples in made:
                self.round += 1
                self._timing(rule).triples += len(triples)
                yield Step(self.round, rule, tuple(triples), into)
        for code, spent in seconds.items():
            timing = self.timings.setdefault(code, Timing())
            timing.runs += len(spent)
            timing.seconds += sum(spent)

    def _timing(self, rule: Rule) -> Timing:
        return self.timings.setdefault(rule.code, Timing())

    def _apply(
        self, rule: Rule, into: NamedNode, graphs: list[NamedNode], negated: list[NamedNode]
    ) -> Step | None:
        began = perf_counter()
        found: list[Triple] = []
        seen: set[Triple] = set()
        for triple in applied(self.store, rule, graphs, negated, FUNCTIONS):
            if triple in seen or isinstance(triple.subject, Literal):
                continue
            seen.add(triple)
            subject, predicate, thing = triple
            if not any(Quad(subject, predicate, thing, g) in self.store for g in graphs):
                found.append(triple)
        for subject, predicate, thing in found:
            self.store.add(Quad(subject, predicate, thing, into))
        timing = self._timing(rule)
        timing.runs += 1
        timing.seconds += perf_counter() - began
        timing.triples += len(found)
        if not found:
            return None
        self.round += 1
        return Step(self.round, rule, tuple(found), into)


def written_by(step: Step) -> set[Signature]:
    """What the triples of a step can wake."""
    if all(predicate is not None for predicate, _ in step.rule.writes):
        return set(step.rule.writes)
    return {
        (t.predicate.value, t.object.value if isinstance(t.object, NamedNode) else None)
        for t in step.triples
    }


# --- functions that rules may call ------------------------------------------


def _calendar(which: int) -> Callable[..., Literal | None]:
    def function(*terms: Any) -> Literal | None:
        text = _edtf_text(*terms)
        if text is None:
            return None
        return Literal(edtf.bounds(text)[which].isoformat(), datatype=XSD_DATE)

    return function


def _edtf_text(*terms: Any) -> str | None:
    if len(terms) != 1 or not isinstance(terms[0], Literal):
        return None
    kind = terms[0].datatype.value
    return terms[0].value if kind in (EDTF, XSD + "date") else None


def _day_after(*terms: Any) -> Literal | None:
    text = _edtf_text(*terms)
    if text is None:
        return None
    return Literal(edtf.day_after(text), datatype=XSD_DATE)


FUNCTIONS: dict[NamedNode, Callable[..., Any]] = {
    NamedNode(FUNCTION + "earliest"): _calendar(0),
    NamedNode(FUNCTION + "latest"): _calendar(1),
    NamedNode(FUNCTION + "dayAfter"): _day_after,
}
