"""The site: complete, linked, and without the network. Built once, of a small workspace."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from conftest import Ran, run_csto
from csto.answer.citations import Matches
from csto.answer.kinds import Asking
from csto.answer.query import bind
from csto.cli.app import application
from csto.cli.site import commands, functions
from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.graph.memory import in_memory
from csto.graph.spans import ANY_DAY
from csto.load.workspace import Workspace, find_workspace
from csto.proof.prover import Prover
from csto.publish.pages.answers import picture_of
from csto.publish.pages.guides import Command, Guide, drawings, guide_html, markdown
from csto.publish.pages.law import treaty
from csto.publish.pages.page import Live, Place, Static, file_of, step_key
from csto.publish.pages.strips import axis
from csto.publish.pages.terms import rooms, schemes
from csto.publish.pages.thing import Things, told_days
from csto.publish.site import build_site
from csto.publish.site.files import Folder
from csto.publish.site.parts import Site
from csto.publish.site.proofs import Steps, _shortened
from csto.sparql.saved import find_query
from csto.vocabulary import ASSERTED, ONTOLOGY, RDFS_LABEL
from csto.vocabulary import csto as csto_term
from support.rebase import ours_only, rewritten, words_of
from support.sample import WHOLE

ROOT = Path(__file__).resolve().parents[2]
BYTES = 4_000


class _Reader(HTMLParser):
    """Collects targets of links, anchors, what a page would fetch, and steps of proofs."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.fetched: list[str] = []
        self.steps: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.anchors.append(str(found["id"]))
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if found.get("data-step"):
            self.steps.append(str(found["data-step"]))
        if tag in ("link", "script", "img") and found.get("rel") not in ("canonical", "alternate"):
            self.fetched.append(str(found.get("href") or found.get("src")))


def _taken(path: Path) -> Any:
    """The data that a script hands over packed."""
    packed = path.read_text("utf-8").partition(',"')[2].removesuffix('");\n')
    return json.loads(gzip.decompress(base64.b64decode(packed)))


@pytest.fixture(scope="module")
def small(alliance: Dataset) -> Dataset:
    return alliance


