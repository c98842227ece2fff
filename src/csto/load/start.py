"""A new workspace from the templates in ``starter/``: one of each, to be replaced."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from csto.errors import InputError
from csto.load.manifest import NAME
from csto.load.workspace import Workspace, find_workspace, shipped_root
from csto.vocabulary import beside

# Templates in which nothing is filled in: they have signs of their own for that.
_AS_IS = (".yml", ".yaml")


def start(
    folder: Path, *, title: str, base: str, today: str, extends: Sequence[str] = ()
) -> list[Path]:
    """Write a new workspace.

    Args:
        folder: where; it is made, and must be empty if it is there.
        title: what the workspace is about.
        base: where its things lie, an IRI that ends in "/".
        today: the day it is made, ``YYYY-MM-DD``.
        extends: the workspaces that it builds on: the folder of each, or the prefix or IRI of
            the one that the package carries.

    Returns:
        The files written.

    Raises:
        InputError: if the folder has files in it, the base is none, or one to build on
            is no workspace or has this base.
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
    lenders = [_lender(given, base) for given in extends]
    words = {
        "title": title.replace("\\", "").replace('"', "'"),
        "base": base,
        "root": beside(base),
        "slug": slug,
        "short": slug.upper(),
        "prefix": slug.replace("-", ""),
        "today": today,
        "extends": "".join(f"    csto:extends <{lender.manifest.node}> ;\n" for lender in lenders),
        "folders": "".join(
            f'\n<{lender.manifest.node}> csto:folder "{_way(folder, lender.root)}" .\n'
            for lender in lenders
            if lender.base is not None
        ),
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


def _lender(given: str, base: str) -> Workspace:
    """A workspace to build on."""
    shipped = find_workspace(shipped_root())
    own = (shipped.manifest.prefix, shipped.manifest.node)
    if given in own and not Path(given).is_dir():
        found = shipped
    elif (Path(given) / NAME).is_file():
        found = find_workspace(Path(given))
    else:
        raise InputError(
            f"--extends {given}: no folder with {NAME} in it; name one, "
            f'or "{own[0]}" for the workspace that the package carries'
        )
    if not found.manifest.prefix:
        raise InputError(
            f"--extends {given}: its {NAME} gives no vann:preferredNamespacePrefix, by which "
            "its things are named in yours"
        )
    if found.manifest.base == base:
        raise InputError(f"--extends {given}: its things lie under {base} too; give another --base")
    return found


def _way(folder: Path, root: Path) -> str:
    """From a new folder to another."""
    return Path(os.path.relpath(root.resolve(), folder.resolve())).as_posix()


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
