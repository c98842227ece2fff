"""`csto push` of a file beside curl, on Oxigraph's server and on Virtuoso; then both ends killed.

    python benchmarks/push.py [FILE.nt] [--triples 1000000] [--runs 3] [--batch 250000]

FILE holds N-Triples without blank nodes, such as bulk/un-votes.nt of an imported layer; without
it, roll calls and votes are made up. Each run starts a server with nothing in it for each side, in
turns. curl sends one file, to Oxigraph as ``no_transaction`` like csto (as one transaction it
takes six times as long). Printed are medians of seconds on the wall, of the processor of the
client, and the ratio.

Then a push is killed with signal 9 once its first part has come, and the next one has to make
the graph whole; and the same with the server. Needs curl, and ``oxigraph`` (PyPI) or Virtuoso
(Debian ``virtuoso-opensource-7-bin``) or both.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "interop"))
# The server of the package oxigraph stands beside this Python.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

from servers import Running, oxigraph, virtuoso  # noqa: E402

from csto.answer.endpoint import Server  # noqa: E402
from csto.publish.push import graph_of_layer  # noqa: E402

LOGIN = {"oxigraph": None, "virtuoso": ("dba", "dba")}
START: dict[str, Callable[[Path], AbstractContextManager[Running]]] = {
    "oxigraph": oxigraph,
    "virtuoso": virtuoso,
}


def make(path: Path, triples: int) -> None:
    """Votes in the compact form, of made-up roll calls of 190 states."""
    chance = random.Random(1)
    ontology, base = "https://w3id.org/csto/ontology#", "https://example.org/id/"
    says = [f"<{ontology}{name}>" for name in ("yesBy", "yesBy", "noBy", "abstentionBy")]
    with path.open("w", encoding="utf-8") as file:
        for number in range(triples):
            call, state = divmod(number, 190)
            file.write(
                f"<{base}rollcall/{call}> {chance.choice(says)} <{base}state/cow-{state}> .\n"
            )


def pushing(server: Running, name: str, file: Path, batch: int) -> list[str]:
    """The command that pushes a file to a server."""
    words = ["push", server.url, "--bulk", str(file), "--batch", str(batch)]
    login = LOGIN[name]
    return [sys.executable, "-m", "csto", *words, *(["--user", ":".join(login)] if login else [])]


def curling(server: Running, name: str, file: Path) -> list[str]:
    """The command that sends the file whole."""
    graph = graph_of_layer(file.stem).value
    command = ["curl", "-sSf", "-T", str(file), "-H", "Content-Type: application/n-triples"]
    if name == "oxigraph":
        store = server.url.replace("/query", "/store")
        return [*command, "-X", "POST", f"{store}?graph={graph}&no_transaction"]
    store = server.url.replace("/sparql", "/sparql-graph-crud-auth")
    return [*command, "--digest", "-u", "dba:dba", f"{store}?graph={graph}"]


def took(command: list[str]) -> tuple[float, float]:
    """Seconds on the wall and of the processor of a command."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def counted(server: Running, name: str, file: Path) -> int:
    return Server(server.url, LOGIN[name]).count(graph_of_layer(file.stem))


def beside(name: str, file: Path, triples: int, runs: int, batch: int) -> float:
    """Print both sides, and give their ratio."""
    times: dict[str, list[tuple[float, float]]] = {"curl": [], "csto push": []}
    for _ in range(runs):
        for side, found in times.items():
            with tempfile.TemporaryDirectory() as folder, START[name](Path(folder)) as server:
                push = side != "curl"
                command = (
                    pushing(server, name, file, batch) if push else curling(server, name, file)
                )
                found.append(took(command))
                there = counted(server, name, file)
                assert there == triples, f"{side} left {there} of {triples} triples on {name}"
    middle = {side: statistics.median(w for w, _ in found) for side, found in times.items()}
    for side, found in times.items():
        spent = statistics.median(s for _, s in found)
        all_ = ", ".join(f"{wall:.1f}" for wall, _ in found)
        print(f"  {name}: {side:10} {middle[side]:6.1f} s ({all_}), {spent:.1f} s of the client")
    ratio = middle["csto push"] / middle["curl"]
    print(f"  {name}: {ratio:.2f} times curl", flush=True)
    return ratio


def killed(name: str, file: Path, triples: int, batch: int, whom: str) -> None:
    """Kill client or server within the second part, push again, and count."""
    with tempfile.TemporaryDirectory() as folder:
        with START[name](Path(folder)) as server:
            with subprocess.Popen(
                pushing(server, name, file, batch),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            ) as push:
                assert push.stderr is not None
                # The first part is told; the second is on its way.
                push.stderr.readline()
                time.sleep(0.3)
                if whom == "server":
                    server.kill()
                push.kill()
            if whom == "client":
                again(server, name, file, triples, batch, whom)
        if whom == "server":
            with START[name](Path(folder)) as server:
                again(server, name, file, triples, batch, whom)


def again(server: Running, name: str, file: Path, triples: int, batch: int, whom: str) -> None:
    had, began = counted(server, name, file), time.perf_counter()
    done = subprocess.run(
        pushing(server, name, file, batch), capture_output=True, text=True, check=False
    )
    wall = time.perf_counter() - began
    there = counted(server, name, file)
    ok = "whole" if there == triples and done.returncode == 0 else f"WRONG: {there} {done.stderr}"
    told = done.stdout.strip().rpartition("\t")[2]
    print(f"  {name}: {whom} killed with {had} there; {told} in {wall:.1f} s: {ok}", flush=True)


def main(given: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "million.nt"
        if given.file:
            with given.file.open("rb") as source, file.open("wb") as copy:
                for _, line in zip(range(given.triples), source, strict=False):
                    copy.write(line)
        else:
            make(file, given.triples)
        with file.open("rb") as lines:
            triples = sum(1 for _ in lines)
        print(f"{triples} triples, {file.stat().st_size / 1e6:.0f} MB, parts of {given.batch}")
        for name in START:
            if shutil.which({"oxigraph": "oxigraph", "virtuoso": "virtuoso-t"}[name]) is None:
                print(f"  {name}: not installed")
                continue
            beside(name, file, triples, given.runs, given.batch)
            for whom in ("client", "server"):
                killed(name, file, triples, given.batch, whom)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE.nt")
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=250_000)
    main(parser.parse_args())
