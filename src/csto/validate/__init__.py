"""Check the graph against shapes and checks, and say where each finding is written.

Shapes (``ontology/shapes/*.ttl``) hold what concerns one node; checks
(``ontology/checks/*.rq``) hold joins. Both run as set-based queries on Oxigraph and end in
one list of findings, each with a code, a place in a file and a fix.
"""

from csto.validate.finding import SEVERITIES, Finding, Place, Report
from csto.validate.run import catalogue, validate

__all__ = ["SEVERITIES", "Finding", "Place", "Report", "catalogue", "validate"]
