import csv
import io
from collections.abc import Callable
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Industry
from portal.loop.employers.models import (
    AccessReview,
    Employer,
    EmployerRegistration,
    EmployerStatus,
    RegistrationStatus,
    UnconfirmedRegistration,
    Workplace,
)
from portal.shared.accounts.models import User
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import Mail, MailKind
from portal.web.permissions import Role
from tests.client import PortalClient, PortalResponse, counted_statements
from tests.factories import CVRS, NOW, make_employer, municipality, owner_of

CHOSEN_PASSWORD = {"password": "tre ord efter", "repeated": "tre ord efter"}

Clients = Callable[[User | None], PortalClient]


def filled(**values: str) -> dict[str, str]:
    return {
        "cvr": CVRS[0],
        "company_name": "Bos Køkken ApS",
        "industry": "koekken",
        "sector": "private",
        "municipality_id": str(municipality().id),
        "p_number": "1012345678",
        "address": "Havnevej 1",
        "postcode": "3300",
        "full_time_staff": "12,5",
        "contact_name": "Bo Berg",
        "contact_email": "bo@firma.dk",
        "contact_phone": "47112233",
        **values,
    }


def register(client: PortalClient, **values: str) -> PortalResponse:
    return client.post("/employers/register", filled(**values))


def confirm_link(email: str) -> str:
    """The link in the newest mail to the address, without the server's name."""
    mail = db.session.scalars(
        sa.select(Mail)
        .where(Mail.recipient == email, Mail.kind == MailKind.CONFIRM_REGISTRATION)
        .order_by(Mail.id.desc())
    ).first()
    assert mail is not None
    return urlsplit(Link.read(mail.links["confirm"]).address()).path


def confirmed(client: PortalClient, **values: str) -> EmployerRegistration:
    """Registered, and confirmed by the link in the mail."""
    typed = filled(**values)
    client.post("/employers/register", typed)
    client.post(confirm_link(typed["contact_email"].lower()), CHOSEN_PASSWORD)
    return latest()


def latest() -> EmployerRegistration:
    statement = sa.select(EmployerRegistration).order_by(EmployerRegistration.id.desc()).limit(1)
    return db.session.scalars(statement).one()


def test_a_machine_cannot_fill_the_consultants_list(visitor: PortalClient) -> None:
    """A handful of registrations from one address; then a message, with what was typed kept."""
    answers = [
        visitor.post("/employers/register", filled(contact_email=f"bo{number}@firma.dk"))
        for number in range(6)
    ]

    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    name = answers[-1].page.select_one("[name=company_name]")
    assert name is not None
    assert name["value"] == "Bos Køkken ApS"
    assert db.session.query(UnconfirmedRegistration).count() == 5


def test_an_employer_registers_and_reads_thanks(visitor: PortalClient) -> None:
    assert visitor.get("/employers/register").status_code == 200

    response = register(visitor)

    assert (response.status_code, response.location) == (303, "/employers/registered")
    assert visitor.get("/employers/registered").status_code == 200
    visitor.post(confirm_link("bo@firma.dk"), CHOSEN_PASSWORD)
    assert (latest().full_time_staff, latest().heads) == (Decimal("12.5"), None)


def test_how_many_people_there_are_follows_from_the_wish_to_the_file_of_employers(
    visitor: PortalClient, client_for: Clients, karin: User
) -> None:
    wish = confirmed(visitor, heads="13")
    client = client_for(karin)

    page = client.get(f"/employers/registrations/{wish.id}").words
    assert "Personer 13" in page
    client.post(f"/employers/registrations/{wish.id}/approve")

    assert db.session.scalars(sa.select(Workplace.heads)).one() == 13
    (row,) = csv.DictReader(
        io.StringIO(client.get("/employers/?format=csv").get_data(as_text=True)), delimiter=";"
    )
    assert (row["Ansatte, omregnet til fuldtid"], row["Personer"]) == ("12,5", "13")


