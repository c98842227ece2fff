"""The engine against two others: a brute-force evaluator, day by day, and plain SPARQL."""

# Rules are easier to compare where each is one line.
# ruff: noqa: E501

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple

from conftest import BASE, act, spell, tiny
from csto.graph.build import build
from csto.graph.dataset import TIMELESS, Dataset
from csto.load.workspace import Workspace
from csto.reason.compile import Compiler
from csto.reason.evaluate import Evaluation, _Run, evaluate
from csto.reason.state import State
from csto.rules.program import DAY_OF, THE_DAY, WIDTH_OF, WIDTHS, Plan, program
from csto.rules.rule import Rule, load_rules, read_rule
from csto.sparql.dialect import Apply, Expression, Group, Pattern, parse_construct
from csto.sparql.functions import FUNCTIONS
from csto.vocabulary import ASSERTED, ONTOLOGY, XSD, csto
from support.sample import some

Plain = tuple[str, str, str]

# --- adversarial rules, against a brute-force evaluator ----------------------------------------

HEADER = "#+ code: {code}\n#+ summary: s\n#+ because: b\n"
PREFIX = (
    "PREFIX csto: <https://w3id.org/csto/ontology#>\nPREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
    "PREFIX certainty: <https://w3id.org/csto/concept/certainty/>\n"
)

# What holds certainly and possibly, as in the shipped rules, from bounds in the facts.
HOLDS = {
    "certainly": """CONSTRUCT { ?x csto:holdsOn ?day } WHERE {
      ?slice csto:certainty certainty:certain ; csto:day ?day . ?x csto:startLatest ?start .
      FILTER(?start <= ?day)
      FILTER NOT EXISTS { ?x csto:endEarliest ?end FILTER(?end <= ?day) } }""",
    "possibly": """CONSTRUCT { ?x csto:holdsOn ?day } WHERE {
      ?slice csto:certainty certainty:possible ; csto:day ?day . ?x csto:startEarliest ?start .
      FILTER(?start <= ?day)
      FILTER NOT EXISTS { ?x csto:endLatest ?end FILTER(?end <= ?day) } }""",
    "in": "CONSTRUCT { ?who csto:in ?where } WHERE { ?x csto:holdsOn ?d ; csto:who ?who ; csto:where ?where }",
}
SETS: dict[str, dict[str, str]] = {
    "negation of negation of negation": {
        "alone": "CONSTRUCT { ?a csto:alone ?w } WHERE { ?a csto:in ?w FILTER NOT EXISTS { ?b csto:in ?w FILTER(?a != ?b) } }",
        "crowded": "CONSTRUCT { ?w csto:crowded ?a } WHERE { ?a csto:in ?w FILTER NOT EXISTS { ?any csto:alone ?w } }",
        "quiet": "CONSTRUCT { ?a csto:quiet ?w } WHERE { ?a csto:knows ?w FILTER NOT EXISTS { ?w csto:crowded ?one } }",
    },
    "recursion between negations": {
        "near": "CONSTRUCT { ?a csto:near ?b } WHERE { ?a csto:in ?w . ?b csto:in ?w FILTER(?a != ?b) }",
        "reaches": "CONSTRUCT { ?a csto:reaches ?b } WHERE { ?a csto:near ?b }",
        "further": "CONSTRUCT { ?a csto:reaches ?c } WHERE { ?a csto:reaches ?b . ?b csto:near ?c }",
        "apart": "CONSTRUCT { ?a csto:apart ?b } WHERE { ?a csto:knows ?v . ?b csto:knows ?w FILTER NOT EXISTS { ?a csto:reaches ?b } }",
        "linked": "CONSTRUCT { ?a csto:linked ?b } WHERE { ?a csto:in ?w . ?b csto:knows ?v FILTER NOT EXISTS { ?b csto:apart ?a } }",
        "chain": "CONSTRUCT { ?a csto:linked ?c } WHERE { ?a csto:linked ?b . ?b csto:linked ?c }",
    },
    "a vacant office": {
        "vacant": "CONSTRUCT { ?w csto:vacantOn ?d } WHERE { ?any csto:holdsOn ?d . ?a csto:knows ?w FILTER NOT EXISTS { ?x csto:holdsOn ?d ; csto:where ?w } }",
        "acting": "CONSTRUCT { ?a csto:acting ?w } WHERE { ?w csto:vacantOn ?d . ?a csto:knows ?w FILTER NOT EXISTS { ?a csto:in ?other } }",
    },
    "computed thresholds": {
        "long": 'CONSTRUCT { ?x csto:long true } WHERE { ?s csto:day ?day . ?x csto:holdsOn ?day ; csto:startLatest ?b FILTER(?b - "-P3M"^^xsd:yearMonthDuration <= ?day) }',
        "new": "CONSTRUCT { ?w csto:new ?x } WHERE { ?x csto:holdsOn ?d ; csto:where ?w FILTER NOT EXISTS { ?x csto:long true } }",
        "both": 'CONSTRUCT { ?x csto:odd true } WHERE { ?s csto:day ?day . ?x csto:holdsOn ?day ; csto:startEarliest ?b FILTER(!(?b > ?day || ?day = "2001-02-10"^^xsd:date) && ?day != "2001-03-05"^^xsd:date) }',
    },
}


