"""Load an ontology and N-Triples, close them under the axioms, write what there is: one process."""

from __future__ import annotations

import sys
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from csto.reason.evaluate import evaluate
from csto.reason.state import State
from csto.rules.axioms import compile_axioms
from csto.rules.program import program

# The file holds the ontology and the slice, as owlrl gets them.
given = Path(sys.argv[1]).read_text(encoding="utf-8")
rules = program(compile_axioms(parse(input=given.encode(), format=RdfFormat.N_TRIPLES)))
state = State(len(rules.widths))
state.add_text(given)
made = evaluate(rules, state).timeless()
print(len(given) + sum(len(" ".join(state.spelt(triple))) for triple in made))
