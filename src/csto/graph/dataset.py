"""The graphs of a workspace, with what follows from them, and slices at a date.

One way only: load → OWL RL → rules by number → slice at a date → OWL RL on the
slice → dated rules. Asserted, inferred and sliced triples lie in graphs of their
own. A query sees the ontology, the asserted and inferred graphs and the certain
slice of its date; the possible slice is there under ``GRAPH``. Nothing ever reads
a union of slices, which would make timeless nonsense of dated relations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from pyoxigraph import Literal, NamedNode, Quad, Store

from csto.graph import cache
from csto.graph.lookup import Things
from csto.load.workspace import Workspace
from csto.vocabulary import ASSERTED, CERTAIN, INFERRED, ONTOLOGY, POSSIBLE, csto, slice_graph

if TYPE_CHECKING:
    from csto.reason.engine import Step, Timing
    from csto.rules.rule import Rule

    # Rules, axioms and timings.
    _Made = tuple[list[Rule], list[Rule], dict[str, Timing]]

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

    def move(self) -> None:
        """Go on in memory, with the timeless graphs and whatever slices there are."""
        if self.entry is not None:
            slices = [g for g in self.store.named_graphs() if g not in TIMELESS]
            try:
                moved = self.entry.load()
            except FileNotFoundError:
                # Another process tidied the entry away; what is open can still be read.
                moved = Store()
                moved.bulk_extend(iter(self.store))
            for graph in slices:
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
    """A store whose timeless graphs are complete, and which cuts slices on demand.

    Attributes:
        workspace: what it was made from.
        key: the digest of all it follows from.
        prefixes: those that the files declare.
        rounds: rounds run so far; those of a slice go on from the timeless ones.
        timings: what each rule cost and made, by code: the timeless graph and the
            slices cut by this process.
    """

    def __init__(
        self,
        workspace: Workspace,
        key: str,
        store: Store,
        meta: dict[str, Any],
        entry: cache.Entry | None,
        made: _Made | None = None,
        steps: Iterable[Step] = (),
        *,
        again: Callable[[], Dataset],
    ) -> None:
        self.workspace = workspace
        #: Makes the same anew: for what the cache had and another process has tidied away.
        self.again = again
        self.key = key
        # What was made by this process is in memory, though the cache has it too.
        self._graphs = _Graphs(store, entry if made is None else None)
        self._entry = entry
        self.prefixes: dict[str, str] = meta["prefixes"]
        self.rounds: int = meta["rounds"]
        self._made = made
        self._steps = list(steps)
        self.reasoner = "rules"
        self._slices: set[str] = set()
        # A day whose slices came from the cache: its steps are read when asked for.
        self._kept_day: str | None = None

    @property
    def store(self) -> Store:
        """All graphs. They are read where the cache has them until something is added."""
        return cast(Store, self._graphs)

    @cached_property
    def things(self) -> Things:
        """The names of all things."""
        return Things(self.store)

    @property
    def cut_off(self) -> str:
        """The last day the graph speaks of, ``YYYY-MM-DD``."""
        days = [
            quad.object.value
            for quad in self.store.quads_for_pattern(None, csto("cutOff"), None, ASSERTED)
            if isinstance(quad.object, Literal)
        ]
        return max(days) if days else "9999-12-31"

    @property
    def rules(self) -> list[Rule]:
        """The rules of the workspace, by number."""
        return self._listed()[0]

    @rules.setter
    def rules(self, rules: list[Rule]) -> None:
        # What others make of slices is neither taken from the cache nor kept in it.
        self._made = rules, self.axioms, self.timings
        self._apart()

    def reason_with(self, reasoner: str) -> None:
        """Close slices with ``rules`` (the compiled axioms) or, to compare, with ``owlrl``."""
        self.reasoner = reasoner
        if reasoner != "rules":
            self._listed()
            self._apart()

    def _apart(self) -> None:
        self._graphs.move()
        self._entry = None

    @property
    def axioms(self) -> list[Rule]:
        """The axioms of the ontology, as rules."""
        return self._listed()[1]

    @property
    def timings(self) -> dict[str, Timing]:
        return self._listed()[2]

    @property
    def steps(self) -> list[Step]:
        """What each run of a rule added: all that this process saw or took from the cache.

        The steps of the timeless graph are among them only if it was made by this
        process; :func:`csto.graph.cache.read_steps` has them always.
        """
        if self._kept_day is not None and self._entry is not None:
            from csto.reason.journal import read_steps

            text, self._kept_day = self._entry.day_steps(self._kept_day), None
            kept = list(read_steps(text, [*self.axioms, *self.rules]))
            self._steps[:0] = kept
            self.rounds = max([self.rounds, *(step.round for step in kept)])
        return self._steps

    def _listed(self) -> _Made:
        if self._made is None and self._entry is not None:
            from csto.graph.rule_store import from_item
            from csto.reason.engine import Timing

            try:
                kept = self._entry.rules()
            except FileNotFoundError:
                again = self.again()
                self._made = again.rules, again.axioms, again.timings
                return self._made
            self._made = (
                [from_item(item) for item in kept["rules"]],
                [from_item(item) for item in kept["axioms"]],
                {code: Timing(*values) for code, values in kept["timings"].items()},
            )
        assert self._made is not None
        return self._made

    def cut(self, day: str) -> tuple[NamedNode, NamedNode]:
        """Make the slices of a day, if they are not there, and return their graphs."""
        graphs = slice_graph(day, CERTAIN), slice_graph(day, POSSIBLE)
        if day in self._slices:
            return graphs
        first = not self._slices
        self._slices.add(day)
        kept = self._graphs.entry if first else None
        if kept is not None and (store := kept.open_day(day)) is not None:
            self._graphs.store, self._kept_day = store, day
            return graphs
        from csto.reason.slices import cut

        before = self.steps
        self._graphs.move()
        steps, self.rounds = cut(self._graphs.store, day, graphs, self)
        if first and self._entry is not None:
            from csto.reason.journal import write_steps

            quads = (q for g in graphs for q in self.store.quads_for_pattern(None, None, None, g))
            self._entry.keep_day(day, quads, write_steps(steps))
        self._steps = [*before, *steps]
        return graphs

    def suppose(self, day: str, triples: Iterable[tuple[NamedNode, NamedNode, Any]]) -> None:
        """Add parameters to the slices of a day, beside its date, and draw what follows.

        What is supposed stands in the slices only and is proved as a parameter.
        """
        from csto.reason.slices import draw_dated

        graphs = self.cut(day)
        added = list(triples)
        self.store.extend(Quad(s, p, o, graph) for graph in graphs for s, p, o in added)
        # Read first: what follows counts its rounds on from those of the slices.
        before = self.steps
        steps, self.rounds = draw_dated(self.store, graphs, self)
        self._steps = [*before, *steps]

    def view(self, day: str) -> tuple[list[NamedNode], list[NamedNode]]:
        """Default and named graphs of a query at a day."""
        certain, possible = self.cut(day)
        return [*TIMELESS, certain], [possible]
