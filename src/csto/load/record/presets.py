"""Mappings by name or by file: those that the package knows, and those of others."""

from __future__ import annotations

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
