"""A consultant takes an employer in, writes down what is known of it, and invites its people; so with imported ones."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Industry
from portal.loop.employers.models import ContactPerson, Employer, Sector, Workplace
from portal.loop.openings.models import OpeningStatus
from portal.shared.accounts.models import User
from portal.shared.outbox import letters
from portal.shared.outbox.models import Mail, MailKind
from portal.shared.rules.findings import Verdict
from portal.shared.rules.law.posting import employer_numbers
from portal.shared.rules.law.staff import staff_number
from portal.shared.rules.queries import rule_book
from portal.web.permissions import Role
from tests.client import PortalClient
from tests.factories import (
    CVRS,
    TODAY,
    make_colleague,
    make_employer,
    make_opening,
    make_registration,
    make_user,
    municipality,
    owner_of,
)
from tests.loop.employers.test_register import ONE, FakeRegister
from tests.loop.employers.test_views import CHOSEN_PASSWORD, confirmed

Clients = Callable[[User | None], PortalClient]


def written(**values: str) -> dict[str, str]:
    """The least a consultant must write of a new employer."""
    return {
        "cvr": CVRS[0],
        "company_name": "Bos Køkken ApS",
        "industry": "koekken",
        "sector": "",
        "address": "Havnevej 1",
        "postcode": "3300",
        **values,
    }


def the_employer(cvr: str = CVRS[0]) -> Employer:
    db.session.expire_all()
    return db.session.scalars(sa.select(Employer).where(Employer.cvr == cvr)).one()


@pytest.fixture
def imported(app: Flask) -> Employer:
    """As a file leaves it: a contact person without a login, and no sector."""
    employer = make_employer(owner=None)
    make_colleague(employer, "Ida", login=False)
    return employer


def test_karin_takes_an_employer_in_and_its_page_says_what_is_missing(
    client_for: Clients, karin: User
) -> None:
    client = client_for(karin)
    assert "Ny virksomhed" in client.get("/employers/").words

    response = client.post("/employers/new", written())

    employer = the_employer()
    assert response.location == f"/employers/{employer.id}"
    assert (employer.municipality_id, employer.sector) == (karin.municipality_id, None)
    (place,) = employer.workplaces
    assert (place.p_number, place.full_time_staff, place.staff_stated_on) == (None, Decimal(0), None)
    page = client.get(f"/employers/{employer.id}").words
    for what in (
        "kontaktperson",
        "P-nummer",
        "antal ansatte",
        "medarbejdernes repræsentant",
        "privat eller offentlig",
    ):
        assert f"Mangler: {what}" in page or f"Mangler: om virksomheden er {what}" in page, what


def test_each_missing_piece_has_a_button_to_the_field_that_mends_it(client_for: Clients, karin: User) -> None:
    client = client_for(karin)
    client.post("/employers/new", written())
    employer = the_employer()

    ways = [link["href"] for link in client.get(f"/employers/{employer.id}").page.select("#missing a")]

    assert len(ways) == 5
    for way in map(str, ways):
        path, _sharp, field = way.partition("#")
        page = client.get(path)
        assert page.status_code == 200, way
        assert not field or page.page.select_one(f"#{field}"), way
    place = employer.workplaces[0]
    client.post(
        f"/employers/{employer.id}/workplaces/{place.id}/edit",
        {
            "name": "Køkkenet",
            "p_number": "1012345678",
            "address": "Havnevej 1",
            "postcode": "3300",
            "full_time_staff": "12,5",
            "heads": "14",
            "staff_stated_on": "18-11-2026",
            "staff_stated_by": "Ida Bæk",
            "representative_name": "Grete",
            "representative_phone": "47112233",
            "version": str(employer.version),
        },
    )
    place = the_employer().workplaces[0]
    assert (place.name, place.p_number, place.full_time_staff, place.heads) == (
        "Køkkenet",
        "1012345678",
        Decimal("12.5"),
        14,
    )
    assert (place.staff_stated_on, place.staff_stated_by, place.representative_name) == (
        TODAY,
        "Ida Bæk",
        "Grete",
    )
    assert (
        "antal ansatte" not in client.get(f"/employers/{employer.id}").page.select("#missing")[0].get_text()
    )


def test_the_register_fills_in_what_it_knows(app: Flask, client_for: Clients, karin: User) -> None:
    app.extensions["business-register"] = FakeRegister(ONE)
    try:
        page = client_for(karin).post("/employers/new", {"cvr": CVRS[0], "step": "look-up"}).page
    finally:
        app.extensions["business-register"] = None

    values = {
        name: page.select_one(f"[name={name}]")["value"] for name in ("company_name", "p_number", "address")
    }  # type: ignore[index]
    assert values == {"company_name": "BOS KØKKEN APS", "p_number": ONE.p_number, "address": ONE.address}


def test_the_same_cvr_twice_is_warned_of_with_a_link(client_for: Clients, karin: User) -> None:
    known = make_employer(cvr=CVRS[0])

    answer = client_for(karin).post("/employers/new", written())

    assert answer.status_code == 409
    link = answer.page.select_one(".alert-error a")
    assert link is not None
    assert link["href"] == f"/employers/{known.id}"
    assert answer.page.select_one("[name=company_name]")["value"] == "Bos Køkken ApS"  # type: ignore[index]


def test_another_municipalitys_employer_is_named_by_its_municipality_alone(
    client_for: Clients, karin: User
) -> None:
    known = make_employer("Dortes Hemmelige ApS", cvr=CVRS[0], in_municipality="Fredensborg")

    answer = client_for(karin).post("/employers/new", written())

    assert answer.status_code == 409
    assert "Den hører til Fredensborg Kommune" in answer.words
    assert known.name not in answer.words


def test_an_employer_that_waits_for_an_answer_gets_it_instead(client_for: Clients, karin: User) -> None:
    wish = make_registration(cvr=CVRS[0])

    answer = client_for(karin).post("/employers/new", written())

    assert answer.status_code == 409
    assert answer.page.select_one(f".alert-error a[href='/employers/registrations/{wish.id}']")


def test_an_invitation_needs_an_address_and_goes_out_with_the_new_employer(
    app: Flask, client_for: Clients, karin: User
) -> None:
    client = client_for(karin)
    refused = client.post("/employers/new", written(contact_name="Ida Bæk", invite="y"))
    assert refused.status_code == 422
    assert "Skriv den e-mail, som invitationen skal sendes til." in refused.words

    client.post("/employers/new", written(contact_name="Ida Bæk", contact_email="Ida@firma.dk", invite="y"))

    mail = db.session.scalars(sa.select(Mail).where(Mail.kind == MailKind.INVITATION)).one()
    assert mail.recipient == "ida@firma.dk"
    assert "Karin Holm har inviteret dig" in mail.text
    link = urlsplit(letters.Link.read(mail.links["accept"]).address()).path
    assert client_for(None).post(link, {"phone": "47112255", **CHOSEN_PASSWORD}).location == "/login"
    (contact,) = the_employer().contacts
    assert (contact.name, contact.phone, contact.user is not None) == ("Ida Bæk", "47 11 22 55", True)


def test_an_imported_contact_is_invited_again_and_the_invitation_withdrawn(
    client_for: Clients, karin: User, imported: Employer
) -> None:
    client, (ida,) = client_for(karin), imported.contacts
    page = f"/employers/{imported.id}"
    invite = f"{page}/contacts/{ida.id}/invite"
    assert client.get(page).page.select_one(f"form[action='{invite}']")
    assert client.post(invite).location == page
    first, *_none = db.session.scalars(sa.select(Mail).where(Mail.kind == MailKind.INVITATION)).all()

    assert "Inviter igen" in client.get(page).words
    client.post(invite)

    old = urlsplit(letters.Link.read(first.links["accept"]).address()).path
    assert client_for(None).get(old).status_code == 410
    withdraw = client.get(page).page.select_one("form[action$='/withdraw']")
    assert withdraw is not None
    client.post(str(withdraw["action"]))
    assert "Inviter igen" not in client.get(page).words


def test_an_employer_with_people_of_its_own_lets_them_invite(client_for: Clients, karin: User) -> None:
    employer = make_employer()
    ida = make_colleague(employer, "Ida", login=False)
    client = client_for(karin)

    answer = client.post(f"/employers/{employer.id}/contacts/{ida.id}/invite")

    assert answer.status_code == 409
    assert "Virksomheden har selv nogen, der kan logge ind" in answer.words
    assert not client.get(f"/employers/{employer.id}").page.select("form[action$='/invite']")


def test_what_the_file_said_is_corrected_whole(client_for: Clients, karin: User, imported: Employer) -> None:
    client = client_for(karin)

    client.post(
        f"/employers/{imported.id}/edit",
        {
            "cvr": CVRS[1],
            "name": "Bos Køkken A/S",
            "industry": "rengoering",
            "sector": "private",
            "version": str(imported.version),
        },
    )

    employer = the_employer(CVRS[1])
    assert (employer.name, employer.industry, employer.sector) == (
        "Bos Køkken A/S",
        Industry.RENGOERING,
        Sector.PRIVATE,
    )
    assert [trade.industry for trade in employer.trades][-1] is Industry.RENGOERING


def test_a_contacts_address_is_corrected_and_the_old_link_dies(
    client_for: Clients, karin: User, imported: Employer
) -> None:
    client, (ida,) = client_for(karin), imported.contacts
    client.post(f"/employers/{imported.id}/contacts/{ida.id}/invite")
    mail = db.session.scalars(sa.select(Mail).where(Mail.kind == MailKind.INVITATION)).one()
    edit = f"/employers/{imported.id}/contacts/{ida.id}/edit"
    version = client.get(edit).page.select_one("[name=version]")["value"]  # type: ignore[index]

    client.post(edit, {"name": "Ida Bæk", "email": "ida@nyt.dk", "phone": "", "version": str(version)})

    assert the_employer(imported.cvr).contacts[0].email == "ida@nyt.dk"
    link = urlsplit(letters.Link.read(mail.links["accept"]).address()).path
    assert client_for(None).get(link).status_code == 410


def test_the_address_somebody_signs_in_with_stays_hers(client_for: Clients, karin: User) -> None:
    employer = make_employer()
    (bo,) = employer.contacts
    client, edit = client_for(karin), f"/employers/{employer.id}/contacts/{bo.id}/edit"
    assert not client.get(edit).page.select("[name=email]")

    client.post(edit, {"name": "Bo Berg", "email": "tyv@firma.dk", "phone": "47112299", "version": "1"})

    db.session.expire_all()
    contact = db.session.get_one(ContactPerson, bo.id)
    assert (contact.name, contact.email.startswith("bo"), contact.phone) == ("Bo Berg", True, "47 11 22 99")


def test_two_consultants_on_one_employer_do_not_save_over_each_other(
    client_for: Clients, karin: User, imported: Employer
) -> None:
    place = imported.workplaces[0]
    edit = f"/employers/{imported.id}/workplaces/{place.id}/edit"
    client = client_for(karin)
    fields = {
        "name": "Køkkenet",
        "address": "Havnevej 2",
        "postcode": "3300",
        "full_time_staff": "4",
        "version": "1",
    }
    assert client.post(edit, fields).location == f"/employers/{imported.id}"

    late = client.post(edit, {**fields, "name": "Kantinen"})

    assert late.status_code == 409
    assert "En anden har ændret det samme" in late.words
    assert late.page.select_one("[name=name]")["value"] == "Kantinen"  # type: ignore[index]


def test_a_stranger_s_employer_does_not_exist(client_for: Clients, karin: User, imported: Employer) -> None:
    other = make_employer("Dorte", in_municipality="Fredensborg")
    client = client_for(karin)
    place, (ida,) = other.workplaces[0], imported.contacts

    for path in (
        f"/employers/{other.id}/edit",
        f"/employers/{imported.id}/workplaces/{place.id}/edit",
        f"/employers/{other.id}/contacts/{ida.id}/edit",
    ):
        assert client.get(path).status_code == 404, path


def test_imported_openings_are_told_of_and_posted_by_the_consultant(
    client_for: Clients, karin: User, imported: Employer
) -> None:
    draft = make_opening(imported, status=OpeningStatus.DRAFT, title="Opvasker")
    client = client_for(karin)

    assert "Kladder til åbninger 1" in client.get("/").words
    page = client.get(f"/employers/{imported.id}")
    assert "Kladder, der ikke er slået op" in page.words
    assert page.page.select_one(f"#drafts a[href='/openings/{draft.id}']")
    client.post(f"/openings/{draft.id}/publish")

    assert db.session.merge(draft).status is OpeningStatus.PUBLISHED
    assert not client.get(f"/employers/{imported.id}").page.select("#drafts")


def test_an_employer_writes_its_p_number_when_it_has_it(client_for: Clients) -> None:
    employer = make_employer()
    with transaction():
        employer.workplaces[0].p_number = None
    bo = client_for(owner_of(employer))
    assert "Mangler: P-nummer" in bo.get("/employers/own").words

    bo.post(
        f"/employers/own/workplaces/{employer.workplaces[0].id}/edit",
        {"name": "Køkkenet", "p_number": "1098765432", "address": "Havnevej 3", "postcode": "3300"},
    )

    assert db.session.scalars(sa.select(Workplace.p_number)).one() == "1098765432"
    assert "Mangler: P-nummer" not in bo.get("/employers/own").words


def test_the_law_says_what_nobody_has_said(app: Flask) -> None:
    numbers = rule_book().on(TODAY, municipality().id)

    unsaid = staff_number(None, date(2026, 12, 1), numbers)
    assert (unsaid.rule, unsaid.verdict) == ("R2", Verdict.WARNING)
    assert "ikke oplyst" in str(unsaid.sentence)
    assert str(employer_numbers(CVRS[0], None, numbers).sentence) == "Arbejdsstedet mangler et P-nummer."


def test_an_account_tied_to_nothing_is_attached_by_an_invitation(
    client_for: Clients, karin: User, imported: Employer
) -> None:
    """Somebody whose employer is gone, or who was made without one, begins anew with the same account."""
    lost = make_user("Ida", Role.EMPLOYER, email="ida@firma.dk")
    client = client_for(karin)
    client.post(
        f"/employers/{imported.id}/contacts/new", {"name": "Ida", "email": "ida@firma.dk", "phone": ""}
    )
    contact = next(one for one in the_employer(imported.cvr).contacts if one.email == "ida@firma.dk")

    client.post(f"/employers/{imported.id}/contacts/{contact.id}/invite")

    mail = db.session.scalars(sa.select(Mail).where(Mail.kind == MailKind.INVITATION)).one()
    link = urlsplit(letters.Link.read(mail.links["accept"]).address()).path
    client_for(None).post(link, {"phone": "47112255", **CHOSEN_PASSWORD})
    assert client_for(db.session.merge(lost)).get("/employers/own").page.select_one("#own-employer")


def test_a_registration_asks_for_little_at_first(
    client_for: Clients, visitor: PortalClient, karin: User
) -> None:
    """The P-number, the staff and the representative are said later; what is wrong is told in the page's order."""
    page = visitor.get("/employers/register").page
    asked = [
        field["name"] for field in page.select("form .form-group [name]") if not field.find_parent("details")
    ]
    assert set(asked) == {"contact_name", "contact_email", "contact_phone"}

    empty = visitor.post("/employers/register", {})
    told = [link["href"] for link in empty.page.select("[data-error-summary] a")]
    assert told == ["#contact_name", "#contact_email", "#contact_phone"], (
        "the first step that lacks something"
    )

    later = ("p_number", "full_time_staff")
    wish = confirmed(visitor, **dict.fromkeys(later, ""))
    assert (wish.p_number, wish.staff_is_said) == ("", False)
    client = client_for(karin)
    client.get(f"/employers/registrations/{wish.id}")
    client.post(f"/employers/registrations/{wish.id}/approve")

    (place,) = the_employer().workplaces
    assert (place.p_number, place.staff_stated_on, place.staff_stated_by) == (None, None, "")
    assert "Mangler: antal ansatte" in client.get(f"/employers/{place.employer_id}").words
