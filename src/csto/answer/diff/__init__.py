"""What changed between two states of a graph, and what follows from the change."""

from csto.answer.diff.compare import Change, Consequence, Difference, Entry, compare
from csto.answer.diff.sides import Side, open_sides

__all__ = ["Change", "Consequence", "Difference", "Entry", "Side", "compare", "open_sides"]
