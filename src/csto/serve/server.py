"""Run the application under uvicorn."""

from __future__ import annotations

import asyncio
import signal
import socket
import tempfile
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from csto.errors import InputError
from csto.load.workspace import Workspace
from csto.serve.app import make_app
from csto.serve.pool import Limits, Pool

# Bytes of a request before its body: the line of a request may hold a long query.
HEAD = 1 << 17


class _Protocol(HttpToolsProtocol):
    """HTTP with a bound to what a client may send before the body; the library sets none."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._head: int | None = 0

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            self._head += len(data)
            if self._head > HEAD:
                self.send_400_response(f"a request has at most {HEAD} bytes before its body")
                return
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._head = 0
        super().on_message_complete()


def serve(
    workspace: Workspace,
    *,
    host: str,
    port: int,
    on: str | None,
    limits: Limits,
    root_path: str,
    say: Callable[[str], None],
) -> None:
    """Serve until the process is told to stop.

    Raises:
        InputError: if the port cannot be had or the workspace cannot be read.
    """
    # uvicorn ends the process by the signal that it got: what is open is closed first.
    signal.signal(signal.SIGTERM, _end)
    with tempfile.TemporaryDirectory(prefix="csto-serve-") as spool:
        pool = Pool(workspace.root, on, limits, spool)
        with asyncio.Runner(loop_factory=_loops()) as runner:
            runner.run(_run(pool, host, port, root_path, say))


def _end(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def _loops() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's loop, which takes half of the time; the plain one where there is none (Windows)."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _run(
    pool: Pool, host: str, port: int, root_path: str, say: Callable[[str], None]
) -> None:
    listener = _listen(host, port)
    await pool.start()
    try:
        config = uvicorn.Config(
            make_app(pool),
            log_level="warning",
            root_path=root_path.rstrip("/"),
            server_header=False,
            timeout_graceful_shutdown=5,
            # Connections beyond this get 503 at once: each takes a file of the process.
            limit_concurrency=800,
            http=_Protocol,
        )
        at = listener.getsockname()
        name = f"[{at[0]}]" if ":" in at[0] else at[0]
        say(f"serving http://{name}:{at[1]}{root_path.rstrip('/')}/ — Ctrl+C stops")
        if not pool.hello["fenced"]:
            say("this system has no filter for sockets; SERVICE is refused by its text only")
        await uvicorn.Server(config).serve(sockets=[listener])
    finally:
        await pool.close()
        listener.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        raise InputError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; --port asks for another"
        ) from error
    return listener
