"""SHACL Core as set-based queries: one for each constraint, not one for each node.

:mod:`model` reads shapes, :mod:`compile` turns constraints into SPARQL, :mod:`run`
evaluates them on Oxigraph, and :mod:`reference` is pyshacl, which takes what the compiler
does not cover and against which its results are tested.
"""
