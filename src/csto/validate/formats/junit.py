"""JUnit XML: a test suite for each file, a failing test for each finding.

Findings below ``--fail-on`` are tests that pass and say what was found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from csto.validate.finding import SEVERITIES, Finding, Report
from csto.validate.formats import text as as_text
from csto.vocabulary import shorten

if TYPE_CHECKING:
    from csto.validate.formats import Context

# Characters that XML 1.0 cannot hold in any form.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report, context: Context) -> str:
    by_file: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_file.setdefault(finding.where or "graph", []).append(finding)
    root = Xml.Element("testsuites", name="csto validate")
    for name, findings in by_file.items():
        suite = Xml.SubElement(root, "testsuite", name=_clean(name))
        failures = [finding for finding in findings if _fails(finding, context.fail_on)]
        suite.set("tests", str(len(findings)))
        suite.set("failures", str(len(failures)))
        suite.set("errors", "0")
        for finding in findings:
            _case(suite, finding, context)
    if not by_file:
        suite = Xml.SubElement(root, "testsuite", name="graph", tests="1", failures="0", errors="0")
        Xml.SubElement(suite, "testcase", name="clean", classname="csto")
    Xml.indent(root)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"
    )


def _case(suite: Xml.Element, finding: Finding, context: Context) -> None:
    about = " ".join(shorten(t) for t in (finding.focus, finding.value) if t)
    line = f" line {finding.place.line}" if finding.place and finding.place.line else ""
    case = Xml.SubElement(
        suite,
        "testcase",
        name=_clean(f"{finding.code} {about}{line}".strip()),
        classname=_clean(finding.where or "graph"),
    )
    whole = _clean(as_text.one(finding))
    if _fails(finding, context.fail_on):
        failure = Xml.SubElement(
            case, "failure", type=f"{finding.severity} {finding.code}", message=_clean(finding.what)
        )
        failure.text = whole
    else:
        Xml.SubElement(case, "system-out").text = whole


# Something could not be looked at: the exit code is 2 whatever --fail-on says.
_ALWAYS = ("CS0001", "CS0002", "CS0003", "CS0007", "CS0008", "CS0009")


def _fails(finding: Finding, fail_on: str) -> bool:
    if finding.code in _ALWAYS or (finding.code == "CS0004" and finding.severity == "violation"):
        return True
    return fail_on != "never" and SEVERITIES.index(finding.severity) <= SEVERITIES.index(fail_on)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
