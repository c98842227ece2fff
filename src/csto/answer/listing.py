"""One typed question made from the ontology: things of a kind, by their roles.

A question becomes one SPARQL query that can be printed and edited; names are resolved
to things before it is asked. What the list leaves out is counted and said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from pyoxigraph import NamedNode, QuerySolution, QuerySolutions

from csto.answer.dates import bounds, span_in_words
from csto.answer.dates import in_words as date_in_words
from csto.answer.holding import HOLDS_ON, OPEN_WORD, POSSIBLE_WORD, UNTOLD, holding
from csto.answer.kinds import ABOUT, ROLES, Asking, plural
from csto.answer.query import run
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader
from csto.vocabulary import ASSERTED, OPEN, POSSIBLE, RDF, shorten

# What a list always shows, whatever the kind.
FIRST = ("thing", "start", "end", "label")
_YEAR = "year"
_CERTAINTY = "certainty"
# Any day: what has a date, whatever it is, lies between these.
_FIRST_DAY, _LAST_DAY = "0001-01-01", "9999-12-31"
# Bounds of a thing: an act has one pair, a situation two; what is only attested is known from then.
_LOW, _HIGH = ("earliest", "startEarliest", "knownFrom"), ("latest", "endLatest")


@dataclass
class Question:
    """What is asked: a kind, and what its things must have.

    Roles hold the things that a filter names; ``having`` holds concepts, of each list one as a
    value of any property (one word can name concepts of several schemes).
    """

    kinds: Sequence[NamedNode]
    roles: dict[str, list[NamedNode]] = field(default_factory=dict)
    with_: list[NamedNode] = field(default_factory=list)
    behalf: list[NamedNode] = field(default_factory=list)
    having: list[list[NamedNode]] = field(default_factory=list)
    first: str = ""
    last: str = ""
    undated: bool = False
    # Only what holds on the day by this property, certainly or possibly; what is open, too.
    held: NamedNode | None = None
    also_open: bool = False

    @property
    def filtered(self) -> bool:
        """Whether anything but the kind is asked."""
        return bool(
            self.roles or self.with_ or self.behalf or self.having or self.first or self.last
        )


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


def _iri(node: NamedNode) -> str:
    short = shorten(node.value)
    return short if short.startswith("csto:") else str(node)


def _holds(graph: str, width: NamedNode, by: NamedNode) -> str:
    """A pattern: the thing holds on the day of the query as far as a width goes."""
    return f"GRAPH ?{graph} {{ ?{graph} csto:certainty {width} . ?thing {_iri(by)} ?{graph}_day }}"


def _values(variable: str, nodes: Iterable[NamedNode]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(_iri(n) for n in nodes)} }}"


class Maker:
    """Makes the queries of one ontology."""

    def __init__(self, ask: Asking) -> None:
        self.ask = ask

    def pattern(self, question: Question, *, dated: bool = True, kinds: bool = True) -> list[str]:
        """Lines of a group pattern whose ``?thing`` are the things that are asked for."""
        lines: list[str] = []
        # What binds few things comes first; the kind narrows what is left.
        for node in question.roles.get("about", ()):
            lines += [
                f"# about {shorten(node.value)}: whatever deals with it or with a part of it",
                f"{{ SELECT DISTINCT ?thing {{ ?thing {ABOUT} {_iri(node)} }} }}",
            ]
        for role in (r for r in ROLES if r != "about"):
            for node in question.roles.get(role, ()):
                path = self.ask.role_path(role)
                if role in ("part", "where"):
                    lines.append(
                        f"{{ SELECT DISTINCT ?thing {{ ?thing {path}/csto:dealsWith* "
                        f"{_iri(node)} }} }}"
                    )
                else:
                    lines.append(f"?thing {path} {_iri(node)} .")
        for node in question.with_:
            paths = "|".join(self.ask.role_path(role) for role in ROLES if role != "about")
            lines += [
                f"# by, to or about {shorten(node.value)}",
                f"{{ SELECT DISTINCT ?thing {{ {{ ?thing {ABOUT} {_iri(node)} }} UNION "
                f"{{ ?thing {paths} {_iri(node)} }} }} }}",
            ]
        for node in question.behalf:
            lines += self._behalf(node)
        for at, nodes in enumerate(question.having):
            lines += [_values(f"value{at}", nodes), f"?thing ?having{at} ?value{at} ."]
        if kinds:
            lines += [_values("kind", question.kinds), "?thing a ?kind ."]
        else:
            lines.append("?thing a ?kind .")
        if question.held:
            lines += [
                "# holds on the day, as far as this graph of the day goes",
                _holds("slice", OPEN if question.also_open else POSSIBLE, question.held),
            ]
        if dated and (question.first or question.last):
            lines += self._dates(question)
        return lines

    def _behalf(self, node: NamedNode) -> list[str]:
        by = self.ask.role_path("by")
        of = _iri(node)
        return [
            f"# on behalf of {shorten(node.value)}: itself, its bodies, its office holders then",
            "{ SELECT DISTINCT ?thing {",
            f"  {{ ?thing {by} {of} }} UNION",
            f"  {{ ?thing {by}/(csto:bodyOf|csto:parentBody)+ {of} }} UNION",
            f"  {{ ?thing {by} ?person .",
            "    ?tenure csto:officeHolder ?person ;"
            f" csto:office/csto:officeOf/(csto:bodyOf|csto:parentBody)* {of} ;",
            "      csto:startEarliest|csto:knownFrom ?from .",
            "    ?thing csto:earliest ?low ; csto:latest ?high .",
            "    OPTIONAL { ?tenure csto:endLatest ?until }",
            "    FILTER(?from <= ?high && (!BOUND(?until) || ?low < ?until)) }",
            "} }",
        ]

    def _dates(self, question: Question) -> list[str]:
        """Only what can lie in the days asked for; undated things by what they are part of."""
        low = "|".join(f"csto:{name}" for name in _LOW)
        high = "|".join(f"csto:{name}" for name in _HIGH)
        part = self.ask.role_path("part")
        lines = [
            f"OPTIONAL {{ ?thing {low} ?own_low }}",
            f"OPTIONAL {{ ?thing {high} ?own_high }}",
            "OPTIONAL { ?thing csto:asOf ?as_of }",
            "OPTIONAL { ?thing csto:possibleTo ?day_after }",
            "OPTIONAL {",
            f"  SELECT ?thing (MIN(?l) AS ?part_low) (MAX(?h) AS ?part_high) {{ ?thing {part}+ "
            "?whole .",
            f"    ?whole {low} ?l ; {high} ?h }} GROUP BY ?thing",
            "}",
            "BIND(COALESCE(?own_low, fn:earliest(?as_of), ?part_low) AS ?low)",
            # A fact without an end is told of as far as something is known of it.
            'BIND(COALESCE(?own_high, fn:latest(?as_of), ?day_after - "P1D"^^xsd:dayTimeDuration, '
            'IF(BOUND(?own_low), "9999-12-31"^^xsd:date, ?part_high)) AS ?high)',
        ]
        if question.last:
            test = f'?low <= "{question.last}"^^xsd:date'
            lines.append(
                f"FILTER({test})" if not question.undated else f"FILTER(!BOUND(?low) || {test})"
            )
        if question.first:
            test = f'?high >= "{question.first}"^^xsd:date'
            lines.append(
                f"FILTER({test})" if not question.undated else f"FILTER(!BOUND(?high) || {test})"
            )
        return lines

    def rows(self, question: Question, shown: Sequence[tuple[str, str]], cite: bool) -> str:
        """The query of a list: things, when, label, and one column for each property."""
        names = [name for name, _ in shown] + ([_CERTAINTY] if question.held else [])
        lines = [
            f"SELECT DISTINCT ?thing ?label ?start ?end {' '.join('?' + n for n in names)}"
            f"{' ?passage' if cite else ''}",
            "WHERE {",
        ]
        lines += ["  { SELECT DISTINCT ?thing {"]
        lines += ["    " + line for line in self.pattern(question)]
        lines += ["  } }"]
        lines += [
            '  OPTIONAL { ?thing rdfs:label ?label FILTER(LANG(?label) = "en") }',
            "  OPTIONAL { ?thing csto:acceptedDate ?date }",
            "  OPTIONAL { ?thing csto:acceptedStart|csto:plannedFor ?begin }",
            "  OPTIONAL { ?thing csto:acceptedEnd|csto:acceptedLastDay ?end }",
            "  OPTIONAL { ?thing csto:asOf|dcterms:issued ?as_of_date }",
            "  OPTIONAL { ?thing csto:inRollCall/csto:acceptedDate ?voted }",
            "  # What has no date was by the day of the first source that tells of it.",
            "  OPTIONAL { ?thing csto:toldBy ?told }",
            "  BIND(COALESCE(?date, ?begin, ?as_of_date, ?voted, "
            'CONCAT("[..", STR(?told), "]")) AS ?start)',
        ]
        if question.held:
            narrower = _holds("narrower", POSSIBLE, question.held)
            lines += [
                f'  BIND(IF(EXISTS {{ ?thing {_iri(question.held)} ?sure }}, "certain", '
                f'IF(EXISTS {{ {narrower} }}, "{POSSIBLE_WORD}", '
                f'"{OPEN_WORD}")) AS ?{_CERTAINTY})'
            ]
        columns = list(shown)
        if cite:
            columns.append(("passage", "(csto:evidence|csto:statedIn)"))
        for name, path in columns:
            lines += [
                f'  OPTIONAL {{ SELECT ?thing (GROUP_CONCAT(?text; separator="; ") AS ?{name}) {{',
                "    SELECT DISTINCT ?thing ?text {",
                f"      ?thing {path} ?value .",
                '      OPTIONAL { ?value rdfs:label ?english FILTER(LANG(?english) = "en") }',
                "      BIND(COALESCE(STR(?english), STR(?value)) AS ?text)",
                "    } ORDER BY ?thing ?text } GROUP BY ?thing }",
            ]
        lines += ["}", "ORDER BY (!BOUND(?start)) ?start ?label ?thing"]
        return "\n".join(lines) + "\n"

    def counts(self, question: Question, by: Sequence[tuple[str, str]]) -> str:
        """The query of a count: how many things there are of each value."""
        names = [name for name, _ in by]
        shown = " ".join("?" + name for name in names)
        lines = [
            f"SELECT {shown} (COUNT(DISTINCT ?thing) AS ?count)",
            "WHERE {",
            "  { SELECT DISTINCT ?thing {",
        ]
        lines += ["    " + line for line in self.pattern(question)]
        lines += ["  } }"]
        for name, path in by:
            if path == _YEAR:
                lines += [
                    "  OPTIONAL { ?thing csto:acceptedDate|csto:acceptedStart|csto:asOf"
                    "|(csto:inRollCall/csto:acceptedDate) ?dated }",
                    # What lies between two years is in neither of them: both are named.
                    '  BIND(COALESCE(SUBSTR(STR(fn:earliest(?dated)), 1, 4), "") AS ?y_low)',
                    '  BIND(COALESCE(SUBSTR(STR(fn:latest(?dated)), 1, 4), "") AS ?y_high)',
                    '  BIND(IF(?y_low = ?y_high, ?y_low, IF(?y_low = "", CONCAT("to ", ?y_high), '
                    'CONCAT(?y_low, "-", ?y_high))) AS ?years)',
                    f'  BIND(IF(?years = "", "not recorded", ?years) AS ?{name})',
                ]
                continue
            lines += [
                f"  OPTIONAL {{ ?thing {path} ?value_{name} .",
                f"    OPTIONAL {{ ?value_{name} rdfs:label ?english_{name}"
                f' FILTER(LANG(?english_{name}) = "en") }} }}',
                f'  BIND(COALESCE(STR(?english_{name}), STR(?value_{name}), "not recorded")'
                f" AS ?{name})",
            ]
        lines += ["}", f"GROUP BY {shown}", f"ORDER BY DESC(?count) {shown}"]
        return "\n".join(lines) + "\n"

    def column(self, text: str) -> tuple[str, str]:
        """Name and path of a column that a user asks for: a role, a property, or the year.

        Raises:
            InputError: if nothing is called that.
        """
        key = text.strip().casefold()
        if key == _YEAR:
            return _YEAR, _YEAR
        if key in self.ask.roles and key != "about":
            return key, self.ask.role_path(key)
        for name, node in self.ask.properties.items():
            if key == name.casefold():
                short = shorten(node.value)
                return short.partition(":")[2], short
        raise InputError(f'no column is called "{text}"{self.ask.near_property(key)}')


class Lister:
    """Answers questions over a dataset as of a day."""

    def __init__(self, dataset: Dataset, day: str) -> None:
        self.dataset = dataset
        self.day = day
        self.ask = Asking(dataset.store)
        self.maker = Maker(self.ask)

    def all_kinds(self) -> tuple[list[str], list[list[str]]]:
        """Every kind of which there are things: its plural, how many, its further words."""
        counted = {
            row["kind"]: getattr(row["count"], "value", "0")
            for row in self.run(
                "SELECT ?kind (COUNT(DISTINCT ?thing) AS ?count) { ?thing a ?kind } GROUP BY ?kind"
            )
        }
        words: dict[NamedNode, list[str]] = {}
        for word, nodes in self.ask.words.items():
            for node in nodes:
                if word != self.ask.kinds[node].label.casefold():
                    words.setdefault(node, []).append(word)
        rows = [
            [plural(kind.label), counted[node], ", ".join(sorted(words.get(node, ())))]
            for node, kind in self.ask.kinds.items()
            if node in counted
        ]
        return ["kind", "count", "also_called"], sorted(rows)

    def kinds_of(self, question: Question) -> tuple[list[str], list[list[str]]]:
        """Every kind of which there are things that a question without a kind asks for."""
        body = "\n".join(self.maker.pattern(question, kinds=False))
        things = {row["thing"] for row in self.run(f"SELECT DISTINCT ?thing {{ {body} }}")}
        counted = self._kinds(things)
        rows = [[plural(self.ask.kinds[kind].label), str(n)] for kind, n in counted.items()]
        return ["kind", "count"], sorted(rows, key=lambda row: (-int(row[1]), row[0]))

    def _kinds(self, things: Iterable[Any]) -> Counter[NamedNode]:
        """How many of some things are stated to be of each kind."""
        reader = Reader(self.dataset, [ASSERTED])
        return Counter(
            kind
            for thing in sorted(things, key=str)
            if isinstance(thing, NamedNode)
            for kind in reader.objects(thing, NamedNode(RDF + "type"))
            if isinstance(kind, NamedNode) and kind in self.ask.kinds
        )

    def asked(self, question: Question) -> dict[str, str]:
        """The properties by which a question looks, each with the first thing that it names."""
        named = {**question.roles, **({"by": question.behalf} if question.behalf else {})}
        return {
            one.value: nodes[0].value
            for role, nodes in named.items()
            for one in self.ask.roles.get(role, ())
        }

    def in_words(self, question: Question) -> str:
        """What a question asks of its things, as a part of a sentence: "by Armenia to CSTO"."""
        kind = question.kinds[0]
        named = [
            *((self.ask.tie(kind, role), nodes) for role, nodes in question.roles.items()),
            ("on behalf of", question.behalf),
            ("by, to or about", question.with_),
            *(("with", nodes[:1]) for nodes in question.having),
        ]
        label = self.dataset.things.label
        return " ".join(f"{tie} {' and '.join(map(label, nodes))}" for tie, nodes in named if nodes)

    def run(self, text: str) -> list[QuerySolution]:
        """The rows of a query."""
        return list(cast(QuerySolutions, run(self.dataset, text, self.day, "csto list")))

    def answer(
        self,
        question: Question,
        show: Sequence[str] = (),
        *,
        cite: bool = False,
        most: int | None = None,
    ) -> Listed:
        """The list that a question asks for.

        Args:
            question: what is asked.
            show: columns; by default those that the ontology gives for the kind.
            cite: with the passages of each row, and those of what it follows from.
            most: only so many rows, the first ones, will be looked at.
        """
        names = [self.maker.column(name) for name in show if name not in FIRST]
        if not names:
            nodes = self.ask.columns(question.kinds[0])
            names = [(shorten(n.value).partition(":")[2], shorten(n.value)) for n in nodes]
        names = [(name, path) for name, path in names if path != _YEAR]
        text = self.maker.rows(question, names, cite)
        last = [*([_CERTAINTY] if question.held else []), *(["passage"] if cite else [])]
        columns = [*FIRST, *(name for name, _ in names), *last]
        rows: dict[NamedNode, list[str]] = {}
        for found in self.run(text):
            thing = found["thing"]
            if not isinstance(thing, NamedNode) or thing in rows:
                continue
            cells = [getattr(found[n], "value", "") for n in columns[1:]]
            cells[2] = cells[2] or shorten(thing.value)
            rows[thing] = [shorten(thing.value), *cells]
        order = sorted(rows, key=lambda thing: (_first_day(rows[thing]), rows[thing][3]))
        if cite:
            from csto.answer.citations import Grounds, in_one_line

            grounds = Grounds(self.dataset, self.day)
            for thing in order[:most]:
                rows[thing][-1] = in_one_line(grounds.of([thing]))
        listed = Listed(columns, [rows[thing] for thing in order], order, text)
        self._drop_empty(listed, show)
        listed.remarks = self._left_out(question, listed)
        return listed

    def _drop_empty(self, listed: Listed, show: Sequence[str]) -> None:
        """Columns of the ontology that no row fills are not shown."""
        if show or not listed.rows:
            return
        keep = [
            at
            for at, name in enumerate(listed.columns)
            if name in FIRST or any(row[at] for row in listed.rows)
        ]
        listed.columns = [listed.columns[at] for at in keep]
        listed.rows = [[row[at] for at in keep] for row in listed.rows]

    def count(self, question: Question, by: Sequence[str]) -> Listed:
        """How many things there are by one column, or by one and another across."""
        if not 1 <= len(by) <= 2:
            raise InputError("--count-by takes one column, or two")
        names = [self.maker.column(name) for name in by]
        if len({name for name, _ in names}) < len(names):
            raise InputError("--count-by needs two different columns")
        text = self.maker.counts(question, names)
        counted = [
            (
                [str(getattr(row[name], "value", "")) for name, _ in names],
                int(getattr(row["count"], "value", 0)),
            )
            for row in self.run(text)
        ]
        first = names[0][0]
        if len(names) == 1:
            rows = [[keys[0], str(number)] for keys, number in counted]
            return Listed([first, "count"], rows, [], text, self._left_out(question, None))
        across = sorted({keys[1] for keys, _ in counted}, key=lambda k: (k == "not recorded", k))
        table: dict[str, Counter[str]] = {}
        for keys, number in counted:
            table.setdefault(keys[0], Counter())[keys[1]] += number
        rows = [
            [key, *(str(table[key][name] or "") for name in across)]
            for key in sorted(table, key=lambda k: (-sum(table[k].values()), k))
        ]
        remarks = self._left_out(question, None)
        remarks.append(
            "one thing with several values counts once under each; a blank says that none "
            "is recorded, not that there was none"
        )
        return Listed([first, *across], rows, [], text, remarks)

    def _left_out(self, question: Question, listed: Listed | None) -> list[str]:
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

    def _things(self, question: Question) -> set[Any]:
        """All things of a question."""
        body = "\n".join(self.maker.pattern(question))
        return {row["thing"] for row in self.run(f"SELECT DISTINCT ?thing {{ {body} }}")}

    def _named(self, kind: NamedNode, number: int) -> str:
        label = self.ask.kinds[kind].label
        return label if number == 1 else plural(label)

    def _other_kinds(self, question: Question, listed: Listed) -> list[str]:
        """The same filters over all kinds: what a right-looking wrong kind would hide."""
        body = "\n".join(self.maker.pattern(question, kinds=False))
        rows = self.run(f"SELECT DISTINCT ?thing {{ {body} }}")
        kinds = self._kinds({row["thing"] for row in rows} - set(listed.things))
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


def in_words(listed: Listed, ask: Asking) -> tuple[list[str], list[list[str]]]:
    """Columns and rows for people: no identifiers, spans and names of properties in words."""
    heads = [_heading(name, ask) for name in listed.columns]
    if "start" not in listed.columns:
        return heads, listed.rows
    columns = ["when", *heads[3:]]
    # What a rule made has no name, and its identifier is none.
    rows = [
        [span_in_words(row[1], row[2]), "" if row[3] == row[0] else row[3], *row[4:]]
        for row in listed.rows
    ]
    # An empty list has its heads but for the days.
    filled = [
        at
        for at in range(len(columns))
        if at > 1 or any(row[at] for row in rows) or (at == 1 and not rows)
    ]
    return [columns[at] for at in filled], [[row[at] for at in filled] for row in rows]


def _heading(name: str, ask: Asking) -> str:
    node = ask.properties.get(name.casefold())
    if node is None or name in FIRST or name in ROLES:
        return name
    return ask.label(node)


def _first_day(row: list[str]) -> str:
    """What a row is put in order by; what has no date comes last."""
    found = bounds(row[1:3])
    return found[0] if found else "~"


def scan(dataset: Dataset, question: Question) -> set[NamedNode]:
    """The things that a question asks for, found by a plain walk over all triples.

    Slow and simple: what the generated queries are tested against. Days are left out.
    """
    reader = Reader(dataset)
    ask = Asking(dataset.store)
    things = {s for kind in question.kinds for s in reader.subjects(NamedNode(RDF + "type"), kind)}

    def through(node: NamedNode, role: str) -> set[Any]:
        return {value for one in ask.roles[role] for value in reader.objects(node, one)}

    def leads(node: NamedNode) -> set[Any]:
        seen: set[Any] = set()
        waiting = [node]
        while waiting:
            for value in reader.objects(waiting.pop(), "dealsWith"):
                if value not in seen and isinstance(value, NamedNode):
                    seen.add(value)
                    waiting.append(value)
        return seen

    def fits(node: NamedNode) -> bool:
        for role, wanted in question.roles.items():
            found = leads(node) if role == "about" else through(node, role)
            if role in ("part", "where"):
                found = found | {
                    v for one in found if isinstance(one, NamedNode) for v in leads(one)
                }
            if not set(wanted) <= found:
                return False
        for one in question.with_:
            touched = leads(node) | {v for role in ROLES for v in through(node, role)}
            if one not in touched:
                return False
        return True

    return {thing for thing in things if fits(thing)}
