"""Tables of others become triples, each with its row; what is not known stays open."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from csto.errors import InputError
from csto.load.record.presets import find_mapping, preset_names, read_mapping
from csto.load.record.run import Imported, Known, import_dataset

BASE = "https://example.org/world/id/"
CSTO = "https://w3id.org/csto/ontology#"
META = (
    "ioname,orgname,year,armenia,russia,nyemen,sdate,deaddate,dead,integrated,replaced,longorgname,"
    "ionum,igocode,version,accuracyofpre1965membershipdates,sourcesandnotes,imputed,"
    "political,social,economic"
)
STATES = """stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version
ARM,371,Armenia,1991,12,21,2016,12,31,2016
RUS,365,Russia,1816,1,1,2016,12,31,2016
YAR,678,Yemen Arab Republic,1926,9,2,1990,5,21,2016
XXX,9999,Nowhere,1900,1,1,1901,1,1,2016
"""


def _row(number: int, year: int, *codes: str, founded: int = 3000, accuracy: str = "") -> list[str]:
    """One year of one organization: its code for Armenia, Russia and Yemen."""
    long = f"Organization {number}"
    return [
        f"ORG{number}", long, f"{year}.0", *codes, f"{founded}.0", "", "0.0", "0", "0", long,
        f"{number}.0", "1", "3", accuracy, "", "0", "1", "0", "0",
    ]  # fmt: skip


def _write(path: Path, rows: list[list[str]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(META.split(","))
        writer.writerows(rows)
    return path


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    (tmp_path / "states2016.csv").write_text(STATES)
    made = import_dataset(
        read_mapping(find_mapping("cow-states")),
        [tmp_path / "states2016.csv"],
        tmp_path / "world",
        BASE,
        [Known("state", "371", "https://example.org/below/id/state/armenia")],
    )
    # What has no code is told, not dropped in silence.
    assert [row["code"] for row in made.unmapped] == ["9999"]
    return tmp_path / "world"


def test_the_source_says_who_may_pass_the_data_on(layer: Path) -> None:
    store = Store()
    store.load(path=layer / "graph" / "cow-states.nt", format=RdfFormat.N_TRIPLES)
    source = NamedNode(BASE + "source/cow-states")
    terms = "http://purl.org/dc/terms/"
    told = {
        name: [
            q.object.value for q in store.quads_for_pattern(source, NamedNode(terms + name), None)
        ]
        for name in ("rights", "bibliographicCitation")
    }
    assert told["rights"] == ["Free for research, to be cited; not passed on by this project."]
    assert told["bibliographicCitation"][0].startswith("Correlates of War Project.")


def _import(layer: Path, rows: list[list[str]]) -> Imported:
    file = _write(layer.parent / "igo_year_format3.csv.gz", rows)
    return import_dataset(read_mapping(find_mapping("cow-igo")), [file], layer, BASE)


def _spells(layer: Path) -> dict[str, dict[str, set[str]]]:
    """What each membership says, by the end of its IRI."""
    store = Store()
    store.load(path=layer / "graph" / "cow-igo.nt", format=RdfFormat.N_TRIPLES)
    found: dict[str, dict[str, set[str]]] = {}
    for quad in store.quads_for_pattern(None, NamedNode(CSTO + "member"), None):
        said: dict[str, set[str]] = {}
        for more in store.quads_for_pattern(quad.subject, None, None):
            said.setdefault(more.predicate.value.rpartition("#")[2], set()).add(more.object.value)
        found[quad.subject.value.rpartition("/")[2]] = said
    return found


def test_a_spell_is_an_island_over_the_rows_of_its_organization(layer: Path) -> None:
    # The organization has no rows from 1970 to 1989: that is no break in a membership.
    years = (1966, 1967, 1990, 1991)
    _import(layer, [_row(7, y, "", "1.0", "0.0") for y in years])
    said = _spells(layer)["cow-7-365-1"]
    assert said["start"] == {"1966"}
    assert said["end"] == {"1991"}
    # Both rows are cited: their lines in the file.
    cited = {iri.rpartition("/")[2] for iri in said["evidence"]}
    assert cited == {"cow-igo#line-2", "cow-igo#line-5"}


def test_what_is_missing_opens_a_bound_and_what_is_no_stays_no(layer: Path) -> None:
    _import(
        layer,
        [
            _row(7, 1980, "", "-9.0", "0.0"),
            _row(7, 1981, "", "1.0", "1.0"),
            _row(7, 1982, "", "1.0", "0.0"),
            _row(7, 1983, "", "-9.0", "0.0"),
        ],
    )
    russia, yemen = _spells(layer)["cow-7-365-1"], _spells(layer)["cow-7-678-1"]
    assert "start" not in russia
    assert "end" not in russia
    assert (russia["attestedOn"], russia["notToldAfter"]) == ({"1981"}, {"1982"})
    assert (yemen["start"], yemen["end"]) == ({"1981"}, {"1981"})
    # An empty cell is a state that is not in the system: Armenia has no spell at all.
    assert not [name for name in _spells(layer) if "-371-" in name]


def test_the_accuracy_that_the_data_set_states_widens_a_start(layer: Path) -> None:
    near = "Within 5 years"
    _import(layer, [_row(7, y, "", "1.0", "0.0", accuracy=near) for y in (1960, 1961)])
    assert _spells(layer)["cow-7-365-1"]["start"] == {"[1956,1960]"}


def test_the_accuracy_of_a_later_year_says_nothing_of_the_start(layer: Path) -> None:
    rows = [(1960, ""), (1961, "Within 5 years")]
    _import(layer, [_row(7, year, "", "1.0", "0.0", accuracy=said) for year, said in rows])
    assert _spells(layer)["cow-7-365-1"]["start"] == {"1960"}


def test_a_first_row_hides_a_start_only_if_the_organization_is_older(layer: Path) -> None:
    rows = [_row(7, y, "", "1.0", "0.0", founded=1950) for y in (1970, 1971)]
    rows += [_row(8, y, "", "1.0", "0.0", founded=1970) for y in (1970, 1971)]
    _import(layer, rows)
    assert "start" not in _spells(layer)["cow-7-365-1"]
    assert _spells(layer)["cow-8-365-1"]["start"] == {"1970"}


def test_the_last_year_of_the_data_is_no_end(layer: Path) -> None:
    _import(layer, [_row(7, y, "3.0", "1.0", "") for y in (2013, 2014)])
    said = _spells(layer)["cow-7-371-1"]
    assert "end" not in said
    assert said["status"] == {"https://w3id.org/csto/concept/status/observer"}


def test_phases_of_an_alliance_are_one_status(layer: Path) -> None:
    head = "atopid,member,yrent,moent,dayent,yrexit,moexit,dayexit,"
    head += "defense,offense,neutral,nonagg,consul"
    rows = [
        "10,365,1955,5,14,1975,1,1,1,0,0,0,0",
        "10,365,1975,1,2,1991,7,0,1,0,0,0,0",
        "10,365,2000,1,1,0,0,0,1,0,0,0,0",
        # The second phase goes on to the last day of the data.
        "11,371,1992,5,15,2002,10,7,1,0,0,0,0",
        "11,371,2002,10,7,0,0,0,1,0,0,0,0",
        "10,8152,1955,5,14,0,0,0,1,0,0,0,0",
    ]
    file = layer.parent / "atop-member-level.csv"
    file.write_text("\n".join([head, *rows]) + "\n")
    made = import_dataset(read_mapping(find_mapping("atop")), [file], layer, BASE)
    assert made.rows["statuses"] == 3
    assert made.unmapped[0]["code"] == "8152"
    text = made.graph.read_text()
    assert '"1991-07"' in text
    assert '"1992-05-15"' in text
    assert "2002-10-07" not in text
    assert f"<{BASE}agreement/atop-10>" in text


def test_an_alliance_is_the_treaty_that_the_graph_knows_or_else_the_body(layer: Path) -> None:
    head = "atopid,member,yrent,moent,dayent,yrexit,moexit,dayexit,"
    head += "defense,offense,neutral,nonagg,consul"
    # A cell without a day is no reason to lose the month.
    rows = [f"{n},365,1949,4,,0,0,0,1,0,0,0,0" for n in (10, 11, 12)]
    file = layer.parent / "atop-member-level.csv"
    file.write_text("\n".join([head, *rows]) + "\n")
    known = [
        Known("alliance-body", "10", "below:body/union", "1900-01-01"),
        Known("alliance", "10", "below:agreement/treaty", "1949-04-04"),
        Known("alliance-body", "11", "below:body/council"),
        Known("alliance", "12", "below:agreement/a-later", "1990-11-21"),
        Known("alliance", "12", "below:agreement/b-older", "1949-04-04"),
    ]
    made = import_dataset(read_mapping(find_mapping("atop")), [file], layer, BASE, known)
    text = made.graph.read_text()
    assert f"<{CSTO}agreement> <below:agreement/treaty>" in text
    assert f"<{CSTO}organization> <below:body/council>" in text
    assert f"<{CSTO}agreement> <below:agreement/b-older>" in text
    assert "body/union" not in text
    assert "a-later" not in text
    assert text.count('"1949-04"') == 3


def test_namibia_is_no_missing_cell(layer: Path) -> None:
    (layer.parent / "un_votes.csv").write_text(
        "rcid,country,country_code,vote\n3.0,Namibia,NA,yes\n3.0,Yemen Arab Republic,,no\n"
        "3.0,Atlantis,AT,yes\n3.0,Russia,RU,maybe\n"
    )
    (layer.parent / "un_roll_calls.csv").write_text(
        "rcid,session,importantvote,date,unres,amend,para,short,descr\n"
        '3,40,0,1986-01-01,R/40/1,,,"A ""quoted"" name",x\n'
    )
    files = [layer.parent / name for name in ("un_votes.csv", "un_roll_calls.csv")]
    made = import_dataset(read_mapping(find_mapping("un-votes")), files, layer, BASE)
    assert made.rows["mapped"] == 3
    assert {row["name"] for row in made.unmapped} == {"Atlantis", "maybe"}
    text = made.graph.read_text()
    assert "/state/cow-565>" in text
    assert '"A/RES/40/1"' in text
    assert r"A \"quoted\" name" in text


def test_what_the_record_lacks_is_in_the_ledger_of_the_layer(layer: Path) -> None:
    calls = ["rcid,session,importantvote,date,unres,amend,para,short,descr"]
    calls += [f"{n},{s},0,{day},R/{s}/{n},0,,x,x" for n, s, day in (
        (1, 68, "2013-10-29"), (2, 68, "2013-12-27"), (3, 68, "2014-03-27"), (4, 41, "1986-12-01"),
    )]  # fmt: skip
    (layer.parent / "un_roll_calls.csv").write_text("\n".join(calls) + "\n")
    votes = "rcid,country,country_code,vote\n1,Russia,RU,yes\n"
    (layer.parent / "un_votes.csv").write_text(votes)
    files = [layer.parent / name for name in ("un_votes.csv", "un_roll_calls.csv")]
    made = import_dataset(read_mapping(find_mapping("un-votes")), files, layer, BASE)
    # Votes lie in bulk; the ledger lies where every command reads it.
    assert made.graph == layer / "bulk" / "un-votes.nt"
    assert "Coverage" not in made.graph.read_text()
    store = Store()
    store.load(path=layer / "graph" / "un-votes.nt", format=RdfFormat.N_TRIPLES)
    entries = {
        quad.subject.value.rpartition("/")[2]: {
            more.predicate.value.rpartition("#")[2]: more.object.value.rpartition("/")[2]
            for more in store.quads_for_pattern(quad.subject, None, None)
        }
        for quad in store.quads_for_pattern(None, NamedNode(CSTO + "extent"), None)
    }
    assert set(entries) == {"un-votes", "un-votes-2013", "un-votes-paragraphs"}
    # That of March 2014 is none of the autumn of 2013.
    assert entries["un-votes-2013"]["note"].startswith("The data set has 2 of the 90 ")
    assert entries["un-votes-2013"]["extent"] == "attested"
    assert entries["un-votes-paragraphs"]["extent"] == "outside"
    assert (entries["un-votes"]["start"], entries["un-votes"]["end"]) == ("1986", "2015")


def test_rml_says_the_same_as_yaml(layer: Path, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("a,b,said\nx y,1,über\n,2,\n")
    (tmp_path / "own.yaml").write_text(
        """
