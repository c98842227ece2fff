"""The cache: whatever happens to it, the next answer is right, with at most a new build."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Triple

from conftest import BASE as GRAPH
from conftest import Ran, act, run_csto, spell, tiny
from csto.answer.query import run as run_query
from csto.cli.main import run
from csto.graph import cache
from csto.graph.build import build
from csto.load.workspace import Workspace, find_workspace
from csto.proof.prover import Prover
from csto.vocabulary import BASE, NamedNode, csto
from support.sample import some as sample

QUERY = "SELECT ?label WHERE { ?state csto:memberOf body:left ; rdfs:label ?label } ORDER BY ?label"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of two states."""
    facts = (
        GRAPH
        + act("in", "2000-01-01")
        + spell("left", "csto:status status:member ; csto:openedBy act:in")
    )
    return tiny(tmp_path_factory.mktemp("small") / "workspace", graph=facts).root


Ask = Callable[..., Ran]


@pytest.fixture
def ask(small: Path, tmp_path: Path) -> Ask:
    """Ask the small workspace who is a member, with a cache of one's own."""

    def run(day: str = "2020-01-01", folder: Path = tmp_path / "cache", **env: str) -> Ran:
        args = ("-w", str(small), "query", "-e", QUERY, "--on", day, "-f", "csv")
        return run_csto(*args, env={"CSTO_CACHE": str(folder), **env})

    return run


def right(ran: Ran) -> bool:
    return (ran.code, ran.err, ran.rows) == (0, "", [["One"]])


def entry(folder: Path) -> Path:
    (found,) = (p for p in (folder / "graphs").iterdir() if not p.name.startswith("."))
    return found


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(0, len(data), 512):
        data[place] ^= 0x10
    path.write_bytes(data)


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


HARMS = (flip, halve, Path.unlink)


@pytest.mark.sampled
def test_damage_is_seen_and_mended(
    small: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole, harmed = tmp_path / "whole", tmp_path / "harmed"

    def answer(day: str) -> str:
        line = ["csto", "-w", str(small), "query", "-e", QUERY, "--on", day, "-f", "csv"]
        monkeypatch.setattr(sys, "argv", line)
        run()
        out, err = capsys.readouterr()
        assert err == ""
        return out

    monkeypatch.setenv("CSTO_CACHE", str(whole))
    assert answer("2020-01-01") == "label\nOne\n"
    files = [p.relative_to(whole) for p in sorted(whole.rglob("*")) if p.is_file()]
    assert {p.name for p in files} >= {"graph.nq", "journal", "spans", "meta.json", "CURRENT"}
    # The list of changes of a store is the one file of which the engine takes half for all.
    pairs = [(p, halve) for p in files if p.name.startswith("MANIFEST")]
    # Of like files of a store, one of each size; each kind of harm in turn.
    few = {(p.name if p.suffix != ".sst" else (whole / p).stat().st_size): p for p in files}
    pairs += sample(zip(few.values(), HARMS * len(files), strict=False), 5)
    for name, harm in pairs:
        shutil.rmtree(harmed, ignore_errors=True)
        shutil.copytree(whole, harmed)
        harm(harmed / name)
        monkeypatch.setenv("CSTO_CACHE", str(harmed))
        monkeypatch.setattr(cache, "_opened", set())
        # A day that is kept reads the stores, a new one the texts as well.
        assert answer("2020-01-01") == "label\nOne\n", name
        if name.suffix in (".nq", ".json", ""):
            assert answer("2021-01-01") == "label\nOne\n", name


DEATHS = {
    "the store is written, the list of files is not": ("csto.graph.cache", "_bare"),
    "the files are being listed": ("csto.graph.cache", "_state"),
    "all is there but the name": ("pathlib.Path", "rename"),
    "nothing is written": ("csto.graph.build", "to_bytes"),
    "old entries are being forgotten": ("csto.graph.cache", "_forget_old"),
}


@pytest.mark.parametrize("moment", DEATHS)
def test_a_process_may_die_at_any_moment(
    ask: Ask, small: Path, tmp_path: Path, moment: str
) -> None:
    holder, name = DEATHS[moment]
    script = f"""
import os, pathlib, signal, sys
import csto.graph.cache, csto.graph.build
def die(*args, **named): os.kill(os.getpid(), signal.SIGKILL)
{holder}.{name} = die
sys.argv = ["csto", "-w", {str(small)!r}, "query", "-e", {QUERY!r}, "--on", "2020-01-01"]
csto.cli.main.run()
"""
    env = {**os.environ, "CSTO_CACHE": str(tmp_path / "cache")}
    died = subprocess.run(
        [sys.executable, "-c", "import csto.cli.main" + script],
        env=env,
        check=False,
        capture_output=True,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert right(ask())


@pytest.mark.parametrize("after", [0.3, 1.0])
def test_a_process_may_be_killed_from_outside(
    ask: Ask, tmp_path: Path, small: Path, after: float
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "csto", "-w", str(small), "query", "-e", QUERY],
        env={**os.environ, "CSTO_CACHE": str(tmp_path / "cache")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(after)
    process.kill()
    process.wait()
    assert right(ask())


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Path]:
    """A file system with no room for an entry; where none can be mounted, a limit does it."""
    folder = tmp_path / "narrow"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)]
    mounted = shutil.which("mount") and not subprocess.run(mount, capture_output=True).returncode
    yield folder
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_no_failure(ask: Ask, narrow: Path) -> None:
    if not os.path.ismount(narrow):
        pytest.skip("no file system can be mounted here; the next test limits files instead")
    assert right(ask(folder=narrow))
    assert not list((narrow / "graphs").iterdir())
    assert right(ask(folder=narrow))