def rules_of(name: str) -> list[Rule]:
    texts = HOLDS | SETS[name]
    return [
        read_rule(HEADER.format(code=code) + PREFIX + text, Path(f"{code}.rq"))
        for code, text in texts.items()
    ]


def day_text(day: date) -> str:
    return f'"{day.isoformat()}"^^<{XSD}date>'


def facts(seed: int) -> set[Plain]:
    """Spells of some people in some places in the first months of 2001, ends open or unsure."""
    chance = random.Random(seed)
    first = date(2001, 1, 1)
    found: set[Plain] = set()

    def say(subject: str, predicate: str, thing: str) -> None:
        found.add((subject, str(csto(predicate)), thing))

    people, places = [f"<urn:p{n}>" for n in range(4)], [f"<urn:w{n}>" for n in range(3)]
    for number in range(chance.randint(2, 6)):
        spell = f"<urn:s{number}>"
        say(spell, "who", chance.choice(people))
        say(spell, "where", chance.choice(places))
        days = sorted(chance.randint(0, 120) for _ in range(4))
        names = ("startEarliest", "startLatest", "endEarliest", "endLatest")
        kept = 4 if chance.random() < 0.7 else 2
        for name, day in list(zip(names, days, strict=True))[:kept]:
            say(spell, name, day_text(first + timedelta(days=day)))
    for _ in range(4):
        say(chance.choice(people), "knows", chance.choice(places))
    return found


class Brute:
    """Every rule again and again, on one day, in both worlds, strata by the order of the rules."""

    def __init__(self, rules: list[Rule], given: set[Plain], day: str) -> None:
        self.given = given
        self.day = day
        self.worlds: list[set[Plain]] = [set(given), set(given)]
        for component in program(rules).components:
            for width in (0, 1):
                changed = True
                while changed:
                    new = {t for r in component.rules for t in self.conclusions(r, width)}
                    changed = not new <= self.worlds[width]
                    self.worlds[width] |= new

    def conclusions(self, rule: Rule, width: int) -> Iterator[Plain]:
        about = {DAY_OF: self.day, WIDTH_OF: WIDTHS[width]}
        seen = self.worlds[width] | {("<urn:slice>", p, o) for p, o in about.items()}
        for row in self.rows(
            rule.body, {}, seen, self.worlds[0 if width else len(self.worlds) - 1]
        ):
            for pattern in rule.head:
                yield tuple(row.get(part, part) for part in pattern)  # type: ignore[misc]

    def rows(
        self, group: Group, row: dict[str, str], seen: set[Plain], other: set[Plain]
    ) -> Iterator[dict[str, str]]:
        found = [row]
        for pattern in group.patterns:
            found = [longer for one in found for longer in matches(pattern, one, seen)]
        for one in found:
            if not all(true(f.condition, one) for f in group.filters):
                continue
            if any(True for g in group.negations for _ in self.rows(g, one, other, other)):
                continue
            yield one


