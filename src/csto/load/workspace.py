"""Where the ontology, the graph and the saved queries are.

A workspace is a folder with ``graph/``, ``ontology/`` and ``queries/``. The
package carries one; ``--workspace DIR`` points at another, such as one that
describes another alliance. That one needs only ``graph/``: what it has no folder
for comes from the package. An ``ontology/`` without the header ``csto.ttl`` adds
to the ontology of the package (concepts, classes, rules, shapes, checks); with one
it stands alone. A ``queries/`` of its own adds to the questions of the package, or takes
their place beside an ontology that stands alone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from csto.errors import InputError


@dataclass(frozen=True)
class Workspace:
    """The folders of one workspace.

    ``base`` is the root of the package's workspace, where this one leans on it.
    """

    root: Path
    base: Path | None = None

    @property
    def ontology(self) -> Path:
        return self.ontologies[0]

    @property
    def ontologies(self) -> tuple[Path, ...]:
        """Folders of the ontology: the package's, where this workspace leans on it, and its own."""
        return self._own_and_lent("ontology")

    @property
    def graph(self) -> Path:
        return self.root / "graph"

    def _own_and_lent(self, part: str) -> tuple[Path, ...]:
        own = self.root / part
        if self.base is None:
            return (own,)
        if (self.root / "ontology" / "csto.ttl").is_file() and own.is_dir():
            return (own,)
        return (self.base / part, *([own] if own.is_dir() else []))

    def ontology_files(self) -> list[Path]:
        """Modules and concept schemes, in a fixed order; without shapes and alignments."""
        apart = ("shapes", "alignments")
        return [path for f in self.ontologies for path in turtle_files(f, without=apart)]

    def graph_files(self) -> list[Path]:
        return turtle_files(self.graph)

    def own_files(self) -> list[Path]:
        """Turtle that lies in this workspace and not in the package."""
        return [*self.graph_files(), *turtle_files(self.root / "ontology")]

    def shape_files(self) -> list[Path]:
        return [p for folder in self.ontologies for p in turtle_files(folder / "shapes")]

    def alignment_files(self) -> list[Path]:
        """Those of this workspace: the package's are about things that another may not have."""
        return turtle_files(self.root / "ontology" / "alignments")

    def profile_files(self, name: str) -> list[Path]:
        """The queries that give the graph in the terms of another vocabulary."""
        return self._queries_in(f"profiles/{name}")

    def check_files(self) -> list[Path]:
        return self._queries_in("checks")

    def rule_files(self) -> list[Path]:
        return self._queries_in("rules")

    def _queries_in(self, part: str) -> list[Path]:
        return [p for folder in self.ontologies for p in sorted((folder / part).rglob("*.rq"))]

    def profile_names(self) -> list[str]:
        """The vocabularies in which the graph can be given."""
        folders = [folder / "profiles" for folder in self.ontologies]
        return sorted({p.name for f in folders if f.is_dir() for p in f.iterdir() if p.is_dir()})

    def queries(self) -> dict[str, Path]:
        """Saved queries by name; one of this workspace hides one of that name in the package."""
        named: dict[str, Path] = {}
        for folder in self._own_and_lent("queries"):
            for path in folder.rglob("*.rq"):
                named[path.relative_to(folder).with_suffix("").as_posix()] = path
        return dict(sorted(named.items()))

    def query_files(self) -> list[Path]:
        return list(self.queries().values())

    def shown(self, path: Path) -> str:
        """The path as a user would type it: relative to the workspace or the current folder."""
        for base in (Path.cwd(), self.root, *([self.base] if self.base else [])):
            try:
                return str(path.resolve().relative_to(base.resolve()))
            except ValueError:
                continue
        return str(path)


def turtle_files(folder: Path, without: tuple[str, ...] = ()) -> list[Path]:
    """All Turtle files below a folder, but for some of its parts, sorted by their path."""
    found: list[Path] = []
    for where, folders, names in os.walk(folder):
        if Path(where) == folder:
            folders[:] = [name for name in folders if name not in without]
        found += [Path(where, name) for name in names if name.endswith(".ttl")]
    return sorted(found)


def find_workspace(given: Path | None) -> Workspace:
    """Return the workspace at ``given``, or the one the package carries.

    Raises:
        InputError: if the folder is missing or has no facts in it.
    """
    package = Path(__file__).resolve().parent.parent
    carried = package / "workspace"
    # In a source checkout the parts lie beside src/ and are used as they are.
    base = carried if carried.is_dir() else package.parent.parent
    root = base if given is None else given
    if not root.is_dir():
        raise InputError(f"{root}: no such folder; give --workspace a folder with graph/ in it")
    if not (root / "graph").is_dir():
        raise InputError(f"{root}: no graph/ in this workspace; it needs at least that folder")
    if next((root / "graph").rglob("*.ttl"), None) is None:
        raise InputError(f"{root / 'graph'}: no Turtle file in it; a workspace without facts")
    return Workspace(root, None if root.resolve() == base.resolve() else base)
