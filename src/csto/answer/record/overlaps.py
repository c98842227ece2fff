"""Overlaps of all pairs of organizations of COW, with the states and how certain each is.

The days are those that the triples of the same rows give in the graph: a year is a bound, an
end is the first day that no longer belongs. Where the data set does not know what followed a
spell (-9), it can have ended after the first day of its last year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from csto.answer.record.years import ENDS

if TYPE_CHECKING:
    from ibis.expr.types import Table

COLUMNS = (
    *("organization_a", "organization_b", "state", "certainty"),
    *("possible_from", "certain_from", "certain_to", "possible_to", "line_a", "line_b"),
)
# After all days: stands for an end that is not told while days are compared.
_EVER = "9999"


def member_spells(memberships: Table) -> Table:
    """Full memberships, with the days on which they are possible and certain.

    Args:
        memberships: the table ``cow-igo-memberships`` of a layer.

    Returns:
        ``number``, ``organization``, ``state``, ``line``, and days as text, the first and the
        last that belong: ``possible_from``, ``possible_to`` (``9999``: no end is told),
        ``certain_from`` and ``certain_to`` (before it, if no day is certain).
    """
    members: Any = memberships.filter(memberships.status == "member")

    def day(year: Any, rest: str) -> Any:
        return year.cast("string").lpad(4, "0").concat(rest)

    # "1950~" may be a year off; "[1956,1960]" is one of these years. Without a start the first
    # row is only where it is attested.
    loose = members.start.endswith("~").fill_null(False).ifelse(1, 0)
    wide = members.start.startswith("[")
    earliest = wide.ifelse(members.start.substr(1, 4).cast("int64"), members.from_year - loose)
    told = ~(members.goes_on | members.ends_unknown)
    return members.select(
        "number",
        "organization",
        "state",
        "line",
        possible_from=day(earliest.coalesce(members.from_year), "-01-01"),
        certain_from=day(members.from_year + loose, "-12-31"),
        certain_to=members.goes_on.ifelse(
            f"{ENDS['cow-igo']}-12-31",
            members.ends_unknown.ifelse(
                day(members.to_year, "-01-01"), day(members.to_year - 1, "-12-31")
            ),
        ),
        possible_to=told.ifelse(day(members.to_year, "-12-30"), _EVER),
    )


def overlaps_of_all(memberships: Table) -> Table:
    """A row for each two spells of one state in two organizations that can have met.

    Returns:
        :data:`COLUMNS`: organizations and state as IRIs, the first and last days that are
        possible and certain (empty where no day is certain, or no end is told), and the lines
        of the first rows of both spells; sorted.
    """
    one: Any = member_spells(memberships)
    names = {f"{name}_b": name for name in one.columns}
    other: Any = one.rename(names).view()
    met = one.join(
        other,
        [
            one.state == other.state_b,
            one.number < other.number_b,
            one.possible_from <= other.possible_to_b,
            other.possible_from_b <= one.possible_to,
        ],
    )
    later = {name: (met[name] > met[f"{name}_b"]) for name in ("possible_from", "certain_from")}
    sooner = {name: (met[name] < met[f"{name}_b"]) for name in ("possible_to", "certain_to")}
    days = {
        name: chosen.ifelse(met[name], met[f"{name}_b"])
        for name, chosen in {**later, **sooner}.items()
    }
    found: Any = met.select(
        "number",
        "number_b",
        "state",
        organization_a=met.organization,
        organization_b=met.organization_b,
        line_a=met.line,
        line_b=met.line_b,
        **days,
    )
    certain = found.certain_from <= found.certain_to
    ordered = found.order_by("number", "number_b", "state", "possible_from", "line_a", "line_b")
    return ordered.mutate(
        certainty=certain.ifelse("certain", "possible"),
        certain_from=certain.ifelse(found.certain_from, None),
        certain_to=certain.ifelse(found.certain_to, None),
        possible_to=found.possible_to.nullif(_EVER),
    ).select(*COLUMNS)
