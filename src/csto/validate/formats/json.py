"""JSON: one object, its findings as they are, for scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from csto import __version__
from csto.validate.catalogue import explained
from csto.validate.finding import Detail, Finding, Place, Report

if TYPE_CHECKING:
    from csto.validate.formats import Context


def write(report: Report, context: Context) -> str:
    document = {
        "tool": "csto",
        "version": __version__,
        "summary": {
            "violation": sum(f.severity == "violation" for f in report.findings),
            "warning": sum(f.severity == "warning" for f in report.findings),
            "info": sum(f.severity == "info" for f in report.findings),
            "accepted": len(report.accepted),
            "files": report.files,
            "asserted": report.triples,
            "inferred": report.inferred,
            "shapes": report.shapes,
            "checks": report.checks,
            "days": report.days,
            "complete": not report.broken,
        },
        "findings": [_finding(finding) for finding in report.findings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    item: dict[str, Any] = {
        "code": finding.code,
        "severity": finding.severity,
        "level": finding.level,
        "what": finding.what,
        "fix": finding.fix,
        "focus": finding.focus,
        "path": finding.path,
        "value": finding.value,
        "source": finding.source,
        "component": finding.component,
        "days": finding.days,
        "details": [_detail(detail) for detail in finding.details],
        "related": [{"name": name, **_place(place)} for name, place in finding.related],
        "proof": finding.proof,
    }
    item = {name: value for name, value in item.items() if value}
    if finding.place:
        item |= _place(finding.place)
    if read := explained(finding.code):
        item["read"] = read
    return item


def _place(place: Place) -> dict[str, Any]:
    if not place.line:
        return {"file": place.path}
    return {
        "file": place.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line or place.line,
        "end_column": place.end_column or place.column,
    }


def _detail(detail: Detail) -> dict[str, Any]:
    item: dict[str, Any] = {"what": detail.what}
    if detail.because:
        item["because"] = [_detail(part) for part in detail.because]
    return item
