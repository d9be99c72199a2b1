"""What the C library does with memory that was freed: give it back, rather than keep it for a day that never comes."""

import contextlib
import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""`mallopt`'s own numbers, as glibc's malloc.h has them."""

MB = 1024 * 1024


def keep_small() -> None:
    """Few heaps for many threads, and large blocks outside them. Only glibc can be told; others do it by themselves.

    Without it a worker of many threads has 16 heaps, each as large as the largest page it ever made, and a hashed
    password (19 MB) teaches glibc to keep blocks of that size. Half of a worker's memory was free and held.
    Source: docs/benchmarks.md
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_ARENA_MAX, 2)
        libc.mallopt(_MMAP_THRESHOLD, MB // 4)
        libc.mallopt(_TRIM_THRESHOLD, MB)
