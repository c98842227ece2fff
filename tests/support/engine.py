"""A SPARQL server with a real store behind it, for what speaks to servers."""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Store


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
        self.paths: list[str] = []
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
        self.server.paths.append(self.path)
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
