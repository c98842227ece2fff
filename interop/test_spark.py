"""On a Spark cluster of two workers the columns give the whole numbers that DuckDB gives."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from csto.answer.record.columns import Columns
from csto.answer.record.dyads import dyad_years
from csto.answer.record.overlaps import overlaps_of_all
from csto.answer.record.state_years import state_years
from csto.answer.record.votes import group_counts, pair_years

# Two workers with a core and a gigabyte each, processes of their own.
CLUSTER = "local-cluster[2,1,1024]"
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


@pytest.fixture(scope="module")
def layer(votes: Path) -> dict[str, Path]:
    """Tables of states, memberships and alliances beside the votes."""
    chance = random.Random(8)
    states = range(1, 40)
    spells = [
        (
            *(10 * number, str(state), "member", first, first + 9, f"[{first - 4},{first}]"),
            *(False, last, False, f"urn:{number}", f"urn:s{state}", 100 * number + state),
        )
        for number in range(1, 6)
        for state in states
        if chance.random() < 0.6
        for first, last in [(1990 + chance.randrange(10), chance.random() < 0.2)]
    ]
    tables = {
        "cow-states-spells": (
            "ccode stateabb began ended",
            [(str(s), f"S{s}", "1990-01-01", f"200{s % 9}-12-31") for s in states],
        ),
        "cow-igo-organizations": (
            "number founded first_year last_year",
            [(10 * n, 1980, 1985, 2014) for n in range(1, 6)],
        ),
        "cow-igo-memberships": (
            "number cow status from_year to_year start begins_unknown ends_unknown goes_on"
            " organization state line",
            spells,
        ),
        "cow-igo-state_years": (
            "cow year told not_told",
            [(s, y, y - 1989, s % 2) for s in states for y in range(1990, 2004)],
        ),
        "atop-statuses": (
            "atopid ccode start last",
            [
                (str(s % 3), str(s), f"199{s % 10}-05-01", None if s % 4 else "1999-07-01")
                for s in states
            ],
        ),
    }
    found = {"un-votes-mapped": votes}
    for name, (columns, rows) in tables.items():
        made = {c: [row[at] for row in rows] for at, c in enumerate(columns.split())}
        found[name] = votes.parent / f"{name}.parquet"
        pyarrow.parquet.write_table(pyarrow.table(made), found[name])
    return found


Rows = list[tuple[object, ...]]


def _asked(columns: Columns, layer: dict[str, Path]) -> dict[str, Rows]:
    votes = columns.read(layer["un-votes-mapped"])
    asked = {
        "pairs": pair_years(votes),
        "groups": group_counts(votes, columns.given(MEMBERS, SCHEMA)),
        "dyads": dyad_years(columns, layer, 1988, 2005),
        "states": state_years(columns, layer, 1988, 2005),
        "overlaps": overlaps_of_all(columns.read(layer["cow-igo-memberships"])),
    }
    return {
        name: sorted((tuple(row.values()) for row in columns.rows(expression)), key=repr)
        for name, expression in asked.items()
    }


def test_two_workers_give_what_duckdb_gives(
    layer: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPARK_MASTER", CLUSTER)
    duckdb, cluster = Columns(), Columns("spark")
    here, there = _asked(duckdb, layer), _asked(cluster, layer)
    for name, rows in here.items():
        assert rows == there[name], name
    # 39 states in 5 years, and the roll calls of the members' days.
    assert len(here["pairs"]) == 39 * 38 // 2 * 5
    assert len(here["groups"]) == 150
    assert min(len(here[name]) for name in ("dyads", "states", "overlaps")) > 100
    # The driver and its two workers.
    session = cluster.backend._session
    assert session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() == 3
    # One file, with the same bytes.
    files = [tmp_path / f"{name}.csv" for name in ("here", "there")]
    for columns, path in zip((duckdb, cluster), files, strict=True):
        columns.write(overlaps_of_all(columns.read(layer["cow-igo-memberships"])), path)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_command_on_spark(votes: Path, tmp_path: Path) -> None:
    (tmp_path / "columns").mkdir()
    (tmp_path / "columns" / "un-votes-mapped.parquet").write_bytes(votes.read_bytes())
    made = {}
    for engine in ("duckdb", "spark"):
        path = tmp_path / f"{engine}.parquet"
        words = ["agreement", "--record", str(tmp_path), "--engine", engine, "-o", str(path)]
        ran = subprocess.run(
            [sys.executable, "-m", "csto", *words],
            env={**os.environ, "SPARK_MASTER": "local[1]"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr
        made[engine] = pyarrow.parquet.read_table(path).to_pylist()
    assert made["duckdb"] == made["spark"]
