"""The dataset described for catalogues: VoID and DCAT 3.

VoID (https://www.w3.org/TR/void/) counts triples, entities, and class and property
partitions; DCAT (https://www.w3.org/TR/vocab-dcat-3/) tells title, licence, coverage
and the files of a release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from csto import __version__
from csto.graph.dataset import Dataset
from csto.load.manifest import Manifest
from csto.vocabulary import (
    ASSERTED,
    BASE,
    INFERRED,
    ONTOLOGY,
    RDF,
    RDF_TYPE,
    VOID,
    WELL_KNOWN,
    XSD,
    XSD_DATE,
    beside,
    csto,
)

DCAT = "http://www.w3.org/ns/dcat#"
DCT = "http://purl.org/dc/terms/"
SPDX = "http://spdx.org/rdf/terms#"
_SHA256 = NamedNode(SPDX + "checksumAlgorithm_sha256")
_PREFIXES = {"void": VOID, "dcat": DCAT, "dcterms": DCT, "spdx": SPDX}
_INTEGER = NamedNode(XSD + "integer")


@dataclass(frozen=True)
class File:
    """A file of a release, for its distribution."""

    name: str
    media_type: str
    size: int
    sha256: str


class _Maker:
    def __init__(self, manifest: Manifest) -> None:
        self.triples: list[Triple] = []
        # The workspace is the dataset.
        self.root = NamedNode(manifest.node or BASE + "graph")
        self.licence = NamedNode(manifest.licence) if manifest.licence else None

    def part(self, name: str) -> NamedNode:
        """A part of the description."""
        return NamedNode(f"{self.root.value}#{name}")

    def add(self, subject: NamedNode, predicate: str, thing: NamedNode | Literal) -> None:
        self.triples.append(Triple(subject, NamedNode(predicate), thing))

    def number(self, subject: NamedNode, local: str, value: int) -> None:
        self.add(subject, VOID + local, Literal(str(value), datatype=_INTEGER))


def _examples(dataset: Dataset, root: NamedNode) -> list[NamedNode]:
    """The first of the states that the graph covers, if it names any."""
    quads = dataset.store.quads_for_pattern(root, csto("coversState"), None, ASSERTED)
    return sorted((q.object for q in quads if isinstance(q.object, NamedNode)), key=str)[:1]


def description(dataset: Dataset, day: str, files: Mapping[str, File] | None = None) -> bytes:
    """The description as Turtle.

    Args:
        dataset: what is described.
        day: the day of its inferences.
        files: the files of a release by name, each a distribution.
    """
    manifest = dataset.workspace.manifest
    make = _Maker(manifest)
    make.add(make.root, RDF + "type", NamedNode(VOID + "Dataset"))
    make.add(make.root, RDF + "type", NamedNode(DCAT + "Dataset"))
    make.add(make.root, DCT + "title", Literal(manifest.title or "Graph", language="en"))
    for creator in manifest.creators:
        iri = creator.startswith(("http://", "https://"))
        make.add(make.root, DCT + "creator", NamedNode(creator) if iri else Literal(creator))
    if make.licence:
        make.add(make.root, DCT + "license", make.licence)
    version = __version__ if dataset.workspace.base is None else dataset.cut_off
    make.add(make.root, DCAT + "version", Literal(manifest.version or version))
    for layer in dataset.workspace.layers:
        make.add(make.root, VOID + "uriSpace", Literal(beside(layer.manifest.base)))
    for example in _examples(dataset, make.root):
        make.add(make.root, VOID + "exampleResource", example)
    _coverage(make, dataset)
    for predicate in (VOID + "vocabulary",):
        for name in ("csto", "org", "prov", "skos", "eli"):
            make.add(make.root, predicate, NamedNode(WELL_KNOWN[name]))
    for name, graph in (("ontology", ONTOLOGY), ("asserted", ASSERTED), ("inferred", INFERRED)):
        part = NamedNode(f"{BASE}graph/{name}")
        make.add(make.root, VOID + "subset", part)
        _count(make, dataset, part, graph)
    _partitions(make, dataset)
    for name, file in sorted((files or {}).items()):
        _distribution(make, name, file)
    make.add(make.root, DCT + "modified", Literal(day, datatype=XSD_DATE))
    prefixes = {**WELL_KNOWN, **_PREFIXES}
    ordered = sorted(make.triples, key=str)
    return serialize(ordered, format=RdfFormat.TURTLE, prefixes=prefixes) or b""


def _coverage(make: _Maker, dataset: Dataset) -> None:
    store = dataset.store
    for quad in store.quads_for_pattern(make.root, csto("coversState"), None, ASSERTED):
        if isinstance(quad.object, NamedNode):
            make.add(make.root, DCT + "spatial", quad.object)
    days = [
        q.object.value
        for q in store.quads_for_pattern(None, csto("earliest"), None, INFERRED)
        if isinstance(q.object, Literal)
    ]
    period = make.part("period")
    make.add(make.root, DCT + "temporal", period)
    make.add(period, RDF + "type", NamedNode(DCT + "PeriodOfTime"))
    if days:
        make.add(period, DCAT + "startDate", Literal(min(days), datatype=XSD_DATE))
    make.add(period, DCAT + "endDate", Literal(dataset.cut_off, datatype=XSD_DATE))
    for quad in store.quads_for_pattern(None, RDF_TYPE, csto("Source"), ASSERTED):
        if isinstance(quad.subject, NamedNode):
            make.add(make.root, DCT + "source", quad.subject)


def _count(make: _Maker, dataset: Dataset, part: NamedNode, graph: NamedNode) -> None:
    quads = list(dataset.store.quads_for_pattern(None, None, None, graph))
    make.add(part, RDF + "type", NamedNode(VOID + "Dataset"))
    make.number(part, "triples", len(quads))
    make.number(part, "distinctSubjects", len({q.subject for q in quads}))
    make.number(part, "properties", len({q.predicate for q in quads}))


def _partitions(make: _Maker, dataset: Dataset) -> None:
    predicates: Counter[NamedNode] = Counter()
    classes: Counter[NamedNode] = Counter()
    entities = set()
    total = 0
    for graph in (ASSERTED, INFERRED):
        for quad in dataset.store.quads_for_pattern(None, None, None, graph):
            total += 1
            predicates[quad.predicate] += 1
            if isinstance(quad.subject, BlankNode):
                continue
            entities.add(quad.subject)
            if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode):
                classes[quad.object] += 1
    make.number(make.root, "triples", total)
    make.number(make.root, "entities", len(entities))
    make.number(make.root, "classes", len(classes))
    make.number(make.root, "properties", len(predicates))
    for cls, number in classes.items():
        part = make.part(f"class-{_slug(cls)}")
        make.add(make.root, VOID + "classPartition", part)
        make.add(part, VOID + "class", cls)
        make.number(part, "entities", number)
    for predicate, number in predicates.items():
        part = make.part(f"property-{_slug(predicate)}")
        make.add(make.root, VOID + "propertyPartition", part)
        make.add(part, VOID + "property", predicate)
        make.number(part, "triples", number)


def _slug(node: NamedNode) -> str:
    prefix = next((n for n, iri in WELL_KNOWN.items() if node.value.startswith(iri)), "other")
    return f"{prefix}-{node.value.replace('#', '/').rsplit('/', 1)[1]}"


def _distribution(make: _Maker, name: str, file: File) -> None:
    node = make.part(f"file-{name.replace('/', '-')}")
    sums = NamedNode(f"{node.value}-sha256")
    make.add(make.root, DCAT + "distribution", node)
    make.add(node, RDF + "type", NamedNode(DCAT + "Distribution"))
    make.add(node, DCT + "title", Literal(name))
    media = f"https://www.iana.org/assignments/media-types/{file.media_type}"
    make.add(node, DCAT + "mediaType", NamedNode(media))
    make.add(node, DCAT + "byteSize", Literal(str(file.size), datatype=_INTEGER))
    if make.licence:
        make.add(node, DCT + "license", make.licence)
    make.add(node, SPDX + "checksum", sums)
    make.add(sums, RDF + "type", NamedNode(SPDX + "Checksum"))
    make.add(sums, SPDX + "algorithm", _SHA256)
    make.add(
        sums, SPDX + "checksumValue", Literal(file.sha256, datatype=NamedNode(XSD + "hexBinary"))
    )
