"""From the files of a data set to cohesion and agreement, by the commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import run_csto

STATES = """stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version
USA,2,United States of America,1816,1,1,2016,12,31,2016
RUS,365,Russia,1816,1,1,2016,12,31,2016
BLR,370,Belarus,1991,8,25,2016,12,31,2016
ARM,371,Armenia,1991,12,21,2016,12,31,2016
"""
CAST = {
    # Roll call: day, and the votes of Russia, Belarus, Armenia and the United States.
    1: ("2010-03-01", "yes", "yes", "yes", "no"),
    2: ("2010-06-01", "yes", "yes", "abstain", "no"),
    3: ("2010-12-01", "yes", "no", "", "no"),
}
NAMES = (("Russia", "RU"), ("Belarus", "BY"), ("Armenia", "AM"), ("United States", "US"))


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("record")
    (folder / "states2016.csv").write_text(STATES)
    votes = ["rcid,country,country_code,vote"]
    calls = ["rcid,session,importantvote,date,unres,amend,para,short,descr"]
    for number, (day, *cast) in CAST.items():
        calls.append(f"{number},64,0,{day},R/64/{number},0,{int(number == 3)},x,x")
        votes += [f"{number},{n},{c},{v}" for (n, c), v in zip(NAMES, cast, strict=True) if v]
    (folder / "un_votes.csv").write_text("\n".join(votes) + "\n")
    (folder / "un_roll_calls.csv").write_text("\n".join(calls) + "\n")
    layer = folder / "world"
    files = [str(folder / name) for name in ("un_votes.csv", "un_roll_calls.csv")]
    early = run_csto("import", "un-votes", *files, "--layer", str(layer))
    assert (early.code, "needs cow-states first" in early.err) == (2, True)
    states = run_csto("import", "cow-states", str(folder / "states2016.csv"), "-l", str(layer))
    assert states.code == 0, states.err
    made = run_csto("import", "un-votes", *files, "--layer", str(layer))
    assert made.code == 0, made.err
    return layer


def test_what_the_workspace_knows_keeps_its_name(layer: Path) -> None:
    text = (layer / "bulk" / "un-votes.nt").read_text()
    assert "<https://w3id.org/csto/ontology#yesBy> <https://w3id.org/csto/id/state/russia>" in text
    assert "body/un-general-assembly>" in text
    assert "cow-365" not in text


def test_cohesion(layer: Path) -> None:
    ran = run_csto("cohesion", "CSTO", "--record", str(layer), "--draws", "0", "-f", "csv")
    assert ran.code == 0, ran.err
    (row,) = [dict(zip(ran.out.splitlines()[0].split(","), r, strict=True)) for r in ran.rows]
    assert (row["organization"], row["year"], row["roll_calls"]) == ("CSTO", "2010", "3")
    assert row["voting"] == "2-3"
    # Pairs alike: 3 of 3, 1 of 3, 0 of 1.
    assert float(row["pairwise"]) == pytest.approx((1 + 1 / 3 + 0) / 3, abs=0.001)
    # Rice leaves the abstention out: 1, 1, 0.
    assert float(row["rice"]) == pytest.approx(2 / 3, abs=0.001)
    assert row["pairwise_drawn_low"] == ""
    picture = run_csto("cohesion", "CSTO", "--record", str(layer), "-f", "svg")
    assert picture.out.startswith("<svg")


def test_agreement(layer: Path, tmp_path: Path) -> None:
    ran = run_csto("agreement", "Russia", "Armenia", "--record", str(layer), "-f", "csv")
    assert ran.rows == [
        [
            *("Russia", "Armenia", "2010", "2", "1", "1"),
            *("0.500", "0.500", "0.000", "-0.333", "1.000", "0.750"),
        ]
    ]
    whole = run_csto("agreement", "Russia", "Belarus", "--record", str(layer), "--whole")
    # The third roll call is on a paragraph.
    assert [row[3:6] for row in whole.rows] == [["2", "2", "0"]]
    pairs = tmp_path / "pairs.csv"
    assert run_csto("agreement", "--record", str(layer), "-o", str(pairs)).code == 0
    assert len(pairs.read_text().splitlines()) == 1 + 6


def test_all_data_sets_in_one_go(
    layer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("csto.cli.guard.tell", told.append)
    # In any order: the files say by their names what they are, and the states come first.
    files = [str(layer.parent / f"{n}.csv") for n in ("un_votes", "states2016", "un_roll_calls")]
    ran = run_csto("import", "all", *files, "--layer", str(tmp_path))
    assert ran.code == 0, ran.err
    for name in ("bulk/un-votes.nt", "graph/cow-states.nt", "columns/un-votes-rollcalls.parquet"):
        assert (tmp_path / name).read_bytes() == (layer / name).read_bytes()
    # One bar for all of it: from nothing to the last step, never back.
    bars = [re.fullmatch(r"([█░]{20}) (\d+) % (\S+): .+", line) for line in told]
    assert all(bars)
    shares = [int(bar[2]) for bar in bars if bar]
    assert (shares[0], shares[-1] < 100) == (0, True)
    assert shares == sorted(shares)
    assert shares[-1] + 100 / len(shares) >= 99
    assert list(dict.fromkeys(bar[3] for bar in bars if bar)) == ["cow-states", "un-votes"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("import", "all", "README.md"), "a file of no data set"),
        (("import", "all"), "name the files"),
        (("import", "all", "x", "--sql"), "of one data set"),
        (("import", "all", "un_votes.csv", "--layer", "none"), "needs cow-states first"),
        (("cohesion", "CSTO", "--record", "nowhere"), "csto import un-votes"),
        (("cohesion", "CSTO", "--from", "2010", "--to", "2000"), "is after"),
        (("agreement",), "all pairs are many"),
        (("agreement", "A", "B", "C"), "one or two"),
        (("import", "nothing"), "data sets: atop, cow-igo, cow-states, un-votes"),
        (("import", "cow-igo", "--base", "https://example.org/x#"), "ends in /"),
        (("import", "un-votes", "--compare"), "no spells to compare"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(args: tuple[str, ...], said: str) -> None:
    ran = run_csto(*args)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_the_sql_of_a_mapping_can_be_read() -> None:
    ran = run_csto("import", "cow-igo", "--sql")
    assert ran.code == 0
    assert "-- memberships\n" in ran.out
    assert "COPY (SELECT DISTINCT line" in ran.out


def test_a_layer_says_what_it_extends_and_reaches_as_far_as_its_shortest(layer: Path) -> None:
    text = (layer / "workspace.ttl").read_text()
    assert 'csto:cutOff "2016-12-31"^^xsd:date' in text
    assert "csto:extends <https://w3id.org/csto/graph>" in text
    other = run_csto("import", "cow-states", "x.csv", "-l", str(layer), "--base", "urn:x/")
    assert other.code == 2
