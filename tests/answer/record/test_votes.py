"""Sums over recorded votes, compared with counting by hand; and the measures made of them."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from csto.answer.record.cohesion import cohesion
from csto.answer.record.columns import Columns
from csto.answer.record.members import Spell, alliance_spells
from csto.answer.record.votes import (
    Agreement,
    agreement_index,
    group_counts,
    pair_years,
    pairwise,
    rice,
)

Votes = list[tuple[int, int, str, int, int]]


@pytest.fixture(scope="module")
def cast() -> Votes:
    """Roll call, year, day, state, stand: with absences."""
    chance = random.Random(1)
    stands = (1, 0, -1)
    return [
        (call, year, f"{year}-0{1 + call % 5}-01", state, chance.choice(stands))
        for call, year in ((call, 2000 + call // 5) for call in range(15))
        for state in (2, 20, 365, 371)
        if chance.random() < 0.8
    ]  # fmt: skip


@pytest.fixture(scope="module")
def columns() -> Columns:
    return Columns()


@pytest.fixture(scope="module")
def votes(cast: Votes, columns: Columns, tmp_path_factory: pytest.TempPathFactory) -> object:
    names = ("number", "year", "held", "cow", "stand")
    path = tmp_path_factory.mktemp("votes") / "votes.parquet"
    made = {name: list(values) for name, values in zip(names, zip(*cast, strict=True), strict=True)}
    pyarrow.parquet.write_table(pyarrow.table(made), path)
    return columns.read(Path(path))


def test_pairs_are_counted_as_by_hand(cast: Votes, columns: Columns, votes: object) -> None:
    by_call = defaultdict(dict)
    for call, year, _, state, stand in cast:
        by_call[call, year][state] = stand
    expected: dict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for (_, year), stands in by_call.items():
        for a, b in itertools.combinations(sorted(stands), 2):
            sums = expected[a, b, year]
            sums[0] += 1
            sums[1] += stands[a] == stands[b]
            sums[2] += abs(stands[a] - stands[b])
    found = {
        (row["a"], row["b"], row["year"]): [row["n"], row["agree"], row["distance"]]
        for row in columns.rows(pair_years(votes))
    }
    assert found == dict(expected)


def test_members_are_those_on_the_day_of_the_vote(
    cast: Votes, columns: Columns, votes: object
) -> None:
    rows = [
        ("A", 2, "2000-01-01", "2000-02-15"),
        # Two sources for the same days: one vote.
        ("A", 365, "1990-01-01", "2010-01-01"),
        ("A", 365, "1990-01-01", "2010-01-01"),
    ]
    schema = {"grouped": "string", "cow": "int32", "first": "string", "last": "string"}
    found = {
        row["number"]: (row["yes"], row["no"], row["abstained"])
        for row in columns.rows(group_counts(votes, columns.given(rows, schema)))
    }
    for call in {vote[0] for vote in cast}:
        stands = [s for c, _, day, state, s in cast if c == call and
                  (state == 365 or (state == 2 and day <= "2000-02-15"))]  # fmt: skip
        expected = tuple(stands.count(stand) for stand in (1, -1, 0))
        assert found.get(call, (0, 0, 0)) == expected


def test_a_year_whose_members_are_not_all_certain_says_so(columns: Columns, votes: object) -> None:
    spells = [
        Spell("A", 2, "1990-01-01", "2010-01-01", True),
        Spell("A", 2, "1990-01-01", "2010-01-01", False),
        Spell("A", 365, "2001-01-01", "2010-01-01", False),
    ]
    found = {c.year: c for c in cohesion(columns, votes, spells, (2000, 2002), 0)}
    assert [found[year].certain for year in (2000, 2001, 2002)] == [True, False, False]


def test_drawn_groups_are_the_same_each_time(columns: Columns, votes: object) -> None:
    spells = [Spell("A", s, "1990-01-01", "2010-01-01", True) for s in (2, 20)]
    one, two = (cohesion(columns, votes, spells, (2000, 2000), 40)[0].drawn for _ in range(2))
    assert one == two
    low, high = one["pairwise"] or (1.0, 0.0)
    assert 0 <= low <= high <= 1


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # yes, no, abstained: rice, agreement index, pairwise
        ((6, 0, 0), (1.0, 1.0, 1.0)),
        ((3, 3, 0), (0.0, 0.25, 0.4)),
        # Rice does not see that half abstain.
        ((3, 0, 3), (1.0, 0.25, 0.4)),
        ((2, 2, 2), (0.0, 0.0, 0.2)),
        # All abstain: no rice, but full agreement.
        ((0, 0, 4), (None, 1.0, 1.0)),
        ((1, 0, 0), (1.0, 1.0, None)),
    ],
)
def test_measures(counts: tuple[int, int, int], expected: tuple[float | None, ...]) -> None:
    made = (rice(*counts), agreement_index(*counts), pairwise(*counts))
    assert made == tuple(e if e is None else pytest.approx(e) for e in expected)


def test_measures_of_a_pair() -> None:
    # 4 roll calls: yes-yes, yes-no, no-no, abstained-yes.
    made = Agreement(n=4, agree=2, distance=3, a_yes=2, a_no=1, b_yes=2, b_no=2, both_abstained=0)
    assert made.share == 0.5
    assert made.s == pytest.approx(0.25)
    # Chance: 2/4*2/4 + 1/4*2/4 + 1/4*0 = 0.375.
    assert made.kappa == pytest.approx((0.5 - 0.375) / (1 - 0.375))
    assert made.pi == pytest.approx((0.5 - 0.40625) / (1 - 0.40625))
    alike = Agreement(n=3, agree=3, distance=0, a_yes=3, a_no=0, b_yes=3, b_no=0, both_abstained=0)
    assert alike.kappa is None


def test_measures_of_the_department_of_state() -> None:
    # yes-yes, no-no, yes-no, yes-abstained, abstained-abstained.
    made = Agreement(n=5, agree=3, distance=3, a_yes=3, a_no=1, b_yes=1, b_no=2, both_abstained=1)
    assert made.coincidence == pytest.approx(2 / 3)
    assert made.half_points == pytest.approx((3 + 0.5) / 5) == pytest.approx((1 + made.s) / 2)
    idle = Agreement(n=2, agree=1, distance=1, a_yes=0, a_no=0, b_yes=1, b_no=0, both_abstained=1)
    assert idle.coincidence is None


def test_both_abstaining_is_counted(cast: Votes, columns: Columns, votes: object) -> None:
    stands = {(call, state): stand for call, _, _, state, stand in cast}
    calls = {call for call, *_ in cast}
    expected = sum(
        stands.get((call, a)) == 0 == stands.get((call, b))
        for a, b in itertools.combinations((2, 20, 365, 371), 2)
        for call in calls
    )
    assert sum(row["both_abstained"] for row in columns.rows(pair_years(votes))) == expected > 0


def test_alliances_with_their_days(columns: Columns, tmp_path: Path) -> None:
    rows = [
        ("1", "2", "1949-04-04", None),
        # A month is certain only after its last day.
        ("1", "20", "1949-04", "1966-03"),
        # An alliance of one that is left out is left out whole.
        ("2", "20", "1990-01-01", None),
        ("2", "365", "1990-01-01", None),
        ("3", "2", None, "1950-01-01"),
    ]
    names = ("atopid", "ccode", "start", "end")
    table = pyarrow.table({n: [row[at] for row in rows] for at, n in enumerate(names)})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    found = alliance_spells(columns, tmp_path / "a.parquet", without={365})
    assert found == [
        Spell("ATOP 1", 2, "1949-04-04", "2016-12-31", False),
        Spell("ATOP 1", 2, "1949-04-04", "2016-12-31", True),
        Spell("ATOP 1", 20, "1949-04-01", "1966-03-31", False),
        Spell("ATOP 1", 20, "1949-04-30", "1966-03-01", True),
        Spell("ATOP 3", 2, "1816-01-01", "1950-01-01", False),
    ]
    assert len(alliance_spells(columns, tmp_path / "a.parquet")) == 9