def matches(
    pattern: Pattern, row: dict[str, str], seen: Iterable[Plain]
) -> Iterator[dict[str, str]]:
    for triple in seen:
        longer = dict(row)
        for part, term in zip(pattern, triple, strict=True):
            if part[0] != "?":
                if part != term:
                    break
            elif longer.setdefault(part, term) != term:
                break
        else:
            yield longer


def true(condition: Expression, row: dict[str, str]) -> bool:
    assert isinstance(condition, Apply)
    if condition.name == "!":
        return not true(condition.args[0], row)
    if condition.name == "&&":
        return all(true(arg, row) for arg in condition.args)
    if condition.name == "||":
        return any(true(arg, row) for arg in condition.args)
    one, other = (value(arg, row) for arg in condition.args)
    marks = {"=": one == other, "!=": one != other, "<=": one <= other, ">": one > other}
    return marks[condition.name]


def value(expression: Expression, row: dict[str, str]) -> str:
    if isinstance(expression, str):
        return row.get(expression, expression)
    begun = date.fromisoformat(value(expression.args[0], row)[1:11])
    assert "P3M" in str(expression.args[1])
    month = begun.month + 3
    last = {4: 30, 6: 30}.get(month, 31)
    return day_text(date(begun.year, month, min(begun.day, last)))


def holding(found: Evaluation, day: date, width: int) -> set[Plain]:
    state = found.state
    made = {state.spelt(t) for t in found.timeless()}
    for triple, days in state.held[width].items():
        if state.days.has(days, day.toordinal()):
            s, p, o = state.spelt(triple)
            made.add((s, p, day_text(day) if o == THE_DAY else o))
    return made


@pytest.mark.sampled
@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("seed", some(range(6), 2))
def test_all_days_at_once_are_the_days_one_by_one(name: str, seed: int) -> None:
    rules, given = rules_of(name), facts(seed)
    state = State(2)
    state.add(given)
    found = evaluate(program(rules), state)
    for number in range(-3, 215, 2):
        day = date(2001, 1, 1) + timedelta(days=number)
        brute = Brute(rules, given, day_text(day))
        for width in (0, 1):
            assert holding(found, day, width) == brute.worlds[width] - given, (day, width)


@pytest.mark.parametrize("seed", range(6))
def test_a_stage_is_that_of_the_day_alone(seed: int) -> None:
    """What is made for all days at once is made at the stage at which its day alone makes it."""
    rules, given = rules_of("recursion between negations"), facts(seed)
    state = State(2)
    state.add(given)
    found = evaluate(program(rules), state)
    days = found.state.days
    for entry in found.log:
        for triple, made in entry.items():
            others = [m for m in found.log.of(triple) if m.width == entry.width]
            together = [days.both[m.days, made] for m in others if m.stage != entry.stage]
            assert not any(together)


