"""Which triples a row of an answer rests on.

A query is asked a second time for all variables of its pattern, without grouping,
order and limits. The solutions that agree with a row in what it shows are those
it was made of, one or, where the query groups or drops variables, several; each
turns the triple patterns of the query into the triples that were matched.

Covered: basic patterns, property paths (as the steps of a way that holds), OPTIONAL and
UNION as far as they matched, GRAPH, sub-queries, and EXISTS whose variables the row
binds. Not covered, because nothing matched: NOT EXISTS and MINUS. Names are left out:
``rdfs:label`` and the like are ours and stand in no source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

from csto.answer.query import run
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader, documents_first
from csto.proof.prover import Proof, Prover
from csto.sparql.body import bare, spread
from csto.sparql.select import Select, take_apart
from csto.sparql.text import answer, read_term
from csto.vocabulary import ASSERTED, RDF_TYPE, RDFS, SKOS, WELL_KNOWN, csto

Solution = dict[str, Any]
# What stands before a passage that a row rests on only by way of what follows.
PREMISE = "premise: "
# A pattern of a query: subject, predicate (a term or a path of rdflib), object, graph.
_Part = tuple[Any, Any, Any, Any]

_NAMES = {
    NamedNode(RDFS + "label"),
    NamedNode(SKOS + "prefLabel"),
    NamedNode(SKOS + "altLabel"),
    csto("abbreviation"),
}


class Matches:
    """The rows of one query and what they matched."""

    def __init__(
        self, prover: Prover, text: str, name: str = "query", most: int | None = None
    ) -> None:
        """Run the query as of the prover's day.

        Args:
            prover: finds the proofs.
            text: a SELECT query.
            name: what errors call it.
            most: of a row that counts many solutions, only so many are looked at.

        Raises:
            InputError: for a query that makes no rows or that cannot be taken apart.
        """
        self.prover = prover
        self.name = name
        self.most = most
        self.store = prover.dataset.store
        self.default, self.named = prover.dataset.view(prover.day)
        self.prefixes = {**prover.dataset.prefixes, **WELL_KNOWN}
        found: Any = run(prover.dataset, text, prover.day, name)
        if not hasattr(found, "variables"):
            raise InputError(f"{name}: only the rows of a SELECT query can be cited")
        self.columns = [variable.value for variable in found.variables]
        self.rows: list[Solution] = [_plain(solution, self.columns) for solution in found]
        self.select, self.prologue = take_apart(text, name)
        self._indexed: dict[int, dict[tuple[Any, ...], list[Solution]]] = {}
        self._patterns: dict[int, Sequence[_Part]] = {}

    def of_all_solutions(self) -> Matches:
        """The same rows, nothing of which is asked again, with every solution looked at."""
        same = copy(self)
        same.most = None
        return same

    def triples(self, number: int) -> list[tuple[Triple, bool]]:
        """Triples that a row (from 0) rests on, and whether each is only possible."""
        found: dict[tuple[Triple, bool], None] = {}
        self._gather(self.select, self.rows[number], found)
        return list(found)

    def proof(self, number: int) -> Proof:
        """A row (from 0) with the proofs of the triples it matched."""
        row = self.rows[number]
        shown = ", ".join(
            f"{column.replace('_', ' ')} {self.prover.label(row[column])}"
            for column in self.columns
            if column in row
        )
        premises = [self.prover.prove(t, possibly=p) for t, p in self.triples(number)]
        return Proof("answer", f"row {number + 1} of {self.name}: {shown}", premises=premises)

    def passages(self, number: int) -> list[str]:
        """Labels of the passages behind a row (from 0), paragraphs before pages and records."""
        return documents_first(
            passage for leaf in self.proof(number).leaves() for passage in leaf.passages
        )

    def cited(self, number: int) -> list[str]:
        """Passages behind a row (from 0): those of what it says, then those of premises, marked."""
        proof = self.proof(number)
        own = documents_first(
            passage
            for premise in proof.premises
            if premise.kind != "inferred"
            for passage in premise.passages
        )
        behind = documents_first(
            passage for leaf in proof.leaves() for passage in leaf.passages if passage not in own
        )
        return [*own, *(f"{PREMISE}{passage}" for passage in behind)]

    # --- solutions ---------------------------------------------------------

    def _gather(
        self, select: Select, row: Mapping[str, Any], found: dict[tuple[Triple, bool], None]
    ) -> None:
        for solution in self._index(select).get(_key(select, row), [])[: self.most]:
            for part in self._parts(select):
                for matched in self._matched(part, solution):
                    found[matched] = None
            for inner in select.inner:
                self._gather(inner, solution, found)

    def _index(self, select: Select) -> dict[tuple[Any, ...], list[Solution]]:
        if id(select) not in self._indexed:
            text = f"{self.prologue} SELECT * WHERE {{ {select.body} {' '.join(select.binds)} }}"
            rows = self._ask(text)
            index: dict[tuple[Any, ...], list[Solution]] = defaultdict(list)
            for row in rows:
                index[_key(select, row)].append(row)
            self._indexed[id(select)] = index
        return self._indexed[id(select)]

    def _ask(self, text: str) -> list[Solution]:
        try:
            rows: Any = answer(
                self.store, spread(text), self.default, named=self.named, prefixes=self.prefixes
            )
        except SyntaxError as error:
            raise InputError(f"{self.name}: this query cannot be cited ({error.msg})") from error
        names = [variable.value for variable in rows.variables]
        return [_plain(row, names) for row in rows]

    # --- patterns ----------------------------------------------------------

    def _parts(self, select: Select) -> Sequence[_Part]:
        if id(select) not in self._patterns:
            text = bare(f"{self.prologue} SELECT * WHERE {{ {select.body} }}")
            # rdflib takes a millisecond for each prefix, and every source has one.
            used = {name: iri for name, iri in self.prefixes.items() if f"{name}:" in text}
            try:
                self._patterns[id(select)] = _parts_of(text, tuple(used.items()))
            except Exception as error:  # pyparsing and rdflib raise many kinds here
                raise InputError(f"{self.name}: this query cannot be cited ({error})") from error
        return self._patterns[id(select)]

    def _matched(self, part: _Part, solution: Solution) -> Iterator[tuple[Triple, bool]]:
        subject, predicate, thing, graph = (self._value(x, solution) for x in part)
        if subject is None or predicate is None or thing is None or isinstance(subject, Literal):
            return
        place = graph if isinstance(graph, NamedNode) else None
        if part[3] is not None and place is None:
            return
        for triple in self._steps(subject, predicate, thing, place):
            if triple.predicate not in _NAMES:
                yield triple, place == self.prover.possible

    def _value(self, part: Any, solution: Solution) -> Any:
        from rdflib import BNode
        from rdflib import Variable as Name
        from rdflib.paths import Path

        if part is None or isinstance(part, Path):
            return part
        if isinstance(part, (Name, BNode)):
            return solution.get(str(part))
        return read_term(part.n3())

    def _steps(self, s: Any, path: Any, o: Any, place: NamedNode | None) -> list[Triple]:
        """Triples of a way from one end of a pattern to the other; none if there is no way."""
        from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath

        if isinstance(path, NamedNode):
            triple = Triple(s, path, o)
            return [triple] if self._holds(triple, place) else []
        if isinstance(path, InvPath):
            return self._steps(o, _step(path.arg), s, place)
        if isinstance(path, AlternativePath):
            ways = (self._steps(s, _step(arg), o, place) for arg in path.args)
            return next((way for way in ways if way), [])
        if isinstance(path, SequencePath):
            first, *rest = path.args
            if not rest:
                return self._steps(s, _step(first), o, place)
            after = SequencePath(*rest) if len(rest) > 1 else rest[0]
            for middle in self._between(s, first, after, o, place):
                way = self._steps(s, _step(first), middle, place)
                way += self._steps(middle, _step(after), o, place)
                return way
            return []
        if isinstance(path, MulPath):
            return self._chain(s, path.path, o, place)
        if isinstance(path, NegatedPath):
            text = f"SELECT ?p WHERE {{ {s} ?p {o} . {s} {path.n3()} {o} }}"
            triples = [Triple(s, row["p"], o) for row in self._rows(text, place)]
            return [triple for triple in triples if self._holds(triple, place)][:1]
        raise InputError(f"{self.name}: a path of this query cannot be cited")

    def _chain(self, s: Any, inner: Any, o: Any, place: NamedNode | None) -> list[Triple]:
        """A shortest way of repeated steps."""
        ways: dict[Any, list[Triple]] = {s: []}
        edge = [s]
        while edge and o not in ways:
            reached = []
            for node in edge:
                if isinstance(node, Literal):
                    continue
                text = f"SELECT DISTINCT ?m WHERE {{ {node} {_n3(inner)} ?m }} ORDER BY ?m"
                for row in self._rows(text, place):
                    middle = row["m"]
                    if middle not in ways:
                        ways[middle] = ways[node] + self._steps(node, _step(inner), middle, place)
                        reached.append(middle)
            edge = reached
        return ways.get(o, [])

    def _between(
        self, s: Any, first: Any, after: Any, o: Any, place: NamedNode | None
    ) -> list[Any]:
        text = (
            f"SELECT DISTINCT ?m WHERE {{ {s} {_n3(first)} ?m . ?m {_n3(after)} {o} }} ORDER BY ?m"
        )
        return [row["m"] for row in self._rows(text, place)]

    def _rows(self, text: str, place: NamedNode | None) -> list[Solution]:
        graphs = self.default if place is None else [place]
        rows: Any = answer(self.store, text, graphs)
        names = [variable.value for variable in rows.variables]
        return [_plain(row, names) for row in rows]

    def _holds(self, triple: Triple, place: NamedNode | None) -> bool:
        graphs: Sequence[NamedNode] = self.default if place is None else [place]
        return any(
            Quad(triple.subject, triple.predicate, triple.object, graph) in self.store
            for graph in graphs
        )


def in_one_line(cited: Sequence[str]) -> str:
    """Passages for a cell: those of what is said, then "premises" and those of what it rests on."""
    own = [told for told in cited if not told.startswith(PREMISE)]
    behind = [told.removeprefix(PREMISE) for told in cited if told.startswith(PREMISE)]
    return "; ".join(own + ([f"premises: {'; '.join(behind)}"] if behind else []))


class Grounds:
    """Passages of things: those of what is said of them, then those of premises, marked."""

    def __init__(self, dataset: Dataset, day: str) -> None:
        """Args: the graph, and the day (``YYYY-MM-DD``) on which what follows is proved."""
        self.dataset = dataset
        self.day = day
        self.reader = Reader(dataset)

    def of(self, things: Sequence[NamedNode]) -> list[str]:
        """The passages of some things together.

        A situation has its days from the acts that open and close it; what follows has no
        passage of its own, and rests on all that proves it.
        """
        own = self._own(things)
        acts = [
            act
            for thing in things
            for name in ("acceptedOpening", "acceptedClosing")
            for act in self.reader.objects(thing, name)
            if isinstance(act, NamedNode)
        ]
        behind = {*self._own(acts), *self._proved([t for t in things if self._follows(t)])}
        return [*own, *(f"{PREMISE}{told}" for told in documents_first(behind - set(own)))]

    def _own(self, things: Sequence[NamedNode]) -> list[str]:
        return documents_first(
            self.reader.show(passage)
            for thing in things
            for name in ("evidence", "statedIn")
            for passage in self.reader.objects(thing, name)
        )

    def _follows(self, thing: NamedNode) -> bool:
        stated = self.dataset.store.quads_for_pattern(thing, RDF_TYPE, None, ASSERTED)
        return next(stated, None) is None

    def _proved(self, things: Sequence[NamedNode]) -> list[str]:
        prover = Prover(self.dataset, self.day) if things else None
        return [
            passage
            for thing in things
            for kind in self.reader.objects(thing, RDF_TYPE)[:1]
            if prover is not None
            for leaf in prover.prove(Triple(thing, RDF_TYPE, kind)).leaves()
            for passage in leaf.passages
        ]


def _plain(solution: Any, names: Sequence[str]) -> Solution:
    return {name: solution[name] for name in names if solution[name] is not None}


def _key(select: Select, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in select.shown)


def _step(path: Any) -> Any:
    """A step of a path: a term of ours, or a path of rdflib still."""
    from rdflib import URIRef

    return NamedNode(str(path)) if isinstance(path, URIRef) else path


def _n3(path: Any) -> str:
    text: str = path.n3()
    return text if text.startswith("<") else f"({text})"


@lru_cache(maxsize=256)
def _parts_of(text: str, prefixes: tuple[tuple[str, str], ...]) -> tuple[_Part, ...]:
    """The triple patterns of a query; a server and a site are asked the same ones often."""
    from rdflib.plugins.sparql import prepareQuery

    algebra = prepareQuery(text, initNs=dict(prefixes)).algebra
    # EXISTS may stand in what the query computes.
    return tuple(dict.fromkeys(_patterns(algebra.p)))


def _patterns(node: Any, graph: Any = None) -> Iterator[_Part]:
    """Triple patterns of an algebra that something matched, with their graph."""
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(node, (list, tuple, set)):
        for item in node:
            yield from _patterns(item, graph)
        return
    if not isinstance(node, CompValue) or node.name in ("Builtin_NOTEXISTS", "ToMultiSet"):
        return
    if node.name in ("BGP", "TriplesBlock"):
        flat = node.triples
        if flat and not isinstance(flat[0], tuple):
            flat = [n for group in flat for n in group]
            flat = list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
        for subject, predicate, thing in flat:
            yield subject, predicate, thing, graph
        return
    if node.name in ("Graph", "GraphGraphPattern"):
        yield from _patterns(node.get("p") or node.get("graph"), node.term)
        return
    if node.name == "Minus":
        yield from _patterns(node.p1, graph)
        return
    for key, value in node.items():
        if not key.startswith("_"):
            yield from _patterns(value, graph)


def cited(
    dataset: Dataset,
    text: str,
    day: str,
    name: str = "query",
    how: str | None = None,
    leave: Collection[str] = (),
) -> tuple[str, int]:
    """The rows of a query with a last column of the passages behind each.

    Args:
        dataset: the graph.
        text: a SELECT query.
        day: ``YYYY-MM-DD``.
        name: what errors call the query.
        how: ``table`` (passages stand under it), ``csv``, ``json`` or ``md``; by default as
            for other answers.
        leave: columns that only data formats have.

    Returns:
        The text, and how many rows it has.

    Raises:
        InputError: for a query that makes no rows, and another format.
    """
    from csto.answer.tables import default_format, show, write_cited, write_rows

    chosen = how or default_format()
    if chosen not in ("table", "csv", "json", "md"):
        raise InputError(f"--cite writes table, csv, json or md, not {chosen}")
    matches = Matches(Prover(dataset, day), text, name)
    plain = chosen in ("csv", "json")
    rows = []
    shown = [column for column in matches.columns if plain or column not in leave]
    for number, row in enumerate(matches.rows):
        terms = [row.get(column) for column in shown]
        cells = [getattr(x, "value", "") if plain else show(x) for x in terms]
        rows.append([*cells, "\n".join(matches.cited(number))])
    columns = [*shown, "sources"]
    if chosen == "table":
        return write_cited(columns, rows), len(rows)
    return write_rows(columns, rows, chosen), len(rows)
