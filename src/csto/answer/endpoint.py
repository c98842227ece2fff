"""Any server that speaks SPARQL 1.1 Protocol: queries over graphs named in the request.

The engine of a user may join all graphs into one default graph, which makes timeless
nonsense of slices. So each request names its graphs: ``default-graph-uri`` for what is
certain on the day, ``named-graph-uri`` for what is possible.
"""

from __future__ import annotations

import os
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import (
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    parse_query_results,
)

from csto import __version__
from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.load.formats import BY_MEDIA_TYPE
from csto.sparql.other_data import refuse_other_data, words
from csto.sparql.text import Answer
from csto.vocabulary import CERTAIN, OPEN, POSSIBLE, WELL_KNOWN, slice_graph

_GRAPHS = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.5"


def credentials(user: str | None) -> tuple[str, str] | None:
    """Name and password from ``NAME:PASSWORD``, else ``CSTO_USER`` and ``CSTO_PASSWORD``.

    A name alone takes the password from ``CSTO_PASSWORD``, which no list of processes shows.

    Raises:
        InputError: if a name has no password.
    """
    text = user if user is not None else os.environ.get("CSTO_USER")
    if text is None:
        return None
    name, colon, password = text.partition(":")
    if not colon:
        given = os.environ.get("CSTO_PASSWORD")
        if given is None:
            raise InputError(
                f"no password for {name}: set CSTO_PASSWORD or give --user NAME:PASSWORD"
            )
        password = given
    return name, password


