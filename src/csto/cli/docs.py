"""The command that builds the documentation site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from csto.cli.common import app, open_dataset, remark


@app.command()
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
    from csto.docs import build_site

    pages = build_site(open_dataset(context), output)
    remark(context, f"wrote {len(pages)} files; open {output / 'index.html'}")
