"""Compiled inner loops: `@compiled` on a function of numbers and arrays, by numba.

The first call compiles it (seconds); the result is kept on disk where that can be written, else compiled again by
each process. A compiled function gives the interpreter free while it runs, so other threads go on.
"""

from collections.abc import Callable
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function in machine code."""
    try:
        kept: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # nowhere to write: a read-only installation without a home directory
        kept = njit(nogil=True)(function)
    return kept
