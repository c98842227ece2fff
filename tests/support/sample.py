"""Tests of many like cases: a few of them each day, all of them where it is asked.

``make test`` takes a sample drawn by the date, so that in time every case has its turn; ``make
interop`` sets ``CSTO_SAMPLE=all`` and runs the tests marked ``sampled`` over all of them. A number
there draws the sample of another day, which the first line of a run names, once more.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeVar

Thing = TypeVar("Thing")

_GIVEN = os.environ.get("CSTO_SAMPLE", "")
WHOLE = _GIVEN == "all"
SEED = int(_GIVEN) if _GIVEN.isdigit() else int(f"{datetime.now(UTC):%Y%m%d}")


def some(things: Iterable[Thing], number: int) -> list[Thing]:
    """Of these so many, in their order; all of them where that is asked."""
    listed = list(things)
    if WHOLE or len(listed) <= number:
        return listed
    chosen = random.Random(SEED).sample(range(len(listed)), number)
    return [listed[at] for at in sorted(chosen)]
