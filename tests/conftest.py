"""Fixtures: the shipped graph, and small graphs under the shipped ontology."""

from __future__ import annotations

import gc
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from pyoxigraph import Quad, Triple

from csto.answer.diff import sides
from csto.graph import cache
from csto.graph.build import build
from csto.graph.cache import cache_folder
from csto.graph.dataset import Dataset
from csto.graph.digest import key_of
from csto.load.workspace import Workspace, find_workspace
from csto.proof.prover import Proof
from csto.publish.site import build_site
from csto.serve import worker
from csto.validate import validate
from csto.vocabulary import INFERRED
from support.sample import SEED, WHOLE

ROOT = Path(__file__).resolve().parent.parent
# A small workspace of an alliance: built in a second.
ALLIANCE = ROOT / "examples" / "alliance"
# A command looks for no garbage at all; here it is looked for seldom, since nearly all there is is
# graphs that stay.
gc.set_threshold(50_000, 20, 20)
# Many small graphs come and go; the shipped one is to stay for the processes that tests start.
cache.KEEP = 24


def pytest_report_header() -> str:
    return f"samples: {'all' if WHOLE else f'CSTO_SAMPLE={SEED}'}"


PREFIXES = """
@prefix act: <https://w3id.org/csto/id/act/> .
@prefix agreement: <https://w3id.org/csto/id/agreement/> .
@prefix body: <https://w3id.org/csto/id/body/> .
@prefix claim: <https://w3id.org/csto/id/claim/> .
@prefix crisis: <https://w3id.org/csto/id/crisis/> .
@prefix csto: <https://w3id.org/csto/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix m: <https://w3id.org/csto/id/membership/> .
@prefix organizationkind: <https://w3id.org/csto/concept/organization-kind/> .
@prefix ps: <https://w3id.org/csto/id/party-status/> .
@prefix rank: <https://w3id.org/csto/concept/rank/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix source: <https://w3id.org/csto/source/> .
@prefix sourcekind: <https://w3id.org/csto/concept/source-kind/> .
@prefix src: <https://w3id.org/csto/source/test#> .
@prefix state: <https://w3id.org/csto/id/state/> .
@prefix status: <https://w3id.org/csto/concept/status/> .
@prefix vote: <https://w3id.org/csto/id/vote/> .
@prefix votevalue: <https://w3id.org/csto/concept/vote-value/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

# Two states, two organizations and a source; the cut-off is the end of 2025.
BASE = (
    PREFIXES
    + """
<https://w3id.org/csto/graph> a csto:Workspace ; rdfs:label "Graph"@en ;
    dcterms:title "Graph"@en ; dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    csto:cutOff "2025-12-31"^^xsd:date .
source:test a csto:Source ; rdfs:label "Test"@en ; csto:sourceKind sourcekind:article ;
    dcterms:identifier "https://example.org/test" .
src:p1 a csto:Passage ; rdfs:label "Test, p. 1"@en ; dcterms:isPartOf source:test .
src:p2 a csto:Passage ; rdfs:label "Test, p. 2"@en ; dcterms:isPartOf source:test .
state:one a csto:State ; rdfs:label "One"@en .
state:two a csto:State ; rdfs:label "Two"@en .
body:left a csto:InternationalOrganization ; rdfs:label "Left"@en ;
    csto:organizationKind organizationkind:integration .
body:right a csto:InternationalOrganization ; rdfs:label "Right"@en ;
    csto:organizationKind organizationkind:integration .
