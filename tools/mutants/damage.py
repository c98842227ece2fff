"""Damage to a graph, as the headers of the checks and ``ontology/shapes/damage.yaml`` tell it.

The form of a damage is told at the top of that table. Every kind is an edit of triples in one
file, or of its text; the rest of the workspace stays as it is.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml
from pyoxigraph import NamedNode, QuerySolutions, Triple, parse

from csto.errors import InputError
from csto.graph.build import build
from csto.graph.dataset import TIMELESS, Dataset
from csto.load.formats import BY_ENDING
from csto.load.header import read_header
from csto.load.workspace import Workspace
from csto.sparql.text import answer, construct
from csto.validate.checks import DAMAGE
from csto.vocabulary import ASSERTED, ONTOLOGY, WELL_KNOWN

TRIES = 300
# A damage to a text changes no more statements than this, or nobody could tell what was damaged.
FEW = 4
# A thing that more statements name than this is one by which two mutants do not meet.
HUB = 12
Row = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A named way to damage the graph, and the codes of which one must be found."""

    name: str
    codes: tuple[str, ...]
    where: tuple[str, ...] = ()
    delete: tuple[str, ...] = ()
    insert: str = ""
    each: str = ""
    shows: tuple[str, ...] = ()
    text: str = ""
    put: str = ""
    # What kind of files the text is in: checks or questions; else those of the graph.
    files: str = ""


@dataclass(frozen=True)
class Mutant:
    """One damage: what goes and comes in which file, and on which things it should show."""

    kind: Kind
    path: Path
    gone: frozenset[Triple] = frozenset()
    come: frozenset[Triple] = frozenset()
    shows_on: frozenset[str] = frozenset()
    touched: frozenset[str] = frozenset()
    # The whole new text of the file, where it is the text that is damaged.
    text: str | None = None

    @property
    def broken(self) -> bool:
        """Whether a text was damaged, so that a file must be named and no thing."""
        return not self.shows_on

    @property
    def alone(self) -> bool:
        """Whether its file cannot be read as before, which hides what else is damaged."""
        return self.broken and self.path.suffix != ".rq"

    @property
    def what(self) -> str:
        gone = " ".join(sorted(f"-{t}" for t in self.gone))
        come = " ".join(sorted(f"+{t}" for t in self.come))
        return f"{self.path.name}: {gone} {come}" if gone or come else f"{self.path.name}: text"


def read_kinds(workspace: Workspace) -> dict[str, Kind]:
    """All kinds of damage of a workspace, by name.

    Raises:
        InputError: for one that is not in the form, or is there twice.
    """
    listed: list[tuple[Path, str, Any]] = []
    for path in workspace.check_files():
        header = read_header(path.read_text(encoding="utf-8-sig"), path)
        listed.append((path, str(header.get("code")), header.get("damage")))
    for folder in workspace.ontologies:
        table = folder / "shapes" / "damage.yaml"
        if table.is_file():
            read = yaml.safe_load(table.read_text(encoding="utf-8")) or {}
            listed += [(table, code, damages) for code, damages in read.items()]
    kinds: dict[str, Kind] = {}
    for path, code, damages in listed:
        for name, parts in (damages or {}).items():
            if name in kinds:
                raise InputError(f"{path}: the damage {name!r} is there twice")
            if not isinstance(parts, dict) or not set(parts) <= set(DAMAGE):
                raise InputError(f"{path}: {name}: a damage is made of {', '.join(sorted(DAMAGE))}")
            codes = (code, *_list(parts.get("also")))
            shows = tuple(str(parts.get("shows", "")).replace("?", "").split())
            steps = {part: tuple(_list(parts.get(part))) for part in ("where", "delete")}
            rest = {p: str(parts.get(p, "")) for p in ("insert", "each", "text", "put", "in")}
            rest["files"] = rest.pop("in")
            kinds[name] = Kind(name, codes, shows=shows, **steps, **rest)
    return kinds


def _list(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)] if value else []


