"""How the installation is, for a watchman that asks every minute (Prometheus). Numbers only: nobody is in them."""

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from flask import current_app
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from portal import __version__
from portal.base import clock
from portal.base.database import db
from portal.base.gauges import REGISTRY
from portal.base.marks import MarkName, all_noted
from portal.shared.outbox.models import Mail, MailState
from portal.workspaces.home.queries import schema_state
from portal.workspaces.operation.dumps import SQLITE

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where the processes of one server count (gunicorn.conf.py)."""

AGES: Final = tuple(name for name in MarkName if name is not MarkName.JOURNAL)
"""What is done again and again, and is overdue one day."""


def in_text() -> bytes:
    """Everything, in Prometheus' own format; what the processes have counted also when the database is away."""
    found = CollectorRegistry()
    found.register(State(clock.now()))
    return generate_latest(_counted()) + generate_latest(found)


def _counted() -> CollectorRegistry:
    """By all processes of this server."""
    if FOLDER not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together)
    return together


class State(Collector):
    """What the database says of itself, its mails and what was done when."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def collect(self) -> Iterator[Metric]:
        version = GaugeMetricFamily("portal_version", "The portal that answers", labels=["version"])
        version.add_metric([__version__], 1)
        yield version
        try:
            asked = [*self._schema(), *self._mails(), *self._ages(), *self._waiting_for_locks()]
        except (SQLAlchemyError, OSError):
            current_app.logger.exception("the database does not answer")
            asked = []
        yield GaugeMetricFamily("portal_database_up", "Whether the database answered", value=bool(asked))
        yield from asked

    def _schema(self) -> Iterator[Metric]:
        current, wanted = schema_state()
        yield GaugeMetricFamily(
            "portal_schema_fits", "Whether the database is at this portal's revision", value=current == wanted
        )

    def _mails(self) -> Iterator[Metric]:
        count = GaugeMetricFamily("portal_mails", "Mails by state", labels=["state"])
        statement = sa.select(Mail.state, sa.func.count()).group_by(Mail.state)
        by_state = {row[0]: row[1] for row in db.session.execute(statement)}
        for state in MailState:
            count.add_metric([state.value], by_state.get(state, 0))
        yield count
        first = db.session.scalar(
            sa.select(sa.func.min(Mail.due_at)).where(
                Mail.state == MailState.WAITING, Mail.due_at <= self._at
            )
        )
        yield GaugeMetricFamily(
            "portal_mail_waits_seconds",
            "How long the mail that is due longest has waited",
            value=self._seconds_since(first) if first else 0,
        )

    def _ages(self) -> Iterator[Metric]:
        """A thing that was never done has no age: a watchman asks for what is absent, too."""
        age = GaugeMetricFamily("portal_seconds_since", "How long ago it was done last", labels=["what"])
        for mark in all_noted():
            if mark.name in AGES:
                age.add_metric([mark.name], self._seconds_since(mark.at))
        yield age

    def _waiting_for_locks(self) -> Iterator[Metric]:
        """SQLite's writers are counted as they come (gauges.py)."""
        if db.engine.dialect.name == SQLITE:
            return
        waiting = sa.text(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        yield GaugeMetricFamily(
            "portal_waiting_for_locks",
            "Statements that wait for another's lock now (PostgreSQL)",
            value=db.session.scalar(waiting) or 0,
        )

    def _seconds_since(self, moment: datetime) -> float:
        return (self._at - moment).total_seconds()
