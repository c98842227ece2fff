"""Workflow commands of GitHub Actions: annotations at the lines of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csto.validate.catalogue import explained
from csto.validate.finding import Finding, Report
from csto.validate.formats.text import subject

if TYPE_CHECKING:
    from csto.validate.formats import Context

_COMMANDS = {"violation": "error", "warning": "warning", "info": "notice"}


def write(report: Report, context: Context) -> str:
    return "".join(_finding(finding, context) for finding in report.findings)


def _finding(finding: Finding, context: Context) -> str:
    entry = context.entries.get(finding.code)
    title = f"{finding.code} {entry.title}" if entry else finding.code
    properties = {"title": title}
    if finding.place:
        place = finding.place
        properties["file"] = place.path
        if place.line:
            properties |= {
                "line": str(place.line),
                "endLine": str(max(place.end_line, place.line)),
                "col": str(place.column),
            }
            if place.end_line == place.line and place.end_column > place.column:
                properties["endColumn"] = str(place.end_column)
    days = f"\n{finding.days}" if finding.days else ""
    message = f"{finding.what}\n{subject(finding)}{days}\nFix: {finding.fix}"
    if read := explained(finding.code):
        message += f"\nRead: {read}"
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
