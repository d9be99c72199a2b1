"""Work in a process of its own, which may be killed: bytes in, bytes out, within seconds, memory and size.

For what strangers send (a file can be made to take a machine) and for libraries that never give memory back. Nothing
is forked: a child is a new interpreter that knows no settings, no keys and no database (`child_side.py`). A bounded
number works at once, a bounded number waits its turn, and the rest are told to come back.
Source: docs/adr/022-child-processes.md
"""

import atexit
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from weakref import WeakSet

from flask_babel import lazy_gettext as _l

from portal.base.child_side import ANSWER, FAILURE, HEADER, JOB_HEADER, MB, MEMORY, SIZE
from portal.base.database import is_writing
from portal.base.errors import Unavailable

_ROOT = Path(__file__).resolve().parents[2]
_KEPT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "PYTHONPYCACHEPREFIX",
)
_CHUNK = 1 << 16


class Bound(Enum):
    """What a job ran into."""

    QUEUE = "queue"
    TIME = "time"
    MEMORY = "memory"
    SIZE = "size"
    DEATH = "death"


class ChildFailed(Unavailable):
    """The job was not done: `bound` says what it ran into."""

    message = _l("Portalen kunne ikke nå det lige nu. Vent lidt, og prøv igen.")

    def __init__(self, bound: Bound) -> None:
        super().__init__()
        self.bound = bound


class ErrorInChild(RuntimeError):
    """The function itself raised: a fault of ours, not of the job's size."""


@dataclass(frozen=True)
class Bounds:
    """What one job may take. The clock of the processor counts all its threads."""

    wall_seconds: float
    cpu_seconds: float
    memory_mb: int
    answer_mb: int
    nice: int = 0
    """How far it steps back for those who browse."""


@dataclass(frozen=True)
class Queue:
    """How many children work at once in this process, how many jobs wait beside them, and for how long."""

    at_once: int
    waiting: int
    seconds: float


@dataclass(frozen=True)
class Life:
    """How long a child is kept: for so many jobs, until it has held so much memory, or has had nothing to do."""

    jobs_each: int = 1
    retire_mb: int = MB
    idle_seconds: float = 60.0


class _Gone(Exception):
    """The child closed its pipe without an answer."""


class _TimeUp(Exception):
    """The job's time is over."""


class ChildWork:
    """One function, `module:name`, from bytes to bytes, that only ever runs in children."""

    def __init__(self, function: str, bounds: Bounds, queue: Queue, life: Life | None = None) -> None:
        self.function = function
        self.bounds = bounds
        self.queue = queue
        self.life = life or Life()
        self._forget()
        _all.add(self)

    def _forget(self) -> None:
        """Begin without children: at first, and in a fork, whose children are its parent's."""
        self._idle: list[_Child] = []
        self._places = threading.BoundedSemaphore(self.queue.at_once)
        self._line = threading.BoundedSemaphore(self.queue.at_once + self.queue.waiting)

    def run(self, job: bytes) -> bytes:
        """The function's answer. Raises ChildFailed, and ErrorInChild when the function itself raised."""
        if is_writing():
            raise RuntimeError("nobody waits for a child while holding the database's lock")
        with self._turn():
            deadline = time.monotonic() + self.bounds.wall_seconds
            waiting = self._waiting_child()
            if waiting is not None:
                try:
                    return self._asked(waiting, job, deadline)
                except (
                    _Gone
                ):  # it left just now for want of work, or was killed meanwhile: hardly by this job
                    if waiting.failure().bound is Bound.TIME:
                        raise waiting.failure() from None
            child = _Child(self)
            try:
                return self._asked(child, job, deadline)
            except _Gone:
                raise child.failure() from None

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._line.acquire(blocking=False):
            raise ChildFailed(Bound.QUEUE)
        line, places = self._line, self._places
        try:
            if not places.acquire(timeout=self.queue.seconds):
                raise ChildFailed(Bound.QUEUE)
            try:
                yield
            finally:
                places.release()
        finally:
            line.release()

    def _waiting_child(self) -> "_Child | None":
        while self._idle:
            with contextlib.suppress(IndexError):  # another thread was faster
                child = self._idle.pop()
                if child.lives():
                    return child
                child.end()
        return None

    def _asked(self, child: "_Child", job: bytes, deadline: float) -> bytes:
        """One job; only a child that answered in full and is willing is kept."""
        stays = False
        try:
            kind, stays, answer = child.ask(job, deadline, self.bounds.answer_mb * MB)
        except _TimeUp:
            raise ChildFailed(Bound.TIME) from None
        except _Gone:
            child.ended_with()  # its own end says why; `end` would kill it first
            raise
        finally:
            if stays:
                self._idle.append(child)
            else:
                child.end()
        if kind == ANSWER:
            return answer
        if kind == FAILURE:
            raise ErrorInChild(answer.decode(errors="replace"))
        raise ChildFailed({MEMORY: Bound.MEMORY, SIZE: Bound.SIZE}.get(kind, Bound.DEATH))

    def told(self) -> str:
        """What a child is told of its bounds and its life."""
        bounds, life = self.bounds, self.life
        return json.dumps(
            {
                "wall_seconds": bounds.wall_seconds,
                "cpu_seconds": bounds.cpu_seconds,
                "memory_mb": bounds.memory_mb,
                "answer_mb": bounds.answer_mb,
                "nice": bounds.nice,
                "jobs_each": life.jobs_each,
                "retire_mb": life.retire_mb,
                "idle_seconds": life.idle_seconds,
            }
        )

    def end_idle(self) -> None:
        """End the children that wait for jobs."""
        while self._idle:
            self._idle.pop().end()


