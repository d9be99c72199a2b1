"""What the worker does for the operator, seen through the worker."""

from datetime import timedelta

import sqlalchemy as sa
import time_machine

from portal.base.database import db, transaction
from portal.base.journal import CARRIED, DONE, ERASING
from portal.base.marks import MarkName, noted
from portal.loop.citizens import services
from portal.loop.citizens.models import Citizen, Erasure
from portal.shared.outbox.worker import Worker
from tests.factories import NOW, make_citizen


def work(app, *, at=NOW) -> None:
    with time_machine.travel(at, tick=False):
        Worker(app, app.extensions["rooms"].chores).work_off()
    db.session.rollback()


def test_a_living_worker_is_noted(app):
    work(app, at=NOW + timedelta(hours=2))

    assert noted(MarkName.WORKER).at == NOW + timedelta(hours=2)


def test_the_old_table_is_carried_into_the_journal_without_anybodys_help(app):
    with transaction():
        db.session.add(Erasure(subject_hash="a" * 64, at=NOW))

    work(app)

    assert [line.kind for line in app.config["JOURNAL"].read().lines] == [CARRIED]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Erasure)) == 0


def test_an_erasure_whose_process_died_gets_its_outcome(app, karin):
    citizen = make_citizen()
    with transaction():
        found = db.session.get_one(Citizen, citizen.id)
        services.erase_citizen(found, journal=app.config["JOURNAL"], by=karin, at=NOW)

    work(app, at=NOW + timedelta(hours=1))

    assert [line.kind for line in app.config["JOURNAL"].read().lines] == [ERASING, DONE]


def test_a_journal_that_does_not_fit_stops_no_mail(app, karin):
    """The chore fails, is told in the log, and tried again; the worker goes on."""
    journal = app.config["JOURNAL"]
    journal.file.parent.mkdir(exist_ok=True)
    journal.file.write_text("nonsense\n")

    work(app)

    assert noted(MarkName.WORKER) is not None
