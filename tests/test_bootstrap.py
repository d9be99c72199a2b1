"""The part of the door that runs before anything is installed."""

import ast
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.wheels import keep_pip_outside, pinned_line, write_wheel
from tools import bootstrap
from tools.bootstrap import Environment, SetupError
from tools.testing import (
    ALL_BUT_DRILLS,
    DRILLS,
    QUICK,
    _in_parallel,
    as_pytest_reads_it,
    as_tests_read_it,
)

pytestmark = pytest.mark.slow


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
    monkeypatch.setattr(Environment, "_install", lambda self, pip: pytest.fail("installed again"))

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


@pytest.mark.parametrize("place", ["variables", "file"])
def test_the_machines_settings_for_pip_change_nothing(project, wheel, quick, monkeypatch, place):
    (project / "constraints.txt").write_text("portalprobe>=2\n")
    (project / "requirements.txt").write_text(pinned_line(wheel))
    settings = {
        "user": "1",
        "require-virtualenv": "1",
        "dry-run": "1",
        "constraint": str(project / "constraints.txt"),
        "no-binary": ":all:",
    }
    if place == "variables":
        for name, value in settings.items():
            monkeypatch.setenv(f"PIP_{name.upper().replace('-', '_')}", value)
    else:
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        (project / "pip.conf").write_text("".join(["[global]\n", *lines]))
        monkeypatch.setenv("PIP_CONFIG_FILE", str(project / "pip.conf"))
    environment = runtime(project)

    environment.ensure()

    assert answer_of(environment) == "42"


def test_a_variable_that_sends_packages_elsewhere_sends_none(project, wheel, quick, monkeypatch):
    (project / "requirements.txt").write_text(pinned_line(wheel))
    monkeypatch.setenv("PIP_TARGET", str(project / "elsewhere"))
    environment = runtime(project)

    environment.ensure()

    assert answer_of(environment) == "42"
    assert not (project / "elsewhere").exists()


def test_packages_that_a_file_sent_elsewhere_are_missed(project, wheel, quick, monkeypatch):
    (project / "requirements.txt").write_text(pinned_line(wheel))
    (project / "pip.conf").write_text(f"[install]\ntarget = {project / 'elsewhere'}\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(project / "pip.conf"))
    environment = runtime(project)

    with pytest.raises(SetupError, match=r"mangler portalprobe i \.venv"):
        environment.ensure()

    assert not environment.is_ready()


def test_what_pythonpath_shows_is_installed_all_the_same(project, wheel, quick, monkeypatch):
    other = project / "other"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(other)
    monkeypatch.setenv("PYTHONPATH", str(other))
    (project / "requirements.txt").write_text(pinned_line(wheel))
    environment = runtime(project)

    environment.ensure()

    assert answer_of(environment) == "42"


def test_the_portal_starts_without_what_pythonpath_shows(project, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(project))
    monkeypatch.setenv("PORTAL_PORT", "5001")
    handed_over: list[dict[str, str]] = []
    monkeypatch.setattr(os, "execve", lambda program, command, given: handed_over.append(given))
    monkeypatch.setattr(subprocess, "call", lambda command, env: 0)  # an exec would not come back to this

    runtime(project).start_again([])

    assert "PYTHONPATH" not in handed_over[0]
    assert handed_over[0]["PORTAL_PORT"] == "5001"


@pytest.fixture
def installed(project, wheel, quick) -> Environment:
    """The lock's probe, and a package that somebody left there and that lacks what it asks for."""
    (project / "requirements.txt").write_text(pinned_line(wheel))
    environment = runtime(project)
    environment.ensure()
    leftover = next(environment.folder.glob("**/site-packages")) / "leftover-1.0.dist-info"
    leftover.mkdir()
    (leftover / "METADATA").write_text("Name: leftover\nVersion: 1.0\nRequires-Dist: nothing-like-it\n")
    return environment


def test_a_new_lock_is_not_measured_with_what_an_old_one_left(installed, index):
    newer = write_wheel(index, "portalprobe", "2.0", files={"portalprobe.py": "answer = 43\n"})
    (installed.root / "requirements.txt").write_text(pinned_line(newer))

    installed.ensure()

    assert answer_of(installed) == "43"
    assert not list(installed.folder.glob("**/leftover*"))


def test_an_installation_broken_off_is_begun_anew(installed, monkeypatch):
    dev = installed.root / "requirements-dev.txt"
    dev.write_text(dev.read_text() + "# one more line\n")
    testing = Environment(installed.root, locks=bootstrap.TEST_LOCKS)
    monkeypatch.setattr(Environment, "_check", lambda self, pip: None)

    def broken_off(self: Environment, pip: list[str]) -> None:
        next(self.folder.glob("**/portalprobe.py")).unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Environment, "_install", broken_off)
        with pytest.raises(KeyboardInterrupt):
            testing.ensure()

    assert not installed.is_ready()
    testing.ensure()
    assert answer_of(testing) == "42"


def test_the_tests_lock_is_added_to_what_serves(project, wheel, index, quick):
    (project / "requirements.txt").write_text(pinned_line(wheel))
    runtime(project).ensure()
    mark = project / ".venv" / "mark"
    mark.touch()
    (project / "requirements-dev.txt").write_text(pinned_line(write_wheel(index, "portalcheck", "1.0")))
    testing = Environment(project, locks=bootstrap.TEST_LOCKS)

    testing.ensure()

    assert testing.is_ready()
    assert mark.exists()


def test_an_environment_in_a_folder_that_was_moved_is_made_anew(installed):
    """Its scripts name the Python of the old place, which may even be there still."""
    moved = installed.root.rename(installed.root.with_name("a new place"))

    assert not runtime(moved).is_ready()


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


@pytest.mark.parametrize(
    ("arguments", "marks", "rest"),
    [
        ([], ALL_BUT_DRILLS, []),
        (["--quick"], QUICK, ["--hypothesis-profile=quick"]),
        (["--drills", "-x"], DRILLS, ["-x"]),
        (
            ["tests/test_flow.py", "-m", "postgres"],
            f"({ALL_BUT_DRILLS}) and (postgres)",
            ["tests/test_flow.py"],
        ),
        (
            ["--quick", "-m", "not both_engines"],
            f"({QUICK}) and (not both_engines)",
            ["--hypothesis-profile=quick"],
        ),
    ],
)
def test_each_lane_asks_for_its_own_tests(arguments, marks, rest):
    assert as_pytest_reads_it([*arguments, "-n0"]) == ["-m", marks, *rest, "-n0"]


@pytest.mark.parametrize("own", [["-n", "0"], ["-n4"], ["--pdb"], ["-p", "no:xdist"]])
def test_the_callers_choice_of_processes_wins(own):
    assert _in_parallel(own) == []
    assert _in_parallel(["tests/test_flow.py"]) != []


def test_drills_go_one_at_a_time():
    assert as_pytest_reads_it(["--drills"]) == ["-m", DRILLS]


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


def test_the_processes_of_a_run_find_what_one_of_them_has_compiled() -> None:
    assert as_tests_read_it({"PYTHONDONTWRITEBYTECODE": "1", "LANG": "C"}) == {"LANG": "C"}
