"""What the home page draws: who stood how in which organization, on which days."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pyoxigraph import NamedNode

from csto.answer.query import run
from csto.graph.spans import Run
from csto.publish.pages.page import Page
from csto.publish.pages.thing import Things
from csto.sparql.saved import find_query
from csto.vocabulary import ASSERTED, csto

_QUERY = "memberships/spells"


def atlas(things: Things, page: Page) -> dict[str, Any]:
    """States, organizations and spells for the atlas; days as ``YYYY-MM-DD``.

    A spell is state, organization and status by number, 1 if it is certain, first and last
    day (both included; empty where nothing bounds it). What is certain is told once more as
    possible only where that reaches further.
    """
    place = things.place
    query = find_query(place.dataset.workspace, _QUERY)
    rows: Any = list(run(place.dataset, query.text, place.cut_off, query.name))  # type: ignore[arg-type]
    states: dict[NamedNode, list[str]] = {}
    orgs: dict[NamedNode, list[str]] = {}
    colours = {row["status"].value: row["colour"].value if row["colour"] else "" for row in rows}
    statuses = sorted(colours)
    spells: dict[tuple[Any, ...], None] = {}
    days = []
    sizes: Counter[NamedNode] = Counter()
    for row in rows:
        state, org, spell = row["state"], row["organization"], row["spell"]
        code = row["iso3"].value if row["iso3"] is not None else ""
        states.setdefault(state, [row["state_label"].value, code, page.local(state.value)])
        short = row["short"].value if row["short"] is not None else ""
        name = row["organization_label"].value
        orgs.setdefault(org, [f"{name} ({short})" if short else name, org.value.rsplit("/", 1)[1]])
        sizes[org] += 1
        certain, possible = things.held(spell)
        told = [(run, 1) for run in certain]
        told += [(run, 0) for run in possible if not _covered(run, certain)]
        for (first, last), sure in told:
            begin, end = (day.isoformat() if day else "" for day in (first, last))
            days += [day for day in (begin, end) if day]
            key = (
                list(states).index(state),
                list(orgs).index(org),
                statuses.index(row["status"].value),
                sure,
                begin,
                min(end, place.cut_off) if end else "",
            )
            spells[key] = None
    first_day = min((day for day in days if day), default=place.cut_off)
    central = _central(things, orgs, sizes)
    return {
        "first": f"{first_day[:4]}-01-01",
        "last": place.cut_off,
        "orgs": list(orgs.values()),
        "states": list(states.values()),
        "statuses": [[word, colours[word]] for word in statuses],
        "spells": [list(key) for key in spells],
        "central": central,
    }


def _covered(run: Run, others: list[Run]) -> bool:
    return any(
        (a is None or (run[0] is not None and a <= run[0]))
        and (b is None or (run[1] is not None and run[1] <= b))
        for a, b in others
    )


def _central(things: Things, orgs: dict[NamedNode, Any], sizes: Counter[NamedNode]) -> int:
    """The organization that the workspace is about, else the one of which most is known."""
    store = things.place.read.store
    listed = list(orgs)
    for quad in store.quads_for_pattern(None, csto("central"), None, ASSERTED):
        if isinstance(quad.object, NamedNode) and quad.object in listed:
            return listed.index(quad.object)
    return listed.index(sizes.most_common(1)[0][0]) if sizes else 0
