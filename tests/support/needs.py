"""Programs that only some machines have: use them, skip with the line that installs them, or fail in CI.

As a pytest plugin it also counts those skips at the end of the run.
"""

import os
from pathlib import Path

import pytest

from tools.system_packages import SYSTEM_PACKAGES

COMPLETE = "PORTAL_TEST_COMPLETE"
_MARK = "Missing program"


def require(name: str) -> Path:
    """The program's path, or a skip that says what to install; with PORTAL_TEST_COMPLETE=1 a failure."""
    package = SYSTEM_PACKAGES[name]
    path = package.find()
    if path is not None:
        return path
    install = f"apt-get install --no-install-recommends {' '.join(package.apt_names)}"
    reason = f"{_MARK} {name}; run as root: {install}"
    if os.environ.get(COMPLETE) == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def missing_programs(reasons: list[str]) -> dict[str, int]:
    """How many tests were skipped for each missing program, by the line that says what to do."""
    counts: dict[str, int] = {}
    for reason in reasons:
        _, found, line = reason.partition(_MARK)
        if found:
            counts[_MARK + line] = counts.get(_MARK + line, 0) + 1
    return counts


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple)]
    for line, count in sorted(missing_programs(reasons).items()):
        terminalreporter.write_line(f"{count} tests skipped. {line}", yellow=True)
