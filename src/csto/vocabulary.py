"""Names: namespaces, graph names, and how an IRI is shortened for people."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import NamedNode

BASE = "https://w3id.org/csto/"
CSTO = BASE + "ontology#"
FUNCTION = BASE + "function/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SH = "http://www.w3.org/ns/shacl#"
DCTERMS = "http://purl.org/dc/terms/"
VOID = "http://rdfs.org/ns/void#"
VANN = "http://purl.org/vocab/vann/"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

RDF_TYPE = NamedNode(RDF + "type")
RDFS_LABEL = NamedNode(RDFS + "label")
XSD_DATE = NamedNode(XSD + "date")
EDTF_TYPE = NamedNode(EDTF)

ONTOLOGY = NamedNode(BASE + "graph/ontology")
ASSERTED = NamedNode(BASE + "graph/asserted")
INFERRED = NamedNode(BASE + "graph/inferred")
# An index of names, no statements: no query sees it.
NAMES = NamedNode(BASE + "graph/names")

CERTAIN = NamedNode(BASE + "concept/certainty/certain")
POSSIBLE = NamedNode(BASE + "concept/certainty/possible")
# Neither told nor ruled out: no evidence about the thing itself reaches that far.
OPEN = NamedNode(BASE + "concept/certainty/open")

# Prefixes that queries may use without declaring them and that output is shortened with.
# The kinds of things and the concept schemes follow from the shape of their IRIs.
WELL_KNOWN: dict[str, str] = {
    "csto": CSTO,
    "dcterms": DCTERMS,
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "fn": FUNCTION,
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": "https://schema.org/",
    "sh": SH,
    "skos": SKOS,
    "source": BASE + "source/",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": XSD,
}


def csto(local: str) -> NamedNode:
    """The term of our ontology with this local name."""
    return NamedNode(CSTO + local)


def slice_graph(day: str, certainty: NamedNode) -> NamedNode:
    """The graph of one slice, which is also the node that describes it."""
    return NamedNode(f"{BASE}slice/{day}/{certainty.value.rsplit('/', 1)[1]}")


def shorten(iri: str, prefixes: Mapping[str, str] = WELL_KNOWN) -> str:
    """``state:kazakhstan`` for people; the full IRI where no prefix fits.

    Things of ours are shortened by rule: ``…/id/<kind>/<slug>`` and
    ``…/concept/<scheme>/<slug>`` to their kind or scheme without hyphens,
    ``…/source/<key>#<passage>`` to the key of the source.
    """
    if iri.startswith(BASE):
        rest = iri[len(BASE) :]
        head, _, tail = rest.partition("/")
        if head in ("id", "concept"):
            kind, slash, slug = tail.partition("/")
            if slash and slug:
                return f"{kind.replace('-', '')}:{slug}"
        if head == "source" and "#" in tail:
            key, _, passage = tail.partition("#")
            return f"{key}:{passage}"
    best = ""
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and len(namespace) > len(prefixes.get(best, "")):
            best = prefix
    if best:
        return f"{best}:{iri[len(prefixes[best]) :]}"
    return iri
