"""A hosting centre put an old database back without asking the portal: one command erases again."""

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.loop.citizens import services
from portal.loop.citizens.models import Citizen
from tests.factories import NOW, make_citizen


@pytest.fixture
def run(app):
    def invoke(*words: str):
        db.session.rollback()
        answer = app.test_cli_runner().invoke(args=list(words))
        db.session.rollback()
        return answer

    return invoke


@pytest.fixture
def came_back(app, karin):
    """Somebody was erased, and then her row stood there again."""
    citizen = make_citizen(case_reference="26/50")
    row = {column.name: getattr(citizen, column.name) for column in Citizen.__table__.columns}
    with transaction():
        found = db.session.get_one(Citizen, citizen.id)
        services.erase_citizen(found, journal=app.config["JOURNAL"], by=karin, at=NOW)
    with transaction():
        db.session.execute(sa.insert(Citizen).values(**row))


def citizens() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Citizen)) or 0


def test_whoever_was_erased_is_erased_again(run, came_back):
    answer = run("reapply-erasures")

    assert answer.exit_code == 0
    assert "1" in answer.output
    assert citizens() == 0


def test_where_the_journal_is_gone_nothing_is_done_and_it_is_said(app, run, came_back):
    app.config["JOURNAL"].file.unlink()

    answer = run("reapply-erasures")

    assert answer.exit_code == 1
    assert "PORTAL_JOURNAL" in answer.output
    assert citizens() == 1


def test_where_nobody_was_ever_erased_there_is_nothing_to_do(run, app):
    answer = run("reapply-erasures")

    assert answer.exit_code == 0
    assert not app.config["JOURNAL"].exists()
