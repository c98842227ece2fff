"""What follows: rules and axioms run over triples, slices of a day, and how each triple came about.

A change here changes what is derived; owlrl is kept beside it to compare with.
"""
