"""Exports: every format, the same triples, the same bytes under any hash seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat, Store

from conftest import Ran, run_csto
from csto.dataset import Dataset
from csto.export import FORMATS, count, export

TRIPLES = ("turtle", "ntriples", "rdfxml")
QUADS = ("nquads", "trig", "jsonld")


@pytest.mark.parametrize("inferred", [False, True])
def test_the_same_triples_in_each_format(shipped: Dataset, inferred: bool) -> None:
    sizes = {
        how: count(export(shipped, how, inferred=inferred, day="2022-01-10"), how)
        for how in FORMATS
    }
    assert len({sizes[how] for how in TRIPLES}) == 1
    assert len({sizes[how] for how in QUADS}) == 1
    assert sizes["nquads"] >= sizes["ntriples"] > 5000


def test_merged_triples_are_the_quads_of_the_certain_graphs(shipped: Dataset) -> None:
    store = Store()
    store.load(
        input=export(shipped, "nquads", inferred=True, day="2022-01-10"), format=RdfFormat.N_QUADS
    )
    merged = {
        str(q.triple)
        for q in store
        if not q.graph_name.value.endswith("/possible") and "_:" not in str(q)  # type: ignore[union-attr]
    }
    plain = export(shipped, "ntriples", inferred=True, day="2022-01-10").decode().splitlines()
    assert merged == {line.removesuffix(" .") for line in plain if "_:" not in line}


@pytest.mark.parametrize("how", sorted(FORMATS))
def test_the_same_bytes_under_any_hash_seed(how: str) -> None:
    outputs = {
        run_csto(
            "export",
            "--inferred",
            "--on",
            "2022-01-10",
            "-f",
            how,
            env={"PYTHONHASHSEED": seed, "CSTO_CACHE": cache},
        ).out
        for seed, cache in (("0", ""), ("42", ""), ("7", "/nonexistent/nowhere"))
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 100_000


@pytest.mark.parametrize("how", ["turtle", "ntriples", "rdfxml", "trig", "nquads"])
def test_rdflib_reads_each_format(shipped: Dataset, how: str) -> None:
    data = export(shipped, how, inferred=False, day="2022-01-10")
    target: rdflib.Graph = rdflib.Dataset() if how in QUADS else rdflib.Graph()
    target.parse(data=data, format={"rdfxml": "xml", "ntriples": "nt"}.get(how, how))
    assert len(target) == count(data, how)


def test_asserted_export_has_nothing_inferred(shipped: Dataset) -> None:
    text = export(shipped, "ntriples", inferred=False, day="2022-01-10").decode()
    assert 'ontology#startEarliest> "' not in text
    assert "/slice/" not in text


def test_the_format_follows_the_name_of_the_file(tmp_path: Path, csto: Callable[..., Ran]) -> None:
    for ending, start in ((".ttl", "@prefix"), (".nt", "<"), (".rdf", "<?xml"), (".jsonld", "[")):
        path = tmp_path / f"graph{ending}"
        ran = csto("export", "-o", str(path))
        assert ran.code == 0
        assert ran.out == ""
        assert path.read_text().startswith(start)


def test_no_blank_nodes_outside_owl_syntax(shipped: Dataset) -> None:
    quads = export(shipped, "nquads", inferred=True, day="2022-01-10").decode().splitlines()
    assert all("graph/ontology>" in line for line in quads if "_:" in line)
