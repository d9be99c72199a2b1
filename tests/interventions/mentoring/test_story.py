"""Karin finds a mentor for Amira: who is free, what is agreed, a yes by link, her own page, and what is counted."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Effort, LanguageLevel, Measure
from portal.interventions.mentoring import services
from portal.interventions.mentoring.measures import MEASURES
from portal.interventions.mentoring.models import Mentor, MentorAgreement, MentorEnd, MentorYesVia
from portal.loop.cards.models import CardLanguage
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.web.measures import Ask
from portal.web.presentation import da_date
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_card, make_citizen, make_mentor, make_mentor_agreement

ClientFor = Callable[[User | None], PortalClient]
MENTOR = {
    "name": "Sahra Farah",
    "origin": "corps",
    "employer_id": "0",
    "hours_per_week": "3",
    "languages": "Dari, arabisk",
}
AGREED = {
    "placement_id": "0",
    "agreed": "At finde rundt i kantinen",
    "hours_per_week": "2",
    "from_on": "18-11-2026",
    "until_on": "18-02-2027",
    "citizen_agreed_on": "17-11-2026",
}


def presses(browser: PortalClient, path: str, answer: str) -> int:
    browser.get(path)
    step = browser.get(f"{path}?answer={answer}").page
    ticket = str(step.select_one("[name=ticket]")["value"])  # type: ignore[index]
    twice, said = str(uuid4()), {"ticket": ticket, "send": answer}
    clicks = {browser.post(path, said, form_id=twice).status_code for _click in range(2)}
    (status,) = clicks
    return status


def begun(**more: object) -> int:
    """What the goal counts this year."""
    spec = next(one for one in MEASURES if one.measure is Measure.MENTOR_COURSES)
    asked = Ask(
        measure=spec.measure,
        municipality_id=factories.municipality().id,
        first=TODAY.replace(month=1, day=1),
        on=TODAY,
        **more,  # type: ignore[arg-type]
    )
    assert spec.counted is not None
    return len(db.session.execute(spec.counted.lines([asked])[asked].records).all())


def test_a_mentor_is_found_asked_by_link_and_counted(app: Flask, client_for: ClientFor, karin: User) -> None:
    amira, karins = make_citizen(with_login=True), client_for(karin)
    card = make_card(amira)
    with transaction():
        db.session.add(CardLanguage(card_id=card.id, name="Arabisk", level=LanguageLevel.FLUENT))
    make_mentor("Anton Aller")

    karins.post(
        "/mentors/new", {**MENTOR, "email": "Sahra@korps.example", "phone": "20202020", "is_shared": "y"}
    )
    sahra = db.session.scalars(sa.select(Mentor).where(Mentor.name == "Sahra Farah")).one()
    offered = karins.get(f"/mentors/for/{amira.id}").page
    assert [row.a.text for row in offered.select("#offered-table tbody tr")] == ["Sahra Farah", "Anton Aller"]

    asks = f"/mentors/{sahra.id}/for/{amira.id}"
    refused = karins.post(asks, AGREED)
    assert refused.status_code == 409
    assert "tavshedspligt" in refused.words
    karins.post(
        f"/mentors/{sahra.id}/edit",
        {
            **MENTOR,
            "email": "sahra@korps.example",
            "phone": "20202020",
            "is_shared": "y",
            "pledged_on": "18-11-2026",
            "version": "1",
        },
    )
    assert karins.post(asks, AGREED).status_code == 303
    agreement = db.session.scalars(sa.select(MentorAgreement)).one()
    page = karins.get(f"/mentors/agreements/{agreement.id}").page
    path = urlsplit(str(page.select_one("#mentor-link")["value"])).path  # type: ignore[index]
    assert (
        karins.post(
            f"/mentors/agreements/{agreement.id}/link", {"recipient": "sahra@korps.example"}
        ).status_code
        == 303
    )

    phone = PortalClient(app)
    PortalClient(app).post(path, {"send": "yes"})  # a scanner that presses at once
    assert begun() == 0
    assert presses(phone, path, "yes") == 303
    assert begun() == 1
    assert presses(phone, path, "take-back") == 303
    assert begun() == 0
    assert presses(phone, path, "yes") == 303

    hers = client_for(amira.user).get("/mine/efforts").words
    assert all(word in hers for word in ("Sahra", "At finde rundt i kantinen", "20 20 20 20"))
    assert "Farah" not in hers
    taken = karins.get("/mentors/").page.select_one("#mentor-table tbody tr:last-child").text  # type: ignore[union-attr]
    assert "1 timer" in taken

    ended = karins.post(
        f"/mentors/agreements/{agreement.id}/end", {"ended_on": "18-11-2026", "end_reason": "in_work"}
    )
    assert ended.status_code == 303
    assert begun() == 1
    assert phone.get(path).status_code == 410


def test_the_mentors_page_tells_the_first_name_the_agreement_and_its_days_and_nothing_else(
    app: Flask, client_for: ClientFor, karin: User
) -> None:
    secrets = {"last_name": "Quetzalcoatl", "case_reference": "26/99887", "phone": "71 71 71 71"}
    amira = make_citizen("Zahrabibi", **secrets)
    card = make_card(amira)
    placement = factories.make_placement(
        factories.make_review(factories.make_match(factories.make_opening(), card))
    )
    agreement = make_mentor_agreement(amira, placement_id=placement.id)
    shown = client_for(karin).get(f"/mentors/agreements/{agreement.id}").page
    path = urlsplit(str(shown.select_one("#mentor-link")["value"])).path  # type: ignore[index]

    answer = PortalClient(app).get(path)

    told = answer.get_data(as_text=True)
    kept = [
        *secrets.values(),
        card.number,
        placement.opening.workplace.name,
        placement.opening.employer.name,
        "Karin",
    ]
    assert [word for word in kept if word in told] == []
    facts = answer.page.select_one("#main").get_text(" ")  # type: ignore[union-attr]
    assert all(
        word in facts
        for word in (
            "Zahrabibi",
            "At finde rundt på arbejdspladsen",
            da_date(agreement.from_on),
            da_date(agreement.until_on),
        )
    )
    looks = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.by_link)).all()
    assert [(one.citizen_id, one.actor_unit) for one in looks] == [(amira.id, "Mentor")]


def test_only_who_is_told_of_silence_or_works_for_the_municipality_is_asked(app: Flask, karin: User) -> None:
    amira = make_citizen()
    details = services.AgreementDetails("Hjælp", 1.0, TODAY, TODAY + timedelta(days=30), TODAY)
    untold = make_mentor(pledged_on=None)
    own = make_mentor("Ove", origin="municipality", pledged_on=None)

    with transaction():
        try:
            services.propose_mentor(untold, amira, details, by=karin, at=NOW)
        except services.PledgeMissing:
            refused = True
        services.propose_mentor(own, amira, details, by=karin, at=NOW)

    assert refused
    assert db.session.scalars(sa.select(MentorAgreement.mentor_id)).all() == [own.id]


def test_a_past_day_is_counted_as_it_was_known_then(app: Flask, karin: User) -> None:
    """What comes to nothing later was counted until then."""
    agreement = make_mentor_agreement(make_citizen(), is_agreed=True)
    with transaction():
        services.withdraw_agreement(agreement, by=karin, at=NOW)

    assert (begun(), begun(known_at=NOW - timedelta(days=1)), begun(known_at=NOW - timedelta(days=13))) == (
        0,
        1,
        0,
    )


def test_leader_reads_numbers_under_five_as_such_and_nobody_where_it_is_off(
    client_for: ClientFor, mette: User
) -> None:
    amira = make_citizen()
    make_mentor_agreement(amira, is_agreed=True)

    told = client_for(mette).get("/mentors/").words
    with transaction():
        home = factories.municipality()
        home.efforts = [one.value for one in Effort if one is not Effort.MENTORING]

    assert "under 5" in told
    assert "Grethe" not in told
    assert client_for(mette).get("/mentors/").status_code == 404


def test_who_was_told_of_somebody_had_the_pledge_that_day(client_for: ClientFor, karin: User) -> None:
    agreement = make_mentor_agreement(make_citizen(), is_agreed=True)
    mentor, karins = agreement.mentor, client_for(karin)
    changed = {**MENTOR, "pledged_on": "18-11-2026", "version": "1"}

    assert karins.post(f"/mentors/{mentor.id}/edit", changed).status_code == 409
    assert karins.post(f"/mentors/{mentor.id}/archive").status_code == 409
    with transaction():
        row = db.session.get_one(MentorAgreement, agreement.id)
        services.end_agreement(row, on=TODAY, reason=MentorEnd.DONE, by=karin, at=NOW)
    assert karins.post(f"/mentors/{mentor.id}/archive").status_code == 303
    assert db.session.get_one(Mentor, mentor.id, populate_existing=True).email is None
    assert row.answered_via is MentorYesVia.PHONE