def test_known_cvr_and_known_email_read_exactly_the_same(visitor: PortalClient) -> None:
    make_employer(cvr=CVRS[1])
    new = register(visitor)

    known_cvr = register(visitor, cvr=CVRS[1], contact_email="pia@firma.dk")
    known_email = register(visitor, cvr=CVRS[2])

    for response in (known_cvr, known_email):
        assert (response.status_code, response.location) == (new.status_code, new.location)
        assert response.get_data() == new.get_data()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cvr", "13748137"),
        ("cvr", "00000000"),
        ("cvr", "1374813"),
        ("cvr", "１３７４８１３７"),
        ("p_number", "123"),
        ("p_number", "12345678901"),
        ("industry", "skibsfart"),
        ("industry", ""),
        ("municipality_id", "2147483648"),
        ("municipality_id", "x"),
        ("postcode", "33000"),
        ("full_time_staff", "-1"),
        ("full_time_staff", "NaN"),
        ("full_time_staff", "1e99"),
        ("full_time_staff", "mange"),
        ("heads", "12"),  # 12.5 full-time persons are at least 13 people
        ("heads", "-1"),
        ("heads", "100001"),
        ("heads", "to"),
        ("heads", "13,5"),
        ("contact_email", "bo"),
        ("contact_phone", "12"),
        ("contact_name", "Bo 010190-1234"),
        ("company_name", "x" * 121),
        ("company_name", "Bo\x00"),
    ],
)
def test_mistakes_are_told_next_to_the_field(visitor: PortalClient, field: str, value: str) -> None:
    response = register(visitor, **{field: value})

    assert response.status_code == 422
    assert response.page.select_one(f"#{field}[aria-invalid=true]")
    assert response.page.select_one("#address")["value"] == "Havnevej 1"


def test_who_awaits_approval_sees_only_that(app: Flask, client_for: Clients, visitor: PortalClient) -> None:
    confirmed(visitor)
    bo = latest().user
    client = client_for(bo)

    assert client.get("/employers/own").page.select_one("#pending-page")
    assert client.get("/openings/new").location == "/posting/"
    assert "Kommunen har ikke godkendt jer endnu" in client.get("/posting/").words
    assert client.get("/").page.select_one("main a[href='/employers/own']")
    assert client.get("/employers/own/contact").status_code == 404


def test_karin_approves_after_a_look(client_for: Clients, visitor: PortalClient, karin: User) -> None:
    confirmed(visitor)
    wish, client = latest(), client_for(karin)
    url = f"/employers/registrations/{wish.id}"

    assert client.get("/employers/registrations?status=pending").page.select_one(f'a[href="{url}"]')
    response = client.post(f"{url}/approve")

    employer = db.session.scalars(sa.select(Employer).where(Employer.cvr == CVRS[0])).one()
    assert response.location == f"/employers/{employer.id}"
    assert client_for(wish.user).get("/employers/own").page.select_one("#own-employer")


def test_refusal_needs_a_reason_which_bo_reads(
    client_for: Clients, visitor: PortalClient, karin: User
) -> None:
    confirmed(visitor)
    wish, client = latest(), client_for(karin)
    url = f"/employers/registrations/{wish.id}"

    assert client.post(f"{url}/refuse", {"reason": ""}).status_code == 422
    assert client.post(f"{url}/refuse", {"reason": "Vi kan ikke finde jer"}).status_code == 303
    assert client.post(f"{url}/approve").status_code == 409

    assert "Vi kan ikke finde jer" in client_for(wish.user).get("/employers/own").words


def test_a_neighbour_decides_nothing(client_for: Clients, visitor: PortalClient, lene: User) -> None:
    confirmed(visitor)
    url = f"/employers/registrations/{latest().id}"

    assert client_for(lene).get(url).status_code == 404
    assert client_for(lene).post(f"{url}/approve").status_code == 404
    assert latest().status is RegistrationStatus.PENDING


def test_list_is_searched_and_filtered(client_for: Clients, karin: User) -> None:
    kitchen = make_employer("Kantinen ved Åen")
    make_employer("Rene Linjer", industry=Industry.RENGOERING, owner="Dorte")
    client = client_for(karin)

    def names(query: str) -> list[str]:
        rows = client.get(f"/employers/?{query}").page.select("#employer-table tbody tr a")
        return [row.get_text() for row in rows]

    assert names("q=åen") == ["Kantinen ved Åen"]
    assert names(f"q={kitchen.cvr}") == ["Kantinen ved Åen"]
    assert names(f"q={kitchen.workplaces[0].p_number}") == ["Kantinen ved Åen"]
    assert names("industry=rengoering") == ["Rene Linjer"]
    assert names("status=passive") == []
    assert names("sort=name&dir=desc") == ["Rene Linjer", "Kantinen ved Åen"]
    assert names("status=%00&industry=x") == []


def test_list_fragment_and_csv(client_for: Clients, mette: User) -> None:
    make_employer()
    client = client_for(mette)

    page = client.get("/employers/").page.select_one("#employer-list")
    fragment = client.get("/employers/", htmx=True).page.select_one("#employer-list")

    assert str(page) == str(fragment)
    assert len(client.get("/employers/?format=csv").get_data(as_text=True).splitlines()) == 2


