"""Which queries of shapes and checks found nothing the last time, and need not be asked again.

Most edits change a label or a note, and most queries read neither. A query is asked again if
it found something, if the graph follows from other facts than a kept one, or if it reads a
property of which a triple has changed since. What a query reads is taken from its text; where
that does not say, it reads everything. A query that looks at every statement, one by one, is
first asked about the added ones alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from csto.graph.asked import names_any
from csto.graph.cache import cache_folder, keep_file
from csto.graph.dataset import Dataset
from csto.sparql.properties import properties_named
from csto.vocabulary import BASE, RDF, WELL_KNOWN

# Graphs beside the default graph that hold nothing but facts and what follows from them.
_GRAPHS = ("asserted", "inferred", "ontology", "focus", "rules")
_KEEP = 24
_TOKEN = re.compile(
    r"""
    (?P<skip> \s+ | \#[^\n]* )
  | (?P<iri> <[^<>"{}|^`\\\s]*> )
  | (?P<text> \"{3}(?:[^\\]|\\.)*?\"{3} | '{3}(?:[^\\]|\\.)*?'{3}
            | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
  | (?P<var> [?$]\w+ )
  | (?P<name> [\w.-]*:[\w:.%-]* | _:\w+ )
  | (?P<word> \w[\w+-]* )
  | (?P<mark> != | \^\^ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_IRI = re.compile(r"<([^<>\s]*)>")
ADDED = NamedNode(BASE + "graph/added")
# Any asserted statement, and what makes more of it than one look at each.
_ANY_STATEMENT = re.compile(r"GRAPH\s+graph:asserted\s*(\{\s*\?\w+\s+\?\w+\s+\?\w+\s*\.?\s*\})")
_GATHERS = re.compile(r"\b(COUNT|SUM|AVG|MAX|GROUP_CONCAT|HAVING)\b", re.IGNORECASE)
_GROUP = re.compile(r"(?:\b(EXISTS|MINUS|OPTIONAL)\s*)?\{|\}", re.IGNORECASE)


class Kept:
    """What is known of the queries of one dataset."""

    def __init__(self, dataset: Dataset) -> None:
        self.key = f"{dataset.key}-{_code()}"
        self.changes = len(dataset.changes())
        self.nothing: set[str] = set()
        self.prefixes = {**dataset.prefixes, **WELL_KNOWN}
        self._before: set[str] = set()
        # Properties of which triples have changed since; None where all may have.
        self.changed: set[str] | None = None
        self.added: list[Quad] = []
        # IRIs of triples that were taken out, and of none that was added.
        self.gone: set[str] = set()
        for key, count in [(dataset.key, self.changes), *dataset.made_from()]:
            try:
                kept = json.loads((_folder() / f"{key}-{_code()}").read_bytes())
            except (OSError, ValueError):
                continue
            lines = dataset.changes()[count:]
            self._before = set(kept)
            self.changed = {line.split(" ", 3)[2][1:-1] for line in lines}
            if f"{RDF}type" in self.changed:
                self.changed = None
            for sign, change in (("-", self.gone.update), ("+", self.gone.difference_update)):
                for line in lines:
                    if line[0] == sign:
                        change(_IRI.findall(line))
            plus = "\n".join(line[2:] for line in lines if line.startswith("+"))
            for quad in parse(input=plus, format=RdfFormat.N_TRIPLES):
                self.added.append(Quad(quad.subject, quad.predicate, quad.object, ADDED))
            break

    def spares(self, text: str) -> bool:
        """Whether a query need not be asked: it would find nothing."""
        if self.changed is None or _digest(text) not in self._before:
            return False
        if self.changed and self._reads(text, self.changed):
            return False
        self.nothing.add(_digest(text))
        return True

    def spares_file(self, text: str) -> bool:
        """Whether nothing was found in a file, and nothing that it names was taken out since."""
        if self.changed is None or _digest(text) not in self._before:
            return False
        if names_any(text, self.gone, self.prefixes):
            return False
        self.nothing.add(_digest(text))
        return True

    def _reads(self, text: str, properties: set[str]) -> bool:
        return properties_named(text, self.prefixes) is None or names_any(
            text, properties, self.prefixes
        )

    def narrowed(self, text: str) -> str | None:
        """A query that finds something if one that found nothing would now; ``None`` if unknown.

        It looks at the statements of the graph :data:`ADDED`, where the other does at all.
        """
        if self.changed is None or _digest(text) not in self._before:
            return None
        if names_any(text, self.changed, self.prefixes) or _GATHERS.search(text):
            return None
        places = [m for m in _ANY_STATEMENT.finditer(text) if _stands_for_itself(text, m.start())]
        if len(places) != 1:
            return None
        before, after = text[: places[0].start()], text[places[0].end() :]
        if properties_named(f"{before} {after}", self.prefixes) is None:
            return None
        return f"{before}GRAPH {ADDED} {places[0][1]}{after}"

    def found(self, text: str, results: int) -> None:
        """Note what a query found."""
        if not results and _own_graphs(text):
            self.nothing.add(_digest(text))

    def keep(self) -> None:
        """Write it down for the next time."""
        keep_file(_folder() / self.key, json.dumps(sorted(self.nothing)).encode(), _KEEP)


def _folder() -> Path:
    return cache_folder() / "checked"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


@lru_cache(maxsize=1)
def _code() -> str:
    """The digest of the code that checks."""
    whole = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:12]


def _own_graphs(text: str) -> bool:
    """Whether a query looks into no graph but those that the digest of the dataset is of."""
    tokens = [match[0] for match in _TOKEN.finditer(text) if match.lastgroup != "skip"]
    named = [after for token, after in pairwise(tokens) if token.upper() == "GRAPH"]
    ours = re.compile(rf"(?:graph:|<{re.escape(BASE)}(?:graph|shape)/)(\w+)>?")
    return all((m := ours.fullmatch(name)) and m[1] in _GRAPHS for name in named)


def _stands_for_itself(text: str, at: int) -> bool:
    """Whether what stands there has to match, so that a row tells of it."""
    inside: list[str | None] = []
    for mark in _GROUP.finditer(text, 0, at):
        if mark[0] != "}":
            inside.append(mark[1])
        elif inside:
            inside.pop()
        else:
            # A brace in a comment or a text.
            return False
    return not any(inside)
