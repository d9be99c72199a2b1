"""The demo municipality keeps its promises: it is believable, complete, lawful, and ready for the tour."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask_migrate import upgrade
from stdnum.dk import cvr

from portal.application import MIGRATIONS, create_app
from portal.base.clock import danish_day
from portal.base.cpr_numbers import contains_cpr
from portal.base.database import db
from portal.base.marks import OperationMark
from portal.base.terms import Language, Measure, PlacementForm, SkillSource
from portal.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from portal.demo.bulk import Size
from portal.demo.large import load_large
from portal.demo.loader import load_demo
from portal.ledger.goals.models import FrozenLinePerson, Goal
from portal.loop.assessments.models import Assessment, AssessmentKind
from portal.loop.assessments.queries import sheets_of
from portal.loop.cards.models import CompetenceCard, SkillEvidence, TaskAnswer
from portal.loop.cards.queries import card_input
from portal.loop.citizens.models import Citizen, CitizenStatus
from portal.loop.employers.models import Employer, EmployerRegistration, EmployerStatus, RegistrationStatus
from portal.loop.matches.models import Match, MatchStatus, Outlook
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.openings.queries import opening_input
from portal.loop.partnerships.counting import PartnershipCondition, StandingKind, standing_on
from portal.loop.placements import services as placements
from portal.loop.placements.expectations import missing_expectations
from portal.loop.placements.models import ChangeKind, Placement, PlacementChange, PlacementStatus
from portal.loop.placements.settling import gap_of
from portal.loop.reviews.models import Answer, Decision, Review
from portal.matching import score
from portal.shared.accounts.models import Municipality, User
from portal.shared.audit.models import AuditEntry
from portal.shared.skills.queries import relations
from portal.web.permissions import Role
from tests.factories import NOW, TODAY
from tests.support.databases import SETTINGS
from tests.support.partnerships import counting_on
from tests.support.templates import Templates

pytestmark = pytest.mark.slow

BEGIN = NOW - timedelta(days=4 * 365)
"""What came before is of the plans' years (test_goals.py)."""


def fresh(folder: Path, name: str) -> Flask:
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/{name}.sqlite"})
    with app.app_context():
        upgrade(directory=MIGRATIONS)
    return app


@pytest.fixture(scope="module")
def demo(templates: Callable[[str], Templates]) -> Iterator[Flask]:
    with templates("sqlite").app_on_copy("demo") as app:
        yield app


@pytest.fixture(autouse=True)
def inside(demo: Flask) -> Iterator[None]:
    with demo.app_context():
        yield
        db.session.remove()


def place(name: str = "Halsnæs") -> Municipality:
    return db.session.scalars(sa.select(Municipality).where(Municipality.name == name)).one()


def account(name: str) -> User:
    return db.session.scalars(sa.select(User).where(User.email == f"{name}@demo.dk")).one()


def everyone(model: type) -> list:
    return list(db.session.scalars(sa.select(model)))


def test_every_demo_account_can_sign_in_and_is_marked(demo):
    passwords = demo.extensions["passwords"]

    for email, _who in DEMO_ACCOUNTS:
        user = db.session.scalars(sa.select(User).where(User.email == email)).one()
        assert user.is_demo
        assert passwords.verify(user.password_hash, DEMO_PASSWORD)
    assert all(user.is_demo for user in everyone(User))
    assert {user.email for user in everyone(User) if user.password_hash} == {
        email for email, _who in DEMO_ACCOUNTS
    }


def test_the_numbers_are_those_of_a_small_municipality():
    assert 14 <= len([one for one in everyone(Employer) if one.approved_at > BEGIN]) <= 18
    assert 28 <= len([one for one in everyone(Opening) if one.created_at > BEGIN]) <= 36
    assert len(everyone(Citizen)) == 61
    assert len(everyone(CompetenceCard)) >= 55
    assert len(everyone(Match)) >= 80


def test_every_cvr_number_is_valid_and_none_begins_with_zero():
    numbers = [one.cvr for one in (*everyone(Employer), *everyone(EmployerRegistration))]

    assert all(cvr.is_valid(number) and number[0] != "0" for number in numbers)


def test_nothing_looks_like_a_cpr_number():
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            texts = [
                column
                for column in table.c
                if isinstance(column.type, sa.String) and column.name != "p_number"
            ]
            for row in connection.execute(sa.select(*texts)) if texts else ():
                assert not any(contains_cpr(str(value)) for value in row if value), (table.name, row)


def test_every_status_form_and_kind_of_answer_is_there():
    assert {opening.status for opening in everyone(Opening)} == set(OpeningStatus)
    assert {opening.form for opening in everyone(Opening)} == set(PlacementForm)
    assert {match.status for match in everyone(Match)} == set(MatchStatus)
    assert {placement.status for placement in everyone(Placement)} == set(PlacementStatus)
    assert {review.decision for review in everyone(Review)} == set(Decision)
    assert {review.citizen_answer for review in everyone(Review)} == set(Answer)
    assert {review.employer_answer for review in everyone(Review)} >= {Answer.PENDING, Answer.YES, Answer.NO}
    assert {one.status for one in everyone(EmployerRegistration)} == set(RegistrationStatus)
    assert {one.status for one in everyone(Citizen)} == set(CitizenStatus)
    assert {one.status for one in everyone(Employer)} == set(EmployerStatus)
    assert {line.source for line in everyone(SkillEvidence)} == set(SkillSource)


