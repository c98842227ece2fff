"""Commands that prove: why something holds, and why something does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from csto.cli import complete
from csto.cli.common import (
    ASK,
    ExplainFormat,
    OnOption,
    TimeoutOption,
    allow,
    app,
    open_dataset,
    page,
    read_params,
    remark,
    the_day,
)
from csto.errors import InputError

if TYPE_CHECKING:
    from csto.answer.explain import Proof, Prover

explain = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Why something holds on a day: rules, premises, and at the end the passages.\n\n"
    "Without one of the words below it explains a triple.\n\n"
    "Example: `csto explain Kazakhstan memberOf CSTO --on 2022-01-10`",
)
app.add_typer(explain, name="explain", rich_help_panel=ASK)

FormatOption = Annotated[ExplainFormat, typer.Option("--format", "-f", help="How it is written.")]
AllOption = Annotated[
    bool, typer.Option("--all", help="Every proof, not only by the rule that was first.")
]


@explain.command()
def triple(
    context: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="SUBJECT PREDICATE OBJECT",
            help="Things by name or IRI, a property (memberOf, csto:endEarliest, member of), a "
            "value.",
            show_default=False,
            autocompletion=complete.things,
        ),
    ],
    on: OnOption = None,
    timeout: TimeoutOption = 300,
    how: FormatOption = ExplainFormat.tree,
    every: AllOption = False,
) -> None:
    """Why a triple holds.

    Example: `csto explain triple KAZAKHSTAN dividedLoyaltyIn "Armenia-Azerbaijan 2022"`
    """
    from csto.answer.explain import explain as prove
    from csto.answer.explain import read_triple

    if len(what) != 3:
        raise InputError(
            f"explain takes SUBJECT PREDICATE OBJECT, not {len(what)} words; put a name of several "
            "words in quotes (or say: explain overlap, explain row, explain rule)"
        )
    prover, day = _prover(context, on, every, timeout)
    proof, certain = prove(prover, read_triple(prover.dataset, *what))
    if not certain:
        remark(context, f"only possible on {day}, not certain")
    _write(prover, proof, how)


@explain.command()
def overlap(
    context: typer.Context,
    organizations: Annotated[
        list[str],
        typer.Argument(
            metavar="ORG ORG [ORG ...]",
            help="As csto overlap takes them.",
            autocompletion=complete.of_kind("body", "agreement"),
        ),
    ],
    on: OnOption = None,
    timeout: TimeoutOption = 300,
    of: Annotated[
        str | None,
        typer.Option(
            "--of",
            metavar="STATE",
            help="The overlap of this state only.",
            autocompletion=complete.of_kind("state"),
        ),
    ] = None,
    ever: Annotated[bool, typer.Option("--ever", help="On any day.")] = False,
    how: FormatOption = ExplainFormat.tree,
    every: AllOption = False,
) -> None:
    """Why states belong to several organizations.

    Example: `csto explain overlap OTS CSTO --of Kazakhstan --on 2022-01-10`
    """
    from csto.answer.explain import explain_overlap
    from csto.answer.overlap import find_frameworks

    prover, day = _prover(context, on, every, timeout)
    things = prover.dataset.things
    frameworks = find_frameworks(organizations, things)
    holder = None if of is None else things.find(of, "state", ("state",))
    found = explain_overlap(prover, frameworks, holder, None if ever else day)
    _write(prover, found, how)


@explain.command()
def row(
    context: typer.Context,
    query: Annotated[
        str,
        typer.Argument(
            metavar="NAME|FILE",
            help="A saved query or a file.",
            autocompletion=complete.queries,
        ),
    ],
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="k=v",
            help="A parameter. Repeatable.",
            autocompletion=complete.parameters,
        ),
    ] = None,
    number: Annotated[
        int | None, typer.Option("--row", min=1, help="This row only, counted from 1.")
    ] = None,
    on: OnOption = None,
    timeout: TimeoutOption = 300,
    how: FormatOption = ExplainFormat.tree,
    every: AllOption = False,
) -> None:
    """What the rows of a query rest on.

    Example: `csto explain row memberships/members-on -p organization=CSTO --row 3`
    """
    prover, _ = _prover(context, on, every, timeout)
    _write(prover, _rows(prover, query, param or [], number), how)


@explain.command()
def rule(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="RULE", help="A rule, by its code or name.")],
    things: Annotated[
        list[str],
        typer.Argument(
            metavar="THING ...",
            help="What it could have fired for, by name or IRI.",
            autocompletion=complete.things,
        ),
    ],
    on: OnOption = None,
    timeout: TimeoutOption = 300,
) -> None:
    """Why a rule did not fire: its first condition that fails.

    Example: `csto explain rule divided-loyalty Uzbekistan`
    """
    from csto.answer.why_not import why_not

    prover, _ = _prover(context, on, False, timeout)
    page(why_not(prover, code, things))


def _prover(
    context: typer.Context, on: str | None, every: bool, timeout: int | None
) -> tuple[Prover, str]:
    from csto.answer.explain import Prover

    allow(timeout)
    dataset = open_dataset(context)
    day = the_day(context, dataset, on)
    return Prover(dataset, day, every=every), day


def _write(prover: Prover, proof: Proof, how: ExplainFormat) -> None:
    from csto.answer.explain import WRITERS

    page(WRITERS[how.value](proof, prover.dataset.workspace.manifest.base))


def _rows(prover: Prover, name: str, params: list[str], number: int | None) -> Proof:
    from csto.answer.citations import Matches
    from csto.answer.explain import Proof
    from csto.answer.query import bind
    from csto.sparql.saved import find_query

    dataset = prover.dataset
    wanted = find_query(dataset.workspace, name)
    matches = Matches(prover, bind(wanted, read_params(params), dataset.things), wanted.name)
    count = len(matches.rows)
    if number is not None and number > count:
        raise InputError(
            f"query {wanted.name} has {count} rows here; --row {number} is beyond them"
        )
    chosen = range(count) if number is None else [number - 1]
    answers = [matches.proof(place) for place in chosen]
    if len(answers) == 1:
        return answers[0]
    return Proof("answer", f"{wanted.name}: {count} rows", premises=answers)
