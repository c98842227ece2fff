"""Text of pictures: how wide it is, how it is broken, and what it says of the rows."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence

# A browser without Liberation Sans or a font of its measures takes a wider one.
SPARE = 1.12
_NARROW, _SLIM, _WIDE = "ijl|'.,:;!", "ftrI()[]/ -·", "mwMW@%—…"


def width(text: str, size: float) -> float:
    """Pixels that a text takes in Liberation Sans, about."""
    total = 0.0
    for letter in text:
        if letter in _NARROW:
            total += 0.24
        elif letter in _SLIM:
            total += 0.32
        elif letter in _WIDE:
            total += 0.86
        else:
            total += 0.68 if letter.isupper() else 0.555
    return total * size


def wrap(text: str, pixels: float, size: float, lines: int = 2, spare: float = 1.0) -> list[str]:
    """Lines of at most so many pixels; what does not fit into them ends in an ellipsis.

    ``spare`` is how much wider than here the text may come out.
    """
    pixels /= spare
    if width(text, size) <= pixels:
        return [text]
    letters = max(4, int(pixels / (width(text, size) / max(1, len(text)))))
    broken = textwrap.wrap(text, letters, break_long_words=True) or [""]
    if len(broken) > lines:
        last = broken[lines - 1]
        broken = [*broken[: lines - 1], last[: max(1, letters - 1)].rstrip() + "…"]
    return broken


def described(
    kind: str, title: str, columns: Sequence[str], rows: Iterable[Mapping[str, str]], most: int = 12
) -> str:
    """Alternative text: what is drawn, and the rows themselves as far as they are few."""
    listed = list(rows)
    if not listed:
        return f"{title}. No rows."
    said = []
    for row in listed[:most]:
        parts = [row[name] for name in columns if row.get(name)]
        said.append(parts[0] + (": " + ", ".join(parts[1:]) if parts[1:] else ""))
    more = f"; and {len(listed) - most} rows more" if len(listed) > most else ""
    count = f"{len(listed)} row{'' if len(listed) == 1 else 's'}"
    return f"{title}. {kind.capitalize()} of {count}: {'; '.join(said)}{more}."
