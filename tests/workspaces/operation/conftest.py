"""An installation with its own keys, journal and backups, and a second, empty database to restore into."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal.base.database import db, transaction
from portal.base.journal import Journal
from portal.base.keys import Keyring
from portal.loop.citizens import services
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.workspaces.operation import dumps
from portal.workspaces.operation.elsewhere import portal_on
from tests.factories import NOW


@dataclass
class Installation:
    """What an operator has."""

    app: Flask
    backups: Path
    empty_url: str

    @property
    def journal(self) -> Journal:
        found: Journal = self.app.config["JOURNAL"]
        return found

    def run(self, *words: str) -> Result:
        """A command, as if nothing had been read before."""
        db.session.rollback()
        answer = self.app.test_cli_runner().invoke(args=list(words))
        db.session.rollback()
        db.session.expire_all()
        return answer

    @staticmethod
    def succeeds(answer: Result) -> Result:
        """With the command's own words where it does not."""
        assert answer.exit_code == 0, answer.output
        return answer

    def backup(self) -> Path:
        answer = self.succeeds(self.run("backup", str(self.backups)))
        return Path(answer.stdout.strip().splitlines()[-1])

    def restore(self, folder: Path) -> Result:
        return self.run("restore", str(folder), "--into", self.empty_url)

    def erase(self, citizen: Citizen, by: User) -> None:
        with transaction():
            found = db.session.get_one(Citizen, citizen.id)
            services.erase_citizen(found, journal=self.journal, by=by, at=NOW)

    def restored(self, statement: sa.Select) -> list:
        """What the restored database answers."""
        with portal_on(self.empty_url):
            return list(db.session.scalars(statement))


@pytest.fixture
def installation(app, tmp_path, monkeypatch) -> Iterator[Installation]:
    ring = Keyring(app.config["SECRET_KEY"], tmp_path / "keys.json")
    monkeypatch.setitem(app.config, "KEYS", ring)
    monkeypatch.setitem(app.config, "JOURNAL", Journal(tmp_path / "elsewhere" / "erasures.journal", ring))
    monkeypatch.setattr(app.config["WTF_CSRF_SECRET_KEY"], "_ring", ring)
    monkeypatch.setattr(app, "instance_path", str(tmp_path / "instance"))
    url = db.engine.url.render_as_string(hide_password=False)
    elsewhere = (
        url
        if db.engine.dialect.name == dumps.SQLITE
        else db.engine.url.set(database="postgres").render_as_string(False)
    )
    with dumps.scratch(elsewhere, tmp_path) as empty:
        yield Installation(app, tmp_path / "backups", empty)
    shutil.rmtree(tmp_path / "backups", ignore_errors=True)
