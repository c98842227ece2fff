"""Why a triple holds: a proof from rules down to passages of sources.

No proofs are stored, only which rule made a triple in which round. A proof is
found again by running that rule backwards (:mod:`csto.proof.derivations`) and doing the
same for each premise. Premises of a lower round are the only ones taken, so a proof
is finite and never goes in circles.

Leaves are of six kinds: asserted (with passages), axiom (of the ontology),
computed (a day from an EDTF expression), parameter (the day of the slice),
absence (a pattern that nothing matches) and assumption (named by the rule).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

from csto.errors import InputError
from csto.graph import cache
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.reader import Reader, documents_first
from csto.proof.derivations import Derivations, Row, filled, matched
from csto.reason.journal import read_steps
from csto.rules.rule import Rule
from csto.vocabulary import ASSERTED, INFERRED, ONTOLOGY, RDF_TYPE, csto

Made = dict[Triple, tuple[int, Rule]]

_OWN_PLACE = {csto("Passage"), csto("Source")}


@dataclass(eq=False)
class Proof:
    """A node of a proof.

    ``kind`` is ``inferred``, the kind of a leaf, or ``answer`` for something that is no
    triple itself but shown by several. ``passages`` (the labels of ``cited``) belong to
    what is asserted, ``rank`` and ``claimant`` to what is asserted of a claim, ``rule`` and
    ``because`` to what is inferred. ``others`` are further proofs of the same triple.
    A node may be a premise of several others: a proof is a graph without circles.
    """

    kind: str
    what: str
    triple: Triple | None = None
    rule: str = ""
    because: str = ""
    round: int = 0
    passages: list[str] = field(default_factory=list)
    cited: list[NamedNode] = field(default_factory=list)
    rank: str = ""
    claimant: str = ""
    premises: list[Proof] = field(default_factory=list)
    others: list[Proof] = field(default_factory=list)

    def nodes(self) -> Iterator[Proof]:
        """This node and all below it, each once, premises from left to right."""
        seen: set[int] = set()
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if id(node) not in seen:
                seen.add(id(node))
                yield node
                waiting += reversed([*node.premises, *node.others])

    def leaves(self) -> Iterator[Proof]:
        """The leaves, each once, from left to right."""
        return (node for node in self.nodes() if not node.premises)


class Prover:
    """Finds proofs in one dataset as of one day."""

    def __init__(
        self,
        dataset: Dataset,
        day: str,
        *,
        every: bool = False,
        whole: bool = False,
        timeless: Timeless | None = None,
    ) -> None:
        """Cut the slices of the day and learn how their triples came about.

        Args:
            dataset: the graph.
            day: ``YYYY-MM-DD``.
            every: find all proofs whose premises are of a lower round, not only one by
                the rule that made the triple first.
            whole: ask each rule once for all its triples; for thousands of proofs.
            timeless: what another day's prover found of what holds whatever the day.
        """
        self.dataset = dataset
        self.day = day
        self.every = every
        reader = Reader(dataset)
        self.things, self.show = reader.things, reader.show
        self.certain, self.possible = dataset.cut(day)
        self.timeless = timeless or Timeless(dataset, whole)
        self.derivations = self.timeless.derivations
        self.sliced = {graph: self._of(graph) for graph in (self.certain, self.possible)}
        self._memo: dict[NamedNode, dict[Triple, Proof]] = {
            INFERRED: self.timeless.every if every else self.timeless.memo,
            self.certain: {},
            self.possible: {},
        }

    @cached_property
    def made(self) -> dict[NamedNode, Made]:
        """By which rule and in which round all came about that holds in each slice."""
        return {graph: self.timeless.made | made for graph, made in self.sliced.items()}

    def _of(self, graph: NamedNode) -> Made:
        return {
            triple: (step.round, step.rule)
            for step in self.dataset.steps
            if step.graph == graph
            for triple in step.triples
        }

    def prove(self, triple: Triple, *, possibly: bool = False) -> Proof:
        """The proof of a triple.

        Args:
            triple: what is to be proved.
            possibly: look in what is possible on the day, not in what is certain.

        Raises:
            InputError: if the triple does not hold.
        """
        return self._prove(triple, self.possible if possibly else self.certain)

    def holds(self, triple: Triple, *, possibly: bool = False) -> bool:
        """Whether a triple holds whatever the day, or on this day."""
        slice_ = self.possible if possibly else self.certain
        return any(self._in(triple, graph) for graph in (*TIMELESS, slice_))

    def _prove(self, triple: Triple, slice_: NamedNode) -> Proof:
        # What is timeless has the same proof in each slice.
        place = INFERRED if triple in self.timeless.made else slice_
        memo = self._memo[place]
        if triple not in memo:
            memo[triple] = self._proof(triple, place)
        return memo[triple]

    def _proof(self, triple: Triple, place: NamedNode) -> Proof:
        shown = self.sentence(triple)
        if self._in(triple, ASSERTED):
            return self._asserted(triple, shown)
        if self._in(triple, ONTOLOGY):
            return Proof("axiom", shown, triple)
        made = self._made(triple, place)
        if made is None and self._in(triple, place):
            return Proof("parameter", shown, triple)
        if made is None:
            raise InputError(f"{shown}: this does not hold on {self.day}")
        number, first = made
        proofs = [
            Proof(
                "inferred",
                shown,
                triple,
                rule.code,
                rule.because,
                number,
                premises=[
                    *(self._prove(premise, place) for premise in _premises(rule, row)),
                    *self._others(rule, row, place),
                ],
            )
            for rule, row in self._derived(triple, first, number, place)
        ]
        if not proofs:
            raise InputError(f"{shown}: its rule {first.code} no longer gives it")
        proofs[0].others = proofs[1:]
        return proofs[0]

    def _made(self, triple: Triple, place: NamedNode) -> tuple[int, Rule] | None:
        """By which rule and in which round a triple came about; ``None`` if none made it."""
        found = self.timeless.made.get(triple)
        return self.sliced[place].get(triple) if found is None and place != INFERRED else found

    def _in(self, triple: Triple, graph: NamedNode) -> bool:
        return Quad(triple.subject, triple.predicate, triple.object, graph) in self.dataset.store

    def _derived(
        self, triple: Triple, first: Rule, number: int, place: NamedNode
    ) -> Iterator[tuple[Rule, Row]]:
        """Rules and values from which a triple follows, premises all of a lower round.

        One, from the rule that made the triple first, or all there are.
        """
        graphs = list(TIMELESS) if place == INFERRED else [*TIMELESS, place]
        rules = [first]
        if self.every:
            rules += [rule for rule in self.timeless.concluding(triple) if rule != first]
        for rule in rules:
            if place == INFERRED and rule.stratum != "timeless":
                continue
            rows = self.derivations.rows(rule, triple, graphs)
            alone = len(rows) == 1 and rule is first
            for row in rows:
                if not all(self._before(p, number, place) for p in _premises(rule, row)):
                    continue
                if alone or not self.derivations.refuted(rule, row, self._against(rule, place)):
                    yield rule, row
                    if not self.every:
                        return

    def _before(self, premise: Triple, number: int, place: NamedNode) -> bool:
        made = self._made(premise, place)
        return made is None or made[0] < number

    def _against(self, rule: Rule, place: NamedNode) -> list[NamedNode]:
        """Where what a rule negates is looked for: a rule on a slice reads the other slice."""
        if place == INFERRED or rule.stratum == "timeless":
            return list(TIMELESS)
        return [*TIMELESS, self.possible if place == self.certain else self.certain]

    def _asserted(self, triple: Triple, shown: str) -> Proof:
        cited = self.timeless.passages(triple)
        proof = Proof("asserted", shown, triple)
        proof.passages = documents_first(self.things.label(passage) for passage in cited)
        proof.cited = cited
        proof.rank, proof.claimant = self.timeless.claim(triple.subject)
        return proof

    def _others(self, rule: Rule, values: Row, place: NamedNode) -> Iterator[Proof]:
        """Leaves that are no triples: computed values, absences, assumptions."""
        for name in rule.computed:
            if name in values and isinstance(values[name], Literal):
                yield Proof("computed", f"{name} = {values[name].value}")
        for pattern in dict.fromkeys(rule.absent):
            shown = " ".join(self._term(part, values) for part in pattern)
            where = "in the graph"
            if rule.stratum == "dated":
                sure = "possible" if place == self.certain else "certain"
                where = f"{where} or {sure} on {self.day}"
            yield Proof("absence", f"nothing {where} says: {shown}")
        if rule.assumes:
            yield Proof("assumption", rule.assumes)

    def _term(self, part: str, values: Row) -> str:
        if part.startswith("?"):
            value = values.get(part[1:])
            return part if value is None else self.label(value)
        if part.startswith("<"):
            return self.label(NamedNode(part[1:-1]))
        return part

    def label(self, term: Any) -> str:
        """A term as people read it."""
        labels = self.timeless.labels
        if term not in labels:
            labels[term] = self._slices.get(term) or self.show(term)
        return labels[term]

    @cached_property
    def _slices(self) -> dict[Any, str]:
        return {
            self.certain: f"what is certain on {self.day}",
            self.possible: f"what is possible on {self.day}",
        }

    def sentence(self, triple: Triple) -> str:
        """A triple as people read it."""
        named = self.label(triple.predicate)
        word = named if ":" not in named else named.removeprefix("csto:")
        return f"{self.label(triple.subject)} · {word} · {self.label(triple.object)}"


class Timeless:
    """What holds whatever the day: how it came about, its proofs, and where it stands."""

    def __init__(self, dataset: Dataset, whole: bool = False) -> None:
        self.dataset = dataset
        self.derivations = Derivations(dataset.store, whole)
        self.memo: dict[Triple, Proof] = {}
        self.every: dict[Triple, Proof] = {}
        self.labels: dict[Any, str] = {}
        self.reader = Reader(dataset, [ASSERTED])

    @cached_property
    def made(self) -> Made:
        """By which rule and in which round each timeless triple came about."""
        made = {
            triple: (step.round, step.rule)
            for step in self.dataset.steps
            if step.graph == INFERRED
            for triple in step.triples
        }
        if not made:
            text = cache.read_steps(self.dataset.key)
            # Another process may have tidied the entry away since this one opened it.
            steps = self.dataset.again().steps if text is None else read_steps(text, self._rules)
            for step in steps:
                for triple in step.triples:
                    made.setdefault(triple, (step.round, step.rule))
        return made

    @property
    def _rules(self) -> Iterable[Rule]:
        return (*self.dataset.axioms, *self.dataset.rules)

    @cached_property
    def _by_predicate(self) -> dict[str, list[Rule]]:
        found: dict[str, list[Rule]] = defaultdict(list)
        for rule in self._rules:
            for predicate in {pattern[1] for pattern in rule.head}:
                found["" if predicate.startswith("?") else predicate].append(rule)
        return found

    def concluding(self, triple: Triple) -> list[Rule]:
        """The rules one of whose conclusions can be this triple."""
        rules = [*self._by_predicate[str(triple.predicate)], *self._by_predicate[""]]
        return [r for r in rules if any(matched(p, triple) is not None for p in r.head)]

    @cached_property
    def _supports(self) -> dict[tuple[Any, Any], list[NamedNode]]:
        found: dict[tuple[Any, Any], list[NamedNode]] = defaultdict(list)
        for quad in self.dataset.store.quads_for_pattern(None, csto("supports"), None, ASSERTED):
            for prop in self.reader.objects(quad.subject, "relation"):  # type: ignore[arg-type]
                found[quad.object, prop].append(quad.subject)  # type: ignore[arg-type]
        return found

    def passages(self, triple: Triple) -> list[NamedNode]:
        """Passages behind an asserted triple: those of its support, or else of its node.

        A passage and a source stand for themselves: what is said of them can be read there.
        """
        node, objects = triple.subject, self.reader.objects
        if not isinstance(node, NamedNode):
            return []
        found: list[Any] = []
        for support in self._supports.get((node, triple.predicate), ()):
            values = objects(support, "value") + objects(support, "object")
            if not values or triple.object in values:
                found += objects(support, "evidence")
        found = found or objects(node, "evidence") + objects(node, "statedIn")
        if not found:
            # A question that sources answer differently stands where its answers do.
            found = [p for claim in objects(node, "rivalClaim") for p in objects(claim, "statedIn")]
        if not found and _OWN_PLACE & set(objects(node, RDF_TYPE)):
            found = [node]
        return sorted({p for p in found if isinstance(p, NamedNode)}, key=str)

    def claim(self, node: Any) -> tuple[str, str]:
        """Rank and claimant of a claim; empty for anything else."""
        if not isinstance(node, NamedNode):
            return "", ""
        rank, claimant = self.reader.text(node, "rank"), self.reader.text(node, "claimant")
        return (rank, claimant) if rank and claimant else ("", "")


def _premises(rule: Rule, row: Row) -> list[Triple]:
    found = dict.fromkeys(filled(pattern, row) for pattern in rule.body)
    return [premise for premise in found if premise is not None]
