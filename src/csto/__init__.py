"""A knowledge graph of collective security.

Every answer holds as of a date and can be proved back to a passage of a source.

    >>> import csto
    >>> graph = csto.open(on="2022-01-10")
    >>> [row["label"] for row in graph.overlap("OTS", "CSTO")]
    ['Kazakhstan', 'Kyrgyzstan']
"""

from csto.api import Graph, Rows, open

__version__ = "0.1.0"

__all__ = ["Graph", "Rows", "__version__", "open"]
