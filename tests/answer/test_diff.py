"""What changed between two states of a graph, in words, and what follows from it."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from conftest import BASE, ROOT, act, run_csto, spell, tiny

MEMBER = "csto:status status:member ; csto:openedBy act:in"
OLD = BASE + act("in", "2006-08-16") + spell("a", MEMBER)
NEW = OLD.replace("2006-08-16", "2007") + act("out", "2012-12-19", "Withdrawal")
NEW += "m:a csto:closedBy act:out .\n"


def workspace(folder: Path, turtle: str) -> Path:
    """A workspace whose ontology is small, but for the names of what is told of acts."""
    tiny(folder, all=turtle)
    for part in ("acts.ttl", "agents.ttl", "knowledge.ttl"):
        shutil.copy(ROOT / "ontology" / part, folder / "ontology" / part)
    return folder


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    ran = subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two commits of a workspace that lies below the top of its repository."""
    top = tmp_path_factory.mktemp("repository")
    git(top, "init", "-q")
    home = workspace(top / "alliance", OLD)
    git(top, "add", "-A")
    git(top, "commit", "-qm", "old")
    (home / "graph" / "all.ttl").write_text(NEW, encoding="utf-8")
    git(top, "commit", "-qam", "new")
    return home


def test_two_revisions_in_words(repository: Path) -> None:
    ran = run_csto("--workspace", str(repository), "diff", "HEAD~1", "HEAD", "--on", "2013-01-01")
    assert ran.code == 1, ran.err
    assert "~ a (membership:a)\n    + closed by: out (act:out)" in ran.out
    assert "~ in (act:in)\n    date: 2006-08-16 → 2007" in ran.out
    assert "+ out (act:out)\n    type: withdrawal\n    agent: One (state:one)" in ran.out
    assert "- One: member of Left (was certain, holds no longer)" in ran.out
    assert "affiliated with" not in ran.out
    assert "7 statements added, 1 removed" in ran.err


def test_what_holds_on_another_day(repository: Path) -> None:
    ran = run_csto("--workspace", str(repository), "diff", "HEAD~1", "HEAD", "--on", "2007-03-01")
    assert "- One: member of Left (was certain, now only possible)" not in ran.out
    assert "+ One: member of Left (was certain, now only possible)" in ran.out


def test_a_revision_leaves_the_working_tree_alone(repository: Path) -> None:
    before = git(repository, "status", "--porcelain"), git(repository, "worktree", "list")
    run_csto("--workspace", str(repository), "diff", "HEAD~1")
    after = git(repository, "status", "--porcelain"), git(repository, "worktree", "list")
    assert before == after


def test_nothing_differs(repository: Path) -> None:
    ran = run_csto("--workspace", str(repository), "diff", "HEAD")
    assert (ran.code, ran.out) == (0, "")
    assert "no fact differs between HEAD and as it is now" in ran.err
    ran = run_csto("--workspace", str(repository), "diff", "HEAD", "--format", "md")
    assert ran.code == 0
    assert ran.out == "No fact differs between `HEAD` and `as it is now`.\n"


def test_markdown_and_json(repository: Path) -> None:
    ran = run_csto("--workspace", str(repository), "diff", "HEAD~1", "HEAD", "-f", "md")
    assert ran.out.startswith("### `HEAD~1` → `HEAD`\n")
    assert "- **out** `act:out`" in ran.out
    ran = run_csto("--workspace", str(repository), "diff", "HEAD~1", "HEAD", "-f", "json")
    told = json.loads(ran.out)
    assert (told["added"], told["removed"]) == (7, 1)
    assert {"property": "date", "old": ["2006-08-16"], "new": ["2007"]} in [
        change for entry in told["entries"] for change in entry["changes"]
    ]


def test_an_export_and_a_release_are_sides_too(repository: Path, tmp_path: Path) -> None:
    export = tmp_path / "release.nq"
    inferred = ("export", "--inferred", "-o", str(export))
    assert run_csto("--workspace", str(repository), *inferred).code == 0
    same = run_csto("--workspace", str(repository), "diff", str(export))
    assert same.code == 0, same.out
    archive = tmp_path / "release.zip"
    with zipfile.ZipFile(archive, "w") as release:
        release.write(export, "csto-1.0/release.nq")
    ran = run_csto("--workspace", str(repository), "diff", "HEAD~1", str(archive))
    assert ran.code == 1
    assert "date: 2006-08-16 → 2007" in ran.out


@pytest.mark.parametrize("name", ["no-such-thing", "-x", "HEAD~99"])
def test_what_is_no_side_is_one_line(repository: Path, name: str) -> None:
    ran = run_csto("--workspace", str(repository), "diff", "HEAD", "--", name)
    assert ran.code == 2
    assert "no file, folder or git revision" in ran.err
    assert "Traceback" not in ran.err


def test_outside_a_repository(tmp_path: Path) -> None:
    home = workspace(tmp_path / "plain", OLD)
    ran = run_csto("--workspace", str(home), "diff", "HEAD~1")
    assert ran.code == 2
    assert "no file, folder or git revision" in ran.err


def test_a_new_name_has_no_consequences(tmp_path: Path) -> None:
    two_spells = OLD + spell("b", MEMBER, body="right")
    one = tiny(tmp_path / "one", all=two_spells)
    two = tiny(tmp_path / "two", all=two_spells.replace("body:left", "body:first"))
    ran = run_csto("-w", str(two.root), "diff", str(one.root), str(two.root), "--on", "2013-01-01")
    assert ran.code == 1, ran.err
    assert "> Left (body:left → body:first)" in ran.out
    assert "0 consequences" in ran.err
    # One that is gone has them all the same.
    gone = tiny(tmp_path / "gone", all=OLD)
    ran = run_csto("-w", str(two.root), "diff", str(two.root), str(gone.root), "--on", "2013-01-01")
    assert "- One: member of Right (was certain, holds no longer)" in ran.out
    assert "member of Left" not in ran.out
