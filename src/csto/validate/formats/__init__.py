"""Reports of a validation, for people and for the tools that they use.

Each module has one function ``write(report, context) -> str``.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from csto.validate.catalogue import Entry
from csto.validate.finding import Report

FORMATS = ("text", "json", "sarif", "junit", "github", "turtle")


@dataclass(frozen=True)
class Context:
    """What a format may need besides the findings."""

    entries: dict[str, Entry]
    colour: bool = False
    fail_on: str = "violation"


def write(report: Report, how: str, context: Context) -> str:
    """A report in one of :data:`FORMATS`."""
    module = import_module(f"csto.validate.formats.{how}")
    text: str = module.write(report, context)
    return text
