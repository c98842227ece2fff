"""The corridor: each package of the code imports only from those before it, and in no circle."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

CORRIDOR = (
    ("errors", "vocabulary"),
    ("load",),
    ("sparql", "fmt"),
    ("rules",),
    ("reason",),
    ("graph",),
    ("proof",),
    ("validate", "answer"),
    ("publish",),
    ("serve", "api"),
    ("cli",),
)
RANK = {name: rank for rank, names in enumerate(CORRIDOR) for name in names}
CODE = Path(__file__).resolve().parents[2] / "src" / "csto"
# Words that say what somebody does there, not what is there.
ACTS = {"reading", "rows", "steps", "things", "asking", "completing", "endings", "names", "session"}


def modules(code: Path) -> dict[str, Path]:
    found = {}
    for path in code.rglob("*.py"):
        parts = ("csto", *path.relative_to(code).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name: str, known: dict[str, Path]) -> Iterator[str]:
    """What a module imports of ours, wherever in it: at the top, in functions, for types."""
    for node in ast.walk(ast.parse(known[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            asked = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            asked = [f"{node.module}.{alias.name}" for alias in node.names] + [node.module or ""]
        else:
            continue
        yield from (module for module in asked if module in known and module not in (name, "csto"))


def arrows_up(code: Path) -> list[str]:
    known = modules(code)
    found = []
    for name in known:
        own = ([*name.split("."), ""])[1]
        for target in imports(name, known):
            other = ([*target.split("."), ""])[1]
            if own in RANK and other in RANK and own != other and RANK[other] >= RANK[own]:
                found.append(f"{name} -> {target}")
    return sorted(found)


def circles(code: Path) -> list[str]:
    """Modules from which imports lead back to them."""
    known = modules(code)
    # The face of a package stands for what it hands on; importing it from inside is no arrow.
    to = {n: {t for t in imports(n, known) if not n.startswith(t + ".")} for n in known}
    found = []
    for start in known:
        seen: set[str] = set()
        waiting = list(to[start])
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += to[name]
        if start in seen:
            found.append(start)
    return sorted(found)


def test_packages_import_only_from_those_before_them() -> None:
    assert arrows_up(CODE) == []


def test_no_module_leads_back_to_itself() -> None:
    assert circles(CODE) == []


def test_every_entry_is_a_room_of_the_corridor() -> None:
    entries = {path.stem for path in CODE.iterdir() if not path.name.startswith(("_", "."))}
    assert entries - {"py"} <= set(RANK)


@pytest.mark.parametrize("package", [p for p in RANK if (CODE / p).is_dir()])
def test_every_package_says_what_lives_there(package: str) -> None:
    told = ast.get_docstring(ast.parse((CODE / package / "__init__.py").read_text("utf-8")))
    assert told
    assert len(told.splitlines()) >= 3


def test_modules_are_called_after_things() -> None:
    assert not ACTS & {path.stem for path in CODE.rglob("*.py")}


def test_an_import_that_goes_up_and_a_circle_are_found(tmp_path: Path) -> None:
    for package, text in {
        "load": "def read():\n    from csto.graph import build\n",
        "graph": "from csto.load import files\n",
    }.items():
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("")
        (tmp_path / package / ("files.py" if package == "load" else "build.py")).write_text(text)
    assert arrows_up(tmp_path) == [
        "csto.load.files -> csto.graph",
        "csto.load.files -> csto.graph.build",
    ]
    assert circles(tmp_path) == ["csto.graph.build", "csto.load.files"]


def test_what_is_imported_is_declared() -> None:
    """Another package may bring it today and not tomorrow."""
    ours = metadata.requires("csto") or []
    declared = {re.split(r"[^\w.-]", line, maxsplit=1)[0].lower() for line in ours}
    offered = metadata.packages_distributions()
    undeclared = set()
    for name, path in modules(CODE).items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            asked = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                asked = [node.module or ""]
            for module in {full.partition(".")[0] for full in asked}:
                if module == "csto" or module in sys.stdlib_module_names:
                    continue
                if not declared & {one.lower() for one in offered.get(module, [module])}:
                    undeclared.add(f"{name} imports {module}")
    assert not undeclared
