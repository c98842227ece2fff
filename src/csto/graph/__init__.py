"""The completed graph: built or taken from the cache, its things found by name, its nodes read.

What makes the graph ends here; everything after this only asks it.
"""
