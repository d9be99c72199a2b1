"""How the browser tests start the system's Chromium, never a download of Playwright's. A pytest plugin."""

import os
from typing import Any

import pytest

from tests.support.needs import require

_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch_arguments() -> dict[str, Any]:
    """For Playwright's `launch()`; skips or fails the test when there is no Chromium."""
    arguments = list(_QUIET)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses its sandbox to root
    return {"executable_path": str(require("chromium")), "args": arguments, "headless": True}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Takes the place of pytest-playwright's fixture of this name."""
    return launch_arguments()
