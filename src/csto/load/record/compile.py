"""Mappings compiled to DuckDB: one statement a table, one that writes all its triples.

Each statement is SQL that others can read and run; ``csto import --sql`` prints them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table

from csto.errors import InputError
from csto.load.record.mapping import CELL, Pattern

_RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def triples_statement(patterns: Sequence[Pattern], prefixes: Table[str, str], into: str) -> str:
    """The statement that writes the triples of a mapping as N-Triples, line by line.

    Args:
        patterns: whose tables stand in the database.
        prefixes: of vocabularies; the empty one is the base of the things of the layer.
        into: the file that is written.

    Raises:
        InputError: if a template is no term, or a predicate has a prefix that is not known.
    """
    parts = [_lines(pattern, prefixes) for pattern in patterns]
    body = "\nUNION ALL\n".join(parts)
    return (
        f"COPY (SELECT DISTINCT line FROM (\n{body}\n) WHERE line IS NOT NULL ORDER BY line)\n"
        f"TO {quoted(into)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')"
    )


def _lines(pattern: Pattern, prefixes: Table[str, str]) -> str:
    subject = term(pattern.subject, prefixes)
    lines = []
    for predicate, template in pattern.says:
        named = _RDF_TYPE if predicate == "a" else _iri(predicate, prefixes)
        # NULL || text is NULL: an empty cell leaves the triple out.
        lines.append(f"{subject} || {quoted(f' {named} ')} || {term(template, prefixes)} || ' .'")
    made = ",\n  ".join(lines)
    return f"SELECT unnest([\n  {made}\n]) AS line FROM {pattern.rows}"


def term(template: str, prefixes: Table[str, str]) -> str:
    """SQL for one term: an IRI (``body:cow-{number}``, ``<{iri}>``), or a literal.

    A literal stands in quotes, with its language or its datatype: ``"{name}"@en``,
    ``"{start}"^^edtf:EDTF``.
    """
    if template.startswith('"'):
        text, _, mark = template[1:].rpartition('"')
        tail = '"'
        if mark.startswith("^^"):
            tail += f"^^{_iri(mark[2:], prefixes)}"
        elif mark:
            tail += mark
        return _filled(text, _escaped, before='"', after=tail)
    if template.startswith("<") and template.endswith(">"):
        # A cell that is all of the IRI is one already; as a part of it, it is text.
        whole = CELL.fullmatch(template[1:-1]) is not None
        made = (lambda cell: cell) if whole else _encoded
        return _filled(template[1:-1], made, before="<", after=">")
    kind, colon, local = template.partition(":")
    if not colon or not kind.isalpha():
        raise InputError(f"{template} is neither a literal in quotes nor an IRI")
    start = prefixes.get(kind) or f"{prefixes['']}{kind}/"
    return _filled(local, _encoded, before=f"<{start}", after=">")


def _iri(name: str, prefixes: Table[str, str]) -> str:
    if name.startswith("<"):
        return name
    prefix, colon, local = name.partition(":")
    if not colon or prefix not in prefixes:
        raise InputError(f"{name}: the prefix is not known")
    return f"<{prefixes[prefix]}{local}>"


def _escaped(cell: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"')):
        cell = f"replace({cell}, {quoted(plain)}, {quoted(escaped)})"
    return f"replace(replace({cell}, chr(10), '\\n'), chr(13), '\\r')"


def _encoded(cell: str) -> str:
    return f"url_encode({cell})"


def _filled(template: str, made: Callable[[str], str], before: str, after: str) -> str:
    parts = [quoted(before)]
    at = 0
    for found in CELL.finditer(template):
        if found.start() > at:
            parts.append(quoted(template[at : found.start()]))
        parts.append(made(f'CAST("{found[1]}" AS VARCHAR)'))
        at = found.end()
    if at < len(template):
        parts.append(quoted(template[at:]))
    parts.append(quoted(after))
    return " || ".join(parts)


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
