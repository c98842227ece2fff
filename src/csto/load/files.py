"""Load Turtle files into the named graphs of a store."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, Store

from csto.errors import InputError
from csto.load.formats import BY_ENDING
from csto.load.workspace import Workspace
from csto.vocabulary import ASSERTED, ONTOLOGY, RDF_TYPE, csto

REPLACES, FROM_LAYER = csto("replaces"), csto("fromLayer")
_MARK = "\ufeff".encode()


def source_of(path: Path) -> dict[str, Any]:
    """A file as the parser takes it: its path, or its content if it begins with a mark.

    Raises:
        OSError: if it is no file that can be read; a pipe with a name is not waited for.
    """
    if path.exists() and not path.is_file():
        raise OSError(0, "it is no regular file")
    with path.open("rb") as file:
        if file.read(3) == _MARK:
            return {"input": file.read()}
    return {"path": str(path)}


def load_file(store: Store, path: Path, graph: NamedNode, shown: str | None = None) -> None:
    """Add the triples of one file to ``graph``.

    Raises:
        InputError: if the file cannot be read or parsed; the message names
            file, line and column.
    """
    name = shown or str(path)
    try:
        rdf_format = BY_ENDING[path.suffix.lower()].rdf
    except KeyError:
        known = " ".join(BY_ENDING)
        raise InputError(
            f"{name}: unknown kind of file; the name must end in one of {known}"
        ) from None
    try:
        if rdf_format.supports_datasets:
            # One graph is what is asked for: names of graphs in the file are dropped.
            scratch = Store()
            scratch.load(**source_of(path), format=rdf_format)
            for quad in scratch:
                store.add(type(quad)(quad.subject, quad.predicate, quad.object, graph))
        else:
            store.load(**source_of(path), format=rdf_format, to_graph=graph)
    except SyntaxError as error:
        raise InputError(f"{name}:{_place(error)}; fix the syntax there") from error
    except MemoryError as error:
        raise InputError(f"{name}: a text in it is longer than the 16 MB that are read") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{name}: cannot be read ({error})") from error


def _place(error: SyntaxError) -> str:
    message = (error.msg or str(error)).strip()
    _, colon, rest = message.partition(": ")
    what = rest if colon and message.startswith("Parser error at line") else message
    if error.lineno is None:
        return f" {what}"
    return f"{error.lineno}:{error.offset or 1}: {what}"


def load_workspace(workspace: Workspace, graph_files: Iterable[Path] | None = None) -> Store:
    """A store with the ontology and the asserted graph of a workspace.

    Args:
        workspace: where the files are.
        graph_files: files to take in place of those in ``graph/``.
    """
    store = Store()
    for path in workspace.ontology_files():
        load_file(store, path, ONTOLOGY, workspace.shown(path))
    files = workspace.graph_files() if graph_files is None else graph_files
    if workspace.lent:
        _load_layers(store, workspace, files)
        return store
    for path in files:
        load_file(store, path, ASSERTED, workspace.shown(path))
    return store


def _load_layers(store: Store, workspace: Workspace, files: Iterable[Path]) -> None:
    """Load the facts of several workspaces, and keep which says what.

    Each statement stands among the facts and in a graph with the IRI of its workspace; each
    thing is from the workspaces that say what it is. A thing that takes the place of a lent
    one (``csto:replaces``) stands wherever that one is named, and what the lent one was said to
    be is left out.
    """
    home = {path: layer for layer in workspace.lent for path in layer.own_graph_files()}
    replaced = {
        NamedNode(lent): NamedNode(own)
        for layer in workspace.layers
        for lent, own in layer.manifest.replaced.items()
    }
    read: dict[NamedNode, Store] = {}
    for path in files:
        layer = home.get(path, workspace)
        node = NamedNode(layer.manifest.node) if layer.manifest.node else ASSERTED
        load_file(read.setdefault(node, Store()), path, node, workspace.shown(path))
    for node, layer_store in read.items():
        for quad in layer_store:
            if quad.subject in replaced:
                continue
            thing: Any = quad.object
            # The link itself keeps both names.
            if quad.predicate != REPLACES:
                thing = replaced.get(thing, thing)
            store.add(Quad(quad.subject, quad.predicate, thing, ASSERTED))
            if node != ASSERTED:
                store.add(Quad(quad.subject, quad.predicate, thing, node))
                if quad.predicate == RDF_TYPE and isinstance(quad.subject, NamedNode):
                    store.add(Quad(quad.subject, FROM_LAYER, node, ASSERTED))


# With the end of the line before it, so that the search can leap from one to the next.
_PREFIX = re.compile(r"\n@prefix ([\w.-]*): <([^>]*)> \.")


def declared_prefixes(workspace: Workspace) -> dict[str, str]:
    """The prefixes that the files of a workspace declare, so that queries need not.

    What its own files declare comes before what it is lent.
    """
    found: dict[str, str] = {}
    own = workspace.own_files()
    for path in dict.fromkeys([*own, *workspace.graph_files(), *workspace.ontology_files()]):
        text = path.read_bytes().decode("utf-8-sig", errors="replace").replace("\r", "\n")
        for name, iri in _PREFIX.findall("\n" + text):
            found.setdefault(name, iri)
    return dict(sorted(found.items()))
