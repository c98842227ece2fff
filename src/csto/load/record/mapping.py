"""Mappings from tables to triples: what they say, read from YAML.

A mapping has the keys ``name``, ``title``, ``source`` (``citation`` and ``licence``, for SQL
``getvariable('citation')`` and ``getvariable('licence')``), ``files`` (the tables
that the user brings, by name), ``tables`` (SQL for each set of rows, in order; each may use
those before it) and ``triples`` (templates for each row of a table). ``columns`` names the
tables that are kept as Parquet for questions that are quadratic, ``unmapped`` those that list
what no code could be found for. With ``loaded: false`` the triples lie in ``bulk/``, which no
command opens and `csto push` sends: for data that are asked by their columns; an entry of
``triples`` with ``loaded: true`` lies in the layer all the same.

In SQL every file is a table of text whose column ``line`` is the line of the file. In a
template ``{column}`` stands for a cell; a triple with an empty cell is left out. A prefix that
``prefixes`` does not give is a kind of thing of the layer: ``membership:cow-{number}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from csto.errors import InputError

_REQUIRED = ("name", "title", "files", "tables", "triples")
_KNOWN = (*_REQUIRED, "prefixes", "source", "columns", "unmapped", "cut-off", "needs", "loaded")
CELL = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Pattern:
    """The triples of one row: of a subject, with predicates and the templates of their objects."""

    rows: str
    subject: str
    says: tuple[tuple[str, str], ...]
    loaded: bool = False


@dataclass(frozen=True)
class Mapping:
    """One data set as triples.

    ``files`` are told by name and by the text that the names of their files contain.
    """

    name: str
    title: str
    files: dict[str, str]
    tables: dict[str, str]
    triples: tuple[Pattern, ...]
    prefixes: dict[str, str] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()
    cut_off: str | None = None
    loaded: bool = True


def read_yaml(path: Path) -> Mapping:
    """A mapping from its YAML.

    Raises:
        InputError: naming file and line, if it is no YAML; file and key, if a key is missing,
            unknown or of the wrong kind, or a template uses no cell of its row as subject.
    """
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise InputError(f"{where}: no YAML: {getattr(error, 'problem', error)}") from error
    if not isinstance(said, dict):
        raise InputError(f"{path}: a mapping has the keys {', '.join(_REQUIRED)}")
    for key in _REQUIRED:
        if key not in said:
            raise InputError(f"{path}: the key {key} is missing")
    if unknown := sorted(set(said) - set(_KNOWN)):
        raise InputError(f"{path}: unknown key {unknown[0]}; known are {', '.join(_KNOWN)}")
    tables = _texts(path, said, "tables")
    return Mapping(
        name=str(said["name"]),
        title=str(said["title"]),
        files=_texts(path, said, "files"),
        tables=tables,
        triples=tuple(_pattern(path, entry, tables) for entry in said["triples"]),
        prefixes=_texts(path, said, "prefixes") if "prefixes" in said else {},
        source=_texts(path, said, "source") if "source" in said else {},
        needs=tuple(said.get("needs", ())),
        columns=_names(path, said, "columns", tables),
        unmapped=_names(path, said, "unmapped", tables),
        loaded=bool(said.get("loaded", True)),
        cut_off=str(said["cut-off"]) if "cut-off" in said else None,
    )


def _texts(path: Path, said: Table[str, Any], key: str) -> dict[str, str]:
    found = said[key]
    if not isinstance(found, dict):
        raise InputError(f"{path}: {key} has names and texts")
    return {str(name): str(text) for name, text in found.items()}


def _names(path: Path, said: Table[str, Any], key: str, tables: Table[str, str]) -> tuple[str, ...]:
    names = tuple(said.get(key, ()))
    for name in names:
        if name not in tables:
            raise InputError(f"{path}: {key} names {name}, which is no table")
    return names


def _pattern(path: Path, entry: Any, tables: Table[str, str]) -> Pattern:
    if not isinstance(entry, dict) or set(entry) - {"loaded"} != {"rows", "subject", "says"}:
        raise InputError(
            f"{path}: an entry of triples has rows, subject and says, and can be loaded"
        )
    if entry["rows"] not in tables:
        raise InputError(f"{path}: triples are made of {entry['rows']}, which is no table")
    says = []
    for predicate, objects in entry["says"].items():
        for template in objects if isinstance(objects, list) else [objects]:
            says.append((str(predicate), str(template)))
    if not CELL.search(str(entry["subject"])):
        raise InputError(f"{path}: the subject {entry['subject']} names no cell of its row")
    return Pattern(
        str(entry["rows"]), str(entry["subject"]), tuple(says), bool(entry.get("loaded"))
    )
