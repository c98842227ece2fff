"""Load on ``csto serve``: 64 clients at once for ten minutes, every request of its own.

    python benchmarks/serve_load.py [--minutes 10] [--clients 64]

Starts a server on a free port of the loopback address and asks it, in turn, for pages,
saved queries, triples and free queries on days that change, so that hardly an answer is
asked for twice; one request in 200 is a query that must be stopped at the time limit,
and one in 100 is refused. Every answer is checked for its status; a sample of the answers
is compared with what the server said before the load. Prints the memory of the server
and its workers (resident, MiB) each half minute, errors, and times. Exit code 1 if there
was an error, or if the memory of the last third is more than a tenth above the middle third.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import httpx

THINGS = ("state/kazakhstan", "state/armenia", "body/csto", "body/ots", "crisis/kazakhstan-2022")
SLOW = """SELECT (COUNT(*) AS ?n) WHERE {
  ?a csto:status ?b . ?c csto:status ?d . ?e csto:status ?f . ?g csto:status ?h
  FILTER(?b != ?d && ?d != ?f && STR(?a) != STR(?h)) }"""


def day(chance: random.Random, days: int) -> str:
    number = chance.randrange(days)
    return f"{1995 + number % 30}-{1 + number % 12:02}-{1 + number % 28:02}"


def request(chance: random.Random, days: int) -> tuple[str, dict[str, str], int]:
    """Path, parameters and the status that is right."""
    on = day(chance, days)
    kind = chance.random()
    if kind < 0.005:
        return "/sparql", {"query": SLOW + f" # {chance.random()}"}, 503
    if kind < 0.015:
        return "/sparql", {"query": f"INSERT DATA {{ <a:{chance.random()}> <a:b> <a:c> }}"}, 403
    if kind < 0.15:
        return f"/id/{chance.choice(THINGS)}", {"on": on, "format": "html"}, 200
    if kind < 0.3:
        return f"/id/{chance.choice(THINGS)}", {"on": on, "format": "turtle"}, 200
    if kind < 0.6:
        given = {"organization": chance.choice(("CSTO", "OTS", "CIS", "SCO")), "on": on}
        how = chance.choice(("csv", "json"))
        return "/queries/memberships/members-on", {**given, "format": how}, 200
    limit = chance.randrange(1, 400)
    query = f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} LIMIT {limit}"
    return "/sparql", {"query": query, "on": on, "format": "json"}, 200


def resident(pid: int) -> dict[int, float]:
    """MiB of a process and its children."""
    found = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            status = Path(f"/proc/{name}/status").read_text(encoding="ascii", errors="replace")
        except OSError:
            continue
        parent = re.search(r"^PPid:\s+(\d+)", status, re.MULTILINE)
        size = re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)
        if size and (int(name) == pid or (parent and int(parent[1]) == pid)):
            found[int(name)] = int(size[1]) / 1024
    # The server itself first, then its workers.
    return dict(sorted(found.items(), key=lambda item: (item[0] != pid, item[0])))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--days", type=int, default=60, help="different days that are asked for")
    given = parser.parse_args()
    command = [sys.executable, "-m", "csto", "serve", "--port", "0", "--time-limit", "5"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    address = ""
    for line in server.stderr:
        if found := re.search(r"http://\S+", line):
            address = found[0]
            break
    threading.Thread(target=server.stderr.read, daemon=True).start()
    limits = httpx.Limits(max_connections=given.clients, max_keepalive_connections=given.clients)
    client = httpx.Client(base_url=address, timeout=180, limits=limits)
    fixed = ("/queries/memberships/members-on", {"organization": "CSTO", "on": "2012-09-01"})
    right = client.get(fixed[0], params={**fixed[1], "format": "csv"}).text
    errors: list[str] = []
    done: Counter[int] = Counter()
    times: list[float] = []
    end = time.monotonic() + given.minutes * 60

    def visit(number: int) -> None:
        chance = random.Random(number)
        while time.monotonic() < end:
            path, params, status = request(chance, given.days)
            began = time.monotonic()
            try:
                reply = client.get(path, params=params)
            except httpx.HTTPError as error:
                errors.append(f"{path} {params}: {error!r}")
                continue
            times.append(time.monotonic() - began)
            done[reply.status_code] += 1
            if reply.status_code != status:
                errors.append(f"{path} {params}: {reply.status_code} {reply.text[:100]}")
            if chance.random() < 0.01:
                again = client.get(fixed[0], params={**fixed[1], "format": "csv"}).text
                if again != right:
                    errors.append("another answer to the same question")

    threads = [threading.Thread(target=visit, args=(n,), daemon=True) for n in range(given.clients)]
    print(f"before: {sum(resident(server.pid).values()):.0f} MiB", flush=True)
    for thread in threads:
        thread.start()
    sums: list[float] = []
    while time.monotonic() < end:
        time.sleep(min(30, max(0.1, end - time.monotonic())))
        sizes = resident(server.pid)
        sums.append(sum(sizes.values()))
        each = " ".join(f"{size:.0f}" for size in sizes.values())
        print(
            f"{sum(done.values())} answers, {sums[-1]:.0f} MiB ({each}), {len(errors)} errors",
            flush=True,
        )
    for thread in threads:
        thread.join(200)
    third = max(1, len(sums) // 3)
    middle = statistics.mean(sums[third : 2 * third] or sums)
    last = statistics.mean(sums[-third:])
    ordered = sorted(times)
    print(
        f"statuses: {dict(done)}; {sum(done.values()) / (given.minutes * 60):.1f} answers a second"
    )
    print(
        f"seconds: median {statistics.median(ordered):.2f},"
        f" 95 of 100 {ordered[int(len(ordered) * 0.95)]:.2f}, longest {ordered[-1]:.2f}"
    )
    print(f"memory: {sums[0]:.0f} MiB at first, {middle:.0f} in the middle, {last:.0f} at the end")
    for error in errors[:10]:
        print("error:", error)
    server.terminate()
    server.wait(20)
    return 1 if errors or last > 1.1 * middle else 0


if __name__ == "__main__":
    raise SystemExit(main())
