"""The script runs from the command line on a tiny world, agrees with the matcher, and writes what it found."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def test_a_tiny_world_is_measured_checked_and_written_down(tmp_path):
    figures, page = tmp_path / "figures.json", tmp_path / "page.md"
    size = ["--citizens", "80", "--openings", "40", "--filters", "--raw", "--repeat", "1"]

    answer = subprocess.run(
        [sys.executable, "bench/matching_speed.py", *size, "--json", figures, "--write", "--page", page],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    found = json.loads(figures.read_text(encoding="utf-8"))
    again = found["ranked once more by portal.matching"]
    assert again == {
        "citizens compared": 80, "citizens that differ": 0, "openings compared": 40, "openings that differ": 0,
    }  # fmt: skip
    assert sum(found["raw steps s"].values()) == pytest.approx(found["raw s"])
    assert found["RapidFuzz WRatio loop"]["times as long"] > 0
    assert "extrapolated" in answer.stdout
    assert "<!-- matching-speed-80x40-filtered -->" in page.read_text(encoding="utf-8")
