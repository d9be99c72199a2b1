"""R19: forgetting what has had its time: each room says what it forgets, `flask purge-expired` does it or counts it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

Forgetting = Callable[[datetime, Mapping[str, Any]], Mapping[str, int]]
"""Deletes, in the caller's transaction, what has had its time at that moment by these settings: rows by table."""


def forget_all(everything: Sequence[Forgetting], at: datetime, settings: Mapping[str, Any]) -> Counter[str]:
    """Rows that went, by table."""
    gone: Counter[str] = Counter()
    for forgetting in everything:
        gone.update(forgetting(at, settings))
    return gone
