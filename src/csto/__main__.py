"""``python -m csto``."""

from csto.cli.main import console

console()