@dataclass
class Facts:
    """The triples of the files that may be damaged, and the graph in which places are drawn."""

    dataset: Dataset
    files: dict[Path, list[Triple]] = field(default_factory=dict)
    home: dict[Any, Path] = field(default_factory=dict)
    named: dict[Any, list[Triple]] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @classmethod
    def read(cls, workspace: Workspace) -> Facts:
        facts = cls(build(workspace))
        for path in [*workspace.graph_files(), *workspace.ontology_files()]:
            if path.is_relative_to(workspace.root):
                rdf = BY_ENDING[path.suffix].rdf
                facts.files[path] = [q.triple for q in parse(path=str(path), format=rdf)]
                for triple in facts.files[path]:
                    facts.home.setdefault(triple.subject, path)
                    facts.named.setdefault(triple.subject, []).append(triple)
                    facts.named.setdefault(triple.object, []).append(triple)
        return facts

    @property
    def prologue(self) -> str:
        known = WELL_KNOWN | self.dataset.prefixes
        return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in known.items())

    def draw(self, kind: Kind, rng: random.Random) -> Mutant | None:
        """A damage of a kind at a place drawn, or none if this place is not fit for it."""
        if kind.text:
            return self._in_text(kind, rng)
        row: Row = {}
        # What is to be deleted must be there.
        there = " UNION ".join(f"{{ {pattern} }}" for pattern in kind.delete)
        steps = list(kind.where) or [there]
        if kind.delete:
            steps[-1] += f" FILTER EXISTS {{ {there} }}"
        for step in steps:
            rows = self._matches(step, row)
            if not rows:
                return None
            row = row | rng.choice(rows)
        row["new"] = NamedNode(row["this"].value + f"-doubled-{rng.randrange(10**6)}")
        return self._damage(kind, row)

    def _matches(self, step: str, row: Row) -> list[Row]:
        text = f"{self.prologue}SELECT DISTINCT * WHERE {{ {_given(row)} {step} }}"
        if text not in self.rows:
            rows = cast(QuerySolutions, answer(self.dataset.store, text, TIMELESS))
            names = [v.value for v in rows.variables]
            found = [{n: v for n, v in zip(names, r, strict=True) if v is not None} for r in rows]
            fit = [r for r in found if r.get("this", row.get("this")) in self.home]
            self.rows[text] = sorted(fit, key=lambda r: sorted(map(str, r.items())))
        return self.rows[text]

    def _damage(self, kind: Kind, row: Row) -> Mutant | None:
        path = self.home[row["this"]]
        # What is said of the thing in another file stays; only this file is damaged.
        gone = {t for d in kind.delete for t in self._made(d, d, row)} & set(self.files[path])
        come = set(self._made(kind.insert, kind.each, row)) if kind.insert else set()
        if (kind.delete and not gone) or not gone | come:
            return None
        shows = {row["this"], *(row[name] for name in kind.shows)}
        near = {term for t in gone | come for term in (t.subject, t.object)} | shows
        near |= {t.object for n in list(near) for t in self.named.get(n, ()) if t.subject == n}
        touched = {n for n in near if n in self.home and self._count(n) <= HUB} | shows
        names = (frozenset(n.value for n in nodes) for nodes in (shows, touched))
        return Mutant(kind, path, frozenset(gone), frozenset(come), *names)

    def _made(self, template: str, pattern: str, row: Row) -> Iterable[Triple]:
        text = f"CONSTRUCT {{ {template} }} WHERE {{ {_given(row)} {pattern} }}"
        return construct(self.dataset.store, self.prologue + text, (ASSERTED, ONTOLOGY))

    def _count(self, node: Any) -> int:
        return sum(t.object == node for t in self.named.get(node, ()))

    def _in_text(self, kind: Kind, rng: random.Random) -> Mutant | None:
        workspace = self.dataset.workspace
        paths = {
            "": workspace.graph_files,
            "checks": workspace.check_files,
            "questions": workspace.query_files,
        }[kind.files]()
        path = rng.choice([p for p in paths if p.is_relative_to(workspace.root)])
        text = path.read_text(encoding="utf-8")
        if not (found := list(re.finditer(kind.text, text, re.MULTILINE))):
            return None
        at = rng.choice(found)
        damaged = text[: at.start()] + at.expand(kind.put) + text[at.end() :]
        if kind.files:
            return Mutant(kind, path, text=damaged)
        try:
            rdf = BY_ENDING[path.suffix].rdf
            after = {q.triple for q in parse(input=damaged.encode(), format=rdf)}
        except SyntaxError:
            return Mutant(kind, path, text=damaged)
        gone = frozenset(self.files[path]) - after
        come = frozenset(after - set(self.files[path]))
        names = frozenset(t.subject.value for t in gone)
        if not 0 < len(gone) <= FEW or names != {t.subject.value for t in come}:
            return None
        return Mutant(kind, path, gone, come, names, names, damaged)


def _given(row: Row) -> str:
    """What was drawn, as the first pattern of a query."""
    if not row:
        return ""
    names = " ".join(f"?{name}" for name in row)
    return f"VALUES ({names}) {{ ({' '.join(map(str, row.values()))}) }}"
