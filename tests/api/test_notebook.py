"""The notebook in examples/ runs from top to bottom and says what the graph says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).resolve().parents[2] / "examples" / "research-questions.ipynb"


def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {}
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)
    change = names["change"]
    # Belarus always voted as Russia; Armenia did to 2021 and never after.
    assert list(change.loc["belarus"]) == [1.0, 1.0]
    assert list(change.loc["armenia"]) == [1.0, 0.0]
    assert names["by_year"].loc[2022, "max"] == 10
    assert {"Kazakhstan", "Kyrgyzstan"} <= set(names["loyalties"]["state"])
    assert "Uzbekistan" not in set(names["loyalties"]["state"])