def test_three_widths_nest_and_negate_the_opposite_one() -> None:
    """The narrowest negates the widest; whatever is not certain may not be."""
    texts = [
        "CONSTRUCT { ?x csto:is ?y } WHERE { ?s csto:certainty certainty:certain . ?x csto:sure ?y }",
        "CONSTRUCT { ?x csto:is ?y } WHERE { ?s csto:certainty certainty:possible . ?x csto:maybe ?y }",
        "CONSTRUCT { ?x csto:is ?y } WHERE { ?s csto:certainty certainty:open . ?x csto:open ?y }",
        "CONSTRUCT { ?x csto:not ?y } WHERE { ?x csto:asked ?y FILTER NOT EXISTS { ?x csto:is ?y } }",
    ]
    rules = [
        read_rule(HEADER.format(code=f"r{n}") + PREFIX + text, Path(f"{n}.rq"))
        for n, text in enumerate(texts)
    ]
    state = State(3)
    asked = str(csto("asked"))
    levels = {"a": ("sure", "maybe", "open"), "b": ("maybe", "open"), "c": ("open",), "d": ()}
    for name, known in levels.items():
        state.add([(f"<urn:{name}>", asked, "<urn:y>")])
        state.add((f"<urn:{name}>", str(csto(p)), "<urn:y>") for p in known)
    found = evaluate(program(rules), state)
    negated = [
        {s[5:-1] for s, p, _ in holding(found, date(2001, 1, 1), w) if p == str(csto("not"))}
        for w in range(3)
    ]
    assert negated == [{"d"}, {"b", "c", "d"}, {"b", "c", "d"}]


# --- the dialect, against rdflib ---------------------------------------------------------------


@pytest.mark.sampled
def test_each_rule_is_read_as_rdflib_reads_it(shipped_workspace: Workspace) -> None:
    from rdflib.plugins.sparql import prepareQuery
    from rdflib.plugins.sparql.parserutils import CompValue

    def walk(node: Any, negated: bool) -> Iterator[tuple[bool, str, Any]]:
        if isinstance(node, (list, tuple, set)):
            for part in node:
                yield from walk(part, negated)
        elif isinstance(node, CompValue):
            if node.name in ("BGP", "TriplesBlock"):
                flat = [n.n3() for group in node.triples for n in group]
                for triple in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
                    yield negated, "pattern", triple
                return
            if node.name == "Extend":
                yield negated, "bind", node.var.n3()
            if node.name == "values":
                for row in node.res:
                    yield negated, "value", frozenset((k.n3(), v.n3()) for k, v in row.items())
            for part in node.values():
                yield from walk(part, negated or node.name == "Builtin_NOTEXISTS")

    def of(group: Group, negated: bool) -> Iterator[tuple[bool, str, Any]]:
        yield from ((negated, "pattern", pattern) for pattern in group.patterns)
        yield from ((negated, "bind", bind.variable) for bind in group.binds)
        for values in group.values:
            for row in values.rows:
                yield negated, "value", frozenset(zip(values.variables, row, strict=True))
        for inner in group.negations:
            yield from of(inner, True)

    paths = shipped_workspace.rule_files()
    for path in some(paths, 40):
        text = path.read_text(encoding="utf-8")
        ours, theirs = parse_construct(text, str(path)), prepareQuery(text).algebra
        assert set(of(ours.body, False)) == set(walk(theirs.p, False)), path
        assert set(ours.head) == {tuple(n.n3() for n in t) for t in theirs.template}, path
    assert len(paths) > 150


# --- the shipped graph is closed ---------------------------------------------------------------

DAYS = (*("1994-04-20", "2008-10-18", "2022-01-10"),)


def _missing(dataset: Dataset, rule: Rule, graphs: list[NamedNode]) -> list[str]:
    """What Oxigraph concludes from a rule that does not stand in the graphs."""
    made: Any = dataset.store.query(
        rule.text, default_graph=graphs, custom_functions=dict(FUNCTIONS)
    )
    return [
        str(triple)
        for triple in made
        if not isinstance(triple.subject, Literal)
        and not any(Quad(*triple, graph) in dataset.store for graph in graphs)
    ]


@pytest.mark.sampled
def test_the_timeless_graph_is_closed(shipped: Dataset) -> None:
    """Plain SPARQL finds nothing new with any rule or axiom."""
    shipped.make_asked()
    plans = shipped.program.plans
    for rule, plan in some(plans.items(), 150):
        if not plan.dated:
            assert _missing(shipped, rule, list(TIMELESS)) == [], rule.code
    query = """SELECT DISTINCT ?s ?p ?c WHERE { ?q rdfs:subPropertyOf ?p . ?s ?q ?c .
        FILTER NOT EXISTS { ?s ?p ?c } }"""
    prefix = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
    rows: Any = shipped.store.query(f"{prefix} {query}", default_graph=list(TIMELESS))
    assert list(rows) == []


