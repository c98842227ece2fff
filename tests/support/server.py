"""csto serve in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading


def start(*options: str, words: tuple[str, ...] = ()) -> tuple[subprocess.Popen[str], str]:
    """A server on a free port, and its address; ``words`` stand before ``serve``."""
    process = subprocess.Popen(
        [sys.executable, "-m", "csto", *words, "serve", "--port", "0", *options],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"http://\S+", line):
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return process, found[0]
    raise AssertionError(f"the server did not start, exit code {process.wait()}")


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(20)
