"""Agreement of states and cohesion of groups in recorded votes, as sums of whole numbers.

A vote is 1 (yes), 0 (abstained) or -1 (no). A state that did not vote takes no part in a
roll call: absence is neither agreement nor disagreement. All roll calls weigh the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ibis.expr.types import Table


def pair_years(votes: Table) -> Table:
    """All pairs of states in each year in which both voted at least once.

    Args:
        votes: with ``number`` (of the roll call), ``year``, ``cow``, ``stand``.

    Returns:
        ``a`` < ``b`` (COW numbers), ``year``, and the sums over the roll calls in which both
        voted: ``n``, ``agree`` (same stand), ``distance`` (of the stands, 0 to 2 each), and
        for the measures that correct for chance ``a_yes``, ``a_no``, ``b_yes``, ``b_no``, and
        for those that leave abstentions out ``both_abstained``.
    """
    left = votes.select("number", "year", a="cow", a_stand="stand")
    right = votes.select("number", b="cow", b_stand="stand")
    both = left.join(right, "number").filter(lambda t: t.a < t.b)
    return both.group_by("a", "b", "year").aggregate(
        n=lambda t: t.count(),
        agree=lambda t: (t.a_stand == t.b_stand).cast("int64").sum(),
        distance=lambda t: (t.a_stand - t.b_stand).abs().cast("int64").sum(),
        a_yes=lambda t: (t.a_stand == 1).cast("int64").sum(),
        a_no=lambda t: (t.a_stand == -1).cast("int64").sum(),
        b_yes=lambda t: (t.b_stand == 1).cast("int64").sum(),
        b_no=lambda t: (t.b_stand == -1).cast("int64").sum(),
        both_abstained=lambda t: ((t.a_stand == 0) & (t.b_stand == 0)).cast("int64").sum(),
    )


def whole_texts(votes: Table) -> Table:
    """Votes without those that the record marks as on a part of a text.

    From 1985 to 1994 it marks none: there ``paragraph`` is empty, and all stay.
    """
    return votes.filter(~votes.paragraph.fill_null(False))


def group_counts(votes: Table, members: Table) -> Table:
    """How the members of groups, as of each vote, voted in each roll call.

    Args:
        votes: with ``number``, ``held`` (day, as text), ``year``, ``cow``, ``stand``.
        members: ``grouped`` (name), ``cow``, ``first`` and ``last`` day of a spell, as text.

    Returns:
        ``grouped``, ``year``, ``number``, and ``yes``, ``no``, ``abstained`` of its members.
    """
    joined = votes.join(
        members,
        [
            votes.cow == members.cow,
            votes.held >= members["first"],
            votes.held <= members["last"],
        ],
    ).select("grouped", "year", "number", "cow", "stand")
    # Two sources may give one state the same membership: it votes once.
    return (
        joined.distinct()
        .group_by("grouped", "year", "number")
        .aggregate(
            yes=lambda t: (t.stand == 1).cast("int64").sum(),
            no=lambda t: (t.stand == -1).cast("int64").sum(),
            abstained=lambda t: (t.stand == 0).cast("int64").sum(),
        )
    )


@dataclass(frozen=True)
class Agreement:
    """The sums of one pair, and the measures made of them."""

    n: int
    agree: int
    distance: int
    a_yes: int
    a_no: int
    b_yes: int
    b_no: int
    both_abstained: int

    @property
    def share(self) -> float:
        """Share of roll calls with the same stand."""
        return self.agree / self.n

    @property
    def s(self) -> float:
        """S of Signorino and Ritter (1999): equal weights, stands 1, 0, -1, greatest distance 2."""
        return 1 - self.distance / self.n

    @property
    def coincidence(self) -> float | None:
        """Same votes as a share of those in which both said yes or no; None if there are none.

        The measure of the US Department of State to 2016.
        """
        same = self.agree - self.both_abstained
        # What does not agree is a yes beside a no (distance 2) or beside an abstention (1).
        opposite = self.distance - (self.n - self.agree)
        return same / (same + opposite) if same + opposite else None

    @property
    def half_points(self) -> float:
        """A same vote counts as one, an abstention beside yes or no as a half.

        The measure of the US Department of State from 2017 on; it is (1 + S) / 2.
        """
        return 1 - self.distance / (2 * self.n)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: agreement beyond what the two distributions give by chance."""
        shares = self._shares()
        return _beyond(self.share, sum(a * b for a, b in shares))

    @property
    def pi(self) -> float | None:
        """Scott's pi: as kappa, with one distribution for both (Häge 2011)."""
        return _beyond(self.share, sum(((a + b) / 2) ** 2 for a, b in self._shares()))

    def _shares(self) -> list[tuple[float, float]]:
        a, b, n = (self.a_yes, self.a_no), (self.b_yes, self.b_no), self.n
        pairs = [*zip(a, b, strict=True), (n - sum(a), n - sum(b))]
        return [(x / n, y / n) for x, y in pairs]


def _beyond(observed: float, expected: float) -> float | None:
    """None where chance alone gives full agreement: nothing is left to measure."""
    return None if expected >= 1 else (observed - expected) / (1 - expected)


def rice(yes: int, no: int, abstained: int) -> float | None:
    """Rice's index (1925): distance of yes and no; None if all abstain.

    Abstentions are left out of it, so that a group that splits by abstaining looks united.
    """
    return abs(yes - no) / (yes + no) if yes + no else None


def agreement_index(yes: int, no: int, abstained: int) -> float | None:
    """The agreement index of Hix, Noury and Roland (2005): three stands alike; None for nobody."""
    cast = yes + no + abstained
    most = max(yes, no, abstained)
    return (most - (cast - most) / 2) / cast if cast else None


def pairwise(yes: int, no: int, abstained: int) -> float | None:
    """Share of pairs of voting members with the same stand; None for fewer than two."""
    cast = yes + no + abstained
    alike = sum(count * (count - 1) for count in (yes, no, abstained))
    return alike / (cast * (cast - 1)) if cast > 1 else None


MEASURES = {"rice": rice, "agreement": agreement_index, "pairwise": pairwise}


def three(value: float | None) -> str:
    """A measure for a table; empty where it is not defined."""
    return "" if value is None else f"{value:.3f}"
