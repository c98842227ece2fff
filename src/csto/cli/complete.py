"""What a shell offers after TAB: things by name, kinds by their words, saved queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer import Context

if TYPE_CHECKING:
    from csto.load.workspace import Workspace

# Names beyond this many help nobody to choose.
_MOST = 60


def _workspace(context: Context) -> Workspace:
    from csto.load.workspace import find_workspace

    given = context.find_root().params.get("workspace")
    return find_workspace(given)


def things(ctx: Context, incomplete: str) -> list[str]:
    """Names of things that begin so."""
    from csto.graph.build import build

    return build(_workspace(ctx)).things.names(incomplete)[:_MOST]


def kinds(ctx: Context, incomplete: str) -> list[str]:
    """Plain words for kinds that begin so, in the plural."""
    from csto.answer.kinds import Asking, plural
    from csto.graph.build import build

    ask = Asking(build(_workspace(ctx)).store)
    words = {plural(word) for word in ask.words if word.islower()}
    return sorted(word for word in words if word.startswith(incomplete.casefold()))[:_MOST]


def queries(ctx: Context, incomplete: str) -> list[tuple[str, str]]:
    """Names of saved queries that begin so, with what they ask."""
    from csto.sparql.saved import saved_queries

    found = saved_queries(_workspace(ctx))
    return [(q.name, q.summary) for q in found if q.name.startswith(incomplete)]
