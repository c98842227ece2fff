"""All states of the world by year: organizations, alliances and votes of each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csto.answer.record.columns import Columns
from csto.answer.record.holes import LEDGER, without_doubtful_zeros
from csto.answer.record.years import (
    alliance_years,
    membership_years,
    states_in_system,
    tells_of_igos,
    told_years,
    within,
)

if TYPE_CHECKING:
    from ibis.expr.types import Table

MEANING = {
    "ccode": "COW number of the state",
    "stateabb": "COW abbreviation of the state",
    "year": "the state was in the COW system on a day of this year",
    "igos": (
        "organizations of COW IGO 3 of which it was a full member in the year; empty where the "
        "bounds differ, after 2014, and where no row of the year tells of the state"
    ),
    "igos_min": "the same, of memberships whose rows take in the year",
    "igos_max": (
        "the same, with memberships that can have begun before or ended after their rows: where "
        "-9 stands beside them, or a year before 1965 is said to be up to five years late"
    ),
    "igos_not_told": (
        "organizations with a row of the year that does not tell of this state (-9); mostly the "
        "row tells of no state at all. igos counts none of them, igos_max those beside a spell"
    ),
    "igos_associate": "organizations whose rows of the year have it as an associate member",
    "igos_observer": "organizations whose rows of the year have it as an observer",
    "alliances": "alliances of ATOP 4.01 to which it was party in the year; empty after 2016",
    "un_roll_calls": (
        "roll calls of the UN General Assembly in the record in the year; empty before 1946"
    ),
    "un_votes": (
        "of these, those in which it voted yes, no or abstained; 0 does not say why it cast none: "
        "it was no member, or absent; empty before 1946, and in place of 0 in a year of which the "
        "record lacks some"
    ),
    "un_yes": "of its votes, yes",
    "un_no": "of its votes, no",
    "un_abstentions": "of its votes, abstentions",
}
RULES = """\
A state has rows of the years with a day in the COW system, and no others. An empty cell is no
zero: the data set does not reach there, does not have the state, or its bounds differ (see _min
and _max). A zero of igos says that rows of the data set tell of the state and none has it as a
member; igos_not_told says how many rows of the year do not tell.
"""


def state_years(columns: Columns, tables: Mapping[str, Path], first: int, last: int) -> Table:
    """A row for each state and year in which it was in the COW system.

    Args:
        columns: the engine that computes.
        tables: the Parquet files that there are, by their names in :data:`panels.TABLES`.
        first: first year.
        last: last year, included.

    Returns:
        The columns of :data:`MEANING`, those of data sets that there are; sorted.
    """
    read: dict[str, Any] = {name: columns.read(path) for name, path in tables.items()}
    years = columns.given([(year,) for year in range(first, last + 1)], {"year": "int64"})
    states: Any = states_in_system(read["cow-states-spells"], years)
    found = states.select("year", "stateabb", ccode="cow")
    if tells_of_igos(read):
        found = _igos(found, read, years)
    if "atop-statuses" in read:
        parties = alliance_years(read["atop-statuses"], years)
        found = _beside(found, parties.group_by("cow", "year").aggregate(n=parties.count()))
        found = found.mutate(
            alliances=within("atop", found.year).ifelse(found.n.fill_null(0), None)
        ).drop("n")
    if "un-votes-mapped" in read:
        votes = read["un-votes-mapped"]
        votes = votes.filter((votes.year >= first) & (votes.year <= last))
        found = _votes(found, read.get(LEDGER), votes)
    names = [name for name in MEANING if name in found.columns]
    return found.select(*names).order_by("ccode", "year")


def _beside(found: Any, more: Any) -> Any:
    """The columns of ``more`` (by ``cow`` and ``year``) beside the rows, or empty."""
    there = more.rename(of_state="cow", in_year="year")
    joined = found.left_join(there, [found.ccode == there.of_state, found.year == there.in_year])
    return joined.drop("of_state", "in_year")


def _igos(found: Any, read: Mapping[str, Any], years: Table) -> Any:
    memberships, organizations = read["cow-igo-memberships"], read["cow-igo-organizations"]
    for status in ("member", "associate", "observer"):
        belonging = membership_years(memberships, organizations, years, status)
        counts = {f"{status}_least": belonging.sure.sum(), f"{status}_most": belonging.count()}
        found = _beside(found, belonging.group_by("cow", "year").aggregate(**counts))
    found = _beside(found, told_years(read["cow-igo-state_years"]))
    told = found.not_told.notnull() & within("cow-igo", found.year)
    cells = {
        "igos_min": found.member_least,
        "igos_max": found.member_most,
        "igos_not_told": found.not_told,
        "igos_associate": found.associate_least,
        "igos_observer": found.observer_least,
    }
    found = found.mutate(
        **{name: told.ifelse(cell.fill_null(0), None) for name, cell in cells.items()}
    )
    same = found.igos_min == found.igos_max
    return found.mutate(igos=same.ifelse(found.igos_min, None))


def _votes(found: Any, ledger: Any, votes: Any) -> Any:
    def stands(value: int) -> Any:
        return (votes.stand == value).cast("int64").sum()

    votes = votes.mutate(cow=votes.cow.cast("int64"), year=votes.year.cast("int64"))
    cast = votes.group_by("cow", "year").aggregate(
        taken=votes.count(), yes=stands(1), no=stands(-1), abstained=stands(0)
    )
    calls = votes.group_by("year").aggregate(calls=votes.number.nunique())
    calls = calls.rename(in_year="year")
    found = _beside(found, cast)
    found = found.left_join(calls, found.year == calls.in_year)
    told = within("un-votes", found.year)
    cells = {
        "un_roll_calls": found.calls,
        "un_votes": found.taken,
        "un_yes": found.yes,
        "un_no": found.no,
        "un_abstentions": found.abstained,
    }
    found = found.mutate(
        **{name: told.ifelse(cell.fill_null(0), None) for name, cell in cells.items()}
    )
    cast_as = ("un_yes", "un_no", "un_abstentions")
    return without_doubtful_zeros(found, ledger, "un_votes", *cast_as)
