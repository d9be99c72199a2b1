"""A proposal leaves with the citizen's yes, is remembered, and becomes a call. Source: docs/rules.md#silence."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from portal.base.clock import DANISH_TIME
from portal.base.database import db, transaction
from portal.loop.citizens.services import erase_citizen
from portal.loop.employers.models import ContactPerson
from portal.loop.openings.models import OpeningStatus
from portal.loop.reviews import services as reviews
from portal.loop.reviews.models import Answer, AnsweredVia, Review
from portal.shared.accounts.models import User
from portal.shared.outbox import letters
from portal.shared.outbox.models import Mail, MailKind, MailState
from portal.shared.outbox.services import decline, mark_sent
from portal.shared.rules.queries import numbers_on
from portal.workspaces.answers import reminders, services
from portal.workspaces.answers.models import Call, CallReason
from portal.workspaces.answers.reminders import due_step
from portal.workspaces.consents.models import ANONYMOUS, Consent, ConsentPurpose
from portal.workspaces.consents.services import withdraw_consent
from portal.workspaces.contacts.models import ContactKind
from portal.workspaces.contacts.services import ContactLine
from tests import factories
from tests.factories import NOW, TODAY

WEDNESDAY = NOW
"""Tests run on Wednesday 18 November 2026."""


def asked(**values) -> Review:
    """A proposal that the consultant approved and Amira has not answered."""
    card = factories.make_card(factories.make_citizen("Amira"))
    return factories.make_review(factories.make_match(card=card, **values), citizen_answer=Answer.PENDING)


def say_yes(review: Review, karin: User, at: datetime = NOW) -> None:
    with transaction():
        review = db.session.get_one(Review, review.id)
        reviews.answer_as_citizen(review, Answer.YES, via=AnsweredVia.PHONE, by=karin, at=at)


def mails(kind: MailKind | None = None) -> list[Mail]:
    statement = sa.select(Mail).order_by(Mail.id)
    return list(db.session.scalars(statement.where(Mail.kind == kind) if kind else statement))


def calls() -> list[CallReason]:
    return list(db.session.scalars(sa.select(Call.reason).order_by(Call.id)))


def test_her_yes_sends_the_employer_a_mail_and_her_no_does_not(app: Flask, karin: User) -> None:
    yes, no = asked(), asked()

    say_yes(yes, karin)
    with transaction():
        reviews.answer_as_citizen(
            db.session.get_one(Review, no.id), Answer.NO, via=AnsweredVia.PHONE, by=karin, at=NOW
        )

    (mail,) = mails()
    assert (mail.kind, mail.about_type, mail.about_id) == (MailKind.PROPOSAL, "reviews", yes.id)
    assert mail.recipient == yes.match.opening.employer.contacts[0].email.lower()


def test_the_mail_names_the_card_and_never_the_citizen(app: Flask, karin: User) -> None:
    review = asked()

    say_yes(review, karin)

    (mail,) = mails()
    read = mail.subject + letters.with_links(mail)
    assert review.match.card.number in read
    assert "Amira" not in read
    assert review.match.card.citizen.last_name not in read
    assert "/answers/proposal/" in read


def test_her_yes_carries_the_consent_to_the_anonymous_card(app: Flask, karin: User) -> None:
    review = asked()

    say_yes(review, karin)

    (consent,) = db.session.scalars(sa.select(Consent)).all()
    assert consent.review_id == review.id
    assert consent.purpose is ConsentPurpose.PROPOSAL
    assert set(consent.opens) == set(ANONYMOUS)
    assert (consent.answered_via, consent.recorded_by_id) == (AnsweredVia.PHONE, karin.id)
    assert consent.until_on == TODAY + timedelta(days=30)


def test_every_contact_person_of_the_employer_is_told(app: Flask, karin: User) -> None:
    review = asked()
    with transaction():
        employer = review.match.opening.employer_id
        db.session.add(
            ContactPerson(
                employer_id=employer,
                name="Ib",
                email="IB@firma.example",
                phone="1",
                added_at=NOW,
                confirmed_at=NOW,
            )
        )
        db.session.add(
            ContactPerson(
                employer_id=employer,
                name="Bo igen",
                email="ib@firma.example",
                phone="1",
                added_at=NOW,
                confirmed_at=NOW,
            )
        )

    say_yes(review, karin)

    assert len(mails()) == 2
    assert mails()[-1].recipient == "ib@firma.example"


def test_an_employer_that_no_mail_reaches_is_phoned(app: Flask, karin: User) -> None:
    review = asked()
    with transaction():
        for contact in review.match.opening.employer.contacts:
            decline(contact.email, {MailKind.PROPOSAL}, at=NOW)

    say_yes(review, karin)

    assert mails() == []
    assert calls() == [CallReason.UNREACHABLE]


def test_a_closed_user_gets_no_mail(app: Flask, karin: User) -> None:
    review = asked()
    with transaction():
        for contact in review.match.opening.employer.contacts:
            if contact.user:
                contact.user.disabled_at = NOW

    say_yes(review, karin)

    assert mails() == []


def test_what_has_not_left_when_she_withdraws_does_not_leave(app: Flask, karin: User) -> None:
    review = asked()
    say_yes(review, karin)

    with transaction():
        reviews.withdraw_as_citizen(db.session.get_one(Review, review.id), by=karin, at=NOW)

    assert mails() == []


def test_what_has_left_when_she_withdraws_stays_in_the_log(app: Flask, karin: User) -> None:
    review = asked()
    say_yes(review, karin)
    with transaction():
        mail = mails()[0]
        mail.state, mail.worker, mail.claimed_until = MailState.SENDING, "one", NOW
        db.session.flush()
        mark_sent(mail.id, worker="one", at=NOW)
        reviews.withdraw_as_citizen(db.session.get_one(Review, review.id), by=karin, at=NOW)

    assert len(mails()) == 1


DAYS = [2, 5, 7]


@pytest.mark.parametrize(
    ("day", "step"),
    [
        ("2026-11-18", 0),  # Wednesday, sent
        ("2026-11-19", 0),
        ("2026-11-20", 1),  # two working days later
        ("2026-11-22", 1),
        ("2026-11-24", 1),
        ("2026-11-25", 2),  # five
        ("2026-11-26", 2),
        ("2026-11-27", 3),  # seven
        ("2027-01-01", 3),
    ],
)
def test_which_step_is_due(app: Flask, day: str, step: int) -> None:
    assert due_step(WEDNESDAY, DAYS, date.fromisoformat(day)) == step


def remind(at: datetime) -> int:
    with transaction():
        return reminders.remind(at)


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=DANISH_TIME)


def test_each_reminder_is_sent_once_and_then_the_consultant_phones(app: Flask, karin: User) -> None:
    review = asked()
    say_yes(review, karin)

    for day, reminders_so_far, calls_so_far in (
        ("2026-11-19", 0, []),
        ("2026-11-20", 1, []),
        ("2026-11-21", 1, []),
        ("2026-11-25", 2, []),
        ("2026-11-26", 2, []),
        ("2026-11-27", 2, [CallReason.SILENT]),
        ("2026-11-30", 2, [CallReason.SILENT]),
    ):
        for _again in range(3):
            remind(noon(day))
        assert len(mails(MailKind.PROPOSAL_REMINDER)) == reminders_so_far, day
        assert calls() == calls_so_far, day


def test_after_a_pause_only_the_last_step_is_taken(app: Flask, karin: User) -> None:
    review = asked()
    say_yes(review, karin)

    assert remind(noon("2026-11-26")) == 1
    assert remind(noon("2026-11-26")) == 0
    assert len(mails(MailKind.PROPOSAL_REMINDER)) == 1


@pytest.mark.parametrize("over", ["answered", "withdrawn", "consent", "opening", "card", "ancient"])
def test_nobody_is_reminded_of_what_is_over(app: Flask, karin: User, over: str) -> None:
    review = asked()
    say_yes(review, karin)
    at = noon("2026-11-20")
    with transaction():
        review = db.session.get_one(Review, review.id)
        if over == "answered":
            reviews.answer_as_employer(review, Answer.YES, by=karin, at=NOW)
        elif over == "withdrawn":
            reviews.withdraw_as_citizen(review, by=karin, at=NOW)
        elif over == "consent":
            withdraw_consent(db.session.scalars(sa.select(Consent)).one(), by=karin, at=NOW)
        elif over == "opening":
            review.match.opening.status = OpeningStatus.WITHDRAWN
        elif over == "card":
            review.match.card.is_active = False
        else:
            at = NOW + timedelta(days=61)

    assert remind(at) == 0
    assert mails(MailKind.PROPOSAL_REMINDER) == []
    assert calls() == []


def test_the_steps_are_numbers_of_the_municipality(app: Flask) -> None:
    found = numbers_on(reminders.STEPS, TODAY, None)

    assert [found[key] for key in reminders.STEPS] == DAYS


def test_a_call_that_was_made_can_be_asked_for_again(app: Flask, karin: User) -> None:
    review = factories.make_review(citizen_answer=Answer.YES)
    with transaction():
        services.wish_call(review, by=karin, at=NOW)
    call = db.session.scalars(sa.select(Call)).one()
    talk = ContactLine(ContactKind.CALL, TODAY, "Vil gerne møde hende")
    with transaction():
        services.settle_call(call, talk, by=karin, at=NOW)
    with pytest.raises(services.AlreadyCalled), transaction():
        services.settle_call(call, talk, by=karin, at=NOW)

    with transaction():
        services.wish_call(db.session.get_one(Review, review.id), by=karin, at=NOW + timedelta(hours=1))

    db.session.refresh(call)
    assert call.done_at is None
    assert call.created_at == NOW + timedelta(hours=1)


def test_erasing_the_citizen_takes_calls_and_mails_along(app: Flask, karin: User) -> None:
    review = asked()
    say_yes(review, karin)
    with transaction():
        services.note_call(db.session.get_one(Review, review.id), CallReason.SILENT, by=None, at=NOW)
        citizen = db.session.get_one(Review, review.id).match.card.citizen
        erase_citizen(citizen, by=karin, at=NOW, journal=current_app.config["JOURNAL"])

    assert mails() == []
    assert calls() == []
