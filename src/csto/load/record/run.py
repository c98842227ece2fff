"""A data set read into a layer: its triples, its columns, and what could not be mapped.

DuckDB does the work, in a database of its own in memory. A mapping may read nothing but the
files that the user names, and write nothing but the folder of the layer.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Table
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from csto.errors import InputError
from csto.load.record.compile import quoted, triples_statement
from csto.load.record.mapping import Mapping, Pattern
from csto.vocabulary import WELL_KNOWN

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STATES = Path(__file__).parent / "states.csv"
MEMORY = "1500MB"
# A date of three cells as EDTF; ATOP writes 0, -9 or nothing for what it does not know.
_MACROS = """
CREATE MACRO thing(kind, slug) AS getvariable('base') || kind || '/' || slug;
CREATE MACRO edtf(y, m, d) AS CASE
  WHEN coalesce(m::INT, 0) NOT BETWEEN 1 AND 12 THEN printf('%04d', y::INT)
  WHEN coalesce(d::INT, 0) NOT BETWEEN 1 AND 31 THEN printf('%04d-%02d', y::INT, m::INT)
  ELSE printf('%04d-%02d-%02d', y::INT, m::INT, d::INT) END;
"""


@dataclass(frozen=True)
class Known:
    """A thing of another layer with the code that a data set knows it by.

    ``kind`` is ``state`` (COW number), ``organization`` (COW IGO number), ``alliance`` (ATOP
    number of an agreement), ``alliance-body`` (of a body) or ``body`` (abbreviation). ``since``
    is the first day on which it can have been founded, if the layer tells: of two with one code,
    a data set means the older.
    """

    kind: str
    code: str
    iri: str
    since: str = ""


@dataclass(frozen=True)
class Imported:
    """What an import made: rows by table, triples, and the lines that no code was found for."""

    triples: int
    rows: dict[str, int]
    unmapped: list[dict[str, str]]
    graph: Path


def import_dataset(
    mapping: Mapping,
    files: Sequence[Path],
    layer: Path,
    base: str,
    known: Iterable[Known] = (),
    step: Callable[[str], None] = lambda what: None,
) -> Imported:
    """Read a data set into the folder of a layer.

    Args:
        mapping: how its tables become triples.
        files: CSV, plain or as ``.gz``, in any order; told apart by their names.
        layer: gets ``graph/NAME.nt`` (or ``bulk/NAME.nt``) and ``columns/NAME-TABLE.parquet``;
            whole files or none.
        base: of the things of the layer; ends in ``/``.
        known: things of the layers below, which keep their IRIs.
        step: is told what is done next, as often as :func:`steps` counts.

    Raises:
        InputError: naming the file or the table, if a file is missing or is no such table, or
            the SQL of the mapping fails.
    """
    given = _sorted_out(mapping, files)
    parts = _parts(mapping)
    for folder in (*parts, "columns"):
        (layer / folder).mkdir(parents=True, exist_ok=True)
    graphs = {part: layer / part / f"{mapping.name}.nt" for part in parts}
    triples = 0
    with _database(base) as database:
        _states(database, known)
        for name in ("citation", "licence"):
            value = quoted(mapping.source.get(name, ""))
            database.execute(f"SET VARIABLE {name} = {value}")
        for name, path in given.items():
            step(f"reading {path.name}")
            _load(database, name, path)
        # From here on the SQL of the mapping runs, which may be a stranger's.
        database.execute(f"SET allowed_directories=[{quoted(str(layer.resolve()))}]")
        database.execute("SET enable_external_access=false")
        rows = {}
        for name in mapping.tables:
            step(f"the table {name}")
            rows[name] = _make(database, mapping, name)
        step("the triples")
        for part, patterns in parts.items():
            fresh = str(graphs[part].with_suffix(".part").resolve())
            statement = triples_statement(patterns, _prefixes(mapping, base), fresh)
            triples += _run(database, statement, f"the triples of {mapping.name}")[0][0]
        for name in mapping.columns:
            into = layer / "columns" / f"{mapping.name}-{name}.parquet"
            whole = into.with_suffix(".part")
            step(f"the columns {name}")
            database.execute(f'COPY "{name}" TO {quoted(str(whole.resolve()))} (FORMAT parquet)')
            os.replace(whole, into)
        unmapped = [row for name in mapping.unmapped for row in _as_text(database, name)]
    for graph in graphs.values():
        os.replace(graph.with_suffix(".part"), graph)
    return Imported(triples, rows, unmapped, graphs["graph" if mapping.loaded else "bulk"])


def _parts(mapping: Mapping) -> dict[str, list[Pattern]]:
    """Patterns by the folder that their triples go to."""
    found: dict[str, list[Pattern]] = {"graph" if mapping.loaded else "bulk": []}
    for pattern in mapping.triples:
        part = "graph" if mapping.loaded or pattern.loaded else "bulk"
        found.setdefault(part, []).append(pattern)
    return found


def steps(mapping: Mapping) -> int:
    """How many things an import does, one after the other."""
    return len(mapping.files) + len(mapping.tables) + 1 + len(mapping.columns)


@contextmanager
def _database(base: str) -> Iterator[DuckDBPyConnection]:
    try:
        import duckdb
    except ImportError as error:
        raise InputError(
            "csto import needs duckdb, which is not installed: pip install 'csto[record]'"
        ) from error
    database = duckdb.connect(":memory:")
    try:
        database.execute(f"SET memory_limit='{MEMORY}'; SET preserve_insertion_order=true")
        database.execute(f"SET VARIABLE base = {quoted(base)}")
        database.execute(_MACROS)
        yield database
    finally:
        database.close()


def _sorted_out(mapping: Mapping, files: Sequence[Path]) -> dict[str, Path]:
    """Which file is which table, by the text that their names contain."""
    found: dict[str, Path] = {}
    for name, part in mapping.files.items():
        fitting = [path for path in files if part in path.name]
        if len(fitting) != 1:
            what = "no file" if not fitting else f"{len(fitting)} files"
            raise InputError(
                f'{mapping.name} reads {name} from a file with "{part}" in its name; '
                f"{what} of those named: {', '.join(str(p) for p in files) or 'none'}"
            )
        if not fitting[0].is_file():
            raise InputError(f"{fitting[0]}: no such file")
        found[name] = fitting[0]
    if surplus := [path for path in files if path not in found.values()]:
        raise InputError(f"{surplus[0]}: {mapping.name} has no use for this file")
    return found


def _load(database: DuckDBPyConnection, name: str, path: Path) -> None:
    import duckdb

    try:
        # One thread reads, so that the number of a row is the line of the file.
        database.execute(
            f'CREATE TABLE "{name}" AS SELECT row_number() OVER () + 1 AS line, * FROM '
            f"read_csv({quoted(str(path))}, header=true, all_varchar=true, parallel=false)"
        )
    except duckdb.Error as error:
        raise InputError(f"{path}: no table: {_first_line(error)}") from error


def _states(database: DuckDBPyConnection, known: Iterable[Known]) -> None:
    """The table of codes, each state with the IRI that it has below or gets here."""
    database.execute("CREATE TABLE known (kind VARCHAR, code VARCHAR, iri VARCHAR, since VARCHAR)")
    if rows := [(k.kind, k.code, k.iri, k.since) for k in known]:
        database.executemany("INSERT INTO known VALUES (?, ?, ?, ?)", rows)
    with STATES.open(encoding="utf-8", newline="") as file:
        codes = [[cell or None for cell in row] for row in csv.reader(file)][1:]
    database.execute(
        "CREATE TABLE codes (cow VARCHAR, abbreviation VARCHAR, name VARCHAR, "
        "cow_igo VARCHAR, un_name VARCHAR, un_code VARCHAR)"
    )
    database.executemany("INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?)", codes)
    database.execute(
        "CREATE TABLE states AS SELECT c.*, k.iri IS NOT NULL AS known, coalesce(k.iri, "
        "thing('state', 'cow-' || c.cow)) AS iri FROM codes c "
        "LEFT JOIN known k ON k.kind = 'state' AND k.code = c.cow"
    )


def _make(database: DuckDBPyConnection, mapping: Mapping, name: str) -> int:
    """One table of a mapping; the number of its rows."""
    _run(
        database,
        f'CREATE TABLE "{name}" AS {mapping.tables[name]}',
        f"the table {name} of {mapping.name}",
    )
    counted = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
    assert counted is not None
    return int(counted[0])


def _run(database: DuckDBPyConnection, statement: str, what: str) -> list[tuple[int]]:
    import duckdb

    try:
        return database.execute(statement).fetchall()
    except duckdb.Error as error:
        raise InputError(f"{what}: {_first_line(error)}") from error


def _as_text(database: DuckDBPyConnection, name: str) -> list[dict[str, str]]:
    answer = database.execute(f'SELECT line, code, name, why FROM "{name}" ORDER BY line, code')
    heads = [column[0] for column in answer.description]
    return [
        dict(zip(heads, ("" if cell is None else str(cell) for cell in row), strict=True))
        for row in answer.fetchall()
    ]


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def statements(mapping: Mapping, base: str) -> Table[str, str]:
    """The SQL of a mapping by table, and that of its triples by the folder they go to."""
    prefixes = _prefixes(mapping, base)
    written = {
        f"the triples of {part}/": triples_statement(
            patterns, prefixes, f"{part}/{mapping.name}.nt"
        )
        for part, patterns in _parts(mapping).items()
    }
    return {**mapping.tables, **written}


def _prefixes(mapping: Mapping, base: str) -> Table[str, str]:
    # A source of a layer is a thing of it.
    known = {name: iri for name, iri in WELL_KNOWN.items() if name != "source"}
    return {**known, **mapping.prefixes, "": base}
