"""The server over HTTP, as a client sees it: protocol, pages, limits."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, Store, parse, parse_query_results

from conftest import ALLIANCE, Ran, run_csto
from csto.serve.media import GRAPHS, ROWS, negotiate
from support.server import start, stop

MEMBERS = """SELECT ?s ?l WHERE {
  ?s csto:memberOf body:csto ; rdfs:label ?l FILTER(LANG(?l)="en")
} ORDER BY ?l"""
# Hours of work that needs little memory, and little work that needs much memory.
SLOW = """SELECT (COUNT(*) AS ?n) WHERE {
  ?a rdfs:label ?b . ?c rdfs:label ?d . ?e rdfs:label ?f . ?g rdfs:label ?h . ?i rdfs:label ?j
  FILTER(?b != ?d && ?d != ?f)
}"""
BIG = """SELECT (STRLEN(GROUP_CONCAT(?long)) AS ?n) WHERE {
  ?s rdfs:label ?l . ?x rdfs:label ?y
  BIND(CONCAT(STR(?l), STR(?y)) AS ?two)
  BIND(CONCAT(?two, ?two, ?two, ?two, ?two, ?two, ?two, ?two) AS ?long)
}"""
RESULTS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    process, address = start()
    yield address
    stop(process)


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def strict() -> Iterator[httpx.Client]:
    """A server with tight limits, of a small graph: a worker that was ended starts again."""
    limits = ("--time-limit", "4", "--row-limit", "100", "--workers", "1")
    process, address = start(*limits, words=("-w", str(ALLIANCE)))
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client
    stop(process)


class Outline(HTMLParser):
    """Links, headings and text of a page; a page that is not well nested fails."""

    VOID = ("meta", "link", "input", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.labelled: list[str] = []
        self.fields: list[dict[str, str | None]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "a":
            self.links.append(given["href"] or "")
        if tag == "label":
            self.labelled.append(given["for"] or "")
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.fields.append(given)
        if given.get("id"):
            self.ids.append(given["id"] or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        self.text += data


def outline(reply: httpx.Response) -> Outline:
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    page = Outline(reply.text)
    assert page.tags.count("h1") == 1
    assert page.links[0] == "#main"
    assert len(page.ids) == len(set(page.ids))
    for field in page.fields:
        assert field.get("id") in page.labelled, field
    assert "http:" not in re.sub(
        r'(href|title|content|value)="[^"]*"', "", reply.text.split("<main")[0]
    )
    return page


# Negotiation ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "offers", "expected"),
    [
        (None, ROWS, "json"),
        ("*/*", ROWS, "json"),
        ("text/csv", ROWS, "csv"),
        ("text/csv;q=0.4, application/sparql-results+xml;q=0.5", ROWS, "xml"),
        ("text/*", ROWS, "csv"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ROWS, "html"),
        ("text/*;q=0.9, text/csv;q=0.1, application/sparql-results+json;q=0.2", ROWS, "tsv"),
        ("*/*;q=0.1, application/sparql-results+json;q=0", ROWS, "xml"),
        ("image/png", ROWS, None),
        ("TEXT/Turtle ; charset=utf-8 ; Q=1", GRAPHS, "turtle"),
        ("application/ld+json, text/turtle;q=0.9", GRAPHS, "jsonld"),
        ("text/turtle;q=nonsense, application/n-triples;q=0.1", GRAPHS, "ntriples"),
        (",,;q=1", GRAPHS, None),
    ],
)
def test_negotiation(accept: str | None, offers: tuple, expected: str | None) -> None:  # type: ignore[type-arg]
    chosen = negotiate(accept, offers)
    assert (chosen.key if chosen else None) == expected


# SPARQL 1.1 Protocol --------------------------------------------------------------------------


@pytest.mark.parametrize("media", sorted(RESULTS))
def test_rows_in_every_format(client: httpx.Client, media: str) -> None:
    given = {"query": MEMBERS, "on": "2012-09-01"}
    reply = client.get("/sparql", params=given, headers={"Accept": media})
    assert reply.status_code == 200
    assert reply.headers["content-type"].split(";")[0] == media
    assert reply.headers["csto-on"] == "2012-09-01"
    assert "Accept" in reply.headers["vary"]
    if media == "text/csv":
        rows = reply.text.split("\r\n")
        assert rows[0] == "s,l"
        assert rows[1] == "https://w3id.org/csto/id/state/armenia,Armenia"
        assert len(rows) == 8
    else:
        parsed = parse_query_results(reply.content, format=RESULTS[media])
        assert [row["l"].value for row in parsed] == [
            *("Armenia", "Belarus", "Kazakhstan", "Kyrgyzstan", "Russia", "Tajikistan")
        ]


@pytest.mark.parametrize(
    "media", ["application/sparql-results+json", "application/sparql-results+xml"]
)
@pytest.mark.parametrize(("day", "expected"), [("2005-06-01", False), ("2022-01-10", True)])
def test_ask(client: httpx.Client, media: str, day: str, expected: bool) -> None:
    given = {"query": "ASK { state:kazakhstan csto:memberOf body:ots }", "on": day}
    reply = client.get("/sparql", params=given, headers={"Accept": media})
    assert reply.headers["content-type"] == media
    assert bool(parse_query_results(reply.content, format=RESULTS[media])) is expected


@pytest.mark.parametrize("media", sorted(FORMATS))
def test_triples_in_every_format(client: httpx.Client, media: str) -> None:
    text = "CONSTRUCT { ?s csto:memberOf ?o } WHERE { ?s csto:memberOf ?o }"
    reply = client.get(
        "/sparql", params={"query": text, "on": "2022-01-10"}, headers={"Accept": media}
    )
    assert reply.headers["content-type"].split(";")[0] == media
    read = {quad.triple for quad in parse(reply.content, format=FORMATS[media])}
    nt = client.get("/sparql", params={"query": text, "on": "2022-01-10", "format": "ntriples"})
    assert len(read) == len(nt.text.splitlines()) > 50


def test_three_ways_of_asking_give_one_answer(client: httpx.Client) -> None:
    got = client.get("/sparql", params={"query": MEMBERS, "on": "2022-01-10"})
    form = client.post("/sparql", data={"query": MEMBERS, "on": "2022-01-10"})
    direct = client.post(
        "/sparql?on=2022-01-10",
        content=MEMBERS.encode(),
        headers={"Content-Type": "application/sparql-query"},
    )
    assert got.json() == form.json() == direct.json()
    assert got.headers["content-type"] == "application/sparql-results+json"
    assert len(got.json()["results"]["bindings"]) == 6


def test_head_and_options(client: httpx.Client) -> None:
    given = {"query": MEMBERS}
    head = client.head("/sparql", params=given)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == "application/sparql-results+json"
    assert client.head("/id/state/kazakhstan").status_code == 200
    assert client.head("/id/state/nowhere").status_code == 404
    allowed = client.options("/sparql")
    assert allowed.status_code == 204
    assert allowed.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert client.options("/id/state/kazakhstan").headers["allow"] == "GET, HEAD, OPTIONS"


def test_other_sites_may_ask(client: httpx.Client) -> None:
    origin = {"Origin": "https://example.org"}
    reply = client.get("/sparql", params={"query": MEMBERS}, headers=origin)
    assert reply.headers["access-control-allow-origin"] == "*"
    ask = {
        **origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    preflight = client.options("/sparql", headers=ask)
    assert preflight.status_code == 200
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "content-type" in preflight.headers["access-control-allow-headers"].lower()


def problem(reply: httpx.Response, status: int, *parts: str) -> None:
    """An error is one plain line."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.text.count("\n") == 1, reply.text
    for part in parts:
        assert part in reply.text


