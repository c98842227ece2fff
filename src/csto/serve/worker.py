"""A worker process: it holds the graph, and answers one job at a time over its pipes.

A job is a line of JSON on standard input; the answer is a line of JSON with the
status and the length of the body on standard output, and then the body. A large
body goes into a file instead, so that a slow client holds no worker.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from csto.errors import InputError
from csto.graph.build import build
from csto.load.workspace import find_workspace
from csto.serve import describe, fence, pages, queries
from csto.serve.reply import RefusalError, Reply
from csto.serve.site import Site

# A body above this many bytes goes into a file.
INLINE = 1 << 20
# Memory that the drawing of pictures may need, in bytes: the engine of Vega takes much at once,
# and ends the process where it is refused.
DRAWING = 1 << 30
# Days whose slices one worker may hold; after that it is replaced by a fresh one. Each makes
# a query over slices dearer, whatever its day: with fifty it takes about twice as long.
DAYS = 50


def main() -> None:
    """Serve jobs from standard input until it ends."""
    settings = json.loads(sys.argv[1])
    out = os.fdopen(os.dup(1), "wb")
    # Nothing else may write between the answers.
    os.dup2(2, 1)
    workspace = settings["workspace"]
    try:
        dataset = build(find_workspace(None if workspace is None else Path(workspace))).hold()
        # Whoever asks here may ask for anything, by any name.
        dataset.make_asked()
        site = Site(dataset, settings["rows"], settings["on"], settings["memory"] >= DRAWING)
        jobs = jobs_over(site)
        # The day that most requests are for, before the limits: it belongs to the graph.
        dataset.cut(site.day(None))
    except InputError as error:
        _send(out, Reply(str(error).encode(), "text/plain", 500), settings["spool"])
        return
    fence.limit_memory(settings["memory"])
    fenced = fence.deny_network()
    hello = {"cut_off": dataset.cut_off, "key": dataset.key, "fenced": fenced}
    _send(out, Reply(json.dumps(hello).encode(), "application/json"), settings["spool"])
    start = fence.resident()
    for line in sys.stdin.buffer:
        reply = answer_job(jobs, json.loads(line))
        tired = len(site.days) > DAYS or fence.resident() > start + settings["memory"] // 2
        # What went wrong once (a cache that was damaged) is not to go wrong again.
        tired = tired or reply.status == 500
        _send(out, reply, settings["spool"], retire=tired)


def jobs_over(site: Site) -> dict[str, Callable[..., Reply]]:
    """The jobs by name, over one site."""
    return {
        name: partial(job, site)
        for module in (describe, pages, queries)
        for name, job in module.JOBS.items()
    }


def answer_job(jobs: dict[str, Callable[..., Reply]], job: dict[str, Any]) -> Reply:
    """Do a job; whatever goes wrong becomes a reply."""
    try:
        return jobs[job.pop("do")](**job)
    except RefusalError as error:
        return problem(error.status, error.message)
    except InputError as error:
        return problem(400, str(error))
    except MemoryError:
        return problem(503, "this answer needs more memory than is allowed")
    except Exception as error:
        print(f"csto serve: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return problem(500, f"internal error: {type(error).__name__}")


def problem(status: int, message: str) -> Reply:
    """An error as one line of plain text."""
    return Reply(f"{message}\n".encode(), "text/plain; charset=utf-8", status)


def _send(out: Any, reply: Reply, spool: str, **more: object) -> None:
    if len(reply.body) > INLINE:
        with tempfile.NamedTemporaryFile(dir=spool, delete=False) as file:
            file.write(reply.body)
        out.write(reply.head(file=file.name, **more) + b"\n")
    else:
        out.write(reply.head(**more) + b"\n" + reply.body)
    out.flush()


if __name__ == "__main__":
    main()

__all__ = ["answer_job", "jobs_over", "main", "problem"]
