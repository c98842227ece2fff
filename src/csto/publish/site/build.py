"""Build the site: two processes, one for the pages and one that proves and answers.

Pages are read from the graph in memory. The numbers of steps of proofs follow from their
triples, so that neither process needs to know of the other.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.workspace import Workspace
from csto.publish.pages.guides import Command
from csto.publish.site.files import Folder
from csto.publish.site.parts import Site
from csto.vocabulary import know

# The two halves of the work, each of which takes about as long as the other.
_HALVES = (("things", "answers_there"), ("proofs", "data", "pages", "answers_here"))


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
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            other = pool.submit(_half, dataset.workspace, folder, _HALVES[0])
            site = Site(dataset, made, commands, functions)
            site.write(_HALVES[1])
            theirs, steps = other.result()
            made.join(theirs)
            site.steps.join(steps)
    else:
        site = Site(dataset, made, commands, functions)
        site.write([part for half in _HALVES for part in half])
    site.finish()
    for text in site.missing:
        say(text)
    report.missing = list(site.missing)
    report.files, report.bytes, report.largest = made.count, made.size, made.largest
    report.seconds = time.monotonic() - began
    return report


def _half(
    workspace: Workspace, folder: Path, parts: Sequence[str]
) -> tuple[Folder, tuple[dict[str, Any], dict[str, str]]]:
    """Write some parts in a process of its own; what was written, and the steps of proofs."""
    for layer in workspace.layers:
        # Names are short where their bases are known, and this process has read no manifest.
        if layer.manifest.base:
            know(layer.manifest.base)
    made = Folder(folder)
    site = Site(build(workspace), made, ())
    site.write(parts)
    return made, (site.steps.steps, site.steps.because)
