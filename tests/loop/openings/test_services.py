from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal import matching
from portal.base import events
from portal.base.database import db, transaction
from portal.base.terms import Industry, PlacementForm, Shift, TaskKind
from portal.loop.employers.models import EmployerStatus
from portal.loop.employers.services import set_passive
from portal.loop.matches.models import MatchStatus
from portal.loop.openings import queries, services
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.openings.services import OpeningDetails, TaskDraft
from portal.shared.accounts.models import User
from portal.shared.rules.findings import StopIsFinal
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_employer,
    make_match,
    make_opening,
    owner_of,
    skill,
    user,
)

DETAILS = OpeningDetails(
    title="Hjælp i kantinen",
    form=PlacementForm.PRAKTIK,
    hours_per_week=25.0,
    starts_on=TODAY + timedelta(days=7),
    ends_on=TODAY + timedelta(days=70),
)
TASKS = [
    TaskDraft("snitte grønt", TaskKind.MUST, 2),
    TaskDraft("stemme xylofoner", TaskKind.NICE, 3),
    TaskDraft("  ", TaskKind.LEARN),
]


def create(
    details: OpeningDetails = DETAILS, tasks: list[TaskDraft] | None = None, **employer: object
) -> Opening:
    employer = make_employer(**employer)
    with transaction():
        return services.create_opening(
            employer.workplaces[0], details, TASKS if tasks is None else tasks, by=owner_of(employer), at=NOW
        )


def edit(opening: Opening, details: OpeningDetails = DETAILS, tasks: list[TaskDraft] | None = None) -> None:
    with transaction():
        services.edit_opening(opening, details, TASKS if tasks is None else tasks, by=None, at=NOW)


def publish(opening: Opening) -> None:
    with transaction():
        services.publish_opening(opening, by=None, at=NOW, today=TODAY)


def take(opening: Opening) -> None:
    with transaction():
        services.take_place(opening.id, at=NOW)


def free(opening: Opening) -> None:
    with transaction():
        services.free_place(opening.id, at=NOW)


# --- Writing -----------------------------------------------------------------------------------------------


def test_tasks_are_understood_or_stand_in_their_own_words(app: Flask) -> None:
    opening = create()

    assert [(task.text, task.skill_id) for task in opening.tasks] == [
        ("snitte grønt", skill("skære og klargøre grøntsager").id),
        ("stemme xylofoner", None),
    ]
    assert opening.tasks_of(TaskKind.NICE)[0].level == 3


def test_a_chosen_skill_is_not_second_guessed(app: Flask) -> None:
    chosen = skill("køkkenhygiejne").id

    opening = create(tasks=[TaskDraft("snitte grønt", TaskKind.MUST, skill_id=chosen)])

    assert opening.tasks[0].skill_id == chosen


def test_trade_and_postcode_come_from_the_employer_unless_said(app: Flask) -> None:
    assert (create().industry, create(postcode="3390").postcode) == (Industry.KOEKKEN, "3390")
    own = create(replace(DETAILS, industry=Industry.PLEJE, postcode="3400"))
    assert (own.industry, own.postcode) == (Industry.PLEJE, "3400")


def test_a_demand_for_danish_says_what_for(app: Flask) -> None:
    with pytest.raises(services.LanguageUseMissing):
        create(replace(DETAILS, danish_reading=2))

    assert create(replace(DETAILS, danish_reading=2, danish_use="Læse opskrifter")).danish_reading == 2


def test_an_unchanged_task_keeps_its_row(app: Flask) -> None:
    opening = create()
    kept = opening.tasks[1].id

    edit(opening, tasks=[TaskDraft("stemme xylofoner", TaskKind.NICE, 4), TaskDraft("opvask", TaskKind.MUST)])

    assert [(task.id == kept, task.text, task.level) for task in opening.tasks] == [
        (True, "stemme xylofoner", 4),
        (False, "opvask", 2),
    ]


def test_the_same_task_twice_is_no_error(app: Flask) -> None:
    opening = create(tasks=[TaskDraft("opvask", TaskKind.MUST), TaskDraft("opvask", TaskKind.MUST)])

    edit(opening, tasks=[TaskDraft("opvask", TaskKind.MUST), TaskDraft("opvask", TaskKind.MUST)])

    assert len(opening.tasks) == 2


