"""Other people's SPARQL servers, started on loopback with folders of their own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
MaxClientConnections = 10
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 10
MaxClientConnections = 10
[SPARQL]
ResultSetMaxRows = 1000000
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Running:
    """A server that answers: where, and its process."""

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it with signal 9, as a machine that loses its power would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running(command: list[str], url: str, log: Path, seconds: float = 120) -> Iterator[Running]:
    """A server, from the moment it answers until the end of the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        until = time.monotonic() + seconds
        while True:
            try:
                urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=10).read()
                break
            except (urllib.error.URLError, OSError):
                said = log.read_text(errors="replace")
                assert process.poll() is None, f"{command[0]} ended: {said}"
                assert time.monotonic() < until, f"{command[0]} does not answer: {said}"
                time.sleep(0.3)
        yield Running(url, process)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def oxigraph(folder: Path) -> Iterator[Running]:
    """Oxigraph's own server (PyPI ``oxigraph``); the data of a folder outlive it."""
    at = f"127.0.0.1:{free_port()}"
    command = ["oxigraph", "serve", "--location", str(folder / "data"), "--bind", at]
    with running(command, f"http://{at}/query", folder / "log") as server:
        yield server


@contextmanager
def virtuoso(folder: Path) -> Iterator[Running]:
    """Virtuoso 7 (Debian ``virtuoso-opensource-7-bin``); its administrator is dba:dba."""
    http = free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(VIRTUOSO.format(folder=folder, sql=free_port(), http=http))
    program = shutil.which("virtuoso-t")
    assert program, "virtuoso-t is not installed; make interop installs it"
    # What was killed has left its lock.
    (folder / "virtuoso.lck").unlink(missing_ok=True)
    command = [program, "-f", "-c", str(settings)]
    with running(command, f"http://127.0.0.1:{http}/sparql", folder / "log") as server:
        yield server
