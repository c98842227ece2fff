"""Shapes and checks on provisions, versions and norms bite, each on one damaged graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import BASE
from csto.load.workspace import Workspace
from csto.validate import validate
from support.sample import some

LAW = """
@prefix action: <https://w3id.org/csto/concept/action/> .
@prefix norm: <https://w3id.org/csto/id/norm/> .
@prefix normkind: <https://w3id.org/csto/concept/norm-kind/> .
@prefix normrole: <https://w3id.org/csto/concept/norm-role/> .
@prefix provision: <https://w3id.org/csto/id/provision/> .
@prefix provisionkind: <https://w3id.org/csto/concept/provision-kind/> .
@prefix v: <https://w3id.org/csto/id/provision-version/> .
@prefix wording: <https://w3id.org/csto/concept/wording/> .
agreement:t a csto:Agreement ; rdfs:label "t"@en ; csto:evidence src:p1 .
agreement:p a csto:Agreement ; rdfs:label "p"@en ; csto:amends agreement:t ; csto:evidence src:p1 .
act:t a csto:EntryIntoForce ; rdfs:label "t"@en ; csto:instrument agreement:t ;
    csto:date "2000"^^edtf:EDTF ; csto:evidence src:p1 .
act:p a csto:EntryIntoForce ; rdfs:label "p"@en ; csto:instrument agreement:p ;
    csto:date "2010-12-10/2022"^^edtf:EDTF ; csto:evidence src:p1 .
provision:a a csto:Provision ; rdfs:label "a"@en ; csto:provisionOf agreement:t ;
    csto:provisionKind provisionkind:article ; csto:number "1" ; csto:evidence src:p1 .
provision:a-p1 a csto:Provision ; rdfs:label "a(1)"@en ; csto:provisionOf agreement:t ;
    csto:provisionKind provisionkind:paragraph ; csto:withinProvision provision:a ;
    csto:number "1" ; csto:evidence src:p1 .
v:one a csto:ProvisionVersion ; rdfs:label "one"@en ; csto:versionOf provision:a ;
    csto:wordedBy agreement:t ; csto:wordingStatus wording:given ; csto:openedBy act:t ;
    csto:closedBy act:p ; csto:evidence src:p1 .
v:two a csto:ProvisionVersion ; rdfs:label "two"@en ; csto:versionOf provision:a ;
    csto:wordedBy agreement:p ; csto:wordingStatus wording:given ; csto:openedBy act:p ;
    csto:evidence src:p1 .
norm:n a csto:Norm ; rdfs:label "n"@en ; csto:setBy v:two ; csto:standsIn provision:a-p1 ;
    csto:normKind normkind:right ; csto:bearer normrole:member-state ; csto:action action:withdraw ;
    csto:timeLimit "P6M"^^xsd:duration ; csto:proposition "n"@en ; csto:evidence src:p1 .
"""
THIRD = (
    'v:three a csto:ProvisionVersion ; rdfs:label "three"@en ; csto:versionOf {unit} ;'
    " csto:wordedBy agreement:t ; csto:wordingStatus wording:given ; {ends}"
    " csto:evidence src:p1 .\n"
)
IN_PART = THIRD.format(unit="provision:a-p1", ends="csto:openedBy act:t ;")
SECOND = LAW.index("v:two a")


def codes(workspace: Workspace, tmp_path: Path, turtle: str) -> set[str]:
    path = tmp_path / "graph.ttl"
    path.write_text(BASE + turtle, encoding="utf-8")
    return {finding.code for finding in validate(workspace, [path]).findings}


def without(line: str, node: str = "") -> str:
    """The law without one statement, in the block of one node if it is named."""
    at = LAW.index(node) if node else 0
    assert line in LAW[at:]
    return LAW[:at] + LAW[at:].replace(line, "", 1)


def test_law_that_is_right_is_clean(shipped_workspace: Workspace, tmp_path: Path) -> None:
    """An undated handover by one act is neither a gap nor an overlap."""
    assert codes(shipped_workspace, tmp_path, LAW) == set()


WRONG = [
    ("CS0331", without(" csto:bearer normrole:member-state ;")),
    ("CS0333", LAW.replace("csto:setBy v:two", "csto:setBy v:one , v:two")),
    ("CS0335", without(' csto:proposition "n"@en ;')),
    ("CS0336", without(" csto:evidence src:p1", "norm:n").replace('"n"@en ;.', '"n"@en .')),
    ("CS0337", LAW.replace('"P6M"^^xsd:duration', '"six months"')),
    ("CS0339", without("    csto:provisionKind provisionkind:article ;")),
    ("CS0340", without(" csto:evidence src:p1", "provision:a a")),
    ("CS0343", without(" csto:wordingStatus wording:given ;", "v:two")),
    ("CS0103", without("    csto:evidence src:p1", "v:two")),
    (
        "CS0351",
        LAW[:SECOND] + LAW[SECOND:].replace("wording:given", "wording:not-given", 1),
    ),
    ("CS0353", without(" csto:openedBy act:p ;", "v:two")),
    ("CS0356", LAW + IN_PART),
    ("CS0357", without(" csto:amends agreement:t ;")),
    ("CS0358", LAW.replace("csto:wordedBy agreement:p", "csto:wordedBy agreement:t")),
]


@pytest.mark.sampled
@pytest.mark.parametrize(("code", "turtle"), some(WRONG, 6))
def test_law_that_is_wrong_is_found(
    shipped_workspace: Workspace, tmp_path: Path, code: str, turtle: str
) -> None:
    assert code in codes(shipped_workspace, tmp_path, turtle)
