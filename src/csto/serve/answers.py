"""Write the answer of a query in a media type, within a limit of rows.

An answer is complete or it is refused: nothing is cut off, because a part of an answer
that looks like the whole is a wrong answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from pyoxigraph import (
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    QueryTriples,
    Triple,
    parse_query_results,
    serialize,
)

from csto.load.formats import BY_KEY
from csto.publish import jsonld
from csto.serve.reply import RefusalError

_RESULTS = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}


def take_rows(answer: QuerySolutions, limit: int) -> list[QuerySolution]:
    """All rows of an answer, which are at most ``limit``.

    Raises:
        RefusalError: if there are more.
    """
    rows = list(islice(answer, limit + 1))
    if len(rows) > limit:
        raise RefusalError(403, f"the answer has more than {limit} rows; ask for fewer with LIMIT")
    return rows


def write_rows(names: Iterable[str], rows: Iterable[QuerySolution], key: str) -> bytes:
    """Rows in one of the result formats of SPARQL 1.1."""
    listed = list(names)
    # The engine writes only what it reads or computes itself; TSV is the form in which
    # rows can be handed back to it, since its terms are written as in Turtle.
    lines = ["\t".join(f"?{name}" for name in listed)]
    lines += [
        "\t".join("" if row[name] is None else str(row[name]) for name in listed) for row in rows
    ]
    text = "\n".join(lines) + "\n"
    if key == "tsv":
        return text.encode()
    parsed = parse_query_results(text, format=QueryResultsFormat.TSV)
    return parsed.serialize(format=_RESULTS[key]) or b""


def write_boolean(answer: QueryBoolean, key: str) -> bytes:
    """The answer of ASK."""
    return answer.serialize(format=_RESULTS[key]) or b""


def take_triples(answer: QueryTriples, limit: int) -> list[Triple]:
    """All triples of an answer, each once, in a fixed order; at most ``limit``.

    Raises:
        RefusalError: if there are more.
    """
    found: set[Triple] = set()
    for triple in answer:
        found.add(triple)
        if len(found) > limit:
            raise RefusalError(403, f"the answer has more than {limit} triples; ask for fewer")
    return sorted(found, key=str)


def write_triples(triples: Iterable[Triple], key: str, prefixes: Mapping[str, str]) -> bytes:
    """Triples in one of the formats of RDF."""
    if key == "jsonld":
        quads = [Quad(triple.subject, triple.predicate, triple.object) for triple in triples]
        return jsonld.write(jsonld.compact(quads, prefixes))
    named = dict(prefixes) if BY_KEY[key].prefixed else None
    return serialize(triples, format=BY_KEY[key].rdf, prefixes=named) or b""
