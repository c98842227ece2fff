"""A new workspace from the templates in ``starter/``: one of each, to be replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from csto.errors import InputError
from csto.vocabulary import beside

# Templates in which nothing is filled in: they have signs of their own for that.
_AS_IS = (".yml", ".yaml")


def start(folder: Path, *, title: str, base: str, today: str) -> list[Path]:
    """Write a new workspace.

    Args:
        folder: where; it is made, and must be empty if it is there.
        title: what the workspace is about.
        base: where its things lie, an IRI that ends in "/".
        today: the day it is made, ``YYYY-MM-DD``.

    Returns:
        The files written.

    Raises:
        InputError: if the folder has files in it, or the base is none.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
    if not slug or not slug[0].isalpha():
        raise InputError(f"{folder}: give a name that begins with a letter, such as rio-treaty")
    if not re.fullmatch(r'https?://[^\s<>"{}|\\^`#?]+/', base):
        raise InputError(
            f'--base {base}: an address that ends in "/", such as https://example.org/{slug}/id/'
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: is there already; csto init makes a new folder")
    words = {
        "title": title.replace("\\", "").replace('"', "'"),
        "base": base,
        "root": beside(base),
        "slug": slug,
        "short": slug.upper(),
        "prefix": slug.replace("-", ""),
        "today": today,
    }
    written = []
    for name, text in _templates():
        path = folder / name
        if path.suffix not in _AS_IS:
            text = re.sub(r"\$\{(\w+)\}", lambda found: words[found[1]], text)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _templates() -> Iterator[tuple[str, str]]:
    """Where each file goes, and its text."""

    def below(folder: Traversable, at: PurePosixPath) -> Iterator[tuple[str, str]]:
        for item in sorted(folder.iterdir(), key=lambda one: one.name):
            # A name that begins with a dot might not be packed.
            name = at / re.sub(r"^dot\.", ".", item.name)
            if item.is_dir():
                yield from below(item, name)
            else:
                yield str(name), item.read_text(encoding="utf-8")

    yield from below(files("csto.load") / "starter", PurePosixPath())
