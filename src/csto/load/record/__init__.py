"""Tables of others, such as COW IGO, ATOP and UN votes, turned into triples that cite their rows.

A mapping (YAML, or the subset of RML that says the same) names the tables, the SQL that
makes rows of them and the templates of triples; a new data set is a new mapping, no Python.
"""
