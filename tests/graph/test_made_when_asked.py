"""What rules make only when asked: right when it is named, told of when it is left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from conftest import BASE, Ran, act, spell, tiny
from csto.answer.query import run
from csto.errors import InputError
from csto.graph.asked import asks_any, names_any
from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.reason.evaluate import asked, asked_in_parts, evaluate
from csto.reason.state import State
from csto.rules.program import Program, program
from csto.rules.rule import load_rules
from csto.vocabulary import INFERRED
from csto.vocabulary import csto as csto_term

HEADER = "#+ code: {code}\n#+ summary: s\n#+ because: b\n{more}"
PREFIX = "PREFIX ex: <https://example.org/>\nPREFIX fn: <https://w3id.org/csto/function/>\n"
ASKED = "#+ made: when asked\n"
MEETING = """CONSTRUCT { ?pair a ex:Pair ; ex:joins ?a , ?b }
WHERE { ?a ex:by ?who ; ex:from ?x . ?b ex:by ?who ; ex:from ?y .
  FILTER(STR(?a) < STR(?b))
  BIND(fn:mint("pair", ?a, ?b) AS ?pair) }"""
LATER = """CONSTRUCT { ?pair ex:begins ?day } WHERE { ?pair ex:joins ?a . ?a ex:from ?day
  FILTER NOT EXISTS { ?pair ex:joins ?b . ?b ex:from ?other FILTER(?other > ?day) } }"""
# Needs the pairs of what is marked, and of nothing else.
READER = """CONSTRUCT { ?a ex:metOn ?day } WHERE { ?a ex:marked true . ?pair ex:joins ?a .
  FILTER NOT EXISTS { ?pair ex:begins ?other FILTER(?other < ?day) } ?pair ex:begins ?day }"""


def rules(folder: Path, **texts: str) -> Program:
    paths = []
    for code, text in texts.items():
        more = ASKED if code in ("meeting", "later") else ""
        path = folder / f"{code}.rq"
        path.write_text(HEADER.format(code=code, more=more) + PREFIX + text, encoding="utf-8")
        paths.append(path)
    return program(load_rules(paths, "https://example.org/"))


def state(count: int = 12) -> State:
    found = State(3)
    ex = "<https://example.org/{}>".format
    for number in range(count):
        node = ex(f"s{number:02}")
        found.add([(node, ex("by"), ex(f"who{number % 3}"))])
        found.add([(node, ex("from"), f'"{number}"^^<http://www.w3.org/2001/XMLSchema#integer>')])
    found.add([(ex("s04"), ex("marked"), '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>')])
    return found


def pairs(triples: object) -> set[tuple[str, ...]]:
    return {t for t in triples if "--" in t[0]}  # type: ignore[attr-defined]


def test_only_what_another_rule_needs_is_made_unasked(tmp_path: Path) -> None:
    found = evaluate(rules(tmp_path, meeting=MEETING, later=LATER, reader=READER), state())
    spelt = {found.state.spelt(t) for entry in found.log for t in entry.made}
    joined = {s for s, p, o in pairs(spelt) if p.endswith("joins>")}
    # s01, s04, s07 and s10 share a holder: the three pairs that s04 is in, of six.
    assert joined
    assert all("s04" in pair for pair in joined)
    assert len(joined) == 3
    met = {o[1:].partition('"')[0] for s, p, o in spelt if p.endswith("metOn>")}
    assert met == {"4", "7", "10"}


def test_all_of_it_is_the_same_whole_in_parts_and_for_some_things(tmp_path: Path) -> None:
    texts = {"meeting": MEETING, "later": LATER}
    plain = evaluate(rules(tmp_path, **texts), state())
    whole = {plain.state.spelt(t) for t in asked(plain)}
    # Four holders' spells each: six pairs of each of three, four triples a pair.
    assert len(whole) == 3 * 6 * 4
    again = evaluate(rules(tmp_path, **texts), state())
    before = len(again.state.index), len(again.state.terms)
    parts = [{again.state.spelt(t) for t in part} for part in asked_in_parts(again, 5)]
    assert len(parts) > 1
    assert set().union(*parts) == whole
    assert len(again.state.index) == before[0]
    assert len(again.state.terms) - before[1] < 6
    some = evaluate(rules(tmp_path, **texts), state())
    things = [f"<https://example.org/s{n:02}>" for n in (1, 4, 7)]
    few = {some.state.spelt(t) for t in asked(some, "<https://example.org/joins>", things)}
    joined = {s for s, p, _ in few if p.endswith("joins>")}
    assert len(joined) == 3
    assert few == {t for t in whole if t[0] in joined}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("CONSTRUCT { ?x ex:q ?y } WHERE { ?x ex:joins ?y }", "of which things"),
        (
            "CONSTRUCT { ?a ex:q ?a } WHERE { ?a ex:marked true "
            "FILTER NOT EXISTS { ?pair ex:joins ?a } }",
            "denies",
        ),
    ],
)
def test_a_rule_that_cannot_be_served_is_refused(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(InputError, match=word):
        rules(tmp_path, meeting=MEETING, later=LATER, reader=text)
    path = tmp_path / "odd.rq"
    path.write_text(HEADER.format(code="odd", more="#+ made: never\n") + PREFIX + text)
    with pytest.raises(InputError, match="when asked"):
        load_rules([path])


def test_a_query_names_it_however_it_is_written() -> None:
    terms = ["https://w3id.org/csto/ontology#Overlap"]
    names = {"csto": "https://w3id.org/csto/ontology#"}
    for text in (
        "SELECT * { ?o a csto:Overlap }",
        "SELECT * { ?o a <https://w3id.org/csto/ontology#Overlap> }",
        "BASE <https://w3id.org/csto/ontology> SELECT * { ?o a <#Overlap> }",
        "PREFIX o: <https://w3id.org/csto/ontology#Over> SELECT * { ?o a o:lap }",
        r"SELECT * { ?o a csto:Over\u006Cap }",
    ):
        assert names_any(text, terms, names), text
    assert not names_any("SELECT * { ?o a csto:State } # csto:Overlap", terms, names)
    assert asks_any("SELECT * { ?s ?p ?o }")
    assert asks_any("ASK { ?s csto:a ?b ; ?p ?o }")
    assert asks_any("SELECT ?c (COUNT(*) AS ?n) { ?x a ?c } GROUP BY ?c")
    assert not asks_any("SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (1 2 3) } ?a csto:x ?b }")


def test_answers_have_it_and_the_rest_says_what_it_leaves_out(
    graph: Callable[[str], Dataset],
) -> None:
    made = graph(
        act("in", "2001")
        + act("join", "2005")
        + spell("a", "csto:status status:member ; csto:openedBy act:in")
        + spell("b", "csto:status status:member ; csto:openedBy act:join", "right")
    )
    every = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert "csto:Overlap" in made.left_out(every)

    def count(text: str) -> int:
        rows = run(made, text, "2020-01-01")
        assert isinstance(rows, QuerySolutions)
        return int(next(iter(rows))["n"].value)

    before = count(every)
    assert count("SELECT (COUNT(*) AS ?n) { ?o csto:overlapOf ?spell }") == 2
    assert made.left_out(every) == ""
    assert count(every) > before + 2
    found = made.things.find("overlap:membership/a--membership/b")
    assert found.value.endswith("overlap/membership/a--membership/b")


def test_a_query_by_hand_is_told_what_it_leaves_out(csto: Callable[..., Ran]) -> None:
    ran = csto("query", "-e", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--on", "2022-01-10")
    assert "left out: csto:Overlap" in ran.err
    named = csto("query", "-e", "ASK { ?o a csto:Overlap }", "--on", "2022-01-10")
    assert named.out.strip() == "true"
    assert "left out" not in named.err


def test_slices_that_are_there_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSTO_CACHE", str(tmp_path / "cache"))
    facts = (
        BASE
        + act("in", "2001")
        + spell("a", "csto:status status:member ; csto:openedBy act:in")
        + spell("b", "csto:status status:member ; csto:openedBy act:in", "right")
    )
    workspace = tiny(tmp_path / "workspace", graph=facts)
    build(workspace)
    for before in (True, False):
        dataset = build(workspace)
        if before:
            dataset.cut("2010-01-01")
        dataset.make_asked()
        certain, _ = dataset.cut("2010-01-01")
        assert any(dataset.store.quads_for_pattern(None, csto_term("memberOf"), None, certain))
        # With many days the store moves to memory, which has all of it too.
        for year in range(2011, 2015):
            dataset.cut(f"{year}-01-01")
        for graph, term in ((certain, "memberOf"), (INFERRED, "overlapOf")):
            assert any(dataset.store.quads_for_pattern(None, csto_term(term), None, graph))