"""
)


def act(name: str, date: str, kind: str = "Admission", extra: str = "") -> str:
    return (
        f'act:{name} a csto:{kind} ; rdfs:label "{name}"@en ; csto:agent state:one ;'
        f' csto:date "{date}"^^edtf:EDTF ; csto:evidence src:p1 {extra}.\n'
    )


def spell(name: str, extra: str, body: str = "left", state: str = "one") -> str:
    return (
        f'm:{name} a csto:Membership ; rdfs:label "{name}"@en ; csto:member state:{state} ;'
        f" csto:organization body:{body} ; csto:evidence src:p1 ; {extra} .\n"
    )


def copy_shipped(folder: Path) -> Path:
    """The shipped workspace once more, to be changed."""
    shutil.copytree(
        ROOT, folder, dirs_exist_ok=True, ignore=lambda at, names: _others(Path(at), names)
    )
    return folder


def tiny(root: Path, **graph: str) -> Workspace:
    """A workspace whose ontology is what spells need and no more: built in a fiftieth of a second.

    Each of ``graph`` is a file of facts, by name.
    """
    for part in ("graph", "queries", "ontology/concepts", "ontology/rules"):
        (root / part).mkdir(parents=True)
    for part in ("csto.ttl", "situations.ttl", "derived.ttl", "concepts/status.ttl"):
        shutil.copy(ROOT / "ontology" / part, root / "ontology" / part)
    for part in ("dates", "days", "overlaps", "claims"):
        shutil.copytree(ROOT / "ontology" / "rules" / part, root / "ontology" / "rules" / part)
    for name, text in graph.items():
        (root / "graph" / f"{name}.ttl").write_text(text, encoding="utf-8")
    return find_workspace(root)


def beside(root: Path, **graph: str) -> Path:
    """A workspace with a small graph, to which the shipped ontology is lent.

    Each of ``graph`` is a file of facts, by name. Built ten times as fast as the shipped one.
    """
    (root / "graph").mkdir(parents=True)
    for name, text in graph.items():
        own = text.replace("<https://w3id.org/csto/graph>", "<https://example.org/graph>")
        (root / "graph" / f"{name}.ttl").write_text(own, encoding="utf-8")
    return root


def _others(at: Path, names: list[str]) -> set[str]:
    parts = {"ontology", "graph", "queries", "pack", "workspace.ttl"}
    return set(names) - parts if at == ROOT else set()


@pytest.fixture(scope="session")
def shipped_workspace() -> Workspace:
    return find_workspace(ROOT)


@pytest.fixture(scope="session")
def shipped(shipped_workspace: Workspace) -> Dataset:
    # In memory at once: when the entry of the cache is old enough to go, in the middle of a run,
    # nothing has to be made again.
    dataset = build(shipped_workspace).hold()
    assert dataset.evaluation
    assert dataset.spans
    return dataset


@pytest.fixture(scope="session")
def alliance() -> Dataset:
    return build(find_workspace(ALLIANCE)).hold()


@pytest.fixture(scope="session")
def sampled(request: pytest.FixtureRequest) -> Dataset:
    """A small graph, or the shipped one where all cases are asked."""
    given: Dataset = request.getfixturevalue("shipped" if WHOLE else "alliance")
    return given


@pytest.fixture
def graph(shipped_workspace: Workspace, tmp_path: Path) -> Callable[[str], Dataset]:
    """Build a dataset from Turtle under the shipped ontology and rules."""

    def make(turtle: str) -> Dataset:
        path = tmp_path / "graph.ttl"
        path.write_text(BASE + turtle, encoding="utf-8")
        # Each is built once, so that keeping it would only push others out of the cache.
        return build(shipped_workspace, [path], cached=False)

    return make


@dataclass
class Ran:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[list[str]]:
        import csv

        return list(csv.reader(self.out.splitlines()))[1:]


_SHIPPED: dict[Path, str] = {}


def _key(workspace: Workspace) -> str:
    """The digest of a workspace; what is shipped stays as it is while tests run."""
    root = workspace.root
    if root != ROOT and ROOT / "examples" not in root.parents:
        return key_of(workspace, workspace.graph_files())
    if root not in _SHIPPED:
        _SHIPPED[root] = key_of(workspace, workspace.graph_files())
    return _SHIPPED[root]


class _Opened:
    """Graphs that commands opened, for the next command that asks the same graph.

    To open one again, with its rules and its journal, costs more than most answers. What is made
    only when asked is taken out again. One that was changed otherwise (a command supposed
    something, or closed it in another way) is not used again, and neither is one that a test
    keeps in a cache of its own.
    """

    MOST, DAYS = 3, 12

    def __init__(self) -> None:
        self.graphs: dict[tuple[str, Path], Dataset] = {}
        self.made: dict[int, list[Triple]] = {}
        self.cache = cache_folder()

    def build(self, workspace: Workspace, *given: object, cached: bool = True) -> Dataset:
        if given or not cached or cache_folder() != self.cache or "--suppose" in sys.argv:
            return build(workspace, *given, cached=cached)  # type: ignore[arg-type]
        name = _key(workspace), workspace.root
        dataset = self.graphs.pop(name, None)
        if dataset is None or not self.as_opened(dataset):
            dataset = self.opened(workspace)
        # Its files of questions may be others by now.
        dataset.workspace = workspace
        self.graphs[name] = dataset
        while len(self.graphs) > self.MOST:
            del self.graphs[next(iter(self.graphs))]
        return dataset

    def opened(self, workspace: Workspace) -> Dataset:
        dataset = build(workspace).hold()
        make = dataset._made

        def noted() -> list[Triple]:
            made = list(make())
            self.made[id(dataset)] = made
            return made

        dataset._made = noted  # type: ignore[method-assign]
        return dataset

    def as_opened(self, dataset: Dataset) -> bool:
        """Whether a graph is as it was opened, or could be made so."""
        entry = dataset._entry
        if entry is None or dataset.reasoner != "rules" or not entry.folder.is_dir():
            return False
        # Used, so that others go from the cache before it.
        os.utime(entry.folder)
        if dataset._asked:
            for triple in self.made.pop(id(dataset), ()):
                dataset.store.remove(Quad(*triple, INFERRED))
            dataset._asked, dataset._evaluation = False, None
            dataset.__dict__.pop("evaluation", None)
        return len(dataset._slices) <= self.DAYS


_OPENED = _Opened()
# These have taken ``build`` by its name before a command of a test runs, and keep the real one.
_APART = (sides, build_site, worker, validate)


def run_csto(
    *args: str, stdin: str = "", env: dict[str, str] | None = None, process: bool = False
) -> Ran:
    """Run a command as a user does.

    Args:
        args: what stands behind ``csto``.
        stdin: standard input.
        env: variables of the environment.
        process: run it in a process of its own, where it is the process that is tested.
    """
    variables = {"COLUMNS": "100", **(env or {})}
    if process or "PYTHONHASHSEED" in variables:
        done = subprocess.run(
            [sys.executable, "-m", "csto", *args],
            input=stdin,
            capture_output=True,
            text=True,
            env={**os.environ, **variables},
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)
    from csto.cli.main import run

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    code = 0
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        patch.setattr("csto.graph.build.build", _OPENED.build)
        patch.setattr(sys, "argv", ["csto", *args])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        try:
            run()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    written = []
    for stream in (out, err):
        stream.flush()
        written.append(stream.buffer.getvalue().decode("utf-8"))  # type: ignore[attr-defined]
    return Ran(code, *written)


LEAVES = {"asserted", "axiom", "computed", "parameter", "absence", "assumption"}


def check(proof: Proof, cited: dict[Proof, bool], above: tuple[Proof, ...] = ()) -> bool:
    """Leaves are of the listed kinds, no way down comes back; whether one has a passage."""
    if proof not in cited:
        if proof.kind == "inferred":
            assert proof.premises, proof.what
            assert proof not in above
        else:
            assert proof.kind in LEAVES
            assert not proof.premises
        way = (*above, proof)
        below = [check(premise, cited, way) for premise in proof.premises]
        cited[proof] = any(below) or (proof.kind == "asserted" and proof.passages != [])
    return cited[proof]


@pytest.fixture(scope="session")
def csto() -> Callable[..., Ran]:
    """Run a command; the same call twice in one session runs once."""
    return lru_cache(maxsize=None)(run_csto)
