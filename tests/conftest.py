"""The application on both databases, the world before every test, and one client per persona."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from hypothesis import settings

from portal.base import garbage
from portal.base.database import db
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient
from tests.support.crawl import Walks
from tests.support.databases import COMPILED, Stage, stage_on
from tests.support.needs import COMPLETE
from tests.support.postgres import shared_cluster
from tests.support.templates import PostgresqlTemplates, SqliteTemplates, Templates

pytest_plugins = ["tests.support.chromium", "tests.support.durations", "tests.support.lost_workers"]

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgres)]

FEW_EXAMPLES = 10
EXAMPLES_OF_A_LAW = "_hypothesis_internal_use_settings"
"""Where hypothesis keeps a test's settings, as its own plugin for pytest finds and changes them."""

# What a developer has set for a portal of their own is none of the tests' business.
for _setting in [name for name in os.environ if name.startswith(("PORTAL_", "FLASK_")) and name != COMPLETE]:
    del os.environ[_setting]

settings.register_profile("portal", deadline=None)  # a busy machine is not a bug
settings.register_profile("complete", deadline=None, derandomize=True)  # the same code, judged the same
settings.register_profile("quick", deadline=None, max_examples=FEW_EXAMPLES)
settings.load_profile("complete" if os.environ.get(COMPLETE) else "portal")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of a page runs on SQLite, every other test with a database on both engines: docs/testing.md."""
    marks = list(metafunc.definition.iter_markers())
    by_hand = " ".join(str(mark.args[0]) for mark in marks if mark.name == "parametrize")
    named = {mark.name for mark in marks}
    both = "both_engines" in named or not (asks_for_pages(metafunc) or "one_engine" in named)
    for fixture in ("current_stage", "demo_app"):
        if fixture in metafunc.fixturenames and fixture not in by_hand:
            metafunc.parametrize(fixture, BOTH if both else [SQLITE], indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """A law meets PostgreSQL with few examples: all that is drawn for it has met SQLite."""
    law = getattr(item, "obj", None)
    usual: settings | None = getattr(law, EXAMPLES_OF_A_LAW, None)
    if usual is None or not item.get_closest_marker("postgres"):
        return (yield)
    setattr(law, EXAMPLES_OF_A_LAW, settings(usual, max_examples=min(usual.max_examples, FEW_EXAMPLES)))
    try:
        return (yield)
    finally:
        setattr(law, EXAMPLES_OF_A_LAW, usual)


def asks_for_pages(metafunc: pytest.Metafunc) -> bool:
    """Whether somebody sits at a browser in it."""
    return bool({"client_for", "visitor"} & set(metafunc.fixturenames)) or hasattr(
        metafunc.module, "PortalClient"
    )


def pytest_collection_finish() -> None:
    """What was loaded by then stays: without this every full collection walks through all of it."""
    garbage.look_only_when_told()


def pytest_runtest_logfinish() -> None:
    garbage.collect()


@pytest.fixture(scope="session")
def meeting_place(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder where the run's workers share one PostgreSQL cluster."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "postgresql"


@pytest.fixture(scope="session", autouse=True)
def compiled_pages(meeting_place: Path) -> None:
    """Workers share the templates that one of them has compiled."""
    folder = meeting_place.with_name("compiled")
    folder.mkdir(exist_ok=True, parents=True)
    os.environ[COMPILED] = str(folder)


@pytest.fixture(scope="session", autouse=True)
def own_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a portal keeps beside its database; a developer's own is none of the tests' business."""
    folder = tmp_path_factory.mktemp("instance")
    os.environ["PORTAL_KEYS"] = str(folder / "keys.json")
    os.environ["PORTAL_JOURNAL"] = str(folder / "erasures.journal")


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """In shared memory, where there is some: commits wait for no disk."""
    shared_memory = Path("/dev/shm")
    base = shared_memory if os.access(shared_memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="portal-test-", dir=base) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def templates(
    meeting_place: Path, quick_folder: Path, worker_id: str
) -> Iterator[Callable[[str], Templates]]:
    """By engine name: the databases that tests work on copies of."""
    made: dict[str, Templates] = {}
    with contextlib.ExitStack() as stack:

        def of(engine_name: str) -> Templates:
            if engine_name not in made:
                if engine_name == SQLITE:
                    made[SQLITE] = SqliteTemplates(meeting_place, quick_folder)
                else:
                    cluster = stack.enter_context(shared_cluster(meeting_place))
                    made[POSTGRESQL] = PostgresqlTemplates(meeting_place, worker_id, cluster)
            return made[engine_name]

        yield of


@pytest.fixture(scope="session")
def sqlite_stage(templates: Callable[[str], Templates], quick_folder: Path) -> Iterator[Stage]:
    sqlite = templates(SQLITE)
    assert isinstance(sqlite, SqliteTemplates)
    with sqlite.copy("world") as url, stage_on(url, SQLITE, quick_folder, sqlite.file("world")) as made:
        yield made


@pytest.fixture(scope="session")
def postgresql_stage(templates: Callable[[str], Templates], quick_folder: Path) -> Iterator[Stage]:
    with templates(POSTGRESQL).copy("world") as url, stage_on(url, POSTGRESQL, quick_folder, None) as made:
        yield made


@pytest.fixture
def current_stage(request: pytest.FixtureRequest) -> Stage:
    """The portal on the world every test starts from, on the engine this test runs on."""
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


@pytest.fixture
def demo_app(
    request: pytest.FixtureRequest, templates: Callable[[str], Templates], frozen_clock: None
) -> Iterator[Flask]:
    """The portal with the demo municipality, fresh for this test."""
    with templates(request.param).app_on_copy("demo") as made:
        yield made


@pytest.fixture(scope="session")
def read_only_demo(templates: Callable[[str], Templates]) -> Iterator[Flask]:
    """The portal with the demo municipality, for tests that only ask. SQLite."""
    with templates(SQLITE).app_on_copy("demo") as made:
        yield made


@pytest.fixture(scope="session")
def walks(meeting_place: Path, request: pytest.FixtureRequest) -> Walks:
    """What each person of the demo municipality can reach: asked once for a run."""

    def app() -> Flask:
        made: Flask = request.getfixturevalue("read_only_demo")
        return made

    return Walks(meeting_place.with_name("walks"), app)


@pytest.fixture
def app(current_stage: Stage, frozen_clock: None) -> Iterator[Flask]:
    """The application, inside its context: a test may call services and queries directly."""
    current_stage.app.extensions.pop("refusals", None)  # counted for as long as the process lives
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
    """Administrator in Halsnæs."""
    return factories.user("admin@kommune.example")


@pytest.fixture
def drude(app: Flask) -> User:
    """She runs the portal."""
    return factories.user("drift@portal.example")
