"""Compare our closure with owlrl's on every day on which anything begins or ends.

    python tools/oracle.py [--every N]

Prints each triple that one has and the other lacks; exit code 1 if there is any. Days
whose slices hold the same direct relations are compared once. ``--every 10`` takes
every tenth of the days that remain, to look around.
"""

from __future__ import annotations

import argparse
import sys

from csto.graph.build import build
from csto.load.workspace import find_workspace
from csto.reason.owlrl import boundary_days, oracle_input, our_closure, owlrl_closure


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1)
    every = parser.parse_args().every
    workspace = find_workspace(None)
    dataset = build(workspace)
    days = boundary_days(dataset)
    different: dict[frozenset[str], str] = {}
    inputs = {}
    for count, day in enumerate(days):
        if count % 50 == 0:
            # Slices of many days slow each other down.
            dataset = build(workspace)
        given = oracle_input(dataset, day)
        key = frozenset(map(str, given))
        if key not in different:
            different[key] = day
            inputs[day] = given
    chosen = list(inputs.items())[::every]
    print(f"{len(days)} days, {len(inputs)} different slices, {len(chosen)} compared", flush=True)
    wrong = 0
    for day, given in chosen:
        ours, theirs = our_closure(dataset, given), owlrl_closure(dataset.store, given)
        for mark, triples in (("only ours", ours - theirs), ("only owlrl's", theirs - ours)):
            for triple in sorted(triples):
                wrong += 1
                print(f"{day}: {mark}: {' '.join(triple)}", flush=True)
    print(f"{wrong} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
