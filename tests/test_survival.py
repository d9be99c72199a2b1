"""kill -9 in the middle of writes, erasures and backups: nothing acknowledged is lost or stored twice, nobody returns.

On both databases. And a disk that is full: a page that says so, nothing half-written, and a sound database.
"""

import contextlib
import multiprocessing
import os
import random
import resource
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from portal.application import MIGRATIONS, create_app
from portal.base import clock
from portal.base.database import db, overwrite_deleted
from portal.base.journal import Journal
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.workspaces.operation import backup, dumps
from portal.workspaces.operation.elsewhere import portal_on
from portal.workspaces.operation.restore import restore
from tests import factories
from tests.client import PortalClient
from tests.support.databases import SETTINGS
from tests.support.postgres import Cluster, throwaway_cluster

CYCLES = 60
FIRST_WRITES_SECONDS, LONGEST_LIFE_SECONDS = 0.05, 0.6
CRASH_EVERY = 5
"""On PostgreSQL every so many cycles the server itself crashes too, without a checkpoint."""
ERASE_EVERY, BACKUP_EVERY = 2, 6

FORK = multiprocessing.get_context("fork")


@contextlib.contextmanager
def durable_app(engine_name: str, folder: Path) -> Iterator[tuple[Flask, Cluster | None]]:
    """The portal on a database that keeps its promises: fsync on, nothing in shared memory."""
    with contextlib.ExitStack() as stack:
        cluster = (
            stack.enter_context(throwaway_cluster(durable=True)) if engine_name == "postgresql" else None
        )
        url = cluster.create_database("survival") if cluster else f"sqlite:///{folder}/survival.sqlite"
        own = {"PORTAL_KEYS": f"{folder}/keys.json", "PORTAL_JOURNAL": f"{folder}/disk-2/erasures.journal"}
        app = create_app({**SETTINGS, **own, "SQLALCHEMY_DATABASE_URI": url})
        app.instance_path = str(folder / "instance")
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


def reference(cycle: int, number: int) -> str:
    """Of one length, so that none is another with its stroke elsewhere: whoever may be a double is asked about."""
    return f"{cycle:03}/{number:06}"


def register(client: PortalClient, cycle: int, number: int) -> int:
    """Each has a name of her own: a namesake would be asked about before anything is written."""
    case = reference(cycle, number)
    of_her_own = case.translate(str.maketrans("0123456789/", "bcdfghjklm-"))
    fields = {"case_reference": case, "first_name": "Amira", "last_name": f"Haddad {of_her_own}"}
    return client.post("/citizens/new", fields, form_id=form_id(cycle, number)).status_code


def erase(app: Flask, client: PortalClient, cycle: int, number: int) -> int:
    case = reference(cycle, number)
    with app.app_context():
        found = db.session.scalar(sa.select(Citizen.id).where(Citizen.case_reference == case))
    return client.post(f"/citizens/{found}/erase", {"case_reference": case}).status_code


def write_until_killed(app: Flask, karin: User, cycle: int, acknowledged: Connection) -> None:
    """The child: one write after the other, each reported once it was answered; now and then somebody is erased."""
    with app.app_context():
        db.engine.dispose(close=False)  # the parent's connections are not ours
    client = PortalClient(app, karin)
    for number in range(100_000):
        acknowledged.send(("trying", number))
        assert register(client, cycle, number) == 303
        acknowledged.send(("stored", number))
        if number % ERASE_EVERY == ERASE_EVERY - 1:
            acknowledged.send(("erasing", number - 1))
            assert erase(app, client, cycle, number - 1) == 303
            acknowledged.send(("erased", number - 1))


def back_up_until_killed(app: Flask, folder: Path) -> None:
    with app.app_context():
        db.engine.dispose(close=False)
        while True:
            backup.make(folder, at=clock.now(), progress=lambda done, everything: None)


@dataclass
class Told:
    """What a killed process had told: acknowledged, or under way."""

    stored: set[int]
    erased: set[int]
    trying: int
    erasing: set[int]


def live_and_die(app: Flask, karin: User, cycle: int, life: float, backups: Path | None) -> Told:
    """A process that writes, and with `backups` another that makes them: both are killed at once."""
    ours, theirs = FORK.Pipe(duplex=False)
    child = FORK.Process(target=write_until_killed, args=(app, karin, cycle, theirs), daemon=True)
    other = FORK.Process(target=back_up_until_killed, args=(app, backups), daemon=True)
    child.start()
    if backups:
        other.start()
    theirs.close()
    reports = [ours.recv(), ours.recv()]  # its clock starts when its first write is stored
    time.sleep(life)
    for process in (child, other) if backups else (child,):
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    with contextlib.suppress(EOFError):
        while True:
            reports.append(ours.recv())
    by_word = {word: {number for said, number in reports if said == word} for word in WORDS}
    return Told(by_word["stored"], by_word["erased"], max(by_word["trying"]), by_word["erasing"])


WORDS = ("trying", "stored", "erasing", "erased")


