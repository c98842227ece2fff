"""The command that writes the graph for other tools."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from csto.cli.common import (
    PUBLISH,
    ExportFormat,
    ExportPart,
    OnOption,
    app,
    open_dataset,
    remark,
    save,
    the_day,
)
from csto.errors import InputError
from csto.load.formats import BY_ENDING

_ENDINGS = {
    **{ending: one.key for ending, one in BY_ENDING.items()},
    ".graphml": "graphml",
    ".csv": "csv",
}


@app.command(rich_help_panel=PUBLISH)
def export(
    context: typer.Context,
    on: OnOption = None,
    inferred: Annotated[
        bool,
        typer.Option(
            "--inferred/--asserted", help="With what follows and holds on the day, or without."
        ),
    ] = False,
    parts: Annotated[
        list[ExportPart] | None,
        typer.Option(
            "--part",
            help="Only this part. Repeatable. Else ontology, concepts and graph.",
            show_default=False,
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            metavar="NAME",
            help="In the terms of another vocabulary only: org, schema or wikidata.",
        ),
    ] = None,
    how: Annotated[
        ExportFormat | None,
        typer.Option("--format", "-f", help="Else by the ending of the file, else turtle."),
    ] = None,
    bundle: Annotated[
        Path | None,
        typer.Option(
            "--zip", metavar="FILE", help="A release: all parts, VoID, DCAT, licence, checksums."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Else standard output.")
    ] = None,
) -> None:
    """Write the graph for other tools, the same bytes every time.

    Linked data: turtle, ntriples, nquads, trig, rdfxml, jsonld. For network tools:
    graphml, or csv, which writes NAME-nodes.csv and NAME-edges.csv.

    Examples: `csto export --inferred --on 2022-01-10 -o csto.trig`,
    `csto export --on 2022-01-10 -o csto.graphml`, `csto export --zip csto.zip`
    """
    dataset = open_dataset(context)
    day = the_day(context, dataset, on)
    if bundle is not None:
        from csto.publish.release import release

        if output is not None or how is not None or parts or profile:
            raise InputError("--zip holds everything; give it alone, or with --on")
        save(bundle, release(dataset, day))
        remark(context, f"wrote {bundle}; SHA256SUMS in it has the checksums")
        return
    chosen = how.value if how else _format_of(output)
    if chosen in ("graphml", "csv"):
        if parts or profile or inferred:
            raise InputError(
                f"--format {chosen} is one network as of --on; --part, --profile and --inferred "
                "are for linked data"
            )
        _network(context, dataset, day, chosen, output)
        return
    if profile is not None:
        from csto.publish.profiles import in_profile, profile_triples

        if parts or inferred:
            raise InputError("--profile has its own terms; --part and --inferred do not go with it")
        data = in_profile(dataset, profile, chosen, day)
        if not profile_triples(dataset, profile, day):
            what = "nothing in this graph is what its queries ask for"
            remark(context, f"the profile {profile} is empty: {what}")
    else:
        from csto.publish.export import DEFAULT
        from csto.publish.export import export as run_export

        wanted = [part.value for part in parts] if parts else DEFAULT
        data = run_export(dataset, chosen, day=day, parts=wanted, inferred=inferred)
    if output is None:
        sys.stdout.buffer.write(data)
        return
    save(output, data)
    remark(context, f"wrote {output} ({len(data)} bytes, {chosen})")


def _network(
    context: typer.Context, dataset: object, day: str, how: str, output: Path | None
) -> None:
    from csto.publish.network import as_graphml, as_tables, network

    net = network(dataset, day)  # type: ignore[arg-type]
    if how == "graphml":
        if output is None:
            sys.stdout.buffer.write(as_graphml(net))
        else:
            save(output, as_graphml(net))
    else:
        if output is None:
            raise InputError("--format csv makes two tables: give --output NAME.csv")
        for name, text in zip(("nodes", "edges"), as_tables(net), strict=True):
            save(output.with_name(f"{output.stem}-{name}.csv"), text.encode())
    remark(context, f"{len(net.nodes)} nodes and {len(net.edges)} edges as of {day}")
    if not net.nodes:
        remark(context, "the network is empty: nothing in the graph says what kind of thing it is")


def _format_of(output: Path | None) -> str:
    if output is None:
        return "turtle"
    try:
        return _ENDINGS[output.suffix.lower()]
    except KeyError:
        raise InputError(f"{output}: no format is known for this ending; give --format") from None
