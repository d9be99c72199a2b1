"""The work of a night, each command in a process of its own: one that fails, hangs or is killed stops no other."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

LIMIT: Final = timedelta(hours=3)
"""For one step: after that it hangs, and the morning comes."""
PORTAL: Final = str(Path(__file__).resolve().parents[3] / "app.py")
OUTPUT_LINES: Final = 12
"""Of a step that failed: enough to see why, however much it said."""

Words = Sequence[str]


@dataclass(frozen=True)
class NightlyStep:
    """One command by its words. Those of a step that needs another are made of that one's answer."""

    name: str
    words: Callable[[str], Words]
    needs: str = ""


@dataclass(frozen=True)
class NightlyOutcome:
    """What became of a step. `code`: 0 is well, below 0 the signal that killed it, None: it was not tried."""

    step: NightlyStep
    code: int | None
    seconds: float = 0
    answer: str = ""
    """The last line it gave as its result."""
    lines: tuple[str, ...] = ()
    """All that it said, troubles first."""

    @property
    def went_well(self) -> bool:
        return self.code == 0


def steps_of_a_night(folder: Path, *, keep_days: int) -> tuple[NightlyStep, ...]:
    """In their order: what is forgotten is not in the backup any more, and the doctor sees what the night has left."""
    return (
        NightlyStep("expire-openings", lambda _line: ["expire-openings"]),
        NightlyStep("purge-expired", lambda _line: ["purge-expired"]),
        NightlyStep("close-months", lambda _line: ["audit", "close-months"]),
        NightlyStep("rematch", lambda _line: ["rematch", "--only-stale"]),
        NightlyStep("backup", lambda _line: ["backup", str(folder)]),
        NightlyStep("verify", lambda line: ["backup", "--verify", line], needs="backup"),
        NightlyStep(
            "forget-backups",
            lambda _line: ["forget-backups", str(folder), "--older-than", str(keep_days)],
            needs="verify",
        ),
        NightlyStep("doctor", lambda _line: ["doctor"]),
    )


def carry_out(
    steps: Sequence[NightlyStep],
    *,
    program: Words = (sys.executable, "-m", "flask", "--app", PORTAL),
    limit: timedelta = LIMIT,
) -> Iterator[NightlyOutcome]:
    """Each in its turn, whatever became of those before; only what needs a step that failed is left out."""
    done: dict[str, NightlyOutcome] = {}
    for step in steps:
        needed = done.get(step.needs)
        if needed is not None and not needed.went_well:
            outcome = NightlyOutcome(step, None)
        else:
            outcome = _run(step, [*program, *step.words(needed.answer if needed else "")], limit)
        done[step.name] = outcome
        yield outcome


def _run(step: NightlyStep, command: Words, limit: timedelta) -> NightlyOutcome:
    began = time.monotonic()
    with subprocess.Popen(  # noqa: S603 - the program and its words are ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,  # what it has started (pg_dump) is stopped with it
    ) as child:
        try:
            told = child.communicate(timeout=limit.total_seconds())
        except BaseException as ended:
            os.killpg(child.pid, signal.SIGKILL)
            told = child.communicate()
            if not isinstance(ended, subprocess.TimeoutExpired):
                raise
    result, trouble = ([line.rstrip() for line in text.splitlines() if line.strip()] for text in told)
    answer = result[-1] if result else ""
    return NightlyOutcome(step, child.returncode, time.monotonic() - began, answer, (*trouble, *result))
