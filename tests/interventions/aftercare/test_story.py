"""Amira is hired: three talks are planned, Karin writes what she hears, and a job that is over ends its period."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Effort, SpellKind
from portal.interventions.aftercare import services
from portal.interventions.aftercare.models import JobTalk, TalkState
from portal.interventions.target_groups.queries import spells_of
from portal.loop.citizens.services import set_passive
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY

ClientFor = Callable[[User | None], PortalClient]
ENDED = TODAY - timedelta(days=50)


@pytest.fixture
def placement(app: Flask) -> Placement:
    """It ended fifty days ago."""
    card = factories.make_card(factories.make_citizen(with_login=True))
    review = factories.make_review(
        factories.make_match(factories.make_opening(), card),
        citizen_answer=Answer.YES,
        employer_answer=Answer.YES,
    )
    return factories.make_placement(
        review,
        status=PlacementStatus.ENDED,
        starts_on=ENDED - timedelta(days=60),
        ends_on=ENDED,
        ended_on=ENDED,
        outcome=Outcome.HIRED,
    )


def ends(placement: Placement) -> list[JobTalk]:
    with transaction():
        services.note_ended(db.session.get_one(Placement, placement.id), at=NOW)
    return talks()


def talks() -> list[JobTalk]:
    return list(db.session.scalars(sa.select(JobTalk).order_by(JobTalk.months)))


def test_who_was_hired_is_talked_with_three_times_until_the_job_is_over(
    client_for: ClientFor, karin: User, placement: Placement
) -> None:
    first, second, third = ends(placement)
    job = factories.make_spell(
        first.citizen, SpellKind.ORDINARY_WORK, from_on=ENDED + timedelta(days=1), hours_per_week=20
    )
    karins, hers = client_for(karin), client_for(first.citizen.user)
    assert [one.due_on for one in (first, second, third)] == [
        ENDED + relativedelta(months=months) for months in (1, 3, 6)
    ]
    overdue = karins.get("/aftercare/?state=overdue").page.select("#talk-table tbody tr")
    assert len(overdue) == 1
    assert len(karins.get(f"/efforts/placements/{placement.id}").page.select("#job-talks tbody tr")) == 3
    assert hers.get("/mine/efforts").page.select_one("#job-talk")

    there = {"held_on": "18-11-2026", "still_there": "yes", "hours_per_week": "20", "next_step": "more_hours"}
    assert karins.post(f"/aftercare/{first.id}", {**there, "version": "1"}).status_code == 303
    assert karins.post(f"/aftercare/{first.id}", {**there, "version": "1"}).status_code == 409
    gone = {
        "held_on": "18-11-2026",
        "still_there": "no",
        "left_on": "15-11-2026",
        "next_step": "new_placement",
    }
    assert karins.post(f"/aftercare/{second.id}", {**gone, "version": "1"}).status_code == 303

    db.session.expire_all()
    assert [one.state_on(TODAY) for one in talks()] == [TalkState.HELD, TalkState.HELD, TalkState.CANCELLED]
    assert [(one.from_on, one.until_on) for one in spells_of(job.citizen_id)] == [
        (ENDED + timedelta(days=1), date(2026, 11, 15))
    ]
    assert not hers.get("/mine/efforts").page.select_one("#job-talk")


@pytest.mark.both_engines
def test_what_is_to_be_held_stands_first_and_then_what_was_held_last(
    client_for: ClientFor, karin: User, placement: Placement
) -> None:
    first, second, _third = ends(placement)
    there = {"still_there": "yes", "hours_per_week": "20", "next_step": "more_hours", "version": "1"}
    for talk in (first, second):
        assert (
            client_for(karin).post(f"/aftercare/{talk.id}", {**there, "held_on": "18-11-2026"}).status_code
            == 303
        )

    rows = client_for(karin).get("/aftercare/").page.select("#talk-table tbody tr")

    assert [row.select("td")[2].text for row in rows] == ["6 måneder", "3 måneder", "1 måned"]


def test_a_day_before_the_job_and_a_last_day_of_who_is_there_are_refused_beside_their_fields(
    client_for: ClientFor, karin: User, placement: Placement
) -> None:
    first, *_later = ends(placement)
    karins = client_for(karin)
    said = {"still_there": "yes", "next_step": "goes_on", "version": "1"}

    before = karins.post(f"/aftercare/{first.id}", {**said, "held_on": "01-09-2026"})
    both = karins.post(f"/aftercare/{first.id}", {**said, "held_on": "18-11-2026", "left_on": "15-11-2026"})

    assert (before.status_code, both.status_code) == (409, 422)
    assert before.page.select_one("#held_on-error")
    assert both.page.select_one("#left_on-error")


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.HIRED])
@pytest.mark.one_engine
def test_what_led_to_no_job_here_is_not_followed_up(placement: Placement, outcome: Outcome) -> None:
    with transaction():
        db.session.get_one(Placement, placement.id).outcome = outcome

    assert ends(placement) == []


@pytest.mark.one_engine
def test_who_is_set_passive_because_she_was_hired_is_talked_with_all_the_same(
    karin: User, placement: Placement
) -> None:
    planned = ends(placement)
    with transaction():
        set_passive(planned[0].citizen, by=karin, at=NOW)

    assert TalkState.CANCELLED not in {one.state_on(TODAY) for one in talks()}


@pytest.mark.one_engine
def test_who_has_the_job_after_all_is_talked_with_again(
    client_for: ClientFor, karin: User, placement: Placement
) -> None:
    first, *later = ends(placement)
    karins, url = client_for(karin), f"/aftercare/{first.id}"
    said = {"held_on": "18-11-2026", "next_step": "goes_on"}
    karins.post(url, {**said, "still_there": "no", "version": "1"})
    karins.post(url, {**said, "held_on": "17-11-2026", "still_there": "no", "version": "2"})
    db.session.expire_all()
    assert {one.state_on(TODAY) for one in later} == {TalkState.CANCELLED}

    karins.post(url, {**said, "still_there": "yes", "version": "3"})

    db.session.expire_all()
    assert TalkState.CANCELLED not in {one.state_on(TODAY) for one in later}


@pytest.mark.one_engine
def test_nothing_is_planned_where_it_is_switched_off(placement: Placement) -> None:
    with transaction():
        home = factories.municipality()
        home.efforts = [one.value for one in Effort if one is not Effort.AFTERCARE]
    assert ends(placement) == []


def test_a_leader_reads_numbers_and_no_names(
    client_for: ClientFor, mette: User, placement: Placement
) -> None:
    ends(placement)

    told = client_for(mette).get("/aftercare/").words

    assert "under 5" in told
    assert "Haddad" not in told
