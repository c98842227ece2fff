"""A baseline ages: what is accepted until a day is told again after it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from conftest import ROOT
from csto.errors import InputError
from csto.validate.baseline import apply, dump, load
from csto.validate.finding import Finding, Place, Report

FINDING = Finding("CS0001", "violation", "wrong", focus="urn:a", place=Place("a.ttl", 1, 1, 1, 2))


def entries(path: Path, until: str) -> list[dict]:
    path.write_text(f'- {{code: CS0001, file: a.ttl, thing: "urn:a", reason: old, {until}}}\n')
    return load(path)


@pytest.mark.parametrize(
    ("until", "today", "told"),
    [
        ("", "2030-01-01", 0),
        ("until: 2027-06-30", "2027-06-30", 0),
        ("until: 2027-06-30", "2027-07-01", 1),
    ],
)
def test_accepted_until_a_day(tmp_path: Path, until: str, today: str, told: int) -> None:
    report = Report(findings=[FINDING])
    path = tmp_path / "accepted.yaml"
    apply(report, entries(path, until), path, today)
    assert len(report.findings) == told
    assert len(report.accepted) == 1 - told
    if told:
        assert "accepted until 2027-06-30, now past" in report.findings[0].what


def test_the_day_is_one_and_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "accepted.yaml"
    with pytest.raises(InputError, match="until is a day"):
        entries(path, "until: soon")
    old = entries(path, "until: 2027-06-30")
    assert "until: '2027-06-30'" in dump([FINDING], old)


def test_the_problem_matcher_takes_what_is_written() -> None:
    from csto.validate.formats.text import one

    found = json.loads((ROOT / "problem-matcher.json").read_text())["problemMatcher"]
    findings, errors = (re.compile(matcher["pattern"][0]["regexp"]) for matcher in found)
    line = one(FINDING).splitlines()[0]
    match = findings.match(line)
    assert match is not None
    assert match.groups() == ("a.ttl", "1", "1", "violation", "CS0001", "wrong")
    told = errors.match("csto: graph/a.ttl:3:14: a full stop is expected here")
    assert told is not None
    assert told.groups()[:3] == ("graph/a.ttl", "3", "14")
    assert errors.match(line) is None
