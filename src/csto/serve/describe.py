"""The service description of the endpoint, with VoID: what is there and how it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from pyoxigraph import Literal, NamedNode, Triple

from csto import __version__
from csto.dataset import TIMELESS
from csto.names import BASE, CERTAIN, OWL, POSSIBLE, RDF_TYPE, RDFS_LABEL, XSD, slice_graph
from csto.serve.answers import write_triples
from csto.serve.media import GRAPHS, HTML
from csto.serve.reply import Reply
from csto.serve.site import Site, choose

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_DCT = "http://purl.org/dc/terms/"
_FORMATS = "http://www.w3.org/ns/formats/"
_PREFIXES = {"sd": _SD, "void": _VOID, "formats": _FORMATS}
_WRITTEN = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD"),
)


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
    triples = _service(site, endpoint, day)
    prefixes = {**site.prefixes, **_PREFIXES}
    body = write_triples(triples, media.key, prefixes)
    return Reply(body, media.header, headers={"CSTO-On": day})


def _service(site: Site, endpoint: str, day: str) -> list[Triple]:
    found: list[Triple] = []
    service = NamedNode(endpoint)
    whole, default = NamedNode(endpoint + "#dataset"), NamedNode(endpoint + "#default")

    def say(subject: NamedNode, predicate: str, thing: NamedNode | Literal) -> None:
        found.append(Triple(subject, NamedNode(predicate), thing))

    def kind(subject: NamedNode, *classes: str) -> None:
        for name in classes:
            say(subject, RDF_TYPE.value, NamedNode(name))

    kind(service, _SD + "Service")
    say(service, _SD + "endpoint", service)
    say(service, _SD + "supportedLanguage", NamedNode(_SD + "SPARQL11Query"))
    for name in _WRITTEN:
        say(service, _SD + "resultFormat", NamedNode(_FORMATS + name))
    say(service, _SD + "defaultDataset", whole)
    kind(whole, _SD + "Dataset", _VOID + "Dataset")
    say(whole, _DCT + "title", Literal("A knowledge graph of collective security", language="en"))
    say(
        whole,
        _DCT + "description",
        Literal(
            f"What is stated, what follows, and what is certain on {day}; the parameter on=DATE"
            " of the endpoint asks for another day.",
            language="en",
        ),
    )
    licence = "https://creativecommons.org/licenses/by/4.0/"
    say(whole, _DCT + "license", NamedNode(licence))
    say(whole, OWL + "versionInfo", Literal(__version__))
    say(whole, _VOID + "sparqlEndpoint", service)
    say(whole, _VOID + "uriSpace", Literal(BASE))
    say(whole, _VOID + "exampleResource", NamedNode(BASE + "id/body/csto"))
    say(whole, _SD + "defaultGraph", default)
    kind(default, _SD + "Graph", _VOID + "Dataset")
    certain, possible = (slice_graph(day, c) for c in (CERTAIN, POSSIBLE))
    graphs, named = site.dataset.view(day)
    classes: Counter[NamedNode] = Counter()
    properties: Counter[NamedNode] = Counter()
    total = 0
    for graph in (*graphs, *named):
        count = 0
        for quad in site.store.quads_for_pattern(None, None, None, graph):
            count += 1
            if graph in named:
                continue
            properties[quad.predicate] += 1
            if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode):
                classes[quad.object] += 1
        if graph not in named:
            total += count
        entry = NamedNode(f"{endpoint}#{graph.value[len(BASE) :].replace('/', '-')}")
        say(whole, _SD + "namedGraph" if graph in named else _VOID + "subset", entry)
        say(entry, _SD + "name", graph)
        kind(entry, _SD + "NamedGraph", _VOID + "Dataset")
        say(entry, RDFS_LABEL.value, Literal(_graph_label(graph, certain, possible), language="en"))
        say(entry, _VOID + "triples", _number(count))
        if graph in named:
            say(entry, _SD + "graph", entry)
            kind(entry, _SD + "Graph")
    say(default, _VOID + "triples", _number(total))
    for counted, partition, name in (
        (classes, "classPartition", "class"),
        (properties, "propertyPartition", "property"),
    ):
        for term, count in counted.items():
            part = NamedNode(f"{endpoint}#{name}-{_slug(term)}")
            say(default, _VOID + partition, part)
            say(part, _VOID + name, term)
            say(part, _VOID + ("entities" if name == "class" else "triples"), _number(count))
    return sorted(set(found), key=str)


def _graph_label(graph: NamedNode, certain: NamedNode, possible: NamedNode) -> str:
    if graph == certain:
        return "What is certain on the day"
    if graph == possible:
        return "What is possible on the day"
    words = dict(zip(TIMELESS, ("The ontology", "What is stated", "What follows"), strict=True))
    return words[graph]


def _slug(term: NamedNode) -> str:
    from csto.names import shorten

    return "".join(c if c.isalnum() or c in "-_" else "-" for c in shorten(term.value))


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=NamedNode(XSD + "integer"))


JOBS: dict[str, Callable[..., Reply]] = {"describe": describe}
