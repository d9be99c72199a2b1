"""`flask doctor`: an installation that is well, and each thing that can be wrong with it, one at a time."""

import os
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from portal.base.database import db, transaction
from portal.base.keys import KeyPurpose, Keyring
from portal.base.marks import MarkName, OperationMark, note
from portal.loop.citizens import entries
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.audit.commands import seal_all
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox.models import Mail, MailKind, MailState
from portal.workspaces.operation import doctor, dumps, surroundings
from tests.factories import NOW, make_citizen

NOBODYS = "https://localhost:1"
"""An address where nobody answers, so that the doctor asks no further."""
USAGE = namedtuple("USAGE", "total used free")


@pytest.fixture
def well(installation, monkeypatch, tmp_path):
    """As an operator's page asks for: yesterday's backup is tried, the worker runs, the disks are two."""
    make_citizen()
    app = installation.app
    monkeypatch.setitem(app.config, "PORTAL_KEYS", str(tmp_path / "keys.json"))
    monkeypatch.setitem(app.config, "PORTAL_MAIL_FOLDER", str(tmp_path / "mail"))
    if database := doctor.database_file():
        for ending in ("", "-wal", "-shm"):
            if (file := database.with_name(database.name + ending)).exists():
                file.chmod(0o600)
    made = installation.backups / "portal-20261118T090000"
    made.mkdir(parents=True, mode=0o700)
    (made / "manifest.json").touch(mode=0o600)
    with transaction():
        note(MarkName.BACKUP, str(made), at=NOW)
        note(MarkName.VERIFIED, str(made), at=NOW)
        note(MarkName.WORKER, "host", at=NOW)
        for name in doctor.NIGHTLY:
            note(name, "0", at=NOW)
        entries.note_position(installation.journal.begin(at=NOW), at=NOW)
    seal_all()
    monkeypatch.setattr(doctor, "database_file", lambda: None)  # of one disk a test of its own
    monkeypatch.setattr(surroundings, "clock_of_the_database", lambda: None)  # here it is another day
    return installation


def said(installation, *, at=NOW) -> tuple[int, str]:
    with time_machine.travel(at, tick=False):
        answer = installation.run("doctor")
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer.exit_code, answer.output


def wrong(installation, *words: str, at=NOW) -> None:
    code, output = said(installation, at=at)
    assert code == 1, output
    assert [word for word in words if word not in output] == []


def test_an_installation_that_is_well(well):
    made = well.backup()
    assert well.run("backup", "--verify", str(made)).exit_code == 0
    assert said(well) == (
        0,
        "".join(f"✓ {one.title}\n" for one in doctor.CHECKS) + "Alt er, som det skal være.\n",
    )


def test_the_doctor_changes_nothing(well):
    def rows():
        return dumps.row_counts(), db.session.scalars(sa.select(OperationMark.at)).all()

    before = rows()
    said(well)
    assert rows() == before


def test_an_address_without_tls(well, monkeypatch):
    monkeypatch.setitem(well.app.config, "PORTAL_ENV", "production")

    wrong(well, "https://")


def test_a_proxy_that_the_portal_does_not_know_of(well, monkeypatch):
    monkeypatch.setitem(well.app.config, "PORTAL_BASE_URL", NOBODYS)

    wrong(well, "PORTAL_PROXIES")


def test_a_schema_that_is_behind(well, monkeypatch):
    monkeypatch.setattr(doctor, "schema_state", lambda: ("019", "020"))

    wrong(well, "019", "flask db upgrade")


def test_demo_accounts_on_the_net(well, monkeypatch):
    monkeypatch.setitem(well.app.config, "PORTAL_BASE_URL", NOBODYS)
    with transaction():
        db.session.execute(sa.update(User).values(is_demo=True))

    wrong(well, "demo-brugere")


@pytest.mark.parametrize("name", doctor.NIGHTLY)
def test_something_that_no_night_has_done(well, name):
    with transaction():
        db.session.execute(sa.delete(OperationMark).where(OperationMark.name == name))

    wrong(well, f"flask {doctor.NIGHTLY[name]} har aldrig kørt")