def test_bad_requests_say_what_is_wrong(client: httpx.Client) -> None:
    problem(
        client.get("/sparql", params={"query": "SELECT ?s WHERE { ?s ?p }"}), 400, "line 1, column"
    )
    unknown = {"query": "SELECT ?v WHERE { ?v csto:voteBy ?s }"}
    problem(client.get("/sparql", params=unknown), 400, "csto:voteBy", "csto:agent (by, of cast")
    nobody = {"query": "ASK { <https://w3id.org/csto/id/state/atlantis> ?p ?o }"}
    assert client.get("/sparql", params=nobody).json()["boolean"] is False
    problem(client.get("/sparql", params={"query": MEMBERS, "on": "2022-13-01"}), 400, "2022-13-01")
    problem(client.get("/sparql", params={"query": ""}), 400, "no query")
    problem(client.post("/sparql", data={"on": "2022-01-10"}), 400, "no query")
    problem(client.get("/sparql?query=ASK{}&query=ASK{}"), 400, "one query")
    problem(
        client.post(
            "/sparql", content=b"\xff", headers={"Content-Type": "application/sparql-query"}
        ),
        400,
        "UTF-8",
    )
    problem(
        client.post("/sparql", content=b"{}", headers={"Content-Type": "application/json"}),
        415,
        "application/sparql-query",
    )
    problem(
        client.post(
            "/sparql",
            content=b"a" * (1 << 21),
            headers={"Content-Type": "application/sparql-query"},
        ),
        413,
    )
    problem(
        client.get("/sparql", params={"query": MEMBERS}, headers={"Accept": "image/png"}),
        406,
        "image/png",
        "text/csv",
    )
    problem(
        client.get("/sparql", params={"query": MEMBERS, "format": "turtle"}), 400, "turtle", "csv"
    )
    problem(
        client.get("/queries/crises/chain", headers={"Accept": "text/csv"}),
        400,
        "crisis",
    )
    problem(client.get("/queries/memberships/members-on?organization=CTSO&format=csv"), 400, "CSTO")
    problem(client.get("/queries/no/such"), 404, "/queries/")
    problem(client.get("/id/state/nowhere"), 404, "https://w3id.org/csto/id/state/nowhere")
    problem(client.get("/%F0%9F%A6%84/%3Cscript%3E"), 404)
    problem(client.get("/why?triple=nonsense"), 400, "N-Triples")
    problem(client.get("/static/none.css"), 404)


