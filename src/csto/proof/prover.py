"""Why a triple holds: a proof from rules down to passages of sources.

No proofs are stored, only which rule made a triple at which stage. A proof is found
again by running that rule backwards (:mod:`csto.reason.backward`) and doing the same for
each premise. Premises of a lower stage are the only ones taken, so a proof is finite and
never goes in circles. Which proof is shown does not depend on how the graph was made.

Leaves are of six kinds: asserted (with passages), axiom (of the ontology),
computed (a day from an EDTF expression), parameter (the day of the slice),
absence (a pattern that nothing matches) and assumption (named by the rule).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.reader import Reader, documents_first
from csto.reason.backward import Backward, Derivation
from csto.reason.evaluate import Evaluation
from csto.reason.index import Triple as Numbers
from csto.rules.program import DAY_OF, THE_DAY, WIDTH_OF
from csto.rules.rule import Rule
from csto.vocabulary import ASSERTED, CERTAIN, ONTOLOGY, OPEN, POSSIBLE, RDF_TYPE, XSD_DATE, csto

Made = dict[Triple, Rule]
# First and last day; None where nothing bounds it.
Run = tuple[date | None, date | None]

_CITING = ("evidence", "statedIn", "listedIn")
_OWN_PLACE = {csto("Passage"), csto("Source")}


@dataclass(eq=False)
class Proof:
    """A node of a proof.

    ``kind`` is ``inferred``, the kind of a leaf, or ``answer`` for something that is no
    triple itself but shown by several. ``passages`` (the labels of ``cited``) belong to
    what is asserted, as does ``layer`` (the workspaces that say so, where one extends others);
    ``rank`` and ``claimant`` belong to what is asserted of a claim, ``rule`` and
    ``because`` to what is inferred, ``held`` (the days on which it holds) to what is inferred
    for some days only. ``others`` are further proofs of the same triple.
    A node may be a premise of several others: a proof is a graph without circles.
    """

    kind: str
    what: str
    triple: Triple | None = None
    rule: str = ""
    because: str = ""
    held: list[Run] = field(default_factory=list)
    passages: list[str] = field(default_factory=list)
    cited: list[NamedNode] = field(default_factory=list)
    rank: str = ""
    claimant: str = ""
    layer: str = ""
    premises: list[Proof] = field(default_factory=list)
    others: list[Proof] = field(default_factory=list)

    def _repr_html_(self) -> str:
        """For a notebook: the proof as a tree to unfold, each premise written out once."""
        from html import escape

        seen: set[int] = set()

        def told(node: Proof) -> str:
            cites = f" <small>{escape('; '.join(node.passages))}</small>" if node.passages else ""
            line = f"{escape(node.what)}{cites}"
            if not node.premises or id(node) in seen:
                return f"<li>{line}</li>"
            seen.add(id(node))
            inner = "".join(map(told, node.premises))
            return f"<details open><summary>{line}</summary><ul>{inner}</ul></details>"

        return told(self)

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
        timeless: Timeless | None = None,
    ) -> None:
        """Fill the slices of the day and learn how their triples came about.

        Args:
            dataset: the graph.
            day: ``YYYY-MM-DD``.
            every: find all proofs whose premises are of a lower stage, not only the first.
            timeless: what another day's prover found of what holds whatever the day.
        """
        self.dataset = dataset
        self.day = day
        self.every = every
        self.number = date.fromisoformat(day).toordinal()
        reader = Reader(dataset)
        self.things, self.show = reader.things, reader.show
        self.certain, self.possible = dataset.cut(day)
        self.timeless = timeless or Timeless(dataset)
        self._literal = Literal(day, datatype=XSD_DATE)
        self._always = self.timeless.every if every else self.timeless.memo
        self._memo: dict[int, dict[Triple, Proof]] = {0: {}, 1: {}}

    @cached_property
    def evaluation(self) -> Evaluation:
        """How each triple came about."""
        return self.dataset.evaluation

    @property
    def backward(self) -> Backward:
        """Runs rules backwards."""
        return self.timeless.backward

    @cached_property
    def made(self) -> dict[NamedNode, Made]:
        """By which rule all came about that holds in each slice, and what is timeless."""
        found: dict[NamedNode, Made] = {}
        for width, graph in enumerate((self.certain, self.possible)):
            made = dict(self.timeless.made)
            for numbers, days in self.evaluation.state.held[width].items():
                if self.evaluation.state.days.has(days, self.number):
                    making = self.backward.making(numbers, self.number, width)
                    if making is not None:
                        made[self.triple(numbers)] = making.rule
            found[graph] = self._anew(graph, made) if self.dataset.reasoner == "owlrl" else made
        return found

    def _anew(self, graph: NamedNode, made: Made) -> Made:
        """With what owlrl put in a slice in the place of what the compiled axioms say of it."""
        from csto.reason.owlrl import OWLRL

        about = (csto("day"), csto("certainty"))
        here = self.dataset.store.quads_for_pattern(None, None, None, graph)
        anew = {quad.triple: OWLRL for quad in here if quad.predicate not in about}
        kept = {t: r for t, r in made.items() if t in self.timeless.made or not r.axiom}
        return anew | kept

    def prove(self, triple: Triple, *, possibly: bool = False) -> Proof:
        """The proof of a triple.

        Args:
            triple: what is to be proved.
            possibly: look in what is possible on the day, not in what is certain.

        Raises:
            InputError: if the triple does not hold.
        """
        self._ask(triple)
        return self._prove(triple, int(possibly))

    def holds(self, triple: Triple, *, possibly: bool = False) -> bool:
        """Whether a triple holds whatever the day, or on this day."""
        self._ask(triple)
        slice_ = self.possible if possibly else self.certain
        return any(self._in(triple, graph) for graph in (*TIMELESS, slice_))

    def _ask(self, triple: Triple) -> None:
        """See that what is made only when asked is there, if it is what the triple speaks of."""
        if {str(triple.predicate)[1:-1], str(triple.object)[1:-1]} & set(self.dataset.asked_terms):
            self.dataset.make_asked()

    def triple(self, numbers: Numbers) -> Triple:
        """A triple of the evaluation, with the day in its place."""
        terms = self.evaluation.state.terms
        day = terms.numbers.get(THE_DAY)
        parts = [self._literal if number == day else terms.term(number) for number in numbers]
        return Triple(*parts)  # type: ignore[arg-type]

    def numbers(self, triple: Triple) -> Numbers | None:
        """A triple as the evaluation has it; ``None`` if it knows none such."""
        known = self.evaluation.state.terms.numbers
        thing = str(triple.object)
        if triple.object == self._literal and str(triple.predicate) in self._of_day:
            thing = THE_DAY
        parts = [known.get(str(triple.subject)), known.get(str(triple.predicate)), known.get(thing)]
        if None in parts:
            return None
        return tuple(parts)  # type: ignore[return-value]

    @cached_property
    def _of_day(self) -> set[str]:
        return self.evaluation.program.of_day

    def _prove(self, triple: Triple, width: int) -> Proof:
        if (known := self._always.get(triple)) is not None:
            return known
        if triple not in self._memo[width]:
            # What is timeless has the same proof in each slice.
            numbers = self.numbers(triple)
            always = numbers is not None and numbers not in self.evaluation.state.held[0]
            always = always and any(self._in(triple, graph) for graph in TIMELESS)
            memo = self._always if always else self._memo[width]
            memo[triple] = self._proof(triple, numbers, width)
            return memo[triple]
        return self._memo[width][triple]

    def _proof(self, triple: Triple, numbers: Numbers | None, width: int) -> Proof:
        shown = self.sentence(triple)
        if self._in(triple, ASSERTED):
            return self._asserted(triple, shown)
        if self._in(triple, ONTOLOGY):
            return Proof("axiom", shown, triple)
        made = None
        if numbers is not None and self.backward.holds(numbers, self.number, width):
            made = self.backward.making(numbers, self.number, width)
        if numbers is None or made is None:
            if self._in(triple, self.possible if width else self.certain):
                return Proof("parameter", shown, triple)
            raise InputError(f"{shown}: this does not hold on {self.day}")
        held = self.evaluation.state.holds(numbers, width)
        runs = [] if made.width is None else self.evaluation.state.days.runs(held)
        proofs = [
            Proof(
                "inferred",
                shown,
                triple,
                derivation.rule.code,
                derivation.rule.because,
                runs,
                premises=[
                    *self._parameters(derivation),
                    *(
                        self._prove(self.triple(premise), derivation.width or 0)
                        for premise in derivation.premises
                    ),
                    *self._others(derivation),
                ],
            )
            for derivation in self.backward.derivations(
                numbers, self.number, width, every=self.every
            )
        ]
        if not proofs:
            raise InputError(f"{shown}: its rule {made.rule.code} no longer gives it")
        proofs[0].others = proofs[1:]
        return proofs[0]

    def _parameters(self, derivation: Derivation) -> Iterator[Proof]:
        """What a rule reads of the slice itself: its day and its certainty."""
        graph = self.possible if derivation.width else self.certain
        values: dict[str, NamedNode | Literal] = {
            DAY_OF: self._literal,
            WIDTH_OF: (CERTAIN, POSSIBLE, OPEN)[derivation.width or 0],
        }
        for _, predicate, _ in derivation.rule.body.patterns:
            if predicate in values:
                triple = Triple(graph, NamedNode(predicate[1:-1]), values[predicate])
                yield Proof("parameter", self.sentence(triple), triple)

    def _in(self, triple: Triple, graph: NamedNode) -> bool:
        return Quad(triple.subject, triple.predicate, triple.object, graph) in self.dataset.store

    def _asserted(self, triple: Triple, shown: str) -> Proof:
        cited = self.timeless.passages(triple)
        proof = Proof("asserted", shown, triple)
        proof.passages = documents_first(self.things.label(passage) for passage in cited)
        proof.cited = cited
        proof.rank, proof.claimant = self.timeless.claim(triple.subject)
        workspace = self.dataset.workspace
        layers = [layer.manifest for layer in workspace.layers if workspace.lent]
        proof.layer = " and ".join(
            told.title or told.node for told in layers if self._in(triple, NamedNode(told.node))
        )
        return proof

    def _others(self, derivation: Derivation) -> Iterator[Proof]:
        """Leaves that are no triples: computed values, absences, assumptions."""
        rule, term = derivation.rule, self.evaluation.state.terms.term
        plan = self.evaluation.program.plans[rule]
        values = {name: term(number) for name, number in derivation.row.items()}
        for name in rule.computed:
            value = values.get(name)
            if isinstance(value, Literal):
                yield Proof("computed", f"{name[1:]} = {value.value}")
        absent = [pattern for group in rule.body.negations for pattern in group.patterns]
        for pattern in dict.fromkeys(absent):
            shown = " ".join(self.part(part, values) for part in pattern)
            where = "in the graph"
            if plan.dated and self.evaluation.program.is_dated(rule.negates):
                sure = "certain" if derivation.width else "possible or open"
                where = f"{where} or {sure} on {self.day}"
            yield Proof("absence", f"nothing {where} says: {shown}")
        if rule.assumes:
            yield Proof("assumption", rule.assumes)

    def part(self, part: str, values: Mapping[str, Any]) -> str:
        """A part of a pattern as people read it."""
        if part.startswith("?"):
            value = values.get(part)
            return part if value is None else self.label(value)
        return self.label(NamedNode(part[1:-1])) if part.startswith("<") else part

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

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.memo: dict[Triple, Proof] = {}
        self.every: dict[Triple, Proof] = {}
        self.labels: dict[Any, str] = {}
        self.reader = Reader(dataset, [ASSERTED])

    @cached_property
    def backward(self) -> Backward:
        """Runs rules backwards."""
        return Backward(self.dataset.evaluation)

    @cached_property
    def made(self) -> Made:
        """By which rule each timeless triple came about."""
        term = self.dataset.evaluation.state.terms.term
        return {
            Triple(term(s), term(p), term(o)): entry.rule  # type: ignore[arg-type]
            for entry in self.dataset.evaluation.log
            if entry.width is None
            for s, p, o in entry.made
        }

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
        if not found:
            # What a list covers stands in the list.
            found = [p for name in _CITING for p in objects(node, name)]
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
