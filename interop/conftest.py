"""Times of the engines, printed at the end of the run."""

from __future__ import annotations

import pytest

TIMES: list[tuple[str, ...]] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if TIMES:
        terminalreporter.section("saved queries on other engines")
        for row in TIMES:
            terminalreporter.write_line("| " + " | ".join(row) + " |")
