"""owlrl as oracle: the same axioms over the same triples, by another's code.

owlrl (https://github.com/RDFLib/OWL-RL) implements all OWL 2 RL rules, slowly and
without proofs. On any slice its closure must equal ours, less what is written
down in :data:`NOISE`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import rdflib
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize
from rdflib.namespace import OWL as R_OWL
from rdflib.namespace import RDF as R_RDF
from rdflib.namespace import RDFS as R_RDFS
from rdflib.namespace import XSD as R_XSD

from csto.reason.engine import Engine, Step
from csto.rules.rule import Rule
from csto.vocabulary import ASSERTED, INFERRED, ONTOLOGY, RDF_TYPE, csto

Plain = tuple[str, str, str]


class Graph(Protocol):
    """What the comparison needs of a completed graph."""

    @property
    def store(self) -> Store: ...
    @property
    def axioms(self) -> list[Rule]: ...
    @property
    def steps(self) -> list[Step]: ...
    def cut(self, day: str) -> tuple[NamedNode, NamedNode]: ...


def oracle_input(dataset: Graph, day: str) -> list[Triple]:
    """What :func:`slice_input` says of the certain slice of a day."""
    certain, _ = dataset.cut(day)
    return slice_input(dataset.store, dataset.axioms, dataset.steps, certain)


def slice_input(
    store: Store, axioms: Iterable[Rule], steps: Iterable[Step], graph: NamedNode
) -> list[Triple]:
    """Direct relations of a slice, and of what they touch the types and what axioms join to them.

    Not the whole graph: owlrl takes seconds for each thousand triples, and votes,
    passages and claims take no part in any axiom that a slice can wake.
    """
    joined = {
        NamedNode(pattern[1][1:-1])
        for axiom in axioms
        if len(axiom.body) > 1
        for pattern in axiom.body
    }
    direct = [
        triple
        for step in steps
        if step.graph == graph and step.rule.stratum == "slice"
        for triple in step.triples
        if isinstance(triple.object, NamedNode)
    ]
    touched = {t.subject for t in direct} | {t.object for t in direct}
    about = [
        quad.triple
        for node in touched
        if isinstance(node, NamedNode)
        for predicate in {RDF_TYPE, *joined}
        for known in (ASSERTED, INFERRED)
        for quad in store.quads_for_pattern(node, predicate, None, known)
        if predicate != RDF_TYPE or known == ASSERTED
    ]
    return sorted({*direct, *about}, key=str)


OWLRL = Rule(
    code="owlrl",
    text="",
    stratum="timeless",
    number=0,
    summary="what the reasoner owlrl concludes",
    because="owlrl keeps no premises",
    origin="owlrl",
)


def owlrl_step(
    store: Store,
    axioms: Iterable[Rule],
    steps: Iterable[Step],
    graph: NamedNode,
    graphs: Iterable[NamedNode],
    number: int,
) -> Step | None:
    """Close a slice with owlrl in place of the compiled axioms; ``None`` if nothing is new.

    Args:
        store: is read and written.
        axioms: what the ontology says, as rules.
        steps: those that made the slice.
        graph: the slice.
        graphs: those whose triples are known.
        number: the round of the step.
    """
    known = [*graphs, graph]
    new = [
        triple
        for terms in sorted(owlrl_closure(store, slice_input(store, axioms, steps, graph)))
        for triple in [_triple(terms)]
        if not any(Quad(triple.subject, triple.predicate, triple.object, g) in store for g in known)
    ]
    store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in new)
    return Step(number, OWLRL, tuple(new), graph) if new else None


def _triple(terms: Plain) -> Triple:
    subject, predicate, thing = terms
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(thing))


def our_closure(dataset: Graph, given: Iterable[Triple]) -> set[Plain]:
    """What our compiled axioms add to the given triples."""
    store, data, made = Store(), NamedNode("urn:given"), NamedNode("urn:made")
    for quad in dataset.store.quads_for_pattern(None, None, None, ONTOLOGY):
        store.add(quad)
    for triple in given:
        store.add(Quad(triple.subject, triple.predicate, triple.object, data))
    for _ in Engine(store).run(dataset.axioms, made, (ONTOLOGY, data)):
        pass
    return {
        (q.subject.value, q.predicate.value, q.object.value)
        for q in store.quads_for_pattern(None, None, None, made)
        if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)
    }


def owlrl_closure(store: Store, given: Iterable[Triple]) -> set[Plain]:
    """What owlrl adds to the given triples, less its documented noise."""
    import owlrl

    triples = sorted(given, key=str)
    graph = rdflib.Graph()
    ontology = store.dump(format=RdfFormat.N_TRIPLES, from_graph=ONTOLOGY) or b""
    graph.parse(data=ontology.decode(), format="nt")
    vocabulary = {
        str(subject) for subject in graph.subjects() if isinstance(subject, rdflib.URIRef)
    }
    data = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    graph.parse(data=data.decode(), format="nt")
    before = set(graph)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False).expand(graph)
    return {
        (str(s), str(p), str(o))
        for s, p, o in graph
        if (s, p, o) not in before and useful(s, p, o, vocabulary)
    }


def useful(s: object, p: object, o: object, vocabulary: set[str]) -> bool:
    """Whether a triple of owlrl says something about a named individual: it is no noise."""
    return not any(noise(s, p, o, vocabulary) for noise in NOISE.values())


_BUILTIN = (str(R_XSD), str(R_RDF), str(R_RDFS), str(R_OWL))

# What owlrl concludes and we do not, by the rule of the profile that gives it. Each says
# nothing about a named individual of the graph that a question could ask for.
NOISE: dict[str, Callable[[Any, Any, Any, set[str]], bool]] = {
    # dt-type2, eq-ref on literals: a literal cannot be the subject of a triple in RDF.
    "a literal as subject or property": lambda s, p, o, _: (
        isinstance(s, rdflib.Literal) or not isinstance(p, rdflib.URIRef)
    ),
    # dt-type1, prp-rng to a datatype, eq-ref: values and their datatypes are checked by shapes.
    "a literal as object": lambda s, p, o, _: isinstance(o, rdflib.Literal),
    # cls-*, cax-*: class expressions have no names, and what is in them has rules of its own.
    "a blank node of a class expression": lambda s, p, o, _: (
        isinstance(s, rdflib.BNode) or isinstance(o, rdflib.BNode)
    ),
    # cls-thing, cax-sco to the top: true of everything.
    "everything is a thing": lambda s, p, o, _: (
        p == R_RDF.type and o in (R_OWL.Thing, R_RDFS.Resource, R_OWL.NamedIndividual)
    ),
    # eq-ref: true of everything.
    "everything is itself": lambda s, p, o, _: p == R_OWL.sameAs and s == o,
    # scm-*: the hierarchy of the vocabulary, which is no statement about the world.
    "a statement about the vocabulary": lambda s, p, o, vocabulary: (
        str(s) in vocabulary or str(s).startswith(_BUILTIN)
    ),
}


def boundary_days(dataset: Graph) -> list[str]:
    """Every day on which a situation can begin or end: between them no slice changes."""
    return sorted(
        {
            quad.object.value
            for name in ("startEarliest", "startLatest", "endEarliest", "endLatest")
            for quad in dataset.store.quads_for_pattern(None, csto(name), None, INFERRED)
            if isinstance(quad.object, Literal)
        }
    )
