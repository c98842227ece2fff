"""Commands that answer questions."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from csto.cli.common import (
    ConflictKind,
    EngineOption,
    ExplainFormat,
    OnOption,
    QueryFormat,
    Reasoner,
    ReasonerOption,
    RowFormat,
    ShowFormat,
    UserOption,
    app,
    open_dataset,
    remark,
    the_day,
)
from csto.errors import InputError

if TYPE_CHECKING:
    from csto.answer.explain import Proof, Prover
    from csto.graph.dataset import Dataset


@app.command()
def overlap(
    context: typer.Context,
    organizations: Annotated[
        list[str],
        typer.Argument(
            metavar="ORG ORG [ORG ...]",
            help="Two or more organizations or agreements: abbreviation, name or IRI, any case.",
            show_default=False,
        ),
    ],
    on: OnOption = None,
    ever: Annotated[bool, typer.Option("--ever", help="All spans, whenever they were.")] = False,
    cite: Annotated[
        bool, typer.Option("--cite", help="Add where each date stands in the sources.")
    ] = False,
    how: Annotated[
        RowFormat | None, typer.Option("--format", "-f", help="table on a terminal, else csv.")
    ] = None,
) -> None:
    """Who belongs to all of these organizations, from when to when.

    Full members of organizations and parties to agreements count; observers,
    partners, candidates, signatories and suspended members do not. `end` is the first day on
    which it no longer holds; an empty `end` is open.

    Example: `csto overlap OTS CSTO --on 2022-01-10 --cite`
    """
    from csto.answer.overlap import CITED, COLUMNS, citations, find_frameworks, overlaps
    from csto.answer.tables import default_format, write_rows

    if on is not None and ever:
        raise InputError("--on and --ever exclude each other; give one")
    dataset = open_dataset(context)
    frameworks = find_frameworks(organizations, dataset.things)
    day = None if ever else the_day(context, dataset, on)
    answer = overlaps(dataset, frameworks, day)
    chosen = how.value if how else default_format()
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

        sys.stdout.write(write_cited(columns, rows))
    else:
        sys.stdout.write(write_rows(columns, rows, chosen))
    for text in answer.remarks:
        remark(context, text)
    if on is None and not ever:
        remark(context, f"as of {day}, the last day of the graph; --on asks for another")
    if not rows and not answer.remarks:
        when = f"on {day}" if day else "ever"
        remark(context, f"nobody belonged to all of them {when}")


@app.command()
def query(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME|FILE|-", help="Saved query, .rq file, or - for standard input."
        ),
    ] = None,
    text: Annotated[
        str | None, typer.Option("-e", "--execute", metavar="TEXT", help="SPARQL to run.")
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param", "-p", metavar="k=v", help="A parameter; things by name or IRI. Repeatable."
        ),
    ] = None,
    on: OnOption = None,
    engine: EngineOption = None,
    user: UserOption = None,
    how: Annotated[
        QueryFormat | None,
        typer.Option("--format", "-f", help="table on a terminal, else csv; turtle for triples."),
    ] = None,
    cite: Annotated[
        bool, typer.Option("--cite", help="Add the passages that each row rests on.")
    ] = False,
    reasoner: ReasonerOption = Reasoner.rules,
) -> None:
    """Run a saved query, a file or a text over the graph as of a day.

    SELECT, ASK, CONSTRUCT and DESCRIBE; asserted and inferred triples and what
    is certain on the day. Data go to standard output, remarks to standard error.

    With --engine, a server answers that `csto push` has filled; names of things are
    still looked up here.

    Example: `csto query memberships/members-on -p organization=CSTO --on 2012-09-01`
    """
    from csto.cli.run_query import ask_query

    form, chosen = how.value if how else None, reasoner.value
    ask_query(
        *(context, source, text, param or [], on, form),
        cite=cite,
        reasoner=chosen,
        engine=engine,
        user=user,
    )


@app.command()
def queries(
    context: typer.Context,
    how: Annotated[
        RowFormat | None, typer.Option("--format", "-f", help="table on a terminal, else csv.")
    ] = None,
) -> None:
    """List the saved queries with their parameters.

    Example: `csto queries --format md`
    """
    from csto.answer.tables import default_format, write_rows
    from csto.load.workspace import find_workspace
    from csto.sparql.saved import saved_queries

    rows = []
    for saved in saved_queries(find_workspace(context.obj.workspace)):
        params = [
            f"{p.name}={p.default}"
            if p.default is not None
            else f"{p.name}" + ("?" if p.optional else "")
            for p in saved.params.values()
        ]
        rows.append([saved.name, saved.summary, " ".join(params)])
    columns = ["query", "summary", "parameters"]
    sys.stdout.write(write_rows(columns, rows, how.value if how else default_format()))


@app.command()
def show(
    context: typer.Context,
    thing: Annotated[
        str, typer.Argument(metavar="THING", help="Abbreviation, name, kind:slug or IRI, any case.")
    ],
    on: OnOption = None,
    how: Annotated[ShowFormat, typer.Option("--format", "-f")] = ShowFormat.table,
) -> None:
    """All that is known of one thing, with passages, rival claims and what is inferred.

    With --on, only the situations that can hold on that day and what follows for it.

    Example: `csto show CRRF`
    """
    from csto.answer.show import as_json, as_text, as_turtle, portray

    dataset = open_dataset(context)
    node = dataset.things.find(thing)
    day = None if on is None else the_day(context, dataset, on)
    if how is ShowFormat.turtle:
        sys.stdout.write(as_turtle(dataset, node, day))
    elif how is ShowFormat.json:
        sys.stdout.write(as_json(portray(dataset, node, day)))
    else:
        sys.stdout.write(as_text(portray(dataset, node, day)))


@app.command()
def conflicts(
    context: typer.Context,
    about: Annotated[
        str | None,
        typer.Option("--about", metavar="THING", help="Only conflicts that concern this thing."),
    ] = None,
    kind: Annotated[
        ConflictKind | None, typer.Option("--kind", help="Only conflicts of this kind.")
    ] = None,
    how: Annotated[
        RowFormat | None, typer.Option("--format", "-f", help="table on a terminal, else csv.")
    ] = None,
) -> None:
    """Questions that the sources answer differently, each side with its passage.

    Kinds: contradict (answers differ), majority (one answer has more sources),
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
        sys.stdout.write(as_text(found))
    else:
        sys.stdout.write(write_rows(COLUMNS, rows(found), chosen))
    remark(context, f"{len(found)} conflicts")


