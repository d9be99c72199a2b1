"""What happens to a citizen: created, edited, paused, given a code, erased."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from portal.base.database import db, overwrite_deleted, transaction
from portal.base.errors import StaleVersion
from portal.base.journal import Journal
from portal.base.terms import Party, PlacementForm
from portal.loop.cards.models import Certificate, CompetenceCard, SkillEvidence
from portal.loop.citizens import services
from portal.loop.citizens.models import Citizen, CitizenStatus
from portal.loop.employers.models import OccupiedPlace
from portal.loop.matches.models import Match
from portal.loop.placements.models import (
    Expectation,
    FollowUp,
    Outcome,
    Placement,
    PlacementStatus,
)
from portal.loop.reviews.models import Answer, Review, ReviewCondition
from portal.shared.accounts.models import AccessToken, TokenPurpose, User, UserSession
from portal.shared.accounts.queries import open_token
from portal.shared.accounts.secrets import tidy_code
from portal.shared.audit.models import AuditEntry
from portal.web.permissions import Role
from portal.workspaces.erasure import PlacementStillOpen
from tests.factories import NOW, TODAY, make_card, make_citizen, make_match, make_placement, make_review

LIFETIME = timedelta(days=90)


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def details_of(citizen: Citizen, **changes) -> services.CitizenDetails:
    values = {
        "case_reference": citizen.case_reference,
        "first_name": citizen.first_name,
        "last_name": citizen.last_name,
        "born": citizen.born,
        "phone": citizen.phone,
        "consultant_id": citizen.consultant_id,
    }
    return services.CitizenDetails(**(values | changes))


def test_a_new_citizen_leaves_a_line_in_the_audit(karin):
    with transaction():
        citizen = services.create_citizen(
            municipality_id=karin.municipality_id,
            case_reference="26/1",
            first_name="Amira",
            last_name="Haddad",
            by=karin,
            at=NOW,
        )

    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "citizen-created")).one()
    assert (line.actor_id, line.citizen_id, line.subject_type) == (karin.id, citizen.id, "citizens")


def test_a_case_reference_names_one_citizen_of_a_municipality(karin):
    first = make_citizen(case_reference="26/7")

    with pytest.raises(services.CaseReferenceTaken), transaction():
        services.create_citizen(
            municipality_id=first.municipality_id,
            case_reference="26/7",
            first_name="Selam",
            last_name="Tesfay",
            by=karin,
            at=NOW,
        )


def test_two_municipalities_may_use_the_same_case_reference(app):
    make_citizen(case_reference="26/7")
    make_citizen("Selam", case_reference="26/7", in_municipality="Fredensborg")

    assert count(Citizen) == 2


def test_the_database_refuses_a_case_reference_twice(app):
    citizen = make_citizen()

    with pytest.raises(IntegrityError):
        make_citizen("Selam", case_reference=citizen.case_reference)


def test_the_database_refuses_a_passive_citizen_without_a_date(app):
    with pytest.raises(IntegrityError):
        make_citizen(status=CitizenStatus.PASSIVE)


def test_the_second_editor_is_told_that_somebody_was_faster(karin, jonas):
    citizen = make_citizen()
    with transaction():
        services.edit_citizen(
            citizen, details_of(citizen, phone="12 34 56 78"), seen_version=1, by=karin, at=NOW
        )

    with pytest.raises(StaleVersion), transaction():
        services.edit_citizen(
            citizen, details_of(citizen, phone="87 65 43 21"), seen_version=1, by=jonas, at=NOW
        )

    assert db.session.get_one(Citizen, citizen.id).phone == "12 34 56 78"


def test_a_new_name_is_also_the_name_of_the_login(karin):
    citizen = make_citizen(with_login=True)

    with transaction():
        services.edit_citizen(citizen, details_of(citizen, last_name="Nour"), by=karin, at=NOW)

    assert db.session.get_one(User, citizen.user_id).name == "Amira Nour"


def test_the_card_of_a_passive_citizen_rests_and_comes_back(karin):
    card = make_card()
    citizen = card.citizen

    with transaction():
        services.set_passive(citizen, by=karin, at=NOW)
    assert not db.session.get_one(CompetenceCard, card.id).is_active

    with transaction():
        services.set_active(citizen, by=karin, at=NOW)
    assert db.session.get_one(CompetenceCard, card.id).is_active


def test_a_login_code_makes_a_user_of_the_citizen(karin):
    citizen = make_citizen()

    with transaction():
        code = services.give_login_code(citizen, lifetime=LIFETIME, by=karin, at=NOW)

    token = open_token(tidy_code(code), TokenPurpose.LOGIN_CODE, at=NOW)
    assert token is not None
    assert token.user_id == citizen.user_id
    assert token.user.role is Role.CITIZEN
    assert token.user.email is None


def test_a_new_code_replaces_the_old_one(karin):
    citizen = make_citizen()
    with transaction():
        old = services.give_login_code(citizen, lifetime=LIFETIME, by=karin, at=NOW)

    with transaction():
        services.give_login_code(citizen, lifetime=LIFETIME, by=karin, at=NOW)

    assert open_token(tidy_code(old), TokenPurpose.LOGIN_CODE, at=NOW) is None
    assert db.session.scalar(sa.select(sa.func.count()).where(User.role == Role.CITIZEN)) == 1


def test_a_withdrawn_code_opens_nothing_and_ends_what_it_opened(karin):
    citizen = make_citizen(with_login=True)
    with transaction():
        code = services.give_login_code(citizen, lifetime=LIFETIME, by=karin, at=NOW)
        db.session.add(
            UserSession(
                secret_hash="x" * 64, user_id=citizen.user_id, opened_at=NOW, last_seen_at=NOW, device="Test"
            )
        )

    with transaction():
        services.withdraw_login_code(citizen, by=karin, at=NOW)

    assert open_token(tidy_code(code), TokenPurpose.LOGIN_CODE, at=NOW) is None
    assert db.session.scalars(sa.select(UserSession)).one().ended_at == NOW


def test_a_passive_citizen_gets_no_code(karin):
    citizen = make_citizen(status=CitizenStatus.PASSIVE, passive_since=NOW)

    with pytest.raises(services.CitizenIsPassive), transaction():
        services.give_login_code(citizen, lifetime=LIFETIME, by=karin, at=NOW)


def journal() -> Journal:
    found: Journal = current_app.config["JOURNAL"]
    return found


def erase(citizen: Citizen, karin: User) -> None:
    with transaction():
        services.erase_citizen(citizen, journal=journal(), by=karin, at=NOW)


def full_life() -> Citizen:
    """A citizen with a card, a match, a review and an ended placement with all that belongs to it."""
    citizen = make_citizen("Zarifa", last_name="Quistgaard", with_login=True)
    card = make_card(citizen, goal="Zarifa vil bage brød")
    review = make_review(
        make_match(card=card),
        citizen_answer=Answer.YES,
        employer_answer=Answer.YES,
        words="Zarifa er klar",
        compared={"card": {"skills": [{"text": "Zarifas brød"}]}},
    )
    placement = make_placement(
        review,
        status=PlacementStatus.ENDED,
        outcome=Outcome.COMPLETED,
        ended_on=TODAY,
        starts_on=TODAY - timedelta(days=30),
        ends_on=TODAY,
    )
    with transaction():
        db.session.add_all(
            [
                Expectation(
                    placement_id=placement.id,
                    party=Party.CITIZEN,
                    purpose="Lære at bage",
                    time_frame="Fire uger",
                    development="Brød",
                    stated_at=NOW,
                    recorded_by_id=citizen.user_id,
                ),
                FollowUp(placement_id=placement.id, due_on=TODAY),
                OccupiedPlace(
                    workplace_id=placement.opening.workplace_id,
                    placement_id=placement.id,
                    form=PlacementForm.PRAKTIK,
                    hours_per_week=37,
                    starts_on=TODAY - timedelta(days=30),
                    ends_on=TODAY,
                ),
                Certificate(card_id=card.id, text="Hygiejnebevis"),
                AccessToken(
                    secret_hash="y" * 64,
                    user_id=citizen.user_id,
                    purpose=TokenPurpose.LOGIN_CODE,
                    created_at=NOW,
                    expires_at=NOW + LIFETIME,
                ),
            ]
        )
    return db.session.get_one(Citizen, citizen.id)


def test_erasing_removes_the_person_from_every_room(karin):
    citizen = full_life()
    users_before = count(User)

    erase(citizen, karin)

    personal = (
        Citizen, CompetenceCard, SkillEvidence, Certificate, Match, Review, ReviewCondition, Placement, Expectation,
        FollowUp, AccessToken,
    )  # fmt: skip
    assert {model.__tablename__: count(model) for model in personal} == dict.fromkeys(
        (model.__tablename__ for model in personal), 0
    )
    assert count(User) == users_before - 1


def test_erasing_keeps_the_employers_occupied_place_without_a_person(karin):
    erase(full_life(), karin)

    assert count(OccupiedPlace) == 1


@pytest.mark.parametrize("status", [PlacementStatus.PLANNED, PlacementStatus.RUNNING])
def test_a_citizen_with_an_open_placement_is_not_erased(karin, status):
    placement = make_placement(status=status)
    citizen = placement.card.citizen

    with pytest.raises(PlacementStillOpen):
        erase(citizen, karin)

    assert db.session.get(Citizen, citizen.id) is not None
    assert not journal().exists()


def test_erasing_leaves_a_line_and_a_hash_but_no_name(karin):
    citizen = make_citizen("Zarifa", case_reference="26/99")

    erase(citizen, karin)

    assert (
        db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()
        == "citizen-erased"
    )
    assert "26/99" not in journal().file.read_text()
    assert len(journal().read().lines) == 1


def test_an_erased_persons_number_is_not_given_to_the_next(karin):
    gone = make_citizen()

    erase(gone, karin)

    assert make_citizen("Selam").id > gone.id


def test_an_erased_name_is_gone_from_everything_that_is_stored(karin):
    for number in range(100):  # enough to fill and split pages before and after her
        make_neighbours(number)
    citizen = full_life()
    for number in range(100, 200):
        make_neighbours(number)
    assert b"Quistgaard" in stored()

    erase(citizen, karin)
    emptied = overwrite_deleted()

    assert emptied
    left = stored()
    assert not [trace for trace in (b"Quistgaard", b"Zarifa", b"zarifa") if trace in left]


def stored() -> bytes:
    """SQLite: the bytes of the file and its log. PostgreSQL, whose files are the server's: every row."""
    if db.engine.dialect.name == "sqlite":
        path = Path(str(db.engine.url.database))
        return path.read_bytes() + Path(f"{path}-wal").read_bytes()
    with db.engine.connect() as connection:
        tables = [connection.execute(sa.select(table)).all() for table in db.metadata.sorted_tables]
    return repr(tables).encode()


def make_neighbours(number: int) -> None:
    """Rows beside hers, so that her row has shared, split and moved pages."""
    home = db.session.scalar(sa.select(User.municipality_id).where(User.email == "karin@kommune.example"))
    with transaction():
        db.session.execute(
            sa.insert(Citizen),
            [
                {
                    "municipality_id": home,
                    "case_reference": f"N/{number}-{row}",
                    "first_name": "Nabo",
                    "last_name": f"{chr(65 + (number * 7 + row) % 26)}nabo",
                    "created_at": NOW,
                    "status": CitizenStatus.ACTIVE,
                    "version": 1,
                }
                for row in range(15)
            ],
        )
