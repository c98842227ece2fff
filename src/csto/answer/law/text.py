"""Law as people read it: an instrument on a day, and what changed between two days."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from pyoxigraph import NamedNode

from csto.answer.columns import paragraph, width
from csto.answer.dates import days_in_words, duration_in_words
from csto.answer.law.diff import Change
from csto.answer.law.state import Bound, Instrument, Law, Norm, passages_of
from csto.vocabulary import shorten

NO_PROVISIONS = "its provisions are not in the graph"


def _wrap(text: str, indent: str, hang: str = "") -> str:
    return "\n".join(paragraph(days_in_words(text), width(), indent, indent + hang)) + "\n"


def instrument_text(
    law: Law, instrument: Instrument, state: NamedNode | None, kind: str | None
) -> str:
    """One instrument on the day of ``law``."""
    text = f"{instrument.name}\n"
    if not instrument.certainty:
        why = law.otherwise(instrument.node)
        return text + _wrap(f"not known to be in force on {law.day}: {why}", "  ", "  ")
    since = sorted({w.start for w in instrument.wordings if w.start})
    begun = f", first wording in force since {since[0]}" if since else ""
    sure = "" if instrument.certainty == "certain" else " (possible)"
    text += _wrap(f"in force on {law.day}{sure}{begun}", "  ", "  ")
    text += _bound_text(law, instrument, state)
    norms = [n for n in instrument.norms if kind is None or n.parts["kind"] == kind]
    for _, group in groupby(norms, key=lambda norm: norm.provision.key):
        listed = list(group)
        unit = listed[0].provision
        head = f"{unit.cite}  {unit.heading}" if unit.heading != unit.cite else unit.cite
        text += "\n" + _wrap(head, "", "  ")
        for norm in listed:
            text += _norm_text(norm)
    if not law.has_provisions(instrument.node):
        text += f"\n  {NO_PROVISIONS}\n"
    elif not norms:
        text += "\n  no norm of that kind is in force\n" if kind else "\n  no norm is known\n"
    if instrument.silent:
        units = ", ".join(w.unit.cite for w in instrument.silent)
        text += "\n" + _wrap(
            f"Could not be checked, since no source of the graph gives the wording that was or can "
            f"have been in force: {units}.",
            "",
            "  ",
        )
    if norms:
        name = shorten(norms[0].node.value)
        text += f"\nproof of a row: csto explain {name} inForceOn {law.day} --on {law.day}\n"
    return text


def _norm_text(norm: Norm) -> str:
    parts = norm.parts
    text = _wrap(f"{parts['kind']}, {parts['bearer']}: {norm.text}", "  ", "  ")
    says = [
        f"{name} {duration_in_words(parts[key]) if key == 'time_limit' else parts[key]}"
        for key, name in (
            ("trigger", "on:"),
            ("territory", "where:"),
            ("condition", "if:"),
            ("time_limit", "time:"),
            ("proposer", "proposes:"),
            ("decider", "decides:"),
            ("decision_rule", "by:"),
        )
        if parts[key]
    ]
    if norm.certainty != "certain":
        wording = norm.wording
        until = f" until {wording.end}" if wording.end else ""
        says.append(f"possible: wording in force from {wording.start}{until}")
    if norm.wording.told != "given":
        says.append(f"wording {norm.wording.told}")
    says.append(shorten(norm.node.value))
    text += _wrap(" · ".join(says), "    ", "  ")
    return text + _wrap(f"↳ {parts['passages']}", "    ", "  ") if parts["passages"] else text


def _bound_text(law: Law, instrument: Instrument, state: NamedNode | None) -> str:
    if state is None:
        by_way: dict[str, list[str]] = {}
        for row in instrument.bound:
            sure = "" if row.certainty == "certain" else " (possible)"
            by_way.setdefault(row.way, []).append(row.name + sure)
        if not by_way:
            return "  binds no state as far as the sources say\n"
        lines = (f"binds {way}: {', '.join(names)}" for way, names in by_way.items())
        return "".join(_wrap(line, "  ", "  ") for line in lines)
    rows = [row for row in instrument.bound if row.state == state]
    return state_text(law, instrument.node, state, rows)


def state_text(law: Law, instrument: NamedNode, state: NamedNode, rows: list[Bound]) -> str:
    """How one state is bound, its own status as a party, and the commands that prove it."""
    name = law.dataset.things.label(state)
    text = ""
    if not rows:
        text += f"  {name} is not shown to be bound\n"
    for row in rows:
        sure = "" if row.certainty == "certain" else f" ({row.certainty})"
        text += f"  {name} is bound {row.way}{sure}\n"
        text += (
            f"    csto explain {shorten(state.value)} {row.relation} "
            f"{shorten(instrument.value)} --on {law.day}\n"
        )
    current, spells = law.own_status(state, instrument)
    recorded = f" (recorded: {'; '.join(spells)})" if spells and not current else ""
    stated = current or "not stated on this day"
    return text + _wrap(f"own status under the instrument: {stated}{recorded}", "  ", "  ")


def overview_rows(
    law: Law, instruments: list[Instrument], state: NamedNode | None
) -> list[list[str]]:
    """Instruments in force, how many norms they have, whom they bind, and where that stands."""
    rows = []
    for instrument in instruments:
        bound = [row for row in instrument.bound if state is None or row.state == state]
        if state is None:
            binds = _how_many(bound)
            rows.append([instrument.name, instrument.certainty, str(len(instrument.norms)), binds])
        else:
            binds = ", ".join(
                row.way + ("" if row.certainty == "certain" else f" ({row.certainty})")
                for row in bound
            )
            own = law.own_status(state, instrument.node)[0] or "not stated"
            known = law.has_provisions(instrument.node)
            norms = str(len(instrument.norms)) if known else NO_PROVISIONS
            rows.append([instrument.name, instrument.certainty, norms, binds, own])
        rows[-1].append(passages_of(law.dataset, instrument.node))
    return rows


def _how_many(bound: Sequence[Bound]) -> str:
    """How many states are bound by each way, those that only may be apart."""
    told = []
    for way in dict.fromkeys(row.way for row in bound):
        names = {sure: set[str]() for sure in (True, False)}
        for row in bound:
            if row.way == way:
                names[row.certainty == "certain"].add(row.name)
        sure, maybe = len(names[True]), len(names[False])
        if sure:
            told.append(f"{sure} {way}" + (f" (and {maybe} possibly)" if maybe else ""))
        else:
            told.append(f"{maybe} possibly {way}")
    return ", ".join(told)


def diff_text(name: str, first: str, second: str, found: list[Change]) -> str:
    """Changes of an instrument, those of one act together."""
    text = _wrap(f"{name}: changes from {first} to {second}", "")
    for (act, date, certainty), group in groupby(
        found, key=lambda change: (change.act, change.date, change.certainty)
    ):
        when = (
            f"in force since {date}"
            if certainty == "certain"
            else f"in force from a day in {date}, so only possible on {second}"
        )
        text += "\n" + _wrap(f"{act or 'No act is known'}: {when}", "", "  ")
        for change in group:
            before = ", ".join(change.before)
            earlier = f"; earlier wording {before}" if before else "; new"
            line = f"{change.unit.cite} ({change.unit.kind}), {change.unit.heading}{earlier}"
            text += _wrap(line, "  ", "    ")
            text += _wrap(f"↳ {change.passages}", "    ", "  ") if change.passages else ""
    return text if found else text + "\n  nothing\n"
