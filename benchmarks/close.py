"""Load an ontology and N-Triples, close them under the axioms, write what there is: one process."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from csto.load.ntriples import triples_in
from csto.reason.evaluate import evaluate
from csto.reason.state import State
from csto.rules.axioms import compile_axioms
from csto.rules.program import program

# As every command of ours does: nothing here is worth tidying up.
gc.disable()
# The file holds the ontology and the slice, as owlrl gets them.
given = Path(sys.argv[1]).read_text(encoding="utf-8")
triples = list(triples_in(given))
rules = program(compile_axioms(triples))
state = State(len(rules.widths))
state.add(triples)
made = evaluate(rules, state).timeless()
print(len(given) + sum(len(" ".join(state.spelt(triple))) for triple in made), flush=True)
os._exit(0)
