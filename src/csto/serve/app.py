"""The web application: it speaks HTTP and hands every job to a worker."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from csto.load.workspace import find_workspace
from csto.publish.pages.guides import drawings
from csto.publish.pages.page import assets
from csto.publish.pictures.render import style
from csto.serve.media import GRAPHS, HTML, negotiate
from csto.serve.pool import Pool

# A query and its parameters; nothing else is ever sent here.
BODY = 1 << 20
_READS = ("GET", "HEAD")
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)

Endpoint = Callable[[Request], Awaitable[Response]]


def make_app(pool: Pool) -> Starlette:
    """The application over a pool of workers, which it starts and ends."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await pool.close()

    site = _Endpoints(pool)
    return Starlette(
        routes=[
            _route("/", site.home),
            _route("/find", site.find),
            _route("/why", site.why),
            _route("/sparql", site.sparql, "POST"),
            _route("/queries", site.queries),
            _route("/queries/", site.queries),
            _route("/queries/{name:path}", site.saved),
            _route("/.well-known/void", site.well_known),
            _route("/data/atlas.js", site.atlas),
            Route("/static/picture.css", _colours),
            Route("/static/docs/{name:path}", _drawing(drawings(find_workspace(pool.workspace)))),
            Mount("/static", StaticFiles(packages=_static())),
            _route("/{path:path}", site.page),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
                allow_headers=["*"],
                expose_headers=["CSTO-On"],
                max_age=86400,
            ),
            # What goes in a packet or two is not made quicker by being made smaller.
            Middleware(GZipMiddleware, minimum_size=4096, compresslevel=5),
        ],
        exception_handlers={HTTPException: _failed},
        lifespan=lifespan,
    )


async def _colours(_: Request) -> Response:
    """The colours of pictures in the dark, which the policy does not let stand in a page."""
    return Response(style(), media_type="text/css")


def _drawing(drawn: Mapping[str, Path]) -> Endpoint:
    """The pictures of guides, and no other file beside them."""

    async def handle(request: Request) -> Response:
        path = drawn.get(request.path_params["name"])
        if path is None or not path.is_file():
            raise HTTPException(404, "there is no such picture")
        return FileResponse(path)

    return handle


def _static() -> list[str | tuple[str, str]]:
    """Folders of files that pages load: ours, and what is built from npm where it is."""
    folders = ("static", "assets") if assets() else ("static",)
    return [("csto.publish.pages", folder) for folder in folders]


def _route(path: str, endpoint: Endpoint, *more: str) -> Route:
    methods = [*_READS, *more, "OPTIONS"]

    async def handle(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(methods)})
        return await endpoint(request)

    return Route(path, handle, methods=methods)


async def _failed(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(f"{error.detail}\n", error.status_code, headers=error.headers)


class _Endpoints:
    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    async def home(self, request: Request) -> Response:
        return await self._do(request, "home")

    async def atlas(self, request: Request) -> Response:
        return await self._do(request, "atlas")

    async def find(self, request: Request) -> Response:
        text = request.query_params.get("text", "").strip()
        if not text:
            return RedirectResponse(_root(request) + "/", 303)
        return await self._do(request, "find", text=text)

    async def why(self, request: Request) -> Response:
        return await self._do(request, "why", triple=request.query_params.get("triple", ""))

    async def queries(self, request: Request) -> Response:
        return await self._do(request, "saved_list", accept=_accept(request))

    async def saved(self, request: Request) -> Response:
        params = dict(request.query_params)
        for name in ("on", "format"):
            params.pop(name, None)
        name = request.path_params["name"].rstrip("/")
        return await self._do(request, "saved", name=name, params=params, **_form(request))

    async def page(self, request: Request) -> Response:
        path = request.path_params["path"].rstrip("/")
        at = request.query_params.get("at")
        return await self._do(request, "page", path=path, at=at, **_form(request))

    async def well_known(self, request: Request) -> Response:
        # The place where VoID says that a description is looked for.
        return RedirectResponse(_root(request) + "/sparql", 303)

    async def sparql(self, request: Request) -> Response:
        """SPARQL 1.1 Protocol: query by GET, by POST of a form, by POST of the query itself."""
        pairs = list(request.query_params.multi_items())
        if request.method == "POST":
            pairs += await _posted(request)
        given: dict[str, list[str]] = {}
        for name, value in pairs:
            given.setdefault(name, []).append(value)
        if "update" in given:
            raise HTTPException(403, "updates are refused: this endpoint is read-only")
        asked = [text for text in given.get("query", ()) if text.strip()]
        if len(given.get("query", ())) > 1:
            raise HTTPException(400, "give one query, not several")
        on, key = (given.get(name, [None])[-1] for name in ("on", "format"))
        accept = _accept(request)
        if asked:
            return await self._send(
                request,
                "query",
                query=asked[0],
                on=on,
                accept=accept,
                format=key,
                default=given.get("default-graph-uri", []),
                named=given.get("named-graph-uri", []),
                root=_root(request),
                method=request.method,
            )
        if request.method == "POST" or "query" in given:
            raise HTTPException(400, "there is no query in this request")
        rdf = [media for media in GRAPHS if media is not HTML]
        wants_page = key in (None, "html") and negotiate(accept, [*rdf, HTML]) is HTML
        if wants_page or "example" in given:
            example = given.get("example", [""])[-1]
            return await self._send(request, "form", on=on, root=_root(request), example=example)
        endpoint = str(request.url.replace(query="", fragment=""))
        return await self._send(
            request, "describe", endpoint=endpoint, on=on, accept=accept, format=key
        )

    async def _do(self, request: Request, job: str, **fields: Any) -> Response:
        on = request.query_params.get("on")
        return await self._send(request, job, on=on, root=_root(request), **fields)

    async def _send(self, request: Request, job: str, **fields: Any) -> Response:
        answer = await self.pool.ask({"do": job, **fields})
        headers = {"Vary": "Accept", "X-Content-Type-Options": "nosniff", **answer.headers}
        if answer.type.startswith(HTML.type):
            headers["Content-Security-Policy"] = _POLICY
            headers["Referrer-Policy"] = "same-origin"
        headers["Content-Type"] = answer.type
        if answer.file is not None:
            path = Path(answer.file)
            done = BackgroundTask(path.unlink, missing_ok=True)
            return FileResponse(path, answer.status, headers, background=done)
        return Response(answer.body, answer.status, headers)


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/")


def _accept(request: Request) -> str | None:
    return ", ".join(request.headers.getlist("accept")) or None


def _form(request: Request) -> dict[str, str | None]:
    return {"accept": _accept(request), "format": request.query_params.get("format")}


async def _posted(request: Request) -> list[tuple[str, str]]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/sparql-update":
        raise HTTPException(403, "updates are refused: this endpoint is read-only")
    if kind not in ("application/x-www-form-urlencoded", "application/sparql-query"):
        raise HTTPException(
            415, "send application/x-www-form-urlencoded or application/sparql-query"
        )
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY:
            raise HTTPException(413, f"a query has at most {BODY} bytes")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise HTTPException(400, "the query is not UTF-8") from error
    if kind == "application/sparql-query":
        return [("query", text)]
    return parse_qsl(text, keep_blank_values=True)
