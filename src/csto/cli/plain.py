"""Plain calls of a command, read from its declaration without the machinery of typer.

Reading and checking its own declarations costs typer, and the library it checks with,
more time than most answers. Plain calls need little of it: a command, its words, and
options with a value each. Whatever is not plain (help, mistakes, joined short options)
is left to typer, which reads the same declarations and says what is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import typer
from typer.models import ArgumentInfo, OptionInfo

from csto.cli.context import Given, Options


class NotPlainError(Exception):
    """Typer must read it."""


@dataclass(frozen=True)
class _Parameter:
    """One parameter of a command: its names on the command line, and what it takes."""

    name: str
    options: tuple[str, ...]
    kind: type
    many: bool
    needed: bool
    info: ArgumentInfo | OptionInfo

    @property
    def flag(self) -> bool:
        return self.kind is bool

    def value(self, text: str) -> Any:
        """What a word means; a mistake is for typer to tell."""
        if self.kind in (str, Path):
            return self.kind(text)
        if issubclass(self.kind, Enum):
            if text in {str(one.value) for one in self.kind}:
                return self.kind(text)
        elif self.kind is int and text.isdecimal():
            low, high = self.info.min, self.info.max
            if (low is None or int(text) >= low) and (high is None or int(text) <= high):
                return int(text)
        raise NotPlainError


def read(application: typer.Typer, arguments: Sequence[str]) -> Callable[[], None] | None:
    """What a call does, ready to run; ``None`` if typer must read it.

    Args:
        application: has the command that is called.
        arguments: as :func:`csto.cli.app.in_order` gives them.
    """
    if any(name.startswith("_") and name.endswith("_COMPLETE") for name in os.environ):
        return None
    words = list(arguments)
    try:
        options = _options(words)
        function = _function(application, words)
        return partial(function, Given(options), **_values(function, words))
    except NotPlainError:
        return None


def _options(words: list[str]) -> Options:
    """Take the options that stand before the command off the words."""
    folder = os.environ.get("CSTO_WORKSPACE") or None
    quiet = False
    while words and words[0].startswith("-"):
        item = words.pop(0)
        name, equals, value = item.partition("=")
        if item in ("--quiet", "-q"):
            quiet = True
        elif name == "--workspace" and equals:
            folder = value
        elif item in ("--workspace", "-w") and words and not words[0].startswith("-"):
            folder = words.pop(0)
        else:
            raise NotPlainError
    return Options(Path(folder) if folder else None, quiet)


def _function(application: typer.Typer, words: list[str]) -> Callable[..., None]:
    """Take the names of command and subcommand off the words, and give the function."""
    if not words:
        raise NotPlainError
    name = words.pop(0)
    for group in application.registered_groups:
        if group.name == name and group.typer_instance is not None:
            return _function(group.typer_instance, words)
    for command in application.registered_commands:
        if command.callback and (command.name or command.callback.__name__) == name:
            return command.callback
    raise NotPlainError


def _parameters(function: Callable[..., None]) -> Iterator[_Parameter]:
    import inspect

    hints = get_type_hints(function, include_extras=True)
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints[name]
        if get_origin(hint) is not Annotated:
            continue
        inner, *infos = get_args(hint)
        (info,) = (one for one in infos if isinstance(one, ArgumentInfo | OptionInfo))
        if info.callback or info.parser:
            raise NotPlainError
        kinds = (
            [one for one in get_args(inner) if one is not NoneType]
            if get_origin(inner) in (Union, UnionType)
            else [inner]
        )
        many = get_origin(kinds[0]) is list
        (kind,) = get_args(kinds[0]) if many else kinds
        # The first name stands where a default would, if the default is given by the function.
        named = (info.default, *(info.param_decls or ()))
        decls = tuple(d for d in named if isinstance(d, str) and d.startswith("-"))
        if isinstance(info, OptionInfo) and not decls:
            decls = ("--" + name.replace("_", "-"),)
        needed = parameter.default is inspect.Parameter.empty
        yield _Parameter(name, decls, kind, many, needed, info)


def _values(function: Callable[..., None], words: list[str]) -> dict[str, Any]:
    parameters = list(_parameters(function))
    by_option = {option: p for p in parameters for option in p.options}
    values: dict[str, Any] = {}
    free: list[str] = []
    while words:
        item = words.pop(0)
        name, equals, text = item.partition("=")
        parameter = by_option.get(name)
        if not item.startswith("-") or item == "-":
            free.append(item)
        elif parameter is None or (equals and not name.startswith("--")):
            raise NotPlainError
        elif parameter.flag:
            if equals or parameter.name in values:
                raise NotPlainError
            values[parameter.name] = True
        else:
            if not equals:
                if not words or (words[0].startswith("-") and words[0] != "-"):
                    raise NotPlainError
                text = words.pop(0)
            _put(values, parameter, text)
    _place(values, [p for p in parameters if not p.options], free)
    for parameter in parameters:
        from_environment = _environment(parameter.info.envvar)
        if from_environment and parameter.name not in values:
            _put(values, parameter, from_environment)
        if parameter.needed and parameter.name not in values:
            raise NotPlainError
    return values


def _put(values: dict[str, Any], parameter: _Parameter, text: str) -> None:
    if parameter.many:
        values.setdefault(parameter.name, []).append(parameter.value(text))
    elif parameter.name in values:
        raise NotPlainError
    else:
        values[parameter.name] = parameter.value(text)


def _place(values: dict[str, Any], places: Iterable[_Parameter], words: list[str]) -> None:
    """Give the words that are no options to the arguments, in order."""
    for parameter in places:
        if parameter.many:
            for word in words:
                _put(values, parameter, word)
            words = []
        elif words:
            _put(values, parameter, words[0])
            words = words[1:]
    if words:
        raise NotPlainError


def _environment(names: Any) -> str | None:
    listed = [names] if isinstance(names, str) else list(names or ())
    return next((os.environ[name] for name in listed if os.environ.get(name)), None)
