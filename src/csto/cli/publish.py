"""Commands that check the graph and give it to other tools."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csto.cli.common import PUBLISH, OnOption, Reasoner, ReasonerOption, app, remark, save, the_day
from csto.errors import InputError
from csto.vocabulary import WELL_KNOWN

if TYPE_CHECKING:
    from pyoxigraph import Triple


@app.command(rich_help_panel=PUBLISH)
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
    order: Annotated[
        bool,
        typer.Option("--order", help="The order in which rules and axioms run, and why it is so."),
    ] = False,
    reasoner: ReasonerOption = Reasoner.rules,
) -> None:
    """Write what follows from the graph, and nothing else, as N-Triples.

    Timeless inferences, and what is certain on the day. The seconds of --stats are for
    all days, and for what is possible as well.

    Example: `csto infer --on 2022-01-10 --rules overlap`
    """
    from csto.answer.explain import Prover
    from csto.answer.tables import default_format, write_rows
    from csto.graph.build import build
    from csto.load.workspace import find_workspace

    ending = output.suffix.lower() if output else ".nt"
    if ending not in _ENDINGS:
        raise InputError(f"{output}: what follows is written as {', '.join(_ENDINGS)}")
    # Only rules that are run can be timed.
    dataset = build(find_workspace(context.obj.workspace), cached=not stats)
    dataset.reason_with(reasoner.value)
    known = {rule.code: rule.summary for rule in (*dataset.axioms, *dataset.rules)}
    if reasoner is Reasoner.owlrl:
        known["owlrl"] = "what the reasoner owlrl concludes"
    if unknown := sorted(set(rules or ()) - set(known)):
        raise InputError(f"no rule has the code {unknown[0]}; csto infer --stats lists them")
    if order:
        from csto.rules.order import described

        sys.stdout.write(described(dataset.program.components))
        return
    if not rules or any(rule.when_asked for rule in dataset.rules if rule.code in rules):
        dataset.make_asked()
    prover = Prover(dataset, the_day(context, dataset, on))
    made = prover.made[prover.certain]
    wanted = {t: rule for t, rule in made.items() if not rules or rule.code in rules}
    if output is not None or not stats:
        data = _written(wanted, ending, {**dataset.prefixes, **WELL_KNOWN})
        if output is None:
            sys.stdout.buffer.write(data)
        else:
            save(output, data)
            remark(context, f"wrote {output} ({len(wanted)} triples)")
    if stats:
        timings = dataset.evaluation.timings
        counts = Counter(rule.code for rule in wanted.values())
        rows = []
        for code in sorted(rules or known, key=lambda code: (-counts[code], code)):
            cost = timings.get(code)
            spent = [str(cost.runs), f"{cost.seconds:.3f}"] if cost else ["0", "0.000"]
            rows.append([code, str(counts[code]), *spent, known[code]])
        names = ["rule", "triples", "runs", "seconds", "summary"]
        sys.stdout.write(write_rows(names, rows, default_format()))
        total = sum(timing.seconds for timing in timings.values())
        remark(context, f"{len(wanted)} triples by {len(counts)} rules, {total:.2f} s in all rules")


_ENDINGS = (".nt", ".ttl", ".rdf")


def _written(triples: Iterable[Triple], ending: str, prefixes: dict[str, str]) -> bytes:
    """Triples in a fixed order; Turtle declares the prefixes it can use."""
    from pyoxigraph import NamedNode, serialize

    from csto.load.formats import BY_ENDING

    how = BY_ENDING[ending]
    cut = re.compile(r"^.*[/#]")
    names = [part.value for triple in triples for part in triple if isinstance(part, NamedNode)]
    spaces = {found[0] for name in names if (found := cut.match(name))}
    used = {prefix: iri for prefix, iri in prefixes.items() if iri in spaces}
    ordered = sorted(triples, key=str)
    return serialize(ordered, format=how.rdf, prefixes=used if how.key == "turtle" else None) or b""
