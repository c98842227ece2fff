"""Inference rules and axioms: their dialect, what they read and write, and whether they end.

A rule itself is a file of ontology/rules; here is what every rule may be.
"""
