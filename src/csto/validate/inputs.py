"""The files of a workspace, or in place of its graph, that are to be checked."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, serialize

from csto.errors import InputError
from csto.load.files import declared_prefixes
from csto.load.formats import BY_ENDING
from csto.load.workspace import Workspace
from csto.validate.parsed import MAX_BYTES, File, file_of, read
from csto.vocabulary import WELL_KNOWN


@dataclass
class Inputs:
    """What is to be checked.

    ``only`` are the names of files whose findings are wanted; ``None`` for all.
    """

    ontology: list[File]
    graph: list[File]
    only: set[str] | None
    whole: bool

    def files(self) -> list[File]:
        return [*self.ontology, *self.graph]


def gather(
    workspace: Workspace,
    paths: Sequence[Path] | None,
    *,
    with_graph: bool = False,
    stdin_name: str | None = None,
) -> Inputs:
    """Read a workspace, some of its files, or files in place of its graph.

    Raises:
        InputError: for a path that is not there, a folder without RDF files, or a file
            of an unknown kind.
    """

    @lru_cache(maxsize=1)
    def prefixes() -> Mapping[str, str]:
        return {**WELL_KNOWN, **declared_prefixes(workspace)}

    def take(path: Path, base: str = "") -> File:
        return read(path, workspace.shown(path), prefixes, base=base)

    own = [*workspace.ontology_files(), *workspace.shape_files()]
    ontology = [take(path) for path in own]
    home = workspace.graph_files()
    if not paths:
        return Inputs(ontology, [take(p) for p in home], None, True)
    known = {p.resolve() for p in own} | {p.resolve() for p in home}
    given: dict[Path, File] = {}
    queries: set[str] = set()
    for path in paths:
        if str(path) == "-":
            file = _standard_input(workspace, stdin_name, prefixes)
            given[file.path.resolve()] = file
            continue
        if path.suffix == ".rq" and path.is_file():
            if path.resolve() not in {p.resolve() for *_, p in workspace.sparql_files()}:
                raise InputError(
                    f"{path}: no rule, check, question or profile of this workspace "
                    "(--workspace names another)"
                )
            queries.add(workspace.shown(path))
            continue
        for found in _expand(path):
            # A file from elsewhere may be relative to where it lies; one of the graph may not.
            home_file = found.resolve() in known
            given[found.resolve()] = take(found, "" if home_file else found.resolve().as_uri())
    shown = {file.shown for file in given.values()} | queries
    inside = any(path in known for path in given) or bool(queries) or with_graph
    if not inside:
        return Inputs(ontology, list(given.values()), shown, False)

    def given_or(path: Path) -> File:
        return given.pop(path.resolve()) if path.resolve() in given else take(path)

    graph = [given_or(path) for path in home]
    for path in own:
        # They are read already; piped text cannot stand for them, since the build reads them.
        if given.pop(path.resolve(), None) is not None and stdin_name is not None:
            raise InputError(f"{stdin_name}: standard input can stand for a file of graph/ only")
    return Inputs(ontology, [*graph, *given.values()], shown, True)


def _expand(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() in BY_ENDING and p.is_file())
        if not found:
            raise InputError(f"{path}: no RDF file in this folder; nothing would be checked")
        return found
    if not path.exists():
        raise InputError(f"{path}: no such file or folder")
    return [path]


def _standard_input(
    workspace: Workspace, name: str | None, prefixes: Callable[[], Mapping[str, str]]
) -> File:
    path = Path(name) if name else Path("-")
    shown = workspace.shown(path) if name else "-"
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    file = file_of(path, shown, path.suffix.lower() or ".ttl", data, prefixes)
    file.altered = True
    return file


class Stand:
    """Files as the build wants them: paths, of which some hold what was fixed or piped in."""

    def __init__(self, files: Sequence[File]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="csto-")
        self.paths: list[Path] = []
        # Whether any of the files is gone afterwards.
        self.passing = any(file.broken or file.altered for file in files)
        for number, file in enumerate(files):
            if not file.broken and not file.altered:
                self.paths.append(file.path)
                continue
            path = Path(self._folder.name) / f"{number:05d}.nt"
            triples = (Triple(q.subject, q.predicate, q.object) for q in file.quads)
            path.write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
            self.paths.append(path)

    def __enter__(self) -> Stand:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()