# What an endpoint that is read must never do ------------------------------------------------


def test_the_head_of_a_request_is_bounded(client: httpx.Client) -> None:
    """Whether its line or one header is too long, and however it arrives."""
    long = "SELECT ?s { ?s ?p ?o } LIMIT 1 #" + "x" * 60_000
    assert client.get("/sparql", params={"query": long}).status_code == 200
    address = client.base_url
    for head in ("GET /sparql?query=", "GET / HTTP/1.1\r\nHost: x\r\nX-Long: "):
        with socket.create_connection((address.host, address.port or 80), 20) as sent:
            sent.sendall(head.encode())
            with contextlib.suppress(OSError):
                for _ in range(40):
                    sent.sendall(b"x" * 10_000)
            assert sent.recv(1000).startswith(b"HTTP/1.1 400")
    assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:b> <a:c> <a:d> }",
        "PREFIX a: <a:> DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1/>",
        "# SELECT\nCLEAR ALL",
        "DROP GRAPH <https://w3id.org/csto/graph/asserted>",
    ],
)
def test_writing_is_refused(client: httpx.Client, text: str) -> None:
    before = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).json()
    problem(client.post("/sparql", data={"update": text}), 403, "read-only")
    direct = {"Content-Type": "application/sparql-update"}
    problem(client.post("/sparql", content=text.encode(), headers=direct), 403, "read-only")
    problem(client.get("/sparql", params={"query": text}), 403, "read-only")
    after = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).json()
    assert before == after


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/sparql", "/id/state/kazakhstan", "/"])
def test_writing_methods_are_refused(client: httpx.Client, method: str, path: str) -> None:
    reply = client.request(method, path)
    problem(reply, 405)
    assert "GET" in reply.headers["allow"]