def test_something_that_the_last_nights_have_not_done(well):
    with transaction():
        note(MarkName.PURGED, "0", at=NOW - timedelta(days=2))

    wrong(well, "flask purge-expired har ikke kørt siden")


def test_a_new_installation_has_had_no_night_yet(well):
    with transaction():
        db.session.execute(sa.update(User).values(created_at=NOW - timedelta(hours=2)))
        db.session.execute(sa.delete(OperationMark).where(OperationMark.name.in_(doctor.NIGHTLY)))

    assert "har aldrig kørt" not in said(well)[1]


def test_a_security_txt_that_is_soon_over(well, monkeypatch):
    monkeypatch.setitem(well.app.config, "PORTAL_SECURITY_EXPIRES", (NOW + timedelta(days=10)).date())

    wrong(well, "PORTAL_SECURITY_EXPIRES")


def test_files_that_others_can_read(well):
    well.journal.file.chmod(0o644)
    well.backups.chmod(0o755)
    folder = next(well.backups.glob("portal-*"))
    (folder / "manifest.json").chmod(0o640)

    wrong(well, str(well.journal.file), "manifest.json", "chmod 600")


@pytest.mark.parametrize("current_stage", ["sqlite"], indirect=True)
def test_a_database_that_others_can_read(well, monkeypatch):
    database = Path(str(db.engine.url.database))
    monkeypatch.setattr(doctor, "database_file", lambda: database)
    database.chmod(0o644)

    wrong(well, str(database))


def test_old_keys(well):
    well.run("rotate-key", "links")

    wrong(well, "links", "rotate-key", at=NOW + timedelta(days=401))


def test_keys_that_cannot_be_read(well, monkeypatch, tmp_path):
    (tmp_path / "broken.json").write_text("{")
    monkeypatch.setitem(well.app.config, "KEYS", Keyring("x" * 40, tmp_path / "broken.json"))
    monkeypatch.setattr(doctor, "verify_chain", _whole)

    wrong(well, "broken.json")


def _whole(*_heads):
    raise OSError("no keys")


def test_a_journal_that_is_missing(well):
    well.journal.file.unlink()

    wrong(well, "Slettelisten mangler", "PORTAL_JOURNAL")


def test_a_journal_that_somebody_changed(well, karin):
    well.erase(db.session.scalars(sa.select(Citizen)).first(), karin)
    text = well.journal.file.read_text()
    well.journal.file.write_text(text.replace('"citizen"', '"person"'))

    wrong(well, "ændret")


def test_somebody_erased_who_came_back_past_the_portal(well, karin):
    citizen = db.session.scalars(sa.select(Citizen)).first()
    row = {column.name: getattr(citizen, column.name) for column in Citizen.__table__.columns}
    well.erase(citizen, karin)
    with transaction():
        db.session.execute(sa.insert(Citizen).values(**row))

    wrong(well, "1 slettede personer", "reapply-erasures")


def test_an_erasure_that_nobody_settled(well, karin):
    well.erase(db.session.scalars(sa.select(Citizen)).first(), karin)

    wrong(well, "ikke gjort op", at=NOW + timedelta(hours=4))


@pytest.mark.parametrize("current_stage", ["sqlite"], indirect=True)
def test_a_journal_beside_the_database(well, monkeypatch, tmp_path):
    beside = tmp_path / "portal.sqlite"
    beside.touch(mode=0o600)
    monkeypatch.setattr(doctor, "database_file", lambda: beside)

    wrong(well, "samme disk")


def test_a_log_that_somebody_changed(well):
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'"
            for name in list(connection.exec_driver_sql(names).scalars()):
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.execute(sa.update(AuditEntry).values(action="nothing"))
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql("SET session_replication_role = DEFAULT")

    wrong(well, "Loggen er IKKE hel")


