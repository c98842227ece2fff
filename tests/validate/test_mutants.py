"""The mutation suite counts honestly: it finds what a check finds, and says what none finds.

`make test` runs some kinds of damage over the shipped graph, drawn by the date, `make interop` each
of them once, and `make mutants` six times.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from runpy import run_path

import pytest

from conftest import BASE, ROOT
from csto.load.workspace import Workspace
from csto.validate import catalogue

ORGAN = (
    'body:organ a csto:Organ ; rdfs:label "Organ"@en ; csto:parentBody body:left ;'
    " csto:evidence src:p1 .\n"
)


# What only files, shapes and options can have: tests of these break each of them.
OF_READING = {"CS0002", "CS0004", "CS0005", "CS0006", "CS0007", "CS0008", "CS0009", "CS0010"}


def mutants(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "mutants"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for part in ("ontology", "queries"):
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "all.ttl").write_text(BASE + ORGAN, encoding="utf-8")
    return tmp_path


def test_a_damage_that_a_check_knows_is_found(workspace: Path) -> None:
    kind = ("--kind", "organ its own parent")
    # Of the kinds that are named, so many are drawn.
    ran = mutants("--workspace", str(workspace), *kind, *kind, "--of", "1", "--each", "1")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 of 1 mutants of 1 kinds found (100.0 %)" in ran.stdout


def test_a_damage_that_no_check_knows_is_missed(workspace: Path) -> None:
    check = workspace / "ontology" / "checks" / "inside-itself.rq"
    check.write_text(check.read_text().replace("WHERE {", "WHERE { FILTER(false)", 1))
    ran = mutants("--workspace", str(workspace), "--kind", "organ its own parent", "--each", "1")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "missed: organ its own parent: all.ttl: -" in ran.stdout
    assert "0 of 1 mutants" in ran.stdout


def test_a_damage_that_is_not_in_the_form_is_named(workspace: Path) -> None:
    check = workspace / "ontology" / "checks" / "inside-itself.rq"
    check.write_text(check.read_text().replace("#+     delete:", "#+     remove:", 1))
    ran = mutants("--workspace", str(workspace), "--each", "1")
    assert ran.returncode == 2
    assert "inside-itself.rq: organ its own parent: a damage is made of also, delete" in ran.stderr


def test_an_unknown_kind_is_bad_usage() -> None:
    ran = mutants("--kind", "a fire")
    assert ran.returncode == 2
    assert "no kind is called 'a fire'" in ran.stderr


def test_every_code_has_a_damage_that_it_must_find() -> None:
    workspace = Workspace(ROOT)
    kinds = run_path(str(ROOT / "tools" / "mutants" / "damage.py"))["read_kinds"](workspace)
    with_damage = {code for kind in kinds.values() for code in kind.codes}
    assert {entry.code for entry in catalogue(workspace)} - with_damage == OF_READING


def test_files_that_cannot_be_read_share_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """One run for files that differ, another for a second damage of one file and for facts."""
    monkeypatch.syspath_prepend(str(ROOT / "tools" / "mutants"))
    tool = run_path(str(ROOT / "tools" / "mutants" / "__main__.py"))
    kinds = [tool["Kind"](name, ("CS0001",)) for name in ("one", "two", "three", "four")]
    files = ("a.ttl", "b.ttl", "a.ttl")
    made = [tool["Mutant"](k, Path(f), text="") for k, f in zip(kinds, files, strict=False)]
    facts = tool["Mutant"](kinds[3], Path("c.ttl"), shows_on=frozenset({"urn:c"}))
    assert tool["batches"]([*made, facts]) == [made[:2], made[2:], [facts]]
