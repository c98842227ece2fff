"""All pairs of states of the world by year: shared organizations, alliances and votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csto import __version__
from csto.answer.panel.codebook import package
from csto.answer.record.columns import Columns
from csto.answer.record.votes import pair_years

if TYPE_CHECKING:
    from ibis.expr.types import Table

# The last full year of each data set.
ENDS = {"cow-states": 2016, "cow-igo": 2014, "atop": 2016, "un-votes": 2019}
# The tables that a layer may have; without the first there are no rows.
TABLES = (
    *("cow-states-spells", "cow-igo-memberships", "cow-igo-organizations", "atop-statuses"),
    "un-votes-mapped",
)
MEANING = {
    "ccode1": "COW number of the first state, the lower of the two",
    "ccode2": "COW number of the second state",
    "stateabb1": "COW abbreviation of the first state",
    "stateabb2": "COW abbreviation of the second state",
    "year": "both states were in the COW system on a day of this year",
    "shared_igos": (
        "organizations of COW IGO 3 of which both were full members in the year; empty where the "
        "bounds differ, after 2014, and for a state that the data set does not have"
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
        "abstained; the record has holes (of 2013 it has 61 of 90)"
    ),
    "un_agree": "of these, those with the same vote; empty where there are none",
    "un_agreement": "un_agree as a share of un_votes",
    "un_s": "S of Signorino and Ritter (1999): stands 1, 0, -1, equal weights",
}


def dyad_years(columns: Columns, tables: Mapping[str, Path], first: int, last: int) -> Table:
    """A row for each pair of states and year in which both were in the COW system.

    Args:
        columns: the engine that computes.
        tables: the Parquet files that there are, by their names in :data:`TABLES`.
        first: first year.
        last: last year, included.

    Returns:
        The columns of :data:`MEANING`, those of data sets that there are; sorted.
    """
    read = {name: columns.read(path) for name, path in tables.items()}
    years = columns.given([(year,) for year in range(first, last + 1)], {"year": "int64"})
    states = _states(read["cow-states-spells"], years)
    one = states.rename(ccode1="cow", stateabb1="stateabb")
    two = states.rename(ccode2="cow", stateabb2="stateabb")
    pairs: Any = one.join(two, "year").filter(lambda t: t.ccode1 < t.ccode2)
    found = pairs.select("ccode1", "ccode2", "stateabb1", "stateabb2", "year")
    if "cow-igo-memberships" in read:
        found = _igos(found, read["cow-igo-memberships"], read["cow-igo-organizations"], years)
    if "atop-statuses" in read:
        found = _alliances(found, read["atop-statuses"], years)
    if "un-votes-mapped" in read:
        votes = read["un-votes-mapped"]
        found = _votes(found, votes.filter((votes.year >= first) & (votes.year <= last)))
    return found.order_by("ccode1", "ccode2", "year")


def _states(spells: Table, years: Table) -> Table:
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


def _both(belonging: Any, frame: str) -> Any:
    """Pairs that belonged to the same thing in one year, by the sides' certainty."""
    one = belonging.select(frame, "year", ccode1="cow", sure1="sure")
    two = belonging.select(frame, "year", ccode2="cow", sure2="sure")
    both = one.join(two, [frame, "year"]).filter(lambda t: t.ccode1 < t.ccode2)
    return both.group_by("ccode1", "ccode2", "year").aggregate(
        least=lambda t: (t.sure1 * t.sure2).sum(), most=lambda t: t.count()
    )


