"""The command that builds the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.main

from csto.cli.app import application
from csto.cli.common import PUBLISH, app, open_dataset, remark

if TYPE_CHECKING:
    from csto.publish.site import Command


@app.command(rich_help_panel=PUBLISH)
def site(
    context: typer.Context,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the pages.")
    ] = Path("site"),
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=2, help="Processes that share the work.")
    ] = 2,
) -> None:
    """Write everything as a folder of pages: things, questions, law, conflicts, terms, guides.

    It needs no server and no network: open index.html, from a folder, a stick or any host.
    Parts of other people that are not installed (map, SPARQL in the browser) are left out,
    and it says how to get them.

    Example: `csto site -o site`
    """
    from csto.cli.guard import reserve
    from csto.publish.site import build_site

    reserve()
    report = build_site(
        open_dataset(context),
        output,
        list(commands(application(None))),
        functions=list(functions()),
        processes=processes,
        say=lambda text: remark(context, text),
    )
    remark(
        context,
        f"wrote {report.files} files ({report.bytes / 1e6:.0f} MB) in {report.seconds:.0f} s; "
        f"open {output / 'index.html'}",
    )


@app.command(rich_help_panel=PUBLISH, hidden=True)
def docs(
    context: typer.Context,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the pages.")
    ] = Path("site"),
) -> None:
    """Write the site: its folder docs/ is the documentation. Now `csto site`."""
    remark(context, "csto docs is a part of csto site now, which is written")
    site(context, output, 2)


def commands(application: typer.Typer) -> Iterator[Command]:
    """The commands, from what they tell of themselves with --help."""
    yield from _tree(typer.main.get_command(application), "csto")


def functions() -> Iterator[Command]:
    """What ``import csto`` brings, from signatures and docstrings."""
    import inspect

    import csto

    for name in csto.__all__:
        thing = getattr(csto, name)
        if not callable(thing):
            continue
        yield _function(f"csto.{name}", thing)
        for own, method in vars(thing).items() if inspect.isclass(thing) else ():
            if not own.startswith("_") and inspect.isfunction(method):
                yield _function(f"csto.{name}.{own}", method)


def _function(name: str, thing: Any) -> Command:
    """One function: what it does, what it takes, and what can go wrong."""
    import inspect

    from csto.publish.site import Command

    told, taken, part = [], [], ""
    for line in _ROLE.sub(r"``\1``", inspect.getdoc(thing) or "").splitlines():
        item = _ITEM.match(line)
        if line in ("Args:", "Raises:", "Returns:"):
            part = line[:-1]
            if part == "Returns":
                taken.append((part, ""))
        elif not part:
            told.append(line)
        elif item and part != "Returns":
            shown = item[1] if part == "Args" else f"{part} {item[1]}"
            taken.append((shown, item[2]))
        elif line.strip() and taken:
            taken[-1] = (taken[-1][0], f"{taken[-1][1]} {line.strip()}".strip())
        else:
            told.append(line.strip())
    usage = f"{name}{inspect.signature(thing)}".replace("'", "")
    return Command(name, usage, "\n".join(told), [(n, text.replace("``", "")) for n, text in taken])


# The name of another function, and an argument or an error, in a docstring.
_ROLE = re.compile(r":\w+:`([^`]+)`")
_ITEM = re.compile(r" {4}(\w+): (.*)")


def _tree(group: Any, name: str) -> Iterator[Command]:
    from csto.publish.site import Command

    for key in sorted(getattr(group, "commands", {})):
        command = group.commands[key]
        if command.hidden:
            continue
        full = f"{name} {key}"
        if getattr(command, "commands", None):
            yield from _tree(command, full)
            continue
        shown, arguments = [], []
        for param in command.params:
            text = " ".join((getattr(param, "help", None) or "").split())
            if param.param_type_name == "argument":
                arguments.append(param.metavar or param.name.upper())
                shown.append((arguments[-1], text))
            elif not getattr(param, "hidden", False):
                names = ", ".join([*param.opts, *param.secondary_opts])
                takes = "" if param.is_flag else f" {param.metavar or 'VALUE'}"
                shown.append((names + takes, text))
        usage = " ".join([full, *arguments, "[OPTIONS]"])
        yield Command(full, usage, command.help or "", shown)
