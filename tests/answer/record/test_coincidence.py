"""Reports of the US Department of State read from their text, and set beside the record."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pyarrow
import pyarrow.parquet
import pytest

from conftest import ROOT

REPORT = """
COUNTRY                SAME OPPOSITE       ABSTAIN       ABSENT      ONLY     CONSENSUS
Russia                     1        1                     1              0    50.0%        80.3%
Democratic People’s
Republic of Korea          0        3                     0              0     0.0%        71.2%
Republic of Korea          3        0                     0              0   100.0%        92.5%
Democratic
Republic of Nowhere        1        1                     1              0    50.0%        80.3%
                                   - 2 -
COUNTRY                SAME OPPOSITE       ABSTAIN       ABSENT      ONLY     CONSENSUS
Armenia                    0        0                     2              1     0.0%        71.2%
Totals                     9        9                     9              9     9.0%         9.0%
    A/Res/71/1                   November 30                     100-9(US)-55
    A/Res/71/96                    December 6                    168-6(US)-6
    A/Res/71/48                   December 13
"""
# A name above and below its figures, and a list of all votes.
LATER = """
Country                                         Same Opposite Partial Absent
Macedonia (the former Yugoslav Republic
                                                   1          1       1      0          50%
of)
Russian Federation                                 1          1       1      0          50%
Russian Federation                                 9          1       1      0          90%
Resolution       USA Vote         Y       N      A            X      Same Opposite Partial
A/RES/72/1         Y             80      14     61           38       79        14        61
A/RES/72/9         N             94      15     65           19       14        94        65
                     PARAGRAPH VOTES
A/RES/72/3 PP6     N            125      5      47           16        4       125        47
A/RES/72/4         N            125      5      47           16        4       125        47
"""


@pytest.fixture(scope="module")
def read() -> ModuleType:
    path = ROOT / "benchmarks" / "coincidence.py"
    spec = importlib.util.spec_from_file_location("coincidence", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three roll calls a year; the third is on a paragraph. Stands of the US, Russia, Armenia."""
    folder = tmp_path_factory.mktemp("record")
    (folder / "columns").mkdir()
    stands = {1: (1, 1, 0), 2: (-1, 1, 0), 3: (1, 0, 1)}
    calls, votes = [], []
    for year, session in ((2016, 71), (2017, 72)):
        for call, cast in stands.items():
            number, held = session * 10 + call, f"{year}-12-01"
            symbol = f"A/RES/{session}/{call}"
            calls.append({"number": number, "held": held, "symbol": symbol})
            votes += [
                {"number": number, "held": held, "year": year, "cow": cow, "stand": stand}
                | {"paragraph": call == 3}
                for cow, stand in zip((2, 365, 371), cast, strict=True)
            ]
    for name, rows in (("mapped", votes), ("rollcalls", calls)):
        table = pyarrow.Table.from_pylist(rows)
        pyarrow.parquet.write_table(table, folder / "columns" / f"un-votes-{name}.parquet")
    return folder


def test_names_are_matched_by_table_and_broken_ones_joined(read: ModuleType) -> None:
    shares, strangers = read.published(REPORT, read.numbers())
    assert shares == {365: 50.0, 731: 0.0, 732: 100.0, 371: 0.0}
    assert strangers == ["Democratic Republic of Nowhere"]
    # The second table of all states is another.
    assert read.published(LATER, read.numbers()) == ({343: 50.0, 365: 50.0}, [])


def test_what_a_report_lists_is_a_recorded_vote_on_a_whole_text(read: ModuleType) -> None:
    assert read.listed(REPORT) == {"A/RES/71/1", "A/RES/71/96"}
    assert read.listed(LATER) == {"A/RES/72/1", "A/RES/72/9"}


def test_a_report_beside_the_record(read: ModuleType, layer: Path) -> None:
    to_2016 = read.report(REPORT, layer, 2016, False)
    # Russia: one same, one opposite. Armenia: the one vote without an abstention is the same.
    assert "all roll calls (3): mean difference 50.00 points over 2 states" in to_2016
    assert "whole texts (2): mean difference 0.00 points over 1 states" in to_2016
    assert "named there, not in the record: A/RES/71/96\n" in to_2016
    later = read.report(LATER, layer, 2017, True)
    # Russia: same, opposite, half.
    assert "all roll calls (3): mean difference 0.00 points over 1 states" in later
    assert "those listed (1): mean difference 50.00 points" in later
    assert "not in the record: A/RES/72/9\n" in later
    assert "in the record, not there: A/RES/72/2, A/RES/72/3\n" in later
