"""Commands that give the graph to other tools."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from csto.cli.common import ExportFormat, OnOption, app, open_dataset, remark, the_day
from csto.errors import InputError


@app.command()
def export(
    context: typer.Context,
    on: OnOption = None,
    inferred: Annotated[
        bool,
        typer.Option(
            "--inferred/--asserted", help="With what follows and holds on the day, or without."
        ),
    ] = False,
    how: Annotated[
        ExportFormat | None,
        typer.Option("--format", "-f", help="Else by the ending of the file, else turtle."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Else standard output.")
    ] = None,
) -> None:
    """Write the graph for other tools, the same bytes every time.

    Example: `csto export --inferred --on 2022-01-10 -o csto.trig`
    """
    from csto.export import export as run_export

    chosen = how.value if how else _format_of(output)
    dataset = open_dataset(context)
    data = run_export(dataset, chosen, inferred=inferred, day=the_day(context, dataset, on))
    if output is None:
        sys.stdout.buffer.write(data)
        return
    _save(output, data)
    remark(context, f"wrote {output} ({len(data)} bytes, {chosen})")


def _save(output: Path, data: bytes) -> None:
    try:
        output.write_bytes(data)
    except OSError as error:
        raise InputError(f"{output}: cannot be written ({error.strerror})") from error


_ENDINGS = {
    ".ttl": "turtle",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".trig": "trig",
    ".rdf": "rdfxml",
    ".xml": "rdfxml",
    ".jsonld": "jsonld",
}


def _format_of(output: Path | None) -> str:
    if output is None:
        return "turtle"
    try:
        return _ENDINGS[output.suffix.lower()]
    except KeyError:
        raise InputError(f"{output}: no format is known for this ending; give --format") from None


@app.command()
def infer(
    context: typer.Context,
    on: OnOption = None,
    rules: Annotated[
        list[str] | None,
        typer.Option("--rules", metavar="CODE", help="Only what this rule made. Repeatable."),
    ] = None,
    stats: Annotated[
        bool, typer.Option("--stats", help="A table of rules and how many triples each made.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Else standard output.")
    ] = None,
) -> None:
    """Write what follows from the graph, and nothing else, as N-Triples.

    Timeless inferences, and what is certain on the day.

    Example: `csto infer --on 2022-01-10 --rules overlap`
    """
    from csto.explain import Prover
    from csto.output import default_format, write_rows

    dataset = open_dataset(context)
    prover = Prover(dataset, the_day(context, dataset, on))
    made = prover.made[prover.certain]
    known = {rule.code for rule in (*dataset.axioms, *dataset.rules)}
    if unknown := sorted(set(rules or ()) - known):
        raise InputError(f"no rule has the code {unknown[0]}; csto infer --stats lists them")
    wanted = {t: rule for t, (_, rule) in made.items() if not rules or rule.code in rules}
    if stats:
        counts = Counter(rule.code for rule in wanted.values())
        summaries = {rule.code: rule.summary for rule in wanted.values()}
        rows = [[code, str(count), summaries[code]] for code, count in counts.most_common()]
        sys.stdout.write(write_rows(["rule", "triples", "summary"], rows, default_format()))
        return
    data = "".join(sorted(f"{triple} .\n" for triple in wanted))
    if output is None:
        sys.stdout.write(data)
    else:
        _save(output, data.encode())
        remark(context, f"wrote {output} ({len(wanted)} triples)")