@pytest.mark.parametrize("day", DAYS)
def test_slices_are_closed(shipped: Dataset, day: str) -> None:
    """The shipped rules negate nothing that depends on the day: a slice can be asked alone."""
    dated = [plan for plan in shipped.program.plans.values() if plan.dated]
    for graph in shipped.cut(day):
        for plan in dated:
            assert not shipped.program.is_dated(plan.rule.negates)
            assert _missing(shipped, plan.rule, [*TIMELESS, graph]) == [], plan.rule.code


def test_what_is_certain_is_possible(shipped: Dataset) -> None:
    spans = shipped.spans
    assert len(spans.held[0]) > 1000
    for narrow, wide in pairwise(spans.held):
        for triple, days in narrow.items():
            assert not spans.days.less[days, wide.get(triple, 0)], triple


def test_relations_among_crises_are_closed_as_owlrl_closes_them(shipped: Dataset) -> None:
    """The timeless graph too: what rules say of loyalties, and the axioms make of it."""
    from csto.reason.owlrl import owlrl_closure

    names = ("dividedLoyaltyIn", "dividedLoyaltyThroughout", "participantHeldAt")
    given: list[Triple] = [
        quad.triple
        for name in names
        for quad in list(shipped.store.quads_for_pattern(None, csto(name), None))[:150]
    ]
    ontology = [
        quad
        for quad in shipped.store.quads_for_pattern(None, None, None, ONTOLOGY)
        if not isinstance(quad.object, Literal)
    ]
    theirs = owlrl_closure(ontology, given)
    assert len(theirs) > 100
    for terms in theirs:
        triple = Triple(*(NamedNode(term) for term in terms))
        assert any(Quad(*triple, graph) in shipped.store for graph in TIMELESS), triple


def test_rules_load_quickly_and_in_any_order(shipped_workspace: Workspace) -> None:
    rules = load_rules(shipped_workspace.rule_files())
    one = [[r.code for r in c.rules] for c in program(rules).components]
    other = [[r.code for r in c.rules] for c in program(rules[::-1]).components]
    assert one == other


def test_the_state_is_what_is_in_the_files(shipped: Dataset) -> None:
    assert shipped.store.dump(format=RdfFormat.N_TRIPLES, from_graph=ASSERTED)
    state = shipped.evaluation.state
    made = {triple for entry in shipped.evaluation.log for triple in entry.made}
    given = sum(1 for triple in state.index if triple not in made)
    stored = {
        quad.triple
        for graph in (ASSERTED, ONTOLOGY)
        for quad in shipped.store.quads_for_pattern(None, None, None, graph)
    }
    assert given == len(stored)


def test_what_matches_nothing_is_not_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most rules start from what a small graph has nothing of; all that starts is made."""
    facts = (
        BASE + act("in", "2001") + spell("a", "csto:status status:member ; csto:openedBy act:in")
    )
    workspace = tiny(tmp_path / "small", all=facts)
    compiled: list[Plan] = []
    conclusions = Compiler._conclusions

    def noted(self: Compiler, plan: Plan, index: int | None) -> Any:
        compiled.append(plan)
        return conclusions(self, plan, index)

    monkeypatch.setattr(Compiler, "_conclusions", noted)
    few = build(workspace, cached=False).evaluation
    plans = len(few.program.plans)
    assert 10 < len({plan.rule for plan in compiled}) < plans / 2
    monkeypatch.setattr(_Run, "_starved", lambda *_: False)
    compiled.clear()
    every = build(workspace, cached=False).evaluation
    assert len({plan.rule for plan in compiled}) == plans
    assert [set(map(every.state.spelt, entry.made)) for entry in every.log] == [
        set(map(few.state.spelt, entry.made)) for entry in few.log
    ]