def _igos(found: Any, memberships: Any, organizations: Any, years: Table) -> Any:
    founded = organizations.select("number", "founded", "first_year", "last_year")
    spells = memberships.join(founded, "number").mutate(cow=lambda t: t.cow.cast("int64"))
    covered = spells.select("cow").distinct()
    spells = spells.filter(lambda t: t.status == "member").mutate(
        # -9 before the first row says that it had begun by then; nothing says since when.
        begins=lambda t: t.begins_unknown.ifelse(
            t.founded.coalesce(t.first_year),
            t.start.startswith("[").ifelse(t.start.substr(1, 4).cast("int64"), t.from_year),
        ).coalesce(t.from_year),
        ends=lambda t: t.ends_unknown.ifelse(t.last_year, t.to_year),
    )
    belonging = (
        spells.join(years, [spells.begins <= years.year, spells.ends >= years.year])
        .group_by("number", "cow", "year")
        .aggregate(
            sure=lambda t: ((t.year >= t.from_year) & (t.year <= t.to_year)).cast("int64").max()
        )
    )
    found = found.left_join(_both(belonging, "number"), ["ccode1", "ccode2", "year"]).drop(
        "ccode1_right", "ccode2_right", "year_right"
    )
    for side in ("ccode1", "ccode2"):
        there = covered.select(**{f"has_{side}": "cow"})
        found = found.left_join(there, found[side] == there[f"has_{side}"])

    def known(table: Any, value: Any) -> Any:
        in_it = table.has_ccode1.notnull() & table.has_ccode2.notnull()
        return (in_it & (table.year <= ENDS["cow-igo"])).ifelse(value, None)

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
    spells = statuses.select(
        "atopid",
        cow=statuses.ccode.cast("int64"),
        begins=statuses.start.substr(0, 4).cast("int64"),
        ends=statuses.last.substr(0, 4).cast("int64").coalesce(ENDS["atop"]),
    )
    belonging = (
        spells.join(years, [spells.begins <= years.year, spells.ends >= years.year])
        .select("atopid", "cow", "year")
        .distinct()
        .mutate(sure=1)
    )
    found = found.left_join(_both(belonging, "atopid"), ["ccode1", "ccode2", "year"])
    return found.mutate(
        shared_alliances=lambda t: (t.year <= ENDS["atop"]).ifelse(t.most.fill_null(0), None)
    ).drop("least", "most", "ccode1_right", "ccode2_right", "year_right")


def _votes(found: Any, votes: Any) -> Any:
    sums = pair_years(votes).select("n", "agree", "distance", "year", ccode1="a", ccode2="b")
    found = found.left_join(sums, ["ccode1", "ccode2", "year"])
    return found.mutate(
        un_votes=lambda t: t.n.fill_null(0),
        un_agree=lambda t: t.agree,
        un_agreement=lambda t: t.agree / t.n,
        un_s=lambda t: 1 - t.distance / t.n,
    ).drop("n", "agree", "distance", "ccode1_right", "ccode2_right", "year_right")


_RULES = """\
Pairs are undirected: ccode1 is the lower number. An empty cell is no zero: the data set does not
reach there, or its bounds differ (see _min and _max). A zero of shared_igos says that no row of
the data set has both as members; a zero of un_votes that the record has no roll call in which
both voted.
"""


def codebook(names: Sequence[str], first: int, last: int) -> str:
    """The codebook as Markdown."""
    lines = [
        f"# Codebook: pairs of all states, {first} to {last}",
        "",
        f"Made by csto {__version__}.",
    ]
    lines += ["", _RULES, "| column | meaning |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| `{name}` | {MEANING[name]} |" for name in names)]) + "\n"


def data_package(pairs: Table, name: str, first: int, last: int) -> str:
    """The codebook for programs, as of the other panels (Frictionless Data).

    Args:
        pairs: the table.
        name: of its file, in the same folder.
        first: first year.
        last: last year.
    """
    kinds = {"int64": "integer", "float64": "number"}
    fields = [
        {
            "name": column,
            "type": "year" if column == "year" else kinds.get(str(kind).lower(), "string"),
            "description": MEANING[column],
        }
        for column, kind in pairs.schema().items()
    ]
    return package(
        "dyad-year",
        name,
        fields,
        ["ccode1", "ccode2", "year"],
        title=f"pairs of all states, {first} to {last}",
        description=_RULES,
        missing=[""],
    )
