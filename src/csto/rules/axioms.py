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
from functools import lru_cache

from csto.errors import InputError
from csto.rules.rule import Rule, axiom
from csto.vocabulary import OWL, RDF, RDFS, XSD, shorten

# Terms are in the notation of N-Triples, as rules and the engine have them.
_OWL = f"<{OWL}"
_TYPE = f"<{RDF}type>"
_FIRST, _REST, _NIL = (f"<{RDF}{name}>" for name in ("first", "rest", "nil"))
_Pattern = Sequence[tuple[str, str, str]]

# Read elsewhere: contradictions by the checks, the rest says nothing about instances.
_WITHOUT_TRIPLES = {
    f"<{OWL}{name}>"
    for name in (
        "disjointWith",
        "propertyDisjointWith",
        "members",
        "distinctMembers",
        "differentFrom",
        "sourceIndividual",
        "assertionProperty",
        "targetIndividual",
        "targetValue",
        "imports",
        "versionIRI",
        "versionInfo",
        "deprecated",
        "priorVersion",
        "backwardCompatibleWith",
        "onProperty",
        "hasValue",
        "someValuesFrom",
        "intersectionOf",
        "equivalentClass",
        "propertyChainAxiom",
        "inverseOf",
        "equivalentProperty",
    )
}
_TYPES_WITHOUT_TRIPLES = {
    f"<{OWL}{name}>"
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

_SYMMETRIC, _TRANSITIVE = (f"<{OWL}{name}Property>" for name in ("Symmetric", "Transitive"))
_TYPES_WITH_RULES = {_SYMMETRIC, _TRANSITIVE}
_THING = f"<{OWL}Thing>"
_KNOWN_TYPES = _TYPES_WITHOUT_TRIPLES | _TYPES_WITH_RULES
_SUB_CLASS, _SUB_PROPERTY, _DOMAIN, _RANGE = (
    f"<{RDFS}{name}>" for name in ("subClassOf", "subPropertyOf", "domain", "range")
)
_SAME_CLASS, _SAME_PROPERTY, _INVERSE, _CHAIN = (
    f"<{OWL}{name}>"
    for name in ("equivalentClass", "equivalentProperty", "inverseOf", "propertyChainAxiom")
)
_WITH_RULES = (
    *(_SUB_CLASS, _SUB_PROPERTY, _DOMAIN, _RANGE),
    *(_SAME_CLASS, _SAME_PROPERTY, _INVERSE, _CHAIN),
)
# What makes a class expression; a named class has it only by way of an axiom.
_ON, _VALUE, _SOME, _ALL_OF = (
    f"<{OWL}{name}>" for name in ("onProperty", "hasValue", "someValuesFrom", "intersectionOf")
)
_OF_EXPRESSIONS = {_ON, _VALUE, _SOME, _ALL_OF}
_READ = (*_WITH_RULES, *_OF_EXPRESSIONS, _TYPE, _FIRST, _REST)


def compile_axioms(ontology: Iterable[Sequence[str]]) -> list[Rule]:
    """Rules for all axioms of an ontology, whose terms are in the notation of N-Triples.

    Raises:
        InputError: for an axiom outside what is covered, naming it.
    """
    compiler = _Compiler(ontology)
    return sorted(compiler.rules(), key=lambda rule: (rule.code, rule.text))


class _UncoveredError(Exception):
    """A part of an axiom for which there is no rule."""


def _not_covered(axiom: str, subject: str, fix: str = "", why: str = "") -> InputError:
    name = _show(subject) if _is_named(subject) else "an axiom"
    part = f" ({why})" if why else ""
    return InputError(
        f"ontology: {_show(axiom)} on {name} is not covered{part}; "
        + (fix or "write a rule in ontology/rules/ instead")
    )


class _Compiler:
    def __init__(self, ontology: Iterable[Sequence[str]]) -> None:
        # What stands under each predicate that rules are made from; every axiom has a rule, or
        # is known to make no triples, or is refused by name.
        self.pairs: dict[str, list[tuple[str, str]]] = {name: [] for name in _READ}
        self.values: dict[tuple[str, str], str] = {}
        for subject, predicate, thing in ontology:
            pairs = self.pairs.get(predicate)
            if pairs is not None:
                if predicate == _TYPE and thing.startswith(_OWL) and thing not in _KNOWN_TYPES:
                    raise _not_covered(thing, subject)
                pairs.append((subject, thing))
                self.values.setdefault((subject, predicate), thing)
                if predicate in _OF_EXPRESSIONS and _is_named(subject):
                    fix = "say that it is owl:equivalentClass to a class expression"
                    raise _not_covered(predicate, subject, fix)
            elif predicate.startswith(_OWL) and predicate not in _WITHOUT_TRIPLES:
                raise _not_covered(predicate, subject)

    def _one(self, subject: str, predicate: str) -> str | None:
        return self.values.get((subject, predicate))

    def _list(self, head: str) -> list[str]:
        items: list[str] = []
        while head != _NIL:
            first, rest = self._one(head, _FIRST), self._one(head, _REST)
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
                named = subject if _is_named(subject) else thing
                raise _not_covered(predicate, named, why=str(error)) from error

    def _axioms(self) -> Iterator[tuple[str, str, str]]:
        for predicate in _WITH_RULES:
            for subject, thing in self.pairs[predicate]:
                yield subject, predicate, thing
        for subject, thing in self.pairs[_TYPE]:
            if thing in _TYPES_WITH_RULES:
                yield subject, thing, thing

    def _rules_of(self, one: str, axiom: str, other: str) -> Iterator[Rule]:
        """The rules of one axiom; ``other`` is its class where the axiom is a type of ``one``."""
        if axiom == _SUB_CLASS:
            yield from self._sub_class(one, other, "cax-sco")
        elif axiom == _SAME_CLASS:
            yield from self._sub_class(one, other, "cax-eqc")
            yield from self._sub_class(other, one, "cax-eqc")
        elif axiom == _SUB_PROPERTY:
            yield _rule("prp-spo1", [("?x", one, "?y")], ("?x", other, "?y"))
        elif axiom == _SAME_PROPERTY:
            yield _rule("prp-eqp1", [("?x", one, "?y")], ("?x", other, "?y"))
            yield _rule("prp-eqp2", [("?x", other, "?y")], ("?x", one, "?y"))
        elif axiom == _INVERSE:
            yield _rule("prp-inv1", [("?x", one, "?y")], ("?y", other, "?x"))
            yield _rule("prp-inv2", [("?x", other, "?y")], ("?y", one, "?x"))
        elif axiom == _DOMAIN:
            yield from self._concludes("prp-dom", [("?x", one, "?y")], "?x", other)
        elif axiom == _RANGE:
            # A datatype says what values are allowed, which the shapes check.
            if not other.startswith(f"<{XSD}"):
                yield from self._concludes("prp-rng", [("?x", one, "?y")], "?y", other)
        elif axiom == _CHAIN:
            steps = self._list(other)
            body = [(f"?x{i}", step, f"?x{i + 1}") for i, step in enumerate(steps)]
            yield _rule("prp-spo2", body, ("?x0", one, f"?x{len(steps)}"))
        elif axiom == _SYMMETRIC:
            yield _rule("prp-symp", [("?x", one, "?y")], ("?y", one, "?x"))
        elif axiom == _TRANSITIVE:
            yield _rule("prp-trp", [("?x", one, "?y"), ("?y", one, "?z")], ("?x", one, "?z"))

    def _sub_class(self, sub: str, sup: str, code: str) -> Iterator[Rule]:
        """``sub`` on the left: what an individual must show. ``sup``: what follows."""
        name, body = self._condition(sub, code)
        yield from self._concludes(name, body, "?x", sup)

    def _condition(self, cls: str, name: str) -> tuple[str, _Pattern]:
        if _is_named(cls):
            return name, [("?x", _TYPE, cls)]
        if members := self._one(cls, _ALL_OF):
            body: list[tuple[str, str, str]] = []
            for index, member in enumerate(self._list(members)):
                for subject, predicate, thing in self._condition(member, name)[1]:
                    # A variable of one member must not meet that of another.
                    renamed = f"?y{index}" if thing == "?y" else thing
                    body.append((f"?y{index}" if subject == "?y" else subject, predicate, renamed))
            return "cls-int1", body
        prop = self._one(cls, _ON)
        if prop:
            if value := self._one(cls, _VALUE):
                return "cls-hv2", [("?x", prop, value)]
            if filler := self._one(cls, _SOME):
                pattern: list[tuple[str, str, str]] = [("?x", prop, "?y")]
                if filler != _THING:
                    pattern.append(("?y", _TYPE, filler))
                return "cls-svf1", pattern
        raise _UncoveredError("a class expression on its left")

    def _concludes(self, name: str, body: _Pattern, subject: str, cls: str) -> Iterator[Rule]:
        if _is_named(cls):
            yield _rule(name, body, (subject, _TYPE, cls))
            return
        if members := self._one(cls, _ALL_OF):
            for member in self._list(members):
                yield from self._concludes("cls-int2", body, subject, member)
            return
        prop = self._one(cls, _ON)
        if prop and (value := self._one(cls, _VALUE)):
            yield _rule("cls-hv1", body, (subject, prop, value))
            return
        raise _UncoveredError("a class expression on its right")


def _rule(name: str, body: _Pattern, head: tuple[str, str, str]) -> Rule:
    if any(term.startswith("_:") for triple in (head, *body) for term in triple):
        # Such as the inverse of a property that has no name.
        raise _UncoveredError("a property expression")
    left = ", ".join(" ".join(map(_show, triple)) for triple in body)
    return axiom(name, body, head, f"{left} → {' '.join(map(_show, head))}")


def _is_named(term: str) -> bool:
    return term.startswith("<")


@lru_cache(1024)
def _show(term: str) -> str:
    return shorten(term[1:-1]) if _is_named(term) else term
