"""A workspace of another alliance, and what others' repositories use to check theirs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from conftest import ROOT, run_csto
from csto.load.workspace import find_workspace

ALLIANCE = ROOT / "examples" / "alliance"


@pytest.fixture
def alliance(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ALLIANCE, tmp_path / "alliance"))


def test_the_example_is_clean_and_in_the_layout() -> None:
    ran = run_csto("--workspace", str(ALLIANCE), "validate", "--fail-on", "warning")
    assert ran.code == 0, ran.out
    ran = run_csto("--workspace", str(ALLIANCE), "fmt", "--check")
    assert ran.code == 0, ran.out
    assert "18 files" in ran.err


def test_the_example_answers() -> None:
    ran = run_csto("-w", str(ALLIANCE), "overlap", "GUAM", "CIS", "--on", "2010-01-01", "-f", "csv")
    assert [row[1] for row in ran.rows] == ["Azerbaijan", "Moldova"]


def test_saved_questions_of_the_package_serve(alliance: Path) -> None:
    on = ("--param", "organization=GUAM", "--on", "2004-01-01", "-f", "csv")
    ran = run_csto("-w", str(alliance), "query", "memberships/members-on", *on)
    assert ran.code == 0, ran.err
    assert "Uzbekistan" in ran.out


def test_its_facts_are_those_of_the_graph() -> None:
    from pyoxigraph import RdfFormat, parse

    def triples(root: Path, *folders: str) -> set[str]:
        files = [p for p in find_workspace(root).graph_files() if p.name != "workspace.ttl"]
        taken = [p for p in files if not folders or p.parent.name in folders]
        return {str(t) for p in taken for t in parse(path=str(p), format=RdfFormat.TURTLE)}

    alone = triples(ALLIANCE, "agreements", "graph") - triples(ROOT)
    assert {t for t in alone if "example.org/guam" not in t} == set()


@pytest.mark.parametrize(
    "kind",
    ["Crisis", "Norm", "Notice", "Suspension", "CastVote", "Organ", "Conflict", "ProvisionVersion"],
)
def test_the_example_to_copy_has_one_of_each(kind: str) -> None:
    text = "".join(p.read_text(encoding="utf-8") for p in (ALLIANCE / "graph").rglob("*.ttl"))
    assert f" a csto:{kind} ;" in text


def test_an_ontology_of_its_own_is_added(alliance: Path) -> None:
    (alliance / "ontology" / "concepts").mkdir(parents=True)
    (alliance / "ontology" / "concepts" / "more.ttl").write_text(
        "@prefix status: <https://w3id.org/csto/concept/status/> .\n"
        "@prefix scheme: <https://w3id.org/csto/concept/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n\n"
        "status:guest a skos:Concept ;\n    skos:inScheme scheme:status ;\n"
        '    rdfs:label "guest"@en ;\n    skos:definition "Presence by invitation."@en .\n'
    )
    members = alliance / "graph" / "memberships" / "guam.ttl"
    members.write_text(members.read_text().replace("status:member", "status:guest", 1))
    assert run_csto("-w", str(alliance), "validate").code == 0
    members.write_text(members.read_text().replace("status:guest", "status:gest", 1))
    ran = run_csto("-w", str(alliance), "validate")
    assert ran.code == 1
    assert "CS0130" in ran.out


def test_an_ontology_with_its_header_stands_alone(alliance: Path) -> None:
    shutil.copytree(ROOT / "ontology", alliance / "ontology")
    workspace = find_workspace(alliance)
    assert workspace.ontologies == (alliance / "ontology",)
    for kind in (workspace.ontology_files(), workspace.rule_files(), workspace.check_files()):
        assert all(path.is_relative_to(alliance) for path in kind)


def test_a_finding_of_the_example_names_its_line(alliance: Path) -> None:
    path = alliance / "graph" / "memberships" / "guam.ttl"
    lines = path.read_text().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines, 1) if "csto:openedBy" in line)
    lines[at - 1] = lines[at - 1].replace("act:", "act:no-")
    path.write_text("".join(lines))
    ran = run_csto("-w", str(alliance), "validate")
    assert ran.code == 1
    assert f"memberships/guam.ttl:{at}:" in ran.out


# --- the action and the hooks ------------------------------------------------------


def run_step(name: str, workspace: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """A step of the action as GitHub would run it, its inputs at their defaults."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    step = next(s for s in action["runs"]["steps"] if s.get("name") == name)
    values = {f"${{{{ inputs.{k} }}}}": v["default"] for k, v in action["inputs"].items()}
    values["${{ inputs.workspace }}"] = str(workspace)
    environment = {k: values[v] for k, v in step["env"].items()}
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    program = programs / "csto"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m csto "$@"\n')
    program.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={**os.environ, **environment, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_steps_of_the_action(alliance: Path, tmp_path: Path) -> None:
    assert run_step("Layout", alliance, tmp_path).returncode == 0
    ran = run_step("Facts", alliance, tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "csto.sarif").is_file()
    path = alliance / "graph" / "memberships" / "guam.ttl"
    path.write_text(path.read_text().replace("status:member ;", "status:membr;", 1))
    assert run_step("Layout", alliance, tmp_path).returncode == 1
    ran = run_step("Facts", alliance, tmp_path)
    assert ran.returncode == 1
    assert "::error " in ran.stdout
    assert "CS0130" in (tmp_path / "csto.sarif").read_text()


def test_the_hooks_run_what_they_say(alliance: Path) -> None:
    hooks = {h["id"]: h for h in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    path = alliance / "graph" / "states.ttl"
    path.write_text(path.read_text().replace(" ;\n", ";\n"))

    def run(name: str, *more: str) -> int:
        program, *arguments = hooks[name]["entry"].split()
        assert program == "csto"
        command = [sys.executable, "-m", "csto", *arguments, *more]
        return subprocess.run(command, cwd=alliance, capture_output=True, check=False).returncode

    assert run("csto-fmt", "graph/states.ttl") == 0
    assert path.read_text() == (ALLIANCE / "graph" / "states.ttl").read_text()
    assert run("csto-validate") == 0
    assert run("csto-validate", "--workspace", str(alliance)) == 0


def test_the_example_uses_hooks_that_are_there() -> None:
    hooks = {h["id"] for h in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    used = yaml.safe_load((ALLIANCE / ".pre-commit-config.yaml").read_text())
    assert {h["id"] for repo in used["repos"] for h in repo["hooks"]} <= hooks
    workflow = yaml.safe_load((ALLIANCE / ".github" / "workflows" / "check.yml").read_text())
    given = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    steps = workflow["jobs"]["check"]["steps"]
    assert set(steps[1]["with"]) <= set(given)
