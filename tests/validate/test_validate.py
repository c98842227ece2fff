"""Each shape and check bites: one damaged graph for each, and the clean one stays clean."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from conftest import BASE, ROOT, act, beside, run_csto, spell
from csto.errors import InputError
from csto.load.workspace import Workspace
from csto.validate import catalogue, validate
from csto.validate.catalogue import BUILT_IN
from support.sample import some

MEMBER = "csto:status status:member ; csto:openedBy act:in"
GOOD = act("in", "2006-08-16") + spell("a", MEMBER)
CLAIM = (
    'claim:c a csto:Claim ; rdfs:label "c"@en ; csto:subject act:in ; csto:relation csto:place ;'
    " csto:object <https://w3id.org/csto/id/place/p> ;"
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
# Few organizations number their resolutions: who adopted it says as much.
UNNUMBERED = VOTE.replace('csto:symbol "R/1"', "csto:issuer body:left")
# A call for help may come before what it is about has begun.
CALL = (
    'crisis:x a csto:Crisis ; rdfs:label "x"@en ; csto:start "1955-01-11"^^edtf:EDTF ;'
    " csto:evidence src:p1 .\n" + act("call", "1955-01-10", "Request", "; csto:partOf crisis:x ")
)


def codes(workspace: Workspace, tmp_path: Path, turtle: str) -> set[str]:
    path = tmp_path / "graph.ttl"
    path.write_text(BASE + turtle, encoding="utf-8")
    return {finding.code for finding in validate(workspace, [path]).findings}


SECOND = re.sub(r"vote:v|act:call|act:r\b", lambda m: f"{m[0]}2", VOTE).replace("R/1", "R/2")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A workspace with an ontology and a small graph of its own, to be damaged."""
    for part in ("ontology", "queries"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return beside(tmp_path, all=BASE + GOOD, v2014=_head(VOTE), v2016=_head(SECOND))


WITNESSES = "".join(
    f'source:{name} a csto:Source ; rdfs:label "{name}"@en ;'
    " csto:sourceKind <https://w3id.org/csto/concept/source-kind/dataset> ;"
    f' dcterms:bibliographicCitation "{name}" .\n'
    f"<https://w3id.org/csto/source/{name}#p1> a csto:Passage ; rdfs:label "
    f'"{name}, 1"@en ; dcterms:isPartOf source:{name} .\n'
    + spell(name, f'csto:status status:member ; csto:start "{year}"^^edtf:EDTF').replace(
        "src:p1", f"<https://w3id.org/csto/source/{name}#p1>"
    )
    for name, year in (("one-set", "2006"), ("other-set", "2008"))
)


def _head(turtle: str) -> str:
    """Facts for a file of their own."""
    return BASE[: BASE.index("\n\n")] + "\n\n" + turtle


@pytest.mark.parametrize("turtle", [GOOD, GOOD + CLAIM, VOTE, GOOD + LATER, UNNUMBERED, WITNESSES])
def test_what_is_right_is_clean(shipped_workspace: Workspace, tmp_path: Path, turtle: str) -> None:
    assert codes(shipped_workspace, tmp_path, turtle) == set()


WRONG = [
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
    ("CS0106", CLAIM.replace(" csto:subject act:in ;", "")),
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
        GOOD + act("in2", "2009") + spell("b", "csto:status status:member ; csto:openedBy act:in2"),
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
        GOOD.replace("csto:openedBy act:in", 'csto:openedBy act:in ; csto:start "2006"^^edtf:EDTF'),
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
    ("CS0224", CALL.replace("csto:Request", "csto:Statement")),
    ("CS0285", VOTE.replace(' ; csto:symbol "R/1"', "")),
    ("RL-CAX-DW", GOOD + "state:one a csto:Person ."),
]


@pytest.mark.sampled
@pytest.mark.parametrize(("code", "turtle"), some(WRONG, 12))
def test_what_is_wrong_is_found(
    shipped_workspace: Workspace, tmp_path: Path, code: str, turtle: str
) -> None:
    assert code in codes(shipped_workspace, tmp_path, turtle)


def test_a_request_may_come_before_the_outbreak(
    shipped_workspace: Workspace, tmp_path: Path
) -> None:
    assert "CS0224" not in codes(shipped_workspace, tmp_path, CALL)


def test_every_code_is_used_once(shipped_workspace: Workspace) -> None:
    text = "".join(p.read_text() for p in (ROOT / "ontology" / "shapes").glob("*.ttl"))
    shapes = re.findall(r'dcterms:identifier "(CS\d{4})"', text)
    checks = [
        re.search(r"#\+ code: (\S+)", p.read_text())[1]  # type: ignore[index]
        for p in (ROOT / "ontology" / "checks").glob("*.rq")
    ]
    used = [*shapes, *checks, *(entry.code for entry in BUILT_IN)]
    assert len(used) == len(set(used))
    assert all(re.fullmatch(r"CS\d{4}|RL-[A-Z0-9-]+", code) for code in used)
    assert {entry.code for entry in catalogue(shipped_workspace)} == set(used)


def test_no_fix_sends_to_a_file_that_a_workspace_does_not_have(
    shipped_workspace: Workspace,
) -> None:
    told = {entry.code: entry.fix for entry in catalogue(shipped_workspace)}
    assert "csto show https://w3id.org/csto/concept/status --all" in told["CS0130"]
    assert {code for code, fix in told.items() if "ontology/concepts/" in fix} == set()


def test_the_page_of_codes_is_made_when_asked(shipped_workspace: Workspace, tmp_path: Path) -> None:
    assert run_csto("checks", "--write", str(tmp_path / "checks.md")).code == 0
    written = (tmp_path / "checks.md").read_text(encoding="utf-8")
    for entry in catalogue(shipped_workspace):
        assert f"\n## {entry.code}\n\n**{entry.title}** ({entry.severity})\n" in written
    assert not (ROOT / "docs" / "checks.md").exists()


def test_one_code_is_explained() -> None:
    ran = run_csto("checks", "CS0203")
    assert ran.code == 0
    assert "fix: " in ran.out
    assert run_csto("checks", "CS9999").code == 2


def test_an_ontology_term_without_definition(copied: Path) -> None:
    (copied / "ontology" / "extra.ttl").write_text(
        "@prefix csto: <https://w3id.org/csto/ontology#> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n\ncsto:Extra a owl:Class .\n"
    )
    found = [f for f in validate(Workspace(copied)).findings if f.code == "CS0301"]
    assert [(f.where, f.place.line) for f in found if f.place] == [("ontology/extra.ttl", 4)]


def test_a_small_workspace_of_its_own_is_clean(tmp_path: Path) -> None:
    """Another graph under this ontology lacks much, and need not hear of it."""
    for part in ("ontology", "queries"):
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / "graph").mkdir()
    own = (BASE + GOOD).replace("<https://w3id.org/csto/graph>", "<https://example.org/graph>")
    (tmp_path / "graph" / "all.ttl").write_text(own)
    assert validate(Workspace(tmp_path)).findings == []


