"""Write a panel as Parquet, with numbers as numbers and empty cells as nulls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csto.answer.panel.build import Panel
from csto.errors import InputError

# Digits in these are names, not numbers.
_CODES = ("cow", "cow_a", "cow_b", "cow_igo", "since", "start", "end")


def write_parquet(panel: Panel, path: Path) -> None:
    """Write ``path``; the meaning of each column goes into the metadata of its field.

    Raises:
        InputError: if pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise InputError(
            "Parquet needs pyarrow, which is not installed: pip install 'csto[data]'"
        ) from None
    fields, arrays = [], []
    for index, name in enumerate(panel.columns):
        values = typed(name, [row[index] for row in panel.rows])
        array = pa.array(values)
        if pa.types.is_null(array.type):
            array = array.cast(pa.string())
        arrays.append(array)
        fields.append(pa.field(name, array.type, metadata={"meaning": panel.meaning[name]}))
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), path)


def typed(name: str, cells: list[str]) -> list[Any]:
    """Cells of one column as integers or floats where all of them are, else as text.

    ``-`` (nothing there yet) is null like an empty cell; only CSV tells the two apart.
    """
    if name not in _CODES:
        for kind in (int, float):
            try:
                return [kind(cell) if cell not in ("", "-") else None for cell in cells]
            except ValueError:
                continue
    return [cell or None for cell in cells]
