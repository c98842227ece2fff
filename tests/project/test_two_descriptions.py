"""What two layers tell of one membership: the question when it held, and whether they agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import run_csto
from support.layers import HEAD

NAMES = """
@prefix : <https://example.org/{name}/id/> .
@prefix own: <https://example.org/own/id/> .
@prefix page: <https://example.org/{name}/source/s#> .
"""
SOURCE = """
<https://example.org/{name}/source/s> a csto:Source ; rdfs:label "Source of {name}"@en ;
    csto:sourceKind sourcekind:dataset ; dcterms:identifier "{name}" .
page:p1 a csto:Passage ; rdfs:label "{name}, line 1"@en ;
    dcterms:isPartOf <https://example.org/{name}/source/s> .
"""
SPELL = """
<https://example.org/{name}/id/membership/{state}> a csto:Membership ;
    rdfs:label "{state} ({name})"@en ; csto:member <https://example.org/own/id/state/{state}> ;
    csto:organization <https://example.org/own/id/body/pact> ; csto:status status:{status} ;
    {dates}csto:evidence page:p1 .
"""
# Of each state: what our layer tells, what the other tells to the end of 2010, and the answer.
STATES = {
    "alike": ("2000-01-01", "", "2000", "", "agree"),
    "early": ("2000-01-01", "", "1996", "", "differ"),
    "ended": ("2000", "2003-05-01", "2000", "", "differ"),
    # The other layer reaches to 2010: it cannot tell.
    "later": ("2000", "2012", "2000", "", "agree"),
    "apart": ("2000", "2003", "2000", "2006", "differ"),
    # Only attested by the other: it gives no start.
    "hazy": ("2000", "", "", "", None),
    # Two spells, one after the other.
    "twice": ("1990", "1995", "2000", "", None),
    "observer": ("2000", "", "2000", "", None),
}


def _spells(name: str, side: int) -> str:
    made = []
    for state, told in STATES.items():
        start, end = told[side : side + 2]
        dates = f'csto:start "{start}"^^edtf:EDTF ; ' if start else ""
        dates += f'csto:end "{end}"^^edtf:EDTF ; ' if end else ""
        dates = dates or 'csto:attestedOn "2005"^^edtf:EDTF ; '
        status = "observer" if state == "observer" and side else "member"
        made.append(SPELL.format(name=name, state=state, status=status, dates=dates))
    return "".join(made)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("descriptions")
    things = "".join(
        f'own:{path} a csto:{kind} ; rdfs:label "{path}"@en ; csto:evidence page:p1 .\n'.replace(
            f"own:{path}", f"<https://example.org/own/id/{path}>"
        )
        for path, kind in [
            ("body/pact", "InternationalOrganization"),
            ("agreement/treaty", "Agreement"),
            *((f"state/{state}", "State") for state in (*STATES, "signer")),
        ]
    )
    # A signatory becomes a party by one act; the other layer dates the party from signature.
    signer = "csto:party <https://example.org/own/id/state/signer> ; "
    signer += "csto:agreement <https://example.org/own/id/agreement/treaty> ; "
    things += f"""
<https://example.org/own/id/act/force> a csto:EntryIntoForce ; rdfs:label "In force"@en ;
    csto:instrument <https://example.org/own/id/agreement/treaty> ;
    csto:date "1994-04-20"^^edtf:EDTF ; csto:evidence page:p1 .
<https://example.org/own/id/partystatus/one> a csto:PartyStatus ; rdfs:label "signatory"@en ;
    {signer} csto:status status:signatory ; csto:start "1992-05-15"^^edtf:EDTF ;
    csto:closedBy <https://example.org/own/id/act/force> ; csto:evidence page:p1 .
<https://example.org/own/id/partystatus/two> a csto:PartyStatus ; rdfs:label "signer (own)"@en ;
    {signer} csto:status status:party ;
    csto:openedBy <https://example.org/own/id/act/force> ; csto:evidence page:p1 .
"""
    party = f"""
<https://example.org/other/id/partystatus/one> a csto:PartyStatus ; rdfs:label "signer (other)"@en ;
    {signer} csto:status status:party ; csto:start "1992-05-15"^^edtf:EDTF ; csto:evidence page:p1 .
"""
    for name, cut_off, facts in (
        ("own", "2020-12-31", things + _spells("own", 0)),
        ("other", "2010-12-31", party + _spells("other", 2)),
    ):
        (folder / name / "graph").mkdir(parents=True)
        manifest = f"""<https://example.org/{name}/> a csto:Workspace ; rdfs:label "{name}"@en ;
            dcterms:title "{name}"@en ; void:uriSpace "https://example.org/{name}/id/" ;
            vann:preferredNamespacePrefix "{name}" ; csto:cutOff "{cut_off}"^^xsd:date ."""
        if name == "other":
            manifest += """
<https://example.org/other/> csto:extends <https://example.org/own/> .
<https://example.org/own/> csto:folder "../own" ."""
        head = HEAD + NAMES.format(name=name)
        (folder / name / "workspace.ttl").write_text(head + manifest)
        (folder / name / "graph" / "f.ttl").write_text(head + SOURCE.format(name=name) + facts)
    return folder / "other"


def _asked(workspace: Path, *words: str) -> list[list[str]]:
    ran = run_csto("--workspace", str(workspace), *words, "-f", "csv")
    assert ran.code == 0, ran.err
    return ran.rows


def test_two_layers_agree_or_differ_by_rule(workspace: Path) -> None:
    found: dict[str, set[str]] = {}
    for row in _asked(workspace, "conflicts"):
        found.setdefault(row[1].partition(" ")[0], set()).add(row[2])
    expected = {state: {told[4] or ""} for state, told in STATES.items()}
    del expected["twice"], expected["observer"]
    assert found == {**expected, "signer": {"agree"}}


def test_each_side_tells_its_span_and_its_source(workspace: Path) -> None:
    sides = [row[4:7] for row in _asked(workspace, "conflicts") if row[1].startswith("ended")]
    assert sorted(sides) == [
        ["ended (other): 2000/..", "Source of other", "other, line 1"],
        ["ended (own): 2000/2003-05-01", "Source of own", "own, line 1"],
    ]
    about = {row[1] for row in _asked(workspace, "conflicts", "--about", "state/apart")}
    assert about == {"apart (other) / apart (own)"}


def test_the_proof_goes_down_to_both_passages(workspace: Path) -> None:
    text = """SELECT ?q { ?q csto:description <https://example.org/other/id/membership/early> }"""
    ((question,),) = _asked(workspace, "query", "-e", text)
    kind = "https://w3id.org/csto/concept/conflict-kind/contradict"
    ran = run_csto(
        "--workspace", str(workspace), "explain", "triple", question, "conflictKind", kind
    )
    assert ran.code == 0, ran.err
    assert "[own, line 1]" in ran.out
    assert "[other, line 1]" in ran.out
