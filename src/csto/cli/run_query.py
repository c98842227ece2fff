"""Answer a query as the command ``query`` does."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from csto.answer.query import bind, run
from csto.answer.tables import write_answer
from csto.cli.context import Context, remark, the_day
from csto.errors import InputError
from csto.graph.build import build
from csto.load.workspace import find_workspace
from csto.sparql.saved import SavedQuery, find_query


def ask_query(
    context: Context,
    source: str | None,
    text: str | None,
    param: Sequence[str],
    on: str | None,
    how: str | None,
    *,
    cite: bool = False,
    reasoner: str = "rules",
    engine: str | None = None,
    user: str | None = None,
) -> None:
    """Run a query and write its answer to standard output, remarks to standard error.

    Args:
        context: carries the options that hold for every command.
        source: name of a saved query, a file, or ``-`` for standard input.
        text: SPARQL, in place of ``source``.
        param: parameters as ``name=value``.
        on: the day, ``YYYY-MM-DD``; the last of the graph if ``None``.
        how: format; a table on a terminal and else CSV if ``None``.
        cite: add the passages behind each row.
        reasoner: what closes the slice, ``rules`` or ``owlrl``.
        engine: address of a server that answers in place of the built-in engine.
        user: name and password for that server, ``name:password``.

    Raises:
        InputError: for a query, a parameter or a day that is wrong.
    """
    given = read_params(param)
    if (source is None) == (text is None):
        raise InputError("give one query: a name, a file, - for standard input, or -e TEXT")
    workspace = find_workspace(context.obj.workspace)
    if text is not None:
        wanted = SavedQuery("-e", text)
    elif source == "-":
        wanted = SavedQuery("standard input", sys.stdin.read())
    else:
        wanted = find_query(workspace, source or "")
    dataset = build(workspace)
    dataset.reason_with(reasoner)
    bound = bind(wanted, given, dataset.things)
    day = the_day(context, dataset, on)
    if cite:
        from csto.answer.citations import cited

        if engine is not None:
            raise InputError("--cite needs the graph here; give it without --engine")
        data, count = cited(dataset, bound, day, wanted.name, how)
    elif engine is not None:
        from csto.answer.endpoint import ask

        data, count = write_answer(ask(dataset, bound, day, engine, user, wanted.name), how)
    else:
        data, count = write_answer(run(dataset, bound, day, wanted.name), how)
    sys.stdout.write(data)
    if on is None and wanted.dated:
        remark(context, f"as of {day}, the last day of the graph; --on asks for another")
    if count == 0:
        remark(context, "no rows")
    for note in wanted.notes:
        remark(context, note)


def read_params(pairs: Sequence[str]) -> dict[str, str]:
    """Parameters from what a user writes, ``name=value`` each."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise InputError(f'"{pair}" is no parameter; write --param name=value')
        found[name.strip()] = value
    return found
