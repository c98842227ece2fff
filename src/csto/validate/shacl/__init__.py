"""SHACL Core and SHACL-SPARQL, for the shapes of a workspace and for anybody's.

:mod:`shapes` reads and examines a shapes graph (made of :mod:`parts`), :mod:`evaluate` validates
a graph against it, each constraint (:mod:`constraints`, :mod:`queries`) over all nodes of a shape
at once, and :mod:`words` says what was found. Terms are as the files have them (:mod:`graph`,
:mod:`paths`, :mod:`order`, :mod:`patterns`).
"""