def test_calls_to_other_servers_are_refused(client: httpx.Client) -> None:
    """However SERVICE is written, nothing comes out of the machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.3)
    to = f"<http://127.0.0.1:{listener.getsockname()[1]}/>"
    body = "{ ?a ?b ?c }"
    for text in (
        f"SELECT * WHERE {{ SERVICE {to} {body} }}",
        f"SELECT * WHERE {{ service silent {to} {body} }}",
        f"SELECT * WHERE {{ ?s ?p ?o.SERVICE {to} {body} }}",
        f"SELECT * WHERE {{ ?s ?p 1SERVICE{to}{body} }}",
        f"SELECT * WHERE {{ ?s ?p trueSERVICE {to} {body} }}",
        f"SELECT * WHERE {{ ?s ?p ?o FILTER(?o<2)SERVICE#>\n{to} {body} }}",
        f"SELECT * WHERE {{ ?s ?p ?o FILTER(?o<'#'&&?o>2)SERVICE#>\n#\n{to} {body} }}",
        f"SELECT * WHERE {{ ?s ?p ?o . \\u0053ERVICE {to} {body} }}",
        f"SELECT * WHERE {{ VALUES ?z {{ {to} }} SERVICE ?z {body} }}",
        f"PREFIX z: {to} SELECT * WHERE {{ SERVICE z: {body} }}",
        f"PREFIX z: {to} SELECT * WHERE {{ SERVICESILENTz: {body} }}",
    ):
        reply = client.get("/sparql", params={"query": text})
        assert 400 <= reply.status_code < 500, text
    problem(
        client.get("/sparql", params={"query": f"SELECT * FROM {to} WHERE {body}"}), 400, "FROM"
    )
    with pytest.raises(TimeoutError):
        listener.accept()
    listener.close()


def test_the_command_line_refuses_hidden_service_too(shipped: object) -> None:
    from csto.errors import InputError
    from csto.sparql.other_data import refuse_other_data

    with pytest.raises(InputError, match="SERVICE"):
        refuse_other_data("SELECT * WHERE { ?s ?p ?o.SERVICE <http://x/> { ?a ?b ?c } }")
    refuse_other_data(
        "SELECT ?service WHERE { ?s ex:service ?service FILTER(?x = 'military service') }"
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="seccomp is of Linux")
def test_a_worker_cannot_open_a_network_socket() -> None:
    code = (
        "import socket; from csto.serve.fence import deny_network\n"
        "assert deny_network()\n"
        "socket.socket(socket.AF_UNIX)\n"
        "for family in (socket.AF_INET, socket.AF_INET6):\n"
        "    try: socket.socket(family)\n"
        "    except PermissionError: continue\n"
        "    raise SystemExit('open')\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_graphs_of_the_protocol(client: httpx.Client) -> None:
    graph = "https://w3id.org/csto/graph/"
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?s csto:memberOf ?o }"

    def count(**given: object) -> int:
        reply = client.get("/sparql", params={"query": text, **given})  # type: ignore[dict-item]
        assert reply.status_code == 200, reply.text
        return int(reply.json()["results"]["bindings"][0]["n"]["value"])

    slice_ = "https://w3id.org/csto/slice/2005-06-01/certain"
    whole = [graph + "ontology", graph + "asserted", graph + "inferred", slice_]
    assert count(**{"default-graph-uri": whole}) == count(on="2005-06-01") > 0
    assert count(**{"default-graph-uri": [graph + "asserted"]}) == 0
    named = {"query": "ASK { GRAPH ?g { ?s csto:memberOf ?o } }", "named-graph-uri": slice_}
    assert client.get("/sparql", params=named).json()["boolean"] is True
    mixed = [slice_, slice_.replace("2005", "2022")]
    given = {"query": text, "default-graph-uri": mixed}
    problem(client.get("/sparql", params=given), 403, "several days")
    problem(
        client.get("/sparql", params={"query": text, "default-graph-uri": "http://x/"}),
        403,
        "no graph",
    )


# Limits ---------------------------------------------------------------------------------------


def test_a_slow_query_is_stopped_and_others_go_on(strict: httpx.Client) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(strict.get, "/sparql", params={"query": SLOW})
        # It waits for the one worker.
        quick = threads.submit(strict.get, "/sparql", params={"query": "ASK {}"})
        problem(slow.result(), 503, "stopped after 4 seconds")
        assert quick.result().json()["boolean"] is True
    assert time.monotonic() - began < 30


def test_many_rows_are_refused_not_cut_off(strict: httpx.Client) -> None:
    text = "SELECT ?s WHERE {{ ?s ?p ?o }} LIMIT {}"
    problem(strict.get("/sparql", params={"query": text.format(101)}), 403, "100 rows", "LIMIT")
    assert (
        len(strict.get("/sparql", params={"query": text.format(100)}).json()["results"]["bindings"])
        == 100
    )
    triples = "CONSTRUCT WHERE {{ ?s rdfs:label ?o }} LIMIT {}"
    problem(strict.get("/sparql", params={"query": triples.format(101)}), 403, "100 triples")


def test_memory_is_bounded() -> None:
    limits = ("--time-limit", "120", "--memory-limit", "64", "--workers", "1")
    process, address = start(*limits, words=("-w", str(ALLIANCE)))
    try:
        with httpx.Client(base_url=address, timeout=150) as client:
            problem(client.get("/sparql", params={"query": BIG}), 503, "memory")
            assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
    finally:
        stop(process)


def test_64_clients_at_once(client: httpx.Client, address: str) -> None:
    paths = [
        f"/sparql?query={quote(MEMBERS)}&on=2022-01-10",
        "/queries/memberships/members-on?organization=CSTO&on=2012-09-01&format=csv",
        "/id/state/kazakhstan?on=2022-01-10",
        "/id/body/ots?format=turtle",
    ]
    expected = [client.get(path).content for path in paths]
    gate = threading.Barrier(64)

    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    many = httpx.Client(base_url=address, timeout=120, limits=limits)

    def visit(number: int) -> list[bool]:
        gate.wait()
        # A question that nobody has asked yet, and four that everybody asks.
        fresh = many.get("/sparql", params={"query": f"SELECT (1 + {number} AS ?n) {{}}"})
        return [fresh.json()["results"]["bindings"][0]["n"]["value"] == str(number + 1)] + [
            many.get(paths[(number + step) % 4]).content == expected[(number + step) % 4]
            for step in range(4)
        ]

    with many, ThreadPoolExecutor(64) as threads:
        seen = list(threads.map(visit, range(64)))
    assert seen == [[True] * 5] * 64


# Description ----------------------------------------------------------------------------------


def test_the_service_describes_itself(client: httpx.Client, address: str) -> None:
    reply = client.get("/sparql?on=2022-01-10", headers={"Accept": "text/turtle"})
    store = Store()
    store.load(reply.content, format=RdfFormat.TURTLE)
    prefixes = {
        "sd": "http://www.w3.org/ns/sparql-service-description#",
        "void": "http://rdfs.org/ns/void#",
    }
    asked = store.query(
        """SELECT ?url ?n ?states ?possible WHERE {
          ?s a sd:Service ; sd:endpoint ?url ; sd:defaultDataset ?d .
          ?d sd:defaultGraph ?g ; void:classPartition ?p ; sd:namedGraph/sd:name ?possible .
          ?g void:triples ?n . ?possible void:triples ?m .
          ?p void:class <https://w3id.org/csto/ontology#State> ; void:entities ?states }""",
        prefixes=prefixes,
    )
    (row,) = asked
    assert row["url"].value == f"{address}sparql"
    count = """SELECT (COUNT(*) AS ?n)
        (SUM(IF(?p = rdf:type && ?o = csto:State, 1, 0)) AS ?states) WHERE { ?s ?p ?o }"""
    counted = client.get("/sparql", params={"query": count, "on": "2022-01-10"}).json()
    binding = counted["results"]["bindings"][0]
    assert int(binding["states"]["value"]) == int(row["states"].value) > 20
    assert int(row["n"].value) == int(binding["n"]["value"]) > 60_000
    assert row["possible"].value == "https://w3id.org/csto/slice/2022-01-10/possible"
    assert client.get("/.well-known/void").headers["location"] == "/sparql"
    assert client.get("/sparql").headers["content-type"] == "text/turtle; charset=utf-8"


