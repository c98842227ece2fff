"""Where the ontology, the graph and the saved queries are.

A workspace is a folder with ``graph/``, a manifest ``workspace.ttl`` and, if it has any of
its own, ``ontology/`` and ``queries/``. The package carries one, with the neutral core that
every workspace is lent; what that one has beyond the core lies in ``pack/``.
``--workspace DIR`` points at another, such as one that describes another alliance. Its
``ontology/`` and ``queries/`` are added to the core. An ``ontology/`` with the header
``csto.ttl`` is a core of its own and takes the place of the package's.

A workspace may extend others (``csto:extends``): it is then asked together with their
facts, concepts, rules and queries. A file of its own takes the place of a lent one of the
same name only if its header says so (``#+ replaces:``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from csto.errors import InputError
from csto.load.manifest import NAME, Manifest, read_manifest
from csto.vocabulary import BASE, beside

RULE, CHECK, QUERY, PROFILE = "rule", "check", "query", "profile"


@dataclass(frozen=True)
class Workspace:
    """The folders of one workspace.

    ``base`` is the root of the package's workspace, where this one leans on it.
    """

    root: Path
    base: Path | None = None

    @cached_property
    def manifest(self) -> Manifest:
        """Its manifest; without one, what is known of a workspace anyhow.

        Raises:
            InputError: if the manifest cannot be read or lacks the base of things.
        """
        path = self.root / NAME
        if path.is_file():
            return read_manifest(path, self.shown(path))
        lender = (self.base or shipped_root()) / NAME
        return Manifest(read_manifest(lender, str(lender)).base if lender.is_file() else "")

    @cached_property
    def lent(self) -> tuple[Workspace, ...]:
        """The workspaces that this one extends, each after those that it extends itself.

        Raises:
            InputError: if one is not where the manifest says, or extends this one.
        """
        return tuple(self._lent(()))

    def _lent(self, above: tuple[Path, ...]) -> Iterator[Workspace]:
        seen: set[Path] = set()
        manifest, here = self.manifest, self.root.resolve()
        shown = self.shown(self.root / NAME)
        for iri, folder in manifest.extends:
            root = Path(os.path.normpath(self.root / folder)) if folder else shipped_root()
            if not (root / NAME).is_file():
                raise InputError(f"{shown}: <{iri}> is extended, and {root} has no {NAME}")
            if root.resolve() in (here, *above):
                raise InputError(f"{shown}: <{iri}> extends this workspace, which extends it")
            other = Workspace(root, self.base or shipped_root())
            if other.manifest.node != iri:
                raise InputError(
                    f"{shown}: <{iri}> is extended, and the workspace in {root} is "
                    f"<{other.manifest.node}>; where another lies: "
                    f'<{iri}> csto:folder "../folder" .'
                )
            for lent in (*other._lent((here, *above)), other):
                if lent.root.resolve() not in seen:
                    seen.add(lent.root.resolve())
                    yield lent

    @property
    def layers(self) -> tuple[Workspace, ...]:
        """The workspaces whose facts are asked together; this one is the last."""
        return (*self.lent, self)

    @property
    def bases(self) -> str:
        """Its base of things, then prefix=base of each workspace that it extends.

        Raises:
            InputError: if two of them have one prefix, so that names could not be told apart.
        """
        own = self.manifest.base
        lent = {layer.manifest.base: layer.manifest.prefix for layer in self.lent}
        lent.pop(own, None)
        if "" in lent.values() or len(set(lent.values())) < len(lent):
            raise InputError(
                f"{self.shown(self.root / NAME)}: each workspace that this one extends needs a "
                'prefix of its own: vann:preferredNamespacePrefix "rio" in its workspace.ttl'
            )
        return " ".join([own, *(f"{prefix}={base}" for base, prefix in lent.items())])

    @property
    def spaces(self) -> tuple[str, ...]:
        """Where the things, sources and concepts of all layers lie, and the vocabulary."""
        return (BASE, *(beside(layer.manifest.base) for layer in self.layers))

    def path_of(self, iri: str) -> str | None:
        """Where the page of an IRI lies, ``id/state/mexico``; ``None`` for one from elsewhere.

        Things of a workspace that this one extends lie under ``of/<its prefix>/``.
        """
        own = self.manifest.base
        lent = {layer.manifest.base: f"of/{layer.manifest.prefix}/" for layer in self.lent}
        places = [(own, "id/"), *((base, f"{path}id/") for base, path in lent.items())]
        places.append((beside(own), ""))
        if not iri.startswith(BASE + "source/"):
            places.append((BASE, ""))
        places += [(beside(base), path) for base, path in lent.items()]
        return next((p + iri[len(b) :] for b, p in places if b and iri.startswith(b)), None)

    def iris_of(self, path: str) -> Iterator[str]:
        """The IRIs whose page can lie at a path, the likeliest first."""
        for layer in self.layers[::-1]:
            base = layer.manifest.base
            mark = "" if layer is self else f"of/{layer.manifest.prefix}/"
            if path.startswith(mark):
                rest = path[len(mark) :]
                if rest.startswith("id/"):
                    yield base + rest[len("id/") :]
                yield beside(base) + rest
        yield BASE + path

    @property
    def ontology(self) -> Path:
        return self.ontologies[0]

    @property
    def ontologies(self) -> tuple[Path, ...]:
        """Folders of the ontology: the core, those of the layers, and its own."""
        return self._folders("ontology")

    @property
    def graph(self) -> Path:
        return self.root / "graph"

    @property
    def core(self) -> Path:
        """The folder whose ``ontology/`` and ``queries/`` are lent to every workspace."""
        alone = self.base is None or (self.root / "ontology" / "csto.ttl").is_file()
        return self.root if alone or self.base is None else self.base

    def _own(self, part: str) -> list[Path]:
        return [f for f in (self.root / part, self.root / "pack" / part) if f.is_dir()]

    def _folders(self, part: str) -> tuple[Path, ...]:
        """Folders of one part, the core's first and this workspace's last."""
        found: dict[Path, Path] = {}
        first = self.core / part
        for folder in (first, *(f for layer in self.layers for f in layer._own(part))):
            found.setdefault(folder.resolve(), folder)
        return tuple(found.values())

    def ontology_files(self) -> list[Path]:
        """Modules and concept schemes, in a fixed order; without shapes and alignments."""
        apart = ("shapes", "alignments")
        return [path for f in self.ontologies for path in turtle_files(f, without=apart)]

    def graph_files(self) -> list[Path]:
        """The facts of all layers, each with its manifest."""
        return [path for layer in self.layers for path in layer.own_graph_files()]

    def own_graph_files(self) -> list[Path]:
        """The facts of this workspace, and its manifest."""
        manifest = self.root / NAME
        facts = turtle_files(self.graph, kinds=(".ttl", ".nt"))
        return [*([manifest] if manifest.is_file() else []), *facts]

    def own_files(self) -> list[Path]:
        """Turtle that lies in this workspace and is not lent to it."""
        own = [path for folder in self._own("ontology") for path in turtle_files(folder)]
        return [*self.own_graph_files(), *own]

    def shape_files(self) -> list[Path]:
        return [p for folder in self.ontologies for p in turtle_files(folder / "shapes")]

    def alignment_files(self) -> list[Path]:
        """Those of the layers: they are about their things."""
        folders = {f: f for layer in self.layers for f in layer._own("ontology")}
        return [path for folder in folders for path in turtle_files(folder / "alignments")]

    def profile_files(self, name: str) -> list[Path]:
        """The queries that give the graph in the terms of another vocabulary."""
        return list(self._queries("ontology", f"profiles/{name}").values())

    def check_files(self) -> list[Path]:
        return list(self._queries("ontology", "checks").values())

    def rule_files(self) -> list[Path]:
        return list(self._queries("ontology", "rules").values())

    def sparql_files(self) -> Iterator[tuple[str, str, Path]]:
        """What is written in SPARQL: the kind of each file, the name if it is a saved query."""
        yield from ((RULE, "", path) for path in self.rule_files())
        yield from ((CHECK, "", path) for path in self.check_files())
        yield from ((QUERY, name, path) for name, path in self.queries().items())
        for vocabulary in self.profile_names():
            yield from ((PROFILE, "", path) for path in self.profile_files(vocabulary))

    def profile_names(self) -> list[str]:
        """The vocabularies in which the graph can be given."""
        folders = [folder / "profiles" for folder in self.ontologies]
        return sorted({p.name for f in folders if f.is_dir() for p in f.iterdir() if p.is_dir()})

    def queries(self) -> dict[str, Path]:
        """Saved queries by name."""
        return dict(sorted(self._queries("queries").items()))

    def query_of_name(self, name: str) -> Path | None:
        """The saved query of a whole name, where one folder alone has it: found without a search.

        What stands in several folders is for :meth:`queries` to judge.
        """
        if os.pardir in name.split("/"):
            return None
        paths = (folder / f"{name}.rq" for folder in self._folders("queries"))
        found = [path for path in paths if path.is_file()]
        return found[0] if len(found) == 1 else None

    def _queries(self, part: str, below: str = "") -> dict[str, Path]:
        """SPARQL files by their name, which is their path below a folder of this part.

        Raises:
            InputError: if two files have one name and the later does not say that it
                takes the place of the other.
        """
        named: dict[str, Path] = {}
        for folder in self._folders(part):
            for name, path in _named_below(folder / below):
                if name in named and not _replaces(path, name):
                    raise InputError(
                        f'{self.shown(path)}:1: "{name}" is there already '
                        f"({self.shown(named[name])}); give the file another name, or say that "
                        f"it takes its place: #+ replaces: {name}"
                    )
                named[name] = path
        return named

    def example_files(self) -> list[Path]:
        """Calls of saved queries that have an answer in a layer: ``queries/examples.yaml``."""
        folders = (folder for layer in self.layers for folder in layer._own("queries"))
        return [path for f in folders if (path := f / "examples.yaml").is_file()]

    def query_files(self) -> list[Path]:
        return list(self.queries().values())

    def shown(self, path: Path) -> str:
        """The path as a user would type it: relative to the workspace or the current folder."""
        bases = [Path.cwd(), self.root, *([self.base] if self.base else [])]
        # As it is written first: to follow links asks the disk for each folder on the way.
        text = os.path.abspath(path)
        for base in bases:
            if text.startswith(start := os.path.join(os.path.abspath(base), "")):
                return text[len(start) :]
        whole = path.resolve()
        for base in bases:
            try:
                return str(whole.relative_to(base.resolve()))
            except ValueError:
                continue
        return str(path)


def _named_below(folder: Path) -> list[tuple[str, Path]]:
    """SPARQL files below a folder, each with its path there as a name, sorted by that path."""
    found: list[tuple[list[str], str]] = []
    top = os.path.join(folder, "")
    for where, _, names in os.walk(folder):
        for text in (os.path.join(where, name) for name in names if name.endswith(".rq")):
            found.append((text[len(top) :].split(os.sep), text))
    return [("/".join(parts)[: -len(".rq")], Path(text)) for parts, text in sorted(found)]


_REPLACES = re.compile(r"^#\+ replaces: *(\S+) *$", re.MULTILINE)


def _replaces(path: Path, name: str) -> bool:
    return name in _REPLACES.findall(path.read_text(encoding="utf-8-sig"))


def turtle_files(
    folder: Path, without: tuple[str, ...] = (), kinds: tuple[str, ...] = (".ttl",)
) -> list[Path]:
    """All Turtle files below a folder, but for some of its parts, sorted by their path.

    Imported facts are N-Triples (``kinds``), which nobody writes or formats by hand.
    """
    found: list[Path] = []
    for where, folders, names in os.walk(folder):
        if Path(where) == folder:
            folders[:] = [name for name in folders if name not in without]
        found += [Path(where, name) for name in names if name.endswith(kinds)]
    return sorted(found)


def shipped_root() -> Path:
    """The folder of the workspace that the package carries."""
    package = Path(__file__).resolve().parent.parent
    carried = package / "workspace"
    # In a source checkout the parts lie beside src/ and are used as they are.
    return carried if carried.is_dir() else package.parent.parent


def _around(folder: Path) -> Path | None:
    return next((f for f in (folder, *folder.parents) if (f / NAME).is_file()), None)


def find_workspace(given: Path | None) -> Workspace:
    """Return the workspace at ``given``, the one we are in, or the one the package carries.

    We are in a workspace where this folder or one above it holds ``workspace.ttl``.

    Raises:
        InputError: if the folder is missing or has no facts in it, or its manifest or a
            workspace that it extends cannot be read.
    """
    base = shipped_root()
    root = given or _around(Path.cwd()) or base
    if not root.is_dir():
        raise InputError(f"{root}: no such folder; give --workspace a folder with graph/ in it")
    found = Workspace(root, None if root.resolve() == base.resolve() else base)
    if not found.lent:
        if not (root / "graph").is_dir():
            raise InputError(f"{root}: no graph/ in this workspace; it needs at least that folder")
        if set(found.own_graph_files()) <= {root / NAME}:
            raise InputError(f"{root / 'graph'}: no Turtle file in it; a workspace without facts")
    return found
