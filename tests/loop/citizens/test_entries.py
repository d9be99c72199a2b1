"""Who was erased stays erased when an old database comes back, and nobody else goes with her."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from portal.base.database import db, transaction
from portal.base.journal import (
    DONE,
    ERASING,
    KEPT,
    Journal,
    JournalForeign,
    JournalKeyWrong,
    JournalMissing,
    JournalRolledBack,
    JournalUnwritable,
)
from portal.base.keys import OVERLAP, KeyPurpose, Keyring, keyed_hash
from portal.loop.citizens import entries, services
from portal.loop.citizens.models import Citizen, Erasure
from portal.loop.reviews.models import Answer
from tests.factories import NOW, make_card, make_citizen, make_match, make_placement, make_review

LATER = NOW + timedelta(days=1)


@pytest.fixture
def journal(app, monkeypatch, tmp_path) -> Journal:
    """One of this test's own, with its own keys."""
    ring = Keyring(app.config["SECRET_KEY"], tmp_path / "keys.json")
    made = Journal(tmp_path / "elsewhere" / "erasures.journal", ring)
    monkeypatch.setitem(app.config, "JOURNAL", made)
    return made


def erase(citizen: Citizen, karin, *, at=NOW) -> int:
    with transaction():
        found = db.session.get_one(Citizen, citizen.id)
        return services.erase_citizen(found, journal=current_app.config["JOURNAL"], by=karin, at=at)


def half_erase(citizen: Citizen, karin) -> None:
    """All but the commit: there the power goes."""
    with transaction():
        found = db.session.get_one(Citizen, citizen.id)
        services.erase_citizen(found, journal=current_app.config["JOURNAL"], by=karin, at=NOW)
        db.session.rollback()


def bring_back(citizen: Citizen, **other) -> Citizen:
    """As an old database would: the same row."""
    columns = [column.name for column in Citizen.__table__.columns if column.name != "user_id"]
    row = {name: getattr(citizen, name) for name in columns} | other
    with transaction():
        db.session.execute(sa.insert(Citizen).values(**row))
    return db.session.get_one(Citizen, row["id"])


def replay(journal: Journal) -> int:
    with transaction():
        return services.reapply_erasures(contents=journal.read(), keys=journal.keys, at=LATER)


def everybody() -> list[str]:
    return list(db.session.scalars(sa.select(Citizen.case_reference).order_by(Citizen.id)))


def test_what_an_old_database_brought_back_is_erased_again(karin, journal):
    gone = make_citizen(case_reference="26/50")
    make_citizen("Selam", case_reference="26/51")
    erase(gone, karin)
    back = bring_back(gone)
    card = make_card(back)
    make_placement(make_review(make_match(card=card), citizen_answer=Answer.YES, employer_answer=Answer.YES))

    assert replay(journal) == 1

    assert everybody() == ["26/51"]
    assert replay(journal) == 0


def test_she_is_found_though_her_case_number_was_another_then(karin, journal):
    """The old table knew the number alone: corrected since the backup, she came back."""
    gone = make_citizen(case_reference="26/50")
    erase(gone, karin)
    bring_back(gone, case_reference="26/wrong")

    assert replay(journal) == 1
    assert everybody() == []


def test_another_who_got_her_number_in_the_restored_database_stays(karin, journal):
    """PostgreSQL's counter goes back with the backup: the next citizen gets the erased one's number."""
    gone = make_citizen(case_reference="26/50")
    erase(gone, karin)
    bring_back(gone, case_reference="26/77", created_at=NOW + timedelta(hours=5))

    assert replay(journal) == 0
    assert everybody() == ["26/77"]


def test_somebody_who_comes_again_to_the_municipality_stays(karin, journal):
    erase(make_citizen(case_reference="26/50"), karin)
    make_citizen(case_reference="26/50", created_at=NOW + timedelta(days=3))

    assert replay(journal) == 0


def test_what_was_kept_before_there_was_a_file_is_carried_over_and_holds(karin, journal):
    gone = make_citizen(case_reference="26/50")
    old = keyed_hash(current_app.config["SECRET_KEY"], f"{gone.municipality_id}:26/50")
    with transaction():
        db.session.add(Erasure(subject_hash=old, at=NOW + timedelta(hours=1)))

    with transaction():
        assert entries.carry_over(journal, at=LATER) == 1

    assert db.session.scalars(sa.select(Erasure)).all() == []
    assert replay(journal) == 1
    assert everybody() == []


def test_what_is_carried_over_twice_stands_once(karin, journal):
    for _time in range(2):
        with transaction():
            db.session.add(Erasure(subject_hash="a" * 64, at=NOW))
        with transaction():
            entries.carry_over(journal, at=LATER)

    assert len(journal.read().lines) == 1


