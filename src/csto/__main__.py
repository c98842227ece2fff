"""``python -m csto``."""

from csto.cli.main import run

run()
