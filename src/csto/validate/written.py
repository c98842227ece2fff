"""What people write in SPARQL, looked at as facts are: rules, checks, questions, profiles.

A misspelt name is no fault of syntax: the query is answered, with nothing, and a check that
finds nothing says clean. So the names are looked up, and the words of the header, the
variables that are shown or made, and the things of the example. What a query means is not
judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import NamedNode, Store

from csto.errors import InputError
from csto.fmt.tokens import Lines
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.parameters import bindings
from csto.load.header import read_header
from csto.load.workspace import CHECK, PROFILE, QUERY, RULE, Workspace
from csto.sparql.functions import FUNCTIONS
from csto.sparql.mistakes import mistake
from csto.sparql.other_data import refuse_other_data
from csto.sparql.saved import SavedQuery, query_of, saved_queries
from csto.sparql.select import tokens_of
from csto.sparql.text import answer
from csto.sparql.view import view_of
from csto.validate.checks import DAMAGE, HEADER, RESULT, SHAPE_SPACE
from csto.validate.finding import Finding, Place
from csto.validate.kept import Kept
from csto.validate.nearest import Nearest
from csto.validate.variables import unbound
from csto.vocabulary import BASE, FUNCTION, INFERRED, SH, WELL_KNOWN, is_ours, shorten

NO_QUERY, NO_NAME, NO_WORD, NO_DAMAGE, NO_VALUE, NO_EXAMPLE = (
    f"CS00{number}" for number in range(13, 19)
)
# The words of headers; those of a check stand with what reads them.
_WORDS = {
    RULE: ("code", "summary", "because", "assumes", "writes", "made", "replaces"),
    CHECK: (*HEADER, "replaces"),
    QUERY: (
        *("summary", "asked", "description", "params", "notes", "absence", "identity"),
        *("example", "portrait", "view", "channels", "heading", "for_programs", "replaces"),
    ),
    PROFILE: ("summary", "replaces"),
}
# Names that no graph describes: of graphs, of functions, of what checks read about rules.
_APART = (BASE + "graph", FUNCTION, SHAPE_SPACE)
_PREFIX = re.compile(r"^\s*PREFIX\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_WORD = re.compile(r"^#\+ ([\w-]+):", re.MULTILINE)
_Token = re.Match[str]


@dataclass(frozen=True)
class Source:
    """A SPARQL file of a workspace; ``name`` is that of a saved question."""

    path: Path
    shown: str
    kind: str
    text: str
    name: str = ""

    @cached_property
    def header(self) -> dict[str, Any]:
        return read_header(self.text, Path(self.shown))

    def at(self, start: int, end: int) -> Place:
        return Place(self.shown, *Lines(self.text).span(start, end))

    def word(self, word: str, after: str = "") -> Place:
        """Where a word of the header stands, behind another one; the first line without it."""
        begin = re.search(rf"^#\+ +{re.escape(after)}:", self.text, re.MULTILINE)
        found = re.compile(rf"^#\+[ {{]+(['\"]?{re.escape(word)}['\"]?):", re.MULTILINE).search(
            self.text, begin.end() if after and begin else 0
        )
        return self.at(*found.span(1)) if found else Place(self.shown, 1, 1, 1, 2)


def sources(workspace: Workspace) -> Iterator[Source]:
    """The SPARQL files of a workspace and of what is lent to it."""
    for kind, name, path in workspace.sparql_files():
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        yield Source(path, workspace.shown(path), kind, text, name)


def findings_of(
    workspace: Workspace, dataset: Dataset, nearest: Nearest, kept: Kept | None = None
) -> Iterator[Finding]:
    """What is wrong in the SPARQL files of a workspace; not in those that are lent to it.

    Files in which ``kept`` knows that nothing was found are not looked at again.
    """
    own = [s for s in sources(workspace) if _is_own(s.path, workspace)]
    names = _Names(dataset, nearest)
    table = [t for f in workspace.ontologies for t in _table(f / "shapes" / "damage.yaml")]
    damaged = {code for _, _, code, damages in table for code in (code, *_also(damages))}
    damaged |= {code for s in own if s.kind == CHECK for code in _also(s.header.get("damage"))}
    for source in own:
        # Whether a check can be tried depends on the damages of others.
        asked = "\n# ".join([source.kind, source.text, *sorted(damaged)])
        if kept is not None and kept.spares_file(asked):
            continue
        found = [*_in_any(source, dataset, names), *_in_its_kind(source, dataset, damaged)]
        if kept is not None:
            kept.found(asked, len(found))
        yield from found
    for path, text, _, damages in table:
        if _is_own(path, workspace):
            yield from _damages(damages, _word_in(workspace.shown(path), text))
    yield from _examples(workspace, dataset, own)


def _in_any(source: Source, dataset: Dataset, names: _Names) -> Iterator[Finding]:
    yield from _words(source)
    yield from names.wrong_in(source)
    yield from _unread(source, dataset)
    yield from _without_value(source)


def _in_its_kind(source: Source, dataset: Dataset, damaged: set[str]) -> Iterator[Finding]:
    if source.kind == QUERY:
        yield from _undrawn(source, dataset)
        yield from _kinds_of(source, dataset)
    if source.kind == CHECK:
        yield from _damages(source.header.get("damage"), source.word)
        if not source.header.get("damage") and source.header.get("code") not in damaged:
            yield _finding(
                NO_DAMAGE,
                "the check does not say what it must find (#+ damage:)",
                "say how to break the graph so that the check must speak; without it nobody "
                "knows whether it can",
                source.word("code"),
                severity="warning",
            )


def _is_own(path: Path, workspace: Workspace) -> bool:
    return workspace.base is None or path.resolve().is_relative_to(workspace.root.resolve())


def _finding(
    code: str, what: str, fix: str, place: Place, value: str = "", severity: str = "violation"
) -> Finding:
    return Finding(code, severity, what, fix, value=value, place=place)


def _meant(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), 1, 0.6)
    return f"; did you mean {near[0]}?" if near else ""


# --- headers ------------------------------------------------------------------


def _words(source: Source) -> Iterator[Finding]:
    known = _WORDS[source.kind]
    for found in _WORD.finditer(source.text):
        word = found[1]
        if word not in known:
            yield _finding(
                NO_WORD,
                f"#+ {word}: means nothing in the header of a {source.kind}",
                f"it has {', '.join(known)}{_meant(word, known)}",
                source.at(*found.span(1)),
                word,
            )


def _also(damages: Any) -> Iterator[str]:
    """The further codes that may find some damages."""
    for parts in damages.values() if isinstance(damages, dict) else ():
        also = parts.get("also", ()) if isinstance(parts, dict) else ()
        yield from map(str, also if isinstance(also, list) else [also])


def _damages(damages: Any, place: Any) -> Iterator[Finding]:
    if damages is not None and not isinstance(damages, dict):
        said = "a damage has a name, and below it what is done"
        yield _finding(NO_WORD, said, "write #+   NAME OF THE DAMAGE:", place("damage"))
        return
    for name, parts in (damages or {}).items():
        if not isinstance(parts, dict):
            said = f"the damage {name!r} does not say what is done"
            yield _finding(
                NO_WORD, said, f"it has {', '.join(DAMAGE)}", place(str(name)), str(name)
            )
            continue
        for word in set(parts) - set(DAMAGE):
            yield _finding(
                NO_WORD,
                f"{word}: means nothing in a damage ({name})",
                f"it has {', '.join(DAMAGE)}{_meant(str(word), DAMAGE)}",
                place(str(word), str(name)),
                str(word),
            )


def _table(path: Path) -> list[tuple[Path, str, str, Any]]:
    """The damages that a table gives, by code."""
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8-sig")
    try:
        read = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(f"{path}:{mark.line + 1 if mark else 1}: it is not YAML") from error
    if not isinstance(read, dict):
        raise InputError(f"{path}:1: it is a table of damages by code")
    return [(path, text, str(code), damages) for code, damages in read.items()]


def _word_in(shown: str, text: str) -> Any:
    """What places words of a table."""

    def place(word: str, after: str = "") -> Place:
        begin = max(0, text.find(f"  {after}:"))
        found = re.compile(rf"^ *({re.escape(word)}):", re.MULTILINE).search(text, begin)
        return (
            Place(shown, *Lines(text).span(*found.span(1))) if found else Place(shown, 1, 1, 1, 2)
        )

    return place


# --- names --------------------------------------------------------------------


class _Names:
    """Looks up the names that queries use."""

    def __init__(self, dataset: Dataset, nearest: Nearest) -> None:
        self._dataset = dataset
        self._nearest = nearest
        self._known: dict[str, bool] = {}

    def wrong_in(self, source: Source) -> Iterator[Finding]:
        declared = dict(_PREFIX.findall(source.text))
        prefixes: Mapping[str, str] = {**self._dataset.prefixes, **WELL_KNOWN, **declared}
        told: set[str] = set()
        for token in tokens_of(source.text):
            iri = _iri(token, prefixes)
            if source.kind == CHECK and iri.startswith(SH) and iri not in {*told, *RESULT}:
                # Another name of SHACL may be what the check looks for.
                if near := _meant(shorten(iri), map(shorten, sorted(RESULT))):
                    told.add(iri)
                    place = source.at(token.start(), token.start() + len(token[0].rstrip(".")))
                    what = f"{shorten(iri)} is no part of a result, which is read without it"
                    yield _finding(NO_NAME, what, f"fix its spelling{near}", place, iri)
                continue
            if iri in told or self.is_known(iri):
                continue
            told.add(iri)
            near = self._nearest.to(NamedNode(iri))
            yield _finding(
                NO_NAME,
                f"{shorten(iri)} stands for nothing: no class, property or thing of ours",
                "fix its spelling, or describe it"
                + (f"; did you mean {near}?" if near and near != shorten(iri) else ""),
                source.at(token.start(), token.start() + len(token[0].rstrip("."))),
                iri,
            )

    def is_known(self, iri: str) -> bool:
        if iri not in self._known:
            self._known[iri] = (
                not is_ours(iri)
                or iri.endswith(("/", "#"))
                or iri.startswith(_APART)
                or self._is_said(NamedNode(iri))
                or iri in self._made
            )
        return self._known[iri]

    def _is_said(self, node: NamedNode) -> bool:
        match = self._dataset.store.quads_for_pattern
        return any(next(match(node, None, None, graph), None) for graph in TIMELESS) or bool(
            next(match(None, node, None, INFERRED), None)
        )

    @cached_property
    def _made(self) -> set[str]:
        """What rules can make, though nothing of it follows here."""
        return {term for rule in self._dataset.rules for s in rule.writes for term in s if term}


def _iri(token: _Token, prefixes: Mapping[str, str]) -> str:
    """The IRI that a token stands for; empty for what is no name, or of an unknown prefix."""
    if token["iri"]:
        return token[0][1:-1]
    word = token["word"] or ""
    prefix, colon, local = word.partition(":")
    if not colon or word[0] in "?$" or prefix not in prefixes:
        return ""
    return prefixes[prefix] + local.rstrip(".")


# --- syntax and variables -----------------------------------------------------


def _unread(source: Source, dataset: Dataset) -> Iterator[Finding]:
    """A question or profile that is not SPARQL; rules and checks are read before."""
    if source.kind not in (QUERY, PROFILE):
        return
    try:
        refuse_other_data(source.text, source.shown)
        prefixes = {**dataset.prefixes, **WELL_KNOWN}
        found = mistake(source.text, prefixes, FUNCTIONS)
    except InputError as error:
        said = str(error).removeprefix(f"{source.shown}: ")
        yield _finding(NO_QUERY, said, "write what csto answers", Place(source.shown, 1, 1, 1, 2))
        return
    if found is not None:
        line, column, said = found
        place = Place(source.shown, line, column, line, column + 1)
        yield _finding(NO_QUERY, f"not SPARQL: {said}", "fix the syntax there", place)


def _without_value(source: Source) -> Iterator[Finding]:
    """Variables that a query shows or makes, and that nothing in it gives a value."""
    params = source.header.get("params") if source.kind == QUERY else None
    named = params.items() if isinstance(params, dict) else ()
    variables = [
        str(spec.get("var", name)) if isinstance(spec, dict) else str(name) for name, spec in named
    ]
    for one in unbound(source.text, variables):
        yield _finding(
            NO_VALUE,
            f"?{one.name} is {'made' if one.made else 'shown'}, and nothing gives it a value",
            f"bind it in the body, or fix its spelling{_meant(one.name, sorted(one.given))}",
            source.at(one.start, one.end),
            one.name,
        )


def _undrawn(source: Source, dataset: Dataset) -> Iterator[Finding]:
    """A view that there is not, and channels that it has not or the answer does not fill."""
    if not source.header.get("view"):
        return
    try:
        query = query_of(source.text, source.name, Path(source.shown))
        prefixes = {**dataset.prefixes, **WELL_KNOWN}
        rows = answer(Store(), source.text, [], prefixes=prefixes, functions=FUNCTIONS)
        view_of(query, [v.value for v in getattr(rows, "variables", ())])
    except SyntaxError:
        # Told as such.
        return
    except InputError as error:
        said = str(error).removeprefix(f"{source.shown}:1: ").removeprefix(f"{source.shown}: ")
        what, _, fix = said.partition("; ")
        fix = fix or "write what the answer can be drawn by"
        yield _finding(NO_WORD, what, fix, source.word("view"), str(source.header["view"]))


def _kinds_of(source: Source, dataset: Dataset) -> Iterator[Finding]:
    """Kinds of things that a parameter takes and that no class and no scheme is called by."""
    params = source.header.get("params")
    known = dataset.things.kinds
    for name, spec in params.items() if isinstance(params, dict) else ():
        for kind in spec.get("of", ()) if isinstance(spec, dict) else ():
            word = str(kind).removeprefix("not ").replace("-", " ")
            if word.casefold() not in known:
                yield _finding(
                    NO_WORD,
                    f"the parameter {name} takes things of the kind {kind}, which is no class and "
                    "no scheme",
                    f"name a class by its label{_meant(word, known)}",
                    source.word(str(name), "params"),
                    str(kind),
                )


# --- examples -----------------------------------------------------------------


def _examples(workspace: Workspace, dataset: Dataset, own: list[Source]) -> Iterator[Finding]:
    """Calls that are given as examples and name what is not there."""
    tables = [
        (path, path.read_text(encoding="utf-8-sig"))
        for path in workspace.example_files()
        if _is_own(path, workspace)
    ]
    places = {source.name: source for source in own if source.kind == QUERY}
    for query in saved_queries(workspace):
        place = _example_place(workspace, tables, places.get(query.name), query)
        if place is None or not query.example:
            continue
        given = {name: value for name, value in query.example.items() if name != "on"}
        try:
            bindings(query, given, dataset.things)
        except InputError as error:
            what, _, more = str(error).partition("; did you mean ")
            first = what.partition("\n")[0].rstrip(":")
            fix = "name what the graph has" + (f"; did you mean {more}" if more else "")
            yield _finding(NO_EXAMPLE, f"the example cannot be asked: {first}", fix, place)


def _example_place(
    workspace: Workspace, tables: list[tuple[Path, str]], source: Source | None, query: SavedQuery
) -> Place | None:
    """Where the example of a question stands; ``None`` if it is lent."""
    for path, text in tables:
        found = re.search(rf"^(['\"]?{re.escape(query.name)}['\"]?):", text, re.MULTILINE)
        if found:
            return Place(workspace.shown(path), *Lines(text).span(*found.span(1)))
    return source.word("example") if source is not None else None