# Pages ----------------------------------------------------------------------------------------

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_every_kind_of_iri_has_a_page(client: httpx.Client) -> None:
    home = outline(client.get("/", headers=BROWSER))
    kinds = {link.split("?")[0] for link in home.links if re.fullmatch(r"/id/[a-z-]+/", link)}
    assert len(kinds) > 30
    tried = ["/source/riac", "/source", "/concept", "/concept/status", "/concept/status/member"]
    tried += ["/ontology", "/ontology?at=memberOf", "/source/riac?at=s2.5-p2", "/graph"]
    tried += ["/slice/2022-01-10/certain"]
    for kind in sorted(kinds):
        listing = outline(client.get(kind, headers=BROWSER))
        there = (link for link in listing.links if link.startswith(kind))
        tried.append(next(link for link in there if not link.startswith(f"{kind}?")))
    for path in tried:
        page = outline(client.get(path, headers=BROWSER))
        assert "https://w3id.org/csto/" in page.text or path.count("/") == 1, path


def test_what_every_page_leads_to_is_there(client: httpx.Client) -> None:
    html = {"Accept": "text/html"}
    places = []
    for path in ("/", "/docs/"):
        page = client.get(path, headers=html).text
        # Kinds of things and guides are tested elsewhere.
        places += re.findall(r'href="(/(?:[a-z]+/?|docs/[a-z]+)?)"', page)
    assert {"/queries/", "/docs/rules", "/docs/checks"} <= set(places)
    for place in dict.fromkeys(places):
        assert client.get(place, headers=html).status_code == 200, place
    # The server is not told of the commands, so that it lists none.
    assert "/docs/commands" not in places