@pytest.fixture(scope="module")
def site(small: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    told, functions_ = list(commands(application(None))), list(functions())
    build_site(small, folder, told, functions=functions_, processes=1)
    return folder


@pytest.fixture(scope="module")
def read(site: Path) -> dict[Path, _Reader]:
    found = {}
    for path in site.rglob("*.html"):
        found[path] = _Reader()
        found[path].feed(path.read_text("utf-8"))
    return found


def test_every_link_leads_somewhere(site: Path, read: dict[Path, _Reader]) -> None:
    for path, page in read.items():
        for link in page.links:
            if re.match(r"(https?|mailto):", link):
                continue
            target, _, anchor = unquote(link).partition("#")
            file = (path.parent / target).resolve() if target else path
            assert file.is_file(), (path, link)
            if anchor and file in read and file.name != "sparql.html":
                assert anchor in read[file].anchors, (path, link)


def test_no_anchor_stands_twice(read: dict[Path, _Reader]) -> None:
    for path, page in read.items():
        assert len(page.anchors) == len(set(page.anchors)), path


def test_pages_fetch_nothing_from_elsewhere(site: Path, read: dict[Path, _Reader]) -> None:
    for path, page in read.items():
        for name in page.fetched:
            assert "//" not in name, path
            assert (path.parent / name).resolve().is_file(), (path, name)
    ours = ROOT / "src/csto/publish/pages/static"
    for script in ours.glob("*.js"):
        assert "fetch(" not in script.read_text("utf-8"), script


def test_pages_are_small_and_few_bytes(site: Path) -> None:
    assert max(path.stat().st_size for path in site.rglob("*.html")) < 300_000


def test_a_site_has_few_bytes_for_each_thing(site: Path, small: Dataset) -> None:
    """The whole one is asked to stay under 60 MB; there each thing has about so much."""
    pages = [path.stat().st_size for path in site.joinpath("id").rglob("*.html")]
    things = sum(1 for _ in small.store.quads_for_pattern(None, RDFS_LABEL, None, ASSERTED))
    assert sum(pages) / things < BYTES
    # What every page repeats, of which there are thousands.
    empty = (site / "search.html").stat().st_size
    assert empty < 1_500


def test_steps_travel_with_the_digits_that_they_need() -> None:
    keys = ["0123456789", "01234567aa", "0123450000"]
    assert _shortened(keys) == {keys[0]: "012345678", keys[1]: "01234567a", keys[2]: "0123450"}


def test_every_thing_has_its_page(site: Path, small: Dataset) -> None:
    for name in ("id/body/guam", "id/state/georgia"):
        text = (site / f"{name}.html").read_text("utf-8")
        assert "<h1>" in text
    page = (site / "id/state/uzbekistan.html").read_text("utf-8")
    # When what held, as words and as a bar.
    assert "member of" in page
    assert "<rect class=certain" in page
    assert re.search(r"24 April 1999 – \d+ May 2005", page)


def test_what_is_told_with_a_thing_has_no_page(site: Path, small: Dataset) -> None:
    place = Place(small, small)
    assert place.told_with
    support, thing = next(iter(sorted(place.told_with.items(), key=str)))
    assert not (site / f"{place.path(support.value)}.html").exists()
    assert place.path(support.value) not in json.dumps(_taken(site / "data/search.js"))
    # Its passages stand beside the property that they speak of.
    page = (site / f"{place.path(thing.value)}.html").read_text("utf-8")
    assert ' class="passages in">' in page


def test_no_page_shows_a_whole_iri_beside_a_name(site: Path) -> None:
    for path in site.joinpath("id").rglob("*.html"):
        assert "(https://" not in path.read_text("utf-8"), path


def test_a_relation_read_backwards_is_called_after_what_it_leads_to(small: Dataset) -> None:
    things = Things(Place(small, small))
    assert things._backwards(csto_term("partOf")) == "parts"


def test_a_thing_with_a_territory_has_a_map(small: Dataset) -> None:
    things = Things(Place(small, small))
    georgia = small.things.find("Georgia")
    assert things.where(georgia, small.cut_off) == [("GEO", "Georgia")]
    guam = things.where(small.things.find("GUAM"), "2004-01-01")
    assert {"GEO", "UKR", "UZB"} <= {code for code, _ in guam}
    # What has no place has none.
    assert things.where(small.things.find("GUAM"), "1990-01-01") == []


def test_a_treaty_tells_whom_it_bound_on_a_day(shipped: Dataset) -> None:
    things = Things(Place(shipped, shipped))
    node = shipped.things.find("CSTO Charter")
    made = treaty(things, Static(things.place), node)
    held = {name: (certain, possible) for name, certain, possible in made.held}
    assert any(first <= "2005-01-01" <= last for first, last in held["Armenia"][0])
    assert not any(first <= "2001-01-01" for first, _ in held["Armenia"][1])


def test_ways_between_pages_are_short(small: Dataset) -> None:
    known = {"id/state/georgia", "id/body/guam", "id/body/x", ""}
    page = Static(Place(small, small), here="id/body/x.html", known=known)
    assert page.url("/id/body/guam") == "guam.html"
    assert page.url("/id/state/georgia") == "../state/georgia.html"
    assert page.url("/") == "../../index.html"


def test_proofs_end_in_passages(site: Path, read: dict[Path, _Reader]) -> None:
    steps: dict[str, list[Any]] = {}
    for path in (site / "data/proofs").glob("??.js"):
        steps |= {path.stem + key: step for key, step in _taken(path).items()}
    shared = _taken(site / "data/proofs/shared.js")
    names, kinds, rules = (shared[key] for key in ("names", "kinds", "rules"))
    assert all(reason for _, reason in rules)
    # An axiom is told with the terms that it joins, not with those of its first use.
    assert len({reason for rule, reason in rules if rule == "prp-spo1"}) > 1
    shown = {step[:7] for page in read.values() for step in page.steps}
    assert shown
    # No two of so few begin alike.
    assert shown <= set(steps)
    # The names and numbers of a step are those of its triple.
    things = [names[step[1][0]][0] for step in steps.values() if isinstance(step[1], list)]
    assert "Uzbekistan" in things
    assert {"inferred", "asserted"} <= set(kinds)
    for step in steps.values():
        premises = step[3].split() if len(step) > 3 else []
        assert set(premises) <= set(steps)
        # What follows says by which rule.
        assert (kinds[step[0]] != "inferred") or step[2] >= 0

    def passages(key: str, seen: set[str]) -> bool:
        step = steps[key]
        seen.add(key)
        cited = step[4] if len(step) > 4 else []
        premises = step[3].split() if len(step) > 3 else []
        return bool(cited) or any(passages(p, seen) for p in premises if p not in seen)

    ending = sum(passages(key, set()) for key in shown)
    # The others rest on concepts and axioms alone.
    assert ending > 0.75 * len(shown)


def test_whichever_page_asked_first_the_proof_is_that_of_the_last_day(small: Dataset) -> None:
    last, held = small.cut_off, [t for t in small.spans.held[0] if t.object != ANY_DAY]
    ends = [b.isoformat() for t in held for _, b in small.spans.of(t, 0) if b is not None]
    day = max(end for end in ends if end < last)
    provers = {on: Prover(small, on) for on in (last, day)}
    page = Static(Place(small, small))
    both = [t for t in held if _holds(small, t, last) and _holds(small, t, day)]
    triples = sorted(both, key=str)[:20]
    only = sorted((t for t in held if not _holds(small, t, last)), key=str)
    then = [t for t in only if _holds(small, t, day)][:5]
    assert triples
    assert then

    def made(*order: str) -> Steps:
        steps = Steps(page, provers[last])
        for on in order:
            if on == last:
                assert not steps.prove(triples)
            else:
                steps.add_all([provers[day].prove(t) for t in (*triples, *then)], day)
        return steps

    first, other = made(last, day), made(day, last)
    assert first.scripts() == other.scripts()
    assert all(first.steps[k] == step for k, step in made(last).steps.items())
    # So it is whichever of two processes proved what.
    for one, two in ((last, day), (day, last)):
        joined = made(one)
        joined.join(made(two).made)
        assert joined.scripts() == first.scripts()
    # What no page shows, and nothing shown rests on, does not travel.
    alone = made(last)
    alone.add(provers[day].prove(then[0]), day)
    assert alone.scripts() == made(last).scripts()


def _holds(dataset: Dataset, triple: Any, day: str) -> bool:
    on = date.fromisoformat(day)
    runs = dataset.spans.of(triple, 0)
    return any((a is None or a <= on) and (b is None or on <= b) for a, b in runs)


def test_what_is_read_from_memory_has_its_days_whatever_was_asked_before(small: Dataset) -> None:
    fresh = build(small.workspace)
    assert in_memory(fresh).spans.held[0].keys() == fresh.spans.held[0].keys()


def test_two_processes_share_the_work(site: Path, small: Dataset, tmp_path: Path) -> None:
    told, functions_ = list(commands(application(None))), list(functions())
    report = build_site(small, tmp_path, told, functions=functions_, processes=2)

    def pages(root: Path) -> dict[str, bytes]:
        return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*.*")}

    one, two = pages(site), pages(tmp_path)
    assert one.keys() == two.keys()
    assert report.files == len(two)
    same = [name for name in one if name.startswith(("id/", "law/", "conflicts/", "source/"))]
    assert len(same) > 50
    assert all(one[name] == two[name] for name in same)


def test_each_piece_of_work_is_done_once(small: Dataset, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    made = Site(small, folder, ())
    tasks = made.tasks()
    things = [path for kind, of in tasks if kind == "things" for path in of]
    assert sorted(things) == sorted(made.pages.inventory.things)
    last = len(tasks) - 1
    numbers = iter((last, last + 1))
    made.work(lambda: next(numbers))
    written = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.html")}
    assert {file_of(path) for path in tasks[last][1]} <= written
    assert "index.html" not in written


def test_answers_have_passages_on_every_row(site: Path) -> None:
    page = (site / "queries/memberships/spells.html").read_text("utf-8")
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = body.count("<tr>")
    assert rows > 5
    assert body.count("class=passages>") >= rows
    assert (site / "queries/memberships/spells.csv").read_text().startswith("state,")


def test_the_atlas_has_days_and_certainty(site: Path) -> None:
    text = (site / "data/atlas.js").read_text("utf-8")
    atlas = json.loads(text[len('csto.take("atlas",') : -3])
    names = [state[0] for state in atlas["states"]]
    spells = [
        spell for spell in atlas["spells"] if names[spell[0]] == "Uzbekistan" and spell[3] == 1
    ]
    assert any(spell[4].startswith("1999-04") for spell in spells)
    assert atlas["first"] < "1998" < atlas["last"]


def test_the_search_knows_names_and_other_names(site: Path) -> None:
    found = {row[0]: row for row in _taken(site / "data/search.js")}
    row = found["id/body/guam.html"]
    assert "GUAM" in row[1] + row[3]
    assert row[2]


def test_everything_is_told(site: Path, small: Dataset) -> None:
    told = {path.stem: path.read_text("utf-8") for path in (site / "ontology").glob("*.html")}
    terms = [(room.name, term) for room in rooms(small) for term in room.terms]
    assert len(terms) > 200
    for room, term in terms:
        assert f"id={term.iri.split('#')[1]}>" in told[room]
        assert term.definition
    rules = "".join(p.read_text("utf-8") for p in (site / "docs/rules").glob("*.html"))
    assert all(f"id={rule.code}>" in rules for rule in small.rules)
    for name in small.workspace.queries():
        assert (site / f"queries/{name}.html").is_file()
    assert {s.name for s in schemes(small)} >= {"status", "threat", "act-kind"}


def test_uses_are_counted(shipped: Dataset) -> None:
    terms = {t.name: t for room in rooms(shipped) for t in room.terms}
    assert terms["csto:Membership"].stated > 150
    assert terms["csto:startEarliest"].stated == 0
    assert terms["csto:startEarliest"].derived > 200
    assert ("kind of", "csto:Affiliation") in terms["csto:Membership"].relations


def test_pictures_of_guides_are_there_and_what_is_not_there_is_asked_of_nobody(
    alliance: Dataset, tmp_path: Path
) -> None:
    workspace = tmp_path / "with-guides"
    (workspace / "docs/guide").mkdir(parents=True)
    (workspace / "docs/pictures").mkdir()
    (workspace / "docs/pictures/a.svg").write_text("<svg/>", "utf-8")
    (workspace / "docs/secret.txt").write_text("x", "utf-8")
    drawn = drawings(Workspace(workspace))
    assert list(drawn) == ["pictures/a.svg"]
    guide = Guide("guide/x", "X", "![A](../pictures/a.svg)\n\n![B](../pictures/b.svg)\n")
    page = Static(Place(alliance, alliance), here="docs/guide/x.html")
    text = guide_html(page, guide, [], drawn)
    assert '<img src="../../static/docs/pictures/a.svg" alt="A"' in text
    assert '<img alt="B"' in text


def test_tables_of_a_guide_have_names_of_their_own() -> None:
    table = "| a |\n| --- |\n| b |\n\n"
    assert re.findall('aria-label="([^"]*)"', markdown(table)) == ["Table"]
    assert re.findall('aria-label="([^"]*)"', markdown(f"{table}x\n\n{table}")) == [
        "Table 1",
        "Table 2",
    ]


def test_a_picture_of_an_answer_names_its_sources(shipped: Dataset) -> None:
    query = find_query(shipped.workspace, "memberships/affiliations-on")
    given = {"organization": "CSTO"}
    page = Static(Place(shipped, shipped), here="queries/memberships/affiliations-on.html")
    matches = Matches(Prover(shipped, "2012-09-01"), bind(query, given, shipped.things))
    drawn = picture_of(page, matches, query, given, "rows.csv")
    caption = drawn.partition("<figcaption>")[2]
    assert "As of 1 September 2012." in caption
    assert "Sources: " in caption
    assert "Troitskiy et al. 2023" in caption
    assert 'href="rows.csv"' in caption


def test_commands_are_told_as_they_tell_themselves(site: Path) -> None:
    text = (site / "docs/commands.html").read_text("utf-8")
    for name in ("overlap", "query", "explain-triple", "validate", "law-diff", "panel", "serve"):
        assert f"id=csto-{name}>" in text
    assert re.search(r"<dt><code>--on DATE</code><dd>The day the answer is for", text)


def test_functions_are_told_as_their_docstrings_tell_them(site: Path) -> None:
    text = (site / "docs/python.html").read_text("utf-8")
    for name in ("open", "Graph-overlap", "Graph-explain", "Rows-to_pandas"):
        assert f"id=csto-{name}>" in text
    assert re.search(r"<dt><code>on</code><dd>the day, YYYY-MM-DD", text)
    assert ":meth:" not in text


def test_an_axis_has_years_and_bars_lie_on_it() -> None:
    made = axis(["1992-05-15", "2012-06-28"], "2025-11-30")
    assert made is not None
    assert [year for year, _ in made.marks][:2] == ["1995", "2000"]
    (bar,) = made.bars([("1992-01-01", "2012-12-31", "certain")])
    assert bar.x == "0.00%"
    assert float(bar.width.rstrip("%")) > 99
    assert axis(["2022-01-06", "2022-01-19"], "2025-11-30") is None


def test_a_live_page_keeps_the_day(small: Dataset) -> None:
    page = Live(Place(small, small), "2004-01-01", None, "/root")
    assert page.url("/id/state/georgia") == "/root/id/state/georgia?on=2004-01-01"


def test_the_number_of_a_step_follows_from_its_triple() -> None:
    assert step_key(("<a>", "<b>", '"c"')) == step_key(("<a>", "<b>", '"c"'))
    assert step_key(("<a>", "<b>", '"c"')) != step_key(("<a>", "<b>", '"d"'))


def test_a_folder_with_something_else_is_refused(csto: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("")
    ran = csto("site", "-o", str(tmp_path))
    assert ran.code == 2
    assert "name an empty folder" in ran.err
    ran = csto("site", "-o", str(tmp_path / "mine.txt" / "site"))
    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_a_class_without_an_infobox_has_that_of_a_wider_one() -> None:
    store = Store()
    store.load(
        b"""@prefix csto: <https://w3id.org/csto/ontology#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        csto:Wide csto:infobox "one ^two" ; csto:columns "three" .
        csto:Narrow rdfs:subClassOf csto:Wide .
        csto:Own rdfs:subClassOf csto:Wide ; csto:columns "four" .""",
        format=RdfFormat.TURTLE,
        to_graph=ONTOLOGY,
    )
    asking = Asking(store)
    assert asking.infobox(csto_term("Narrow")) == ["one", "^two"]
    assert asking.infobox(csto_term("Own")) == ["four"]


def test_days_in_words_say_how_far_what_is_possible_reaches() -> None:
    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    def told(certain: list[tuple[str, str]], possible: list[tuple[str, str]]) -> str:
        runs = [[(day(a), day(b)) for a, b in spans] for spans in (certain, possible)]
        return told_days((runs[0], runs[1]), "2025-11-30")

    held = [("2006-08-16", "2012-06-27")]
    assert told(held, held) == "16 August 2006 – 27 June 2012"
    wider = [("2006-08-16", "2012-12-31")]
    assert told(held, wider) == "16 August 2006 – 27 June 2012; possibly to 31 December 2012"
    assert told([], [("2012-06-28", "")]) == "possibly from 28 June 2012"
    # The last day of the graph is no end.
    assert told([("2002-10-07", "2025-11-30")], [("2002-10-07", "")]) == "from 7 October 2002"


def test_a_box_says_what_preferred_days_hide(shipped: Dataset) -> None:
    place = Place(shipped.hold(), in_memory(shipped))
    things = Things(place)
    page = Static(place, here="x.html", known=set())
    disputed = NamedNode("https://w3id.org/csto/id/membership/uzbekistan-csto")
    first, second = things.box(page, disputed, None)[:2]
    assert first.values[0].link.text == "16 August 2006 – 19 December 2012"
    assert second.name.text == "certain"
    assert "27 June 2012; " in second.values[0].link.text
    assert "possibly to 18 December 2012" in second.values[0].link.text
    settled = NamedNode("https://w3id.org/csto/id/membership/armenia-csto")
    assert [fact.name.text for fact in things.box(page, settled, None)].count("certain") == 0


def test_another_workspace_names_nothing_of_the_shipped_one() -> None:
    command = Command("csto x", "csto x", "Does it.\n\nExample: `csto x CSTO`", [("-o", "Such.")])
    assert command.bare.help == "Does it."


# --- a workspace of one's own --------------------------------------------------


@pytest.mark.sampled
@pytest.mark.skipif(not WHOLE, reason="pages of another base are compared in test_own_base")
def test_the_site_of_another_base_is_the_same(site: Path, tmp_path: Path) -> None:
    """Every page says the same, in the same order of sections, whatever the base of the things."""
    root = rewritten(Path(shutil.copytree(ROOT / "examples" / "alliance", tmp_path / "alliance")))
    other = tmp_path / "site"
    told = list(commands(application(None)))
    build_site(build(find_workspace(root)), other, told, functions=list(functions()), processes=1)

    def pages(folder: Path) -> dict[str, list[str]]:
        # Steps are named by digests, what lies in data/ is listed with its size, and where a few
        # examples are shown, they are the first by IRI: the workspace has things of a third base.
        found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*.html")}
        return {
            name: words_of(re.sub(r"data-step=\w+", "", ours_only(path.read_text("utf-8"))))
            for name, path in found.items()
            if not name.startswith(("data/", "queries/")) and name != "ontology/coverage.html"
        }

    ours, theirs = pages(site), pages(other)
    assert ours.keys() == theirs.keys()
    assert len(ours) > 600
    assert [name for name in ours if ours[name] != theirs[name]] == []


@pytest.mark.sampled
@pytest.mark.skipif(not WHOLE, reason="its pages are read in test_inter_american")
def test_the_site_of_a_second_alliance_is_its_own(tmp_path: Path) -> None:
    ran = run_csto(
        *("--workspace", str(ROOT / "examples" / "inter-american"), "site"),
        *("-o", str(tmp_path / "site"), "--processes", "1"),
    )
    assert ran.code == 0, ran.err
    pages = {p.relative_to(tmp_path / "site").as_posix(): p for p in tmp_path.rglob("*.html")}
    assert {"index.html", "id/crisis/falklands-1982.html", "id/body/oas.html"} <= pages.keys()
    others = re.compile(
        r"Collective Security Treaty|Kazakhstan|Armenia|w3id\.org/csto/id/|\bCSTO\b"
    )
    for name, path in pages.items():
        # The guides of the tool have examples.
        if not name.startswith("docs/"):
            assert not others.search(path.read_text("utf-8")), name
