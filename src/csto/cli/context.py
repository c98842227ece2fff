"""What every command needs of its surroundings: its options, the graph, the day, a remark."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from csto.graph.dataset import Dataset


@dataclass
class Options:
    """What holds for every command."""

    workspace: Path | None = None
    quiet: bool = False


class Context(Protocol):
    """Whatever carries the :class:`Options` of a command, such as the context of typer."""

    obj: Any


@dataclass
class Given:
    """A context without a command line library."""

    obj: Any


def open_dataset(context: Context) -> Dataset:
    """The completed graph of the workspace that is asked for."""
    from csto.graph.build import build
    from csto.load.workspace import find_workspace

    return build(find_workspace(context.obj.workspace))


def the_day(context: Context, dataset: Dataset, on: str | None) -> str:
    """The day asked for, or the last the graph speaks of; says so where it matters."""
    from csto.load.edtf import parse_day

    if on is None:
        return dataset.cut_off
    day = parse_day(on)
    if day > dataset.cut_off:
        remark(
            context,
            f"the graph reaches to {dataset.cut_off}; what it says of {day} is only possible",
        )
    return day


def remark(context: Context, text: str) -> None:
    """Say something to the reader of an answer, on standard error."""
    if context.obj.quiet:
        return
    told = f"note: {text}"
    if sys.stderr.isatty():
        from csto.answer.columns import paragraph, width

        told = "\n".join(paragraph(told, width(), "", "  "))
    print(told, file=sys.stderr)
