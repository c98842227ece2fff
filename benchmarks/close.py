"""Load an ontology and N-Triples, close them under the axioms, write what there is: one process."""

from __future__ import annotations

import sys
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from csto.reason.evaluate import evaluate
from csto.reason.state import State
from csto.rules.axioms import compile_axioms
from csto.rules.program import program
from csto.vocabulary import ONTOLOGY

# The file holds the ontology and the slice, as owlrl gets them.
store = Store()
store.load(path=sys.argv[1], format=RdfFormat.N_TRIPLES, to_graph=ONTOLOGY)
rules = program(compile_axioms(store))
state = State(len(rules.widths))
given = Path(sys.argv[1]).read_text(encoding="utf-8")
state.add_text(given)
made = evaluate(rules, state).timeless()
print(len(given) + sum(len(" ".join(state.spelt(triple))) for triple in made))
