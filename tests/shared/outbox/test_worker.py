"""What the worker does with each answer of a mail server, and with a mail program's folder."""

import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.errors import DomainError
from portal.shared.outbox import worker
from portal.shared.outbox.models import Mail, MailState
from portal.shared.outbox.transport import Folder, Smtp, TemporaryFailure, transport_of
from portal.shared.outbox.worker import Inside, Worker
from tests.factories import NOW, make_mail
from tests.shared.outbox.smtp import BREAK, Post, free_port, mail_server


@pytest.fixture
def post(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    with mail_server() as server:
        for name, value in {
            "PORTAL_MAIL": "smtp",
            "PORTAL_SMTP_HOST": "127.0.0.1",
            "PORTAL_SMTP_PORT": server.port,
            "PORTAL_SMTP_SECURITY": "none",
        }.items():
            monkeypatch.setitem(app.config, name, value)
        yield server


def work(app: Flask) -> int:
    db.session.rollback()
    taken = Worker(app).work_off()
    db.session.expire_all()
    return taken


def test_a_mail_arrives_once(app: Flask, post: Post) -> None:
    mail = make_mail()

    assert work(app) == 1
    assert work(app) == 0

    (arrived,) = post.mails
    assert arrived["To"] == "bo@firma.example"
    assert arrived["Reply-To"] == "virksomhed@halsnaes.example"
    assert "Vi har fundet en." in arrived.get_content()
    sent = db.session.get_one(Mail, mail.id)
    assert (sent.state, sent.sent_at) == (MailState.SENT, NOW)


@pytest.mark.parametrize(
    ("step", "answer", "state"),
    [
        ("hello", BREAK, MailState.WAITING),
        ("mail", "451 later", MailState.WAITING),
        ("mail", "550 never", MailState.FAILED),
        ("to", "450 full", MailState.WAITING),
        ("to", "550 unknown", MailState.FAILED),
        ("to", BREAK, MailState.WAITING),
        ("data", "451 later", MailState.WAITING),
        ("data", "554 never", MailState.FAILED),
        ("text", "452 full", MailState.WAITING),
        ("text", "554 spam", MailState.FAILED),
        ("text", BREAK, MailState.UNCONFIRMED),
        ("taken", BREAK, MailState.UNCONFIRMED),
    ],
)
def test_what_becomes_of_a_mail_that_was_not_simply_taken(
    app: Flask, post: Post, step: str, answer: str, state: MailState
) -> None:
    mail = make_mail()
    post.happens = lambda here, said: answer if here == step else None

    work(app)

    found = db.session.get_one(Mail, mail.id)
    assert found.state is state
    assert found.error
    assert len(post.mails) == (step == "taken")


def test_one_bad_address_holds_up_no_other_mail(app: Flask, post: Post) -> None:
    """The guard of the database takes no such address; one may stand there from before."""
    bad, smuggled = make_mail(), "nobody\r\nRCPT TO:<all@firma.example>"
    with transaction():
        db.session.execute(sa.update(Mail).where(Mail.id == bad.id).values(recipient=smuggled))
    good = make_mail()

    work(app)

    assert db.session.get_one(Mail, bad.id).state is MailState.FAILED
    assert db.session.get_one(Mail, good.id).state is MailState.SENT


def test_no_server_means_later(app: Flask) -> None:
    nobody = Smtp("127.0.0.1", free_port(), security="none")

    with pytest.raises(TemporaryFailure):
        nobody.send(None)  # type: ignore[arg-type] - it never comes to the mail


def test_in_development_a_mail_is_a_file(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PORTAL_MAIL", "folder")
    monkeypatch.setitem(app.config, "PORTAL_MAIL_FOLDER", str(tmp_path / "mail"))
    make_mail(calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")

    work(app)

    (file,) = (tmp_path / "mail").glob("*.eml")
    assert b"List-Unsubscribe: <http://localhost:5000/mails/stop/" in file.read_bytes()
    written = message_from_bytes(file.read_bytes(), policy=default)
    assert [part.get_content_type() for part in written.iter_attachments()] == ["text/calendar"]


def test_without_a_server_in_production_mails_wait(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PORTAL_MAIL", "none")
    mail = make_mail()

    assert work(app) == 0
    assert db.session.get_one(Mail, mail.id).state is MailState.WAITING


def test_transports_are_chosen_by_the_settings(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PORTAL_MAIL", "folder")
    assert isinstance(transport_of(app.config), Folder)


def test_a_chore_that_fails_stops_neither_the_others_nor_the_mails(app: Flask, post: Post) -> None:
    make_mail()
    done: list[str] = []

    def fails(_at: object) -> None:
        raise DomainError

    db.session.rollback()
    one = Worker(app, (fails, lambda _at: done.append("second")))
    one.work_off()
    one.work_off()

    assert done == ["second"], "and none is repeated before its time"
    assert len(post.mails) == 1


def test_the_worker_inside_the_server_sends_and_stops(app: Flask, post: Post) -> None:
    mail = make_mail()
    db.session.rollback()
    arrived = threading.Event()
    post.happens = lambda step, said: arrived.set() if step == "taken" else None
    inside = Inside(app)

    inside.ensure()
    inside.ensure()
    assert arrived.wait(20)
    inside.stop()

    db.session.expire_all()
    assert db.session.get_one(Mail, mail.id).state is MailState.SENT, "a stop waits for what is under way"
    assert inside._thread is not None
    inside._thread.join(20)
    assert not inside._thread.is_alive()
    assert len(post.mails) == 1


def test_a_stop_waits_for_no_chore(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "STOP_SECONDS", 600)
    begun, may_end = threading.Event(), threading.Event()

    def counts_for_long(_at: object) -> None:
        begun.set()
        may_end.wait(600)

    inside = Inside(app, (counts_for_long,))
    inside.ensure()
    assert begun.wait(20)
    stopping = threading.Thread(target=inside.stop, daemon=True)

    stopping.start()
    stopping.join(20)

    is_stopped = not stopping.is_alive()
    may_end.set()
    assert is_stopped
    assert inside._thread is not None
    inside._thread.join(20)
