"""Compile the OWL 2 RL axioms of an ontology into rules.

Each axiom becomes one rule under the standard name of the W3C profile document
(https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules),
so that one engine runs axioms and hand-written rules alike and a proof can name
the axiom. An axiom that is not covered is an error that names it; none is
dropped in silence. Axioms that only detect contradictions (disjointness,
irreflexivity) make no triples and are left to the checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Quad, Store
from pyoxigraph import Triple as OxTriple

from csto.errors import InputError
from csto.rules.rule import Rule, axiom
from csto.vocabulary import ONTOLOGY, OWL, RDF, RDFS, XSD, shorten

_TYPE = RDF + "type"
_Term = NamedNode | BlankNode
_Pattern = Sequence[tuple[str, object, object]]

# Read elsewhere: contradictions by the checks, the rest says nothing about instances.
_WITHOUT_TRIPLES = {
    OWL + "disjointWith",
    OWL + "propertyDisjointWith",
    OWL + "members",
    OWL + "distinctMembers",
    OWL + "differentFrom",
    OWL + "sourceIndividual",
    OWL + "assertionProperty",
    OWL + "targetIndividual",
    OWL + "targetValue",
    OWL + "imports",
    OWL + "versionIRI",
    OWL + "versionInfo",
    OWL + "deprecated",
    OWL + "priorVersion",
    OWL + "backwardCompatibleWith",
    OWL + "onProperty",
    OWL + "hasValue",
    OWL + "someValuesFrom",
    OWL + "intersectionOf",
    OWL + "equivalentClass",
    OWL + "propertyChainAxiom",
    OWL + "inverseOf",
    OWL + "equivalentProperty",
}
_TYPES_WITHOUT_TRIPLES = {
    OWL + name
    for name in (
        "Ontology",
        "Class",
        "ObjectProperty",
        "DatatypeProperty",
        "AnnotationProperty",
        "Restriction",
        "NamedIndividual",
        "IrreflexiveProperty",
        "AsymmetricProperty",
        "AllDisjointClasses",
        "AllDisjointProperties",
        "AllDifferent",
        "NegativePropertyAssertion",
    )
}

_TYPES_WITH_RULES = {OWL + "SymmetricProperty", OWL + "TransitiveProperty"}
_KNOWN_TYPES = _TYPES_WITHOUT_TRIPLES | _TYPES_WITH_RULES
_WITH_RULES = (
    *(RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(OWL + name for name in ("equivalentClass", "equivalentProperty", "inverseOf")),
    OWL + "propertyChainAxiom",
)
# What makes a class expression; a named class has it only by way of an axiom.
_OF_EXPRESSIONS = {
    OWL + name for name in ("onProperty", "hasValue", "someValuesFrom", "intersectionOf")
}
_READ = (*_WITH_RULES, *_OF_EXPRESSIONS, _TYPE, RDF + "first", RDF + "rest")


def ontology_of(store: Store) -> Iterator[Quad]:
    """What stands in the ontology graph of a store."""
    return store.quads_for_pattern(None, None, None, ONTOLOGY)


def compile_axioms(ontology: Iterable[Quad]) -> list[Rule]:
    """Rules for all axioms of an ontology.

    Raises:
        InputError: for an axiom outside what is covered, naming it.
    """
    compiler = _Compiler(ontology)
    return sorted(compiler.rules(), key=lambda rule: (rule.code, rule.text))


class _UncoveredError(Exception):
    """A part of an axiom for which there is no rule."""


def _not_covered(axiom: str, subject: object, fix: str = "", why: str = "") -> InputError:
    name = shorten(getattr(subject, "value", "an axiom"))
    part = f" ({why})" if why else ""
    return InputError(
        f"ontology: {shorten(axiom)} on {name} is not covered{part}; "
        + (fix or "write a rule in ontology/rules/ instead")
    )


class _Compiler:
    def __init__(self, ontology: Iterable[Quad]) -> None:
        # What stands under each predicate that rules are made from; every axiom has a rule, or
        # is known to make no triples, or is refused by name.
        self.pairs: dict[str, list[tuple[_Term, _Term]]] = {name: [] for name in _READ}
        self.values: dict[tuple[_Term, str], _Term] = {}
        for quad in ontology:
            predicate = quad.predicate.value
            if predicate in self.pairs:
                subject: Any = quad.subject
                thing: Any = quad.object
                if predicate == _TYPE:
                    _refuse_unknown_type(subject, thing)
                if not isinstance(subject, OxTriple):
                    self.pairs[predicate].append((subject, thing))
                    self.values.setdefault((subject, predicate), thing)
            elif predicate.startswith(OWL) and predicate not in _WITHOUT_TRIPLES:
                raise _not_covered(predicate, quad.subject)
            if predicate in _OF_EXPRESSIONS and isinstance(quad.subject, NamedNode):
                raise _not_covered(
                    predicate,
                    quad.subject,
                    "say that it is owl:equivalentClass to a class expression",
                )

    def _one(self, subject: _Term, predicate: str) -> _Term | None:
        return self.values.get((subject, predicate))

    def _list(self, head: _Term) -> list[_Term]:
        items: list[_Term] = []
        while head.value != RDF + "nil":
            first, rest = self._one(head, RDF + "first"), self._one(head, RDF + "rest")
            if first is None or rest is None:
                raise _UncoveredError("a list that is broken off")
            items.append(first)
            head = rest
        return items

    def rules(self) -> Iterator[Rule]:
        for subject, predicate, thing in self._axioms():
            try:
                yield from self._rules_of(subject, predicate, thing)
            except _UncoveredError as error:
                named = subject if isinstance(subject, NamedNode) else thing
                raise _not_covered(predicate, named, why=str(error)) from error

    def _axioms(self) -> Iterator[tuple[_Term, str, _Term]]:
        for predicate in _WITH_RULES:
            for subject, thing in self.pairs[predicate]:
                yield subject, predicate, thing
        for subject, thing in self.pairs[_TYPE]:
            if thing.value in _TYPES_WITH_RULES:
                yield subject, thing.value, thing

    def _rules_of(self, one: _Term, axiom: str, other: _Term) -> Iterator[Rule]:
        """The rules of one axiom; ``other`` is its class where the axiom is a type of ``one``."""
        if axiom == RDFS + "subClassOf":
            yield from self._sub_class(one, other, "cax-sco")
        elif axiom == OWL + "equivalentClass":
            yield from self._sub_class(one, other, "cax-eqc")
            yield from self._sub_class(other, one, "cax-eqc")
        elif axiom == RDFS + "subPropertyOf":
            yield _rule("prp-spo1", [("?x", one, "?y")], ("?x", other, "?y"))
        elif axiom == OWL + "equivalentProperty":
            yield _rule("prp-eqp1", [("?x", one, "?y")], ("?x", other, "?y"))
            yield _rule("prp-eqp2", [("?x", other, "?y")], ("?x", one, "?y"))
        elif axiom == OWL + "inverseOf":
            yield _rule("prp-inv1", [("?x", one, "?y")], ("?y", other, "?x"))
            yield _rule("prp-inv2", [("?x", other, "?y")], ("?y", one, "?x"))
        elif axiom == RDFS + "domain":
            yield from self._concludes("prp-dom", [("?x", one, "?y")], "?x", other)
        elif axiom == RDFS + "range":
            # A datatype says what values are allowed, which the shapes check.
            if not other.value.startswith(XSD):
                yield from self._concludes("prp-rng", [("?x", one, "?y")], "?y", other)
        elif axiom == OWL + "propertyChainAxiom":
            steps = self._list(other)
            body = [(f"?x{i}", step, f"?x{i + 1}") for i, step in enumerate(steps)]
            yield _rule("prp-spo2", body, ("?x0", one, f"?x{len(steps)}"))
        elif axiom == OWL + "SymmetricProperty":
            yield _rule("prp-symp", [("?x", one, "?y")], ("?y", one, "?x"))
        elif axiom == OWL + "TransitiveProperty":
            yield _rule("prp-trp", [("?x", one, "?y"), ("?y", one, "?z")], ("?x", one, "?z"))

    def _sub_class(self, sub: _Term, sup: _Term, code: str) -> Iterator[Rule]:
        """``sub`` on the left: what an individual must show. ``sup``: what follows."""
        name, body = self._condition(sub, code)
        yield from self._concludes(name, body, "?x", sup)

    def _condition(self, cls: _Term, name: str) -> tuple[str, _Pattern]:
        if isinstance(cls, NamedNode):
            return name, [("?x", NamedNode(_TYPE), cls)]
        if members := self._one(cls, OWL + "intersectionOf"):
            body: list[tuple[str, object, object]] = []
            for index, member in enumerate(self._list(members)):
                for subject, predicate, thing in self._condition(member, name)[1]:
                    # A variable of one member must not meet that of another.
                    renamed = f"?y{index}" if thing == "?y" else thing
                    body.append((f"?y{index}" if subject == "?y" else subject, predicate, renamed))
            return "cls-int1", body
        prop = self._one(cls, OWL + "onProperty")
        if prop is not None:
            if (value := self._one(cls, OWL + "hasValue")) is not None:
                return "cls-hv2", [("?x", prop, value)]
            if filler := self._one(cls, OWL + "someValuesFrom"):
                pattern: list[tuple[str, object, object]] = [("?x", prop, "?y")]
                if filler.value != OWL + "Thing":
                    pattern.append(("?y", NamedNode(_TYPE), filler))
                return "cls-svf1", pattern
        raise _UncoveredError("a class expression on its left")

    def _concludes(self, name: str, body: _Pattern, subject: str, cls: _Term) -> Iterator[Rule]:
        if isinstance(cls, NamedNode):
            yield _rule(name, body, (subject, NamedNode(_TYPE), cls))
            return
        if members := self._one(cls, OWL + "intersectionOf"):
            for member in self._list(members):
                yield from self._concludes("cls-int2", body, subject, member)
            return
        prop = self._one(cls, OWL + "onProperty")
        if prop is not None and (value := self._one(cls, OWL + "hasValue")) is not None:
            yield _rule("cls-hv1", body, (subject, prop, value))
            return
        raise _UncoveredError("a class expression on its right")


def _refuse_unknown_type(subject: object, thing: object) -> None:
    kind = getattr(thing, "value", "")
    if kind.startswith(OWL) and kind not in _KNOWN_TYPES:
        raise _not_covered(kind, subject)


def _rule(name: str, body: _Pattern, head: tuple[str, object, object]) -> Rule:
    if any(isinstance(term, BlankNode) for triple in (head, *body) for term in triple):
        # Such as the inverse of a property that has no name.
        raise _UncoveredError("a property expression")
    spelt = [(str(s), str(p), str(o)) for s, p, o in (head, *body)]
    return axiom(name, spelt[1:], spelt[0], _because(name, body, head))


def _because(name: str, body: _Pattern, head: tuple[str, object, object]) -> str:
    def show(term: object) -> str:
        return shorten(term.value) if isinstance(term, NamedNode) else str(term)

    left = ", ".join(f"{show(s)} {show(p)} {show(o)}" for s, p, o in body)
    return f"{left} → {' '.join(show(t) for t in head)}"
