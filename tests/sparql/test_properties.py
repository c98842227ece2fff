"""What a query can ask for, beside what rdflib's parser reads in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import URIRef
from rdflib.paths import Path as PropertyPath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from csto.sparql.properties import properties_named
from csto.vocabulary import WELL_KNOWN
from support.sample import some

ROOT = Path(__file__).resolve().parents[2]
SAVED = sorted([*(ROOT / "queries").rglob("*.rq"), *(ROOT / "pack" / "queries").rglob("*.rq")])
EX = "https://example.org/"


def asked(text: str) -> set[str] | None:
    """Properties of all triples of a query as rdflib has them; ``None`` if one is a variable."""
    found: set[str] = set()
    for predicate in _predicates(prepareQuery(text, initNs=WELL_KNOWN).algebra):
        if isinstance(predicate, URIRef):
            found.add(str(predicate))
        elif isinstance(predicate, (PropertyPath, CompValue)):
            found |= {str(iri) for iri in _iris(predicate)}
        else:
            return None
    return found


def _predicates(node: Any) -> Iterator[Any]:
    if isinstance(node, CompValue):
        for triple in dict.get(node, "triples", ()):
            # Flat where it stands in an EXISTS.
            yield from triple[1::3]
    parts = node.values() if isinstance(node, dict) else node
    if isinstance(node, (dict, list, tuple, set)):
        for part in parts:
            yield from _predicates(part)


def _iris(path: Any) -> Iterator[URIRef]:
    if isinstance(path, URIRef):
        yield path
    elif isinstance(path, (PropertyPath, CompValue)):
        # In an EXISTS a path is as it was parsed.
        for part in (path if isinstance(path, CompValue) else vars(path)).values():
            for inner in part if isinstance(part, list) else [part]:
                yield from _iris(inner)


@pytest.mark.sampled
@pytest.mark.parametrize("path", some(SAVED, 12), ids=lambda path: path.stem)
def test_every_property_of_a_saved_query_is_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named, needed = properties_named(text, WELL_KNOWN), asked(text)
    if needed is None:
        assert named is None
    elif named is not None:
        assert needed <= named


def test_most_saved_queries_name_what_they_ask_for() -> None:
    named = [properties_named(p.read_text(encoding="utf-8"), WELL_KNOWN) for p in SAVED]
    assert named.count(None) < len(SAVED) / 3


@pytest.mark.parametrize(
    "body",
    [
        "?s ?p ?o",
        "?s\n?p\n?o",
        "ex:a ?p 5",
        'ex:a ex:b ex:c ; ?p "x"',
        "ex:a ex:b ex:c , ex:d ; $p ex:e",
        "[ ?p ?o ]",
        "[ ex:b ?o ] ?p ?o",
        "( ?s ) ?p ?o",
        "( ex:a ( ex:b ) ) ?p ?o",
        "?s ?p [ ex:b ?x ]",
        "?s ?p ( 1 2 )",
        "?s ?p true",
        "?s ?p -5",
        "?s ?p << ex:a ex:b ex:c >>",
        "<< ex:a ex:b ex:c >> ?p ?o",
        "ex:a ex:b ex:c {| ?p ?o |}",
        "?s !ex:b ?o",
        "?s !(ex:b|ex:c) ?o",
        "?s !^ex:b ?o",
        "?s (!a)+ ?o",
        "?s ex:b ?o FILTER(?o > 3) ?o ?p ?x",
        "?s ex:b ?o FILTER EXISTS { ?s ?p 3 }",
        "?s ex:b ?o BIND(EXISTS { ?o ?p ?s } AS ?x)",
        "{ SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s ?o }",
        "VALUES (?s ?o) { (1 2) } ?s ?p ?o",
        "GRAPH ?g { ?s ?p ?o }",
        "?s ?p ?o.?o ex:b ?s",
        "?s # a remark\n?p ?o",
        "?s \u0434:x ?o",
        "?s ex:a\\-b ?o",
        "?s ex:a%20b ?o",
        "?s :b ?o",
    ],
)
def test_what_is_not_sure_is_any_property(body: str) -> None:
    assert properties_named(f"SELECT * WHERE {{ {body} }}", {"ex": EX}) is None
    text = f"SELECT ?s (EXISTS {{ {body} }} AS ?x) ?o WHERE {{ ?s ex:b ?o }}"
    assert properties_named(text, {"ex": EX}) is None


@pytest.mark.parametrize("text", ["DESCRIBE ?s WHERE { ?s ex:b 1 }", "BASE <x> ASK { ?s <b> 1 }"])
def test_forms_that_ask_for_anything(text: str) -> None:
    assert properties_named(text, {"ex": EX}) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT ?a ?b ?c WHERE { ?a ex:b ?c } ORDER BY ?a ?b ?c", ["b"]),
        ("SELECT ?a (COUNT(?b) AS ?n) ?c { ?a a ?b . } GROUP BY ?a ?b ?c HAVING(?n > 1)", []),
        ("PREFIX p: <https://example.org/p/> ASK { ?a p:q|^p:r/(p:s)* ?b }", ["p/q", "p/r", "p/s"]),
        ("ASK { ?a ex:b ?c FILTER(?a > 3 && !(?b)) ?a ex:d 5 }", None),
        ("ASK { VALUES (?a ?b ?c) { (1 2 3) } ?a ex:b ?c FILTER(?a != 3) ?a ex:d 5 }", ["b", "d"]),
        ("ASK { ?a <https://example.org/b> ?c ; ex:d '?s ?p ?o', ?x }", ["b", "d"]),
    ],
)
def test_lists_and_expressions_name_no_property(text: str, names: list[str] | None) -> None:
    found = properties_named(text, {"ex": EX})
    assert found is None if names is None else {EX + name for name in names} <= (found or set())
