"""Base R reads our panels, with their types, and gets from them what the graph says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")


def test_the_script_of_the_examples_runs(tmp_path: Path) -> None:
    years = ["--from", "1992", "--to", "2024"]
    for unit, name in (("state-year", "states"), ("dyad-year", "dyads"), ("spells", "spells")):
        command = ["csto", "panel", unit, *years, "-o", str(tmp_path / f"{name}.csv")]
        subprocess.run(command, check=True, capture_output=True)
    ran = subprocess.run(
        ["Rscript", str(ROOT / "examples" / "panel.R"), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    # Six founders; seven at the end of neither 2005 nor 2012, but in between with Uzbekistan.
    assert re.search(r"2005\s+6\n", ran.stdout)
    assert re.search(r"2022\s+6\n", ran.stdout)
    assert re.search(r"Uzbekistan\s+2006-08-17\s+2012-06-28\s+2142", ran.stdout)
    assert "shared_dec31_min" in ran.stdout
