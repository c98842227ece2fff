"""The documentation site: complete, linked, and without the network."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from conftest import Ran
from csto.cli.app import application
from csto.cli.docs import commands
from csto.graph.dataset import Dataset
from csto.publish.docs import build_site
from csto.publish.docs.terms import rooms, schemes


class _Reader(HTMLParser):
    """Collects targets of links, anchors, and what a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.anchors.add(str(found["id"]))
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if tag in ("link", "script", "img"):
            self.fetched.append(str(found.get("href") or found.get("src")))


@pytest.fixture(scope="module")
def site(shipped: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build_site(shipped, folder, list(commands(application(None))))
    return folder


@pytest.fixture(scope="module")
def read(site: Path) -> dict[str, _Reader]:
    found = {}
    for path in site.glob("*.html"):
        found[path.name] = _Reader()
        found[path.name].feed(path.read_text())
    return found


def test_every_link_leads_somewhere(read: dict[str, _Reader]) -> None:
    for name, page in read.items():
        for link in page.links:
            if link.startswith(("http:", "https:", "mailto:")):
                continue
            target, _, anchor = link.partition("#")
            assert (target or name) in read, (name, link)
            if anchor:
                assert anchor in read[target or name].anchors, (name, link)


def test_pages_fetch_nothing_from_elsewhere(read: dict[str, _Reader]) -> None:
    for page in read.values():
        assert page.fetched == ["style.css"]


def test_everything_is_told(site: Path, shipped: Dataset) -> None:
    ontology = (site / "ontology.html").read_text()
    terms = [term for room in rooms(shipped) for term in room.terms]
    assert len(terms) > 200
    assert len({term.iri for term in terms}) == len(terms)
    for term in terms:
        assert f'id="{term.iri.split("#")[1]}"' in ontology
        assert term.definition
    rules = (site / "rules.html").read_text()
    assert all(f'id="{rule.code}"' in rules for rule in shipped.rules)
    queries = (site / "queries.html").read_text()
    for name in shipped.workspace.queries():
        assert f'id="{name}"' in queries
    assert {s.name for s in schemes(shipped)} >= {"status", "threat", "act-kind"}


def test_uses_are_counted(shipped: Dataset) -> None:
    terms = {t.name: t for room in rooms(shipped) for t in room.terms}
    assert terms["csto:Membership"].stated > 150
    assert terms["csto:startEarliest"].stated == 0
    assert terms["csto:startEarliest"].derived > 200
    assert ("kind of", "csto:Affiliation") in terms["csto:Membership"].relations


def test_commands_are_told_as_they_tell_themselves(site: Path) -> None:
    text = (site / "commands.html").read_text()
    for name in ("overlap", "query", "explain-triple", "validate", "law-diff", "panel", "serve"):
        assert f'id="csto-{name}"' in text
    assert re.search(r"<dt><code>--on DATE</code></dt><dd>The day the answer is for", text)


def test_the_command(csto: Callable[..., Ran], tmp_path: Path) -> None:
    ran = csto("docs", "-o", str(tmp_path / "site"))
    assert ran.code == 0, ran.err
    assert (tmp_path / "site" / "index.html").is_file()
    blocked = tmp_path / "file"
    blocked.write_text("")
    ran = csto("docs", "-o", str(blocked / "site"))
    assert ran.code == 2
    assert "cannot be written" in ran.err
