"""What a reader of a list should know that is not in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import NamedNode, QuerySolution

from csto.answer.dates import in_words as date_in_words
from csto.answer.holding import HOLDS_ON, OPEN_WORD, POSSIBLE_WORD, UNTOLD, holding
from csto.answer.kinds import ROLES, Asking, plural
from csto.answer.listing.question import Maker, Question
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader
from csto.vocabulary import ASSERTED, RDF

# Asks a query as of the day.
_Run = Callable[[str], list[QuerySolution]]
# Any day: what has a date, whatever it is, lies between these.
_FIRST_DAY, _LAST_DAY = "0001-01-01", "9999-12-31"


@dataclass
class Listed:
    """The rows of a list, the query that gave them, and what it leaves out."""

    columns: list[str]
    rows: list[list[str]]
    things: list[NamedNode]
    query: str
    remarks: list[str] = field(default_factory=list)
    # How many more its bodies or the persons in its offices account for.
    on_behalf: int = 0


class Remarks:
    """Counts what a list leaves out, and what its rows have that no column shows."""

    def __init__(self, dataset: Dataset, day: str, ask: Asking, run: _Run) -> None:
        self.dataset = dataset
        self.day = day
        self.ask = ask
        self.run = run
        self.maker = Maker(ask)

    def of(self, question: Question, listed: Listed | None) -> list[str]:
        """What a reader of the list should know that is not in it."""
        said = []
        if listed is not None:
            one = self.ask.kinds[question.kinds[0]].label
            names = plural(one) if len(listed.rows) != 1 else one
            also = [plural(self.ask.kinds[k].label) for k in question.kinds[1:]]
            with_them = f", {' and '.join(also)} among them" if also and listed.rows else ""
            said.append(f"{len(listed.rows)} {names}{with_them}")
        if (question.first or question.last) and not question.undated:
            all_of = self._things(replace(question, first="", last=""))
            dated = self._things(replace(question, first=_FIRST_DAY, last=_LAST_DAY))
            if missing := len(all_of - dated):
                said.append(
                    f"{missing} more without a date that could be bounded; --undated lists them too"
                )
        if question.first:
            body = "\n".join(self.maker.pattern(question, dated=False))
            began = f"""{body} ?thing csto:possibleTo ?day_after .
              ?thing csto:startEarliest|csto:knownFrom ?begun .
              FILTER(?day_after <= "{question.first}"^^xsd:date)
              FILTER NOT EXISTS {{ ?thing csto:endLatest ?end }}"""
            if gone := len({row["thing"] for row in self.run(f"SELECT ?thing {{ {began} }}")}):
                said.append(
                    f"{gone} more that began before {question.first} and of which no source of the "
                    "graph says that they were over"
                )
        if question.held:
            said += self._how_surely(question, listed)
        if listed is not None:
            said += self._told_as_of(listed)
        if places := question.roles.get("where"):
            said += self._without_place(question, places)
        if listed is not None and not listed.rows:
            said += self._empties(question)
        if question.filtered and listed is not None and question.kinds:
            said += self._other_kinds(question, listed)
        if listed is not None and listed.rows:
            said += self._ties(question, listed)
        if question.roles.get("by") and not question.behalf:
            said += self._spoken_for(question, listed)
        return said

    def kinds(self, things: Iterable[Any]) -> Counter[NamedNode]:
        """How many of some things are stated to be of each kind."""
        reader = Reader(self.dataset, [ASSERTED])
        return Counter(
            kind
            for thing in sorted(things, key=str)
            if isinstance(thing, NamedNode)
            for kind in reader.objects(thing, NamedNode(RDF + "type"))
            if isinstance(kind, NamedNode) and kind in self.ask.kinds
        )

    def _things(self, question: Question) -> set[Any]:
        """All things of a question."""
        body = "\n".join(self.maker.pattern(question))
        return {row["thing"] for row in self.run(f"SELECT DISTINCT ?thing {{ {body} }}")}

    def _named(self, kind: NamedNode, number: int) -> str:
        label = self.ask.kinds[kind].label
        return label if number == 1 else plural(label)

    def _told_as_of(self, listed: Listed) -> list[str]:
        """How many things have no date but the one as of which a source tells of them."""
        dated = "csto:acceptedDate|csto:acceptedStart|csto:plannedFor"
        asked = (
            "SELECT DISTINCT ?thing { ?thing csto:asOf ?time FILTER NOT EXISTS { ?thing a "
            f"csto:Claim }} FILTER NOT EXISTS {{ ?thing {dated} ?date }} }}"
        )
        told = len({row["thing"] for row in self.run(asked)} & set(listed.things))
        if not told:
            return []
        return [
            f"{told} with the day as of which they are told, since no source of the graph gives "
            "their own"
        ]

    def _how_surely(self, question: Question, listed: Listed | None) -> list[str]:
        """What of a day's list is less than certain, and what is open and not in it."""
        said = []
        if listed is not None:
            held = holding(self.dataset, self.day, question.held or HOLDS_ON)
            words = Counter(held.get(thing, "") for thing in listed.things)
            if maybe := words[POSSIBLE_WORD]:
                said.append(f"{maybe} of them only possibly on {date_in_words(self.day)}")
            if words[OPEN_WORD]:
                said.append(f"{words[OPEN_WORD]} of them open: {UNTOLD}")
        if not question.also_open:
            both = [replace(question, also_open=wide) for wide in (True, False)]
            wide, narrow = (len(self._things(one)) for one in both)
            if wide > narrow:
                said.append(f"{wide - narrow} more of which {UNTOLD}; --open lists them")
        return said

    def _without_place(self, question: Question, places: Sequence[NamedNode]) -> list[str]:
        """How many things a place leaves out because none is recorded of them."""
        others = {role: nodes for role, nodes in question.roles.items() if role != "where"}
        wider = replace(question, roles=others)
        body = "\n".join(self.maker.pattern(wider))
        unplaced = f"{body} FILTER NOT EXISTS {{ ?thing {self.ask.role_path('where')} ?somewhere }}"
        found = {row["thing"] for row in self.run(f"SELECT DISTINCT ?thing {{ {unplaced} }}")}
        if not found:
            return []
        said = f"{len(found)} more of which no place or territory is recorded"
        about = {**others, "about": [*others.get("about", ()), *places]}
        if near := len(found & self._things(replace(question, roles=about))):
            names = " and ".join(map(self.dataset.things.label, places))
            said += f"; {near} of them about {names}: --about lists them"
        return [said]

    def _other_kinds(self, question: Question, listed: Listed) -> list[str]:
        """The same filters over all kinds: what a right-looking wrong kind would hide."""
        body = "\n".join(self.maker.pattern(question, kinds=False))
        rows = self.run(f"SELECT DISTINCT ?thing {{ {body} }}")
        kinds = self.kinds({row["thing"] for row in rows} - set(listed.things))
        if not kinds:
            return []
        near = kinds.most_common()
        if not listed.rows:
            # What is told in the same columns is likeliest to be what was meant.
            own = set(self.ask.columns(question.kinds[0]))
            near.sort(key=lambda pair: -len(own & set(self.ask.columns(pair[0]))))
        shown = ", ".join(f"{number} {self._named(kind, number)}" for kind, number in near[:6])
        more = f" and {len(kinds) - 6} kinds more" if len(kinds) > 6 else ""
        return [f"the same question over other kinds: {shown}{more}"]

    def _ties(self, question: Question, listed: Listed) -> list[str]:
        """In which of several ways the things are tied to what --by or --with names.

        Of --by, only ways that the list has a column for: who said a number, who counted it.
        """
        said = []
        for node in question.with_:
            ways = {
                f"{role} it": [p for p in self.ask.roles[role] if p not in self.ask.roles["about"]]
                for role in ROLES
                if role != "about"
            }
            said += self._split(node, ways, listed, "about it")
        for node in question.roles.get("by", ()):
            shown = self.ask.columns(question.kinds[0])
            ways = {self.ask.label(p): [p] for p in self.ask.roles["by"] if p in shown}
            said += self._split(node, ways, listed, "")
        return said

    def _split(
        self, node: NamedNode, ways: dict[str, list[NamedNode]], listed: Listed, rest: str
    ) -> list[str]:
        """How many things are tied to a node in each way; nothing where there is one way."""
        reader = Reader(self.dataset)
        counted: Counter[str] = Counter()
        for thing in listed.things:
            fits = [
                way
                for way, those in ways.items()
                if any(node in reader.objects(thing, p) for p in those)
            ]
            counted.update(fits or ([rest] if rest else []))
        if len(counted) < 2:
            return []
        told = ", ".join(f"{number} {way}" for way, number in counted.most_common())
        return [f"{self.dataset.things.label(node)} is in them in several ways: {told}"]

    def _empties(self, question: Question) -> list[str]:
        """Which of several filters leaves nothing: how many there are without each."""
        without: list[tuple[str, Question]] = [
            (f"--{role}", replace(question, roles={r: n for r, n in rest if r != role}))
            for rest in [list(question.roles.items())]
            for role, _ in rest
        ]
        if question.with_:
            without.append(("--with", replace(question, with_=[])))
        if question.behalf:
            without.append(("--on-behalf-of", replace(question, behalf=[])))
        if question.having:
            without.append(("--where", replace(question, having=[])))
        if question.first or question.last:
            without.append(("the days", replace(question, first="", last="")))
        told = []
        for name, wider in without:
            told.append(f"without {name} {len(self._things(wider))}")
        return [", ".join(told)]

    def _spoken_for(self, question: Question, listed: Listed | None) -> list[str]:
        if listed is None:
            return []
        others = {role: nodes for role, nodes in question.roles.items() if role != "by"}
        wider = replace(question, roles=others, behalf=list(question.roles["by"]))
        more = listed.on_behalf = len(self._things(wider) - set(listed.things))
        if not more:
            return []
        return [
            f"{more} more by its bodies or by persons in its offices; --on-behalf-of lists them"
        ]
