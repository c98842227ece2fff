"""Write answers: tables for people, standard formats for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Sequence
from typing import TextIO

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)

from csto.answer import columns
from csto.errors import InputError
from csto.vocabulary import WELL_KNOWN, shorten

ROW_FORMATS = ("table", "csv", "tsv", "json", "xml", "md")
GRAPH_FORMATS = ("turtle", "ntriples")
_RESULTS = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}

Cell = NamedNode | BlankNode | Literal | Triple | None


def default_format(stream: TextIO | None = None) -> str:
    """A table on a terminal, CSV into a pipe or file."""
    return "table" if (stream or sys.stdout).isatty() else "csv"


def show(cell: Cell) -> str:
    """A term as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, NamedNode):
        return shorten(cell.value)
    if isinstance(cell, Literal):
        return cell.value
    return str(cell)


def write_answer(
    answer: QuerySolutions | QueryBoolean | QueryTriples,
    how: str | None,
    leave: Collection[str] = (),
) -> tuple[str, int]:
    """The text of an answer and how many rows or triples it has.

    Args:
        answer: what a query made.
        how: the format; by default a table on a terminal, else CSV.
        leave: columns that only data formats have.

    Raises:
        InputError: if the format does not fit the kind of query.
    """
    if isinstance(answer, QueryTriples):
        chosen = how or "turtle"
        if chosen not in GRAPH_FORMATS:
            raise InputError(
                f"this query makes triples; --format {chosen} is for rows, use turtle or ntriples"
            )
        triples = sorted(set(answer), key=str)
        kind = RdfFormat.TURTLE if chosen == "turtle" else RdfFormat.N_TRIPLES
        prefixes = WELL_KNOWN if chosen == "turtle" else None
        data = serialize(triples, format=kind, prefixes=prefixes) or b""
        return data.decode(), len(triples)
    chosen = how or default_format()
    if chosen in GRAPH_FORMATS:
        raise InputError(
            f"this query makes rows; --format {chosen} is for CONSTRUCT and DESCRIBE, "
            f"use {', '.join(ROW_FORMATS)}"
        )
    if isinstance(answer, QueryBoolean):
        if chosen in ("json", "xml"):
            return (answer.serialize(format=_RESULTS[chosen]) or b"").decode() + "\n", 1
        return ("true" if bool(answer) else "false") + "\n", 1
    names = [v.value for v in answer.variables if chosen in _RESULTS or v.value not in leave]
    if chosen in _RESULTS:
        # CSV and TSV of the standard end lines with CR LF and LF; rows are counted from them.
        rows_text = (answer.serialize(format=_RESULTS[chosen]) or b"").decode()
        if chosen == "csv":
            rows_text = rows_text.replace("\r\n", "\n")
        whole = rows_text if rows_text.endswith("\n") else rows_text + "\n"
        return whole, _counted(whole, chosen)
    rows = [[show(solution[name]) for name in names] for solution in answer]
    return write_rows(names, rows, chosen), len(rows)


def _counted(text: str, form: str) -> int:
    """The rows of an answer as it is written."""
    if form == "json":
        return len(json.loads(text)["results"]["bindings"])
    if form == "xml":
        return text.count("<result>")
    return max(0, text.count("\n") - 1)


def write_rows(names: Sequence[str], rows: Iterable[Sequence[str]], how: str) -> str:
    """Rows of text as a table, CSV, JSON or Markdown.

    Raises:
        InputError: for a format that is not one of these.
    """
    listed = [list(row) for row in rows]
    if how == "csv":
        import csv
        import io

        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(listed)
        return buffer.getvalue()
    if how == "json":
        import json

        items = [dict(zip(names, row, strict=True)) for row in listed]
        return json.dumps(items, ensure_ascii=False, indent=2) + "\n"
    if how == "md":
        lines = [" | ".join(names), " | ".join("---" for _ in names)]
        lines += [" | ".join(c.replace("|", "\\|").replace("\n", " ") for c in r) for r in listed]
        return "".join(f"| {line} |\n" for line in lines)
    if how == "table":
        return _table(names, listed)
    raise InputError(f"unknown format {how}")


def _table(names: Sequence[str], rows: list[list[str]]) -> str:
    return columns.table([name.replace("_", " ") for name in names], rows, columns.width())


def write_cited(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose last column, the sources, stands as lines under it."""
    listed = [list(row) for row in rows]
    text = _table(names[:-1], [row[:-1] for row in listed])
    at = list(names).index("label") if "label" in names else 0
    width = columns.width()
    for row in listed:
        text += f"\n{row[at]}\n"
        for line in row[-1].splitlines():
            text += "\n".join(columns.paragraph(line, width, "  ", "      ")) + "\n"
    return text
