"""Damage the graph on purpose, and count how much of it validation finds.

    python tools/mutants [--each N] [--seed N] [--kind NAME ...] [--of N] [--workspace DIR]

Every named kind of damage is done ``--each`` times, at places drawn with a fixed seed; the
kinds stand in the headers of the checks and in ``ontology/shapes/damage.yaml``.
The whole validation, inference included, runs over each damaged graph. To take minutes
and not hours, one run holds many mutants, at most one of a kind, on things that do not
touch; a mutant counts as found only by a finding with one of the codes of its kind on
the very things it damaged, placed at a line, which the sound graph does not have. One that
is not found so is run again alone before it is called missed. Where a text is damaged, the file
must be named with such a code; files of facts that cannot be read have a run to themselves.

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
from datetime import UTC, datetime
from pathlib import Path

from damage import TRIES, Facts, Kind, Mutant, read_kinds
from pyoxigraph import RdfFormat, serialize

from csto.errors import InputError
from csto.load.workspace import Workspace, find_workspace
from csto.validate import Finding, catalogue, validate


def key(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.focus, finding.value


class Bench:
    """A copy of the workspace in which files are damaged and fixed again."""

    def __init__(self, facts: Facts, root: Path) -> None:
        self.facts = facts
        self.source = facts.dataset.workspace
        for part in ("ontology", "graph", "queries", "pack"):
            if (self.source.root / part).is_dir():
                shutil.copytree(self.source.root / part, root / part)
        if self.source.manifest.path:
            shutil.copy(self.source.manifest.path, root)
        self.copy = Workspace(root, self.source.base)
        self.runs = 0
        self.sound = {key(f) for f in validate(self.copy).findings}

    def finds(self, mutants: list[Mutant]) -> list[Mutant]:
        """Those of some mutants, together in one graph, that are found."""
        self.runs += 1
        paths = {m.path for m in mutants}
        try:
            for path in paths:
                self._write(path, [m for m in mutants if m.path == path])
            new = [f for f in validate(self.copy).findings if key(f) not in self.sound]
        finally:
            for path in paths:
                shutil.copyfile(path, self._here(path))
        return [m for m in mutants if any(_is_of(finding, m) for finding in new)]

    def _here(self, path: Path) -> Path:
        return self.copy.root / path.relative_to(self.source.root)

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


def _is_of(finding: Finding, mutant: Mutant) -> bool:
    place = finding.place
    if place is None or not place.line or finding.code not in mutant.kind.codes:
        return False
    return mutant.path.name in place.path if mutant.broken else finding.focus in mutant.shows_on


def draw(facts: Facts, rng: random.Random, kinds: list[Kind], each: int) -> list[Mutant]:
    """``each`` different mutants of every kind, or as many as the graph has room for."""
    mutants = []
    for kind in kinds:
        seen: set[str] = set()
        for _ in range(TRIES):
            mutant = facts.draw(kind, rng)
            if mutant is None or mutant.what in seen:
                continue
            seen.add(mutant.what)
            mutants.append(mutant)
            if len(seen) == each:
                break
        if not seen:
            raise InputError(f"{kind.name}: the graph has nothing that could be damaged so")
    return mutants


def batches(mutants: list[Mutant]) -> list[list[Mutant]]:
    """Mutants that do not touch, and of different kinds, together."""
    made: list[list[Mutant]] = []
    for mutant in mutants:
        for batch in made:
            if all(_apart(mutant, other) for other in batch):
                batch.append(mutant)
                break
        else:
            made.append([mutant])
    return made


def _apart(one: Mutant, other: Mutant) -> bool:
    if one.kind == other.kind or one.touched & other.touched:
        return False
    if one.alone or other.alone:
        # Files that cannot be read are named, each by itself; they hide only what was said.
        return one.alone and other.alone and one.path != other.path
    # A text takes the whole file.
    return one.path != other.path or one.text is other.text is None


def main() -> int:
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=6, help="mutants of each kind (default 6)")
    parser.add_argument("--seed", type=int, default=20260101, help="seed of the places")
    parser.add_argument("--kind", action="append", help="only this kind; repeatable")
    parser.add_argument("--of", type=int, help="only so many kinds, drawn by the date")
    parser.add_argument("--workspace", type=Path, help="another workspace to damage")
    given = parser.parse_args()
    workspace = find_workspace(given.workspace)
    kinds = read_kinds(workspace)
    for name in given.kind or ():
        if name not in kinds:
            parser.error(f"no kind is called {name!r}; the kinds are {', '.join(kinds)}")
    names = list(given.kind or kinds)
    if given.of is not None and given.of < len(names):
        names = random.Random(f"{datetime.now(UTC):%Y%m%d}").sample(names, given.of)
    began = time.monotonic()
    known = {entry.code for entry in catalogue(workspace)}
    for kind in kinds.values():
        if lost := set(kind.codes) - known:
            raise InputError(f"{kind.name}: no check has the code {min(lost)}")
    with tempfile.TemporaryDirectory(prefix="csto-mutants-") as folder:
        # The sound graph may be there already; what is damaged is completed from nothing.
        facts = Facts.read(workspace)
        rng = random.Random(given.seed)
        mutants = draw(facts, rng, [kinds[name] for name in names], given.each)
        (Path(folder) / "copy").mkdir()
        bench = Bench(facts, Path(folder) / "copy")
        os.environ["CSTO_CACHE"] = str(Path(folder) / "cache")
        found: set[int] = set()
        for batch in batches(mutants):
            hits = bench.finds(batch)
            for mutant in batch:
                if mutant in hits or (len(batch) > 1 and bench.finds([mutant])):
                    found.add(id(mutant))
    missed = [m for m in mutants if id(m) not in found]
    caught = Counter(m.kind.name for m in mutants if id(m) in found)
    total = Counter(m.kind.name for m in mutants)
    for name, count in total.items():
        print(f"{caught[name]:3d} of {count:3d}  {100 * caught[name] // count:3d} %  {name}")
    for mutant in missed:
        print(f"missed: {mutant.kind.name}: {mutant.what[:400]}")
    print(
        f"{len(found)} of {len(mutants)} mutants of {len(total)} kinds found"
        f" ({100 * len(found) / len(mutants):.1f} %), in {bench.runs} runs of the whole"
        f" validation and {time.monotonic() - began:.0f} s"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except InputError as error:
        print(f"mutants: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