def test_statements_do_not_grow_with_the_list(client_for: Clients, karin: User) -> None:
    client = client_for(karin)
    for number in range(12):
        make_employer(f"Firma {number}", owner=None)

    with counted_statements(client.app) as statements:
        client.get("/employers/")

    assert len(statements) <= 12


def test_pause_and_back(client_for: Clients, karin: User, mette: User) -> None:
    employer = make_employer()
    url = f"/employers/{employer.id}"
    client = client_for(karin)

    assert client.post(f"{url}/passive").status_code == 303
    db.session.refresh(employer)
    assert employer.status is EmployerStatus.PASSIVE
    assert client.get(url).page.select_one(f'form[action="{url}/active"]')
    assert not client_for(mette).get(url).page.select("form.action-form[action*=active]")
    assert client_for(mette).post(f"{url}/active").status_code == 403
    assert client.post(f"{url}/active").status_code == 303


def test_strangers_get_404(client_for: Clients, lene: User) -> None:
    employer = make_employer()
    dorte = owner_of(make_employer("Dortes Rengøring", owner="Dorte"))

    assert client_for(lene).get(f"/employers/{employer.id}").status_code == 404
    assert client_for(lene).post(f"/employers/{employer.id}/passive").status_code == 404
    workplace = employer.workplaces[0].id
    assert client_for(dorte).get(f"/employers/own/workplaces/{workplace}/staff").status_code == 404
    assert client_for(dorte).get(f"/employers/{employer.id}").status_code == 403


def test_bo_keeps_his_page_up_to_date(client_for: Clients) -> None:
    employer = make_employer()
    client = client_for(owner_of(employer))
    staff = f"/employers/own/workplaces/{employer.workplaces[0].id}/staff"

    assert client.get(staff).page.select_one("#full_time_staff")["value"] == "10"
    assert client.post(staff, {"full_time_staff": "24,5", "stated_on": "2026-11-18"}).status_code == 303
    assert client.post(staff, {"full_time_staff": "24,5", "stated_on": "2026-11-19"}).status_code == 422
    assert client.post("/employers/own/contact", {"name": "Bo B", "phone": "47 99 88 77"}).status_code == 303
    place = {"name": "Filialen", "p_number": "1099999999", "address": "Vej 1", "postcode": "3390"}
    assert client.get("/employers/own/workplaces/new").status_code == 200
    assert client.post("/employers/own/workplaces/new", {**place, "full_time_staff": "0"}).status_code == 303
    assert client.post("/employers/own/workplaces/new", {**place, "full_time_staff": "0"}).status_code == 409

    words = client.get("/employers/own").words
    assert all(text in words for text in ("24,5", "Bo B", "47 99 88 77", "Filialen"))


def test_bo_counts_heads_beside_full_time_persons_and_may_not_know(client_for: Clients) -> None:
    employer = make_employer()
    client = client_for(owner_of(employer))
    url = f"/employers/own/workplaces/{employer.workplaces[0].id}/staff"
    said = {"full_time_staff": "3,0", "stated_on": "2026-11-18", "said_by": "Bo"}

    refused = client.post(url, {**said, "heads": "2"})

    field = refused.page.select_one("[name=heads]")
    assert (refused.status_code, field["value"], field["aria-invalid"]) == (422, "2", "true")
    assert "mindst 3 personer" in refused.words
    assert client.post(url, {**said, "heads": "3"}).status_code == 303
    assert "3 personer" in client.get("/employers/own").words
    assert client.post(url, {**said, "heads": ""}).status_code == 303
    assert "antal personer ikke oplyst" in client.get("/employers/own").words


def test_the_database_refuses_fewer_people_than_full_time_persons(app: Flask) -> None:
    workplace_id = make_employer(full_time_staff=Decimal("3.5")).workplaces[0].id

    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.get_one(Workplace, workplace_id).heads = 3


def test_employer_made_by_an_administrator_is_told_to_call(app: Flask, client_for: Clients) -> None:
    with transaction():
        user = User(email="ny@firma.dk", name="Ny", role=Role.EMPLOYER, created_at=NOW)
        db.session.add(user)

    assert client_for(user).get("/employers/own").page.select_one("#pending-page")


def test_the_employers_page_asks_little_of_the_database(client_for: Clients, visitor: PortalClient) -> None:
    """Also when somebody wishes to join, and a review is due."""
    employer = make_employer(cvr=CVRS[0])
    confirmed(visitor)
    with transaction():
        db.session.add(AccessReview(employer_id=employer.id, begun_at=NOW))
    client = client_for(owner_of(employer))
    client.get("/employers/own")

    with counted_statements(client.app) as statements:
        client.get("/employers/own")

    assert len(statements) <= 12
