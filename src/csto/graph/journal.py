"""An evaluation as bytes, so that a later process can prove and suppose without reasoning again.

Terms are lines of text, triples are numbers of terms. What has changed in code or rules
since is in another entry of the cache, so nothing here needs a version.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import astuple
from typing import Any

from csto.reason.days import ALWAYS, NEVER
from csto.reason.evaluate import Evaluation, Timing
from csto.reason.log import Entry
from csto.reason.state import State
from csto.rules.program import Program


def to_bytes(found: Evaluation) -> bytes:
    """An evaluation as bytes."""
    state = found.state
    rules = sorted(found.program.plans, key=lambda rule: rule.name)
    number = {rule: index for index, rule in enumerate(rules)}
    made = {triple for entry in found.log for triple in entry.made}
    given = array("q", (part for triple in state.index if triple not in made for part in triple))
    log = array("q")
    for entry in found.log:
        width = -1 if entry.width is None else entry.width
        log.extend((*entry.stage, number[entry.rule], width, len(entry.made)))
        for triple, days in entry.items():
            log.extend((*triple, days))
    head = {
        "widths": state.widths,
        "terms": len(state.terms),
        "given": len(given),
        "log": len(log),
        "rules": [rule.name for rule in rules],
        "days": state.days.changes,
        "timings": {code: astuple(timing) for code, timing in found.timings.items()},
    }
    parts = [json.dumps(head).encode(), "\n".join(state.terms.texts).encode()]
    return b"\n\n".join([*parts, given.tobytes() + log.tobytes()])


def from_bytes(data: bytes, changes: str, program: Program) -> Evaluation:
    """An evaluation from what :func:`to_bytes` made of it.

    Args:
        data: what was made of it.
        changes: facts that no rule reads and that were added (``+``) or taken out (``-``) since.
        program: the same rules.

    Raises:
        ValueError: if the data are not of that form, or of other rules.
    """
    text, _, rest = data.partition(b"\n\n")
    head: dict[str, Any] = json.loads(text)
    size = 8 * (head["given"] + head["log"])
    terms, numbers = rest[: -size - 2].decode(), rest[-size:]
    by_name = {rule.name: rule for rule in program.plans}
    if {tuple(name) for name in head["rules"]} != set(by_name):
        raise ValueError("other rules")
    rules = [by_name[tuple(name)] for name in head["rules"]]
    state = State(head["widths"])
    for line in terms.split("\n"):
        state.terms.number(line)
    for days_of_set in head["days"]:
        state.days.number(tuple(days_of_set))
    values = array("q")
    values.frombytes(numbers)
    given, log = values[: head["given"]], values[head["given"] :]
    for at in range(0, len(given), 3):
        state.index.add(*given[at : at + 3])
    for line in changes.splitlines():
        triple = line[2:-2].split(" ", 2)
        subject, predicate, thing = (state.terms.number(part) for part in triple)
        if line[0] == "+":
            state.index.add(subject, predicate, thing)
        else:
            state.index.remove(subject, predicate, thing)
    found = Evaluation(program, state)
    for code, kept in head["timings"].items():
        found.timings[code] = Timing(*kept)
    at = 0
    while at < len(log):
        level, generation, rule, width, size = log[at : at + 5]
        at += 5
        made = [(log[i], log[i + 1], log[i + 2]) for i in range(at, at + 4 * size, 4)]
        days = [] if width < 0 else list(log[at + 3 : at + 4 * size : 4])
        at += 4 * size
        entry = Entry((level, generation), rules[rule], None if width < 0 else width, made, days)
        _put(state, entry)
        found.log.add(entry)
    return found


def _put(state: State, entry: Entry) -> None:
    for triple, days in entry.items():
        new = state.index.add(*triple)
        if entry.width is None:
            continue
        if new:
            for held in state.held:
                held[triple] = NEVER
        held = state.held[entry.width]
        held[triple] = state.days.either[held.get(triple, ALWAYS), days]


def spans_to_bytes(found: Evaluation) -> bytes:
    """What holds on some days only: what a slice is filled from.

    The first line has the days of each set, the properties there are and, for each choice of
    sets, one for a width, how long the text of its triples is, which follow, each on a line.
    """
    state = found.state
    together: dict[tuple[int, ...], list[str]] = {}
    for triple in state.held[0]:
        sets = tuple(held[triple] for held in state.held)
        together.setdefault(sets, []).append(" ".join(state.spelt(triple)) + "\n")
    texts = {sets: "".join(lines).encode() for sets, lines in together.items()}
    sizes = [(*sets, len(text)) for sets, text in texts.items()]
    properties = sorted({state.terms.texts[triple[1]] for triple in state.held[0]})
    kept = {"days": state.days.changes, "properties": properties, "rows": sizes}
    head = json.dumps(kept).encode()
    return b"\n".join([head, b"".join(texts.values())])
