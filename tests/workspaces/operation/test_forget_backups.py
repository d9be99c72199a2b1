"""`flask forget-backups`: erased people leave the backups after a set time, and never the last backup with them."""

from datetime import timedelta

import pytest
import time_machine

from tests.factories import NOW, make_citizen

OLD, NEW = NOW - timedelta(days=31), NOW - timedelta(days=29)


@pytest.fixture
def backup_of(installation):
    make_citizen()

    def made(at):
        with time_machine.travel(at, tick=False):
            return installation.backup()

    return made


def forget(installation, *options: str) -> str:
    answer = installation.run("forget-backups", str(installation.backups), *options)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_an_old_one_goes_and_a_newer_one_stays(installation, backup_of):
    old, new = backup_of(OLD), backup_of(NEW)

    assert "Backupper slettet: 1." in forget(installation)

    assert (old.exists(), new.exists()) == (False, True)
    assert "Backupper slettet: 0." in forget(installation)


def test_the_days_are_the_operators(installation, backup_of):
    backup_of(OLD)
    new = backup_of(NEW)
    newest = backup_of(NOW)

    forget(installation, "--older-than", "7")

    assert (new.exists(), newest.exists()) == (False, True)


def test_the_newest_stays_however_old_it_is(installation, backup_of):
    only = backup_of(OLD)

    assert "Backupper slettet: 0." in forget(installation)
    assert only.exists()


def test_so_does_the_last_that_was_tried(installation, backup_of):
    """Nobody knows of a newer one whether it can be restored."""
    tried = backup_of(OLD)
    assert installation.run("backup", "--verify", str(tried)).exit_code == 0
    backup_of(NOW)

    forget(installation)

    assert tried.exists()


def test_what_is_no_backup_of_this_portal_is_left_alone(installation, backup_of):
    changed = backup_of(OLD)
    backup_of(NOW)
    (installation.backups / "letters").mkdir()
    (changed / "manifest.json").write_text((changed / "manifest.json").read_text().replace("rows", "lines"))

    assert "Backupper slettet: 0." in forget(installation)
    assert changed.exists()
    assert (installation.backups / "letters").exists()
