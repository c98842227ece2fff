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

from csto.graph.dataset import TIMELESS, Dataset
from csto.validate.checks import Check, run_check
from csto.validate.finding import Result
from csto.validate.spans import NotSpannedError, Spans, boundaries, in_words, spans
from csto.vocabulary import CERTAIN, POSSIBLE

_NEGATES = re.compile(r"\b(?:NOT\s+EXISTS|EXISTS|MINUS|OPTIONAL|COUNT|BOUND)\b", re.IGNORECASE)


@dataclass
class Looked:
    """Findings at slices, on how many days slices can change, and how many were cut."""

    results: list[Result]
    days: int = 0
    cut: int = 0


def at_slices(dataset: Dataset, checks: Sequence[Check], timeless: Sequence[Result]) -> Looked:
    """What the checks of slices find on any day, beyond what holds whatever the day.

    Args:
        dataset: the graph.
        checks: those with ``stratum: slice`` are run.
        timeless: what they found without a slice; it is not told again.
    """
    looked = Looked([])
    told = {_key(result) for result in timeless}
    for certainty in (CERTAIN, POSSIBLE):
        wanted = [
            check
            for check in checks
            if check.stratum == "slice" and (certainty == CERTAIN or check.possible)
        ]
        if not wanted:
            continue
        try:
            over = spans(dataset, certainty)
        except NotSpannedError:
            over = None
        for check in wanted:
            if certainty == POSSIBLE:
                check = replace(check, severity=check.possible)
            for result in _at(dataset, check, certainty, over, looked):
                if _key(result) not in told:
                    looked.results.append(result)
        told |= {_key(result) for result in looked.results}
        if over is not None:
            looked.days = max(looked.days, len(over.days))
            dataset.store.remove_graph(over.graph)
    return looked


def _key(result: Result) -> tuple[object, ...]:
    return result.code, result.focus, result.path, result.value


def _at(
    dataset: Dataset, check: Check, certainty: object, over: Spans | None, looked: Looked
) -> Iterator[Result]:
    if over is None or not _spanned(check, over):
        days = over.days if over is not None else boundaries(dataset)
        looked.days = max(looked.days, len(days))
        yield from _day_by_day(dataset, check, certainty, days, looked)
        return
    graphs = [*TIMELESS, over.graph]
    found: dict[tuple[object, ...], tuple[Result, int]] = {}
    for result in run_check(check, dataset.store, graphs, graphs):
        bits = over.of(result.premises)
        if bits:
            first, before = found.get(_key(result), (result, 0))
            found[_key(result)] = first if before else result, before | bits
    for result, bits in found.values():
        if over.exact and result.premises:
            runs = over.runs(bits)
            yield replace(result, days=in_words(runs), day=runs[0][0])
        else:
            days = [day for n, day in enumerate(over.days) if bits >> n & 1]
            yield from _day_by_day(dataset, check, certainty, days, looked, only=result)


def _spanned(check: Check, over: Spans) -> bool:
    text = re.sub(r"(?m)^\s*#.*$", "", check.text)
    if _NEGATES.search(text):
        return False
    local = [predicate.rpartition("#")[2] for predicate in over.day_valued]
    return not any(re.search(rf"\b{name}\b", text) for name in [*local, "day"])


def _day_by_day(
    dataset: Dataset,
    check: Check,
    certainty: object,
    days: Sequence[str],
    looked: Looked,
    only: Result | None = None,
) -> Iterator[Result]:
    """Run a check at each of some days; the days of one finding are told together."""
    found: dict[tuple[object, ...], tuple[Result, list[str]]] = {}
    for day in days:
        certain, possible = dataset.cut(day)
        looked.cut += 1
        own, other = (certain, possible) if certainty == CERTAIN else (possible, certain)
        for result in run_check(check, dataset.store, [*TIMELESS, own], [*TIMELESS, other]):
            if only is None or _key(result) == _key(only):
                found.setdefault(_key(result), (result, []))[1].append(day)
    for result, held in found.values():
        shown = f"on {held[0]}" if len(held) == 1 else f"on {len(held)} days looked at"
        if len(held) > 1:
            shown += f", the first {held[0]}, the last {held[-1]}"
        yield replace(result, days=shown, day=held[0])
