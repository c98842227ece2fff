"""Where the ontology, the graph and the saved queries are.

A workspace is a folder with ``ontology/``, ``graph/`` and ``queries/``. The
package carries one; ``--workspace DIR`` points at another, such as a fork that
describes another alliance.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from csto.errors import InputError

_PARTS = ("ontology", "graph", "queries")


@dataclass(frozen=True)
class Workspace:
    """The folders of one workspace."""

    root: Path

    @property
    def ontology(self) -> Path:
        return self.root / "ontology"

    @property
    def graph(self) -> Path:
        return self.root / "graph"

    @property
    def queries(self) -> Path:
        return self.root / "queries"

    def ontology_files(self) -> list[Path]:
        """Modules and concept schemes, in a fixed order; without shapes and alignments."""
        apart = [self.ontology / name for name in ("shapes", "alignments")]
        return [
            p for p in turtle_files(self.ontology) if not any(p.is_relative_to(a) for a in apart)
        ]

    def graph_files(self) -> list[Path]:
        return turtle_files(self.graph)

    def shape_files(self) -> list[Path]:
        return turtle_files(self.ontology / "shapes")

    def alignment_files(self) -> list[Path]:
        return turtle_files(self.ontology / "alignments")

    def profile_files(self, name: str) -> list[Path]:
        """The queries that give the graph in the terms of another vocabulary."""
        return sorted((self.ontology / "profiles" / name).glob("*.rq"))

    def check_files(self) -> list[Path]:
        return sorted((self.ontology / "checks").glob("*.rq"))

    def rule_files(self) -> list[Path]:
        return sorted((self.ontology / "rules").glob("*.rq"))

    def query_files(self) -> list[Path]:
        return sorted(self.queries.rglob("*.rq"))

    def shown(self, path: Path) -> str:
        """The path as a user would type it: relative to the workspace or the current folder."""
        for base in (Path.cwd(), self.root):
            try:
                return str(path.resolve().relative_to(base.resolve()))
            except ValueError:
                continue
        return str(path)


def turtle_files(folder: Path) -> list[Path]:
    """All Turtle files below a folder, sorted by their path."""
    return sorted(folder.rglob("*.ttl"))


def find_workspace(given: Path | None) -> Workspace:
    """Return the workspace at ``given``, or the one the package carries.

    Raises:
        InputError: if the folder is missing or lacks one of its parts.
    """
    if given is not None:
        root = given
    else:
        package = Path(__file__).resolve().parent
        carried = package / "workspace"
        # In a source checkout the parts lie beside src/ and are used as they are.
        root = carried if carried.is_dir() else package.parent.parent
    if not root.is_dir():
        raise InputError(f"{root}: no such folder; give --workspace a folder with graph/ in it")
    for part in _PARTS:
        if not (root / part).is_dir():
            raise InputError(
                f"{root}: no {part}/ in this workspace; it needs ontology/, graph/ and queries/"
            )
    if not turtle_files(root / "graph"):
        raise InputError(f"{root / 'graph'}: no Turtle file in it; a workspace without facts")
    return Workspace(root)
