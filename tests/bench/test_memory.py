"""The measure of a worker's memory, and a worker that is measured."""

import os
import subprocess
import sys

import pytest

from bench.memory import MOST_MB, Moment, children, measured, resident_mb, table


def test_memory_and_children_are_read_from_the_system():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert child.pid in children(os.getpid())
        assert 0 < resident_mb(os.getpid()) < 4_000
    finally:
        child.communicate(b"\n")
    assert resident_mb(child.pid) == 0


def test_the_table_says_worker_and_children():
    assert table([Moment(1000, 250, 40, 20.0)])[-1] == "| 1000 | 250 | 40 |"


@pytest.mark.drill
def test_a_worker_stays_within_its_bound_whatever_is_asked_of_it():
    """Its memory is level after some thousand requests; `bench/memory.py` goes on to 20,000."""
    moments, answers = measured(4_000, steps=4)

    assert max(one.worker_mb for one in moments) < MOST_MB
    assert moments[-1].worker_mb - moments[-2].worker_mb < 30, "still growing"
    assert not [status for status in answers if status >= 500]
    assert answers[200] > 2_000
