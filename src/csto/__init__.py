"""A knowledge graph of collective security.

Every answer holds as of a date and can be proved back to a passage of a source.
"""

__version__ = "0.1.0"
