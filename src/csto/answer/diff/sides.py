"""The two sides of a comparison: a folder, an export, a release or a git revision.

A revision is unpacked by ``git archive`` into a temporary folder, so neither the working
tree nor the index is touched, whatever happens in between.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Triple, parse, serialize

from csto.answer.diff.programs import Program
from csto.errors import InputError
from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.files import source_of
from csto.load.formats import BY_ENDING
from csto.load.workspace import Workspace, find_workspace, turtle_files
from csto.vocabulary import ASSERTED


@dataclass(frozen=True)
class Side:
    """One state of the graph, complete, under the name by which the user gave it."""

    name: str
    dataset: Dataset
    written: Written
    # Whether it is a workspace, and not an export of facts alone.
    whole: bool = True


@dataclass(frozen=True)
class Written:
    """What files say, with terms as they are written; of a workspace, its programs too."""

    facts: list[Triple]
    terms: list[Triple]
    shapes: list[Triple]
    programs: dict[str, Program]


@contextmanager
def open_sides(first: str, second: str, workspace: Workspace) -> Iterator[tuple[Side, Side]]:
    """Both sides of a comparison, built; temporary folders are gone afterwards.

    Args:
        first, second: a folder with ``graph/``, an RDF file, a zip with either in it,
            or a git revision of the repository that holds ``workspace``.
        workspace: gives ontology and rules to a side that has none of its own.

    Raises:
        InputError: for a name that is none of these, or a state that cannot be read.
    """
    with TemporaryDirectory(prefix="csto-diff-") as folder:
        sides = [
            _side(name, workspace, Path(folder) / str(index))
            for index, name in enumerate((first, second))
        ]
        yield sides[0], sides[1]


def _side(name: str, workspace: Workspace, scratch: Path) -> Side:
    scratch.mkdir()
    path = Path(name)
    if path.is_dir():
        return _of_folder(path, workspace, scratch, name)
    if path.is_file():
        if path.suffix.lower() in (".zip", ".whl"):
            _unzip(path, scratch / "zip")
            return _of_folder(scratch / "zip", workspace, scratch, name)
        return _of_files(name, [path], workspace, scratch)
    if path.exists():
        raise InputError(f"{name}: no regular file; a pipe cannot be one side")
    _archive(name, workspace, scratch / "tree")
    return _of_folder(scratch / "tree", workspace, scratch, name)


def _of_folder(folder: Path, workspace: Workspace, scratch: Path, name: str) -> Side:
    """A workspace in a folder or below it, else the RDF files there."""
    found = sorted(
        (p.parent for p in [folder / "graph", *folder.rglob("graph")] if p.is_dir()),
        key=lambda p: (len(p.parts), str(p)),
    )
    for root in found:
        if turtle_files(root / "graph"):
            found_there = find_workspace(root)
            return Side(name, build(found_there), _written(found_there))
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in BY_ENDING)
    if not files:
        raise InputError(f"{name}: neither a graph/ folder nor an RDF file in it")
    # A release may hold one export in several formats: one that names its graphs is enough.
    for ending in (".nq", ".trig"):
        if named := [p for p in files if p.suffix.lower() == ending]:
            files = named[:1]
            break
    return _of_files(name, files, workspace, scratch)


def _written(workspace: Workspace) -> Written:
    def triples(paths: Iterable[Path]) -> list[Triple]:
        found: list[Triple] = []
        for path in paths:
            # Unnamed nodes of two files must not be taken for one.
            source = source_of(path)
            for quad in parse(**source, format=RdfFormat.TURTLE, rename_blank_nodes=True):
                found.append(Triple(quad.subject, quad.predicate, quad.object))
        return found

    programs: dict[str, Program] = {}
    for kind, _, path in workspace.sparql_files():
        shown = _relative(path, workspace)
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        programs[shown] = Program(kind, shown, text)
    return Written(
        triples(workspace.graph_files()),
        triples([*workspace.ontology_files(), *workspace.alignment_files()]),
        triples(workspace.shape_files()),
        programs,
    )


def _relative(path: Path, workspace: Workspace) -> str:
    for root in (workspace.root, *([workspace.base] if workspace.base else [])):
        if path.resolve().is_relative_to(root.resolve()):
            return path.resolve().relative_to(root.resolve()).as_posix()
    return path.name


def _of_files(name: str, files: list[Path], workspace: Workspace, scratch: Path) -> Side:
    """Exported facts under the ontology and rules of the workspace."""
    quads = [quad for path in files for quad in _quads(path)]
    graphs = {quad.graph_name for quad in quads}
    # An export tells facts from terms and inferences by the names of its graphs.
    exported = ASSERTED in graphs
    known: set[Triple] = set()
    if not exported or DefaultGraph() in graphs:
        # What the ontology says, which an export without graph names repeats.
        known = {quad.triple for path in workspace.ontology_files() for quad in _quads(path)}
    kept = {q.triple for q in quads if not exported or q.graph_name == ASSERTED}
    facts = sorted(kept - known, key=str)
    if not facts:
        raise InputError(f"{files[0]}: no facts in it")
    triples = scratch / "facts.nt"
    triples.write_bytes(serialize(facts, format=RdfFormat.N_TRIPLES) or b"")
    return Side(name, build(workspace, [triples]), Written(facts, [], [], {}), whole=False)


def _quads(path: Path) -> list[Quad]:
    """What a file says, as it is written; nodes without a name are of this file alone."""
    kind = BY_ENDING.get(path.suffix.lower())
    if kind is None:
        known = " ".join(BY_ENDING)
        raise InputError(f"{path}: unknown kind of file; the name must end in one of {known}")
    try:
        return list(parse(**source_of(path), format=kind.rdf, rename_blank_nodes=True))
    except SyntaxError as error:
        raise InputError(f"{path}:{error.lineno or 1}: {error.msg}") from error
    except (OSError, ValueError, MemoryError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error


def _unzip(path: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(f"{path}: cannot be unpacked ({error})") from error


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, check=False
        )
    except OSError as error:
        raise InputError(f"git cannot be run ({error.strerror}); is it installed?") from error


def _archive(revision: str, workspace: Workspace, folder: Path) -> None:
    """Unpack the workspace as it is in a revision."""
    nothing = f"{revision}: no file, folder or git revision of {workspace.root} is called so"
    if revision.startswith("-"):
        raise InputError(nothing)
    place = _git(workspace.root, "rev-parse", "--show-toplevel", "--show-prefix")
    commit = _git(workspace.root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if place.returncode or commit.returncode:
        raise InputError(nothing)
    top, _, prefix = place.stdout.decode().rstrip("\n").partition("\n")
    tree = f"{commit.stdout.decode().strip()}:{prefix}".rstrip("/")
    # From the top, since a workspace may lie below it and the tree is named in full.
    made = _git(Path(top), "archive", "--format=tar", tree)
    if made.returncode:
        why = made.stderr.decode(errors="replace").strip().splitlines()
        raise InputError(f"{revision}: cannot be read from git ({why[-1] if why else 'no reason'})")
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
        archive.extractall(folder, filter="data")
