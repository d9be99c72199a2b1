"""Makes `.venv` from the hashed lock files and starts the command again inside it. Standard library only.

The digest of each lock is stamped in `.venv` when everything is installed and fits together; while the stamps
fit, a start costs a file read and an exec.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools import ROOT

# Inside a virtual environment the interpreter that made it: the inner one may have neither venv nor pip.
SYSTEM_PYTHON = getattr(sys, "_base_executable", None) or sys.executable
OLDEST_PYTHON = (3, 11)
RUNTIME_LOCKS = ("requirements.txt",)
TEST_LOCKS = ("requirements.txt", "requirements-dev.txt")
# A machine may need its own way to an index. Its other settings for pip could install elsewhere, less or otherwise.
WAYS_TO_AN_INDEX = re.compile(
    r"PIP_(CACHE_DIR|CERT|CLIENT_CERT|CONFIG_FILE|(DEFAULT_)?TIMEOUT|(EXTRA_)?INDEX_URL|FIND_LINKS|KEYRING_PROVIDER"
    r"|NO_CACHE_DIR|NO_INDEX|PROXY|RETRIES|TRUSTED_HOST|USE_DEPRECATED|USE_FEATURE)"
)
# The same said to pip's configuration files, which yield to these.
AGAINST_CONFIGURATION = {
    "PIP_CONSTRAINT": os.devnull,
    "PIP_DRY_RUN": "0",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_USER": "0",
}

USAGE = """Brug:
  python3 app.py                     gør klar og starter portalen
  python3 app.py test [pytest-valg]  gør klar og kører alle test
  python3 app.py test --quick        kun de hurtige: ingen browser, ingen PostgreSQL
  python3 app.py test --drills       den langsomme bane: processer og servere, der slås ihjel
  python3 app.py test --ready        gør kun klar

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
            if not self._may_be_added_to():
                self._create()
            for stamp in self._stamps():  # an installation that is broken off must not look like a whole one
                stamp.unlink()
            pip = self._pip()
            self._install(pip)
            self._check(pip)
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

    def _stamps(self) -> list[Path]:
        return sorted(self.folder.glob("installed-*.sha256"))

    def digest(self, lock: Path) -> str:
        """Changes with the lock, the Python that its wheels were chosen for, and the folder its scripts name."""
        where = f"python {_python_version()} in {self.folder.resolve()}\n"
        return hashlib.sha256(where.encode(errors="surrogateescape") + lock.read_bytes()).hexdigest()

    def start_again(self, arguments: Sequence[str]) -> int:
        command = [str(self.python), *arguments]
        if os.name != "nt":  # exec on Windows would hand the console back before the server has started
            sys.stdout.flush()
            os.execve(command[0], command, _without_other_packages())
        return subprocess.call(command, env=_without_other_packages())

    def _may_be_added_to(self) -> bool:
        """Tests add their lock to what serves. Anything else left there could clash with what the locks say now."""
        whole = self._stamps()
        fitting = {
            self.stamp(self.root / lock) for lock in TEST_LOCKS if self._is_installed(self.root / lock)
        }
        return bool(whole) and fitting.issuperset(whole) and self._python_runs()

    def _python_runs(self) -> bool:
        """An upgraded system Python leaves a `.venv` whose interpreter is gone or of another version."""
        probe = "import sys; print('%d.%d' % sys.version_info[:2])"
        try:
            answer = subprocess.run(
                [str(self.python), "-I", "-c", probe], capture_output=True, text=True, check=False
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
            raise SetupError(
                "Kunne ikke lave .venv. Er den i brug, så stop portalen først. På Debian: apt-get install python3-venv"
            )

    def _install(self, pip: Sequence[str]) -> None:
        """Without a look at what the packages ask for: the lock has it all, and pip would try newer ones first."""
        command = [*pip, "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        command += ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
        for lock in self.locks:
            command += ["--requirement", str(lock)]
        ended = subprocess.call(command, stdin=subprocess.DEVNULL, cwd=self.root, env=_undisturbed_pip())
        if ended != 0:
            raise SetupError(
                f"Kunne ikke installere {self._names()}; årsagen står ovenfor. Intet er taget i brug."
            )

    def _check(self, pip: Sequence[str]) -> None:
        """Whether the locks had it all, and whether it landed here."""
        checked = subprocess.run(
            [*pip, "--disable-pip-version-check", "check"],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
            env=_undisturbed_pip(),
        )
        if checked.returncode != 0:
            raise SetupError(
                f"Pakkerne i {self._names()} passer ikke sammen. Intet er taget i brug. pip check siger:\n"
                f"{checked.stdout}{checked.stderr}".rstrip()
            )
        missing = sorted(self._pinned() - self._present())
        if missing:
            raise SetupError(
                f"Efter installationen mangler {', '.join(missing)} i .venv. "
                "Sender en indstilling pakkerne et andet sted hen? Se: python3 -m pip config list"
            )

    def _pinned(self) -> set[str]:
        """The packages that every machine gets: a line with a condition is pip's to judge."""
        lines = [line for lock in self.locks for line in lock.read_text(encoding="utf-8").splitlines()]
        return {_normal(line.partition("==")[0]) for line in lines if re.match(r"[\w.-]+==[^;]+$", line)}

    def _present(self) -> set[str]:
        probe = "from importlib.metadata import distributions as d; print(*(one.name for one in d()))"
        command = [str(self.python), "-I", "-c", probe]
        return {_normal(name) for name in subprocess.check_output(command, text=True).split()}

    def _names(self) -> str:
        return " og ".join(lock.name for lock in self.locks)

    def _pip(self) -> list[str]:
        if _succeeds([str(self.python), "-m", "pip", "--version"]):
            return [str(self.python), "-m", "pip"]
        outside = [SYSTEM_PYTHON, "-m", "pip", "--python", str(self.python)]
        if _succeeds([*outside, "--version"]):
            return outside
        raise SetupError("Der mangler pip. På Debian: apt-get install python3-venv python3-pip")


def _without_other_packages() -> dict[str, str]:
    """What PYTHONPATH shows comes before `.venv`: pip would take it for installed, and the portal would run it."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


def _undisturbed_pip() -> dict[str, str]:
    kept = {
        name: value
        for name, value in _without_other_packages().items()
        if not name.startswith("PIP_") or WAYS_TO_AN_INDEX.fullmatch(name)
    }
    return {**kept, **AGAINST_CONFIGURATION}


def _normal(name: str) -> str:
    """The one spelling of a package's name that all its spellings share."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


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
    ended = subprocess.run(
        command, capture_output=True, stdin=subprocess.DEVNULL, check=False, env=_undisturbed_pip()
    )
    return ended.returncode == 0


def _say(message: str) -> None:
    print(message, flush=True)


def _complain(message: str) -> int:
    print(message, file=sys.stderr, flush=True)
    return 2
