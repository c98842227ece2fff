"""Law on a day: wordings that hold, norms in force, whom an instrument binds.

What is in force, what a norm says and who is bound is asked of the saved queries in
``queries/law``; here the rows are put in order. A row is "certain" if it stands in the
certain slice of the day, else "possible".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import NamedNode

from csto.answer.asked import Row, natural, rows
from csto.answer.dates import days_in_words, in_words, span_in_words
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader, documents_first
from csto.vocabulary import shorten

NORM_COLUMNS = (
    *("instrument", "provision", "kind", "bearer", "rule", "trigger", "territory", "condition"),
    *("time_limit", "proposer", "decider", "decision_rule", "wording", "certainty", "passages"),
    "norm",
)


@dataclass(frozen=True)
class Provision:
    """A unit of an instrument: how it is cited (``Art. 7(2)``) and where it stands in order."""

    node: NamedNode
    cite: str
    kind: str
    heading: str
    key: tuple[int, tuple[int, ...], tuple[int, ...], str]


@dataclass(frozen=True)
class Wording:
    """A version of a unit that can hold on the day."""

    node: NamedNode
    unit: Provision
    label: str
    told: str
    start: str
    end: str


@dataclass(frozen=True)
class Norm:
    """A norm in force, in the words of its labels; parts by the names of law/norm-parts."""

    node: NamedNode
    provision: Provision
    wording: Wording
    text: str
    parts: dict[str, str]
    certainty: str


@dataclass(frozen=True)
class Bound:
    """That a state is bound by an instrument, and by which way.

    ``readings`` are the claims under which it is or is not, where it is only possibly bound.
    """

    state: NamedNode
    name: str
    relation: str
    way: str
    certainty: str
    readings: str = ""


@dataclass
class Instrument:
    """An instrument on a day."""

    node: NamedNode
    name: str
    certainty: str
    wordings: list[Wording] = field(default_factory=list)
    norms: list[Norm] = field(default_factory=list)
    bound: list[Bound] = field(default_factory=list)

    @property
    def silent(self) -> list[Wording]:
        """Wordings that no source of the graph gives."""
        return [wording for wording in self.wordings if wording.told == "not given"]


def provisions(dataset: Dataset, day: str, **given: str) -> dict[str, Provision]:
    """Provisions by IRI: of one instrument, or all."""
    found = {}
    for row in rows(dataset, "law/cited-as", day, **given):
        article, _, paragraph = row["cite"].partition("(")
        key = (natural(article), natural(paragraph) or (0,))
        if row["articles"]:
            # A chapter comes before the first of its articles.
            key = min(map(natural, row["articles"].split())), (-1,)
        place = ("first", "numbered", "last").index(row["place"])
        found[row["unit"]] = Provision(
            NamedNode(row["unit"]),
            row["cite"],
            row["kind"],
            row["heading"],
            (place, *(key if place == 1 else ((), ())), row["unit"] if place > 1 else ""),
        )
    return found


def norm_parts(dataset: Dataset, day: str, **given: str) -> dict[str, dict[str, str]]:
    """What norms say, by IRI and part; empty where a norm does not say it."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(dataset, "law/norm-parts", day, **given):
        found[row["norm"]][row["part"]].append(row["says"])
    told: dict[str, dict[str, str]] = defaultdict(lambda: defaultdict(str))
    for norm, parts in found.items():
        for part, says in parts.items():
            told[norm][part] = "; ".join(documents_first(says) if part == "passages" else says)
    return told


def passages_of(dataset: Dataset, *nodes: NamedNode) -> str:
    """Where things stand in the sources: their own passages, documents first."""
    reader = Reader(dataset)
    found = {p for node in nodes for p in reader.objects(node, "evidence")}
    return "; ".join(documents_first(sorted(map(dataset.things.label, found))))


