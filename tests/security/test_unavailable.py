"""ASVS 16.5: a database that is locked, full or away gives 503 with Retry-After, and nothing needs a restart."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from portal.application import MIGRATIONS, create_app
from portal.base.database import db
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from tests import factories
from tests.client import PortalClient, PortalResponse
from tests.support.databases import SETTINGS
from tests.support.postgres import throwaway_cluster

pytestmark = pytest.mark.slow

BUSY_SECONDS = 0.3


@contextmanager
def portal_on(url: str, **engine_options: object) -> Iterator[tuple[Flask, User, int]]:
    """The portal on a database of its own, with Karin and one citizen."""
    options = {"connect_args": engine_options} if engine_options else {}
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": options})
    with app.app_context():
        upgrade(directory=MIGRATIONS)
        factories.build_world()
        citizen = factories.make_citizen()
        karin = factories.user("karin@kommune.example")
        db.session.remove()
    try:
        yield app, karin, citizen.id
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def assert_busy(answer: PortalResponse) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Haddad" not in answer.get_data(as_text=True)
    assert answer.headers["Content-Security-Policy"]


def new_citizen(browser: PortalClient, case: str, **options: object) -> PortalResponse:
    """Each has a name of her own: a namesake would be asked about before anything is written."""
    of_her_own = case.translate(str.maketrans("0123456789/", "bcdfghjklm-"))
    fields = {"case_reference": case, "first_name": "Selam", "last_name": f"Tesfay {of_her_own}"}
    return browser.post("/citizens/new", fields, **options)  # type: ignore[arg-type]


def test_V16_5_2_a_locked_database_stops_writes_and_looks_but_no_other_page(tmp_path: Path):
    file = tmp_path / "locked.sqlite"
    with portal_on(f"sqlite:///{file}", timeout=BUSY_SECONDS) as (app, karin, citizen_id):
        browser, visitor = PortalClient(app, karin), PortalClient(app)
        with closing(sqlite3.connect(file, isolation_level=None)) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            begun = time.monotonic()
            for path in ("/", "/openings/", "/employers/", "/goals/", "/rules/", "/sessions"):
                assert browser.get(path).status_code == 200, path
            for path in ("/", "/login", "/was", "/privatliv", "/healthz", "/employers/register"):
                assert visitor.get(path).status_code == 200, path
            for path in ("/citizens/", f"/citizens/{citizen_id}", f"/citizens/{citizen_id}/edit"):
                for htmx in (False, True):
                    assert_busy(browser.get(path, htmx=htmx))
            assert_busy(new_citizen(browser, "26/1"))
            assert_busy(visitor.post("/login", {"email": "x@y.dk", "password": "en god lang sætning"}))
            assert time.monotonic() - begun < 30
            holder.execute("ROLLBACK")

        assert browser.get(f"/citizens/{citizen_id}").status_code == 200
        assert new_citizen(browser, "26/1").status_code == 303


def test_V16_5_2_a_full_disk_loses_nothing_that_was_answered(tmp_path: Path):
    file = tmp_path / "full.sqlite"
    with portal_on(f"sqlite:///{file}", timeout=BUSY_SECONDS) as (app, karin, citizen_id):
        browser = PortalClient(app, karin)
        with app.app_context():
            raw = db.engine.raw_connection()
            pages = raw.execute("PRAGMA page_count").fetchone()[0]
            raw.close()
            db.engine.dispose()

        def small(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute(f"PRAGMA max_page_count={pages}")

        with app.app_context():
            engine = db.engine
        sa.event.listen(engine, "connect", small)
        stored, refused = [], 0
        for number in range(400):
            answer = new_citizen(browser, f"26/{number}")
            if answer.status_code == 303:
                stored.append(f"26/{number}")
                continue
            assert_busy(answer)
            refused += 1
            if refused == 3:
                break
        assert refused == 3
        assert browser.get("/openings/").status_code == 200
        assert browser.get(f"/citizens/{citizen_id}").status_code in (200, 503)

        sa.event.remove(engine, "connect", small)
        engine.dispose()
        assert new_citizen(browser, "26/99999").status_code == 303
        page = browser.get("/citizens/?format=csv").get_data(as_text=True)
        assert all(f"{case};" in page for case in [*stored, "26/99999"])


@pytest.mark.drill
@pytest.mark.postgres
def test_V16_5_2_a_server_that_comes_back_is_used_without_a_restart():
    with (
        throwaway_cluster(durable=True) as cluster,
        portal_on(cluster.create_database("away")) as (app, karin, citizen_id),
    ):
        browser, visitor = PortalClient(app, karin), PortalClient(app)
        assert browser.get(f"/citizens/{citizen_id}").status_code == 200
        cluster.crash()
        for path in (f"/citizens/{citizen_id}", "/openings/", "/", "/citizens/?format=csv"):
            assert_busy(browser.get(path))
        assert_busy(visitor.get("/was"))
        assert visitor.get("/healthz").status_code == 503
        for answer in (new_citizen(browser, "26/1"), new_citizen(browser, "26/1", htmx=True)):
            assert_busy(answer)
        assert visitor.get("/nothing").status_code in (404, 503)
        cluster.start()

        answers = [browser.get("/openings/").status_code for _ in range(4)]
        assert answers[-1] == 200
        assert set(answers) <= {200, 503}
        assert new_citizen(browser, "26/1").status_code == 303
        with app.app_context():
            assert db.session.scalar(sa.select(sa.func.count(AuditEntry.id))) > 0
