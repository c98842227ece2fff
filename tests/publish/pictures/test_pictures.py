"""Pictures say what their rows say: each is compared with the rows that it was made of."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from conftest import ROOT, run_csto
from csto.answer.query import bind, run
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.publish.pictures import KINDS, Channel, Picture, Setting, View, of_query, of_rows, waiting
from csto.publish.pictures.colours import (
    FILL,
    HATCH,
    ON_DARK,
    ON_LIGHT,
    PALETTE,
    Scale,
    contrast,
    dark,
    light,
    on,
)
from csto.publish.pictures.days import at, changes, merged
from csto.publish.pictures.maps import LAND, WORLD, contains
from csto.publish.pictures.render import _vl_convert, compiled, style, thinned
from csto.publish.pictures.table import shown
from csto.publish.pictures.words import SPARE, width, wrap
from csto.sparql.saved import find_query, query_of, saved_queries
from support.sample import some

# Query, parameters, day: one for each kind of view, and what nobody else draws.
DRAWN: dict[str, tuple[str, dict[str, str], str]] = {
    "spells": ("memberships/timeline", {"organization": "CSTO"}, ""),
    "state": ("memberships/timeline-of-state", {"state": "Uzbekistan"}, ""),
    "standing": ("memberships/standing", {}, "2012-09-01"),
    "sets": ("memberships/combinations", {}, "2022-01-10"),
    "shared": ("memberships/shared", {}, "2022-01-10"),
    "crisis": ("crises/timeline", {"crisis": "Kazakhstan 2022"}, ""),
    "elements": ("law/elements", {"crisis": "Kyrgyzstan June 2010"}, ""),
    "versions": ("law/versions", {"instrument": "CSTO Charter"}, ""),
    "readings": ("knowledge/readings", {"about": "CRRF"}, ""),
    "votes": ("votes/matrix", {}, ""),
    "agreement": ("votes/agreement-over-time", {"state": "Russia", "organization": "CSTO"}, ""),
    "loyalties": ("crises/divided-loyalties", {"crisis": "Armenia-Azerbaijan 2022"}, ""),
    "sources": ("knowledge/sources", {}, ""),
    "troops": ("forces/timeline", {}, ""),
}
NEEDING_SHAPES = pytest.mark.skipif(not WORLD.exists(), reason="make map has not run")


@pytest.fixture(scope="module")
def pictures(shipped: Dataset) -> dict[str, Picture]:
    found = {}
    for name, (query, given, day) in DRAWN.items():
        saved = find_query(shipped.workspace, query)
        found[name] = of_query(shipped, saved, given, day or shipped.cut_off, cite=False)
    return found


def drawn(picture: Picture, narrow: bool = False) -> Iterator[dict[str, Any]]:
    """Every mark that stands for data, with the type of its mark."""
    for layer in picture.spec(narrow)["layer"]:
        for value in layer["data"]["values"]:
            if "said" in value:
                yield {**value, "mark": layer["mark"]["type"]}


def day_of(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()


@pytest.mark.parametrize("name", ["spells", "state", "versions", "troops"])
def test_bars_have_the_days_of_their_rows(
    pictures: dict[str, Picture], name: str, shipped: Dataset
) -> None:
    picture = pictures[name]
    after = date.fromordinal(date.fromisoformat(shipped.cut_off).toordinal() + 1).isoformat()
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in picture.read:
        low, sure = row["from_earliest"] or row["known_from"], row["from_latest"]
        ends = [day for day in (row["to_latest"], row["known_to"]) if day]
        high = min([*ends, after])
        until = min([day for day in (row["to_earliest"], high) if day])
        key = (row["row"], row["colour"])
        certain = [sure, until] if sure and sure < until else []
        wanted[key] |= {d for d in (low, high, *certain) if low < high}
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mark in drawn(picture):
        label = mark["said"].split(": ")[0]
        found[label, mark["colour"]] |= {day_of(mark["t0"]), day_of(mark["t1"])}
        assert mark["solid"] == FILL[mark["certainty"]]
    for key, days in wanted.items():
        # Rivals cut bars at further days; none of their own is lost, and none is invented.
        assert days <= found[key], key
        every = {d for (label, _), ds in wanted.items() if label == key[0] for d in ds}
        assert found[key] <= every, key
    assert set(found) == {key for key, days in wanted.items() if days}


def test_a_suspension_is_possible_and_shares_the_lane(pictures: dict[str, Picture]) -> None:
    marks = [m for m in drawn(pictures["spells"]) if m["said"].startswith("Uzbekistan")]
    suspended = [m for m in marks if m["colour"] == "suspended member"]
    assert suspended
    assert {m["certainty"] for m in suspended} == {"possible"}
    split = [m for m in marks if day_of(m["t0"]) == "2012-06-28"]
    assert len(split) == 2
    one, other = sorted(split, key=lambda m: m["y0"])
    assert one["y1"] <= other["y0"]


@pytest.mark.parametrize("name", ["standing", "votes", "elements"])
def test_cells_are_the_rows(pictures: dict[str, Picture], name: str) -> None:
    picture = pictures[name]
    wanted = {
        (row["row"], row["column"], row["colour"], row.certainty, row["group"])
        for row in picture.read
    }
    found = defaultdict(int)
    for mark in drawn(picture):
        label, _, rest = mark["said"].rpartition(": ")
        row, _, column = label.rpartition(", ")
        found[row, column, mark["colour"], mark["certainty"]] += 1
        assert rest.startswith(mark["colour"])
    assert set(found) == {key[:4] for key in wanted}
    assert sum(found.values()) == len(wanted)


def test_rival_possibilities_split_a_cell(pictures: dict[str, Picture]) -> None:
    cell = [m for m in drawn(pictures["standing"]) if m["said"].startswith("Uzbekistan, CSTO")]
    assert {m["colour"] for m in cell} == {"full member", "suspended member"}
    one, other = sorted(cell, key=lambda m: m["x0"])
    assert one["x1"] == other["x0"]
    assert {m["solid"] for m in cell} == {FILL["possible"]}


def test_cells_of_which_nothing_is_told_are_hatched(pictures: dict[str, Picture]) -> None:
    picture = pictures["standing"]
    told = {(row["row"], row["column"]) for row in picture.read}
    assert not told & set(picture.extents)
    rows = {row["row"] for row in picture.read}
    columns = {row["column"] for row in picture.read}
    assert len(told) + len(picture.extents) == len(rows) * len(columns)
    hatched = [
        value
        for layer in picture.spec()["layer"]
        for value in layer["data"]["values"]
        if value.get("f") == HATCH
    ]
    # One more stands in the legend.
    assert len(hatched) == 1 + sum(e != "complete" for e in picture.extents.values())


def test_bars_of_sets_count_their_members(pictures: dict[str, Picture]) -> None:
    picture = pictures["sets"]
    belongs: dict[str, set[str]] = defaultdict(set)
    for row in picture.read:
        belongs[row["row"]].add(row["column"])
    wanted: dict[frozenset[str], set[str]] = defaultdict(set)
    for name, columns in belongs.items():
        wanted[frozenset(columns)].add(name)
    found = {}
    for mark in drawn(picture):
        if mark["mark"] == "rect":
            columns, _, names = mark["said"].partition(": ")
            found[frozenset(columns.split(", "))] = set(names.split(", "))
    assert found == wanted


def test_points_of_acts_are_on_their_days(pictures: dict[str, Picture]) -> None:
    picture = pictures["crisis"]
    exact = {
        (row["row"], row["colour"]): row["from_earliest"]
        for row in picture.read
        if row["from_earliest"] and row["from_earliest"] == row["from_latest"]
    }
    points = {
        (m["said"].split(": ")[0], m["colour"]): day_of(m["t0"])
        for m in drawn(picture)
        if m["mark"] == "point"
    }
    assert points == exact
    wide = [m for m in drawn(picture) if m["mark"] == "rect"]
    undated = [row["row"] for row in picture.read if not row["from_earliest"]]
    assert len(wide) + len(points) == len(picture.read) - len(undated)
    told = json.dumps(picture.spec())
    for name in undated:
        assert name[:20] in told
    assert {m["certainty"] for m in wide} == {"possible"}


def test_lines_have_the_values_of_the_rows(pictures: dict[str, Picture]) -> None:
    picture = pictures["agreement"]
    wanted = {(row["colour"], f"{row['x']}-01-01", float(row["y"])) for row in picture.read}
    found = {(m["colour"], day_of(m["t"]), m["v"]) for m in drawn(picture) if m["mark"] == "point"}
    assert found == wanted


def test_ties_are_the_pairs_of_the_rows(pictures: dict[str, Picture]) -> None:
    ring = {m["said"] for m in drawn(pictures["shared"]) if m["mark"] == "rule"}
    wanted = {f"{r['source']} – {r['target']}: {r['weight']}" for r in pictures["shared"].read}
    assert ring == wanted
    sides = {m["said"] for m in drawn(pictures["loyalties"]) if m["mark"] == "rule"}
    wanted = {
        f"{r[end]} – {r['middle']} ({r.certainty})"
        for r in pictures["loyalties"].read
        for end in ("source", "target")
    }
    assert sides == wanted


def test_strips_have_each_reading_once(pictures: dict[str, Picture]) -> None:
    picture = pictures["readings"]
    wanted = {(row["row"], row["reading"]) for row in picture.read}
    boxes = list(drawn(picture))
    assert len(boxes) == len(wanted)
    for row, reading in wanted:
        assert any(box["said"].startswith(f"{row}: {reading} (") for box in boxes)


def test_lengths_of_bars_are_the_numbers(pictures: dict[str, Picture]) -> None:
    picture = pictures["sources"]
    bars = [m for m in drawn(picture) if m["mark"] == "rect"]
    rows = picture.read[: len(bars)]
    most = max(row.value("number") for row in rows)
    longest = max(bar["x1"] for bar in bars)
    for bar, row in zip(bars, rows, strict=True):
        assert bar["x1"] == pytest.approx(longest * row.value("number") / most, abs=0.2)


# --- what holds for all ----------------------------------------------------------------


def schema() -> dict[str, Any]:
    import altair

    path = Path(altair.__file__).parent / "vegalite" / "v6" / "schema" / "vega-lite-schema.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def test_specs_are_vega_lite(pictures: dict[str, Picture]) -> None:
    import jsonschema

    validator = jsonschema.Draft7Validator(schema())
    broken = {"mark": "bar", "encoding": {"x": {"feild": "a"}}, "data": {"values": []}}
    assert not validator.is_valid(broken)
    for name, picture in pictures.items():
        for narrow in (False, True):
            spec = picture.spec(narrow)
            for layer in spec["layer"]:
                layer["data"] = {"values": layer["data"]["values"][:1]}
            errors = [error.message[:200] for error in validator.iter_errors(spec)]
            assert not errors, (name, narrow, errors[:2])


def test_no_scale_of_certainty_is_left_to_the_data(pictures: dict[str, Picture]) -> None:
    for name, picture in pictures.items():
        text = json.dumps([layer["encoding"] for layer in picture.spec()["layer"]])
        for found in re.finditer(r'"(?:fillOpacity|opacity)": (\{[^{}]*\})', text):
            assert json.loads(found[1])["scale"] is None, name


def test_what_is_only_possible_is_pale_even_alone() -> None:
    rows = [("A", "2001-01-01", "2002-01-01", "possible")]
    channels = {n: Channel(n) for n in ("row", "from", "to", "certainty")}
    view = View("timeline", channels)
    picture = of_rows(None, list(channels), rows, view, Setting("t", cut_off="2025-11-30"))
    assert 'fill-opacity="0.3"' in picture.svg()
    assert (
        'fill-opacity="1"'
        in of_rows(None, list(channels), [(*rows[0][:3], "certain")], view, picture.setting).svg()
    )


# --- specs that wait for their rows ------------------------------------------------------


def waited(picture: Picture, dataset: Dataset, narrow: bool = False) -> set[str]:
    """What the marks say of themselves that a page draws of the rows of a picture."""
    made = waiting.spec(picture.view, waiting.fixed_scale(dataset, picture.view), narrow)
    blank = dict.fromkeys(picture.view.channels, "")
    rows = [{**blank, **row.of} for row in picture.read][: made["usermeta"]["most"]]
    made.setdefault("config", {})["aria"] = True
    compiled_ = compiled(made)
    for held in compiled_["data"]:
        if held["name"] == "rows":
            held["values"] = rows
    for signal in compiled_["signals"]:
        if signal["name"] == "cutOff":
            signal["value"] = dataset.cut_off
    svg = _vl_convert().vega_to_svg(compiled_, allowed_base_urls=[])
    return {html.unescape(label) for label in re.findall(r'aria-label="([^"]*)"', svg)}


@pytest.mark.parametrize(
    "name", ["spells", "state", "troops", "versions", "crisis", "standing", "votes", "agreement"]
)
def test_a_page_draws_of_the_rows_what_is_drawn_here(
    pictures: dict[str, Picture], shipped: Dataset, name: str
) -> None:
    told = {mark["said"] for mark in drawn(pictures[name])}
    assert told
    # Axes and legends say something of themselves, too.
    said = {
        one for one in waited(pictures[name], shipped) if name == "agreement" or _SURE.search(one)
    }
    assert told <= said if name == "agreement" else told == said


_SURE = re.compile(r"\((certain|possible|open)\)$")


def test_a_page_counts_as_is_counted_here(pictures: dict[str, Picture], shipped: Dataset) -> None:
    sources = {mark["said"] for mark in drawn(pictures["sources"])}
    assert sources <= waited(pictures["sources"], shipped, narrow=True)
    ties = {mark["said"] for mark in drawn(pictures["shared"]) if mark["mark"] == "rule"}
    assert len(ties) > 100
    assert ties <= waited(pictures["shared"], shipped)
    sets = waited(pictures["sets"], shipped)
    for mark in drawn(pictures["sets"]):
        if mark["mark"] == "rect":
            combination, _, names = mark["said"].partition(": ")
            wanted = " + ".join(sorted(combination.split(", ")))
            assert f"{wanted}: {len(names.split(', '))}" in sets
    readings = "\n".join(waited(pictures["readings"], shipped))
    assert all(row["reading"] in readings for row in pictures["readings"].read)
    sides = waited(pictures["loyalties"], shipped)
    assert {row["middle"] for row in pictures["loyalties"].read} == {
        label.partition(" – ")[2] for label in sides if " – " in label
    }


def test_rivals_share_the_days_that_both_can_have(shipped: Dataset) -> None:
    columns = ("row", "from_earliest", "from_latest", "to_earliest", "to_latest", "colour")
    rows = [
        ("Ruritania", "2000-01-01", "2000-01-01", "2010-05-01", "2010-09-01", "full member"),
        ("Ruritania", "2010-05-01", "2010-09-01", "", "", "suspended member"),
    ]
    view = View("timeline", {name: Channel(name) for name in columns})
    picture = of_rows(shipped, columns, rows, view, Setting("x", cut_off=shipped.cut_off))
    said = {label for label in waited(picture, shipped) if _SURE.search(label)}
    assert {mark["said"] for mark in drawn(picture)} == said
    assert "Ruritania: full member, 1 May 2010 to 31 August 2010 (possible)" in said


def test_specs_that_wait_are_vega_lite(shipped: Dataset) -> None:
    import jsonschema

    validator = jsonschema.Draft7Validator(schema())
    for kind, needed, more in waiting.PLAIN:
        view = View(kind, {name: Channel(name) for name in (*needed, *more)})
        for narrow in (False, True):
            made = waiting.spec(view, narrow=narrow)
            assert made["usermeta"]["kind"] == kind
            if "vega-lite" in made.get("$schema", ""):
                assert not list(validator.iter_errors(made)), kind
    assert {kind for kind, _, _ in waiting.PLAIN} == set(KINDS) - {"table"}


def test_every_question_with_a_view_has_its_picture_on_a_page(shipped: Dataset) -> None:
    asked = {}
    for saved in saved_queries(shipped.workspace):
        if saved.view:
            given = {name: text for name, text in saved.example.items() if name != "on"}
            asked[saved.name] = (saved, bind(saved, given, shipped.things))
    made = waiting.pictures(shipped, asked)
    assert set(made["saved"]) == {n for n, (saved, _) in asked.items() if saved.view != "table"}
    number, channels, needs = made["saved"]["memberships/standing"]
    assert channels["row"] == "state"
    assert needs == ["row", "column"]
    assert "full member" in made["specs"][number][0]["usermeta"]["domain"]


def test_svg_is_read_aloud_and_has_no_other_host(pictures: dict[str, Picture]) -> None:
    picture = pictures["spells"]
    svg = picture.svg()
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    tags = [child.tag.rpartition("}")[2] for child in root][:2]
    assert tags == ["title", "desc"]
    assert "Uzbekistan: suspended member" in (root[1].text or "")
    assert svg.count("role=") == 1
    assert "aria-" not in svg
    assert "Liberation Sans" in svg
    assert not re.search(r'font-family="(?!Liberation Sans)', svg)
    hosts = set(re.findall(r"https?://([^/\"<]+)", svg))
    assert hosts == {"www.w3.org", "w3id.org"}


def test_a_file_of_its_own_has_its_colours_in_the_dark(pictures: dict[str, Picture]) -> None:
    text = next(iter(pictures.values())).svg()
    dark = text.partition("@media (prefers-color-scheme:dark){")[2].partition("</style>")[0]
    # The picture is the root of the file, so that it lies within no other root.
    assert dark.startswith(".csto-picture [fill=")
    assert ":root" not in dark


def test_links_are_put_in_after_rendering(pictures: dict[str, Picture]) -> None:
    svg = pictures["spells"].svg(inline=True, link=lambda iri: "../" + iri.rsplit("/", 1)[1])
    assert 'href="../uzbekistan"' in svg
    assert "Collective Security Treaty Organization: who stood" not in svg.partition("</desc>")[2]


def test_what_has_no_page_leads_nowhere() -> None:
    view = View("bars", {name: Channel(name) for name in ("row", "number", "link")})
    rows = [("A", "1", "https://example.org/a"), ("B", "2", "")]
    made = of_rows(None, ("row", "number", "link"), rows, view, Setting("Two"))
    svg = made.svg()
    assert "https://example.org/a" in svg
    assert "undefined" not in svg


def test_an_outline_has_the_points_that_are_seen() -> None:
    square = "M0,0L10.04,0L10.06,0.1L10,10L0,10Z"
    assert thinned(square + "M3,3L3.1,3.1Z") == "M0,0L10,0L10,10L0,10ZM3,3Z"


def test_two_pictures_on_one_page_share_no_names(pictures: dict[str, Picture]) -> None:
    drawings = [pictures["standing"].svg(), pictures["standing"].svg(narrow=True)]
    names = [set(re.findall(r' id="([^"]+)"', svg)) for svg in drawings]
    assert names[0]
    assert not names[0] & names[1]


def test_bytes_are_the_same_in_every_time_zone(pictures: dict[str, Picture]) -> None:
    code = (
        "import csto; from csto.publish.pictures import of_query;"
        "from csto.sparql.saved import find_query; g = csto.open();"
        "q = find_query(g.dataset.workspace, 'memberships/timeline');"
        "p = of_query(g.dataset, q, {'organization': 'CSTO'}, g.on, cite=False);"
        "import sys; sys.stdout.write(p.svg())"
    )
    import os

    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TZ": "America/New_York", "PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode() == pictures["spells"].svg()


def test_colours_are_seen_on_white_and_in_the_dark() -> None:
    for colour in PALETTE:
        assert contrast(dark(colour), "#ffffff") >= 3
        assert contrast(light(colour), "#14171c") >= 3


def test_cells_are_told_apart_without_colours(
    pictures: dict[str, Picture], shipped: Dataset
) -> None:
    assert Scale(dict.fromkeys(("not given", "no", "none", "n"), "#0072b2")).letters == {
        "not given": "N",
        "no": "O",
        "none": "E",
        "n": "",
    }
    letters = pictures["standing"].scales["colour"].letters
    assert len(set(letters.values())) == len(letters) > 5
    for narrow in (False, True):
        written = [
            value["t"]
            for layer in pictures["standing"].spec(narrow)["layer"]
            if layer["mark"]["type"] == "text"
            for value in layer["data"]["values"]
            if value.get("s", 11) <= 10 and value["t"] in letters.values()
        ]
        cells = [mark["colour"] for mark in drawn(pictures["standing"], narrow)]
        wanted = Counter(letters[colour] for colour in [*cells, *dict.fromkeys(cells)])
        # In a cell that is split on a phone there is no room.
        assert sum((wanted - Counter(written)).values()) <= (2 if narrow else 0)


def test_what_stands_on_a_solid_colour_is_read_in_the_dark_too() -> None:
    assert all(contrast(colour, on(colour)) >= 4.4 for colour in PALETTE)
    assert not {ON_DARK, ON_LIGHT} & set(re.findall(r"#[0-9a-f]{6}", style()))


def test_narrow_pictures_fit_a_phone(pictures: dict[str, Picture]) -> None:
    for name, picture in pictures.items():
        width = re.search(r' width="(\d+)"', picture.svg(narrow=True))
        assert width, name
        assert int(width[1]) <= 400, name


def test_the_caption_has_day_sources_and_data(shipped: Dataset) -> None:
    saved = find_query(shipped.workspace, "memberships/affiliations-on")
    picture = of_query(shipped, saved, {"organization": "CSTO"}, "2012-09-01")
    text = "\n".join(picture.caption)
    assert "As of 1 September 2012." in text
    assert "Troitskiy et al. 2023" in text
    assert "csto query memberships/affiliations-on" in text


# --- what is refused -------------------------------------------------------------------


def query(header: str) -> str:
    return header + (
        "PREFIX csto: <https://w3id.org/csto/ontology#>\n"
        'SELECT ?label ?start ?n WHERE { VALUES (?label ?start ?n) { ("a" "1991-12" 3) } }\n'
    )


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("#+ view: pie\n", "no view is called pie"),
        ("#+ view: bars\n#+ channels: {row: label, size: n}\n", "has no channel size"),
        ("#+ view: bars\n#+ channels: {row: label, number: many}\n", "takes the column many"),
        ("#+ view: bars\n#+ channels: {row: label}\n", "needs the channel number"),
        ("#+ view: timeline\n#+ channels: {row: label, from: start}\n", "is no day"),
        ("#+ view: bars\n#+ channels: {row: label, number: start}\n", "is no number"),
        ("#+ view: table\n#+ channels: {certainty: label}\n", "certainty is certain"),
        ("#+ view: bars\n#+ channels: [label]\n", "mapping of channels"),
        ("#+ view: timeline\n#+ channels: {row: label}\n", "from_earliest or from or day"),
    ],
)
def test_views_that_do_not_fit_are_refused(shipped: Dataset, header: str, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        of_query(shipped, query_of(query(header), "-e"), {}, shipped.cut_off, cite=False)


def test_without_vl_convert_the_way_is_told(
    pictures: dict[str, Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    assert pictures["spells"].spec()
    with pytest.raises(InputError, match=re.escape("pip install 'csto[pictures]'")):
        pictures["spells"].svg()


def test_every_view_of_a_saved_query_is_a_view(shipped: Dataset) -> None:
    for saved in saved_queries(shipped.workspace):
        assert not saved.view or saved.view in KINDS, saved.name
        if saved.view:
            assert set(saved.channels) <= {*KINDS[saved.view].needs, *KINDS[saved.view].can}


# --- commands --------------------------------------------------------------------------


def test_a_new_picture_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "votes.rq"
    path.write_text(
        "#+ summary: Votes by value\n#+ view: bars\n"
        "#+ channels: {row: value, number: n, colour: {column: value, scheme: vote-value}}\n"
        "PREFIX csto: <https://w3id.org/csto/ontology#>\n"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "SELECT ?value (COUNT(?cast) AS ?n) { ?cast csto:voteValue ?v . ?v rdfs:label ?value }\n"
        "GROUP BY ?value ORDER BY DESC(?n)\n",
        encoding="utf-8",
    )
    ran = run_csto("query", str(path), "--format", "svg")
    assert ran.code == 0, ran.err
    assert "Votes by value" in ran.out
    # Yes is blue in every picture, whatever else is in it.
    assert "#0072b2" in ran.out


def test_overlap_reads_right_without_its_caption() -> None:
    ran = run_csto("overlap", "OTS", "CSTO", "--ever", "--format", "svg")
    assert ran.code == 0, ran.err
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", ran.out)
    assert "Who was in the OTS and the CSTO at the same time" in texts
    said = " ".join(texts)
    assert "Kazakhstan and Kyrgyzstan since 3 October 2009" in said
    assert "Uzbekistan belonged to each, but never at the same time" in said
    groups = [t for t in texts if t in ("At the same time", "In each, but never at the same time")]
    assert groups == ["At the same time", "In each, but never at the same time"]


@pytest.mark.sampled
@pytest.mark.parametrize(
    "call",
    some(
        [
            ("query", "acts/sessions"),
            ("list", "crises"),
            ("list", "requests", "--by", "Armenia", "--count-by", "outcome"),
            ("overlap", "OTS", "CSTO", "SCO", "--on", "2022-01-10"),
            ("panel", "dyad-year", "--from", "2020", "--to", "2020"),
            ("panel", "state-organization-year", "--from", "2020", "--to", "2020"),
        ],
        3,
    ),
)
def test_every_answer_can_be_drawn(call: tuple[str, ...]) -> None:
    ran = run_csto(*call, "--format", "svg")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("<svg")
    ElementTree.fromstring(ran.out)


def test_a_page_stands_alone() -> None:
    ran = run_csto("query", "memberships/timeline", "-p", "organization=CSTO", "-f", "html")
    assert ran.code == 0, ran.err
    assert ran.out.count("<svg") == 2
    assert not re.search(r'(?:src|href)="(?!https://w3id|data:)', ran.out)
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(|<link", ran.out)
    assert "data:text/csv" in ran.out
    # Each bar says when it holds, and the line knows its axis.
    bars = re.findall(r'data-days="(-?\d+) (-?\d+) ([^"]*)"', ran.out)
    suspended = [bar for bar in bars if bar[2].startswith("Uzbekistan: suspended member")]
    assert (date(1970, 1, 1) + timedelta(int(suspended[0][0]))).isoformat() == "2012-06-28"
    assert len(re.findall(r'data-now="\d+ \d+ \d+"', ran.out)) == 2


def test_a_page_of_a_day_has_every_day(shipped: Dataset) -> None:
    saved = find_query(shipped.workspace, "memberships/affiliations-on")
    given, day = {"organization": "CSTO"}, "2012-09-01"
    picture = of_query(shipped, saved, given, day, cite=False)
    text = bind(saved, given, shipped.things)
    starts = [frame.first for frame in picture.frames]
    assert len(starts) > 4
    assert picture.frames[at(picture.frames, day)].rows == picture.rows
    # Nowhere between two frames does the answer change, and at each frame it does.
    days = [s for s in shipped.spans.boundaries if s <= shipped.cut_off][::40]
    for other in [*days, *starts]:
        rows = run(shipped, text, other, "x")
        wanted = tuple(tuple(shown(row[c]) for c in picture.columns) for row in rows)
        told = picture.frames[at(picture.frames, other)].rows if other >= starts[0] else ()
        assert told == wanted, other
    page = picture.html()
    number = at(picture.frames, day)
    assert f'[data-on]:not([data-on~="{number}"]){{display:none}}' in page
    # What stands on all days is there once, and what does not says on which it does.
    names = re.findall(r"<text[^>]*>Uzbekistan</text>", page)
    assert len(names) == 2
    assert 0 < page.count("data-on=") < 60
    assert "first_day" in page


def test_an_answer_that_asks_for_what_is_not_is_asked_on_every_day(shipped: Dataset) -> None:
    head = "PREFIX csto: <https://w3id.org/csto/ontology#>\n"
    few = changes(shipped, head + "SELECT ?s { ?s a csto:Operation . ?s csto:holdsOn ?day }")
    every = changes(
        shipped,
        head + "SELECT ?s { ?s a csto:Operation FILTER NOT EXISTS { ?s csto:holdsOn ?day } }",
    )
    assert 2 < len(few) < 40 < len(every)


def test_frames_share_what_they_have_alike() -> None:
    def spec(*values: str) -> dict[str, Any]:
        layer = {"data": {"values": [{"t": v} for v in values]}, "mark": "text", "encoding": {}}
        return {"layer": [layer], "height": 1, "config": {}}

    (layer,) = merged([spec("a", "b"), spec("a", "c"), spec("b", "a")])["layer"]
    found = {value["t"]: value["on"] for value in layer["data"]["values"]}
    assert found == {"a": "always", "b": "data-on 0 2", "c": "data-on 1"}


# --- maps ------------------------------------------------------------------------------


@NEEDING_SHAPES
@pytest.mark.parametrize(
    ("code", "lon", "lat"),
    [
        ("UKR", 34.10, 44.95),  # Simferopol
        ("UKR", 33.55, 44.60),  # Sevastopol
        ("RUS", 38.98, 45.04),  # Krasnodar
        ("KAZ", 63.30, 45.96),  # Baikonur
        ("GEO", 41.10, 43.05),  # Abkhazia
    ],
)
def test_places_lie_in_their_states(code: str, lon: float, lat: float) -> None:
    states = json.loads(WORLD.read_text(encoding="utf-8"))["states"]
    inside = [key for key, entry in states.items() if contains(entry["shape"], lon, lat)]
    assert inside == [code]


@NEEDING_SHAPES
def test_a_map_colours_the_states_of_its_rows(shipped: Dataset) -> None:
    saved = find_query(shipped.workspace, "memberships/map")
    picture = of_query(shipped, saved, {"organization": "CSTO"}, "2012-09-01", cite=False)
    held = {row["code"] for row in picture.read if not row["symbol"]}
    states = json.loads(WORLD.read_text(encoding="utf-8"))["states"]
    coloured = [m for m in drawn(picture) if m["mark"] == "geoshape" and m["f"] != "#ececec"]
    assert {m["said"].split(": ")[0] for m in coloured} == {states[c]["name"] for c in held}
    (uzbekistan,) = (m for m in coloured if m["said"].startswith("Uzbekistan"))
    assert uzbekistan["o"] == FILL["possible"]
    assert uzbekistan["f"]["gradient"] == "linear"
    marks = [m for m in drawn(picture) if m["mark"] == "point"]
    assert len(marks) == len({(r["code"], r["symbol"]) for r in picture.read if r["symbol"]})


def test_a_map_without_shapes_tells_how_to_get_them(
    shipped: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from csto.publish.pictures import maps

    maps.world.cache_clear()
    monkeypatch.setattr(maps, "WORLD", tmp_path / "none.json")
    saved = find_query(shipped.workspace, "memberships/map")
    picture = of_query(shipped, saved, {"organization": "CSTO"}, "2012-09-01", cite=False)
    with pytest.raises(InputError, match="make map"):
        picture.spec()
    maps.world.cache_clear()


def test_the_shapes_are_not_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*world*.json"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert listed.stdout == ""


def test_a_wider_font_stays_within_the_lines() -> None:
    text = "Russian border guards at Zvartnots airport in Armenia; Russian troops in Armenia"
    for line in wrap(text, 366, 11, 6, SPARE):
        assert width(line, 11) * SPARE <= 366 * 1.03
    # A label that just fits is not broken.
    assert wrap("Turkmenistan", 75, 11.5) == ["Turkmenistan"]


def test_the_colours_of_a_map_are_known_in_the_dark() -> None:
    for colour in (LAND, "#f7fafc", "#b0b0b0"):
        assert f'[fill="{colour}"]' in style()
    assert f'[fill="{ON_DARK}"]' not in style()


@pytest.mark.parametrize("name", ["crisis", "spells", "troops"])
def test_names_of_rows_have_room_in_a_wider_font(pictures: dict[str, Picture], name: str) -> None:
    spec = pictures[name].spec()
    left = 856 - 6 - spec["width"]
    names = [
        value
        for layer in spec["layer"]
        if layer["mark"].get("align") == "right"
        for value in layer["data"]["values"]
        if value["x"] == -8
    ]
    assert names
    for value in names:
        assert width(value["t"], value["s"]) * SPARE <= left - 8, value["t"]
