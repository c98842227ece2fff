"""The Python interface: the same answers as the commands."""

from __future__ import annotations

import pytest
import rdflib
from rdflib.compare import to_isomorphic

import csto
from conftest import ALLIANCE, ROOT
from csto.api import _read
from csto.errors import InputError


@pytest.fixture(scope="module")
def graph() -> csto.Graph:
    return csto.open(on="2022-01-10")


def test_overlap(graph: csto.Graph) -> None:
    rows = graph.overlap("OTS", "CSTO")
    assert rows.column("label") == ["Kazakhstan", "Kyrgyzstan"]
    assert graph.at("2010-06-12").overlap("CIS", "CSTO").column("label")[-1] == "Uzbekistan"
    with pytest.raises(KeyError, match="no column"):
        rows.column("nonsense")


def test_a_saved_query_as_a_frame(graph: csto.Graph) -> None:
    frame = graph.select("votes/agreement-with", state="Russia").to_pandas()
    assert frame["label"].iloc[0] == "Belarus"
    assert frame["same"].sum() == 18 + 10 + 9 + 7 + 3
    assert frame["same"].dtype.kind == "i"


def test_text_with_parameters(graph: csto.Graph) -> None:
    text = "SELECT ?label WHERE { ?state csto:memberOf ?body ; rdfs:label ?label } ORDER BY ?label"
    labels = graph.select(text, body="OTS").column("label")
    assert {"Kazakhstan", "Uzbekistan"} <= set(labels)
    assert graph.ask("ASK { state:kazakhstan csto:memberOf body:csto }") is True
    assert graph.ask("ASK { state:uzbekistan csto:memberOf body:csto }") is False


def test_triples_come_as_rdflib(graph: csto.Graph) -> None:
    made = graph.construct("CONSTRUCT { ?s csto:memberOf ?o } WHERE { ?s csto:memberOf ?o }")
    assert len(made) > 100
    small = csto.open(workspace=ALLIANCE)
    whole = small.rdflib()
    assert len(small.rdflib(inferred=False)) < len(whole)
    text = "CONSTRUCT { ?s csto:memberOf ?o } WHERE { ?s csto:memberOf ?o }"
    assert 0 < len(small.construct(text)) < len(whole)
    assert set(small.construct(text)) <= set(whole)


def test_rdflib_has_the_terms_that_it_reads_itself() -> None:
    lines = [
        '<urn:a> <urn:p> "x" .',
        '<urn:a> <urn:p> "x"@en .',
        '<urn:a> <urn:p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        '<urn:a> <urn:p> "2006-08"^^<http://id.loc.gov/datatypes/edtf/EDTF> .',
        '<urn:a> <urn:q> "a \\"b\\"\\n\\u00e9" .',
        "<urn:b> <urn:p> _:one .",
        "_:one <urn:p> _:two .",
        "_:two <urn:p> <urn:a> .",
    ]
    data = "\n".join(lines).encode()
    theirs = rdflib.Graph().parse(data=data, format="nt")
    assert to_isomorphic(_read(data)) == to_isomorphic(theirs)
    assert len(theirs) == len(lines)


def test_proofs_and_portraits(graph: csto.Graph) -> None:
    proof = graph.explain("Kazakhstan", "memberOf", "CSTO")
    assert any(leaf.passages for leaf in proof.leaves())
    assert graph.show("CRRF").title == "Collective Rapid Reaction Forces of the CSTO"


def test_a_panel_has_typed_cells(graph: csto.Graph) -> None:
    rows = graph.panel("state-year", 2021, 2021)
    kazakhstan = next(row for row in rows if row["iso3"] == "KAZ")
    assert kazakhstan["csto_dec31"] == 1
    assert kazakhstan["cow"] == "705"


def test_rows_are_a_sequence(graph: csto.Graph) -> None:
    rows = graph.overlap("OTS", "CSTO")
    assert len(rows) == 2
    assert rows[0]["label"] == "Kazakhstan"
    assert rows[:1].column("label") == ["Kazakhstan"]
    assert "2 rows" in repr(rows)


def test_bad_calls_are_input_errors(graph: csto.Graph) -> None:
    for call in (
        lambda: csto.open(on="2022-02-30"),
        lambda: csto.open(workspace="/nonexistent"),
        lambda: graph.select("no-such-query"),
        lambda: graph.select("ASK { ?s ?p ?o }"),
        lambda: graph.ask("SELECT ?s WHERE { ?s ?p ?o }"),
        lambda: graph.construct("ASK { ?s ?p ?o }"),
        lambda: graph.overlap("OTS"),
        lambda: graph.show("nonsense"),
    ):
        with pytest.raises(InputError):
            call()


def test_the_page_shows_what_works(monkeypatch: pytest.MonkeyPatch) -> None:
    # All of the shipped graph takes rdflib half a minute.
    read, small = csto.Graph.rdflib, csto.open(workspace=ALLIANCE)
    monkeypatch.setattr(csto.Graph, "rdflib", lambda _, **more: read(small, **more))
    text = (ROOT / "docs" / "guide" / "export.md").read_text(encoding="utf-8")
    block = text.partition("```python\n")[2].partition("```")[0]
    names: dict[str, object] = {}
    exec(compile(block, "docs/guide/export.md", "exec"), names)
    graph = names["graph"]
    assert isinstance(graph, csto.Graph)
    assert "['Kazakhstan', 'Kyrgyzstan']" in block
