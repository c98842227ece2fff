"""Commands that keep the files in shape and tell what changed in them."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from csto.cli.common import WRITE, OnOption, TimeoutOption, allow, app, remark, the_day
from csto.errors import EXIT_FINDINGS, EXIT_INPUT, InputError


@app.command("fmt", rich_help_panel=WRITE)
def format_turtle(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH ...]",
            help="Files or folders, or - for standard input; else all of the workspace.",
            show_default=False,
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; name the files that would change.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; print what would change.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Leave out prefixes that a file does not use.")
    ] = False,
    timeout: TimeoutOption = 600,
) -> None:
    """Bring Turtle, TriG, N-Triples, N-Quads and queries into the one layout.

    Comments and statements stay.

    Exit code 0: done, or with --check and --diff nothing to do; 1: with --check and
    --diff, some file would change; 2: a file with errors, which is left as it is.

    Example: `csto fmt graph/crises --diff`
    """
    allow(timeout)
    from csto.fmt import format_file, format_text, turtle_paths
    from csto.load.workspace import find_workspace
    from csto.sparql.mistakes import syntax_error

    if paths == [Path("-")]:
        text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
        result = format_text(text, "<stdin>", prune=prune)
        sys.stdout.write(result.diff() if diff else "" if check else result.after)
        raise typer.Exit(EXIT_FINDINGS if result.changed and (check or diff) else 0)
    workspace = find_workspace(context.obj.workspace)
    changed = 0
    broken = False
    files = turtle_paths(workspace, paths or None)
    for path in files:
        shown = workspace.shown(path)
        try:
            write = not (check or diff)
            result = format_file(path, shown, prune=prune, write=write, mistake=syntax_error)
        except InputError as error:
            # One broken file does not hide the state of the others.
            print(f"csto: {error}", file=sys.stderr)
            broken = True
            continue
        if not result.changed:
            continue
        changed += 1
        if diff:
            sys.stdout.write(result.diff())
        else:
            sys.stdout.write(f"{result.shown}\n")
    if broken:
        raise typer.Exit(EXIT_INPUT)
    if check or diff:
        if changed:
            remark(context, f"{changed} of {len(files)} files would change; run csto fmt")
            raise typer.Exit(EXIT_FINDINGS)
        remark(context, f"{len(files)} files are in the one layout")
    else:
        remark(context, f"{changed} of {len(files)} files changed")


class DiffFormat(StrEnum):
    """Formats for what changed."""

    text = "text"
    md = "md"
    json = "json"


@app.command("diff", rich_help_panel=WRITE)
def difference(
    context: typer.Context,
    first: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help="Folder with graph/, export (.nq, .ttl …), zip of either, or git revision.",
            show_default=False,
        ),
    ],
    second: Annotated[
        str, typer.Argument(metavar="[B]", help="The same; else the workspace as it is now.")
    ] = "",
    on: OnOption = None,
    how: Annotated[
        DiffFormat, typer.Option("--format", "-f", help="md suits a comment on a pull request.")
    ] = DiffFormat.text,
    everything: Annotated[
        bool, typer.Option("--all", help="List every consequence, not the first few of a kind.")
    ] = False,
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code/--no-exit-code", help="Exit with 1 if anything differs."),
    ] = True,
) -> None:
    """Tell in words what changed between two states of the graph, and what follows.

    Facts, axioms and shapes that came, went or have another value, by thing; rules, checks
    and queries by file; then what began or ceased to follow, without a day and on the day
    given (else the cut-off of B).

    Exit code 0: nothing differs; 1: something does (0 with --no-exit-code); 2: a side
    cannot be read.

    Example: `csto diff HEAD~1 HEAD`
    """
    from csto.answer.diff import compare, open_sides
    from csto.answer.diff.write import summary, write
    from csto.load.workspace import find_workspace

    workspace = find_workspace(context.obj.workspace)
    with open_sides(first, second or str(workspace.root), workspace) as (one, two):
        day = the_day(context, two.dataset, on)
        result = compare(one, two, day)
    result.second = second or "as it is now"
    sys.stdout.write(write(result, how.value, everything=everything))
    remark(context, summary(result))
    if result and exit_code:
        raise typer.Exit(EXIT_FINDINGS)
