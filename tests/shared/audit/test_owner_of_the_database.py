"""Drude owns the database, has no key, and waits for the portal: what it does next must not sign her work.

She takes the guards away, changes tables, and puts them back; the worker seals and months are closed as every night.
"""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.base.database import db
from portal.shared.audit import chain
from portal.shared.audit.commands import seal_all
from portal.shared.audit.kept_head import Head, file_of, kept_head
from portal.shared.audit.models import AuditClosedMonth, AuditEntry, AuditSeal
from portal.shared.audit.verifying import Fault, verify
from tests.factories import NOW
from tests.shared.audit import test_chain
from tests.shared.audit.test_chain import LONG_AGO, as_an_attacker, close_up_to, empty_log, look, write_lines

__all__ = ["empty_log"]


def a_sealed_log() -> int:
    """The head of it is kept; returns the line that somebody wants to be another."""
    _, line, _ = write_lines(look(), look(purpose="Nysgerrig", citizen_id=7), look())
    seal_all()
    return line


def the_worker_goes_on() -> None:
    write_lines(look())
    seal_all()


def write_anew(line: int) -> None:
    as_an_attacker(f"UPDATE audit_entries SET purpose = 'Samtale' WHERE id = {line}")
    test_chain._write_anew()
    as_an_attacker("UPDATE audit_seals SET mac = NULL, key_id = NULL")


def take_the_seals_off(line: int) -> None:
    as_an_attacker(
        f"DELETE FROM audit_seals WHERE entry_id >= {line}",
        f"UPDATE audit_entries SET purpose = 'Samtale' WHERE id = {line}",
    )


def cut_the_end_off(line: int) -> None:
    as_an_attacker(
        f"DELETE FROM audit_seals WHERE entry_id >= {line}", f"DELETE FROM audit_entries WHERE id >= {line}"
    )


def empty_everything(_line: int) -> None:
    as_an_attacker(*(f"DELETE FROM {table}" for table in ("audit_people", "audit_seals", "audit_entries")))


@pytest.mark.parametrize("attack", [write_anew, take_the_seals_off, cut_the_end_off, empty_everything])
def test_the_portal_signs_nothing_over_a_log_that_was_changed(empty_log, app, attack):
    line = a_sealed_log()
    attack(line)

    the_worker_goes_on()

    flask = app.test_cli_runner()
    assert "IKKE hel" in flask.invoke(args=["audit", "verify"]).output
    assert flask.invoke(args=["audit", "seal"]).exit_code == 1
    assert flask.invoke(args=["audit", "verify"]).exit_code == 1


def test_a_head_that_says_nothing_is_no_leave_to_go_on(empty_log):
    a_sealed_log()
    file_of(db.engine.url).write_text("?")

    the_worker_goes_on()

    db.session.rollback()
    assert verify(kept_head()).counts == {Fault.HEAD: 1}
    assert verify(kept_head()).unsealed == 1


def test_a_head_that_cannot_be_kept_stops_no_sealing(empty_log, monkeypatch, caplog):
    a_sealed_log()
    monkeypatch.setattr(chain.kept_head, "keep", full_disk)

    the_worker_goes_on()

    db.session.rollback()
    assert verify(kept_head()).unsealed == 0
    assert "could not be kept" in caplog.text


def full_disk(_head: Head) -> None:
    raise OSError("No space left on device")


def test_an_operator_who_has_looked_goes_on_from_the_log_as_it_is(empty_log, app):
    line = a_sealed_log()
    cut_the_end_off(line)
    flask = app.test_cli_runner()

    assert flask.invoke(args=["audit", "keep-head"]).exit_code == 0

    the_worker_goes_on()
    assert flask.invoke(args=["audit", "verify"]).exit_code == 0
    assert "audit-head-kept" in set(db.session.scalars(sa.select(AuditEntry.action)))


@pytest.mark.parametrize("key", ["0123456789abcdef", None])
def test_a_month_closed_with_an_invented_key_is_found_out(empty_log, key):
    """No guard needs to be taken away for it: the database itself allows months of long ago to be closed."""
    write_lines(look(LONG_AGO), look(LONG_AGO), look())
    seal_all()
    last = db.session.execute(sa.select(AuditSeal.seq, AuditSeal.hash).order_by(AuditSeal.seq)).all()[1]
    db.session.rollback()
    with db.engine.begin() as connection:
        month = {
            "first_on": LONG_AGO.date().replace(day=1),
            "until": LONG_AGO + timedelta(days=18),
            "lines": 2,
            "last_seq": last.seq,
            "last_hash": last.hash,
            "closed_at": NOW,
            "key_id": key,
            "mac": "f" * 64 if key else None,
        }
        connection.execute(sa.insert(AuditClosedMonth.__table__), month)
        connection.exec_driver_sql("DELETE FROM audit_entries WHERE at < '2024-01-01'")
        connection.exec_driver_sql(f"DELETE FROM audit_seals WHERE seq <= {last.seq}")

    the_worker_goes_on()

    db.session.rollback()
    assert Fault.CLOSING in verify().counts


def test_lines_that_were_made_old_are_not_closed_as_old(empty_log, app):
    a_sealed_log()
    as_an_attacker("UPDATE audit_entries SET at = '2023-02-10 12:00:00'")
    lines = db.session.scalar(sa.select(sa.func.count(AuditEntry.id)))
    db.session.rollback()

    answer = app.test_cli_runner().invoke(args=["audit", "close-months"])

    assert answer.exit_code == 1
    assert "ikke hel" in answer.output
    assert db.session.scalar(sa.select(sa.func.count(AuditEntry.id))) == lines


def test_a_closed_month_that_was_taken_out_of_the_middle_is_missed(empty_log):
    write_lines(look(LONG_AGO), look(LONG_AGO + timedelta(days=30)), look())
    seal_all()
    assert len(close_up_to("2023-04-01")) == 2

    as_an_attacker("DELETE FROM audit_closed_months WHERE first_on = '2023-02-01'")

    db.session.rollback()
    assert verify().counts == {Fault.SEALS_GONE: 1}


def test_the_kept_head_goes_with_the_chain(empty_log, app):
    a_sealed_log()
    first = kept_head()
    the_worker_goes_on()

    assert first is not None
    assert kept_head() == chain.head() != first
    assert oct(file_of(db.engine.url).stat().st_mode & 0o777) == "0o600"
