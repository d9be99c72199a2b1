"""A recipe of CONTRIBUTING.md tried as a newcomer would: its edits in a copy of the portal, and a story told there."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import time_machine
from flask import Flask

from portal.application import create_app
from portal.base.database import db
from tests import factories
from tests.support.databases import SETTINGS

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Edit:
    """One hand-edited file: what is written before the words of `at`, or a new file when there are none."""

    path: str
    at: str
    written: str
    instead: bool = False
    """What is written takes the place of `at`."""

    def make(self, root: Path) -> None:
        file = root / self.path
        if not self.at:
            assert not file.exists()
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.written, encoding="utf-8")
            return
        text = file.read_text(encoding="utf-8")
        assert text.count(self.at) == 1, f"{self.path} has {text.count(self.at)} times: {self.at}"
        file.write_text(
            text.replace(self.at, self.written if self.instead else self.written + self.at), encoding="utf-8"
        )


def tell(story: str, edits: Sequence[Edit], tmp_path: Path) -> None:
    """Run the module with the edited portal; fails with what it said when an assertion of it does not hold."""
    shutil.copytree(ROOT / "portal", tmp_path / "portal")
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    for edit in edits:
        edit.make(tmp_path)
    told = subprocess.run(
        [sys.executable, "-m", story],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


@contextmanager
def toy_portal() -> Iterator[Flask]:
    """For a story: the world of every test in a database with the toy's tables, at the tests' moment."""
    with tempfile.TemporaryDirectory() as folder, time_machine.travel(factories.NOW, tick=False):
        app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/portal.sqlite"})
        with app.app_context():
            db.create_all()
            factories.build_world()
            yield app
            db.session.remove()
            db.engine.dispose()
