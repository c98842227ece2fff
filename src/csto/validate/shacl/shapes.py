"""Shapes graphs read for validation, and everything that is wrong in them.

Faults are findings of the shapes graph: a misspelt constraint, a list that is none, a
constraint or target that is not supported. None is passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from csto.validate.shacl.graph import Graph, is_true
from csto.validate.shacl.parts import Constraint, Fault, Shape, sh
from csto.validate.shacl.paths import BadPathError, read_path
from csto.validate.shacl.patterns import BadPatternError, matcher
from csto.validate.shacl.queries import (
    BadQueryError,
    Component,
    load_components,
    sparql_constraint,
)
from csto.vocabulary import BASE, OWL, RDF_TYPE, RDFS, SH, XSD, shorten

_IDENTIFIER = NamedNode("http://purl.org/dc/terms/identifier")
_MAY_LACK_FOCUS = NamedNode(BASE + "shape/mayLackFocus")

# Constraints of SHACL Core by the local name of their parameter.
CORE = (
    *("class", "datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive"),
    *("maxExclusive", "maxInclusive", "minLength", "maxLength", "pattern", "languageIn"),
    *("uniqueLang", "equals", "disjoint", "lessThan", "lessThanOrEquals", "not", "and", "or"),
    *("xone", "node", "property", "qualifiedValueShape", "closed", "hasValue", "in", "sparql"),
)
TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
# What is said beside constraints, and of validators, reports and prefixes.
_BESIDE = (
    *("path", "name", "description", "message", "severity", "deactivated", "order", "group"),
    *("defaultValue", "flags", "ignoredProperties", "qualifiedMinCount", "qualifiedMaxCount"),
    *("qualifiedValueShapesDisjoint", "inversePath", "alternativePath", "zeroOrMorePath"),
    *("oneOrMorePath", "zeroOrOnePath", "select", "ask", "construct", "prefixes", "declare"),
    *("prefix", "namespace", "parameter", "optional", "validator", "nodeValidator"),
    *("propertyValidator", "labelTemplate", "shapesGraph", "suggestedShapesGraph"),
    *("shapesGraphWellFormed", "conforms", "result", "detail", "focusNode", "resultPath"),
    *("resultMessage", "resultSeverity", "sourceConstraint", "sourceConstraintComponent"),
    *("sourceShape", "value"),
)
# Parts of later drafts and of other documents: known, and refused by name.
UNSUPPORTED = {
    "target": "targets in SPARQL or of kinds of their own (SHACL Advanced Features)",
    "entailment": "entailment; complete the data first, with a reasoner of your choice",
    "rule": "rules (SHACL Advanced Features)",
    "js": "constraints in JavaScript",
    "jsFunctionName": "constraints in JavaScript",
    "jsLibrary": "constraints in JavaScript",
    "expression": "node expressions (SHACL Advanced Features)",
    "values": "derived values (SHACL Advanced Features)",
    "nodes": "node expressions (SHACL Advanced Features)",
    "condition": "rules (SHACL Advanced Features)",
    "memberShape": "sh:memberShape of SHACL 1.2",
    "minListLength": "sh:minListLength of SHACL 1.2",
    "maxListLength": "sh:maxListLength of SHACL 1.2",
    "uniqueMembers": "sh:uniqueMembers of SHACL 1.2",
    "someValue": "sh:someValue of SHACL 1.2",
    "singleLine": "sh:singleLine of SHACL 1.2",
    "rootClass": "sh:rootClass of SHACL 1.2",
    "subsetOf": "sh:subsetOf of SHACL 1.2",
    "reifierShape": "sh:reifierShape of SHACL 1.2",
    "reificationRequired": "sh:reificationRequired of SHACL 1.2",
    "nodeByExpression": "node expressions of SHACL 1.2",
    "targetWhere": "sh:targetWhere of SHACL 1.2",
}
_KINDS = ("NodeShape", "PropertyShape")
_SHAPE_LISTS = ("and", "or", "xone")
_NODE_KINDS = (
    *("IRI", "Literal", "BlankNode"),
    *("BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"),
)
# Which take one value only, a number, or a property.
_ONCE = (
    *("datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive"),
    *("maxExclusive", "maxInclusive", "minLength", "maxLength", "languageIn", "uniqueLang"),
    *("closed", "in", "pattern", "qualifiedValueShape"),
)
# The same for what is no constraint by itself.
_ONCE_BESIDE = (
    *("severity", "deactivated", "flags", "ignoredProperties", "qualifiedMinCount"),
    *("qualifiedMaxCount", "qualifiedValueShapesDisjoint"),
)
_NUMBERS = (
    *("minCount", "maxCount", "minLength", "maxLength"),
    *("qualifiedMinCount", "qualifiedMaxCount"),
)
_BOOLEANS = ("uniqueLang", "closed", "deactivated", "qualifiedValueShapesDisjoint", "optional")
_PROPERTIES = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
_LIMITS = ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive")
_ON_PROPERTIES = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals")


class ShapesGraph:
    """The shapes of a graph, and everything that is wrong with them (``faults``)."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.faults: list[Fault] = []
        self._shapes: dict[Any, Shape] = {}
        self.components: list[Component] = []
        self._examine()

    def all(self) -> list[Any]:
        """Every node that SHACL takes for a shape."""
        found: dict[Any, None] = {}
        for kind in _KINDS:
            found.update(dict.fromkeys(self.graph.instances(sh(kind))))
        for name in (*TARGETS, *CORE, "target"):
            found.update(dict.fromkeys(self.graph.subjects_of(sh(name))))
        for name in ("node", "property", "not", "qualifiedValueShape"):
            found.update(dict.fromkeys(self.graph.objects_of(sh(name))))
        for name in _SHAPE_LISTS:
            for head in self.graph.objects_of(sh(name)):
                found.update(dict.fromkeys(self.graph.members(head) or ()))
        return list(found)

    def targeted(self) -> list[Shape]:
        """Shapes with targets that are not deactivated, in the order of the graph."""
        nodes: dict[Any, None] = {}
        for name in TARGETS:
            nodes.update(dict.fromkeys(self.graph.subjects_of(sh(name))))
        for kind in _KINDS:
            for node in self.graph.instances(sh(kind)):
                if self.is_class(node):
                    nodes[node] = None
        order = {node: number for number, node in enumerate(self.graph.by_subject)}
        found = [self.shape(node) for node in sorted(nodes, key=lambda n: order.get(n, 0))]
        return [shape for shape in found if not shape.deactivated]

    def properties(self, shape: Shape) -> list[Shape]:
        """The shapes of the properties of a shape, less those that are deactivated."""
        inner = [self.shape(c.value) for c in shape.constraints if c.name == "property"]
        return [one for one in inner if not one.deactivated]

    def is_class(self, node: Any) -> bool:
        classes = (NamedNode(RDFS + "Class"), NamedNode(OWL + "Class"))
        return isinstance(node, NamedNode) and (
            any(node in self.graph.instances(cls) for cls in classes)
        )

    def shape(self, node: Any) -> Shape:
        """The shape that a node stands for; read once."""
        if node in self._shapes:
            return self._shapes[node]
        shape = self._shapes[node] = Shape(node)
        graph = self.graph
        paths = graph.values(node, sh("path"))
        if paths:
            shape.path_node = paths[0]
            try:
                shape.path = read_path(graph, paths[0])
            except BadPathError as error:
                self.fault("bad", f"sh:path: {error}", node, sh("path"), paths[0])
                shape.deactivated = True
            if len(paths) > 1:
                self.fault("bad", "a shape has one sh:path", node, sh("path"), paths[1])
        severity = graph.value(node, sh("severity"))
        if isinstance(severity, NamedNode):
            shape.severity = severity
        shape.messages = [m for m in graph.values(node, sh("message")) if isinstance(m, Literal)]
        shape.code, shape.name, shape.fix = (
            self.text(node, prop) for prop in (_IDENTIFIER, sh("name"), sh("description"))
        )
        shape.may_lack_focus = is_true(graph.value(node, _MAY_LACK_FOCUS))
        if any(is_true(v) for v in graph.values(node, sh("deactivated"))):
            shape.deactivated = True
        shape.targets = [(n, v) for n in TARGETS for v in graph.values(node, sh(n))]
        if self.is_class(node) and any(node in graph.instances(sh(kind)) for kind in _KINDS):
            shape.targets.append(("targetClass", node))
        if not shape.deactivated:
            shape.constraints = list(self._constraints(shape))
        return shape

    def text(self, node: Any, prop: NamedNode) -> str:
        """A text in English if there is one, else the first."""
        found = [v for v in self.graph.values(node, prop) if isinstance(v, Literal)]
        found.sort(key=lambda v: (v.language != "en", bool(v.language), v.value))
        return found[0].value if found else ""

    def _constraints(self, shape: Shape) -> Iterator[Constraint]:
        graph, node = self.graph, shape.node
        for name in CORE:
            for value in graph.values(node, sh(name)):
                made = self._constraint(shape, name, value)
                if made is not None:
                    yield made
        for component in self.components:
            yield from component.on(self, shape)

    def _constraint(self, shape: Shape, name: str, value: Any) -> Constraint | None:
        graph = self.graph
        component = sh(f"{name[0].upper()}{name[1:]}ConstraintComponent")
        if name == "sparql":
            component = sh("SPARQLConstraintComponent")
        made = Constraint(name, value, component)
        bad = self._bad(shape, name, value)
        if bad:
            self.fault("bad", bad, shape.node, sh(name), value)
            return None
        if name in ("minCount", "maxCount", "minLength", "maxLength"):
            made.extra = int(value.value)
        elif name in ("in", "languageIn", *_SHAPE_LISTS):
            made.extra = graph.members(value)
            made.lookup = frozenset(made.extra or ())
        elif name == "closed":
            if not is_true(value):
                return None
            ignored = graph.value(shape.node, sh("ignoredProperties"))
            allowed = set(graph.members(ignored) or ()) if ignored is not None else set()
            for prop in graph.values(shape.node, sh("property")):
                allowed.update(graph.values(prop, sh("path")))
            made.extra = allowed
        elif name == "uniqueLang":
            # The recommendation compares terms here: "1" is not true.
            if value.value != "true":
                return None
        elif name == "qualifiedValueShape":
            made.extra = (
                self._number(shape, "qualifiedMinCount"),
                self._number(shape, "qualifiedMaxCount"),
                any(
                    is_true(v) for v in graph.values(shape.node, sh("qualifiedValueShapesDisjoint"))
                ),
            )
        elif name == "pattern":
            flags = graph.value(shape.node, sh("flags"))
            try:
                made.extra = matcher(value.value, flags.value if flags is not None else "")
            except BadPatternError as error:
                self.fault("bad", f"sh:pattern: {error}", shape.node, sh(name), value)
                return None
        elif name == "sparql":
            if any(is_true(v) for v in graph.values(value, sh("deactivated"))):
                return None
            try:
                made.extra = sparql_constraint(self, shape, value)
            except BadQueryError as error:
                at = value if graph.by_subject.get(value) else shape.node
                self.fault(error.kind, str(error), at, sh(error.prop), error.value)
                return None
        return made

    def _number(self, shape: Shape, name: str) -> int | None:
        value = self.graph.value(shape.node, sh(name))
        if value is None:
            return None
        if not _is_number(value):
            self.fault("bad", f"sh:{name} is a whole number", shape.node, sh(name), value)
            return None
        return int(value.value)

    def _bad(self, shape: Shape, name: str, value: Any) -> str:
        graph = self.graph
        if name in _ONCE and value != graph.values(shape.node, sh(name))[0]:
            return f"sh:{name} stands once on a shape"
        if name in _ON_PROPERTIES and shape.path is None:
            return f"sh:{name} needs a shape with sh:path"
        if name == "qualifiedValueShape" and shape.path is None:
            return f"sh:{name} needs a shape with sh:path"
        if name in _NUMBERS and not _is_number(value):
            return f"sh:{name} is a whole number (xsd:integer), not {_shown(value)}"
        if name in _BOOLEANS and not _is_boolean(value):
            return f"sh:{name} is true or false, not {_shown(value)}"
        if name in ("class", "datatype", *_PROPERTIES) and not isinstance(value, NamedNode):
            return f"sh:{name} is an IRI, not {_shown(value)}"
        if name == "nodeKind" and value not in [sh(kind) for kind in _NODE_KINDS]:
            return f"sh:nodeKind is one of {', '.join('sh:' + k for k in _NODE_KINDS)}"
        if name in _LIMITS and not isinstance(value, Literal):
            return f"sh:{name} is a literal, not {_shown(value)}"
        if name == "pattern" and not _is_text(value):
            return f"sh:pattern is a text, not {_shown(value)}"
        if name in ("in", "languageIn", *_SHAPE_LISTS):
            members = graph.members(value)
            if members is None:
                return f"sh:{name} is a list, not {_shown(value)}"
            if name in _SHAPE_LISTS and any(isinstance(m, Literal) for m in members):
                return f"sh:{name} is a list of shapes"
            if name == "languageIn" and not all(_is_text(m) for m in members):
                return "sh:languageIn is a list of language tags, each a plain text"
        if name in ("node", "property", "not", "qualifiedValueShape"):
            if isinstance(value, Literal):
                return f"sh:{name} is a shape, not {_shown(value)}"
            if name == "node" and graph.values(value, sh("path")):
                return f"sh:node is a shape without sh:path; {_shown(value)} has one"
            if name == "property" and not graph.values(value, sh("path")):
                return f"sh:property is a shape with sh:path; {_shown(value)} has none"
            if name in ("node", "property") and not graph.by_subject.get(value):
                return f"sh:{name} {_shown(value)}: there is no such shape"
        if name == "qualifiedValueShape" and not (
            graph.values(shape.node, sh("qualifiedMinCount"))
            or graph.values(shape.node, sh("qualifiedMaxCount"))
        ):
            return "sh:qualifiedValueShape needs sh:qualifiedMinCount or sh:qualifiedMaxCount"
        return ""

    def siblings(self, shape: Shape) -> list[Shape]:
        """Value shapes beside the one of a shape, under the same parents."""
        if shape.siblings is None:
            graph = self.graph
            own = set(graph.values(shape.node, sh("qualifiedValueShape")))
            found: dict[Any, None] = {}
            for parent in graph.inverse(shape.node, sh("property")):
                for beside in graph.values(parent, sh("property")):
                    for value in graph.values(beside, sh("qualifiedValueShape")):
                        if value not in own:
                            found[value] = None
            shape.siblings = [self.shape(node) for node in found]
        return shape.siblings

    # --- what is wrong ------------------------------------------------------------

    def fault(self, kind: str, what: str, focus: Any, path: Any = None, value: Any = None) -> None:
        fault = Fault(kind, what, focus, path, value)
        if fault not in self.faults:
            self.faults.append(fault)

    def _examine(self) -> None:
        """Look for everything that is wrong, in shapes without a target too."""
        self.components = load_components(self)
        known = {*CORE, *TARGETS, *_BESIDE}
        shapes = self.all()
        for subject, said in self.graph.by_subject.items():
            for prop, values in said.items():
                if not prop.value.startswith(SH):
                    continue
                name = prop.value[len(SH) :]
                if name in UNSUPPORTED:
                    self.fault(
                        "unsupported",
                        f"sh:{name} is not supported: {UNSUPPORTED[name]}",
                        subject,
                        prop,
                        values[0],
                    )
                elif name not in known:
                    near = get_close_matches(name, sorted(known), 1)
                    meant = f"; did you mean sh:{near[0]}?" if near else ""
                    what = f"sh:{name} is no term of SHACL{meant}"
                    self.fault("misspelt", what, subject, prop, values[0])
                elif name in ("deactivated", "optional") and not _is_boolean(values[0]):
                    self.fault("bad", f"sh:{name} is true or false", subject, prop, values[0])
        for node in shapes:
            self._placed_shape(node)
            self.shape(node)

    def _placed_shape(self, node: Any) -> None:
        graph = self.graph
        types = graph.values(node, RDF_TYPE)
        if sh("PropertyShape") in types and not graph.values(node, sh("path")):
            self.fault("bad", "a property shape has sh:path; this one has none", node, RDF_TYPE)
        if sh("NodeShape") in types and graph.values(node, sh("path")):
            self.fault("bad", "a node shape has no sh:path", node, sh("path"))
        if isinstance(node, Literal):
            self.fault("bad", f"{_shown(node)} is no shape", node)
        for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf"):
            for value in graph.values(node, sh(name)):
                if not isinstance(value, NamedNode):
                    self.fault("bad", f"sh:{name} is an IRI", node, sh(name), value)
        for name in ("qualifiedMinCount", "qualifiedMaxCount"):
            for value in graph.values(node, sh(name)):
                if not _is_number(value):
                    what = f"sh:{name} is a whole number (xsd:integer), not {_shown(value)}"
                    self.fault("bad", what, node, sh(name), value)
        for value in graph.values(node, sh("qualifiedValueShapesDisjoint")):
            if not _is_boolean(value):
                what = f"sh:qualifiedValueShapesDisjoint is true or false, not {_shown(value)}"
                self.fault("bad", what, node, sh("qualifiedValueShapesDisjoint"), value)
        for name in ("shapesGraph", "entailment"):
            for value in graph.values(node, sh(name)):
                if not isinstance(value, NamedNode):
                    self.fault("bad", f"sh:{name} is an IRI", node, sh(name), value)
        for name in _ONCE_BESIDE:
            if len(found := graph.values(node, sh(name))) > 1:
                what = f"sh:{name} stands once on a shape"
                self.fault("bad", what, node, sh(name), found[1])
        for ignored in graph.values(node, sh("ignoredProperties")):
            members = graph.members(ignored)
            if members is None or not all(isinstance(m, NamedNode) for m in members):
                what = "sh:ignoredProperties is a list of properties"
                self.fault("bad", what, node, sh("ignoredProperties"), ignored)
        for value in graph.values(node, sh("message")):
            if not _is_text(value) and not (isinstance(value, Literal) and value.language):
                self.fault("bad", "sh:message is a text", node, sh("message"), value)
        for value in graph.values(node, sh("flags")):
            if not _is_text(value):
                self.fault("bad", "sh:flags is a text", node, sh("flags"), value)
        for value in graph.values(node, sh("severity")):
            if not isinstance(value, NamedNode):
                self.fault("bad", "sh:severity is an IRI", node, sh("severity"), value)
        for value in graph.values(node, sh("targetNode")):
            if isinstance(value, BlankNode):
                self.fault("bad", "sh:targetNode is an IRI or literal", node, sh("targetNode"))


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, Literal)
        and value.datatype.value == XSD + "integer"
        and re.fullmatch(r"[+-]?[0-9]{1,15}", value.value) is not None
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, Literal) and value.datatype.value == XSD + "string"


def _is_boolean(value: Any) -> bool:
    return (
        isinstance(value, Literal)
        and value.datatype.value == XSD + "boolean"
        and value.value in ("true", "false", "1", "0")
    )


def _shown(value: Any) -> str:
    if isinstance(value, NamedNode):
        return shorten(value.value)
    return f'"{value.value}"' if isinstance(value, Literal) else "a blank node"
