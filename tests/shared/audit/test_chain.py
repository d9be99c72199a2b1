"""The log as a chain: whoever changes or removes a line is found out, and old months go without breaking it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.base.database import db, transaction
from portal.base.keys import KeyPurpose, Keyring
from portal.shared.audit import chain, closing
from portal.shared.audit.kept_head import Head
from portal.shared.audit.models import AuditClosedMonth, AuditEntry, AuditPerson, AuditSeal
from portal.shared.audit.verifying import Fault, Verification, verify
from portal.shared.audit.writer import GroupCommitWriter, store_looks
from tests.factories import NOW

LONG_AGO = datetime.fromisoformat("2023-02-10T12:00:00+00:00")

GUARDED = ("audit_entries", "audit_people", "audit_seals", "audit_closed_months")


def look(at: datetime = NOW, **values: object) -> dict[str, object]:
    line = {
        "at": at,
        "action": "citizens-listed",
        "is_look": True,
        "subject_type": "municipalities",
        "subject_id": 1,
        "purpose": "Liste over borgere",
        "people": (),
    }
    return line | values


def write_lines(*lines: dict[str, object]) -> list[int]:
    """As a request does it; returns their ids."""
    db.session.rollback()
    for line in lines:
        GroupCommitWriter(db.engine).write([(store_looks, [line])])
    return list(db.session.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id)))[-len(lines) :]


def seal_all() -> int:
    with transaction():
        return chain.seal(NOW, everything=True)


def found() -> Verification:
    db.session.rollback()
    return verify()


def as_an_attacker(*statements: str) -> None:
    """Somebody who owns the database, and takes its guards away for a moment."""
    db.session.rollback()
    with db.engine.begin() as connection:
        guards = []
        if db.engine.dialect.name == "sqlite":
            stored = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'"
            guards = connection.exec_driver_sql(stored).all()
            for name, _ in guards:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in statements:
            connection.exec_driver_sql(statement)
        for _, guard in guards:
            connection.exec_driver_sql(guard)


@pytest.fixture
def empty_log(app) -> None:
    as_an_attacker("DELETE FROM audit_people", "DELETE FROM audit_entries")


def test_a_log_that_nobody_touched_is_whole(app):
    one, two, three = write_lines(look(), look(people=(7, 12, 9)), look(citizen_id=4, by_link=True))
    seal_all()

    report = found()

    assert report.whole
    assert report.sealed == db.session.scalar(sa.select(sa.func.count(AuditEntry.id)))
    assert report.unsealed == 0
    assert report.head == chain.head()
    people = sa.select(AuditPerson.entry_id, AuditPerson.citizen_id).order_by(AuditPerson.citizen_id)
    assert db.session.execute(people).all() == [(two, 7), (two, 9), (two, 12)]
    assert one < two < three


def test_lines_are_sealed_in_pieces_and_only_once(app, monkeypatch):
    seal_all()
    monkeypatch.setattr(chain, "AT_ONCE", 4)
    write_lines(*(look(subject_id=number) for number in range(7)))

    with transaction():
        first = chain.seal(NOW)
    with transaction():
        rest = chain.seal(NOW)
    with transaction():
        nothing = chain.seal(NOW)

    assert (first, rest, nothing) == (4, 3, 0)
    assert found().whole


def test_what_waits_for_its_seal_is_told_with_its_age(app):
    seal_all()
    write_lines(look(), look(NOW - timedelta(hours=3)))

    report = found()

    assert report.whole
    assert report.unsealed == 2
    assert report.oldest_unsealed == NOW - timedelta(hours=3)
    assert report.is_late(NOW)


def test_a_line_that_was_committed_after_younger_ones_is_sealed_too(app):
    """On PostgreSQL a transaction takes its id early and commits late."""
    (last,) = write_lines(look())
    write_lines(look(id=last + 5))
    seal_all()
    write_lines(look(id=last + 3))

    with transaction():
        sealed = chain.seal(NOW)

    assert sealed == 1
    assert found().whole


def test_two_workers_that_seal_at_the_same_moment_make_one_chain(app):
    write_lines(*(look(subject_id=number) for number in range(20)))
    portal = app._get_current_object() if hasattr(app, "_get_current_object") else app

    def work(_number: int) -> int:
        with portal.app_context():
            return seal_all()

    with ThreadPoolExecutor(4) as workers:
        sealed = sum(workers.map(work, range(8)))

    report = found()
    assert report.whole
    assert report.unsealed == 0
    assert report.sealed == sealed


def test_a_changed_key_breaks_nothing(app, tmp_path, monkeypatch):
    write_lines(look())
    seal_all()
    before = app.config["KEYS"]
    ring = Keyring(app.config["SECRET_KEY"], tmp_path / "keys.json")
    monkeypatch.setitem(app.config, "KEYS", ring)
    ring.rotate(KeyPurpose.AUDIT, at=NOW, overlap=None)
    write_lines(look())
    seal_all()

    assert found().whole

    monkeypatch.setitem(app.config, "KEYS", before)  # a key that this portal does not have
    assert found().counts == {Fault.SIGNATURE: 1}


CHANGES = {
    "another purpose": "UPDATE audit_entries SET purpose = 'Intet' WHERE id = {line}",
    "another actor": "UPDATE audit_entries SET actor_id = 99 WHERE id = {line}",
    "nobody it is about": "UPDATE audit_entries SET citizen_id = NULL WHERE id = {line}",
    "no link": "UPDATE audit_entries SET by_link = false WHERE id = {line}",
    "another time": "UPDATE audit_entries SET at = '2026-01-01 00:00:00' WHERE id = {line}",
    "a person taken off the list": "DELETE FROM audit_people WHERE entry_id = {line} AND citizen_id = 9",
    "another person on the list": "UPDATE audit_people SET citizen_id = 8 WHERE entry_id = {line} "
    "AND citizen_id = 9",
    "a person put on the list": "INSERT INTO audit_people (entry_id, citizen_id) VALUES ({line}, 1)",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_changed_line_is_named(app, change):
    seal_all()
    _, line, _ = write_lines(look(), look(people=(7, 9), actor_id=1, citizen_id=3, by_link=True), look())
    seal_all()

    as_an_attacker(change.format(line=line))

    report = found()
    assert report.first is not None
    assert (report.first.fault, report.first.entry_id) == (Fault.CHANGED, line)
    assert report.counts == {Fault.CHANGED: 1}


def test_a_line_that_is_gone_is_missed(app):
    _, line, _ = write_lines(look(), look(), look())
    seal_all()

    as_an_attacker(f"DELETE FROM audit_entries WHERE id = {line}")

    report = found()
    assert report.first is not None
    assert (report.first.fault, report.first.entry_id) == (Fault.MISSING, line)


def test_a_line_that_is_gone_with_its_seal_is_missed_too(app):
    _, line, _ = write_lines(look(), look(), look())
    seal_all()

    as_an_attacker(
        f"DELETE FROM audit_entries WHERE id = {line}", f"DELETE FROM audit_seals WHERE entry_id = {line}"
    )

    assert found().counts == {Fault.SEALS_GONE: 1}


def test_a_chain_written_anew_without_the_key_is_found_out(app):
    """Whoever owns the database can compute hashes, but not sign them."""
    _, line, _ = write_lines(look(), look(), look())
    seal_all()
    as_an_attacker(f"UPDATE audit_entries SET purpose = 'Intet' WHERE id = {line}")
    _write_anew()

    assert found().counts == {Fault.SIGNATURE: 1}

    as_an_attacker("UPDATE audit_seals SET mac = NULL, key_id = NULL")
    assert set(found().counts) == {Fault.SIGNATURE}


def _write_anew() -> None:
    before = chain.GENESIS
    statements = []
    seals = sa.select(AuditSeal.seq, AuditEntry.__table__).join(
        AuditEntry, AuditEntry.id == AuditSeal.entry_id
    )
    for row in db.session.execute(seals.order_by(AuditSeal.seq)).mappings().all():
        line = {name: value for name, value in row.items() if name != "seq"}
        before = chain.next_hash(before, line, ())
        statements.append(f"UPDATE audit_seals SET hash = '{before}' WHERE seq = {row['seq']}")
    as_an_attacker(*statements)


def test_an_end_that_was_cut_off_is_found_by_a_head_kept_elsewhere(app):
    write_lines(look())
    seal_all()
    _, line = write_lines(look(), look())
    seal_all()
    kept = chain.head()
    as_an_attacker(
        f"DELETE FROM audit_seals WHERE entry_id >= {line - 1}",
        f"DELETE FROM audit_entries WHERE id >= {line - 1}",
    )

    assert found().whole  # seen from inside nothing is missing
    assert verify(kept).counts == {Fault.HEAD: 1}
    assert verify(Head(kept.seq - 2, kept.hash)).counts == {Fault.HEAD: 1}


def test_an_older_head_stays_true_while_the_log_grows(app):
    write_lines(look())
    seal_all()
    kept = chain.head()
    write_lines(look())
    seal_all()

    assert verify(kept).whole


def test_a_column_that_comes_later_changes_no_older_hash():
    """The hash of a line is what it is, today and in ten years."""
    line = {"id": 7, "at": NOW, "action": "card-read", "is_look": True, "citizen_id": 12, "by_link": False}

    assert chain.next_hash(chain.GENESIS, line, (9, 3)) == (
        "5a42a91d44036b32a6ced754815aabdad055b1c15974719f2d6527b258f82a8b"
    )
    assert chain.next_hash(chain.GENESIS, line | {"new": None, "flag": False}, (3, 9)) == chain.next_hash(
        chain.GENESIS, line, (9, 3)
    )


# --- The database's own refusals ------------------------------------------------------------------------------

REWRITES = {
    "replace": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "or ignore": "INSERT OR IGNORE INTO {table} SELECT * FROM {table}",
    "replace, short": "REPLACE INTO {table} SELECT * FROM {table}",
    "update": "UPDATE {table} SET {column} = {column}",
    "update or replace": "UPDATE OR REPLACE {table} SET {column} = {column} + 1",
    "update or ignore": "UPDATE OR IGNORE {table} SET {column} = {column} + 1",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} WHERE true "
    "ON CONFLICT ({key}) DO UPDATE SET {column} = 1",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table} CASCADE",
}
KEYS = {
    "audit_entries": ("id", "subject_id"),
    "audit_people": ("entry_id, citizen_id", "citizen_id"),
    "audit_seals": ("seq", "entry_id"),
    "audit_closed_months": ("id", "lines"),
}
SQLITE_ALONE = {"replace", "or ignore", "replace, short", "update or replace", "update or ignore"}


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize("rewrite", REWRITES)
def test_no_statement_changes_or_removes_a_row(empty_log, table, rewrite):
    sqlite = db.engine.dialect.name == "sqlite"
    if rewrite in (SQLITE_ALONE if not sqlite else {"truncate"}):
        return
    write_lines(look(LONG_AGO, people=(7, 9)), look(people=(8,)))
    seal_all()
    with transaction():
        assert closing.close_next_month(before=NOW.date().replace(day=1), at=NOW)
    before = rows_of(table)
    key, column = KEYS[table]

    for setting in (
        ("PRAGMA recursive_triggers=ON", "PRAGMA recursive_triggers=OFF") if sqlite else ("SELECT 1",)
    ):
        db.session.rollback()
        with pytest.raises(DBAPIError, match="never changed or deleted"):
            carry_out(setting, REWRITES[rewrite].format(table=table, key=key, column=column))

    assert rows_of(table) == before != []


def carry_out(*statements: str) -> None:
    with db.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def rows_of(table: str) -> list[object]:
    db.session.rollback()
    return list(db.session.execute(sa.text(f"SELECT * FROM {table} ORDER BY 1, 2")).all())


# --- Closed months --------------------------------------------------------------------------------------------


def close_up_to(day: str) -> list[AuditClosedMonth]:
    months = []
    while True:
        with transaction():
            month = closing.close_next_month(before=datetime.fromisoformat(day).date(), at=NOW)
        if month is None:
            return months
        months.append(month)


def test_closed_months_are_deleted_whole_and_the_chain_holds(empty_log):
    in_march = datetime.fromisoformat("2023-03-31T21:59:00+00:00")  # 23.59 in Denmark
    in_april = datetime.fromisoformat("2023-03-31T22:00:00+00:00")
    write_lines(look(LONG_AGO, people=(7, 9)), look(LONG_AGO), look(in_march), look(in_april), look())
    seal_all()

    closed = close_up_to("2023-04-01")

    assert [(f"{month.first_on:%Y-%m}", month.lines) for month in closed] == [("2023-02", 2), ("2023-03", 1)]
    times = list(db.session.scalars(sa.select(AuditEntry.at).order_by(AuditEntry.at)))
    assert times[0] == in_april
    assert rows_of("audit_people") == []
    seal_all()
    report = found()
    assert report.whole
    assert report.closed == 3
    assert {"audit-month-closed"} <= set(db.session.scalars(sa.select(AuditEntry.action)))


def test_a_month_goes_only_when_it_is_sealed_and_over(empty_log):
    write_lines(look(LONG_AGO))

    assert close_up_to("2026-01-01") == []  # no seal, no closing
    seal_all()
    assert close_up_to("2023-02-01") == []
    assert len(close_up_to("2023-03-01")) == 1


def test_a_line_stored_behind_a_younger_one_waits_for_the_next_month(empty_log):
    """Two requests at midnight: the first to look was the last to be stored."""
    midnight = datetime.fromisoformat("2023-02-28T23:00:00+00:00")
    second = timedelta(seconds=1)
    write_lines(look(LONG_AGO), look(midnight), look(midnight - second), look(midnight + second), look())
    seal_all()

    assert [month.lines for month in close_up_to("2023-03-01")] == [1]
    assert found().whole
    assert [month.lines for month in close_up_to("2023-04-01")] == [3]
    assert found().whole


FORGED = {
    "a young month": ("2026-10-01", "2026-11-01 00:00:00", 3),
    "younger lines in it": ("2023-02-01", "2023-03-01 00:00:00", 3),
    "in front of no seal": ("2023-02-01", "2023-03-01 00:00:00", 9),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=list(FORGED))
def test_the_database_closes_no_month_that_must_stand(empty_log, forged):
    first_on, until, behind = forged
    db.session.rollback()
    as_it_was = chain.head()
    write_lines(look(LONG_AGO), look(LONG_AGO), look())
    seal_all()
    hash_ = db.session.scalar(sa.select(AuditSeal.hash).where(AuditSeal.seq == as_it_was.seq + behind))
    db.session.rollback()

    with pytest.raises(DBAPIError, match="never changed or deleted"), db.engine.begin() as connection:
        connection.execute(
            sa.insert(AuditClosedMonth.__table__),
            {
                "first_on": datetime.fromisoformat(first_on).date(),
                "until": datetime.fromisoformat(f"{until}+00:00"),
                "lines": 1,
                "last_seq": as_it_was.seq + behind,
                "last_hash": hash_ or "0" * 64,
                "closed_at": NOW,
            },
        )


def test_a_month_closed_without_the_key_is_found_out(empty_log):
    write_lines(look(LONG_AGO), look())
    seal_all()
    close_up_to("2023-03-01")

    as_an_attacker("UPDATE audit_closed_months SET lines = 1000")

    assert found().counts == {Fault.CLOSING: 1}


def test_no_seal_slips_in_under_a_closed_month(empty_log):
    """It would give a young line into the hands of whoever wants it gone."""
    write_lines(look(LONG_AGO), look(LONG_AGO), look())
    seal_all()
    close_up_to("2023-03-01")
    (young,) = write_lines(look())
    db.session.rollback()

    with pytest.raises(DBAPIError, match="never changed or deleted"), db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO audit_seals (seq, entry_id, hash, sealed_at) "
            f"VALUES (1, {young}, 'x', '2026-01-01 00:00:00')"
        )


def test_the_month_of_a_day():
    day = datetime.fromisoformat("2026-11-28").date()

    assert [str(closing.months_before(day, back)) for back in (0, 10, 11, 24, -1, -2)] == [
        "2026-11-01", "2026-01-01", "2025-12-01", "2024-11-01", "2026-12-01", "2027-01-01",
    ]  # fmt: skip
