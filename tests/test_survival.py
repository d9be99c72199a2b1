"""kill -9 in the middle of writes: nothing acknowledged is lost, nothing is stored twice. On both databases."""

import contextlib
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from portal.application import MIGRATIONS, create_app
from portal.base.database import db
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient
from tests.support.databases import SETTINGS
from tests.support.postgres import Cluster, throwaway_cluster

CYCLES = 20
FIRST_WRITES_SECONDS, LONGEST_LIFE_SECONDS = 0.05, 0.25
CRASH_EVERY = 5
"""On PostgreSQL every so many cycles the server itself crashes too, without a checkpoint."""

FORK = multiprocessing.get_context("fork")


@contextlib.contextmanager
def durable_app(engine_name: str, folder: Path) -> Iterator[tuple[Flask, Cluster | None]]:
    """The portal on a database that keeps its promises: fsync on, nothing in shared memory."""
    with contextlib.ExitStack() as stack:
        cluster = (
            stack.enter_context(throwaway_cluster(durable=True)) if engine_name == "postgresql" else None
        )
        url = cluster.create_database("survival") if cluster else f"sqlite:///{folder}/survival.sqlite"
        app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": url})
        with app.app_context():
            upgrade(directory=MIGRATIONS)
            factories.build_world()
            db.session.remove()
            db.engine.dispose()
        yield app, cluster
        with app.app_context():
            db.engine.dispose()


def form_id(cycle: int, number: int) -> str:
    return str(UUID(int=cycle * 100_000 + number))


def register(client: PortalClient, cycle: int, number: int) -> int:
    fields = {"case_reference": f"{cycle}/{number}", "first_name": "Amira", "last_name": "Haddad"}
    return client.post("/citizens/new", fields, form_id=form_id(cycle, number)).status_code


def write_until_killed(app: Flask, karin: User, cycle: int, acknowledged: Connection) -> None:
    """The child: one write after the other, each reported once it was answered."""
    with app.app_context():
        db.engine.dispose(close=False)  # the parent's connections are not ours
    client = PortalClient(app, karin)
    for number in range(100_000):
        acknowledged.send(("trying", number))
        assert register(client, cycle, number) == 303
        acknowledged.send(("stored", number))


def live_and_die(app: Flask, karin: User, cycle: int, life: float) -> tuple[set[int], int]:
    """Numbers that were acknowledged, and the one that was under way when the process was killed."""
    ours, theirs = FORK.Pipe(duplex=False)
    child = FORK.Process(target=write_until_killed, args=(app, karin, cycle, theirs), daemon=True)
    child.start()
    theirs.close()
    reports = [ours.recv()]  # its clock starts when it has begun
    time.sleep(life)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    with contextlib.suppress(EOFError):
        while True:
            reports.append(ours.recv())
    stored = {number for word, number in reports if word == "stored"}
    return stored, max(number for word, number in reports if word == "trying")


@pytest.mark.drill
@pytest.mark.parametrize("engine_name", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_no_acknowledged_write_is_lost_or_doubled(engine_name: str, tmp_path: Path) -> None:
    chance = random.Random(20)
    promised = 0
    with durable_app(engine_name, tmp_path) as (app, cluster):
        with app.app_context():
            karin = factories.user("karin@kommune.example")
            db.session.remove()
            db.engine.dispose()

        for cycle in range(1, CYCLES + 1):
            stored, last = live_and_die(
                app, karin, cycle, chance.uniform(FIRST_WRITES_SECONDS, LONGEST_LIFE_SECONDS)
            )
            if cluster is not None and cycle % CRASH_EVERY == 0:
                cluster.crash()
                cluster.start()
            with app.app_context():
                repeat = PortalClient(app, karin)
            assert register(repeat, cycle, last) == 303, "the form under way can be sent again"

            found = references(app, cycle)
            assert len(found) == len(set(found)), "a write was stored twice"
            assert {f"{cycle}/{number}" for number in stored | {last}} == set(found)
            promised += len(stored)
            with app.app_context():
                db.engine.dispose()  # the next child must not inherit open connections

    assert promised > CYCLES, "the processes lived long enough to write"


def references(app: Flask, cycle: int) -> list[str]:
    statement = sa.select(Citizen.case_reference).where(Citizen.case_reference.like(f"{cycle}/%"))
    with app.app_context():
        return list(db.session.scalars(statement.order_by(Citizen.id)))
