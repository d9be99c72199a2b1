"""Employers, citizens and mentors belong to no municipality: what is theirs closes with the municipality's effort."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Effort
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient

pytestmark = pytest.mark.one_engine

ClientFor = Callable[[User | None], PortalClient]


def switch_off(*efforts: Effort) -> None:
    with transaction():
        factories.municipality().efforts = [one.value for one in Effort if one not in efforts]


def test_an_employer_reads_and_offers_nothing_of_packages(client_for: ClientFor) -> None:
    employer = factories.make_employer()
    offer = factories.make_step_offer(employer, factories.make_package())
    bos = client_for(factories.owner_of(employer))
    assert bos.get("/efforts/employer").page.select_one("#step-offers")

    switch_off(Effort.PATHWAYS)

    assert not bos.get("/efforts/employer").page.select_one("#step-offers")
    assert bos.get("/step-offers/own").status_code == 404
    assert bos.post(f"/step-offers/{offer.id}/withdraw-own").status_code == 404
    assert db.session.get_one(type(offer), offer.id).withdrawn_at is None


def test_her_page_and_calendar_say_nothing_of_groups(client_for: ClientFor) -> None:
    amira, cohort = factories.make_citizen(with_login=True), factories.make_cohort()
    factories.make_enrolment(cohort, amira)
    hers = client_for(amira.user)
    assert hers.get("/mine/efforts").page.select_one("#my-cohorts")

    switch_off(Effort.COHORTS)

    assert not hers.get("/mine/efforts").page.select_one("#my-cohorts")
    assert hers.get("/cohorts/mine.ics").status_code == 404


def test_a_mentors_link_shows_nothing_and_takes_no_answer(
    app: Flask, client_for: ClientFor, karin: User
) -> None:
    agreement = factories.make_mentor_agreement(factories.make_citizen())
    page = client_for(karin).get(f"/mentors/agreements/{agreement.id}").get_data(as_text=True)
    link = (
        "/mentors/agreements/by-link/"
        + page.split("/mentors/agreements/by-link/")[1].split('"')[0].split("<")[0]
    )
    mentor = client_for(None)
    assert mentor.get(link).status_code == 200

    switch_off(Effort.MENTORING)

    assert mentor.get(link).status_code == 410
    assert mentor.post(link, {"answer": "yes"}).status_code == 410
