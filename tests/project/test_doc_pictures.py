"""The pictures of the documentation are those that the graph gives today."""

from __future__ import annotations

import re
import shlex
import sys

import pytest

from conftest import ROOT, run_csto
from support.sample import some

sys.path.insert(0, str(ROOT / "tools"))
from pictures import FOLDER, calls


@pytest.mark.sampled
@pytest.mark.parametrize("name", some(sorted(calls()), 2))
def test_a_picture_is_current(name: str) -> None:
    kept = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    # A plain comparison: a difference of two pictures is of no use to a reader.
    ran = run_csto("--quiet", *shlex.split(calls()[name]), "--format", "svg")
    assert (kept == ran.out) is True, "make pictures draws them anew"


def test_every_picture_is_listed_and_shown() -> None:
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(calls())
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    shown = set(re.findall(r"pictures/([\w-]+)\.svg", text))
    assert shown == set(calls())
    for alt in re.findall(r"!\[([^\]]*)\]\([^)]*pictures/", text):
        assert len(alt.split()) > 4
