"""From which values of its variables a rule makes a triple.

A rule is run backwards: its head is matched against the triple and its body asked
for the rest. For one triple the body is asked with what the head gives; for many it
is asked once without, and its rows are kept by what their heads make of them.

What a rule negates is complete before it runs, and rows only become more. So where
one row alone fits, it is the one that made the triple; where several do, what they
negate is looked for again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, Variable, parse

from csto.reason.engine import FUNCTIONS
from csto.rules.rule import Pattern, Rule
from csto.sparql.rule_text import parts
from csto.sparql.text import TOKEN

Row = dict[str, Any]


@dataclass
class Derivations:
    """Rows of rule bodies over the graphs of one store.

    ``whole`` asks each body once for all its triples: right for many triples, slower
    for a few.
    """

    store: Store
    whole: bool = False
    _rows: dict[tuple[str, tuple[NamedNode, ...]], dict[Triple, list[Row]]] = field(
        default_factory=dict
    )

    def rows(self, rule: Rule, triple: Triple, graphs: Sequence[NamedNode]) -> list[Row]:
        """Rows of the body from which the head makes the triple, in a fixed order.

        What the rule negates is not looked at; see :meth:`refuted`.
        """
        if self.whole:
            found = self._all(rule, graphs).get(triple, [])
        else:
            found = list(self._bound(rule, triple, graphs))
        if len(found) < 2:
            return found
        names = sorted(found[0])
        return sorted(found, key=lambda row: [str(row.get(name)) for name in names])

    def refuted(self, rule: Rule, row: Row, graphs: Sequence[NamedNode]) -> bool:
        """Whether something that the rule negates stands in these graphs for a row."""
        split = parts(rule.text)
        if not split.negations:
            return False
        # Put in as text: a substitution reaches only what a query projects.
        asked = TOKEN.sub(
            lambda token: str(row.get(token[0][1:], token[0])) if token[0][0] in "?$" else token[0],
            " ".join(split.negations),
        )
        answer = self.store.query(
            f"{split.prologue} ASK {{ {asked} }}",
            default_graph=list(graphs),
            custom_functions=dict(FUNCTIONS),
        )
        return not bool(answer)

    def _all(self, rule: Rule, graphs: Sequence[NamedNode]) -> dict[Triple, list[Row]]:
        key = (rule.text, tuple(graphs))
        if key not in self._rows:
            made: dict[Triple, list[Row]] = defaultdict(list)
            for row in self._ask(rule, graphs):
                for pattern in rule.head:
                    triple = filled(pattern, row)
                    if triple is not None:
                        made[triple].append(row)
            self._rows[key] = made
        return self._rows[key]

    def _bound(self, rule: Rule, triple: Triple, graphs: Sequence[NamedNode]) -> Iterator[Row]:
        seen = set()
        for pattern in rule.head:
            given = matched(pattern, triple)
            if given is None:
                continue
            for row in self._ask(rule, graphs, given):
                key = tuple(sorted((name, str(value)) for name, value in row.items()))
                if key not in seen and filled(pattern, row) == triple:
                    seen.add(key)
                    yield row

    def _ask(
        self, rule: Rule, graphs: Sequence[NamedNode], given: Row | None = None
    ) -> Iterator[Row]:
        split = parts(rule.text)
        known = {n: v for n, v in (given or {}).items() if n not in rule.computed}
        head = "" if given is None else _beside(rule, given)
        rows: Any = self.store.query(
            f"{split.prologue} SELECT * WHERE {{ {head} {split.body} }}",
            default_graph=list(graphs),
            custom_functions=dict(FUNCTIONS),
            substitutions={Variable(name): value for name, value in known.items()},
        )
        names = [variable.value for variable in rows.variables]
        for solution in rows:
            row = {name: solution[name] for name in names}
            yield known | {name: value for name, value in row.items() if value is not None}


def _beside(rule: Rule, given: Row) -> str:
    """The rest of a head as patterns: what a rule makes at once stands in the graph together.

    The only way in where the thing that is asked about is one that the rule mints.
    """
    if not set(given) & set(rule.computed):
        return ""
    lines = []
    for pattern in rule.head:
        spelt = [
            str(given[part[1:]]) if part[1:] in given and part[0] == "?" else part
            for part in pattern
        ]
        if not any(part[1:] in rule.computed for part in spelt if part[0] == "?"):
            lines.append(" ".join(spelt) + " .")
    return " ".join(lines)


def matched(pattern: Pattern, triple: Triple) -> Row | None:
    """Values that make a pattern into this triple."""
    values: Row = {}
    for part, term in zip(_terms(pattern), triple, strict=True):
        if isinstance(part, str):
            if values.setdefault(part, term) != term:
                return None
        elif part != term:
            return None
    return values


def filled(pattern: Pattern, row: Row) -> Triple | None:
    """A pattern with values put in; ``None`` if it lacks one or makes no triple."""
    terms: list[Any] = [
        row.get(part) if isinstance(part, str) else part for part in _terms(pattern)
    ]
    if None in terms or isinstance(terms[0], Literal):
        return None
    return Triple(*terms)


@lru_cache(maxsize=4096)
def _terms(pattern: Pattern) -> tuple[Any, ...]:
    """The parts of a pattern: names of variables as text, else terms."""
    return tuple(part[1:] if part.startswith("?") else term(part) for part in pattern)


@lru_cache(maxsize=4096)
def term(text: str) -> Any:
    """A term in the notation of N-Triples or Turtle."""
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    quad = next(iter(parse(input=f"<u:s> <u:p> {text} .".encode(), format=RdfFormat.TURTLE)))
    return quad.object
