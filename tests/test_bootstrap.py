"""The part of the door that runs before anything is installed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.wheels import keep_pip_outside, pinned_line, write_wheel
from tools import bootstrap
from tools.bootstrap import Environment, SetupError
from tools.testing import _in_parallel


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("# nothing yet\n")
    (tmp_path / "requirements-dev.txt").write_text("# nothing either\n")
    return tmp_path


@pytest.fixture
def index(tmp_path: Path, monkeypatch) -> Path:
    """The only folder in which pip can see wheels, so that no test reaches for the network."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def wheel(index: Path) -> Path:
    return write_wheel(index, "portalprobe", "1.0", files={"portalprobe.py": "answer = 42\n"})


@pytest.fixture
def quick(monkeypatch) -> None:
    """Saves the seconds that it takes to put pip inside."""
    keep_pip_outside(monkeypatch)


def runtime(project: Path) -> Environment:
    return Environment(project, locks=bootstrap.RUNTIME_LOCKS)


def answer_of(environment: Environment) -> str:
    """What the probe says there, whatever else Python is told to look at."""
    probe = "import portalprobe; print(portalprobe.answer)"
    command = [environment.python, "-I", "-c", probe]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def pretend_installed(environment: Environment) -> None:
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    for lock in environment.locks:
        environment.stamp(lock).write_text(environment.digest(lock))


def test_an_installed_environment_is_left_alone(project, monkeypatch):
    environment = runtime(project)
    pretend_installed(environment)
    monkeypatch.setattr(Environment, "_install", lambda self: pytest.fail("installed again"))

    environment.ensure()

    assert environment.is_ready()


def test_a_changed_lock_makes_the_environment_stale(project):
    environment = runtime(project)
    pretend_installed(environment)

    (project / "requirements.txt").write_text("another==1.0\n")

    assert not environment.is_ready()


def test_another_python_makes_the_environment_stale(project, monkeypatch):
    environment = runtime(project)
    pretend_installed(environment)

    monkeypatch.setattr(bootstrap, "_python_version", lambda: "3.99")

    assert not environment.is_ready()


def test_the_tests_need_their_own_lock_besides(project):
    pretend_installed(runtime(project))

    assert not Environment(project, locks=bootstrap.TEST_LOCKS).is_ready()


def test_what_the_tests_installed_also_serves(project):
    pretend_installed(Environment(project, locks=bootstrap.TEST_LOCKS))

    assert runtime(project).is_ready()


def test_a_wheel_with_the_locked_hash_is_installed_and_stamped(project, wheel):
    (project / "requirements.txt").write_text(pinned_line(wheel))
    environment = runtime(project)

    environment.ensure()

    assert environment.is_ready()
    assert answer_of(environment) == "42"


def test_a_wheel_with_another_hash_is_refused_and_leaves_no_stamp(project, wheel, capfd):
    (project / "requirements.txt").write_text(f"portalprobe==1.0 --hash=sha256:{'0' * 64}\n")
    environment = runtime(project)

    with pytest.raises(SetupError, match=r"requirements\.txt"):
        environment.ensure()

    assert not environment.is_ready()
    assert "DO NOT MATCH THE HASHES" in capfd.readouterr().err


def test_without_ensurepip_the_systems_pip_installs(project, wheel, quick):
    (project / "requirements.txt").write_text(pinned_line(wheel))
    environment = runtime(project)

    environment.ensure()

    assert environment._pip()[0] == bootstrap.SYSTEM_PYTHON
    assert environment.is_ready()


def test_a_lock_that_lacks_what_a_package_asks_for_is_refused_and_leaves_no_stamp(project, index, quick):
    wheel = write_wheel(index, "portalprobe", "1.0", about=["Requires-Dist: portalneed>=2"])
    write_wheel(index, "portalneed", "2.0")
    (project / "requirements.txt").write_text(pinned_line(wheel))
    environment = runtime(project)

    with pytest.raises(SetupError, match=r"requirements\.txt passer ikke sammen(?s:.)*portalneed"):
        environment.ensure()

    assert not environment.is_ready()


def test_an_environment_whose_python_is_gone_is_made_anew(project):
    environment = runtime(project)
    environment.python.parent.mkdir(parents=True)
    environment.python.symlink_to(project / "no-longer-there")

    environment.ensure()

    assert environment._python_runs()


def test_a_word_it_does_not_know_is_answered_with_the_usage(capsys):
    assert bootstrap.main(["tset"]) == 2

    assert "python3 app.py test" in capsys.readouterr().err


def test_an_old_python_is_told_which_one_is_needed(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (99, 0))

    assert bootstrap.main([]) == 2

    assert "Python 3.11" in capsys.readouterr().err


@pytest.mark.parametrize("own", [["-n", "0"], ["-n4"], ["--pdb"], ["-p", "no:xdist"]])
def test_the_callers_choice_of_processes_wins(own):
    assert _in_parallel(own) == []
    assert _in_parallel(["tests/test_flow.py"]) != []


@pytest.mark.parametrize("module", ["bootstrap", "system_packages", "testing"])
def test_set_up_imports_the_standard_library_alone(module):
    source = (bootstrap.ROOT / "tools" / f"{module}.py").read_text(encoding="utf-8")
    imported = {
        name.split(".")[0]
        for node in ast.parse(source).body
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert imported <= set(sys.stdlib_module_names) | {"tools"}


@pytest.mark.parametrize("lock", bootstrap.TEST_LOCKS)
def test_every_pin_in_a_lock_has_its_hashes_and_no_address(lock):
    text = (bootstrap.ROOT / lock).read_text(encoding="utf-8")
    pins = [
        block for block in text.replace("\\\n", " ").splitlines() if "==" in block and block[0] not in "# "
    ]

    assert pins
    assert all("--hash=sha256:" in pin for pin in pins)
    assert "://" not in text
