"""Kill a command at random moments; whatever it left, the next answer must be right.

    python benchmarks/kills.py [--times 200] [--seed 1]

A small workspace gets a first build, an edit of a label, an edit of a date, or a day that was
never asked for; the process is killed with signal 9 after a random part of the time that it
takes. Then the same question is asked again. Prints how many were killed while they worked and
how many of the next answers were wrong; the exit code is 1 if one was.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUERY = "SELECT ?label WHERE { ?s csto:memberOf body:left ; rdfs:label ?label } ORDER BY ?label"


def main(times: int, seed: int) -> int:
    sys.path.insert(0, str(ROOT / "tests"))
    from conftest import BASE, act, spell, tiny

    chance = random.Random(seed)
    killed = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        facts = BASE + act("in", "2000-01-01")
        facts += spell("a", "csto:status status:member ; csto:openedBy act:in")
        root = tiny(Path(folder) / "workspace", graph=facts).root
        path = root / "graph" / "graph.ttl"
        env = {**os.environ, "CSTO_CACHE": str(cache)}

        def command(day: str) -> list[str]:
            asked = ["query", "-e", QUERY, "-f", "csv", "--on", day]
            return [sys.executable, "-m", "csto", "-w", str(root), *asked]

        began = time.monotonic()
        subprocess.run(command("2020-01-01"), env=env, check=True, capture_output=True)
        usual = time.monotonic() - began
        for number in range(times):
            name, day = "One", f"20{number % 20:02}-01-{number % 28 + 1:02}"
            match chance.randrange(4):
                case 0:
                    shutil.rmtree(cache, ignore_errors=True)
                case 1:
                    name = f"One {number}"
                case 2:
                    facts = re.sub(r'"2000-01-\d\d"', f'"2000-01-{number % 28 + 1:02}"', facts)
            path.write_text(facts.replace('"One"', f'"{name}"'), encoding="utf-8")
            with subprocess.Popen(
                command(day),
                env=env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            ) as process:
                time.sleep(chance.uniform(0, 1.2 * usual))
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    killed += 1
            done = subprocess.run(command(day), env=env, capture_output=True, text=True)
            begun = re.search(r'"(2000-01-\d\d)"', facts)
            there = begun is not None and begun[1] <= day
            right = f"label\n{name}\n" if there else "label\n"
            if (done.returncode, done.stdout) != (0, right):
                wrong += 1
                print(f"after {number}: {done.stdout!r} {done.stderr!r}", flush=True)
    print(f"{killed} of {times} killed while they worked; {wrong} wrong answers after that")
    return 1 if wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(main(given.times, given.seed))
