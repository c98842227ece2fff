"""Pairs of states and states by year from columns: each value, each empty cell and each zero."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import run_csto


def _write(folder: Path, name: str, columns: str, *rows: tuple[object, ...]) -> None:
    names = columns.split()
    table = pa.table({n: [row[at] for row in rows] for at, n in enumerate(names)})
    pq.write_table(table, folder / "columns" / f"{name}.parquet")


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """Three states; the third is in no row of COW IGO, and enters the system in 1960."""
    (tmp_path / "columns").mkdir()
    _write(
        tmp_path,
        "cow-states-spells",
        "ccode stateabb began ended",
        ("1", "ONE", "1900-01-01", "2016-12-31"),
        ("2", "TWO", "1900-01-01", "1961-06-01"),
        ("3", "TRE", "1960-03-01", "2016-12-31"),
    )
    _write(
        tmp_path,
        "cow-igo-organizations",
        "number founded first_year last_year",
        (10, 1950, 1955, 2014),
        (20, 1950, 1955, 2014),
        (30, 1950, 1955, 1963),
    )
    _write(
        tmp_path,
        "cow-igo-memberships",
        "number cow status from_year to_year start begins_unknown ends_unknown",
        (10, "1", "member", 1958, 1962, "1958", False, False),
        (10, "2", "member", 1959, 1961, "[1956,1959]", False, False),
        (20, "1", "member", 1958, 1958, None, True, False),
        (20, "2", "member", 1955, 1962, "1955", False, False),
        # An observer is no member.
        (30, "1", "member", 1955, 1962, "1955", False, False),
        (30, "2", "observer", 1955, 1962, "1955", False, False),
    )
    _write(
        tmp_path,
        "cow-igo-state_years",
        "cow year told not_told",
        # Of the second state no row tells in its last year, though it was in the system.
        *((1, year, 3, 0) for year in range(1949, 1963)),
        *((2, year, 2, 1) for year in range(1949, 1961)),
        # Rows that are all -9 tell of nobody.
        (3, 1960, 0, 3),
    )
    return tmp_path


Found = dict[tuple[str, ...], dict[str, str]]


def ask(layer: Path, *args: str, unit: str = "dyad-year") -> Found:
    file = layer / "d.csv"
    words = ("panel", unit, "--record", str(layer), "-o", str(file), *args)
    ran = run_csto(*words)
    assert ran.code == 0, ran.err
    head, *lines = file.read_text().splitlines()
    rows = [dict(zip(head.split(","), line.split(","), strict=True)) for line in lines]
    keys = ("ccode1", "ccode2", "year") if unit == "dyad-year" else ("ccode", "year")
    found = {tuple(row[key] for key in keys): row for row in rows}
    assert len(found) == len(rows)
    return found


def test_rows_are_of_states_that_there_are(layer: Path) -> None:
    found = ask(layer, "--from", "1957", "--to", "1962")
    assert {key for key in found if key[:2] == ("1", "2")} == {
        ("1", "2", str(year)) for year in range(1957, 1962)
    }
    assert min(year for *pair, year in found if pair == ["1", "3"]) == "1960"


@pytest.mark.parametrize(
    ("year", "value", "least", "most"),
    [
        # One can have been in 20 since 1950; two entered 10 between 1956 and 1959.
        ("1955", "", "0", "1"),
        ("1958", "", "1", "2"),
        ("1959", "1", "1", "1"),
        ("1960", "1", "1", "1"),
        # Its cells of 1961 are empty.
        ("1961", "", "", ""),
    ],
)
def test_shared_organizations_have_bounds(
    layer: Path, year: str, value: str, least: str, most: str
) -> None:
    row = ask(layer, "--from", "1950", "--to", "1961")["1", "2", year]
    assert (row["shared_igos"], row["shared_igos_min"], row["shared_igos_max"]) == (
        value, least, most,
    )  # fmt: skip


def test_what_no_data_set_has_is_empty_and_not_zero(layer: Path) -> None:
    found = ask(layer, "--from", "1949", "--to", "2016")
    assert found["1", "2", "1949"]["shared_igos"] == "0"
    for key in (("1", "3", "1960"), ("1", "3", "1962"), ("2", "3", "1961")):
        assert found[key]["shared_igos_min"] == found[key]["shared_igos_max"] == ""
    assert "shared_alliances" not in found["1", "2", "1949"]
    assert "shared_alliances" not in (layer / "d.codebook.md").read_text()


def test_votes_and_alliances(layer: Path) -> None:
    _write(
        layer,
        "un-votes-mapped",
        "number held year cow stand",
        *((n, "1961-01-01", 1961, 1, stand) for n, stand in ((1, 1), (2, 1), (3, 0))),
        *((n, "1961-01-01", 1961, 2, stand) for n, stand in ((1, 1), (2, -1))),
    )
    _write(
        layer,
        "atop-statuses",
        "atopid ccode start last",
        ("7", "1", "1960-05-01", None),
        ("7", "2", "1961-01-01", "1961-03-01"),
        ("8", "1", "1950-01-01", "1955-01-01"),
    )
    found = ask(layer, "--from", "1960", "--to", "1961")
    row = found["1", "2", "1961"]
    names = ("shared_alliances", "un_votes", "un_agree", "un_agreement", "un_s")
    assert [row[name] for name in names] == ["1", "2", "1", "0.5", "0.0"]
    before = found["1", "2", "1960"]
    assert (before["un_votes"], before["un_agree"], before["shared_alliances"]) == ("0", "", "0")
    # No zero of a time in which there was no Assembly.
    assert ask(layer, "--from", "1945", "--to", "1946")["1", "2", "1945"]["un_votes"] == ""
    # The same tables by state.
    states = ask(layer, "--from", "1945", "--to", "1962", unit="state-year")
    names = ("alliances", "un_roll_calls", "un_votes", "un_yes", "un_no", "un_abstentions")
    assert [states["1", "1961"][name] for name in names] == ["1", "3", "3", "2", "0", "1"]
    assert [states["3", "1961"][name] for name in names] == ["0", "3", "0", "0", "0", "0"]
    assert [states["1", "1945"][name] for name in names] == ["0", "", "", "", "", ""]


def test_a_state_has_rows_of_its_years_and_zeros_where_rows_tell(layer: Path) -> None:
    found = ask(layer, "--from", "1949", "--to", "2015", unit="state-year")
    assert {key[1] for key in found if key[0] == "2"} == {str(year) for year in range(1949, 1962)}
    assert min(year for state, year in found if state == "3") == "1960"
    names = ("igos", "igos_min", "igos_max", "igos_not_told", "igos_associate", "igos_observer")
    expected = {
        ("1", "1949"): ["0", "0", "0", "0", "0", "0"],
        # It can have been in 20 since 1950.
        ("1", "1950"): ["", "0", "1", "0", "0", "0"],
        ("1", "1958"): ["3", "3", "3", "0", "0", "0"],
        ("2", "1956"): ["", "1", "2", "1", "0", "1"],
        ("2", "1959"): ["2", "2", "2", "1", "0", "1"],
        ("2", "1961"): ["", "", "", "", "", ""],
        ("3", "1960"): ["", "", "", "", "", ""],
        ("1", "2015"): ["", "", "", "", "", ""],
    }
    assert {key: [found[key][name] for name in names] for key in expected} == expected
    book = (layer / "d.codebook.md").read_text()
    assert all(f"| `{name}` |" in book for name in names)
    package = json.loads((layer / "d.datapackage.json").read_text())
    assert package["resources"][0]["schema"]["primaryKey"] == ["ccode", "year"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("spells", "-o", "x.csv"), "dyad-year and state-year alone"),
        (("dyad-year",), "give --output"),
        (("dyad-year", "-o", "x.csv", "--to", "2030"), "1816 to 2016"),
    ],
)
def test_what_is_asked_wrongly_is_told(layer: Path, args: tuple[str, ...], said: str) -> None:
    ran = run_csto("panel", *args, "--record", str(layer))
    assert (ran.code, said in ran.err) == (2, True), ran.err


def test_a_folder_without_the_record(tmp_path: Path) -> None:
    out = str(tmp_path / "d.csv")
    ran = run_csto("panel", "dyad-year", "--record", str(tmp_path), "-o", out)
    assert (ran.code, "csto import cow-states FILE" in ran.err) == (2, True), ran.err


def test_overlaps_of_all_pairs_have_the_days_of_the_graph(tmp_path: Path) -> None:
    (tmp_path / "columns").mkdir()
    _write(
        tmp_path,
        "cow-igo-memberships",
        "number organization cow state status line from_year to_year start begins_unknown"
        " ends_unknown goes_on",
        (10, "o:ten", "1", "s:one", "member", 2, 1958, 1962, "[1954,1958]", False, False, False),
        # An approximate year reaches to the next; what goes on has no end.
        (20, "o:twenty", "1", "s:one", "member", 5, 1960, 2014, "1960~", False, False, True),
        # It began in the year in which the first ended: they may never have met.
        (30, "o:thirty", "1", "s:one", "member", 7, 1962, 1970, "1962", False, True, False),
        # Attested alone, and another state; an observer is no member.
        (30, "o:thirty", "2", "s:two", "member", 8, 1962, 1970, None, True, False, False),
        (10, "o:ten", "2", "s:two", "observer", 3, 1962, 1970, "1962", False, False, False),
        (20, "o:twenty", "2", "s:two", "member", 6, 1965, 1968, "1965", False, False, False),
    )
    file = tmp_path / "o.csv"
    ran = run_csto("overlap", "--record", str(tmp_path), "-o", str(file))
    assert ran.code == 0, ran.err
    head, *lines = file.read_text().splitlines()
    assert head.split(",")[:5] == [
        *("organization_a", "organization_b", "state", "certainty", "possible_from"),
    ]
    assert lines == [
        "o:ten,o:twenty,s:one,certain,1959-01-01,1961-12-31,1961-12-31,1962-12-30,2,5",
        "o:ten,o:thirty,s:one,possible,1962-01-01,,,1962-12-30,2,7",
        "o:twenty,o:thirty,s:one,certain,1962-01-01,1962-12-31,1970-01-01,,5,7",
        "o:twenty,o:thirty,s:two,certain,1965-01-01,1965-12-31,1967-12-31,1968-12-30,6,8",
    ]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--record", "x"), "give --output FILE.csv"),
        (("CSTO", "NATO", "--record", "x", "-o", "x.csv"), "--record writes all pairs"),
        (("CSTO", "NATO", "-o", "x.csv"), "with --record"),
        ((), "name two organizations or more"),
        (("--record", "nowhere", "-o", "x.csv"), "csto import cow-igo FILE"),
    ],
)
def test_overlaps_asked_wrongly(args: tuple[str, ...], said: str) -> None:
    ran = run_csto("overlap", *args)
    assert (ran.code, said in ran.err) == (2, True), ran.err
