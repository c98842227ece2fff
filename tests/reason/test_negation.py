"""A rule on a slice that negates looks for what it negates in the other slice."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Triple

from conftest import BASE as GRAPH
from conftest import act, spell
from csto.answer.explain import Prover
from csto.errors import InputError
from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.workspace import Workspace
from csto.rules.rule import load_rules
from csto.vocabulary import BASE, NamedNode, csto

HEADER = "#+ code: {code}\n#+ summary: a rule of this test\n#+ because: it is a test\n"
PREFIX = "PREFIX body: <https://w3id.org/csto/id/body/>\nPREFIX csto: <https://w3id.org/csto/ontology#>\n"

# A state that sits in one body and not in the other.
ALONE = """CONSTRUCT { ?state csto:onlyIn body:left }
WHERE {
  ?state csto:memberOf body:left .
  FILTER NOT EXISTS { ?state csto:memberOf body:right } .
  FILTER(?state != body:left)
}
"""
# What follows from its absence.
BOTH = """CONSTRUCT { ?state csto:alsoIn body:right }
WHERE { ?state csto:memberOf body:left FILTER NOT EXISTS { ?state csto:onlyIn ?body } }
"""
# One is surely in the left body; its time in the right one is known to a year only.
FACTS = (
    GRAPH
    + act("in", "2000-01-01")
    + act("maybe", "2010")
    + spell("left", "csto:status status:member ; csto:openedBy act:in")
    + spell("right", "csto:status status:member ; csto:openedBy act:maybe", body="right")
)


@pytest.fixture
def dated(shipped_workspace: Workspace, tmp_path: Path) -> Callable[..., Dataset]:
    """The shipped ontology with two rules on slices in place of all that are dated."""
    root = tmp_path / "workspace"
    (root / "graph").mkdir(parents=True)
    (root / "queries").mkdir()
    (root / "graph" / "graph.ttl").write_text(FACTS, encoding="utf-8")
    ontology = root / "ontology"
    shutil.copytree(shipped_workspace.ontology, ontology)
    for path in Workspace(root).rule_files():
        if path.stem == "earliest-exit":
            path.unlink()

    def make(first: str = ALONE, then: str = BOTH) -> Dataset:
        for name, code, text in (("alone.rq", "alone", first), ("both.rq", "both", then)):
            (ontology / "rules" / name).write_text(
                HEADER.format(code=code) + PREFIX + text, encoding="utf-8"
            )
        return build(Workspace(root), cached=False)

    return make


def stands(dataset: Dataset, day: str, local: str) -> tuple[bool, bool]:
    """Whether a relation of state one is certain, and whether it is possible."""
    state = NamedNode(BASE + "id/state/one")
    certain, possible = (
        any(dataset.store.quads_for_pattern(state, csto(local), None, graph))
        for graph in dataset.cut(day)
    )
    return certain, possible


def test_certain_negates_what_is_possible(dated: Callable[..., Dataset]) -> None:
    dataset = dated()
    # Before 2010 the second membership is not even possible, after it is certain.
    assert stands(dataset, "2009-06-01", "onlyIn") == (True, True)
    assert stands(dataset, "2011-06-01", "onlyIn") == (False, False)
    # In between it is possible: that the state sits in one alone is possible, not certain.
    assert stands(dataset, "2010-06-01", "onlyIn") == (False, True)


def test_what_is_negated_is_complete(dated: Callable[..., Dataset]) -> None:
    dataset = dated()
    assert stands(dataset, "2009-06-01", "alsoIn") == (False, False)
    assert stands(dataset, "2011-06-01", "alsoIn") == (True, True)
    assert stands(dataset, "2010-06-01", "alsoIn") == (False, True)


@pytest.mark.parametrize("day", ["2009-06-01", "2010-06-01", "2011-06-01"])
def test_the_proof_names_the_slice_it_searched(dated: Callable[..., Dataset], day: str) -> None:
    dataset = dated()
    state, body = NamedNode(BASE + "id/state/one"), NamedNode(BASE + "id/body/left")
    triple = Triple(state, csto("onlyIn"), body)
    prover = Prover(dataset, day)
    certain, possible = stands(dataset, day, "onlyIn")
    for possibly, there, word in (
        (False, certain, "possible or open"),
        (True, possible, "certain"),
    ):
        if not there:
            with pytest.raises(InputError, match="does not hold"):
                prover.prove(triple, possibly=possibly)
            continue
        proof = prover.prove(triple, possibly=possibly)
        (absence,) = [leaf for leaf in proof.premises if leaf.kind == "absence"]
        # What is certain is shown with its certain proof, also where it need only be possible.
        shown = "possible or open" if certain else word
        assert absence.what.startswith(f"nothing in the graph or {shown} on {day} says: One ")


@pytest.mark.parametrize(
    ("body", "line", "word"),
    [
        ("?a csto:p ?b\n FILTER(?b > 1 || NOT EXISTS { ?a csto:q ?b })", 7, "stands alone"),
        ("?a csto:p ?b\n FILTER(NOT EXISTS { ?a csto:q ?b })", 7, "stands alone"),
        ("?a csto:p ?b\n FILTER EXISTS { ?a csto:q ?b }", 7, "EXISTS"),
        (
            "?a csto:p ?b\n FILTER NOT EXISTS { ?a csto:q ?c FILTER NOT EXISTS { ?c csto:q ?a } }",
            7,
            "make an inner one a rule",
        ),
    ],
)
def test_forms_of_negation_that_are_refused(
    tmp_path: Path, body: str, line: int, word: str
) -> None:
    path = tmp_path / "test.rq"
    text = HEADER.format(code="test") + PREFIX.splitlines()[1] + "\n"
    path.write_text(f"{text}CONSTRUCT {{ ?a csto:b ?b }}\nWHERE {{ {body} }}", encoding="utf-8")
    with pytest.raises(InputError, match=word) as caught:
        load_rules([path])
    assert str(caught.value).startswith(f"{path}:{line}:")
