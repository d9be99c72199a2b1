"""Karin speaks with a company before it takes part; when it does, all that was said goes along."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.loop.employers.models import Employer, EmployerInvitation
from portal.shared.accounts.models import User
from portal.web.rooms import rooms
from portal.workspaces.contacts.models import ContactKind, EmployerContact, EmployerProspect
from portal.workspaces.contacts.services import ContactLine, write_contact
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_employer, make_prospect, next_cvr

ClientFor = Callable[[User | None], PortalClient]
TALK = {"kind": "call", "happened_on": "18-11-2026", "words": "De vil se en kandidat"}


def prospect_now() -> EmployerProspect:
    db.session.rollback()
    return db.session.scalars(sa.select(EmployerProspect)).one()


def test_a_prospect_becomes_an_employer_with_its_contacts_and_an_invitation(
    client_for: ClientFor, karin: User
) -> None:
    karins, cvr = client_for(karin), next_cvr()
    assert karins.post("/prospects/new", {"name": ""}).status_code == 422
    told = {"name": "Vaskeriet", "contact_name": "Vera", "contact_email": "Vera@vask.example"}
    assert karins.post("/prospects/new", {**told, "phone": "20 20 20 20"}).status_code == 303
    prospect = prospect_now()
    assert karins.post(f"/prospects/{prospect.id}/contacts", TALK).status_code == 303
    page = karins.get(f"/prospects/{prospect.id}")
    assert "De vil se en kandidat" in page.words
    assert page.page.select_one("a[href='tel:20202020']")
    assert "Vaskeriet" in karins.get("/contacts/").words
    assert "Vaskeriet" not in karins.get("/employers/").words

    form = karins.get(f"/prospects/{prospect.id}/take-in").page
    assert str(form.select_one("#contact_email")["value"]) == "vera@vask.example"  # type: ignore[index]
    details = {
        "cvr": cvr,
        "company_name": "Vaskeriet",
        "industry": "rengoering",
        "address": "Damvej 1",
        "postcode": "3300",
        "contact_name": "Vera",
        "contact_email": "vera@vask.example",
        "invite": "y",
    }
    assert karins.post(f"/prospects/{prospect.id}/take-in", details).status_code == 303

    employer = db.session.scalars(sa.select(Employer).where(Employer.cvr == cvr)).one()
    assert "De vil se en kandidat" in karins.get(f"/employers/{employer.id}").words
    assert db.session.scalars(sa.select(EmployerInvitation.email)).all() == ["vera@vask.example"]
    joined = prospect_now()
    assert (joined.employer_id, joined.contact_email) == (employer.id, "")
    for page in ("", "/edit", "/take-in"):
        led = karins.get(f"/prospects/{joined.id}{page}")
        assert led.headers["Location"].endswith(f"/employers/{employer.id}"), page
    assert karins.post(f"/prospects/{joined.id}/drop").status_code == 409

    # Pages that a colleague still has open: nobody becomes two firms, and what is said stands with the employer.
    again = karins.post(f"/prospects/{joined.id}/take-in", {**details, "cvr": next_cvr(), "invite": ""})
    assert again.status_code == 409
    assert len(db.session.scalars(sa.select(Employer)).all()) == 1
    later = {**TALK, "words": "Sagt i telefonen bagefter"}
    assert karins.post(f"/prospects/{joined.id}/contacts", later).status_code == 303
    assert "Sagt i telefonen bagefter" in karins.get(f"/employers/{employer.id}").words


def test_what_is_said_while_a_colleague_takes_it_in_stands_with_the_employer(karin: User) -> None:
    prospect, employer = make_prospect(), make_employer()
    with transaction():
        mine = db.session.get_one(EmployerProspect, prospect.id)
        assert mine.employer is None
        taken = {"employer_id": employer.id, "joined_at": NOW}
        db.session.execute(
            sa.update(EmployerProspect).values(taken).execution_options(synchronize_session=False)
        )
        write_contact(mine, ContactLine(ContactKind.CALL, TODAY, "Ring"), by=karin, at=NOW)

    assert db.session.scalars(sa.select(EmployerContact.employer_id)).all() == [employer.id]


def test_a_prospect_that_registers_itself_is_known_by_its_number_or_said_to_be_that_one(
    client_for: ClientFor, karin: User
) -> None:
    karins = client_for(karin)
    by_number, by_name = make_prospect("Vaskeriet", cvr=next_cvr()), make_prospect("Kroen")
    for one in (by_number, by_name):
        factories.make_employer_contact(one)
    assert karins.post("/prospects/new", {"name": "Igen", "cvr": by_number.cvr or ""}).status_code == 409
    wish = factories.make_registration(cvr=by_number.cvr)

    karins.post(f"/employers/registrations/{wish.id}/approve")
    other = make_employer("Kroen ved Havnen")
    assert karins.post(f"/prospects/{by_name.id}/join", {"employer_id": "0"}).status_code == 422
    assert karins.post(f"/prospects/{by_name.id}/join", {"employer_id": other.id}).status_code == 303

    became = db.session.scalars(sa.select(Employer).where(Employer.cvr == wish.cvr)).one()
    lines = db.session.scalars(sa.select(EmployerContact.employer_id).order_by(EmployerContact.id)).all()
    assert lines == [became.id, other.id]
    assert karins.get("/prospects/").page.select("#prospect-table") == []


def test_a_prospect_that_came_to_nothing_goes_with_all_that_was_said(
    client_for: ClientFor, karin: User
) -> None:
    prospect, karins = make_prospect(), client_for(karin)
    line = factories.make_employer_contact(prospect)
    karins.post(f"/contacts/{line.id}/edit", {**TALK, "version": "1"})

    assert karins.post(f"/prospects/{prospect.id}/drop").status_code == 303

    db.session.rollback()
    assert db.session.scalars(sa.select(EmployerContact.id)).all() == []
    assert db.session.scalars(sa.select(EmployerProspect.id)).all() == []


def test_a_prospect_is_forgotten_when_nothing_is_left_of_it(karin: User) -> None:
    """Holding employer_prospects."""
    long_ago = NOW - timedelta(days=1200)
    make_prospect("Gammel", created_at=long_ago)
    factories.make_employer_contact(
        make_prospect("Aldrig ringet igen", created_at=long_ago),
        happened_on=long_ago.date(),
        next_on=long_ago.date() + timedelta(days=7),
    )
    factories.make_employer_contact(make_prospect("Talt med", created_at=long_ago), happened_on=TODAY)
    forget = next(one for one in rooms().forgets if one.__name__ == "forget_old_contacts")

    with transaction():
        forgot = forget(NOW, {"KEEP_EMPLOYER_CONTACTS": timedelta(days=1096)})

    assert forgot["employer_prospects"] == 2
    assert db.session.scalars(sa.select(EmployerProspect.name)).all() == ["Talt med"]
