"""The service description of the endpoint, with the VoID of the graph beside it."""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from csto.graph.dataset import TIMELESS
from csto.publish.void import DCAT, DCT, SPDX, description
from csto.serve.answers import write_triples
from csto.serve.media import GRAPHS, HTML
from csto.serve.reply import Reply
from csto.serve.site import Site, choose
from csto.vocabulary import BASE, CERTAIN, POSSIBLE, RDF_TYPE, RDFS_LABEL, VOID, XSD, slice_graph

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_PREFIXES = {
    "sd": _SD,
    "void": VOID,
    "dcat": DCAT,
    "dcterms": DCT,
    "spdx": SPDX,
    "formats": _FORMATS,
}
_WRITTEN = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD"),
)
_WORDS = ("The ontology", "What is stated", "What follows", "What is certain on {}")


def describe(
    site: Site, *, endpoint: str, on: str | None, accept: str | None, format: str | None
) -> Reply:
    """The description, as RDF.

    Args:
        site: what is described.
        endpoint: URL of the endpoint as the client knows it.
        on: the day whose slices are the dataset.
        accept: media types that the client takes.
        format: a key in its place.
    """
    media = choose(accept, format, [m for m in GRAPHS if m is not HTML])
    day = site.day(on)
    triples = set(_service(site, endpoint, day))
    whole = description(site.dataset, day)
    triples |= {quad.triple for quad in parse(whole, format=RdfFormat.TURTLE)}
    prefixes = {**site.prefixes, **_PREFIXES}
    body = write_triples(sorted(triples, key=str), media.key, prefixes)
    return Reply(body, media.header, headers={"CSTO-On": day})


def _service(site: Site, endpoint: str, day: str) -> list[Triple]:
    found: list[Triple] = []
    service, whole = (
        NamedNode(endpoint),
        NamedNode(site.dataset.workspace.manifest.node or BASE + "graph"),
    )
    merged = NamedNode(endpoint + "#default-graph")

    def say(subject: NamedNode, predicate: str, thing: NamedNode | Literal) -> None:
        found.append(Triple(subject, NamedNode(predicate), thing))

    def graph(node: NamedNode, count: int, words: str) -> None:
        say(node, RDF_TYPE.value, NamedNode(_SD + "Graph"))
        say(node, RDF_TYPE.value, NamedNode(VOID + "Dataset"))
        number = Literal(str(count), datatype=NamedNode(XSD + "integer"))
        say(node, VOID + "triples", number)
        say(node, RDFS_LABEL.value, Literal(words, language="en"))

    say(service, RDF_TYPE.value, NamedNode(_SD + "Service"))
    say(service, _SD + "endpoint", service)
    say(service, _SD + "supportedLanguage", NamedNode(_SD + "SPARQL11Query"))
    for name in _WRITTEN:
        say(service, _SD + "resultFormat", NamedNode(_FORMATS + name))
    say(service, _SD + "defaultDataset", whole)
    say(whole, RDF_TYPE.value, NamedNode(_SD + "Dataset"))
    say(whole, VOID + "sparqlEndpoint", service)
    say(whole, _SD + "defaultGraph", merged)
    default, _ = site.dataset.view(day)
    triples = {q.triple for g in default for q in _quads(site, g)}
    graph(merged, len(triples), f"What is stated, what follows, and what is certain on {day}")
    for part, words in zip((*TIMELESS, slice_graph(day, CERTAIN)), _WORDS, strict=True):
        say(merged, VOID + "subset", part)
        graph(part, len(_quads(site, part)), words.format(day))
    possible = slice_graph(day, POSSIBLE)
    entry = NamedNode(endpoint + "#possible")
    say(whole, _SD + "namedGraph", entry)
    say(entry, RDF_TYPE.value, NamedNode(_SD + "NamedGraph"))
    say(entry, _SD + "name", possible)
    say(entry, _SD + "graph", possible)
    graph(possible, len(_quads(site, possible)), f"What is possible on {day}")
    return found


def _quads(site: Site, graph: NamedNode) -> list[Quad]:
    return list(site.store.quads_for_pattern(None, None, None, graph))


JOBS: dict[str, Callable[..., Reply]] = {"describe": describe}
