"""Which pattern of a query leaves it without an answer; asked only after an empty one."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from pyoxigraph import NamedNode, QuerySolutions

from csto.answer.kinds import Asking, plural
from csto.answer.query import bind, run
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.graph.parameters import bindings
from csto.sparql.saved import SavedQuery
from csto.vocabulary import CSTO, EDTF, ONTOLOGY, RDF, WELL_KNOWN, shorten

# Patterns beyond this many are not tried one by one.
_MOST = 16
# How many other values of a parameter are looked at.
_TRIED = 200
_VARIABLE = re.compile(r"[?$]\w+")
_LOCAL = re.compile(r".*[/#]")
_RANGE = NamedNode("https://schema.org/rangeIncludes")


def why_empty(dataset: Dataset, text: str, day: str) -> list[str]:
    """What empties a query, in words; nothing where that cannot be told."""
    try:
        patterns, values, filtered = _take_apart(text, {**dataset.prefixes, **WELL_KNOWN})
    except Exception:  # a grammar of its own, and this is only a hint
        return []
    if not patterns or len(patterns) > _MOST:
        return []

    def some(chosen: list[str]) -> bool:
        body = " ".join([*values, *chosen])
        try:
            rows = cast(QuerySolutions, run(dataset, f"SELECT * {{ {body} }} LIMIT 1", day))
            return next(iter(rows), None) is not None
        except InputError:
            return True

    alone = [p for p in patterns if not some([p])]
    if alone:
        found = [f"nothing matches {_short(p)}" for p in alone[:3]]
        return [*found, *(more for p in alone[:3] if (more := _meant(dataset, p, day)))]
    if some(patterns):
        hint = "the patterns have answers: a filter, a UNION or a negation leaves none"
        return [hint, *_edtf_hint(dataset, text, patterns)] if filtered else []
    breaking = [p for p in patterns if some([one for one in patterns if one != p])]
    said = [f"without {_short(p)} there are answers" for p in breaking[:3]]
    if not breaking:
        # Several patterns each leave nothing: the first that does, in order, is named.
        for count in range(2, len(patterns) + 1):
            if not some(patterns[:count]):
                breaking = [patterns[count - 1]]
                said = [f"{_short(breaking[0])} leaves nothing of what comes before it"]
                break
    return [*said, *_pair_hints(dataset, breaking, patterns, day)]


def for_other_values(
    dataset: Dataset, query: SavedQuery, given: Mapping[str, str], day: str
) -> list[str]:
    """Which parameter keeps a saved query from answers, in words; asked after an empty answer.

    It is tried with one other value that its required patterns fit, so no word says too much.
    """
    values = bindings(query, given, dataset.things)
    try:
        text = bind(query, given, dataset.things)
        patterns, _, _ = _take_apart(text, {**dataset.prefixes, **WELL_KNOWN})
    except Exception:  # a grammar of its own, and this is only a hint
        return []
    if not patterns or len(patterns) > _MOST:
        return []
    said = []
    for name, param in query.params.items():
        variable = param.variable
        if variable not in values or not any(f"?{variable} " in f"{p} " for p in patterns):
            continue
        kept = [f"VALUES ?{v} {{ {term} }}" for v, term in values.items() if v != variable]
        body = " ".join([*kept, *_joined(patterns, f"?{variable}")])
        with contextlib.suppress(InputError):
            found = cast(
                QuerySolutions,
                run(dataset, f"SELECT DISTINCT ?{variable} {{ {body} }} LIMIT {_TRIED}", day),
            )
            fitting = (
                node
                for row in found
                if isinstance(node := row[variable], NamedNode)
                and node != values[variable]
                and (not param.of or dataset.things.is_of(node, param.of))
            )
            other = next(fitting, None)
            if other is None:
                continue
            again = bind(query, {**given, name: other.value}, dataset.things)
            if next(iter(cast(QuerySolutions, run(dataset, again, day))), None) is not None:
                said.append(
                    f"for another {name}, such as {dataset.things.label(other)}, there are answers"
                )
    return said


def _joined(patterns: Sequence[str], variable: str) -> list[str]:
    """The patterns that share a variable with one of a variable, directly or by others.

    What joins the others may stand in a part that was left out; without it they would be
    multiplied with each other.
    """
    known, found = {variable}, set[str]()
    while new := {p for p in patterns if p not in found and known & set(_VARIABLE.findall(p))}:
        found |= new
        known |= {name for p in new for name in _VARIABLE.findall(p)}
    return [pattern for pattern in patterns if pattern in found]


def _meant(dataset: Dataset, pattern: str, day: str) -> str:
    """What was meant by a pattern that nothing matches: another property, a thing, a language."""
    predicate, value = pattern.rstrip(" .").split(" ", 2)[1:]
    if not predicate.startswith("<"):
        return ""

    def rows(body: str) -> list[Any]:
        return list(cast(QuerySolutions, run(dataset, body, day)))

    if not rows(f"SELECT * {{ ?x {predicate} ?y }} LIMIT 1"):
        used = [r["p"].value for r in rows("SELECT DISTINCT ?p { ?x ?p ?y } ORDER BY ?p")]
        # The same name in another vocabulary, or one like it: prefLabel and label.
        own = _LOCAL.sub("", predicate.strip("<>")).casefold()
        like = [one for one in used if _LOCAL.sub("", one).casefold() in own] + [
            one for one in used if own in _LOCAL.sub("", one).casefold()
        ]
        near = ", ".join(map(shorten, dict.fromkeys(like[:3])))
        return f"nothing has {_short(predicate)}; in use: {near}" if near else ""
    text = re.fullmatch(r'"([^"]*)"', value)
    if text is None:
        return ""
    if spelt := rows(f"SELECT ?y {{ ?x {predicate} ?y FILTER(STR(?y) = {value}) }} LIMIT 1"):
        return f"names and texts have a language: write {spelt[0]['y']}"
    if any(
        isinstance(r["y"], NamedNode) for r in rows(f"SELECT ?y {{ ?x {predicate} ?y }} LIMIT 1")
    ):
        told = f"{_short(predicate)} leads to things, not to texts"
        with contextlib.suppress(InputError):
            told += f"; did you mean {shorten(dataset.things.find(text[1]).value)}?"
        return told
    return ""


def _pair_hints(dataset: Dataset, breaking: list[str], patterns: list[str], day: str) -> list[str]:
    """Where things of a class never have a property: the properties that they do have."""
    ask = Asking(dataset.store)
    said = []
    for pattern in breaking[:2]:
        subject, predicate, _ = pattern.rstrip(" .").split(" ", 2)
        for other in patterns:
            parts = other.rstrip(" .").split(" ", 2)
            if parts[0] != subject or parts[1] != f"<{RDF}type>" or other == pattern:
                continue
            pair = f"SELECT * {{ {other} {subject} {predicate} ?any_value }} LIMIT 1"
            if not predicate.startswith("<") or list(cast(QuerySolutions, run(dataset, pair, day))):
                continue
            kind = NamedNode(parts[2].strip("<>"))
            name = plural(ask.kinds[kind].label) if kind in ask.kinds else shorten(kind.value)
            query = (
                f"SELECT ?p (COUNT(*) AS ?n) {{ ?x a {kind} ; ?p ?y . FILTER(STRSTARTS(STR(?p), "
                f'"{CSTO}")) }} GROUP BY ?p ORDER BY DESC(?n) ?p LIMIT 8'
            )
            used = [
                shorten(getattr(r["p"], "value", ""))
                for r in cast(QuerySolutions, run(dataset, query, day))
            ]
            said.append(f"no {name} have {_short(predicate)}; in use on them: {', '.join(used)}")
    return said


def _edtf_hint(dataset: Dataset, text: str, patterns: list[str]) -> list[str]:
    """A date as its source has it is text; it does not compare with a day."""
    if "xsd:date" not in text and "XMLSchema#date" not in text:
        return []
    for pattern in patterns:
        predicate = pattern.split(" ", 2)[1].strip("<>")
        ranges = (
            dataset.store.quads_for_pattern(NamedNode(predicate), _RANGE, None, ONTOLOGY)
            if (predicate.startswith(CSTO))
            else ()
        )
        if any(getattr(q.object, "value", "") == EDTF for q in ranges):
            return [
                f"{shorten(predicate)} is as precise as its source and does not compare with "
                "a day; use csto:earliest and csto:latest of acts, csto:startEarliest and "
                "csto:endLatest of situations, or fn:earliest(?date)"
            ]
    return []


def _short(pattern: str) -> str:
    return re.sub(r"<([^<>\s]+)>", lambda m: shorten(m[1]), pattern).rstrip(" .")


def _take_apart(text: str, prefixes: dict[str, str]) -> tuple[list[str], list[str], bool]:
    """Required triple patterns and VALUES of a SELECT, as text, and whether it filters."""
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    algebra: Any = translateQuery(parseQuery(text), initNs=prefixes).algebra
    patterns: list[str] = []
    values: list[str] = []
    filtered = False
    for part in _required(algebra):
        if part.name == "BGP":
            patterns += [" ".join(map(_spelt, triple)) + " ." for triple in part.triples]
        elif part.name == "values":
            for row in part.res:
                bound = [(v, t) for v, t in row.items()]
                names = " ".join(f"?{v}" for v, _ in bound)
                terms = " ".join("UNDEF" if t == "UNDEF" else t.n3() for _, t in bound)
                values.append(f"VALUES ({names}) {{ ({terms}) }}")
        else:
            filtered = True
    # Several rows of one VALUES are alternatives; the first stands for them no more.
    return list(dict.fromkeys(patterns)), values if len(values) <= 1 else [], filtered


def _required(part: Any) -> Iterator[Any]:
    """The parts of an algebra that every answer needs, and the filters over them."""
    name = getattr(part, "name", "")
    if name in ("BGP", "values"):
        yield part
    elif name in ("LeftJoin", "Minus"):
        yield from _required(part.p1)
    elif name == "Join":
        yield from _required(part.p1)
        yield from _required(part.p2)
    elif name in ("Union", "Graph"):
        yield _Other
    elif name == "Filter":
        yield _Other
        yield from _required(part.p)
    elif hasattr(part, "p") and part.p is not None:
        yield from _required(part.p)


class _Other:
    """Stands for what is not taken apart."""

    name = "other"


def _spelt(term: Any) -> str:
    from rdflib.term import BNode

    return f"?b_{term}" if isinstance(term, BNode) else str(term.n3())
