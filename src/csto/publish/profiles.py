"""The graph in the terms of another vocabulary only.

A profile is a folder ``ontology/profiles/NAME/`` of CONSTRUCT queries; a new
profile, or a relation more in one, needs no Python. What is true of a day is
that of the slice.
"""

from __future__ import annotations

from pyoxigraph import QueryTriples, Triple, serialize

from csto.answer.query import run
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.load.formats import BY_KEY
from csto.load.header import read_header
from csto.publish import jsonld
from csto.publish.export import part_prefixes
from csto.vocabulary import WELL_KNOWN

_WIKIDATA = {
    "p": "http://www.wikidata.org/prop/",
    "pq": "http://www.wikidata.org/prop/qualifier/",
    "ps": "http://www.wikidata.org/prop/statement/",
    "time": "http://www.w3.org/2006/time#",
    "wdt": "http://www.wikidata.org/prop/direct/",
}


def profile_names(dataset: Dataset) -> list[str]:
    """The profiles of a workspace."""
    folder = dataset.workspace.ontology / "profiles"
    return sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []


def profile_triples(dataset: Dataset, name: str, day: str) -> list[Triple]:
    """The triples of a profile as of a day, sorted.

    Raises:
        InputError: if there is no such profile, or one of its queries is wrong.
    """
    files = dataset.workspace.profile_files(name)
    if not files:
        known = ", ".join(profile_names(dataset)) or "none"
        raise InputError(f"no profile is called {name}; there are: {known}")
    made: set[Triple] = set()
    for path in files:
        text = path.read_text(encoding="utf-8")
        shown = dataset.workspace.shown(path)
        if not read_header(text, path).get("summary"):
            raise InputError(f"{shown}:1: the header lacks #+ summary:")
        answer = run(dataset, text, day, shown)
        if not isinstance(answer, QueryTriples):
            raise InputError(f"{shown}:1: a profile is made of CONSTRUCT queries")
        made.update(answer)
    return sorted(made, key=str)


def in_profile(dataset: Dataset, name: str, how: str, day: str) -> bytes:
    """Serialize a profile in one of :data:`csto.load.formats.BY_KEY`."""
    triples = profile_triples(dataset, name, day)
    prefixes = {**part_prefixes(dataset), **_WIKIDATA}
    if how == "jsonld":
        from pyoxigraph import Quad

        quads = [Quad(t.subject, t.predicate, t.object) for t in triples]
        return jsonld.write(jsonld.compact(quads, prefixes))
    if how in ("ntriples", "nquads"):
        return "".join(f"{triple} .\n" for triple in triples).encode()
    chosen = BY_KEY[how].rdf
    # Sources are many and never cited in a profile.
    short = {n: iri for n, iri in prefixes.items() if "/source/" not in iri}
    return serialize(triples, format=chosen, prefixes={**short, **WELL_KNOWN}) or b""
