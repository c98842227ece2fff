"""Rules, checks and questions are looked at as facts are: no fault of theirs is silent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import BASE, run_csto, tiny
from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.workspace import Workspace
from csto.validate.nearest import Nearest
from csto.validate.written import findings_of

HEAD = """PREFIX csto: <https://w3id.org/csto/ontology#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX status: <https://w3id.org/csto/concept/status/>
"""
CHECK = (
    """#+ code: XX0001
#+ severity: violation
#+ summary: a spell in no body
#+ fix: name the body
#+ damage:
#+   spell of no body:
#+     where: ?this a csto:Membership
#+     delete: ?this csto:organization ?body
"""
    + HEAD
    + """CONSTRUCT { [] a sh:ValidationResult ; sh:focusNode ?this }
WHERE {
  ?this a csto:Membership .
  FILTER NOT EXISTS { ?this csto:organization ?body }
}
"""
)
QUESTION = (
    """#+ summary: spells of a state
#+ params:
#+   state: {kind: thing, of: [state], summary: whose}
#+ example: {state: Armenia}
"""
    + HEAD
    + """SELECT ?spell ?label (STR(?organ) AS ?name) WHERE {
  ?spell csto:member ?state ; csto:status status:member .
  OPTIONAL { ?organ a csto:Membership }
  { SELECT ?spell (MIN(?said) AS ?label) WHERE { ?spell csto:startEarliest ?said } GROUP BY ?spell }
}
ORDER BY ?spell
"""
)
PLACES = {"check": "ontology/checks/own.rq", "question": "queries/own.rq"}


STATES = """@prefix csto: <https://w3id.org/csto/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
csto:State a owl:Class ; rdfs:label "state"@en .
"""
FACTS = BASE + 'state:armenia a csto:State ; rdfs:label "Armenia"@en .\n'


@dataclass
class Lent:
    """A small graph, and what is lent to the workspaces that are looked at."""

    workspace: Workspace
    dataset: Dataset
    nearest: Nearest


@pytest.fixture(scope="module")
def lent(tmp_path_factory: pytest.TempPathFactory) -> Lent:
    workspace = tiny(tmp_path_factory.mktemp("lent"), all=FACTS)
    (workspace.root / "queries" / "lent.rq").write_text(QUESTION, encoding="utf-8")
    (workspace.root / "ontology" / "agents.ttl").write_text(STATES, encoding="utf-8")
    dataset = build(workspace, cached=False)
    return Lent(workspace, dataset, Nearest(dataset.store))


@pytest.fixture
def own(tmp_path: Path, lent: Lent) -> Workspace:
    return Workspace(tmp_path, lent.workspace.root)


def told(own: Workspace, lent: Lent, **texts: str) -> list[tuple[str, str, str]]:
    """Code, place and what is told of texts, each put where its kind belongs."""
    for kind, text in texts.items():
        path = own.root / PLACES.get(kind, kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = findings_of(own, lent.dataset, lent.nearest)
    return [(f.code, str(f.place), f"{f.what}; {f.fix}") for f in found]


def test_what_is_right_is_clean(own: Workspace, lent: Lent) -> None:
    assert told(own, lent, check=CHECK, question=QUESTION) == []


@pytest.mark.parametrize(
    ("kind", "was", "put", "code", "line", "says"),
    [
        (
            "check",
            "?this a csto:Membership .",
            "?this a csto:Membrship .",
            "CS0014",
            "14:11",
            "mean csto:Membership?",
        ),
        (
            "check",
            "?this csto:organization ?body }",
            "?this csto:organisation ?body }",
            "CS0014",
            "15",
            "",
        ),
        ("check", "#+     where:", "#+     were:", "CS0015", "7:8", "did you mean where?"),
        ("check", "#+   spell of no body:", "#+   a: b\n#+   organ:", "CS0015", "6:6", "'a'"),
        ("check", "#+ fix:", "#+ severty: x\n#+ fix:", "CS0015", "4:4", "mean severity?"),
        ("check", "focusNode ?this", "focusNode ?thsi", "CS0017", "12:53", "mean this?"),
        ("check", "focusNode ?this", "focusNode ?body", "CS0017", "12:53", "is made"),
        ("question", "SELECT ?spell ?label", "SELECT ?spell ?lable", "CS0017", "8:15", "is shown"),
        ("question", "status:member", "status:membr", "CS0014", "9:43", "did you mean status:"),
        ("question", "csto:member ?state", "csto:membr ?state", "CS0014", "9:10", "mean csto:"),
        ("question", "Armenia", "Atlantis", "CS0018", "4:4", 'no state is called "Atlantis"'),
        ("question", "OPTIONAL {", "OPTIONAL", "CS0013", "12:1", "closes nothing"),
        ("question", "WHERE {\n  ?spell", "FROM <urn:x> WHERE {\n ?spell", "CS0013", "1:1", "FROM"),
        ("check", "sh:focusNode", "sh:focusnode", "CS0014", "12:40", "mean sh:focusNode?"),
        ("question", "[state]", "[stat]", "CS0015", "3:6", "did you mean state?"),
        ("question", "#+ ex", "#+ view: time\n#+ ex", "CS0015", "4:4", "there are timeline"),
        ("question", "#+ ex", "#+ view: bars\n#+ ex", "CS0015", "4:4", "channel row, number"),
        ("question", "#+ example", "#+ exampel", "CS0015", "4:4", "did you mean example?"),
    ],
)
def test_what_is_wrong_is_told_in_its_place(
    own: Workspace,
    lent: Lent,
    kind: str,
    was: str,
    put: str,
    code: str,
    line: str,
    says: str,
) -> None:
    text = {"check": CHECK, "question": QUESTION}[kind]
    assert text.count(was) == 1
    (found,) = told(own, lent, **{kind: text.replace(was, put)})
    assert found[0] == code
    assert f"{PLACES[kind]}:{line}" in found[1]
    assert says in found[2]


def test_a_check_without_damage_is_told(own: Workspace, lent: Lent) -> None:
    lines = [line for line in CHECK.splitlines() if not line.startswith(("#+  ", "#+ damage"))]
    (found,) = told(own, lent, check="\n".join(lines))
    assert found[0] == "CS0016"
    # The table of damages says it as well.
    table = "XX0001:\n  alone:\n    where: ?this a csto:Membership\n    delte: ?this ?p ?o\n"
    (found,) = told(own, lent, **{"ontology/shapes/damage.yaml": table})
    assert found[0] == "CS0015"
    assert found[1].endswith("damage.yaml:4:5")


def test_an_example_of_a_lent_question_is_looked_up_too(own: Workspace, lent: Lent) -> None:
    calls = "# Calls.\nlent: {state: Atlantis}\n"
    (found,) = told(own, lent, **{"queries/examples.yaml": calls})
    assert found[0] == "CS0018"
    assert found[1].endswith("examples.yaml:2:1")


def test_a_question_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "all.ttl").write_text(BASE, encoding="utf-8")
    (tmp_path / "queries").mkdir()
    path = tmp_path / "queries" / "own.rq"
    path.write_text(CHECK.replace("csto:Membership .", "csto:Membrship ."), encoding="utf-8")
    ran = run_csto("-w", str(tmp_path), "validate", str(path))
    assert ran.code == 1
    assert "own.rq:14:11: violation CS0014" in ran.out
    elsewhere = tmp_path / "other.rq"
    elsewhere.write_text(QUESTION, encoding="utf-8")
    ran = run_csto("-w", str(tmp_path), "validate", str(elsewhere))
    assert ran.code == 2
    assert "no rule, check, question or profile of this workspace" in ran.err
