"""Posting, declining, claiming, and what a person decides."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.shared.accounts.models import User
from portal.shared.outbox import letters, services
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import Mail, MailKind, MailState
from portal.shared.outbox.services import PAUSES, NothingToSettle, NotToBeSentAnew
from tests import factories
from tests.factories import NOW, make_mail

LEASE = timedelta(minutes=10)


def claim(worker: str = "one", at=NOW) -> Mail | None:
    with transaction():
        return services.claim_next(worker=worker, at=at, lease=LEASE)


class SomethingWentWrong(Exception):
    pass


def post_and_fail() -> None:
    with transaction():
        services.post(
            MailKind.MESSAGE, to="bo@firma.example", at=NOW, unit=None, context={"title": "A", "words": "B"}
        )
        raise SomethingWentWrong


def test_a_mail_is_stored_with_what_it_tells_or_not_at_all(app: Flask) -> None:
    with pytest.raises(SomethingWentWrong):
        post_and_fail()

    assert db.session.scalar(sa.select(sa.func.count(Mail.id))) == 0


def test_the_text_holds_no_signature_and_the_sent_mail_does(app: Flask) -> None:
    mail = make_mail()

    assert letters.STOP in mail.links
    assert "/mails/stop/" not in mail.text
    assert "/mails/stop/" in letters.with_links(mail)
    assert str(letters.message(mail, at=NOW)["List-Unsubscribe"]).startswith(
        "<http://localhost:5000/mails/stop/"
    )


def test_a_mail_that_may_not_be_declined_has_no_link_to_decline_it(app: Flask, monkeypatch) -> None:
    monkeypatch.setattr(letters, "write", lambda *_args, **_more: letters.Letter("Emne", "Tekst"))
    with transaction():
        services.decline("bo@firma.example", set(MailKind), at=NOW)
        mail = services.post(MailKind.PASSWORD, to="bo@firma.example", at=NOW, unit=None)

    assert mail is not None
    assert mail.links == {}
    assert mail.state is MailState.WAITING


def test_a_name_is_used_once(app: Flask) -> None:
    make_mail(dedupe_key="reminder-1")
    with transaction():
        again = services.post(
            MailKind.MESSAGE,
            to="x@firma.example",
            at=NOW,
            unit=None,
            context={"title": "A", "words": "B"},
            dedupe_key="reminder-1",
        )

    assert again is None


def test_whoever_declined_a_kind_gets_none_of_it(app: Flask) -> None:
    with transaction():
        services.decline("Bo@Firma.example ", {MailKind.MESSAGE}, at=NOW)

    mail = make_mail(to="BO@firma.example")

    assert mail.state is MailState.SUPPRESSED
    assert claim() is None


def test_what_waits_when_it_is_declined_is_not_sent(app: Flask) -> None:
    mail = make_mail()
    with transaction():
        services.decline("bo@firma.example", {MailKind.MESSAGE}, at=NOW)

    claim()

    assert db.session.get_one(Mail, mail.id).state is MailState.SUPPRESSED


def test_declining_is_taken_back(app: Flask) -> None:
    with transaction():
        services.decline("bo@firma.example", {MailKind.MESSAGE, MailKind.RENEWAL}, at=NOW)
        services.decline("bo@firma.example", {MailKind.RENEWAL}, at=NOW)

    assert not services.is_declined("bo@firma.example", MailKind.MESSAGE)
    assert services.is_declined("bo@firma.example", MailKind.RENEWAL)


@pytest.mark.parametrize(
    "current_stage", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_two_workers_at_the_same_moment_claim_two_mails(app: Flask) -> None:
    """The second passes by the row that the first holds, and neither waits for the other."""
    first, second = make_mail(), make_mail()

    with transaction():
        held = services.claim_next(worker="one", at=NOW, lease=LEASE)
        with ThreadPoolExecutor(1) as elsewhere:
            passed_by = elsewhere.submit(_claimed_elsewhere, app).result(timeout=60)

    assert held is not None
    assert (held.id, passed_by) == (first.id, second.id)


def _claimed_elsewhere(app: Flask) -> int | None:
    with app.app_context(), transaction():
        db.session.execute(
            sa.text("SET LOCAL lock_timeout = '2s'")
        )  # waiting for the first would hang the test
        mail = services.claim_next(worker="two", at=NOW, lease=LEASE)
        return mail and mail.id


def test_a_mail_is_claimed_by_one(app: Flask) -> None:
    mail = make_mail()

    assert claim("one") is mail
    assert claim("two") is None


def test_the_oldest_comes_first_and_none_before_its_time(app: Flask) -> None:
    later = make_mail(due_at=NOW + timedelta(hours=1))
    first = make_mail()

    assert claim() is first
    assert claim() is None
    assert claim(at=NOW + timedelta(hours=1)) is later


@pytest.mark.parametrize(
    ("later", "state"), [(timedelta(0), MailState.SENDING), (timedelta(seconds=1), MailState.UNCONFIRMED)]
)
def test_a_mail_whose_worker_is_silent_for_longer_than_its_lease_is_uvis(
    app: Flask, later: timedelta, state: MailState
) -> None:
    mail = make_mail()
    claim()

    with transaction():
        services.give_up_lost(at=NOW + LEASE + later)

    db.session.refresh(mail)
    assert mail.state is state
    assert claim(at=NOW + timedelta(days=400)) is None, "it is never sent again by itself"


def test_a_worker_that_was_only_slow_tells_what_became_of_it(app: Flask) -> None:
    mail = make_mail()
    claim("slow")
    with transaction():
        services.give_up_lost(at=NOW + LEASE * 2)
        services.mark_sent(mail.id, worker="slow", at=NOW + LEASE * 3)

    db.session.refresh(mail)
    assert mail.state is MailState.SENT


def test_a_slow_worker_says_nothing_about_a_mail_that_a_person_sent_anew(app: Flask, karin: User) -> None:
    mail = make_mail()
    claim("slow")
    with transaction():
        services.give_up_lost(at=NOW + LEASE * 2)
        services.send_anew(db.session.get_one(Mail, mail.id), by=karin, at=NOW + LEASE * 2)
        services.mark_sent(mail.id, worker="slow", at=NOW + LEASE * 3)

    db.session.refresh(mail)
    assert mail.state is MailState.WAITING


def test_pauses_grow_and_then_the_mail_has_failed(app: Flask) -> None:
    mail = make_mail()
    at = NOW
    for pause in PAUSES:
        assert claim(at=at) is mail
        with transaction():
            services.put_off(mail.id, worker="one", at=at, error="busy")
        db.session.refresh(mail)
        assert mail.state is MailState.WAITING
        assert mail.due_at == at + pause
        at = mail.due_at

    claim(at=at)
    with transaction():
        services.put_off(mail.id, worker="one", at=at, error="busy")

    db.session.refresh(mail)
    assert mail.state is MailState.FAILED
    assert list(PAUSES) == sorted(PAUSES)


UNCONFIRMED = {"state": MailState.UNCONFIRMED, "worker": "dead"}
FAILED = {"state": MailState.FAILED, "worker": "one", "error": "550 no"}
SENT = {"state": MailState.SENT, "sent_at": NOW}


@pytest.mark.parametrize(
    ("values", "settled", "anew"),
    [({}, False, False), (SENT, False, False), (UNCONFIRMED, True, True), (FAILED, False, True)],
    ids=["waiting", "sent", "uvis", "failed"],
)
def test_a_person_decides_about_a_mail_that_nobody_knows_about(
    app: Flask, karin: User, values: dict, settled: bool, anew: bool
) -> None:
    for command, allowed, refusal in (
        (services.settle_as_sent, settled, NothingToSettle),
        (services.send_anew, anew, NotToBeSentAnew),
    ):
        mail = make_mail(**values)
        if allowed:
            with transaction():
                command(mail, by=karin, at=NOW)
        else:
            with pytest.raises(refusal), transaction():
                command(mail, by=karin, at=NOW)


def test_settled_mails_are_forgotten_and_open_ones_are_not(app: Flask) -> None:
    kept = [make_mail(), make_mail(**UNCONFIRMED)]
    make_mail(**SENT)
    make_mail(**FAILED)

    with transaction():
        gone = services.forget_old(before=NOW + timedelta(seconds=1))

    assert gone == 2
    assert set(db.session.scalars(sa.select(Mail.id))) == {mail.id for mail in kept}


def test_mails_about_an_erased_record_go_with_it(app: Flask) -> None:
    employer = factories.make_employer()
    about = make_mail(about_type="employers", about_id=employer.id)
    other = make_mail(about_type="openings", about_id=employer.id)

    with transaction():
        services.drop_about("employers", sa.select(sa.literal(employer.id)))

    assert set(db.session.scalars(sa.select(Mail.id))) == {other.id} != {about.id}


def test_a_stored_link_reads_back_as_it_was() -> None:
    link = Link.signed(
        "outbox.stop", letters.LinkPurpose.STOP_MAIL, "a@b.dk", 7, expires_at=NOW, arg="stop_link"
    )

    assert Link.read(link.stored()) == link


def test_no_header_is_smuggled_in(app: Flask) -> None:
    with transaction():
        mail = services.post(
            MailKind.MESSAGE,
            to="bo@firma.example",
            at=NOW,
            unit=None,
            context={"title": "Kok\r\nBcc: all@firma.example", "words": "Hej"},
        )

    assert mail is not None
    written = letters.message(mail, at=NOW)
    assert written["Bcc"] is None
    assert "\n" not in mail.subject
