"""The inside of a child process: one function, jobs on stdin, answers on a pipe, and the clocks that end it.

    python -P -m portal.base.child_side module:function BOUNDS

Imports the standard library and the function's module alone, so that it starts in milliseconds; knows no settings,
no keys and no database. `portal/base/child.py` is the other side. Source: docs/adr/022-child-processes.md
"""

import contextlib
import json
import os
import resource
import select
import signal
import struct
import sys
import threading
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

HEADER = struct.Struct(">cBQ")
"""What an answer is, whether its child takes another job, and how many bytes follow."""
JOB_HEADER = struct.Struct(">Q")

ANSWER, FAILURE, MEMORY, SIZE = b"a", b"f", b"m", b"s"

MB = 1024 * 1024
_SPARE_SECONDS = 2.0
"""The other side ends a job that takes too long; this clock is for when the other side is gone."""

Work = Callable[[bytes], bytes]


def main(name: str, bounds: Mapping[str, float]) -> None:
    jobs = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    os.nice(int(bounds["nice"]))
    _bound("RLIMIT_CORE", 0)
    _bound("RLIMIT_DATA" if sys.platform == "linux" else "RLIMIT_AS", int(bounds["memory_mb"] * MB))
    threading.Thread(target=_leave_with, args=(jobs.fileno(),), daemon=True).start()
    try:
        work = _found(name)
    except BaseException as error:
        _answer(answers, FAILURE, _told(error), stays=False)
        raise
    done = 0
    while (job := _next_job(jobs, bounds["idle_seconds"])) is not None:
        done += 1
        with _clocks(bounds):
            kind, answer = _carried_out(work, job, int(bounds["answer_mb"] * MB))
        stays = kind in (ANSWER, FAILURE) and done < bounds["jobs_each"] and _peak_mb() < bounds["retire_mb"]
        _answer(answers, kind, answer, stays=stays)
        if not stays:
            return


def _bound(kind: str, most: int) -> None:
    """Not every system knows every limit, and none lets us raise what it set itself."""
    with contextlib.suppress(ValueError, OSError, AttributeError):
        number = getattr(resource, kind)
        resource.setrlimit(number, (most, resource.getrlimit(number)[1]))


def _leave_with(pipe: int) -> None:
    """End at once when the other side is gone, in the middle of a job too."""
    watch = select.poll()
    watch.register(pipe, 0)  # only that it was hung up
    watch.poll()
    os._exit(0)


def _found(name: str) -> Work:
    module, _colon, function = name.partition(":")
    found: Work = getattr(import_module(module), function)
    return found


def _next_job(jobs: BinaryIO, idle_seconds: float) -> bytes | None:
    """None when nobody asks any more: the memory is better used elsewhere."""
    if not select.select([jobs], [], [], idle_seconds)[0]:
        return None
    header = jobs.read(JOB_HEADER.size)
    return jobs.read(JOB_HEADER.unpack(header)[0]) if len(header) == JOB_HEADER.size else None


@contextlib.contextmanager
def _clocks(bounds: Mapping[str, float]):  # type: ignore[no-untyped-def]
    """Both clocks kill: nothing inside the job is asked."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _bound("RLIMIT_CPU", int(used.ru_utime + used.ru_stime + bounds["cpu_seconds"]) + 1)
    signal.setitimer(signal.ITIMER_REAL, bounds["wall_seconds"] + _SPARE_SECONDS)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


def _carried_out(work: Work, job: bytes, most: int) -> tuple[bytes, bytes]:
    try:
        answer = work(job)
    except MemoryError:
        return MEMORY, b""
    except Exception as error:
        return FAILURE, _told(error)
    return (ANSWER, answer) if len(answer) <= most else (SIZE, b"")


def _told(error: BaseException) -> bytes:
    return f"{type(error).__name__}: {error}"[:1000].encode(errors="replace")


def _peak_mb() -> float:
    """The most memory it ever held. Linux's `getrusage` counts what its parent held too."""
    with contextlib.suppress(OSError, ValueError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(peak) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB  # macOS counts bytes


def _answer(answers: BinaryIO, kind: bytes, answer: bytes, *, stays: bool) -> None:
    with contextlib.suppress(BrokenPipeError):
        answers.write(HEADER.pack(kind, stays, len(answer)))
        answers.write(answer)
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
