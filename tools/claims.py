"""How much of what claims say is structure: shares by fit, and the files whose claims have no fit.

Run from the root of the repository: ``python tools/claims.py``. A claim is a ``csto:Claim`` or an
``csto:Assessment``; figures and source labels have a measure or a wording of their own and are counted
only where they are rivals in a conflict, where they are whole: number or wording is all that they say.
"""

from __future__ import annotations

import collections
import pathlib
import sys
from collections.abc import Iterable

import pyoxigraph as ox

ROOT = pathlib.Path(__file__).resolve().parent.parent
CSTO = "https://w3id.org/csto/ontology#"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
FITS = ("whole", "part", "none")
# Wanted shares in percent: whole, and whole or part.
WANTED = {
    "rival claims": (75, 95),
    "all claims": (65, 90),
    "claims on crises": (50, 90),
    "assessments": (40, 80),
}

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def csto(name: str) -> ox.NamedNode:
    return ox.NamedNode(CSTO + name)


class Claims:
    """The claims of a folder of Turtle files, with the file that each stands in."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.file: dict[Node, str] = {}
        self.types: dict[Node, set[str]] = collections.defaultdict(set)
        self.properties: dict[tuple[Node, str], list[Node]] = collections.defaultdict(list)
        for path in sorted(folder.rglob("*.ttl")):
            for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
                if quad.predicate == RDF_TYPE and isinstance(quad.object, ox.NamedNode):
                    self.types[quad.subject].add(quad.object.value.removeprefix(CSTO))
                    self.file[quad.subject] = str(path.relative_to(folder.parent))
                else:
                    name = quad.predicate.value.removeprefix(CSTO)
                    self.properties[quad.subject, name].append(quad.object)

    def of(self, *kinds: str) -> list[Node]:
        return [node for node, types in self.types.items() if types & set(kinds)]

    def fit(self, claim: Node) -> str:
        """whole, part, none, or missing where the claim has no fit of its own."""
        for value in self.properties.get((claim, "fit"), ()):
            if isinstance(value, ox.NamedNode):
                return value.value.rsplit("/", 1)[1]
        return "whole" if self.types[claim] & {"Figure", "SourceLabel"} else "missing"

    def on_crises(self, claims: Iterable[Node]) -> list[Node]:
        """The claims with a crisis, or an act, side or operation that is part of one, among what they touch."""
        crises = set(self.of("Crisis"))
        inside = crises | {
            node
            for (node, name), values in self.properties.items()
            if name in {"partOf", "inCrisis"} and crises.intersection(values)
        }
        return [
            claim
            for claim in claims
            if any(
                inside.intersection(self.properties.get((claim, name), ()))
                for name in ("about", "subject", "object")
            )
        ]


def main() -> int:
    claims = Claims(ROOT / "graph")
    said = claims.of("Claim", "Assessment")
    rivals = {
        value
        for (_, name), values in claims.properties.items()
        if name == "rivalClaim"
        for value in values
    }
    groups = {
        "rival claims": [node for node in claims.types if node in rivals],
        "all claims": claims.of("Claim"),
        "claims on crises": claims.on_crises(said),
        "assessments": claims.of("Assessment"),
    }
    for name, members in groups.items():
        count = collections.Counter(map(claims.fit, members))
        total = len(members)
        whole = 100 * count["whole"] / total
        some = 100 * (count["whole"] + count["part"]) / total
        counts = ", ".join(f"{fit} {count[fit]}" for fit in (*FITS, "missing"))
        print(
            f"{name}: {total}; {counts}; whole {whole:.1f} % (wanted {WANTED[name][0]}), "
            f"whole or part {some:.1f} % (wanted {WANTED[name][1]})"
        )
    missing = collections.defaultdict(list)
    for claim in said:
        if claims.fit(claim) == "missing":
            missing[claims.file[claim]].append(claim)
    print(f"without fit: {sum(map(len, missing.values()))}")
    for file, nodes in sorted(missing.items()):
        print(f"  {file}: {len(nodes)}")
        if "--list" in sys.argv:
            for node in nodes:
                print(f"    {node}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
