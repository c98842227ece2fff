"""Terms of a query that do not exist, with the nearest that do: told before it is run.

A name of ours that is neither declared nor anywhere in the graph can match nothing. What
was meant is looked for by spelling, and by its words: a kind of thing and a role, as
``voteBy`` means who cast a vote.
"""

from __future__ import annotations

import contextlib
import difflib
import re
from dataclasses import dataclass
from typing import cast

from pyoxigraph import NamedNode, QuerySolutions

from csto.answer.kinds import ROLES, Asking, plural
from csto.answer.query import run
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.sparql.text import TOKEN
from csto.vocabulary import (
    BASE,
    CSTO,
    FUNCTION,
    ONTOLOGY,
    RDF_TYPE,
    SKOS,
    WELL_KNOWN,
    is_ours,
    shorten,
)

# Names of graphs, functions and shapes are no terms of the graph.
_NOT_TERMS = (FUNCTION, BASE + "graph/", BASE + "slice/", BASE + "shape/")
_CONCEPT = NamedNode(SKOS + "Concept")
_PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE)
# Words by which people end the name of a property, and the role that they mean.
_ROLE_WORDS = {
    **{role: role for role in ROLES},
    "of": "part", "in": "part", "within": "part", "at": "where", "place": "where",
    "from": "by", "with": "by", "er": "by", "or": "by", "subject": "about", "topic": "about",
    "target": "to", "recipient": "to", "regarding": "about", "on": "about",
}  # fmt: skip


@dataclass(frozen=True)
class Unknown:
    """A term that does not exist, and what may have been meant."""

    term: str
    near: tuple[str, ...]


def unknown_terms(dataset: Dataset, text: str) -> list[Unknown]:
    """The terms of ours in the patterns of a query that do not exist."""
    found = []
    seen = set()
    for iri in _terms(text, {**WELL_KNOWN, **dataset.prefixes}):
        if iri in seen or not is_ours(iri) or iri.startswith(_NOT_TERMS):
            continue
        seen.add(iri)
        if not _exists(dataset, iri):
            found.append(Unknown(shorten(iri), tuple(_near(dataset, iri))))
    return found


def refuse_unknown(
    dataset: Dataset, text: str, name: str = "query", *, vocabulary: bool = False
) -> None:
    """Refuse a query with terms that do not exist.

    Args:
        dataset: the graph.
        text: SPARQL.
        name: what the message calls the query.
        vocabulary: only classes and properties; that a thing does not exist is an answer, too.

    Raises:
        InputError: with the nearest terms for each.
    """
    found = unknown_terms(dataset, text)
    if vocabulary:
        found = [one for one in found if one.term.startswith("csto:")]
    if found:
        told = "; ".join(
            f"{one.term} does not exist in the graph"
            + (f", did you mean {', '.join(one.near)}?" if one.near else "")
            for one in found
        )
        raise InputError(f"{name}: {told}")


def idle_terms(dataset: Dataset, text: str) -> list[str]:
    """Remarks on classes, properties and concepts that are declared and that nothing has."""
    terms = dict.fromkeys(_terms(text, {**WELL_KNOWN, **dataset.prefixes}))
    return [
        f"{shorten(iri)} is declared, and nothing in this graph has it"
        for iri in terms
        if is_ours(iri) and not iri.startswith(_NOT_TERMS) and _is_idle(dataset, NamedNode(iri))
    ]


def _is_idle(dataset: Dataset, node: NamedNode) -> bool:
    store = dataset.store
    kinds = {quad.object for quad in store.quads_for_pattern(node, RDF_TYPE, None, ONTOLOGY)}
    # A scheme or a collection is there to have concepts; that it has some is enough.
    if not kinds or (not node.value.startswith(CSTO) and _CONCEPT not in kinds):
        return False
    if next(store.quads_for_pattern(None, node, None), None) is not None:
        return False
    return all(q.graph_name == ONTOLOGY for q in store.quads_for_pattern(None, None, node))


