"""A night's backup, the morning's trial of it, and the day it is needed: on both databases."""

import itertools
import json
import shutil
import sqlite3
import stat
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from portal.base.database import db, transaction
from portal.base.keys import Keyring, keyed_hash
from portal.base.marks import MarkName, noted
from portal.loop.citizens.models import Citizen, Erasure
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User, UserSession
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox.models import Mail, MailKind, MailState
from portal.workspaces.operation import backup, dumps
from tests.factories import NOW, make_card, make_citizen, make_match, make_placement, make_review

CASES = sa.select(Citizen.case_reference).order_by(Citizen.id)


def test_a_backup_says_what_is_in_it_and_is_for_its_owner_alone(installation):
    make_citizen(case_reference="26/50")

    made = installation.backup()

    found = json.loads((made / "manifest.json").read_text())
    assert found["rows"]["citizens"] == 1
    assert found["engine"] == db.engine.dialect.name
    assert found["journal"]["installation"] == installation.journal.read().position.installation
    assert found["audit"]["seq"] > 0
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in made.iterdir()} == {0o600}
    assert sorted(file.name for file in made.iterdir()) == sorted([*found["files"], "manifest.json"])
    assert noted(MarkName.BACKUP).text == str(made)


def test_a_good_backup_is_said_to_be_good(installation):
    make_citizen()
    made = installation.backup()

    answer = installation.run("backup", "--verify", str(made))

    assert answer.exit_code == 0, answer.output
    assert "hel" in answer.output
    assert noted(MarkName.VERIFIED).text == str(made)


def test_what_was_there_is_there_again(installation):
    make_placement()
    before = installation.backup()
    make_citizen(case_reference="26/later")

    answer = installation.restore(before)

    assert answer.exit_code == 0, answer.output
    assert "26/later" not in installation.restored(CASES)
    assert len(installation.restored(CASES)) == 1


def test_whoever_was_erased_since_is_erased_in_what_comes_back(installation, karin):
    gone = make_citizen("Zarifa", last_name="Quistgaard", case_reference="26/50", with_login=True)
    stays = make_citizen("Selam", case_reference="26/51")
    make_placement(
        make_review(make_match(card=make_card(stays)), citizen_answer=Answer.YES, employer_answer=Answer.YES)
    )
    made = installation.backup()
    installation.erase(gone, karin)

    answer = installation.restore(made)

    assert answer.exit_code == 0, answer.output
    assert "1 personer" in answer.output
    assert installation.restored(CASES) == ["26/51"]
    assert not [name for name in installation.restored(sa.select(User.name)) if "Quistgaard" in name]
    actions = installation.restored(sa.select(AuditEntry.action).order_by(AuditEntry.id))
    assert actions[-1] == "citizen-erased"


def test_a_backup_of_before_there_was_a_journal_keeps_its_old_erasures(installation, karin):
    """The old table's rows are in the file by the time of the backup; the person is in it as well."""
    gone = make_citizen(case_reference="26/50")
    with transaction():
        key = installation.app.config["SECRET_KEY"]
        old = keyed_hash(key, f"{gone.municipality_id}:26/50")
        db.session.add(Erasure(subject_hash=old, at=NOW + timedelta(hours=1)))

    made = installation.backup()

    installation.succeeds(installation.restore(made))
    assert installation.restored(CASES) == []


def refused(installation, made, *words: str) -> None:
    answer = installation.restore(made)
    assert answer.exit_code == 1
    assert [word for word in words if word not in answer.output] == []
    assert "Traceback" not in answer.output
    if db.engine.dialect.name == "sqlite":
        assert not list(installation.backups.parent.glob("scratch-*"))


@pytest.fixture
def made(installation, karin):
    """A backup, and an erasure since."""
    gone = make_citizen(case_reference="26/50")
    folder = installation.backup()
    installation.erase(gone, karin)
    return folder


def test_without_the_journal_nothing_is_restored(installation, made):
    installation.journal.file.unlink()

    refused(installation, made, "Slettelisten mangler", "PORTAL_JOURNAL")


