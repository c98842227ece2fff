"""Load an ontology and N-Triples, close them under the axioms, write what there is: one process."""

from __future__ import annotations

import sys

from pyoxigraph import NamedNode, RdfFormat, Store

from csto.reason.engine import Engine
from csto.rules.axioms import compile_axioms
from csto.vocabulary import ONTOLOGY

store, made = Store(), NamedNode("urn:made")
# The file holds the ontology and the slice, as owlrl gets them.
store.load(path=sys.argv[1], format=RdfFormat.N_TRIPLES, to_graph=ONTOLOGY)
for _ in Engine(store).run(compile_axioms(store), made, (ONTOLOGY,)):
    pass
print(
    sum(len(store.dump(format=RdfFormat.N_TRIPLES, from_graph=g) or b"") for g in (ONTOLOGY, made))
)
