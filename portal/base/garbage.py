"""When circles of objects that nobody holds are looked for: between requests, and never while a statement runs.

CPython 3.11 looks for them whenever enough objects have been made. Where the object that tips the scale is the
`__dict__` of an instance whose attributes stood without one, and what is cleared away calls back to that same instance
(SQLAlchemy's states wait for their records so), two dicts come to own the same values; they are released twice, and
some minutes later the process ends with SIGSEGV. tests/base/test_garbage.py shows it. Looked for from Python, no
instance is ever caught halfway. Source: docs/adr/033-garbage.md
"""

import gc
from typing import Final

_YOUNG: Final = 20_000
"""Objects made and still there, since the last look, before there is another."""
_MIDDLE: Final = 20
"""Looks at the young before the survivors are looked at, too."""
_OLD: Final = 5
"""Looks at those before everything is: only that frees the circle that a forgotten statement leaves."""
_OVERDUE: Final = 10
"""So many times `_YOUNG`, and whoever works long without a request looks in between."""


def look_only_when_told() -> None:
    """From now on only `collect` looks; what stands by now stays, and is never walked again."""
    gc.collect()
    gc.freeze()
    gc.disable()


def collect() -> None:
    """Look if it is due, the young far more often than the old. Nothing where the interpreter still looks by itself."""
    _collect(_YOUNG)


def collect_overdue() -> None:
    """Look where nobody has for long: at the end of a transaction of something that takes many of them."""
    _collect(_YOUNG * _OVERDUE)


def _collect(due: int) -> None:
    young, middle, old = gc.get_count()
    if young >= due and not gc.isenabled():
        gc.collect(0 if middle < _MIDDLE else 1 if old < _OLD else 2)
