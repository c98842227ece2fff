"""Checks at slices, and how days are told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from conftest import BASE, act, copy_shipped, run_csto, spell
from csto.graph.spans import in_words

OBSERVER = (
    act("in", "2001")
    + act("watch", "2003-05-01")
    + act("out", "2006-08-16", "Withdrawal")
    + spell("a", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:out")
    + spell("b", "csto:status status:observer ; csto:openedBy act:watch")
)


def test_days_in_words() -> None:
    one, two, three = (date(year, 1, 1) for year in (2001, 2002, 2003))
    assert in_words([(one, one)]) == "on 2001-01-01"
    assert in_words([(one, two), (three, None)]) == "2001-01-01 to 2002-01-01, from 2003-01-01 on"
    assert in_words([(None, one)]) == "to 2001-01-01"
    assert in_words([(None, None)]) == "always"


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
#+ fix: add one
#+ stratum: slice
#+ possible: info
PREFIX body: <https://w3id.org/csto/id/body/>
PREFIX csto: <https://w3id.org/csto/ontology#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
CONSTRUCT { [] a sh:ValidationResult ; sh:focusNode ?this ; sh:resultPath csto:memberOf }
WHERE { ?this csto:memberOf body:left FILTER NOT EXISTS { ?this csto:memberOf body:right } }
"""


def test_a_check_that_negates_is_run_day_by_day(tmp_path: Path) -> None:
    copy_shipped(tmp_path)
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
