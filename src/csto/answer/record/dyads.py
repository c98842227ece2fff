"""All pairs of states of the world by year: shared organizations, alliances and votes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csto.answer.record.columns import Columns
from csto.answer.record.holes import LEDGER, without_doubtful_zeros
from csto.answer.record.votes import pair_years
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
    "ccode1": "COW number of the first state, the lower of the two",
    "ccode2": "COW number of the second state",
    "stateabb1": "COW abbreviation of the first state",
    "stateabb2": "COW abbreviation of the second state",
    "year": "both states were in the COW system on a day of this year",
    "shared_igos": (
        "organizations of COW IGO 3 of which both were full members in the year; empty where the "
        "bounds differ, after 2014, and where no row of the year tells of one of them"
    ),
    "shared_igos_min": "the same, of memberships whose rows take in the year",
    "shared_igos_max": (
        "the same, with memberships that can have begun before or ended after their rows: where "
        "-9 stands beside them, or a year before 1965 is said to be up to five years late"
    ),
    "shared_alliances": (
        "alliances of ATOP 4.01 to which both were party in the year; empty after 2016"
    ),
    "un_votes": (
        "roll calls of the UN General Assembly in the record in which both voted yes, no or "
        "abstained; empty before 1946, and in place of 0 in a year of which the record lacks some"
    ),
    "un_agree": "of these, those with the same vote; empty where there are none",
    "un_agreement": "un_agree as a share of un_votes",
    "un_s": "S of Signorino and Ritter (1999): stands 1, 0, -1, equal weights",
}
RULES = """\
Pairs are undirected: ccode1 is the lower number. An empty cell is no zero: the data set does not
reach there, or its bounds differ (see _min and _max). A zero of shared_igos says that no row of
the data set has both as members; a zero of un_votes that the record has no roll call in which
both voted.
"""


def dyad_years(columns: Columns, tables: Mapping[str, Path], first: int, last: int) -> Table:
    """A row for each pair of states and year in which both were in the COW system.

    Args:
        columns: the engine that computes.
        tables: the Parquet files that there are, by their names in :data:`panels.TABLES`.
        first: first year.
        last: last year, included.

    Returns:
        The columns of :data:`MEANING`, those of data sets that there are; sorted.
    """
    read = {name: columns.read(path) for name, path in tables.items()}
    years = columns.given([(year,) for year in range(first, last + 1)], {"year": "int64"})
    states = states_in_system(read["cow-states-spells"], years)
    one = states.rename(ccode1="cow", stateabb1="stateabb")
    two = states.rename(ccode2="cow", stateabb2="stateabb")
    pairs: Any = one.join(two, "year").filter(lambda t: t.ccode1 < t.ccode2)
    found = pairs.select("ccode1", "ccode2", "stateabb1", "stateabb2", "year")
    if tells_of_igos(read):
        found = _igos(found, read, years)
    if "atop-statuses" in read:
        found = _alliances(found, read["atop-statuses"], years)
    if "un-votes-mapped" in read:
        votes = read["un-votes-mapped"]
        votes = votes.filter((votes.year >= first) & (votes.year <= last))
        found = _votes(found, read.get(LEDGER), votes)
    return found.order_by("ccode1", "ccode2", "year")


def _both(belonging: Any, frame: str) -> Any:
    """Pairs that belonged to the same thing in one year, by the sides' certainty."""
    one = belonging.select(frame, "year", ccode1="cow", sure1="sure")
    two = belonging.select(frame, "year", ccode2="cow", sure2="sure")
    both = one.join(two, [frame, "year"]).filter(lambda t: t.ccode1 < t.ccode2)
    return both.group_by("ccode1", "ccode2", "year").aggregate(
        least=lambda t: (t.sure1 * t.sure2).sum(), most=lambda t: t.count()
    )


def _igos(found: Any, read: Mapping[str, Any], years: Table) -> Any:
    belonging = membership_years(read["cow-igo-memberships"], read["cow-igo-organizations"], years)
    told = told_years(read["cow-igo-state_years"])
    found = found.left_join(_both(belonging, "number"), ["ccode1", "ccode2", "year"]).drop(
        "ccode1_right", "ccode2_right", "year_right"
    )
    for side in ("ccode1", "ccode2"):
        there = told.select(**{f"has_{side}": "cow", f"in_{side}": "year"})
        same = [found[side] == there[f"has_{side}"], found.year == there[f"in_{side}"]]
        found = found.left_join(there, same).drop(f"in_{side}")

    def known(table: Any, value: Any) -> Any:
        in_it = table.has_ccode1.notnull() & table.has_ccode2.notnull()
        return (in_it & within("cow-igo", table.year)).ifelse(value, None)

    found = found.mutate(
        shared_igos_min=lambda t: known(t, t.least.fill_null(0)),
        shared_igos_max=lambda t: known(t, t.most.fill_null(0)),
    )
    found = found.drop("least", "most", "has_ccode1", "has_ccode2").mutate(
        shared_igos=lambda t: (t.shared_igos_min == t.shared_igos_max).ifelse(
            t.shared_igos_min, None
        )
    )
    return found.relocate("shared_igos", before="shared_igos_min")


def _alliances(found: Any, statuses: Any, years: Table) -> Any:
    belonging = alliance_years(statuses, years)
    found = found.left_join(_both(belonging, "atopid"), ["ccode1", "ccode2", "year"])
    return found.mutate(
        shared_alliances=lambda t: within("atop", t.year).ifelse(t.most.fill_null(0), None)
    ).drop("least", "most", "ccode1_right", "ccode2_right", "year_right")


def _votes(found: Any, ledger: Any, votes: Any) -> Any:
    sums = pair_years(votes).select("n", "agree", "distance", "year", ccode1="a", ccode2="b")
    found = found.left_join(sums, ["ccode1", "ccode2", "year"])
    found = found.mutate(
        un_votes=lambda t: within("un-votes", t.year).ifelse(t.n.fill_null(0), None),
        un_agree=lambda t: t.agree,
        un_agreement=lambda t: t.agree / t.n,
        un_s=lambda t: 1 - t.distance / t.n,
    ).drop("n", "agree", "distance", "ccode1_right", "ccode2_right", "year_right")
    return without_doubtful_zeros(found, ledger, "un_votes")
