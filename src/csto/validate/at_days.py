"""Run the checks of slices at every day on which a slice can change.

A check runs once over what holds on any day (:mod:`spans`). What it finds there names its
premises (``prov:wasDerivedFrom``), and holds on the days on which all of them do: on none,
for nearly all of it. A check that negates, compares days or names no premises is run at
each day instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pyoxigraph import NamedNode, Quad

from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.spans import WIDTHS, in_words
from csto.reason.days import NEVER
from csto.validate.checks import Check, run_check
from csto.validate.finding import Result
from csto.validate.kept import Kept
from csto.vocabulary import BASE, CERTAIN

_NEGATES = re.compile(r"\b(?:NOT\s+EXISTS|EXISTS|MINUS|OPTIONAL|COUNT|BOUND)\b", re.IGNORECASE)


@dataclass
class Looked:
    """Findings at slices, on how many days slices can change, and how many were cut."""

    results: list[Result]
    days: int = 0
    cut: int = 0


def at_slices(
    dataset: Dataset, checks: Sequence[Check], timeless: Sequence[Result], kept: Kept
) -> Looked:
    """What the checks of slices find on any day, beyond what holds whatever the day.

    Args:
        dataset: the graph.
        checks: those with ``stratum: slice`` are run.
        timeless: what they found without a slice; it is not told again.
        kept: what they found the last time.
    """
    looked = Looked([])
    told = {_key(result) for result in timeless}
    # What is open is no statement: nothing can be wrong with it.
    for width, certainty in enumerate(WIDTHS[:2]):
        wanted = [
            check
            for check in checks
            if check.stratum == "slice" and (certainty == CERTAIN or check.possible)
        ]
        if not wanted:
            continue
        looked.days = len(dataset.spans.boundaries)
        wanted = [check for check in wanted if not kept.spares(_slice_text(check, width))]
        if not wanted:
            continue
        graph = _every_day(dataset, width)
        for check in wanted:
            if certainty != CERTAIN:
                check = replace(check, severity=check.possible)
            results = list(_at(dataset, check, width, graph, looked))
            kept.found(_slice_text(check, width), len(results))
            for result in results:
                if _key(result) not in told:
                    looked.results.append(result)
        told |= {_key(result) for result in looked.results}
        dataset.store.remove_graph(graph)
    return looked


def _slice_text(check: Check, width: int) -> str:
    return f"#{width}\n{check.text}"


def _every_day(dataset: Dataset, width: int) -> NamedNode:
    """A graph in which all that holds on any day stands together; it is no slice."""
    graph = NamedNode(f"{BASE}slice/every/{WIDTHS[width].value.rpartition('/')[2]}")
    triples = dataset.spans.held[width]
    dataset.store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return graph


def _key(result: Result) -> tuple[object, ...]:
    return result.code, result.focus, result.path, result.value


def _at(
    dataset: Dataset, check: Check, width: int, graph: NamedNode, looked: Looked
) -> Iterator[Result]:
    spans = dataset.spans
    if not _spanned(check, dataset):
        yield from _day_by_day(dataset, check, width, spans.boundaries, looked)
        return
    graphs = [*TIMELESS, graph]
    found: dict[tuple[object, ...], tuple[Result, int]] = {}
    for result in run_check(check, dataset.store, graphs, graphs):
        days = spans.together(result.premises, width)
        if days != NEVER:
            first, before = found.get(_key(result), (result, NEVER))
            found[_key(result)] = first, spans.days.either[before, days]
    for result, days in found.values():
        if result.premises:
            runs = spans.days.runs(days)
            first_day = runs[0][0] or date.min
            yield replace(result, days=in_words(runs), day=first_day.isoformat())
        else:
            yield from _day_by_day(dataset, check, width, spans.boundaries, looked, only=result)


def _spanned(check: Check, dataset: Dataset) -> bool:
    text = re.sub(r"(?m)^\s*#.*$", "", check.text)
    if _NEGATES.search(text):
        return False
    local = [name.rpartition("#")[2].rstrip(">") for name in dataset.program.of_day]
    return not any(re.search(rf"\b{name}\b", text) for name in [*local, "day"])


def _day_by_day(
    dataset: Dataset,
    check: Check,
    width: int,
    days: Sequence[str],
    looked: Looked,
    only: Result | None = None,
) -> Iterator[Result]:
    """Run a check at each of some days; the days of one finding are told together."""
    found: dict[tuple[object, ...], tuple[Result, list[str]]] = {}
    for day in days:
        certain, possible = dataset.cut(day)
        looked.cut += 1
        own, other = (possible, certain) if width else (certain, possible)
        for result in run_check(check, dataset.store, [*TIMELESS, own], [*TIMELESS, other]):
            if only is None or _key(result) == _key(only):
                found.setdefault(_key(result), (result, []))[1].append(day)
    for result, held in found.values():
        shown = f"on {held[0]}" if len(held) == 1 else f"on {len(held)} days looked at"
        if len(held) > 1:
            shown += f", the first {held[0]}, the last {held[-1]}"
        yield replace(result, days=shown, day=held[0])
