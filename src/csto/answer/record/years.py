"""States, memberships and alliances by year: what panels of the world are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ibis.expr.types import Table

# The first and the last full year of each data set.
BEGINS = {"cow-states": 1816, "cow-igo": 1816, "atop": 1816, "un-votes": 1946}
ENDS = {"cow-states": 2016, "cow-igo": 2014, "atop": 2016, "un-votes": 2019}


def within(data_set: str, year: Any) -> Any:
    """Whether a data set tells of a year."""
    return (year >= BEGINS[data_set]) & (year <= ENDS[data_set])


def tells_of_igos(tables: Mapping[str, object]) -> bool:
    """Whether all tables of organizations are there."""
    wanted = ("memberships", "organizations", "state_years")
    return all(f"cow-igo-{name}" in tables for name in wanted)


def told_years(state_years: Any) -> Any:
    """State and year of which any row tells: an empty cell says that it was not in the system.

    ``not_told`` has the number of organizations whose rows of the year do not tell of the state.
    """
    return state_years.filter(state_years.told > 0).select(
        cow=state_years.cow.cast("int64"),
        year=state_years.year.cast("int64"),
        not_told=state_years.not_told.cast("int64"),
    )


def states_in_system(spells: Table, years: Table) -> Table:
    """State and year, for every year with a day in the system."""
    spells = spells.select(
        "stateabb",
        cow=spells.ccode.cast("int64"),
        begins=spells.began.substr(0, 4).cast("int64"),
        ends=spells.ended.substr(0, 4).cast("int64"),
    )
    return (
        spells.join(years, [spells.begins <= years.year, spells.ends >= years.year])
        .select("cow", "stateabb", "year")
        .distinct()
    )


def membership_years(
    memberships: Any, organizations: Any, years: Table, status: str = "member"
) -> Any:
    """Organization, state and year, with ``sure``: 1 where the rows take in the year, else 0."""
    founded = organizations.select("number", "founded", "first_year", "last_year")
    spells = memberships.join(founded, "number").mutate(cow=lambda t: t.cow.cast("int64"))
    spells = spells.filter(lambda t: t.status == status).mutate(
        # -9 before the first row says that it had begun by then; nothing says since when.
        begins=lambda t: t.begins_unknown.ifelse(
            t.founded.coalesce(t.first_year),
            t.start.startswith("[").ifelse(t.start.substr(1, 4).cast("int64"), t.from_year),
        ).coalesce(t.from_year),
        ends=lambda t: t.ends_unknown.ifelse(t.last_year, t.to_year),
    )
    return (
        spells.join(years, [spells.begins <= years.year, spells.ends >= years.year])
        .group_by("number", "cow", "year")
        .aggregate(
            sure=lambda t: ((t.year >= t.from_year) & (t.year <= t.to_year)).cast("int64").max()
        )
    )


def alliance_years(statuses: Any, years: Table) -> Any:
    """Alliance, state and year, for every year with a day as a party."""
    spells = statuses.select(
        "atopid",
        cow=statuses.ccode.cast("int64"),
        begins=statuses.start.substr(0, 4).cast("int64"),
        ends=statuses.last.substr(0, 4).cast("int64").coalesce(ENDS["atop"]),
    )
    return (
        spells.join(years, [spells.begins <= years.year, spells.ends >= years.year])
        .select("atopid", "cow", "year")
        .distinct()
        .mutate(sure=1)
    )
