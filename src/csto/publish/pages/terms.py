"""What the site says of classes, properties and concepts, read from the ontology graph."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from csto.graph.dataset import Dataset
from csto.vocabulary import (
    ASSERTED,
    BASE,
    CSTO,
    INFERRED,
    ONTOLOGY,
    OWL,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    SKOS,
    shorten,
)

_KINDS = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "datatype property",
    OWL + "AnnotationProperty": "annotation property",
}
_RELATIONS = {
    RDFS + "subClassOf": "kind of",
    RDFS + "subPropertyOf": "narrower than",
    OWL + "inverseOf": "inverse of",
    OWL + "disjointWith": "disjoint with",
    RDFS + "domain": "of",
    RDFS + "range": "to",
}
_TRAITS = {
    OWL + "TransitiveProperty": "transitive",
    OWL + "SymmetricProperty": "symmetric",
    OWL + "AsymmetricProperty": "asymmetric",
    OWL + "IrreflexiveProperty": "irreflexive",
}


@dataclass
class Term:
    """A class or property of ours."""

    name: str
    iri: str
    kind: str
    label: str
    definition: str
    relations: list[tuple[str, str]] = field(default_factory=list)
    traits: list[str] = field(default_factory=list)
    stated: int = 0
    derived: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass
class Room:
    """A module of the ontology with its terms."""

    name: str
    intro: str
    terms: list[Term] = field(default_factory=list)


@dataclass
class Concept:
    """A concept of a scheme."""

    name: str
    label: str
    definition: str
    broader: str
    uses: int


@dataclass
class Scheme:
    """A SKOS concept scheme."""

    name: str
    iri: str
    label: str
    definition: str
    concepts: list[Concept] = field(default_factory=list)


def rooms(dataset: Dataset) -> list[Room]:
    """The modules of the ontology, each with the terms it declares."""
    uses = _Uses(dataset)
    found = []
    for path in dataset.workspace.ontology_files():
        if path.parent not in dataset.workspace.ontologies:
            continue
        names = _declared(path)
        if names:
            terms = [_term(dataset, uses, iri) for iri in names]
            found.append(Room(path.stem, _opening(path), terms))
    return found


def _declared(path: Path) -> list[str]:
    seen: dict[str, None] = {}
    for quad in parse(path=str(path), format=RdfFormat.TURTLE):
        subject, thing = quad.subject, quad.object
        kind = quad.predicate == RDF_TYPE and getattr(thing, "value", "") in _KINDS
        if kind and isinstance(subject, NamedNode) and subject.value.startswith(CSTO):
            seen.setdefault(subject.value)
    return list(seen)


def _opening(path: Path) -> str:
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return " ".join(lines)


class _Uses:
    """How often each property and class is used, and by what."""

    def __init__(self, dataset: Dataset) -> None:
        self.stated: Counter[str] = Counter()
        self.derived: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = defaultdict(list)
        dataset.make_asked()
        for graph, counted in ((ASSERTED, self.stated), (INFERRED, self.derived)):
            for quad in dataset.store.quads_for_pattern(None, None, None, graph):
                is_type = quad.predicate == RDF_TYPE
                key = getattr(quad.object, "value", "") if is_type else quad.predicate.value
                counted[key] += 1
                if graph == ASSERTED and is_type and isinstance(quad.subject, NamedNode):
                    self.examples[key].append(quad.subject.value)


def _term(dataset: Dataset, uses: _Uses, iri: str) -> Term:
    node = NamedNode(iri)
    kind, traits, relations = "class", [], []
    label = definition = ""
    for quad in dataset.store.quads_for_pattern(node, None, None, ONTOLOGY):
        predicate, thing = quad.predicate.value, quad.object
        value = getattr(thing, "value", "")
        if quad.predicate == RDF_TYPE:
            kind = _KINDS.get(value, kind)
            traits += [_TRAITS[value]] if value in _TRAITS else []
        elif predicate == RDFS_LABEL.value:
            label = value
        elif predicate == SKOS + "definition":
            definition = value
        elif predicate in _RELATIONS and not isinstance(thing, BlankNode):
            relations.append((_RELATIONS[predicate], shorten(value)))
        elif predicate == OWL + "propertyChainAxiom":
            chain = " then ".join(shorten(v.value) for v in _list(dataset, thing))
            relations.append(("follows from", chain))
    examples = [shorten(e) for e in sorted(uses.examples.get(iri, []))[:3]]
    return Term(
        shorten(iri),
        iri,
        kind,
        label,
        definition,
        sorted(relations),
        sorted(traits),
        uses.stated[iri],
        uses.derived[iri],
        examples,
    )


def _list(dataset: Dataset, head: Any) -> list[Any]:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    items = []
    while getattr(head, "value", "") != rdf + "nil":
        step = {
            q.predicate.value.removeprefix(rdf): q.object
            for q in dataset.store.quads_for_pattern(head, None, None, ONTOLOGY)
        }
        items.append(step["first"])
        head = step["rest"]
    return items


def schemes(dataset: Dataset) -> list[Scheme]:
    """The concept schemes with their concepts and how often each is used."""
    uses: Counter[str] = Counter()
    for graph in (ASSERTED, INFERRED):
        for quad in dataset.store.quads_for_pattern(None, None, None, graph):
            if isinstance(quad.object, NamedNode):
                uses[quad.object.value] += 1
    found: dict[str, Scheme] = {}
    of_scheme = NamedNode(SKOS + "inScheme")
    for quad in dataset.store.quads_for_pattern(None, of_scheme, None, ONTOLOGY):
        concept, scheme = quad.subject, quad.object
        if not isinstance(concept, NamedNode) or not isinstance(scheme, NamedNode):
            continue
        if scheme.value not in found:
            name = scheme.value.removeprefix(BASE + "concept/")
            found[scheme.value] = Scheme(
                name, scheme.value, _text(dataset, scheme, RDFS + "label"), _text(dataset, scheme)
            )
        found[scheme.value].concepts.append(
            Concept(
                shorten(concept.value),
                _text(dataset, concept, RDFS + "label"),
                _text(dataset, concept),
                _broader(dataset, concept),
                uses[concept.value],
            )
        )
    for each in found.values():
        each.concepts.sort(key=lambda c: c.name)
    return sorted(found.values(), key=lambda s: s.name)


def _text(dataset: Dataset, node: NamedNode, predicate: str = SKOS + "definition") -> str:
    values = dataset.store.quads_for_pattern(node, NamedNode(predicate), None, ONTOLOGY)
    return next((q.object.value for q in values if isinstance(q.object, Literal)), "")


def _broader(dataset: Dataset, node: NamedNode) -> str:
    values = dataset.store.quads_for_pattern(node, NamedNode(SKOS + "broader"), None, ONTOLOGY)
    return ", ".join(
        sorted(shorten(q.object.value) for q in values if isinstance(q.object, NamedNode))
    )
