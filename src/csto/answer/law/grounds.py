"""Legal grounds in a crisis: what the law allowed, required and lacked, beside what was claimed.

What is a ground, and what it meets and lacks, is drawn by rules and asked of the saved
queries in ``queries/law``; here the rows are put together. An occasion is the outbreak of
the crisis, or a request, an answer or an operation in it, with the first and the last day
on which it can have been.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import NamedNode

from csto.answer.asked import Row, rows_of_each
from csto.answer.asked import rows as ask
from csto.answer.law.state import Provision, norm_parts, provisions
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader, documents_first
from csto.vocabulary import shorten

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
    "passages",
    "law_of",
    "ground",
)
ELEMENTS = ("trigger", "territory", "request", "mandate", "lawfulness", "decision")
ORDER = {"given": 0, "contested": 1, "arguable": 2, "not recorded": 3, "wanting": 4}
# Which of two wordings held is not known, and changes nothing.
EITHER = "the same whichever wording held"
ELEMENT_ASPECTS = ("met", "contested", "arguable", "missing", "not recorded")
ARGUED = ("trigger", "territory")


@dataclass(frozen=True)
class Argument:
    """Who says what of one element: claimants of claims, or what the graph states."""

    said: tuple[str, ...]
    disputed: tuple[str, ...]
    doubted: tuple[str, ...]


@dataclass
class Ground:
    """One norm on one occasion for one state."""

    node: NamedNode
    norm: NamedNode
    provision: Provision
    instrument: str
    state: str
    status: str
    status_node: str
    certainty: str
    either: bool
    bound: str
    # What the norm requires: element to how it stands.
    elements: dict[str, str]
    met_by: tuple[str, ...]
    text: str
    parts: dict[str, str]
    rules: str
    # Where the words of the norm stand.
    passages: tuple[str, ...]
    # Why it is only possible; empty where it is certain.
    doubt: str = ""
    # What something may be met by, while it is open whether it is.
    may_be_met_by: tuple[str, ...] = ()
    # Who says that the crisis threatens the state, where that alone makes it concerned.
    threatened: tuple[str, ...] = ()
    # By which sourced omission something is missing.
    missing_by: tuple[str, ...] = ()
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
    # Empty where no source dates it.
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
    # Why there is nothing to say, if there is not.
    nothing: str = ""


# Provisions by IRI, and what norms say by IRI and part.
Texts = tuple[dict[str, Provision], dict[str, dict[str, str]]]


def texts(dataset: Dataset, day: str) -> Texts:
    """What the law says, for the grounds of one crisis or of many."""
    return provisions(dataset, day), norm_parts(dataset, day)


# What the saved queries say of one crisis, by query.
Told = dict[str, list[Row]]


def told_of(dataset: Dataset, crises: Sequence[NamedNode], day: str) -> dict[NamedNode, Told]:
    """What the grounds of some crises are made of, asked once for all of them."""
    found: dict[NamedNode, Told] = {crisis: {} for crisis in crises}
    for name in ("occasions-of", "grounds-in", "ground-elements", "acts-in", "claims-in"):
        each = rows_of_each(dataset, f"law/{name}", day, "crisis", crises)
        for crisis in crises:
            found[crisis][name] = each[crisis.value]
    return found


def grounds_of(
    dataset: Dataset,
    crisis: NamedNode,
    day: str | None = None,
    law: Texts | None = None,
    told: Told | None = None,
) -> Grounds:
    """What the law gave grounds for in a crisis.

    Args:
        dataset: the graph with what is inferred.
        crisis: the crisis.
        day: a day, ``YYYY-MM-DD``, whose law is asked in place of that of the occasions: of the
            outbreak, whenever it was, and of what else had happened by then.
        law: the :func:`texts` of that day, else of the last, where they are at hand.
        told: what :func:`told_of` has of the crisis on that day, else on the last, likewise.
    """
    then = day or dataset.cut_off
    asked = told or told_of(dataset, [crisis], then)[crisis]
    bound: dict[str, list[str]] = defaultdict(list)
    if day is not None:
        for row in ask(dataset, "law/ground-bound-on", then, crisis=crisis.value):
            bound[row["ground"]].append(row["who"])
    occasions: dict[str, Occasion] = {}
    for row in asked["occasions-of"]:
        node = NamedNode(row["occasion"])
        if day is not None and node != crisis and row["from"] > day:
            continue
        occasions[row["occasion"]] = Occasion(node, row["label"], row["from"], row["to"])
    units, parts = law or texts(dataset, then)
    aspects: dict[str, list[Row]] = defaultdict(list)
    for row in asked["ground-elements"]:
        aspects[row["ground"]].append(row)
    for row in asked["grounds-in"]:
        at = occasions.get(row["occasion"])
        certainty = row["then"] if day is not None else row["certainty"].rpartition("/")[2]
        if at is not None and certainty and row["version"]:
            at.unchecked.append((row["wording"], row["version"]))
            continue
        if at is not None and certainty and all(g.node.value != row["ground"] for g in at.grounds):
            held = aspects[row["ground"]]
            usual = "rule" if day is None else "rule then"
            found = _ground(row, certainty, held, units, parts[row["norm"]], usual)
            if day is not None:
                found.bound = ", ".join(dict.fromkeys(bound[row["ground"]]))
            found.status = row["status"] if day is None else row["status_then"]
            found.either = row["either"] == "true" and day is None
            found.doubt = row["doubt"] if day is None else ""
            at.grounds.append(found)
    for occasion in occasions.values():
        occasion.unchecked.sort(key=lambda pair: (pair[0] != "not given", pair[1]))
        occasion.grounds.sort(
            key=lambda g: (ORDER.get(g.status, 3), g.instrument, g.provision.key, g.node.value)
        )
    listed = [o for o in occasions.values() if o.grounds or o.unchecked]
    read = Reader(dataset)
    facts = {
        "kind of threat": read.text(crisis, "threatKind"),
        "on the territory of": read.text(crisis, "onTerritoryOf"),
        "began": read.text(crisis, "acceptedStart") or read.text(crisis, "start"),
    }
    return Grounds(
        crisis,
        read.show(crisis),
        {name: value for name, value in facts.items() if value},
        sorted(listed, key=lambda o: (o.node != crisis, o.first, o.last, o.name)),
        [_act(row) for row in asked["acts-in"]],
        _claims(asked["claims-in"]),
        day or "",
        "" if listed else _why_nothing(dataset, crisis, then, day is None),
    )


def _why_nothing(dataset: Dataset, crisis: NamedNode, day: str, then: bool) -> str:
    """Why there is no ground: nobody is concerned, nothing is dated, or nobody was bound."""
    concerned = ask(dataset, "law/concerned-in", day, crisis=crisis.value)
    names = ", ".join(dict.fromkeys(row["name"] for row in concerned))
    if not names:
        return "no source of the graph names a state that was concerned"
    if then and all(row["then"] == "no date" for row in concerned):
        return (
            f"no source of the graph dates an occasion in it, so which law bound {names} is not "
            "known; "
            "--on asks for the law of a day"
        )
    return f"no norm on help is known to have bound {names} {'then' if then else f'on {day}'}"


def _who(aspects: list[Row], aspect: str) -> str:
    return ", ".join(dict.fromkeys(row["who"] for row in aspects if row["aspect"] == aspect))


def _ground(
    row: Row,
    certainty: str,
    aspects: list[Row],
    units: dict[str, Provision],
    parts: dict[str, str],
    usual: str,
) -> Ground:
    elements: dict[str, str] = {}
    for one in aspects:
        if one["aspect"] in ELEMENT_ASPECTS:
            elements.setdefault(one["element"], one["aspect"])

    def who(aspect: str, element: str = "") -> tuple[str, ...]:
        found = [o["who"] for o in aspects if (o["aspect"], o["element"]) == (aspect, element)]
        return tuple(dict.fromkeys(found))

    arguments = {
        element: Argument(who("for", element), who("against", element), who("doubted by", element))
        for element in ARGUED
        if who("for", element) or who("against", element) or who("doubted by", element)
    }
    return Ground(
        NamedNode(row["ground"]),
        NamedNode(row["norm"]),
        units[row["unit"]],
        row["instrument"],
        row["state"],
        row["status"],
        shorten(row["standing"]),
        certainty,
        False,
        _who(aspects, "bound"),
        elements,
        who("met by"),
        row["says"],
        parts,
        parts["decision_rule"] or " or ".join(sorted(who(usual))),
        tuple(parts["passages"].split("; ")),
        arguments=arguments,
        may_be_met_by=who("may be met by"),
        missing_by=who("missing by"),
        threatened=who("threatened"),
    )


def _act(row: Row) -> tuple[str, str, str, str]:
    invokes = f"; invokes {row['invokes']}" if row["invokes"] else ""
    return row["what"], row["act"], row["date"], row["of"] + invokes


def _claims(found: list[Row]) -> list[Said]:
    """Claims on the law of the crisis, then those that back or contest them or rival them."""
    same: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        same[row["claim"]].append(row)
    return [
        Said(
            NamedNode(claim),
            rows_[0]["claimant"],
            rows_[0]["says"],
            tuple(documents_first(row["passage"] for row in rows_ if row["passage"])),
            rows_[0]["relation"],
        )
        for claim, rows_ in same.items()
    ]


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
            EITHER if ground.either and ground.certainty != "certain" else ground.certainty,
            ground.bound,
            *(ground.elements.get(name, "not required") for name in ("trigger", "territory")),
            ground.elements.get("request") or ground.elements.get("mandate") or "not required",
            ground.elements.get("decision", "not required"),
            ground.rules,
            "; ".join(ground.passages),
            found.day,
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
        **({"nothing": found.nothing} if found.nothing else {}),
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
                        "doubt": ground.doubt,
                        "bound": ground.bound,
                        "elements": ground.elements,
                        "met_by": list(ground.met_by),
                        "may_be_met_by": list(ground.may_be_met_by),
                        "missing_by": list(ground.missing_by),
                        "threat_said_by": list(ground.threatened),
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
                        "passages": list(ground.passages),
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
