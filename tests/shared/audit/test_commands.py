"""`flask audit ...` says in plain words whether the log is whole, and ends so that a script can tell."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.base.database import db
from portal.shared.audit.models import AuditEntry
from portal.shared.rules.models import Rule
from tests.factories import NOW
from tests.shared.audit.test_chain import LONG_AGO, as_an_attacker, empty_log, look, write_lines

__all__ = ["empty_log"]


@pytest.fixture
def flask(app):
    return app.test_cli_runner().invoke


def test_a_whole_log(empty_log, flask):
    write_lines(look(), look(people=(4, 5)))

    assert "Linjer forseglet: 2" in flask(args=["audit", "seal"]).output
    answer = flask(args=["audit", "verify"])

    assert answer.exit_code == 0
    assert answer.output.startswith("Loggen er hel: 2 linjer")
    assert "IKKE" not in answer.output


def test_a_broken_log_names_its_first_broken_line(empty_log, flask):
    _, line = write_lines(look(), look())
    flask(args=["audit", "seal"])
    as_an_attacker(f"UPDATE audit_entries SET purpose = 'Intet' WHERE id = {line}")

    answer = flask(args=["audit", "verify"])

    assert answer.exit_code == 1
    assert "IKKE hel" in answer.output
    assert f"segl 2, linje {line}" in answer.output


def test_lines_that_wait_too_long_are_told(empty_log, flask):
    write_lines(look(), look(NOW - timedelta(hours=2)))

    answer = flask(args=["audit", "verify"])

    assert answer.exit_code == 2
    assert "Uden segl endnu: 2 linjer, den ældste fra" in answer.output


def test_a_head_kept_elsewhere_is_held_against_the_chain(empty_log, flask):
    write_lines(look())
    flask(args=["audit", "seal"])
    kept = flask(args=["audit", "head"]).output.strip()

    assert flask(args=["audit", "verify", "--head", kept]).exit_code == 0
    number, _, hash_ = kept.partition(":")
    assert flask(args=["audit", "verify", "--head", f"{int(number) + 1}:{hash_}"]).exit_code == 1
    refused = flask(args=["audit", "verify", "--head", "7"])
    assert refused.exit_code == 2
    assert "64 tegn" in refused.output


def test_months_are_closed_by_the_rule_of_the_day(empty_log, flask):
    """NOW is in November 2026: two years keep November 2024 and what came after."""
    kept = datetime.fromisoformat("2024-11-01T00:00:00+01:00")
    write_lines(look(LONG_AGO), look(kept - timedelta(seconds=1)), look(kept), look())

    answer = flask(args=["audit", "close-months"])

    assert answer.output.splitlines() == ["2023-02: 1 linjer slettet.", "2024-10: 1 linjer slettet."]
    db.session.rollback()
    first, *_ = db.session.scalars(sa.select(AuditEntry.at).order_by(AuditEntry.at))
    assert first == kept
    flask(args=["audit", "seal"])
    assert "Lukkede måneder: 2 linjer" in flask(args=["audit", "verify"]).output
    assert flask(args=["audit", "close-months"]).output == ""


def test_the_deadline_is_marked_as_our_own_proposal(app):
    rule = db.session.scalars(sa.select(Rule).where(Rule.key == "audit-months")).one()

    assert rule.certainty == "unverified"
