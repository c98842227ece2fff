"""Lists of things by kind and role."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from csto.cli import complete
from csto.cli.common import (
    ASK,
    DrawnFormat,
    NarrowOption,
    OnOption,
    OpenOption,
    app,
    draw,
    is_picture,
    open_dataset,
    page,
    remark,
    the_day,
)
from csto.errors import InputError

_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


class ListView(StrEnum):
    """Ways to see a list."""

    timeline = "timeline"
    matrix = "matrix"


if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from csto.graph.dataset import Dataset


def _option(name: str, words: str) -> Any:
    return typer.Option(
        name, metavar="THING", help=words, show_default=False, autocompletion=complete.things
    )


def _column(name: str, words: str) -> Any:
    return typer.Option(name, metavar="COLUMN", help=words, autocompletion=complete.columns)


def _found(dataset: Dataset, names: list[str] | None) -> list[NamedNode]:
    return [dataset.things.find(name) for name in names or ()]


@app.command("list", rich_help_panel=ASK)
def list_(
    context: typer.Context,
    kind: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KIND]",
            help="Plain word for a kind: requests, crises, votes …; without one, all kinds.",
            show_default=False,
            autocompletion=complete.kinds,
        ),
    ] = None,
    by: Annotated[list[str] | None, _option("--by", "Who does, holds or says it.")] = None,
    to: Annotated[list[str] | None, _option("--to", "At whom it is directed.")] = None,
    for_: Annotated[
        list[str] | None, _option("--for", "What is asked for, or who profits.")
    ] = None,
    about: Annotated[
        list[str] | None, _option("--about", "What it deals with, directly or through its parts.")
    ] = None,
    part: Annotated[list[str] | None, _option("--part", "The larger thing it belongs to.")] = None,
    where: Annotated[
        list[str] | None,
        _option("--where", "Where it is; or a value that it has, such as a status."),
    ] = None,
    with_: Annotated[
        list[str] | None, _option("--with", "By it, to it or about it, all at once.")
    ] = None,
    on_behalf_of: Annotated[
        list[str] | None,
        _option("--on-behalf-of", "By it, its bodies, or persons in its offices on the day."),
    ] = None,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Not before this day or year."),
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to-date", metavar="DATE", help="Not after it.")
    ] = None,
    undated: Annotated[
        bool, typer.Option("--undated", help="With what has no date that could be bounded.")
    ] = False,
    count_by: Annotated[
        list[str] | None,
        typer.Option(
            "--count-by",
            metavar="COLUMN",
            help="Count by a column (role, property, year); a second one goes across.",
            autocompletion=complete.columns,
        ),
    ] = None,
    show: Annotated[
        list[str] | None,
        typer.Option(
            "--show",
            metavar="COLUMNS",
            help="Columns to show, with commas between.",
            autocompletion=complete.columns,
        ),
    ] = None,
    view: Annotated[
        ListView | None, typer.Option("--view", help="See the list as a matrix or over time.")
    ] = None,
    rows_by: Annotated[str, _column("--rows", "Rows of a matrix, lanes over time.")] = "",
    columns_by: Annotated[str, _column("--columns", "Columns of a matrix.")] = "",
    cell: Annotated[str, _column("--cell", "What stands in a cell; else a count.")] = "",
    cite: Annotated[bool, typer.Option("--cite", help="Add the passages of each row.")] = False,
    sparql: Annotated[
        bool, typer.Option("--sparql", help="Print the query instead of its answer.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="At most this many rows.")
    ] = None,
    on: OnOption = None,
    also_open: OpenOption = False,
    how: Annotated[
        DrawnFormat | None,
        typer.Option("--format", "-f", help="table on a terminal, else csv; svg … draws it."),
    ] = None,
    narrow: NarrowOption = False,
) -> None:
    """List things of one kind by plain questions: who, to whom, about what, when.

    Kinds and roles come from the ontology. What the list leaves out is said; `--sparql`
    prints the query, ready to edit.

    Example: `csto list requests --by Armenia --count-by agent outcome`
    """
    from csto.answer.kinds import plural
    from csto.answer.listing import Lister, Question, in_words
    from csto.answer.tables import default_format, write_rows

    dataset = open_dataset(context)
    lister = Lister(dataset, the_day(context, dataset, on))
    chosen = how.value if how else default_format()
    words = list(kind or ())
    counted = [name for given in count_by or () for name in given.split(",") if name]
    # `--count-by agent outcome`: what follows the kind is the second column.
    if counted and len(words) > 1 and len(counted) == 1:
        counted.append(words.pop())
    question = Question(lister.ask.kind(" ".join(words)) if words else [], undated=undated)
    for name in to or ():
        # A year or a day is no addressee.
        if _DATE.fullmatch(name):
            raise InputError(
                f"--to names at whom it is directed; not after {name}: --to-date {name}"
            )
    named = {"by": by, "to": to, "for": for_, "about": about, "part": part}
    question.roles = {role: _found(dataset, names) for role, names in named.items() if names}
    question.with_ = _found(dataset, with_)
    question.behalf = _found(dataset, on_behalf_of)
    for name in where or ():
        # A concept is a value of some property; a place is where something is.
        concepts = dataset.things.concepts(name)
        if concepts:
            question.having.append(concepts)
        else:
            question.roles.setdefault("where", []).append(dataset.things.find(name))
    question.first, question.last = _days(first, 0), _days(last, 1)
    if not words:
        columns, rows = lister.kinds_of(question) if question.filtered else lister.all_kinds()
        page(write_rows(columns, rows, chosen))
        if question.filtered:
            remark(context, "give one of these kinds to list its things")
        return
    # The cells of a matrix say themselves what holds on the day.
    on_day = on is not None and view is not ListView.matrix
    question.held = lister.ask.held_by(question.kinds[0]) if on_day else None
    question.also_open = also_open
    if on_day and not question.held and not sparql:
        them = plural(lister.ask.kinds[question.kinds[0]].label)
        remark(context, f"--on leaves none of them out: the graph has no days on which {them} hold")
    if also_open and not question.held:
        raise InputError("--open is for what holds on a day: give a kind of situation and --on")
    columns = [name for given in show or () for name in given.split(",") if name]
    for name in (rows_by, columns_by, cell):
        # A view of columns that the list does not show by itself: they are shown.
        if name and columns and name not in columns:
            columns.append(name)
    if (rows_by or columns_by or cell) and not columns:
        columns = [name for name in (rows_by, columns_by, cell) if name]
    listed = (
        lister.count(question, counted)
        if counted
        else lister.answer(question, columns, cite=cite, most=limit)
    )
    if sparql:
        page(listed.query)
        return
    heads, rows = listed.columns, listed.rows
    if view is ListView.matrix:
        from csto.answer.columns import fits, width
        from csto.answer.matrix import CITED, LEGEND, matrix

        made = matrix(lister, question, rows_by, columns_by, cell, on_day=on is not None)
        heads, rows = made.table()
        if chosen == "table" and not fits(heads, rows, width()):
            # What is too wide one way can fit the other way round.
            turned = made.turned().table()
            heads, rows = turned if fits(*turned, width()) else (heads, rows)
        if cite and chosen in ("csv", "json"):
            heads, rows = list(CITED), made.cited()
        listed.remarks.append(LEGEND)
    if is_picture(chosen):
        from csto.publish.pictures.answers import of_list

        listed.columns, listed.rows = heads, rows
        if limit:
            listed.rows, listed.things = rows[:limit], listed.things[:limit]
        title = " ".join(words).capitalize()
        draw(of_list(dataset, listed, title, group=rows_by), chosen, narrow)
    elif view is ListView.timeline and chosen == "table":
        from csto.answer.columns import width
        from csto.answer.views import timeline

        page(timeline(listed, rows_by, width()))
    else:
        if view is None and chosen in ("table", "md"):
            heads, rows = in_words(listed, lister.ask)
        text = write_rows(heads, rows[: limit or None], chosen)
        if view is ListView.matrix and cite and chosen in ("table", "md"):
            text += "\n" + write_rows(CITED, made.cited(), chosen)
        page(text)
    # What its president asked, a state has asked: then sources do say so.
    if not listed.rows and not listed.on_behalf:
        from csto.answer.coverage import none_of

        asked = lister.asked(question)
        day = lister.day if question.held else ""
        whom = lister.in_words(question)
        listed.remarks.append(none_of(dataset, question.kinds[0], asked, day=day, whom=whom))
        if names := _questions_on(context, " ".join(words)):
            listed.remarks.append(f"saved questions on {' '.join(words)}: {', '.join(names)}")
    for text in listed.remarks:
        remark(context, text)
    if limit and len(listed.rows) > limit:
        remark(context, f"{len(listed.rows) - limit} more rows than --limit {limit}")


def _questions_on(context: typer.Context, words: str) -> list[str]:
    """Names of a few saved questions that have all of some words."""
    from csto.answer.catalogue import having
    from csto.load.workspace import find_workspace
    from csto.sparql.saved import saved_queries

    found, remarks = having(saved_queries(find_workspace(context.obj.workspace)), words)
    return [] if remarks else [one.name for one in found[:3]]


def _days(text: str | None, which: int) -> str:
    from csto.load import edtf

    return "" if text is None else edtf.bounds(text)[which].isoformat()
