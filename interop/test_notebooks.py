"""The notebooks of the examples run from top to bottom."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("altair")
pytest.importorskip("pandas")
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path) -> None:
    cells = [c for c in json.loads(path.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]
    assert cells
    names: dict[str, Any] = {}
    for number, cell in enumerate(cells):
        exec(compile("".join(cell["source"]), f"{path.name}, code {number}", "exec"), names)
        # It is kept as it ran, in this order, and without the folder of whoever ran it.
        assert cell["execution_count"] == number + 1
        assert "<graph of" not in json.dumps(cell["outputs"])
