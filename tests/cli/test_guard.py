"""Whatever a command meets, it ends: in time, on Ctrl-C, and with a documented exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CSTO = [sys.executable, "-m", "csto"]


def started(*args: str) -> subprocess.Popen[str]:
    """A command in a process group of its own, as a terminal starts it."""
    return subprocess.Popen(
        [*CSTO, *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def used_by(group: int) -> float:
    """Seconds of the processor that the processes of a group have taken."""
    found = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            told = path.read_text().rpartition(")")[2].split()
            if int(told[2]) == group:
                found += int(told[11]) + int(told[12])
    return found / os.sysconf("SC_CLK_TCK")


def guarded(code: str) -> subprocess.CompletedProcess[str]:
    script = f"import os, signal\nfrom csto.cli.guard import allow, guarded\n{code}"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)


def test_a_query_that_never_ends_is_ended() -> None:
    ran = started("query", "--timeout", "1", "-e", ENDLESS)
    out, err = ran.communicate(timeout=60)
    assert ran.returncode == 2
    assert out == ""
    assert "longer than 1 seconds" in err
    assert "--timeout" in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_what_native_code_does(number: int) -> None:
    ran = started("query", "-e", ENDLESS)
    # It has begun with the query, however long the machine takes for that.
    while used_by(ran.pid) < 1:
        time.sleep(0.05)
        assert ran.poll() is None
    began = time.monotonic()
    os.killpg(ran.pid, number)
    ran.communicate(timeout=30)
    assert ran.returncode in (130, 128 + number)
    assert time.monotonic() - began < 10


def test_work_does_not_outlive_its_watcher() -> None:
    ran = guarded(
        "import time\n"
        "r, w = os.pipe()\n"
        "if os.fork() == 0:\n"
        "    os.set_inheritable(w, True)\n"
        "    guarded(lambda: (os.write(w, str(os.getpid()).encode()), time.sleep(60)))\n"
        "worker = int(os.read(r, 20))\n"
        "watcher = int(open(f'/proc/{worker}/stat').read().split()[3])\n"
        "os.kill(watcher, signal.SIGKILL)\n"
        "time.sleep(1)\n"
        "there = os.path.exists(f'/proc/{worker}')\n"
        "state = open(f'/proc/{worker}/stat').read().split()[2] if there"
        " else 'gone'\n"
        "print(state)"
    )
    assert ran.stdout.strip() in ("gone", "Z"), ran


def test_a_crash_of_native_code_is_one_message() -> None:
    ran = guarded("guarded(lambda: os.kill(os.getpid(), signal.SIGSEGV))")
    assert ran.returncode == 3
    assert ran.stderr.startswith("csto: internal error: native code ended with SIGSEGV")


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_the_exit_code_is_that_of_the_command(code: int) -> None:
    assert guarded(f"guarded(lambda: exit({code}))").returncode == code


def test_too_much_memory_is_one_message() -> None:
    script = (
        "import sys, csto.cli.main as main\n"
        "main._command = lambda: bytearray(2**33)\n"
        "main.console()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "CSTO_MEMORY": "1"},
    )
    assert ran.returncode == 2
    assert "memory" in ran.stderr


def test_the_limit_is_for_the_answer_only() -> None:
    ran = guarded(
        "import time\nfrom csto.cli.guard import lift\n"
        "guarded(lambda: (allow(0.3), lift(), time.sleep(0.6), print('done')))"
    )
    assert (ran.returncode, ran.stdout) == (0, "done\n")


def on_a_terminal(code: str) -> str:
    """What a terminal sees of a command under watch."""
    import pty

    script = (
        "import sys, time\nfrom csto.cli import guard\nguard.PATIENCE = 0.2\n"
        f"def command():\n    guard.hush_at_output()\n{code}\nguard.guarded(command)"
    )
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", script], stdout=theirs, stderr=theirs):
        os.close(theirs)
        seen = b""
        try:
            while more := os.read(ours, 4096):
                seen += more
        except OSError:
            # The other end is closed.
            pass
    os.close(ours)
    return seen.decode()


def test_a_terminal_is_told_what_takes_so_long_until_the_answer_comes() -> None:
    seen = on_a_terminal(
        "    guard.tell('counting')\n    time.sleep(0.6)\n    print('seven')\n    time.sleep(0.6)"
    )
    said, answer, after = seen.partition("seven")
    assert "csto: counting" in said
    assert said.endswith("\x1b[K")
    assert answer
    assert "counting" not in after
    assert on_a_terminal("    print('at once')").strip() == "\x1b[Kat once"


def test_nothing_is_said_where_nobody_looks() -> None:
    ran = guarded(
        "import time, csto.cli.guard as g\ng.PATIENCE = 0\nguarded(lambda: time.sleep(0.3))"
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
