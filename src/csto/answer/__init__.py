"""Answers to questions: queries, overlaps, portraits of things, conflicts, law, panels, diffs.

Most questions need no code: a file in queries/ is enough.
"""
