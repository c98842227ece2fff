"""Draw the pictures of the documentation anew, as docs/pictures/calls.yaml lists them.

    python tools/pictures.py            # write docs/pictures/*.svg
    python tools/pictures.py --check    # name those that are not current, and end with 1

A name with ``-narrow`` is for 390 pixels. SVG has the same bytes on every machine.
"""

from __future__ import annotations

import contextlib
import io
import shlex
import sys
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"


def calls() -> dict[str, str]:
    """Names of pictures, with the words behind ``csto`` that draw them."""
    loaded: dict[str, str] = yaml.safe_load((FOLDER / "calls.yaml").read_text(encoding="utf-8"))
    return loaded


def drawn(words: str) -> str:
    """The SVG that a call prints."""
    from csto.cli.main import run

    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    before = sys.argv
    sys.argv = ["csto", "--quiet", *shlex.split(words), "--format", "svg"]
    try:
        with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
            run()
    finally:
        sys.argv = before
    out.flush()
    return out.buffer.getvalue().decode()  # type: ignore[attr-defined]


def main() -> None:
    stale = []
    for name, words in calls().items():
        path, text = FOLDER / f"{name}.svg", drawn(words)
        if not text.startswith("<svg"):
            sys.exit(f"csto {words} draws nothing")
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
    if stale:
        sys.exit(f"not current: {', '.join(stale)}; make pictures draws them anew")


if __name__ == "__main__":
    main()
