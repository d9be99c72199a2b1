"""ASVS 16.2 and 14.2: the log holds no value of a person, and no file is open to the rest of the machine."""

import logging
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.application import create_app
from portal.base import discretion
from portal.base.database import Submission, db, transaction
from portal.base.private_files import private_folder
from portal.shared.accounts.models import Municipality, User
from portal.shared.outbox.models import MailKind
from portal.shared.outbox.worker import Worker
from tests.client import PortalClient
from tests.factories import NOW, make_mail
from tests.support.databases import SETTINGS

NAME = "Amira Haddad-Nielsen"


@pytest.fixture
def log() -> Iterator[Callable[[], str]]:
    """All that any logger of the process writes, as an operator's handler would print it."""
    lines = StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    yield lines.getvalue
    logging.getLogger().removeHandler(handler)


def a_name_that_the_database_refuses() -> None:
    with transaction():
        db.session.add(
            Municipality(name=NAME, unit_term=NAME, phone=NAME, email=NAME, records_since_on=NOW.date())
        )
        db.session.add(
            Municipality(name=NAME, unit_term=NAME, phone=NAME, email=NAME, records_since_on=NOW.date())
        )
        db.session.flush()


def a_name_that_is_no_number() -> None:
    int(NAME)


def a_name_in_what_was_looked_for() -> None:
    try:
        {}[NAME]
    except KeyError as missing:
        raise RuntimeError(f"nobody is called {NAME}") from missing


def a_name_in_raw_sql() -> None:
    db.session.execute(sa.text("SELECT * FROM no_such_table WHERE name = :name"), {"name": NAME})


def a_name_that_is_no_choice() -> None:
    db.session.execute(sa.select(User).where(User.role == NAME))


FAULTS = [
    a_name_that_the_database_refuses,
    a_name_that_is_no_number,
    a_name_in_what_was_looked_for,
    a_name_in_raw_sql,
    a_name_that_is_no_choice,
]


@pytest.mark.both_engines
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_V16_2_5_no_traceback_holds_a_name(
    app: Flask, log: Callable[[], str], fault: Callable[[], None]
) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever the fault is
        fault()
    db.session.rollback()

    app.logger.error("it tripped over %s", caught.value, exc_info=caught.value)

    written = log()
    assert NAME not in written
    assert fault.__name__ in written, "the way through the code is told"
    assert type(caught.value).__name__ in written


def test_V16_2_5_a_page_that_trips_says_which_and_not_with_what(
    app: Flask, karin: User, log: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(
        "portal.shared.accounts.views.opened_by", lambda *_any, **_more: a_name_that_is_no_number()
    )

    answer = PortalClient(app).get("/password/the-secret-of-a-link?q=Amira")

    assert answer.status_code == 500
    assert "/password/<password_link>" in log()
    assert "the-secret-of-a-link" not in log()
    assert "Amira" not in log()


def test_a_mail_that_trips_the_worker_is_not_quoted(
    app: Flask, log: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Worker, "_do_chores", lambda _worker: a_name_in_what_was_looked_for())
    stops = iter((False, True))

    class Once:
        is_set = staticmethod(lambda: next(stops))
        wait = staticmethod(lambda _seconds: None)

    Worker(app).run(Once())  # type: ignore[arg-type]

    assert "the mail worker tripped" in log()
    assert NAME not in log()


def test_an_error_of_the_database_says_what_was_asked_and_not_of_whom(app: Flask) -> None:
    twice = sa.insert(Submission).values([{"form_id": NAME, "at": NOW}] * 2)

    with pytest.raises(IntegrityError) as caught:
        db.session.execute(twice)

    assert NAME not in str(caught.value)
    assert "submissions" in discretion.words_of(caught.value)


def test_the_developers_debugger_shows_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'portal.sqlite'}"}
    installed: list[object] = []
    monkeypatch.setattr(logging, "setLogRecordFactory", installed.append)

    create_app({**settings, "PORTAL_DEBUG": True})
    assert installed == []
    create_app(settings)
    assert len(installed) == 1


# --- Files ---------------------------------------------------------------------------------------------------


@pytest.fixture
def _open_umask() -> Iterator[None]:
    before = os.umask(0o000)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("_open_umask")
@pytest.mark.parametrize("left_by_an_older_portal", [False, True])
def test_V14_2_6_the_database_is_ours_alone(tmp_path: Path, left_by_an_older_portal: bool) -> None:
    file = tmp_path / "portal.sqlite"
    if left_by_an_older_portal:
        sqlite3.connect(file).execute("PRAGMA journal_mode=WAL").connection.execute("CREATE TABLE old (name)")
        assert mode(file) & 0o044, "the driver lets others read it"
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{file}"})

    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE names (name TEXT)"))
        found = {path.name: mode(path) for path in tmp_path.iterdir()}

    assert found == dict.fromkeys(("portal.sqlite", "portal.sqlite-wal", "portal.sqlite-shm"), 384)


@pytest.mark.usefixtures("_open_umask")
def test_V14_2_6_mails_that_lie_in_a_folder_are_ours_alone(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "instance" / "mail"
    make_mail(kind=MailKind.MESSAGE)
    monkeypatch.setitem(app.config, "PORTAL_MAIL", "folder")
    monkeypatch.setitem(app.config, "PORTAL_MAIL_FOLDER", str(folder))

    assert Worker(app).work_off() == 1

    assert mode(folder) == 0o700
    assert [mode(path) for path in folder.iterdir()] == [0o600]


@pytest.mark.usefixtures("_open_umask")
def test_V14_2_6_the_development_key_is_ours_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.config.INSTANCE", tmp_path / "instance")

    app = create_app(
        {**SETTINGS, "SECRET_KEY": "", "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'portal.sqlite'}"}
    )

    key = tmp_path / "instance" / "development.key"
    assert key.read_text() == app.config["SECRET_KEY"]
    assert (mode(key), mode(key.parent)) == (0o600, 0o700)


def test_a_folder_that_was_open_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o755)

    assert mode(private_folder(folder)) == 0o700