_all: WeakSet[ChildWork] = WeakSet()


class _Child:
    """A process and its two pipes. Used by one thread at a time."""

    def __init__(self, work: ChildWork) -> None:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        before = os.environ.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([str(_ROOT), *([before] if before else [])])
        environment["MALLOC_ARENA_MAX"] = "2"
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, a name from our own code
            [sys.executable, "-P", "-m", "portal.base.child_side", work.function, work.told()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # a group of its own, which is killed whole
            bufsize=0,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._jobs, self._answers = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._jobs, False)
        os.set_blocking(self._answers, False)

    def ask(self, job: bytes, deadline: float, most: int) -> tuple[bytes, bool, bytes]:
        """What kind of answer, whether the child takes another job, and the answer. Raises _Gone, _TimeUp."""
        self._send(JOB_HEADER.pack(len(job)) + job, deadline)
        kind, stays, size = HEADER.unpack(self._received(HEADER.size, deadline))
        if size > most:
            return SIZE, False, b""
        return kind, bool(stays), self._received(size, deadline)

    def _send(self, job: bytes, deadline: float) -> None:
        left = memoryview(job)
        while left:
            _wait(self._jobs, select.POLLOUT, deadline)
            try:
                left = left[os.write(self._jobs, left[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise _Gone from None

    def _received(self, size: int, deadline: float) -> bytes:
        found = bytearray()
        while len(found) < size:
            _wait(self._answers, select.POLLIN, deadline)
            try:
                part = os.read(self._answers, min(_CHUNK, size - len(found)))
            except BlockingIOError:
                continue
            if not part:
                raise _Gone
            found += part
        return bytes(found)

    def lives(self) -> bool:
        return self._process.poll() is None

    def ended_with(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        return self._process.returncode

    def failure(self) -> ChildFailed:
        """Why it died."""
        clocks = (-signal.SIGXCPU, -signal.SIGALRM)
        return ChildFailed(Bound.TIME if self.ended_with() in clocks else Bound.DEATH)

    def disown(self) -> None:
        """In a fork: close our copy of its pipes, or it would live as long as we do."""
        os.close(self._jobs)
        os.close(self._answers)

    def end(self) -> None:
        """Kill it with whatever it started, unless it left by itself, and leave no zombie."""
        if self.lives():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()


def _wait(pipe: int, event: int, deadline: float) -> None:
    watch = select.poll()
    watch.register(pipe, event)
    left = deadline - time.monotonic()
    if left <= 0 or not watch.poll(left * 1000):
        raise _TimeUp


def _forget_all() -> None:
    """In a fork: the parent's children go on being the parent's alone."""
    for work in _all:
        for child in work._idle:
            child.disown()
        work._forget()


def _end_all() -> None:
    for work in _all:
        work.end_idle()


atexit.register(_end_all)
os.register_at_fork(after_in_child=_forget_all)
