"""`python3 app.py test`: gets the programs that some tests need, then runs pytest on all cores."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from tools.bootstrap import ROOT
from tools.system_packages import SYSTEM_PACKAGES, install_missing


def run_tests(arguments: Sequence[str]) -> int:
    install_missing(SYSTEM_PACKAGES.values())
    command = [sys.executable, "-m", "pytest", *_in_parallel(arguments), *arguments]
    return subprocess.call(command, cwd=ROOT)


def _in_parallel(arguments: Sequence[str]) -> list[str]:
    """Unless the caller said how many processes, or wants a debugger, which needs the terminal for itself."""
    own_choice = ("-n", "--numprocesses", "--pdb", "--trace", "--collect-only", "--co", "no:xdist")
    if any(argument.startswith(own_choice) for argument in arguments):
        return []
    processes = (os.cpu_count() or 1) + 1  # one of them waits for a browser or a disk most of the time
    return ["-n", str(processes), "--dist", "worksteal"]