def test_a_page_links_what_it_says(client: httpx.Client) -> None:
    page = outline(client.get("/id/state/kazakhstan?on=2022-01-10", headers=BROWSER))
    assert "Kazakhstan in the CSTO" in page.text
    assert "/id/body/csto?on=2022-01-10" in page.links
    assert any(link.startswith("/source/riac?on=2022-01-10#s") for link in page.links)
    why = [link for link in page.links if link.startswith("/why?") and "memberOf" in link]
    proof = outline(client.get(next(w for w in why if "body%2Fcsto%3E" in w), headers=BROWSER))
    assert "asserted" in proof.text
    assert "Signature of the CSTO Charter" in proof.text
    assert any(link.startswith("/source/") and "#" in link for link in proof.links)
    assert "csto explain state:kazakhstan csto:memberOf body:csto --on 2022-01-10" in proof.text
    # What ended before the day is not there, and what is inferred for another day is not either.
    assert "/id/body/ots?on=2022-01-10" in page.links
    early = outline(client.get("/id/state/kazakhstan?on=2005-06-01", headers=BROWSER))
    assert "Kazakhstan in the OTS" not in early.text


def test_rival_claims_stand_side_by_side(client: httpx.Client) -> None:
    reply = client.get("/id/state/uzbekistan", headers=BROWSER)
    assert "Where sources differ" in outline(reply).text
    asked = reply.text[reply.text.index("Did Uzbekistan suspend or end its CSTO membership") :]
    first = asked[: asked.index("</section>")]
    assert first.count('class="side ') == 5
    assert first.count("✓ preferred") == 1


def test_a_thing_as_data(client: httpx.Client) -> None:
    counts = set()
    for media, how in FORMATS.items():
        reply = client.get("/id/body/ots?on=2022-01-10", headers={"Accept": media})
        assert reply.headers["content-type"].split(";")[0] == media
        counts.add(len({quad.triple for quad in parse(reply.content, format=how)}))
    assert len(counts) == 1
    ontology = client.get("/ontology", headers={"Accept": "text/turtle"})
    assert "https://w3id.org/csto/ontology#memberOf" in {
        quad.subject.value
        for quad in parse(ontology.content, format=RdfFormat.TURTLE)
        if hasattr(quad.subject, "value")
    }
    source = client.get("/source/riac?format=ntriples")
    assert "<https://w3id.org/csto/source/riac#s2.5-p2>" in source.text


def test_a_saved_query_has_an_address(client: httpx.Client) -> None:
    path = "/queries/memberships/members-on?organization=CSTO&on=2012-09-01"
    reply = client.get(path + "&format=csv")
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    rows = run_csto(
        "-q",
        "query",
        "memberships/members-on",
        "-p",
        "organization=CSTO",
        "--on",
        "2012-09-01",
        "-f",
        "csv",
    )
    assert reply.text.replace("\r\n", "\n") == rows.out
    page = outline(client.get(path, headers=BROWSER))
    link = next(link for link in page.links if "format=csv" in link)
    assert client.get(link).text == reply.text
    assert "possible" in page.text
    form = client.get("/queries/memberships/members-on", headers=BROWSER)
    assert 'value="body:csto"' in form.text
    outline(form)
    bad = client.get("/queries/memberships/members-on?organization=CTSO", headers=BROWSER)
    assert bad.status_code == 400
    assert "did you mean" in Outline(bad.text).text
    names = {
        entry["name"]
        for entry in client.get("/queries/", headers={"Accept": "application/json"}).json()
    }
    assert "votes/agreement-with" in names
    listed = outline(client.get("/queries/", headers=BROWSER))
    assert {f"/queries/{name}" for name in names} <= set(listed.links)


