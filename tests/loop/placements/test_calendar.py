"""The days of a placement as a calendar file: right days, stable names, and nobody's name."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.placements.calendar import calendar_of
from portal.loop.placements.models import FollowUp, Placement, PlacementStatus
from portal.loop.placements.services import cancel_placement, plan_placement
from portal.loop.reviews.models import Answer, Review
from portal.shared.accounts.models import User
from portal.shared.outbox.models import Mail, MailKind
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY

FIRST, LAST = TODAY + timedelta(days=7), TODAY + timedelta(days=35)


def running() -> Placement:
    placement = factories.make_placement(starts_on=FIRST, ends_on=LAST)
    with transaction():
        db.session.add(FollowUp(placement_id=placement.id, due_on=FIRST + timedelta(days=14)))
        db.session.add(FollowUp(placement_id=placement.id, due_on=FIRST, held_on=FIRST, note="Går godt"))
    return db.session.get_one(Placement, placement.id)


def days(file: str) -> dict[str, tuple[date, date]]:
    events = Calendar.from_ical(file).walk("VEVENT")
    return {str(one["uid"]): (one["dtstart"].dt, one["dtend"].dt) for one in events}


def test_it_holds_the_first_and_last_day_and_the_follow_ups_to_come(app: Flask) -> None:
    placement = running()
    to_come = next(one for one in placement.follow_ups if one.held_on is None)
    one_day = timedelta(days=1)

    found = days(calendar_of(placement, host="portal.example", at=NOW))

    of = f"placement-{placement.id}"
    assert found == {
        f"{of}-start@portal.example": (FIRST, FIRST + one_day),
        f"{of}-end@portal.example": (LAST, LAST + one_day),
        f"{of}-follow-up-{to_come.id}@portal.example": (to_come.due_on, to_come.due_on + one_day),
    }


@pytest.mark.parametrize("who", ["karin", "owner", "citizen"])
def test_nobody_is_named_in_it_whoever_reads_it(
    client_for: Callable[[User | None], PortalClient], karin: User, who: str
) -> None:
    person = factories.make_citizen("Amira", with_login=True)
    employer = factories.make_employer(owner="Bo")
    match = factories.make_match(factories.make_opening(employer), factories.make_card(person))
    both = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
    placement = factories.make_placement(factories.make_review(match, **both))
    reader = {"karin": karin, "owner": factories.owner_of(employer), "citizen": person.user}[who]

    file = client_for(reader).get(f"/placements/{placement.id}/calendar.ics")

    assert file.mimetype == "text/calendar"
    text = file.get_data(as_text=True)
    assert len(days(text)) == 2
    assert "Amira" not in text
    assert person.last_name not in text


def test_the_employer_gets_the_days_with_the_mail_of_what_was_agreed(app: Flask, karin: User) -> None:
    review = factories.make_review(citizen_answer=Answer.YES, employer_answer=Answer.YES)

    with transaction():
        placement = plan_placement(
            db.session.get_one(Review, review.id),
            form=PlacementForm.REGULAR_JOB,
            hours_per_week=20,
            starts_on=FIRST,
            ends_on=LAST,
            by=karin,
            at=NOW,
        )

    (mail,) = db.session.scalars(sa.select(Mail)).all()
    assert (mail.kind, mail.about_id) == (MailKind.PLACEMENT, placement.id)
    assert mail.calendar is not None
    assert (FIRST, FIRST + timedelta(days=1)) in days(mail.calendar).values()
    assert review.match.card.number in mail.text
    assert review.match.card.citizen.first_name not in mail.subject + mail.text + mail.calendar


def test_a_placement_that_is_called_off_leaves_the_employers_calendar_again(app: Flask, karin: User) -> None:
    placement = factories.make_placement(starts_on=FIRST, ends_on=LAST, status=PlacementStatus.PLANNED)
    planned = calendar_of(placement, host="localhost", at=NOW)

    with transaction():
        cancel_placement(db.session.get_one(Placement, placement.id), by=karin, at=NOW)

    (mail,) = db.session.scalars(sa.select(Mail)).all()
    assert (mail.kind, mail.about_id) == (MailKind.PLACEMENT, placement.id)
    assert mail.subject.startswith("Aflyst forløb")
    assert mail.calendar is not None
    file = Calendar.from_ical(mail.calendar)
    assert file["method"] == "CANCEL"
    assert {str(event["status"]) for event in file.walk("VEVENT")} == {"CANCELLED"}
    assert days(mail.calendar) == days(planned)