@dataclass
class Reply:
    """An answer over HTTP, read to its end."""

    body: bytes
    type: str
    server: str


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Digest that answers the last challenge at once.

    A server that says no before it has read a long body breaks the connection, so only the
    first request, which is short, waits to be asked.
    """

    _challenge: dict[str, str] | None = None

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        if self._challenge is not None:
            said = self.get_authorization(request, self._challenge)
            request.add_unredirected_header(self.auth_header, f"Digest {said}")
        return request

    https_request = http_request

    def retry_http_digest_auth(self, req: urllib.request.Request, auth: str) -> Any:
        self._challenge = None
        reply = super().retry_http_digest_auth(req, auth)
        parts = urllib.request.parse_http_list(auth.partition(" ")[2])
        self._challenge = urllib.request.parse_keqv_list([part for part in parts if part])
        return reply


class _Basic(urllib.request.HTTPBasicAuthHandler):
    """Basic that is sent at once when the server has asked for it."""

    _login: str | None = None

    def http_request(self, req: urllib.request.Request) -> urllib.request.Request:
        if self._login is not None:
            req.add_unredirected_header(self.auth_header, self._login)
        return req

    https_request = http_request

    def retry_http_basic_auth(self, host: str, req: urllib.request.Request, realm: str) -> Any:
        reply = super().retry_http_basic_auth(host, req, realm)
        self._login = req.get_header(self.auth_header)
        return reply


@dataclass
class Server:
    """A server, with its credentials; basic and digest, as it asks for.

    Args:
        url: where it answers queries.
        login: name and password, if it needs them.
        timeout: seconds without a byte until it counts as dead.

    ``name`` is what the server calls itself, in lower case, once it has answered.
    """

    url: str
    login: tuple[str, str] | None = None
    timeout: float = 600.0
    name: str = field(default="", init=False)
    _opener: urllib.request.OpenerDirector = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if urllib.parse.urlsplit(self.url).scheme not in ("http", "https"):
            raise InputError(f"{self.url}: an engine is the http or https address of its endpoint")
        handlers: list[urllib.request.BaseHandler] = []
        if self.login:
            passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
            parts = urllib.parse.urlsplit(self.url)
            passwords.add_password(None, f"{parts.scheme}://{parts.netloc}/", *self.login)
            handlers = [
                _Digest(passwords),
                _Basic(passwords),
            ]
        self._opener = urllib.request.build_opener(*handlers)

    def send(
        self, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Reply:
        """One request.

        Raises:
            InputError: if the server cannot be reached or says no; with what it says.
        """
        request = urllib.request.Request(url, data=body, method=method)
        request.add_header("User-Agent", f"csto/{__version__}")
        for name, value in headers.items():
            request.add_header(name, value)
        try:
            with self._opener.open(request, timeout=self.timeout) as reply:
                answer = _read(reply)
                self.name = answer.server.lower() or self.name
                return answer
        except urllib.error.HTTPError as error:
            said = " ".join(_read(error).body.decode(errors="replace").split())[:400]
            hint = "; give --user NAME:PASSWORD" if error.code == 401 else ""
            raise InputError(f"{url}: {error.code} {error.reason}: {said or '-'}{hint}") from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise InputError(f"{url}: cannot be reached ({reason})") from error

    def query(
        self, text: str, default: Sequence[NamedNode], named: Sequence[NamedNode] = ()
    ) -> Answer:
        """Answer a query over the graphs that are named.

        Raises:
            InputError: if the server cannot be reached, refuses, or answers in no known form.
        """
        fields = [("query", text)]
        fields += [("default-graph-uri", graph.value) for graph in default]
        fields += [("named-graph-uri", graph.value) for graph in named]
        makes_rows = form(text) in ("SELECT", "ASK")
        reply = self.send(
            "POST",
            self.url,
            urllib.parse.urlencode(fields).encode(),
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/sparql-results+json" if makes_rows else _GRAPHS,
            },
        )
        try:
            if makes_rows:
                parsed = parse_query_results(reply.body, format=QueryResultsFormat.JSON)
                if form(text) == "ASK" and isinstance(parsed, QuerySolutions):
                    # Virtuoso 7 answers ASK with a row, or none, in place of a boolean.
                    yes = any(row[0] is not None and row[0].value != "0" for row in parsed)
                    return Store().query("ASK {}" if yes else "ASK { FILTER(false) }")
                return parsed
            store = Store()
            store.load(reply.body, format=BY_MEDIA_TYPE[reply.type].rdf)
        except (SyntaxError, ValueError, KeyError) as error:
            raise InputError(f"{self.url}: the answer is of type {reply.type}: {error}") from error
        return store.query("CONSTRUCT WHERE { ?s ?p ?o }")

    def holds(self, graph: NamedNode) -> bool:
        """Whether a graph is there and not empty."""
        return bool(self.query("ASK WHERE { ?s ?p ?o }", [graph]))

    def count(self, graph: NamedNode) -> int:
        """Number of triples of a graph."""
        rows: Any = self.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", [graph])
        return int(next(iter(rows))["n"].value)

    def run(self, text: str, day: str, prefixes: Mapping[str, str]) -> Answer:
        """Answer a query as of a day, over the graphs that ``csto push`` has laid there.

        Raises:
            InputError: if the slices of the day were never pushed, with the command for it.
        """
        certain, *wider = (slice_graph(day, width) for width in (CERTAIN, POSSIBLE, OPEN))
        if not self.holds(certain):
            who = f" --user {self.login[0]}" if self.login else ""
            raise InputError(
                f"{self.url} has no slice of {day}; push it: csto push {self.url} --on {day}{who}"
            )
        return self.query(declare(text, prefixes), [*TIMELESS, certain], wider)


def _read(reply: Any) -> Reply:
    kind = str(reply.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
    return Reply(reply.read(), kind, str(reply.headers.get("Server", "")))


def ask(
    dataset: Dataset, text: str, day: str, url: str, user: str | None, name: str = "query"
) -> Answer:
    """Have a server answer a query as of a day, with the prefixes of the graph here.

    Raises:
        InputError: if the query asks for other data, or the server cannot answer it.
    """
    refuse_other_data(text, name)
    return Server(url, credentials(user)).run(text, day, {**dataset.prefixes, **WELL_KNOWN})


def form(text: str) -> str:
    """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``; empty if the text has none."""
    forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    return next((word for word in words(text) if word in forms), "")


def declare(text: str, prefixes: Mapping[str, str]) -> str:
    """A query with the prefixes that it uses and does not declare itself."""
    own = set(re.findall(r"\bPREFIX\s+([\w-]*):", text, re.IGNORECASE))
    used = set(re.findall(r"(?<![\w<?$:/-])([A-Za-z][\w-]*):(?!//)", text))
    missing = sorted((used - own) & set(prefixes))
    return "".join(f"PREFIX {name}: <{prefixes[name]}>\n" for name in missing) + text


__all__ = ["Reply", "Server", "ask", "credentials", "declare", "form"]
