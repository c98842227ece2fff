"""Calls that are read without the machinery of typer are read as typer reads them."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.main import get_command

from csto.cli.app import MODULES, application, command_of, in_order
from csto.cli.plain import read


def through_typer(arguments: list[str]) -> dict[str, Any]:
    """The values that typer gives to the parameters of the command."""
    rest = in_order(arguments)
    command: Any = get_command(application(None))
    context = command.make_context("csto", rest)
    while hasattr(command, "commands"):
        rest = [*context._protected_args, *context.args]
        command = command.commands[rest[0]]
        context = command.make_context(rest[0], rest[1:], parent=context)
    return dict(context.params)


def plainly(arguments: list[str]) -> dict[str, Any] | None:
    """The same values as read plainly; ``None`` if it is left to typer."""
    call: Any = read(application(command_of(in_order(arguments))), in_order(arguments))
    if call is None:
        return None
    defaults = inspect.signature(call.func).parameters.values()
    values = {p.name: p.default for p in defaults if p.name != "context"}
    return {**values, **call.keywords}


def alike(values: dict[str, Any]) -> dict[str, Any]:
    """An option given no time is an empty list to one and nothing to the other."""
    return {n: (list(v) if isinstance(v, (list, tuple)) else v) or None for n, v in values.items()}


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "votes/x"],
        ["query", "votes/x", "--param", "a=b", "-p", "c=d=e", "--on", "2022-01-10"],
        ["query", "-e", "ASK {}", "--format", "json"],
        ["query", "--execute=ASK {}", "-f", "md"],
        ["query", "x", "--quiet", "--on=2022-01-10"],
        ["-q", "-w", "folder", "query", "-p", "a=", "x"],
        ["query", "x", "--workspace", "folder"],
        ["query", "-"],
        ["query"],
        ["overlap", "OTS", "CSTO", "SCO", "--ever", "--cite"],
        ["explain", "Kazakhstan", "memberOf", "CSTO", "--on", "2022-01-10", "-f", "json"],
        ["explain", "query", "a/b", "-p", "x=y", "--row", "3"],
        ["explain", "overlap", "OTS", "CSTO", "--of", "Kazakhstan"],
        ["explain", "--rule", "divided-loyalty", "Uzbekistan"],
        ["explain", "Uzbekistan", "--rule=divided-loyalty"],
        ["law"],
        ["law", "CST", "--state", "Uzbekistan"],
        ["law", "diff", "CST", "2005-01-01", "2015-01-01"],
        ["law", "--state", "Armenia", "--suppose", "notice=2023-09-24", "--proof"],
        ["panel", "dyad-year", "--from", "1992", "-o", "x.csv"],
        ["conflicts", "--kind", "majority"],
        ["fmt", "--check", "a.ttl", "b.ttl"],
        ["validate"],
    ],
)
def test_plain_calls_are_read_alike(arguments: list[str]) -> None:
    values = plainly(arguments)
    assert values is not None
    assert alike(values) == alike(through_typer(arguments))


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--help"],
        ["--version"],
        ["frobnicate"],
        ["query", "--help"],
        ["query", "x", "y"],
        ["query", "x", "--unknown"],
        ["query", "x", "-fcsv"],
        ["query", "x", "-f", "pdf"],
        ["query", "x", "--on"],
        ["query", "x", "--on", "2020-01-01", "--on", "2021-01-01"],
        ["query", "--", "x"],
        ["-w", "query"],
        ["show"],
        ["explain", "row", "x", "--row", "0"],
        ["panel", "state-year", "--from", "soon"],
        ["explain"],
        ["law", "--help"],
    ],
)
def test_all_else_is_left_to_typer(arguments: list[str]) -> None:
    assert plainly(arguments) is None


WORDS = st.sampled_from(
    [
        *("x", "CSTO", "-", "diff", "--ever", "--cite", "--all", "-e", "ASK {}", "-p", "a=b"),
        *("--on", "2020-01-01", "-f", "csv", "json", "--format=md", "--row", "3", "--from", "1992"),
        "--state",
    ]
)


@given(st.sampled_from(sorted(c for m in MODULES.values() for c in m)), st.lists(WORDS, max_size=6))
@settings(deadline=None, max_examples=150)
def test_what_is_read_plainly_is_what_typer_reads(command: str, words: list[str]) -> None:
    values = plainly([command, *words])
    if values is not None:
        assert alike(values) == alike(through_typer([command, *words]))


def test_neither_pydantic_nor_what_one_answer_does_not_need_is_imported() -> None:
    script = (
        "import sys; sys.argv = ['csto', 'query', '-e', 'ASK {}', '--on', '2022-01-10']\n"
        "from csto.cli.main import run\nrun()\n"
        "heavy = {'pydantic', 'rdflib', 'owlrl', 'pyshacl', 'rich', 'edtf', 'hashlib'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    # The first run may build the graph, which imports more.
    for _ in range(2):
        ran = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
    assert ran.stdout == "true\n[]\n"
