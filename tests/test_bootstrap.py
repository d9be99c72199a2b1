"""The part of the door that runs before anything is installed."""

import ast
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools import bootstrap
from tools.bootstrap import Environment, SetupError
from tools.testing import _in_parallel


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("# nothing yet\n")
    (tmp_path / "requirements-dev.txt").write_text("# nothing either\n")
    return tmp_path


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch) -> Path:
    """A wheel made here and the only one pip can see, so that no test reaches for the network."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    path = folder / "portalprobe-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("portalprobe.py", "answer = 42\n")
        about = "portalprobe-1.0.dist-info"
        archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: portalprobe\nVersion: 1.0\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", f"portalprobe.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return path


def runtime(project: Path) -> Environment:
    return Environment(project, locks=bootstrap.RUNTIME_LOCKS)


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
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (project / "requirements.txt").write_text(f"portalprobe==1.0 --hash=sha256:{digest}\n")
    environment = runtime(project)

    environment.ensure()

    assert environment.is_ready()
    probe = "import portalprobe; print(portalprobe.answer)"
    answer = subprocess.run([environment.python, "-c", probe], capture_output=True, text=True, check=True)
    assert answer.stdout == "42\n"


def test_a_wheel_with_another_hash_is_refused_and_leaves_no_stamp(project, wheel, capfd):
    (project / "requirements.txt").write_text(f"portalprobe==1.0 --hash=sha256:{'0' * 64}\n")
    environment = runtime(project)

    with pytest.raises(SetupError, match=r"requirements\.txt"):
        environment.ensure()

    assert not environment.is_ready()
    assert "DO NOT MATCH THE HASHES" in capfd.readouterr().err


def test_without_ensurepip_the_systems_pip_installs(project, wheel, monkeypatch):
    if subprocess.run([bootstrap.SYSTEM_PYTHON, "-m", "pip", "--version"], capture_output=True).returncode:
        pytest.skip("the system's Python has no pip of its own, only ensurepip")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (project / "requirements.txt").write_text(f"portalprobe==1.0 --hash=sha256:{digest}\n")
    succeeds = bootstrap._succeeds
    monkeypatch.setattr(
        bootstrap,
        "_succeeds",
        lambda command: succeeds(command) if "venv" not in command or "--without-pip" in command else False,
    )
    environment = runtime(project)

    environment.ensure()

    assert environment._pip()[0] == bootstrap.SYSTEM_PYTHON
    assert environment.is_ready()


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
