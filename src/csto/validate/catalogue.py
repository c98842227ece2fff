"""All codes of findings: what each means, from the header of its shape or check.

What the reader of files finds itself has no shape and no check; its codes are listed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from csto.validate.checks import Check
from csto.validate.shacl.parts import sh
from csto.validate.shacl.shapes import ShapesGraph

_OURS = re.compile(r"CS[0-9]{4}|RL-[A-Z0-9-]+")
# Where the page of all codes is for those who have no command line at hand.
SITE = "https://w3id.org/csto/docs/checks"


@dataclass(frozen=True)
class Entry:
    """One code."""

    code: str
    severity: str
    title: str
    what: str
    fix: str
    kind: str
    origin: str
    why: str = ""


BUILT_IN = (
    Entry(
        "CS0001",
        "violation",
        "Syntax error",
        "the text is not well-formed at this place",
        "fix the syntax there",
        "reading",
        "",
        "The statement in which the error stands is left out and the rest of the file is "
        "checked; findings about things that the broken statement names are held back, since "
        "they would be echoes. The exit code is 2, because something could not be looked at.",
    ),
    Entry(
        "CS0002",
        "violation",
        "Unreadable file",
        "a file cannot be opened or is not UTF-8",
        "make it a readable text file in UTF-8",
        "reading",
        "",
        "The exit code is 2.",
    ),
    Entry(
        "CS0003",
        "violation",
        "Undeclared prefix",
        "a name uses a prefix that its file does not declare",
        "add the @prefix line, or fix the spelling",
        "reading",
        "",
        "The exit code is 2, as for a syntax error.",
    ),
    Entry(
        "CS0004",
        "violation",
        "Shape without focus node",
        "a shape finds nothing to look at in the whole graph, so it would conform for ever",
        "fix its target, or mark it shape:mayLackFocus true if a graph may lack such things",
        "reading",
        "",
        "Told only when a whole workspace is checked. The exit code is 2.",
    ),
    Entry(
        "CS0005",
        "warning",
        "Stale entry of the baseline",
        "the baseline accepts a finding that is no longer there",
        "remove the entry, or write the baseline anew",
        "reading",
        "",
    ),
    Entry(
        "CS0006",
        "violation",
        "Nothing to look at",
        "no shape of the workspace finds anything to look at in the files",
        "check the names of its classes, or give shapes of its own with --shapes",
        "reading",
        "",
        "Clean would mean nothing then. Syntax and literals were looked at.",
    ),
    Entry(
        "CS0007",
        "violation",
        "Fault in a shape",
        "a shape breaks a rule of SHACL, so what it means cannot be checked",
        "fix the shape",
        "reading",
        "",
        "Told with --shapes, at its place in the file of shapes. The exit code is 2.",
    ),
    Entry(
        "CS0008",
        "violation",
        "Part of SHACL that is not supported",
        "a shape uses a kind of target or constraint that csto does not evaluate",
        "say it with SHACL Core or SHACL-SPARQL",
        "reading",
        "",
        "Told with --shapes. Nothing is passed over in silence: the exit code is 2.",
    ),
    Entry(
        "CS0009",
        "violation",
        "No term of SHACL",
        "a property in the namespace of SHACL that SHACL does not have, such as sh:minCuont",
        "fix its spelling",
        "reading",
        "",
        "Told with --shapes. The constraint that was meant is not checked: the exit code is 2.",
    ),
    Entry(
        "CS0010",
        "warning",
        "Shapes that are not read",
        "a file of shapes imports another that is not at hand; nothing is fetched",
        "give the file with one more --shapes",
        "reading",
        "",
    ),
    Entry(
        "CS0100",
        "violation",
        "No day of the calendar",
        "a date has the form of EDTF but is no date",
        "write a year, year-month or day such as 2012, 2006-08 or 2022-01-10",
        "reading",
        "",
        "The form of dates is a matter of shapes; this is about 30 February, and intervals "
        "that end before they begin.",
    ),
    Entry(
        "CS0011",
        "violation",
        "Literal outside its datatype",
        "a literal, as it is written, is no value of its datatype",
        "fix the text, or its datatype",
        "reading",
        "",
        "All datatypes of XML Schema 1.1, dates in EDTF, language tags and rdf:JSON are known, in "
        "our vocabulary and in others. The literal is taken as the file has it: digits are 0 to 9, "
        "and white space around a number is a fault.",
    ),
    Entry(
        "CS0012",
        "violation",
        "Date that is not read",
        "a date is EDTF, but outside the part of it that this graph can compute with",
        "write years, months and days, seasons, decades, ~ ? %, a/b or [a,b]",
        "reading",
        "",
        "Such a date would never be found by a question about a day.",
    ),
    Entry(
        "CS0013",
        "violation",
        "Question that is not SPARQL",
        "a saved question or a profile cannot be read",
        "fix the syntax there",
        "reading",
        "",
        "A rule or a check that cannot be read ends the command with exit code 2.",
    ),
    Entry(
        "CS0014",
        "violation",
        "Name in a query that stands for nothing",
        "a rule, a check, a question or a profile names a class, property or thing of ours that "
        "nothing describes and no rule makes",
        "fix its spelling, or describe it",
        "reading",
        "",
        "Such a query is answered, with nothing; a check that looks for what cannot be there says "
        "clean for ever.",
    ),
    Entry(
        "CS0015",
        "violation",
        "Unknown word in a header",
        "the header of a SPARQL file, or a damage, has a word that means nothing there",
        "fix its spelling",
        "reading",
        "",
        "What it was meant to say would be passed over.",
    ),
    Entry(
        "CS0016",
        "warning",
        "Check without damage",
        "a check does not say what it must find",
        "add #+ damage: to its header; CONTRIBUTING.md shows the form",
        "reading",
        "",
        "A damage is how the check itself is checked: the graph is broken so, and the check must "
        "speak.",
    ),
    Entry(
        "CS0017",
        "violation",
        "Variable without a value",
        "a query shows or makes a variable that nothing in its body gives a value",
        "bind it in the body, or fix its spelling",
        "reading",
        "",
        "The column would be empty; a check whose focus node is so finds nothing.",
    ),
    Entry(
        "CS0018",
        "violation",
        "Example that names nothing",
        "the example of a question gives a thing that the graph does not have",
        "name what the graph has",
        "reading",
        "",
        "An example is the call that the documentation shows.",
    ),
)


def entries(shapes: ShapesGraph, checks: Iterable[Check]) -> list[Entry]:
    """All codes, by number."""
    found = {entry.code: entry for entry in BUILT_IN}
    for part in (p for s in shapes.targeted() for p in (s, *shapes.properties(s))):
        if part.code:
            found[part.code] = Entry(
                part.code,
                part.level,
                part.name[:1].upper() + part.name[1:],
                shapes.text(part.node, sh("message")),
                part.fix,
                "shape",
                getattr(part.node, "value", ""),
            )
    for check in checks:
        title = check.name.replace("-", " ")
        found[check.code] = Entry(
            check.code,
            check.severity,
            title[:1].upper() + title[1:],
            check.summary,
            check.fix,
            "slice check" if check.stratum == "slice" else "check",
            check.origin,
            check.why,
        )
    return [found[code] for code in sorted(found)]


def explained(code: str) -> str:
    """Where a code is explained: by a command, or in the recommendation for a part of SHACL."""
    if code.startswith("sh:"):
        local = code[3:4].upper() + code[4:]
        if local == "Sparql":
            return "https://www.w3.org/TR/shacl/#sparql-constraints"
        return f"https://www.w3.org/TR/shacl/#{local}ConstraintComponent"
    return f"csto checks {code}" if _OURS.fullmatch(code) else ""


def page(listed: Iterable[Entry]) -> str:
    """The documentation of all codes as Markdown, an anchor for each."""
    known = list(listed)
    lines = [
        "# What `csto validate` checks",
        "",
        "Made by `csto docs` and `csto checks --write` from the headers of `ontology/shapes/` and "
        "`ontology/checks/`; `csto checks CODE` prints one of them.",
        "",
        "| Code | Severity | What is wrong |",
        "| --- | --- | --- |",
    ]
    lines += [f"| [{e.code}](#{e.code.lower()}) | {e.severity} | {e.title} |" for e in known]
    for entry in known:
        origin = entry.origin.rpartition("/")[2]
        made = {
            "reading": "Found while files are read.",
            "shape": f"SHACL shape `shape:{origin}`.",
            "check": f"Check `ontology/checks/{origin}`.",
            "slice check": (
                f"Check `ontology/checks/{origin}`, on every day on which a slice can change."
            ),
        }[entry.kind]
        lines += [
            "",
            f"## {entry.code}",
            "",
            f"**{entry.title}** ({entry.severity})",
            "",
            f"{_sentence(entry.what)} {_sentence('To fix it: ' + entry.fix)}",
            "",
        ]
        if entry.why:
            lines += [_sentence(entry.why), ""]
        lines.append(made)
    return "\n".join(lines) + "\n"


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
