"""The operator at night, with docs/operations.md in hand: what goes wrong is said, and nothing is worse afterwards."""

import shutil
import stat
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.loop.citizens.models import Citizen
from portal.workspaces.operation import backup, dumps, restore
from portal.workspaces.operation.elsewhere import portal_on
from portal.workspaces.operation.trouble import OperationRefused
from tests.factories import make_citizen

CASES = sa.select(Citizen.case_reference).order_by(Citizen.id)


@pytest.fixture
def nights(installation, karin):
    """Three nights' backups; after the first and the second somebody was erased."""
    people = [make_citizen(case_reference=case) for case in ("26/1", "26/2", "26/3")]
    folders = [installation.backup()]
    for gone in people[:2]:
        installation.erase(gone, karin)
        folders.append(installation.backup())
    return folders


def one_line_less(installation) -> None:
    lines = installation.journal.file.read_bytes().splitlines(keepends=True)
    installation.journal.file.write_bytes(b"".join(lines[:-1]))


def refused(answer, *words: str) -> None:
    assert answer.exit_code == 1, answer.output
    assert isinstance(answer.exception, SystemExit), answer.exception
    assert [word for word in words if word not in answer.output] == [], answer.output


def test_an_older_backup_knows_from_its_neighbours_that_the_journal_was_longer(installation, nights):
    """The journal on the other disk is last night's copy: it has a line less than the newest backup saw."""
    one_line_less(installation)

    refused(installation.restore(nights[0]), "kortere", nights[2].name)


def test_the_database_in_use_knows_it_too(installation, nights):
    """The drill with --into, while the portal runs; the newer backups are on another machine."""
    for folder in nights[1:]:
        shutil.rmtree(folder)
    one_line_less(installation)

    refused(installation.restore(nights[0]), "kortere")


def test_a_neighbour_of_another_installation_is_nobodys_witness(installation, nights):
    strange = nights[2] / "manifest.json"
    strange.write_text(
        strange.read_text().replace(installation.journal.read().position.installation, "x" * 36)
    )
    (installation.backups / "lost+found").mkdir()

    installation.succeeds(installation.restore(nights[0]))
    assert installation.restored(CASES) == ["26/3"]


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_journal_whose_copy_stopped_in_the_last_line_is_refused(installation, karin, cut):
    """Its last line may be somebody's erasure; a half one says nobody's name."""
    gone = make_citizen(case_reference="26/1")
    folder = installation.backup()
    installation.erase(gone, karin)
    file = installation.journal.file
    file.write_bytes(file.read_bytes()[:-cut])

    refused(installation.restore(folder), "halv", "linje")


def test_it_says_from_when_the_last_erasure_is(installation, nights):
    """Where nobody else remembers, the operator may."""
    assert "18. november 2026" in installation.restore(nights[0]).output.split("Slettelisten")[1]


@pytest.mark.parametrize("into", ["hej", "postgresql+psycopg://nobody@127.0.0.1:1/x", "mysql://a/b"])
def test_a_database_that_is_none_is_said_in_a_sentence(installation, nights, into):
    refused(installation.run("restore", str(nights[0]), "--into", into), "Error: ")