@pytest.mark.parametrize("limit", [0, 100_000, 400_000])
def test_writes_that_fail_are_no_failure(small: Path, tmp_path: Path, limit: int) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "csto", "-w", str(small), "query", "-e", QUERY, "-f", "csv"],
            env={**os.environ, "CSTO_CACHE": str(tmp_path / "cache")},
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=limited,
            check=True,
        )
        assert done.stdout == "label\nOne\n"
    assert not list((tmp_path / "cache").rglob(".*"))


def test_no_cache_can_be_written(ask: Ask, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert right(ask(folder=blocked / "below"))


def test_several_at_once(small: Path, tmp_path: Path) -> None:
    env = {**os.environ, "CSTO_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "csto", "-w", str(small), "query", "-e", QUERY]
    for days in (["2020-01-01"] * 4, [f"2020-01-0{n}" for n in range(2, 5)]):
        running = [
            subprocess.Popen(
                [*command, "--on", day, "-f", "csv"],
                env=env,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for day in days
        ]
        for process in running:
            out, err = process.communicate()
            assert (process.returncode, out, err) == (0, "label\nOne\n", "")
    assert len(list((entry(tmp_path / "cache") / "days").iterdir())) == 4


def test_a_change_is_seen_whatever_its_times_say(ask: Ask, small: Path, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(small, root)
    path = root / "graph" / "graph.ttl"
    env = {"CSTO_CACHE": str(tmp_path / "cache")}

    def names() -> list[list[str]]:
        return run_csto("-w", str(root), "query", "-e", QUERY, env=env).rows

    assert names() == [["One"]]
    old = path.stat()
    time.sleep(2.1)
    # Now the times of all files are old enough to be trusted, and are remembered.
    assert names() == [["One"]]
    assert list((tmp_path / "cache" / "stamps").iterdir())
    path.write_text(path.read_text("utf-8").replace('"One"@en', '"Ono"@en'), encoding="utf-8")
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))
    assert path.stat().st_size == old.st_size
    assert names() == [["Ono"]]
    # The next change, within the same moment.
    path.write_text(path.read_text("utf-8").replace('"Ono"@en', '"Owo"@en'), encoding="utf-8")
    assert names() == [["Owo"]]


def test_old_entries_and_days_go(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSTO_CACHE", str(tmp_path))
    monkeypatch.setattr(cache, "KEEP_DAYS", 2)
    for day in ("2020-01-01", "2020-01-02", "2020-01-03"):
        build(Workspace(small)).cut(day)
    kept = {p.name for p in (entry(tmp_path) / "days").iterdir()}
    assert kept == {"2020-01-02", "2020-01-03"}


def test_a_dataset_stays_on_disk_for_some_days_and_then_moves_into_memory(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSTO_CACHE", str(tmp_path))
    build(Workspace(small)).cut("2020-01-01")
    dataset = build(Workspace(small))
    held, state = dataset.store, NamedNode(BASE + "id/state/one")
    days = {"2020-01-01": True, "1999-01-01": False, "2001-06-01": True, "1998-01-01": False}
    for count in range(1, len(days) + 1):
        for asked in list(days)[:count]:
            certain, _ = dataset.cut(asked)
            found = list(held.quads_for_pattern(state, csto("memberOf"), None, certain))
            assert bool(found) is days[asked]
        assert (dataset._graphs.entry is not None) is (count <= 3)
    kept = {path.name for path in (entry(tmp_path) / "days").iterdir()}
    assert {"1999-01-01+2020-01-01", "1999-01-01+2001-06-01+2020-01-01"} < kept
    # Another process finds them there, in whatever order it asks.
    again = build(Workspace(small))
    for day in ("1999-01-01", "2020-01-01"):
        certain, _ = again.cut(day)
        found = list(again.store.quads_for_pattern(state, csto("memberOf"), None, certain))
        assert bool(found) is days[day]


def test_what_needs_no_day_fills_no_slice(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSTO_CACHE", str(tmp_path))
    dataset = build(Workspace(small))
    rows: Any = run_query(dataset, "SELECT ?state { ?state a csto:State }", None)
    assert len(list(rows)) == 2
    assert not dataset._slices


def test_what_another_process_tidied_away_is_made_again(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSTO_CACHE", str(tmp_path))
    build(Workspace(small)).cut("2020-01-01")
    dataset = build(Workspace(small))
    held = NamedNode(BASE + "id/membership/left")
    cache.forget(entry(tmp_path))
    prover = Prover(dataset, "2020-01-01")
    state = NamedNode(BASE + "id/state/one")
    proof = prover.prove(Triple(held, csto("holder"), state))
    assert proof.rule == "prp-spo1"


@pytest.mark.parametrize("name", ["journal", "spans"])
def test_what_another_process_made_anew_is_made_anew_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Its bytes differ from those whose sums were read."""
    monkeypatch.setenv("CSTO_CACHE", str(tmp_path / "cache"))
    small = tiny(tmp_path / "workspace", facts=GRAPH)
    before = len(list(build(small).evaluation.log))
    dataset = build(small)
    (path,) = (tmp_path / "cache" / "graphs").glob(f"*/{name}")
    path.write_bytes(path.read_bytes() + b" ")
    assert dataset.spans
    assert len(list(dataset.evaluation.log)) == before


def test_a_graph_that_is_held_needs_the_cache_no_more(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSTO_CACHE", str(tmp_path / "cache"))
    workspace = find_workspace(small)
    build(workspace)
    there = sum(1 for _ in build(workspace).store)
    held = build(workspace).hold()
    shutil.rmtree(tmp_path / "cache")
    assert sum(1 for _ in held.store) == there
    (row,) = run_query(held, QUERY, "2020-01-01", "-e")  # type: ignore[union-attr]
    assert row["label"].value == "One"
    # It is that memory which is asked, and no file.
    assert held._graphs.entry is None
