"""Things side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from csto.cli import complete
from csto.cli.common import ASK, RowFormat, app, open_dataset, page, remark


@app.command(rich_help_panel=ASK)
def compare(
    context: typer.Context,
    things: Annotated[
        list[str],
        typer.Argument(
            metavar="THING [THING ...]",
            help="What to compare.",
            show_default=False,
            autocompletion=complete.things,
        ),
    ],
    on: Annotated[
        list[str] | None,
        typer.Option("--on", metavar="DATE", help="A day; given twice, two days of one thing."),
    ] = None,
    how: Annotated[
        RowFormat | None, typer.Option("--format", "-f", help="table on a terminal, else csv.")
    ] = None,
) -> None:
    """Set crises, states, bodies or persons side by side, or one of them on two days.

    Example: `csto compare "Kyrgyzstan June 2010" "Kazakhstan 2022"`
    """
    from csto.answer.contrast import side_by_side
    from csto.answer.tables import default_format, write_rows
    from csto.errors import InputError
    from csto.load.edtf import parse_day

    dataset = open_dataset(context)
    days = [parse_day(day) for day in on or ()] or [dataset.cut_off]
    nodes = [dataset.things.find(name) for name in things]
    if len(nodes) * len(days) < 2:
        raise InputError("give two things, or one thing and --on twice")
    heads, rows, blanks = side_by_side(dataset, nodes, days)
    page(write_rows(heads, rows, how.value if how else default_format()))
    remark(context, "a blank says that nothing is recorded, not that there was nothing")
    for text in blanks:
        remark(context, text)
