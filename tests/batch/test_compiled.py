"""Compiled loops cost the portal's start nothing, and what is kept of them survives an upgrade in place."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LOOP = """
from typing import NamedTuple
from portal.batch.compiled import compiled

class {name}(NamedTuple):
    number: int

@compiled
def doubled(given):
    return 2 * given.number

print(doubled({name}(21)))
"""


def test_starting_the_portal_does_not_load_the_compiler():
    program = "import sys, portal.application; sys.exit('numba' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_type_renamed_by_an_upgrade_does_not_stop_the_loops_kept_before(tmp_path: Path):
    """Both versions are imported as `loops` from one folder, as the old and the new release are."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    for name in ("Before", "After"):
        (tmp_path / "loops.py").write_text(LOOP.format(name=name), encoding="utf-8")
        ended = subprocess.run(
            [sys.executable, "-c", "import loops"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ended.stdout, ended.stderr) == ("42\n", "")
