"""The graph from Python: open it as of a day, ask, and get rows, frames, graphs and proofs.

Everything the commands answer can be asked here, with the same names of things.
Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas
    import rdflib

    from csto.answer.explain import Proof
    from csto.answer.show import Portrait
    from csto.graph.dataset import Dataset
    from csto.publish.pictures import Picture
    from csto.sparql.saved import SavedQuery

# Rows that a notebook shows.
_SHOWN = 100
Value = str | int | float | bool | None


class Rows(Sequence[Mapping[str, Value]]):
    """Rows of an answer, each a mapping of columns to values.

    IRIs and EDTF dates are text; numbers and booleans are what they are; what a
    row does not bind is ``None``.
    """

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[Value]],
        remarks: Sequence[str] = (),
    ) -> None:
        self.columns = list(columns)
        # What is to be known beside the rows, such as why there are none.
        self.remarks = list(remarks)
        self._rows = [tuple(row) for row in rows]

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return Rows(self.columns, self._rows[index])
        return dict(zip(self.columns, self._rows[index], strict=True))

    def __iter__(self) -> Iterator[Mapping[str, Value]]:
        for row in self._rows:
            yield dict(zip(self.columns, row, strict=True))

    def __repr__(self) -> str:
        return f"<{len(self)} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        """A table for a notebook: dates in words, the first rows of many."""
        from csto.answer.dates import cell_in_words

        def cell(value: Value) -> str:
            return escape(cell_in_words("" if value is None else str(value)))

        head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in self.columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{cell(value)}</td>' for value in row)}</tr>"
            for row in self._rows[:_SHOWN]
        )
        more = f"<p>the first {_SHOWN} of {len(self)} rows</p>" if len(self) > _SHOWN else ""
        more += "".join(f"<p>{escape(said)}</p>" for said in self.remarks)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"

    def column(self, name: str) -> list[Value]:
        """The values of one column.

        Raises:
            KeyError: if there is no such column.
        """
        if name not in self.columns:
            raise KeyError(f"no column {name}; there are {', '.join(self.columns)}")
        at = self.columns.index(name)
        return [row[at] for row in self._rows]

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a data frame.

        Raises:
            InputError: if pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            from csto.errors import InputError

            raise InputError(
                "data frames need pandas, which is not installed: pip install 'csto[data]'"
            ) from None
        return pandas.DataFrame(self._rows, columns=self.columns)


class Queries:
    """The saved queries of a graph, as attributes: ``graph.queries.crises.chain(crisis=…)``."""

    def __init__(self, graph: Graph, group: str = "") -> None:
        self._graph = graph
        self._group = group

    def _names(self) -> dict[str, SavedQuery]:
        from csto.sparql.saved import saved_queries

        found = saved_queries(self._graph.dataset.workspace)
        return {q.name[len(self._group) :]: q for q in found if q.name.startswith(self._group)}

    def __dir__(self) -> list[str]:
        return sorted({name.partition("/")[0].replace("-", "_") for name in self._names()})

    def __getattr__(self, name: str) -> Any:
        wanted = name.replace("_", "-")
        for known, query in self._names().items():
            step, slash, _ = known.partition("/")
            if step.replace("_", "-") == wanted:
                if slash:
                    return Queries(self._graph, f"{self._group}{step}/")
                ask = partial(self._graph.select, query.name)
                ask.__doc__ = f"{query.summary}. Parameters: {', '.join(query.params) or 'none'}."
                return ask
        raise AttributeError(f"no saved query or group is called {self._group}{wanted}")

    def _repr_html_(self) -> str:
        rows = [
            [name, query.summary, " ".join(query.params)] for name, query in self._names().items()
        ]
        return Rows(["query", "summary", "parameters"], rows)._repr_html_()


class Graph:
    """The graph as of one day. Made by :func:`open`.

    In a notebook ``graph["Kazakhstan"]`` shows a thing, and names and queries are completed.
    """

    def __init__(self, dataset: Dataset, on: str) -> None:
        self.dataset = dataset
        self.on = on

    @property
    def cut_off(self) -> str:
        """The last day the graph speaks of, ``YYYY-MM-DD``."""
        return self.dataset.cut_off

    def __repr__(self) -> str:
        return f"<graph of {self.dataset.workspace.root.name} as of {self.on}>"

    @property
    def queries(self) -> Queries:
        """The saved queries, by group and name."""
        return Queries(self)

    def __getitem__(self, name: str) -> Portrait:
        """All that is known of a thing, as :meth:`show` gives it."""
        return self.show(name)

    def _ipython_key_completions_(self) -> list[str]:
        return self.dataset.things.names()

    def at(self, on: str) -> Graph:
        """The same graph as of another day, ``YYYY-MM-DD``.

        Raises:
            InputError: if it is no day.
        """
        from csto.load.edtf import parse_day

        return Graph(self.dataset, parse_day(on))

    def select(self, query: str, **params: str | int) -> Rows:
        """The rows of a saved query (by its name) or of SPARQL text.

        Args:
            query: such as ``"memberships/members-on"``, or a SELECT query.
            params: values of its parameters; things by name or IRI.

        Raises:
            InputError: if there is no such query, it is not SPARQL, or it does not select.
        """
        from pyoxigraph import QuerySolutions

        from csto.errors import InputError

        answer, bound = self._answer(query, params)
        if not isinstance(answer, QuerySolutions):
            raise InputError("this query makes no rows; ask() and construct() are for the others")
        names = [v.value for v in answer.variables]
        rows = [[_python(row[name]) for name in names] for row in answer]
        return Rows(names, rows, self._notes(query, bound, empty=not rows))

    def ask(self, query: str, **params: str | int) -> bool:
        """The answer of an ASK query.

        Raises:
            InputError: as :meth:`select` does.
        """
        from pyoxigraph import QueryBoolean

        from csto.errors import InputError

        answer, _ = self._answer(query, params)
        if not isinstance(answer, QueryBoolean):
            raise InputError("this query is no ASK; select() and construct() are for the others")
        return bool(answer)

    def construct(self, query: str, **params: str | int) -> rdflib.Graph:
        """The triples of a CONSTRUCT or DESCRIBE query, as a graph of rdflib.

        Raises:
            InputError: as :meth:`select` does.
        """
        from pyoxigraph import QueryTriples, RdfFormat, serialize

        from csto.errors import InputError

        answer, _ = self._answer(query, params)
        if not isinstance(answer, QueryTriples):
            raise InputError("this query makes no triples; select() and ask() are for the others")
        return _read(serialize(answer, format=RdfFormat.N_TRIPLES) or b"")

    def _notes(self, query: str, bound: str, *, empty: bool) -> list[str]:
        """Remarks on the answer of SPARQL text; a saved query has its own."""
        from csto.answer.notes import notes

        return notes(self.dataset, bound, self.on, empty=empty) if _is_text(query) else []

    def _answer(self, query: str, params: Mapping[str, str | int]) -> tuple[Any, str]:
        """What a query makes, and its text as it was asked.

        Raises:
            InputError: for a term of ours that does not exist, with the nearest that do.
        """
        from csto.answer.query import bind, run
        from csto.answer.terms import refuse_unknown
        from csto.sparql.saved import SavedQuery, find_query

        text = _is_text(query)
        saved = SavedQuery("query", query) if text else find_query(self.dataset.workspace, query)
        given = {name: str(value) for name, value in params.items()}
        bound = bind(saved, given, self.dataset.things)
        refuse_unknown(self.dataset, saved.text, saved.name)
        return run(self.dataset, bound, self.on, saved.name), bound

    def overlap(self, *organizations: str, ever: bool = False) -> Rows:
        """Who belongs to all of these organizations on the day, or ever.

        Raises:
            InputError: for fewer than two organizations or an unknown name.
        """
        from csto.answer.overlap import COLUMNS, find_frameworks, overlaps

        frameworks = find_frameworks(list(organizations), self.dataset.things)
        answer = overlaps(self.dataset, frameworks, None if ever else self.on)
        return Rows(COLUMNS, [list(row) for row in answer.rows])

    def panel(self, unit: str, first: int | None = None, last: int | None = None) -> Rows:
        """A panel for statistics, as ``csto panel`` makes it; cells are typed.

        Args:
            unit: ``state-year``, ``dyad-year`` or ``state-organization-year``.
            first: first calendar year; else that of the first data.
            last: last calendar year; else the last whole one.

        Raises:
            InputError: for an unknown unit or years out of order.
        """
        from csto.answer.panel import build_panel
        from csto.answer.panel.parquet import typed

        made = build_panel(self.dataset, unit, first, last)
        columns = [
            typed(name, [row[at] for row in made.rows]) for at, name in enumerate(made.columns)
        ]
        return Rows(made.columns, list(zip(*columns, strict=True)))

    def picture(self, query: str, **params: str | int) -> Picture:
        """A saved query drawn as its header says.

        ``spec()`` is Vega-Lite, for ``altair.Chart.from_dict``; a notebook shows the picture.

        Args:
            query: such as ``"memberships/standing"``, or SPARQL with a header.
            params: values of its parameters.

        Raises:
            InputError: as :meth:`select` does, and where rows do not fit the view.
        """
        from csto.publish.pictures import of_query
        from csto.sparql.saved import find_query, query_of

        text = _is_text(query)
        saved = query_of(query, "query") if text else find_query(self.dataset.workspace, query)
        given = {name: str(value) for name, value in params.items()}
        return of_query(self.dataset, saved, given, self.on)

    def explain(self, subject: str, predicate: str, thing: str) -> Proof:
        """Why a triple holds on the day.

        The proof has ``premises`` and ``passages``;
        ``csto.answer.explain.WRITERS`` writes it as text, given the base of things
        (``dataset.workspace.manifest.base``), under which PROV-O names its nodes.

        Raises:
            InputError: if it does not hold, not even possibly, or a name is unknown.
        """
        from csto.answer.explain import Prover, read_triple
        from csto.errors import InputError

        prover = Prover(self.dataset, self.on)
        triple = read_triple(self.dataset, subject, predicate, thing)
        try:
            return prover.prove(triple)
        except InputError:
            return prover.prove(triple, possibly=True)

    def held(
        self, subject: str, predicate: str, thing: str, *, possibly: bool = False
    ) -> list[tuple[date | None, date | None]]:
        """Since when and until when a relation holds, whatever the day of this graph.

        Args:
            subject: as for :meth:`explain`, like the next two.
            predicate: a property.
            thing: a thing.
            possibly: the days on which it can have held, not those on which it certainly did.

        Returns:
            First and last day of each span, ``None`` where nothing bounds it; what holds
            certainly ends no later than the graph does. Empty if the relation never holds.
        """
        from csto.answer.explain import read_triple
        from csto.graph.dataset import TIMELESS

        triple = read_triple(self.dataset, subject, predicate, thing)
        spans = self.dataset.spans
        if triple in spans.held[int(possibly)]:
            return spans.of(triple, int(possibly))
        always = any(
            True
            for graph in TIMELESS
            for _ in self.dataset.store.quads_for_pattern(
                triple.subject, triple.predicate, triple.object, graph
            )
        )
        return [(None, None)] if always else []

    def show(self, thing: str) -> Portrait:
        """All that is known of a thing.

        Raises:
            InputError: if nothing, or several things, have that name.
        """
        from csto.answer.show import portray

        return portray(self.dataset, self.dataset.things.find(thing), self.on)

    def rdflib(self, *, inferred: bool = True) -> rdflib.Graph:
        """The triples as a graph of rdflib: ontology, facts, and what follows on the day.

        Args:
            inferred: whether what follows, and certainly holds on the day, is included.
        """
        from csto.publish.export import export

        return _read(export(self.dataset, "ntriples", inferred=inferred, day=self.on))


def open(on: str | None = None, workspace: str | Path | None = None) -> Graph:
    """Open the graph as of a day.

    Args:
        on: the day, ``YYYY-MM-DD``; the last day of the graph if not given.
        workspace: a folder with ``graph/`` in it, in place of the graph that the package carries.

    Raises:
        InputError: for a day that is none, or a workspace that cannot be read.
    """
    from csto.graph.build import build
    from csto.load.edtf import parse_day
    from csto.load.workspace import find_workspace

    dataset = build(find_workspace(None if workspace is None else Path(workspace)))
    return Graph(dataset, dataset.cut_off if on is None else parse_day(on))


def _is_text(query: str) -> bool:
    """Whether this is SPARQL and not the name of a saved query."""
    return any(mark in query for mark in "{\n")


def _read(triples: bytes) -> rdflib.Graph:
    """N-Triples as rdflib reads them, a term that stands in many triples read once."""
    import rdflib
    from pyoxigraph import BlankNode, Literal, RdfFormat, parse

    from csto.vocabulary import XSD

    graph = rdflib.Graph()
    known: dict[Any, Any] = {}

    def made(term: Any) -> Any:
        if isinstance(term, BlankNode):
            return rdflib.BNode()
        if not isinstance(term, Literal):
            return rdflib.URIRef(term.value)
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        kind = term.datatype.value
        plain = kind == XSD + "string"
        return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(kind))

    for quad in parse(input=triples, format=RdfFormat.N_TRIPLES):
        for term in quad.triple:
            if term not in known:
                known[term] = made(term)
        graph.add((known[quad.subject], known[quad.predicate], known[quad.object]))
    return graph


_NUMBERS: dict[str, Any] = {"integer": int, "decimal": float, "double": float, "float": float}


def _python(term: Any) -> Value:
    """A term of an answer as a Python value."""
    from pyoxigraph import Literal

    if term is None:
        return None
    if not isinstance(term, Literal):
        return str(getattr(term, "value", term))
    kind = term.datatype.value.rpartition("#")[2]
    if kind == "boolean":
        return bool(term.value == "true")
    return _NUMBERS[kind](term.value) if kind in _NUMBERS else str(term.value)