def places_held() -> Counter[int]:
    """Opening id -> how many have one of its places: what goes on in another form stays on the same."""
    return Counter(
        one.opening_id
        for one in everyone(Placement)
        if one.status is not PlacementStatus.CANCELLED and not one.is_continuation
    )


def test_placements_are_extended_paused_and_go_on():
    changes = everyone(PlacementChange)

    assert {change.kind for change in changes} >= {
        ChangeKind.EXTENDED,
        ChangeKind.PAUSED,
        ChangeKind.CONTINUED,
    }
    assert all(change.placement.status is PlacementStatus.RUNNING for change in changes)


def test_places_are_not_overfilled_and_follow_the_placements():
    held = places_held()

    for opening in everyone(Opening):
        assert opening.filled == held[opening.id] <= opening.places


def test_history_reaches_back_three_years_and_not_into_the_future():
    times = [line.at for line in everyone(AuditEntry)]

    assert min(times) < NOW - timedelta(days=3 * 365 - 40)
    assert max(times) <= NOW
    assert place().records_since_on <= TODAY - timedelta(days=3 * 365)
    assert all(one.started_at <= NOW for one in everyone(Placement) if one.started_at)


def test_nothing_is_suggested_before_both_sides_are_there():
    for match in everyone(Match):
        assert match.suggested_at >= match.card.created_at
        assert match.suggested_at >= match.opening.created_at


def test_open_suggestions_are_what_the_matcher_says_today():
    for match in everyone(Match):
        if match.status is MatchStatus.OPEN:
            found = score(opening_input(match.opening), card_input(match.card, on=TODAY), relations())
            assert (found.sure, found.possible) == (match.sure, match.possible)


def test_running_placements_began_with_all_three_expectations():
    for placement in everyone(Placement):
        if placement.status in (PlacementStatus.RUNNING, PlacementStatus.ENDED):
            assert not missing_expectations(placement)
            assert placement.follow_ups
        if placement.status is PlacementStatus.ENDED:
            assert [sheet.kind for sheet in sheets_of(placement) if not sheet.lapsed][
                -1
            ] is AssessmentKind.END


def test_some_partnerships_count_some_nearly_some_no_longer():
    standings = standing_on(place().id, TODAY)
    nearly = [standing.missing for standing in standings if standing.kind is StandingKind.NEARLY]

    assert {standing.kind for standing in standings} == set(StandingKind)
    assert [PartnershipCondition.ACTIVE] in nearly
    assert [PartnershipCondition.CONSULTANT] in nearly
    assert counting_on(place("Fredensborg").id, TODAY)


def test_the_story_one_start_makes_one_more_partnership_count():
    before = {standing.partnership.employer_name for standing in counting_on(place().id, TODAY)}
    waiting = [
        one
        for one in everyone(Placement)
        if one.status is PlacementStatus.PLANNED and not missing_expectations(one)
    ]
    assert len(waiting) == 1

    placements.start_placement(waiting[0], by=account("konsulent"), at=NOW)
    after = {standing.partnership.employer_name for standing in counting_on(place().id, TODAY)}
    employer = waiting[0].opening.employer.name
    db.session.rollback()  # the database is shared by the module

    assert after - before == {employer}


def test_the_consultant_has_a_queue_and_the_goal_is_within_reach():
    queue = [
        one for one in everyone(Match) if one.status is MatchStatus.OPEN and one.municipality_id == place().id
    ]
    goal = db.session.scalars(
        sa.select(Goal).where(
            Goal.municipality_id == place().id,
            Goal.measure == Measure.PARTNERSHIPS,
            Goal.last_on == date(TODAY.year, 12, 31),
        )
    ).one()

    assert len(queue) >= 15
    assert goal.target == len(counting_on(place().id, TODAY)) + 1


def test_borger_has_a_rich_card_a_proposal_to_answer_and_history():
    citizen = db.session.scalars(sa.select(Citizen).where(Citizen.user_id == account("borger").id)).one()
    card = db.session.scalars(sa.select(CompetenceCard).where(CompetenceCard.citizen_id == citizen.id)).one()
    hers = [review for review in everyone(Review) if review.match.card_id == card.id]

    assert len(card.evidence) >= 10
    on_her_way = {SkillSource.COURSE}  # her first course has not begun
    assert {line.source for line in card.evidence} == set(SkillSource) - on_her_way
    assert sum(review.citizen_answer is Answer.PENDING for review in hers) == 1
    assert any(one.card_id == card.id and one.status is PlacementStatus.ENDED for one in everyone(Placement))
    assert db.session.scalar(
        sa.select(sa.func.count()).where(AuditEntry.citizen_id == citizen.id, AuditEntry.is_look)
    )