def test_an_answer_has_its_picture(client: httpx.Client) -> None:
    pytest.importorskip("vl_convert")
    reply = client.get("/queries/memberships/standing?on=2012-09-01", headers=BROWSER)
    assert reply.status_code == 200
    # Both widths; no style of its own, which the policy would drop.
    assert reply.text.count('class="csto-picture" role="img"') == 2
    assert "<style" not in reply.text
    assert 'href="/static/picture.css"' in reply.text
    colours = client.get("/static/picture.css")
    assert colours.headers["content-type"].startswith("text/css")
    assert ".csto-picture" in colours.text


def test_a_guide_has_its_pictures_and_nothing_beside_them(client: httpx.Client) -> None:
    page = client.get("/docs/guide/pictures", headers=BROWSER)
    drawn = re.findall(r'<img src="([^"]*)"', page.text)
    assert len(drawn) >= 5
    reply = client.get(drawn[0])
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("image/svg+xml")
    assert client.get("/static/docs/pictures/calls.yaml").status_code == 404
    assert client.get("/static/docs/index.md").status_code == 404


def test_the_query_page_answers_without_a_script(client: httpx.Client) -> None:
    form = client.get("/sparql", headers=BROWSER)
    outline(form)
    assert not re.search(
        r'(src|href)="https?://(?!creativecommons\.org)', form.text.split("<main")[0]
    )
    page = outline(
        client.get("/sparql", params={"query": MEMBERS, "on": "2022-01-10"}, headers=BROWSER)
    )
    assert "6 rows" in page.text
    permanent = next(
        link
        for link in page.links
        if link.startswith("/sparql?") and "format" not in link and "query" in link
    )
    assert "6 rows" in client.get(permanent, headers=BROWSER).text
    csv = next(link for link in page.links if "format=csv" in link)
    assert client.get(csv).text.startswith("s,l\r\n")
    taken = client.get("/sparql?example=votes/unanimous", headers=BROWSER)
    assert "csto:onResolution ?resolution" in outline(taken).text
    wrong = client.get("/sparql", params={"query": "SELECT ?x <b>"}, headers=BROWSER)
    assert wrong.status_code == 400
    assert "SELECT ?x &lt;b&gt;" in wrong.text
    assert "line 1" in Outline(wrong.text).text


def test_find_leads_to_the_thing(client: httpx.Client) -> None:
    reply = client.get("/find?text=CRRF&on=2022-01-10")
    assert reply.status_code == 303
    assert reply.headers["location"] == "/id/force/crrf?on=2022-01-10"
    script = client.get("/find?text=<script>alert(1)</script>")
    assert "<script>alert" not in script.text
    assert "&lt;script&gt;alert" in script.text
    unknown = client.get("/find?text=CTSO")
    assert unknown.status_code == 404
    assert "did you mean" in unknown.text


# The command ----------------------------------------------------------------------------------


def test_the_command_says_what_is_missing() -> None:
    hidden = (
        "import sys; sys.modules['uvicorn'] = None; sys.argv = ['csto', 'serve']\n"
        "from csto.cli.main import run; run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", hidden], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr
        == "csto: csto serve needs uvicorn, which is not installed: pip install 'csto[serve]'\n"
    )


def test_a_port_that_is_taken(address: str) -> None:
    port = address.rsplit(":", 1)[1].strip("/")
    done: Ran = run_csto("serve", "--port", port)
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert f"127.0.0.1:{port}" in done.err


def test_a_day_for_all_answers_and_nothing_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    day = ("--on", "2004-06-01", "--workers", "1")
    process, address = start(*day, words=("-w", str(ALLIANCE)))
    try:
        reply = httpx.get(
            address + "sparql",
            # It left in 2005.
            params={"query": "ASK { state:uzbekistan csto:memberOf body:guam }"},
            timeout=60,
        )
        assert reply.headers["csto-on"] == "2004-06-01"
        assert json.loads(reply.text)["boolean"] is True
        assert list(tmp_path.glob("csto-serve-*"))
    finally:
        stop(process)
    assert process.returncode == 128 + signal.SIGTERM
    assert list(tmp_path.glob("csto-serve-*")) == []
