"""The rule dialect is checked at load, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import copy_shipped, run_csto
from csto.errors import InputError
from csto.load.workspace import Workspace
from csto.reason.evaluate import evaluate
from csto.reason.state import State
from csto.rules.order import ordered
from csto.rules.program import _MET, _MOST, Program, program, program_of
from csto.rules.rule import load_rules

HEADER = "#+ code: {code}\n#+ summary: s\n#+ because: b\n"
PREFIX = (
    "PREFIX csto: <https://w3id.org/csto/ontology#> PREFIX fn: <https://w3id.org/csto/function/>\n"
)


def write(folder: Path, name: str, body: str, code: str = "test") -> Path:
    path = folder / name
    path.write_text(HEADER.format(code=code) + PREFIX + body, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("body", "line", "word"),
    [
        ("CONSTRUCT { ?a csto:b ?c }\nWHERE {\n  ?a csto:d/csto:e ?c }", 7, "property path"),
        (
            "CONSTRUCT { ?a csto:b ?c }\nWHERE { ?a csto:d ?c\n OPTIONAL { ?c csto:d ?e } }",
            7,
            "OPTIONAL",
        ),
        (
            "CONSTRUCT { ?a csto:b ?c }\nWHERE { { ?a csto:d ?c }\n UNION { ?c csto:d ?a } }",
            7,
            "UNION",
        ),
        ("CONSTRUCT { ?a csto:b ?c }\nWHERE {\n GRAPH ?g { ?a csto:d ?c } }", 7, "GRAPH"),
        ("CONSTRUCT { ?a csto:b ?c }\nWHERE { ?a csto:d ?c\n MINUS { ?c csto:d ?a } }", 7, "MINUS"),
        (
            "CONSTRUCT { ?a csto:b ?c }\nWHERE {\n { SELECT ?a ?c WHERE { ?a csto:d ?c } } }",
            7,
            "SELECT",
        ),
        ("CONSTRUCT { ?a csto:b ?z }\nWHERE { ?a csto:d ?c }", 5, r"\?z of the head is not bound"),
        (
            "CONSTRUCT { ?a csto:b ?z }\nWHERE { ?a csto:d ?c .\n BIND(?c + "
            '"P6M"^^<http://www.w3.org/2001/XMLSchema#yearMonthDuration> AS ?z) }',
            7,
            "duration",
        ),
        ("CONSTRUCT { ?a csto:b ?c }\nWHERE { ?a csto:d ?c ", 6, "not a SPARQL query"),
        ("SELECT ?a\nWHERE { ?a csto:d ?c }", 6, "CONSTRUCT"),
    ],
)
def test_what_the_dialect_refuses(tmp_path: Path, body: str, line: int, word: str) -> None:
    path = write(tmp_path, "10-test.rq", body)
    with pytest.raises(InputError, match=word) as caught:
        load_rules([path])
    assert str(caught.value).startswith(f"{path}:{line}:")


def test_rules_run_after_what_they_read_and_negate(tmp_path: Path) -> None:
    paths = [
        write(
            tmp_path,
            "a.rq",
            "CONSTRUCT { ?x csto:p ?y } WHERE { ?x csto:q ?y FILTER NOT EXISTS { ?x csto:r ?z } }",
            "a",
        ),
        write(tmp_path, "b.rq", "CONSTRUCT { ?x csto:r ?y } WHERE { ?x csto:s ?y }", "b"),
        write(tmp_path, "c.rq", "CONSTRUCT { ?x csto:s ?y } WHERE { ?x csto:r ?y }", "c"),
    ]
    for given in (paths, paths[::-1]):
        found = [([r.code for r in c.rules], c.level) for c in ordered(load_rules(given))]
        assert found == [(["b", "c"], 0), (["a"], 1)]


def test_a_circle_through_a_negation_is_refused(tmp_path: Path) -> None:
    paths = [
        write(
            tmp_path,
            "a.rq",
            "CONSTRUCT { ?x csto:p ?y } WHERE { ?x csto:q ?y FILTER NOT EXISTS { ?x csto:r ?z } }",
            "a",
        ),
        write(tmp_path, "b.rq", "CONSTRUCT { ?x csto:s ?y } WHERE { ?x csto:p ?y }", "b"),
        write(tmp_path, "c.rq", "CONSTRUCT { ?x csto:r ?y } WHERE { ?x csto:s ?y }", "c"),
    ]
    with pytest.raises(InputError, match=r"\(a\.rq → b\.rq → c\.rq → a\.rq\)") as caught:
        program(load_rules(paths))
    assert str(caught.value).startswith(f"{paths[0]}:1: it negates what c.rq makes")


def test_what_values_lists_is_what_a_rule_reads(tmp_path: Path) -> None:
    """Reading three classes is no reading of all, and knits no rules together."""
    one = write(
        tmp_path,
        "a.rq",
        "CONSTRUCT { ?x a csto:C }\nWHERE { VALUES ?k { csto:A csto:B } ?x a ?k }",
    )
    (rule,) = load_rules([one])
    assert {(thing or "").rpartition("#")[2] for _, thing in rule.reads} == {"A", "B"}
    assert not ordered([rule])[0].recursive


def test_a_variable_property_of_a_head_is_declared(tmp_path: Path) -> None:
    body = "CONSTRUCT { ?x ?p ?y }\nWHERE { ?x csto:q ?y ; csto:with ?p }"
    path = write(tmp_path, "a.rq", body)
    with pytest.raises(InputError, match="list those it can be") as caught:
        load_rules([path])
    assert str(caught.value).startswith(f"{path}:5:")
    for declared in ("csto:r csto:s", "\n#+   - csto:r\n#+   - csto:s", "[csto:r, csto:s]"):
        path.write_text(
            (HEADER + f"#+ writes: {declared}\n").format(code="a").replace(": \n", ":\n")
            + PREFIX
            + body
        )
        (rule,) = load_rules([path])
        assert {p.rpartition("#")[2] for p, _ in rule.writes if p} == {"r", "s"}
    with pytest.raises(InputError, match="does not list; add it to"):
        evaluate(program([rule]), given("a q b", "a with other"))


def given(*triples: str) -> State:
    state = State(2)
    state.add(
        tuple(f"<https://w3id.org/csto/ontology#{part}>" for part in triple.split())  # type: ignore[misc]
        for triple in triples
    )
    return state


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (
            "CONSTRUCT { ?x csto:p ?y }\nWHERE {\n ?s csto:day ?day . ?x csto:q ?z .\n"
            ' BIND(fn:mint("y", ?z, ?day) AS ?y) }',
            8,
            "computes",
        ),
        (
            "CONSTRUCT { ?x csto:p ?z }\nWHERE {\n ?s csto:day ?day . ?x csto:q ?z .\n"
            ' FILTER(?day - "P1Y"^^csto:x <= ?z) }',
            8,
            "does more with the day",
        ),
        (
            "CONSTRUCT { ?x csto:p ?z }\nWHERE {\n ?x csto:holdsOn ?d ; csto:q ?z .\n"
            " FILTER(STR(?d) = ?z) }",
            8,
            "does more with the day",
        ),
        (
            "CONSTRUCT { ?day csto:p ?z }\nWHERE {\n ?s csto:day ?day . ?x csto:q ?z }",
            5,
            "makes a thing of the day",
        ),
    ],
)
def test_the_day_is_only_compared(tmp_path: Path, text: str, line: int, word: str) -> None:
    holds = write(
        tmp_path,
        "holds.rq",
        "CONSTRUCT { ?x csto:holdsOn ?day }\nWHERE { ?s csto:day ?day . ?x csto:from ?f }",
        "holds",
    )
    path = write(tmp_path, "a.rq", text, "a")
    with pytest.raises(InputError, match=word) as caught:
        program(load_rules([holds, path]))
    assert str(caught.value).startswith(f"{path}:{line}:")


@pytest.mark.parametrize("name", ["code", "summary", "because"])
def test_a_header_must_be_whole(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, "10-a.rq", "CONSTRUCT { ?x csto:r ?y } WHERE { ?x csto:q ?y }")
    lines = [x for x in path.read_text().splitlines() if not x.startswith(f"#+ {name}:")]
    path.write_text("\n".join(lines))
    with pytest.raises(InputError, match=name):
        load_rules([path])


def test_two_rules_cannot_share_a_code(tmp_path: Path) -> None:
    body = "CONSTRUCT { ?x csto:r ?y } WHERE { ?x csto:q ?y }"
    with pytest.raises(InputError, match="taken by"):
        load_rules([write(tmp_path, "10-a.rq", body), write(tmp_path, "11-b.rq", body)])


ENDLESS = (
    'CONSTRUCT { ?y csto:q ?z }\nWHERE {\n  ?x csto:q ?y\n  BIND(fn:mintByKind("x", ?y) AS ?z)\n}'
)


def test_a_rule_that_would_never_end_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "10-a.rq", ENDLESS)
    with pytest.raises(InputError, match=r"would never end: \?z is new each time") as caught:
        program(load_rules([path]))
    assert str(caught.value).startswith(f"{path}:8:")


def test_an_iri_that_lies_nowhere_is_refused(tmp_path: Path) -> None:
    """Rules make IRIs under the base of the workspace, so that none is lost in silence."""
    text = ENDLESS.replace('fn:mintByKind("x", ?y)', 'IRI(CONCAT(STR(?y), "x"))')
    path = write(tmp_path, "10-a.rq", text)
    with pytest.raises(InputError, match="makes IRIs with fn:mint") as caught:
        load_rules([path])
    assert str(caught.value).startswith(f"{path}:8:")


def test_two_rules_that_would_never_end_are_refused(tmp_path: Path) -> None:
    """One makes a new node, another leads from it back to what the first reads."""
    paths = [
        write(tmp_path, "10-a.rq", ENDLESS.replace("?x csto:q", "?x csto:p"), "a"),
        write(tmp_path, "10-b.rq", "CONSTRUCT { ?x csto:p ?y }\nWHERE { ?x csto:q ?y }", "b"),
    ]
    with pytest.raises(InputError, match="would never end"):
        program(load_rules(paths))
    # Without the way back, each runs to its end before the next.
    assert len(program(load_rules(paths[:1])).components) == 1


def test_a_value_computed_from_what_lasts_is_no_circle(tmp_path: Path) -> None:
    """The new node feeds the rule, but is made of the parts that it hands on, not of itself."""
    text = (
        "CONSTRUCT { ?new csto:of ?state ; csto:under ?next }\n"
        "WHERE {\n  ?base csto:of ?state ; csto:under ?one .\n  ?one csto:binds ?next .\n"
        '  BIND(fn:mint("new", ?state, ?next) AS ?new)\n}'
    )
    assert len(program(load_rules([write(tmp_path, "a.rq", text)])).components) == 1
    turned = write(tmp_path, "a.rq", text.replace("?state, ?next)", "?base, ?next)"))
    with pytest.raises(InputError, match="would never end"):
        program(load_rules([turned]))


def test_what_the_check_missed_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "10-a.rq", ENDLESS)
    monkeypatch.setattr("csto.rules.program.check_endings", lambda rules: None)
    monkeypatch.setattr("csto.reason.evaluate.MAX_GENERATIONS", 50)
    with pytest.raises(InputError, match="not at an end") as caught:
        evaluate(program(load_rules([path], "https://w3id.org/csto/")), given("a q a"))
    assert str(caught.value).startswith(f"{path}:1:")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("CONSTRUCT { ?a csto:b ?c }\nWHERE { ?a csto:d ?c ", 6),
        ("CONSTRUCT { ?a csto:b ?z }\nWHERE { ?a csto:d ?c }", 5),
        (ENDLESS, 8),
        ("CONSTRUCT { ?a csto:b [] }\nWHERE { ?a csto:d ?c }", 5),
        ("CONSTRUCT { ?a csto:b ?z }\nWHERE { ?a csto:d ?c\n BIND(UUID() AS ?z) }", 7),
    ],
)
def test_a_bad_rule_file_ends_the_command(
    shipped_workspace: Workspace, tmp_path: Path, body: str, line: int
) -> None:
    root = tmp_path / "workspace"
    copy_shipped(root)
    write(root / "ontology" / "rules", "bad.rq", body)
    ran = run_csto("-w", str(root), "query", "-e", "ASK {}")
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert f"bad.rq:{line}: " in ran.err


def test_every_shipped_rule_is_documented(shipped_workspace: Workspace) -> None:
    rules = load_rules(shipped_workspace.rule_files())
    assert len(rules) > 40
    for rule in rules:
        assert len(rule.summary) > 15, rule.code
        assert len(rule.because) > 15, rule.code


def test_the_same_rules_have_one_program_and_others_their_own(tmp_path: Path) -> None:
    def made(text: str) -> Program:
        return program_of(load_rules([write(tmp_path, "a.rq", text)]))

    text = "CONSTRUCT { ?a csto:b ?c } WHERE { ?a csto:d ?c }"
    assert made(text) is made(text)
    (plan,) = made(text.replace("csto:d", "csto:e")).plans.values()
    assert "ontology#e" in plan.body.patterns[0][1]
    for number in range(9):
        made(text.replace("csto:d", f"csto:e{number}"))
    assert len(_MET) <= _MOST