name: own
title: Own
files: {pairs: pairs}
tables:
  rows: SELECT * FROM pairs
triples:
  - rows: rows
    subject: <https://example.org/{a}>
    says:
      a: <https://example.org/Thing>
      <https://example.org/b>: '"{b}"^^xsd:integer'
      rdfs:label: '"{said}"@de'
"""
    )
    (tmp_path / "rules.ttl").write_text(
        """@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
[] a rr:TriplesMap ; rml:logicalSource [ rml:source "pairs.csv" ] ;
   rr:subjectMap [ rr:template "https://example.org/{a}" ; rr:class <https://example.org/Thing> ] ;
   rr:predicateObjectMap [ rr:predicate <https://example.org/b> ;
                           rr:objectMap [ rml:reference "b" ; rr:datatype xsd:integer ] ] ,
     [ rr:predicate rdfs:label ; rr:objectMap [ rml:reference "said" ; rr:language "de" ] ] .
"""
    )
    files = [tmp_path / "pairs.csv"]
    own = import_dataset(read_mapping(tmp_path / "own.yaml"), files, tmp_path / "one", BASE)
    rml = import_dataset(read_mapping(tmp_path / "rules.ttl"), files, tmp_path / "two", BASE)
    assert own.graph.read_bytes() == rml.graph.read_bytes()
    assert own.triples == 3
    assert b"<https://example.org/x%20y>" in own.graph.read_bytes()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x\n", "the key title is missing"),
        ("name: [\n", "own.yaml:2: no YAML"),
        ("name: x\ntitle: x\nfiles: {}\ntables: {}\ntriples: []\nmore: 1\n", "unknown key more"),
        (
            "name: x\ntitle: x\nfiles: {}\ntables: {}\n"
            "triples: [{rows: none, subject: 'a:{b}', says: {}}]\n",
            "made of none, which is no table",
        ),
    ],
)
def test_a_faulty_mapping_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(InputError, match=said):
        read_mapping(tmp_path / "own.yaml")


def test_a_mapping_reads_no_file_but_those_that_are_named(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\nsecret\n")
    (tmp_path / "own.yaml").write_text(
        f"name: own\ntitle: Own\nfiles: {{}}\ntables: {{rows: \"SELECT * FROM '{secret}'\"}}\n"
        "triples: [{rows: rows, subject: 'a:{a}', says: {rdfs:label: '\"{a}\"'}}]\n"
    )
    with pytest.raises(InputError, match="the table rows of own"):
        import_dataset(read_mapping(tmp_path / "own.yaml"), [], tmp_path / "layer", BASE)


@pytest.mark.parametrize("name", preset_names())
def test_a_file_that_is_missing_is_asked_for(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file of those named"):
        import_dataset(read_mapping(find_mapping(name)), [], tmp_path, BASE)
