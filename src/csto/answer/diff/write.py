"""Write a difference for a terminal, a pull request or a program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from csto.answer.diff.compare import Change, Consequence, Difference, Entry
from csto.answer.diff.programs import ProgramChange

_SIGN = {"added": "+", "removed": "-", "changed": "~", "renamed": ">", "reworded": "~"}
_HEADING = {"removed": "Gone", "renamed": "Renamed", "changed": "Changed", "added": "New"}
# Lines of a rule, check or query that are shown.
FEW_LINES = 12
# More consequences of one kind than this are counted, not listed, unless all are wanted.
FEW = 10


def write(difference: Difference, how: str, *, everything: bool = False) -> str:
    """A difference as ``text``, ``md`` or ``json``; JSON always lists everything."""
    if how == "json":
        return _json(difference)
    few = None if everything else FEW
    return _markdown(difference, few) if how == "md" else _text(difference, few)


def summary(difference: Difference) -> str:
    """One line: how much differs."""
    if not difference:
        return f"no fact differs between {difference.first} and {difference.second}"
    things = len(difference.entries)
    files = len(difference.programs)
    told = (
        f" {_count(files, 'rule, check or query', 'rules, checks and queries')};" if files else ""
    )
    return (
        f"{_count(difference.added, 'statement')} added, {difference.removed} removed"
        f" ({_count(difference.changed, 'property', 'properties')} with another value),"
        f" in {_count(things, 'thing')};{told}"
        f" {_count(len(difference.consequences), 'consequence')}"
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _text(difference: Difference, few: int | None) -> str:
    lines = [f"{difference.first} → {difference.second}"]
    for entry in difference.entries:
        lines += ["", f"{_SIGN[entry.how]} {_title(entry)}"]
        lines += [f"    {line}" for change in entry.changes for line in _change(entry, change)]
    for program in difference.programs:
        lines += ["", f"{_SIGN[program.how]} {_program(program)}"]
        shown = program.lines if few is None else program.lines[:FEW_LINES]
        lines += [f"    {line}" for line in shown]
        left = len(program.lines) - len(shown)
        lines += [f"    … and {left} more lines; --all lists them"] if left else []
    if difference.consequences:
        lines += ["", f"What follows, without a day and on {difference.day}:"]
        for heading, told, left in _groups(difference.consequences, few):
            lines += ["", f"  {heading}"]
            lines += [f"  {'+' if c.now else '-'} {_consequence(c)}" for c in told]
            lines += [f"    … and {left} more; --all lists them"] if left else []
    return "\n".join(lines) + "\n" if difference else ""


def _program(program: ProgramChange) -> str:
    said = f": {program.summary}" if program.summary else ""
    how = {
        "renamed": f" (was {program.was})",
        "reworded": " (comments and layout only)",
        "removed": " is gone",
        "added": " is new",
    }.get(program.how, "")
    return f"{program.kind} {program.name}{how}{said}"


def _title(entry: Entry) -> str:
    if entry.was:
        return f"{entry.label} ({entry.was} → {entry.name})"
    return entry.label if entry.label == entry.name else f"{entry.label} ({entry.name})"


def _change(entry: Entry, change: Change) -> list[str]:
    lead = f"{change.property}: " if change.property else ""
    if entry.how != "changed":
        return [f"{lead}{', '.join(change.new or change.old)}"]
    inside = [f"{lead}{line}" for line in change.inside]
    if entry.layer == "axiom":
        return inside
    return inside + _values(change)


def _values(change: Change) -> list[str]:
    if len(change.old) == 1 and len(change.new) == 1:
        return [f"{change.property}: {change.old[0]} → {change.new[0]}"]
    gone = [f"- {change.property}: {value}" for value in change.old]
    return gone + [f"+ {change.property}: {value}" for value in change.new]


def _groups(
    consequences: list[Consequence], few: int | None
) -> Iterator[tuple[str, list[Consequence], int]]:
    """Consequences by relation, those of the day first: heading, those told, how many not."""
    by_property: dict[str, list[Consequence]] = {}
    for consequence in consequences:
        by_property.setdefault(consequence.property, []).append(consequence)

    def timeless(name: str) -> bool:
        return all("follows" in (c.was, c.now) for c in by_property[name])

    for name in sorted(by_property, key=lambda name: (timeless(name), name)):
        found = by_property[name]
        yield (
            f"{name or 'joined by rules'} ({len(found)})",
            found[:few],
            len(found) - len(found[:few]),
        )


def _consequence(consequence: Consequence) -> str:
    said = f"{consequence.subject}: {consequence.property} {consequence.object}"
    if not consequence.property:
        # A node made by a rule is named by what it joins, with its dates behind.
        said = ", ".join(part for part in (consequence.subject, consequence.object) if part)
    words = {
        ("", "follows"): "now follows",
        ("follows", ""): "no longer follows",
        ("", "certain"): "now certain",
        ("", "possible"): "now possible",
        ("certain", ""): "was certain, holds no longer",
        ("possible", ""): "was possible, holds no longer",
        ("certain", "possible"): "was certain, now only possible",
        ("possible", "certain"): "was possible, now certain",
    }
    state = words.get((consequence.was, consequence.now), f"{consequence.was} → {consequence.now}")
    return f"{said} ({state})"


def _markdown(difference: Difference, few: int | None) -> str:
    if not difference:
        return f"No fact differs between `{difference.first}` and `{difference.second}`.\n"
    lines = [f"### `{difference.first}` → `{difference.second}`", "", f"{summary(difference)}."]
    for how, heading in _HEADING.items():
        entries = [entry for entry in difference.entries if entry.how == how]
        if not entries:
            continue
        lines += ["", f"#### {heading}", ""]
        for entry in entries:
            was = f" (was `{entry.was}`)" if entry.was else ""
            lines.append(f"- **{_escaped(entry.label)}** `{entry.name}`{was}")
            lines += [
                f"  - {_escaped(line)}"
                for change in entry.changes
                for line in _change(entry, change)
            ]
    if difference.programs:
        lines += ["", "#### Rules, checks and queries", ""]
        for program in difference.programs:
            lines.append(f"- {_SIGN[program.how]} {_escaped(_program(program))}")
            shown = program.lines if few is None else program.lines[:FEW_LINES]
            lines += [f"  - {_escaped(line)}" for line in shown]
            left = len(program.lines) - len(shown)
            lines += [f"  - … and {left} more lines"] if left else []
    if difference.consequences:
        lines += ["", f"#### What follows, without a day and on {difference.day}", ""]
        for heading, told, left in _groups(difference.consequences, few):
            lines.append(f"- {_escaped(heading)}")
            lines += [f"  - {_escaped(_consequence(c))}" for c in told]
            lines += [f"  - … and {left} more"] if left else []
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Text that Markdown and HTML leave as it is; line ends would break the list."""
    for sign in "\\`*_[]<>|":
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())


def _json(difference: Difference) -> str:
    written = asdict(difference)
    for entry in written["entries"]:
        for change in entry["changes"]:
            if not change["inside"]:
                del change["inside"]
    return json.dumps(written, ensure_ascii=False, indent=2) + "\n"
