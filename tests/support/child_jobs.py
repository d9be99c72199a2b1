"""What children are asked to do in tests of `portal/base/child.py`. Standard library only, as a child starts with."""

import json
import os
import signal
import subprocess
import sys
import time


def echo(job: bytes) -> bytes:
    return job


def who(_job: bytes) -> bytes:
    """The process, its group, the names in its environment, and what it has imported of ours."""
    ours = sorted(name for name in sys.modules if name.startswith(("portal.", "flask", "sqlalchemy")))
    return json.dumps([os.getpid(), os.getpgrp(), sorted(os.environ), ours]).encode()


def sleep(job: bytes) -> bytes:
    time.sleep(float(job))
    return b"awake"


def spin(_job: bytes) -> bytes:
    while True:
        pass


def eat(job: bytes) -> bytes:
    return str(len(bytearray(int(job) * 1024 * 1024))).encode()


def answer_much(job: bytes) -> bytes:
    return bytes(int(job))


def fail(job: bytes) -> bytes:
    raise ValueError(job.decode())


def die(_job: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def print_and_read(_job: bytes) -> bytes:
    print("this is no answer", flush=True)  # noqa: T201
    return b"an answer"


def start_another(job: bytes) -> bytes:
    """Leave a process behind, say which, and go on for ever."""
    with open(job.decode(), "w") as told:
        told.write(str(subprocess.Popen(["sleep", "60"]).pid))
    time.sleep(60)
    return b""
