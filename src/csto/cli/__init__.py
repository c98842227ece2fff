"""The command line, thin over functions that can be imported."""

from csto.cli import ask, change, check, panels, publish
from csto.cli.common import app

__all__ = ["app", "ask", "change", "check", "panels", "publish"]
