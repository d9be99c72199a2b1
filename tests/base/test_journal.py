"""The journal's file: what was acknowledged stands, and what was changed, cut or moved is found."""

import json
import multiprocessing
import os
from datetime import timedelta

import pytest

from portal.base import journal as module
from portal.base.journal import (
    ERASING,
    Journal,
    JournalBroken,
    JournalForeign,
    JournalKeyWrong,
    JournalLine,
    JournalMissing,
    JournalRolledBack,
    JournalUnwritable,
    check_continues,
)
from portal.base.keys import KeyPurpose, Keyring
from tests.factories import NOW

SECRET = "the installation's own secret, long enough"


@pytest.fixture
def journal(tmp_path) -> Journal:
    return Journal(tmp_path / "other-disk" / "erasures.journal", Keyring(SECRET, tmp_path / "keys.json"))


def line(who: str = "a") -> JournalLine:
    return JournalLine(0, ERASING, NOW, "citizen", {"row": who * 64}, 1)


def written(journal: Journal, count: int = 3) -> list[str]:
    for number in range(count):
        journal.append(line("abcdef"[number]))
    return journal.file.read_text().splitlines()


def test_lines_are_read_as_they_were_written(journal):
    journal.append(line("a"))
    position = journal.append(line("b"), line("c"))

    contents = journal.read()

    assert [found.marks["row"][0] for found in contents.lines] == ["a", "b", "c"]
    assert [found.number for found in contents.lines] == [1, 2, 3]
    assert contents.position == position
    assert contents.lines[0].at == NOW


def test_the_file_is_for_its_owner_alone(journal):
    journal.append(line())

    assert journal.file.stat().st_mode & 0o077 == 0


def test_a_journal_that_is_not_there_is_missing(journal):
    with pytest.raises(JournalMissing):
        journal.read()
    journal.file.parent.mkdir()
    journal.file.write_text("")
    with pytest.raises(JournalMissing):
        journal.read()


TAMPERED = {
    "a changed hash": lambda lines: [*lines[:2], lines[2].replace("b" * 64, "c" * 64), lines[3]],
    "a line taken out": lambda lines: [lines[0], lines[1], lines[3]],
    "two lines in the other order": lambda lines: [lines[0], lines[2], lines[1], lines[3]],
    "a line twice": lambda lines: [*lines, lines[3]],
    "another moment": lambda lines: [*lines[:3], lines[3].replace("2026", "2025")],
    "another header": lambda lines: [lines[0].replace('"installation":"', '"installation":"x'), *lines[1:]],
    "no header": lambda lines: lines[1:],
    "no words": lambda lines: [*lines[:2], "{}", lines[3]],
    "a number for a line": lambda lines: [*lines[:2], "7", lines[3]],
    "an empty line": lambda lines: [*lines[:2], "", *lines[2:]],
    "a number for the code": lambda lines: [*lines[:3], json.dumps({**json.loads(lines[3]), "code": 7})],
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_done_to_it_is_found(journal, what):
    lines = written(journal)

    journal.file.write_text("\n".join(TAMPERED[what](lines)) + "\n")

    with pytest.raises(JournalBroken):
        journal.read()
    with pytest.raises(JournalBroken):
        journal.append(line())


def test_with_another_secret_it_says_nothing(journal, tmp_path):
    written(journal)

    other = Journal(journal.file, Keyring("another secret, long enough for it", tmp_path / "none.json"))

    with pytest.raises(JournalKeyWrong):
        other.read()


def test_without_the_file_of_keys_it_says_nothing(journal, tmp_path):
    journal.append(line())
    journal.keys.rotate(KeyPurpose.JOURNAL, at=NOW, overlap=None)
    journal.append(line())
    assert len(journal.read().lines) == 2

    other = Journal(journal.file, Keyring(SECRET, tmp_path / "none.json"))
    with pytest.raises(JournalKeyWrong):
        other.read()
    other.keys.rotate(KeyPurpose.JOURNAL, at=NOW, overlap=None)  # the same number, another key
    with pytest.raises(JournalKeyWrong):
        other.read()


@pytest.mark.parametrize("left", [1, 40, 200])
def test_what_a_killed_process_left_of_a_line_is_no_line(journal, left):
    lines = written(journal)
    with journal.file.open("a") as file:
        file.write(lines[-1][:left])

    assert len(journal.read().lines) == 3
    journal.append(line("d"))
    assert [found.marks["row"][0] for found in journal.read().lines] == ["a", "b", "c", "d"]


def test_a_longer_journal_continues_and_a_shorter_one_does_not(journal):
    lines = written(journal)
    then = journal.read().position
    journal.append(line())
    check_continues(journal.read(), then)

    journal.file.write_text("\n".join(lines[:-1]) + "\n")
    with pytest.raises(JournalRolledBack):
        check_continues(journal.read(), then)


def test_a_journal_that_went_on_otherwise_does_not_continue(journal):
    """Rolled back to a copy, and then written on: as long as before, and not the same."""
    lines = written(journal)
    then = journal.read().position
    journal.file.write_text("\n".join(lines[:-1]) + "\n")
    journal.append(line("f"))
    assert journal.read().position.lines == then.lines

    with pytest.raises(JournalBroken):
        check_continues(journal.read(), then)
    with pytest.raises(JournalBroken):
        journal.append(line(), known=then)


def test_a_new_journal_is_another_installations_and_the_old_one_stays(journal):
    lines = written(journal)
    then = journal.read().position

    journal.begin_anew(at=NOW)

    with pytest.raises(JournalForeign):
        check_continues(journal.read(), then)
    aside = [file for file in journal.file.parent.iterdir() if file != journal.file]
    assert [file.read_text().splitlines() for file in aside] == [lines]


@pytest.mark.parametrize("fails", ["pwrite", "fsync"])
def test_a_full_disk_leaves_the_file_as_it_was(journal, monkeypatch, fails):
    written(journal)
    stands = journal.file.read_bytes()
    monkeypatch.setattr(module.os, fails, _no_space)

    with pytest.raises(JournalUnwritable):
        journal.append(line())

    assert journal.file.read_bytes() == stands


def _no_space(*_arguments) -> int:
    raise OSError(28, "No space left on device")


def _write_many(journal: Journal, who: str) -> None:
    for _time in range(20):
        journal.append(line(who))


def test_many_processes_write_one_chain(journal):
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=_write_many, args=(journal, who)) for who in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    lines = journal.read().lines
    assert [found.number for found in lines] == list(range(1, 61))
    assert sorted(found.marks["row"][0] for found in lines) == sorted("abc" * 20)


def test_the_line_is_on_the_disk_when_the_call_returns(journal, monkeypatch):
    order: list[str] = []
    real_write, real_sync = os.pwrite, os.fsync
    monkeypatch.setattr(module.os, "pwrite", lambda *a: order.append("write") or real_write(*a))
    monkeypatch.setattr(module.os, "fsync", lambda *a: order.append("sync") or real_sync(*a))

    journal.append(line())

    assert order == ["write", "sync", "sync"]


def test_who_is_in_force(journal):
    journal.append(line("a"), line("b"), line("c"))
    journal.append(
        JournalLine(0, module.KEPT, NOW, settles=1),
        JournalLine(0, module.DONE, NOW, settles=2),
        JournalLine(0, module.KEPT, NOW + timedelta(hours=2), settles=2),
    )

    assert [found.number for found in journal.read().in_force()] == [2, 3]
    assert [found.number for found in journal.read().unsettled()] == [3]
