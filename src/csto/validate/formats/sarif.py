"""SARIF 2.1.0 (OASIS), as code scanning services read it."""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from csto import __version__
from csto.validate.catalogue import SITE, Entry, explained
from csto.validate.finding import Finding, Place, Report
from csto.validate.formats.text import subject, tree

if TYPE_CHECKING:
    from csto.validate.formats import Context

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}


def write(report: Report, context: Context) -> str:
    accepted = {id(finding) for finding in report.accepted}
    findings = [*report.findings, *report.accepted]
    used = sorted({finding.code for finding in findings})
    index = {code: number for number, code in enumerate(used)}
    run = {
        "tool": {
            "driver": {
                "name": "csto",
                "semanticVersion": __version__,
                "informationUri": "https://w3id.org/csto",
                "rules": [_rule(code, context.entries.get(code)) for code in used],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not report.broken}],
        "results": [_result(f, index[f.code], id(f) in accepted) for f in findings],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _rule(code: str, entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        read = explained(code)
        return {"id": code, "helpUri": read} if read.startswith("https:") else {"id": code}
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in entry.title.split()),
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.what},
        "help": {"text": f"{entry.what}. To fix it: {entry.fix}."},
        "helpUri": f"{SITE}#{code.lower()}",
        "defaultConfiguration": {"level": _LEVELS[entry.severity]},
    }


def _result(finding: Finding, index: int, accepted: bool) -> dict[str, Any]:
    about = subject(finding)
    text = f"{finding.what}: {about}" if about else finding.what
    if finding.days:
        text += f" ({finding.days})"
    text += f". To fix it: {finding.fix}"
    more = [line for detail in finding.details for line in tree(detail)]
    if finding.proof:
        more += ["It follows from:", *finding.proof.splitlines()]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join([text, *more])},
        "partialFingerprints": {"csto/v1": _fingerprint(finding)},
    }
    if finding.place:
        result["locations"] = [{"physicalLocation": _location(finding.place)}]
    if finding.related:
        result["relatedLocations"] = [
            {"id": n, "message": {"text": name}, "physicalLocation": _location(place)}
            for n, (name, place) in enumerate(finding.related)
        ]
    if accepted:
        result["suppressions"] = [{"kind": "external", "status": "accepted"}]
    return result


def _fingerprint(finding: Finding) -> str:
    """The same for the same finding, wherever its line has gone."""
    parts = (finding.code, finding.where, finding.focus, finding.path, finding.value)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _location(place: Place) -> dict[str, Any]:
    path = PurePath(place.path)
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    location: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if place.line:
        region = {"startLine": place.line, "startColumn": place.column}
        if (place.end_line, place.end_column) > (place.line, place.column):
            region |= {"endLine": place.end_line, "endColumn": place.end_column}
        location["region"] = region
    return location
