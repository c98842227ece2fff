"""Queries that can be read and still answer another question than the one that was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import NamedNode

from csto.graph.dataset import TIMELESS, Dataset
from csto.sparql.text import TOKEN
from csto.vocabulary import ASSERTED, INFERRED, WELL_KNOWN, csto

_PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE)
_ALL = re.compile(r"(?<![\w?$])[?$](\w+)\s+[?$](\w+)\s+[?$](\w+)\s*[.}]")
_DAY = re.compile(r"\"\d{4}-\d{2}-\d{2}\"\^\^xsd:date")
_ASKS_DAY = (
    "csto:day",
    "csto:holdsOn",
    "GRAPH",
    "csto:heldAt",
    "csto:dayFrom",
    "csto:startEarliest",
    "csto:knownFrom",
)


def traps(dataset: Dataset, text: str, day: str) -> list[str]:
    """Remarks on a SELECT or ASK query; none for one that fell into no trap.

    Args:
        dataset: the graph.
        text: SPARQL.
        day: the day that is asked for, ``YYYY-MM-DD``.
    """
    plain = TOKEN.sub(lambda m: "" if m["comment"] else m[0], text)
    if re.search(r"\bCONSTRUCT\b", plain, re.IGNORECASE):
        return []
    return [*_disputed(dataset, plain), *_everything(plain), *_no_slice(dataset, plain, day)]


def _disputed(dataset: Dataset, text: str) -> Iterator[str]:
    """A date that is not on the node where sources differ."""
    words = {token[0] for token in TOKEN.finditer(text) if token["word"]}
    if "csto:date" not in words or words & {
        "csto:acceptedDate",
        "csto:acceptedEffect",
        "csto:reading",
    }:
        return
    relation = csto("relation")
    number = len(
        {
            about.object
            for quad in dataset.store.quads_for_pattern(None, relation, csto("date"), ASSERTED)
            for graph in (ASSERTED, INFERRED)
            for about in dataset.store.quads_for_pattern(quad.subject, csto("about"), None, graph)
        }
    )
    if number:
        yield (
            f"csto:date leaves out what sources date differently ({number} things); "
            "csto:acceptedDate has the date that is shown for each"
        )


def _everything(text: str) -> Iterator[str]:
    """A pattern of three variables, none of which stands elsewhere."""
    for match in _ALL.finditer(text):
        rest = text[: match.start()] + text[match.end() :]
        body = rest.partition("{")[2]
        if not any(re.search(rf"[?$]{name}\b", body) for name in match.groups()):
            yield (
                f"?{match[1]} ?{match[2]} ?{match[3]} matches every triple, stated and inferred, "
                f"and those of the ontology; say what kind ?{match[1]} is "
                f"(?{match[1]} a csto:Request), see csto schema"
            )


def _no_slice(dataset: Dataset, text: str, day: str) -> Iterator[str]:
    """A relation that holds on the day of the answer, beside a filter on another day."""
    if not _DAY.search(text) or any(word in text for word in _ASKS_DAY):
        return
    prefixes = {**WELL_KNOWN, **dataset.prefixes, **dict(_PREFIX.findall(text))}
    for word in dict.fromkeys(token[0] for token in TOKEN.finditer(text) if token["word"]):
        prefix, colon, local = word.partition(":")
        if not colon or prefix not in prefixes or prefixes[prefix] + local != csto(local).value:
            continue
        node = NamedNode(prefixes[prefix] + local)
        always = any(
            next(dataset.store.quads_for_pattern(None, node, None, graph), None)
            for graph in TIMELESS
        )
        graph = dataset.cut(day)[1]
        if not always and next(dataset.store.quads_for_pattern(None, node, None, graph), None):
            yield (
                f"{word} is what holds on {day}, whatever day the filter names; "
                "--on asks for another"
            )
