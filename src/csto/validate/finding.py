"""What a validation finds: one finding for each thing that is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Literal, NamedNode

SEVERITIES = ("violation", "warning", "info")


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a file; lines and columns from 1, columns in characters.

    ``line`` 0: the file is known, the line is not (its format has no positions).
    ``end_column`` is one past the last character.
    """

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Detail:
    """Why a nested shape was not met: one line, and what it comes from in turn."""

    what: str
    because: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What a shape or check reports, before it has a place and words.

    Terms are those of pyoxigraph. ``path`` is the property that the finding is about.
    """

    code: str
    severity: str
    focus: Any
    path: Any = None
    value: Any = None
    what: str = ""
    fix: str = ""
    source: str = ""
    component: str = ""
    details: tuple[Detail, ...] = ()
    days: str = ""
    premises: tuple[Any, ...] = ()
    day: str = ""
    # Whether ``path`` is only the first step of the path that the shape has, which is ``shown``.
    partly: bool = False
    shown: str = ""
    # The severity that a shape gives, where it is none of the three of SHACL.
    own_severity: str = ""
    # The result of the SHACL processor, where there is one: the standard report wants it whole.
    standard: Any = None


def text_of(term: Any) -> str:
    """An IRI, the text of a literal, or the name of a blank node."""
    if term is None:
        return ""
    return term.value if isinstance(term, (NamedNode, Literal)) else str(term)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where, what, and how to fix it.

    ``focus``, ``path`` and ``value`` are IRIs or the text of literals; ``source`` is the
    shape (an IRI) or the check (its file), ``component`` the SHACL constraint component.
    """

    code: str
    severity: str
    what: str
    fix: str = ""
    focus: str = ""
    path: str = ""
    value: str = ""
    place: Place | None = None
    source: str = ""
    component: str = ""
    days: str = ""
    details: tuple[Detail, ...] = ()
    related: tuple[tuple[str, Place], ...] = ()
    proof: str = ""
    # The terms themselves, for the SHACL report: they tell an IRI from a literal.
    terms: tuple[Any, Any, Any] = (None, None, None)
    # The severity that a shape gives, where it is none of the three of SHACL.
    level: str = ""
    # The result of the SHACL processor, where there is one: the standard report wants it whole.
    result: Any = None

    @classmethod
    def of(cls, result: Result, place: Place | None, **more: Any) -> Finding:
        """A result in its place; ``more`` are other fields of the finding."""
        given: dict[str, Any] = {
            "fix": result.fix,
            "focus": text_of(result.focus),
            "path": result.shown or text_of(result.path),
            "value": text_of(result.value),
            "source": result.source,
            "component": result.component,
            "days": result.days,
            "details": result.details,
            # The standard report names whole paths or none.
            "terms": (result.focus, None if result.partly else result.path, result.value),
            "level": result.own_severity,
            "result": result.standard,
        }
        return cls(result.code, result.severity, result.what, place=place, **(given | more))

    @property
    def where(self) -> str:
        """The file it is in; empty if it is in none."""
        return self.place.path if self.place else ""

    def key(self) -> tuple[Any, ...]:
        """Order in which findings are shown: by place, then by weight."""
        place = self.place or Place("")
        return (
            place.path,
            place.line,
            place.column,
            SEVERITIES.index(self.severity),
            self.code,
            self.focus,
            self.path,
            self.value,
        )


@dataclass
class Report:
    """What a validation found, and how much it looked at.

    ``broken`` holds findings because of which something could not be looked at; they are
    among ``findings`` too, and make the exit code 2.
    """

    findings: list[Finding] = field(default_factory=list)
    broken: list[Finding] = field(default_factory=list)
    accepted: list[Finding] = field(default_factory=list)
    # What commands would look for in vain in this workspace.
    remarks: list[str] = field(default_factory=list)
    # Names of the files whose findings are wanted; ``None`` for all.
    only: set[str] | None = None
    # Whether it is about foreign data against foreign shapes.
    standard: bool = False
    # The graph of the shapes.
    shapes_graph: Any = None
    # What it is made of, which lives as long as the report.
    held: Any = None
    files: int = 0
    triples: int = 0
    inferred: int = 0
    shapes: int = 0
    checks: int = 0
    days: int = 0
    # Seconds by shape, check and step.
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def violations(self) -> int:
        return sum(1 for finding in self.findings if finding.severity == "violation")

    def fails(self, fail_on: str = "violation") -> bool:
        """Whether a finding is at or above this severity; ``never`` for none."""
        if fail_on == "never":
            return False
        least = SEVERITIES.index(fail_on)
        return any(SEVERITIES.index(f.severity) <= least for f in self.findings)

    def add(self, other: Report) -> None:
        """Take in another report, about the same files under other rules."""
        known = {finding.key() for finding in self.findings}
        self.findings += [f for f in other.findings if f.key() not in known]
        self.findings.sort(key=Finding.key)
        self.broken += [f for f in other.broken if f.key() not in known]
        self.accepted += other.accepted
        self.shapes += other.shapes
        self.checks += other.checks
        self.inferred += other.inferred
        self.days = max(self.days, other.days)
        self.timings |= other.timings

    def summary(self) -> str:
        counts = Counter(finding.severity for finding in self.findings)
        found = ", ".join(_count(counts[s], s) for s in SEVERITIES if counts[s])
        accepted = f" ({len(self.accepted)} accepted)" if self.accepted else ""
        if self.standard and not self.checks:
            size = f"{_count(self.triples, 'triple')} against {_count(self.shapes, 'shape')}"
            return f"{found or 'clean'}{accepted}: {size}"
        days = f" on {_count(self.days, 'day')}" if self.days else ""
        rules = f"{_count(self.shapes, 'shape')} and {_count(self.checks, 'check')}{days}"
        return (
            f"{found or 'clean'}{accepted}: {self.triples} asserted and {self.inferred} inferred "
            f"triples against {rules}"
        )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 and what != 'info' else ''}"
