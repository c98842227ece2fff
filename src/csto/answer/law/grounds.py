"""Legal grounds in a crisis: what the law allowed, required and lacked, beside what was claimed.

What is a ground, and what it meets and lacks, is drawn by rules (``csto:LegalGround``
and its properties in ontology/derived.ttl); this module reads it. An occasion is the
outbreak of the crisis, or a request, an answer or an operation in it, with the first
and the last day on which it can have been.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import NamedNode

from csto.answer.law.state import Law, Provision, norm_parts, read_provision
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader, documents_first
from csto.vocabulary import csto, shorten

COLUMNS = (
    "occasion",
    "days",
    "state",
    "provision",
    "norm",
    "status",
    "certainty",
    "bound",
    "trigger",
    "territory",
    "request",
    "decision",
    "rule",
    "ground",
)
ELEMENTS = ("trigger", "territory", "request", "mandate", "lawfulness", "decision")
ORDER = {"given": 0, "contested": 1, "arguable": 2, "not recorded": 3, "wanting": 4}
# How a ground stands to what its norm requires, by the property that the rules make.
STANDS = {
    "meets": "met",
    "hasContested": "contested",
    "mayMeet": "arguable",
    "lacks": "missing",
    "hasUnrecorded": "not recorded",
}
# Who speaks for and against an element, by the property that the rules make.
ARGUED = {
    "trigger": ("triggerStated", "triggerClaimed", "triggerQualified"),
    "territory": ("territoryStated", "territoryClaimed", "territoryQualified"),
}
AGAINST = {
    "trigger": ("triggerDisputed", "triggerDoubted"),
    "territory": ("territoryDisputed", "territoryDoubted"),
}


@dataclass(frozen=True)
class Argument:
    """Who says what of one element: claimants of claims, or what the graph states."""

    said: tuple[str, ...]
    disputed: tuple[str, ...]
    doubted: tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    """One norm on one occasion for one state."""

    node: NamedNode
    norm: NamedNode
    provision: Provision
    instrument: str
    state: str
    status: str
    certainty: str
    either: bool
    bound: str
    # What the norm requires: element to a word of STANDS.
    elements: dict[str, str]
    met_by: tuple[str, ...]
    text: str
    parts: dict[str, str]
    rules: str = ""
    # Who speaks for, against and in doubt of each element that is argued.
    arguments: dict[str, Argument] = field(default_factory=dict)

    def disputants(self) -> list[str]:
        """Who, of those concerned, disputes something that the norm requires."""
        found = [w for a in self.arguments.values() for w in a.disputed]
        return list(dict.fromkeys(found))


@dataclass
class Occasion:
    """A time at which the law is asked."""

    node: NamedNode
    name: str
    first: str
    last: str
    grounds: list[Ground] = field(default_factory=list)
    unchecked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def days(self) -> str:
        return self.first if self.first == self.last else f"{self.first} to {self.last}"


@dataclass(frozen=True)
class Said:
    """A claim on the law, with who holds it and where it stands."""

    node: NamedNode
    who: str
    text: str
    passages: tuple[str, ...]
    relation: str = ""


@dataclass
class Grounds:
    """All of a crisis."""

    crisis: NamedNode
    name: str
    facts: dict[str, str]
    occasions: list[Occasion]
    acts: list[tuple[str, str, str, str]]
    claims: list[Said]
    day: str = ""


def grounds_of(dataset: Dataset, crisis: NamedNode, day: str | None = None) -> Grounds:
    """What the law gave grounds for in a crisis.

    Args:
        dataset: the graph with what is inferred.
        crisis: the crisis.
        day: a day, ``YYYY-MM-DD``, whose law is asked in place of that of the occasions.
    """
    read = Reader(dataset)
    occasions = [
        _occasion(dataset, read, node, day) for node in read.subjects(csto("occasionOf"), crisis)
    ]
    if day is not None:
        occasions = [occasion for occasion in occasions if occasion.node == crisis]
        for occasion in occasions:
            occasion.first = occasion.last = day
    occasions = [o for o in occasions if o.grounds or o.unchecked]
    occasions.sort(key=lambda o: (o.node != crisis, o.first, o.last, o.name))
    facts = {
        "kind of threat": read.text(crisis, "threatKind"),
        "on the territory of": read.text(crisis, "onTerritoryOf"),
        "began": read.text(crisis, "acceptedStart") or read.text(crisis, "start"),
    }
    return Grounds(
        crisis,
        read.show(crisis),
        {name: value for name, value in facts.items() if value},
        occasions,
        _acts(read, crisis),
        _claims(read, crisis),
        day or "",
    )


def _occasion(dataset: Dataset, read: Reader, node: NamedNode, day: str | None) -> Occasion:
    occasion = Occasion(node, read.show(node), read.text(node, "dayFrom"), read.text(node, "dayTo"))
    law = Law(dataset, day) if day is not None else None
    for ground in read.subjects(csto("groundFor"), node):
        found = _ground(read, ground, law)
        if found is not None:
            occasion.grounds.append(found)
    occasion.grounds.sort(
        key=lambda g: (ORDER.get(g.status, 3), g.instrument, g.provision.key, g.node.value)
    )
    if law is None:
        versions = read.subjects(csto("uncheckedFor"), node)
        told = [(read.text(v, "wordingStatus"), read.show(v)) for v in versions]
        occasion.unchecked = sorted(told, key=lambda pair: (pair[0] != "not given", pair[1]))
    return occasion


def _ground(read: Reader, node: NamedNode, law: Law | None) -> Ground | None:
    (norm, *_) = read.objects(node, "groundIn")
    (place, *_) = read.objects(norm, "standsIn")
    (standing, *_) = read.objects(node, "groundStanding")
    (instrument, *_) = read.objects(place, "provisionOf")
    (state, *_) = read.objects(node, "groundOf")
    certainty = read.text(node, "groundCertainty")
    if law is not None:
        certainty = _on_day(law, norm, state, instrument)
    if not certainty:
        return None
    parts = norm_parts(read, norm)
    argued = {
        term
        for properties in ARGUED.values()
        for name in properties
        for term in read.objects(node, name)
    }
    elements: dict[str, str] = {}
    for predicate, word in STANDS.items():
        for element in read.objects(node, predicate):
            elements.setdefault(element.value.rsplit("/", 1)[-1], word)
    return Ground(
        node,
        norm,
        read_provision(read, place),
        read.show(instrument),
        read.show(state),
        read.text(node, "statusIfInForce"),
        certainty,
        bool(read.objects(node, "statusUnderEitherWording")) and law is None,
        _way(read, standing),
        elements,
        tuple(read.show(term) for term in read.objects(node, "metBy") if term not in argued),
        read.text(norm, "proposition") or read.show(norm),
        parts,
        parts["decision_rule"]
        or " or ".join(sorted({read.show(rule) for rule in read.objects(norm, "usualRule")})),
        _arguments(read, node),
    )


def _on_day(law: Law, norm: NamedNode, state: NamedNode, instrument: NamedNode) -> str:
    """Whether a norm is in force for a state on the day asked for."""
    force = law.holds(norm, "inForceOn", law.when)
    bound = law.holds(state, "boundBy", instrument)
    if not force or not bound:
        return ""
    return "certain" if force == bound == "certain" else "possible"


def _arguments(read: Reader, ground: NamedNode) -> dict[str, Argument]:
    found = {}
    for element, properties in ARGUED.items():
        disputed, doubted = AGAINST[element]
        argument = Argument(
            _speakers(read, ground, properties),
            _speakers(read, ground, (disputed,)),
            _speakers(read, ground, (doubted,)),
        )
        if argument.said or argument.disputed or argument.doubted:
            found[element] = argument
    return found


def _speakers(read: Reader, ground: NamedNode, properties: tuple[str, ...]) -> tuple[str, ...]:
    """Claimants of the claims, and the names of what is no claim."""
    terms = [term for name in properties for term in read.objects(ground, name)]
    words = [
        who
        for term in terms
        for who in [read.show(w) for w in read.objects(term, "claimant")] or [read.show(term)]
    ]
    return tuple(dict.fromkeys(words))


def _way(read: Reader, standing: NamedNode) -> str:
    """By which way a state stands under an instrument."""
    through = read.objects(standing, "standingThrough")
    ways = [
        word
        for kind, word in (
            ("party status", "as a party"),
            ("membership", "as a member"),
            ("norm", "through incorporation"),
        )
        if any(read.things.is_of(term, (kind,)) for term in through)
    ]
    presumed = csto("PresumedStanding") in read.objects(
        standing, NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    )
    return "presumed" if presumed else ", ".join(ways)


# --- what was done and what is claimed -----------------------------------------------


def _acts(read: Reader, crisis: NamedNode) -> list[tuple[str, str, str, str]]:
    """Requests, answers, decisions and operations: kind, label, date, what of it."""
    wanted = {
        "Request": ("asked", "asksFor"),
        "Answer": ("answered", "answerKind"),
        "Decision": ("decided", "decides"),
        "Operation": ("done", "underFramework"),
    }
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    nodes = set(read.subjects(csto("partOf"), crisis)) | set(
        read.subjects(csto("decisionIn"), crisis)
    )
    found = []
    for node in nodes:
        types = read.objects(node, kind)
        for name, (word, of) in wanted.items():
            if csto(name) in types:
                date = read.text(node, "acceptedDate") or read.text(node, "acceptedStart")
                law = read.text(node, "instrument")
                what = read.text(node, of) + (f"; invokes {law}" if law else "")
                found.append((word, read.show(node), date, what))
    order = ["asked", "answered", "decided", "done"]
    return sorted(found, key=lambda row: (order.index(row[0]), row[2] or "9", row[1]))


def _claims(read: Reader, crisis: NamedNode) -> list[Said]:
    """Claims on the law of the crisis, then those that back or contest them or rival them."""
    about = {crisis, *read.objects(crisis, "partOf"), *read.subjects(csto("partOf"), crisis)}
    first = [
        claim
        for thing in sorted(about, key=str)
        for claim in read.subjects(csto("speaksOfLawOf"), thing)
    ]
    said = {claim: _said(read, claim, "") for claim in dict.fromkeys(first)}
    for claim in list(said):
        for relation in ("contests", "backs"):
            for other in read.subjects(csto(relation), claim):
                said.setdefault(other, _said(read, other, f"{relation} {read.show(claim)}"))
    conflicts = {c for claim in said for c in read.subjects(csto("rivalClaim"), claim)}
    for conflict in read.subjects(csto("concerns"), crisis):
        rivals = read.objects(conflict, "rivalClaim")
        if any(read.objects(rival, "speaksOfLawOf") for rival in rivals):
            conflicts.add(conflict)
    for conflict in sorted(conflicts, key=str):
        question = f"answers: {read.show(conflict)}"
        for other in read.objects(conflict, "rivalClaim"):
            said.setdefault(other, _said(read, other, question))
    return list(said.values())


def _said(read: Reader, claim: NamedNode, relation: str) -> Said:
    passages = [read.show(passage) for passage in read.objects(claim, "statedIn")]
    return Said(
        claim,
        read.text(claim, "claimant"),
        read.text(claim, "proposition") or read.show(claim),
        tuple(documents_first(passages)),
        relation,
    )


def rows(found: Grounds) -> list[list[str]]:
    """Grounds as rows of :data:`COLUMNS`."""
    return [
        [
            occasion.name,
            occasion.days,
            ground.state,
            f"{ground.instrument}, {ground.provision.cite}",
            ground.text,
            ground.status,
            ground.certainty + (" (same under either wording)" if ground.either else ""),
            ground.bound,
            *(ground.elements.get(name, "not required") for name in ("trigger", "territory")),
            ground.elements.get("request") or ground.elements.get("mandate") or "not required",
            ground.elements.get("decision", "not required"),
            ground.rules,
            shorten(ground.node.value),
        ]
        for occasion in found.occasions
        for ground in occasion.grounds
    ]


def as_data(found: Grounds) -> dict[str, Any]:
    """All of it as JSON data."""
    return {
        "crisis": shorten(found.crisis.value),
        "label": found.name,
        **({"law_of": found.day} if found.day else {}),
        "facts": found.facts,
        "occasions": [
            {
                "occasion": shorten(occasion.node.value),
                "label": occasion.name,
                "first_day": occasion.first,
                "last_day": occasion.last,
                "grounds": [
                    {
                        "ground": shorten(ground.node.value),
                        "norm": shorten(ground.norm.value),
                        "instrument": ground.instrument,
                        "provision": ground.provision.cite,
                        "state": ground.state,
                        "status": ground.status,
                        "certainty": ground.certainty,
                        "same_under_either_wording": ground.either,
                        "bound": ground.bound,
                        "elements": ground.elements,
                        "met_by": list(ground.met_by),
                        "argued": {
                            element: {
                                "for": list(argument.said),
                                "against": list(argument.disputed),
                                "doubted_by": list(argument.doubted),
                            }
                            for element, argument in ground.arguments.items()
                        },
                        "rule": ground.text,
                        "decider": ground.parts["decider"],
                        "decided_by": ground.rules,
                    }
                    for ground in occasion.grounds
                ],
                "not_checked": [
                    {"wording": told, "version": name} for told, name in occasion.unchecked
                ],
            }
            for occasion in found.occasions
        ],
        "acts": [
            {"what": word, "act": name, "date": date, "of": of}
            for word, name, date, of in found.acts
        ],
        "claims": [
            {
                "claim": shorten(said.node.value),
                "claimant": said.who,
                "says": said.text,
                "stated_in": list(said.passages),
                "relation": said.relation,
            }
            for said in found.claims
        ],
    }
