"""Signing, ending and naming: what a paper agreement can say."""

from datetime import timedelta

import pytest

from portal.base.database import transaction
from portal.loop.employers.models import Employer
from portal.loop.partnerships import services
from portal.loop.partnerships.models import Partnership
from portal.shared.accounts.models import User
from tests.factories import NOW, TODAY, make_employer, make_partnership, municipality


def sign(employer: Employer, by: User, **values: object) -> Partnership:
    with transaction():
        return services.sign_partnership(
            employer,
            **{
                "municipality_id": municipality().id,
                "consultant": by,
                "signed_on": TODAY,
                "by": by,
                "at": NOW,
                **values,
            },  # type: ignore[arg-type]
        )


def test_a_signed_agreement_has_its_consultant_from_the_first_day(karin: User) -> None:
    partnership = sign(make_employer(), karin)

    [named] = partnership.consultants
    assert (named.user_id, named.from_on, named.until_on) == (karin.id, TODAY, None)


def test_an_employer_has_one_agreement_in_force(karin: User) -> None:
    employer = make_employer()
    sign(employer, karin)

    with pytest.raises(services.AgreementInForce):
        sign(employer, karin, signed_on=TODAY - timedelta(days=5))


def test_two_municipalities_may_each_have_one_with_the_same_employer(karin: User, lene: User) -> None:
    employer = make_employer()
    sign(employer, karin)

    partnership = sign(employer, lene, municipality_id=municipality("Fredensborg").id)

    assert partnership.id


def test_a_new_one_may_follow_an_ended_one(karin: User) -> None:
    employer = make_employer()
    make_partnership(employer, ends_on=TODAY - timedelta(days=1))

    assert sign(employer, karin).id


def test_nothing_is_signed_in_the_future(karin: User) -> None:
    with pytest.raises(services.SignedInFuture):
        sign(make_employer(), karin, signed_on=TODAY + timedelta(days=1))


def test_ending_keeps_the_consultant_to_the_last_day(karin: User) -> None:
    partnership = sign(make_employer(), karin)

    with transaction():
        services.end_partnership(partnership, ends_on=TODAY + timedelta(days=9), by=karin, at=NOW)

    assert partnership.consultants[0].until_on == partnership.ends_on == TODAY + timedelta(days=9)


def test_an_agreement_ends_once_and_not_before_it_began(karin: User) -> None:
    partnership = sign(make_employer(), karin)
    with pytest.raises(services.EndsBeforeSigned), transaction():
        services.end_partnership(partnership, ends_on=TODAY - timedelta(days=1), by=karin, at=NOW)
    with transaction():
        services.end_partnership(partnership, ends_on=TODAY, by=karin, at=NOW)

    with pytest.raises(services.AlreadyEnded), transaction():
        services.end_partnership(partnership, ends_on=TODAY, by=karin, at=NOW)


def test_the_next_consultant_takes_over_the_day_after(karin: User, jonas: User) -> None:
    partnership = make_partnership(signed_on=TODAY - timedelta(days=50))

    with transaction():
        services.name_consultant(partnership, jonas, from_on=TODAY, by=karin, at=NOW)

    first, second = partnership.consultants
    assert (first.until_on, second.from_on, second.until_on) == (TODAY - timedelta(days=1), TODAY, None)


def test_naming_again_on_the_same_day_corrects(karin: User, jonas: User) -> None:
    partnership = sign(make_employer(), karin)

    with transaction():
        services.name_consultant(partnership, jonas, from_on=TODAY, by=karin, at=NOW)

    assert [named.user_id for named in partnership.consultants] == [jonas.id]


def test_only_ones_own_consultants_are_named(karin: User, lene: User, mette: User) -> None:
    partnership = make_partnership()
    for stranger in (lene, mette):
        with pytest.raises(services.NotOurConsultant), transaction():
            services.name_consultant(partnership, stranger, from_on=TODAY, by=karin, at=NOW)
