"""Commands on law: what was in force for whom, what changed, and what it gave grounds for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from csto.cli.common import OnOption, RowFormat, app, open_dataset, remark, the_day
from csto.errors import InputError

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from csto.answer.law.state import Law
    from csto.graph.dataset import Dataset


@app.command()
def law(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INSTRUMENT | diff INSTRUMENT DATE DATE",
            help="A treaty, charter or agreement; or diff, an instrument and two days.",
            show_default=False,
        ),
    ] = None,
    on: OnOption = None,
    state: Annotated[
        str | None, typer.Option("--state", metavar="STATE", help="How this state is bound.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help="Only norms of this kind: obligation, right …"),
    ] = None,
    suppose: Annotated[
        str | None,
        typer.Option(
            "--suppose",
            metavar="notice=DATE",
            help="Had the --state given notice that day: when it could leave.",
        ),
    ] = None,
    proof: Annotated[
        bool, typer.Option("--proof", help="With --suppose: the proof of each day of leaving.")
    ] = False,
    how: Annotated[
        RowFormat | None, typer.Option("--format", "-f", help="table on a terminal, else csv.")
    ] = None,
) -> None:
    """What was law on a day: provisions and norms in force, and whom they bound.

    Without an instrument: those in force on the day. With one: its norms, in our words, each with
    its provision, condition and decider, and the units whose wording no source gives. What
    is "possible" is set by a wording whose first day is not known. `csto law diff` lists the units
    that were reworded between two days.

    Examples: `csto law CST --on 2010-06-12 --state Uzbekistan`

    `csto law diff "CSTO Charter" 2005-01-01 2015-01-01`

    `csto law --state Armenia --suppose notice=2023-09-24`
    """
    given = list(words or [])
    if given[:1] == ["diff"]:
        if state or kind or suppose or on or proof:
            raise InputError("csto law diff takes an instrument and two days, and only --format")
        _diff(context, given[1:], how)
        return
    if len(given) > 1:
        raise InputError(
            f"csto law takes one instrument, not {len(given)}; "
            "put a name of several words in quotes"
        )
    if suppose is not None:
        _leave(context, given, state, suppose, on, proof, how)
        return
    if proof:
        raise InputError("--proof goes with --suppose; csto explain proves the rest")
    dataset = open_dataset(context)
    day = the_day(context, dataset, on)
    _law(context, dataset, day, given[0] if given else None, state, kind, how)
    if on is None:
        remark(context, f"as of {day}, the last day of the graph; --on asks for another")


def _law(
    context: typer.Context,
    dataset: Dataset,
    day: str,
    name: str | None,
    state: str | None,
    kind: str | None,
    how: RowFormat | None,
) -> None:
    from csto.answer.law.state import NORM_COLUMNS, Law, norm_rows
    from csto.answer.law.text import instrument_text, overview_rows
    from csto.answer.tables import default_format, write_rows

    law = Law(dataset, day)
    who = None if state is None else dataset.things.find(state, "state", ("state",))
    wanted = None if kind is None else _kind(law, kind)
    chosen = how.value if how else default_format()
    if name is not None:
        node = _instrument(law, name)
        found = [law.instrument(node)]
    else:
        found = [law.instrument(node) for node in law.instruments()]
        found = [one for one in found if one.certainty]
        if who is not None:
            found = [one for one in found if any(row.state == who for row in one.bound)]
    if name is None and wanted is None:
        columns = ["instrument", "in_force", "norms", "binds"]
        columns += ["own_status"] if who is not None else []
        sys.stdout.write(write_rows(columns, overview_rows(law, found, who), chosen))
        return
    if chosen == "table":
        sys.stdout.write("\n".join(instrument_text(law, one, who, wanted) for one in found))
        return
    sys.stdout.write(write_rows(NORM_COLUMNS, norm_rows(found, wanted), chosen))
    for one in found:
        if one.silent:
            units = ", ".join(w.unit.cite for w in one.silent)
            remark(context, f"{one.name}: no source gives the wording then of {units}")


def _diff(context: typer.Context, given: list[str], how: RowFormat | None) -> None:
    from csto.answer.law.diff import COLUMNS, changes, rows, undated
    from csto.answer.law.text import diff_text
    from csto.answer.tables import default_format, write_rows
    from csto.load.edtf import parse_day

    if len(given) != 3:
        raise InputError("csto law diff takes an instrument and two days: INSTRUMENT DATE DATE")
    first, second = parse_day(given[1]), parse_day(given[2])
    if second < first:
        raise InputError(f"{second} is before {first}; give the earlier day first")
    dataset = open_dataset(context)
    node = _agreement(dataset, given[0])
    found = changes(dataset, node, first, second)
    chosen = how.value if how else default_format()
    if chosen == "table":
        sys.stdout.write(diff_text(dataset.things.label(node), first, second, found))
    else:
        sys.stdout.write(write_rows(COLUMNS, rows(found), chosen))
    lost = [change.unit.cite for change in found if set(change.before) & {"not given"}]
    if lost:
        remark(context, f"no source gives the earlier wording of {', '.join(lost)}")
    part = [change.unit.cite for change in found if set(change.before) & {"given in part"}]
    if part:
        remark(context, f"sources give the earlier wording only in part of {', '.join(part)}")
    units = [unit.cite for unit in undated(dataset, node)]
    if units:
        remark(context, f"not compared, since no source says from when: {', '.join(units)}")


def _leave(
    context: typer.Context,
    given: list[str],
    state: str | None,
    suppose: str,
    on: str | None,
    proof: bool,
    how: RowFormat | None,
) -> None:
    from csto.answer.law.exit import COLUMNS, exits, proofs, rows, suppose_notice
    from csto.answer.tables import default_format, write_rows
    from csto.load.edtf import parse_day

    name, equals, date = suppose.partition("=")
    if name.strip() != "notice" or not equals:
        raise InputError(f'"{suppose}" cannot be supposed; write --suppose notice=YYYY-MM-DD')
    if state is None:
        raise InputError("--suppose notice=… needs --state: who is supposed to give notice")
    notice = parse_day(date.strip())
    dataset = open_dataset(context)
    who = dataset.things.find(state, "state", ("state",))
    only = _agreement(dataset, given[0]) if given else None
    day = the_day(context, dataset, on or notice)
    suppose_notice(dataset, day, who, notice)
    found = exits(dataset, day, who, only)
    if proof:
        sys.stdout.write(proofs(dataset, day, found))
    else:
        chosen = how.value if how else default_format()
        sys.stdout.write(write_rows(COLUMNS, rows(dataset, found), chosen))
    label = dataset.things.label(who)
    if not found:
        remark(context, f"no norm in force on {day} lets {label} leave by notice")
    else:
        remark(context, f"supposed, not recorded: {label} gives notice on {notice}")


def _agreement(dataset: Dataset, name: str) -> NamedNode:
    return dataset.things.find(name, "instrument", ("agreement",))


def _instrument(law: Law, name: str) -> NamedNode:
    node = _agreement(law.dataset, name)
    if node not in law.instruments():
        label = law.read.show(node)
        raise InputError(
            f"{label}: the graph has no provisions of it; csto law lists the instruments that have"
        )
    return node


def _kind(law: Law, name: str) -> str:
    from csto.answer.law.state import all_kinds

    kinds = all_kinds(law)
    if name not in kinds:
        raise InputError(f'no kind of norm is called "{name}"; kinds: {", ".join(sorted(kinds))}')
    return kinds[name]


@app.command()
def grounds(
    context: typer.Context,
    crisis: Annotated[
        str, typer.Argument(metavar="CRISIS", help="A crisis, by name or IRI.", show_default=False)
    ],
    on: OnOption = None,
    how: Annotated[
        RowFormat | None,
        typer.Option("--format", "-f", help="table on a terminal, else csv."),
    ] = None,
) -> None:
    """What the law allowed, required and lacked in a crisis, beside what is claimed.

    For the outbreak, and each request, answer and operation: the norms on help that were in force
    for the states concerned, whether their trigger, territory, request and decision were there,
    who decides by which rule, and the wordings that could not be checked. With --on, the law of
    that day is asked.

    Example: `csto grounds "Kyrgyzstan June 2010"`
    """
    from csto.answer.law.grounds import COLUMNS, as_data, grounds_of, rows
    from csto.answer.law.grounds_text import as_markdown, as_text
    from csto.answer.tables import default_format, write_rows
    from csto.load.edtf import parse_day

    day = None if on is None else parse_day(on)
    dataset = open_dataset(context)
    node = dataset.things.find(crisis, "crisis", ("crisis",))
    if not node.value.startswith("https://w3id.org/csto/id/crisis/"):
        raise InputError(f"{dataset.things.label(node)} is no crisis; csto grounds takes one")
    found = grounds_of(dataset, node, day)
    chosen = how.value if how else default_format()
    if chosen == "table":
        sys.stdout.write(as_text(found))
    elif chosen == "md":
        sys.stdout.write(as_markdown(found))
    elif chosen == "json":
        import json

        sys.stdout.write(json.dumps(as_data(found), ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(write_rows(COLUMNS, rows(found), chosen))
    if not found.occasions:
        remark(context, "no norm on help was in force for a state concerned")
