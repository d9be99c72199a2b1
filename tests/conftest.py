"""The application on both databases, the world before every test, and one client per persona."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from hypothesis import settings

from portal.base.database import db
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient
from tests.support.databases import Stage, stage
from tests.support.demo import DemoTemplate
from tests.support.needs import COMPLETE
from tests.support.postgres import shared_cluster, worker_database

pytest_plugins = ["tests.support.chromium"]

ENGINES = ("sqlite", "postgresql")

# What a developer has set for a portal of their own is none of the tests' business.
for _setting in [name for name in os.environ if name.startswith(("PORTAL_", "FLASK_")) and name != COMPLETE]:
    del os.environ[_setting]

settings.register_profile("portal", deadline=None)  # a busy machine is not a bug
settings.load_profile("portal")


@pytest.fixture(scope="session")
def meeting_place(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder where the run's workers share one PostgreSQL cluster."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "postgresql"


@pytest.fixture(scope="session")
def sqlite_stage() -> Iterator[Stage]:
    shared_memory = Path("/dev/shm")  # commits wait for no disk
    base = shared_memory if os.access(shared_memory, os.W_OK) else None
    with (
        tempfile.TemporaryDirectory(prefix="portal-test-", dir=base) as folder,
        stage(f"sqlite:///{folder}/portal.sqlite", "sqlite", Path(folder), build_world_at_now) as made,
    ):
        yield made


@pytest.fixture(scope="session")
def postgresql_stage(
    meeting_place: Path, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    with (
        worker_database(meeting_place, worker_id) as url,
        stage(url, "postgresql", tmp_path_factory.mktemp("pg"), build_world_at_now) as made,
    ):
        yield made


def build_world_at_now() -> None:
    """The clock stands still only while it is built: what lasts longer than a test would stop it in browsers' tests."""
    with time_machine.travel(factories.NOW, tick=False):
        factories.build_world()


@pytest.fixture(params=[ENGINES[0], pytest.param(ENGINES[1], marks=pytest.mark.postgres)])
def current_stage(request: pytest.FixtureRequest) -> Stage:
    """Every test with a database runs on both engines."""
    chosen: Stage = request.getfixturevalue(f"{request.param}_stage")
    chosen.reset()
    return chosen


@pytest.fixture(autouse=True)
def frozen_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test but those in a browser runs at NOW."""
    if request.node.get_closest_marker("browser"):
        yield
        return
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture(scope="session")
def demo_templates(
    meeting_place: Path, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], DemoTemplate]]:
    """By engine name: where copies of the demo municipality come from."""
    made: dict[str, DemoTemplate] = {}
    with contextlib.ExitStack() as stack:

        def template(engine_name: str) -> DemoTemplate:
            if engine_name not in made:
                cluster = (
                    stack.enter_context(shared_cluster(meeting_place)) if engine_name != "sqlite" else None
                )
                made[engine_name] = DemoTemplate(tmp_path_factory.mktemp("demo"), cluster, worker_id)
            return made[engine_name]

        yield template


@pytest.fixture(params=[ENGINES[0], pytest.param(ENGINES[1], marks=pytest.mark.postgres)])
def demo_app(
    request: pytest.FixtureRequest, demo_templates: Callable[[str], DemoTemplate], frozen_clock: None
) -> Iterator[Flask]:
    """The portal with the demo municipality, fresh for this test."""
    with demo_templates(request.param).copy() as made:
        yield made


@pytest.fixture
def app(current_stage: Stage, frozen_clock: None) -> Iterator[Flask]:
    """The application, inside its context: a test may call services and queries directly."""
    with current_stage.app.app_context():
        yield current_stage.app
        db.session.remove()


@pytest.fixture
def client_for(app: Flask) -> Callable[[User | None], PortalClient]:
    return lambda user=None: PortalClient(app, user)


@pytest.fixture
def visitor(app: Flask) -> PortalClient:
    """Somebody who is not signed in."""
    return PortalClient(app)


@pytest.fixture
def karin(app: Flask) -> User:
    """Consultant in Halsnæs."""
    return factories.user("karin@kommune.example")


@pytest.fixture
def jonas(app: Flask) -> User:
    """Karin's colleague."""
    return factories.user("jonas@kommune.example")


@pytest.fixture
def lene(app: Flask) -> User:
    """Consultant in Fredensborg, next door."""
    return factories.user("lene@nabo.example")


@pytest.fixture
def mette(app: Flask) -> User:
    """Leader in Halsnæs."""
    return factories.user("mette@kommune.example")


@pytest.fixture
def admin(app: Flask) -> User:
    return factories.user("admin@kommune.example")
