"""A knowledge graph of collective security.

Every answer holds as of a date and can be proved back to a passage of a source.

    >>> import csto
    >>> graph = csto.open(on="2022-01-10")
    >>> [row["label"] for row in graph.overlap("OTS", "CSTO")]
    ['Kazakhstan', 'Kyrgyzstan']
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from csto.api import Graph, Rows, open

__version__ = "0.1.0"

__all__ = ["Graph", "Rows", "__version__", "open"]


def __getattr__(name: str) -> Any:
    # A command imports this package too, and needs none of it.
    if name not in __all__:
        raise AttributeError(f"module 'csto' has no attribute {name!r}")
    from csto import api

    return getattr(api, name)
