"""The standard report of SHACL (``sh:ValidationReport``) in Turtle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from csto.validate.finding import Finding, Report
from csto.validate.shacl.words import in_words
from csto.vocabulary import RDF_TYPE, SH, WELL_KNOWN, XSD

if TYPE_CHECKING:
    from csto.validate.formats import Context

_DCTERMS = "http://purl.org/dc/terms/"
_BOOLEAN = NamedNode(XSD + "boolean")


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)


def write(report: Report, context: Context) -> str:
    node = BlankNode("report")
    findings = report.findings
    if report.standard:
        # The standard report holds what shapes found; what else is wrong stands beside it.
        findings = [f for f in findings if f.result is not None or f.component]
    conforms = "false" if findings else "true"
    triples = [
        Triple(node, RDF_TYPE, _sh("ValidationReport")),
        Triple(node, _sh("conforms"), Literal(conforms, datatype=_BOOLEAN)),
    ]
    written = _Structures(report.shapes_graph)
    for number, finding in enumerate(findings, 1):
        result = BlankNode(f"r{number}")
        triples.append(Triple(node, _sh("result"), result))
        if finding.result is not None:
            triples += _standard(result, finding.result, finding, written)
        else:
            triples += _result(result, finding)
    triples += written.triples()
    data = serialize(triples, format=RdfFormat.TURTLE, prefixes=WELL_KNOWN) or b""
    return data.decode()


class _Structures:
    """Parts of the shapes graph that results name: paths, and shapes without a name."""

    def __init__(self, shapes: Any) -> None:
        self.shapes = shapes
        self._wanted: dict[Any, bool] = {}

    def name(self, node: Any, whole: bool = True) -> Any:
        """The node, with what makes it up noted for the report."""
        if isinstance(node, BlankNode):
            self._wanted[node] = self._wanted.get(node, False) or whole
        return node

    def triples(self) -> list[Triple]:
        found: dict[Triple, None] = {}
        waiting = [node for node, whole in self._wanted.items() if whole]
        seen = set(waiting)
        while waiting:
            node = waiting.pop()
            for prop, values in self.shapes.by_subject.get(node, {}).items():
                for value in values:
                    found[Triple(node, prop, value)] = None
                    if isinstance(value, BlankNode) and value not in seen:
                        seen.add(value)
                        waiting.append(value)
        return list(found)


def _standard(
    node: BlankNode, violation: Any, finding: Finding | None, written: _Structures
) -> list[Triple]:
    """A result with all that the recommendation asks for, details among it."""
    pairs: list[tuple[NamedNode, Any]] = [
        (RDF_TYPE, _sh("ValidationResult")),
        (_sh("focusNode"), violation.focus),
        (_sh("resultSeverity"), violation.severity),
        (_sh("sourceConstraintComponent"), violation.component),
        (_sh("sourceShape"), written.name(violation.shape.node)),
    ]
    if violation.path_node is not None:
        pairs.append((_sh("resultPath"), written.name(violation.path_node)))
    if violation.value is not None:
        pairs.append((_sh("value"), violation.value))
    if violation.source is not None:
        pairs.append((_sh("sourceConstraint"), written.name(violation.source)))
    messages = violation.messages or [Literal(in_words(violation), language="en")]
    pairs += [(_sh("resultMessage"), message) for message in messages]
    if finding is not None:
        if ":" not in finding.code:
            pairs.append((NamedNode(_DCTERMS + "identifier"), Literal(finding.code)))
        if finding.place:
            pairs.append((NamedNode(_DCTERMS + "isReferencedBy"), Literal(str(finding.place))))
    triples = [Triple(node, prop, term) for prop, term in pairs]
    for number, detail in enumerate(violation.details):
        inner = BlankNode(f"{node.value}d{number}")
        triples.append(Triple(node, _sh("detail"), inner))
        triples += _standard(inner, detail, None, written)
    return triples


def _result(node: BlankNode, finding: Finding) -> list[Triple]:
    focus, path, value = finding.terms
    severity = {"violation": "Violation", "warning": "Warning", "info": "Info"}[finding.severity]
    pairs: list[tuple[NamedNode, Any]] = [
        (RDF_TYPE, _sh("ValidationResult")),
        (_sh("resultSeverity"), _sh(severity)),
        (_sh("resultMessage"), Literal(finding.what, language="en")),
        (NamedNode(_DCTERMS + "identifier"), Literal(finding.code)),
    ]
    if focus is not None:
        pairs.append((_sh("focusNode"), focus))
    if path is not None:
        pairs.append((_sh("resultPath"), path))
    if value is not None:
        pairs.append((_sh("value"), value))
    component = finding.component or SH + "SPARQLConstraintComponent"
    pairs.append((_sh("sourceConstraintComponent"), NamedNode(component)))
    if finding.source.startswith("http"):
        pairs.append((_sh("sourceShape"), NamedNode(finding.source)))
    elif finding.source:
        pairs.append((NamedNode(_DCTERMS + "source"), Literal(finding.source)))
    if finding.place:
        pairs.append((NamedNode(_DCTERMS + "isReferencedBy"), Literal(str(finding.place))))
    return [Triple(node, prop, term) for prop, term in pairs]
