"""Text: ``path:line:column: severity CODE what``, then what is known beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csto.validate.catalogue import explained
from csto.validate.finding import Detail, Finding, Report
from csto.vocabulary import shorten

if TYPE_CHECKING:
    from csto.validate.formats import Context

_COLOURS = {"violation": "31;1", "warning": "33;1", "info": "36;1", "dim": "2", "bold": "1"}


def write(report: Report, context: Context) -> str:
    return "".join(one(finding, context.colour) for finding in report.findings)


def one(finding: Finding, colour: bool = False) -> str:
    """One finding."""

    def paint(name: str, text: str) -> str:
        return f"\x1b[{_COLOURS[name]}m{text}\x1b[0m" if colour else text

    where = paint("bold", str(finding.place) if finding.place else "(in no file)")
    severity = paint(finding.severity, finding.severity)
    if finding.level:
        severity += f" ({shorten(finding.level)})"
    lines = [f"{where}: {severity} {finding.code} {finding.what}"]
    if about := subject(finding):
        lines.append(f"    {about}")
    if finding.days:
        lines.append(f"    {finding.days}")
    lines += [f"    {line}" for detail in finding.details for line in tree(detail)]
    lines += [f"    see also {place}: {name}" for name, place in finding.related]
    if finding.proof:
        lines.append("    it follows from:")
        lines += [f"      {line}" for line in finding.proof.splitlines()]
    lines.append(f"    fix: {finding.fix}")
    if read := explained(finding.code):
        lines.append(paint("dim", f"    read: {read}"))
    return "\n".join(lines) + "\n"


def subject(finding: Finding) -> str:
    """What a finding is about: thing, property and value, as far as they are known."""
    parts = dict.fromkeys((finding.focus, finding.path, finding.value))
    return " · ".join(shorten(part) for part in parts if part)


def tree(detail: Detail, indent: str = "") -> list[str]:
    """A nested shape as an indented tree."""
    lines = [f"{indent}- {detail.what}"]
    for part in detail.because:
        lines += tree(part, indent + "  ")
    return lines
