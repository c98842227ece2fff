"""Commands that check the graph and give it to other tools."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from csto.cli.common import ExportFormat, OnOption, RowFormat, app, open_dataset, remark, the_day
from csto.errors import EXIT_FINDINGS, InputError
from csto.names import WELL_KNOWN


@app.command()
def validate(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH ...]",
            help="Files or folders: of the graph, in their place; others, on their own.",
            show_default=False,
        ),
    ] = None,
    how: Annotated[
        RowFormat | None, typer.Option("--format", "-f", help="table on a terminal, else csv.")
    ] = None,
) -> None:
    """Check the asserted and inferred graph against the shapes and checks.

    Exit code 0: clean; 1: findings; 2: bad input; 3: internal error.

    Example: `csto validate`
    """
    from csto.output import default_format, write_rows
    from csto.validate import COLUMNS
    from csto.validate import validate as run_validation
    from csto.workspace import find_workspace

    report = run_validation(find_workspace(context.obj.workspace), paths or None)
    if report.findings:
        rows = [list(finding.row()) for finding in report.findings]
        sys.stdout.write(write_rows(COLUMNS, rows, how.value if how else default_format()))
    remark(context, report.summary())
    if report.violations:
        raise typer.Exit(EXIT_FINDINGS)


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
        bool,
        typer.Option(
            "--stats", help="A table of rules: triples, runs, seconds. All rules are run anew."
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Else standard output. .nt, .ttl or .rdf."
        ),
    ] = None,
) -> None:
    """Write what follows from the graph, and nothing else, as N-Triples.

    Timeless inferences, and what is certain on the day. The seconds of --stats are for
    both, and for what is possible on the day.

    Example: `csto infer --on 2022-01-10 --rules overlap`
    """
    from csto.dataset import build
    from csto.explain import Prover
    from csto.output import default_format, write_rows
    from csto.workspace import find_workspace

    chosen = "ntriples" if output is None else _format_of(output)
    if chosen not in _PLAIN:
        raise InputError(f"{output}: what follows is written as .nt, .ttl or .rdf")
    # Only rules that are run can be timed.
    dataset = build(find_workspace(context.obj.workspace), cached=not stats)
    known = {rule.code: rule.summary for rule in (*dataset.axioms, *dataset.rules)}
    if unknown := sorted(set(rules or ()) - set(known)):
        raise InputError(f"no rule has the code {unknown[0]}; csto infer --stats lists them")
    prover = Prover(dataset, the_day(context, dataset, on))
    made = prover.made[prover.certain]
    wanted = {t: rule for t, (_, rule) in made.items() if not rules or rule.code in rules}
    if output is not None or not stats:
        ordered = sorted(wanted, key=str)
        prefixes = _used(ordered, {**dataset.prefixes, **WELL_KNOWN}) if chosen == "turtle" else {}
        data = serialize(ordered, format=_PLAIN[chosen], prefixes=prefixes or None) or b""
        if output is None:
            sys.stdout.buffer.write(data)
        else:
            _save(output, data)
            remark(context, f"wrote {output} ({len(wanted)} triples)")
    if stats:
        counts = Counter(rule.code for rule in wanted.values())
        rows = []
        for code in sorted(rules or known, key=lambda code: (-counts[code], code)):
            cost = dataset.timings.get(code)
            spent = [str(cost.runs), f"{cost.seconds:.3f}"] if cost else ["0", "0.000"]
            rows.append([code, str(counts[code]), *spent, known[code]])
        names = ["rule", "triples", "runs", "seconds", "summary"]
        sys.stdout.write(write_rows(names, rows, default_format()))
        total = sum(timing.seconds for timing in dataset.timings.values())
        remark(context, f"{len(wanted)} triples by {len(counts)} rules, {total:.2f} s in all rules")


def _used(triples: list[Triple], prefixes: dict[str, str]) -> dict[str, str]:
    """The prefixes whose namespace some name of these triples stands in."""
    cut = re.compile(r"^.*[/#]")
    spaces = {
        found[0]
        for triple in triples
        for part in triple
        if isinstance(part, NamedNode) and (found := cut.match(part.value))
    }
    return {prefix: iri for prefix, iri in prefixes.items() if iri in spaces}


_PLAIN = {
    "ntriples": RdfFormat.N_TRIPLES,
    "turtle": RdfFormat.TURTLE,
    "rdfxml": RdfFormat.RDF_XML,
}