def test_editing_raises_the_version_and_tells(app: Flask) -> None:
    opening = make_opening()
    heard = []
    listen = lambda sender, **values: heard.append(sender.id)  # noqa: E731
    events.opening_changed.connect(listen)
    edit(opening)
    events.opening_changed.disconnect(listen)

    assert (opening.version, heard) == (2, [opening.id])


def test_a_published_opening_keeps_at_least_one_task(app: Flask) -> None:
    with pytest.raises(services.TasksMissing):
        edit(make_opening(), tasks=[])


def test_an_opening_stays_within_its_employer(app: Flask) -> None:
    opening, elsewhere = make_opening(), make_employer("Andre").workplaces[0]

    with pytest.raises(services.OpeningNotEditable), transaction():
        services.edit_opening(opening, DETAILS, TASKS, by=None, at=NOW, workplace=elsewhere)


# --- Status ------------------------------------------------------------------------------------------------


def test_publishing_gives_it_its_last_day(app: Flask) -> None:
    opening = create(replace(DETAILS, ends_on=None))

    publish(opening)

    assert (opening.status, opening.expires_on) == (OpeningStatus.PUBLISHED, TODAY + timedelta(days=90))


def test_an_opening_is_not_up_longer_than_its_period(app: Flask) -> None:
    opening = create()

    publish(opening)

    assert opening.expires_on == DETAILS.ends_on


@pytest.mark.parametrize(
    ("details", "tasks", "error"),
    [
        (DETAILS, [], services.TasksMissing),
        (
            replace(DETAILS, starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1)),
            TASKS,
            services.OpeningOver,
        ),
        (
            replace(DETAILS, form=PlacementForm.IGU, starts_on=date(2028, 1, 1), ends_on=None),
            TASKS,
            StopIsFinal,
        ),
    ],
)
def test_what_cannot_be_matched_or_begun_is_not_published(
    app: Flask, details: OpeningDetails, tasks: list[TaskDraft], error: type[Exception]
) -> None:
    opening = create(details, tasks)

    with pytest.raises(error):
        publish(opening)


def test_the_last_day_for_a_new_igu_is_still_open(app: Flask) -> None:
    opening = create(replace(DETAILS, form=PlacementForm.IGU, starts_on=date(2027, 12, 31), ends_on=None))

    publish(opening)

    assert opening.status is OpeningStatus.PUBLISHED


def test_a_passive_employer_publishes_nothing(app: Flask) -> None:
    opening = create(status=EmployerStatus.PASSIVE, passive_since=NOW)

    with pytest.raises(services.EmployerNotActive):
        publish(opening)


@pytest.mark.parametrize("status", [status for status in OpeningStatus if status is not OpeningStatus.DRAFT])
def test_only_a_draft_is_published(app: Flask, status: OpeningStatus) -> None:
    with pytest.raises(services.MoveNotAllowed):
        publish(make_opening(status=status))


def test_withdrawn_is_for_good(app: Flask) -> None:
    opening = make_opening()
    with transaction():
        services.withdraw_opening(opening, by=None, at=NOW)

    for again in (
        lambda: services.withdraw_opening(opening, by=None, at=NOW),
        lambda: services.renew_opening(opening, by=None, at=NOW, today=TODAY),
        lambda: services.edit_opening(opening, DETAILS, TASKS, by=None, at=NOW),
        lambda: services.take_place(opening.id, at=NOW),
    ):
        with pytest.raises(services.DomainError), transaction():
            again()


def test_past_its_last_day_it_has_expired_before_anybody_says_so(app: Flask, karin: User) -> None:
    opening = make_opening(expires_on=TODAY - timedelta(days=1))

    assert opening.status_on(TODAY) is OpeningStatus.EXPIRED
    assert opening.status_on(TODAY - timedelta(days=1)) is OpeningStatus.PUBLISHED
    assert not queries.may_be_suggested(opening, on=TODAY)
    found = queries.opening_list(karin, today=TODAY, status="expired")
    assert [one.id for one in db.session.scalars(found)] == [opening.id]
    still_up = queries.published_for(opening.municipality_id, on=TODAY)
    assert not list(db.session.scalars(still_up))


