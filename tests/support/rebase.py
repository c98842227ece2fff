"""The same workspace under another base of IRIs, and texts of both to compare."""

from __future__ import annotations

import re
from pathlib import Path

OURS, OTHER = "https://w3id.org/csto/", "https://example.org/elsewhere/data/"
# The vocabulary and its concepts keep their base.
_THINGS = re.compile(re.escape(OURS) + "(?=id/|source/)")


def rewritten(root: Path) -> Path:
    """A copy of a workspace, changed so that its things and sources lie elsewhere."""
    for path in root.rglob("*.ttl"):
        path.write_text(_THINGS.sub(OTHER, path.read_text(encoding="utf-8")), encoding="utf-8")
    return root


def ours_only(text: str) -> str:
    """A text as if its things lay under our base."""
    text = text.replace(OTHER, OURS)
    # What is written into an address is quoted.
    quoted = text.replace("https%3A%2F%2Fexample.org%2Felsewhere%2Fdata", "Q")
    return quoted.replace("https%3A%2F%2Fw3id.org%2Fcsto%2Fid", "Q%2Fid")


def words_of(text: str) -> list[str]:
    """Tags and words of a page, in no order."""
    return sorted(re.findall(r"<[^>]+>|[^\s;<>]+", text))
