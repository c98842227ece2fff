"""Set-based checks: SPARQL queries that make ``sh:ValidationResult`` (``ontology/checks``).

A check is one CONSTRUCT. Its header gives code, severity, summary and fix; it may say

    #+ stratum: slice     run on what holds on a day, for every day on which it can change
    #+ possible: warning  also on what only possibly holds, with this severity
    #+ reads: facts       it looks at nothing that is made when asked, though it names it
    #+ echo: CS0214       not told of a thing whose type that code finds at fault

A result has ``sh:focusNode``, and where they are known ``sh:resultPath`` and ``sh:value``;
they say which statement is meant, and so the line. ``sh:resultMessage`` adds to the summary,
``prov:wasDerivedFrom`` names the triples it rests on (``rdf:subject``, ``rdf:predicate``,
``rdf:object``), whose proofs are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, Store, Triple

from csto.errors import InputError
from csto.load.header import read_header
from csto.load.workspace import Workspace
from csto.rules.rule import Rule
from csto.sparql.functions import FUNCTIONS
from csto.sparql.text import construct
from csto.validate.finding import SEVERITIES, Result
from csto.vocabulary import BASE, CSTO, RDF, SH

_FOCUS, _PATH, _VALUE, _MESSAGE = (
    NamedNode(SH + name) for name in ("focusNode", "resultPath", "value", "resultMessage")
)
# What a result is made of, for those who write checks.
RESULT = {term.value for term in (_FOCUS, _PATH, _VALUE, _MESSAGE)} | {SH + "ValidationResult"}
_DERIVED = NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
_PARTS = tuple(NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
# The words of the header of a check, and of a damage in it.
HEADER = (
    *("code", "severity", "summary", "fix", "why", "stratum", "possible", "reads", "echo"),
    "damage",
)
DAMAGE = ("where", "delete", "insert", "each", "shows", "also", "text", "put", "in")
_STRATA = ("timeless", "slice")
# What rules, queries and shapes name, for checks of the ontology:
# ``GRAPH graph:rules { ?rule shape:names ?term }``.
RULES = NamedNode(BASE + "graph/rules")
SHAPE_SPACE = BASE + "shape/"
_NAMES = NamedNode(SHAPE_SPACE + "names")


@dataclass(frozen=True)
class Check:
    """One check, ready to run."""

    code: str
    severity: str
    summary: str
    fix: str
    text: str
    origin: str
    name: str
    stratum: str = "timeless"
    possible: str = ""
    echo: str = ""
    reads: str = ""
    why: str = ""


_SHAPE_CODE = re.compile(r'dcterms:identifier "([^"]+)"')


def checks_of(workspace: Workspace) -> list[Check]:
    """The checks of a workspace.

    Raises:
        InputError: as :func:`load_checks`; a code of a shape is taken as well.
    """
    shapes = {
        code: workspace.shown(path)
        for path in workspace.shape_files()
        for code in _SHAPE_CODE.findall(path.read_text(encoding="utf-8", errors="replace"))
    }
    return load_checks(workspace.check_files(), workspace.shown, shapes)


def load_checks(
    paths: Iterable[Path],
    shown: Callable[[Path], str] = str,
    taken: Mapping[str, str] | None = None,
) -> list[Check]:
    """Read check files.

    Args:
        paths: the files.
        shown: how a file is named in messages.
        taken: codes of others, with their files.

    Raises:
        InputError: naming the file whose header lacks something, or whose code is taken.
    """
    found: dict[str, Check] = {}
    for path in paths:
        check = _read(path.read_text(encoding="utf-8-sig"), path, shown(path))
        first = found[check.code].origin if check.code in found else (taken or {}).get(check.code)
        if first is not None:
            raise InputError(
                f"{check.origin}:1: the code {check.code} is taken by {first}; "
                "csto checks lists those in use"
            )
        found[check.code] = check
    return list(found.values())


@lru_cache(maxsize=512)
def _read(text: str, path: Path, origin: str) -> Check:
    header = {name: str(value) for name, value in read_header(text, path).items()}
    for name in ("code", "severity", "summary", "fix"):
        if not header.get(name):
            raise InputError(f"{origin}:1: the header lacks #+ {name}:")
    for name in ("severity", "possible"):
        if name in header and header[name] not in SEVERITIES:
            raise InputError(f"{origin}:1: {name} is one of {', '.join(SEVERITIES)}")
    stratum = header.get("stratum", "timeless")
    if stratum not in _STRATA:
        raise InputError(f"{origin}:1: stratum of a check is one of {', '.join(_STRATA)}")
    return Check(
        header["code"],
        header["severity"],
        header["summary"],
        header["fix"],
        text,
        origin,
        path.stem,
        stratum,
        possible=header.get("possible", ""),
        echo=header.get("echo", ""),
        reads=header.get("reads", ""),
        why=header.get("why", ""),
    )


def run_check(
    check: Check, store: Store, graphs: Sequence[NamedNode], named: Sequence[NamedNode]
) -> Iterator[Result]:
    """What one check finds in some graphs.

    Raises:
        InputError: if the check is not SPARQL.
    """
    found: dict[Any, dict[Any, list[Any]]] = {}
    try:
        for triple in construct(store, check.text, graphs, named=named, functions=FUNCTIONS):
            node = found.setdefault(triple.subject, {})
            node.setdefault(triple.predicate, []).append(triple.object)
    except SyntaxError as error:
        raise InputError(f"{check.origin}:{error.lineno or 1}: {error.msg}") from error
    seen = set()
    for result in found.values():
        focus, path, value, more = (
            result.get(p, [None])[0] for p in (_FOCUS, _PATH, _VALUE, _MESSAGE)
        )
        if focus is None:
            continue
        premises = tuple(
            Triple(*(found[statement][part][0] for part in _PARTS))
            for statement in result.get(_DERIVED, ())
        )
        # Both directions of a symmetric pattern find the same pair.
        key = frozenset(premises) or (focus, path, value)
        if key in seen:
            continue
        seen.add(key)
        what = f"{check.summary}: {more.value}" if more is not None else check.summary
        yield Result(
            check.code,
            check.severity,
            focus,
            path,
            value,
            what,
            check.fix,
            check.origin,
            premises=tuple(sorted(premises, key=str)),
        )


def note_names(store: Store, rules: Iterable[Rule], texts: Iterable[str]) -> None:
    """Write down which terms of ours the rules, and the texts of queries and shapes, name."""
    named = {
        term
        for rule in rules
        for signature in rule.reads | rule.negates | rule.writes
        for term in signature
        if term is not None
    }
    for text in texts:
        named.update(CSTO + local for local in re.findall(r"\bcsto:(\w+)", text))
    node = NamedNode(BASE + "rule")
    store.extend(Quad(node, _NAMES, NamedNode(term), RULES) for term in named)
