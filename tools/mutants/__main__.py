"""Damage the graph on purpose, and count how much of it validation finds.

    python tools/mutants [--each N] [--seed N] [--kind NAME ...] [--workspace DIR]

Every named kind of damage is done ``--each`` times, at places drawn with a fixed seed.
The whole validation, inference included, runs over each damaged graph. To take minutes
and not hours, one run holds many mutants, at most one of a kind, on things that do not
touch; a mutant counts as found only by a finding with one of the codes of its kind on
the very things it damaged, which the sound graph does not have. One that is not found
so is run again alone before it is called missed.

Exit code 0: all found; 1: some missed; 2: bad usage.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import claims
import form
import rooms
import status
from facts import KINDS, Facts, Mutant
from pyoxigraph import RdfFormat, serialize

from csto.errors import InputError
from csto.graph.build import build
from csto.load.workspace import Workspace, find_workspace
from csto.validate import Finding, catalogue, validate

__all__ = ["claims", "form", "rooms", "status"]
TRIES = 300


def key(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.focus, finding.value


class Bench:
    """A copy of the workspace in which files are damaged and mended again."""

    def __init__(self, facts: Facts, root: Path) -> None:
        self.facts = facts
        self.root = root
        self.source = facts.workspace
        for part in ("ontology", "graph", "queries"):
            shutil.copytree(self.source.root / part, root / part)
        self.sound = {key(f) for f in validate(Workspace(root)).findings}

    def run(self, mutants: list[Mutant]) -> set[tuple[str, str, str]]:
        """New findings on a graph with these mutants."""
        paths = {m.path for m in mutants}
        try:
            for path in paths:
                self._write(path, [m for m in mutants if m.path == path])
            found = {key(f) for f in validate(Workspace(self.root)).findings}
        finally:
            for path in paths:
                shutil.copyfile(path, self._here(path))
        return found - self.sound

    def _here(self, path: Path) -> Path:
        return self.root / path.relative_to(self.source.root)

    def _write(self, path: Path, mutants: list[Mutant]) -> None:
        here = self._here(path)
        for mutant in mutants:
            if mutant.text is not None:
                here.write_text(mutant.text, encoding="utf-8")
                return
        gone = {t for m in mutants for t in m.gone}
        kept = [t for t in self.facts.files[path] if t not in gone]
        kept += [t for m in mutants for t in sorted(m.come, key=str)]
        prefixes = self.facts.dataset.prefixes
        here.write_bytes(serialize(kept, format=RdfFormat.TURTLE, prefixes=prefixes))

    def refuses(self, mutant: Mutant) -> bool:
        """Whether a text that is no Turtle is refused, with its file and line named."""
        here = self._here(mutant.path)
        try:
            self._write(mutant.path, [mutant])
            findings = validate(Workspace(self.root)).findings
        except InputError as error:
            return f"{mutant.path.name}:" in str(error)
        finally:
            shutil.copyfile(mutant.path, here)
        return any(mutant.path.name in f.where for f in findings if key(f) not in self.sound)


def draw(facts: Facts, rng: random.Random, names: list[str], each: int) -> list[Mutant]:
    """``each`` different mutants of every kind, or as many as the graph has room for."""
    mutants = []
    for name in names:
        seen: set[str] = set()
        for _ in range(TRIES):
            mutant = KINDS[name].mutant(facts, rng)
            empty = mutant is None or not (mutant.gone or mutant.come or mutant.text)
            if mutant is None or empty or mutant.what in seen:
                continue
            seen.add(mutant.what)
            mutants.append(mutant)
            if len(seen) == each:
                break
        if not seen:
            raise InputError(f"{name}: the graph has nothing that could be damaged so")
    return mutants


def batches(mutants: list[Mutant]) -> list[list[Mutant]]:
    """Mutants that do not touch, and of different kinds, together."""
    made: list[tuple[list[Mutant], set[str], set[str], set[Path]]] = []
    for mutant in mutants:
        for batch, touched, kinds, texts in made:
            apart = not touched & mutant.touched and mutant.kind not in kinds
            files = {m.path for m in batch}
            if (
                apart
                and mutant.path not in texts
                and (mutant.text is None or mutant.path not in files)
            ):
                break
        else:
            batch, touched, kinds, texts = [], set(), set(), set()
            made.append((batch, touched, kinds, texts))
        batch.append(mutant)
        touched |= mutant.touched
        kinds.add(mutant.kind)
        if mutant.text is not None:
            texts.add(mutant.path)
    return [batch for batch, *_ in made]


def hit(mutant: Mutant, found: set[tuple[str, str, str]]) -> bool:
    return any(code in mutant.codes and node in mutant.shows_on for code, node, _ in found)


def main() -> int:
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=6, help="mutants of each kind (default 6)")
    parser.add_argument("--seed", type=int, default=20260101, help="seed of the places")
    parser.add_argument("--kind", action="append", help="only this kind; repeatable")
    parser.add_argument("--workspace", type=Path, help="another workspace to damage")
    given = parser.parse_args()
    for name in given.kind or ():
        if name not in KINDS:
            parser.error(f"no kind is called {name!r}; the kinds are {', '.join(KINDS)}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="csto-mutants-") as folder:
        os.environ["CSTO_CACHE"] = str(Path(folder) / "cache")
        facts = Facts.read(build(find_workspace(given.workspace)))
        rng = random.Random(given.seed)
        known = {entry.code for entry in catalogue(facts.workspace)}
        for one in KINDS.values():
            if lost := set(one.codes) - known:
                raise InputError(f"{one.name}: no check has the code {min(lost)}")
        mutants = draw(facts, rng, given.kind or list(KINDS), given.each)
        broken = [m for m in mutants if not m.codes]
        damaged = [m for m in mutants if m.codes]
        (Path(folder) / "copy").mkdir()
        bench = Bench(facts, Path(folder) / "copy")
        caught: Counter[str] = Counter(m.kind for m in broken if bench.refuses(m))
        missed = (
            [m for m in broken if not bench.refuses(m)]
            if sum(caught.values()) < len(broken)
            else []
        )
        runs = 0
        for batch in batches(damaged):
            found = bench.run(batch)
            runs += 1
            for mutant in batch:
                alone = hit(mutant, found)
                if not alone:
                    alone = hit(mutant, bench.run([mutant]))
                    runs += 1
                if alone:
                    caught[mutant.kind] += 1
                else:
                    missed.append(mutant)
    total = Counter(m.kind for m in mutants)
    for name, count in total.items():
        print(f"{caught[name]:3d} of {count:3d}  {100 * caught[name] // count:3d} %  {name}")
    for mutant in missed:
        print(f"missed: {mutant.kind}: {mutant.what[:400]}")
    share = 100 * sum(caught.values()) / len(mutants)
    print(
        f"{sum(caught.values())} of {len(mutants)} mutants of {len(total)} kinds found"
        f" ({share:.1f} %), in {runs} runs of the whole validation"
        f" and {time.monotonic() - began:.0f} s"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except InputError as error:
        print(f"mutants: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
