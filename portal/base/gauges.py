"""What a process counts of itself while it works: its answers, its statements, its waits. It names nobody.

With several processes each writes its counts into a file of the folder PROMETHEUS_MULTIPROC_DIR, which gunicorn.conf.py
sets, and whoever is asked adds them up.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from sqlalchemy import event
from sqlalchemy.engine import Engine

REGISTRY: Final = CollectorRegistry()

answers: Final = Counter(
    "portal_answers",
    "Requests answered, by route and status",
    ["route", "method", "status"],
    registry=REGISTRY,
)
seconds_of_answers: Final = Histogram(
    "portal_answer_seconds",
    "How long answers took",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
faults: Final = Counter(
    "portal_faults", "Errors that made an answer 5xx, by kind", ["kind"], registry=REGISTRY
)
lock_waits: Final = Histogram(
    "portal_lock_wait_seconds",
    "How long whoever wanted to write waited for the lock (SQLite)",
    buckets=(0.001, 0.01, 0.1, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
locks_not_got: Final = Counter(
    "portal_locks_not_got", "Writers that gave the lock up (SQLite)", registry=REGISTRY
)


@dataclass
class Cost:
    """What one request has cost so far."""

    began: float
    statements: int = 0

    @property
    def milliseconds(self) -> int:
        return round((time.perf_counter() - self.began) * 1000)


_running: ContextVar[Cost | None] = ContextVar("running", default=None)


def begin_cost() -> Cost:
    """Count from now on, for whoever runs in this context."""
    cost = Cost(time.perf_counter())
    _running.set(cost)
    return cost


def cost_so_far() -> Cost | None:
    return _running.get()


@contextmanager
def waiting_for_the_lock() -> Iterator[None]:
    """Around what takes the lock that all writers wait for."""
    began = time.perf_counter()
    try:
        yield
    except BaseException:
        locks_not_got.inc()
        raise
    finally:
        lock_waits.observe(time.perf_counter() - began)


@event.listens_for(Engine, "before_cursor_execute")
def _count_statement(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    cost = _running.get()
    if cost is not None and not statement.startswith("BEGIN"):
        cost.statements += 1