def test_lines_that_wait_for_their_seal(well, karin):
    with transaction():
        audit.record("signed-in", subject=karin, by=karin, at=NOW)
    wrong(well, "forseglet", at=NOW + timedelta(hours=2))


def test_no_backup(well):
    with transaction():
        db.session.execute(sa.delete(OperationMark).where(OperationMark.name == "backup"))

    wrong(well, "aldrig lavet en backup")


def test_an_old_backup(well):
    wrong(well, "Den sidste backup er fra", at=NOW + timedelta(hours=31))


def test_a_backup_that_went_away(well):
    shutil.rmtree(well.backups)

    wrong(well, "ikke, hvor den blev lagt")


def test_a_backup_that_nobody_tried(well):
    with transaction():
        db.session.execute(sa.delete(OperationMark).where(OperationMark.name == "backup-verified"))

    wrong(well, "backup --verify")


def test_a_backup_that_nobody_tried_for_long(well):
    wrong(well, "blev prøvet", at=NOW + timedelta(days=9))


@pytest.mark.parametrize(
    "current_stage", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_the_programs_for_a_backup_are_missing(well, monkeypatch):
    monkeypatch.setattr(dumps, "program_path", lambda program: None)

    wrong(well, "pg_dump", "pg_restore")


def test_a_worker_that_never_ran(well):
    with transaction():
        db.session.execute(sa.delete(OperationMark).where(OperationMark.name == "worker"))

    wrong(well, "aldrig kørt")


def test_a_worker_that_stopped(well):
    wrong(well, "ikke kørt siden", at=NOW + timedelta(minutes=21))


@pytest.mark.parametrize(
    ("state", "word"),
    [(MailState.WAITING, "ventet over en time"), (MailState.UNCONFIRMED, "måske ikke sendt")],
)
def test_mails_that_wait(well, state, word):
    with transaction():
        db.session.add(
            Mail(
                kind=MailKind.MESSAGE,
                recipient="bo@firma.example",
                sender_name="Jobcentret",
                subject="Hej",
                text="Hej",
                created_at=NOW - timedelta(hours=2),
                state=state,
                due_at=NOW - timedelta(hours=2),
            )
        )

    wrong(well, word)


def test_a_disk_that_is_nearly_full(well, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: USAGE(10**11, 10**11, 40_000_000))

    wrong(well, "40 MB")


def test_a_database_that_is_away_is_said_once_for_each_check(well, monkeypatch):
    def away():
        raise sa.exc.OperationalError("SELECT 1", {}, Exception("connection refused"))

    monkeypatch.setattr(doctor, "schema_state", away)

    wrong(well, "Det kan ikke undersøges", "connection refused")


def test_every_purpose_has_a_key_that_the_doctor_looks_at(well):
    well.run("rotate-key", "all")

    code, output = said(well, at=NOW + timedelta(days=401))

    assert code == 1
    assert [purpose.value for purpose in KeyPurpose if purpose.value not in output] == []


LEFT = ["instance/scratch-0a.sqlite", "backups/half-20261101T000000", "live.sqlite.restoring"]


@pytest.mark.parametrize("name", LEFT)
def test_a_copy_that_a_killed_command_left(well, monkeypatch, tmp_path, name):
    (tmp_path / "instance").mkdir(exist_ok=True)
    left = tmp_path / name
    left.write_text("persons")
    yesterday = (NOW - timedelta(days=1)).timestamp()
    os.utime(left, (yesterday, yesterday))
    if name.endswith("restoring"):
        monkeypatch.setattr(doctor, "database_file", lambda: tmp_path / "live.sqlite")

    wrong(well, f"{left} er en kopi", "Slet den")


@pytest.mark.postgres
@pytest.mark.parametrize("current_stage", ["postgresql"], indirect=True)
def test_a_restore_that_was_killed_on_postgresql(well):
    url = db.engine.url.render_as_string(hide_password=False)
    dumps.hide(url)
    try:
        wrong(well, "En gendannelse blev afbrudt")
    finally:
        dumps.show(url)