class Law:
    """The law of one day in one dataset."""

    def __init__(self, dataset: Dataset, day: str) -> None:
        self.dataset = dataset
        self.day = day

    def _ask(self, name: str, node: NamedNode, **given: str) -> list[Row]:
        return rows(self.dataset, f"law/{name}", self.day, instrument=node.value, **given)

    @cached_property
    def _known(self) -> dict[NamedNode, Row]:
        found = rows(self.dataset, "law/instruments-on", self.day)
        return {NamedNode(row["instrument"]): row for row in found}

    def instruments(self) -> list[NamedNode]:
        """Instruments of which the graph has provisions, by name."""
        return [node for node, row in self._known.items() if row["provisions"] == "yes"]

    def binding(self, state: NamedNode) -> list[Instrument]:
        """What binds a state on the day, without norms and wordings, by name."""
        found: dict[NamedNode, Instrument] = {}
        for row in rows(self.dataset, "law/binding-on", self.day, state=state.value):
            node = NamedNode(row["instrument"])
            known = self._known[node]
            one = found.setdefault(node, Instrument(node, row["label"], known["certainty"]))
            relation = shorten(row["relation"]).partition(":")[2]
            one.bound.append(
                Bound(state, "", relation, row["way"], row["certainty"], row["readings"])
            )
        return list(found.values())

    def without_provisions(self) -> int:
        """How many instruments are or can be in force of which the graph has no provisions."""
        return sum(r["provisions"] == "no" and r["certainty"] != "" for r in self._known.values())

    def instrument(self, node: NamedNode) -> Instrument:
        """What holds of an instrument on the day."""
        known = self._known[node]
        found = Instrument(node, known["label"], known["certainty"], bound=self.bound(node))
        units = provisions(self.dataset, self.day, instrument=node.value)
        parts = norm_parts(self.dataset, self.day, instrument=node.value)

        def wording(row: Row, label: str, told: str, unit: str) -> Wording:
            version = NamedNode(row["version"])
            return Wording(version, units[unit], row[label], row[told], row["start"], row["end"])

        for row in self._ask("wordings-on", node):
            found.wordings.append(wording(row, "provision", "wording", row["unit"]))
        found.wordings.sort(key=lambda w: w.unit.key)
        seen = set()
        for row in self._ask("norms-in-force", node):
            if (row["norm"], row["version"]) in seen:
                continue
            seen.add((row["norm"], row["version"]))
            found.norms.append(
                Norm(
                    NamedNode(row["norm"]),
                    units[row["unit"]],
                    wording(row, "wording", "told", row["unit"]),
                    row["says"],
                    parts[row["norm"]],
                    row["certainty"],
                )
            )
        found.norms.sort(key=lambda norm: (norm.provision.key, norm.node.value))
        return found

    def bound(self, instrument: NamedNode) -> list[Bound]:
        """Whom an instrument binds, by name and way."""
        return [
            Bound(
                NamedNode(row["state"]),
                row["label"],
                shorten(row["relation"]).partition(":")[2],
                row["way"],
                row["certainty"],
                row["readings"],
            )
            for row in self._ask("bound-on", instrument)
        ]

    def own_status(self, state: NamedNode, instrument: NamedNode) -> tuple[str, list[str]]:
        """The party status of a state on the day, or nothing; and all that is recorded of it."""
        current = ""
        spells = []
        for row in self._ask("own-status", instrument, state=state.value):
            start = row["start"] or "?"
            until = f" to {row['end']}" if row["end"] else ""
            spells.append(f"{row['status']} {start if until else f'since {start}'}{until}")
            if row["certainty"]:
                sure = "" if row["certainty"] == "certain" else " (possible)"
                current = row["status"] + sure
        return current, spells

    def otherwise(self, instrument: NamedNode) -> str:
        """Why an instrument is not known to be in force on the day."""
        return days_in_words(self._known[instrument]["otherwise"])

    def has_provisions(self, instrument: NamedNode) -> bool:
        """Whether the graph has provisions of an instrument."""
        return self._known[instrument]["provisions"] == "yes"

    def left_behind(self, state: NamedNode) -> list[str]:
        """What a state was under instruments that bind it no more, and what it did not sign."""
        found = []
        for row in rows(self.dataset, "law/left-behind", self.day, state=state.value):
            when = f" {span_in_words(row['start'], row['end'])}" if row["start"] else ""
            when = when or (f" ({in_words(row['end'])})" if row["end"] else "")
            found.append(
                f"{row['label']}: {row['what']}{when}" + (f"; {row['by']}" if row["by"] else "")
            )
        return found

    def kinds(self) -> dict[str, str]:
        """Kinds of norm: slug to label."""
        found = rows(self.dataset, "law/kinds-of-norm", self.day)
        return {row["kind"].rsplit("/", 1)[-1]: row["label"] for row in found}


def norm_rows(instruments: Iterable[Instrument], kind: str | None = None) -> list[list[str]]:
    """Norms as rows of :data:`NORM_COLUMNS`."""
    listed = []
    for instrument in instruments:
        for norm in instrument.norms:
            if kind is not None and norm.parts["kind"] != kind:
                continue
            named = {**norm.parts, "rule": norm.text, "certainty": norm.certainty}
            named |= {"instrument": instrument.name, "provision": norm.provision.cite}
            named |= {"wording": norm.wording.label, "norm": shorten(norm.node.value)}
            listed.append([named.get(column, "") for column in NORM_COLUMNS])
    return listed