def test_a_journal_of_the_day_of_the_backup_is_too_short_for_the_next_one(installation, made, karin):
    """The journal was restored from the same old copy as the database."""
    old = installation.journal.file.read_bytes()
    later = make_citizen(case_reference="26/60")
    installation.erase(later, karin)
    second = installation.backup()

    installation.journal.file.write_bytes(old)

    refused(installation, second, "kortere")


def test_another_installations_journal_does_not_do(installation, made):
    installation.journal.begin_anew(at=NOW)

    refused(installation, made, "anden portal")


def test_a_changed_journal_does_not_do(installation, made):
    lines = installation.journal.file.read_text().splitlines()
    installation.journal.file.write_text("\n".join([lines[0], lines[1].replace("citizen", "citizem")]) + "\n")

    refused(installation, made, "ændret")


def test_with_another_secret_nothing_is_restored(installation, made, monkeypatch, tmp_path):
    other = Keyring("another secret, as long as it must be", tmp_path / "none.json")
    monkeypatch.setitem(installation.app.config, "KEYS", other)
    monkeypatch.setattr(installation.journal, "keys", other)

    refused(installation, made, "nøgler")


def test_without_the_file_of_keys_nothing_is_restored(installation, karin, monkeypatch, tmp_path):
    installation.run("rotate-key", "journal")
    folder = installation.backup()
    other = Keyring(installation.app.config["SECRET_KEY"], tmp_path / "none.json")
    monkeypatch.setitem(installation.app.config, "KEYS", other)
    monkeypatch.setattr(installation.journal, "keys", other)

    refused(installation, folder, "PORTAL_KEYS")


def _without_manifest(folder):
    (folder / "manifest.json").unlink()


def _other_counts(folder):
    file = folder / "manifest.json"
    file.write_text(file.read_text().replace('"citizens": 1', '"citizens": 2'))


