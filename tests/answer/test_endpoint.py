"""``csto push`` and ``csto query --engine``, against a small server with a real store behind it.

``make interop`` does the same with Oxigraph's own server and with Virtuoso.
"""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Store

from conftest import Ran, run_csto
from csto.answer.endpoint import Server, credentials, declare, form
from csto.errors import InputError
from csto.publish.push import MANIFEST
from csto.vocabulary import ASSERTED, INFERRED, WELL_KNOWN

Csto = Callable[..., Ran]
GRAPH = "https://w3id.org/csto/graph/"


class Engine(ThreadingHTTPServer):
    """SPARQL 1.1 Protocol at ``/query``, Graph Store Protocol at ``/store``.

    Its default graph, where a request names none, is the union of all: what csto must not
    depend on. ``auth`` is ``basic`` or ``digest`` (ada, secret); after ``fail_after`` writes
    every further one fails.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.data = Store()
        self.auth = ""
        self.name = "Oxigraph/test"
        self.fail_after: int | None = None
        self.refused = 0
        self.writes: list[tuple[str, str, int]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/query"

    def size(self, graph: NamedNode) -> int:
        return sum(1 for _ in self.data.quads_for_pattern(None, None, None, graph))


class _Handler(BaseHTTPRequestHandler):
    server: Engine

    def version_string(self) -> str:
        return self.server.name

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._ask(parse_qs(urlsplit(self.path).query))

    def do_PUT(self) -> None:
        self._write()

    def do_POST(self) -> None:
        if urlsplit(self.path).path == "/store":
            self._write()
        else:
            self._ask(parse_qs(self._body().decode()))

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def _reply(self, status: int, body: bytes, kind: str = "text/plain", **more: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _ask(self, given: dict[str, list[str]]) -> None:
        graphs = [NamedNode(iri) for iri in given.get("default-graph-uri", ())]
        named = [NamedNode(iri) for iri in given.get("named-graph-uri", ())]
        try:
            answer = self.server.data.query(
                given["query"][0],
                default_graph=graphs or None,
                named_graphs=named or None,
                use_default_graph_as_union=not graphs,
            )
        except SyntaxError as error:
            return self._reply(400, str(error).encode())
        if isinstance(answer, QueryTriples):
            body = answer.serialize(format=RdfFormat.N_TRIPLES) or b""
            return self._reply(200, body, "application/n-triples")
        body = answer.serialize(format=QueryResultsFormat.JSON) or b""
        return self._reply(200, body, "application/sparql-results+json")

    def _write(self) -> None:
        if not self._allowed():
            # As Virtuoso does: no is said before the body is read, and the line is cut.
            self.close_connection = True
            self.server.refused += 1
            ask = (
                'Basic realm="t"'
                if self.server.auth == "basic"
                else ('Digest realm="t", nonce="n0", qop="auth", algorithm=MD5')
            )
            return self._reply(401, b"who are you?", WWW_Authenticate=ask)
        body = self._body()
        writes, limit = self.server.writes, self.server.fail_after
        if limit is not None and len(writes) >= limit:
            return self._reply(500, b"the disk is full")
        graph = NamedNode(parse_qs(urlsplit(self.path).query)["graph"][0])
        if self.command == "PUT":
            self.server.data.remove_graph(graph)
        self.server.data.load(body, format=RdfFormat.TURTLE, to_graph=graph)
        writes.append((self.command, graph.value, body.count(b"\n")))
        return self._reply(204, b"")

    def _allowed(self) -> bool:
        said = self.headers.get("Authorization", "")
        if self.server.auth == "basic":
            return said == "Basic " + base64.b64encode(b"ada:secret").decode()
        if self.server.auth == "digest":
            got = dict(re.findall(r'(\w+)="?([^",]*)"?', said.removeprefix("Digest ")))

            def md5(text: str) -> str:
                return hashlib.md5(text.encode()).hexdigest()

            one, two = md5("ada:t:secret"), md5(f"{self.command}:{self.path}")
            middle = f"n0:{got.get('nc')}:{got.get('cnonce')}:auth"
            return got.get("response") == md5(f"{one}:{middle}:{two}")
        return True


@pytest.fixture
def engine() -> Iterator[Engine]:
    server = Engine()
    yield server
    server.shutdown()
    server.server_close()


def test_push_then_ask(engine: Engine) -> None:
    days = ("--on", "2012-09-01", "--on", "2005-06-01")
    pushed = run_csto("push", engine.url, *days, "--batch", "20000")
    assert pushed.code == 0, pushed.err
    lines = [line.split("\t") for line in pushed.out.splitlines()]
    assert [line[0].rsplit("csto/", 1)[1] for line in lines] == [
        *("graph/ontology", "graph/asserted", "graph/inferred"),
        *(f"slice/2012-09-01/{width}" for width in ("certain", "possible", "open")),
        *(f"slice/2005-06-01/{width}" for width in ("certain", "possible", "open")),
    ]
    for iri, count, sent in lines:
        assert engine.size(NamedNode(iri)) == int(count) > 100
        assert sent == f"{count} sent"
    assert f"of {engine.size(ASSERTED)} triples" in pushed.err

    # The union of all graphs holds two slices, but each answer is of its day.
    ask = ("memberships/members-on", "-p", "organization=CSTO", "-f", "csv")
    for day in ("2012-09-01", "2005-06-01"):
        there = run_csto("query", *ask, "--on", day, "--engine", engine.url)
        assert there.code == 0, there.err
        assert there.out == run_csto("query", *ask, "--on", day).out
        assert len(there.rows) in (6, 7)

    never = run_csto("query", *ask, "--on", "2013-01-01", "--engine", engine.url)
    assert (never.code, never.out) == (2, "")
    command = f"csto push {engine.url} --on 2013-01-01"
    assert never.err.strip().endswith(command)
    assert run_csto(*command.split()[1:]).code == 0
    assert len(run_csto("query", *ask, "--on", "2013-01-01", "--engine", engine.url).rows) == 6

    # What is there is not sent again.
    writes = len(engine.writes)
    again = run_csto("push", engine.url, *days)
    assert again.out.count("was there already") == 9
    assert len(engine.writes) == writes

    # What was changed behind our back is.
    engine.data.remove(next(engine.data.quads_for_pattern(None, None, None, INFERRED)))
    fixed = run_csto("push", engine.url, *days)
    assert fixed.out.count("was there already") == 8
    assert engine.size(INFERRED) == int(lines[2][1])


def test_other_forms_of_query(engine: Engine) -> None:
    assert run_csto("push", engine.url, "--on", "2022-01-10").code == 0
    for text, how in (
        ("ASK { state:kazakhstan csto:memberOf body:ots }", "json"),
        ("CONSTRUCT { ?s csto:memberOf ?o } WHERE { ?s csto:memberOf ?o }", "ntriples"),
        ("SELECT ?s WHERE { GRAPH ?g { ?s csto:memberOf body:csto } } ORDER BY ?s", "csv"),
    ):
        args = ("query", "-e", text, "--on", "2022-01-10", "-f", how)
        there = run_csto(*args, "--engine", engine.url)
        assert there.code == 0, there.err
        assert there.out == run_csto(*args).out != ""
    bad = run_csto(
        "query", "-e", "SELECT ?s { ?s ?p }", "--on", "2022-01-10", "--engine", engine.url
    )
    assert bad.code == 2
    assert "400" in bad.err
    assert bad.err.count("\n") == 1
    out = run_csto(
        "query", "-e", "SELECT ?s { SERVICE <http://x/> { ?s ?p ?o } }", "--engine", engine.url
    )
    assert out.code == 2
    assert "SERVICE" in out.err


def test_an_interrupted_push_goes_on(engine: Engine) -> None:
    args = ("push", engine.url, "--on", "2022-01-10", "--batch", "5000")
    engine.fail_after = 8
    broken = run_csto(*args)
    assert broken.code == 2
    assert "the disk is full" in broken.err
    held = engine.size(ASSERTED)
    assert 0 < held < 30_000
    assert held % 5000 == 0
    engine.fail_after = None
    before = len(engine.writes)
    done = run_csto(*args)
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
    assert run_csto(*args).code == 2
    graph = NamedNode("https://w3id.org/csto/graph/record/un-votes")
    held = engine.size(graph)
    assert 0 < held < 1050
    # A server killed within a batch holds a part of it.
    engine.data.remove(next(engine.data.quads_for_pattern(None, None, None, graph)))
    engine.fail_after = None
    before = len(engine.writes)
    done = run_csto(*args)
    assert done.code == 0, done.err
    assert engine.size(graph) == 1050
    sent = sum(lines for _, where, lines in engine.writes[before:] if where == graph.value)
    assert sent == 1050 - held + 200
    assert "was there already" in run_csto(*args).out
    assert run_csto("push", engine.url, "--bulk", "no.nt").code == 2


@pytest.mark.parametrize("auth", ["basic", "digest"])
def test_push_with_a_password(engine: Engine, auth: str) -> None:
    """A long body is never sent to be refused: each write but the first is let in at once."""
    engine.auth = auth
    pushed = run_csto("push", engine.url, "--user", "ada:secret", "--on", "2022-01-10")
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
    refused = run_csto("push", engine.url, "--on", "2022-01-10")
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
    asked = run_csto("push", engine.url, "--on", "2022-01-10")
    assert asked.code == 2
    assert "--store" in asked.err
    assert "Mystery/1" in asked.err
    nobody = run_csto("push", "http://127.0.0.1:1/query", "--on", "2022-01-10")
    assert nobody.code == 2
    assert "cannot be reached" in nobody.err
    assert nobody.err.count("\n") == 1
    assert run_csto("push", "ftp://x/", "--on", "2022-01-10").code == 2


def test_a_server_that_loses_triples(engine: Engine, shipped: object) -> None:
    """The count at the end finds what a server swallowed."""
    load = engine.data.load

    class Lossy:
        def __getattr__(self, name: str) -> object:
            return getattr(engine_data, name)

        def load(self, body: bytes, **given: object) -> None:
            load(b"".join(body.splitlines(keepends=True)[1:]), **given)  # type: ignore[arg-type]

    engine_data = engine.data
    engine.data = Lossy()  # type: ignore[assignment]
    pushed = run_csto("push", engine.url, "--on", "2022-01-10")
    assert pushed.code == 2
    assert re.search(r"has \d+ triples where \d+ were sent", pushed.err)


def test_prefixes_are_declared_where_they_are_used() -> None:
    text = 'PREFIX csto: <c:> SELECT ?a { ?a csto:b org:c ; a ?d . FILTER(?a != "x http://y") }'
    assert declare(text, WELL_KNOWN) == f"PREFIX org: <{WELL_KNOWN['org']}>\n" + text
    assert form("PREFIX a: <b> # SELECT\n construct { } where { }") == "CONSTRUCT"


def test_the_manifest_says_what_each_graph_holds(engine: Engine) -> None:
    assert run_csto("push", engine.url, "--on", "2022-01-10").code == 0
    said = {
        q.subject.value: q.object.value
        for q in engine.data.quads_for_pattern(None, None, None, MANIFEST)
    }
    assert set(said) == {
        *(GRAPH + name for name in ("ontology", "asserted", "inferred")),
        *(f"https://w3id.org/csto/slice/2022-01-10/{c}" for c in ("certain", "possible", "open")),
    }
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in said.values())
