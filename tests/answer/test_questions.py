"""Questions that the graph must answer, each a file with its query and the expected rows.

A file in ``tests/questions/`` is a SPARQL query with a header:

    #+ question: the question, as a person asks it
    #+ answer: the answer in words, with where it stands
    #+ on: 2022-01-10          (optional; the day of the slice)
    #+ expect: [[cell, …], …]  (rows in order; IRIs in their short form)
"""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT
from csto.answer.query import run
from csto.answer.tables import show
from csto.graph.dataset import Dataset
from csto.load.header import read_header

FILES = sorted((ROOT / "tests" / "questions").glob("*.rq"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_question(shipped: Dataset, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    header = read_header(text, path)
    assert header["question"].strip().endswith("?")
    assert header["answer"].strip()
    day = str(header.get("on", shipped.cut_off))
    answer = run(shipped, text, day, path.name)
    names = [variable.value for variable in answer.variables]  # type: ignore[union-attr]
    rows = [[show(row[name]) for name in names] for row in answer]  # type: ignore[union-attr]
    expected = [[str(cell) for cell in row] for row in header["expect"]]
    assert expected, "a question expects at least one row"
    assert rows == expected


def test_there_are_questions() -> None:
    assert len(FILES) >= 54
