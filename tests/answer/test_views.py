"""A list over time, as a matrix, and things side by side."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from conftest import Ran, run_csto

Csto = Callable[..., Ran]
TIMELINE = ("list", "acts", "--about", "Armenia", "--from", "2021", "--to-date", "2024")


@pytest.mark.parametrize("room", [80, 120])
def test_a_timeline_is_a_strip_above_a_dated_list(room: int) -> None:
    ran = run_csto(*TIMELINE, "--view", "timeline", "-f", "table", env={"COLUMNS": str(room)})
    lines = ran.out.splitlines()
    assert max(map(len, lines)) <= room
    assert "●" in lines[0]
    assert "a month a mark" in ran.out
    assert any(line.startswith("May 2021  ") for line in lines)
    assert "--undated" in ran.err


def test_a_matrix_has_values_and_blanks(csto: Csto) -> None:
    ran = csto(
        *("list", "memberships", "--on", "2022-01-10", "--view", "matrix"),
        *("--rows", "member", "--columns", "organization", "--cell", "status", "-f", "csv"),
    )
    table = {row["member"]: row for row in csv.DictReader(io.StringIO(ran.out))}
    assert table["Kazakhstan"]["OTS"] == "full member"
    assert table["Hungary"]["OTS"] == "observer"
    assert table["Armenia"]["OTS"] == "none told"
    assert table["Uzbekistan"]["CSTO"].startswith("possibly")
    assert table["Hungary"]["CSTO"] == "none"
    assert "not covered" in ran.err


def test_the_ratifications_as_a_matrix_fit_the_terminal() -> None:
    ran = run_csto(
        *("list", "ratifications", "--view", "matrix", "--rows", "instrument"),
        *("--columns", "agent", "--cell", "start", "-f", "table"),
        env={"COLUMNS": "80"},
    )
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "18 February 1992" in ran.out


def test_a_matrix_needs_both_sides(csto: Csto) -> None:
    ran = csto("list", "requests", "--view", "matrix", "--rows", "agent")
    assert ran.code == 2
    assert "--columns" in ran.err


def test_crises_side_by_side(csto: Csto) -> None:
    ran = csto("compare", "Kyrgyzstan June 2010", "Kazakhstan 2022", "-f", "csv")
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(ran.out))}
    assert "peacekeepers" in rows["Asked"][1]
    assert "Tokayev" in rows["Asked"][2]
    # Secretaries of security councils agreed on measures; nobody decided to send troops.
    assert rows["Decided"][1].startswith("Secretaries of security councils")


def test_one_state_on_two_days(csto: Csto) -> None:
    ran = csto("compare", "Uzbekistan", "--on", "2010-06-12", "--on", "2022-01-10", "-f", "csv")
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(ran.out))}
    assert "CSTO" in rows["Member of"][1]
    assert "OTS" in rows["Member of"][2]
    assert csto("compare", "Uzbekistan").code == 2


def test_each_cell_of_a_matrix_is_cited_on_demand(csto: Csto) -> None:
    ran = csto(
        *("list", "memberships", "--on", "2012-12-20", "--part", "CSTO", "--view", "matrix"),
        *("--rows", "member", "--columns", "organization", "--cell", "status"),
        *("--cite", "-f", "csv"),
    )
    cells = {row["row"]: row for row in csv.DictReader(io.StringIO(ran.out))}
    assert cells["Russia"]["cell"] == "full member"
    assert cells["Uzbekistan"]["cell"] == "possibly suspended member"
    assert "Beloglazov 2023" in cells["Uzbekistan"]["passages"]
    assert all(row["passages"] for row in cells.values())
