"""Rules on a slice that negate: what is absent is looked for in the other slice.

A fact is certain on a day only if what would refute it is not even possible on
that day; it is possible unless what would refute it is certain. So the body of
a rule is matched in its own slice, and its FILTER NOT EXISTS in the other. The
query language has one dataset for a whole query, hence two queries: the body
without its negations, and then, for the rows found, the negations alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from pyoxigraph import NamedNode, QuerySolutions, Store, Triple

from csto.rules.rule import Rule
from csto.sparql.rule_text import Row, parts, values
from csto.sparql.text import answer, construct


def reads_slices(
    store: Store, rule: Rule, own: Sequence[NamedNode], other: Sequence[NamedNode]
) -> bool:
    """Whether something a rule negates stands in one of two lists of graphs and not in both."""
    apart = set(own) ^ set(other)
    return any(
        next(
            store.quads_for_pattern(
                None,
                NamedNode(predicate) if predicate else None,
                NamedNode(thing) if thing else None,
                graph,
            ),
            None,
        )
        for predicate, thing in rule.negates
        for graph in apart
    )


def applied(
    store: Store,
    rule: Rule,
    own: Sequence[NamedNode],
    other: Sequence[NamedNode],
    functions: Mapping[NamedNode, Any],
) -> Iterator[Triple]:
    """What a rule makes of the graphs ``own`` where its negations match nothing in ``other``."""
    if not reads_slices(store, rule, own, other):
        # What is negated is timeless and stands in both: one query gives the same.
        yield from construct(store, rule.text, own, functions=functions)
        return
    split = parts(rule.text)
    found = answer(
        store, f"{split.prologue} SELECT * WHERE {{ {split.body} }}", own, functions=functions
    )
    if rows := _rows(found):
        text = (
            f"{split.prologue} CONSTRUCT {{ {split.template} }} "
            f"WHERE {{ {values(rows)} {' '.join(split.negations)} }}"
        )
        yield from construct(store, text, other, functions=functions)


def not_refuted(
    store: Store,
    rule: Rule,
    rows: Sequence[Row],
    other: Sequence[NamedNode],
    functions: Mapping[NamedNode, Any],
) -> list[Row]:
    """The rows of a body for which its negations match nothing in the graphs ``other``."""
    split = parts(rule.text)
    if not rows or not split.negations:
        return list(rows)
    text = f"{split.prologue} SELECT * WHERE {{ {values(rows)} {' '.join(split.negations)} }}"
    return _rows(answer(store, text, other, functions=functions))


def _rows(found: Any) -> list[Row]:
    solutions = cast(QuerySolutions, found)
    names = [variable.value for variable in solutions.variables]
    return [{n: row[n] for n in names if row[n] is not None} for row in solutions]
