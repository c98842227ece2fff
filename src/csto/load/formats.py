"""The serializations of RDF, each once: its name, how files of it end, its media types.

What reads, writes, serves or names a serialization looks here. A new one is a row.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import RdfFormat


@dataclass(frozen=True)
class Serialization:
    """One way to write triples.

    ``key`` is its name in options; the first ending and the first media type are those that
    we write, the others are read as well.
    """

    key: str
    rdf: RdfFormat
    endings: tuple[str, ...]
    media_types: tuple[str, ...]
    # Whether it can declare prefixes.
    prefixed: bool = False

    @property
    def holds_graphs(self) -> bool:
        """Whether it keeps the names of several graphs apart."""
        return self.rdf.supports_datasets


SERIALIZATIONS = (
    Serialization(
        "turtle",
        RdfFormat.TURTLE,
        (".ttl",),
        ("text/turtle", "application/x-turtle", "text/rdf+n3"),
        prefixed=True,
    ),
    Serialization(
        "ntriples",
        RdfFormat.N_TRIPLES,
        (".nt",),
        ("application/n-triples", "text/plain", "text/ntriples"),
    ),
    Serialization("nquads", RdfFormat.N_QUADS, (".nq",), ("application/n-quads",)),
    Serialization("trig", RdfFormat.TRIG, (".trig",), ("application/trig",), prefixed=True),
    Serialization(
        "rdfxml",
        RdfFormat.RDF_XML,
        (".rdf", ".xml"),
        ("application/rdf+xml", "application/xml"),
        prefixed=True,
    ),
    Serialization(
        "jsonld", RdfFormat.JSON_LD, (".jsonld",), ("application/ld+json", "application/json")
    ),
)
BY_KEY = {one.key: one for one in SERIALIZATIONS}
BY_ENDING = {ending: one for one in SERIALIZATIONS for ending in one.endings}
BY_MEDIA_TYPE = {name: one for one in SERIALIZATIONS for name in one.media_types}
