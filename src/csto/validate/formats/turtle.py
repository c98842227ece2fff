"""The standard report of SHACL (``sh:ValidationReport``) in Turtle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from csto.validate.finding import Detail, Finding, Report
from csto.vocabulary import RDF_TYPE, SH, WELL_KNOWN, XSD

if TYPE_CHECKING:
    from csto.validate.formats import Context

_DCTERMS = "http://purl.org/dc/terms/"
_BOOLEAN = NamedNode(XSD + "boolean")


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)


def write(report: Report, context: Context) -> str:
    node = BlankNode("report")
    conforms = "false" if report.findings else "true"
    triples = [
        Triple(node, RDF_TYPE, _sh("ValidationReport")),
        Triple(node, _sh("conforms"), Literal(conforms, datatype=_BOOLEAN)),
    ]
    for number, finding in enumerate(report.findings, 1):
        result = BlankNode(f"r{number}")
        triples.append(Triple(node, _sh("result"), result))
        triples += _result(result, finding)
    data = serialize(triples, format=RdfFormat.TURTLE, prefixes=WELL_KNOWN) or b""
    return data.decode()


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
    triples = [Triple(node, prop, term) for prop, term in pairs]
    for number, detail in enumerate(finding.details):
        triples += _detail(node, detail, f"{node.value}d{number}")
    return triples


def _detail(parent: BlankNode, detail: Detail, name: str) -> list[Triple]:
    node = BlankNode(name)
    triples = [
        Triple(parent, _sh("detail"), node),
        Triple(node, RDF_TYPE, _sh("ValidationResult")),
        Triple(node, _sh("resultMessage"), Literal(detail.what, language="en")),
    ]
    for number, part in enumerate(detail.because):
        triples += _detail(node, part, f"{name}d{number}")
    return triples
