"""What the record of votes lacks: told with each answer, and no zero where it lacks some."""

from __future__ import annotations

from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from conftest import run_csto
from csto.answer.record.columns import Columns
from csto.answer.record.holes import Hole, holes, remarks

LEDGER = [
    {"slug": "a", "first_year": 1985, "last_year": 1994, "counted": None, "held": None}
    | {"extent": "outside", "note": "Not told apart."},
    {"slug": "b", "first_year": 2008, "last_year": 2008, "counted": 97, "held": 97}
    | {"extent": "attested", "note": "The data set has 97 of the 97."},
    {"slug": "c", "first_year": 2013, "last_year": 2013, "counted": 90, "held": 60}
    | {"extent": "attested", "note": "The data set has 60 of the 90."},
    {"slug": "d", "first_year": 1946, "last_year": 2020, "counted": None, "held": None}
    | {"extent": "attested", "note": "No row is no absence."},
]
# Two states vote in one roll call a year; a third takes no part.
VOTES = [
    {"number": year, "year": year, "held": f"{year}-12-01", "cow": cow, "stand": 1}
    | {"paragraph": False}
    for year in (2008, 2013)
    for cow in (2, 20)
]
STATES = [
    {"ccode": str(cow), "stateabb": name, "began": "1900-01-01", "ended": "2016-12-31"}
    for cow, name in ((2, "ONE"), (20, "TWO"), (30, "TRE"))
]


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("holes")
    (folder / "columns").mkdir()
    for name, rows in (
        ("un-votes-coverage", LEDGER),
        ("un-votes-mapped", VOTES),
        ("cow-states-spells", STATES),
    ):
        table = pyarrow.Table.from_pylist(rows)
        pyarrow.parquet.write_table(table, folder / "columns" / f"{name}.parquet")
    return folder


def test_the_ledger_is_asked_for_the_years_in_question(layer: Path, tmp_path: Path) -> None:
    columns = Columns()
    assert holes(columns, [layer], 1995, 2012) == []
    found = holes(columns, [layer], 1994, 2013)
    assert found == [
        Hole(1985, 1994, None, None, "Not told apart."),
        Hole(2013, 2013, 90, 60, "The data set has 60 of the 90."),
    ]
    counted, other = remarks(found)
    assert counted.endswith(": 2013 60 of 90")
    assert other == "1985 to 1994: Not told apart."
    assert holes(columns, [tmp_path], 1946, 2019) == []


def test_commands_tell_what_their_years_lack(layer: Path, tmp_path: Path) -> None:
    words = ("agreement", "--record", str(layer), "-o", str(tmp_path / "pairs.csv"))
    assert "2013 60 of 90" in run_csto(*words).err
    assert "missing from the record" not in run_csto(*words, "--to", "2012").err


@pytest.mark.parametrize(
    ("unit", "keys", "beside"),
    [("dyad-year", ("2", "30"), ()), ("state-year", ("30",), ("un_yes", "un_no"))],
)
def test_a_zero_is_empty_where_roll_calls_are_missing(
    layer: Path, tmp_path: Path, unit: str, keys: tuple[str, ...], beside: tuple[str, ...]
) -> None:
    file = tmp_path / "p.csv"
    ran = run_csto("panel", unit, "--record", str(layer), "--from", "2008", "-o", str(file))
    assert ran.code == 0, ran.err
    head, *lines = (line.split(",") for line in file.read_text().splitlines())
    rows = {
        (*line[: len(keys)], line[head.index("year")]): dict(zip(head, line, strict=True))
        for line in lines
    }
    assert rows[(*keys, "2008")]["un_votes"] == "0"
    assert rows[(*keys, "2013")]["un_votes"] == ""
    for name in beside:
        assert (rows[(*keys, "2008")][name], rows[(*keys, "2013")][name]) == ("0", "")
    voted = ("2", "20") if len(keys) == 2 else ("20",)
    assert rows[(*voted, "2013")]["un_votes"] == "1"
    assert "2013 60 of 90" in (tmp_path / "p.codebook.md").read_text()
