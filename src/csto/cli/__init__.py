"""The command line, thin over functions that can be imported."""

from csto.cli import (
    ask,
    change,
    check,
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
    "change",
    "check",
    "docs",
    "exports",
    "law",
    "panels",
    "publish",
    "serve",
]
