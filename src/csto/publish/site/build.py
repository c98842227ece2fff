"""Build the site in two processes, each of which takes the next piece of work.

Pages are read from the graph in memory. The numbers of steps of proofs follow from their
triples, so that neither process needs to know of the other.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.workspace import Workspace
from csto.publish.pages.guides import Command
from csto.publish.site.files import Folder
from csto.publish.site.parts import Site
from csto.publish.site.proofs import Made
from csto.vocabulary import know


@dataclass
class Report:
    """What was written: files, bytes, the largest page, seconds, and what is missing."""

    files: int = 0
    bytes: int = 0
    largest: tuple[str, int] = ("", 0)
    seconds: float = 0.0
    missing: list[str] = field(default_factory=list)


def build_site(
    dataset: Dataset,
    folder: Path,
    commands: Sequence[Command] = (),
    *,
    functions: Sequence[Command] = (),
    processes: int = 2,
    say: Callable[[str], None] = lambda text: None,
) -> Report:
    """Write the site into a folder.

    Args:
        dataset: the graph.
        folder: receives the pages; what is there of an earlier site is written over.
        commands: the commands of the command line, as their help tells of them.
        functions: those of the package, as their docstrings tell of them.
        processes: 2 to share the work, 1 to do it here.
        say: is told of parts that are left out.

    Raises:
        InputError: if the folder cannot be written, or a file in it is in the way.
    """
    began = time.monotonic()
    made = Folder(folder)
    made.prepare()
    report = Report()
    if processes > 1:
        context = multiprocessing.get_context("spawn")
        taken = context.Value("l", 0)
        with ProcessPoolExecutor(
            1, mp_context=context, initializer=_share, initargs=(taken,)
        ) as pool:
            other = pool.submit(_beside, dataset.workspace, folder, commands, functions)
            site = Site(dataset, made, commands, functions)
            site.work(partial(_next, taken))
            theirs, steps = other.result()
            made.join(theirs)
            site.steps.join(steps)
    else:
        site = Site(dataset, made, commands, functions)
        site.work(partial(next, count()))
    site.finish()
    for text in site.missing:
        say(text)
    report.missing = list(site.missing)
    report.files, report.bytes, report.largest = made.count, made.size, made.largest
    report.seconds = time.monotonic() - began
    return report


# How many tasks have been taken, by whichever process; shared when this one is started.
_taken: Any = None


def _share(taken: Any) -> None:
    global _taken
    _taken = taken


def _next(taken: Any) -> int:
    """The number of the next task that nobody has taken."""
    with taken.get_lock():
        taken.value += 1
        return int(taken.value) - 1


def _beside(
    workspace: Workspace, folder: Path, commands: Sequence[Command], functions: Sequence[Command]
) -> tuple[Folder, Made]:
    """Work in a process of its own; what was written, and the steps of proofs."""
    for layer in workspace.layers:
        # Names are short where their bases are known, and this process has read no manifest.
        if layer.manifest.base:
            know(layer.manifest.base)
    made = Folder(folder)
    site = Site(build(workspace), made, commands, functions)
    site.work(partial(_next, _taken))
    return made, site.steps.made
