"""`python3 app.py test`: gets the programs that some tests need, then runs pytest on all cores.

`--quick` is the loop of somebody who edits: no browser, no PostgreSQL, no crawl. `--drills` is the slow lane: tests
that kill processes and crash servers. `--ready` only makes everything ready. All else goes to pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from tools import ROOT
from tools.system_packages import SYSTEM_PACKAGES, install_missing

ALL_BUT_DRILLS = "not drill"
QUICK = "not drill and not browser and not postgres and not slow"
DRILLS = "drill"
COMPILES_THE_LEXICON = "portal.lexicon.warming"


def run_tests(arguments: Sequence[str]) -> int:
    if "--quick" not in arguments:
        install_missing(SYSTEM_PACKAGES.values())
    kept = as_tests_read_it(os.environ)
    warming = [sys.executable, "-m", COMPILES_THE_LEXICON]
    subprocess.check_call(warming, cwd=ROOT, env=kept)  # else each process would
    if "--ready" in arguments:
        return 0
    return subprocess.call(
        [sys.executable, "-m", "pytest", *as_pytest_reads_it(arguments)], cwd=ROOT, env=kept
    )


def as_tests_read_it(environment: Mapping[str, str]) -> dict[str, str]:
    """Without the wish to keep no compiled modules: each of the many processes that tests start would compile anew."""
    return {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}


def as_pytest_reads_it(arguments: Sequence[str]) -> list[str]:
    """With the lane as an expression of marks, in front of the caller's own, and the number of processes."""
    lanes = {"--quick": QUICK, "--drills": DRILLS}
    expression = next((marks for lane, marks in lanes.items() if lane in arguments), ALL_BUT_DRILLS)
    own = [argument for argument in arguments if argument not in lanes]
    for place, argument in enumerate(own):
        if argument == "-m" and place + 1 < len(own):
            expression = f"({expression}) and ({own[place + 1]})"
            own[place : place + 2] = []
            break
    few_examples = ["--hypothesis-profile=quick"] if "--quick" in arguments else []
    # drills say how long others wait meanwhile: one at a time, or they measure each other
    processes = [] if "--drills" in arguments else _in_parallel(own)
    return ["-m", expression, *few_examples, *processes, *own]


def _in_parallel(arguments: Sequence[str]) -> list[str]:
    """Unless the caller said how many processes, or wants a debugger, which needs the terminal for itself."""
    own_choice = ("-n", "--numprocesses", "--pdb", "--trace", "--collect-only", "--co", "no:xdist")
    if any(argument.startswith(own_choice) for argument in arguments):
        return []
    processes = (os.cpu_count() or 1) + 1  # one of them waits for a browser or a disk most of the time
    return ["-n", str(processes), "--dist", "worksteal"]
