"""Where a run's time went, said at its end: by folder, and every test that took longer than it should. A pytest plugin.

Seconds of the processor count, because a test that waits for another's turn costs nothing; a browser's and a database
server's own are in the seconds of the clock only.
"""

import os
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass

import pytest

ENOUGH_TESTS = 500
"""Who runs one room's tests has no need of a table."""
LONG_SECONDS = 10
"""A test that takes more must find what a cheaper one cannot: docs/testing.md."""


@dataclass
class Spent:
    """Seconds of the clock and of the processor, summed over setup, call and teardown."""

    clock: float = 0.0
    processor: float = 0.0

    def add(self, report: pytest.TestReport) -> None:
        self.clock += report.duration
        self.processor += getattr(report, "processor_seconds", 0.0)


_BEGUN = pytest.StashKey[float]()
_spent: dict[str, Spent] = defaultdict(Spent)


def _processor_seconds() -> float:
    """Of this process and of those it has waited for."""
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    now = _processor_seconds()
    report.processor_seconds = now - item.config.stash.get(_BEGUN, now)  # type: ignore[attr-defined]
    item.config.stash[_BEGUN] = now
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Called where the reports of all workers arrive, too."""
    _spent[report.nodeid].add(report)


def group_of(nodeid: str) -> str:
    """`tests/loop/cards`, `tests/test_crawl.py`."""
    parts = nodeid.partition("::")[0].split("/")
    return "/".join(parts[:3] if parts[1:2] in (["loop"], ["workspaces"], ["shared"]) else parts[:2])


def by_group(spent: dict[str, Spent]) -> list[tuple[str, int, float, float]]:
    """Group, number of tests, seconds of the clock and of the processor; the dearest first."""
    groups: dict[str, tuple[int, float, float]] = {}
    for nodeid, one in spent.items():
        tests, clock, processor = groups.get(group_of(nodeid), (0, 0.0, 0.0))
        groups[group_of(nodeid)] = tests + 1, clock + one.clock, processor + one.processor
    return sorted(((name, *sums) for name, sums in groups.items()), key=lambda row: -row[2])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if len(_spent) < ENOUGH_TESTS:
        return
    terminalreporter.section("where the time went: tests, seconds of the clock, of the processor")
    for name, tests, clock, processor in by_group(_spent):
        terminalreporter.write_line(f"{tests:6} {clock:8.0f} {processor:8.0f}  {name}")
    total = [sum(one.clock for one in _spent.values()), sum(one.processor for one in _spent.values())]
    terminalreporter.write_line(f"{len(_spent):6} {total[0]:8.0f} {total[1]:8.0f}  all")
    for nodeid, one in sorted(_spent.items(), key=lambda pair: -pair[1].clock):
        if one.clock > LONG_SECONDS:
            terminalreporter.write_line(f"{one.clock:8.1f} {one.processor:8.1f}  {nodeid}")
