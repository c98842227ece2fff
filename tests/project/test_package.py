"""The wheel carries the ontology, the graph and the queries, and answers from any folder."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_workspace(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for part in ("ontology", "graph", "queries", "pack"):
        here = {
            f"csto/workspace/{p.relative_to(ROOT).as_posix()}"
            for p in (ROOT / part).rglob("*")
            if p.is_file()
        }
        assert here
        assert here <= names


def test_the_unpacked_wheel_answers_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "csto", "overlap", "OTS", "CSTO", "--on", "2022-01-10", "-f", "csv"],
        cwd=elsewhere,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(site), "CSTO_CACHE": str(tmp_path / "cache")},
    )
    assert done.returncode == 0, done.stderr
    assert [line.split(",")[1] for line in done.stdout.splitlines()[1:]] == [
        "Kazakhstan",
        "Kyrgyzstan",
    ]


def test_what_the_package_imports_is_what_it_asks_for() -> None:
    """Also within functions: what only `dev` installs is missing where people work."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *(e for n in extras if n != "dev" for e in extras[n])]
    names = [re.match(r"[\w-]+", one)[0] for one in asked]
    other = {
        "pyyaml": "yaml",
        "markdown-it-py": "markdown_it",
        "vl-convert-python": "vl_convert",
        "ibis-framework": "ibis",
    }
    # A cluster brings its own Spark; rich and typer bring click.
    known = {other.get(name, name) for name in names} | {"csto", "click", "pyspark"}
    imported: dict[str, str] = {}
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                imported.setdefault(name.partition(".")[0], path.name)
    assert imported.keys() - known - sys.stdlib_module_names == set()
