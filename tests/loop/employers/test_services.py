from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.base import events
from portal.base.database import db, transaction
from portal.base.terms import Industry, PlacementForm
from portal.loop.employers import joining, queries, services
from portal.loop.employers.models import (
    Employer,
    EmployerRegistration,
    EmployerStatus,
    OccupiedPlace,
    RegistrationStatus,
    Workplace,
)
from portal.shared.accounts.models import User
from tests.factories import CVRS, NOW, TODAY, make_employer, municipality, owner_of

HASH = "not-a-real-hash"


def wish(cvr: str = CVRS[0], email: str = "bo@firma.dk", **workplace: str) -> services.RegistrationDetails:
    return services.RegistrationDetails(
        employer=services.EmployerDetails(cvr, "Bos Køkken ApS", Industry.KOEKKEN, municipality().id),
        workplace=replace(
            services.WorkplaceDetails("1012345678", "Bos Køkken", "Havnevej 1", "3300", Decimal("12.5")),
            **workplace,
        ),
        contact=services.ContactDetails("Bo Berg", email, "47 11 22 33"),
    )


def register(details: services.RegistrationDetails) -> EmployerRegistration:
    with transaction():
        return register_in(details)


def register_in(details: services.RegistrationDetails) -> EmployerRegistration:
    """Within a transaction."""
    wish = joining.send_registration(details, at=NOW)
    assert wish is not None
    return joining.confirm(wish.id, password_hash=HASH, at=NOW)


def approve(registration: EmployerRegistration, by: User) -> Employer:
    with transaction():
        return joining.approve_registration(registration, by=by, at=NOW)


def test_registration_lets_nobody_in_before_the_yes(app: Flask) -> None:
    registration = register(wish())

    assert registration.status is RegistrationStatus.PENDING
    with pytest.raises(NoResultFound):
        queries.employer_of(registration.user)


def test_approval_makes_the_employer_with_its_workplace_and_contact(app: Flask, karin: User) -> None:
    registration = register(wish())

    employer = approve(registration, karin)

    assert queries.employer_of(registration.user).id == employer.id
    assert [place.p_number for place in employer.workplaces] == ["1012345678"]
    assert [contact.name for contact in employer.contacts] == ["Bo Berg"]
    assert registration.employer_id == employer.id


def test_approving_a_known_cvr_joins_it(app: Flask, karin: User) -> None:
    first = approve(register(wish()), karin)

    bo = first.contacts[0].user
    with transaction():
        again = joining.approve_colleague(
            register_in(wish(email="pia@firma.dk", p_number="1087654321")), by=bo, at=NOW
        )

    assert again.id == first.id
    assert [place.p_number for place in again.workplaces] == ["1012345678", "1087654321"]
    assert [contact.email for contact in again.contacts] == ["bo@firma.dk", "pia@firma.dk"]


def test_joining_with_a_known_p_number_adds_no_workplace(app: Flask, karin: User) -> None:
    bo = approve(register(wish()), karin).contacts[0].user

    with transaction():
        again = joining.approve_colleague(register_in(wish(email="pia@firma.dk")), by=bo, at=NOW)

    assert len(again.workplaces) == 1


def test_a_known_employer_is_decided_where_it_is_known(app: Flask, karin: User, lene: User) -> None:
    make_employer(cvr=CVRS[0], in_municipality="Fredensborg", owner=None)

    registration = register(wish())

    assert queries.registration_for(lene, registration.id)
    with pytest.raises(NoResultFound):
        queries.registration_for(karin, registration.id)


def test_an_employer_that_another_municipality_let_in_meanwhile_is_not_joined(
    app: Flask, karin: User
) -> None:
    registration = register(wish())
    make_employer(cvr=CVRS[0], in_municipality="Fredensborg", owner=None)

    with pytest.raises(joining.EmployerOfOtherMunicipality):
        approve(registration, karin)


def test_a_registration_is_decided_once(app: Flask, karin: User, jonas: User) -> None:
    registration = register(wish())
    approve(registration, karin)

    with pytest.raises(joining.RegistrationAlreadyDecided), transaction():
        joining.refuse_registration(registration, reason="Nej", by=jonas, at=NOW)


def test_refusal_keeps_its_reason(app: Flask, karin: User) -> None:
    registration = register(wish())

    with transaction():
        joining.refuse_registration(registration, reason="Ukendt firma", by=karin, at=NOW)

    assert (registration.status, registration.refusal_reason) == (RegistrationStatus.REFUSED, "Ukendt firma")
    assert queries.registration_of(registration.user).id == registration.id


