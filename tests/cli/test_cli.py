"""The command line: formats, remarks, and one clear line for every mistake."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ALLIANCE, ROOT, Ran, copy_shipped, run_csto
from csto import __version__

Csto = Callable[..., Ran]
RUSSIA = ("query", "votes/agreement-with", "--param", "state=Russia")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("overlap", "OTS", "CSTOO"), ["CSTOO", "CSTO"]),
        (("overlap", "OTS", "CSTO", "--on", "2022-13-01"), ["2022-13-01", "calendar"]),
        (("overlap", "OTS", "CSTO", "--on", "10.1.2022"), ["YYYY-MM-DD"]),
        (("overlap", "OTS", "CSTO", "--on", "2022-01-10", "--ever"), ["--ever"]),
        (("overlap", "OTS", "OTS"), ["two different"]),
        (("overlap", "OTS"), ["two different"]),
        (("overlap", "OTS", "Kazakhstan"), ["no organization or agreement"]),
        (("query", "members-onn"), ["members-onn", "memberships/members-on"]),
        (("query", "crises/chain"), ["crisis"]),
        (("query", "memberships/members-on", "--param", "organisation=CSTO"), ["organisation"]),
        (("query", "memberships/members-on", "--param", "organization"), ["name=value"]),
        (("query", "memberships/opened-and-closed", "--param", "year=soon"), ["whole number"]),
        (("query", "votes/share-of-no", "--param", "day=2022-02-30"), ["2022-02-30"]),
        (("query", "nothere.rq"), ["nothere.rq", "no such file"]),
        (("query",), ["give one query"]),
        (("query", "-e", "SELECT ?s WHERE { ?s a }"), ["line 1, column"]),
        (("query", "-e", "SELECT ?s FROM <urn:x> WHERE { ?s a ?t }"), ["FROM"]),
        (("query", "-e", "SELECT ?s WHERE { SERVICE <urn:x> { ?s a ?t } }"), ["SERVICE"]),
        (("query", "-e", "SELECT ?s WHERE { ?s a csto:State }", "-f", "turtle"), ["rows"]),
        (("query", "-e", "CONSTRUCT WHERE { ?s a csto:State }", "-f", "csv"), ["triples"]),
        (("validate", "nothere"), ["nothere", "no such file"]),
        (("export", "-o", "graph.doc"), ["graph.doc", "--format"]),
        (("export", "-o", "/nowhere/graph.ttl"), ["/nowhere/graph.ttl"]),
        (("--workspace", "/nowhere", "queries"), ["/nowhere"]),
        (("show", "Nowhereland"), ["Nowhereland"]),
        (("conflicts", "--about", "Nowhereland"), ["Nowhereland"]),
    ],
)
def test_a_mistake_is_one_clear_line(csto: Csto, args: tuple[str, ...], words: list[str]) -> None:
    ran = csto(*args)
    assert ran.code == 2, ran
    assert ran.out == ""
    assert len(ran.err.strip().splitlines()) == 1, ran.err
    for word in words:
        assert word in ran.err
    assert "Traceback" not in ran.err


def test_an_unknown_option_is_usage(csto: Csto) -> None:
    ran = csto("overlap", "OTS", "CSTO", "--onn", "2022-01-10")
    assert ran.code == 2
    assert "--on" in ran.err


def test_version_is_the_packages(csto: Csto) -> None:
    assert csto("--version").out == f"csto {__version__}\n"


@pytest.mark.parametrize(
    "command",
    [
        "",
        "overlap",
        "query",
        "queries",
        "validate",
        "export",
        "show",
        "conflicts",
        "explain",
        "infer",
    ],
)
def test_help_has_an_example(csto: Csto, command: str) -> None:
    ran = csto(*([command] if command else []), "--help")
    assert ran.code == 0
    assert "csto " in ran.out
    assert "xample" in ran.out


def test_infer_writes_only_what_follows(csto: Csto) -> None:
    overlaps = csto("infer", "--on", "2022-01-10", "--rules", "overlap")
    assert overlaps.code == 0
    assert overlaps.out.count("ontology#overlapHolder>") > 100
    # All of it, of a small graph.
    small = "-w", str(ALLIANCE), "infer"
    followed = csto(*small, "--on", "2004-01-01").out
    assert "ontology#memberOf>" in followed
    assert "isoAlpha3" not in followed
    rules = {row[0]: int(row[1]) for row in csto(*small, "--stats").rows}
    assert {"cax-sco", "prp-inv1", "overlap", "direct-relation", "divided-loyalty"} <= set(rules)
    assert csto("infer", "--rules", "nothing").code == 2


def test_completion_is_offered(csto: Csto) -> None:
    ran = csto("--show-completion", "bash")
    assert ran.code == 0
    assert "complete" in ran.out


def test_each_row_format(csto: Csto) -> None:
    assert csto(*RUSSIA, "-f", "csv").out.startswith("state,label,same,of\n")
    assert csto(*RUSSIA, "-f", "tsv").out.startswith("?state\t?label\t?same\t?of\n")
    bindings = json.loads(csto(*RUSSIA, "-f", "json").out)["results"]["bindings"]
    assert bindings[0]["label"]["value"] == "Belarus"
    assert "<sparql" in csto(*RUSSIA, "-f", "xml").out
    assert csto(*RUSSIA, "-f", "md").out.splitlines()[2].startswith("| state:belarus | Belarus |")
    assert "state:belarus" in csto(*RUSSIA, "-f", "table").out


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml", "md", "table"])
def test_that_there_are_no_rows_is_told_where_there_are_none(csto: Csto, form: str) -> None:
    members = ("query", "memberships/members-on", "-f", form, "--on")
    assert "no rows" not in csto(*members, "2012-09-01").err
    assert "no rows" in csto(*members, "1980-01-01").err


def test_columns_for_programs_are_not_in_tables(csto: Csto) -> None:
    command = ("query", "memberships/standings", "-p", "framework=CSTO")
    assert (
        csto(*command, "-f", "md").out.splitlines()[0] == "| holder | status | kind | start | end |"
    )
    data = csto(*command, "-f", "csv").out.splitlines()[0]
    assert {"spell", "counted", "start_earliest"} <= set(data.split(","))
    assert "start_earliest" not in csto(*command, "-f", "md", "--cite").out


def test_a_pipe_gets_csv(csto: Csto) -> None:
    assert csto(*RUSSIA).out == csto(*RUSSIA, "-f", "csv").out


def test_every_form_of_query(csto: Csto) -> None:
    assert csto("query", "-e", "ASK { body:csto a csto:InternationalOrganization }").out == "true\n"
    construct = csto(
        "query",
        "-e",
        "CONSTRUCT { ?s csto:isoAlpha3 ?c } WHERE { ?s csto:isoAlpha3 ?c }",
        "-f",
        "ntriples",
    )
    assert construct.out.count("\n") == 25
    described = csto("query", "-e", "DESCRIBE state:kazakhstan")
    assert "KAZ" in described.out


def test_a_query_from_standard_input_and_file(tmp_path: Path) -> None:
    text = "SELECT ?c WHERE { ?state csto:isoAlpha3 ?c } ORDER BY ?c LIMIT 1"
    assert run_csto("query", "-", stdin=text).rows == [["AFG"]]
    path = tmp_path / "first.rq"
    path.write_text(text)
    assert run_csto("query", str(path)).rows == [["AFG"]]


def test_a_parameter_is_a_value_and_not_text(csto: Csto) -> None:
    """What would break out of a pasted string stays a literal."""
    hostile = 'x" } DROP ALL #'
    ran = csto(
        "query",
        "-e",
        "SELECT ?x WHERE { ?s csto:isoAlpha3 ?c }",
        "-p",
        f"x={hostile}",
        "-f",
        "json",
    )
    values = {b["x"]["value"] for b in json.loads(ran.out)["results"]["bindings"]}
    assert values == {hostile}


def test_relations_of_a_day_are_in_the_queried_graph(csto: Csto) -> None:
    text = "SELECT ?s WHERE { ?s a csto:MemberOfOTSAndCSTO } ORDER BY ?s"
    on = csto("query", "-e", text, "--on", "2022-01-10")
    assert [row[0].rsplit("/", 1)[-1] for row in on.rows] == ["kazakhstan", "kyrgyzstan"]
    assert csto("query", "-e", text, "--on", "2005-06-01").rows == []


def test_a_day_after_the_cut_off_warns(csto: Csto) -> None:
    ran = csto("overlap", "OTS", "CSTO", "--on", "2030-01-01", "--format", "csv")
    assert ran.code == 0
    assert "only possible" in ran.err
    assert {row[4] for row in ran.rows} == {"possible"}
    assert csto("--quiet", "overlap", "OTS", "CSTO", "--on", "2030-01-01").err == ""


def test_options_for_every_command_may_stand_anywhere(csto: Csto, workspace: Path) -> None:
    text = "ASK { body:csto a csto:Body }"
    after = csto("query", "-e", text, "--workspace", str(workspace), "--quiet")
    assert (after.code, after.out, after.err) == (0, "true\n", "")
    assert csto("queries", f"--workspace={workspace}").code == 0
    assert csto("queries", "--workspace", "/nowhere").code == 2


def test_queries_lists_every_file(csto: Csto) -> None:
    listed = {row[0] for row in csto("queries").rows}
    files = {
        p.relative_to(ROOT / "queries").with_suffix("").as_posix()
        for p in (ROOT / "queries").rglob("*.rq")
    }
    assert listed == files
    assert all(row[1] for row in csto("queries").rows)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return copy_shipped(tmp_path)


def test_a_turtle_file_cut_off_in_the_middle(workspace: Path) -> None:
    path = workspace / "graph" / "states.ttl"
    data = path.read_bytes()
    # Inside a statement: half of the bytes may happen to end with one.
    path.write_bytes(data[: data.rindex(b" ;", 0, len(data) // 2)])
    ran = run_csto("--workspace", str(workspace), "query", "-e", "ASK {}")
    assert ran.code == 2
    assert "graph/states.ttl:" in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_a_workspace_without_a_graph(workspace: Path) -> None:
    shutil.rmtree(workspace / "graph")
    ran = run_csto("--workspace", str(workspace), "query", "-e", "ASK {}")
    assert ran.code == 2
    assert "no graph/" in ran.err


def test_a_workspace_with_an_empty_graph(workspace: Path) -> None:
    shutil.rmtree(workspace / "graph")
    (workspace / "graph").mkdir()
    ran = run_csto("--workspace", str(workspace), "query", "-e", "ASK {}")
    assert ran.code == 2
    assert "no Turtle file" in ran.err


def test_a_closed_pipe_is_no_failure() -> None:
    import subprocess
    import sys

    done = subprocess.run(
        f"{sys.executable} -m csto -w {ALLIANCE} export --inferred -f ntriples | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


def test_an_overlap_is_found_by_russian_names(csto: Csto) -> None:
    ran = csto("overlap", "ОДКБ", "ОТГ", "--on", "2022-01-10")
    assert ran.code == 0, ran.err
    assert ran.out == csto("overlap", "CSTO", "OTS", "--on", "2022-01-10").out
