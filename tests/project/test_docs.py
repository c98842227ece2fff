"""What the documentation shows is what the commands print."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

import pytest

from conftest import ROOT, Ran
from csto import __version__

PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "examples/alliance/README.md",
    *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/**/*.md")),
]
# Their examples need a server, or a file of the reader's; tests of their own run those.
NEEDING_MORE = (
    "docs/guide/push.md",
    "docs/guide/serve.md",
    "docs/guide/site.md",
    "docs/guide/validate.md",
)
BLOCKS = [
    (page, block)
    for page in PAGES
    if page not in NEEDING_MORE
    for block in re.findall(r"```console\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
]


@pytest.mark.parametrize(
    ("page", "block"), BLOCKS, ids=[f"{p}-{i}" for i, (p, _) in enumerate(BLOCKS)]
)
def test_examples_print_what_they_show(page: str, block: str, csto: Callable[..., Ran]) -> None:
    command, _, shown = block.partition("\n")
    assert command.startswith("$ csto ")
    ran = csto(*shlex.split(command)[2:])
    assert ran.code == 0, ran.err
    lines = iter(ran.out.splitlines())
    skipping = False
    for line in shown.splitlines():
        if line == "...":
            skipping = True
            continue
        printed = next(lines, None)
        while skipping and printed is not None and printed.rstrip() != line.rstrip():
            printed = next(lines, None)
        skipping = False
        assert printed is not None, f"{page}: not printed: {line}"
        assert printed.rstrip() == line.rstrip()


def test_a_check_that_is_shown_is_one_that_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = re.findall(r"```sparql\n(#\+ code: CS.*?)```", text, re.DOTALL)
    there = {path.read_text(encoding="utf-8") for path in ROOT.glob("ontology/checks/*.rq")}
    assert shown
    assert set(shown) <= there


def test_there_are_examples() -> None:
    assert len(BLOCKS) >= 3


def test_one_version_everywhere() -> None:
    citation = (ROOT / "CITATION.cff").read_text()
    ontology = (ROOT / "ontology" / "csto.ttl").read_text()
    assert f"version: {__version__}\n" in citation
    assert f'owl:versionInfo "{__version__}"' in ontology
    assert f"<https://w3id.org/csto/ontology/{__version__}>" in ontology
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        folder = (ROOT / page).parent
        for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text()):
            assert (folder / target).exists(), f"{page}: {target}"
