"""The command line, thin over functions that can be imported."""

from csto.cli import (
    ask,
    docs,
    exports,
    law,
    panels,
    publish,
    serve,
)
from csto.cli.common import app

__all__ = [
    "app",
    "ask",
    "docs",
    "exports",
    "law",
    "panels",
    "publish",
    "serve",
]