@pytest.mark.parametrize("current_stage", ["sqlite"], indirect=True)
def test_a_file_that_is_no_database_is_left_alone(installation, nights, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Kære kommune")

    refused(installation.run("restore", str(nights[0]), "--into", f"sqlite:///{letter}"), "letter.txt")
    assert letter.read_text() == "Kære kommune"


@pytest.mark.parametrize("current_stage", ["sqlite"], indirect=True)
def test_what_the_old_databases_log_still_holds_is_not_thrown_away(installation, nights, tmp_path):
    """She moved the file, and forgot the -wal beside it: the last minutes of the old database are in it alone."""
    left = tmp_path / "new.sqlite-wal"
    left.write_bytes(b"the last minutes")

    refused(installation.run("restore", str(nights[0]), "--into", f"sqlite:///{tmp_path}/new.sqlite"), "-wal")
    assert left.read_bytes() == b"the last minutes"


@pytest.mark.parametrize("current_stage", ["sqlite"], indirect=True)
def test_a_folder_that_others_use_as_well_stays_open_to_them(installation, nights, tmp_path):
    """`--into` a file in /tmp, or a backup into the root of a mounted disk."""
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)

    restored = installation.run("restore", str(nights[0]), "--into", f"sqlite:///{shared}/new.sqlite")
    kept = installation.run("backup", str(shared))

    assert (restored.exit_code, kept.exit_code) == (0, 0), restored.output + kept.output
    assert stat.S_IMODE(shared.stat().st_mode) == 0o1777
    assert stat.S_IMODE((shared / "new.sqlite").stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(kept.stdout.split()[-1]).stat().st_mode) == 0o700


@pytest.mark.parametrize("current_stage", ["sqlite"], indirect=True)
def test_what_a_killed_trial_left_is_taken_away_by_the_next(installation, nights):
    """The copy it looked at holds people who may be erased since."""
    private_room = Path(installation.app.instance_path)
    private_room.mkdir(exist_ok=True)
    left = private_room / "scratch-0a0b0c0d.sqlite"
    left.write_text("persons")

    installation.succeeds(installation.run("backup", "--verify", str(nights[2])))

    assert not left.exists()


@pytest.mark.postgres
@pytest.mark.parametrize("current_stage", ["postgresql"], indirect=True)
def test_so_is_the_copy_on_postgresqls_server(installation, nights):
    url = db.engine.url.render_as_string(hide_password=False)
    """While somebody looks at it another trial lets it be; when she was killed it is nobody's."""
    trial = dumps.scratch(url, installation.backups)
    name = sa.make_url(trial.__enter__()).database
    assert name not in dumps.copies_left(url)

    _kill_whoever_works_with(name)
    assert name in dumps.copies_left(url)

    installation.succeeds(installation.run("backup", "--verify", str(nights[2])))

    assert name not in dumps.copies_left(url)


def _kill_whoever_works_with(database):
    ended = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    db.session.execute(ended, {"name": database})
    db.session.rollback()
    working = sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = :name")
    for _moment in range(100):
        if not db.session.scalar(working, {"name": database}):
            return
        db.session.rollback()
        time.sleep(0.05)


def test_what_a_killed_restore_left_is_nobodys_portal_and_the_next_one_goes_on(
    installation, nights, monkeypatch
):
    """It dies when everybody is in the database again, and nobody is erased yet."""
    with monkeypatch.context() as killed:
        killed.setattr(restore, "_made_safe", _die(killed))
        with pytest.raises(Killed):
            installation.restore(nights[0])
    with pytest.raises(Exception, match="citizens"):
        installation.restored(CASES)

    installation.succeeds(installation.restore(nights[0]))
    assert installation.restored(CASES) == ["26/3"]


class Killed(BaseException):
    """As kill -9: nothing that would tidy up does so."""


def _die(patched):
    def die(*_arguments, **_named):
        patched.setattr(dumps, "empty", lambda url: None)
        patched.setattr(dumps, "show", lambda url: None)
        raise Killed

    return die


def test_a_backup_of_a_newer_portal_is_refused_in_words(installation, karin):
    """She went back to last month's version of the portal, and took this month's backup."""
    make_citizen(case_reference="26/1")
    folder = installation.backup()
    with dumps.scratch(installation.empty_url, installation.backups) as newer:
        dumps.load(folder / dumps.FILE_NAMES[db.engine.dialect.name], newer)
        with portal_on(newer), transaction():
            db.session.execute(sa.text("UPDATE alembic_version SET version_num = '999'"))
        with portal_on(newer), pytest.raises(OperationRefused) as refusal:
            backup.bring_forward("999")
    assert [word for word in ("999", "nyere") if word not in str(refusal.value.message)] == []
