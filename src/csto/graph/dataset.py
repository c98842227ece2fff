"""The graphs of a workspace, with what follows from them, and slices at a date.

What follows is found once for all days. Asserted, inferred and sliced triples lie in
graphs of their own; the slices of a day are filled when asked for. A query sees the
ontology, the asserted and inferred graphs and the certain slice of its date; the
possible slice is there under ``GRAPH``. Nothing ever reads a union of slices, which
would make timeless nonsense of dated relations.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from csto.graph import cache
from csto.graph.lookup import Things
from csto.load.workspace import Workspace
from csto.vocabulary import (
    ASSERTED,
    CERTAIN,
    INFERRED,
    ONTOLOGY,
    OPEN,
    POSSIBLE,
    WELL_KNOWN,
    csto,
    shorten,
    slice_graph,
)

if TYPE_CHECKING:
    from csto.graph.spans import Spans
    from csto.reason.evaluate import Evaluation
    from csto.rules.program import Program
    from csto.rules.rule import Rule

# The name under which the cache keeps a graph with what is made when asked; and how many triples
# of that it keeps.
_ASKED = "asked"
_FEW = 200_000
# So many days are put together in one store of the cache; with more the graph goes to memory.
_TOGETHER = 3
# From this size (bytes) of what holds on some days only, a query fills only what it asks for.
DEAR = 4_000_000

TIMELESS = (ONTOLOGY, ASSERTED, INFERRED)


class _Graphs:
    """The store of a dataset: on disk while it is only read, in memory once it is written to.

    Whoever holds it may go on holding it when the dataset moves.
    """

    _WRITES = (
        *("add", "add_graph", "bulk_extend", "bulk_load", "clear", "clear_graph", "extend"),
        *("load", "remove", "remove_graph", "update"),
    )

    def __init__(self, store: Store, entry: cache.Entry | None) -> None:
        self.store = store
        # Set while the store is a file of the cache.
        self.entry = entry
        # Whether that file has more inferred triples than the entry, which are made when asked.
        self.asked = False
        # Set while the store has of the slices of a day what one query asks for: the one without.
        self.whole: Store | None = None

    def widen(self) -> None:
        """Leave a store whose slices have only what one query asked for."""
        if self.whole is not None:
            self.store, self.whole = self.whole, None

    def move(self) -> None:
        """Go on in memory, with the timeless graphs and whatever slices there are."""
        self.widen()
        if self.entry is not None:
            graphs = [g for g in self.store.named_graphs() if g not in TIMELESS]
            if self.asked:
                graphs.append(INFERRED)
            try:
                moved = self.entry.load()
            except (FileNotFoundError, cache.DamageError):
                # Another process tidied the entry away, or made it anew; what is open can be read.
                moved = Store()
                moved.bulk_extend(iter(self.store))
            for graph in graphs:
                moved.extend(self.store.quads_for_pattern(None, None, None, graph))
            self.store, self.entry = moved, None

    def __getattr__(self, name: str) -> Any:
        if name in self._WRITES:
            self.move()
        return getattr(self.store, name)

    def __contains__(self, quad: Quad) -> bool:
        return quad in self.store

    def __iter__(self) -> Iterator[Quad]:
        return iter(self.store)

    def __len__(self) -> int:
        return len(self.store)


class Dataset:
    """A store whose timeless graphs are complete, and which fills slices on demand.

    Attributes:
        workspace: what it was made from.
        key: the digest of all it follows from.
        prefixes: those that the files declare.
    """

    def __init__(
        self,
        workspace: Workspace,
        key: str,
        store: Store,
        meta: dict[str, Any],
        entry: cache.Entry | None,
        evaluation: Evaluation | None = None,
        *,
        again: Callable[[], Dataset],
        keeps: bool = False,
    ) -> None:
        self.workspace = workspace
        #: Makes the same anew: for what the cache had and another process has tidied away.
        self.again = again
        self.key = key
        # Whether the slices of the first day go to the cache, with the graph that is made here.
        self._keeps = keeps
        # What was made by this process is in memory, though the cache has it too.
        self._graphs = _Graphs(store, entry if evaluation is None else None)
        self._entry = entry
        self._evaluation = evaluation
        self.prefixes: dict[str, str] = meta["prefixes"]
        # What rules make only when asked: by which terms it is named, and whether it is made.
        self.asked_terms: list[str] = meta["asked"]["terms"]
        self._asked_classes: list[str] = meta["asked"]["classes"]
        self._asked_alone: bool = meta["asked"]["alone"]
        self._asked = False
        self._slices: set[str] = set()
        self.reasoner = "rules"

    @property
    def store(self) -> Store:
        """All graphs. They are read where the cache has them until something is added."""
        return cast(Store, self._graphs)

    def hold(self) -> Dataset:
        """Read the graph into memory; itself.

        That costs as much as a dozen answers, each of which takes a quarter of the time then.
        """
        self._graphs.move()
        return self

    @cached_property
    def things(self) -> Things:
        """The names of all things."""
        return Things(self.store, self.workspace.manifest, self.make_asked)

    @property
    def cut_off(self) -> str:
        """The last day the graph speaks of, ``YYYY-MM-DD``."""
        if own := self.workspace.manifest.cut_off:
            return own
        days = [
            quad.object.value
            for quad in self.store.quads_for_pattern(None, csto("cutOff"), None, ASSERTED)
            if isinstance(quad.object, Literal)
        ]
        return max(days) if days else "9999-12-31"

    def reach(self, node: NamedNode) -> str:
        """The last day on which what is stated of a thing can be certain.

        It is that of the workspace that describes the thing, the earliest if several do.
        """
        quads = self.store.quads_for_pattern(node, csto("fromLayer"), None, ASSERTED)
        nodes = {getattr(quad.object, "value", "") for quad in quads}
        layers = (layer.manifest for layer in self.workspace.layers)
        days = [told.cut_off for told in layers if told.node in nodes and told.cut_off]
        return min(days or [self.cut_off])

    @cached_property
    def program(self) -> Program:
        """The rules and axioms in their order."""
        if self._evaluation is not None:
            return self._evaluation.program
        from csto.load.ntriples import triples_of
        from csto.rules.axioms import compile_axioms
        from csto.rules.program import program_of
        from csto.rules.rule import load_rules

        return program_of(
            [
                *load_rules(self.workspace.rule_files(), self.workspace.bases),
                *compile_axioms(triples_of(self.store, ONTOLOGY)),
            ]
        )

    @contextlib.contextmanager
    def _kept(self) -> Iterator[None]:
        """Read from the cache what may be there: what is not, or is damaged, is made anew.

        Another process may have tidied the entry away, or made it once more in other bytes.
        """
        try:
            yield
        except FileNotFoundError:
            pass
        except cache.DamageError:
            if self._entry is not None:
                cache.forget(self._entry.folder)

    @cached_property
    def evaluation(self) -> Evaluation:
        """How each triple came about, in a form in which rules can be run back and forth."""
        if self._evaluation is None and self._entry is not None:
            from csto.graph.journal import from_bytes

            with self._kept():
                kept = self._entry.journal(), self._entry.changes()
                self._evaluation = from_bytes(*kept, self.program)
        if self._evaluation is None:
            self._evaluation = self.again().evaluation
        if self._asked:
            from csto.reason.evaluate import asked

            asked(self._evaluation)
        return self._evaluation

    def changes(self) -> list[str]:
        """Facts added (``+``) and taken out (``-``) since the graph was made from its files."""
        return self._entry.changes().splitlines() if self._entry is not None else []

    def made_from(self) -> list[tuple[str, int]]:
        """Keys of the graphs that this one is a revision of, and how many changes each had."""
        found = self._entry.meta.get("from", []) if self._entry is not None else []
        return [(key, count) for key, count in found]

    # --- what is made when asked ------------------------------------------------

    def make_asked(self) -> None:
        """Make what rules make only when asked, and put it among what is inferred."""
        if self._asked or not self.asked_terms:
            return
        self._asked = True
        cache.tell(f"making {', '.join(map(shorten, self._asked_classes))}, made only when asked")
        # What is kept is what was made without being asked.
        cache.catch_up(again=True)
        self._graphs.widen()
        # With slices in it, the store is one that is kept for their day.
        entry = self._graphs.entry if not self._slices else None
        store = entry.open_day(_ASKED) if entry is not None else None
        if store is None:
            quads = [Quad(t.subject, t.predicate, t.object, INFERRED) for t in self._made()]
            if entry is not None and len(quads) < _FEW:
                store = entry.keep_day(_ASKED, quads)
            if store is None:
                self._graphs.move()
                self._graphs.store.bulk_extend(quads)
        if store is not None:
            self._graphs.store, self._graphs.asked = store, True

    def _made(self) -> Iterable[Triple]:
        from csto.graph.asked import as_triples, made_of
        from csto.reason.evaluate import asked

        if "evaluation" in self.__dict__ or self._evaluation is not None:
            found = self._evaluation or self.evaluation
            return as_triples(found, asked(found))
        return made_of(self._graphs.store, TIMELESS, self._asked_program())

    def _asked_program(self) -> Program:
        from csto.graph.asked import asked_rules

        return asked_rules(self.workspace) if self._asked_alone else self.program

    def made_for(self, predicate: NamedNode, things: Iterable[NamedNode]) -> list[Triple]:
        """What rules make when asked that has none but some things as values of a property."""
        from csto.graph.asked import made_of

        return made_of(self._graphs.store, TIMELESS, self._asked_program(), str(predicate), things)

    def made_in_parts(self) -> Iterator[list[str]]:
        """What rules make only when asked, spelt as in N-Triples, in parts that are not kept.

        Nothing, if it is among what is inferred already.
        """
        if self._asked or not self.asked_terms:
            return
        from csto.graph.asked import gathered
        from csto.reason.evaluate import asked_in_parts

        found, _ = gathered(self._graphs.store, TIMELESS, self._asked_program())
        texts = found.state.terms.texts
        for part in asked_in_parts(found):
            yield [f"{texts[s]} {texts[p]} {texts[o]}" for s, p, o in part]

    def names_asked(self, text: str) -> bool:
        """Whether a text names what rules make only when asked, and have not made."""
        return not self._asked and self.names_late(text)

    def names_late(self, text: str) -> bool:
        """Whether a text names what rules make only when asked, made or not."""
        if not self.asked_terms:
            return False
        from csto.graph.asked import names_any

        return names_any(text, self.asked_terms, {**self.prefixes, **WELL_KNOWN})

    def left_out(self, text: str) -> str:
        """What a query would also find if it were made; nothing if the query cannot find it."""
        from csto.graph.asked import asks_any

        if self._asked or not self.asked_terms or not asks_any(text):
            return ""
        return ", ".join(shorten(term) for term in self._asked_classes or self.asked_terms)

    @cached_property
    def spans(self) -> Spans:
        """What holds on some days only, with its days."""
        from csto.graph.spans import spans_from_bytes, spans_of

        if self._evaluation is None and self._entry is not None:
            with self._kept():
                return spans_from_bytes(self._entry.spans())
        return spans_of(self.evaluation)

    def dated_properties(self) -> set[str]:
        """Properties, in angle brackets, of what holds on some days only."""
        entry = self._graphs.entry
        if entry is not None and "spans" not in self.__dict__:
            from csto.graph.spans import properties_of

            with self._kept():
                return set(properties_of(entry.spans()))
        return {str(triple.predicate) for held in self.spans.held for triple in held}

    @property
    def rules(self) -> list[Rule]:
        """The rules of the workspace, by name."""
        found = (rule for rule in self.program.plans if not rule.axiom)
        return sorted(found, key=lambda rule: rule.name)

    @property
    def axioms(self) -> list[Rule]:
        """The axioms of the ontology, as rules."""
        found = (rule for rule in self.program.plans if rule.axiom)
        return sorted(found, key=lambda rule: rule.name)

    def cut(self, day: str) -> tuple[NamedNode, NamedNode]:
        """Fill the slices of a day, if they are not there; the certain and the possible one."""
        certain, possible, _ = self._cut(day)
        return certain, possible

    def any_day(self) -> NamedNode:
        """A graph in which whatever possibly holds on some day holds.

        It mixes days: whoever asked for it removes it.
        """
        from csto.graph.spans import ANY_DAY

        graph = NamedNode(POSSIBLE.value + "#any-day")
        if not self._graphs.store.contains_named_graph(graph):
            self._graphs.move()
            quads = [
                Quad(graph, csto("day"), ANY_DAY, graph),
                Quad(graph, csto("certainty"), POSSIBLE, graph),
            ]
            for held in self.spans.held[:2]:
                quads += [Quad(t.subject, t.predicate, t.object, graph) for t in held]
            self._graphs.store.extend(quads)
        return graph

    def _cut(self, day: str) -> tuple[NamedNode, NamedNode, NamedNode]:
        graphs = _slices_of(day)
        if day in self._slices:
            return graphs
        self._graphs.widen()
        first = not self._slices
        self._slices.add(day)
        kept = self._graphs.entry if len(self._slices) <= _TOGETHER else None
        if kept is not None:
            name, quads = "+".join(sorted(self._slices)), self._filled(day, graphs)
            start = None if first else self._graphs.store
            if self._asked:
                name += f"-{_ASKED}"
            if self._asked and first:
                made = self._graphs.store.quads_for_pattern(None, None, None, INFERRED)
                quads = chain(made, _as_quads(quads))
            store = kept.open_day(name) or kept.keep_day(name, quads, start)
            if store is not None:
                self._graphs.store = store
                return graphs
        self._graphs.move()
        filled = list(_as_quads(self._filled(day, graphs)))
        self._graphs.store.extend(filled)
        if first and self._keeps:
            cache.soon(lambda: cache.keep_day(self.key, day, filled))
        return graphs

    def _filled(self, day: str, graphs: tuple[NamedNode, ...]) -> Iterable[Quad] | bytes:
        if self._graphs.entry is not None and "spans" not in self.__dict__:
            from csto.graph.spans import slices_from_bytes

            with self._kept():
                return slices_from_bytes(self._graphs.entry.spans(), day, graphs)
        return self._reasoned(day, graphs)

    def _reasoned(self, day: str, graphs: tuple[NamedNode, ...]) -> Iterator[Quad]:
        for width, graph in enumerate(graphs):
            found = self.spans.on(day, width, graph)
            if self.reasoner == "owlrl":
                from csto.reason.owlrl import closed_anew

                ontology = self.store.quads_for_pattern(None, None, None, ONTOLOGY)
                found = closed_anew(self.evaluation, ontology, day, width, found)
            yield from found

    def _narrowed(self, day: str, text: str) -> bool:
        """Fill of the slices of a day only what a query can ask for, where a whole one is dear.

        The next query about a day fills it whole.
        """
        from csto.graph.spans import properties_of, slices_from_bytes
        from csto.sparql.properties import properties_named

        entry = self._graphs.entry
        if entry is None or self._slices or self._asked or "spans" in self.__dict__:
            return False
        store = None
        with self._kept():
            kept = entry.days(day)
            if day in kept or entry.spans_size() < DEAR:
                return False
            named = properties_named(text, {**self.prefixes, **WELL_KNOWN})
            if named is None:
                return False
            spans = entry.spans()
            every = properties_of(spans)
            wanted = [name[1:-1] in named for name in every]
            properties = [name for name, takes in zip(every, wanted, strict=True) if takes]
            # One figure for each choice of properties.
            name = f"{day}~{sum(takes << at for at, takes in enumerate(wanted)):x}"
            if kept and name not in kept:
                return False
            store = entry.open_day(name) or entry.keep_day(
                name, slices_from_bytes(spans, day, _slices_of(day), properties)
            )
        if store is not None:
            self._graphs.whole = self._graphs.whole or self._graphs.store
            self._graphs.store = store
        return store is not None

    def reason_with(self, reasoner: str) -> None:
        """Close slices with ``rules`` (the compiled axioms) or, to compare, with ``owlrl``."""
        self.reasoner = reasoner
        self._keeps = self._keeps and reasoner == "rules"
        if reasoner != "rules":
            self._graphs.move()

    def suppose(self, day: str, triples: Iterable[tuple[NamedNode, NamedNode, Any]]) -> None:
        """Add parameters to the slices of a day, beside its date, and draw what follows.

        What is supposed stands in the slices only and is proved as a parameter.
        """
        from csto.graph.spans import spans_of
        from csto.reason.evaluate import supposed

        added = [Triple(*parts) for parts in triples]
        before = self.evaluation
        after = supposed(before, [(str(t.subject), str(t.predicate), str(t.object)) for t in added])
        if self._asked:
            from csto.reason.evaluate import asked

            asked(after)
        term = after.state.terms.term
        known = {before.state.spelt(triple) for triple in before.timeless()}
        added += [
            Triple(*(term(part) for part in triple))  # type: ignore[arg-type]
            for triple in after.timeless()
            if after.state.spelt(triple) not in known
        ]
        self._evaluation = self.__dict__["evaluation"] = after
        self.__dict__["spans"] = spans_of(after)
        self._graphs.move()
        self._entry = None
        self._keeps = False
        self._slices.discard(day)
        for graph in self.cut(day):
            self.store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in added)

    def view(self, day: str, text: str = "") -> tuple[list[NamedNode], list[NamedNode]]:
        """Default and named graphs of a query at a day.

        If its ``text`` is given, they need have no more than it can ask for.
        """
        narrow = bool(text) and self._narrowed(day, text)
        certain, *wider = _slices_of(day) if narrow else self._cut(day)
        return [*TIMELESS, certain], wider


def _slices_of(day: str) -> tuple[NamedNode, NamedNode, NamedNode]:
    return slice_graph(day, CERTAIN), slice_graph(day, POSSIBLE), slice_graph(day, OPEN)


def _as_quads(filled: Iterable[Quad] | bytes) -> Iterable[Quad]:
    return parse(input=filled, format=RdfFormat.N_QUADS) if isinstance(filled, bytes) else filled
