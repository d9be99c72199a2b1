"""Work that may be killed: what a child takes, leaves and knows, and who waits for whom."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from portal.base import child
from portal.base.child import Bound, Bounds, ChildFailed, ChildWork, ErrorInChild, Life, Queue
from portal.base.database import transaction

ROOT = Path(__file__).resolve().parents[2]
BOUNDS = Bounds(wall_seconds=5, cpu_seconds=5, memory_mb=200, answer_mb=1)
ONE = Queue(at_once=1, waiting=1, seconds=0.3)
KEPT = Life(jobs_each=3, retire_mb=100)


def work(name: str, life: Life | None = None, queue: Queue = ONE, **bounds: float) -> ChildWork:
    return ChildWork(f"tests.support.child_jobs:{name}", replace(BOUNDS, **bounds), queue, life)


def ran_into(job: Callable[[], object]) -> Bound:
    with pytest.raises(ChildFailed) as failure:
        job()
    return failure.value.bound


def is_alive(number: int) -> bool:
    """A zombie is dead: its parent, which nobody of ours is, has not looked yet."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(number: int, within: float = 30) -> bool:
    until = time.monotonic() + within
    while is_alive(number) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_alive(number)


def test_bytes_come_back_whatever_their_number():
    many = os.urandom(700_000)

    assert work("echo").run(b"") == b""
    assert work("echo").run(many) == many
    assert work("print_and_read").run(b"") == b"an answer"


def test_a_child_knows_no_key_no_database_and_little_code(monkeypatch):
    monkeypatch.setenv("PORTAL_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("PORTAL_DATABASE_URL", "postgresql://who:secret@host/db")

    number, group, names, modules = json.loads(work("who").run(b""))

    assert number == group != os.getpgrp()
    assert not [name for name in names if name.startswith("PORTAL")]
    assert modules == ["portal.base"], "and itself"


def test_what_takes_too_long_is_ended_by_either_clock():
    begun = time.monotonic()

    assert ran_into(lambda: work("sleep", wall_seconds=0.5).run(b"60")) is Bound.TIME
    assert ran_into(lambda: work("spin", wall_seconds=30, cpu_seconds=0).run(b"")) is Bound.TIME
    assert time.monotonic() - begun < 10


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count no memory")
def test_what_takes_too_much_memory_is_refused():
    assert work("eat").run(b"50") == str(50 * 1024 * 1024).encode()
    assert ran_into(lambda: work("eat").run(b"300")) is Bound.MEMORY


def test_an_answer_that_is_too_large_is_not_taken():
    assert ran_into(lambda: work("answer_much").run(b"2000000")) is Bound.SIZE


def test_a_child_that_is_killed_harms_nobody():
    dying = work("die", KEPT)

    assert ran_into(lambda: dying.run(b"")) is Bound.DEATH
    assert ran_into(lambda: dying.run(b"")) is Bound.DEATH


def test_a_job_that_a_warm_child_took_too_long_over_is_not_begun_again():
    slow = work("sleep", KEPT, wall_seconds=3)
    assert slow.run(b"0") == b"awake"
    begun = time.monotonic()

    assert ran_into(lambda: slow.run(b"60")) is Bound.TIME
    assert time.monotonic() - begun < 5.5  # begun again it would take twice its three seconds


def test_a_fault_of_ours_is_told_as_one():
    with pytest.raises(ErrorInChild, match="ValueError: så galt"):
        work("fail").run("så galt".encode())
    with pytest.raises(ErrorInChild, match="no_such"):
        work("no_such").run(b"")


def test_whatever_it_started_is_killed_with_it(tmp_path):
    told = tmp_path / "another"

    ran_into(lambda: work("start_another", wall_seconds=1).run(str(told).encode()))

    assert gone(int(told.read_text()))


def pid(of: ChildWork) -> int:
    return int(json.loads(of.run(b""))[0])


def test_a_warm_child_is_kept_for_its_jobs_and_then_replaced():
    warm = work("who", KEPT)

    numbers = [pid(warm) for _ in range(4)]

    assert numbers[0] == numbers[1] == numbers[2] != numbers[3]
    assert gone(numbers[0])
    warm.end_idle()
    assert gone(numbers[3])


def test_a_child_that_held_much_memory_is_replaced():
    warm = work("eat", replace(KEPT, retire_mb=60))

    assert warm.run(b"1")
    assert len(warm._idle) == 1
    assert warm.run(b"80")
    assert not warm._idle


def test_a_child_that_left_for_want_of_work_is_not_missed():
    warm = work("who", replace(KEPT, idle_seconds=0.2))
    first = pid(warm)
    assert gone(first)

    second = pid(warm)

    assert second != first
    warm.end_idle()


def test_a_child_killed_while_it_waited_is_not_missed():
    warm = work("who", KEPT)
    first = pid(warm)
    os.kill(first, signal.SIGKILL)
    assert gone(first)

    assert pid(warm) != first
    warm.end_idle()


def test_so_many_work_and_so_many_wait_and_the_rest_are_told():
    slow = work("sleep", queue=Queue(at_once=1, waiting=1, seconds=5))
    outcomes: list[object] = []

    def ask() -> None:
        try:
            outcomes.append(slow.run(b"0.5"))
        except ChildFailed as failure:
            outcomes.append(failure.bound)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    for thread in threads:
        thread.join()

    assert outcomes[:2] == [Bound.QUEUE, Bound.QUEUE], "two are told at once"
    assert outcomes[2:] == [b"awake", b"awake"]


def test_nobody_waits_for_ever_in_the_line():
    slow = work("sleep", queue=Queue(at_once=1, waiting=1, seconds=0.2))
    thread = threading.Thread(target=slow.run, args=(b"1",))
    thread.start()
    time.sleep(0.1)

    assert ran_into(lambda: slow.run(b"0")) is Bound.QUEUE
    thread.join()
    assert slow.run(b"0") == b"awake"


def test_nobody_waits_for_a_child_while_holding_the_lock(app):
    with transaction(), pytest.raises(RuntimeError, match="lock"):
        work("echo").run(b"")


def test_a_fork_has_no_children_and_the_parent_keeps_its_own():
    warm = work("who", KEPT)
    first = pid(warm)

    forked = os.fork()
    if not forked:  # pragma: no cover - in the fork
        os._exit(0 if not warm._idle and pid(warm) != first else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 0
    assert pid(warm) == first
    warm.end_idle()


_PARENT = """
import sys, threading
from tests.base.test_child import KEPT, work, Queue
idle, busy = work("who", KEPT), work("start_another", KEPT)
print(idle.run(b"").decode(), flush=True)
busy.run(sys.argv[1].encode())
"""


def test_when_the_parent_is_killed_no_child_stays(tmp_path):
    told = tmp_path / "another"
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(told)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    idle = json.loads(parent.stdout.readline())[0]
    until = time.monotonic() + 60
    while not (told.exists() and told.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    busy = int(Path(f"/proc/{told.read_text()}/stat").read_text().rpartition(")")[2].split()[1])

    parent.kill()
    parent.wait()

    assert gone(idle)
    assert gone(busy), "in the middle of its job"
    os.kill(int(told.read_text()), signal.SIGKILL)


def test_every_work_of_the_portal_is_bounded(app):
    ours = [one for one in child._all if one.function.startswith("portal.")]

    assert ours
    for one in ours:
        assert one.bounds.wall_seconds <= 120
        assert one.queue.at_once <= 2
        assert one.queue.waiting + one.queue.at_once <= 12, "the portal's other threads stay free"
