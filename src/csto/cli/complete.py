"""What a shell offers after TAB: things by name, kinds by their words, questions, parameters."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from typer import Context

if TYPE_CHECKING:
    from csto.graph.dataset import Dataset
    from csto.load.workspace import Workspace

# Names beyond this many help nobody to choose.
_MOST = 60
_ASKS = "_CSTO_COMPLETE"
# What bash takes for a word of its own; what stands before it is not replaced.
_BREAKS = "=:"
_MARKS = re.compile(r"([\s'\"\\()&;|<>$`*?\[\]{}#!~])")
# Commands with a word of their own that is left out mostly, as csto.cli.app reads them.
_LEFT_OUT = {"law": ("show", "diff", "exit"), "explain": ("triple", "overlap", "row", "rule")}


class _Fitting(str):
    """A value that fits what was typed though it is spelt otherwise: in case, or for the shell."""

    __slots__ = ()

    def startswith(self, *_: object) -> bool:
        # Typer drops what does not begin with the letters that were typed.
        return True


def mend() -> None:
    """Give the words of a call as the shell has them the form that the commands are declared in.

    Bash takes ``name=value`` and ``kind:slug`` apart, and ``csto law CST`` is ``csto law show
    CST``.
    """
    if os.environ.get(_ASKS) == "complete_bash":
        words, at = _joined(os.environ["COMP_WORDS"].split("\n"), int(os.environ["COMP_CWORD"]))
        whole = _spelt_out(words)
        os.environ["COMP_WORDS"] = "\n".join(whole)
        os.environ["COMP_CWORD"] = str(at + len(whole) - len(words))
    elif os.environ.get(_ASKS) == "complete_zsh":
        words = re.split(r"(?<!\\) ", os.environ.get("_TYPER_COMPLETE_ARGS", ""))
        os.environ["_TYPER_COMPLETE_ARGS"] = " ".join(_spelt_out(words))


def _joined(words: list[str], at: int) -> tuple[list[str], int]:
    """The words with those put together again that only a break divides, and the one asked for."""
    found: list[str] = []
    place = 0
    for number, word in enumerate(words):
        before = words[number - 1] if number else ""
        tied = found and (
            (word and set(word) <= set(_BREAKS) and not before.startswith("-"))
            or (before and set(before) <= set(_BREAKS))
        )
        if tied:
            found[-1] += word
        else:
            found.append(word)
        if number == at:
            place = len(found) - 1
    return found, place if at < len(words) else len(found)


def _spelt_out(words: list[str]) -> list[str]:
    for place, word in enumerate(words[1:], 1):
        if word.startswith("-"):
            continue
        following = words[place + 1] if place + 1 < len(words) else ""
        subs = _LEFT_OUT.get(word, ())
        if subs and following and not any(sub.startswith(following) for sub in subs):
            return [*words[: place + 1], subs[0], *words[place + 1 :]]
        return words
    return words


def _offer(values: Iterable[str], incomplete: str = "") -> list[str]:
    """Values as the shell puts them on its line."""
    found = list(values)[:_MOST]
    if os.environ.get(_ASKS) == "complete_bash":
        words = os.environ["COMP_WORDS"].split("\n")
        at = int(os.environ["COMP_CWORD"])
        if at >= len(words) or words[at][:1] not in ("'", '"'):
            cut = max(incomplete.rfind(mark) for mark in _BREAKS) + 1
            found = [_MARKS.sub(r"\\\1", value[cut:]) for value in found]
    return [_Fitting(value) for value in found]


def _after(word: str) -> str:
    """The word of the call after a word; options with a value of their own are not looked for."""
    typed = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    words = re.split(r"\n|(?<!\\) ", typed)
    return words[words.index(word) + 1] if word in words[:-1] else ""


def _workspace(context: Context) -> Workspace:
    from csto.load.workspace import find_workspace

    given = context.find_root().params.get("workspace")
    return find_workspace(given)


def _dataset(context: Context) -> Dataset:
    from csto.graph.build import build

    return build(_workspace(context))


def things(ctx: Context, incomplete: str) -> list[str]:
    """Names of things that begin so; ``kind:slug`` once there is a colon."""
    known = _dataset(ctx).things
    return _offer(known.short_names(incomplete) or known.names(incomplete), incomplete)


def of_kind(*kinds: str) -> Callable[[Context, str], list[str]]:
    """What offers names of things of some kinds."""

    def offer(ctx: Context, incomplete: str) -> list[str]:
        return _offer(_dataset(ctx).things.names(incomplete, kinds), incomplete)

    return offer


def kinds(ctx: Context, incomplete: str) -> list[str]:
    """Plain words for kinds that begin so, in the plural."""
    from csto.answer.kinds import Asking, plural

    ask = Asking(_dataset(ctx).store)
    words = {plural(word) for word in ask.words if word.islower()}
    fits = sorted(word for word in words if word.startswith(incomplete.casefold()))
    return _offer(fits, incomplete)


def columns(ctx: Context, incomplete: str) -> list[str]:
    """Columns of a list that begin so: roles, the year, the properties of the kind, any other."""
    from csto.answer.kinds import ROLES, Asking
    from csto.errors import InputError
    from csto.vocabulary import shorten

    ask = Asking(_dataset(ctx).store)
    own: list[str] = []
    try:
        node = ask.kind(" ".join(ctx.params.get("kind") or [_after("list")]))[0]
        own = [shorten(column.value).partition(":")[2] for column in ask.columns(node)]
    except InputError:
        pass
    roles = [role for role in ROLES if role != "about"]
    rest = [shorten(node.value).partition(":")[2] for node in ask.properties.values()]
    before, comma, last = incomplete.rpartition(",")
    names = dict.fromkeys([*own, *roles, "year", *(sorted(rest) if last else ())])
    fits = [name for name in names if name.casefold().startswith(last.casefold())]
    return _offer((f"{before}{comma}{name}" for name in fits), incomplete)


def queries(ctx: Context, incomplete: str) -> list[tuple[str, str]]:
    """Names of saved queries that begin so, with what they ask."""
    from csto.sparql.saved import saved_queries

    found = saved_queries(_workspace(ctx))
    return [(q.name, q.summary) for q in found if q.name.startswith(incomplete)]


def parameters(ctx: Context, incomplete: str) -> list[str]:
    """Parameters of the saved query that is called, ``name=``; after that, what fits."""
    from csto.errors import InputError
    from csto.sparql.saved import find_query

    try:
        # An option that still lacks its value keeps the words before it from being read.
        given = ctx.params.get("source") or ctx.params.get("query")
        called = given or _after("query") or _after("row")
        query = find_query(_workspace(ctx), called)
    except InputError:
        return []
    name, equals, value = incomplete.partition("=")
    if not equals:
        return _offer((f"{one}=" for one in query.params if one.startswith(name)), incomplete)
    param = query.params.get(name)
    if param is None or param.kind != "thing":
        return []
    names = _dataset(ctx).things.names(value, param.of)
    return _offer((f"{name}={one}" for one in names), incomplete)
