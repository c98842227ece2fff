"""Write docs/model/classes.md: every class that people write, what it takes, and an example.

Read from ``ontology/`` (labels, usage, shapes) and from the examples: nothing is typed twice.

Usage: python tools/classes.py [FILE]
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

from csto.vocabulary import CSTO, RDF, RDFS, SH, SKOS, shorten

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "model" / "classes.md"
SCHEMA = "https://schema.org/"
SCHEME = "https://w3id.org/csto/concept/"
# An example is taken from the first of these that has one.
FROM = ("examples/alliance", "examples/inter-american", ".")
# Modules of the ontology whose classes are written by hand, in the order of reading.
ROOMS = {
    "agents": "Agents, places",
    "organs": "Organs, offices, rules of procedure",
    "law": "Instruments, provisions, norms",
    "situations": "Situations",
    "acts": "Acts",
    "crises": "Crises and what was done",
    "forces": "Forces, bases, exercises",
    "positions": "Positions, documents",
    "votes": "Votes",
    "knowledge": "Sources, claims, figures, conflicts",
    "coverage": "Coverage",
}
HEAD = """\
# Classes

Every class that is written in `graph/`, with what a thing of it must have, what else it may have,
and a short example from the workspaces of this repository. Properties of wider classes hold too.
Made by `python tools/classes.py` from the ontology; `csto schema KIND` shows what is in use in a
workspace, [Writing](writing.md) how the parts go together.
"""
ANY = "Any thing: `rdfs:label` (one in English), `skos:altLabel`, `skos:note`, `csto:evidence`."


class Ontology:
    """What the Turtle files of the ontology say of classes and properties."""

    def __init__(self) -> None:
        self.store = Store()
        self.room: dict[NamedNode, str] = {}
        for path in sorted((ROOT / "ontology").rglob("*.ttl")):
            if "alignments" in path.parts:
                continue
            held = Store()
            held.load(path=str(path), format=RdfFormat.TURTLE)
            for quad in held:
                self.store.add(quad)
                is_class = quad.predicate.value == RDF + "type" and isinstance(
                    quad.subject, NamedNode
                )
                if is_class and getattr(quad.object, "value", "").endswith("owl#Class"):
                    self.room[quad.subject] = path.stem

    def objects(self, node: NamedNode | BlankNode, predicate: str) -> list[object]:
        return [
            q.object for q in self.store.quads_for_pattern(node, NamedNode(predicate), None, None)
        ]

    def text(self, node: NamedNode, predicate: str) -> str:
        found = [t.value for t in self.objects(node, predicate) if isinstance(t, Literal)]
        return min(found, default="")

    def above(self, cls: NamedNode) -> list[NamedNode]:
        """The class and all that are wider, the nearest first."""
        found = [cls]
        for one in found:
            wider = [o for o in self.objects(one, RDFS + "subClassOf") if isinstance(o, NamedNode)]
            found += [w for w in sorted(wider, key=str) if w not in found]
        return found

    def takes(self, cls: NamedNode) -> dict[str, list[str]]:
        """The properties that may stand on a thing of exactly this class, with their values."""
        found: dict[str, list[str]] = {}
        domain = NamedNode(SCHEMA + "domainIncludes")
        for quad in self.store.quads_for_pattern(None, domain, cls, None):
            ranges = self.objects(quad.subject, SCHEMA + "rangeIncludes")
            found[quad.subject.value] = sorted(_range(r.value) for r in ranges)
        return dict(sorted(found.items()))

    def musts(self) -> dict[NamedNode, list[str]]:
        """What shapes require of a class: paths with at least one value."""
        found: dict[NamedNode, list[str]] = defaultdict(list)
        target = NamedNode(SH + "targetClass")
        for quad in self.store.quads_for_pattern(None, target, None, None):
            for shape in self.objects(quad.subject, SH + "property"):
                least = [int(v.value) for v in self.objects(shape, SH + "minCount")]
                for path in self.objects(shape, SH + "path") if max(least, default=0) else []:
                    if name := self._path(path):
                        found[quad.object].append(name)
        return {cls: sorted(set(names)) for cls, names in found.items()}

    def _path(self, path: object) -> str:
        if isinstance(path, NamedNode):
            return f"`{shorten(path.value)}`"
        ways = self.objects(path, SH + "alternativePath")
        names: list[str] = []
        for step in ways:
            while isinstance(step, BlankNode):
                names += [o.value for o in self.objects(step, RDF + "first")]
                step = next(iter(self.objects(step, RDF + "rest")), None)
        return " or ".join(f"`{shorten(name)}`" for name in names)


def _range(iri: str) -> str:
    return f"`{iri.removeprefix(SCHEME)}`" if iri.startswith(SCHEME) else f"`{shorten(iri)}`"


def examples() -> dict[str, tuple[str, str]]:
    """The shortest block of Turtle for each class, with the file in which it stands."""
    found: dict[str, tuple[str, str]] = {}
    for workspace in FROM:
        here: dict[str, tuple[str, str]] = {}
        for path in sorted((ROOT / workspace / "graph").rglob("*.ttl")):
            for block in re.split(r"\n\n+", path.read_text(encoding="utf-8").strip()):
                match = re.match(r"\S+ a ((?:csto:\w+(?: , )?)+) ;", block)
                for name in re.findall(r"csto:(\w+)", match[1]) if match else []:
                    known = here.get(name)
                    # One line more often shows more than it costs; very short ones show nothing.
                    if block.count("\n") > 2 and (known is None or len(block) < len(known[1])):
                        here[name] = (path.relative_to(ROOT).as_posix(), block)
        found = {**here, **found}
    return found


def page() -> str:
    ontology, shown = Ontology(), examples()
    musts = ontology.musts()
    parts = [HEAD, ANY + "\n"]
    for room, title in ROOMS.items():
        classes = sorted(
            (c for c, r in ontology.room.items() if r == room and c.value.startswith(CSTO)), key=str
        )
        parts.append(f"## {title}\n")
        for cls in classes:
            name = cls.value.removeprefix(CSTO)
            takes, wider = ontology.takes(cls), ontology.above(cls)
            if name not in shown and not takes:
                continue
            label = ontology.text(cls, RDFS + "label")
            lines = [f"### csto:{name} ({label})", ontology.text(cls, SKOS + "definition")]
            if above := [w for w in wider[1:] if w.value.startswith(CSTO)]:
                lines.append("Wider: " + ", ".join(f"`{shorten(w.value)}`" for w in above) + ".")
            if needed := [m for w in wider for m in musts.get(w, [])]:
                lines.append("Must have: " + ", ".join(dict.fromkeys(needed)) + ".")
            if takes:
                told = (
                    f"`{shorten(p)}`" + (f" ({', '.join(r)})" if r else "")
                    for p, r in takes.items()
                )
                lines.append("Takes: " + "; ".join(told) + ".")
            parts.append("\n\n".join(lines) + "\n")
            if name in shown:
                where, block = shown[name]
                parts.append(f"```turtle\n# {where}\n{block}\n```\n")
    return "\n".join(parts)


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