# --- what cannot be looked at ------------------------------------------------


def test_nothing_to_check_with_is_no_pass(copied: Path) -> None:
    shutil.rmtree(copied / "ontology" / "shapes")
    with pytest.raises(InputError, match="no shapes"):
        validate(Workspace(copied))


def test_nothing_to_look_at_is_no_pass(shipped_workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "other.ttl"
    path.write_text("<urn:a> <urn:b> <urn:c> .")
    found = validate(shipped_workspace, [path]).findings
    assert [(f.code, f.severity) for f in found] == [("CS0006", "violation")]
    path.write_text("")
    with pytest.raises(InputError, match="no statement"):
        validate(shipped_workspace, [path])


def test_an_empty_folder_is_no_pass(tmp_path: Path) -> None:
    ran = run_csto("validate", str(tmp_path))
    assert ran.code == 2
    assert "no RDF file" in ran.err


def test_a_shape_that_looks_at_nothing_is_no_pass(copied: Path) -> None:
    shapes = copied / "ontology" / "shapes" / "affiliations.ttl"
    shapes.write_text(shapes.read_text().replace("targetClass csto:Aff", "targetClass csto:Af"))
    report = validate(Workspace(copied))
    broken = [f for f in report.broken if f.code == "CS0004"]
    assert [f.focus.rpartition("/")[2] for f in broken] == ["affiliation"]
    assert broken[0].place is not None
    line = shapes.read_text().splitlines()[broken[0].place.line - 1]
    assert line.startswith("shape:affiliation ")


def test_a_file_that_cannot_be_read_is_no_pass(tmp_path: Path) -> None:
    path = tmp_path / "latin.ttl"
    path.write_bytes((BASE + GOOD).encode() + b"# caf\xe9\n")
    ran = run_csto("validate", str(path))
    assert ran.code == 2
    assert f"latin.ttl:{(BASE + GOOD).count(chr(10)) + 1}:6: violation CS0002" in ran.out


def test_a_syntax_error_hides_nothing_else(tmp_path: Path) -> None:
    text = BASE + GOOD.replace("status:member", "status:friend") + 'state:one csto:x "open .\n\n'
    path = tmp_path / "broken.ttl"
    path.write_text(text + act("later", "2006-02-30"))
    ran = run_csto("validate", str(path))
    assert ran.code == 2
    line = text[: text.index("csto:x")].count("\n") + 1
    assert re.search(rf"broken\.ttl:{line}:\d+: violation CS0001 syntax error", ran.out)
    assert "CS0130" in ran.out
    assert "CS0100" in ran.out


def test_what_a_broken_statement_describes_is_not_missed(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text(BASE + GOOD.replace("act:in a csto:Admission ;", "act:in a csto:Admission ]"))
    ran = run_csto("validate", str(path))
    assert ran.code == 2
    told = [line.split()[2] for line in ran.out.splitlines() if "violation CS0" in line]
    assert told == ["CS0001"]


def test_an_undeclared_prefix_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "prefix.ttl"
    path.write_text(BASE.replace("@prefix act:", "# ") + GOOD)
    ran = run_csto("validate", str(path))
    assert ran.code == 2
    assert ran.out.count("violation CS0") == 1
    assert "@prefix act: <https://w3id.org/csto/id/act/> ." in ran.out


# --- files in their place ----------------------------------------------------


def test_a_file_of_the_graph_is_checked_in_its_place(copied: Path) -> None:
    good = copied / "graph" / "v2014.ttl"
    bad = copied / "graph" / "v2016.ttl"
    bad.write_text(bad.read_text().replace("votevalue:no ", "votevalue:noo ", 1))
    workspace = Workspace(copied)
    assert validate(workspace, [good]).findings == []
    found = validate(workspace, [bad]).findings
    assert found
    assert all(finding.where.endswith("v2016.ttl") for finding in found)


def test_standard_input_can_stand_in_place_of_a_file(tmp_path: Path) -> None:
    root = beside(tmp_path, all=BASE + GOOD, votes=_head(VOTE))
    name = "graph/votes.ttl"
    text = (root / name).read_text().replace("votevalue:no ", "votevalue:noo ", 1)
    line = text[: text.index("votevalue:noo ")].count("\n") + 1
    options = ("validate", "-", "--stdin-name", str(root / name))
    ran = run_csto("-w", str(root), *options, stdin=text)
    assert ran.code == 1
    assert f"{name}:{line}:" in ran.out
    assert "did you mean votevalue:no?" in ran.out


def test_standard_input_alone() -> None:
    text = BASE + GOOD.replace("csto:agent", "csto:agnet")
    ran = run_csto("validate", "-", stdin=text)
    assert ran.code == 1
    line = text[: text.index("csto:agnet")].count("\n") + 1
    assert f"-:{line}:" in ran.out
    assert "did you mean csto:agent?" in ran.out


@pytest.mark.parametrize(
    ("date", "passage", "rank", "told"),
    [
        ("2006", "src:p2", "normal", True),
        ("2006-08", "src:p1", "normal", True),
        ("2006-08-16", "src:p2", "normal", False),
        ("2006-08-17", "src:p2", "normal", False),
        ("2007", "src:p2", "normal", False),
        ("2006", "src:p2", "deprecated", False),
        ("2006", "<https://w3id.org/csto/source/other#p1>", "normal", False),
    ],
)
def test_a_source_is_no_vague_rival_of_itself(
    shipped_workspace: Workspace, tmp_path: Path, date: str, passage: str, rank: str, told: bool
) -> None:
    claim = CLAIM.splitlines()[0]
    claim = re.sub(r"csto:object <\S+>", f'csto:value "{date}"^^edtf:EDTF', claim)
    claim = claim.replace("csto:place", "csto:date").replace("src:p1", passage)
    other = (
        'source:other a csto:Source ; rdfs:label "Other"@en ; csto:sourceKind sourcekind:article ;'
        ' dcterms:identifier "https://example.org/other" .\n'
        "<https://w3id.org/csto/source/other#p1> a csto:Passage ;"
        ' rdfs:label "Other, p. 1"@en ; dcterms:isPartOf source:other .\n'
    )
    turtle = GOOD + claim.replace("rank:normal", f"rank:{rank}") + "\n" + other
    assert ("CS0362" in codes(shipped_workspace, tmp_path, turtle)) is told
