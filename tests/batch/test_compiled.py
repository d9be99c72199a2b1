"""Compiled loops cost the portal's start nothing."""

import subprocess
import sys


def test_starting_the_portal_does_not_load_the_compiler():
    program = "import sys, portal.application; sys.exit('numba' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
