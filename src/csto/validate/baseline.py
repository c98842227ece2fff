"""Findings that are accepted, with a reason: for old data that cannot be fixed at once.

The file is YAML, a list of findings. An entry matches by code, file, thing, property and
value, not by line, so that it holds while the file around it changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from csto.errors import InputError
from csto.validate.finding import Finding, Place, Report
from csto.vocabulary import shorten

_KEYS = ("code", "file", "thing", "property", "value")
_HEAD = """\
# Findings that csto validate accepts. Each needs a reason, and may say until which
# day (until: 2027-06-30); entries that match nothing any more are reported as CS0005.
"""
TO_DO = "TODO: say why this is accepted"


def key(finding: Finding) -> tuple[str, ...]:
    return (
        finding.code,
        finding.where,
        shorten(finding.focus),
        shorten(finding.path),
        shorten(finding.value),
    )


def dump(findings: Iterable[Finding], old: Iterable[dict[str, Any]] = ()) -> str:
    """The text of a baseline that accepts these findings; reasons of ``old`` are kept."""
    reasons = {_key(entry): entry["reason"] for entry in old}
    days = {_key(entry): entry["until"] for entry in old if _until(entry)}
    items = []
    for one in sorted({key(finding) for finding in findings}):
        item = {name: value for name, value in zip(_KEYS, one, strict=True) if value}
        until = {"until": days[one]} if one in days else {}
        items.append({**item, "reason": reasons.get(one, TO_DO), **until})
    return _HEAD + yaml.safe_dump(items, allow_unicode=True, sort_keys=False, width=100)


def load(path: Path) -> list[dict[str, Any]]:
    """The entries of a baseline.

    Raises:
        InputError: if it cannot be read, is not a list of entries, or one has no reason.
    """
    try:
        if path.exists() and not path.is_file():
            # A pipe would be waited for.
            raise OSError(0, "it is no regular file")
        loaded = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: the baseline cannot be read ({reason})") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise InputError(f"{path}:{line}: the baseline is not YAML; write it anew") from error
    if not isinstance(loaded, list):
        raise InputError(f"{path}:1: a baseline is a list of findings")
    for number, entry in enumerate(loaded, 1):
        if not isinstance(entry, dict) or not entry.get("code"):
            raise InputError(f"{path}: entry {number} of the baseline has no code")
        if not str(entry.get("reason") or "").strip():
            raise InputError(
                f"{path}: entry {number} of the baseline ({entry['code']}) has no reason"
            )
        if "until" in entry:
            try:
                entry["until"] = date.fromisoformat(str(entry["until"])).isoformat()
            except ValueError:
                raise InputError(
                    f"{path}: entry {number} of the baseline: until is a day such as 2027-06-30"
                ) from None
    return loaded


def apply(
    report: Report, entries: list[dict[str, Any]], path: Path, today: str | None = None
) -> None:
    """Move accepted findings aside, and report entries that match nothing.

    What could not be read is never accepted. An entry with ``until`` accepts to the end of
    that day; afterwards its finding is told again, and says so.

    Args:
        report: is changed.
        entries: from :func:`load`.
        path: where they stand.
        today: ``YYYY-MM-DD``; else the day of the clock.
    """
    today = today or date.today().isoformat()
    known = {_key(entry): number for number, entry in enumerate(entries, 1)}
    expired = {_key(e): e["until"] for e in entries if _until(e) and _until(e) < today}
    matched = set()
    kept = []
    for finding in report.findings:
        if (day := expired.get(key(finding))) and finding not in report.broken:
            matched.add(known[key(finding)])
            kept.append(replace(finding, what=f"{finding.what} (accepted until {day}, now past)"))
        elif finding not in report.broken and (number := known.get(key(finding))):
            matched.add(number)
            report.accepted.append(finding)
        else:
            kept.append(finding)
    for number, entry in enumerate(entries, 1):
        if number not in matched and not _unseen(entry, report):
            kept.append(_stale(entry, path, number))
    report.findings = sorted(kept, key=Finding.key)


def _until(entry: dict[str, Any]) -> str:
    return str(entry.get("until") or "")


def _unseen(entry: dict[str, Any], report: Report) -> bool:
    """Whether the file of an entry was not looked at, so that nothing can be said of it."""
    return report.only is not None and str(entry.get("file", "")) not in report.only


def _stale(entry: dict[str, Any], path: Path, number: int) -> Finding:
    return Finding(
        "CS0005",
        "warning",
        f"the baseline accepts a finding that is no longer there ({entry['code']})",
        "remove the entry, or write the baseline anew",
        focus=str(entry.get("thing", "")),
        path=str(entry.get("property", "")),
        value=str(entry.get("value", "")),
        place=Place(str(path), *_line(path, number)),
    )


def _line(path: Path, number: int) -> tuple[int, int, int, int]:
    starts = [
        line
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if text.startswith("- ")
    ]
    line = starts[number - 1] if number <= len(starts) else 1
    return line, 1, line, 3


def _key(entry: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(entry.get(name, "")) for name in _KEYS)
