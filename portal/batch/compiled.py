"""Compiled inner loops: `@compiled` on a function of numbers and arrays, by numba.

Loading numba takes a third of a second and compiling takes seconds, so both wait for the first call of any such
function: the portal's start pays for neither. The result is kept on disk where that can be written, else compiled
again by each process. A compiled function gives the interpreter free while it runs, so other threads go on. It may
call compiled functions of its own module. Reasons and figures: docs/adr/009-compiled-loops.md.
"""

import contextlib
import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar, cast

Loop = TypeVar("Loop", bound=Callable[..., object])

_waiting: list[tuple[Callable[..., Any], dict[str, Any]]] = []
_one_at_a_time = RLock()


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function in machine code from its first call on; it must stand in its module under its own name."""
    return _on_first_call(function, {"nogil": True})


def compiled_in_place(function: Loop) -> Loop:
    """As `compiled`, for functions that make no arrays: theirs are then not counted, which many small calls feel."""
    return _on_first_call(function, {"nogil": True, **_IN_PLACE})


def inlined(function: Loop) -> Loop:
    """As `compiled_in_place`, for what only compiled functions call: becomes part of each of them."""
    return _on_first_call(function, {**_IN_PLACE, **_PART})


_IN_PLACE = {"_nrt": False, "error_model": "numpy"}
_PART = {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _on_first_call(function: Loop, options: dict[str, Any]) -> Loop:
    _waiting.append((function, options))

    @wraps(function)
    def call(*given: object) -> object:
        _take_in_hand()
        return function.__globals__[function.__name__](*given)

    return cast(Loop, call)


def _take_in_hand() -> None:
    """Put numba's own object in the place of every function that waits, so that they find each other."""
    if not _waiting:
        return
    import numba

    with _one_at_a_time:
        for function, options in _waiting:
            try:
                kept = numba.njit(cache=True, **options)(function)
                _drop_outdated(Path(kept.stats.cache_path), Path(function.__code__.co_filename))
            except RuntimeError:  # nowhere to write: a read-only installation without a home directory
                kept = numba.njit(**options)(function)
            function.__globals__[function.__name__] = kept
        _waiting.clear()


@cache
def _drop_outdated(folder: Path, source: Path) -> None:
    """Delete what was kept of another state of the source file.

    numba looks at the age of what it kept only after reading it, and reading fails for ever when a type that it names
    has been renamed or removed since: an upgrade in place would end every later call in AttributeError.
    """
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    stamp = folder / f"{source.stem}.source.sha256"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
        return
    with contextlib.suppress(OSError):  # a folder that cannot be written: nothing new is kept there either
        for kept in folder.glob(f"{source.stem}.*.nb[ic]"):
            kept.unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        stamp.write_text(digest, encoding="utf-8")
