"""SHACL, in two ways that are tested against each other and against pyshacl.

For the shapes of a workspace: :mod:`model` reads them, :mod:`compile` turns SHACL Core into
queries, one for each constraint and not one for each node, and :mod:`run` evaluates them on
Oxigraph. For any shapes on any data, and for what is not compiled: :mod:`shapes` reads and
examines a shapes graph, and :mod:`evaluate` goes node by node over the terms as they are
written (:mod:`graph`, :mod:`paths`, :mod:`order`, :mod:`patterns`, :mod:`queries`).
:mod:`reference` is pyshacl, for tests.
"""
