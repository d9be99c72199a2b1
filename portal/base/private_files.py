"""Files that hold persons, or the portal's keys: nobody else on the machine opens them, whatever the umask says."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700
_BESIDE: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside its file; it gives them the file's own mode."""


def private_folder(path: Path) -> Path:
    """The portal's own folder, made if need be; what is in it is closed to others whatever its own mode."""
    path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    _close(path, FOLDER_MODE)
    return path


def folder_of_others(path: Path) -> Path:
    """A folder that somebody named, closed when it is made here; one that is there is not the portal's to close."""
    path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    return path


def private_file(path: Path) -> Path:
    """The file, made if need be, before anything is written to it.

    One that is there is never opened: closing it would end this process's locks on it, all of them. Another process
    would then take SQLite's log for nobody's and delete it, and what is written afterwards would be gone.
    """
    with suppress(
        OSError
    ):  # it is there, its folder is not, the disk is full: whoever opens the file says so
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE))
    _close(path, FILE_MODE)
    return path


def private_database(path: Path) -> None:
    """SQLite's file, and what an older portal left beside it for all to read."""
    private_file(path)
    for ending in _BESIDE:
        _close(path.with_name(path.name + ending), FILE_MODE)


def onto_the_disk(path: Path) -> None:
    """Wait until it would survive a power cut; a new file's name is kept only when its folder is."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _close(path: Path, mode: int) -> None:
    """What is somebody else's stays as it is: only the owner may change it."""
    with suppress(OSError):
        if path.stat().st_mode & 0o777 & ~mode:
            path.chmod(mode)
