"""A new workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from csto.cli.common import WRITE, app, remark


@app.command("init", rich_help_panel=WRITE)
def init(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="NAME", help="Folder to make.", show_default=False)
    ],
    title: Annotated[
        str | None,
        typer.Option("--title", help="What it is about; else its name.", show_default=False),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(
            "--base",
            metavar="IRI",
            help='Where its things lie, ending in "/"; else https://example.org/NAME/id/.',
            show_default=False,
        ),
    ] = None,
    extends: Annotated[
        list[str] | None,
        typer.Option(
            "--extends",
            metavar="DIR",
            help="A workspace whose facts it shares, by its folder; csto: the one carried here.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Make a workspace of your own: manifest, first facts, an example of each kind, checks in CI.

    Exit code 0: made; 2: the folder has files in it, the base is none, or --extends names none.

    Example: `csto init rio-treaty --title "Rio Treaty"`
    """
    from datetime import date

    from csto.load.start import start

    name = folder.resolve().name
    written = start(
        folder,
        title=title or name.replace("-", " ").capitalize(),
        base=base or f"https://example.org/{name.lower()}/id/",
        today=date.today().isoformat(),
        extends=extends or (),
    )
    remark(context, f"made {len(written)} files; next: csto --workspace {folder} validate")
