"""The operator's drill, by the commands alone, each in a process of its own, in production: erased stays erased."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.live import ROOT
from tests.support.postgres import throwaway_cluster

_TAKE_IN = """
from app import app
from portal.base import clock
from portal.base.database import db, transaction
from portal.loop.citizens import services
from portal.shared.accounts.queries import municipalities
with app.app_context(), transaction():
    home = municipalities()[0].id
    for case, name in (("26/1", "Zarifa"), ("26/2", "Selam")):
        services.create_citizen(municipality_id=home, case_reference=case, first_name=name, last_name="Haddad",
                                by=None, at=clock.now())
"""
_ERASE = """
from app import app
from portal.base import clock
from portal.base.database import db, transaction
from portal.loop.citizens import services
from portal.loop.citizens.models import Citizen
with app.app_context(), transaction():
    gone = db.session.query(Citizen).filter_by(first_name="Zarifa").one()
    services.erase_citizen(gone, journal=app.config["JOURNAL"], by=None, at=clock.now())
"""
_NAMES = """
from app import app
from portal.base.database import db
from portal.loop.citizens.models import Citizen
with app.app_context():
    print(" ".join(one.first_name for one in db.session.query(Citizen).order_by(Citizen.id)))
"""


@dataclass
class Host:
    """A machine with its environment; each command is a process."""

    folder: Path
    databases: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        self.environment = {
            **kept,
            "PYTHONPATH": str(ROOT),
            "PORTAL_ENV": "production",
            "PORTAL_BASE_URL": "https://localhost:1",  # the doctor asks there, and nobody answers
            "PORTAL_SECRET_KEY": "the secret of this installation, long enough",
            "PORTAL_DATABASE_URL": self.databases["live"],
            "PORTAL_KEYS": str(self.folder / "keys.json"),
            "PORTAL_JOURNAL": str(self.folder / "disk-2" / "erasures.journal"),
            "PORTAL_MAIL_FOLDER": str(self.folder / "mail"),
        }

    def flask(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self._run("-m", "flask", "--app", "app", *words, **environment)

    def python(self, code: str, **environment: str) -> str:
        done = self._run("-c", code, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )


@contextlib.contextmanager
def host_on(engine_name: str, folder: Path) -> Iterator[Host]:
    with contextlib.ExitStack() as stack:
        if engine_name == "sqlite":
            yield Host(folder, {name: f"sqlite:///{folder}/{name}.sqlite" for name in ("live", "new")})
            return
        cluster = stack.enter_context(throwaway_cluster())
        yield Host(folder, {name: cluster.create_database(name) for name in ("live", "new")})


@pytest.mark.drill
@pytest.mark.parametrize("engine_name", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_erasure_backup_restore_and_still_erased(engine_name: str, tmp_path: Path) -> None:
    with host_on(engine_name, tmp_path) as host:
        prepared = host.flask("db", "upgrade")
        assert prepared.returncode == 0, prepared.stderr
        words = [
            "--name",
            "Gribskov",
            "--unit",
            "Jobcentret",
            "--phone",
            "72496000",
            "--email",
            "job@gribskov.dk",
        ]
        assert host.flask("create-municipality", *words).returncode == 0
        host.python(_TAKE_IN)
        made = host.flask("backup", str(tmp_path / "backups"))
        assert made.returncode == 0, made.stderr
        folder = made.stdout.strip().splitlines()[-1]
        host.python(_ERASE)
        assert host.python(_NAMES) == "Selam"
        assert host.flask("backup", "--verify", folder).returncode == 0

        over_live = host.flask("restore", folder)
        assert over_live.returncode == 1
        assert "--into" in over_live.stderr
        assert host.python(_NAMES) == "Selam"

        new = host.databases["new"]
        other = "another secret that is long enough to be taken"
        wrong_key = host.flask("restore", folder, "--into", new, PORTAL_SECRET_KEY=other)
        assert wrong_key.returncode == 1
        assert "nøgler" in wrong_key.stderr
        aside = shutil.move(tmp_path / "disk-2", tmp_path / "aside")
        missing = host.flask("restore", folder, "--into", new)
        assert missing.returncode == 1
        assert "Slettelisten mangler" in missing.stderr
        assert not (tmp_path / "new.sqlite").exists()
        shutil.move(aside, tmp_path / "disk-2")

        done = host.flask("restore", folder, "--into", new)
        assert done.returncode == 0, done.stderr
        assert "1 personer" in done.stdout
        assert host.python(_NAMES, PORTAL_DATABASE_URL=new) == "Selam"
        assert "kommet tilbage" not in host.flask("doctor", PORTAL_DATABASE_URL=new).stdout
