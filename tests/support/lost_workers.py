"""How a process of a run was lost: by which signal, where it stood, and what memory it held. A pytest plugin.

xdist says no more than that a worker crashed. A process that can hear its signal (a fault in a library, a polite end)
leaves behind where each of its threads stood; SIGKILL it cannot hear: that is somebody's kill, or the system's want of
memory, which the system counts.
"""

import contextlib
import faulthandler
import resource
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import pytest

_LAST_WORDS = "last_words"
"""In what xdist hands to a worker: the file where it leaves them."""
_KILLS_FOR_MEMORY = (Path("/proc/vmstat"), Path("/sys/fs/cgroup/memory.events"))
"""Where Linux counts them, for the machine and for the container."""
_SECONDS_TO_END = 5
MOST_BEGUN_ANEW = 2
"""Tests of a run that are run once more because a fault of the interpreter took their process away under them."""

_file = pytest.StashKey[TextIO]()


def kills_for_memory() -> dict[str, int]:
    """By the file that counts them; empty where none does."""
    found: dict[str, int] = {}
    for path in _KILLS_FOR_MEMORY:
        with contextlib.suppress(OSError):
            counts = dict(line.split(maxsplit=1) for line in path.read_text("ascii").splitlines())
            found |= {str(path): int(counts[name]) for name in ("oom_kill",) if name in counts}
    return found


@dataclass
class Watch:
    """What the process that deals out the tests knows of its workers."""

    folder: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)
    before: dict[str, int] = field(default_factory=kills_for_memory)
    peaks: dict[str, float] = field(default_factory=dict)
    """Megabytes, by worker."""
    lost: list[str] = field(default_factory=list)
    faults: int = 0
    """Processes that a segmentation fault ended, which no test of Python code makes."""
    begun_anew: list[str] = field(default_factory=list)

    def last_words(self, worker: str) -> Path:
        return Path(self.folder.name) / f"{worker}.txt"

    def note(self, worker: str, returncode: int | None) -> None:
        more = {
            path: kills - self.before.get(path, 0)
            for path, kills in kills_for_memory().items()
            if kills > self.before.get(path, 0)
        }
        self.faults += returncode == -signal.SIGSEGV
        self.lost.append(
            f"{worker} {_how(returncode)}; it had held {self.peaks.get(worker, 0.0):.0f} MB; "
            f"killed for want of memory since the run began: {more or 'nobody'}"
        )
        with contextlib.suppress(OSError):
            self.lost += self.last_words(worker).read_text("utf-8", errors="replace").splitlines()


_watch = pytest.StashKey[Watch]()


def _how(returncode: int | None) -> str:
    if returncode is None:
        return "closed its pipe and lives on"
    with contextlib.suppress(ValueError):
        return f"was ended by {signal.Signals(-returncode).name}"
    return f"ended with {returncode}"


# --- In a worker ---------------------------------------------------------------------------------------------


@pytest.hookimpl(trylast=True)  # after pytest's own, which writes where nobody may look
def pytest_configure(config: pytest.Config) -> None:
    path = getattr(config, "workerinput", {}).get(_LAST_WORDS)
    if path is None:
        return
    file = config.stash[_file] = Path(path).open("w", encoding="utf-8")  # noqa: SIM115 - to the end
    faulthandler.enable(file)
    for heard in (signal.SIGTERM, signal.SIGXCPU):
        faulthandler.register(heard, file, chain=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Any:
    report = yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report.peak_mb = peak / (1024 if sys.platform == "linux" else 1024 * 1024)
    return report


# --- In the process that deals out the tests -----------------------------------------------------------------


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    watch = node.config.stash.setdefault(_watch, Watch())
    node.workerinput[_LAST_WORDS] = str(watch.last_words(node.gateway.id))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    node = getattr(report, "node", None)  # xdist's
    if node is not None and _watch in node.config.stash:
        node.config.stash[_watch].peaks[node.gateway.id] = getattr(report, "peak_mb", 0.0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    if error is None:
        return
    process = getattr(node.gateway._io, "popen", None)
    returncode = None
    if process is not None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            returncode = process.wait(_SECONDS_TO_END)
    node.config.stash[_watch].note(node.gateway.id, returncode)


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem: str, report: pytest.TestReport, sched: Any) -> None:
    """Run it once more in another process: the fault struck while garbage was collected, whatever test that met.

    A test that ends its process by itself does so again, and fails. The loss is told at the end of the run either way.
    """
    watch: Watch = sched.config.stash[_watch]
    is_new = crashitem not in watch.begun_anew and len(watch.begun_anew) < MOST_BEGUN_ANEW
    if watch.faults > len(watch.begun_anew) and is_new:
        watch.begun_anew.append(crashitem)
        watch.lost.append(f"{crashitem} was run once more")
        report.outcome = "rerun"  # type: ignore[assignment]
        sched.mark_test_pending(crashitem)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    watch = terminalreporter.config.stash.get(_watch, None)
    if watch is not None and watch.lost:
        terminalreporter.section("processes that were lost")
        for line in watch.lost:
            terminalreporter.write_line(line)
