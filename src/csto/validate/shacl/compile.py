"""Constraints of SHACL Core as SPARQL.

Each constraint becomes one query that selects the nodes and values that break it. The
nodes a shape looks at, and the instances of the classes it names, stand in a graph of
their own (``GRAPH_OF_FOCUS``), so that a query joins sets instead of following class
hierarchies for each node.

A constraint on a value is an expression; nested shapes (``sh:or``, ``sh:node`` …) are
expressions of their parts. What is not covered raises :class:`NotCoveredError`, and the
shape goes to pyshacl.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, NamedNode

from csto.validate.shacl.model import Shapes, sh
from csto.vocabulary import BASE, RDF, SH, XSD

GRAPH_OF_FOCUS = NamedNode(BASE + "graph/focus")
FOCUS_OF = NamedNode(BASE + "shape/focusOf")
INSTANCE_OF = NamedNode(BASE + "shape/instanceOf")

_LANG_STRING = RDF + "langString"
_COMPARE = {
    "minInclusive": ">=",
    "minExclusive": ">",
    "maxInclusive": "<=",
    "maxExclusive": "<",
}
# The store keeps these as other datatypes, so only the files tell whether they are right.
_REWRITTEN = {
    XSD + name
    for name in (
        *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("long", "int", "short", "byte"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
}
# Datatypes whose values the engine can read, so that an ill-formed one is told.
_CASTS = ("boolean", "integer", "decimal", "double", "float", "dateTime", "date", "time")
_NODE_KINDS = {
    "IRI": "isIRI({v})",
    "Literal": "isLiteral({v})",
    "BlankNode": "isBlank({v})",
    "IRIOrLiteral": "(isIRI({v}) || isLiteral({v}))",
    "BlankNodeOrIRI": "(isBlank({v}) || isIRI({v}))",
    "BlankNodeOrLiteral": "(isBlank({v}) || isLiteral({v}))",
}
MAX_DEPTH = 6
NESTED = ("or", "and", "xone", "not", "node")


class NotCoveredError(Exception):
    """A constraint that is not compiled."""


@dataclass(frozen=True)
class Constraint:
    """One query; its rows bind ``?this`` and, where there is one, ``?value``."""

    component: str
    query: str
    parameter: Any = None


def component(name: str) -> str:
    return f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent"


def term(node: Any) -> str:
    if isinstance(node, BlankNode):
        raise NotCoveredError("a blank node as a value")
    return str(node)


class Compiler:
    """Compiles the shapes of one shapes graph."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.classes: set[Any] = set()
        self._variables = 0
        self._depth = 0

    def constraints(self, shape: Any, nodes: str) -> list[Constraint]:
        """The queries of one shape, without those of its properties.

        Args:
            shape: a node or property shape.
            nodes: a pattern that binds ``?this`` to what the shape looks at.

        Raises:
            NotCoveredError: if a constraint of it is not covered.
        """
        written = self.shapes.value(shape, sh("path"))
        path = self.shapes.path(written) if written is not None else ""
        found = []
        for name, parameter in self.shapes.constraints(shape):
            query = self._whole(name, parameter, nodes, path, shape)
            if query is None:
                expression = self._value(name, parameter, shape, "?value")
                reach = f"?this {path} ?value" if path else "BIND(?this AS ?value)"
                query = (
                    f"SELECT DISTINCT ?this ?value WHERE {{ {nodes} {reach} "
                    f"FILTER(COALESCE(!({expression}), true)) }}"
                )
            if query:
                found.append(Constraint(component(name), query, parameter))
        return found

    def _whole(self, name: str, parameter: Any, nodes: str, path: str, shape: Any) -> str | None:
        """Queries about all values of a node at once; ``None`` for constraints on each value."""
        if name in ("minCount", "maxCount", "uniqueLang", "hasValue") and not path:
            if name != "hasValue":
                raise NotCoveredError(f"sh:{name} on a node shape")
            return f"SELECT ?this WHERE {{ {nodes} FILTER(?this != {term(parameter)}) }}"
        if name == "minCount":
            return _min_count(nodes, path, int(parameter.value))
        if name == "maxCount":
            return (
                f"SELECT ?this WHERE {{ {nodes} ?this {path} ?v }} GROUP BY ?this "
                f"HAVING(COUNT(DISTINCT ?v) > {int(parameter.value)})"
            )
        if name == "hasValue":
            return f"SELECT ?this WHERE {{ {nodes} MINUS {{ ?this {path} {term(parameter)} }} }}"
        if name == "uniqueLang":
            if parameter.value != "true":
                return ""
            return (
                f"SELECT ?this ?tag WHERE {{ {nodes} ?this {path} ?v "
                'BIND(LCASE(LANG(?v)) AS ?tag) FILTER(?tag != "") } '
                "GROUP BY ?this ?tag HAVING(COUNT(?v) > 1)"
            )
        if name == "disjoint":
            reach = f"?this {path} ?value" if path else "BIND(?this AS ?value)"
            return (
                f"SELECT DISTINCT ?this ?value WHERE {{ {nodes} {reach} . ?this {parameter} ?same "
                "FILTER(sameTerm(?same, ?value)) }"
            )
        if name in ("lessThan", "lessThanOrEquals"):
            sign = "<" if name == "lessThan" else "<="
            return (
                f"SELECT DISTINCT ?this ?value WHERE {{ {nodes} ?this {path} ?value ; "
                f"{parameter} ?other FILTER(COALESCE(!(?value {sign} ?other), true)) }}"
            )
        if name == "closed":
            return self._closed(parameter, nodes, shape)
        return None

    def _closed(self, parameter: Any, nodes: str, shape: Any) -> str:
        if parameter.value not in ("true", "1"):
            return ""
        allowed = [self.shapes.value(p, sh("path")) for p in self.shapes.properties(shape)]
        allowed += self.shapes.members(self.shapes.value(shape, sh("ignoredProperties")))
        listed = ", ".join(str(p) for p in allowed if isinstance(p, NamedNode))
        return (
            f"SELECT DISTINCT ?this ?path ?value WHERE {{ {nodes} ?this ?path ?value "
            f"FILTER(?path NOT IN ({listed})) }}"
        )

    # --- expressions on one value --------------------------------------------

    def _value(self, name: str, parameter: Any, shape: Any, v: str) -> str:
        """An expression that holds if ``v`` keeps a constraint."""
        if name == "class":
            self.classes.add(parameter)
            return f"EXISTS {{ GRAPH {GRAPH_OF_FOCUS} {{ {v} {INSTANCE_OF} {parameter} }} }}"
        if name == "datatype":
            return _datatype(parameter.value, v)
        if name == "nodeKind":
            return _NODE_KINDS[parameter.value.removeprefix(SH)].format(v=v)
        if name == "in":
            tests = [f"sameTerm({v}, {term(m)})" for m in self.shapes.members(parameter)]
            return f"({' || '.join(tests) or 'false'})"
        if name == "pattern":
            flags = self.shapes.value(shape, sh("flags"))
            rest = f", {flags}" if flags is not None else ""
            return f"(!isBlank({v}) && REGEX(STR({v}), {parameter}{rest}))"
        if name in ("minLength", "maxLength"):
            sign = ">=" if name == "minLength" else "<="
            return f"(!isBlank({v}) && STRLEN(STR({v})) {sign} {int(parameter.value)})"
        if name in _COMPARE:
            return f"({v} {_COMPARE[name]} {parameter})"
        if name == "languageIn":
            tests = [f'LANGMATCHES(LANG({v}), "{m.value}")' for m in self.shapes.members(parameter)]
            return f"({' || '.join(tests) or 'false'})"
        if name == "hasValue":
            return f"sameTerm({v}, {term(parameter)})"
        if name in ("or", "and", "xone"):
            parts = [self.conforms(member, v) for member in self.shapes.members(parameter)]
            if name == "xone":
                return f"(({' + '.join(f'IF({p}, 1, 0)' for p in parts)}) = 1)"
            return f"({(' || ' if name == 'or' else ' && ').join(parts)})"
        if name == "not":
            return f"(!{self.conforms(parameter, v)})"
        if name == "node":
            return self.conforms(parameter, v)
        raise NotCoveredError(f"sh:{name}")

    def conforms(self, shape: Any, v: str) -> str:
        """An expression that holds if the term ``v`` conforms to a shape."""
        if self._depth >= MAX_DEPTH:
            raise NotCoveredError("shapes that are nested deeply or refer to themselves")
        if self.shapes.deactivated(shape):
            return "true"
        self._depth += 1
        try:
            written = self.shapes.value(shape, sh("path"))
            if written is not None:
                return self._property_conforms(shape, self.shapes.path(written), v)
            tests = [self._safe(n, p, shape, v) for n, p in self.shapes.constraints(shape)]
            tests += [self.conforms(p, v) for p in self.shapes.properties(shape)]
            return f"({' && '.join(tests) or 'true'})"
        finally:
            self._depth -= 1

    def _safe(self, name: str, parameter: Any, shape: Any, v: str) -> str:
        if name in ("closed", "equals", "disjoint", "lessThan", "lessThanOrEquals"):
            raise NotCoveredError(f"sh:{name} in a nested shape")
        return f"COALESCE({self._value(name, parameter, shape, v)}, false)"

    def _property_conforms(self, shape: Any, path: str, v: str) -> str:
        tests = []
        for name, parameter in self.shapes.constraints(shape):
            inner = self._fresh()
            if name == "minCount" and int(parameter.value) <= 1:
                reached = f"EXISTS {{ {v} {path} {inner} }}"
                tests.append(reached if int(parameter.value) else "true")
            elif name == "maxCount" and int(parameter.value) <= 1:
                other = self._fresh()
                both = f"{v} {path} {inner} , {other} FILTER(!sameTerm({inner}, {other}))"
                once = both if int(parameter.value) else f"{v} {path} {inner}"
                tests.append(f"(!EXISTS {{ {once} }})")
            elif name == "hasValue":
                tests.append(f"EXISTS {{ {v} {path} {term(parameter)} }}")
            elif name in ("minCount", "maxCount", "uniqueLang"):
                raise NotCoveredError(f"sh:{name} {parameter.value} in a nested shape")
            else:
                kept = self._safe(name, parameter, shape, inner)
                tests.append(f"(!EXISTS {{ {v} {path} {inner} FILTER(!{kept}) }})")
        if self.shapes.properties(shape):
            raise NotCoveredError("sh:property in a nested property shape")
        return f"({' && '.join(tests) or 'true'})"

    def _fresh(self) -> str:
        self._variables += 1
        return f"?v{self._variables}"


def _min_count(nodes: str, path: str, least: int) -> str:
    if least <= 0:
        return ""
    if least == 1:
        return f"SELECT ?this WHERE {{ {nodes} MINUS {{ ?this {path} ?v }} }}"
    return (
        f"SELECT ?this WHERE {{ {nodes} OPTIONAL {{ ?this {path} ?v }} }} GROUP BY ?this "
        f"HAVING(COUNT(DISTINCT ?v) < {least})"
    )


def _datatype(datatype: str, v: str) -> str:
    if datatype in _REWRITTEN:
        raise NotCoveredError("a datatype that the store rewrites")
    test = f"DATATYPE({v}) = <{datatype}>"
    name = datatype.removeprefix(XSD)
    if datatype == XSD + name and name in _CASTS:
        cast = f"<{datatype}>(STR({v}))"
        return f"({test} && COALESCE(sameTerm({cast}, {cast}), false))"
    return f"({test})"
