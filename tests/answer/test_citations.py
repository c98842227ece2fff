"""What the rows of a query rest on: the triples that were matched, and their passages."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from conftest import BASE, Ran, act, spell
from csto.answer.citations import Matches, cited
from csto.answer.explain import Prover
from csto.answer.query import bind
from csto.errors import InputError
from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.workspace import Workspace
from csto.sparql.saved import saved_queries
from csto.vocabulary import shorten
from support.sample import some

Csto = Callable[..., Ran]

DAY = "2010-01-01"
FACTS = (
    act("in", "2001", extra="; csto:place <https://w3id.org/csto/id/place/here> ")
    + act("other", "2005").replace("src:p1", "src:p2")
    + spell("a", "csto:status status:member ; csto:openedBy act:in")
    + spell("b", "csto:status status:observer ; csto:openedBy act:other", "right")
    + spell("c", "csto:status status:member ; csto:openedBy act:other", "left", "two")
)
A = "m:a csto:openedBy act:in"
B = "m:b csto:openedBy act:other"
C = "m:c csto:openedBy act:other"


@pytest.fixture(scope="module")
def small(shipped_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Prover:
    path = tmp_path_factory.mktemp("rows") / "graph.ttl"
    path.write_text(BASE + FACTS, encoding="utf-8")
    return Prover(build(shipped_workspace, [path]), DAY)


def matched(prover: Prover, query: str) -> list[set[str]]:
    text = query.replace("m:", "membership:")
    prefixes = "PREFIX membership: <https://w3id.org/csto/id/membership/>"
    prefixes += "".join(
        f" PREFIX {kind}: <https://w3id.org/csto/id/{kind}/>" for kind in ("act", "body", "place")
    )
    matches = Matches(prover, f"{prefixes} {text}")
    return [
        {
            " ".join(shorten(term.value) for term in triple).replace("membership:", "m:")  # type: ignore[union-attr]
            for triple, _ in matches.triples(number)
        }
        for number in range(len(matches.rows))
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?a WHERE { m:a csto:openedBy ?a }", [{A}]),
        # What a query does not show gives several solutions, and all count.
        ("SELECT DISTINCT ?a WHERE { ?m csto:openedBy ?a } ORDER BY ?a", [{A}, {B, C}]),
        # A group is made of its members.
        (
            "SELECT ?a (COUNT(?m) AS ?n) WHERE { ?m csto:openedBy ?a } GROUP BY ?a ORDER BY ?a",
            [{A}, {B, C}],
        ),
        # What is computed tells rows apart, in the projection and in GROUP BY.
        (
            'SELECT (STRAFTER(STR(?m), "ship/") AS ?slug) WHERE { ?m csto:openedBy ?a } '
            "ORDER BY ?slug",
            [{A}, {B}, {C}],
        ),
        (
            "SELECT ?s (COUNT(*) AS ?n) WHERE { ?m csto:openedBy ?a } "
            "GROUP BY (STR(?a) AS ?s) ORDER BY ?s",
            [{A}, {B, C}],
        ),
        # OPTIONAL and UNION as far as they matched; names are left out.
        (
            "SELECT ?a ?p WHERE { ?a a csto:Admission OPTIONAL { ?a csto:place ?p } "
            "?a rdfs:label ?l } ORDER BY ?a",
            [
                {"act:in rdf:type csto:Admission", "act:in csto:place place:here"},
                {"act:other rdf:type csto:Admission"},
            ],
        ),
        (
            "SELECT ?x WHERE { { ?x csto:place ?p } UNION { m:b csto:openedBy ?x } } ORDER BY ?x",
            [{"act:in csto:place place:here"}, {B}],
        ),
        # The steps of a path.
        (
            "SELECT ?p WHERE { m:a csto:openedBy/csto:place ?p }",
            [{A, "act:in csto:place place:here"}],
        ),
        ("SELECT ?m WHERE { act:in ^csto:openedBy ?m }", [{A}]),
        (
            "SELECT ?x WHERE { m:b (csto:organization|csto:framework) ?x }",
            [{"m:b csto:organization body:right"}],
        ),
        # Sub-queries, whose variables the outer query does not see.
        (
            "SELECT ?a ?n WHERE { { SELECT ?a (COUNT(?m) AS ?n) WHERE { ?m csto:openedBy ?a } "
            "GROUP BY ?a } ?a csto:place ?p }",
            [{A, "act:in csto:place place:here"}],
        ),
        (
            "SELECT ?a WHERE { SELECT DISTINCT ?a WHERE { ?m csto:openedBy ?a FILTER(?m = m:a) } }",
            [{A}],
        ),
        # What was looked for and not found is no triple.
        (
            "SELECT ?a WHERE { ?m csto:openedBy ?a FILTER NOT EXISTS { ?a csto:place ?p } "
            "MINUS { ?m csto:organization body:right } }",
            [{C}],
        ),
        (
            "SELECT ?m WHERE { ?m csto:openedBy act:other "
            "FILTER EXISTS { ?m csto:organization body:left } }",
            [{C, "m:c csto:organization body:left"}],
        ),
    ],
)
def test_what_a_row_matched(small: Prover, query: str, expected: list[set[str]]) -> None:
    assert matched(small, query) == expected


def test_a_path_of_many_steps(graph: Callable[[str], Dataset]) -> None:
    dataset = graph(
        "body:c a csto:Organ ; csto:parentBody body:b ; csto:evidence src:p1 ."
        "body:b a csto:Organ ; csto:parentBody body:left ; csto:evidence src:p2 ."
    )
    query = "SELECT ?b WHERE { body:c csto:parentBody+ ?b . ?b a csto:InternationalOrganization }"
    (triples,) = matched(Prover(dataset, DAY), query)
    assert triples == {
        "body:c csto:parentBody body:b",
        "body:b csto:parentBody body:left",
        "body:left rdf:type csto:InternationalOrganization",
    }


def test_what_is_only_possible_is_proved_so(shipped: Dataset) -> None:
    prover = Prover(shipped, "2012-09-01")
    query = """SELECT ?slice WHERE { GRAPH ?slice { ?slice csto:certainty certainty:possible .
        state:uzbekistan csto:memberOf body:csto } }"""
    matches = Matches(prover, query)
    assert ("memberOf", True) in {
        (t.predicate.value.rpartition("#")[2], possibly) for t, possibly in matches.triples(0)
    }
    assert "Troitskiy et al. 2023, §2.1 ¶2" in matches.passages(0)


def test_passages_are_those_of_what_was_matched(small: Prover) -> None:
    query = "SELECT ?a ?m WHERE { ?m csto:openedBy ?a . ?a csto:date ?d } ORDER BY ?a ?m"
    matches = Matches(small, query)
    assert [matches.passages(n) for n in range(3)] == [
        ["Test, p. 1"],
        ["Test, p. 1", "Test, p. 2"],
        ["Test, p. 1", "Test, p. 2"],
    ]


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"])
def test_only_rows_are_cited(small: Prover, query: str) -> None:
    with pytest.raises(InputError, match="only the rows of a SELECT"):
        Matches(small, query)


def test_a_format_that_has_no_place_for_sources(small: Prover) -> None:
    with pytest.raises(InputError, match="not xml"):
        cited(small.dataset, "SELECT ?s WHERE { ?s a csto:State }", DAY, how="xml")


@pytest.mark.sampled
def test_every_row_of_the_saved_queries_is_cited(shipped: Dataset) -> None:
    """Of those that need nothing to be asked, as far as the 20th row."""
    prover = Prover(shipped, "2022-01-10")
    # The ledger of coverage is about the graph itself; what is not complete rests on no list.
    asked = [
        saved
        for saved in saved_queries(shipped.workspace)
        if saved.name != "panels/coverage"
        and not any(p.default is None and not p.optional for p in saved.params.values())
    ]
    assert len(asked) > 60
    for saved in some(asked, 8):
        matches = Matches(prover, bind(saved, {}, shipped.things), saved.name)
        for number in some(range(min(len(matches.rows), 20)), 5):
            assert matches.passages(number), f"{saved.name} row {number + 1}"


def test_cite_on_the_command_line(csto: Callable[..., Ran]) -> None:
    ran = csto("query", "votes/agreement-with", "-p", "state=Russia", "--cite", "--format", "csv")
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[0] == "state,label,same,of,sources"
    belarus = ran.out[ran.out.index(",Belarus,") : ran.out.index(",Armenia,")]
    # The votes of both states at each of the 18 roll calls that were counted.
    assert len(belarus.splitlines()) > 18
    table = csto("query", "votes/unanimous", "--cite", "--format", "table")
    assert table.out.count("\n  ") > 2


@pytest.mark.parametrize(
    ("command", "column", "own", "premise"),
    [
        (
            ["list", "memberships", "--on", "2022-01-10", "--part", "CSTO"],
            "passage",
            "column armenia",
            "Institutionalization ¶2",
        ),
        (
            ["overlap", "OTS", "CSTO", "--on", "2022-01-10"],
            "sources",
            "Kazakhstan in the Organization of Turkic States: News Central Asia",
            "3 October 2009 Signature of the Nakhchivan Agreement: Azernews",
        ),
        (
            ["query", "memberships/standings", "-p", "framework=CSTO"],
            "sources",
            "column armenia",
            "Institutionalization ¶2",
        ),
        (
            [
                *("list", "memberships", "--part", "CSTO", "--view", "matrix", "--rows", "member"),
                *("--columns", "organization", "--cell", "status"),
            ],
            "passages",
            "column armenia",
            "Institutionalization ¶2",
        ),
    ],
)
def test_passages_of_premises_are_told_apart(
    csto: Csto, command: list[str], column: str, own: str, premise: str
) -> None:
    ran = csto(*command, "--cite", "-f", "csv")
    told = next(csv.DictReader(io.StringIO(ran.out)))[column]
    first, mark, behind = told.partition("premise")
    assert mark
    assert own in first
    assert premise in behind
    assert premise not in first


def test_a_query_that_was_read_is_not_read_again(
    small: Prover, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = "SELECT ?again WHERE { m:b csto:openedBy ?again }"
    first = matched(small, asked)
    monkeypatch.setattr("rdflib.plugins.sparql.prepareQuery", None)
    assert matched(small, asked) == first == [{B}]


def test_what_follows_has_premises_only(csto: Csto) -> None:
    ran = csto("list", "divided loyalties", "--cite", "--limit", "1", "-f", "csv")
    assert next(csv.DictReader(io.StringIO(ran.out)))["passage"].startswith("premises: ")
