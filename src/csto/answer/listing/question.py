"""What a list is asked for, and the query made from it by the ontology.

A question becomes one SPARQL query that can be printed and edited; names are resolved
to things before it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from csto.answer.holding import OPEN_WORD, POSSIBLE_WORD
from csto.answer.kinds import ABOUT, ROLES, Asking
from csto.errors import InputError
from csto.vocabulary import OPEN, POSSIBLE, shorten

YEAR = "year"
CERTAINTY = "certainty"
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
        names = [name for name, _ in shown] + ([CERTAINTY] if question.held else [])
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
                f'"{OPEN_WORD}")) AS ?{CERTAINTY})'
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
            if path == YEAR:
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
        if key == YEAR:
            return YEAR, YEAR
        if key in self.ask.roles and key != "about":
            return key, self.ask.role_path(key)
        for name, node in self.ask.properties.items():
            if key == name.casefold():
                short = shorten(node.value)
                return short.partition(":")[2], short
        raise InputError(f'no column is called "{text}"{self.ask.near_property(key)}')
