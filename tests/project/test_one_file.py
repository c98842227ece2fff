"""One file and no Python: what is added to a workspace is one file, and shows up where it should.

Each test copies the example workspace, adds a single file to it, and asks the commands that a
user would ask.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, Ran, run_csto
from csto.graph.build import build
from csto.load.workspace import find_workspace
from csto.publish.site.files import Folder
from csto.publish.site.parts import Site
from csto.sparql.saved import find_query

FACT = """\
# A state that joins.
@prefix act: <https://w3id.org/csto/id/act/> .
@prefix body: <https://w3id.org/csto/id/body/> .
@prefix csto: <https://w3id.org/csto/ontology#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix feelingeurope-guam: <https://w3id.org/csto/source/feelingeurope-guam#> .
@prefix membership: <https://w3id.org/csto/id/membership/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix state: <https://w3id.org/csto/id/state/> .
@prefix status: <https://w3id.org/csto/concept/status/> .

state:ruritania a csto:State ;
    rdfs:label "Ruritania"@en .

membership:ruritania-guam a csto:Membership ;
    rdfs:label "Ruritania in GUAM"@en ;
    csto:member state:ruritania ;
    csto:organization body:guam ;
    csto:status status:member ;
    csto:openedBy act:ruritania-joins-guam ;
    csto:evidence feelingeurope-guam:page .

act:ruritania-joins-guam a csto:Admission ;
    rdfs:label "GUAM admits Ruritania"@en ;
    csto:agent body:guam ;
    csto:concerns state:ruritania ;
    csto:date "2011-05-04"^^edtf:EDTF ;
    csto:evidence feelingeurope-guam:page .
"""

RELATION = """\
#+ code: joined-later
#+ summary: a state joined an organization later than another
#+ because: the earliest day of its membership is after the latest day of the other
PREFIX csto: <https://w3id.org/csto/ontology#>
CONSTRUCT { ?state csto:joinedAfter ?other }
WHERE {
  ?spell csto:member ?state ; csto:organization ?body ; csto:startEarliest ?begun .
  ?before csto:member ?other ; csto:organization ?body ; csto:startLatest ?earlier .
  FILTER(?begun > ?earlier)
}
"""

QUESTION = """\
#+ summary: States that joined an organization in or after a year
#+ params:
#+   organization: {kind: thing, of: [body], summary: an organization}
#+   since: {kind: integer, summary: the first year that counts}
#+ example: {organization: GUAM, since: 1998}
PREFIX csto: <https://w3id.org/csto/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?state ?label ?joined
WHERE {
  ?spell csto:member ?state ; csto:organization ?organization ; csto:startEarliest ?joined ;
    csto:status <https://w3id.org/csto/concept/status/member> .
  ?state rdfs:label ?label .
  FILTER(YEAR(?joined) >= ?since && LANG(?label) = "en")
}
ORDER BY ?label
"""

CONSTRAINT = """\
#+ code: CS9001
#+ severity: violation
#+ summary: a state leaves an organization by an act of another state
#+ fix: name the state that leaves as csto:agent
#+ why: Who leaves says so; what others do to a state is no withdrawal.
#+ damage:
#+   state that is made to leave:
#+     where:
#+       - ?this a csto:Withdrawal ; csto:agent ?state
#+       - ?other a csto:State FILTER(?other != ?state)
#+     delete: ?this csto:agent ?state
#+     insert: ?this csto:agent ?other
PREFIX csto: <https://w3id.org/csto/ontology#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
CONSTRUCT { [] a sh:ValidationResult ; sh:focusNode ?this ; sh:value ?agent }
WHERE {
  ?this a csto:Withdrawal ; csto:agent ?agent .
  ?spell csto:closedBy ?this .
  FILTER NOT EXISTS { ?spell csto:member ?agent }
}
"""

COLUMN = """\
#+ summary: memberships that began in the year
#+ identity: memberships
#+ absence: csto:Membership by csto:member
PREFIX csto: <https://w3id.org/csto/ontology#>
SELECT DISTINCT ?state ?thing ?from_earliest ?from_latest
WHERE {
  ?thing a csto:Membership ; csto:member ?state .
  ?thing csto:startEarliest ?from_earliest ; csto:startLatest ?from_latest .
}
ORDER BY ?state ?thing
"""

PROFILE = """\
#+ summary: organizations as groups, with their members on the day
PREFIX csto: <https://w3id.org/csto/ontology#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
CONSTRUCT { ?body a foaf:Group ; foaf:name ?name ; foaf:member ?state }
WHERE {
  ?state csto:memberOf ?body .
  ?body rdfs:label ?name .
}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "examples" / "alliance", tmp_path / "alliance"))


def add(workspace: Path, name: str, text: str) -> None:
    """Add the file; the workspace stays clean and in the one layout."""
    path = workspace / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    for command in (("validate", "--fail-on", "warning"), ("fmt", "--check")):
        ran = asked(workspace, *command)
        assert ran.code == 0, ran.out + ran.err


def asked(workspace: Path, *arguments: str) -> Ran:
    return run_csto("--workspace", str(workspace), *arguments)