def test_the_nightly_command_marks_the_expired_and_renewing_brings_them_back(app: Flask) -> None:
    over, last_day = make_opening(expires_on=TODAY - timedelta(days=1)), make_opening(expires_on=TODAY)

    with transaction():
        assert services.expire_openings(TODAY, NOW) == 1
    with transaction():
        assert services.expire_openings(TODAY, NOW) == 0

    db.session.refresh(over)
    db.session.refresh(last_day)
    assert (over.status, last_day.status) == (OpeningStatus.EXPIRED, OpeningStatus.PUBLISHED)
    with transaction():
        services.renew_opening(over, by=None, at=NOW, today=TODAY)
    assert over.status_on(TODAY) is OpeningStatus.PUBLISHED


def test_a_paused_opening_takes_no_suggestions_and_keeps_its_last_day(app: Flask) -> None:
    opening = make_opening(expires_on=TODAY)
    karin = user("karin@kommune.example")

    with transaction():
        services.pause_opening(opening, by=karin, at=NOW, today=TODAY)
    assert opening.status_on(TODAY) is OpeningStatus.PAUSED
    assert not queries.may_be_suggested(opening, on=TODAY)
    assert not list(db.session.scalars(queries.published_for(opening.municipality_id, on=TODAY)))

    tomorrow = TODAY + timedelta(days=1)
    assert opening.status_on(tomorrow) is OpeningStatus.EXPIRED
    with pytest.raises(services.MoveNotAllowed), transaction():
        services.resume_opening(opening, by=karin, at=NOW, today=tomorrow)
    with transaction():
        services.resume_opening(opening, by=karin, at=NOW, today=TODAY)
    assert queries.may_be_suggested(opening, on=TODAY)


def test_a_pause_closes_open_suggestions_and_resuming_brings_them_back(app: Flask) -> None:
    opening = make_opening(must=["køkkenhygiejne"])
    card = make_card(skills={"køkkenhygiejne": 3})
    match = make_match(opening, card)
    karin = user("karin@kommune.example")

    with transaction():
        services.pause_opening(opening, by=karin, at=NOW, today=TODAY)
    db.session.refresh(match)
    assert match.status is MatchStatus.CLOSED
    with transaction():
        services.resume_opening(opening, by=karin, at=NOW, today=TODAY)
    db.session.refresh(match)
    assert match.status is MatchStatus.OPEN


def test_an_employer_on_a_break_resumes_no_opening(app: Flask) -> None:
    opening = make_opening(status=OpeningStatus.PAUSED)
    karin = user("karin@kommune.example")
    with transaction():
        set_passive(opening.employer, by=karin, at=NOW)

    with pytest.raises(services.EmployerNotActive), transaction():
        services.resume_opening(opening, by=karin, at=NOW, today=TODAY)


# --- Places ------------------------------------------------------------------------------------------------


def test_the_last_place_fills_it_and_a_freed_one_opens_it(app: Flask) -> None:
    opening = make_opening(places=2)
    take(opening)
    assert (opening.filled, opening.status) == (1, OpeningStatus.PUBLISHED)
    take(opening)
    assert (opening.filled, opening.status) == (2, OpeningStatus.FILLED)

    with pytest.raises(services.NoPlaceLeft):
        take(opening)

    free(opening)
    assert (opening.filled, opening.status) == (1, OpeningStatus.PUBLISHED)


def test_freeing_never_goes_below_nothing(app: Flask) -> None:
    opening = make_opening()

    free(opening)

    assert opening.filled == 0


def test_what_was_agreed_is_planned_though_the_opening_expired(app: Flask) -> None:
    opening = make_opening(status=OpeningStatus.EXPIRED)

    take(opening)

    assert (opening.filled, opening.status) == (1, OpeningStatus.EXPIRED)


