"""What can be asked of a kind of thing."""

from __future__ import annotations

from typing import Annotated

import typer

from csto.cli import complete
from csto.cli.common import ASK, RowFormat, app, open_dataset, page


@app.command(rich_help_panel=ASK)
def schema(
    context: typer.Context,
    kind: Annotated[
        list[str],
        typer.Argument(
            metavar="KIND",
            help="Plain word or csto:Class.",
            show_default=False,
            autocompletion=complete.kinds,
        ),
    ],
    how: Annotated[
        RowFormat | None, typer.Option("--format", "-f", help="table on a terminal, else csv.")
    ] = None,
) -> None:
    """The properties in use on things of a kind, with counts, values and a query to copy.

    Example: `csto schema requests`
    """
    from csto.answer.columns import table, width
    from csto.answer.kinds import Asking
    from csto.answer.schema import COLUMNS
    from csto.answer.schema import schema as properties
    from csto.answer.tables import default_format, write_rows
    from csto.vocabulary import shorten

    dataset = open_dataset(context)
    node = Asking(dataset.store).kind(" ".join(kind))[0]
    rows, example = properties(dataset, node)
    chosen = how.value if how else default_format()
    if chosen == "table":
        # What is stated, then what follows: a column less, so that properties fit beside values.
        for said in dict.fromkeys(row[-1] for row in rows):
            heads = [*COLUMNS[:-2], f"{COLUMNS[-2]} ({said})"]
            part = [row[:-1] for row in rows if row[-1] == said]
            page(table(heads, part, width(), keep=True) + "\n")
    else:
        page(write_rows(COLUMNS, rows, chosen) + ("\n" if chosen == "md" else ""))
    if chosen in ("table", "md"):
        page(f"To copy, for {shorten(node.value)}:\n\n{example}\n")
