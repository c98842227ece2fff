"""What the commands share: the application, its options, and how remarks are made."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from csto import __version__
from csto.cli.context import Options, open_dataset, remark, the_day
from csto.cli.guard import allow, hush, reserve
from csto.errors import InputError

if TYPE_CHECKING:
    from csto.answer.record.columns import Columns
    from csto.publish.pictures import Picture

__all__ = [
    "ASK",
    "PUBLISH",
    "WRITE",
    "ComputeEngine",
    "ComputeOption",
    "ConflictKind",
    "DrawnFormat",
    "EngineOption",
    "ExplainFormat",
    "ExportFormat",
    "NarrowOption",
    "OnOption",
    "OpenOption",
    "Options",
    "QueryFormat",
    "Reasoner",
    "ReasonerOption",
    "RowFormat",
    "ShowFormat",
    "TimeoutOption",
    "UserOption",
    "allow",
    "app",
    "draw",
    "is_picture",
    "open_columns",
    "open_dataset",
    "options",
    "page",
    "read_params",
    "remark",
    "save",
    "the_day",
]

app = typer.Typer(
    name="csto",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "A knowledge graph of collective security: every answer as of a date, "
        "every answer proved back to a passage of a source.\n\n"
        "**Examples**\n\n"
        "`csto overlap OTS CSTO --on 2022-01-10`  who sat in both on that day\n\n"
        "`csto query memberships/members-on --param organization=CSTO --on 2010-06-12`\n\n"
        "`csto queries`  the saved questions\n\n"
        "`csto validate`  check the graph against its shapes\n\n"
        "**Exit codes**: 0 done, 1 findings, 2 bad input or usage, 3 internal error."
    ),
)


# The parts of the help.
ASK, WRITE, PUBLISH = "Ask", "Write and check", "Publish"


class RowFormat(StrEnum):
    """Formats for rows."""

    table = "table"
    csv = "csv"
    json = "json"
    md = "md"


class DrawnFormat(StrEnum):
    """Formats for rows that can be drawn."""

    table = "table"
    csv = "csv"
    json = "json"
    md = "md"
    svg = "svg"
    png = "png"
    html = "html"


class QueryFormat(StrEnum):
    """Formats for whatever a query makes."""

    table = "table"
    csv = "csv"
    tsv = "tsv"
    json = "json"
    xml = "xml"
    md = "md"
    turtle = "turtle"
    ntriples = "ntriples"
    svg = "svg"
    png = "png"
    html = "html"


class Reasoner(StrEnum):
    """What closes a slice under the axioms."""

    rules = "rules"
    owlrl = "owlrl"


class ShowFormat(StrEnum):
    """Formats for what is known of one thing."""

    table = "table"
    json = "json"
    turtle = "turtle"


class ExplainFormat(StrEnum):
    """Formats for a proof."""

    tree = "tree"
    md = "md"
    json = "json"
    mermaid = "mermaid"
    prov = "prov"


class ConflictKind(StrEnum):
    """Categories of disagreement."""

    differ = "differ"
    majority = "majority"
    agree = "agree"
    single = "single"
    missing = "missing"


class ExportFormat(StrEnum):
    """Formats of linked data."""

    turtle = "turtle"
    ntriples = "ntriples"
    nquads = "nquads"
    trig = "trig"
    rdfxml = "rdfxml"
    jsonld = "jsonld"
    graphml = "graphml"
    gexf = "gexf"
    csv = "csv"


class ComputeEngine(StrEnum):
    """What computes over the columns of imported data."""

    duckdb = "duckdb"
    spark = "spark"


class ExportPart(StrEnum):
    """Parts of the graph that can be had alone."""

    ontology = "ontology"
    concepts = "concepts"
    graph = "graph"
    inferred = "inferred"
    shapes = "shapes"


def _version(value: bool) -> None:
    if value:
        print(f"csto {__version__}")
        raise typer.Exit()


@app.callback()
def options(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            "-w",
            metavar="DIR",
            help="Folder with workspace.ttl; without it, the one around us, or the one carried.",
            envvar="CSTO_WORKSPACE",
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No remarks on standard error.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that stand before the command."""
    context.obj = Options(workspace, quiet)


ReasonerOption = Annotated[
    Reasoner,
    typer.Option("--reasoner", help="What closes the slice: our rules, or owlrl, to compare."),
]
OnOption = Annotated[
    str | None,
    typer.Option(
        "--on", metavar="DATE", help="The day the answer is for, YYYY-MM-DD.", show_default=False
    ),
]


OpenOption = Annotated[
    bool,
    typer.Option("--open", help="List what is neither told nor ruled out on the day, too."),
]

TimeoutOption = Annotated[
    int | None,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=0,
        help="End it with exit code 2 if it takes longer; 0 is no limit.",
        show_default=True,
    ),
]

EngineOption = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="URL",
        envvar="CSTO_ENGINE",
        help="Address of a SPARQL 1.1 endpoint that answers in place of the built-in engine.",
        show_default=False,
    ),
]

UserOption = Annotated[
    str | None,
    typer.Option(
        "--user",
        metavar="NAME[:PASSWORD]",
        help="For a server that asks; else CSTO_USER and CSTO_PASSWORD.",
        show_default=False,
    ),
]


ComputeOption = Annotated[
    ComputeEngine,
    typer.Option(
        "--engine", help="What computes on columns. Spark needs the extra csto[scale] and a JDK."
    ),
]


def open_columns(engine: ComputeEngine) -> Columns:
    """What computes over the columns of imported data."""
    from csto.answer.record.columns import Columns

    if engine is ComputeEngine.spark:
        # Java reserves far more addresses than it uses.
        reserve()
    return Columns(engine.value)


def page(text: str) -> None:
    """Write a text; through a pager where it is longer than the screen that somebody looks at."""
    import shutil
    import sys

    lines = shutil.get_terminal_size((100, 24)).lines
    if sys.stdout.isatty() and text.count("\n") >= lines and not os.environ.get("CSTO_NO_PAGER"):
        import pydoc

        hush()
        pydoc.pager(text)
    else:
        sys.stdout.write(text)


NarrowOption = Annotated[
    bool, typer.Option("--narrow", help="A picture for a phone: 390 pixels wide.")
]


def is_picture(how: str | None) -> bool:
    """Whether a format is a picture."""
    return how in ("svg", "png", "html")


def draw(picture: Picture, how: str, narrow: bool, output: Path | None = None) -> None:
    """Write a picture to a file, or to standard output."""
    import sys

    reserve()
    if how == "png":
        if output is None and sys.stdout.isatty():
            raise InputError("a PNG is no text: send it to a file, as in … --format png > FILE.png")
        data = picture.png(narrow)
    else:
        data = (picture.html() if how == "html" else picture.svg(narrow)).encode()
    if output is not None:
        save(output, data)
    elif how == "png":
        sys.stdout.buffer.write(data)
    else:
        sys.stdout.write(data.decode())


def save(output: Path, data: bytes) -> None:
    """Write a file, or say in one line why not."""
    save_as(output, lambda out: out.write(data))


def save_as(output: Path, write: Callable[[BinaryIO], object]) -> int:
    """Let something write a file, or say in one line why it cannot be; its size in bytes."""
    try:
        with output.open("wb") as out:
            write(out)
            return out.tell()
    except OSError as error:
        raise InputError(f"{output}: cannot be written ({error.strerror})") from error


def read_params(pairs: Sequence[str]) -> dict[str, str]:
    """Parameters from what a user writes, ``name=value`` each."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise InputError(f'"{pair}" is no parameter; write --param name=value')
        found[name.strip()] = value
    return found
