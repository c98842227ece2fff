"""Saved queries: SPARQL files with a ``#+`` header that documents them.

    #+ summary: one line
    #+ asked: other words in which people ask it, who left, exits
    #+ params:
    #+   organization: {kind: thing, of: [body, agreement], summary: whose members}
    #+   year: {kind: integer, default: 2022}

    #+ notes: [what the reader of an answer should know]
    #+ absence: [csto:Membership by csto:member within organization]
    #+ example: {organization: CSTO}
    #+ portrait: Crisis
    #+ view: timeline
    #+ channels: {row: label, colour: {column: status, scheme: status}}
    #+ heading: Standing in {organization}

``for_programs`` lists the columns that data formats have and tables for people leave out;
``view``, ``channels`` and ``heading`` say how the answer is drawn (see
:mod:`csto.publish.pictures`). ``example`` gives the parameters of a call that has an answer;
``portrait`` names the class whose things the query sums up (see :mod:`csto.answer.summary`).

Kinds of parameter: ``thing`` (by name or IRI; ``of`` lists the kinds of IRI that are
meant), ``integer``, ``day``, ``text``. ``var`` names the variable where it must differ
from the parameter, because a column has that name.

``default: central`` is the organization or agreement that the workspace is about
(``csto:central`` in its manifest); ``default: manifest`` is what the manifest gives for the
parameter (``csto:parameterDefault "name=value"``). Without it the parameter is asked for.
An example may say ``central`` too. One that names things of a workspace stands in the
``queries/examples.yaml`` of that workspace, under the name of the query.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from csto.errors import InputError
from csto.load.header import read_header
from csto.load.manifest import Manifest
from csto.load.workspace import Workspace
from csto.vocabulary import shorten

KINDS = ("thing", "integer", "day", "text")


@dataclass(frozen=True)
class Param:
    """A parameter of a saved query."""

    name: str
    kind: str
    summary: str = ""
    default: str | None = None
    of: tuple[str, ...] = ()
    optional: bool = False
    var: str = ""
    # Where the default would stand in the manifest, which has none.
    wanted: str = ""

    @property
    def variable(self) -> str:
        """The variable of the query that takes the value: the name, unless ``var`` says else."""
        return self.var or self.name


@dataclass(frozen=True)
class SavedQuery:
    """A query with its documentation."""

    name: str
    text: str
    summary: str = ""
    description: str = ""
    params: dict[str, Param] = field(default_factory=dict)
    path: Path | None = None
    notes: tuple[str, ...] = ()
    # Classes of things whose absence the query reads (see csto.answer.coverage).
    absence: tuple[str, ...] = ()
    # What a counted column counts as one.
    identity: str = ""
    example: dict[str, str] = field(default_factory=dict)
    # Other words in which people ask it.
    asked: str = ""
    portrait: str = ""
    # Columns that tables for people leave out.
    for_programs: tuple[str, ...] = ()
    # How the answer is drawn: the kind of picture, its channels, and what stands over it.
    view: str = ""
    channels: Mapping[str, Any] = field(default_factory=dict)
    heading: str = ""

    @property
    def dated(self) -> bool:
        """Whether the answer depends on the day."""
        return "csto:day" in self.text or "csto:holdsOn" in self.text


def read_query(
    path: Path,
    name: str,
    manifest: Manifest | None = None,
    examples: Mapping[str, Any] | None = None,
) -> SavedQuery:
    """Read a query file; ``manifest`` and ``examples`` give what the workspace decides.

    Raises:
        InputError: if it cannot be read or its header is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error
    return query_of(text, name, path, manifest, examples)


def query_of(
    text: str,
    name: str,
    path: Path | None = None,
    manifest: Manifest | None = None,
    examples: Mapping[str, Any] | None = None,
) -> SavedQuery:
    """A query from its text, which may have a header.

    Args:
        text: SPARQL.
        name: what errors call it.
        path: the file that has it, if one does.
        manifest: what gives the defaults that the workspace decides.
        examples: of the workspace, by the name of the query.

    Raises:
        InputError: if its header is wrong.
    """
    where = path or Path(name)
    header = read_header(text, where)
    params: dict[str, Param] = {}
    listed = header.get("params") or {}
    if not isinstance(listed, dict):
        raise InputError(f"{where}:1: params is a mapping of names to {{kind: …}}")
    for key, spec in listed.items():
        params[str(key)] = _param(str(key), spec or {}, where, manifest)
    example = (examples or {}).get(name) or header.get("example") or {}
    if not isinstance(example, dict) or not set(example) <= set(params) | {"on"}:
        raise InputError(f"{where}:1: example gives values of the parameters of the query, and on")
    channels = header.get("channels") or {}
    if not isinstance(channels, dict):
        raise InputError(f"{where}:1: channels is a mapping of channels to columns")
    return SavedQuery(
        name=name,
        text=text,
        summary=str(header.get("summary", "")),
        description=" ".join(str(header.get("description", "")).split()),
        params=params,
        path=path,
        notes=tuple(str(n) for n in header.get("notes", ())),
        absence=_listed(header.get("absence")),
        identity=" ".join(str(header.get("identity", "")).split()),
        example=_example(example, manifest),
        asked=str(header.get("asked", "")),
        portrait=str(header.get("portrait", "")),
        for_programs=_listed(header.get("for_programs")),
        view=str(header.get("view", "")),
        channels=channels,
        heading=str(header.get("heading", "")),
    )


