"""Whether an ontology keeps to OWL 2 RL and OWL 2 DL, and which term does not.

Checked are the restrictions of the profiles on what an ontology like ours can hold
(https://www.w3.org/TR/owl2-profiles/#OWL_2_RL, https://www.w3.org/TR/owl2-syntax/#Global_Restrictions_on_Axioms_in_OWL_2_DL):
class expressions on the right side of an axiom, datatypes, declarations, names of one
kind only, and simple properties where they are asked for. The facts of a graph are not part
of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from csto.vocabulary import ONTOLOGY, OWL, RDF, RDF_TYPE, RDFS, XSD, shorten

# https://www.w3.org/TR/owl2-profiles/#Entities_3; the dates of XML Schema are no part of OWL 2.
_DATATYPES = {
    RDF + "PlainLiteral",
    RDF + "XMLLiteral",
    RDF + "langString",
    RDFS + "Literal",
    *(
        XSD + name
        for name in (
            *("decimal", "integer", "nonNegativeInteger", "nonPositiveInteger"),
            *("positiveInteger", "negativeInteger", "long", "int", "short", "byte"),
            *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "float", "double"),
            *("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN"),
            *("boolean", "hexBinary", "base64Binary", "anyURI", "dateTime", "dateTimeStamp"),
        )
    ),
}
# Kinds of names that OWL 2 DL keeps apart from each other.
_PROPERTIES = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_CLASSES = ("Class", "Datatype")
_BARRED = {
    OWL + name
    for name in (
        *("disjointUnionOf", "ReflexiveProperty", "hasSelf", "minCardinality", "cardinality"),
        *("minQualifiedCardinality", "qualifiedCardinality", "onProperties", "withRestrictions"),
        *("datatypeComplementOf", "topObjectProperty", "topDataProperty"),
    )
}
_BUILT_IN = (RDF, RDFS, OWL, XSD)


@dataclass(frozen=True)
class Fault:
    """A term of the ontology, the profile it breaks, and how."""

    term: str
    profile: str
    what: str

    def __str__(self) -> str:
        return f"{shorten(self.term)}: {self.what} (OWL 2 {self.profile})"


def faults(store: Store) -> list[Fault]:
    """All that keeps the ontology graph of a store out of OWL 2 RL or OWL 2 DL."""
    checker = _Checker(store)
    return sorted(
        {
            *checker.barred(),
            *checker.expressions(),
            *checker.datatypes(),
            *checker.kinds(),
            *checker.declarations(),
            *checker.simple(),
            *checker.chains(),
        },
        key=str,
    )


class _Checker:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.kind: dict[Any, set[str]] = defaultdict(set)
        for term, thing in self._pairs(RDF + "type"):
            if isinstance(thing, NamedNode) and thing.value.startswith(OWL):
                self.kind[term].add(thing.value.removeprefix(OWL))

    def _pairs(self, predicate: str, subject: Any = None) -> Iterator[tuple[Any, Any]]:
        for quad in self.store.quads_for_pattern(subject, NamedNode(predicate), None, ONTOLOGY):
            yield quad.subject, quad.object

    def _list(self, head: Any) -> list[Any]:
        items = []
        while head != NamedNode(RDF + "nil"):
            items += [thing for _, thing in self._pairs(RDF + "first", head)][:1]
            head = next(
                (rest for _, rest in self._pairs(RDF + "rest", head)), NamedNode(RDF + "nil")
            )
        return items

    def _owner(self, node: Any) -> str:
        """The name that an anonymous expression belongs to."""
        seen = set()
        while isinstance(node, BlankNode) and node not in seen:
            seen.add(node)
            above = self.store.quads_for_pattern(None, None, node, ONTOLOGY)
            node = next((quad.subject for quad in above), node)
        return str(node.value)

    # --- OWL 2 RL ----------------------------------------------------------

    def barred(self) -> Iterator[Fault]:
        """Constructs that the profile leaves out altogether."""
        for quad in self.store.quads_for_pattern(None, None, None, ONTOLOGY):
            for term in (quad.predicate, quad.object):
                if isinstance(term, NamedNode) and term.value in _BARRED:
                    yield Fault(self._owner(quad.subject), "RL", f"{shorten(term.value)} is used")

    def expressions(self) -> Iterator[Fault]:
        """Class expressions stand only on the side of an axiom that allows them."""
        for sub, sup in self._pairs(RDFS + "subClassOf"):
            yield from self._left(sub, self._owner(sub))
            yield from self._right(sup, self._owner(sub))
        for one, other in self._pairs(OWL + "equivalentClass"):
            for side in (one, other):
                yield from self._equivalent(side, self._owner(one))
        for predicate in (RDFS + "domain", RDFS + "range"):
            for term, cls in self._pairs(predicate):
                yield from self._right(cls, self._owner(term))
        for one, other in self._pairs(OWL + "disjointWith"):
            for side in (one, other):
                yield from self._left(side, self._owner(one))
                if isinstance(side, BlankNode):
                    what = "disjointness with an unnamed class is looked for by no check"
                    yield Fault(self._owner(one), "RL", what)

    def _parts(self, node: Any) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = defaultdict(list)
        for quad in self.store.quads_for_pattern(node, None, None, ONTOLOGY):
            found[quad.predicate.value.removeprefix(OWL)].append(quad.object)
        return found

    def _left(self, node: Any, term: str) -> Iterator[Fault]:
        if isinstance(node, NamedNode):
            if node.value == OWL + "Thing":
                yield Fault(term, "RL", "owl:Thing is no subclass of anything")
            return
        parts = self._parts(node)
        for key in ("intersectionOf", "unionOf"):
            for head in parts[key]:
                for member in self._list(head):
                    yield from self._left(member, term)
        for filler in parts["someValuesFrom"]:
            if filler != NamedNode(OWL + "Thing"):
                yield from self._left(filler, term)
        allowed = ("intersectionOf", "unionOf", "oneOf", "someValuesFrom", "hasValue")
        if not any(parts[key] for key in allowed):
            yield Fault(term, "RL", "this class expression cannot stand on the left of an axiom")

    def _right(self, node: Any, term: str) -> Iterator[Fault]:
        if isinstance(node, NamedNode):
            return
        parts = self._parts(node)
        for head in parts["intersectionOf"]:
            for member in self._list(head):
                yield from self._right(member, term)
        for filler in parts["allValuesFrom"]:
            yield from self._right(filler, term)
        for negated in parts["complementOf"]:
            yield from self._left(negated, term)
        for key in ("maxCardinality", "maxQualifiedCardinality"):
            if any(getattr(number, "value", "") not in ("0", "1") for number in parts[key]):
                yield Fault(term, "RL", f"owl:{key} is 0 or 1")
        allowed = (
            *("intersectionOf", "allValuesFrom", "complementOf", "hasValue"),
            *("maxCardinality", "maxQualifiedCardinality"),
        )
        if not any(parts[key] for key in allowed):
            yield Fault(term, "RL", "this class expression cannot stand on the right of an axiom")

    def _equivalent(self, node: Any, term: str) -> Iterator[Fault]:
        if isinstance(node, NamedNode):
            if node.value == OWL + "Thing":
                yield Fault(term, "RL", "owl:Thing is equivalent to nothing")
            return
        parts = self._parts(node)
        for head in parts["intersectionOf"]:
            for member in self._list(head):
                yield from self._equivalent(member, term)
        if not parts["intersectionOf"] and not parts["hasValue"]:
            yield Fault(term, "RL", "only an intersection or owl:hasValue is equivalent to a class")

    def datatypes(self) -> Iterator[Fault]:
        """Datatypes of values in the ontology, and of the ranges of properties."""
        for quad in self.store.quads_for_pattern(None, None, None, ONTOLOGY):
            thing = quad.object
            name = ""
            if isinstance(thing, Literal):
                name = thing.datatype.value
            elif quad.predicate.value == RDFS + "range" and str(thing).startswith(f"<{XSD}"):
                name = str(thing)[1:-1]
            if name and name not in _DATATYPES:
                yield Fault(self._owner(quad.subject), "RL", f"{shorten(name)} is used as datatype")

    # --- OWL 2 DL ----------------------------------------------------------

    def kinds(self) -> Iterator[Fault]:
        """No name is two kinds of property, or a class and a datatype."""
        for term, kinds in self.kind.items():
            for group in (_PROPERTIES, _CLASSES):
                found = sorted(kinds & set(group))
                if len(found) > 1:
                    yield Fault(str(term.value), "DL", f"declared as {' and '.join(found)}")

    def declarations(self) -> Iterator[Fault]:
        """Every class and property that is used is declared, and as what it is used."""
        for quad in self.store.quads_for_pattern(None, None, None, ONTOLOGY):
            predicate, thing = quad.predicate, quad.object
            if not predicate.value.startswith(_BUILT_IN):
                kinds = self.kind[predicate] & set(_PROPERTIES)
                if not kinds:
                    yield Fault(predicate.value, "DL", "used as a property and not declared")
                if kinds == {"ObjectProperty"} and isinstance(thing, Literal):
                    yield Fault(predicate.value, "DL", f"a property of things has {thing}")
                if kinds == {"DatatypeProperty"} and not isinstance(thing, Literal):
                    yield Fault(predicate.value, "DL", f"a property of values has {thing}")
            if predicate == RDF_TYPE or predicate.value in (RDFS + "subClassOf", RDFS + "domain"):
                named = isinstance(thing, NamedNode) and not thing.value.startswith(_BUILT_IN)
                if named and "Class" not in self.kind[thing]:
                    yield Fault(str(thing)[1:-1], "DL", "used as a class and not declared")

    def _super(self) -> dict[Any, set[Any]]:
        """Each property with those above it, inverses counted as one with their like."""
        above: dict[Any, set[Any]] = defaultdict(set)
        for sub, sup in self._pairs(RDFS + "subPropertyOf"):
            above[sub].add(sup)
        for one, other in (
            *self._pairs(OWL + "equivalentProperty"),
            *self._pairs(OWL + "inverseOf"),
        ):
            above[one].add(other)
            above[other].add(one)
        return above

    def _composite(self) -> dict[Any, str]:
        """Properties that are not simple: transitive, made by a chain, or above one that is."""
        above = self._super()
        found = {
            t: "is transitive" for t, kinds in self.kind.items() if "TransitiveProperty" in kinds
        }
        found |= {t: "is made by a chain" for t, _ in self._pairs(OWL + "propertyChainAxiom")}
        waiting = list(found)
        while waiting:
            term = waiting.pop()
            for other in above[term]:
                if other not in found:
                    found[other] = f"is above {shorten(term.value)}, which {found[term]}"
                    waiting.append(other)
        return found

    def simple(self) -> Iterator[Fault]:
        """Only simple properties are irreflexive, asymmetric, disjoint or counted."""
        composite = self._composite()
        asked: list[tuple[Any, str]] = [
            (term, kind)
            for term, kinds in self.kind.items()
            for kind in sorted(kinds)
            if kind
            in (
                *("IrreflexiveProperty", "AsymmetricProperty", "FunctionalProperty"),
                "InverseFunctionalProperty",
            )
        ]
        for one, other in self._pairs(OWL + "propertyDisjointWith"):
            asked += [(one, "propertyDisjointWith"), (other, "propertyDisjointWith")]
        for axiom, kinds in list(self.kind.items()):
            if "AllDisjointProperties" in kinds:
                for _, head in self._pairs(OWL + "members", axiom):
                    asked += [(member, "AllDisjointProperties") for member in self._list(head)]
        for term, construct in asked:
            if term in composite:
                what = f"owl:{construct} asks for a simple property, but it {composite[term]}"
                yield Fault(str(term.value), "DL", what)

    def chains(self) -> Iterator[Fault]:
        """Chains are regular: no property is needed to make itself, but at an end of its chain."""
        needs: dict[Any, set[Any]] = defaultdict(set)
        for term, head in self._pairs(OWL + "propertyChainAxiom"):
            steps = self._list(head)
            if steps == [term, term]:
                continue
            inner = steps[1:] if steps[0] == term else steps[:-1] if steps[-1] == term else steps
            needs[term] |= set(inner)
        for sub, sup in self._pairs(RDFS + "subPropertyOf"):
            needs[sup].add(sub)
        for term, _ in self._pairs(OWL + "propertyChainAxiom"):
            reached, waiting = set(), list(needs[term])
            while waiting:
                step = waiting.pop()
                if step not in reached:
                    reached.add(step)
                    waiting += needs[step]
            if term in reached:
                yield Fault(str(term.value), "DL", "its chain needs the property itself")
