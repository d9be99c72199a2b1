"""kill -9 of the mail worker at any moment: no mail is lost, none is sent twice. On both databases.

The worker is a process of its own and the mail server stands here, so that what was delivered is known whatever
the worker wrote. Half of the kills come at a step of the conversation, half after a time.
"""

import multiprocessing
import os
import random
import signal
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.shared.outbox import services
from portal.shared.outbox.models import Mail, MailState
from portal.shared.outbox.worker import Worker
from tests.factories import NOW, make_mail
from tests.shared.outbox.smtp import Post, mail_server
from tests.test_survival import durable_app

KILLS: Final = 50
MAILS_EACH: Final = 3
STEPS: Final = ("hello", "mail", "to", "data", "text", "taken", "answered")
LONGEST_LIFE_SECONDS: Final = 0.12
GIVE_UP_SECONDS: Final = 20
"""A worker that never reaches its step is killed all the same."""

FORK = multiprocessing.get_context("fork")


def work(app: Flask) -> None:
    """The child: a worker that looks for mails without a pause."""
    with app.app_context():
        db.engine.dispose(close=False)  # the parent's connections are not ours
    Worker(app).run(threading.Event())


def live_and_die(app: Flask, post: Post, *, step: str | None, mail_number: int, life: float) -> None:
    """A worker begins, and is killed at a `step` of the n-th mail from now, or after `life` seconds."""
    seen: Counter[str] = Counter()
    child = FORK.Process(target=work, args=(app,), daemon=True)
    killed = threading.Event()

    def happens(here: str, _said: str) -> None:
        seen[here] += 1
        if here == step and seen[here] == mail_number:
            os.kill(child.pid or 0, signal.SIGKILL)
            killed.set()

    post.happens = happens
    child.start()
    if not killed.wait(GIVE_UP_SECONDS if step else life):
        os.kill(child.pid or 0, signal.SIGKILL)
    child.join()
    post.happens = lambda _step, _said: None


def states(app: Flask) -> dict[int, MailState]:
    with app.app_context():
        return {row.id: row.state for row in db.session.execute(sa.select(Mail.id, Mail.state))}


def delivered(post: Post) -> Counter[int]:
    """How often each mail arrived."""
    return Counter(int(name.strip("<>").split(".")[0].removeprefix("outbox-")) for name in post.ids())


def give_up_lost(app: Flask) -> None:
    lease: timedelta = app.config["MAIL_LEASE"]
    with app.app_context(), transaction():
        services.give_up_lost(at=NOW + lease + timedelta(seconds=1))


@pytest.mark.drill
@pytest.mark.parametrize("engine_name", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_killed_worker_loses_no_mail_and_sends_none_twice(engine_name: str, tmp_path: Path) -> None:
    chance = random.Random(5)
    with durable_app(engine_name, tmp_path) as (app, _cluster), mail_server() as post:
        app.config |= {
            "PORTAL_MAIL": "smtp",
            "PORTAL_SMTP_HOST": "127.0.0.1",
            "PORTAL_SMTP_PORT": post.port,
            "PORTAL_SMTP_SECURITY": "none",
            "MAIL_POLL": timedelta(seconds=0.01),
        }
        posted = set()
        for kill in range(KILLS):
            with app.app_context():
                posted |= {make_mail().id for _ in range(MAILS_EACH)}
                db.session.remove()
                db.engine.dispose()  # the child must not inherit open connections
            step = STEPS[kill // 2 % len(STEPS)] if kill % 2 else None
            live_and_die(
                app,
                post,
                step=step,
                mail_number=chance.randint(1, MAILS_EACH),
                life=chance.uniform(0, LONGEST_LIFE_SECONDS),
            )
            give_up_lost(app)
            check(states(app), delivered(post), posted)

        Worker(app).work_off()
        give_up_lost(app)
        found, arrived = states(app), delivered(post)
        check(found, arrived, posted)

    assert set(found.values()) == {MailState.SENT, MailState.UNCONFIRMED}, "nothing waits any more"
    uncertain = [arrived[key] for key, state in found.items() if state is MailState.UNCONFIRMED]
    assert set(uncertain) == {0, 1}, "workers died before and after the mail had gone"
    assert KILLS / 4 < len(uncertain) <= KILLS, "a kill leaves at most one mail uncertain"


def check(found: dict[int, MailState], arrived: Counter[int], posted: set[int]) -> None:
    """Each mail is sent and arrived, waits and did not, or is uvis."""
    assert set(found) == posted, "no mail is lost"
    assert not [key for key, times in arrived.items() if times > 1], "no mail is sent twice"
    for key, state in found.items():
        assert state in (MailState.SENT, MailState.WAITING, MailState.UNCONFIRMED)
        if state is not MailState.UNCONFIRMED:
            assert arrived[key] == (state is MailState.SENT)
