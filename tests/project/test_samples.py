"""A sample keeps the order of what it is drawn from, and all of it is taken where that is asked."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from conftest import ROOT
from support import sample


def test_a_sample_is_of_the_day_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "WHOLE", False)
    drawn = set()
    for seed in range(20):
        monkeypatch.setattr(sample, "SEED", seed)
        found = sample.some(range(10), 3)
        assert found == sorted(found) == sample.some(range(10), 3)
        assert len(found) == 3
        drawn |= set(found)
    assert drawn == set(range(10))
    assert sample.some(range(3), 5) == [0, 1, 2]
    monkeypatch.setattr(sample, "WHOLE", True)
    assert sample.some(range(10), 3) == list(range(10))


def _tests() -> Iterator[tuple[str, ast.FunctionDef, set[str], set[str]]]:
    """Tests of modules that draw, with the names that they use and the ones that draw."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        drawing = {"sampled"}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "support.sample":
                drawing |= {alias.asname or alias.name for alias in node.names}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                used |= {argument.arg for argument in node.args.args}
                yield path.name, node, used, drawing


def test_what_takes_a_sample_is_run_whole_elsewhere() -> None:
    marked = 0
    for module, test, used, drawing in _tests():
        marks = {ast.unparse(decorator) for decorator in test.decorator_list}
        if used & drawing:
            assert "pytest.mark.sampled" in marks, (module, test.name)
            marked += 1
    assert marked > 15
    made = (ROOT / "Makefile").read_text(encoding="utf-8")
    whole, interop = made.partition("\nwhole:")[2], made.partition("\ninterop:")[2]
    assert "CSTO_SAMPLE=all $(BIN)/python -m pytest -m sampled\n" in whole
    assert "$(MAKE) whole\n" in interop