def _other_bytes(folder):
    file = next(one for one in folder.iterdir() if one.name.startswith("database"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _half_a_file(folder):
    file = next(one for one in folder.iterdir() if one.name.startswith("database"))
    file.write_bytes(file.read_bytes()[:1000])


def _no_file(folder):
    next(one for one in folder.iterdir() if one.name.startswith("database")).unlink()


def _no_json(folder):
    (folder / "manifest.json").write_text("[1]")


UNFIT = {
    "no manifest": (_without_manifest, "manifest"),
    "a changed manifest": (_other_counts, "manifest"),
    "a manifest that is none": (_no_json, "manifest"),
    "a changed file": (_other_bytes, "ændret"),
    "half a file": (_half_a_file, "ændret"),
    "no file": (_no_file, "mangler"),
}


@pytest.mark.parametrize("what", UNFIT)
def test_what_is_not_as_it_was_made_is_neither_good_nor_restored(installation, made, what):
    damage, word = UNFIT[what]

    damage(made)

    refused(installation, made, word)
    assert installation.run("backup", "--verify", str(made)).exit_code == 1


def test_over_live_data_nothing_is_restored(installation, made):
    make_citizen(case_reference="26/today")

    answer = installation.run("restore", str(made))

    assert answer.exit_code == 1
    assert "--into" in answer.output
    assert list(db.session.scalars(CASES)) == ["26/today"]


def test_who_had_signed_out_since_is_not_signed_in_again(installation, karin):
    with transaction():
        db.session.add(
            UserSession(secret_hash="x" * 64, user_id=karin.id, opened_at=NOW, last_seen_at=NOW, device="T")
        )
    made = installation.backup()

    installation.restore(made)

    assert None not in installation.restored(sa.select(UserSession.ended_at))


def test_a_mail_that_was_sent_since_is_not_sent_again(installation):
    with transaction():
        db.session.add(
            Mail(
                kind=MailKind.MESSAGE,
                recipient="bo@firma.example",
                sender_name="Jobcentret",
                subject="Hej",
                text="Hej",
                created_at=NOW,
                state=MailState.WAITING,
                due_at=NOW,
            )
        )
    made = installation.backup()

    answer = installation.restore(made)

    assert "1 mails" in answer.output
    assert installation.restored(sa.select(Mail.state)) == [MailState.UNCONFIRMED]


def test_what_was_restored_can_be_kept_and_restored_again(installation, made, monkeypatch):
    installation.succeeds(installation.restore(made))
    first = installation.restored(CASES)
    monkeypatch.setattr(dumps, "unsound", lambda url: "")
    with backup.portal_on(installation.empty_url):
        second = backup.make(installation.backups, at=NOW, progress=lambda done, everything: None)
    dumps.empty(installation.empty_url)

    installation.succeeds(installation.restore(second))
    assert installation.restored(CASES) == first


@pytest.mark.postgres
@pytest.mark.parametrize("current_stage", ["postgresql"], indirect=True)
def test_a_schema_beside_the_portals_own_goes_and_comes_with_the_database(installation):
    """An administrator's schema stands in the dump; a second restore met what the first had put there."""
    with db.engine.begin() as connection:
        connection.execute(sa.text("CREATE SCHEMA beside CREATE TABLE remarks (id integer)"))
    try:
        made = installation.backup()
    finally:
        with db.engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA beside CASCADE"))
    beside = sa.select(sa.func.count()).select_from(sa.text("beside.remarks"))
    installation.succeeds(installation.restore(made))
    assert installation.restored(beside) == [0]

    dumps.empty(installation.empty_url)
    with pytest.raises(sa.exc.ProgrammingError, match="beside"):
        installation.restored(beside)

    installation.succeeds(installation.restore(made))


def test_two_backups_in_a_second_are_two_folders(installation):
    assert installation.backup() != installation.backup()


def test_a_backup_is_made_while_others_write(installation):
    """It is of one moment: what it counts is what is in it."""
    home = make_citizen()
    row = {name: getattr(home, name) for name in ("municipality_id", "status", "created_at", "first_name")}
    app, stopped = installation.app, threading.Event()

    def write() -> None:
        with app.app_context():
            for number in itertools.takewhile(lambda _number: not stopped.is_set(), itertools.count()):
                with transaction():
                    more = {"case_reference": f"W/{number}", "last_name": "B", "version": 1}
                    db.session.execute(sa.insert(Citizen).values(**row, **more))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        folders = [installation.backup() for _time in range(3)]
    finally:
        stopped.set()
        writer.join()

    for folder in folders:
        installation.succeeds(installation.run("backup", "--verify", str(folder)))


@pytest.mark.parametrize("current_stage", ["sqlite"], indirect=True)
def test_a_full_disk_leaves_no_half_backup(installation, monkeypatch):
    def full(*_arguments, **_named):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(dumps, "dump_sqlite", full)

    answer = installation.run("backup", str(installation.backups))

    assert answer.exit_code == 1
    assert "plads" in answer.output
    assert [one.name for one in installation.backups.iterdir()] == [".lock"]


def test_what_a_killed_backup_left_is_taken_away_by_the_next(installation):
    half = installation.backups / "half-20261101T000000"
    half.mkdir(parents=True)
    (half / "database.sqlite").write_text("a half")

    made = installation.backup()

    assert not half.exists()
    assert made.exists()


def test_a_backup_beside_another_that_is_being_made_is_refused(installation):
    installation.backups.mkdir(parents=True)
    with backup._alone_in(installation.backups, backup.HALF):
        answer = installation.run("backup", str(installation.backups))

    assert answer.exit_code == 1
    assert "allerede" in answer.output


def test_a_folder_that_cannot_be_made_is_said(installation, tmp_path):
    (tmp_path / "file").write_text("")

    answer = installation.run("backup", str(tmp_path / "file" / "backups"))

    assert answer.exit_code in (1, 2)
    assert "Traceback" not in answer.output


def test_a_log_that_somebody_changed_is_found_in_the_backup(installation, karin):
    make_citizen()
    installation.backup()
    _change_the_log()

    answer = installation.run("backup", "--verify", str(installation.backup()))

    assert answer.exit_code == 1
    assert "ikke hel" in answer.output


def _change_the_log() -> None:
    """As the database's owner can: past the triggers."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            names = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'"
            ).scalars()
            for name in list(names):
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.execute(sa.update(AuditEntry).values(action="nothing-happened"))
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql("SET session_replication_role = DEFAULT")


def test_a_backup_moved_to_another_folder_is_still_one(installation, tmp_path):
    moved = shutil.move(installation.backup(), tmp_path / "usb-disk")

    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        installation.succeeds(installation.run("backup", "--verify", str(moved)))
