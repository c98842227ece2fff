"""Why a triple holds: a proof from rules down to passages of sources.

No proofs are stored, only which rule made a triple in which round. A proof is
found again by matching the triple against the head of its rule, running the body
with those values, and doing the same for each premise. Premises of a lower round
are the only ones taken, so a proof is finite.

Leaves are of six kinds: asserted (with passages), axiom (of the ontology),
computed (a day from an EDTF expression), parameter (the day of the slice),
absence (a pattern that nothing matches) and assumption (named by the rule).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from csto import cache
from csto.dataset import TIMELESS, Dataset
from csto.engine import FUNCTIONS
from csto.errors import InputError
from csto.names import ASSERTED, INFERRED, ONTOLOGY, csto, shorten
from csto.negation import not_refuted, parts, reads_slices
from csto.reading import Reader
from csto.rules import Pattern, Rule
from csto.sparql import answer, select

_NESTING = 60


@dataclass
class Proof:
    """A node of a proof tree.

    ``kind`` is ``inferred`` or the kind of a leaf; ``passages`` belong to what is
    asserted, ``rule`` and ``because`` to what is inferred.
    """

    kind: str
    what: str
    triple: Triple | None = None
    rule: str = ""
    because: str = ""
    round: int = 0
    passages: list[str] = field(default_factory=list)
    premises: list[Proof] = field(default_factory=list)

    def leaves(self) -> Iterator[Proof]:
        """The leaves, from left to right."""
        if not self.premises:
            yield self
        for premise in self.premises:
            yield from premise.leaves()


class Prover:
    """Finds proofs in one dataset as of one day."""

    def __init__(self, dataset: Dataset, day: str) -> None:
        self.dataset = dataset
        self.day = day
        reader = Reader(dataset)
        self.things, self.show = reader.things, reader.show
        self.certain, self.possible = dataset.cut(day)
        timeless = self._timeless()
        # The same relation holds in many slices, in each by steps of its own.
        self.made = {graph: timeless | self._of(graph) for graph in (self.certain, self.possible)}
        self._memo: dict[tuple[Triple, NamedNode], Proof] = {}

    def _timeless(self) -> dict[Triple, tuple[int, Rule]]:
        """By which rule and in which round each timeless triple came about."""
        made = self._of(INFERRED)
        by_text = {rule.text: rule for rule in (*self.dataset.axioms, *self.dataset.rules)}
        for number, text, triples in _read_steps(cache.read_steps(self.dataset.key) or ""):
            for triple in triples:
                made.setdefault(triple, (number, by_text[text]))
        return made

    def _of(self, graph: NamedNode) -> dict[Triple, tuple[int, Rule]]:
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
        return self._prove(triple, self.possible if possibly else self.certain, _NESTING)

    def _prove(self, triple: Triple, slice_: NamedNode, depth: int) -> Proof:
        key = (triple, slice_)
        if key not in self._memo:
            self._memo[key] = self._proof(triple, slice_, depth)
        return self._memo[key]

    def _proof(self, triple: Triple, slice_: NamedNode, depth: int) -> Proof:
        shown = self.sentence(triple)
        if self._in(triple, ASSERTED):
            return Proof("asserted", shown, triple, passages=self.passages(triple.subject, triple))
        if self._in(triple, ONTOLOGY):
            return Proof("axiom", shown, triple)
        made = self.made[slice_]
        if triple not in made and self._in(triple, slice_):
            return Proof("parameter", shown, triple)
        if triple not in made or depth == 0:
            raise InputError(f"{shown}: this does not hold on {self.day}")
        number, rule = made[triple]
        values = self._values(triple, rule, number, slice_)
        premises = [
            self._prove(premise, slice_, depth - 1)
            for premise in dict.fromkeys(_fill(pattern, values) for pattern in rule.body)
        ]
        premises += self._others(rule, values, slice_)
        return Proof("inferred", shown, triple, rule.code, rule.because, number, premises=premises)

    def _in(self, triple: Triple, graph: NamedNode) -> bool:
        return Quad(triple.subject, triple.predicate, triple.object, graph) in self.dataset.store

    def _values(self, triple: Triple, rule: Rule, number: int, slice_: NamedNode) -> dict[str, Any]:
        """Values of the variables of a body whose premises are all of a lower round."""
        graphs, made = [*TIMELESS, slice_], self.made[slice_]
        for pattern in rule.head:
            bound = _match(pattern, triple)
            if bound is None:
                continue
            for row in self._solutions(rule, bound, graphs, slice_):
                rounds = [
                    made[premise][0] if premise in made else 0
                    for premise in (_fill(p, row) for p in rule.body)
                ]
                if max(rounds, default=0) < number:
                    return row
        raise InputError(f"{self.sentence(triple)}: its rule {rule.code} no longer gives it")

    def _solutions(
        self, rule: Rule, bound: dict[str, Any], graphs: list[NamedNode], slice_: NamedNode
    ) -> list[dict[str, Any]]:
        """Rows of a body with some variables given; what it negates is not in the other slice."""
        store, other = self.dataset.store, [*TIMELESS, self._other(slice_)]
        if not reads_slices(store, rule, graphs, other):
            return _solutions(self.dataset, rule, bound, graphs)
        split = parts(rule.text)
        positive = f"{split.prologue} CONSTRUCT {{ {split.template} }} WHERE {{ {split.body} }}"
        rows = _solutions(self.dataset, replace(rule, text=positive), bound, graphs)
        return not_refuted(store, rule, rows, other, FUNCTIONS)

    def _other(self, slice_: NamedNode) -> NamedNode:
        return self.possible if slice_ == self.certain else self.certain

    def _others(self, rule: Rule, values: dict[str, Any], slice_: NamedNode) -> Iterator[Proof]:
        """Leaves that are no triples: computed values, absences, assumptions."""
        for name in rule.computed:
            if name in values and isinstance(values[name], Literal):
                yield Proof("computed", f"{name} = {values[name].value}")
        for pattern in dict.fromkeys(rule.absent):
            shown = " ".join(self._term(part, values) for part in pattern)
            where = "in the graph"
            if rule.stratum == "dated":
                sure = "possible" if slice_ == self.certain else "certain"
                where = f"{where} or {sure} on {self.day}"
            yield Proof("absence", f"nothing {where} says: {shown}")
        if rule.assumes:
            yield Proof("assumption", rule.assumes)

    def _term(self, part: str, values: dict[str, Any]) -> str:
        if part.startswith("?"):
            value = values.get(part[1:])
            return part if value is None else self.show(value)
        if part.startswith("<"):
            return self.things.label(NamedNode(part[1:-1]))
        return part

    def sentence(self, triple: Triple) -> str:
        """A triple as people read it."""
        predicate = shorten(triple.predicate.value).removeprefix("csto:")
        named = self.things.label(triple.predicate)
        word = named if ":" not in named else predicate
        return f"{self.show(triple.subject)} · {word} · {self.show(triple.object)}"

    def passages(self, node: Any, triple: Triple) -> list[str]:
        """Passages behind an asserted triple: those of its node, or of its support."""
        if not isinstance(node, NamedNode):
            return []
        supported = f"""PREFIX csto: <https://w3id.org/csto/ontology#>
            SELECT ?p WHERE {{
              ?support csto:supports {node} ; csto:property {triple.predicate} ;
                csto:evidence ?p .
              FILTER NOT EXISTS {{
                ?support csto:value|csto:valueThing ?v FILTER(?v != {triple.object})
              }}
            }}"""
        rows = select(self.dataset.store, supported, [ASSERTED])
        found = [row["p"] for row in rows]
        if not found:
            found = [
                quad.object
                for predicate in (csto("evidence"), csto("statedIn"))
                for quad in self.dataset.store.quads_for_pattern(node, predicate, None, ASSERTED)
            ]
        return sorted({self.things.label(p) for p in found if isinstance(p, NamedNode)})


def _read_steps(text: str) -> Iterator[tuple[int, str, list[Triple]]]:
    import ast

    for block in re.split(r"^# ", text, flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        number, _, rest = head.partition(" ")
        rule_text = ast.literal_eval(rest.partition("\t")[2])
        lines = "".join(f"{line} .\n" for line in body.splitlines() if line)
        quads = parse(input=lines.encode(), format=RdfFormat.N_TRIPLES)
        yield int(number), rule_text, [quad.triple for quad in quads]


def _match(pattern: Pattern, triple: Triple) -> dict[str, Any] | None:
    """Values that make a pattern of a head into this triple."""
    values: dict[str, Any] = {}
    for part, term in zip(pattern, triple, strict=True):
        if part.startswith("?"):
            if values.setdefault(part[1:], term) != term:
                return None
        elif part != str(term):
            return None
    return values


def _fill(pattern: Pattern, values: dict[str, Any]) -> Triple:
    terms = [values[p[1:]] if p.startswith("?") else _parse(p) for p in pattern]
    return Triple(*terms)


def _parse(text: str) -> Any:
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    quad = next(iter(parse(input=f"<u:s> <u:p> {text} .".encode(), format=RdfFormat.TURTLE)))
    return quad.object


def _solutions(
    dataset: Dataset, rule: Rule, bound: dict[str, Any], graphs: list[NamedNode]
) -> list[dict[str, Any]]:
    """Rows of a body with some variables given, in a fixed order."""
    head = re.search(r"\bCONSTRUCT\b", rule.text)
    where = re.search(r"\bWHERE\s*\{", rule.text)
    if head is None or where is None:
        return []
    body = rule.text[where.end() :]
    given = {n: v for n, v in bound.items() if n not in rule.computed}
    after = {n: v for n, v in bound.items() if n in rule.computed}
    text = f"{rule.text[: head.start()]}SELECT * WHERE {{ {_values(given)}{body} {_values(after)}"
    rows: Any = answer(dataset.store, text, graphs, functions=FUNCTIONS)
    names = [v.value for v in rows.variables]
    found = [{n: row[n] for n in names if row[n] is not None} for row in rows]
    return sorted(found, key=lambda row: [str(row.get(n)) for n in names])


def _values(values: dict[str, Any]) -> str:
    """A VALUES clause; trailing for what the body computes, since BIND may not meet it."""
    if not values:
        return ""
    names = " ".join(f"?{name}" for name in values)
    return f"VALUES ({names}) {{ ({' '.join(str(v) for v in values.values())}) }} "


def read_triple(dataset: Dataset, subject: str, predicate: str, thing: str) -> Triple:
    """A triple from what a user writes: names, ``csto:`` terms or their local names, values.

    Raises:
        InputError: for a name that nothing has.
    """
    things = dataset.things
    node = things.find(subject)
    if ":" not in predicate and csto(predicate) in _properties(dataset):
        prop = csto(predicate)
    else:
        prop = things.find(predicate, "property")
    try:
        return Triple(node, prop, things.find(thing))
    except InputError:
        for graph in (*TIMELESS, *(g for g in dataset.store.named_graphs())):
            for quad in dataset.store.quads_for_pattern(node, prop, None, graph):
                if isinstance(quad.object, Literal) and quad.object.value == thing:
                    return quad.triple
        raise


def _properties(dataset: Dataset) -> set[NamedNode]:
    text = """PREFIX owl: <http://www.w3.org/2002/07/owl#> SELECT ?p WHERE {
        VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty } ?p a ?kind }"""
    return {row["p"] for row in select(dataset.store, text, [ONTOLOGY])}


_MARKS = {
    "asserted": "■",
    "axiom": "□",
    "computed": "=",
    "parameter": "@",
    "absence": "∅",
    "assumption": "~",
    "inferred": "◆",
}


def as_tree(proof: Proof, width: int = 100) -> str:
    """A proof as an indented tree; what was told before is only named again."""
    import textwrap

    lines: list[str] = []
    told: set[int] = set()

    def walk(node: Proof, indent: str) -> None:
        head = f"{_MARKS[node.kind]} {node.what}"
        again = node.kind == "inferred" and id(node) in told
        note = {
            "inferred": f"  ({node.rule}: {node.because})" + (" — see above" if again else ""),
            "asserted": f"  [{'; '.join(node.passages)}]" if node.passages else "",
        }.get(node.kind, f"  ({node.kind})")
        lines.extend(
            textwrap.wrap(
                head + note, width, initial_indent=indent, subsequent_indent=indent + "  "
            )
        )
        if again:
            return
        told.add(id(node))
        for premise in node.premises:
            walk(premise, indent + "  ")

    walk(proof, "")
    legend = "  ".join(f"{mark} {kind}" for kind, mark in _MARKS.items())
    return "\n".join([*lines, "", legend]) + "\n"


def as_markdown(proof: Proof) -> str:
    """A proof as a nested list, for a page or a pull request."""
    lines: list[str] = []

    def walk(node: Proof, depth: int) -> None:
        note = f" *({node.rule}: {node.because})*" if node.kind == "inferred" else ""
        note = f" — {'; '.join(node.passages)}" if node.passages else note
        lines.append(f"{'  ' * depth}- {node.kind}: {node.what}{note}".replace("|", "\\|"))
        for premise in node.premises:
            walk(premise, depth + 1)

    walk(proof, 0)
    return "\n".join(lines) + "\n"


def as_mermaid(proof: Proof) -> str:
    """A proof as a Mermaid flowchart, premises above what follows from them."""
    names: dict[str, str] = {}
    lines = ["flowchart TD"]

    def walk(node: Proof) -> str:
        key = f"{node.kind} {node.what}"
        if key in names:
            return names[key]
        name = names[key] = f"n{len(names)}"
        cited = "<br/>" + "; ".join(node.passages) if node.passages else ""
        label = f"{node.what}{cited}".replace('"', "#quot;")
        lines.append(f'  {name}["{label}"]')
        for premise in node.premises:
            lines.append(f"  {walk(premise)} -->|{node.rule}| {name}")
        return name

    walk(proof)
    return "\n".join(lines) + "\n"


def as_json(proof: Proof) -> str:
    """A proof for programs."""
    import json

    def plain(node: Proof) -> dict[str, Any]:
        item: dict[str, Any] = {"kind": node.kind, "what": node.what}
        if node.triple is not None:
            item["triple"] = [str(term) for term in node.triple]
        if node.kind == "inferred":
            item |= {"rule": node.rule, "because": node.because, "round": node.round}
            item["premises"] = [plain(p) for p in node.premises]
        if node.passages:
            item["passages"] = node.passages
        return item

    return json.dumps(plain(proof), ensure_ascii=False, indent=2) + "\n"


WRITERS = {"tree": as_tree, "md": as_markdown, "json": as_json, "mermaid": as_mermaid}

__all__ = ["WRITERS", "Proof", "Prover", "read_triple"]
