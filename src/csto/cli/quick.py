"""The question asked most, answered without the command line library.

Importing typer, and pydantic with it, takes longer than answering a query. So the
plain forms of ``csto query`` are read here; whatever is not among them, help and
mistakes included, is left to typer, which reads everything.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

# Options of the whole command and of ``query``, each with a value, and what they are called there.
GLOBAL = {"--workspace": "workspace", "-w": "workspace"}
QUERY = {
    "--execute": "text",
    "-e": "text",
    "--format": "how",
    "-f": "how",
    "--on": "on",
    "--param": "param",
    "-p": "param",
}
QUIET = ("--quiet", "-q")
# Variables of the environment with which typer has more to do.
ELSEWHERE = {"CSTO_ENGINE", "_CSTO_COMPLETE"}
FORMATS = ("table", "csv", "tsv", "json", "xml", "md", "turtle", "ntriples")


def answered(arguments: Sequence[str]) -> bool:
    """Answer a plain ``query``; false, with nothing done, if the arguments are anything else."""
    read = _read(list(arguments))
    if read is None or os.environ.keys() & ELSEWHERE:
        return False
    given, params, quiet = read
    from pathlib import Path

    from csto.cli.context import Given, Options
    from csto.cli.run_query import ask_query

    folder = given.get("workspace") or os.environ.get("CSTO_WORKSPACE")
    context = Given(Options(Path(folder) if folder else None, quiet))
    ask_query(
        context, given.get("source"), given.get("text"), params, given.get("on"), given.get("how")
    )
    return True


def _read(arguments: list[str]) -> tuple[dict[str, str], list[str], bool] | None:
    """Values by name, parameters, and whether to be quiet; ``None`` if typer must read them."""
    given: dict[str, str] = {}
    params: list[str] = []
    quiet = command = False
    while arguments:
        item = arguments.pop(0)
        name, equals, value = item.partition("=")
        options = QUERY if command else GLOBAL
        if not command and item in QUIET:
            quiet = True
        elif not command and item == "query":
            command = True
        elif name in options and (equals == "" or name.startswith("--")):
            if not equals:
                if not arguments or arguments[0].startswith("-"):
                    return None
                value = arguments.pop(0)
            if options[name] == "param":
                params.append(value)
            elif given.setdefault(options[name], value) != value:
                return None
        elif command and not item.startswith("-") and "source" not in given:
            given["source"] = item
        else:
            return None
    if not command or given.get("how", "csv") not in FORMATS:
        return None
    return given, params, quiet
