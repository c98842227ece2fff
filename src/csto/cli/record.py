"""Commands for the whole record: data sets of others, and what is asked of all their rows."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csto.cli.common import (
    ASK,
    WRITE,
    ComputeEngine,
    ComputeOption,
    DrawnFormat,
    NarrowOption,
    RowFormat,
    app,
    draw,
    is_picture,
    open_columns,
    open_dataset,
    remark,
)
from csto.cli.guard import Bar
from csto.errors import InputError

if TYPE_CHECKING:
    from csto.answer.record.cohesion import Cohesion
    from csto.answer.record.columns import Columns
    from csto.graph.dataset import Dataset

# After all years of any record.
_NO_YEAR = 9999
WORLD = "https://w3id.org/csto/world/id/"
RecordOption = Annotated[
    Path | None,
    typer.Option(
        "--record",
        metavar="DIR",
        envvar="CSTO_RECORD",
        help="The folder that csto import wrote; else the workspace.",
        show_default=False,
    ),
]
RowFormatOption = Annotated[
    RowFormat | None, typer.Option("--format", "-f", help="Else a table on a terminal, csv not.")
]

PictureFormatOption = Annotated[
    DrawnFormat | None, typer.Option("--format", "-f", help="Else a table on a terminal, csv not.")
]


class Measure(StrEnum):
    """How the cohesion of a group in one roll call is measured."""

    rice = "rice"
    agreement = "agreement"
    pairwise = "pairwise"


@app.command("import", rich_help_panel=WRITE)
def import_(
    context: typer.Context,
    dataset: Annotated[
        str,
        typer.Argument(metavar="DATASET", help="cow-states, cow-igo, …, all, or a mapping file."),
    ],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="CSV, plain or .gz.")
    ] = None,
    layer: Annotated[
        Path, typer.Option("--layer", "-l", metavar="DIR", help="The folder to write.")
    ] = Path("world"),
    base: Annotated[
        str, typer.Option("--base", metavar="IRI", help="Base of the things of the layer.")
    ] = WORLD,
    sql: Annotated[
        bool, typer.Option("--sql", help="Print the SQL of the mapping and do nothing else.")
    ] = False,
    compare: Annotated[
        bool,
        typer.Option("--compare", help="Where it and the graph tell different things, row by row."),
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="With --compare: the rows that agree, too.")
    ] = False,
    how: RowFormatOption = None,
) -> None:
    """Read a data set of others into a layer, every statement with the row it comes from.

    DATASET is cow-states, cow-igo, atop or un-votes, whose files you bring, or a mapping of
    your own (YAML; docs/guide/import.md). Things that the workspace knows by the same code keep
    its IRIs. What no code is found for is listed, not dropped in silence. --compare sets what was
    imported beside the graph, as two witnesses. With all, the files say by their names what they
    belong to.

    Examples: `csto import cow-igo igo_year_format3.csv.gz --layer world`,
    `csto import all states2016.csv igo_year_format3.csv.gz --layer world`
    """
    from csto.answer.record.known import known_things
    from csto.load.record.layer import write_manifest
    from csto.load.record.presets import find_mapping, mappings_for, read_mapping
    from csto.load.record.run import import_dataset, statements, steps

    if not base.endswith("/"):
        raise InputError(f"--base {base}: the base of things ends in /")
    given = files or []
    if dataset == "all":
        if sql or compare:
            raise InputError("--sql and --compare are of one data set: name it")
        if not given:
            raise InputError("name the files of the data sets")
        work = mappings_for(given)
    else:
        work = [(read_mapping(find_mapping(dataset)), given)]
    mapping = work[0][0]
    if sql:
        for name, statement in statements(mapping, base).items():
            sys.stdout.write(f"-- {name}\n{statement.strip()};\n\n")
        return
    if compare:
        _compare(context, mapping.name, layer, every, how)
        return
    here = {one.name for one, _ in work}
    for one, _ in work:
        for needed in one.needs:
            if needed not in here and not (layer / "graph" / f"{needed}.nt").is_file():
                raise InputError(
                    f"{one.name} needs {needed} first: csto import {needed} FILE --layer {layer}"
                )
    dataset_below = open_dataset(context)
    known = known_things(dataset_below)
    bar = Bar(sum(steps(one) for one, _ in work))
    made = []
    for one, its_files in work:
        made.append(import_dataset(one, its_files, layer, base, known, bar.within(one.name)))
        write_manifest(layer, base, dataset_below.workspace, one.cut_off if one.loaded else None)
    for (one, _), imported in zip(work, made, strict=True):
        remark(context, f"wrote {imported.graph}: {imported.triples:,} triples of {one.title}")
        for row in imported.unmapped:
            where = f", line {row['line']}" if row["line"] else ""
            remark(context, f"not mapped: {row['code']} {row['name']}{where}: {row['why']}")


def _compare(
    context: typer.Context, name: str, layer: Path, every: bool, how: RowFormat | None
) -> None:
    from csto.answer.record.columns import Columns
    from csto.answer.record.witnesses import HEADS, TABLES, compare
    from csto.answer.tables import default_format, write_rows

    if name not in TABLES:
        raise InputError(f"{name} has no spells to compare; those that have: {', '.join(TABLES)}")
    if not (layer / "columns" / f"{TABLES[name][0]}.parquet").is_file():
        raise InputError(f"{layer} has no {name} yet: csto import {name} FILE --layer {layer}")
    found = compare(open_dataset(context), Columns(), layer, name)
    rows = [comparison.row() for comparison in found if every or not comparison.agrees]
    sys.stdout.write(write_rows(HEADS, rows, how.value if how else default_format()))
    alike = sum(comparison.agrees for comparison in found)
    remark(context, f"{alike} of {len(found)} spells agree with {name}")


@app.command(rich_help_panel=ASK)
def cohesion(
    context: typer.Context,
    groups: Annotated[
        list[str], typer.Argument(metavar="ORGANIZATION…", help="Names or abbreviations.")
    ],
    first: Annotated[int, typer.Option("--from", metavar="YEAR", help="First year.")] = 1992,
    last: Annotated[int, typer.Option("--to", metavar="YEAR", help="Last year.")] = 2019,
    measure: Annotated[
        Measure, typer.Option("--measure", help="The measure that a picture shows.")
    ] = Measure.pairwise,
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="Groups drawn to compare with; 0 for none.")
    ] = 100,
    record: RecordOption = None,
    engine: ComputeOption = ComputeEngine.duckdb,
    how: PictureFormatOption = None,
    narrow: NarrowOption = False,
) -> None:
    """How far the members of organizations vote alike in the UN General Assembly, by year.

    Three measures, as means over the roll calls of a year: rice (yes against no; abstentions
    left out), agreement (yes, no and abstentions alike) and pairwise (pairs of members with the
    same vote). They answer differently: look at all. Members are those on the day of each vote;
    who did not vote is left out. drawn_low and drawn_high are the middle nine tenths of groups
    of the same size, drawn from all states that voted.

    Example: `csto cohesion CSTO NATO --from 2000 --to 2019`
    """
    from csto.answer.record.cohesion import cohesion as measured
    from csto.answer.record.cohesion import table
    from csto.answer.record.columns import find_columns
    from csto.answer.record.members import curated_spells, recorded_spells
    from csto.answer.tables import default_format, write_rows
    from csto.load.workspace import find_workspace

    if first > last:
        raise InputError(f"--from {first} is after --to {last}")
    dataset = open_dataset(context)
    folders = [record] if record else [find_workspace(context.obj.workspace).root]
    columns = open_columns(engine)
    votes = columns.read(find_columns(folders, "un-votes-mapped"))
    try:
        igo = find_columns(folders, "cow-igo-memberships")
    except InputError:
        igo = None
    spells = []
    for text in groups:
        node = dataset.things.find(text, "organization")
        name = dataset.things.short(node)
        spells += curated_spells(dataset, node, name)
        if igo is not None:
            spells += recorded_spells(columns, igo, dataset, node, name)
    made = measured(columns, votes, spells, (first, last), draws)
    if not made:
        raise InputError(f"nobody of {', '.join(groups)} voted from {first} to {last}")
    if is_picture(how):
        _draw_cohesion(dataset, made, measure.value, how or "", narrow)
        return
    heads, rows = table(made)
    sys.stdout.write(write_rows(heads, rows, how.value if how else default_format()))
    remark(context, "a vote not cast counts for nothing; all roll calls weigh the same")
    _tell_holes(context, columns, folders, (first, last))
    if igo is None:
        remark(
            context,
            "members outside the states that the graph covers are not counted: "
            "csto import cow-igo adds them",
        )


@app.command(rich_help_panel=ASK)
def agreement(
    context: typer.Context,
    states: Annotated[
        list[str] | None, typer.Argument(metavar="[STATE [STATE]]", help="None: all pairs.")
    ] = None,
    first: Annotated[int, typer.Option("--from", metavar="YEAR", help="First year.")] = 1946,
    last: Annotated[
        int | None, typer.Option("--to", metavar="YEAR", help="Last year; else that of the record.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Leave out votes marked as on a paragraph.")
    ] = False,
    record: RecordOption = None,
    engine: ComputeOption = ComputeEngine.duckdb,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="All pairs: .csv or .parquet."),
    ] = None,
    how: RowFormatOption = None,
) -> None:
    """How far two states vote alike in the UN General Assembly, by year.

    n roll calls in which both voted, agree with the same vote; share, S of Signorino and Ritter,
    Cohen's kappa, Scott's pi and the two measures of the US Department of State (coincidence
    leaves abstentions out, half_points counts them as a half) are made of these. An absence
    counts for nothing, all roll calls weigh the same.

    Example: `csto agreement Russia Belarus --from 2010`
    """
    from csto.answer.record.columns import find_columns
    from csto.answer.record.known import cow_number
    from csto.answer.record.votes import Agreement, pair_years, three, whole_texts
    from csto.answer.tables import default_format, write_rows
    from csto.load.workspace import find_workspace

    named = states or []
    if len(named) > 2:
        raise InputError("give no state, one or two")
    if not named and output is None:
        raise InputError("all pairs are many: give --output FILE.parquet or FILE.csv, or a state")
    if output is not None and output.suffix not in (".csv", ".parquet"):
        raise InputError(f"{output}: the file ends in .csv or .parquet")
    folders = [record] if record else [find_workspace(context.obj.workspace).root]
    columns = open_columns(engine)
    votes = columns.read(find_columns(folders, "un-votes-mapped"))
    votes = votes.filter(votes.year >= first)
    if last is not None:
        votes = votes.filter(votes.year <= last)
    if whole:
        votes = whole_texts(votes)
    dataset = open_dataset(context) if named else None
    numbers = {}
    for text in named:
        assert dataset is not None
        node = dataset.things.find(text, "state")
        numbers[cow_number(dataset, node)] = dataset.things.label(node)
    if len(numbers) == 2:
        votes = votes.filter(votes.cow.isin(list(numbers)))
    pairs = pair_years(votes)
    for number in numbers:
        pairs = pairs.filter((pairs.a == number) | (pairs.b == number))
    pairs = pairs.order_by("a", "b", "year")
    if output is not None:
        columns.write(pairs, output)
        remark(context, f"wrote {output}")
        _tell_holes(context, columns, folders, (first, last or _NO_YEAR))
        return
    measures = ("share", "s", "kappa", "pi", "coincidence", "half_points")
    heads = ["a", "b", "year", "n", "agree", "distance", *measures]
    rows = []
    for row in columns.rows(pairs):
        made = Agreement(**{name: row[name] for name in Agreement.__dataclass_fields__})
        rows.append(
            [
                *(numbers.get(row[side], str(row[side])) for side in "ab"),
                *(str(row[name]) for name in ("year", "n", "agree", "distance")),
                *(three(getattr(made, name)) for name in measures),
            ]
        )
    sys.stdout.write(write_rows(heads, rows, how.value if how else default_format()))
    _tell_holes(context, columns, folders, (first, last or _NO_YEAR))


def _tell_holes(
    context: typer.Context, columns: Columns, folders: list[Path], years: tuple[int, int]
) -> None:
    """What the record lacks of the years that were asked for."""
    from csto.answer.record.holes import holes, remarks

    for said in remarks(holes(columns, folders, *years)):
        remark(context, said)


def _draw_cohesion(
    dataset: Dataset, made: list[Cohesion], measure: str, how: str, narrow: bool
) -> None:
    from csto.publish.pictures import Channel, Setting, View, of_rows

    groups = sorted({c.group for c in made})
    rows = [
        [str(c.year), f"{value:.3f}", c.group]
        for c in made
        if (value := c.means[measure]) is not None
    ]
    if len(groups) == 1:
        # One group has room for what chance would give.
        for side, edge in enumerate(("least", "most")):
            rows += [
                [str(c.year), f"{drawn[side]:.3f}", f"{edge} of drawn groups"]
                for c in made
                if (drawn := c.drawn[measure]) is not None
            ]
    notes = [
        "Members on the day of each vote that voted; all roll calls weigh the same.",
        "Votes: United Nations General Assembly Voting Data (Voeten).",
    ]
    if len(rows) > len(made):
        notes.append("Of drawn groups of the same size, nine tenths lie between least and most.")
    if unsure := sorted({c.year for c in made if not c.certain}):
        years = str(unsure[0]) if len(unsure) == 1 else f"{unsure[0]} to {unsure[-1]}"
        notes.append(f"Some memberships of {years} are possible, not certain.")
    one = f"the {groups[0]}" if len(groups) == 1 else "organizations"
    setting = Setting(
        title=f"How far members of {one} vote alike in the UN General Assembly",
        subtitle=f"{_MEASURED[measure]}, mean over the roll calls of each year",
        data="csto cohesion … --format csv",
        notes=tuple(notes),
    )
    channels = {
        "x": Channel("year"),
        "y": Channel("value", title=_MEASURED[measure]),
        "colour": Channel("series"),
    }
    view = View("lines", channels)
    draw(of_rows(dataset, ("year", "value", "series"), rows, view, setting), how, narrow)


_MEASURED = {
    "rice": "Rice's index",
    "agreement": "agreement index",
    "pairwise": "share of pairs with the same vote",
}
