"""The columns of a layer, on DuckDB or on a Spark cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from csto.errors import InputError

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import Table


def find_columns(folders: list[Path], name: str) -> Path:
    """The Parquet file of a table in the first layer that has it.

    Raises:
        InputError: if none has it, saying which import makes it.
    """
    for folder in folders:
        if (path := folder / "columns" / f"{name}.parquet").is_file():
            return path
    dataset = name.rpartition("-")[0]
    raise InputError(
        f"{folders[0]} has nothing of {dataset}; make it with: csto import {dataset} FILE…"
    )


class Columns:
    """A connection to an engine, with the tables of a layer.

    Args:
        engine: ``duckdb``, or ``spark`` (master from the environment variable ``SPARK_MASTER``,
            ``local[2]`` by default).
    """

    def __init__(self, engine: str = "duckdb") -> None:
        try:
            import ibis
        except ImportError as error:
            raise InputError(
                "this needs ibis and duckdb, which are not installed: pip install 'csto[record]'"
            ) from error
        self.ibis: Any = ibis
        self.backend: ibis.BaseBackend = _spark(ibis) if engine == "spark" else _duckdb(ibis)

    def read(self, path: Path) -> Table:
        """A Parquet file as a table."""
        return self.backend.read_parquet(str(path))

    def given(self, rows: list[tuple[Any, ...]], schema: dict[str, str]) -> Table:
        """Rows of ours as a table."""
        columns = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
        made = {name: list(column) for name, column in zip(schema, columns, strict=True)}
        table: Table = self.ibis.memtable(made, schema=self.ibis.schema(schema))
        return table

    def rows(self, expression: Table) -> list[dict[str, Any]]:
        """What an expression gives, as rows."""
        found: list[dict[str, Any]] = self.backend.to_pyarrow(expression).to_pylist()
        return found

    def write(self, expression: Table, path: Path) -> None:
        """Write what an expression gives to Parquet or CSV, by the ending of the file."""
        backend: Any = self.backend
        if backend.name == "pyspark":
            # Spark itself would write a folder, with a file for each part.
            expression = self.ibis.memtable(backend.to_pyarrow(expression))
            backend = _duckdb(self.ibis)
        write = backend.to_csv if path.suffix == ".csv" else backend.to_parquet
        write(expression, path)


def _duckdb(ibis: Any) -> Any:
    backend = ibis.duckdb.connect()
    backend.raw_sql("SET memory_limit='1GB'")
    return backend


def _spark(ibis: Any) -> Any:
    import atexit
    import os
    import sys
    import warnings

    # Ibis and Spark warn of newer pandas with every table.
    warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise InputError(
            "Spark needs pyspark, which is not installed: pip install 'csto[scale]'"
        ) from error
    master = os.environ.get("SPARK_MASTER", "local[2]")
    building = (
        SparkSession.builder.master(master)
        .appName("csto")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
        .config("spark.sql.session.timeZone", "UTC")
    )
    if master.startswith("local"):
        # Workers are on this machine; of a cluster its own settings say how they find us.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        building = building.config("spark.driver.host", "127.0.0.1")
        building = building.config("spark.driver.bindAddress", "127.0.0.1")
        # By default 200, for clusters: here each costs more than its share of the work.
        building = building.config("spark.sql.shuffle.partitions", "8")
    try:
        session = building.getOrCreate()
    except Exception as error:
        what = str(error).strip().partition("\n")[0]
        raise InputError(f"Spark at {master} does not start ({what}); it needs a JDK 17") from error
    # Workers that lose us would try on and fill the terminal.
    atexit.register(session.stop)
    return ibis.pyspark.connect(session)
