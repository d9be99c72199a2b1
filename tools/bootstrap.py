"""Makes `.venv` from the hashed lock files and starts the command again inside it. Standard library only.

The digest of each lock is stamped in `.venv` when everything is installed and fits together; while the stamps
fit, a start costs a file read and an exec.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Inside a virtual environment the interpreter that made it: the inner one may have neither venv nor pip.
SYSTEM_PYTHON = getattr(sys, "_base_executable", None) or sys.executable
OLDEST_PYTHON = (3, 11)
RUNTIME_LOCKS = ("requirements.txt",)
TEST_LOCKS = ("requirements.txt", "requirements-dev.txt")

USAGE = """Brug:
  python3 app.py                     gør klar og starter portalen
  python3 app.py test [pytest-valg]  gør klar og kører alle test

Alt andet (db upgrade, seed-demo, create-user, import): .venv/bin/flask --app app --help"""


class SetupError(Exception):
    """The environment cannot be made; the message says what to do about it."""


def main(arguments: Sequence[str]) -> int:
    if sys.version_info < OLDEST_PYTHON:
        return _complain(f"Portalen kræver Python 3.11 eller nyere; dette er {sys.version.split()[0]}.")
    if arguments and arguments[0] != "test":
        return _complain(USAGE)
    testing = bool(arguments)
    environment = Environment(ROOT, locks=TEST_LOCKS if testing else RUNTIME_LOCKS)
    try:
        environment.ensure()
    except SetupError as problem:
        return _complain(str(problem))
    if not environment.is_current():
        return environment.start_again([str(ROOT / "app.py"), *arguments])
    # Imported here, because these need what was just installed.
    if testing:
        from tools.testing import run_tests

        return run_tests(arguments[1:])
    from tools.serving import serve

    return serve()


class Environment:
    """The virtual environment beside `app.py`, and whether it holds what the locks say."""

    def __init__(self, root: Path, *, locks: Sequence[str]) -> None:
        self.root = root
        self.locks = [root / lock for lock in locks]
        self.folder = root / ".venv"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def ensure(self) -> None:
        if self.is_ready():
            return
        with _alone(self.root):
            if self.is_ready():  # another start did it while this one waited
                return
            _say("Gør .venv klar; det tager et halvt minut første gang ...")
            if not self._python_runs():
                self._create()
            self._install()
            self._check()
            for lock in self.locks:
                self.stamp(lock).write_text(self.digest(lock), encoding="utf-8")

    def is_ready(self) -> bool:
        return self.python.exists() and all(self._is_installed(lock) for lock in self.locks)

    def _is_installed(self, lock: Path) -> bool:
        stamp = self.stamp(lock)
        return stamp.exists() and stamp.read_text(encoding="utf-8").strip() == self.digest(lock)

    def stamp(self, lock: Path) -> Path:
        return self.folder / f"installed-{lock.stem}.sha256"

    def is_current(self) -> bool:
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def digest(self, lock: Path) -> str:
        """Changes with the lock and with the Python that its wheels were chosen for."""
        return hashlib.sha256(f"python {_python_version()}\n".encode() + lock.read_bytes()).hexdigest()

    def start_again(self, arguments: Sequence[str]) -> int:
        command = [str(self.python), *arguments]
        if os.name != "nt":  # exec on Windows would hand the console back before the server has started
            sys.stdout.flush()
            os.execv(command[0], command)
        return subprocess.call(command)

    def _python_runs(self) -> bool:
        """An upgraded system Python leaves a `.venv` whose interpreter is gone or of another version."""
        probe = "import sys; print('%d.%d' % sys.version_info[:2])"
        try:
            answer = subprocess.run(
                [str(self.python), "-c", probe], capture_output=True, text=True, check=False
            )
        except OSError:
            return False
        return answer.returncode == 0 and answer.stdout.strip() == _python_version()

    def _create(self) -> None:
        """With pip inside where there is ensurepip; Debian ships that apart, so the bare kind must do too."""
        command = [SYSTEM_PYTHON, "-m", "venv", "--clear"]
        if _succeeds([*command, str(self.folder)]):
            return
        if not _succeeds([*command, "--without-pip", str(self.folder)]):
            raise SetupError("Kunne ikke lave .venv. På Debian: apt-get install python3-venv")

    def _install(self) -> None:
        """Without a look at what the packages ask for: the lock has it all, and pip would try newer ones first."""
        command = [*self._pip(), "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        command += ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
        for lock in self.locks:
            command += ["--requirement", str(lock)]
        ended = subprocess.call(command, stdin=subprocess.DEVNULL, cwd=self.root)
        if ended != 0:
            raise SetupError(
                f"Kunne ikke installere {self._names()}; årsagen står ovenfor. Intet er taget i brug."
            )

    def _check(self) -> None:
        """Whether the locks had it all."""
        checked = subprocess.run(
            [*self._pip(), "--disable-pip-version-check", "check"],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if checked.returncode != 0:
            raise SetupError(
                f"Pakkerne i {self._names()} passer ikke sammen. Intet er taget i brug. pip check siger:\n"
                f"{checked.stdout}{checked.stderr}".rstrip()
            )

    def _names(self) -> str:
        return " og ".join(lock.name for lock in self.locks)

    def _pip(self) -> list[str]:
        if _succeeds([str(self.python), "-m", "pip", "--version"]):
            return [str(self.python), "-m", "pip"]
        outside = [SYSTEM_PYTHON, "-m", "pip", "--python", str(self.python)]
        if _succeeds([*outside, "--version"]):
            return outside
        raise SetupError("Der mangler pip. På Debian: apt-get install python3-venv python3-pip")


def _python_version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Two first starts at the same time must not install into one folder."""
    try:
        import fcntl
    except ImportError:  # Windows: there the second start fails loudly on the locked files instead
        yield
        return
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode == 0


def _say(message: str) -> None:
    print(message, flush=True)


def _complain(message: str) -> int:
    print(message, file=sys.stderr, flush=True)
    return 2
