"""Commands on law: what was in force for whom, what changed, and what it gave grounds for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from csto.cli import complete
from csto.cli.common import ASK, OnOption, RowFormat, app, open_dataset, page, remark, the_day
from csto.errors import InputError

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from csto.answer.law.state import Law
    from csto.graph.dataset import Dataset


law = typer.Typer(
    no_args_is_help=False,
    rich_markup_mode="markdown",
    help="What was law on a day, what changed, and when a state could leave.\n\n"
    "Without one of the words below it is `law show`.\n\n"
    "Example: `csto law CST --on 2010-06-12 --state Uzbekistan`",
)
app.add_typer(law, name="law", rich_help_panel=ASK)

FormatOption = Annotated[
    RowFormat | None, typer.Option("--format", "-f", help="table on a terminal, else csv.")
]


@law.command()
def show(
    context: typer.Context,
    instrument: Annotated[
        str | None,
        typer.Argument(
            metavar="INSTRUMENT",
            help="A treaty, charter or agreement.",
            show_default=False,
            autocompletion=complete.of_kind("agreement"),
        ),
    ] = None,
    on: OnOption = None,
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            metavar="STATE",
            help="How this state is bound.",
            autocompletion=complete.of_kind("state"),
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help="Only norms of this kind: obligation, right …"),
    ] = None,
    how: FormatOption = None,
) -> None:
    """What was law on a day: provisions and norms in force, and whom they bound.

    Without an instrument: those in force on the day of which the graph has provisions; with a
    state, all that bind it. With an instrument: its norms, in our words, each with its provision,
    condition and decider, and the units whose wording no source of the graph gives. What is
    "possible" is set by a wording whose first day is not known.

    Example: `csto law show CST --on 2010-06-12 --state Uzbekistan`
    """
    from csto.answer.law.state import NORM_COLUMNS, Law, norm_rows
    from csto.answer.law.text import NO_PROVISIONS, instrument_text, overview_rows
    from csto.answer.tables import default_format, write_cited, write_rows

    dataset = open_dataset(context)
    day = the_day(context, dataset, on)
    law = Law(dataset, day)
    who = None if state is None else dataset.things.find(state, "state", ("state",))
    wanted = None if kind is None else _kind(law, kind)
    chosen = how.value if how else default_format()
    if instrument is not None:
        found = [law.instrument(_agreement(dataset, instrument))]
    elif who is not None:
        bound = law.binding(who)
        # Those with provisions come first; what they lay down is looked up only of them.
        found = [law.instrument(one.node) for one in bound if law.has_provisions(one.node)]
        found += [one for one in bound if wanted is None and not law.has_provisions(one.node)]
    else:
        found = [law.instrument(node) for node in law.instruments()]
        found = [one for one in found if one.certainty]
    if instrument is None and wanted is None:
        columns = ["instrument", "in_force", "norms", "binds"]
        columns += ["own_status"] if who is not None else []
        rows = overview_rows(law, found, who)
        columns.append("passages")
        # In a table the passages stand under it.
        table = chosen == "table"
        page(write_cited(columns, rows) if table else write_rows(columns, rows, chosen))
    elif chosen == "table":
        page("\n".join(instrument_text(law, one, who, wanted) for one in found))
    else:
        page(write_rows(NORM_COLUMNS, norm_rows(found, wanted), chosen))
        for one in found:
            if one.silent:
                units = ", ".join(w.unit.cite for w in one.silent)
                remark(
                    context, f"{one.name}: no source of the graph gives the wording then of {units}"
                )
    if who is not None and instrument is None:
        if not found:
            label = dataset.things.label(who)
            remark(context, f"no instrument of the graph is known to bind {label} on {day}")
        over = [] if any(law.has_provisions(o.node) for o in found) else law.left_behind(who)
        if not (found or over):
            _no_consent(context, dataset, who, "", day)
        for said in over:
            remark(context, said)
    elif instrument is None and (others := law.without_provisions()):
        remark(
            context,
            f"{others} more of which the graph has no provisions are or can be in force: "
            "law/instruments-on",
        )
    bonds = [row for one in found for row in one.bound if who in (None, row.state)]
    for readings in dict.fromkeys(row.readings for row in bonds if row.readings):
        remark(context, f"possible by some readings: {readings}")
    for one in found if instrument is not None and chosen != "table" else ():
        if not one.certainty:
            why = law.otherwise(one.node)
            remark(context, f"{one.name}: not known to be in force on {day}: {why}")
        elif not law.has_provisions(one.node):
            remark(context, f"{one.name}: {NO_PROVISIONS}; law/bound-on tells whom it binds")
    if on is None:
        remark(context, f"as of {day}, the last day of the graph; --on asks for another")


def _no_consent(
    context: typer.Context, dataset: Dataset, state: NamedNode, within: str, day: str
) -> None:
    """Say which absence it is that no consent of a state to be bound was found."""
    from csto.answer.coverage import none_of
    from csto.vocabulary import csto

    by = {csto("party").value: state.value}
    remark(context, none_of(dataset, csto("PartyStatus"), by, within, day))


@law.command()
def diff(
    context: typer.Context,
    instrument: Annotated[
        str,
        typer.Argument(
            metavar="INSTRUMENT",
            help="A treaty, charter or agreement.",
            autocompletion=complete.of_kind("agreement"),
        ),
    ],
    earlier: Annotated[str, typer.Argument(metavar="DATE", help="The earlier day, YYYY-MM-DD.")],
    later: Annotated[str, typer.Argument(metavar="DATE", help="The later day.")],
    how: FormatOption = None,
) -> None:
    """Which units of an instrument were reworded between two days.

    Example: `csto law diff "CSTO Charter" 2005-01-01 2015-01-01`
    """
    from csto.answer.coverage import COMPLETE, nothing_of
    from csto.answer.law.diff import COLUMNS, changes, rows, undated
    from csto.answer.law.state import Law
    from csto.answer.law.text import NO_PROVISIONS, diff_text
    from csto.answer.tables import default_format, write_rows
    from csto.load.edtf import parse_day
    from csto.vocabulary import csto

    first, second = parse_day(earlier), parse_day(later)
    if second < first:
        raise InputError(f"{second} is before {first}; give the earlier day first")
    dataset = open_dataset(context)
    node = _agreement(dataset, instrument)
    found = changes(dataset, node, first, second)
    chosen = how.value if how else default_format()
    if chosen == "table":
        page(diff_text(dataset.things.label(node), first, second, found))
    else:
        page(write_rows(COLUMNS, rows(found), chosen))
    lost = [change.unit.cite for change in found if set(change.before) & {"not given"}]
    if lost:
        remark(context, f"no source of the graph gives the earlier wording of {', '.join(lost)}")
    part = [change.unit.cite for change in found if set(change.before) & {"given in part"}]
    if part:
        remark(context, f"sources give the earlier wording only in part of {', '.join(part)}")
    if not found:
        remark(context, f"no unit is known to have been reworded between {first} and {second}")
        law = Law(dataset, second)
        by = {csto("provisionOf").value: node.value}
        absence = nothing_of(dataset, csto("Provision"), by, node.value, second)
        if not law.has_provisions(node):
            remark(context, NO_PROVISIONS)
        elif law.otherwise(node):
            remark(context, f"not known to be in force on {second}: {law.otherwise(node)}")
        elif absence.extent == COMPLETE:
            remark(context, absence.said)
        else:
            remark(context, "that none was reworded does not follow")
    units = [unit.cite for unit in undated(dataset, node, first, second)]
    if units:
        remark(
            context,
            f"not compared, since no source of the graph says from when: {', '.join(units)}",
        )


@law.command("exit")
def leave(
    context: typer.Context,
    instrument: Annotated[
        str | None,
        typer.Argument(
            metavar="INSTRUMENT",
            help="Only this instrument.",
            show_default=False,
            autocompletion=complete.of_kind("agreement"),
        ),
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            metavar="STATE",
            help="Who gives notice.",
            autocompletion=complete.of_kind("state"),
        ),
    ] = None,
    suppose: Annotated[
        str | None,
        typer.Option("--suppose", metavar="notice=DATE", help="The day of the supposed notice."),
    ] = None,
    on: OnOption = None,
    proof: Annotated[
        bool, typer.Option("--proof", help="The proof of each day of leaving.")
    ] = False,
    how: FormatOption = None,
) -> None:
    """When a state could leave, had it given notice on some day.

    Example: `csto law exit --state Armenia --suppose notice=2023-09-24`
    """
    from csto.answer.law.exit import COLUMNS, exits, proofs, rows, suppose_notice
    from csto.answer.law.state import Law
    from csto.answer.tables import default_format, write_cited, write_rows
    from csto.load.edtf import parse_day

    if suppose is None:
        raise InputError("csto law exit needs --suppose notice=YYYY-MM-DD: the day of the notice")
    name, equals, date = suppose.partition("=")
    if name.strip() != "notice" or not equals:
        raise InputError(f'"{suppose}" cannot be supposed; write --suppose notice=YYYY-MM-DD')
    if state is None:
        raise InputError("--suppose notice=… needs --state: who is supposed to give notice")
    notice = parse_day(date.strip())
    dataset = open_dataset(context)
    who = dataset.things.find(state, "state", ("state",))
    only = None if instrument is None else _agreement(dataset, instrument)
    day = the_day(context, dataset, on or notice)
    suppose_notice(dataset, day, who, notice)
    found = exits(dataset, day, who, only)
    if proof:
        page(proofs(dataset, day, found))
    else:
        chosen = how.value if how else default_format()
        told = rows(found)
        table = chosen == "table"
        page(write_cited(COLUMNS, told) if table else write_rows(COLUMNS, told, chosen))
    label = dataset.things.label(who)
    law = Law(dataset, day)
    bound = [one.node for one in law.binding(who) if only in (None, one.node)]
    if others := sum(not law.has_provisions(node) for node in bound):
        remark(
            context,
            f"{others} instruments that bind {label}, or can, have no provisions in the graph; "
            "how to leave them is not known: law/binding-on",
        )
    if not found:
        remark(context, f"no norm in force on {day} lets {label} leave by notice")
        if not bound:
            within = "" if only is None else only.value
            _no_consent(context, dataset, who, within, day)
    else:
        remark(context, f"supposed, not recorded: {label} gives notice on {notice}")


def _agreement(dataset: Dataset, name: str) -> NamedNode:
    return dataset.things.find(name, "instrument", ("agreement",))


def _kind(law: Law, name: str) -> str:
    kinds = law.kinds()
    if name not in kinds:
        raise InputError(f'no kind of norm is called "{name}"; kinds: {", ".join(sorted(kinds))}')
    return kinds[name]


def _with_occasions(dataset: Dataset) -> list[str]:
    """Names of a few crises, those first in which most occasions ask for the law."""
    from collections import Counter

    from pyoxigraph import NamedNode

    from csto.vocabulary import INFERRED, csto

    quads = dataset.store.quads_for_pattern(None, csto("occasionOf"), None, INFERRED)
    counted = Counter(quad.object for quad in quads if isinstance(quad.object, NamedNode))
    most = sorted(counted, key=lambda node: (-counted[node], node.value))
    return [f'"{dataset.things.short(node)}"' for node in most[:3]]


@app.command(rich_help_panel=ASK)
def grounds(
    context: typer.Context,
    crisis: Annotated[
        str | None,
        typer.Argument(
            metavar="CRISIS",
            help="A crisis, by name or IRI.",
            show_default=False,
            autocompletion=complete.of_kind("crisis"),
        ),
    ] = None,
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
    that day is asked, and who was bound on it: at the outbreak, and on what else had happened by
    then.

    Example: `csto grounds "Kyrgyzstan June 2010"`
    """
    from csto.answer.law.grounds import COLUMNS, as_data, grounds_of, rows
    from csto.answer.law.grounds_text import as_markdown, as_text
    from csto.answer.tables import default_format, write_rows
    from csto.graph.reader import Reader
    from csto.load.edtf import parse_day
    from csto.vocabulary import RDF_TYPE, csto

    day = None if on is None else parse_day(on)
    dataset = open_dataset(context)
    if crisis is None:
        some = ", ".join(_with_occasions(dataset))
        here = f"; here for example {some}" if some else ""
        raise InputError(f"csto grounds needs a CRISIS{here}")
    node = dataset.things.find(crisis, "crisis", ("crisis",))
    if csto("Crisis") not in Reader(dataset).objects(node, RDF_TYPE):
        raise InputError(f"{dataset.things.label(node)} is no crisis; csto grounds takes one")
    found = grounds_of(dataset, node, day)
    chosen = how.value if how else default_format()
    if chosen == "table":
        page(as_text(found))
    elif chosen == "md":
        page(as_markdown(found))
    elif chosen == "json":
        import json

        page(json.dumps(as_data(found), ensure_ascii=False, indent=2) + "\n")
    else:
        page(write_rows(COLUMNS, rows(found), chosen))
    if not found.occasions:
        remark(context, found.nothing)