def test_the_line_is_on_the_disk_before_the_erasure_is_committed(karin, journal):
    """A process that dies in between leaves somebody who is erased by a restore, never one who comes back."""
    citizen = make_citizen()
    half_erase(citizen, karin)

    assert [line.kind for line in journal.read().lines] == [ERASING]
    assert everybody() == [citizen.case_reference]
    assert replay(journal) == 1


def test_an_erasure_that_was_never_committed_is_settled_and_she_stays(karin, journal):
    citizen = make_citizen()
    half_erase(citizen, karin)
    assert entries.settle(journal, at=NOW + timedelta(minutes=59)) == 0, "it may still be under way"

    assert entries.settle(journal, at=NOW + timedelta(hours=1)) == 1

    assert [line.kind for line in journal.read().lines] == [ERASING, KEPT]
    assert replay(journal) == 0
    assert everybody() == [citizen.case_reference]


def test_an_erasure_whose_process_died_after_the_commit_is_settled_as_done(karin, journal):
    gone = make_citizen()
    erase(gone, karin)

    assert entries.settle(journal, at=LATER) == 1
    assert entries.settle(journal, at=LATER) == 0

    assert [line.kind for line in journal.read().lines] == [ERASING, DONE]
    bring_back(gone)
    assert replay(journal) == 1


def test_done_outweighs_kept(karin, journal):
    """A process was asleep for an hour in its transaction: the person was there when somebody looked."""
    gone = make_citizen()
    number = erase(gone, karin)
    bring_back(gone)
    entries.settle(journal, at=LATER)

    entries.note_done(number, journal=journal, at=LATER)

    assert replay(journal) == 1


def test_after_a_rotation_both_keys_lines_hold(karin, journal):
    first, second = make_citizen(case_reference="26/50"), make_citizen(case_reference="26/51")
    erase(first, karin)
    journal.keys.rotate(KeyPurpose.JOURNAL, at=NOW, overlap=OVERLAP[KeyPurpose.JOURNAL])
    erase(second, karin)
    bring_back(first)
    bring_back(second)

    assert {line.hashed_with for line in journal.read().lines} == {1, 2}
    assert replay(journal) == 2


def test_with_another_key_nobody_is_erased_and_nothing_written(app, karin, journal, monkeypatch, tmp_path):
    erase(make_citizen(case_reference="26/50"), karin)
    stands = journal.file.read_bytes()
    other = Journal(journal.file, Keyring("another secret, as long as it must be", tmp_path / "none.json"))
    monkeypatch.setitem(app.config, "JOURNAL", other)

    with pytest.raises(JournalKeyWrong):
        erase(make_citizen(case_reference="26/51"), karin)

    assert everybody() == ["26/51"]
    assert journal.file.read_bytes() == stands


def test_a_journal_that_went_away_is_not_begun_again_in_silence(karin, journal):
    erase(make_citizen(case_reference="26/50"), karin)
    journal.file.unlink()

    with pytest.raises(JournalMissing):
        erase(make_citizen(case_reference="26/51"), karin)

    assert everybody() == ["26/51"]
    assert not journal.exists()


def test_a_journal_that_was_rolled_back_takes_no_line(karin, journal):
    erase(make_citizen(case_reference="26/50"), karin)
    before = journal.file.read_bytes()
    erase(make_citizen(case_reference="26/51"), karin)
    journal.file.write_bytes(before)

    with pytest.raises(JournalRolledBack):
        erase(make_citizen(case_reference="26/52"), karin)


def test_another_installations_journal_takes_no_line(karin, journal):
    erase(make_citizen(case_reference="26/50"), karin)
    journal.begin_anew(at=NOW)

    with pytest.raises(JournalForeign):
        erase(make_citizen(case_reference="26/51"), karin)


def test_where_the_journal_cannot_be_written_nobody_is_erased(client_for, karin, journal):
    journal.file.parent.write_text("a file where the folder should be")
    citizen = make_citizen(case_reference="26/50")

    answer = client_for(karin).post(f"/citizens/{citizen.id}/erase", {"case_reference": "26/50"})

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert everybody() == ["26/50"]
    with pytest.raises(JournalUnwritable):
        journal.append(entries.JournalLine(0, ERASING, NOW))


def test_through_the_portal_the_journal_has_the_outcome_too(client_for, karin, journal):
    citizen = make_citizen(case_reference="26/50")

    answer = client_for(karin).post(f"/citizens/{citizen.id}/erase", {"case_reference": "26/50"})

    assert answer.status_code == 303
    assert [line.kind for line in journal.read().lines] == [ERASING, DONE]
    assert everybody() == []