def _terms(text: str, prefixes: dict[str, str]) -> list[str]:
    """The IRIs in the patterns of a query, written out."""
    prefixes = dict(prefixes)
    tokens = [t for t in TOKEN.finditer(text) if not t["comment"] and not t["string"]]
    for match in _PREFIX.finditer(text):
        prefixes[match[1]] = match[2]
    found = []
    skip = _template(tokens)
    after_prefix: int | None = None
    for at, token in enumerate(tokens):
        word = token["word"] or ""
        if word.upper() in ("PREFIX", "BASE"):
            after_prefix = at
            continue
        if at in skip:
            continue
        if iri := token["iri"]:
            # The IRI of a declaration is no term.
            if after_prefix is not None and at - after_prefix <= 2:
                after_prefix = None
                continue
            found.append(iri[1:-1])
        elif ":" in word and word[0] not in "?$_":
            prefix, _, local = word.rstrip(".-").partition(":")
            if local and prefix in prefixes:
                found.append(prefixes[prefix] + local)
    return found


def _template(tokens: list[re.Match[str]]) -> range:
    """Which tokens are the template of a CONSTRUCT: what it makes need not exist."""
    depth = 0
    begin = -1
    form = False
    for at, token in enumerate(tokens):
        word = (token["word"] or "").upper()
        if word in ("SELECT", "ASK", "DESCRIBE", "WHERE") and depth == 0:
            return range(0)
        form = form or word == "CONSTRUCT"
        if form and token["brace"] == "{":
            begin = at if depth == 0 else begin
            depth += 1
        elif form and token["brace"] == "}":
            depth -= 1
            if depth == 0:
                return range(begin, at + 1)
    return range(0)


def _exists(dataset: Dataset, iri: str) -> bool:
    try:
        node = NamedNode(iri)
    except ValueError:
        return True
    store = dataset.store
    places = (
        store.quads_for_pattern(node, None, None),
        store.quads_for_pattern(None, node, None),
        store.quads_for_pattern(None, None, node),
    )
    return any(next(place, None) is not None for place in places)


def _near(dataset: Dataset, iri: str) -> list[str]:
    """What may have been meant, at most four: by its words first, then by spelling."""
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    space, local = iri[:cut], iri[cut:]
    found: list[str] = []
    if space == CSTO:
        found += _by_words(dataset, local)
    known = _locals(dataset, space)
    by_case = {name.casefold(): name for name in known}
    if local.casefold() in by_case:
        found.append(shorten(space + by_case[local.casefold()]))
    found += [shorten(space + one) for one in difflib.get_close_matches(local, known, 3, 0.6)]
    if space != CSTO and not found:
        # The right name under the wrong kind.
        for quad in dataset.store.quads_for_pattern(None, NamedNode(f"{BASE}names/curie"), None):
            value = getattr(quad.subject, "value", "")
            if value.rsplit("/", 1)[-1] == local:
                found.append(shorten(value))
    return list(dict.fromkeys(found))[:4]


def _locals(dataset: Dataset, space: str) -> list[str]:
    found = set()
    names = NamedNode(f"{BASE}names/curie")
    for quad in dataset.store.quads_for_pattern(None, names, None):
        value = getattr(quad.subject, "value", "")
        if value.startswith(space):
            found.add(value[len(space) :])
    return sorted(one for one in found if "/" not in one)


def _by_words(dataset: Dataset, local: str) -> list[str]:
    """Classes that a name means in plain words, and properties by a kind and a role."""
    ask = Asking(dataset.store)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).casefold().split()
    found: list[str] = []
    with contextlib.suppress(InputError):
        found.append(shorten(ask.kind(" ".join(words))[0].value))
    # "voteBy": the words before the last name a kind, the last a role of its things.
    splits = [(words[:-1], words[-1]), (words[1:], words[0] if words else "")]
    match = re.fullmatch(r"(.+?)(er|or)", local.casefold())
    if match:
        splits += [([match[1]], match[2]), ([match[1] + "e"], match[2])]
    for kind_words, role_word in splits:
        role = _ROLE_WORDS.get(role_word)
        if role is None or not kind_words:
            continue
        try:
            kind = ask.kind(" ".join(kind_words))[0]
        except InputError:
            continue
        query = (
            f"SELECT ?p (COUNT(*) AS ?n) {{ ?thing a {kind} ; ?p ?value . ?p csto:role "
            f"<{BASE}concept/role/{role}> }} GROUP BY ?p ORDER BY DESC(?n) ?p LIMIT 2"
        )
        for row in cast(QuerySolutions, run(dataset, query, dataset.cut_off)):
            value = getattr(row["p"], "value", "")
            found.append(f"{shorten(value)} ({role}, of {plural(ask.kinds[kind].label)})")
    return found
