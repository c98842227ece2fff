"""The command line, thin over functions that can be imported."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csto import __version__
from csto.errors import EXIT_FINDINGS, EXIT_INPUT, InputError

if TYPE_CHECKING:
    from csto.dataset import Dataset

app = typer.Typer(
    name="csto",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "A knowledge graph of collective security: every answer as of a date, "
        "every answer proved back to a passage of a source.\n\n"
        "**Examples**\n\n"
        "`csto overlap OTS CSTO --on 2022-01-10`  who sat in both on that day\n\n"
        "`csto query memberships/members-on --param organization=CSTO --on 2010-06-12`\n\n"
        "`csto queries`  the saved questions\n\n"
        "`csto validate`  check the graph against its shapes\n\n"
        "**Exit codes**: 0 done, 1 findings, 2 bad input or usage, 3 internal error."
    ),
)


@dataclass
class Options:
    """What holds for every command."""

    workspace: Path | None = None
    quiet: bool = False


class RowFormat(StrEnum):
    """Formats for rows."""

    table = "table"
    csv = "csv"
    json = "json"
    md = "md"


class QueryFormat(StrEnum):
    """Formats for whatever a query makes."""

    table = "table"
    csv = "csv"
    tsv = "tsv"
    json = "json"
    xml = "xml"
    md = "md"
    turtle = "turtle"
    ntriples = "ntriples"


class ExportFormat(StrEnum):
    """Formats of linked data."""

    turtle = "turtle"
    ntriples = "ntriples"
    nquads = "nquads"
    trig = "trig"
    rdfxml = "rdfxml"
    jsonld = "jsonld"


def _version(value: bool) -> None:
    if value:
        print(f"csto {__version__}")
        raise typer.Exit()


@app.callback()
def options(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            "-w",
            metavar="DIR",
            help="Folder with ontology/, graph/ and queries/ in place of the one that is carried.",
            envvar="CSTO_WORKSPACE",
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No remarks on standard error.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that stand before the command."""
    context.obj = Options(workspace, quiet)


OnOption = Annotated[
    str | None,
    typer.Option(
        "--on", metavar="DATE", help="The day the answer is for, YYYY-MM-DD.", show_default=False
    ),
]


def _dataset(context: typer.Context) -> Dataset:
    from csto.dataset import build
    from csto.workspace import find_workspace

    return build(find_workspace(context.obj.workspace))


def _day(context: typer.Context, dataset: Dataset, on: str | None) -> str:
    """The day asked for, or the last the graph speaks of; says so where it matters."""
    from csto.edtf import parse_day

    if on is None:
        return dataset.cut_off
    day = parse_day(on)
    if day > dataset.cut_off:
        _remark(
            context,
            f"the graph reaches to {dataset.cut_off}; what it says of {day} is only possible",
        )
    return day


