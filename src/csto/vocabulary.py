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
    "wd": "http://www.wikidata.org/entity/",
    "xsd": XSD,
}


def csto(local: str) -> NamedNode:
    """The term of our ontology with this local name."""
    return NamedNode(CSTO + local)


def slice_graph(day: str, certainty: NamedNode) -> NamedNode:
    """The graph of one slice, which is also the node that describes it."""
    return NamedNode(f"{BASE}slice/{day}/{certainty.value.rsplit('/', 1)[1]}")


# The bases of things of the workspaces that this process has read, and whether each is that of
# things or of what lies beside them (concepts, sources); the longest first.
_SPACES: list[tuple[str, bool]] = [(BASE, False)]


def know(base: str) -> None:
    """Shorten the things that lie under a base, ``https://example.org/rio/id/``, from now on."""
    for space in ((base, True), (beside(base), False)):
        if space not in _SPACES:
            _SPACES.append(space)
    _SPACES.sort(key=lambda space: (-len(space[0]), not space[1]))


def is_ours(iri: str) -> bool:
    """Whether an IRI lies where the vocabulary or a workspace read so far has its names."""
    return any(iri.startswith(base) for base, _ in _SPACES)


def beside(base: str) -> str:
    """Where the sources and concepts of a workspace lie, whose things lie under a base."""
    return base.removesuffix("id/")


def shorten(iri: str, prefixes: Mapping[str, str] = WELL_KNOWN) -> str:
    """``state:kazakhstan`` for people; the full IRI where no prefix fits.

    What lies under the base of a workspace is shortened by rule: ``…/id/<kind>/<slug>`` and
    ``…/concept/<scheme>/<slug>`` to their kind or scheme without hyphens,
    ``…/source/<key>#<passage>`` to the key of the source.
    """
    for base, things in _SPACES:
        if not iri.startswith(base):
            continue
        head, _, tail = iri[len(base) :].partition("/")
        if head == "source" and tail:
            key, hash_, passage = tail.partition("#")
            return f"{key}:{passage}" if hash_ else f"source:{key}"
        kind, slug = (head, tail) if things else ("", "")
        if head == "concept":
            kind, _, slug = tail.partition("/")
        if kind and slug and "#" not in slug:
            return f"{kind.replace('-', '')}:{slug}"
    best = ""
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and len(namespace) > len(prefixes.get(best, "")):
            best = prefix
    if best:
        return f"{best}:{iri[len(prefixes[best]) :]}"
    return iri
