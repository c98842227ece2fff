"""What is given to a query reaches the parts that it narrows, and changes no row."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from csto.answer.query import bind, bind_many, run
from csto.graph.dataset import Dataset
from csto.load.workspace import Workspace
from csto.sparql.body import bare, body_of, body_start, spread
from csto.sparql.saved import SavedQuery, find_query, saved_queries
from csto.sparql.text import answer
from support.sample import some

FACTS = """
PREFIX e: <https://example.org/>
e:a e:p e:b, e:c ; e:q "a {" . e:b e:p e:c ; e:r e:a . e:c e:q "c" ; e:r e:b . e:d e:p e:d .
"""
HEAD = "PREFIX e: <https://example.org/> SELECT * WHERE {"
# Each part of a body that is narrowed, and where it is not, why.
NARROWED = {
    "{ ?x e:p ?y } UNION { ?x e:r ?y }": 2,
    "?x ?any ?thing { ?x e:p ?y } UNION { ?y e:p ?x FILTER(?y != e:d) }": 2,
    "{ { ?x e:p ?y } UNION { { ?x e:r ?y } UNION { ?y e:r ?z } } }": 2,
    "{ SELECT DISTINCT ?x ?y WHERE { ?x e:p ?y } }": 1,
    "{ SELECT ?y { ?x e:p ?y } }": 0,
    "{ SELECT ?x (STR(?y) AS ?z) WHERE { ?x e:p ?y } ORDER BY ?y }": 1,
    "{ SELECT (STR(?x) AS ?z) WHERE { ?x e:p ?y } }": 0,
    "{ SELECT ?x ?y WHERE { ?x e:p ?y } ORDER BY ?y LIMIT 1 }": 0,
    "{ SELECT ?x (COUNT(?y) AS ?n) WHERE { ?x e:p ?y } GROUP BY ?x }": 0,
    "{ OPTIONAL { ?x e:r ?z } ?x e:p ?y }": 0,
    "{ ?x e:p ?y OPTIONAL { ?y e:r ?x } }": 1,
    '{ BIND(STR(?x) AS ?z) ?x e:p ?y } UNION { ?y e:q "a {" . ?y e:p ?x }': 1,
    "{ ?y e:p ?z FILTER(?y != ?x) }": 0,
    "{ ?y e:p ?z FILTER NOT EXISTS { ?x e:r ?y } }": 0,
    "{ ?y e:p ?z BIND(EXISTS { ?x e:r ?y } AS ?is) }": 0,
    "{ VALUES ?x { UNDEF e:b } ?y e:p ?z FILTER(BOUND(?x) || ?z = e:d) }": 0,
    "?x e:p ?y OPTIONAL { { ?x e:r ?z } UNION { ?z e:r ?x } }": 0,
    "?y e:p ?z MINUS { { ?x e:p ?z } UNION { ?x e:q ?w } }": 0,
}
GIVEN = {
    "VALUES ?x { e:a e:c }": "?x",
    "VALUES (?x ?w) { (e:a 1) }": "?x",
    "VALUES (?x) { (e:d) }": "?x",
}


def _rows(store: Store, text: str) -> list[str]:
    return sorted(map(str, answer(store, text, [NamedNode("https://example.org/")])))  # type: ignore[arg-type]


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("body", NARROWED)
def test_rows_stay_the_same(body: str, given: str) -> None:
    store = Store()
    store.load(input=FACTS, format=RdfFormat.TURTLE, to_graph=NamedNode("https://example.org/"))
    text = f"{HEAD} {given} {body} }}"
    narrowed = spread(text)
    assert narrowed.count("VALUES ?x") - text.count("VALUES ?x") == NARROWED[body]
    assert _rows(store, narrowed) == _rows(store, text)
    assert bare(text) == f"{HEAD} {body} }}"
    # Elsewhere nothing is known beforehand.
    assert spread(f"{HEAD} {body} }}") == f"{HEAD} {body} }}"


@pytest.mark.parametrize(
    "given", ["VALUES ?x { e:a e:a }", "VALUES ?x { UNDEF }", "VALUES (?x ?y) { (e:a UNDEF) }"]
)
def test_what_would_double_or_bind_nothing_stays(given: str) -> None:
    text = f"{HEAD} {given} {{ ?x e:p ?y }} UNION {{ ?x e:r ?y }} }}"
    assert spread(text) == text


def test_the_body_is_what_where_opens() -> None:
    text = 'SELECT ?x (EXISTS { ?x ?p "}" } AS ?is) WHERE { ?x ?p ?y } LIMIT 1'
    assert text[body_start(text) :].startswith(" ?x ?p ?y }")
    assert body_of(text) == " ?x ?p ?y "
    assert spread("DESCRIBE <https://example.org/a>") == "DESCRIBE <https://example.org/a>"


def _asked(query: SavedQuery, dataset: Dataset) -> str:
    given = {name: value for name, value in query.example.items() if name != "on"}
    return bind(query, given, dataset.things)


@pytest.mark.sampled
def test_saved_queries_answer_the_same(
    shipped: Dataset, shipped_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {q.name: _asked(q, shipped) for q in saved_queries(shipped_workspace) if q.params}
    narrowed = [name for name, text in asked.items() if spread(text) != text]
    assert len(narrowed) > 10
    for name in some(narrowed, 3):
        answers = []
        for how in (spread, str):
            monkeypatch.setattr("csto.answer.query.spread", how)
            rows: Any = run(shipped, asked[name], "2022-01-10", name)
            answers.append(sorted(map(str, rows)))
        assert answers[0] == answers[1], name


def test_many_things_are_looked_up_in_each_part(shipped_workspace: Workspace) -> None:
    query = find_query(shipped_workspace, "portraits/crisis")
    things = [NamedNode(f"https://w3id.org/csto/id/crisis/{name}") for name in ("one", "two")]
    text = spread(bind_many(query, "thing", things))
    assert text.count("/crisis/one> ") == text.count("UNION") + 2


@pytest.mark.parametrize("term", ["e:" + "a" * 60, "<" + "a" * 60, '"' + "\\a" * 60])
def test_what_does_not_end_is_left_at_once(term: str) -> None:
    text = f"SELECT * WHERE {{ VALUES (?x) {{ ({term} "
    assert spread(text) == text
