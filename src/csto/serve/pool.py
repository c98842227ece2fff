"""Worker processes, each of which may be killed without harm to the others.

The engine cannot stop a query once it runs, and a query may ask for more memory than
there is. Both end with the process that runs it: the server kills a worker at the time
limit, and the system ends one at the memory limit. Another takes its place.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from csto.errors import InputError

# Longest line of JSON between server and worker, in bytes; a query may be this long.
LINE = 4 << 20
# Bytes of answers that are kept to be given again.
KEPT = 32 << 20


@dataclass(frozen=True)
class Limits:
    """What one request may use.

    ``seconds`` of working time, ``rows`` (or triples) of an answer, ``memory`` in bytes
    that a worker may grow by; ``waiting`` requests may queue for a worker, each for at
    most ``patience`` seconds.
    """

    workers: int = 2
    seconds: float = 30.0
    rows: int = 100_000
    memory: int = 1 << 30
    waiting: int = 512
    patience: float = 120.0


def processors() -> int:
    """Processors this process may use, at least two, so that one slow query blocks nobody."""
    try:
        return max(2, len(os.sched_getaffinity(0)))
    except AttributeError:
        return max(2, os.cpu_count() or 2)


@dataclass
class Answer:
    """The head of a worker's reply, and its body or the file that holds it."""

    status: int
    type: str
    body: bytes = b""
    file: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class _Worker:
    process: asyncio.subprocess.Process
    hello: dict[str, Any]


class Pool:
    """A fixed number of workers and the queue before them."""

    def __init__(self, workspace: Path | None, on: str | None, limits: Limits, spool: str) -> None:
        self.limits = limits
        self.workspace = workspace
        self._settings = {
            "workspace": None if workspace is None else str(workspace),
            "on": on,
            "rows": limits.rows,
            "memory": limits.memory,
            "spool": spool,
        }
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._all: set[_Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._closed = False
        self._kept: OrderedDict[bytes, Answer] = OrderedDict()
        self._kept_bytes = 0
        self.hello: dict[str, Any] = {}

    async def start(self) -> None:
        """Start the first worker, which fills the cache, and then the others.

        Raises:
            InputError: if the workspace cannot be read.
        """
        first = await self._spawn()
        self._idle.put_nowait(first)
        for worker in await asyncio.gather(*(self._spawn() for _ in range(1, self.limits.workers))):
            self._idle.put_nowait(worker)

    async def close(self) -> None:
        """End all workers."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        for worker in list(self._all):
            await self._end(worker)

    async def ask(self, job: dict[str, Any]) -> Answer:
        """Have a worker do a job."""
        line = json.dumps(job).encode() + b"\n"
        if len(line) > LINE:
            return _problem(413, "this request is too long")
        if line in self._kept:
            self._kept.move_to_end(line)
            return self._kept[line]
        if self._waiting >= self.limits.waiting:
            return _problem(503, "too many requests are waiting; try again", {"Retry-After": "5"})
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.patience):
                worker = await self._idle.get()
        except TimeoutError:
            return _problem(503, "the server is busy; try again", {"Retry-After": "5"})
        finally:
            self._waiting -= 1
        keep = False
        try:
            async with asyncio.timeout(self.limits.seconds):
                answer, keep = await self._talk(worker, line)
            keep = keep and worker.hello["key"] == self.hello["key"]
            if keep and answer.status == 200 and answer.file is None:
                self._remember(line, answer)
            return answer
        except TimeoutError:
            return _problem(
                503, f"stopped after {self.limits.seconds:g} seconds; ask for less, or use LIMIT"
            )
        except (OSError, EOFError, ValueError):
            return _problem(503, "this answer needs more memory than is allowed; ask for less")
        finally:
            if keep:
                self._idle.put_nowait(worker)
            else:
                self._replace(worker)

    def _remember(self, line: bytes, answer: Answer) -> None:
        """Keep an answer: the graph does not change, so it stays right."""
        size = len(line) + len(answer.body)
        if size > KEPT // 16 or line in self._kept:
            return
        self._kept[line] = answer
        self._kept_bytes += size
        while self._kept_bytes > KEPT:
            old, forgotten = self._kept.popitem(last=False)
            self._kept_bytes -= len(old) + len(forgotten.body)

    async def _talk(self, worker: _Worker, line: bytes) -> tuple[Answer, bool]:
        assert worker.process.stdin is not None
        worker.process.stdin.write(line)
        await worker.process.stdin.drain()
        head, body = await _read(worker.process)
        answer = Answer(head["status"], head["type"], body, head.get("file"), dict(head["headers"]))
        return answer, not head.get("retire")

    def _replace(self, worker: _Worker) -> None:
        if self._closed:
            return
        task = asyncio.get_running_loop().create_task(self._renew(worker))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _renew(self, worker: _Worker) -> None:
        await self._end(worker)
        while True:
            try:
                self._idle.put_nowait(await self._spawn())
                return
            except InputError as error:
                print(f"csto serve: a worker did not start: {error}", file=sys.stderr, flush=True)
                await asyncio.sleep(2)

    async def _end(self, worker: _Worker) -> None:
        self._all.discard(worker)
        with contextlib.suppress(ProcessLookupError):
            worker.process.kill()
        await worker.process.wait()

    async def _spawn(self) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "csto.serve.worker",
            json.dumps(self._settings),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE,
            env={**os.environ, "RUST_BACKTRACE": "0"},
            # A signal for the server's terminal is the server's to act on.
            start_new_session=os.name == "posix",
        )
        worker = _Worker(process, {})
        self._all.add(worker)
        try:
            head, body = await _read(process)
        except (EOFError, ValueError) as error:
            await self._end(worker)
            raise InputError("a worker process ended before it was ready") from error
        if head["status"] != 200:
            await self._end(worker)
            raise InputError(body.decode())
        worker.hello = json.loads(body)
        if worker.hello["key"] != self.hello.get("key"):
            # The workspace has changed: workers of the old graph go when they are next used.
            self.hello = worker.hello
            self._kept.clear()
            self._kept_bytes = 0
        return worker


async def _read(process: asyncio.subprocess.Process) -> tuple[dict[str, Any], bytes]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    head: dict[str, Any] = json.loads(line)
    body = b"" if head.get("file") else await process.stdout.readexactly(head["length"])
    return head, body


def _problem(status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, "text/plain; charset=utf-8", f"{message}\n".encode(), None, headers or {})