def _remark(context: typer.Context, text: str) -> None:
    if not context.obj.quiet:
        print(f"note: {text}", file=sys.stderr)


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
    from csto.output import default_format, write_rows
    from csto.overlap import CITED, COLUMNS, citations, find_frameworks, overlaps
    from csto.things import Things

    if on is not None and ever:
        raise InputError("--on and --ever exclude each other; give one")
    dataset = _dataset(context)
    frameworks = find_frameworks(organizations, Things(dataset.store))
    day = None if ever else _day(context, dataset, on)
    answer = overlaps(dataset, frameworks, day)
    chosen = how.value if how else default_format()
    rows = [list(row) for row in answer.rows]
    if chosen in ("table", "md"):
        from csto.names import shorten

        rows = [[shorten(row[0]), *row[1:]] for row in rows]
    columns = list(COLUMNS)
    if cite:
        columns = list(CITED)
        for row, combo in zip(rows, answer.spells, strict=True):
            row.append("\n".join(dict.fromkeys(c for s in combo for c in citations(dataset, s))))
    if chosen == "table" and cite:
        from csto.output import write_cited

        sys.stdout.write(write_cited(columns, rows))
    else:
        sys.stdout.write(write_rows(columns, rows, chosen))
    for remark in answer.remarks:
        _remark(context, remark)
    if on is None and not ever:
        _remark(context, f"as of {day}, the last day of the graph; --on asks for another")
    if not rows and not answer.remarks:
        when = f"on {day}" if day else "ever"
        _remark(context, f"nobody belonged to all of them {when}")


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
    how: Annotated[
        QueryFormat | None,
        typer.Option("--format", "-f", help="table on a terminal, else csv; turtle for triples."),
    ] = None,
) -> None:
    """Run a saved query, a file or a text over the graph as of a day.

    SELECT, ASK, CONSTRUCT and DESCRIBE; asserted and inferred triples and what
    is certain on the day. Data go to standard output, remarks to standard error.

    Example: `csto query memberships/members-on -p organization=CSTO --on 2012-09-01`
    """
    from csto.output import write_answer
    from csto.query import bind, run
    from csto.saved import SavedQuery, find_query
    from csto.things import Things
    from csto.workspace import find_workspace

    given = _params(param or [])
    if (source is None) == (text is None):
        raise InputError("give one query: a name, a file, - for standard input, or -e TEXT")
    workspace = find_workspace(context.obj.workspace)
    if text is not None:
        wanted = SavedQuery("-e", text)
    elif source == "-":
        wanted = SavedQuery("standard input", sys.stdin.read())
    else:
        wanted = find_query(workspace, source or "")
    dataset = _dataset(context)
    bound = bind(wanted, given, Things(dataset.store))
    day = _day(context, dataset, on)
    answer = run(dataset, bound.text, day, wanted.name)
    data, count = write_answer(answer, how.value if how else None)
    sys.stdout.write(data)
    if on is None and wanted.dated:
        _remark(context, f"as of {day}, the last day of the graph; --on asks for another")
    if count == 0:
        _remark(context, "no rows")
    for remark in wanted.notes:
        _remark(context, remark)


def _params(pairs: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise InputError(f'"{pair}" is no parameter; write --param name=value')
        found[name.strip()] = value
    return found


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
    from csto.output import default_format, write_rows
    from csto.saved import saved_queries
    from csto.workspace import find_workspace

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
def validate(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH ...]",
            help="Files or folders to check in place of the graph of the workspace.",
            show_default=False,
        ),
    ] = None,
    how: Annotated[
        RowFormat | None, typer.Option("--format", "-f", help="table on a terminal, else csv.")
    ] = None,
) -> None:
    """Check the asserted and inferred graph against the shapes and checks.

    Exit code 0: clean; 1: findings; 2: bad input; 3: internal error.

    Example: `csto validate`
    """
    from csto.output import default_format, write_rows
    from csto.validate import COLUMNS
    from csto.validate import validate as run_validation
    from csto.workspace import find_workspace

    report = run_validation(find_workspace(context.obj.workspace), paths or None)
    if report.findings:
        rows = [list(finding.row()) for finding in report.findings]
        sys.stdout.write(write_rows(COLUMNS, rows, how.value if how else default_format()))
    _remark(context, report.summary())
    if report.violations:
        raise typer.Exit(EXIT_FINDINGS)


@app.command()
def export(
    context: typer.Context,
    on: OnOption = None,
    inferred: Annotated[
        bool,
        typer.Option(
            "--inferred/--asserted", help="With what follows and holds on the day, or without."
        ),
    ] = False,
    how: Annotated[
        ExportFormat | None,
        typer.Option("--format", "-f", help="Else by the ending of the file, else turtle."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Else standard output.")
    ] = None,
) -> None:
    """Write the graph for other tools, the same bytes every time.

    Example: `csto export --inferred --on 2022-01-10 -o csto.trig`
    """
    from csto.export import export as run_export

    chosen = how.value if how else _format_of(output)
    dataset = _dataset(context)
    data = run_export(dataset, chosen, inferred=inferred, day=_day(context, dataset, on))
    if output is None:
        sys.stdout.buffer.write(data)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise InputError(f"{output}: cannot be written ({error.strerror})") from error
    _remark(context, f"wrote {output} ({len(data)} bytes, {chosen})")


_ENDINGS = {
    ".ttl": "turtle",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".trig": "trig",
    ".rdf": "rdfxml",
    ".xml": "rdfxml",
    ".jsonld": "jsonld",
}


def _format_of(output: Path | None) -> str:
    if output is None:
        return "turtle"
    try:
        return _ENDINGS[output.suffix.lower()]
    except KeyError:
        raise InputError(f"{output}: no format is known for this ending; give --format") from None


__all__ = ["EXIT_INPUT", "app"]
