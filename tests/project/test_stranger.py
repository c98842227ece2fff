"""The path of a stranger: csto init, forty statements, every command; no word of the CSTO."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT, Ran, run_csto
from csto.load.workspace import find_workspace
from support.sample import some

# What is of the alliance that the package describes.
_FOREIGN = re.compile(r"\bCSTO\b|Collective Security Treaty|Kazakh|Armenia|Russia|\briac\b|\bOTS\b")
PATTERNS = "graph/patterns.ttl"


def uncommented(text: str) -> str:
    """The patterns of a new workspace as facts."""
    lines = text.splitlines()[2:]
    return "\n".join(
        re.sub(r"^# ?", "", line) if not line.startswith("##") else "" for line in lines
    )


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("first") / "northern-pact"
    ran = run_csto("init", str(root), "--title", "Northern Pact")
    assert ran.code == 0, ran.err
    return root


@pytest.fixture(scope="module")
def second_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same workspace with what its patterns show as facts."""
    root = tmp_path_factory.mktemp("second") / "northern-pact"
    run_csto("init", str(root), "--title", "Northern Pact")
    path = root / PATTERNS
    path.write_text(uncommented(path.read_text(encoding="utf-8")) + "\n", encoding="utf-8")
    assert run_csto("--workspace", str(root), "fmt").code == 0
    return root


def asked(root: Path, *words: str) -> Ran:
    ran = run_csto("--workspace", str(root), *words)
    assert ran.code == 0, ran.err
    assert not _FOREIGN.search(ran.out), _FOREIGN.search(ran.out)
    assert not _FOREIGN.search(ran.err), _FOREIGN.search(ran.err)
    return ran


def test_a_new_workspace_is_clean(first_day: Path) -> None:
    asked(first_day, "validate", "--fail-on", "warning")
    asked(first_day, "fmt", "--check")
    for name in ("README.md", ".github/workflows/check.yml", ".pre-commit-config.yaml", PATTERNS):
        assert (first_day / name).is_file()


def test_a_file_that_is_no_text_is_a_finding(first_day: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(first_day, tmp_path / "pact"))
    with (root / "graph" / "states.ttl").open("ab") as file:
        file.write(b"# caf\xe9\n")
    ran = run_csto("-w", str(root), "validate")
    assert ran.code == 2
    assert re.search(r"graph/states\.ttl:\d+:\d+: violation CS0002 .* not UTF-8", ran.out)


def test_its_checks_are_those_of_the_example(first_day: Path) -> None:
    for name in (".github/workflows/check.yml", ".pre-commit-config.yaml"):
        shown = (ROOT / "examples" / "alliance" / name).read_text(encoding="utf-8")
        assert (first_day / name).read_text(encoding="utf-8") == shown


def test_what_it_shows_as_comments_is_valid_too(second_day: Path) -> None:
    ran = asked(second_day, "validate", "--fail-on", "warning")
    assert "nothing to find" not in ran.err
    assert "of which there are some" not in ran.err


def test_validate_says_what_a_release_will_ask_for(second_day: Path, tmp_path: Path) -> None:
    """A panel counts crises only where an entry says how far the graph has them."""
    root = Path(shutil.copytree(second_day, tmp_path / "pact"))
    path = root / PATTERNS
    text = path.read_text(encoding="utf-8")
    entry = re.search(r"^coverage:territory a .*?\.\n", text, re.MULTILINE | re.DOTALL)
    assert entry
    path.write_text(text.replace(entry[0], ""), encoding="utf-8")
    told = "no csto:Coverage is about csto:Crisis by csto:onTerritoryOf, of which there are some"
    assert told in asked(root, "validate").err
    ran = run_csto("-w", str(root), "panel", "state-year")
    assert ran.code == 2
    assert "no coverage entry is about csto:Crisis by csto:onTerritoryOf" in ran.err


COMMANDS: list[tuple[str, ...]] = [
    ("overlap", "NORTHERN-PACT", "agreement:treaty"),
    ("show", "NORTHERN-PACT"),
    ("show", "state:first-state"),
    ("conflicts",),
    ("find", "treaty"),
    ("list", "memberships"),
    ("schema", "membership"),
    ("show", "https://w3id.org/csto/concept/threat", "--all"),
    ("compare", "state:first-state", "body:northern-pact"),
    ("explain", "First State", "memberOf", "NORTHERN-PACT", "--on", "2005-01-01"),
    ("law", "--state", "First State"),
    ("law", "exit", "--state", "First State", "--suppose", "notice=2015-01-01"),
    ("panel", "state-year"),
    ("panel", "dyad-year"),
    ("panel", "state-organization-year"),
    ("query", "memberships/members-on", "-p", "organization=NORTHERN-PACT"),
    ("query", "votes/unanimous"),
    ("queries",),
    ("infer",),
    ("checks",),
    ("export", "--format", "turtle", "--part", "graph"),
    ("export", "--format", "graphml"),
    ("export", "--profile", "wikidata"),
]


