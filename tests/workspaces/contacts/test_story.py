"""Karin writes what was said to an employer and what comes next; it is corrected, struck out, done and forgotten."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from portal.web.rooms import rooms
from portal.workspaces.contacts.models import ContactKind, EmployerContact
from portal.workspaces.contacts.queries import last_talk_with
from portal.workspaces.contacts.services import ContactLine, write_contact
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_employer

ClientFor = Callable[[User | None], PortalClient]
CALL = {
    "kind": "call",
    "happened_on": "18-11-2026",
    "spoke_with": "Bo Birk",
    "words": "Mangler to i køkkenet",
}
STEP = {"next_step": "Ring igen", "next_on": "25-11-2026"}


def the_line() -> EmployerContact:
    db.session.rollback()
    return db.session.scalars(sa.select(EmployerContact).where(EmployerContact.earlier_of_id.is_(None))).one()


def test_a_contact_is_written_from_the_employers_page_and_its_step_moved_and_done(
    client_for: ClientFor, karin: User
) -> None:
    employer, karins = make_employer(), client_for(karin)
    page = karins.get(f"/employers/{employer.id}").page
    form = page.select_one(f"form[action='/contacts/employers/{employer.id}/new']")
    assert form is not None
    assert "Kun kommunen læser det" in form.text

    half = karins.post(f"/contacts/employers/{employer.id}/new", {**CALL, "next_step": "Ring igen"})
    assert half.status_code == 422
    assert half.page.select_one("#next_on-error") is not None
    assert karins.post(f"/contacts/employers/{employer.id}/new", {**CALL, **STEP}).status_code == 303

    line = the_line()
    shown = karins.get(f"/employers/{employer.id}").page.select_one("#contact-lines")
    assert shown is not None
    assert all(word in shown.text for word in ("Mangler to i køkkenet", "Bo Birk", "Ring igen"))
    early = karins.post(f"/contacts/{line.id}/step-moved", {"next_on": "17-11-2026"})
    assert early.status_code == 409
    assert karins.post(f"/contacts/{line.id}/step-moved", {"next_on": "30-11-2026"}).status_code == 303
    assert karins.get("/contacts/?step=open").page.select("#contact-table tbody tr")
    assert not karins.get("/contacts/?step=late").page.select("#contact-table tbody tr")
    karins.post(f"/contacts/{line.id}/step-done")
    assert not karins.get("/contacts/?step=open").page.select("#contact-table tbody tr")
    assert karins.post(f"/contacts/{line.id}/step-done").status_code == 409
    karins.post(f"/contacts/{line.id}/step-again")
    assert the_line().next_done_at is None

    # What is put in the place of a step that was done is to be done.
    karins.post(f"/contacts/{line.id}/step-done")
    told = {**CALL, **STEP, "next_on": "30-11-2026"}
    for field, waits in ({"words": "Mangler tre"}, False), ({"next_step": "Besøg dem"}, True):
        told |= field
        seen = {"version": str(the_line().version)}
        assert karins.post(f"/contacts/{line.id}/edit", told | seen).status_code == 303
        assert the_line().has_open_step is waits


def test_only_its_writer_corrects_a_contact_and_what_stood_before_is_kept(
    client_for: ClientFor, karin: User, jonas: User
) -> None:
    employer, karins = make_employer(), client_for(karin)
    karins.post(f"/contacts/employers/{employer.id}/new", CALL)
    line = the_line()
    corrected = {**CALL, "words": "Mangler tre i køkkenet", "version": "1"}

    assert client_for(jonas).post(f"/contacts/{line.id}/edit", corrected).status_code == 409
    assert karins.post(f"/contacts/{line.id}/edit", corrected).status_code == 303
    assert karins.post(f"/contacts/{line.id}/edit", corrected).status_code == 409  # the version is old

    page = karins.get(f"/contacts/{line.id}").page
    assert "Mangler to i køkkenet" in page.select_one("#earlier").text  # type: ignore[union-attr]
    assert karins.get("/contacts/?q=to+i").page.select("#contact-table tbody tr") == []
    assert client_for(jonas).get("/contacts/?whose=mine").page.select("#contact-table tbody tr") == []

    assert client_for(jonas).post(f"/contacts/{line.id}/strike", {"reason": ""}).status_code == 422
    client_for(jonas).post(f"/contacts/{line.id}/strike", {"reason": "Forkert virksomhed"})
    assert "Forkert virksomhed" in karins.get(f"/contacts/{line.id}").words
    assert "Mangler tre" not in karins.get(f"/employers/{employer.id}").words
    assert karins.get("/contacts/?state=struck").page.select("#contact-table tbody tr")


def test_neither_the_employer_nor_a_leader_reads_what_was_said(
    client_for: ClientFor, karin: User, mette: User
) -> None:
    employer = make_employer()
    with transaction():
        write_contact(employer, ContactLine(ContactKind.VISIT, TODAY, "Kaffe med chefen"), by=karin, at=NOW)

    assert "Kaffe" not in client_for(mette).get(f"/employers/{employer.id}").words
    assert client_for(mette).get("/contacts/").status_code == 403


@pytest.mark.both_engines
def test_a_contact_is_forgotten_with_its_wordings_when_its_time_is_over(karin: User) -> None:
    """Holding employer_contacts."""
    employer, long_ago = make_employer(), NOW - timedelta(days=1200)
    with transaction():
        old = ContactLine(ContactKind.CALL, TODAY - timedelta(days=1200), "Gammelt")
        gone = write_contact(employer, old, by=karin, at=long_ago)
        db.session.flush()
        db.session.add(
            EmployerContact(
                employer_id=employer.id,
                municipality_id=employer.municipality_id,
                kind=ContactKind.CALL,
                happened_on=old.happened_on,
                written_at=long_ago,
                written_by_id=karin.id,
                earlier_of_id=gone.id,
                replaced_at=long_ago,
            )
        )
        waiting = ContactLine(
            ContactKind.CALL, old.happened_on, next_step="Ring", next_on=TODAY - timedelta(days=1100)
        )
        write_contact(employer, waiting, by=karin, at=long_ago)
        write_contact(employer, ContactLine(ContactKind.CALL, TODAY, "Nyt"), by=karin, at=NOW)
    forget = next(one for one in rooms().forgets if one.__name__ == "forget_old_contacts")

    with transaction():
        forgot = forget(NOW, {"KEEP_EMPLOYER_CONTACTS": timedelta(days=1096)})

    assert forgot["employer_contacts"] == 2
    assert len(db.session.scalars(sa.select(EmployerContact.id)).all()) == 2


@pytest.mark.both_engines
def test_an_employer_is_quiet_until_somebody_speaks_with_it(client_for: ClientFor, karin: User) -> None:
    early, karins = NOW - timedelta(days=400), client_for(karin)
    quiet, called, answered, noted = (
        make_employer(name, approved_at=early) for name in ("Stille", "Ringet", "Svaret", "Noteret")
    )
    make_employer("Ny", approved_at=NOW - timedelta(days=10))
    factories.make_employer_contact(called)
    factories.make_employer_contact(noted, kind=ContactKind.NOTE, next_step=None, next_on=None)
    factories.make_employer_contact(
        noted, happened_on=TODAY - timedelta(days=90), next_step=None, next_on=None
    )
    factories.make_review(
        factories.make_match(factories.make_opening(answered)),
        citizen_answer=Answer.YES,
        employer_answer=Answer.NO,
    )

    def listed(query: str) -> list[str]:
        return [
            row.a.text for row in karins.get(f"/employers/?{query}").page.select("#employer-table tbody tr")
        ]

    assert listed("talked=quiet&sort=talked") == ["Stille", "Noteret"]
    assert listed("sort=talked&dir=desc")[-2:] == ["Ny", "Stille"]
    assert "Sidst talt med den 17. november 2026" in karins.get(f"/employers/{called.id}").words
    assert "Ingen har talt med" in karins.get(f"/employers/{quiet.id}").words


def test_every_link_to_a_neighbours_firm_leads_somewhere(client_for: ClientFor, karin: User) -> None:
    """It is phoned about a suggestion; its own page is its municipality's."""
    firm = make_employer("Dortes Hotel", owner="Dorte", in_municipality="Fredensborg")
    opening = factories.make_opening(firm, visible_to_neighbours=True)
    call = factories.make_call(
        factories.make_review(factories.make_match(opening), citizen_answer=Answer.YES)
    )
    karins = client_for(karin)
    said = {"words": "Chefen er på ferie", "next_step": "Ring igen", "next_on": "30-11-2026"}

    def leads_on(page: str, inside: str) -> set[int]:
        links = karins.get(page).page.select(f"{inside} a[href^='/']")
        return {karins.get(str(link["href"])).status_code for link in links}

    assert leads_on("/answers/calls", "#call-list tbody") == {200}
    assert karins.post(f"/answers/calls/{call.id}/done", said).status_code == 303
    line = the_line()
    assert leads_on("/contacts/", "#contact-list tbody") == {200}
    assert leads_on(f"/contacts/{line.id}", "nav") == {200}
    done = karins.post(f"/contacts/{line.id}/step-done")
    assert karins.get(str(done.headers["Location"])).status_code == 200


