"""Exports: every format, the same triples, the same bytes under any hash seed."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import CanonicalizationAlgorithm, NamedNode, RdfFormat, Store, parse
from pyoxigraph import Dataset as RdfDataset

from conftest import ALLIANCE, Ran, run_csto
from csto.graph.dataset import Dataset
from csto.load.formats import BY_KEY
from csto.load.workspace import Workspace
from csto.publish.export import PARTS, count, export
from csto.publish.network import network
from csto.publish.profiles import profile_triples
from csto.vocabulary import CSTO, ONTOLOGY, RDF_TYPE
from support.sample import WHOLE, some

DAY = "2022-01-10"
DCAT = "http://www.w3.org/ns/dcat#"
STATE = "https://w3id.org/csto/id/state/"

TRIPLES = ("turtle", "ntriples", "rdfxml")
QUADS = ("nquads", "trig", "jsonld")


@pytest.mark.sampled
@pytest.mark.parametrize("inferred", [False, True])
def test_the_same_triples_in_each_format(sampled: Dataset, inferred: bool) -> None:
    sizes = {how: count(export(sampled, how, inferred=inferred, day=DAY), how) for how in BY_KEY}
    assert len({sizes[how] for how in TRIPLES}) == 1
    assert len({sizes[how] for how in QUADS}) == 1
    assert sizes["nquads"] >= sizes["ntriples"] > 5000


@pytest.mark.sampled
def test_merged_triples_are_the_quads_of_the_certain_graphs(sampled: Dataset) -> None:
    store = Store()
    store.load(input=export(sampled, "nquads", inferred=True, day=DAY), format=RdfFormat.N_QUADS)
    merged = {
        str(q.triple)
        for q in store
        if not q.graph_name.value.endswith("/possible") and "_:" not in str(q)  # type: ignore[union-attr]
    }
    plain = export(sampled, "ntriples", inferred=True, day=DAY).decode().splitlines()
    assert merged == {line.removesuffix(" .") for line in plain if "_:" not in line}


def bytes_of(how: str, seed: str, cache: str, *workspace: str) -> str:
    """An export by a process of its own: with a seed of hashes, and a cache or none."""
    ran = run_csto(
        *workspace,
        *("export", "--inferred", "--on", "2010-01-10", "-f", how),
        env={"PYTHONHASHSEED": seed, "CSTO_CACHE": cache},
    )
    assert ran.code == 0, ran.err
    return ran.out


@pytest.mark.sampled
@pytest.mark.parametrize("how", some(sorted(BY_KEY), 1))
def test_the_same_bytes_under_any_hash_seed(how: str) -> None:
    alliance = "--workspace", str(ALLIANCE)
    runs = ("0", ""), ("7", "/dev/null/no")
    made = {bytes_of(how, seed, cache, *alliance) for seed, cache in runs}
    assert len(made) == 1
    assert len(made.pop()) > 50_000


@pytest.mark.sampled
@pytest.mark.skipif(not WHOLE, reason="the example above shows the same")
def test_the_shipped_graph_has_the_same_bytes_from_the_cache_and_without() -> None:
    made = {bytes_of("nquads", seed, cache) for seed, cache in (("42", ""), ("7", "/dev/null/no"))}
    assert len(made) == 1
    assert len(made.pop()) > 100_000


@pytest.mark.sampled
@pytest.mark.parametrize("how", some(["turtle", "ntriples", "rdfxml", "trig", "nquads"], 2))
def test_rdflib_reads_each_format(sampled: Dataset, how: str) -> None:
    data = export(sampled, how, inferred=False, day=DAY)
    target: rdflib.Graph = rdflib.Dataset() if how in QUADS else rdflib.Graph()
    target.parse(data=data, format={"rdfxml": "xml", "ntriples": "nt"}.get(how, how))
    assert len(target) == count(data, how)


def test_asserted_export_has_nothing_inferred(alliance: Dataset) -> None:
    text = export(alliance, "ntriples", inferred=False, day="2022-01-10").decode()
    assert 'ontology#startEarliest> "' not in text
    assert "/slice/" not in text


def test_the_format_follows_the_name_of_the_file(tmp_path: Path) -> None:
    for ending, start in ((".ttl", "@prefix"), (".nt", "<"), (".rdf", "<?xml"), (".jsonld", "{")):
        path = tmp_path / f"graph{ending}"
        ran = run_csto("-w", str(ALLIANCE), "export", "-o", str(path))
        assert ran.code == 0
        assert ran.out == ""
        assert path.read_text().startswith(start)


@pytest.mark.sampled
def test_parts_make_the_whole(sampled: Dataset) -> None:
    sizes = {
        part: count(export(sampled, "nquads", day=DAY, parts=[part]), "nquads") for part in PARTS
    }
    assert all(size > 100 for size in sizes.values()), sizes
    whole = count(export(sampled, "nquads", day=DAY, parts=PARTS), "nquads")
    assert sum(sizes.values()) == whole
    concepts = export(sampled, "ntriples", day=DAY, parts=["concepts"]).decode()
    assert all(line.startswith("<https://w3id.org/csto/concept/") for line in concepts.splitlines())


@pytest.mark.sampled
def test_compact_jsonld_is_the_same_graph(sampled: Dataset) -> None:
    quads = set(parse(export(sampled, "nquads", day=DAY, parts=PARTS), format=RdfFormat.N_QUADS))
    data = export(sampled, "jsonld", day=DAY, parts=PARTS)
    back = RdfDataset(parse(data, format=RdfFormat.JSON_LD))
    back.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert {str(q) for q in back} == {str(q) for q in quads}
    text = data.decode()
    # People read it: short names, no type on what the context types.
    assert '"@id": "state:georgia", "@type": "State"' in text
    assert re.search(r'"date": "\d{4}-\d\d-\d\d"', text)
    assert '"@type": "http' not in text


def test_network_is_of_one_day(shipped: Dataset) -> None:
    net = network(shipped, DAY)
    edges = set(net.edges)
    assert ("state:kazakhstan", "memberOf", "body:csto") in edges
    assert ("state:uzbekistan", "memberOf", "body:csto") not in edges
    assert ("state:uzbekistan", "memberOf", "body:csto") in set(
        network(shipped, "2010-06-12").edges
    )
    # What a narrower or inverse property says is not said twice.
    assert not any(p in ("affiliatedWith", "hasMember") for _, p, _ in edges)
    names = {node.name for node in net.nodes}
    assert all(source in names and target in names for source, _, target in edges)
    assert not any(name.startswith(("claim:", "riac:", "support:")) for name in names)


def test_networkx_and_pandas_read_the_network(tmp_path: Path) -> None:
    import networkx
    import pandas

    graphml, table = tmp_path / "net.graphml", tmp_path / "net.csv"
    for path in (graphml, table):
        ran = run_csto("export", "--on", DAY, "-o", str(path))
        assert ran.code == 0, ran.err
    read = networkx.read_graphml(graphml)
    nodes = pandas.read_csv(tmp_path / "net-nodes.csv")
    edges = pandas.read_csv(tmp_path / "net-edges.csv")
    assert read.number_of_nodes() == len(nodes)
    assert read.number_of_edges() == len(edges)
    assert read.nodes["state:kazakhstan"]["isoAlpha3"] == "KAZ"
    assert set(edges["Source"]) <= set(nodes["Id"])


@pytest.mark.parametrize("name", ["org", "schema", "wikidata"])
def test_a_profile_has_no_term_of_ours(shipped: Dataset, name: str) -> None:
    triples = profile_triples(shipped, name, DAY)
    assert len(triples) > 300
    assert not any(t.predicate.value.startswith(CSTO) for t in triples)
    types = {t.object.value for t in triples if t.predicate.value.endswith("#type")}
    assert not any(t.startswith(CSTO) for t in types)


def test_profiles_say_who_was_a_member(shipped: Dataset) -> None:
    wikidata = {str(t) for t in profile_triples(shipped, "wikidata", DAY)}
    member = "<http://www.wikidata.org/entity/Q{}> <http://www.wikidata.org/prop/direct/P463> "
    csto = "<http://www.wikidata.org/entity/Q318693>"
    assert member.format(232) + csto in wikidata  # Kazakhstan
    assert member.format(265) + csto not in wikidata  # Uzbekistan, which had left
    spell = "<https://w3id.org/csto/id/membership/uzbekistan-csto>"
    ended = f'{spell} <http://www.wikidata.org/prop/qualifier/P582> "2012-12-19T00:00:00Z"'
    assert any(t.startswith(ended) for t in wikidata)
    org = {str(t) for t in profile_triples(shipped, "org", DAY)}
    assert f"{spell} <http://www.w3.org/ns/org#member> <{STATE}uzbekistan>" in org


def test_an_unknown_profile_names_those_there_are(csto: Callable[..., Ran]) -> None:
    ran = csto("export", "--profile", "nonsense")
    assert ran.code == 2
    assert "org, schema, wikidata" in ran.err


def test_alignments_name_terms_that_exist(shipped: Dataset, shipped_workspace: Workspace) -> None:
    declared = {
        q.subject.value
        for q in shipped.store.quads_for_pattern(None, RDF_TYPE, None, ONTOLOGY)
        if isinstance(q.subject, NamedNode)
    }
    files = shipped_workspace.alignment_files()
    assert len(files) >= 9
    for path in files:
        for quad in parse(path=str(path), format=RdfFormat.TURTLE):
            if quad.predicate.value.endswith("annotatedSource"):
                assert quad.object.value in declared, (path, quad.object)
            assert not quad.predicate.value.endswith(("sameAs", "equivalentClass"))


def test_a_release_is_whole_and_the_same_twice(tmp_path: Path) -> None:
    packed = []
    for seed in ("0", "42"):
        path = tmp_path / f"{seed}.zip"
        # A small graph, since the whole pipeline runs twice.
        ran = run_csto(
            *("--workspace", str(ALLIANCE)),
            *("export", "--zip", str(path), "--on", DAY),
            env={"PYTHONHASHSEED": seed},
        )
        assert ran.code == 0, ran.err
        packed.append(path.read_bytes())
    assert packed[0] == packed[1]
    with zipfile.ZipFile(tmp_path / "0.zip") as read:
        files = {name.partition("/")[2]: read.read(name) for name in read.namelist()}
    sums = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in files.items()
        if name != "SHA256SUMS"
    }
    description = rdflib.Graph().parse(data=files["description.ttl"], format="turtle")
    void, dcat = rdflib.Namespace("http://rdfs.org/ns/void#"), rdflib.Namespace(DCAT)
    root = rdflib.URIRef("https://example.org/guam/graph")
    inferred = count(files["inferred.nq"], "nquads")
    stated = count(files["graph.ttl"], "turtle")
    said = int(description.value(root, void.triples))  # type: ignore[arg-type]
    # The description counts what holds on every day; the file has the slices of one day as well.
    assert stated < said <= stated + inferred
    assert len(set(description.objects(root, dcat.distribution))) == len(files) - 3
    context = json.loads(files["context.jsonld"])["@context"]
    assert context["member"] == {"@id": "https://w3id.org/csto/ontology#member", "@type": "@id"}


def test_calls_that_contradict_themselves(csto: Callable[..., Ran]) -> None:
    for args in (
        ("--zip", "x.zip", "--format", "turtle"),
        ("--format", "graphml", "--part", "graph"),
        ("--format", "csv"),
        ("--profile", "org", "--inferred"),
    ):
        ran = csto("export", *args)
        assert ran.code == 2, args
        assert ran.err.startswith("csto: ")


@pytest.mark.sampled
def test_no_blank_nodes_outside_owl_syntax(sampled: Dataset) -> None:
    quads = export(sampled, "nquads", inferred=True, day=DAY).decode().splitlines()
    assert all("graph/ontology>" in line for line in quads if "_:" in line)


def test_networks_have_spans_weights_and_certainty(tmp_path: Path) -> None:
    import networkx

    path = tmp_path / "net.gexf"
    ran = run_csto("export", "--on", "2012-09-01", "-o", str(path))
    assert ran.code == 0, ran.err
    read = networkx.read_gexf(path)
    found = {
        data["label"]: data
        for _, target, data in read.out_edges("state:uzbekistan", data=True)
        if target == "body:csto"
    }
    # Its membership is possible only, from the note to the suspension.
    assert found["memberOf"]["certainty"] == "possible"
    assert found["memberOf"]["start"] == "2006-08-16"
    assert found["memberOf"]["end"] == "2012-12-18"
    kept = [
        data
        for _, target, data in read.out_edges("state:kazakhstan", data=True)
        if target == "body:csto" and data["label"] == "memberOf"
    ]
    assert [(d["certainty"], d["start"], d.get("end")) for d in kept] == [
        ("certain", "2002-10-07", None)
    ]


def test_states_alone_are_tied_by_what_they_share(tmp_path: Path) -> None:
    import networkx

    path = tmp_path / "states.graphml"
    ran = run_csto("export", "--on", "2022-01-10", "--states", "-o", str(path))
    assert ran.code == 0, ran.err
    read = networkx.read_graphml(path)
    assert {kind for _, kind in read.nodes(data="kind")} == {"State"}
    assert not read.is_directed()
    ties = read.get_edge_data("state:kazakhstan", "state:kyrgyzstan")
    ties = ties if "weight" not in ties else {0: ties}
    certain = [tie for tie in ties.values() if tie["certainty"] == "certain"]
    (tie,) = certain
    assert "OTS" in tie["property"].split("; ")
    assert "CSTO" in tie["property"].split("; ")
    assert tie["weight"] == len(tie["property"].split("; "))
