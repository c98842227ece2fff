"""The command that makes tables for statisticians."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from csto.cli.common import (
    ASK,
    ComputeEngine,
    ComputeOption,
    NarrowOption,
    app,
    draw,
    is_picture,
    open_columns,
    open_dataset,
    remark,
)
from csto.errors import InputError


class Unit(StrEnum):
    """What one row of a panel is."""

    state_year = "state-year"
    dyad_year = "dyad-year"
    directed_dyad_year = "directed-dyad-year"
    state_organization_year = "state-organization-year"
    state_agreement_year = "state-agreement-year"
    spells = "spells"


class PanelFormat(StrEnum):
    """Formats of a panel."""

    csv = "csv"
    parquet = "parquet"
    svg = "svg"
    png = "png"
    html = "html"


@app.command(rich_help_panel=ASK)
def panel(
    context: typer.Context,
    unit: Annotated[Unit, typer.Argument(metavar="UNIT", help="state-year, dyad-year, …")],
    first: Annotated[
        int | None,
        typer.Option("--from", metavar="YEAR", help="First year; else that of the first data."),
    ] = None,
    last: Annotated[
        int | None,
        typer.Option("--to", metavar="YEAR", help="Last year; else the last full one."),
    ] = None,
    how: Annotated[
        PanelFormat | None, typer.Option("--format", "-f", help="Else by the ending of the file.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Else standard output (csv)."),
    ] = None,
    column: Annotated[
        str, typer.Option("--column", metavar="NAME", help="The column that a picture shows.")
    ] = "",
    narrow: NarrowOption = False,
    record: Annotated[
        Path | None,
        typer.Option(
            "--record",
            metavar="DIR",
            help="state-year or dyad-year of all states, from what csto import wrote there.",
        ),
    ] = None,
    engine: ComputeOption = ComputeEngine.duckdb,
) -> None:
    """A table for statisticians, one row for each unit and year, with its codebook.

    UNIT is state-year, dyad-year, directed-dyad-year, state-organization-year,
    state-agreement-year or spells. Beside FILE.csv the codebook FILE.codebook.md is
    written, and for programs FILE.datapackage.json: how each column is counted.
    ISO 3166-1, Correlates of War and Gleditsch-Ward codes stand in every row.
    With --record the rows are all states of the world, or all their pairs: organizations
    of COW, alliances of ATOP, and votes in the General Assembly.

    Example: `csto panel dyad-year --from 1992 --to 2024 -o dyads.csv`
    """
    from csto.answer.panel import build_panel, codebook, data_package
    from csto.answer.tables import write_rows

    ending = output.suffix[1:] if output is not None else ""
    chosen = how.value if how else ending
    if how is None and output is not None and ending not in {one.value for one in PanelFormat}:
        raise InputError(f"{output}: no format is known for this ending; give --format")
    parquet = chosen == "parquet"
    if parquet and output is None:
        raise InputError("--format parquet goes to a file: give --output FILE.parquet")
    if record is not None:
        _of_record(context, record, unit, (first, last), output, chosen, engine)
        return
    dataset = open_dataset(context)
    made = build_panel(dataset, unit.value, first, last)
    if is_picture(chosen):
        from csto.publish.pictures.answers import of_panel

        command = f"csto panel {unit.value} --from {first} --to {made.years[1]} -o panel.csv"
        draw(of_panel(dataset, made, column, command), chosen, narrow, output)
        return
    empty = sum(cell in ("", None) for row in made.rows for cell in row)
    if empty:
        remark(
            context,
            f"{empty} empty cells: not covered, or no list has every item (then _min is given); "
            "- is before the state or the body was; the codebook says it of each column",
        )
    if output is None:
        sys.stdout.write(write_rows(made.columns, made.rows, "csv"))
        remark(context, "with --output FILE.csv a codebook is written beside the table")
        return
    beside = output.with_suffix(".codebook.md")
    try:
        if parquet:
            from csto.answer.panel.parquet import write_parquet

            write_parquet(made, output)
        else:
            output.write_text(write_rows(made.columns, made.rows, "csv"), encoding="utf-8")
        beside.write_text(codebook(made), encoding="utf-8")
        package = output.with_suffix(".datapackage.json")
        package.write_text(data_package(made, output.name), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{output}: cannot be written ({error.strerror})") from error
    remark(context, f"wrote {output} ({len(made.rows)} rows), {beside} and {package.name}")


def _of_record(
    context: typer.Context,
    record: Path,
    unit: Unit,
    years: tuple[int | None, int | None],
    output: Path | None,
    chosen: str,
    engine: ComputeEngine,
) -> None:
    """All states, or all their pairs, from the columns of a layer, with their codebook."""
    from csto.answer.record.columns import find_columns
    from csto.answer.record.holes import LEDGER, holes, remarks
    from csto.answer.record.panels import PANELS, TABLES, codebook, data_package
    from csto.answer.record.years import BEGINS, ENDS

    if unit.value not in PANELS:
        raise InputError(f"--record has {' and '.join(PANELS)} alone, not {unit.value}")
    if output is None or chosen not in ("csv", "parquet"):
        raise InputError("these rows are many: give --output FILE.csv or FILE.parquet")
    tables = {}
    for name in TABLES:
        path = record / "columns" / f"{name}.parquet"
        if path.is_file():
            tables[name] = path
        else:
            dataset = name.rpartition("-")[0]
            remark(context, f"{record} lacks {name}; csto import {dataset} FILE… makes it")
    if (ledger := record / "columns" / f"{LEDGER}.parquet").is_file():
        tables[LEDGER] = ledger
    find_columns([record], TABLES[0])
    first, last = years[0] or BEGINS["un-votes"], years[1] or ENDS["cow-igo"]
    if not BEGINS["cow-states"] <= first <= last <= ENDS["cow-states"]:
        raise InputError(f"--from {first} --to {last}: the list of states has 1816 to 2016")
    columns = open_columns(engine)
    panel = PANELS[unit.value]
    made = panel.make(columns, tables, first, last)
    beside = output.with_suffix(".codebook.md")
    package = output.with_suffix(".datapackage.json")
    try:
        columns.write(made, output)
        lacking = remarks(holes(columns, [record], first, last))
        text = codebook(panel, list(made.columns), first, last, lacking)
        beside.write_text(text, encoding="utf-8")
        package.write_text(data_package(panel, made, output.name, first, last), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{output}: cannot be written ({error.strerror})") from error
    remark(context, f"wrote {output}, {beside} and {package.name}")
