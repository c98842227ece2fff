"""``csto push`` and ``csto query --engine``, against a small server with a real store behind it.

``make interop`` does the same with Oxigraph's own server and with Virtuoso.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from pyoxigraph import NamedNode, Quad

from conftest import ALLIANCE, Ran, run_csto
from csto.answer.endpoint import Server, credentials, declare, form
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.publish.push import MANIFEST
from csto.vocabulary import ASSERTED, INFERRED, ONTOLOGY, WELL_KNOWN
from support.engine import Engine

Csto = Callable[..., Ran]
GRAPH = "https://w3id.org/csto/graph/"


def asked(*words: str) -> Ran:
    """A command on the small alliance: what is sent is the same, and a fortieth as long."""
    return run_csto("--workspace", str(ALLIANCE), *words)


@pytest.fixture
def engine() -> Iterator[Engine]:
    server = Engine()
    yield server
    server.shutdown()
    server.server_close()


def test_push_then_ask(engine: Engine) -> None:
    days = ("--on", "2004-01-01", "--on", "2010-01-01")
    pushed = asked("push", engine.url, *days, "--batch", "500")
    assert pushed.code == 0, pushed.err
    lines = [line.split("\t") for line in pushed.out.splitlines()]
    assert [line[0].rsplit("csto/", 1)[1] for line in lines] == [
        *("graph/ontology", "graph/asserted", "graph/inferred"),
        *(f"slice/2004-01-01/{width}" for width in ("certain", "possible", "open")),
        *(f"slice/2010-01-01/{width}" for width in ("certain", "possible", "open")),
    ]
    for iri, count, sent in lines:
        assert engine.size(NamedNode(iri)) == int(count) > 10
        assert sent == f"{count} sent"
    assert f"of {engine.size(ASSERTED)} triples" in pushed.err

    # The union of all graphs holds two slices, but each answer is of its day.
    ask = ("memberships/members-on", "-p", "organization=GUAM", "-f", "csv")
    for day in ("2004-01-01", "2010-01-01"):
        there = asked("query", *ask, "--on", day, "--engine", engine.url)
        assert there.code == 0, there.err
        assert there.out == asked("query", *ask, "--on", day).out
        assert len(there.rows) in (4, 5)

    never = asked("query", *ask, "--on", "2012-01-01", "--engine", engine.url)
    assert (never.code, never.out) == (2, "")
    command = f"csto push {engine.url} --on 2012-01-01"
    assert never.err.strip().endswith(command)
    assert asked(*command.split()[1:]).code == 0
    assert len(asked("query", *ask, "--on", "2012-01-01", "--engine", engine.url).rows) == 4

    # What is there is not sent again.
    writes = len(engine.writes)
    again = asked("push", engine.url, *days)
    assert again.out.count("was there already") == 9
    assert len(engine.writes) == writes

    # What was changed behind our back is.
    engine.data.remove(next(engine.data.quads_for_pattern(None, None, None, INFERRED)))
    fixed = asked("push", engine.url, *days)
    assert fixed.out.count("was there already") == 8
    assert engine.size(INFERRED) == int(lines[2][1])


def test_other_forms_of_query(engine: Engine) -> None:
    assert asked("push", engine.url, "--on", "2010-01-01").code == 0
    for text, how in (
        ("ASK { state:georgia csto:memberOf body:guam }", "json"),
        ("CONSTRUCT { ?s csto:memberOf ?o } WHERE { ?s csto:memberOf ?o }", "ntriples"),
        ("SELECT ?s WHERE { GRAPH ?g { ?s csto:memberOf body:guam } } ORDER BY ?s", "csv"),
    ):
        args = ("query", "-e", text, "--on", "2010-01-01", "-f", how)
        there = asked(*args, "--engine", engine.url)
        assert there.code == 0, there.err
        assert there.out == asked(*args).out != ""
    bad = asked("query", "-e", "SELECT ?s { ?s ?p }", "--on", "2010-01-01", "--engine", engine.url)
    assert bad.code == 2
    assert "400" in bad.err
    assert bad.err.count("\n") == 1
    out = asked(
        "query", "-e", "SELECT ?s { SERVICE <http://x/> { ?s ?p ?o } }", "--engine", engine.url
    )
    assert out.code == 2
    assert "SERVICE" in out.err


def test_an_interrupted_push_goes_on(engine: Engine, alliance: Dataset) -> None:
    args = ("push", engine.url, "--on", "2010-01-01", "--batch", "200")
    # Within the facts, of which some parts have come.
    ontology = sum(1 for _ in alliance.store.quads_for_pattern(None, None, None, ONTOLOGY))
    engine.fail_after = -(-ontology // 200) + 5
    broken = asked(*args)
    assert broken.code == 2
    assert "the disk is full" in broken.err
    held = engine.size(ASSERTED)
    assert held in (200, 400, 600)
    engine.fail_after = None
    before = len(engine.writes)
    done = asked(*args)
    assert done.code == 0, done.err
    sent = sum(lines for _, graph, lines in engine.writes[before:] if graph == ASSERTED.value)
    assert sent == engine.size(ASSERTED) - held
    assert f"{sent} sent" in done.out


def test_a_file_of_an_imported_layer_goes_on_where_it_broke_off(
    engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "un-votes.nt"
    file.write_text("".join(f"<urn:s{n}> <urn:p> <urn:o> .\n" for n in range(1050)))
    args = ("push", engine.url, "--bulk", str(file), "--batch", "200")
    engine.fail_after = 4
    assert asked(*args).code == 2
    graph = NamedNode("https://w3id.org/csto/graph/record/un-votes")
    held = engine.size(graph)
    assert 0 < held < 1050
    # A server killed within a batch holds a part of it.
    engine.data.remove(next(engine.data.quads_for_pattern(None, None, None, graph)))
    engine.fail_after = None
    before = len(engine.writes)
    done = asked(*args)
    assert done.code == 0, done.err
    assert engine.size(graph) == 1050
    sent = sum(lines for _, where, lines in engine.writes[before:] if where == graph.value)
    assert sent == 1050 - held + 200
    assert "was there already" in asked(*args).out
    assert asked("push", engine.url, "--bulk", "no.nt").code == 2


def test_a_server_that_lost_what_it_had_said_to_hold(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "un-votes.nt"
    # The last line has no end, as editors leave it.
    file.write_text("\n".join(f"<urn:s{n}> <urn:p> <urn:o> ." for n in range(1050)))
    args = ("push", engine.url, "--bulk", str(file), "--batch", "200")
    engine.fail_after = 4
    assert asked(*args).code == 2
    graph = NamedNode("https://w3id.org/csto/graph/record/un-votes")
    # Of the first part one is missing, and a triple of nobody is there: the count is as before.
    engine.data.remove(Quad(NamedNode("urn:s7"), NamedNode("urn:p"), NamedNode("urn:o"), graph))
    engine.data.add(Quad(NamedNode("urn:x"), NamedNode("urn:p"), NamedNode("urn:o"), graph))
    engine.data.remove(Quad(NamedNode("urn:s9"), NamedNode("urn:p"), NamedNode("urn:o"), graph))
    engine.fail_after = None
    done = asked(*args)
    assert done.code == 0, done.err
    assert "triples are missing of what was there" in done.err
    found = {q.subject.value for q in engine.data.quads_for_pattern(None, None, None, graph)}
    assert found == {f"urn:s{n}" for n in range(1050)}


@pytest.mark.parametrize(("batch", "apart"), [("10000", {False}), ("200", {True})])
def test_one_transaction_is_for_what_is_sent_in_one(
    engine: Engine, tmp_path: Path, batch: str, apart: set[bool]
) -> None:
    """Oxigraph takes up to ten times as long for a part, the first one too, as a transaction."""
    file = tmp_path / "un-votes.nt"
    file.write_text("".join(f"<urn:s{n}> <urn:p> <urn:o> .\n" for n in range(1050)))
    assert asked("push", engine.url, "--bulk", str(file), "--batch", batch).code == 0
    graph = "https://w3id.org/csto/graph/record/un-votes"
    asks = [path for path in engine.paths if graph in unquote(path)]
    assert {"no_transaction" in path for path in asks} == apart


@pytest.mark.parametrize("auth", ["basic", "digest"])
def test_push_with_a_password(engine: Engine, auth: str) -> None:
    """A long body is never sent to be refused: each write but the first is let in at once."""
    engine.auth = auth
    pushed = asked("push", engine.url, "--user", "ada:secret", "--on", "2010-01-01")
    assert pushed.code == 0, pushed.err
    assert engine.refused == 1


@pytest.mark.parametrize("auth", ["basic", "digest"])
def test_passwords(engine: Engine, auth: str) -> None:
    engine.auth = auth
    server = Server(engine.url, credentials("ada:secret"))
    store = engine.url.replace("/query", "/store")
    body = b"<a:b> <a:c> <a:d> .\n"
    kind = {"Content-Type": "text/turtle"}
    server.send("PUT", f"{store}?graph=http://x/g", body, kind)
    assert engine.size(NamedNode("http://x/g")) == 1
    for login in (None, ("ada", "wrong")):
        with pytest.raises(InputError, match="401"):
            Server(engine.url, login).send("PUT", f"{store}?graph=http://x/g", body, kind)
    refused = asked("push", engine.url, "--on", "2010-01-01")
    assert refused.code == 2
    assert "--user" in refused.err
    assert refused.err.count("\n") == 1


def test_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CSTO_USER", raising=False)
    monkeypatch.delenv("CSTO_PASSWORD", raising=False)
    assert credentials(None) is None
    assert credentials("ada:se:cret") == ("ada", "se:cret")
    with pytest.raises(InputError, match="CSTO_PASSWORD"):
        credentials("ada")
    monkeypatch.setenv("CSTO_PASSWORD", "word")
    assert credentials("ada") == ("ada", "word")
    monkeypatch.setenv("CSTO_USER", "bob")
    assert credentials(None) == ("bob", "word")


def test_a_server_that_is_not_known(engine: Engine) -> None:
    engine.name = "Mystery/1"
    told = asked("push", engine.url, "--on", "2010-01-01")
    assert told.code == 2
    assert "--store" in told.err
    assert "Mystery/1" in told.err
    nobody = asked("push", "http://127.0.0.1:1/query", "--on", "2010-01-01")
    assert nobody.code == 2
    assert "cannot be reached" in nobody.err
    assert nobody.err.count("\n") == 1
    assert asked("push", "ftp://x/", "--on", "2010-01-01").code == 2


def test_a_server_that_loses_triples(engine: Engine) -> None:
    """The count at the end finds what a server swallowed."""
    load = engine.data.load

    class Lossy:
        def __getattr__(self, name: str) -> object:
            return getattr(engine_data, name)

        def load(self, body: bytes, **given: object) -> None:
            load(b"".join(body.splitlines(keepends=True)[1:]), **given)  # type: ignore[arg-type]

    engine_data = engine.data
    engine.data = Lossy()  # type: ignore[assignment]
    pushed = asked("push", engine.url, "--on", "2010-01-01")
    assert pushed.code == 2
    assert re.search(r"has \d+ triples where \d+ were sent", pushed.err)


def test_prefixes_are_declared_where_they_are_used() -> None:
    text = 'PREFIX csto: <c:> SELECT ?a { ?a csto:b org:c ; a ?d . FILTER(?a != "x http://y") }'
    assert declare(text, WELL_KNOWN) == f"PREFIX org: <{WELL_KNOWN['org']}>\n" + text
    assert form("PREFIX a: <b> # SELECT\n construct { } where { }") == "CONSTRUCT"


def test_the_manifest_says_what_each_graph_holds(engine: Engine) -> None:
    assert asked("push", engine.url, "--on", "2010-01-01").code == 0
    said = {
        q.subject.value: q.object.value
        for q in engine.data.quads_for_pattern(None, None, None, MANIFEST)
    }
    assert set(said) == {
        *(GRAPH + name for name in ("ontology", "asserted", "inferred")),
        *(f"https://w3id.org/csto/slice/2010-01-01/{c}" for c in ("certain", "possible", "open")),
    }
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in said.values())