def test_a_fact(workspace: Path) -> None:
    add(workspace, "graph/memberships/ruritania.ttl", FACT)
    assert "Member of       GUAM" in asked(workspace, "show", "Ruritania").out
    on = ("-p", "organization=GUAM", "-f", "csv", "--on")
    rows = asked(workspace, "query", "memberships/members-on", *on, "2020-01-01").rows
    assert "Ruritania" in [row[1] for row in rows]
    rows = asked(workspace, "query", "memberships/members-on", *on, "2011-05-03").rows
    assert "Ruritania" not in [row[1] for row in rows]


def test_a_relation(workspace: Path) -> None:
    add(workspace, "ontology/rules/joined-later.rq", RELATION)
    asks = "ASK { state:uzbekistan csto:joinedAfter state:georgia }"
    assert asked(workspace, "query", "-e", asks, "-f", "csv").out.strip().endswith("true")
    proof = asked(workspace, "explain", "triple", "Uzbekistan", "joinedAfter", "Georgia").out
    assert "joined-later: the earliest day of its membership" in " ".join(proof.split())
    assert "joined-later" in asked(workspace, "infer", "--order").out


def test_a_question(workspace: Path) -> None:
    add(workspace, "queries/guam/joined-since.rq", QUESTION)
    listed = asked(workspace, "queries").out
    assert "guam/joined-since" in listed
    assert "memberships/members-on" in listed, "those of the package are there too"
    example = find_query(find_workspace(workspace), "guam/joined-since").example
    given = [part for name, value in example.items() for part in ("-p", f"{name}={value}")]
    ran = asked(workspace, "query", "guam/joined-since", *given, "-f", "csv")
    assert [row[1:] for row in ran.rows] == [["Uzbekistan", "1999-04-24"]]
    ran = asked(workspace, "query", "guam/joined-since", "-p", "organization=GUAM")
    assert ran.code == 2
    assert "needs --param since=… (the first year that counts)" in ran.err
    assert "for example csto query guam/joined-since -p organization=GUAM -p since=1998" in ran.err


def test_a_constraint(workspace: Path, tmp_path: Path) -> None:
    add(workspace, "ontology/checks/made-to-leave.rq", CONSTRAINT)
    # Its page.
    ran = asked(workspace, "checks", "CS9001")
    assert "a state leaves an organization by an act of another state" in ran.out
    assert "Who leaves says so" in ran.out
    site = Site(build(find_workspace(workspace)), Folder(tmp_path), ())
    site.write_pages()
    # Pages leave out quotation marks that nothing needs.
    assert "id=cs9001" in (tmp_path / "docs" / "checks.html").read_text().replace('"', "")
    # Its damage.
    tool = (str(ROOT / "tools" / "mutants"), "--workspace", str(workspace), "--each", "1")
    command = [sys.executable, *tool, "--kind", "state that is made to leave"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 mutants of 1 kinds found" in done.stdout
    # Its findings, at their line.
    path = workspace / "graph" / "memberships" / "cis.ttl"
    lines = path.read_text().splitlines(keepends=True)
    act = lines.index("act:georgia-withdraws-from-cis a csto:Withdrawal ;\n")
    at = next(n for n in range(act, len(lines)) if "csto:agent" in lines[n])
    lines[at] = lines[at].replace("state:georgia", "state:moldova")
    path.write_text("".join(lines))
    ran = asked(workspace, "validate")
    assert ran.code == 1
    assert f"memberships/cis.ttl:{at + 1}:" in ran.out
    assert "CS9001 a state leaves an organization" in ran.out
    assert "read: csto checks CS9001" in ran.out


def test_a_panel_column(workspace: Path) -> None:
    add(workspace, "queries/panels/state-year/memberships_begun.rq", COLUMN)
    years = ("--from", "1999", "--to", "2000")
    table = workspace / "table.csv"
    ran = asked(workspace, "panel", "state-year", *years)
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    begun = {(r["name"], r["year"]): r["memberships_begun_min"] for r in rows}
    assert begun["Uzbekistan", "1999"] == "1"
    assert "crises_party" in rows[0], "those of the package are there too"
    asked(workspace, "panel", "state-year", *years, "--output", str(table))
    codebook = "".join(p.read_text() for p in workspace.glob("table*") if p != table)
    assert "memberships that began in the year" in codebook


def test_an_export_profile(workspace: Path) -> None:
    add(workspace, "ontology/profiles/foaf/10-groups.rq", PROFILE)
    ran = asked(workspace, "export", "--profile", "foaf", "-f", "turtle", "--on", "2004-01-01")
    assert "body:guam a foaf:Group" in ran.out
    assert "state:uzbekistan" in ran.out
    ran = asked(workspace, "export", "--profile", "fof")
    assert ran.code == 2
    assert "there are: foaf, org, schema, wikidata" in ran.err


@pytest.mark.parametrize("code", ["CS0241", "CS0131"])
def test_a_code_that_is_taken_is_refused(workspace: Path, code: str) -> None:
    """By another check, or by a shape."""
    taken = workspace / "ontology" / "checks" / "taken.rq"
    taken.parent.mkdir(parents=True, exist_ok=True)
    taken.write_text(CONSTRAINT.replace("CS9001", code))
    ran = run_csto("-w", str(workspace), "validate")
    assert ran.code == 2
    assert f"the code {code} is taken by" in ran.err
