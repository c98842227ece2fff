"""The pages for writers show what stands in files, and what the ontology says."""

from __future__ import annotations

import importlib.util
import re

import pytest

from conftest import ROOT

PAGE = (ROOT / "docs" / "model" / "writing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```turtle\n(.*?)```", PAGE, re.DOTALL)
SHOWN = [part.strip() for block in BLOCKS[1:] for part in re.split(r"\n\n+", block)]
FILES = "\n\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").rglob("*.ttl"))
)


@pytest.mark.parametrize("block", SHOWN, ids=[b.split()[0] for b in SHOWN])
def test_each_block_stands_in_an_example(block: str) -> None:
    assert f"{block}\n" in FILES


def test_the_page_of_classes_is_that_of_the_ontology() -> None:
    spec = importlib.util.spec_from_file_location("classes", ROOT / "tools" / "classes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (ROOT / "docs" / "model" / "classes.md").read_text(encoding="utf-8")
    assert page == module.page(), "run python tools/classes.py"


@pytest.mark.parametrize("kind", ["State", "Membership", "Notice", "Norm", "Crisis", "Claim"])
def test_a_class_that_everybody_writes_has_an_example(kind: str) -> None:
    page = (ROOT / "docs" / "model" / "classes.md").read_text(encoding="utf-8")
    section = page.partition(f"### csto:{kind} (")[2].partition("\n### ")[0]
    assert "Must have: " in section
    assert f" a csto:{kind} ;" in section
