"""owlrl as oracle: the same axioms over the same triples, by another's code.

owlrl (https://github.com/RDFLib/OWL-RL) implements all OWL 2 RL rules, slowly and
without proofs. On any slice its closure must equal ours, less what is written
down in :func:`useful`: axiomatic triples, reflexive ``sameAs``, literals as
subjects, blank nodes of class expressions, and statements about the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable

import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, serialize
from rdflib.namespace import OWL as R_OWL
from rdflib.namespace import RDF as R_RDF
from rdflib.namespace import RDFS as R_RDFS
from rdflib.namespace import XSD as R_XSD

from csto.dataset import Dataset
from csto.engine import Engine
from csto.names import ASSERTED, ONTOLOGY, RDF_TYPE

Plain = tuple[str, str, str]


def oracle_input(dataset: Dataset, day: str) -> list[Triple]:
    """Direct relations of the certain slice of a day, and the types of what they touch.

    Not the whole graph: owlrl takes seconds for each thousand triples, and votes,
    passages and claims take no part in any axiom that a slice can wake.
    """
    certain, _ = dataset.cut(day)
    direct = [
        triple
        for step in dataset.steps
        if step.rule.stratum == "slice"
        for triple in step.triples
        if isinstance(triple.object, NamedNode)
        and Quad(triple.subject, triple.predicate, triple.object, certain) in dataset.store
    ]
    touched = {t.subject for t in direct} | {t.object for t in direct}
    types = [
        quad.triple
        for node in touched
        if isinstance(node, NamedNode)
        for quad in dataset.store.quads_for_pattern(node, RDF_TYPE, None, ASSERTED)
    ]
    return sorted({*direct, *types}, key=str)


def our_closure(dataset: Dataset, given: Iterable[Triple]) -> set[Plain]:
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


def owlrl_closure(dataset: Dataset, given: Iterable[Triple]) -> set[Plain]:
    """What owlrl adds to the given triples, less its documented noise."""
    import owlrl

    triples = sorted(given, key=str)
    graph = rdflib.Graph()
    ontology = dataset.store.dump(format=RdfFormat.N_TRIPLES, from_graph=ONTOLOGY) or b""
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
    """Whether a triple of owlrl says something about a named individual.

    Left out: literals as subjects (not RDF), blank nodes, ``owl:Thing`` and
    ``rdfs:Resource``, ``x owl:sameAs x``, and all statements about the vocabulary
    and the datatypes.
    """
    if not all(isinstance(term, rdflib.URIRef) for term in (s, p, o)):
        return False
    if p == R_RDF.type and o in (R_OWL.Thing, R_RDFS.Resource, R_OWL.NamedIndividual):
        return False
    if p == R_OWL.sameAs and s == o:
        return False
    builtin = (str(R_XSD), str(R_RDF), str(R_RDFS), str(R_OWL))
    return str(s) not in vocabulary and not str(s).startswith(builtin)
