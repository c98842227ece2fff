"""What a shell offers after TAB."""

from __future__ import annotations

import typer
from typer.main import get_command

from csto.cli import complete


def _none() -> None:
    pass


_APP = typer.Typer()
_APP.command()(_none)
CONTEXT = typer.Context(get_command(_APP))


def test_things_are_offered_by_name() -> None:
    assert "Kazakhstan" in complete.things(CONTEXT, "kazakhs")
    assert complete.things(CONTEXT, "no such thing") == []


def test_kinds_are_offered_in_the_plural() -> None:
    assert {"requests", "crises"} <= {
        *complete.kinds(CONTEXT, "re"),
        *complete.kinds(CONTEXT, "cri"),
    }


def test_saved_queries_are_offered_with_what_they_ask() -> None:
    found = dict(complete.queries(CONTEXT, "crises/ch"))
    assert list(found) == ["crises/chain"]
    assert found["crises/chain"].startswith("What was asked")
