"""Mappings by name or by file: those that the package knows, and those of others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from csto.errors import InputError
from csto.load.record.mapping import Mapping, read_yaml
from csto.load.record.rml import read_rml

PRESETS = Path(__file__).parent / "mappings"


def preset_names() -> list[str]:
    """The data sets that the package knows."""
    return sorted(path.stem for path in PRESETS.glob("*.yaml"))


def find_mapping(given: str) -> Path:
    """The mapping of a known data set, or the file that is named.

    Raises:
        InputError: if it is neither.
    """
    for path in (PRESETS / f"{given}.yaml", Path(given)):
        if path.is_file():
            return path
    raise InputError(
        f'"{given}" is no data set and no mapping; data sets: {", ".join(preset_names())}'
    )


def read_mapping(path: Path) -> Mapping:
    """A mapping from its YAML, or from RML in Turtle (``.ttl``).

    Raises:
        InputError: if it is none.
    """
    return read_rml(path) if path.suffix == ".ttl" else read_yaml(path)


def mappings_for(files: Sequence[Path]) -> list[tuple[Mapping, list[Path]]]:
    """The known data sets of which files are given, each after those that it needs.

    Raises:
        InputError: if a file belongs to none of them, or to two.
    """
    mappings = [read_yaml(PRESETS / f"{name}.yaml") for name in preset_names()]
    given: dict[str, list[Path]] = {mapping.name: [] for mapping in mappings}
    for path in files:
        fitting = [m for m in mappings if any(part in path.name for part in m.files.values())]
        if len(fitting) != 1:
            what = "no data set" if not fitting else " and ".join(m.name for m in fitting)
            raise InputError(f"{path}: by its name this is a file of {what}")
        given[fitting[0].name].append(path)
    found: list[tuple[Mapping, list[Path]]] = []
    for mapping in sorted(mappings, key=lambda m: (len(m.needs), m.name)):
        if given[mapping.name]:
            found.append((mapping, given[mapping.name]))
    return found
