"""A web server over the graph: SPARQL 1.1 Protocol, a page for every IRI of ours, saved queries.

The process that speaks HTTP holds no graph. Each answer is made by one of a few
worker processes, which may be killed: a query that runs too long or takes too much
memory ends with its worker, and nothing else does. Workers cannot open a network
socket and never write.

Installed with ``pip install 'csto[serve]'``.
"""
