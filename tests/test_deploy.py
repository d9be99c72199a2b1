"""What stands in deploy/: units that systemd takes, a compose file by its schema, an image with all that runs."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from jsonschema import Draft202012Validator

from portal.config import load_configuration
from tests.support.live import ROOT
from tests.support.needs import require

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
OF_THE_PORTAL = [unit for unit in SERVICES if "/opt/portal" in unit.read_text()]
SCHEMA = ROOT / "tests" / "vendor" / "compose-spec" / "compose-spec.json"
EXPOSURE_TENTHS = 20
"""Of systemd's own 0 to 100: a service without a word about it has 96."""


def name(path: Path) -> str:
    return path.name


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As on a server where the programs they start are in their places."""
    folder = tmp_path_factory.mktemp("units")
    programs = folder / "programs"
    programs.mkdir()
    for program in ("flask", "gunicorn"):
        (programs / program).touch(mode=0o755)
    for unit in UNITS:
        text = unit.read_text().replace("/opt/portal/.venv/bin", str(programs))
        (folder / unit.name).write_text(text.replace("/usr/bin/logger", shutil.which("true") or ""))
    return folder


def test_systemd_takes_every_unit(units: Path) -> None:
    files = [str(units / unit.name) for unit in UNITS]
    ended = subprocess.run(
        [str(require("systemd")), "verify", "--man=no", *files],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_misspelt_setting_would_be_said(units: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.service"
    wrong.write_text((units / "portal-web.service").read_text().replace("MemoryMax", "MemoryMost"))
    command = [str(require("systemd")), "verify", "--man=no", str(wrong)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert "MemoryMost" in ended.stderr


@pytest.mark.parametrize("unit", OF_THE_PORTAL, ids=name)
def test_a_service_may_do_little_on_the_machine(units: Path, unit: Path) -> None:
    command = [str(require("systemd")), "security", "--offline=true", f"--threshold={EXPOSURE_TENTHS}"]
    ended = subprocess.run([*command, str(units / unit.name)], capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout.splitlines()[-1:]


@pytest.mark.one_engine
@pytest.mark.parametrize("unit", SERVICES, ids=name)
def test_a_unit_starts_a_command_that_there_is(app: Flask, unit: Path) -> None:
    for words in re.findall(r"^ExecStart=\S+/flask --app app (\S+)", unit.read_text(), re.MULTILINE):
        assert words in app.cli.commands


def test_every_timer_has_its_service_and_every_failure_is_told() -> None:
    timers = {unit.stem for unit in UNITS if unit.suffix == ".timer"}

    assert timers <= {unit.stem for unit in SERVICES}
    assert [one.name for one in OF_THE_PORTAL if "OnFailure=portal-trouble@%n" not in one.read_text()] == []


def settings_of_the_example() -> dict[str, str]:
    lines = (DEPLOY / "portal.env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_of_settings_lacks_only_what_nobody_may_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    example = settings_of_the_example()
    assert example.pop("PORTAL_SECRET_KEY") == "", "a key in an example is everybody's"
    for setting, value in example.items():
        monkeypatch.setenv(setting, value)
    monkeypatch.setenv("PORTAL_SECRET_KEY", "0123456789abcdef" * 4)

    assert load_configuration()["PORTAL_ENV"] == "production"


def test_every_setting_of_the_example_is_read_by_somebody() -> None:
    readers = [ROOT / "portal" / "config.py", ROOT / "gunicorn.conf.py"]
    read = "".join(reader.read_text() for reader in readers) + "NUMBA_CACHE_DIR"  # numba's own

    assert [setting for setting in settings_of_the_example() if setting not in read] == []


# --- Containers ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def faults_of(composed: dict[str, Any]) -> list[str]:
    schema = json.loads(SCHEMA.read_text())
    return [fault.message for fault in Draft202012Validator(schema).iter_errors(composed)]


def test_the_compose_file_is_one(compose: dict[str, Any]) -> None:
    assert faults_of(compose) == []
    assert faults_of({**compose, "servces": {}}), "the schema would say so"


def test_services_use_volumes_and_files_that_there_are(compose: dict[str, Any]) -> None:
    mounted = [text for one in compose["services"].values() for text in one.get("volumes", ())]
    sources = {text.removeprefix("${PORTAL_").split(":")[0] for text in mounted}
    of_the_operator = {"JOURNAL_FOLDER", "BACKUP_FOLDER", "./tls"}
    files = {one for one in sources if one.startswith("./")} - of_the_operator

    assert sources - files - of_the_operator == set(compose["volumes"])
    assert [one for one in files if not (DEPLOY / one).is_file()] == []
    assert (DEPLOY / ".." / compose["services"]["web"]["build"]["dockerfile"]).is_file()


def test_a_backup_is_made_by_programs_of_the_servers_own_version(compose: dict[str, Any]) -> None:
    """An older pg_dump refuses a newer server."""
    containerfile = (DEPLOY / "Containerfile").read_text()
    [client] = re.findall(r"postgresql-client-(\d+)", containerfile)

    assert compose["services"]["db"]["image"].endswith(f"/postgres:{client}")
    assert "bookworm" in containerfile, "the release of Debian that has that version"


def test_nobody_but_nginx_reaches_the_portal(compose: dict[str, Any]) -> None:
    """They share an address, and the portal listens on 127.0.0.1 of it."""
    published = [port for one in compose["services"].values() for port in one.get("ports", ())]

    assert compose["services"]["nginx"]["network_mode"] == "service:web"
    assert published == ["80:80", "443:443"]
    assert (
        "PORTAL_HOST"
        not in (DEPLOY / "compose.yaml").read_text() + (DEPLOY / "portal.env.example").read_text()
    )


@pytest.mark.slow
def test_the_image_has_all_that_the_portal_needs_to_start(tmp_path: Path) -> None:
    """Its files alone, in a folder of their own."""
    for sources in re.findall(r"^COPY (.+) \S+$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE):
        for source in sources.split():
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copyfile
            copy(ROOT / source, tmp_path / source)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PORTAL_", "PYTHONPATH"))}
    settings = {
        "PORTAL_DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite",
        "PORTAL_KEYS": f"{tmp_path}/k.json",
    }
    for words in (["flask", "--app", "app", "db", "upgrade"], ["gunicorn", "--check-config", "app:app"]):
        ended = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=tmp_path,
            env={**kept, **settings, "PORTAL_SECRET_KEY": "0123456789abcdef" * 4},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
