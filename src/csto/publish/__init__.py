"""The graph for others: exports, profiles, networks, releases, pushes, the documentation.

A new format is added here; a new profile is a folder of queries in ontology/profiles.
"""