@pytest.mark.both_engines
def test_an_answer_after_midnight_is_of_the_day_it_was_in_denmark(app: Flask, karin: User) -> None:
    employer = make_employer()
    factories.make_review(
        factories.make_match(factories.make_opening(employer)),
        citizen_answer=Answer.YES,
        employer_answer=Answer.NO,
        employer_answered_at=datetime(2026, 11, 16, 23, 30, tzinfo=UTC),
    )

    assert last_talk_with(employer.id) == date(2026, 11, 17)


def test_a_call_about_a_proposal_and_one_about_an_opening_are_contacts(
    client_for: ClientFor, karin: User
) -> None:
    call, karins = factories.make_call(), client_for(karin)
    opening = call.review.match.opening
    assert karins.get("/answers/calls").page.select_one(f"a[href='/answers/calls/{call.id}/done']")

    said = {"words": "Chefen er på ferie", "spoke_with": "Bo", "next_step": "Ring igen"}
    assert karins.post(f"/answers/calls/{call.id}/done", said).status_code == 422
    early = karins.post(f"/answers/calls/{call.id}/done", {**said, "next_on": "1-11-2026"})
    assert early.status_code == 409
    karins.post(f"/answers/calls/{call.id}/done", {**said, "next_on": "30-11-2026"})
    karins.post(f"/answers/opening/{opening.id}/message", {"how": "phone"})

    first, second = db.session.scalars(sa.select(EmployerContact).order_by(EmployerContact.id)).all()
    assert (first.words, first.spoke_with, first.next_step) == ("Chefen er på ferie", "Bo", "Ring igen")
    assert (first.employer_id, second.words) == (opening.employer_id, f"Om pladsen {opening.title}")