def _example(given: dict[Any, Any], manifest: Manifest | None) -> dict[str, str]:
    """An example; ``central`` is what the workspace is about, without which there is none."""
    central = shorten(manifest.central) if manifest and manifest.central else ""
    found = {str(k): central if v == "central" else str(v) for k, v in given.items()}
    return found if all(found.values()) else {}


def _listed(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(v) for v in value) if isinstance(value, list) else (str(value),)


def _param(name: str, spec: Any, path: Path, manifest: Manifest | None) -> Param:
    if not isinstance(spec, dict):
        raise InputError(f"{path}:1: parameter {name} needs a mapping such as {{kind: thing}}")
    kind = str(spec.get("kind", "thing"))
    if kind not in KINDS:
        raise InputError(f"{path}:1: kind of parameter {name} is one of {', '.join(KINDS)}")
    default, wanted = spec.get("default"), ""
    if default in ("central", "manifest"):
        central = default == "central"
        wanted = "csto:central" if central else f'csto:parameterDefault "{name}=…"'
        told = manifest.defaults.get(name) if manifest else None
        default = (
            shorten(manifest.central) if central and manifest and manifest.central else told
        ) or None
        wanted = "" if default else wanted
    return Param(
        name=name,
        kind=kind,
        summary=str(spec.get("summary", "")),
        default=None if default is None else str(default),
        of=tuple(str(o) for o in spec.get("of", ())),
        optional=bool(spec.get("optional", False)),
        var=str(spec.get("var", "")),
        wanted=wanted,
    )


def saved_queries(workspace: Workspace) -> list[SavedQuery]:
    """All saved queries of a workspace, by name."""
    by_name = workspace.queries()
    manifest, examples = workspace.manifest, _examples(workspace, by_name)
    return [read_query(path, name, manifest, examples) for name, path in by_name.items()]


def _examples(workspace: Workspace, known: Mapping[str, Path] | None = None) -> dict[str, Any]:
    """What ``queries/examples.yaml`` of the layers say, by the name of the query.

    ``known`` are the queries that there are, where a name of no query is to be told.
    """
    import yaml

    found: dict[str, Any] = {}
    for path in workspace.example_files():
        shown = workspace.shown(path)
        try:
            loaded = _calls(path.read_text(encoding="utf-8-sig")) or {}
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise InputError(f"{shown}: cannot be read ({error})") from error
        whole = isinstance(loaded, dict)
        wrong = sorted(n for n in loaded if known is not None and n not in known) if whole else []
        if wrong or not whole:
            what = wrong[0] if whole else "its form"
            raise InputError(f"{shown}: no saved query is called {what}; write name: {{…}}")
        found |= loaded
    return found


@lru_cache(maxsize=8)
def _calls(text: str) -> Any:
    """The calls in a file; pages ask for many queries, and YAML is slow to read."""
    import yaml

    return yaml.safe_load(text)


def find_query(workspace: Workspace, name: str) -> SavedQuery:
    """The saved query of that name, or the query in that file.

    Raises:
        InputError: if there is none, with the nearest names.
    """
    path = Path(name)
    if path.suffix == ".rq" and path.is_file():
        return read_query(path, path.stem, workspace.manifest)
    manifest, whole = workspace.manifest, name.removesuffix(".rq")
    if (known := workspace.query_of_name(whole)) is not None:
        return read_query(known, whole, manifest, _examples(workspace))
    by_name = workspace.queries()
    examples = _examples(workspace, by_name)
    if whole in by_name:
        return read_query(by_name[whole], whole, manifest, examples)
    # A last part that is unique will do.
    fits = [n for n in by_name if n.rsplit("/", 1)[-1] == name]
    if len(fits) == 1:
        return read_query(by_name[fits[0]], fits[0], manifest, examples)
    if path.suffix == ".rq":
        raise InputError(f"{name}: no such file")
    tails = {n.rsplit("/", 1)[-1]: n for n in by_name}
    near = difflib.get_close_matches(name, [*by_name, *tails], n=3, cutoff=0.5)
    named = dict.fromkeys(tails.get(n, n) for n in near)
    hint = f"; did you mean {', '.join(named)}?" if named else ""
    raise InputError(f'no query is called "{name}"{hint} (csto queries lists them)')
