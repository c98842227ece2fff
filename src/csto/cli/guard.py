"""A command runs in a process of its own, so that nothing it meets can end badly.

What Oxigraph computes cannot be interrupted from Python: a query that never ends would
neither heed Ctrl-C nor a clock, and a crash of native code would be told by the shell
alone. So the first process only watches: it forks, the second does the work and says
over a pipe how long it may take. Forking before anything is imported costs a millisecond.
"""

from __future__ import annotations

import atexit
import gc
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn, TextIO

from csto.errors import EXIT_INPUT, EXIT_INTERNAL

# Seconds that a command has to end by itself after Ctrl-C.
GRACE = 0.5
# Memory that a command may ask for, in gigabytes; CSTO_MEMORY sets another number.
MEMORY = 8.0
# Seconds without an answer after which a terminal is told what takes so long.
PATIENCE = 2.0
_CLEAR = b"\r\x1b[K"
_CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)

_pipe: int | None = None
_spared: list[object] = []


def allow(seconds: float | None) -> None:
    """Let this command go on for so many seconds from now; ``None`` or 0 is no limit."""
    if _pipe is not None and seconds:
        os.write(_pipe, f"{seconds}\n".encode())


def lift() -> None:
    """No limit any more: the answer is out, and what is left is for the next command."""
    if _pipe is not None:
        os.write(_pipe, b"0\n")


def tell(what: str) -> None:
    """Say on a terminal, once it has taken a while, what this command is at."""
    if _pipe is not None and sys.stderr.isatty():
        os.write(_pipe, f"at {what}\n".encode())


class Bar:
    """One line for all steps of a command: how far it is, and at what.

    Args:
        steps: how many there will be.
    """

    WIDTH = 20

    def __init__(self, steps: int) -> None:
        self.steps, self.done = steps, 0

    def within(self, part: str) -> Callable[[str], None]:
        """Tells of the steps of a part of the work, each before it is done."""

        def step(what: str) -> None:
            full = self.WIDTH * self.done // self.steps
            shown = "█" * full + "░" * (self.WIDTH - full)
            tell(f"{shown} {100 * self.done // self.steps} % {part}: {what}")
            self.done += 1

        return step


def hush() -> None:
    """Say no more of what this command is at: its answer comes."""
    if _pipe is not None and sys.stderr.isatty():
        os.write(_pipe, b"at\n")
        os.write(2, _CLEAR)


def hush_at_output() -> None:
    """Have the first thing that is written end what is said of the work."""
    if _pipe is None or not sys.stderr.isatty():
        return
    for stream in (sys.stdout, sys.stderr):

        def write(text: str, stream: TextIO = stream, plain: Any = stream.write) -> int:
            hush()
            stream.write = plain  # type: ignore[method-assign]
            return int(plain(text))

        stream.write = write  # type: ignore[method-assign]


def guarded(command: Callable[[], None]) -> None:
    """Run a command in a process of its own, watch it, and end as it ends.

    Exit codes: those of the command; 2 if it took too long or too much memory; 3 if
    native code crashed; 130 after Ctrl-C.
    """
    global _pipe
    reads, writes = os.pipe()
    watcher = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(reads)
        os.set_inheritable(writes, False)
        _pipe = writes
        _end_with(watcher)
        _limit_memory()
        _end_at_once(command)
    os.close(writes)
    _watch(child, reads)


def collect_no_more() -> None:
    """Look for no garbage among millions of terms, since this process ends with this command."""
    if _pipe is not None:
        gc.disable()


def spare(thing: object) -> None:
    """Keep what need not be freed for the same reason."""
    if _pipe is not None:
        _spared.append(thing)


def _end_at_once(command: Callable[[], None]) -> NoReturn:
    """Run a command and end, without freeing millions of terms one by one."""
    code: Any = 0
    try:
        command()
    except SystemExit as end:
        code = end.code
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def _watch(child: int, reads: int) -> NoReturn:
    interrupted: list[float] = []

    def pass_on(number: int, _frame: object) -> None:
        interrupted.append(time.monotonic())
        # A terminal tells both processes; a plain kill tells only this one.
        os.kill(child, number)

    # A signal ends the wait for the pipe.
    wakes, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGINT, lambda *_: interrupted.append(time.monotonic()))
    signal.signal(signal.SIGTERM, pass_on)
    began, limit, text = time.monotonic(), None, b""
    # What is said on a terminal, since when the command is at it, and when to say it next.
    at, since = "working" if os.isatty(2) else "", began
    next_word = began + PATIENCE
    while True:
        ends = [began + limit] if limit is not None else []
        ends += [next_word] if at else []
        ends += [interrupted[0] + GRACE] if interrupted else []
        wait = max(0.0, min(ends) - time.monotonic()) if ends else None
        ready = select.select([reads, wakes], [], [], wait)[0]
        if wakes in ready:
            os.read(wakes, 64)
        elif ready:
            read = os.read(reads, 64)
            if not read:
                break
            *lines, text = (text + read).split(b"\n")
            for line in lines:
                word, _, what = line.decode(errors="replace").partition(" ")
                if word == "at":
                    if what and not at:
                        since, next_word = time.monotonic(), time.monotonic() + PATIENCE
                    at = what
                else:
                    limit, began = float(word) or None, time.monotonic()
        elif at and time.monotonic() >= next_word and next_word == min(ends):
            os.write(2, _CLEAR + f"csto: {at}, {time.monotonic() - since:.0f} s".encode())
            next_word += 1.0
        elif ends and time.monotonic() >= min(ends):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            if at:
                os.write(2, _CLEAR)
            if interrupted:
                os._exit(130)
            _say(
                f"this took longer than {limit:g} seconds and was ended; "
                "ask for less, or give more time with --timeout SECONDS"
            )
            os._exit(EXIT_INPUT)
    _, status = os.waitpid(child, 0)
    if at:
        os.write(2, _CLEAR)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if interrupted:
            os._exit(130)
        if number in _CRASHES:
            name = signal.Signals(number).name
            _say(
                f"internal error: native code ended with {name}, for want of memory or for a fault"
                " of its own; nothing was written (please report it)"
            )
            os._exit(EXIT_INTERNAL)
        os._exit(128 + number)
    os._exit(os.WEXITSTATUS(status))


def _say(text: str) -> None:
    os.write(2, f"csto: {text}\n".encode())


def _end_with(watcher: int) -> None:
    """Have the kernel end this process with the one that watches it, where it can."""
    if sys.platform != "linux":
        return
    import ctypes

    # PR_SET_PDEATHSIG
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != watcher:
        os._exit(EXIT_INTERNAL)


def _limit_memory() -> None:
    import resource

    try:
        size = int(float(os.environ.get("CSTO_MEMORY") or MEMORY) * 2**30)
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or size < hard:
            resource.setrlimit(resource.RLIMIT_AS, (size, hard))
    except (ValueError, OSError):
        # A machine that knows no such limit has none.
        pass


def reserve() -> None:
    """Let this process reserve addresses freely, and hold it to as much memory as before.

    The engine that renders pictures reserves far more addresses than it ever uses.
    """
    import resource

    try:
        size, hard = resource.getrlimit(resource.RLIMIT_AS)
        if size != hard:
            most = resource.getrlimit(resource.RLIMIT_DATA)[1]
            resource.setrlimit(resource.RLIMIT_DATA, (size, most))
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    except (ValueError, OSError):
        pass
