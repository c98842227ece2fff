"""The sums over recorded votes are the same whole numbers on DuckDB and on Spark."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from csto.answer.record.columns import Columns
from csto.answer.record.votes import group_counts, pair_years

MEMBERS = [("A", state, "2001-01-01", "2003-06-30") for state in range(1, 12)]
SCHEMA = {"grouped": "string", "cow": "int32", "first": "string", "last": "string"}


@pytest.fixture(scope="module")
def votes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chance = random.Random(7)
    rows = [
        (call, 2000 + call // 60, f"{2000 + call // 60}-{1 + call // 5 % 12:02}-05", state, stand)
        for call in range(300)
        for state in range(1, 40)
        if chance.random() < 0.9
        for stand in chance.choices((1, 0, -1))
    ]
    names = ("number", "year", "held", "cow", "stand")
    path = tmp_path_factory.mktemp("votes") / "votes.parquet"
    made = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    pyarrow.parquet.write_table(pyarrow.table(made), path)
    return path


def _sums(engine: str, path: Path) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    columns = Columns(engine)
    votes = columns.read(path)
    pairs = columns.rows(pair_years(votes))
    groups = columns.rows(group_counts(votes, columns.given(MEMBERS, SCHEMA)))
    return (
        sorted(tuple(row.values()) for row in pairs),
        sorted(tuple(row.values()) for row in groups),
    )


def test_spark_gives_the_sums_of_duckdb(votes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    one, other = _sums("duckdb", votes), _sums("spark", votes)
    assert one == other
    # 39 states in 5 years, and the roll calls of the members' days.
    assert len(one[0]) == 39 * 38 // 2 * 5
    assert len(one[1]) == 150
