"""The application with all its commands."""

from csto.cli import ask, change, check, docs, exports, law, panels, publish, serve
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
