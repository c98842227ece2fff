"""The command that builds the documentation site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.main

from csto.cli.app import application
from csto.cli.common import PUBLISH, app, open_dataset, remark

if TYPE_CHECKING:
    from csto.publish.docs import Command


@app.command(rich_help_panel=PUBLISH)
def docs(
    context: typer.Context,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the pages.")
    ] = Path("site"),
) -> None:
    """Write the documentation as a folder of pages, from the project's own files.

    Classes, concepts, rules, saved queries and commands are told from what defines
    them, the guides from docs/. Open index.html; no server and no network are needed.

    Example: `csto docs -o site`
    """
    from csto.publish.docs import build_site

    pages = build_site(open_dataset(context), output, list(commands(application(None))))
    remark(context, f"wrote {len(pages)} files; open {output / 'index.html'}")


def commands(application: typer.Typer) -> Iterator[Command]:
    """The commands, from what they tell of themselves with --help."""
    yield from _tree(typer.main.get_command(application), "csto")


def _tree(group: Any, name: str) -> Iterator[Command]:
    from csto.publish.docs import Command

    for key in sorted(getattr(group, "commands", {})):
        command = group.commands[key]
        if command.hidden:
            continue
        full = f"{name} {key}"
        if getattr(command, "commands", None):
            yield from _tree(command, full)
            continue
        shown, arguments = [], []
        for param in command.params:
            text = " ".join((getattr(param, "help", None) or "").split())
            if param.param_type_name == "argument":
                arguments.append(param.metavar or param.name.upper())
                shown.append((arguments[-1], text))
            elif not getattr(param, "hidden", False):
                names = ", ".join([*param.opts, *param.secondary_opts])
                takes = "" if param.is_flag else f" {param.metavar or 'VALUE'}"
                shown.append((names + takes, text))
        usage = " ".join([full, *arguments, "[OPTIONS]"])
        yield Command(full, usage, command.help or "", shown)
