"""Which classes and properties of the ontology no question uses.

Counts the terms that stand in ``tests/questions/*.rq`` and ``queries/**/*.rq``
against those that the ontology defines, and against those that the graph uses.

Usage: python tools/coverage.py
"""

from __future__ import annotations

import re
from pathlib import Path

from csto.graph.build import build
from csto.load.workspace import find_workspace
from csto.vocabulary import ASSERTED, CSTO, ONTOLOGY, OWL, RDF_TYPE

ROOT = Path(__file__).resolve().parent.parent
KINDS = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "property",
    OWL + "DatatypeProperty": "property",
}


def main() -> None:
    store = build(find_workspace(ROOT)).store
    terms: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, RDF_TYPE, None, ONTOLOGY):
        kind = KINDS.get(getattr(quad.object, "value", ""))
        name = getattr(quad.subject, "value", "")
        if kind and name.startswith(CSTO):
            terms[name.removeprefix(CSTO)] = kind
    asked: set[str] = set()
    for path in [*(ROOT / "tests" / "questions").glob("*.rq"), *(ROOT / "queries").rglob("*.rq")]:
        body = "\n".join(x for x in path.read_text().splitlines() if not x.startswith("#"))
        asked |= set(re.findall(r"\bcsto:(\w+)", body))
    stated: dict[str, int] = {}
    for quad in store.quads_for_pattern(None, None, None, ASSERTED):
        for term in (quad.predicate, quad.object if quad.predicate == RDF_TYPE else None):
            name = getattr(term, "value", "")
            if name.startswith(CSTO):
                stated[name.removeprefix(CSTO)] = stated.get(name.removeprefix(CSTO), 0) + 1
    for kind in ("class", "property"):
        of_kind = sorted(t for t, k in terms.items() if k == kind)
        used = [t for t in of_kind if t in asked]
        share = 100 * len(used) / max(1, len(of_kind))
        print(f"{kind}: {len(used)} of {len(of_kind)} terms are in a question ({share:.0f} %)")
        for term in of_kind:
            if term not in asked:
                print(f"  {term} ({stated.get(term, 0)} in the graph)")


if __name__ == "__main__":
    main()