def test_virksomhed_has_openings_a_proposal_to_answer_and_a_running_placement():
    owner = account("virksomhed")
    employer = next(
        one for one in everyone(Employer) if any(contact.user_id == owner.id for contact in one.contacts)
    )
    proposals = [
        one for one in everyone(Review) if one.match.opening.employer_id == employer.id and one.name_is_open
    ]

    assert (
        sum(
            one.employer_id == employer.id and one.status is OpeningStatus.PUBLISHED
            for one in everyone(Opening)
        )
        >= 2
    )
    assert any(review.employer_answer is Answer.PENDING for review in proposals)
    assert any(
        one.employer_id == employer.id and one.status is PlacementStatus.RUNNING
        for one in everyone(Placement)
    )


def test_the_two_employer_accounts_belong_to_two_employers():
    employers = {
        contact.employer_id
        for employer in everyone(Employer)
        for contact in employer.contacts
        if contact.user_id
    }

    of_today = [
        employer for employer in everyone(Employer) if employer.contacts
    ]  # those of the plans' years are gone
    assert len(employers) == len(of_today) > 1
    assert account("virksomhed").role is account("virksomhed2").role is Role.EMPLOYER


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Every stored row but what is drawn anew each time.

    That is the salt of a password, the name of the installation, and which of a frozen figure's lines is whose; and
    the number of a row that took a deleted one's place, which SQLite gives again.
    """
    skipped = {User.__table__.c.password_hash, Outlook.__table__.c.id}
    drawn = {OperationMark.__tablename__, FrozenLinePerson.__tablename__}
    with db.engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    sa.select(*(column for column in table.c if column not in skipped)).order_by(
                        *table.primary_key
                    )
                )
            ]
            for table in db.metadata.sorted_tables
            if table.name not in drawn
        }


@pytest.mark.postgres
def test_the_same_day_gives_the_same_demo_on_any_engine(demo, templates):
    here = rows()

    with templates("postgresql").app_on_copy("demo") as other, other.app_context():
        there = rows()

    assert {name for name in here if here[name] != there[name]} == set()


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2028, 2, 29), date(2027, 6, 15)])
def test_the_demo_loads_on_any_day(tmp_path, day):
    at = NOW.replace(year=day.year, month=day.month, day=day.day)

    with fresh(tmp_path, "other").app_context(), time_machine.travel(at, tick=False):
        load_demo(at)
        today = danish_day(at)
        assert len(counting_on(place().id, today)) == 4


def test_a_large_municipality_keeps_the_same_rules(templates):
    size = Size(citizens=400, openings=120, employers=30, matches=1_000, audit=4_000, consultants=4)

    with templates("sqlite").app_on_copy("demo") as large, large.app_context():
        load_large(NOW, size)
        begun = [one for one in everyone(Placement) if one.started_at is not None]
        assert not any(gap_of(one) for one in begun)
        assert any(change.kind is ChangeKind.EXTENDED for one in begun for change in one.changes)
        held = places_held()
        for opening in everyone(Opening):
            assert opening.filled == held[opening.id] <= opening.places
        sample = [match for match in everyone(Match) if match.id % 97 == 0]
        for match in sample:
            found = score(opening_input(match.opening), card_input(match.card, on=TODAY), relations())
            assert (found.sure, found.possible) == (match.sure, match.possible)
        counts = [len(everyone(model)) for model in (Citizen, Opening, Employer, AuditEntry)]
        assert counts == [400, 120, 30, 4_000]
        assert 900 <= len(everyone(Match)) <= 1_000, "no more than there are pairs that fit"
        assert not db.session.execute(sa.text("PRAGMA foreign_key_check")).all()


def test_cards_tell_of_the_week_transport_languages_and_the_danish_course(demo):
    cards = db.session.scalars(sa.select(CompetenceCard)).all()
    spoken = [line.shown for card in cards for line in card.languages]

    assert (
        len([card for card in cards if card.week and card.transport and card.danish_course]) > len(cards) / 2
    )
    assert any(not card.week for card in cards)
    assert set(spoken) == {True, False}


def test_citizens_speak_every_language_of_the_portal_and_some_were_not_asked(demo):
    languages = set(db.session.scalars(sa.select(Citizen.language)))

    assert languages == {*Language, None}


def test_a_sheet_stands_half_answered_and_an_ended_one_has_her_comment(demo):
    sheets = db.session.scalars(sa.select(Assessment)).all()
    waiting = [sheet for sheet in sheets if sheet.is_open]
    closed = [sheet for sheet in sheets if sheet.closed_at]

    assert waiting
    assert all(sheet.placement.status is PlacementStatus.RUNNING for sheet in waiting)
    assert any({line.employer_level is None for line in sheet.lines} == {True, False} for sheet in waiting)
    assert closed
    assert any(sheet.citizen_comment for sheet in closed)


def test_one_citizen_has_put_her_tasks_on_the_card_and_another_is_still_answering(demo):
    on_card = set(
        db.session.scalars(sa.select(SkillEvidence.card_id).where(SkillEvidence.task_key.is_not(None)))
    )
    answering = set(db.session.scalars(sa.select(TaskAnswer.card_id)))

    assert len(on_card) == 1
    assert len(answering - on_card) == 1
