"""Law on a day: wordings that hold, norms in force, whom an instrument binds.

Everything here reads what the rules made of a slice (``csto:inForceOn``,
``csto:boundBy`` and its kinds); nothing is decided in Python. A row is "certain"
if it stands in the certain slice of the day, else "possible".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.reader import Reader
from csto.vocabulary import XSD_DATE, csto

ROUTES = {
    "boundAsPartyBy": "as a party",
    "boundAsMemberBy": "as a member",
    "boundThroughIncorporationBy": "through incorporation",
    "presumedBoundBy": "presumed",
}
NORM_COLUMNS = (
    "instrument",
    "provision",
    "kind",
    "bearer",
    "rule",
    "trigger",
    "territory",
    "condition",
    "time_limit",
    "proposer",
    "decider",
    "decision_rule",
    "wording",
    "certainty",
    "norm",
)


@dataclass(frozen=True)
class Provision:
    """A unit of an instrument, with how it is cited and where it stands in the order."""

    node: NamedNode
    cite: str
    kind: str
    heading: str
    key: tuple[Any, ...]


@dataclass(frozen=True)
class Wording:
    """A version of a unit that can hold on the day."""

    node: NamedNode
    unit: Provision
    label: str
    told: str
    start: str
    end: str
    certainty: str
    note: str = ""


@dataclass(frozen=True)
class Norm:
    """A norm in force, in the words of its labels."""

    node: NamedNode
    provision: Provision
    wording: Wording
    text: str
    parts: dict[str, str]
    certainty: str


@dataclass(frozen=True)
class Bound:
    """That a state is bound by an instrument, and by which way."""

    state: NamedNode
    name: str
    instrument: NamedNode
    relation: str
    certainty: str

    @property
    def way(self) -> str:
        return ROUTES[self.relation]


@dataclass
class Instrument:
    """An instrument on a day."""

    node: NamedNode
    name: str
    certainty: str
    wordings: list[Wording] = field(default_factory=list)
    norms: list[Norm] = field(default_factory=list)
    bound: list[Bound] = field(default_factory=list)
    silent: list[Wording] = field(default_factory=list)


class Law:
    """The law of one day in one dataset."""

    def __init__(self, dataset: Dataset, day: str) -> None:
        self.dataset = dataset
        self.day = day
        self.certain, self.possible = dataset.cut(day)
        self.read = Reader(dataset)
        self.store = dataset.store
        self.when = Literal(day, datatype=XSD_DATE)
        self._provisions: dict[NamedNode, Provision] = {}

    # --- certainty ------------------------------------------------------------

    def holds(self, subject: NamedNode, predicate: str, thing: Any) -> str:
        """``certain``, ``possible`` or nothing."""
        for graph, word in ((self.certain, "certain"), (self.possible, "possible")):
            if Quad(subject, csto(predicate), thing, graph) in self.store:
                return word
        return ""

    # --- instruments ------------------------------------------------------------

    def instruments(self) -> list[NamedNode]:
        """Instruments of which the graph has provisions, by name."""
        found = {
            quad.object
            for quad in self.store.quads_for_pattern(None, csto("provisionOf"), None, None)
            if isinstance(quad.object, NamedNode)
        }
        return sorted(found, key=lambda node: self.read.show(node))

    def instrument(self, node: NamedNode) -> Instrument:
        """What holds of an instrument on the day."""
        found = Instrument(node, self.read.show(node), self.holds(node, "inForceOn", self.when))
        units = self.read.subjects(csto("provisionOf"), node)
        for unit in sorted((self.provision(unit) for unit in units), key=lambda p: p.key):
            for version in self.read.subjects(csto("versionOf"), unit.node):
                certainty = self.holds(version, "holdsOn", self.when)
                if certainty:
                    found.wordings.append(self._wording(version, unit, certainty))
        for wording in found.wordings:
            for norm in self.read.subjects(csto("setBy"), wording.node):
                certainty = self.holds(norm, "inForceOn", self.when)
                if certainty:
                    found.norms.append(self._norm(norm, wording, certainty))
        found.norms.sort(key=lambda norm: (norm.provision.key, norm.node.value))
        found.silent = [w for w in found.wordings if w.told == "not given"]
        found.bound = self.bound(node)
        return found

    def bound(self, instrument: NamedNode) -> list[Bound]:
        """Whom an instrument binds, by name and way."""
        rows = []
        for relation in ROUTES:
            quads = self.store.quads_for_pattern(None, csto(relation), instrument, self.possible)
            for state in {quad.subject for quad in quads}:
                if isinstance(state, NamedNode):
                    certainty = self.holds(state, relation, instrument)
                    name = self.read.show(state)
                    rows.append(Bound(state, name, instrument, relation, certainty))
        order = list(ROUTES)
        return sorted(rows, key=lambda row: (row.name, order.index(row.relation)))

    def own_status(self, state: NamedNode, instrument: NamedNode) -> tuple[str, list[str]]:
        """The party status of a state on the day, or nothing; and all that is recorded of it."""
        current = ""
        spells = []
        for spell in self.read.subjects(csto("party"), state):
            if instrument not in self.read.objects(spell, "agreement"):
                continue
            status = self.read.text(spell, "status")
            start = self.read.text(spell, "acceptedStart") or "?"
            end = self.read.text(spell, "acceptedEnd")
            spells.append(f"{status} {start} to {end}" if end else f"{status} since {start}")
            certainty = self.holds(spell, "holdsOn", self.when)
            if certainty:
                current = status if certainty == "certain" else f"{status} (possible)"
        return current, sorted(spells, key=lambda text: re.findall(r"\d{4}", text))

    # --- parts ------------------------------------------------------------------

    def _wording(self, version: NamedNode, unit: Provision, certainty: str) -> Wording:
        return Wording(
            version,
            unit,
            self.read.show(version),
            self.read.text(version, "wordingStatus"),
            self.read.text(version, "acceptedStart"),
            self.read.text(version, "acceptedEnd"),
            certainty,
            "; ".join(
                self.read.show(n)
                for n in self.read.objects(
                    version, NamedNode("http://www.w3.org/2004/02/skos/core#note")
                )
            ),
        )

    def _norm(self, node: NamedNode, wording: Wording, certainty: str) -> Norm:
        places = self.read.objects(node, "standsIn")
        provision = self.provision(places[0]) if places else wording.unit
        return Norm(
            node,
            provision,
            wording,
            self.read.text(node, "proposition") or self.read.show(node),
            norm_parts(self.read, node),
            certainty,
        )

    def provision(self, node: NamedNode) -> Provision:
        """A provision, cited as ``Art. 7(2)``, ``Chapter V`` or by its label."""
        if node not in self._provisions:
            self._provisions[node] = read_provision(self.read, node)
        return self._provisions[node]


def norm_parts(read: Reader, node: NamedNode) -> dict[str, str]:
    """What a norm says, part by part, as text."""
    limits = [literal.value for literal in read.objects(node, "timeLimit")]
    return {
        "kind": read.text(node, "normKind"),
        "bearer": read.text(node, "bearer"),
        "trigger": read.text(node, "trigger"),
        "territory": read.text(node, "territorialScope"),
        "condition": read.text(node, "condition"),
        "time_limit": "; ".join("at once" if value == "PT0S" else value for value in limits),
        "proposer": read.text(node, "proposer"),
        "decider": read.text(node, "decider"),
        "decision_rule": read.text(node, "decisionRule"),
    }


def read_provision(read: Reader, node: NamedNode) -> Provision:
    """How a provision is cited and ordered."""
    number = read.text(node, "number")
    kinds = read.objects(node, "provisionKind")
    kind = kinds[0].value.rsplit("/", 1)[-1] if kinds else ""
    above = [n for n in read.objects(node, "withinProvision") if isinstance(n, NamedNode)]
    article = next((n for n in above if "provision-kind/article" in _kind(read, n)), None)
    key: tuple[Any, ...]
    if kind == "paragraph" and article is not None:
        cite = f"Art. {read.text(article, 'number')}({number})"
        key = (1, _number(read.text(article, "number")), _number(number), "")
    elif kind == "article":
        cite, key = f"Art. {number}", (1, _number(number), (0, 0), "")
    elif kind == "chapter":
        inside = [
            _number(read.text(part, "number"))
            for part in read.subjects(csto("withinProvision"), node)
            if "provision-kind/article" in _kind(read, part)
        ]
        cite, key = f"Chapter {number}", (1, min(inside, default=(0, 0)), (-1, 0), "")
    elif kind == "preamble":
        cite, key = "Preamble", (0, (0, 0), (0, 0), "")
    else:
        cite = read.text(node, "heading") or read.show(node)
        key = (2, (0, 0), (0, 0), node.value)
    return Provision(node, cite, kind, read.text(node, "heading"), key)


def _kind(read: Reader, node: NamedNode) -> str:
    return " ".join(term.value for term in read.objects(node, "provisionKind"))


def _number(text: str) -> tuple[int, int]:
    """``18-1`` comes after ``18`` and before ``19``."""
    found = [int(part) for part in re.findall(r"\d+", text)]
    return (found[0] if found else 0, found[1] if len(found) > 1 else 0)


def norm_rows(instruments: Iterable[Instrument], kind: str | None = None) -> list[list[str]]:
    """Norms as rows of :data:`NORM_COLUMNS`."""
    from csto.vocabulary import shorten

    rows = []
    for instrument in instruments:
        for norm in instrument.norms:
            if kind is not None and norm.parts["kind"] != kind:
                continue
            named = {**norm.parts, "rule": norm.text, "certainty": norm.certainty}
            named |= {"instrument": instrument.name, "provision": norm.provision.cite}
            named |= {"wording": norm.wording.label, "norm": shorten(norm.node.value)}
            rows.append([named[column] for column in NORM_COLUMNS])
    return rows


def all_kinds(law: Law) -> dict[str, str]:
    """Kinds of norm: slug to label."""
    scheme = NamedNode("https://w3id.org/csto/concept/norm-kind")
    in_scheme = NamedNode("http://www.w3.org/2004/02/skos/core#inScheme")
    found = {
        quad.subject
        for graph in TIMELESS
        for quad in law.store.quads_for_pattern(None, in_scheme, scheme, graph)
        if isinstance(quad.subject, NamedNode)
    }
    return {node.value.rsplit("/", 1)[-1]: law.read.show(node) for node in found}
