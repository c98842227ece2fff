"""The site in a browser: from a folder and from a static server, with axe-core, in two time zones.

Needs Playwright (PyPI) and Debian's chromium; ``make interop`` installs them. A site that is
built already is taken from the folder that CSTO_SITE names.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import csto
from csto.graph.build import build
from csto.load.workspace import find_workspace
from csto.publish.pages.page import assets
from csto.publish.site import build_site
from csto.sparql.saved import saved_queries

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = "/usr/bin/chromium"
AXE = Path(__file__).resolve().parents[1] / ".venv/node/node_modules/axe-core/axe.min.js"
PAGES = (
    "index.html",
    "id/index.html",
    "id/state/uzbekistan.html",
    "id/body/csto.html",
    "id/crisis/kazakhstan-2022.html",
    "id/membership/uzbekistan-csto.html",
    "queries/index.html",
    "queries/memberships/members-on.html",
    "law/index.html",
    "law/csto-charter.html",
    "conflicts/index.html",
    "sparql.html",
    "docs/guide/pictures.html",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if given := os.environ.get("CSTO_SITE"):
        return Path(given).resolve()
    folder = tmp_path_factory.mktemp("site")
    build_site(build(find_workspace(None)), folder)
    return folder


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module", params=["folder", "server"])
def root(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    if request.param == "folder":
        yield site.as_uri()
        return
    with served(site) as address:
        yield address


@contextlib.contextmanager
def opened(browser: Any, address: str, **settings: Any) -> Iterator[Any]:
    """A page; whatever goes wrong on it, or is fetched from elsewhere, is an error."""
    context = browser.new_context(**settings)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    own = address.partition("//")[0] + "//" + address.partition("//")[2].partition("/")[0]
    page.on(
        "request",
        lambda r: None if r.url.startswith((own, "blob:", "data:")) else wrong.append(r.url),
    )
    page.goto(address)
    yield page
    context.close()
    assert not wrong, wrong


def answered(page: Any, key: str = "") -> None:
    """Ask what stands in the editor, and wait for rows and picture."""
    page.evaluate("() => { document.querySelector('#status').textContent = '' }")
    if key:
        page.keyboard.press(key)
    else:
        page.click("#run")
    page.wait_for_function(
        "document.querySelector('#status').textContent.includes(' as of ')"
        " || document.querySelector('#note').textContent",
        timeout=120_000,
    )
    assert not page.inner_text("#note")


def test_it_fits_a_stick_and_its_pages_a_phone(site: Path) -> None:
    sizes = {path: path.stat().st_size for path in site.rglob("*") if path.is_file()}
    assert sum(sizes.values()) < 60_000_000
    large = {path.name: size for path, size in sizes.items() if size >= 300_000}
    assert not [name for name in large if name.endswith(".html")], large


def test_the_slider_says_who_stood_where(browser: Any, root: str) -> None:
    with opened(browser, f"{root}/index.html#org=csto&on=2012-09-01") as page:
        page.wait_for_selector("#standing dt")
        words = page.inner_text("#standing")
        assert "full member" in words
        uzbekistan = [line for line in words.split("\n\n") if "Uzbekistan" in line]
        assert uzbekistan
        assert "possibly" in words
        page.click("#after")
        assert page.input_value("#exact") > "2012-09-01"
        page.fill("#exact", "2003-01-01")
        page.dispatch_event("#exact", "change")
        assert "Uzbekistan" not in page.inner_text("#standing")
        if assets():
            assert page.locator("#map path.certain").count() >= 6


@pytest.mark.skipif(not assets(), reason="make site-assets was not run")
def test_rivals_share_a_state_on_the_map(browser: Any, site: Path) -> None:
    with opened(browser, f"{site.as_uri()}/index.html#org=csto&on=2012-09-01") as page:
        page.wait_for_selector("#standing dt")
        fill = page.evaluate("getComputedStyle(document.querySelector('#map .rival')).fill")
        named = fill.partition("#")[2].strip('")')
        stripes = f"[...document.querySelectorAll('#{named} rect:not(.ground)')]"
        colours = page.evaluate(f"{stripes}.map((one) => one.getAttribute('fill'))")
        assert len(set(colours)) == 2
        assert page.locator("#standing .key.rival").count() == 1


def test_days_do_not_shift_in_another_time_zone(browser: Any, site: Path) -> None:
    said = []
    for zone in ("UTC", "America/New_York", "Pacific/Auckland"):
        address = f"{site.as_uri()}/index.html#org=csto&on=2006-08-16"
        with opened(browser, address, timezone_id=zone) as page:
            page.wait_for_selector("#standing dt")
            said.append(
                (
                    page.input_value("#exact"),
                    page.inner_text("#spoken"),
                    page.inner_text("#standing"),
                )
            )
            page.click("#before")
            said[-1] += (page.input_value("#exact"),)
    assert said[0] == said[1] == said[2]
    assert "16 August 2006" in said[0][1]


def test_the_search_finds_names_and_words(browser: Any, root: str) -> None:
    with opened(browser, f"{root}/id/state/armenia.html") as page:
        page.fill("#find", "uzbekistan csto")
        page.wait_for_selector("#found a")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        assert "zbekistan" in page.inner_text("h1")
    with opened(browser, f"{root}/search.html?text=ОДКБ") as page:
        page.wait_for_selector("#results a")
        assert "Collective Security Treaty Organization" in page.inner_text("#results")


def test_a_proof_unfolds_to_a_passage(browser: Any, root: str) -> None:
    with opened(browser, f"{root}/id/state/kazakhstan.html") as page:
        page.locator("li", has_text="member of").locator("button.why").first.click()
        page.wait_for_selector("ul.proof li ul li")
        for _ in range(12):
            if page.locator("ul.proof .passages a").count():
                break
            page.locator("ul.proof details:not([open]) > summary").first.click()
            page.wait_for_timeout(150)
        assert page.locator("ul.proof .passages a").count()


@pytest.mark.skipif(not assets(), reason="make site-assets was not run")
def test_sparql_is_answered_in_the_page(browser: Any, root: str) -> None:
    with opened(browser, f"{root}/sparql.html#memberships/members-on") as page:
        page.wait_for_selector("#run")
        page.fill("#on", "2012-09-01")
        page.click("#run")
        page.wait_for_selector("#rows tbody tr", timeout=120_000)
        rows = page.inner_text("#rows tbody")
        assert "Uzbekistan" in rows
        assert "possible" in rows
        assert rows.count("certain") == 6
        # Another day has other slices.
        page.fill("#on", "2003-01-01")
        page.click("#run")
        page.wait_for_function("!document.querySelector('#rows').innerText.includes('Uzbekistan')")
        # What cannot be read is marked.
        page.evaluate("csto.theEditor.text = 'SELECT ?s WHERE { ?s ?p }'")
        page.click("#run")
        page.wait_for_selector("#note:not(:empty)")
        assert "line 1" in page.inner_text("#note")


@pytest.mark.skipif(not assets(), reason="make site-assets was not run")
def test_a_row_of_a_free_query_has_its_proof(browser: Any, root: str) -> None:
    with opened(browser, f"{root}/sparql.html") as page:
        page.wait_for_selector("#run")
        text = (
            "SELECT ?state ?body WHERE { ?state csto:memberOf ?body "
            "VALUES ?body { body:csto } } ORDER BY ?state"
        )
        page.evaluate("(text) => { csto.theEditor.text = text }", text)
        page.click("#run")
        page.wait_for_selector("#rows tbody tr", timeout=120_000)
        assert page.locator("#rows tbody tr").count() == 6
        page.locator("#rows button.because").nth(3).click()
        page.wait_for_selector("#rows button.why.step")
        page.locator("#rows button.why.step", has_text="memberOf").first.click()
        page.wait_for_selector("#rows ul.proof li ul li")
        assert "Kyrgyzstan" in page.inner_text("#rows ul.proof")
        assert page.locator("#rows ul.proof .inferred").count()


@pytest.mark.skipif(not assets(), reason="make site-assets was not run")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_each_question_with_a_view_is_drawn(
    browser: Any, site: Path, width: int, scheme: str
) -> None:
    asked = {q.name: q.view for q in saved_queries(find_workspace(None)) if q.view}
    settings = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    with opened(browser, f"{site.as_uri()}/sparql.html", **settings) as page:
        page.wait_for_selector("#run")
        for name, view in asked.items():
            page.evaluate("(name) => { location.hash = name }", name)
            page.wait_for_function(
                "(name) => document.querySelector('#example').value === name", arg=name
            )
            answered(page)
            rows = page.locator("#rows tbody tr").count()
            assert rows, name
            if view == "table":
                continue
            assert page.get_attribute("#picture figcaption", "data-kind") == view, name
            box = page.locator("#picture svg[role=img]").bounding_box()
            assert box is not None
            assert box["height"] > 60, name
            assert box["width"] <= width, name
            assert f"The {rows} rows" in page.get_attribute("#picture svg", "aria-label") or (
                f"of {rows} rows" in page.inner_text("#picture figcaption")
            ), name
        if AXE.is_file():
            page.add_script_tag(path=str(AXE))
            only = "{resultTypes: ['violations'], preload: false}"
            found = page.evaluate(f"axe.run('#picture', {only})")
            assert not found["violations"], found["violations"]


@pytest.mark.skipif(not assets(), reason="make site-assets was not run")
def test_a_picture_has_the_rows_of_the_day(browser: Any, site: Path) -> None:
    with opened(browser, f"{site.as_uri()}/sparql.html#memberships/map") as page:
        page.wait_for_selector("#run")
        said = {}
        for day in ("2012-09-01", "2003-01-01"):
            page.fill("#on", day)
            answered(page)
            said[day] = page.locator("#picture path.certain, #picture path.possible").count()
            assert ("Uzbekistan: " in page.inner_text("#picture")) == (day == "2012-09-01")
        assert said == {"2012-09-01": 7, "2003-01-01": 6}
    address = f"{site.as_uri()}/sparql.html#memberships/timeline"
    with opened(browser, address, timezone_id="America/New_York") as page:
        page.wait_for_selector("#run")
        answered(page)
        # Days do not shift, and rivals have the days that both can have.
        path = page.locator("#picture svg path[fill='#d55e00'][fill-opacity='0.3']").last
        path.hover()
        page.wait_for_function("document.querySelector('#picture div').title")
        assert page.get_attribute("#picture div", "title") == (
            "Uzbekistan: suspended member, from 19 December 2012 (possible)"
        )


@pytest.mark.skipif(not assets(), reason="make site-assets was not run")
@pytest.mark.parametrize(
    ("query", "kind", "told"),
    [
        (
            "SELECT ?kind (COUNT(?one) AS ?n) WHERE { ?one a ?kind . "
            "VALUES ?kind { csto:Crisis csto:Membership } } GROUP BY ?kind",
            "bars",
            "csto:Crisis",
        ),
        (
            "SELECT ?label ?start ?end WHERE { ?one a csto:Membership ; rdfs:label ?label ; "
            "csto:acceptedStart ?start ; csto:acceptedEnd ?end } ORDER BY ?label LIMIT 5",
            "timeline",
            "",
        ),
        (
            "#+ view: matrix\n#+ channels: {row: one, column: other}\nSELECT ?one ?other WHERE "
            "{ ?one csto:memberOf ?other . VALUES ?other { body:csto body:ots } }",
            "matrix",
            "body:ots",
        ),
        ("SELECT ?label WHERE { ?one a csto:Crisis ; rdfs:label ?label }", "", "column of numbers"),
        (
            "#+ view: bars\nSELECT ?label WHERE { ?one a csto:Crisis ; rdfs:label ?label }",
            "",
            "A bars needs columns for row, number",
        ),
    ],
)
def test_a_free_query_is_drawn_or_told_what_it_needs(
    browser: Any, site: Path, query: str, kind: str, told: str
) -> None:
    with opened(browser, f"{site.as_uri()}/sparql.html") as page:
        page.wait_for_selector("#run")
        page.evaluate("(text) => { csto.theEditor.text = text }", query)
        answered(page)
        assert (page.get_attribute("#picture figcaption", "data-kind") or "") == kind
        assert page.locator("#picture svg").count() == (1 if kind else 0)
        assert told in page.inner_text("#picture") or told in page.inner_html("#picture svg")


@pytest.mark.skipif(not assets(), reason="make site-assets was not run")
def test_terms_are_completed(browser: Any, site: Path) -> None:
    with opened(browser, f"{site.as_uri()}/sparql.html") as page:
        page.wait_for_selector("#editor .cm-content")
        page.evaluate("() => { csto.theEditor.text = '' }")
        page.click("#editor .cm-content")
        page.keyboard.type("SELECT ?s WHERE { ?s csto:memberO")
        page.wait_for_selector("#editor .cm-tooltip-autocomplete li")
        offered = page.locator("#editor .cm-tooltip-autocomplete li").all_inner_texts()
        assert any("csto:memberOf" in one for one in offered)
        # What is offered says in words what it is.
        assert any("member of" in one for one in offered)
        # A list that has just come takes no key yet, lest it swallow what is being typed.
        page.wait_for_timeout(200)
        page.keyboard.press("Enter")
        page.wait_for_function("csto.theEditor.text.includes('csto:memberOf')")
        page.keyboard.type(" body:csto")
        page.keyboard.press("Escape")
        answered(page, "Control+Enter")
        assert page.locator("#rows tbody tr").count() == 6
        # Tab leaves the editor.
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") != "editor"


@pytest.mark.skipif(not assets(), reason="make site-assets was not run")
def test_a_query_that_never_ends_is_ended(browser: Any, site: Path) -> None:
    with opened(browser, f"{site.as_uri()}/sparql.html") as page:
        text = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        page.wait_for_selector("#run")
        page.evaluate("(text) => { csto.theEditor.text = text }", text)
        page.click("#run")
        page.wait_for_function(
            "document.querySelector('#status').textContent.startsWith('Asking')", timeout=120_000
        )
        page.click("#stop")
        page.wait_for_selector("#note:not(:empty)")
        assert "stopped" in page.inner_text("#note")


def test_a_treaty_on_a_day(browser: Any, site: Path) -> None:
    with opened(browser, f"{site.as_uri()}/law/csto-charter.html") as page:
        page.wait_for_selector("#law-day:not([hidden])")
        everything = page.locator(".version:visible").count()
        page.fill("#exact", "2005-01-01")
        page.dispatch_event("#exact", "change")
        then = page.locator(".version:visible").count()
        assert 0 < then < everything
        assert "Bound: Armenia" in page.inner_text("#held")


@pytest.mark.skipif(not assets(), reason="make site-assets was not run")
def test_a_thing_that_lies_somewhere_has_a_map(browser: Any, root: str) -> None:
    with opened(browser, f"{root}/id/crisis/kazakhstan-2022.html") as page:
        page.wait_for_selector("#where svg path.certain")
        assert page.locator("#where path.certain").count() == 1
        assert "Kazakhstan" in page.inner_text("#where")


def test_a_picture_of_its_own_has_a_slider(browser: Any, tmp_path: Path) -> None:
    graph = csto.open(on="2012-09-01")
    page_of = {
        "day": graph.picture("memberships/affiliations-on", organization="CSTO"),
        "line": graph.picture("memberships/timeline", organization="CSTO"),
    }
    for name, picture in page_of.items():
        (tmp_path / f"{name}.html").write_text(picture.html(), "utf-8")
    with opened(browser, (tmp_path / "day.html").as_uri()) as page:
        seen = (
            "[...document.querySelectorAll('.wide [data-on]')].filter((n) => n.checkVisibility())"
        )
        here = f"{seen}.map((n) => n.outerHTML).join()"
        then = page.evaluate(here)
        assert "1 September 2012" in page.inner_text("#spoken")
        page.click("#after")
        assert page.input_value("#exact") == "2012-12-19"
        assert "19 December 2012" in page.inner_text("figcaption")
        # One of the two rival readings is left.
        assert '"#0072b2"' in then
        assert '"#d55e00"' in then
        assert '"#0072b2"' not in page.evaluate(here)
        assert '"#d55e00"' in page.evaluate(here)
    with opened(browser, (tmp_path / "line.html").as_uri(), timezone_id="America/New_York") as page:
        assert not page.locator(".off").count()
        page.fill("#exact", "2012-09-01")
        page.dispatch_event("#exact", "change")
        assert page.locator("#held li").count() == 8
        assert page.locator(".wide .off").count() == 3
        assert "1 September 2012" in page.inner_text("#spoken")
        if AXE.is_file():
            page.add_script_tag(path=str(AXE))
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            told = [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]]
            assert not told, told


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, site: Path, scheme: str) -> None:
    for name in PAGES:
        if not (site / name).is_file():
            continue
        settings = {"color_scheme": scheme, "viewport": {"width": 390, "height": 844}}
        with opened(browser, f"{site.as_uri()}/{name}", **settings) as page:
            page.wait_for_timeout(300)
            page.add_script_tag(path=str(AXE))
            only = "{resultTypes: ['violations'], preload: false}"
            found = page.evaluate(f"axe.run(document, {only})")
            told = [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]]
            assert not told, (name, told)
            # Nothing is wider than a phone.
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
