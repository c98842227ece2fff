"""A workspace gives the same answers whatever the base of its IRIs: rewritten and compared."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

import csto
from conftest import ROOT, Ran, run_csto
from csto.cli.app import MODULES
from csto.errors import InputError
from csto.load.workspace import find_workspace
from csto.sparql.saved import saved_queries
from support.engine import Engine
from support.rebase import OTHER, OURS, ours_only, rewritten, words_of
from support.sample import some
from support.server import start, stop

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
    # The root of each with a file less.
    ("diff", "BEFORE"),
    ("diff", "BEFORE", "--format", "json", "--no-exit-code"),
    ("explain", "row", "memberships/members-on", "-p", "organization=GUAM", "--format", "prov"),
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
# Commands that make files, run for ever or need something beside the workspace: each by itself.
APART = {"serve", "push", "init", "import", "cohesion", "agreement", "site", "docs"}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    made = []
    for name in ("ours", "other"):
        root = tmp_path_factory.mktemp(name) / "alliance"
        shutil.copytree(ROOT / "examples" / "alliance", root)
        made.append(root if name == "ours" else rewritten(root))
        before = shutil.copytree(root, before_of(root))
        (before / "graph" / "memberships" / "guam.ttl").unlink()
    return made[0], made[1]


def before_of(root: Path) -> Path:
    return root.with_name("before")


def told(ran: Ran, root: Path) -> tuple[int, list[str]]:
    """Code and lines of an answer as if its things lay under our base, in no order of IRIs."""
    text = (ran.out + ran.err).replace(str(root.parent), "ROOT").replace(OTHER, OURS)
    # Digests are of what has the base in it.
    text = re.sub(r"(?<=proof-)(fact|step)[:/]\w+", r"\1/digest", text)
    lines = re.sub(r"\(\d+ bytes", "(bytes", text).splitlines()
    return ran.code, sorted(line.rstrip(",") for line in lines)


@pytest.mark.sampled
@pytest.mark.parametrize("call", some(CALLS, 9), ids=" ".join)
def test_a_command_answers_the_same_in_another_base(
    both: tuple[Path, Path], call: tuple[str, ...]
) -> None:
    def words(root: Path) -> list[str]:
        return [str(before_of(root)) if word == "BEFORE" else word for word in call]

    answers = [told(run_csto("-w", str(root), *words(root)), root) for root in both]
    assert answers[0][0] in (0, 1), answers[0][1]
    assert answers[0] == answers[1]


def test_every_command_is_compared() -> None:
    """All that ``csto --help`` shows, and those that it does not."""
    known = {command for commands in MODULES.values() for command in commands}
    assert known - {call[0] for call in CALLS} == APART


def test_init_makes_the_same(tmp_path: Path) -> None:
    texts = []
    for name, base in (("ours", OURS), ("other", OTHER)):
        root = tmp_path / name / "pact"
        assert run_csto("init", str(root), "--base", f"{base}id/").code == 0
        files = sorted(path for path in root.rglob("*") if path.is_file())
        texts.append([(f.relative_to(root), ours_only(f.read_text())) for f in files])
    assert texts[0] == texts[1]


def test_push_sends_the_same(both: tuple[Path, Path]) -> None:
    sent = []
    for root in both:
        server = Engine()
        ran = run_csto("-w", str(root), "push", server.url, "--on", "2004-01-01")
        assert ran.code == 0, ran.err
        words = ("query", "memberships/members-on", "-p", "organization=GUAM")
        asked = ("--on", "2004-01-01", "-f", "csv", "--engine", server.url)
        answer = run_csto("-w", str(root), *words, *asked)
        assert answer.code == 0, answer.err
        # But for nodes without a name and for sums over text that has the base in it.
        named = {ours_only(str(q)) for q in server.data if not re.search("_:|#sha256>", str(q))}
        sent.append((len(server.data), named, sorted(ours_only(answer.out).splitlines())))
        server.shutdown()
        server.server_close()
    assert sent[0] == sent[1]


def test_an_imported_layer_is_the_same(both: tuple[Path, Path], tmp_path: Path) -> None:
    """Codes find the states of the workspace in whatever base; votes are counted by them."""
    states = "stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version\n"
    states += "AZE,373,Azerbaijan,1991,12,26,2016,12,31,2016\n"
    states += "GRG,372,Georgia,1991,12,21,2016,12,31,2016\n"
    calls = "rcid,session,importantvote,date,unres,amend,para,short,descr\n"
    calls += "1,62,0,2008-05-15,R/62/249,0,0,x,x\n"
    votes = "rcid,country,country_code,vote\n1,Georgia,GE,yes\n1,Azerbaijan,AZ,abstain\n"
    texts = {"states2016.csv": states, "un_roll_calls.csv": calls, "un_votes.csv": votes}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    cast = [str(tmp_path / name) for name in ("un_votes.csv", "un_roll_calls.csv")]
    made = []
    for root in both:
        world = root.with_name("world")
        layer = ("--layer", str(world), "--base", "https://example.org/world/id/")
        known = str(tmp_path / "states2016.csv")
        calls_made = (
            ("import", "cow-states", known, *layer),
            ("import", "un-votes", *cast, *layer),
            ("cohesion", "GUAM", "--record", str(world), "--draws", "0", "-f", "csv"),
            ("agreement", "Georgia", "Azerbaijan", "--record", str(world), "-f", "csv"),
        )
        answers = []
        for call in calls_made:
            ran = run_csto("-w", str(root), *call)
            assert ran.code == 0, ran.err
            answers.append(told(ran, root))
        files = (*world.rglob("*.ttl"), *world.rglob("*.nt"))
        made.append(
            (answers, [sorted(ours_only(f.read_text()).splitlines()) for f in sorted(files)])
        )
    assert made[0] == made[1]
    # The roll call stands by the state of the workspace.
    told_of = [line for text in made[1][1] for line in text]
    assert any("yesBy" in line and f"{OURS}id/state/georgia" in line for line in told_of)


def test_serve_answers_the_same(both: tuple[Path, Path]) -> None:
    paths = (
        "/id/state/georgia",
        "/id/crisis/georgia-2008",
        "/sparql?query=SELECT%20%3Fs%20%7B%20%3Fs%20csto%3AmemberOf%20body%3Aguam%20%7D%20ORDER%20BY%20%3Fs",
        "/queries/memberships/members-on?organization=GUAM&on=2004-01-01",
    )
    told = []
    for root in both:
        process, address = start("--workers", "1", "--on", "2004-01-01", words=("-w", str(root)))
        try:
            replies = [
                httpx.get(address.rstrip("/") + p, headers=_PLAIN, timeout=60) for p in paths
            ]
        finally:
            stop(process)
        assert [reply.status_code for reply in replies] == [200] * len(paths)
        told.append([sorted(ours_only(r.text.replace(address, "/")).splitlines()) for r in replies])
    assert told[0] == told[1]


# Data, not pages: those are compared as pages below.
_PLAIN = {"Accept": "text/turtle, application/sparql-results+json;q=0.9, text/csv;q=0.8"}


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
        return [ours_only(reply.body.decode()) for reply in made]  # type: ignore[attr-defined]

    ours, other = (pages(root) for root in both)
    for one, two in zip(ours, other, strict=True):
        # Lists of links are in the order of IRIs, and the example has a few of a third base.
        assert words_of(one) == words_of(two)
