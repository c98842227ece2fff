"""Canonical Turtle: one layout for every file that people edit.

Comments and the order of subjects are the author's; layout, the order of prefixes and
the place of the type are not. See ``docs/guide/fmt.md``.
"""

from csto.fmt.layout import canonical
from csto.fmt.run import Formatted, format_file, format_text, turtle_paths

__all__ = ["Formatted", "canonical", "format_file", "format_text", "turtle_paths"]
