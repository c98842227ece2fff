"""The commands by name, each in the module that declares it; a module is imported when asked for.

A command is declared once, as typer reads it: a function whose parameters say what they
take. Plain calls are read from the same declarations by :mod:`csto.cli.plain`; help,
completion and everything unusual by typer itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

# In the order of the help: what asks the graph, what changes it, what gives it to others.
MODULES = {
    "ask": ("overlap", "query", "queries", "show", "conflicts"),
    "find": ("find",),
    "listing": ("list",),
    "schema": ("schema",),
    "contrast": ("compare",),
    "explain": ("explain",),
    "law": ("law", "grounds"),
    "panels": ("panel",),
    "record": ("import", "cohesion", "agreement"),
    "init": ("init",),
    "change": ("fmt", "diff"),
    "check": ("validate", "checks"),
    "exports": ("export",),
    "publish": ("infer",),
    "serve": ("serve", "push"),
    "site": ("site", "docs"),
}
_MODULE = {command: module for module, commands in MODULES.items() for command in commands}
# Options of the whole command that take a value of their own.
_TAKES_VALUE = ("--workspace", "-w")
_LAW = ("show", "diff", "exit")
_EXPLAIN = ("triple", "overlap", "row", "rule")
_HELP = ("--help", "-h")


def command_of(arguments: Sequence[str]) -> str | None:
    """The command that is called; ``None`` if the words before it say something else."""
    skip = False
    for item in arguments:
        if skip:
            skip = False
        elif item in _TAKES_VALUE:
            skip = True
        elif not item.startswith("-"):
            return item if item in _MODULE else None
        elif item not in ("--quiet", "-q") and not item.startswith("--workspace="):
            return None
    return None


def application(command: str | None) -> typer.Typer:
    """The application with one command, or with all of them."""
    wanted = MODULES if command is None else (_MODULE[command],)
    for module in wanted:
        import_module(f"csto.cli.{module}")
    from csto.cli.common import app

    return app


def in_order(arguments: Sequence[str]) -> list[str]:
    """The arguments as the parsers want them: options of all commands first, subcommands named.

    ``csto law CST`` is ``csto law show CST``, and the forms of the first release are read on:
    ``law --suppose`` as ``law exit``, ``explain query`` as ``explain row``, ``explain --rule
    CODE`` as ``explain rule CODE``.
    """
    first: list[str] = []
    rest: list[str] = []
    items = iter(arguments)
    for item in items:
        if item == "--":
            rest += [item, *items]
        elif item == "--quiet" or item.startswith("--workspace="):
            first.append(item)
        elif item == "--workspace":
            first += [item, *(value for value in [next(items, None)] if value is not None)]
        else:
            rest.append(item)
    command = command_of(rest)
    if command in ("law", "explain"):
        at = rest.index(command) + 1
        rest[at:] = (_law if command == "law" else _explain)(rest[at:])
    return first + rest


def _law(words: list[str]) -> list[str]:
    if words[:1] and words[0] in (*_LAW, *_HELP):
        return words
    supposes = any(word.partition("=")[0] == "--suppose" for word in words)
    return ["exit" if supposes else "show", *words]


def _explain(words: list[str]) -> list[str]:
    if not words or words[0] in (*_EXPLAIN, *_HELP):
        return words
    if words[0] == "query":
        return ["row", *words[1:]]
    for place, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == "--rule":
            code = [value] if equals else words[place + 1 : place + 2]
            return ["rule", *code, *words[:place], *words[place + 1 + (not equals) :]]
    return ["triple", *words]
