"""Each shape and check bites: one damaged graph for each, and the clean one stays clean."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conftest import BASE, ROOT, act, run_csto, spell
from csto.errors import InputError
from csto.validate import validate
from csto.workspace import Workspace

MEMBER = "csto:status status:member ; csto:openedBy act:in"
GOOD = act("in", "2006-08-16") + spell("a", MEMBER)
CLAIM = (
    'claim:c a csto:Claim ; rdfs:label "c"@en ; csto:about act:in ; csto:property csto:place ;'
    " csto:valueThing <https://w3id.org/csto/id/place/p> ;"
    " csto:claimant source:test ; csto:statedIn src:p1 ; csto:rank rank:normal .\n"
    '<https://w3id.org/csto/id/place/p> a csto:Place ; rdfs:label "P"@en .\n'
)
VOTE = (
    'vote:v a csto:CastVote ; rdfs:label "v"@en ; csto:agent state:one ; csto:inRollCall act:call ;'
    " csto:voteValue votevalue:no ; csto:evidence src:p1 .\n"
    'act:call a csto:RollCall ; rdfs:label "call"@en ; csto:agent body:left ;'
    ' csto:onResolution act:r ; csto:date "2022-03-02"^^edtf:EDTF ; csto:evidence src:p1 .\n'
    'act:r a csto:Resolution ; rdfs:label "r"@en ; csto:symbol "R/1" .\n'
)
LATER = act("out", "2012-12-19", "Withdrawal")


def codes(workspace: Workspace, tmp_path: Path, turtle: str) -> set[str]:
    path = tmp_path / "graph.ttl"
    path.write_text(BASE + turtle, encoding="utf-8")
    return {finding.code for finding in validate(workspace, [path]).findings}


@pytest.mark.parametrize("turtle", [GOOD, GOOD + CLAIM, VOTE, GOOD + LATER])
def test_what_is_right_is_clean(shipped_workspace: Workspace, tmp_path: Path, turtle: str) -> None:
    assert codes(shipped_workspace, tmp_path, turtle) == set()


@pytest.mark.parametrize(
    ("code", "turtle"),
    [
        ("CS0100", act("in", "2006-02-30")),
        ("CS0101", GOOD.replace(" ; csto:evidence src:p1 .\nm:", " .\nm:", 1)),
        ("CS0101", GOOD.replace("csto:evidence src:p1", "csto:evidence src:nowhere", 1)),
        ("CS0102", 'act:o a csto:Omission ; rdfs:label "o"@en ; csto:agent state:one .'),
        (
            "CS0103",
            GOOD.replace(
                "csto:organization body:left ; csto:evidence src:p1", "csto:organization body:left"
            ),
        ),
        ("CS0104", CLAIM.replace(" csto:statedIn src:p1 ;", "") + act("in", "2006")),
        ("CS0105", CLAIM.replace(" csto:claimant source:test ;", "") + act("in", "2006")),
        ("CS0106", CLAIM.replace(" csto:about act:in ;", "")),
        ("CS0107", CLAIM.replace("rank:normal", "rank:best") + act("in", "2006")),
        ("CS0110", 'src:p9 a csto:Passage ; rdfs:label "p9"@en .'),
        ("CS0111", 'source:x a csto:Source ; rdfs:label "x"@en .'),
        ("CS0120", act("in", "16.08.2006")),
        ("CS0120", act("in", "2006", extra='; csto:date "2007"^^edtf:EDTF ')),
        ("CS0120", act("in", "2006").replace("^^edtf:EDTF", "^^xsd:gYear")),
        ("CS0122", spell("a", 'csto:status status:member ; csto:start "1990s"^^edtf:EDTF')),
        ("CS0130", GOOD.replace("status:member", "status:friend")),
        ("CS0131", GOOD.replace("csto:member state:one", "csto:member state:one , state:two")),
        ("CS0132", GOOD.replace(" csto:organization body:left ;", "")),
        ("CS0133", GOOD + act("in2", "2007") + "m:a csto:openedBy act:in2 ."),
        ("CS0140", VOTE.replace("votevalue:no", "votevalue:maybe")),
        ("CS0141", VOTE.replace("csto:agent state:one ; csto:inRollCall", "csto:inRollCall")),
        ("CS0142", VOTE.replace(" csto:inRollCall act:call ;", "")),
        ("CS0143", VOTE.replace(" csto:onResolution act:r ;", "")),
        ("CS0153", act("in", "2006").replace(' rdfs:label "in"@en ;', "")),
        (
            "CS0201",
            act("in", "2006")
            + act("out", "2001", "Withdrawal")
            + spell("a", MEMBER + " ; csto:closedBy act:out"),
        ),
        (
            "CS0202",
            act("in", "2006-09")
            + act("out", "2006", "Withdrawal")
            + spell("a", MEMBER + " ; csto:closedBy act:out"),
        ),
        (
            "CS0203",
            GOOD
            + act("in2", "2009")
            + spell("b", "csto:status status:member ; csto:openedBy act:in2"),
        ),
        (
            "CS0204",
            act("in", "2001")
            + act("out", "2006", "Withdrawal")
            + act("in2", "2006")
            + spell("a", MEMBER + " ; csto:closedBy act:out")
            + spell("b", "csto:status status:member ; csto:openedBy act:in2"),
        ),
        ("CS0205", VOTE + VOTE.replace("vote:v", "vote:w").splitlines()[0]),
        ("CS0206", VOTE + VOTE.replace("act:call", "act:call2").splitlines()[1]),
        (
            "CS0207",
            act("in", "2006")
            + act("out", "2024-02-22", "Statement")
            + spell("a", MEMBER + " ; csto:closedBy act:out"),
        ),
        (
            "CS0208",
            act("in", "2006")
            + act("out", "2012-06-28", "Notice")
            + spell("a", MEMBER + " ; csto:closedBy act:out"),
        ),
        (
            "CS0209",
            GOOD.replace(
                "csto:openedBy act:in", 'csto:openedBy act:in ; csto:start "2006"^^edtf:EDTF'
            ),
        ),
        (
            "CS0210",
            GOOD
            + CLAIM.replace("csto:place", "csto:date").replace(
                "rank:normal",
                'rank:preferred ; csto:reason "x" ; csto:value "2006-08-17"^^edtf:EDTF',
            ),
        ),
        (
            "CS0211",
            act("in", "2006").replace('csto:date "2006"^^edtf:EDTF ;', "")
            + "".join(
                CLAIM.replace("claim:c", f"claim:{n}")
                .replace("csto:place", "csto:date")
                .replace(
                    "rank:normal",
                    f'rank:preferred ; csto:reason "x" ; csto:value "200{n}"^^edtf:EDTF',
                )
                for n in (1, 2)
            ),
        ),
        (
            "CS0212",
            act("in", "2006")
            + CLAIM
            + CLAIM.replace("claim:c", "claim:d").replace("rank:normal", "rank:preferred"),
        ),
        ("CS0213", GOOD.replace("body:left", "body:nowhere")),
        ("CS0214", GOOD.replace("csto:agent", "csto:agnet")),
        ("CS0214", GOOD.replace("csto:Admission", "csto:Admision")),
        ("CS0215", GOOD + "state:one csto:capital [ a csto:Place ] ."),
        ("CS0216", "state:one csto:memberOf body:left ."),
        ("RL-CAX-DW", GOOD + "state:one a csto:Person ."),
    ],
)
def test_what_is_wrong_is_found(
    shipped_workspace: Workspace, tmp_path: Path, code: str, turtle: str
) -> None:
    assert code in codes(shipped_workspace, tmp_path, turtle)


def test_every_code_is_used_once_and_tested() -> None:
    import re

    text = "".join(p.read_text() for p in (ROOT / "ontology" / "shapes").glob("*.ttl"))
    shapes = re.findall(r'dcterms:identifier "(CS\d{4})"', text)
    checks = [
        re.search(r"#\+ code: (\S+)", p.read_text())[1]  # type: ignore[index]
        for p in (ROOT / "ontology" / "checks").glob("*.rq")
    ]
    both = shapes + checks
    assert len(both) == len(set(both))
    assert all(re.fullmatch(r"CS\d{4}", code) for code in both)


def test_the_shipped_graph_is_clean() -> None:
    ran = run_csto("validate")
    assert ran.code == 0, ran.out
    assert "clean" in ran.err or "warning" in ran.err


def test_an_ontology_term_without_definition(tmp_path: Path) -> None:
    for part in ("ontology", "graph", "queries"):
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / "ontology" / "extra.ttl").write_text(
        "@prefix csto: <https://w3id.org/csto/ontology#> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\ncsto:Extra a owl:Class .\n"
    )
    found = {f.code for f in validate(Workspace(tmp_path)).findings}
    assert found == {"CS0301"}


def test_nothing_to_check_with_is_no_pass(tmp_path: Path) -> None:
    for part in ("ontology", "graph", "queries"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.rmtree(tmp_path / "ontology" / "shapes")
    with pytest.raises(InputError, match="no shapes"):
        validate(Workspace(tmp_path))


def test_nothing_to_look_at_is_no_pass(shipped_workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "other.ttl"
    path.write_text("<urn:a> <urn:b> <urn:c> .")
    with pytest.raises(InputError, match="anything to look at"):
        validate(shipped_workspace, [path])


def test_a_file_of_the_graph_is_checked_in_its_place(tmp_path: Path) -> None:
    for part in ("ontology", "graph", "queries"):
        shutil.copytree(ROOT / part, tmp_path / part)
    good = tmp_path / "graph" / "votes" / "2014.ttl"
    bad = tmp_path / "graph" / "votes" / "2016.ttl"
    bad.write_text(bad.read_text().replace("votevalue:no ", "votevalue:nay ", 1))
    workspace = Workspace(tmp_path)
    assert validate(workspace, [good]).findings == []
    found = validate(workspace, [bad]).findings
    assert found
    assert all(finding.where.endswith("2016.ttl") for finding in found)


def test_findings_name_file_thing_and_mend(tmp_path: Path) -> None:
    path = tmp_path / "crisis.ttl"
    path.write_text(BASE + GOOD.replace("status:member", "status:friend"))
    ran = run_csto("validate", str(path), "--format", "csv")
    assert ran.code == 1
    row = next(row for row in ran.rows if row[0] == "CS0130")
    assert row[2].endswith("crisis.ttl")
    assert row[3] == "membership:a"
    assert "status.ttl" in row[6]