def test_nobody_is_placed_on_a_draft(app: Flask) -> None:
    with pytest.raises(services.OpeningClosed):
        take(make_opening(status=OpeningStatus.DRAFT))


def test_places_never_fall_below_those_taken(app: Flask) -> None:
    opening = make_opening(places=3, filled=2)

    with pytest.raises(services.PlacesBelowFilled) as refusal:
        edit(opening, replace(DETAILS, places=1))

    assert refusal.value.filled == 2


def test_capacity_follows_the_number_of_places(app: Flask) -> None:
    opening = make_opening(places=3, filled=2)
    edit(opening, replace(DETAILS, places=2))
    assert opening.status is OpeningStatus.FILLED

    edit(opening, replace(DETAILS, places=3))

    assert opening.status is OpeningStatus.PUBLISHED


@pytest.mark.parametrize(
    "values",
    [
        {"places": 0},
        {"places": 100},
        {"filled": 2},
        {"filled": -1},
        {"hours_per_week": 0},
        {"hours_per_week": 168.5},
        {"ends_on": TODAY},
        {"danish_speaking": 5},
        {"published_at": None},
    ],
)
def test_database_refuses_what_cannot_be(app: Flask, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        make_opening(**values)


# --- Who sees what -----------------------------------------------------------------------------------------


def test_neighbours_see_what_is_shared_and_change_nothing(
    app: Flask, karin: User, lene: User, mette: User
) -> None:
    own, shared = make_opening(), make_opening(visible_to_neighbours=True)
    draft = make_opening(visible_to_neighbours=True, status=OpeningStatus.DRAFT)

    assert queries.opening_for(karin, own.id, on=TODAY)
    assert queries.opening_for(mette, draft.id, on=TODAY)
    assert queries.opening_for(lene, shared.id, on=TODAY)
    for opening in (own, draft):
        with pytest.raises(NoResultFound):
            queries.opening_for(lene, opening.id, on=TODAY)
    for reader in (lene, mette):
        with pytest.raises(NoResultFound):
            queries.editable_opening_for(reader, shared.id)


def test_another_employer_sees_nothing(app: Flask, admin: User) -> None:
    opening = make_opening(visible_to_neighbours=True)
    dorte = owner_of(make_employer("Dortes Rengøring", owner="Dorte"))

    for stranger in (dorte, admin):
        with pytest.raises(NoResultFound):
            queries.opening_for(stranger, opening.id, on=TODAY)


def test_suggestions_are_made_for_own_and_shared_openings_of_active_employers(app: Flask, lene: User) -> None:
    make_opening()
    shared = make_opening(visible_to_neighbours=True)
    make_opening(make_employer(status=EmployerStatus.PASSIVE, passive_since=NOW), visible_to_neighbours=True)
    own = make_opening(make_employer("Nabofirma", in_municipality="Fredensborg"))

    found = db.session.scalars(queries.published_for(lene.municipality_id, on=TODAY))

    assert [opening.id for opening in found] == [shared.id, own.id]


def test_the_matcher_sees_the_opening_without_the_employer(app: Flask) -> None:
    opening = make_opening(
        shifts=[Shift.EVENING.value], postcode="3300", danish_speaking=2, danish_use="Aftaler"
    )

    [seen] = queries.opening_inputs([opening.id])

    assert seen == queries.opening_input(db.session.get_one(Opening, opening.id))
    assert (seen.industry, seen.shifts, seen.danish_speaking) == ("koekken", {"evening"}, 2)
    assert seen.place is not None
    assert [task.kind for task in seen.tasks] == [matching.Kind.MUST, matching.Kind.NICE]
    same = queries.opening_inputs(sa.select(Opening).where(Opening.id == opening.id))
    assert same == [seen]


def test_an_unknown_postcode_is_no_place(app: Flask) -> None:
    assert queries.opening_input(make_opening(postcode="0800")).place is None


def test_staff_of_the_employer_is_not_the_openings_business(app: Flask) -> None:
    """An employer above its ratio still registers openings; the plan of a placement is where the ratio is asked."""
    opening = create(full_time_staff=Decimal(0))

    publish(opening)

    assert opening.status is OpeningStatus.PUBLISHED
