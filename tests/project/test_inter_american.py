"""The Inter-American system: a second alliance in full, in its own base IRI."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT, run_csto

RIO = ROOT / "examples" / "inter-american"
README = (RIO / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ csto (.+)\n([\s\S]*?)```", README)


def rio(*words: str) -> list[list[str]]:
    ran = run_csto("--workspace", str(RIO), *words, "-f", "csv")
    assert ran.code == 0, ran.err
    return ran.rows


def test_it_is_clean_and_in_the_layout() -> None:
    ran = run_csto("--workspace", str(RIO), "validate", "--fail-on", "warning")
    assert ran.code == 0, ran.out
    assert run_csto("--workspace", str(RIO), "fmt", "--check").code == 0


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[c for c, _ in EXAMPLES])
def test_the_readme_shows_what_is_printed(command: str, shown: str) -> None:
    words = re.findall(r'(?:[^\s"]|"[^"]*")+', command)
    ran = run_csto(
        *(w.replace('"', "").replace("examples/inter-american", str(RIO)) for w in words)
    )
    assert ran.code == 0, ran.err
    assert ran.out == shown


def test_a_denunciation_takes_two_years() -> None:
    rows = rio("law", "--state", "Mexico", "--suppose", "notice=2002-09-06")
    assert [row[4] for row in rows if row[1] == "Art. 25"] == ["2004-09-06"]


@pytest.mark.parametrize(
    ("day", "bound", "free"),
    [
        ("1982-04-20", {"Mexico", "Venezuela"}, {"Bahamas"}),
        ("2015-01-01", {"Bahamas"}, {"Mexico", "Bolivia"}),
    ],
)
def test_who_was_bound_on_a_day(day: str, bound: set[str], free: set[str]) -> None:
    names = {row[1] for row in rio("query", "law/bound-on", "-p", "instrument=TIAR", "--on", day)}
    assert bound <= names
    assert not free & names