@pytest.mark.drill
@pytest.mark.parametrize("engine_name", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_no_acknowledged_write_is_lost_or_doubled_and_nobody_erased_returns(
    engine_name: str, tmp_path: Path
) -> None:
    chance = random.Random(20)
    promised, gone = 0, set[str]()
    backups = tmp_path / "backups"
    with durable_app(engine_name, tmp_path) as (app, cluster):
        with app.app_context():
            karin = factories.user("karin@kommune.example")
            db.session.remove()
            db.engine.dispose()

        for cycle in range(1, CYCLES + 1):
            told = live_and_die(
                app,
                karin,
                cycle,
                chance.uniform(FIRST_WRITES_SECONDS, LONGEST_LIFE_SECONDS),
                backups if cycle % BACKUP_EVERY == 0 else None,
            )
            if cluster is not None and cycle % CRASH_EVERY == 0:
                cluster.crash()
                cluster.start()
            with app.app_context():
                repeat = PortalClient(app, karin)
            assert register(repeat, cycle, told.trying) == 303, "the form under way can be sent again"

            found = references(app, cycle)
            assert len(found) == len(set(found)), "a write was stored twice"
            written = {reference(cycle, number) for number in told.stored | {told.trying}}
            erased = written - set(found)
            assert {reference(cycle, number) for number in told.erased} <= erased, "an erasure was lost"
            assert erased <= {reference(cycle, number) for number in told.erasing}, "a write was lost"
            assert set(found) <= written
            promised += len(told.stored)
            gone |= erased
            with app.app_context():
                assert in_force(app) >= len(gone), "somebody was erased of whom the journal knows nothing"
                if cycle == 1:
                    first = backup.make(backups, at=clock.now(), progress=lambda done, everything: None)
                    early = set(references(app, cycle))
                db.session.remove()
                db.engine.dispose()  # the next child must not inherit open connections

        assert promised > CYCLES, "the processes lived long enough to write"
        assert gone, "and to erase"
        look_back(app, backups, first, early, tmp_path)


def in_force(app: Flask) -> int:
    journal: Journal = app.config["JOURNAL"]
    return len(journal.read().in_force()) if journal.exists() else 0


def look_back(app: Flask, backups: Path, first: Path, early: set[str], folder: Path) -> None:
    """Whatever backup was acknowledged is whole, and in what the first brings back nobody is whom we erased."""
    with app.app_context():
        victims = sorted(early)[:2]
        client = PortalClient(app, factories.user("karin@kommune.example"))
        for victim in victims:
            cycle, _slash, number = victim.partition("/")
            assert erase(app, client, int(cycle), int(number)) == 303
        backup.make(backups, at=clock.now(), progress=lambda done, everything: None)
        assert not list(backups.glob("half-*")), "what killed ones left is gone"
        for made in sorted(backups.glob("portal-*"))[-3:]:
            backup.check(made, at=clock.now())
        with dumps.scratch(db.engine.url.render_as_string(hide_password=False), folder) as empty:
            done = restore(first, empty, at=clock.now())
            with portal_on(empty):
                back = set(db.session.scalars(sa.select(Citizen.case_reference)))
        assert done.again.erased == len(victims)
        assert back & early == early - set(victims)


def references(app: Flask, cycle: int) -> list[str]:
    statement = sa.select(Citizen.case_reference).where(Citizen.case_reference.like(f"{cycle:03}/%"))
    with app.app_context():
        return list(db.session.scalars(statement.order_by(Citizen.id)))


ROOM_LEFT = 300_000
"""Bytes that the files of the installation may still grow by."""


def fill_the_disk(app: Flask, karin: User, backups: Path, told: Connection) -> None:
    """A child whose files can grow no more: what it is answered until nothing is stored any longer."""
    with app.app_context():
        db.engine.dispose(close=False)
        client = PortalClient(app, karin)
        largest = max(
            path.stat().st_size for path in Path(str(db.engine.url.database)).parent.glob("*.sqlite*")
        )
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + ROOM_LEFT, resource.RLIM_INFINITY))
    stored = 0
    for number in range(5_000):
        status = register(client, 1, number)
        if status != 303:
            break
        stored += 1
    refused = client.post("/citizens/new", {"case_reference": "1/x", "first_name": "A", "last_name": "B"})
    told.send((stored, status, refused.status_code, refused.headers.get("Retry-After")))
    told.send(erase(app, client, 1, 0))
    told.send(PortalClient(app).get("/login").status_code)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    with app.app_context():
        overwrite_deleted()  # the log begins anew: what a backup notes has room, and its copy has not
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))
    answer = app.test_cli_runner().invoke(args=["backup", str(backups)])
    told.send((answer.exit_code, answer.output, [one.name for one in backups.iterdir()]))


@pytest.mark.drill
def test_a_full_disk_is_said_and_leaves_nothing_half(tmp_path: Path) -> None:
    """Every file of the installation stops growing; afterwards there is room again, and nothing needs mending."""
    backups = tmp_path / "backups"
    with durable_app("sqlite", tmp_path) as (app, _cluster):
        with app.app_context():
            karin = factories.user("karin@kommune.example")
            db.session.remove()
            db.engine.dispose()
        ours, theirs = FORK.Pipe(duplex=False)
        child = FORK.Process(target=fill_the_disk, args=(app, karin, backups, theirs), daemon=True)
        child.start()
        theirs.close()

        stored, first, again, wait = ours.recv()
        assert stored > 10
        assert {first, again} <= {503, 507}
        assert wait
        erased = ours.recv()
        assert erased in (303, 503, 507)
        assert ours.recv() == 200, "what needs no write goes on"
        code, output, left = ours.recv()
        assert code == 1
        assert "plads" in output
        assert left == [".lock"]
        child.join()

        assert dumps.unsound(f"sqlite:///{tmp_path}/survival.sqlite") == ""
        assert len(references(app, 1)) == stored - (erased == 303)
        with app.app_context():
            assert register(PortalClient(app, karin), 1, 9_999) == 303
            made = backup.make(backups, at=clock.now(), progress=lambda done, everything: None)
            backup.check(made, at=clock.now())
