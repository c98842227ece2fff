"""The command line, thin over functions that can be imported."""

from csto.cli import ask, check, docs, exports, law, panels, publish, serve
from csto.cli.common import app

__all__ = ["app", "ask", "check", "docs", "exports", "law", "panels", "publish", "serve"]
