"""A push goes on after a kill of client or server, on Oxigraph's own server and on Virtuoso."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from servers import Running, oxigraph, virtuoso

from csto.answer.endpoint import Server
from csto.publish.push import graph_of_layer

TRIPLES, BATCH = 100_000, 10_000
SERVERS = {"oxigraph": (oxigraph, None), "virtuoso": (virtuoso, "dba:dba")}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bulk") / "votes.nt"
    path.write_text(
        "".join(
            f"<https://example.org/rollcall/{n // 190}> <https://example.org/yesBy>"
            f" <https://example.org/state/{n % 190}> .\n"
            for n in range(TRIPLES)
        )
    )
    return path


def _command(server: Running, user: str | None, file: Path) -> list[str]:
    words = ["push", server.url, "--bulk", str(file), "--batch", str(BATCH)]
    return [sys.executable, "-m", "csto", *words, *(["--user", user] if user else [])]


def _counted(server: Running, user: str | None, file: Path) -> int:
    login = tuple(user.split(":")) if user else None
    return Server(server.url, login).count(graph_of_layer(file.stem))  # type: ignore[arg-type]


@pytest.mark.parametrize("whom", ["client", "server"])
@pytest.mark.parametrize("name", SERVERS)
def test_a_killed_push_goes_on(name: str, whom: str, file: Path, tmp_path: Path) -> None:
    start, user = SERVERS[name]
    with start(tmp_path) as server:
        with subprocess.Popen(
            _command(server, user, file), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as push:
            assert push.stderr is not None
            for number in range(1, 4):
                assert f"{number * BATCH} of {TRIPLES} triples" in push.stderr.readline()
            (server if whom == "server" else push).kill()
        assert push.returncode != 0
    # Of a server that was stopped or killed the data are on the disk.
    with start(tmp_path) as server:
        there = _counted(server, user, file)
        assert 0 <= there < TRIPLES
        done = subprocess.run(
            _command(server, user, file), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert _counted(server, user, file) == TRIPLES
        if whom == "client":
            assert f"{TRIPLES - there // BATCH * BATCH} sent" in done.stdout
