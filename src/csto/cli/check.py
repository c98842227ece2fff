"""Commands that check the graph."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csto.cli.common import WRITE, TimeoutOption, allow, app, remark, save
from csto.cli.guard import collect_no_more, spare
from csto.errors import EXIT_FINDINGS, EXIT_INPUT, InputError

if TYPE_CHECKING:
    from csto.load.workspace import Workspace
    from csto.validate import Report
    from csto.validate.formats import Context


class FailOn(StrEnum):
    """From which severity on findings make the exit code 1."""

    violation = "violation"
    warning = "warning"
    info = "info"
    never = "never"


@app.command(rich_help_panel=WRITE)
def validate(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH ...]",
            help="Files or folders: of the workspace, in their place; others, on their own. "
            "`-` is standard input.",
            show_default=False,
        ),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT[=FILE]",
            help="text, json, sarif, junit, github or turtle; repeatable, one without a file.",
        ),
    ] = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="Findings of this severity or above give exit code 1.")
    ] = FailOn.violation,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Findings that are accepted, each with a reason."),
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what is found as a baseline; fill in reasons."),
    ] = None,
    with_graph: Annotated[
        bool,
        typer.Option("--with-graph", help="Other files stand beside the graph, not alone."),
    ] = False,
    stdin_name: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Read standard input under this name, in place of the file if it is of the graph.",
        ),
    ] = None,
    timings: Annotated[
        bool, typer.Option("--timings", help="Seconds of each shape, check and step, on stderr.")
    ] = False,
    shapes: Annotated[
        list[Path] | None,
        typer.Option(
            "--shapes",
            metavar="FILE",
            help="Validate against these shapes, and nothing else; files or folders, repeatable.",
        ),
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(
            "--data", metavar="FILE", help="What --shapes are for; repeatable, as are paths."
        ),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(
            metavar="IRI", help="Base of relative IRIs with --shapes; else the place of each file."
        ),
    ] = None,
    house: Annotated[
        bool,
        typer.Option("--house", help="With --shapes: the shapes and checks of the workspace too."),
    ] = False,
    test_suite: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Run the SHACL tests of a manifest in the form of the W3C."
        ),
    ] = None,
    earl: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --test-suite: write the results in EARL (Turtle)."),
    ] = None,
    timeout: TimeoutOption = 600,
) -> None:
    """Check files, facts and what follows from them: syntax, names, shapes, contradictions.

    Every finding has a code (`csto checks CODE` explains it), the place it comes from and a fix.

    With --shapes: any data against any shapes (SHACL Core and SHACL-SPARQL).

    Exit code 0: clean; 1: findings at or above --fail-on; 2: bad input, or something that
    could not be looked at, such as a file with a syntax error or a part of SHACL that is
    not supported; 3: internal error.

    Example: `csto validate graph/votes/2022.ttl --format text --format sarif=out.sarif`
    """
    from csto.load.workspace import find_workspace
    from csto.validate import validate as run_validation
    from csto.validate.formats import Context

    if test_suite is not None:
        if shapes or data or paths:
            raise InputError("--test-suite names its own files; leave out the others")
        _suite(context, test_suite, earl)
        return
    if earl is not None:
        raise InputError("--earl goes with --test-suite")
    allow(timeout)
    workspace = find_workspace(context.obj.workspace)
    outputs = _outputs(formats or ["text"])
    accepted = _baseline(baseline)
    if shapes:
        files = [*(data or []), *(paths or [])]
        report = _foreign(workspace, shapes, files, base, house, stdin_name)
    elif data or base or house:
        raise InputError("--data, --base and --house go with --shapes")
    else:
        report = run_validation(workspace, paths, with_graph=with_graph, stdin_name=stdin_name)
    if accepted is not None and baseline is not None:
        from csto.validate.baseline import apply

        apply(report, accepted, baseline)
    if write_baseline is not None:
        _write_baseline(report, write_baseline, context)
    spare(report)
    _write(report, outputs, _context(workspace, Context, fail_on.value))
    remark(context, report.summary())
    for text in report.remarks:
        remark(context, text)
    if timings:
        _timings(report)
    if report.broken:
        raise typer.Exit(EXIT_INPUT)
    if write_baseline is None and report.fails(fail_on.value):
        raise typer.Exit(EXIT_FINDINGS)


def _foreign(
    workspace: Workspace,
    shapes: list[Path],
    data: list[Path],
    base: str | None,
    house: bool,
    stdin_name: str | None,
) -> Report:
    from csto.validate import validate as run_validation
    from csto.validate.foreign import ILL_TYPED, validate_files
    from csto.validate.run import is_date

    if house and any(str(path) == "-" for path in data):
        raise InputError("--house reads the data a second time; give them as a file, not as -")
    if not data:
        raise InputError("--shapes needs something to look at; give it with --data FILE")
    collect_no_more()
    report = validate_files(shapes, data, base, stdin_name)
    if house:
        # Dates are judged there too, and of each is told what to write.
        report.findings = [f for f in report.findings if f.code != ILL_TYPED or not is_date(f)]
        report.add(run_validation(workspace, data))
    return report


def _suite(context: typer.Context, manifest: Path, earl: Path | None) -> None:
    from csto.validate.suite import as_earl, run_suite

    outcomes = run_suite(manifest)
    for outcome in outcomes:
        if not outcome.passed:
            sys.stdout.write(f"{outcome.shown}: {outcome.why}\n")
    if earl is not None:
        save(earl, as_earl(outcomes).encode())
        remark(context, f"wrote {earl}")
    passed = sum(outcome.passed for outcome in outcomes)
    remark(context, f"{passed} of {len(outcomes)} tests passed")
    if passed < len(outcomes):
        raise typer.Exit(EXIT_FINDINGS)


@app.command(rich_help_panel=WRITE)
def checks(
    context: typer.Context,
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="One code; without, all of them.")
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="FILE", help="Write the page of all codes (Markdown)."),
    ] = None,
) -> None:
    """What each code of `csto validate` means and how to fix it.

    Example: `csto checks CS0203`
    """
    from csto.answer.tables import default_format, write_rows
    from csto.load.workspace import find_workspace
    from csto.validate import catalogue
    from csto.validate.catalogue import page

    known = catalogue(find_workspace(context.obj.workspace))
    if write is not None:
        save(write, page(known).encode())
        remark(context, f"wrote {write} ({len(known)} codes)")
        return
    if code is None:
        rows = [(e.code, e.severity, e.title, e.what) for e in known]
        names = ("code", "severity", "title", "what")
        sys.stdout.write(write_rows(names, rows, default_format()))
        return
    entry = next((e for e in known if e.code == code.upper()), None)
    if entry is None:
        raise InputError(f"{code}: no such code; `csto checks` lists them")
    sys.stdout.write(f"{entry.code} {entry.title} ({entry.severity})\n\n{entry.what}\n")
    sys.stdout.write(f"fix: {entry.fix}\n")
    if entry.why:
        sys.stdout.write(f"\n{entry.why}\n")
    if entry.origin:
        sys.stdout.write(f"\nfrom {entry.origin}\n")


def _outputs(wanted: list[str]) -> list[tuple[str, Path | None]]:
    from csto.validate.formats import FORMATS

    found: list[tuple[str, Path | None]] = []
    for item in wanted:
        name, equals, file = item.partition("=")
        if name not in FORMATS:
            raise InputError(f"unknown format {name}; it is one of {', '.join(FORMATS)}")
        if equals and not file:
            raise InputError(f"--format {item}: name the file after the =")
        found.append((name, Path(file) if file else None))
    if sum(path is None for _, path in found) > 1:
        raise InputError("two formats for standard output; write one as --format NAME=FILE")
    return found


def _context(workspace: Workspace, kind: type[Context], fail_on: str) -> Context:
    from csto.validate import catalogue

    entries = {entry.code: entry for entry in catalogue(workspace)}
    return kind(entries, _coloured(), fail_on)


def _coloured() -> bool:
    import os

    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _write(report: Report, outputs: list[tuple[str, Path | None]], about: Context) -> None:
    from dataclasses import replace

    from csto.validate.formats import write

    for name, path in outputs:
        if path is None:
            sys.stdout.write(write(report, name, about))
        else:
            save(path, write(report, name, replace(about, colour=False)).encode())


def _baseline(path: Path | None) -> list[dict[str, str]] | None:
    from csto.validate.baseline import load

    return load(path) if path is not None else None


def _write_baseline(report: Report, path: Path, context: typer.Context) -> None:
    from csto.validate.baseline import dump, load

    old = load(path) if path.is_file() else []
    wanted = [f for f in report.findings if f not in report.broken and f.code != "CS0005"]
    save(path, dump([*wanted, *report.accepted], old).encode())
    remark(context, f"wrote {path}; give each finding a reason, then use --baseline {path}")


def _timings(report: Report) -> None:
    for name, seconds in sorted(report.timings.items(), key=lambda item: -item[1]):
        print(f"{seconds:8.3f} s  {name}", file=sys.stderr)
