"""Checks at slices: the days found in one pass are those of slices cut one by one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyoxigraph import Literal, Triple

from conftest import BASE, ROOT, act, run_csto, spell
from csto.graph.dataset import Dataset
from csto.validate.spans import ANY_DAY, in_words, spans
from csto.vocabulary import CERTAIN, POSSIBLE, XSD_DATE, csto, slice_graph

OBSERVER = (
    act("in", "2001")
    + act("watch", "2003-05-01")
    + act("out", "2006-08-16", "Withdrawal")
    + spell("a", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:out")
    + spell("b", "csto:status status:observer ; csto:openedBy act:watch")
)
PARAMETERS = (csto("day"), csto("certainty"))


@pytest.mark.parametrize("certainty", [CERTAIN, POSSIBLE])
def test_days_are_those_of_slices(shipped: Dataset, certainty: object) -> None:
    over = spans(shipped, certainty)  # type: ignore[arg-type]
    assert over.exact
    assert len(over.days) > 200
    # Boundaries early and late, and the day before one.
    for number in (0, 40, 150, 260, len(over.days) - 1):
        day = over.days[number]
        shipped.cut(day)
        graph = slice_graph(day, certainty)  # type: ignore[arg-type]
        here = Literal(day, datatype=XSD_DATE)
        cut = {
            quad.triple
            for quad in shipped.store.quads_for_pattern(None, None, None, graph)
            if quad.predicate not in PARAMETERS
        }
        spanned = {
            Triple(t.subject, t.predicate, here if t.object == ANY_DAY else t.object)
            for t, bits in over.held.items()
            if bits >> number & 1
        }
        assert len(cut) > 3
        assert spanned == cut, day
    shipped.store.remove_graph(over.graph)


def test_days_in_words() -> None:
    assert in_words([("2001-01-01", "2001-01-01")]) == "on 2001-01-01"
    assert in_words([("2001-01-01", "2002-01-01"), ("2003-01-01", "")]) == (
        "2001-01-01 to 2002-01-01, from 2003-01-01 on"
    )


def test_a_contradiction_of_some_days(tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text(BASE + OBSERVER)
    ran = run_csto("validate", str(path))
    assert ran.code == 1
    assert ran.out.count(" RL-PRP-ADP ") == 1
    assert "2003-05-01 to 2006-08-15" in ran.out
    assert "it follows from:" in ran.out
    text = BASE + OBSERVER
    line = text[: text.index("m:a a csto:Membership")].count("\n") + 1
    assert f"graph.ttl:{line}:" in ran.out


CHECK = """#+ code: CS0998
#+ severity: violation
#+ summary: a member of Left that is in no other body
#+ mend: add one
#+ stratum: slice
#+ possible: info
PREFIX body: <https://w3id.org/csto/id/body/>
PREFIX csto: <https://w3id.org/csto/ontology#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
CONSTRUCT { [] a sh:ValidationResult ; sh:focusNode ?this ; sh:resultPath csto:memberOf }
WHERE { ?this csto:memberOf body:left FILTER NOT EXISTS { ?this csto:memberOf body:right } }
"""


def test_a_check_that_negates_is_run_day_by_day(tmp_path: Path) -> None:
    for part in ("ontology", "graph", "queries"):
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / "ontology" / "checks" / "lonely.rq").write_text(CHECK)
    path = tmp_path / "lonely.ttl"
    path.write_text(
        BASE
        + act("in", "2001-03")
        + act("in2", "2005-01-01")
        + act("out", "2009-01-01", "Withdrawal")
        + spell("a", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:out")
        + spell("b", "csto:status status:member ; csto:openedBy act:in2", body="right")
    )
    ran = run_csto("--workspace", str(tmp_path), "validate", str(path))
    assert ran.code == 1
    assert "violation CS0998" in ran.out
    assert "on 2001-03-31" in ran.out
