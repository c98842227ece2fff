"""``python -m csto``."""

from csto.main import run

run()