@app.command()
def explain(
    context: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="SUBJECT PREDICATE OBJECT",
            help="Things by name or IRI, a property (memberOf, csto:endEarliest, member of), a "
            "value. Or: overlap ORG ORG …; or: query NAME.",
            show_default=False,
        ),
    ],
    on: OnOption = None,
    how: Annotated[ExplainFormat, typer.Option("--format", "-f")] = ExplainFormat.tree,
    every: Annotated[
        bool, typer.Option("--all", help="Every proof, not only by the rule that was first.")
    ] = False,
    rule: Annotated[
        str | None,
        typer.Option("--rule", metavar="CODE", help="Why this rule did not fire for these things."),
    ] = None,
    of: Annotated[
        str | None, typer.Option("--of", metavar="STATE", help="With overlap: of this state only.")
    ] = None,
    ever: Annotated[bool, typer.Option("--ever", help="With overlap: on any day.")] = False,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="k=v", help="With query: a parameter. Repeatable."),
    ] = None,
    row: Annotated[
        int | None, typer.Option("--row", min=1, help="With query: this row only, from 1.")
    ] = None,
) -> None:
    """Why something holds on a day: rules, premises, and at the end the passages.

    `csto explain KAZAKHSTAN dividedLoyaltyIn "Armenia-Azerbaijan 2022"`  a triple

    `csto explain overlap OTS CSTO --of Kazakhstan --on 2022-01-10`  an overlap

    `csto explain query memberships/members-on -p organization=CSTO --row 3`  a row of an answer

    `csto explain --rule divided-loyalty Uzbekistan`  the first condition that failed

    Example: `csto explain Kazakhstan memberOf CSTO --on 2022-01-10`
    """
    from csto.answer.explain import WRITERS, Prover, explain_overlap, read_triple
    from csto.answer.explain import explain as run_explain
    from csto.answer.overlap import find_frameworks

    form = "rule" if rule else what[0] if what[0] in ("overlap", "query") else "triple"
    _only(form, "overlap", {"--of": of, "--ever": ever})
    _only(form, "query", {"--row": row, "--param": param})
    dataset = open_dataset(context)
    day = the_day(context, dataset, on)
    prover = Prover(dataset, day, every=every)
    if form == "rule":
        from csto.answer.why_not import why_not

        sys.stdout.write(why_not(prover, rule or "", what))
        return
    if form == "overlap":
        frameworks = find_frameworks(what[1:], dataset.things)
        holder = None if of is None else dataset.things.find(of, "state", ("state",))
        proof = explain_overlap(prover, frameworks, holder, None if ever else day)
    elif form == "query":
        proof = _explain_rows(dataset, prover, what[1:], param or [], row)
    else:
        if len(what) != 3:
            raise InputError("explain takes SUBJECT PREDICATE OBJECT, or overlap …, or query NAME")
        proof, certain = run_explain(prover, read_triple(dataset, *what))
        if not certain:
            remark(context, f"only possible on {day}, not certain")
    sys.stdout.write(WRITERS[how.value](proof))


def _only(form: str, other: str, options: dict[str, object]) -> None:
    """Options of one form of explain say nothing in another."""
    for name, value in options.items():
        if value and other != form:
            raise InputError(f"{name} goes with: csto explain {other} …")


def _explain_rows(
    dataset: Dataset, prover: Prover, names: list[str], params: list[str], row: int | None
) -> Proof:
    from csto.answer.citations import Matches
    from csto.answer.query import bind
    from csto.cli.run_query import read_params
    from csto.sparql.saved import find_query

    if len(names) != 1:
        raise InputError("explain query takes the name of one saved query, or a file")
    wanted = find_query(dataset.workspace, names[0])
    matches = Matches(prover, bind(wanted, read_params(params), dataset.things), wanted.name)
    count = len(matches.rows)
    if row is not None and row > count:
        raise InputError(f"query {wanted.name} has {count} rows here; --row {row} is beyond them")
    chosen = range(count) if row is None else [row - 1]
    from csto.answer.explain import Proof

    answers = [matches.proof(number) for number in chosen]
    if len(answers) == 1:
        return answers[0]
    return Proof("answer", f"{wanted.name}: {count} rows", premises=answers)