@pytest.mark.sampled
@pytest.mark.parametrize("day", ["first_day", "second_day"])
@pytest.mark.parametrize("words", some(COMMANDS, 8), ids=" ".join)
def test_every_command_answers_from_the_first_day(
    day: str, words: tuple[str, ...], request: pytest.FixtureRequest
) -> None:
    asked(request.getfixturevalue(day), *words)


def test_the_second_day_has_answers(second_day: Path) -> None:
    rows = asked(second_day, "grounds", "crisis:border-2008", "-f", "csv").rows
    assert "A member that is attacked gets the help that it asks for." in {row[4] for row in rows}
    leave = ("law", "exit", "--suppose", "notice=2015-01-01", "-f", "csv", "--state")
    assert [row[4] for row in asked(second_day, *leave, "First State").rows] == ["2016-01-01"]
    # Who has left cannot leave again.
    assert asked(second_day, *leave, "Second State").rows == []
    rows = asked(second_day, "conflicts", "-f", "csv").rows
    assert {row[1] for row in rows} == {"Who attacked in 2008?"}


def test_a_release_names_nothing_of_another(second_day: Path, tmp_path: Path) -> None:
    asked(second_day, "export", "--zip", str(tmp_path / "r.zip"))
    with zipfile.ZipFile(tmp_path / "r.zip") as read:
        for name in read.namelist():
            assert name.startswith("northernpact-")
            text = read.read(name).decode("utf-8")
            assert text, name
            # The vocabulary may say in notes where its words come from.
            if not name.endswith(("ontology.ttl", "shapes.ttl")) and "/northernpact." not in name:
                assert not _FOREIGN.search(text), (name, _FOREIGN.search(text))
        told = read.read(next(n for n in read.namelist() if n.endswith("README.md"))).decode()
    assert "Northern Pact" in told


def test_its_pages_name_nothing_of_another(second_day: Path) -> None:
    from csto.graph.build import build
    from csto.serve.pages import home, page
    from csto.serve.site import Site

    site = Site(build(find_workspace(second_day)), 100_000, None)
    paths = ("id/state/first-state", "id/crisis/border-2008", "id/state", "source/treaty-text")
    replies = [
        home(site, on=None, root=""),
        *(page(site, path=p, at=None, on=None, accept="text/html", format=None) for p in paths),
    ]
    for reply in replies:
        assert reply.status == 200
        assert not _FOREIGN.search(reply.body.decode())


def test_a_parameter_that_is_missing_is_asked_for_with_candidates(second_day: Path) -> None:
    ran = run_csto("--workspace", str(second_day), "query", "crises/chain")
    assert ran.code == 2
    assert "needs --param crisis=…" in ran.err
    assert "Border clashes of First and Second State, 2008" in ran.err


def test_init_refuses(tmp_path: Path) -> None:
    for words, message in (
        (("init", str(tmp_path / "1")), "begins with a letter"),
        (("init", str(tmp_path / "a"), "--base", "https://example.org/a#"), 'ends in "/"'),
        (("init", str(ROOT / "docs")), "is there already"),
    ):
        ran = run_csto(*words)
        assert ran.code == 2
        assert message in ran.err


def test_a_new_workspace_can_extend_others(first_day: Path, tmp_path: Path) -> None:
    """A state of the one is a member in the other, and is typed once."""
    root = tmp_path / "southern-pact"
    ran = run_csto("init", str(root), "--extends", str(first_day))
    assert ran.code == 0, ran.err
    manifest = (root / "workspace.ttl").read_text(encoding="utf-8")
    assert 'csto:folder "../' in manifest
    members = root / "graph" / "organizations.ttl"
    lent = "<https://example.org/northern-pact/id/state/first-state>"
    for path in (members, root / "workspace.ttl"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("state:first-state", lent), encoding="utf-8")
    (root / "graph" / "states.ttl").unlink()
    run_csto("--workspace", str(root), "fmt")
    asked(root, "validate", "--fail-on", "warning")
    rows = asked(root, "overlap", "NORTHERN-PACT", "SOUTHERN-PACT", "-f", "csv").rows
    assert [row[0] for row in rows] == [lent.strip("<>")]
    assert [row[4] for row in rows] == ["certain"]


def test_a_new_workspace_can_extend_the_one_carried(
    first_day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "pact"
    # Also where another workspace is around.
    monkeypatch.chdir(first_day)
    assert run_csto("init", str(root), "--extends", "csto").code == 0
    assert run_csto("--workspace", str(root), "fmt", "--check").code == 0
    layers = find_workspace(root).layers
    assert [layer.root.resolve() for layer in layers] == [ROOT, root]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--extends", "no-such-folder"), "no folder with workspace.ttl in it"),
        (
            ("--extends", str(ROOT), "--base", "https://w3id.org/csto/id/"),
            "its things lie under https://w3id.org/csto/id/ too",
        ),
    ],
)
def test_what_cannot_be_extended_is_refused(
    tmp_path: Path, more: tuple[str, ...], message: str
) -> None:
    ran = run_csto("init", str(tmp_path / "pact"), *more)
    assert ran.code == 2
    assert message in ran.err
    assert not (tmp_path / "pact").exists()
