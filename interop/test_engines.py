"""The saved queries give the same rows on other people's servers as embedded.

``csto push`` fills Oxigraph's own server and Virtuoso 7, then each query runs on both and
here, and the rows are compared as CSV. What Virtuoso gets wrong is listed, with the
reason, in docs/guide/push.md; a test fails if that list is not what happens.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import oxigraph, virtuoso

from conftest import TIMES
from csto.answer.endpoint import Server
from csto.answer.query import bind, run
from csto.answer.tables import write_answer
from csto.errors import InputError
from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.workspace import find_workspace
from csto.sparql.saved import find_query
from csto.vocabulary import CERTAIN, POSSIBLE, WELL_KNOWN, slice_graph

ROOT = Path(__file__).resolve().parent.parent
DAYS = ("2012-09-01", "2022-01-10")
# The queries that the documentation, the pages and the questions of the tests use most.
ASKED: list[tuple[str, dict[str, str], str]] = [
    ("memberships/members-on", {"organization": "CSTO"}, "2012-09-01"),
    ("memberships/affiliations-on", {"organization": "CSTO"}, "2022-01-10"),
    ("memberships/organizations-of", {"state": "Kazakhstan"}, "2022-01-10"),
    ("memberships/overlap", {"first": "OTS", "second": "CSTO"}, "2022-01-10"),
    ("memberships/opened-and-closed", {"year": "1999"}, "2022-01-10"),
    ("crises/between-members", {}, "2022-01-10"),
    ("crises/chain", {"crisis": "Kazakhstan 2022"}, "2022-01-10"),
    ("crises/contingents", {}, "2022-01-10"),
    ("crises/divided-loyalties", {}, "2022-01-10"),
    ("forces/stationing-on", {}, "2022-01-10"),
    ("knowledge/claims-about", {"thing": "CRRF"}, "2022-01-10"),
    ("knowledge/sources", {}, "2022-01-10"),
    ("law/bound-on", {}, "2022-01-10"),
    ("offices/holders-on", {}, "2022-01-10"),
    ("policy/in-force-on", {}, "2022-01-10"),
    ("votes/agreement-with", {"state": "Russia"}, "2022-01-10"),
    ("votes/changed-between", {"first": "A/RES/ES-11/3", "second": "A/RES/ES-11/1"}, "2022-01-10"),
    ("votes/on-resolution", {"resolution": "A/RES/ES-11/3"}, "2022-01-10"),
    ("votes/share-of-no", {}, "2022-01-10"),
    ("votes/unanimous", {}, "2022-01-10"),
]
ENGINES = ("oxigraph", "virtuoso")


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return build(find_workspace(ROOT))


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    with (
        oxigraph(tmp_path_factory.mktemp("oxigraph")) as one,
        virtuoso(tmp_path_factory.mktemp("virtuoso")) as two,
    ):
        yield {
            "oxigraph": Server(one.url),
            "virtuoso": Server(two.url, ("dba", "dba"), timeout=120),
        }


def push(server: Server) -> str:
    """``csto push`` as a user types it."""
    command = [sys.executable, "-m", "csto", "--quiet", "push", server.url]
    command += [f"--on={day}" for day in DAYS]
    if server.login:
        command += ["--user", ":".join(server.login)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def pushed(servers: dict[str, Server]) -> dict[str, str]:
    return {name: push(servers[name]) for name in ENGINES}


@pytest.mark.parametrize("engine", ENGINES)
def test_push_lays_every_triple(
    dataset: Dataset, servers: dict[str, Server], pushed: dict[str, str], engine: str
) -> None:
    counted = dict(line.split("\t")[:2] for line in pushed[engine].splitlines())
    for day in DAYS:
        dataset.cut(day)
        for certainty in (CERTAIN, POSSIBLE):
            graph = slice_graph(day, certainty)
            here = sum(1 for _ in dataset.store.quads_for_pattern(None, None, None, graph))
            assert servers[engine].count(graph) == here == int(counted[graph.value]) > 0
    assert len(counted) == 3 + 3 * len(DAYS)
    assert push(servers[engine]).count("was there already") == len(counted)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_day_that_was_never_pushed(
    servers: dict[str, Server], pushed: dict[str, str], engine: str
) -> None:
    with pytest.raises(InputError, match=r"csto push \S+ --on 2013-01-01( --user dba)?$"):
        servers[engine].run("SELECT ?s WHERE { ?s ?p ?o }", "2013-01-01", WELL_KNOWN)


def known() -> dict[str, str]:
    """What docs/guide/push.md says of Virtuoso: query and what comes out."""
    text = (ROOT / "docs" / "guide" / "push.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `(\S+/\S+)` \| (error|other order|other values) \|", text, re.M))


def as_csv(answer: object) -> list[str]:
    text, _ = write_answer(answer, "csv")  # type: ignore[arg-type]
    return text.splitlines()


def timed(ask: object) -> tuple[list[str], float]:
    """Rows, and the median of three runs in milliseconds after one to warm up."""
    rows = as_csv(ask())  # type: ignore[operator]
    times = []
    for _ in range(3):
        began = time.perf_counter()
        as_csv(ask())  # type: ignore[operator]
        times.append((time.perf_counter() - began) * 1000)
    return rows, statistics.median(times)


@pytest.mark.parametrize("name", [asked[0] for asked in ASKED])
def test_same_rows(
    dataset: Dataset, servers: dict[str, Server], pushed: dict[str, str], name: str
) -> None:
    ((given, day),) = [asked[1:] for asked in ASKED if asked[0] == name]
    text = bind(find_query(dataset.workspace, name), given, dataset.things)
    prefixes = {**dataset.prefixes, **WELL_KNOWN}
    here, base = timed(lambda: run(dataset, text, day, name))
    assert len(here) > 1
    shown = [f"{name}", f"{len(here) - 1} rows", f"{base:.1f} ms"]
    outcome = {}
    for engine in ENGINES:
        server = servers[engine]
        try:
            there, took = timed(lambda server=server: server.run(text, day, prefixes))
        except InputError as error:
            outcome[engine] = "error"
            print(error)
            shown.append(f"{engine}: error")
            continue
        outcome[engine] = (
            "same"
            if there == here
            else "other order"
            if sorted(there) == sorted(here)
            else "other values"
        )
        if outcome[engine] == "other values":
            print(engine, *sorted(set(there) ^ set(here))[:4], sep="\n")
        shown.append(f"{engine}: {outcome[engine]}, {took:.1f} ms, {took / base:.1f} times")
    TIMES.append(tuple(shown))
    assert outcome == {"oxigraph": "same", "virtuoso": known().get(name, "same")}


def test_the_list_of_failures_is_of_these_queries() -> None:
    assert set(known()) <= {asked[0] for asked in ASKED}
