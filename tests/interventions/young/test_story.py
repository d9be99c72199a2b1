"""Karin counts the young without names, corrects it, and a firm sees a young person's card once a parent said yes."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Effort, Measure
from portal.interventions.young import queries, services
from portal.interventions.young.measures import MEASURES
from portal.interventions.young.models import ParentsYes, ParentsYesVia, YoungTally
from portal.interventions.young.queries import ParentsYesMissing
from portal.loop.citizens.models import Citizen
from portal.loop.reviews.models import YES_REASONS, Answer, AnsweredVia
from portal.loop.reviews.services import answer_as_citizen, approve_match
from portal.shared.accounts.models import User
from portal.web.measures import Ask
from portal.workspaces.consents import services as consents
from portal.workspaces.consents.models import ANONYMOUS, Consent
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_card, make_citizen, make_match, make_opening, make_parents_yes

ClientFor = Callable[[User | None], PortalClient]
COUNT = {
    "place_id": "0",
    "kind": "youth_unit",
    "name": "Ungeenheden",
    "counted_on": "12-11-2026",
    "has_job": "12",
    "wants_job": "9",
    "wants_none": "3",
    "unknown": "6",
}
SIXTEEN = TODAY - relativedelta(years=16)


def figure(measure: Measure, **more: object) -> tuple[int, int | None]:
    """Amount and whole of the year."""
    spec = next(one for one in MEASURES if one.measure is measure)
    asked = Ask(
        measure=measure,
        municipality_id=factories.municipality().id,
        first=date(TODAY.year, 1, 1),
        on=TODAY,
        **more,  # type: ignore[arg-type]
    )
    assert spec.counted is not None
    rows = db.session.execute(spec.counted.lines([asked])[asked].records).all()
    whole = [row.out_of for row in rows if row.out_of is not None]
    return sum(row.amount for row in rows), sum(whole) if whole else None


def test_a_place_is_counted_once_a_year_corrected_and_told_masked(
    client_for: ClientFor, karin: User, mette: User
) -> None:
    karins = client_for(karin)
    assert karins.post("/young/new", COUNT).status_code == 303
    assert karins.post("/young/new", COUNT).status_code == 409
    assert figure(Measure.YOUNG_KNOWN) == (24, 30)

    tally = db.session.scalars(sa.select(YoungTally)).one()
    corrected = {**COUNT, "has_job": "15", "unknown": "3"}
    assert karins.post(f"/young/{tally.id}/correct", corrected).status_code == 303
    assert karins.post(f"/young/{tally.id}/correct", corrected).status_code == 404

    assert figure(Measure.YOUNG_KNOWN) == (27, 30)
    assert figure(Measure.YOUNG_IN_LEISURE_JOB) == (15, None)
    assert figure(Measure.YOUNG_IN_LEISURE_JOB, known_at=NOW - timedelta(seconds=1)) == (0, None)
    told = client_for(mette).get("/young/?year=2026").page.select_one("#tally-table tbody tr")
    assert told is not None
    assert [cell.text for cell in told.select("td.number")] == ["15", "9", "under 5", "under 5", "ikke vist"]
    assert "under 5" in client_for(mette).get("/young/?format=csv").get_data(as_text=True)


def test_a_card_of_somebody_under_18_is_shown_to_nobody_before_a_parent_said_yes(
    client_for: ClientFor, karin: User
) -> None:
    young = make_citizen(born_on=SIXTEEN, with_login=True)
    card = make_card(young)
    match = make_match(make_opening(), card)
    karins = client_for(karin)
    assert karins.get(f"/efforts/citizens/{young.id}").page.select_one("#under-age")
    with pytest.raises(ParentsYesMissing), transaction():
        ask(card.id, match.opening.employer_id, karin)

    said = {"said_on": "17-11-2026", "via": "paper"}
    assert karins.post(f"/young/parents/{young.id}", said).status_code == 422
    assert karins.post(f"/young/parents/{young.id}", {**said, "has_custody": "y"}).status_code == 303
    with transaction():
        asked = ask(card.id, match.opening.employer_id, karin)
        consents.answer_consent(asked, Answer.YES, via=AnsweredVia.PHONE, by=karin, at=NOW, today=TODAY)

    assert karins.post(f"/young/parents/{young.id}/withdraw").status_code == 303
    consent = db.session.get_one(Consent, asked.id, populate_existing=True)
    assert consent.answer is Answer.WITHDRAWN


def ask(card_id: int, employer_id: int, by: User) -> Consent:
    card = db.session.get_one(factories.CompetenceCard, card_id)
    employer = db.session.get_one(factories.Employer, employer_id)
    shown = consents.Disclosure(employer, ANONYMOUS, TODAY + timedelta(days=30))
    return consents.ask_consent(card, shown, by=by, at=NOW, today=TODAY)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("born", "is_hindered"),
    [
        ({"born_on": TODAY - relativedelta(years=18)}, False),
        ({"born_on": TODAY - relativedelta(years=18) + timedelta(days=1)}, True),
        ({"born_on": None, "birth_year": TODAY.year - 18}, True),
        ({"born_on": None, "birth_year": TODAY.year - 19}, False),
        ({"born_on": None}, False),
    ],
)
def test_a_yes_is_needed_until_the_day_of_18_and_of_a_year_alone_as_long_as_it_may_be(
    app: Flask, born: dict[str, object], is_hindered: bool
) -> None:
    """Source: the rule youth-age-adult."""
    citizen = make_citizen(**born)

    assert (queries.hindrance_of_showing(citizen.id, on=TODAY) is not None) is is_hindered
    with transaction():
        home = factories.municipality()
        home.efforts = [one.value for one in Effort if one is not Effort.YOUNG]
    assert queries.hindrance_of_showing(citizen.id, on=TODAY) is None


@pytest.mark.one_engine
def test_neither_the_consultant_nor_she_herself_gets_past_the_missing_yes(app: Flask, karin: User) -> None:
    young = make_citizen(born_on=SIXTEEN)
    match = make_match(make_opening(), make_card(young))
    review = factories.make_review(
        make_match(make_opening(), db.session.get_one(factories.CompetenceCard, match.card_id))
    )

    with pytest.raises(ParentsYesMissing), transaction():
        approve_match(db.session.merge(match), reason=next(iter(YES_REASONS)), words="", by=karin, at=NOW)
    with pytest.raises(ParentsYesMissing), transaction():
        answer_as_citizen(db.session.merge(review), Answer.YES, via=AnsweredVia.PHONE, by=karin, at=NOW)
    make_parents_yes(young)
    with transaction():
        answer_as_citizen(db.session.merge(review), Answer.YES, via=AnsweredVia.PHONE, by=karin, at=NOW)


@pytest.mark.one_engine
def test_a_yes_is_noted_once_and_only_for_who_is_under_age(app: Flask, karin: User) -> None:
    said = {"said_on": TODAY, "via": ParentsYesVia.PHONE, "by": karin, "at": NOW}
    young, grown = make_citizen(born_on=SIXTEEN), make_citizen()

    with transaction():
        services.note_parents_yes(db.session.get_one(Citizen, young.id), **said)  # type: ignore[arg-type]
    for citizen, refusal in ((young, services.ParentsYesStands), (grown, services.NoParentNeeded)):
        with pytest.raises(refusal), transaction():
            services.note_parents_yes(db.session.get_one(Citizen, citizen.id), **said)  # type: ignore[arg-type]
    assert len(db.session.scalars(sa.select(ParentsYes)).all()) == 1
