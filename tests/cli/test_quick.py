"""Queries that are read without typer are read as typer reads them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.main import get_command

from csto.cli import quick
from csto.cli.app import app
from csto.cli.common import QueryFormat


def through_typer(arguments: list[str]) -> tuple[dict[str, str], list[str], bool]:
    """What typer makes of the arguments, in the form of ``quick._read``."""
    group = get_command(app)
    context = group.make_context("csto", list(arguments))
    command = group.commands["query"]  # type: ignore[attr-defined]
    rest = [*context._protected_args, *context.args][1:]
    inner = command.make_context("query", rest, parent=context)
    values = {**context.params, **inner.params}
    given = {n: str(v) for n, v in values.items() if n in ("source", "text", "on") and v}
    if values["how"]:
        given["how"] = values["how"].value
    if values["workspace"]:
        given["workspace"] = str(values["workspace"])
    return given, list(values["param"] or []), values["quiet"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "votes/x"],
        ["query", "votes/x", "--param", "a=b", "-p", "c=d=e", "--on", "2022-01-10"],
        ["query", "-e", "ASK {}", "--format", "json"],
        ["query", "--execute=ASK {}", "-f", "md"],
        ["--quiet", "query", "x", "--on=2022-01-10"],
        ["-q", "-w", "folder", "query", "-p", "a=", "x"],
        ["--workspace", "folder", "query", "x"],
        ["--workspace=folder", "query", "-f", "turtle", "x"],
        ["query"],
    ],
)
def test_plain_forms_are_read_alike(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CSTO_WORKSPACE", raising=False)
    assert quick._read(list(arguments)) == through_typer(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--help"],
        ["--version"],
        ["query", "--help"],
        ["query", "-h"],
        ["query", "x", "y"],
        ["query", "x", "--unknown"],
        ["query", "x", "-fcsv"],
        ["query", "x", "-f", "pdf"],
        ["query", "x", "--on"],
        ["query", "x", "--on", "2020-01-01", "--on", "2021-01-01"],
        ["query", "-"],
        ["query", "--", "x"],
        ["queries"],
        ["overlap", "query"],
        ["-w", "query"],
    ],
)
def test_all_else_is_left_to_typer(arguments: list[str]) -> None:
    assert quick._read(list(arguments)) is None


def test_options_mean_what_they_mean_to_typer() -> None:
    group = get_command(app)
    command = group.commands["query"]  # type: ignore[attr-defined]
    with_value = {n: p.name for p in command.params for n in p.opts}
    assert set(QueryFormat) == set(quick.FORMATS)
    assert quick.QUERY.items() <= with_value.items()


def test_neither_typer_nor_pydantic_is_imported() -> None:
    script = (
        "import sys; sys.argv = ['csto', 'query', '-e', 'ASK {}', '--on', '2022-01-10']\n"
        "from csto.cli.main import run\nrun()\n"
        "heavy = {'typer', 'pydantic', 'rdflib', 'owlrl', 'pyshacl', 'rich', 'edtf', 'hashlib'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    # The first run may build the graph, which imports more.
    for _ in range(2):
        ran = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
    assert ran.stdout == "true\n[]\n"
