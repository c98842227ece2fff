"""The steps of action.yml and the hooks of pre-commit, run as users run them.

In a virtual environment of its own with nothing but what a step installs, in an empty home, on a
workspace that is not ours.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
STEPS: dict[str, Any] = {
    step["name"]: step
    for step in yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    if "run" in step
}
INPUTS = {
    name: str(given["default"])
    for name, given in yaml.safe_load((ROOT / "action.yml").read_text())["inputs"].items()
}


def git(*arguments: str, at: Path) -> str:
    command = ["git", "-c", "user.name=n", "-c", "user.email=e@example.org", *arguments]
    return subprocess.run(command, cwd=at, check=True, capture_output=True, text=True).stdout


class Job:
    """One job: a home, an environment and a workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home, self.venv, self.action = folder / "home", folder / "venv", folder / "action"
        self.home.mkdir()
        subprocess.run([sys.executable, "-m", "venv", str(self.venv)], check=True)
        # What a runner checks out: the files that are committed or about to be, and no more.
        for name in git("ls-files", "--cached", "--others", "--exclude-standard", at=ROOT).split():
            if (ROOT / name).is_file():
                (self.action / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, self.action / name)

    def workspace(self, name: str) -> Path:
        place = self.folder / name
        shutil.copytree(ROOT / "examples" / "alliance", place)
        return place

    @property
    def surroundings(self) -> dict[str, str]:
        kept = ("PIP_INDEX_URL", "PIP_FIND_LINKS", "PIP_CONFIG_FILE", "PIP_TRUSTED_HOST")
        return {
            **{name: os.environ[name] for name in kept if name in os.environ},
            "HOME": str(self.home),
            "PATH": f"{self.venv / 'bin'}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
        }

    def step(self, name: str, at: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run one step as a runner does: its shell, its variables, inputs filled in."""
        given = INPUTS | {key.replace("_", "-"): value for key, value in inputs.items()}

        def filled(text: str) -> str:
            text = text.replace("${{ github.action_path }}", str(self.action))
            return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: given[m[1]], text)

        step = STEPS[name]
        env = self.surroundings | {k: filled(v) for k, v in step["env"].items()}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return subprocess.run(
            command, cwd=at, env=env, capture_output=True, text=True, check=False, timeout=900
        )


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    made = Job(tmp_path_factory.mktemp("job"))
    done = made.step("Install csto", made.folder)
    assert done.returncode == 0, done.stderr
    return made


def matched(job: Job, output: str) -> list[dict[str, str]]:
    """What GitHub makes of an output, by the matcher that the action adds."""
    done = job.step("Places of errors", job.folder)
    path = Path(done.stdout.strip().removeprefix("::add-matcher::"))
    found = []
    for matcher in json.loads(path.read_text())["problemMatcher"]:
        (pattern,) = matcher["pattern"]
        for line in output.splitlines():
            if match := re.search(pattern["regexp"], line):
                numbers = {k: v for k, v in pattern.items() if isinstance(v, int)}
                found.append({k: match[v] for k, v in numbers.items()})
    return found


def a_file(workspace: Path) -> Path:
    return next(p for p in sorted((workspace / "graph").rglob("*.ttl")) if "edtf" in p.read_text())


def test_a_sound_workspace_passes(job: Job) -> None:
    place = job.workspace("sound")
    for name in ("Layout", "Facts"):
        done = job.step(name, job.folder, workspace=str(place))
        assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((job.folder / "csto.sarif").read_text())["runs"][0]["results"] == []


def test_a_wrong_fact_is_annotated_at_its_line(job: Job) -> None:
    place = job.workspace("wrong")
    path = a_file(place)
    text = re.sub(r'"\d{4}-\d\d-\d\d"\^\^edtf', '"2006-02-30"^^edtf', path.read_text(), count=1)
    path.write_text(text)
    line = text[: text.index("2006-02-30")].count("\n") + 1
    assert job.step("Layout", job.folder, workspace=str(place)).returncode == 0
    done = job.step("Facts", job.folder, workspace=str(place), sarif="wrong.sarif")
    assert done.returncode == 1
    assert re.search(rf"^::error .*file=[^,]*{path.name},line={line},", done.stdout, re.MULTILINE)
    results = json.loads((job.folder / "wrong.sarif").read_text())["runs"][0]["results"]
    assert results[0]["locations"][0]["physicalLocation"]["region"]["startLine"] == line
    told = job.step("Facts", job.folder, workspace=str(place), fail_on="never")
    assert told.returncode == 0


def test_a_broken_file_is_annotated_by_the_matcher(job: Job) -> None:
    place = job.workspace("broken")
    path = a_file(place)
    path.write_text(path.read_text() + "\nthis is no Turtle\n")
    done = job.step("Layout", job.folder, workspace=str(place))
    assert done.returncode == 2
    found = matched(job, done.stdout + done.stderr)
    assert {(Path(f["file"]).name, f["line"]) for f in found} == {
        (path.name, str(path.read_text().count("\n")))
    }


def test_the_hooks(job: Job, tmp_path: Path) -> None:
    """`pre-commit` makes an environment from the repository and runs both hooks in it."""
    pip = [str(job.venv / "bin" / "pip"), "install", "--quiet", "pre-commit"]
    subprocess.run(pip, check=True, env=job.surroundings)
    git("init", "-q", at=job.action)
    git("add", "-A", at=job.action)
    git("commit", "-qm", "all", at=job.action)
    place = job.workspace("hooked")
    git("init", "-q", at=place)
    path = a_file(place)
    tidy = path.read_text()
    git("add", "-A", at=place)

    def hook(name: str) -> subprocess.CompletedProcess[str]:
        command = ["pre-commit", "try-repo", str(job.action), name, "--all-files", "--verbose"]
        env = {**job.surroundings, "GIT_CONFIG_GLOBAL": os.devnull}
        return subprocess.run(
            command, cwd=place, env=env, capture_output=True, text=True, check=False, timeout=900
        )

    for name in ("csto-fmt", "csto-validate"):
        done = hook(name)
        assert done.returncode == 0, done.stdout + done.stderr
    path.write_text(tidy.replace(" ;\n", ";\n", 1))
    git("add", "-A", at=place)
    assert "files were modified by this hook" in hook("csto-fmt").stdout
    assert path.read_text() == tidy
    path.write_text(re.sub(r'"\d{4}-\d\d-\d\d"\^\^edtf', '"2006-02-30"^^edtf', tidy, count=1))
    done = hook("csto-validate")
    assert done.returncode == 1
    assert "CS0100" in done.stdout
