"""The notebooks of the examples run from top to bottom."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from csto.load.record.run import STATES

pytest.importorskip("altair")
pytest.importorskip("pandas")
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


CSTO = (365, 370, 371, 702, 703, 705)
NATO = (2, 20, 200, 210, 211, 220, 255, 290, 325, 640)
PACT = (670, 690, 692, 694, 696, 698)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small record that is made up: votes drawn, three alliances, one organization."""
    folder = tmp_path_factory.mktemp("made-up")
    with STATES.open(encoding="utf-8", newline="") as file:
        states = {int(row["cow"]): row for row in csv.DictReader(file)}
    chance = random.Random(1992)
    voters = [states[cow] for cow in (*CSTO, *NATO, *PACT)]
    calls = [(100 + n, 1993 + n // 4, 48 + n // 4) for n in range(4 * 27)]
    atop = [("4220", cow, "1992,5,15") for cow in CSTO]
    atop += [("3180", cow, "1949,4,4") for cow in NATO] + [
        ("3900", cow, "1981,5,25") for cow in PACT
    ]
    about = "longorgname,ionum,igocode,version,accuracyofpre1965membershipdates,sourcesandnotes"
    tables = {
        "states2016": [
            "stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version",
            *(
                f"{s['abbreviation']},{s['cow']},{s['name']},1900,1,1,2016,12,31,2016"
                for s in voters
            ),
        ],
        "igo_year_format3": [
            f"ioname,orgname,year,{','.join(states[cow]['cow_igo'] for cow in NATO)},"
            f"sdate,deaddate,dead,integrated,replaced,{about},imputed,political,social,economic",
            *(
                f"NATO,NATO,{year},{','.join('1' for _ in NATO)},1949,,0,0,0,"
                "NATO,3700,1,3,,,0,1,0,0"
                for year in range(2000, 2015)
            ),
        ],
        "atop-member-level": [
            "atopid,member,yrent,moent,dayent,yrexit,moexit,dayexit,defense,offense,neutral,"
            "nonagg,consul",
            *(f"{number},{cow},{began},0,0,0,1,0,0,0,0" for number, cow, began in atop),
        ],
        "un_roll_calls": [
            "rcid,session,importantvote,date,unres,amend,para,short,descr",
            *(
                f"{n},{session},0,{year}-12-0{1 + n % 4},R/{session}/{n},0,0,x,x"
                for n, year, session in calls
            ),
        ],
        "un_votes": [
            "rcid,country,country_code,vote",
            *(
                f"{n},{state['un_name']},{state['un_code']},"
                + chance.choice(("yes", "yes", "no", "abstain"))
                for n, *_ in calls
                for state in voters
            ),
        ],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    layer = folder / "world"
    for dataset, *names in (
        ("cow-states", "states2016"),
        ("cow-igo", "igo_year_format3"),
        ("atop", "atop-member-level"),
        ("un-votes", "un_votes", "un_roll_calls"),
    ):
        files = [str(folder / f"{name}.csv") for name in names]
        command = [sys.executable, "-m", "csto", "import", dataset, *files, "--layer", str(layer)]
        subprocess.run(command, check=True, capture_output=True)
    return layer


def test_a_notebook_without_its_data_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSTO_RECORD", str(tmp_path))
    cells = json.loads((EXAMPLES / "as-cohesive-as-others.ipynb").read_text("utf-8"))["cells"]
    first = next(cell for cell in cells if cell["cell_type"] == "code")
    with pytest.raises(
        SystemExit, match="needs un-votes-mapped, cow-igo-memberships, atop-statuses"
    ):
        exec("".join(first["source"]), {})


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSTO_RECORD", str(record))
    cells = [c for c in json.loads(path.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]
    assert cells
    names: dict[str, Any] = {}
    for number, cell in enumerate(cells):
        exec(compile("".join(cell["source"]), f"{path.name}, code {number}", "exec"), names)
        # It is kept as it ran, in this order, and without the folder of whoever ran it.
        assert cell["execution_count"] == number + 1
        assert "<graph of" not in json.dumps(cell["outputs"])