def test_passive_employer_is_announced_and_comes_back(app: Flask, karin: User) -> None:
    employer = make_employer()
    heard = []
    listen = lambda sender, **values: heard.append(sender.id)  # noqa: E731
    events.employer_passive.connect(listen)
    with transaction():
        services.set_passive(employer, by=karin, at=NOW)
        services.set_passive(employer, by=karin, at=NOW)
    events.employer_passive.disconnect(listen)

    assert heard == [employer.id]
    assert employer.passive_since == NOW
    with transaction():
        services.set_active(employer, by=karin, at=NOW)
    assert (employer.status, employer.passive_since) == (EmployerStatus.ACTIVE, None)


def test_a_p_number_stands_once_in_an_employer(app: Flask) -> None:
    employer = make_employer()
    details = services.WorkplaceDetails(employer.workplaces[0].p_number, "To", "Vej 2", "3300", Decimal(1))

    with pytest.raises(services.WorkplaceKnown), transaction():
        services.add_workplace(employer, details, stated_on=TODAY, by=None, at=NOW)


def hold(workplace: Workplace, placement_id: int, *, days: tuple[int, int], **values: object) -> None:
    with transaction():
        services.occupy_place(
            workplace.id,
            **{
                "placement_id": placement_id,
                "form": PlacementForm.PRAKTIK,
                "hours_per_week": 18.5,
                "starts_on": TODAY + timedelta(days=days[0]),
                "ends_on": TODAY + timedelta(days=days[1]),
                **values,
            },
        )


def free_places(workplace: Workplace, day: date) -> Decimal:
    return queries.ratio_standing([workplace], day, workplace.employer.municipality_id)[
        workplace.id
    ].ratio.free


def test_ratio_counts_what_is_held_that_day(app: Flask) -> None:
    [workplace] = make_employer(full_time_staff=Decimal(10)).workplaces
    hold(workplace, 1, days=(-10, 0))
    hold(workplace, 2, days=(0, 10))
    hold(workplace, 3, days=(1, 10))
    hold(workplace, 4, days=(0, 10), form=PlacementForm.REGULAR_JOB)

    assert free_places(workplace, TODAY) == Decimal("1.00")
    assert free_places(workplace, TODAY + timedelta(days=11)) == Decimal(2)


def test_a_released_place_is_free_after_its_day(app: Flask) -> None:
    [workplace] = make_employer(full_time_staff=Decimal(5)).workplaces
    hold(workplace, 1, days=(-5, 50))
    with transaction():
        services.release_place(1, ends_on=TODAY)

    assert free_places(workplace, TODAY) == Decimal("0.50")
    assert free_places(workplace, TODAY + timedelta(days=1)) == Decimal(1)
    with transaction():
        services.release_place(1)
        services.release_place(99)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OccupiedPlace)) == 0


def test_old_staff_numbers_are_asked_for_again(app: Flask) -> None:
    [workplace] = make_employer().workplaces
    workplace.staff_stated_on = date(2026, 7, 17)

    assert queries.ratio_standing([workplace], TODAY, workplace.employer.municipality_id)[
        workplace.id
    ].staff_is_old
    workplace.staff_stated_on = date(2026, 7, 18)
    assert not queries.ratio_standing([workplace], TODAY, workplace.employer.municipality_id)[
        workplace.id
    ].staff_is_old


def test_strangers_do_not_see_the_employer(
    app: Flask, karin: User, lene: User, mette: User, admin: User
) -> None:
    employer = make_employer()
    dorte = owner_of(make_employer("Dortes Rengøring", owner="Dorte"))

    assert queries.employer_for(karin, employer.id)
    assert queries.employer_for(mette, employer.id)
    for stranger in (lene, dorte, admin):
        with pytest.raises(NoResultFound):
            queries.employer_for(stranger, employer.id)
        with pytest.raises(NoResultFound):
            queries.workplace_for(stranger, employer.workplaces[0].id)


@pytest.mark.parametrize(
    "values",
    [
        {"cvr": "1374813"},
        {"status": EmployerStatus.PASSIVE},
        {"passive_since": NOW},
        {"full_time_staff": Decimal(-1)},
    ],
)
def test_database_refuses_what_cannot_be(app: Flask, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        make_employer(**values)


def test_database_refuses_two_employers_with_one_cvr(app: Flask) -> None:
    make_employer(cvr=CVRS[0])

    with pytest.raises(IntegrityError):
        make_employer(cvr=CVRS[0])
