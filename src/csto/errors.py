"""Errors with an exit code, so that a script can tell bad input from bad data.

Exit codes of every command: 0 done (and, for ``validate``, clean), 1 findings,
2 bad input or usage, 3 internal error.
"""

from __future__ import annotations

EXIT_OK = 0
EXIT_FINDINGS = 1
EXIT_INPUT = 2
EXIT_INTERNAL = 3


class CstoError(Exception):
    """An error whose message is one clear line for the user."""

    exit_code = EXIT_INTERNAL


class InputError(CstoError):
    """Bad input or usage: the message names the place and how to fix it."""

    exit_code = EXIT_INPUT
