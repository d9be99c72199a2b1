"""The locks on another day than theirs: whatever has come out since, both commands install what is pinned."""

import json
import subprocess
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.wheels import Pin, age_lock, keep_pip_outside, pins
from tools import ROOT, bootstrap
from tools.bootstrap import Environment

pytestmark = pytest.mark.slow

CHOSEN = ("requirements.in", "requirements-dev.in")


@pytest.fixture(scope="module")
def aged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both locks and, beside them, an index that has moved on."""
    folder = tmp_path_factory.mktemp("aged")
    index = folder / "index"
    index.mkdir()
    for lock in bootstrap.TEST_LOCKS:
        age_lock(ROOT / lock, folder / lock, index)
    return folder


@pytest.fixture
def pip_of_this_python() -> None:
    """Nothing to do: `venv` puts the pip that ships with Python inside."""


@pytest.fixture
def newest_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_pip_outside(monkeypatch)


@pytest.mark.parametrize("locks", [bootstrap.RUNTIME_LOCKS, bootstrap.TEST_LOCKS], ids=["serve", "test"])
@pytest.mark.parametrize("pip", ["pip_of_this_python", "newest_pip"])
def test_a_lock_installs_when_everything_in_it_has_a_newer_release(
    aged: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, pip, locks
) -> None:
    request.getfixturevalue(pip)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(aged / "index"))
    for lock in locks:
        (tmp_path / lock).write_bytes((aged / lock).read_bytes())
    environment = Environment(tmp_path, locks=locks)

    environment.ensure()

    assert environment.is_ready()
    wanted = {canonicalize_name(pin.name): pin.version for lock in locks for pin in _applying(ROOT / lock)}
    assert wanted.items() <= _installed(environment).items()


def _applying(lock: Path) -> list[Pin]:
    return [pin for pin in pins(lock) if pin.applies]


def _installed(environment: Environment) -> dict[str, str]:
    probe = (
        "import json; from importlib.metadata import distributions as d; "
        "print(json.dumps([(one.name, one.version) for one in d()]))"
    )
    answer = subprocess.check_output([str(environment.python), "-I", "-c", probe])
    return {canonicalize_name(name): version for name, version in json.loads(answer)}


def test_the_newest_pip_is_the_one_among_our_pins() -> None:
    assert distribution("pip").version in {pin.version for pin in _applying(ROOT / "requirements-dev.txt")}


def test_the_locks_hold_all_that_was_chosen_and_all_that_it_asks_for() -> None:
    """`pip check` looks at no extras, so the ones we or our packages ask for are followed here."""
    locked = {
        canonicalize_name(pin.name): pin.version
        for lock in bootstrap.TEST_LOCKS
        for pin in _applying(ROOT / lock)
    }
    waiting = [
        Requirement(line)
        for chosen in CHOSEN
        for line in (ROOT / chosen).read_text(encoding="utf-8").splitlines()
        if not line.startswith(("#", "-c"))
    ]
    seen: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        name = canonicalize_name(wanted.name)
        assert name in locked, wanted
        assert wanted.specifier.contains(locked[name], prereleases=True), wanted
        for text in distribution(name).requires or []:
            further = Requirement(text)
            extras = wanted.extras or {""}
            if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(further)

    assert any("[toml]" in text for text in seen)
