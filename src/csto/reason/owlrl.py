"""owlrl as oracle: the same axioms over the same triples, by another's code.

owlrl (https://github.com/RDFLib/OWL-RL) implements all OWL 2 RL rules, slowly and
without proofs. On any slice its closure must equal ours, less what is written
down in :data:`NOISE`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize
from rdflib.namespace import OWL as R_OWL
from rdflib.namespace import RDF as R_RDF
from rdflib.namespace import RDFS as R_RDFS
from rdflib.namespace import XSD as R_XSD

from csto.errors import InputError
from csto.reason.evaluate import Evaluation, evaluate
from csto.reason.index import Triple as IndexTriple
from csto.reason.state import State
from csto.rules.program import THE_DAY, program
from csto.rules.rule import Rule
from csto.sparql.dialect import Group
from csto.vocabulary import RDF_TYPE, csto

Plain = tuple[str, str, str]


OWLRL = Rule(
    code="owlrl",
    text="",
    head=(),
    body=Group(()),
    summary="what the reasoner owlrl concludes",
    because="owlrl keeps no premises",
    origin="owlrl",
)


def slice_input(found: Evaluation, day: str, width: int = 0) -> list[Triple]:
    """What rules say of a day, and of what they touch the types and what axioms join to them.

    Not the whole graph: owlrl takes seconds for each thousand triples, and votes,
    passages and claims take no part in any axiom that a slice can wake.
    """
    state, log = found.state, found.log
    number, term = state.terms.numbers, state.terms.term
    joined = {
        number[pattern[1]]
        for rule in found.program.plans
        if rule.axiom and len(rule.body.patterns) > 1
        for pattern in rule.body.patterns
        if pattern[1] in number
    }
    rdf_type = number[str(RDF_TYPE)]
    direct = {
        triple
        for triple in _made_by_rules(found, day, width)
        if isinstance(term(triple[2]) if triple[2] != number.get(THE_DAY) else None, NamedNode)
    }
    touched = {triple[0] for triple in direct} | {triple[2] for triple in direct}
    about = {
        triple
        for node in touched
        for predicate in {rdf_type, *joined}
        for triple in state.index.matching(node, predicate, None)
        if triple not in state.held[0] and (predicate != rdf_type or not log.of(triple))
    }
    return sorted((_as_triple(found, triple) for triple in direct | about), key=str)


def _made_by_rules(found: Evaluation, day: str, width: int) -> Iterator[IndexTriple]:
    """What holds on a day only, and which a rule made that is no axiom."""
    at = date.fromisoformat(day).toordinal()
    for triple, days in found.state.held[width].items():
        if found.state.days.has(days, at):
            making = found.log.on(triple, at, width, found.state.days)
            if making is not None and not making.rule.axiom:
                yield triple


def _as_triple(found: Evaluation, triple: IndexTriple) -> Triple:
    subject, predicate, thing = (found.state.terms.term(number) for number in triple)
    return Triple(subject, predicate, thing)  # type: ignore[arg-type]


def closed_anew(
    found: Evaluation, ontology: Iterable[Quad], day: str, width: int, quads: Iterable[Quad]
) -> Iterator[Quad]:
    """A slice with what owlrl concludes in the place of what the compiled axioms do."""
    index, numbers = found.state.index, found.state.terms.numbers
    by_rules = {
        (s, p) for s, p, _ in (found.state.spelt(t) for t in _made_by_rules(found, day, width))
    }
    graph = None
    for quad in quads:
        graph = quad.graph_name
        given = quad.predicate in (csto("day"), csto("certainty"))
        if given or (str(quad.subject), str(quad.predicate)) in by_rules:
            yield quad
    for terms in sorted(owlrl_closure(ontology, slice_input(found, day, width))):
        subject, predicate, thing = terms
        key = (
            numbers.get(f"<{subject}>", -1),
            numbers.get(f"<{predicate}>", -1),
            numbers.get(f"<{thing}>", -1),
        )
        known = key in index and key not in found.state.held[0]
        if not known and graph is not None:
            yield Quad(NamedNode(subject), NamedNode(predicate), NamedNode(thing), graph)


def our_closure(
    ontology: Iterable[Quad], axioms: Iterable[Rule], given: Iterable[Triple]
) -> set[Plain]:
    """What our compiled axioms add to the given triples."""
    rules = program(list(axioms))
    state = State(len(rules.widths))
    everything = [*(quad.triple for quad in ontology), *given]
    state.add((str(t.subject), str(t.predicate), str(t.object)) for t in everything)
    found = (state.spelt(triple) for triple in evaluate(rules, state).timeless())
    return {(s[1:-1], p[1:-1], o[1:-1]) for s, p, o in found if s[0] == "<" and o[0] == "<"}


def owlrl_closure(ontology: Iterable[Quad], given: Iterable[Triple]) -> set[Plain]:
    """What owlrl adds to the ontology and the given triples, less its documented noise."""
    try:
        import owlrl
    except ImportError as error:
        raise InputError(
            "--reasoner owlrl needs owlrl, which is not installed: pip install 'csto[compare]'"
        ) from error

    triples = sorted(given, key=str)
    graph = rdflib.Graph()
    said = serialize((quad.triple for quad in ontology), format=RdfFormat.N_TRIPLES) or b""
    graph.parse(data=said.decode(), format="nt")
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
