"""Commands that check the graph and give it to other tools."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from csto.cli.common import OnOption, app, open_dataset, remark, save, the_day
from csto.errors import InputError


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
        save(output, data.encode())
        remark(context, f"wrote {output} ({len(wanted)} triples)")
