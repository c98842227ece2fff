"""Commands that answer questions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from csto.cli import complete
from csto.cli.common import (
    ASK,
    ComputeEngine,
    ComputeOption,
    ConflictKind,
    DrawnFormat,
    EngineOption,
    NarrowOption,
    OnOption,
    OpenOption,
    QueryFormat,
    Reasoner,
    ReasonerOption,
    RowFormat,
    ShowFormat,
    TimeoutOption,
    UserOption,
    allow,
    app,
    draw,
    is_picture,
    open_columns,
    open_dataset,
    page,
    read_params,
    remark,
    the_day,
)
from csto.errors import InputError


@app.command(rich_help_panel=ASK)
def overlap(
    context: typer.Context,
    organizations: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ORG ORG [ORG ...]",
            help="Two or more organizations or agreements: abbreviation, name or IRI, any case.",
            show_default=False,
            autocompletion=complete.of_kind("body", "agreement"),
        ),
    ] = None,
    on: OnOption = None,
    ever: Annotated[bool, typer.Option("--ever", help="All spans, whenever they were.")] = False,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status",
            metavar="STATUS",
            help="Count this status too: partner, observer … Repeatable.",
        ),
    ] = None,
    cite: Annotated[
        bool, typer.Option("--cite", help="Add where each date stands in the sources.")
    ] = False,
    how: Annotated[
        DrawnFormat | None,
        typer.Option("--format", "-f", help="table on a terminal, else csv; svg … draws it."),
    ] = None,
    narrow: NarrowOption = False,
    record: Annotated[
        Path | None,
        typer.Option(
            "--record",
            metavar="DIR",
            help="All pairs of organizations of COW, from the folder that csto import wrote.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="With --record: .csv or .parquet."),
    ] = None,
    compute: ComputeOption = ComputeEngine.duckdb,
) -> None:
    """Who belongs to all of these organizations, from when to when.

    Full members of organizations and parties to agreements count; observers,
    partners, candidates, signatories and suspended members do not, unless --status
    names them. `end` is the first day on which it no longer holds; an empty `end` is open.
    With --record, and no organization, a file with the overlaps of all pairs of imported
    organizations is written: IRIs, certainty, days, and the lines of the data set.

    Examples: `csto overlap OTS CSTO --on 2022-01-10 --cite`,
    `csto overlap --record world -o overlaps.parquet`
    """
    if record is not None:
        if organizations or on or ever or status or cite or how:
            raise InputError("--record writes all pairs: it goes with --output and --engine alone")
        _overlaps_of_all(context, record, output, compute)
        return
    if output is not None:
        raise InputError("--output is for all pairs, with --record; > FILE takes other answers")
    if not organizations:
        raise InputError("name two organizations or more, or --record for all pairs")
    from csto.answer.overlap import CITED, COLUMNS, citations, find_frameworks, nobody, overlaps
    from csto.answer.tables import default_format, write_rows

    if on is not None and ever:
        raise InputError("--on and --ever exclude each other; give one")
    dataset = open_dataset(context)
    frameworks = find_frameworks(organizations, dataset.things)
    day = None if ever else the_day(context, dataset, on)
    also = [dataset.things.find(name, "status", ("status",)) for name in status or ()]
    answer = overlaps(dataset, frameworks, day, also)
    chosen = how.value if how else default_format()
    if is_picture(chosen):
        from csto.publish.pictures.answers import of_overlap

        when = "--ever" if ever else f"--on {day}"
        command = f"csto overlap {' '.join(organizations)} {when} --format csv --cite"
        draw(of_overlap(dataset, frameworks, answer, day, also, command), chosen, narrow)
        for text in answer.remarks:
            remark(context, text)
        return
    rows = [list(row) for row in answer.rows]
    if chosen in ("table", "md"):
        from csto.vocabulary import shorten

        rows = [[shorten(row[0]), *row[1:]] for row in rows]
    columns = list(COLUMNS)
    if cite:
        columns = list(CITED)
        for row, combo in zip(rows, answer.spells, strict=True):
            row.append("\n".join(dict.fromkeys(c for s in combo for c in citations(dataset, s))))
    if chosen == "table" and cite:
        from csto.answer.tables import write_cited

        page(write_cited(columns, rows))
    else:
        page(write_rows(columns, rows, chosen))
    if on is None and not ever:
        remark(context, f"as of {day}, the last day of the graph; --on asks for another")
    if not rows:
        when = f"on {day}" if day else "ever"
        remark(context, f"nobody belonged to all of them {when}")
        for said in nobody(dataset, frameworks, day or ""):
            remark(context, said)
    for text in answer.remarks:
        remark(context, text)


def _overlaps_of_all(
    context: typer.Context, record: Path, output: Path | None, engine: ComputeEngine
) -> None:
    from csto.answer.record.columns import find_columns
    from csto.answer.record.overlaps import overlaps_of_all

    if output is None or output.suffix not in (".csv", ".parquet"):
        raise InputError("the pairs are many: give --output FILE.csv or FILE.parquet")
    path = find_columns([record], "cow-igo-memberships")
    columns = open_columns(engine)
    try:
        columns.write(overlaps_of_all(columns.read(path)), output)
    except OSError as error:
        raise InputError(f"{output}: cannot be written ({error.strerror})") from error
    remark(context, f"wrote {output}: full members by the rows of COW; certain to 2014")


@app.command(rich_help_panel=ASK)
def query(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME|FILE|-",
            help="Saved query, .rq file, or - for standard input.",
            autocompletion=complete.queries,
        ),
    ] = None,
    text: Annotated[
        str | None, typer.Option("-e", "--execute", metavar="TEXT", help="SPARQL to run.")
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="k=v",
            help="A parameter; things by name or IRI. Repeatable.",
            autocompletion=complete.parameters,
        ),
    ] = None,
    on: OnOption = None,
    engine: EngineOption = None,
    user: UserOption = None,
    how: Annotated[
        QueryFormat | None,
        typer.Option(
            "--format",
            "-f",
            help="table on a terminal, else csv; turtle for triples; svg … draws rows.",
        ),
    ] = None,
    narrow: NarrowOption = False,
    also_open: OpenOption = False,
    cite: Annotated[
        bool, typer.Option("--cite", help="Add the passages that each row rests on.")
    ] = False,
    reasoner: ReasonerOption = Reasoner.rules,
    timeout: TimeoutOption = 60,
) -> None:
    """Run a saved query, a file or a text over the graph as of a day.

    SELECT, ASK, CONSTRUCT and DESCRIBE; asserted and inferred triples and what
    is certain on the day. Data go to standard output, remarks to standard error.

    With --engine, a server answers that `csto push` has filled; names of things are
    still looked up here.

    Example: `csto query memberships/members-on -p organization=CSTO --on 2012-09-01`
    """
    from csto.answer.coverage import why_nothing
    from csto.answer.holding import UNTOLD, reads_days
    from csto.answer.query import bind, count_open, run, widened
    from csto.answer.tables import write_answer
    from csto.answer.terms import refuse_unknown
    from csto.graph.build import build
    from csto.graph.parameters import bindings
    from csto.load.workspace import find_workspace
    from csto.sparql.saved import find_query, query_of

    given = read_params(param or [])
    allow(timeout)
    if (source is None) == (text is None):
        raise InputError("give one query: a name, a file, - for standard input, or -e TEXT")
    form = how.value if how else None
    workspace = find_workspace(context.obj.workspace)
    if text is not None:
        wanted = query_of(text, "-e")
    elif source == "-":
        wanted = query_of(sys.stdin.read(), "standard input")
    else:
        wanted = find_query(workspace, source or "")
    dataset = build(workspace)
    dataset.reason_with(reasoner.value)
    bound = bind(wanted, given, dataset.things)
    refuse_unknown(dataset, wanted.text, wanted.name)
    day = the_day(context, dataset, on)
    wide = widened(bound)
    if also_open:
        if wide is None:
            raise InputError(f"{wanted.name} does not ask for what is possible, so nothing is open")
        bound = wide
    if is_picture(form):
        from csto.publish.pictures import of_query

        if engine is not None:
            raise InputError("pictures are drawn from the graph here; leave --engine out")
        picture = of_query(dataset, wanted, given, day, text=bound)
        draw(picture, form or "", narrow)
        data, count = "", len(picture.rows)
    elif cite:
        from csto.answer.citations import cited

        if engine is not None:
            raise InputError("--cite needs the graph here; give it without --engine")
        data, count = cited(dataset, bound, day, wanted.name, form, wanted.for_programs)
    elif engine is not None:
        from csto.answer.endpoint import ask

        found = ask(dataset, bound, day, engine, user, wanted.name)
        data, count = write_answer(found, form, wanted.for_programs)
    else:
        found = run(dataset, bound, day, wanted.name)
        data, count = write_answer(found, form, wanted.for_programs)
    page(data)
    by_name = text is None and source != "-" and not (source or "").endswith(".rq")
    if engine is None and not by_name and (missing := dataset.left_out(bound)):
        remark(context, f"left out: {missing}, made only for a query that names it")
    if on is None and wanted.dated:
        remark(context, f"as of {day}, the last day of the graph; --on asks for another")
    if on is not None and wanted.summary and not reads_days(dataset, wanted.text):
        remark(context, "--on changes nothing: the question has no day, and answers for all days")
    if wide is not None and not also_open and engine is None:
        more = count_open(dataset, wide, day, wanted.name)
        if more:
            remark(context, f"{more} more of which {UNTOLD}; --open lists them")
    if count == 0:
        remark(context, "no rows")
    if engine is None and not wanted.summary:
        from csto.answer.notes import notes

        for said in notes(dataset, bound, day, empty=count == 0):
            remark(context, said)
    if count == 0:
        told = list(why_nothing(dataset, wanted, bindings(wanted, given, dataset.things), day))
        if engine is None and wanted.summary and not wanted.absence:
            from csto.answer.emptiness import for_other_values

            told = [*for_other_values(dataset, wanted, given, day), *told]
        for said in told:
            remark(context, said)
    for note in wanted.notes:
        remark(context, note)


@app.command(rich_help_panel=ASK)
def queries(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WORDS]", help="Only questions with these words.", show_default=False
        ),
    ] = None,
    how: Annotated[
        RowFormat | None, typer.Option("--format", "-f", help="table on a terminal, else csv.")
    ] = None,
) -> None:
    """List the saved questions with their parameters, by group; or find some by words, best first.

    Example: `csto queries votes changed`
    """
    from csto.answer.catalogue import COLUMNS, as_text, having, row
    from csto.answer.tables import default_format, write_rows
    from csto.load.workspace import find_workspace
    from csto.sparql.saved import saved_queries

    saved_ones = saved_queries(find_workspace(context.obj.workspace))
    found, remarks = having(saved_ones, " ".join(words or ()))
    chosen = how.value if how else default_format()
    if chosen == "table":
        page(as_text(found, grouped=not words))
    else:
        page(write_rows(COLUMNS, [row(saved) for saved in found], chosen))
    for text in remarks:
        remark(context, text)
    if not found:
        remark(context, "no saved question has these words; csto find looks in the graph")


@app.command(rich_help_panel=ASK)
def show(
    context: typer.Context,
    thing: Annotated[
        str,
        typer.Argument(
            metavar="THING",
            help="Abbreviation, name, kind:slug or IRI, any case.",
            autocompletion=complete.things,
        ),
    ],
    on: OnOption = None,
    every: Annotated[bool, typer.Option("--all", help="All sections, written out.")] = False,
    section: Annotated[
        list[str] | None,
        typer.Option("--section", metavar="NAME", help="Write out this section. Repeatable."),
    ] = None,
    how: Annotated[ShowFormat, typer.Option("--format", "-f")] = ShowFormat.table,
) -> None:
    """What is known of one thing: in brief, then by section, with passages and rival claims.

    Sections are counted and folded unless asked for. With --on, only the situations that
    can hold on that day and what follows for it.

    Example: `csto show CRRF --section figures`
    """
    from csto.answer import columns
    from csto.answer.show import as_json, as_text, as_turtle, portray, sections_named
    from csto.answer.summary import as_lines, brief

    dataset = open_dataset(context)
    node = dataset.things.find(thing)
    day = None if on is None else the_day(context, dataset, on)
    if how is ShowFormat.turtle:
        page(as_turtle(dataset, node, day))
    elif how is ShowFormat.json:
        page(as_json(portray(dataset, node, day)))
    else:
        portrait = portray(dataset, node, day)
        wanted = None if every else sections_named(portrait, section or ())
        width = columns.width()
        parts, empty = brief(dataset, node, day or dataset.cut_off)
        summary = () if section else as_lines(parts, empty, width)
        text = as_text(portrait, width, summary=summary, sections=wanted)
        page(text)


@app.command(rich_help_panel=ASK)
def conflicts(
    context: typer.Context,
    about: Annotated[
        str | None,
        typer.Option(
            "--about",
            metavar="THING",
            help="Only conflicts that concern this thing.",
            autocompletion=complete.things,
        ),
    ] = None,
    kind: Annotated[
        ConflictKind | None, typer.Option("--kind", help="Only conflicts of this kind.")
    ] = None,
    how: Annotated[
        RowFormat | None, typer.Option("--format", "-f", help="table on a terminal, else csv.")
    ] = None,
) -> None:
    """Questions that the sources answer differently, each side with its passage.

    Kinds: differ (answers differ, and may all be right), majority (one has more holders),
    agree (all the same), single (one source only), missing (no answer given).

    Example: `csto conflicts --about CRRF`
    """
    from csto.answer.conflicts import COLUMNS, as_text, list_conflicts, rows
    from csto.answer.tables import default_format, write_rows

    dataset = open_dataset(context)
    node = None if about is None else dataset.things.find(about)
    found = list_conflicts(dataset, node, kind.value if kind else None)
    chosen = how.value if how else default_format()
    if chosen == "table":
        page(as_text(found))
    else:
        page(write_rows(COLUMNS, rows(found), chosen))
    remark(context, f"{len(found)} conflicts")
    if not found and kind is None:
        from csto.answer.coverage import none_of
        from csto.vocabulary import csto

        by = {} if node is None else {csto("concerns").value: node.value}
        remark(context, none_of(dataset, csto("Conflict"), by))
