"""A workspace gives the same answers whatever the base of its IRIs: rewritten and compared."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import csto
from conftest import ROOT, Ran, run_csto
from csto.cli.app import MODULES
from csto.errors import InputError
from csto.load.workspace import find_workspace
from csto.sparql.saved import saved_queries

OURS, OTHER = "https://w3id.org/csto/", "https://example.org/elsewhere/data/"
# The vocabulary and its concepts keep their base.
_THINGS = re.compile(re.escape(OURS) + "(?=id/|source/)")

CALLS = [
    *(("overlap", "GUAM", "CIS", *more) for more in (("--on", "2004-01-01"), ("--ever",))),
    ("show", "state:georgia"),
    ("show", "Uzbekistan", "--on", "2004-01-01"),
    ("conflicts",),
    ("find", "georgia"),
    ("list", "memberships", "--format", "csv"),
    ("schema", "memberships", "--format", "csv"),
    ("compare", "state:georgia", "state:moldova"),
    ("explain", "Georgia", "memberOf", "GUAM", "--on", "2004-01-01"),
    ("law", "--state", "Georgia", "--on", "2004-01-01"),
    ("law", "exit", "--state", "Georgia", "--suppose", "notice=2008-08-18"),
    ("grounds", "crisis:georgia-2008", "--format", "csv"),
    ("panel", "state-year", "--from", "2004", "--to", "2008"),
    ("panel", "dyad-year", "--from", "2008", "--to", "2008"),
    ("panel", "state-organization-year", "--from", "2004", "--to", "2005"),
    ("infer", "--order"),
    ("validate", "--fail-on", "warning"),
    ("fmt", "--check"),
    ("checks",),
    ("queries",),
    ("query", "-e", "SELECT ?s { ?s csto:memberOf body:guam } ORDER BY ?s", "--on", "2004-01-01"),
    ("export", "--format", "ntriples", "--inferred", "--on", "2004-01-01"),
    ("export", "--format", "nquads", "--inferred", "--on", "2004-01-01"),
    ("export", "--format", "turtle"),
    ("export", "--format", "jsonld"),
    ("export", "--format", "graphml", "--on", "2004-01-01"),
    *(("export", "--profile", name, "--on", "2004-01-01") for name in ("org", "schema")),
    ("export", "--profile", "wikidata", "--on", "2004-01-01"),
]
# Commands that make files, run for ever, or need what this workspace has not.
ELSEWHERE = {"serve", "push", "docs", "diff", "init", "import", "cohesion", "agreement", "site"}


def rewritten(root: Path) -> Path:
    """A copy of a workspace whose things and sources lie elsewhere."""
    for path in root.rglob("*.ttl"):
        path.write_text(_THINGS.sub(OTHER, path.read_text(encoding="utf-8")), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    made = []
    for name in ("ours", "other"):
        root = tmp_path_factory.mktemp(name) / "alliance"
        shutil.copytree(ROOT / "examples" / "alliance", root)
        made.append(root)
    return made[0], rewritten(made[1])


def told(ran: Ran, root: Path) -> tuple[int, list[str]]:
    """Code and lines of an answer as if its things lay under our base, in no order of IRIs."""
    text = (ran.out + ran.err).replace(str(root), "ROOT").replace(OTHER, OURS)
    lines = re.sub(r"\(\d+ bytes", "(bytes", text).splitlines()
    return ran.code, sorted(line.rstrip(",") for line in lines)


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_command_answers_the_same_in_another_base(
    both: tuple[Path, Path], call: tuple[str, ...]
) -> None:
    answers = [told(run_csto("-w", str(root), *call), root) for root in both]
    assert answers[0][0] in (0, 1), answers[0][1]
    assert answers[0] == answers[1]


def test_every_command_is_compared() -> None:
    known = {command for commands in MODULES.values() for command in commands}
    assert known - {call[0] for call in CALLS} <= ELSEWHERE


def test_every_saved_question_answers_the_same(both: tuple[Path, Path]) -> None:
    graphs = [csto.open("2008-08-10", root) for root in both]
    given = {
        "organization": "GUAM",
        "state": "Georgia",
        "crisis": "crisis:georgia-2008",
        "first": "GUAM",
        "second": "CIS",
        "instrument": "agreement:cis-charter",
        "resolution": "A/RES/62/243",
        "thing": "Georgia",
        "year": "2008",
    }
    answered = 0
    for query in saved_queries(find_workspace(both[0])):
        params = {name: given[name] for name in query.params if name in given}
        answers = []
        for graph in graphs:
            try:
                rows = [str(row).replace(OTHER, OURS) for row in graph.select(query.name, **params)]
                answers.append(sorted(rows))
            except InputError as error:
                answers.append([str(error).replace(OTHER, OURS)])
        assert answers[0] == answers[1], query.name
        answered += len(answers[0]) > 1
    assert answered > 30


def test_pages_of_any_base(both: tuple[Path, Path]) -> None:
    from csto.graph.build import build
    from csto.serve.pages import home, page
    from csto.serve.site import Site

    paths = ("id/state/georgia", "id/state", "id/crisis/georgia-2008", "source/riac", "ontology")

    def pages(root: Path) -> list[str]:
        site = Site(build(find_workspace(root)), 100_000, "2004-01-01")
        asked: Callable[..., object] = page
        made = [home(site, on=None, root="")]
        made += [
            asked(site, path=p, at=None, on=None, accept="text/html", format=None) for p in paths
        ]
        texts = [reply.body.decode().replace(OTHER, OURS) for reply in made]  # type: ignore[attr-defined]
        # What is written into an address is quoted.
        quoted = [t.replace("https%3A%2F%2Fexample.org%2Felsewhere%2Fdata", "Q") for t in texts]
        return [t.replace("https%3A%2F%2Fw3id.org%2Fcsto%2Fid", "Q%2Fid") for t in quoted]

    ours, other = (pages(root) for root in both)
    for one, two in zip(ours, other, strict=True):
        # Lists of links are in the order of IRIs, and the example has a few of a third base.
        assert sorted(re.findall(r"[^\s;]+", one)) == sorted(re.findall(r"[^\s;]+", two))
