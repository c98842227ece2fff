"""Why something holds: rules run backwards to asserted triples and their passages.

No proofs are stored; a new format of a proof is added here.
"""
