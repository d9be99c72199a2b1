"""The group-commit writer: nobody goes on before her line is stored, many lines share a commit."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from portal import security
from portal.base.database import db, writing
from portal.shared.audit.models import AuditEntry
from portal.shared.audit.writer import GroupCommitWriter
from tests.factories import NOW


def _line(action: str) -> dict[str, object]:
    return {"at": NOW, "action": action, "is_look": True, "subject_type": "users", "subject_id": 1}


def _write(writer: GroupCommitWriter, action: str | None) -> None:
    writer.write([(sa.insert(AuditEntry), [_line(action)])])  # type: ignore[arg-type]


def _stored() -> list[str]:
    with db.engine.connect() as connection:
        return sorted(connection.execute(sa.select(AuditEntry.action).where(AuditEntry.is_look)).scalars())


def test_what_was_written_is_there_when_write_returns(app):
    _write(GroupCommitWriter(db.engine), "a-look")

    assert _stored() == ["a-look"]


def test_lines_that_queue_up_share_a_commit(sqlite_stage):
    sqlite_stage.reset()
    commits: list[object] = []

    def count(connection: object) -> None:
        commits.append(connection)

    with sqlite_stage.app.app_context():
        engine, writer = db.engine, GroupCommitWriter(db.engine)
        _write(writer, "warm-up")
        sa.event.listen(engine, "commit", count)
        with ThreadPoolExecutor(40) as lookers:
            with writing(), engine.begin() as holder:  # the lock is taken: everybody queues
                holder.execute(sa.text("SELECT 1"))
                waiting = [lookers.submit(_write, writer, f"look-{number:02}") for number in range(40)]
                threading.Event().wait(0.3)  # time enough for all to queue up behind the lock
            for one in waiting:
                one.result(timeout=60)
        sa.event.remove(engine, "commit", count)

        assert len(_stored()) == 41
    assert len(commits) <= 5  # the holder's, those in flight, and the rest together


@pytest.mark.both_engines
def test_one_bad_line_fails_alone(app):
    writer = GroupCommitWriter(db.engine)

    def attempt(action: str | None) -> bool:
        try:
            _write(writer, action)
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(8) as lookers:
        answers = list(lookers.map(attempt, ["look", None, "look", "look", None, "look"]))

    assert answers == [True, False, True, True, False, True]
    assert _stored() == ["look"] * 4


def test_a_page_whose_line_cannot_be_stored_is_not_shown(client_for, admin, karin, monkeypatch):
    browser = client_for(admin)

    def refuse(*_anything: object, **_options: object) -> None:
        raise OperationalError("insert", {}, Exception("database or disk is full"))

    monkeypatch.setattr(GroupCommitWriter, "write", refuse)
    answer = browser.get(f"/users/{karin.id}")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert karin.name not in answer.get_data(as_text=True)


def test_a_page_without_personal_data_goes_on_when_nothing_can_be_written(client_for, karin, monkeypatch):
    browser = client_for(karin)
    monkeypatch.setattr(security, "clock", _Later())

    def refuse(*_anything: object, **_options: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(GroupCommitWriter, "write", refuse)

    assert browser.get("/sessions").status_code == 200


class _Later:
    """Late enough for last-seen to be written again."""

    @staticmethod
    def now():
        return NOW + timedelta(minutes=5)
