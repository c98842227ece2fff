"""Where each statement of a Turtle, TriG, N-Triples or N-Quads text stands.

The tree under ``csto fmt`` knows the place of every term; here it is asked for the
statements. They are the same as Oxigraph's (tests compare them on every file of the
workspace), so a finding about a triple can be put where it is written.
"""

from __future__ import annotations

from csto.fmt.grammar import read
from csto.fmt.tokens import Span
from csto.fmt.triples import Placed, placed

KINDS = ("ttl", "trig", "nt", "nq")

__all__ = ["KINDS", "NotPlacedError", "Placed", "Span", "statements"]


class NotPlacedError(Exception):
    """The text is of a format whose statements have no places."""


def statements(text: str, ending: str, base: str = "") -> list[Placed]:
    """The statements of a text in the order in which they are written.

    What is wrong in the text is passed over: the rest keeps its places.

    Args:
        text: the content of a file.
        ending: ``ttl``, ``trig``, ``nt`` or ``nq``.
        base: against which relative IRIs are resolved.

    Raises:
        NotPlacedError: if the text is of another format.
    """
    if ending not in KINDS:
        raise NotPlacedError(f"no places in .{ending}")
    return placed(read(text, ending), base)[0]
