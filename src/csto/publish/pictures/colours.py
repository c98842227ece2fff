"""Colours: a palette that holds for the colour-blind, in print and in the dark, and fixed domains.

Fills are those of M. Okabe and K. Ito (2008). Each has a dark outline, since some of them, and all
of them when pale, are too faint on white.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from csto.graph.dataset import TIMELESS, Dataset
from csto.sparql.text import select

INK, SOFT, GRID, PAPER, NEUTRAL = "#1a1a1a", "#595959", "#dddddd", "#ffffff", "#9a9a9a"
# White and black that are the same in the dark.
ON_DARK, ON_LIGHT = "#fefefe", "#1b1b1b"
PALETTE = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#8c6d31",
    "#6b5b95",
    "#b2b200",
    "#7f3b08",
)
HATCH = "url(#csto-hatch)"
# Opacity of a fill; the scale is the same in every picture.
FILL = {"certain": 1.0, "possible": 0.3, "open": 0.0}


def dark(colour: str) -> str:
    """A dark form of a colour, for outlines on white."""
    if colour == HATCH:
        return SOFT
    return "#" + "".join(f"{int(int(colour[at : at + 2], 16) * 0.55):02x}" for at in (1, 3, 5))


def light(colour: str) -> str:
    """A light form of it, for outlines on black."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{int(part + (255 - part) * 0.5):02x}" for part in parts)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2)."""
    total = 0.0
    for at, weight in ((1, 0.2126), (3, 0.7152), (5, 0.0722)):
        part = int(colour[at : at + 2], 16) / 255
        total += weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    return total


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def on(colour: str) -> str:
    """The colour of text on a fill."""
    if colour == HATCH:
        return INK
    # Solid colours stay as they are in the dark, and so must what is written on them; this grey
    # does not.
    light, deep = (PAPER, INK) if colour == SOFT else (ON_DARK, ON_LIGHT)
    return light if contrast(colour, light) >= contrast(colour, deep) else deep


@dataclass(frozen=True)
class Scale:
    """Values in their order, with a colour each."""

    colours: Mapping[str, str]

    @property
    def domain(self) -> list[str]:
        return list(self.colours)

    @property
    def fills(self) -> list[str]:
        return list(self.colours.values())

    @property
    def outlines(self) -> list[str]:
        return [dark(colour) for colour in self.colours.values()]

    @property
    def letters(self) -> dict[str, str]:
        """A letter for each value, all different: what tells them apart where colours are gone."""
        found: dict[str, str] = {}
        for value in self.colours:
            initials = [word[:1] for word in value.split()]
            letters = [letter.upper() for letter in (*initials, *value) if letter.isalnum()]
            free = [letter for letter in letters if letter not in found.values()]
            found[value] = next(iter(free), "")
        return found

    def shown(self, values: Iterable[str]) -> list[str]:
        """Those of the domain that occur, in its order."""
        found = set(values)
        return [value for value in self.colours if value in found]


def scheme_scale(dataset: Dataset, scheme: str) -> dict[str, str]:
    """The labels of the concepts of a scheme in their order, with the colours the ontology gives.

    What has no ``csto:colour`` gets none here (an empty text).
    """
    rows = select(
        dataset.store,
        """PREFIX csto: <https://w3id.org/csto/ontology#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?label ?colour WHERE {
          ?concept skos:inScheme ?scheme ; rdfs:label ?label .
          FILTER(STRENDS(STR(?scheme), "/SCHEME") && LANG(?label) IN ("", "en"))
          OPTIONAL { ?concept csto:colour ?colour } OPTIONAL { ?concept csto:drawOrder ?at }
        } ORDER BY (!BOUND(?at)) ?at ?label""".replace("SCHEME", scheme),
        TIMELESS,
    )
    return {row["label"].value: row["colour"].value if row["colour"] else "" for row in rows}


def scale(fixed: Mapping[str, str], values: Iterable[str]) -> Scale:
    """A scale over a fixed domain; values that are not in it come after it.

    Args:
        fixed: values in their order, each with a colour, ``hatched`` or an empty text.
        values: those that the rows have.
    """
    colours = {v: HATCH if c == "hatched" else c for v, c in fixed.items()}
    more = sorted({value for value in values if value} - set(colours))
    free = [c for c in PALETTE if c not in colours.values()]
    for at, value in enumerate(list(colours)):
        if not colours[value]:
            colours[value] = free[at % len(free)] if free else NEUTRAL
    if fixed:
        return Scale({**colours, **dict.fromkeys(more, NEUTRAL)})
    return Scale({value: PALETTE[at % len(PALETTE)] for at, value in enumerate(more)})
