"""The rule dialect is checked at load, with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from conftest import run_csto
from csto.errors import InputError
from csto.load.workspace import Workspace
from csto.reason.engine import Engine
from csto.rules.dialect import load_rules
from csto.vocabulary import ASSERTED, INFERRED

HEAD = "#+ code: {code}\n#+ summary: s\n#+ because: b\n#+ stratum: timeless\n"
PREFIX = "PREFIX csto: <https://w3id.org/csto/ontology#>\n"


def write(folder: Path, name: str, body: str, code: str = "test") -> Path:
    path = folder / name
    path.write_text(HEAD.format(code=code) + PREFIX + body, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("body", "line", "word"),
    [
        ("CONSTRUCT { ?a csto:b ?c }\nWHERE {\n  ?a csto:d/csto:e ?c }", 8, "property path"),
        (
            "CONSTRUCT { ?a csto:b ?c }\nWHERE { ?a csto:d ?c\n OPTIONAL { ?c csto:d ?e } }",
            8,
            "OPTIONAL",
        ),
        (
            "CONSTRUCT { ?a csto:b ?c }\nWHERE { { ?a csto:d ?c }\n UNION { ?c csto:d ?a } }",
            8,
            "UNION",
        ),
        ("CONSTRUCT { ?a csto:b ?c }\nWHERE {\n GRAPH ?g { ?a csto:d ?c } }", 8, "GRAPH"),
        ("CONSTRUCT { ?a csto:b ?c }\nWHERE { ?a csto:d ?c\n MINUS { ?c csto:d ?a } }", 8, "MINUS"),
        (
            "CONSTRUCT { ?a csto:b ?c }\nWHERE {\n { SELECT ?a ?c WHERE { ?a csto:d ?c } } }",
            8,
            "SELECT",
        ),
        ("CONSTRUCT { ?a csto:b ?z }\nWHERE { ?a csto:d ?c }", 6, r"\?z of the head is not bound"),
        (
            "CONSTRUCT { ?a csto:b ?z }\nWHERE { ?a csto:d ?c .\n BIND(?c + "
            '"P6M"^^<http://www.w3.org/2001/XMLSchema#yearMonthDuration> AS ?z) }',
            8,
            "duration",
        ),
        ("CONSTRUCT { ?a csto:b ?c }\nWHERE { ?a csto:d ?c ", 7, "not a SPARQL query"),
        ("SELECT ?a\nWHERE { ?a csto:d ?c }", 7, "CONSTRUCT"),
    ],
)
def test_what_the_dialect_refuses(tmp_path: Path, body: str, line: int, word: str) -> None:
    path = write(tmp_path, "10-test.rq", body)
    with pytest.raises(InputError, match=word) as caught:
        load_rules([path])
    assert str(caught.value).startswith(f"{path}:{line}:")


def test_negation_of_what_comes_later_is_refused(tmp_path: Path) -> None:
    first = write(
        tmp_path,
        "10-a.rq",
        "CONSTRUCT { ?x csto:p ?y } WHERE { ?x csto:q ?y FILTER NOT EXISTS { ?x csto:r ?z } }",
        "a",
    )
    later = write(tmp_path, "20-b.rq", "CONSTRUCT { ?x csto:r ?y } WHERE { ?x csto:q ?y }", "b")
    with pytest.raises(InputError, match="lower number"):
        load_rules([first, later])
    earlier = later.rename(tmp_path / "05-b.rq")
    assert [rule.code for rule in load_rules([first, earlier])] == ["b", "a"]


@pytest.mark.parametrize("name", ["code", "summary", "because", "stratum"])
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
    "CONSTRUCT { ?y csto:q ?z }\nWHERE {\n  ?x csto:q ?y\n"
    '  BIND(IRI(CONCAT(STR(?y), "x")) AS ?z)\n}'
)


def test_a_rule_that_would_never_end_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "10-a.rq", ENDLESS)
    with pytest.raises(InputError, match=r"would never end: \?z is new each time") as caught:
        load_rules([path])
    assert str(caught.value).startswith(f"{path}:9:")


def test_two_rules_that_would_never_end_are_refused(tmp_path: Path) -> None:
    """One makes a new node, another leads from it back to what the first reads."""
    paths = [
        write(tmp_path, "10-a.rq", ENDLESS.replace("?x csto:q", "?x csto:p"), "a"),
        write(tmp_path, "10-b.rq", "CONSTRUCT { ?x csto:p ?y }\nWHERE { ?x csto:q ?y }", "b"),
    ]
    with pytest.raises(InputError, match="would never end"):
        load_rules(paths)
    # With a number of its own, each runs to its end before the next.
    paths[1] = paths[1].rename(tmp_path / "11-b.rq")
    assert len(load_rules(paths)) == 2


def test_a_value_computed_from_what_lasts_is_no_circle(tmp_path: Path) -> None:
    """The new node feeds the rule, but is made of the parts that it hands on, not of itself."""
    text = (
        "CONSTRUCT { ?new csto:of ?state ; csto:under ?next }\n"
        "WHERE {\n  ?base csto:of ?state ; csto:under ?one .\n  ?one csto:binds ?next .\n"
        '  BIND(IRI(CONCAT(STR(?state), "--", STR(?next))) AS ?new)\n}'
    )
    assert len(load_rules([write(tmp_path, "10-a.rq", text)])) == 1
    with pytest.raises(InputError, match="would never end"):
        load_rules([write(tmp_path, "10-a.rq", text.replace("STR(?state)", "STR(?base)"))])


def test_values_are_not_computed_among_the_axioms(tmp_path: Path) -> None:
    path = write(tmp_path, "00-a.rq", ENDLESS.replace("?x csto:q", "?x csto:p"))
    with pytest.raises(InputError, match="give the rule a number above 00"):
        load_rules([path])


def test_what_the_check_missed_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "10-a.rq", ENDLESS)
    monkeypatch.setattr("csto.rules.dialect._check_endings", lambda rules: None)
    store = Store()
    node = NamedNode("https://example.org/a")
    store.add(Quad(node, NamedNode("https://w3id.org/csto/ontology#q"), node, ASSERTED))
    with pytest.raises(InputError, match="not at an end") as caught:
        list(Engine(store).run(load_rules([path]), INFERRED, [ASSERTED]))
    assert str(caught.value).startswith(f"{path}:1:")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("CONSTRUCT { ?a csto:b ?c }\nWHERE { ?a csto:d ?c ", 7),
        ("CONSTRUCT { ?a csto:b ?z }\nWHERE { ?a csto:d ?c }", 6),
        (ENDLESS, 9),
        ("CONSTRUCT { ?a csto:b [] }\nWHERE { ?a csto:d ?c }", 6),
        ("CONSTRUCT { ?a csto:b ?z }\nWHERE { ?a csto:d ?c\n BIND(UUID() AS ?z) }", 8),
    ],
)
def test_a_bad_rule_file_ends_the_command(
    shipped_workspace: Workspace, tmp_path: Path, body: str, line: int
) -> None:
    root = tmp_path / "workspace"
    for part in ("ontology", "graph"):
        shutil.copytree(shipped_workspace.root / part, root / part)
    (root / "queries").mkdir()
    write(root / "ontology" / "rules", "75-bad.rq", body)
    ran = run_csto("-w", str(root), "query", "-e", "ASK {}")
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert f"75-bad.rq:{line}: " in ran.err


def test_every_shipped_rule_is_documented(shipped_workspace: Workspace) -> None:
    rules = load_rules(shipped_workspace.rule_files())
    assert len(rules) > 40
    for rule in rules:
        assert len(rule.summary) > 15, rule.code
        assert len(rule.because) > 15, rule.code
