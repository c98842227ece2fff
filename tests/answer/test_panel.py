"""Panels: the arithmetic of spans, a hand-checked table, the codebook and the formats."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from conftest import Ran, run_csto
from csto.answer.panel import Panel, build_panel, codebook, spans
from csto.errors import InputError
from csto.graph.dataset import Dataset

# Checked by hand from the lists of members of each organization: who was in what on 31 December.
# Universal: CIS, CSTO, OSCE, UN. EurAsEC 2000 to 2014 (BLR KAZ KGZ RUS TJK); EAEU from 2015
# (ARM BLR KAZ KGZ RUS); SCO and CICA (KAZ KGZ RUS TJK); ECO and OIC (KAZ KGZ TJK); OTS (KAZ KGZ);
# Council of Europe (ARM RUS, to 2022); Union State (BLR RUS).
SHARED = {
    # pair: (31 December 2010, 31 December 2022)
    ("ARM", "BLR"): (4, 5),
    ("ARM", "KAZ"): (4, 5),
    ("ARM", "KGZ"): (4, 5),
    ("ARM", "RUS"): (5, 5),
    ("ARM", "TJK"): (4, 4),
    ("BLR", "KAZ"): (5, 5),
    ("BLR", "KGZ"): (5, 5),
    ("BLR", "RUS"): (6, 6),
    ("BLR", "TJK"): (5, 4),
    ("KAZ", "KGZ"): (10, 10),
    ("KAZ", "RUS"): (7, 7),
    ("KAZ", "TJK"): (9, 8),
    ("KGZ", "RUS"): (7, 7),
    ("KGZ", "TJK"): (9, 8),
    ("RUS", "TJK"): (7, 6),
}
# Votes of 2022, from the table of the working paper: ES-11/1 to ES-11/5 and 77/229.
SAME_2022 = {
    ("ARM", "KGZ"): 5,
    ("ARM", "RUS"): 0,
    ("ARM", "KAZ"): 4,
    ("BLR", "RUS"): 6,
    ("KAZ", "RUS"): 2,
    ("KGZ", "TJK"): 6,
    ("RUS", "TJK"): 1,
}


@pytest.fixture(scope="module")
def dyads(shipped: Dataset) -> dict[tuple[str, str, str], dict[str, str]]:
    made = build_panel(shipped, "dyad-year", 1992, 2025)
    found = {}
    for row in made.rows:
        cells = dict(zip(made.columns, row, strict=True))
        pair = sorted((cells["iso3_a"], cells["iso3_b"]))
        found[pair[0], pair[1], cells["year"]] = cells
    return found


def test_dyads_of_csto_members_as_checked_by_hand(
    dyads: dict[tuple[str, str, str], dict[str, str]],
) -> None:
    for (a, b), expected in SHARED.items():
        got = tuple(int(dyads[a, b, year]["shared_dec31_min"]) for year in ("2010", "2022"))
        assert got == expected, (a, b, dyads[a, b, "2022"]["shared_in_dec31"])


def test_votes_of_dyads_as_checked_by_hand(
    dyads: dict[tuple[str, str, str], dict[str, str]],
) -> None:
    for (a, b), same in SAME_2022.items():
        cells = dyads[a, b, "2022"]
        assert (cells["votes_both"], cells["votes_same"]) == ("6", str(same))


def test_a_dyad_counts_days_of_the_year_of_signature(
    dyads: dict[tuple[str, str, str], dict[str, str]],
) -> None:
    # 7 October to 31 December 2002 are 86 days.
    assert dyads["ARM", "RUS", "2001"]["csto_dec31"] == "-"
    assert dyads["ARM", "RUS", "2001"]["csto_share"] == "-"
    assert dyads["ARM", "RUS", "2002"]["csto_share"] == f"{86 / 365:.4f}"
    assert dyads["ARM", "RUS", "2003"]["csto_share"] == "1"


def test_uzbekistan_was_in_the_csto_for_a_part_of_2012(
    dyads: dict[tuple[str, str, str], dict[str, str]],
) -> None:
    cells = dyads["RUS", "UZB", "2012"]
    # Its note of 28 June and the decision of 19 December are two readings of the end.
    assert (cells["csto_dec31"], cells["csto_any"]) == ("0", "1")
    assert cells["csto_share"] == f"{(date(2012, 6, 28) - date(2012, 1, 1)).days / 366:.4f}"
    assert dyads["RUS", "UZB", "2022"]["csto_any"] == "0"


def test_nothing_is_said_of_days_after_the_cut_off(
    dyads: dict[tuple[str, str, str], dict[str, str]],
) -> None:
    cells = dyads["ARM", "RUS", "2025"]
    assert cells["csto_any"] == "1"
    assert (cells["csto_dec31"], cells["csto_share"], cells["shared_dec31_min"]) == ("", "", "")


def test_opponents_in_a_crisis(dyads: dict[tuple[str, str, str], dict[str, str]]) -> None:
    assert dyads["ARM", "AZE", "2020"]["crises_opposed_min"] != "0"
    # No list of crises is complete: none recorded is a lower bound, no zero.
    cells = dyads["KAZ", "RUS", "2020"]
    assert [cells["crises_opposed" + end] for end in ("", "_min", "_max")] == ["", "0", ""]


def test_state_years(shipped: Dataset) -> None:
    made = build_panel(shipped, "state-year", 2010, 2022)
    cells = {(row[2], row[4]): dict(zip(made.columns, row, strict=True)) for row in made.rows}
    uzbekistan = cells["UZB", "2010"]
    assert (uzbekistan["csto_dec31"], uzbekistan["csto_years"]) == ("1", "4")
    assert cells["UZB", "2013"]["csto_dec31"] == "0"
    assert cells["KGZ", "2010"]["requests_made_min"] == "1"
    assert cells["KAZ", "2022"]["requests_made_min"] == "2"
    assert cells["ARM", "2022"]["contingents_abroad_min"] == "1"
    assert cells["BLR", "2022"]["votes_no"] == "6"
    assert cells["UKR", "2022"]["crises_on_territory_min"] != "0"


def three(row: dict[str, str], column: str) -> list[str]:
    return [row[column + end] for end in ("", "_min", "_max")]


@pytest.fixture(scope="module")
def states(shipped: Dataset) -> dict[tuple[str, str], dict[str, str]]:
    made = build_panel(shipped, "state-year", 1992, 2024)
    return {(row[2], row[4]): dict(zip(made.columns, row, strict=True)) for row in made.rows}


def test_foreign_troops_are_no_false_zero(states: dict[tuple[str, str], dict[str, str]]) -> None:
    """Finding 1: silence is no zero, and nobody looked at states outside the region."""
    for state in ("ARM", "TJK"):
        for year in range(1995, 2022):
            assert three(states[state, str(year)], "foreign_troops_hosted") == ["", "1", ""]
    assert three(states["HUN", "2010"], "foreign_troops_hosted") == ["", "", ""]
    # Two senders, however many bases: Russia and the United States.
    assert states["KGZ", "2010"]["foreign_troops_hosted_min"] == "2"


def test_votes_stand_only_where_all_are_held(
    states: dict[tuple[str, str], dict[str, str]],
) -> None:
    """Findings 1 and 28: empty, not zero; and the Security Council is not the Assembly."""
    for year in range(1992, 2025):
        assert states["HUN", str(year)]["votes"] == ""
    assert states["RUS", "2011"]["votes"] == ""
    six = ("ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK")
    sums = {s: sum(int(states[s, str(y)]["votes"] or 0) for y in range(1992, 2025)) for s in six}
    assert len(set(sums.values())) == 1


def test_crises_are_counted_once_and_end(states: dict[tuple[str, str], dict[str, str]]) -> None:
    """Findings 3 and 27: two phases are one crisis, and what is over is over."""
    assert states["KGZ", "2010"]["crises_on_territory_min"] == "1"
    counts = {y: states["KAZ", str(y)]["crises_on_territory_min"] for y in range(2019, 2025)}
    assert {year for year, count in counts.items() if count != "0"} == {2022}


def test_before_its_founding_nobody_is_or_is_not_a_member(
    states: dict[tuple[str, str], dict[str, str]],
) -> None:
    assert states["ARM", "2001"]["csto_dec31"] == "-"
    assert states["HUN", "2010"]["csto_dec31"] == "0"
    # No list of the members of the SCO is cited.
    assert states["HUN", "2010"]["sco_dec31"] == ""


def test_a_class_without_coverage_is_refused(graph: Callable[[str], Dataset]) -> None:
    from conftest import spell

    turtle = (
        "<https://w3id.org/csto/graph> csto:coversState state:one .\n"
        'body:left csto:abbreviation "LEFT" .\n'
        + spell("one", 'csto:status status:member ; csto:start "2008"^^edtf:EDTF')
    )
    with pytest.raises(InputError, match="coverage entry"):
        build_panel(graph(turtle), "state-year", 2009, 2010)


def test_state_organization_years(shipped: Dataset) -> None:
    made = build_panel(shipped, "state-organization-year", 2011, 2019)
    cells = {
        (row[2], row[5], row[7]): dict(zip(made.columns, row, strict=True)) for row in made.rows
    }
    assert cells["UZB", "CSTO", "2011"]["since"] == "2006-08-16"
    assert cells["UZB", "CSTO", "2013"]["status_dec31"] != "full member"
    turkic = cells["UZB", "OTS", "2019"]
    assert (turkic["member_dec31"], turkic["member_any"]) == ("1", "1")
    assert cells["HUN", "OTS", "2019"]["status_dec31"] == "observer"
    assert cells["HUN", "OTS", "2019"]["member_dec31"] == "0"


def test_possible_falls_between(
    graph: Callable[[str], Dataset],
) -> None:
    from conftest import act, spell

    turtle = (
        "<https://w3id.org/csto/graph> csto:coversState state:one , state:two .\n"
        'body:left csto:abbreviation "LEFT" .\n'
        "m:all a csto:Coverage ; csto:ofClass csto:Membership ; csto:byRole csto:member ;"
        " csto:within body:left ; csto:listedIn src:p1 ;"
        " csto:extent <https://w3id.org/csto/concept/coverage-extent/complete> ;"
        ' csto:start "1990"^^edtf:EDTF ; csto:end "2020"^^edtf:EDTF .\n'
        + act("in", "2010~")
        + spell("one", "csto:status status:member ; csto:openedBy act:in")
        + act("out", "2015-06-30", "Withdrawal")
        + spell(
            "two",
            "csto:status status:member ; csto:openedBy act:in2 ; csto:closedBy act:out",
            state="two",
        )
        + act("in2", "2008-01-01")
    )
    made = build_panel(graph(turtle), "state-year", 2009, 2016)
    at = made.columns.index("left_dec31")
    held = {(row[1], row[4]): row[at] for row in made.rows}
    # About 2010 is 2009 to 2011.
    assert [held["One", str(y)] for y in range(2009, 2013)] == ["", "", "1", "1"]
    assert [held["Two", str(y)] for y in (2014, 2015, 2016)] == ["1", "0", "0"]


def test_spans() -> None:
    year = spans.year(2012)
    assert spans.days([year]) == 366
    situation = spans.situation("2012-03-01", "2012-04-01", "2012-05-01", "2012-06-01", 999_999)
    assert situation is not None
    assert spans.days(spans.within([situation.certain], year)) == 30
    assert spans.days(spans.within([situation.possible], year)) == 92
    assert spans.situation("", "2012-04-01", "", "", 999_999) is None
    joined = spans.within([(0, 5), (3, 8), (9, 10)], (1, 20))
    assert joined == [(1, 8), (9, 10)]
    assert spans.common([(0, 5)], [(3, 8)]) == [(3, 5)]
    # A day known to a year only is certainly in that year; one known to two years is in neither.
    whole, split = spans.act("2012-01-01", "2012-12-31"), spans.act("2012-12-01", "2013-01-01")
    assert whole is not None
    assert split is not None
    assert (whole.surely_in(year), split.surely_in(year), split.maybe_in(year)) == (
        True,
        False,
        True,
    )
    # What began in a year and has no certain day was in it all the same.
    vague = spans.situation("2012-01-01", "2012-01-31", "2012-01-02", "", 999_999)
    assert vague is not None
    assert vague.surely_in(year)
    assert not vague.surely_in(spans.year(2013))


def test_the_codebook_tells_every_column(shipped: Dataset) -> None:
    made: Panel = build_panel(shipped, "state-year", 2020, 2020)
    text = codebook(made)
    for column in made.columns:
        assert f"| `{column}` |" in text
    assert "An **empty cell** is not a zero" in " ".join(text.split())
    assert "| Kazakhstan | KAZ | 705 |" in text


def test_the_command_writes_a_table_and_its_codebook(tmp_path: Path) -> None:
    path = tmp_path / "dyads.csv"
    ran = run_csto("panel", "dyad-year", "--from", "2020", "--to", "2021", "-o", str(path))
    assert ran.code == 0, ran.err
    rows = list(csv.DictReader(path.open()))
    # 22 states make 231 dyads.
    assert len(rows) == 231 * 2
    assert (tmp_path / "dyads.codebook.md").read_text().startswith("# Codebook: dyad-year panel")


def test_parquet_has_numbers_and_nulls(tmp_path: Path, shipped: Dataset) -> None:
    import pyarrow.parquet as pq

    path = tmp_path / "states.parquet"
    ran = run_csto("panel", "state-year", "--from", "2002", "--to", "2003", "-o", str(path))
    assert ran.code == 0, ran.err
    table = pq.read_table(path)
    made = build_panel(shipped, "state-year", 2002, 2003)
    assert table.column_names == made.columns
    rows = table.to_pylist()
    armenia = next(r for r in rows if r["iso3"] == "ARM" and r["year"] == 2003)
    assert armenia["csto_dec31"] == 1
    assert armenia["cow"] == "371"
    afghanistan = next(r for r in rows if r["iso3"] == "AFG")
    assert afghanistan["csto_years"] is None


def test_bad_calls_say_what_to_do(csto: Callable[..., Ran], shipped: Dataset) -> None:
    assert csto("panel", "state-year", "--from", "2024", "--to", "1992").code == 2
    ran = csto("panel", "state-year", "-o", "x.xlsx")
    assert ran.code == 2
    assert "--format" in ran.err
    assert csto("panel", "nonsense").code == 2
    with pytest.raises(InputError, match="no panel is called"):
        build_panel(shipped, "nonsense", 2000, 2001)


def test_keys_have_the_names_of_other_data_sets(
    dyads: dict[tuple[str, str, str], dict[str, str]], states: dict[tuple[str, str], dict[str, str]]
) -> None:
    assert (states["ARM", "2010"]["ccode"], states["ARM", "2010"]["gwcode"]) == ("371", "371")
    # Serbia: the two projects differ.
    assert (states["SRB", "2010"]["ccode"], states["SRB", "2010"]["gwcode"]) == ("345", "340")
    pair = dyads["ARM", "RUS", "2010"]
    keys = {name: pair[name] for name in ("ccode1", "ccode2", "gwcode1", "gwcode2")}
    assert set(keys.values()) == {"371", "365"}


def test_states_have_no_rows_before_they_are_states(shipped: Dataset) -> None:
    made = build_panel(shipped, "state-year", 1990, 1991)
    years = {(row[2], row[4]) for row in made.rows}
    assert ("UZB", "1990") not in years
    assert ("UZB", "1991") in years
    assert ("IRN", "1990") in years


def test_directed_dyads_tell_host_from_sender(shipped: Dataset) -> None:
    made = build_panel(shipped, "directed-dyad-year", 2010, 2010)
    rows = {(row[4], row[5]): dict(zip(made.columns, row, strict=True)) for row in made.rows}
    assert len(rows) == 2 * len(build_panel(shipped, "dyad-year", 2010, 2010).rows)
    assert rows["ARM", "RUS"]["troops_hosted_min"] == "3"
    assert rows["RUS", "ARM"]["troops_hosted_min"] in ("", "0")


def test_parties_of_the_treaty_before_the_organization(shipped: Dataset) -> None:
    made = build_panel(shipped, "state-agreement-year", 1995, 1995)
    rows = [dict(zip(made.columns, row, strict=True)) for row in made.rows]
    treaty = {r["iso3"]: r["party_dec31"] for r in rows if r["agreement"] == "agreement:cst"}
    assert treaty["UZB"] == "1"
    assert treaty["ARM"] == "1"


def test_spells_are_those_of_the_graph(shipped: Dataset) -> None:
    made = build_panel(shipped, "spells", 2012, 2012)
    rows = [dict(zip(made.columns, row, strict=True)) for row in made.rows]
    (held,) = (r for r in rows if r["spell"] == "membership:uzbekistan-csto")
    assert held["start_latest"] == "2006-08-17"
    assert (held["end_earliest"], held["end_latest"]) == ("2012-06-28", "2012-12-19")
    assert len({r["spell"] for r in rows}) == len(rows)


def test_the_codebook_for_programs_describes_the_file(tmp_path: Path, shipped: Dataset) -> None:
    path = tmp_path / "s.csv"
    ran = run_csto("panel", "state-year", "--from", "2010", "--to", "2011", "-o", str(path))
    assert ran.code == 0, ran.err
    package = json.loads((tmp_path / "s.datapackage.json").read_text(encoding="utf-8"))
    (resource,) = package["resources"]
    assert (tmp_path / resource["path"]).exists()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    fields = resource["schema"]["fields"]
    assert [field["name"] for field in fields] == list(rows[0])
    for field in fields:
        for row in rows:
            if row[field["name"]] not in resource["schema"]["missingValues"]:
                if field["type"] in ("integer", "year"):
                    int(row[field["name"]])
                elif field["type"] == "number":
                    float(row[field["name"]])
    keys = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in rows]
    assert len(set(keys)) == len(keys)
