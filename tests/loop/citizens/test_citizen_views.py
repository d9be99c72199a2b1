"""The pages of citizens, as Karin, Lene, Bo and Amira meet them."""

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.loop.citizens.models import Citizen, CitizenStatus
from portal.shared.accounts.models import AccessToken, User
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.shared.rules.checks import Born
from portal.web.permissions import Role
from tests.client import counted_statements
from tests.factories import NOW, make_card, make_citizen, make_employer, make_placement, owner_of


def form_of(citizen: Citizen, **changes) -> dict[str, str]:
    values = {
        "version": str(citizen.version),
        "case_reference": citizen.case_reference,
        "first_name": citizen.first_name,
        "last_name": citizen.last_name,
        "born": "1990-03-01",
        "phone": "",
        "consultant_id": "",
    }
    return values | changes


def fresh(citizen: Citizen) -> Citizen:
    """The row as it stands now."""
    return db.session.get_one(Citizen, citizen.id, populate_existing=True)


def names(response) -> list[str]:
    return [link.get_text() for link in response.page.select("#citizen-table tbody td:first-child a")]


def looks() -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.is_look).order_by(AuditEntry.id)))


# --- The list


def test_a_consultant_sees_only_her_own_municipality(client_for, karin):
    make_citizen("Amira")
    make_citizen("Selam", in_municipality="Fredensborg")

    page = client_for(karin).get("/citizens/")

    assert names(page) == ["Haddad, Amira"]


@pytest.mark.parametrize(
    "words",
    [
        "amira",
        "Amira Haddad",
        "Haddad, Amira",
        "26/4711",
        "K-",
        "Sagsnr. 26/4711",
        "sag 26-4711",
        "tlf. 20 12 34 56",
    ],
)
def test_the_list_is_searched_by_name_case_and_card(client_for, karin, words):
    make_card(make_citizen("Amira", case_reference="26/4711", phone="20 12 34 56"))
    make_citizen("Selam", last_name="Tesfay")

    page = client_for(karin).get("/citizens/", query_string={"q": words})

    assert names(page) == ["Haddad, Amira"]


def test_a_card_number_is_found_however_it_is_typed(client_for, karin):
    card = make_card()
    make_card(make_citizen("Selam"))
    digits = card.number.removeprefix("K-")

    for words in (
        digits,
        f"K-{digits}",
        f"k-{digits}",
        f"k{digits}",
        f"kort nr. K-{digits}",
        f"kort {digits}",
    ):
        assert names(client_for(karin).get(f"/citizens/?q={words}")) == ["Haddad, Amira"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=passive", ["Haddad, Passiva"]),
        ("consultant=mine", ["Haddad, Karins"]),
        ("consultant=none", ["Haddad, Medkort", "Haddad, Passiva"]),
        ("card=with", ["Haddad, Medkort"]),
        ("card=without", ["Haddad, Karins", "Haddad, Passiva"]),
        (
            "status=nonsense&consultant=99999999999&card=%00",
            ["Haddad, Karins", "Haddad, Medkort", "Haddad, Passiva"],
        ),
    ],
)
def test_the_list_is_filtered(client_for, karin, query, expected):
    make_citizen("Karins", consultant_id=karin.id)
    make_card(make_citizen("Medkort"))
    make_citizen("Passiva", status=CitizenStatus.PASSIVE, passive_since=NOW)

    assert names(client_for(karin).get(f"/citizens/?{query}")) == expected


def test_the_fragment_is_the_pages_region(client_for, karin):
    make_citizen()
    client = client_for(karin)

    page, fragment = client.get("/citizens/?q=am"), client.get("/citizens/?q=am", htmx=True)

    assert page.page.select_one("#citizen-list") == fragment.page.select_one("#citizen-list")


def test_the_list_and_its_file_leave_a_line_each(client_for, karin):
    make_citizen()
    client = client_for(karin)

    client.get("/citizens/")
    export = client.get("/citizens/?format=csv")

    assert "Amira Haddad" in export.get_data(as_text=True)
    assert [line.action for line in looks()] == ["citizens-listed", "citizens-exported"]


def test_the_list_costs_the_same_for_many(app, client_for, karin):
    client = client_for(karin)
    make_citizen(consultant_id=karin.id)
    with counted_statements(app) as few:
        client.get("/citizens/")
    for number in range(30):
        make_card(make_citizen(f"Borger{number}", consultant_id=karin.id))

    with counted_statements(app) as many:
        client.get("/citizens/")

    assert len(many) == len(few)
    assert len(many) <= 12


# --- New, detail, edit


def test_a_consultant_creates_a_citizen(client_for, karin):
    client = client_for(karin)
    client.get("/citizens/new")

    answer = client.post(
        "/citizens/new",
        {
            "case_reference": "26/10431",
            "first_name": "Amira",
            "last_name": "Haddad",
            "phone": "12345678",
            "consultant_id": str(karin.id),
        },
    )

    citizen = db.session.scalars(sa.select(Citizen)).one()
    assert answer.status_code == 303
    assert answer.location == f"/citizens/{citizen.id}"
    assert (citizen.consultant_id, citizen.municipality_id) == (karin.id, karin.municipality_id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("case_reference", "010190-1234"),
        ("first_name", "Amira 0101901234"),
        ("last_name", "x" * 81),
        ("phone", "ikke et nummer"),
        ("born", "2199-01-01"),
        ("born", "i går"),
        ("born", "31-02-1986"),
        ("born", "1899"),
        ("born", "2027"),
        ("born", "68"),
        ("born", "0000"),
        ("born", "for længe siden"),
        ("born", "99999999999999999999"),
        ("consultant_id", "999999"),
        ("consultant_id", "x"),
        ("first_name", "Ami\x00ra"),
    ],
)
def test_bad_input_is_answered_next_to_the_field_and_nothing_is_lost(client_for, karin, field, value):
    values = {"case_reference": "26/1", "first_name": "Amira", "last_name": "Haddad", "consultant_id": ""}

    answer = client_for(karin).post("/citizens/new", values | {field: value})

    assert answer.status_code == 422
    assert answer.page.select_one(f"[name={field}]")["aria-invalid"] == "true"
    kept = "last_name" if field != "last_name" else "case_reference"
    assert answer.page.select_one(f"[name={kept}]")["value"] == values[kept]


def test_a_year_stands_where_the_day_is_not_known(client_for, karin):
    citizen = make_citizen()
    client = client_for(karin)
    url = f"/citizens/{citizen.id}"

    assert client.post(f"{url}/edit", form_of(citizen, born="2010")).status_code == 303

    assert (fresh(citizen).born_on, fresh(citizen).born) == (None, Born.in_year(2010))
    assert "Født 2010 (kun året kendes)" in client.get(url).words
    assert client.get(f"{url}/edit").page.select_one("[name=born]")["value"] == "2010"
    told = client.get(f"/mine/data/json/of/{citizen.id}").get_data()
    (row,) = json.loads(told)["tables"]["citizens"]
    assert (row["born_on"], row["birth_year"]) == (None, 2010)
    assert client.post(f"{url}/edit", form_of(fresh(citizen))).status_code == 303
    assert fresh(citizen).born == Born.on(date(1990, 3, 1))
    assert "Født 1. marts 1990" in client.get(url).words


@pytest.mark.parametrize("typed", ["31-02-1986", "12. frost 1986", "198"])
def test_a_birth_that_cannot_be_read_is_kept_as_typed(client_for, karin, typed):
    citizen = make_citizen()

    answer = client_for(karin).post(f"/citizens/{citizen.id}/edit", form_of(citizen, born=typed))

    assert (answer.status_code, answer.page.select_one("[name=born]")["value"]) == (422, typed)
    assert "1986" in answer.page.select_one("#born-error").get_text()
    assert fresh(citizen).born_on == date(1990, 3, 1)


@pytest.mark.parametrize("field", ["first_name", "last_name"])
def test_somebody_with_one_name_alone_is_taken_in(client_for, karin, field):
    """Whichever field it is written in; she stands in lists under it."""
    client = client_for(karin)

    assert client.post("/citizens/new", {"case_reference": "26/9", field: "Amina"}).status_code == 303

    amina = db.session.scalars(sa.select(Citizen)).one()
    assert (amina.name, amina.first_name, amina.last_name, amina.name_in_lists) == (
        "Amina",
        "Amina",
        "",
        "Amina",
    )
    make_citizen("Bodil", last_name="Abel")
    make_citizen("Bodil", last_name="Zoffmann")
    assert names(client.get("/citizens/")) == ["Abel, Bodil", "Amina", "Zoffmann, Bodil"]
    assert client.get(f"/citizens/{amina.id}/edit").page.select_one("[name=first_name]")["value"] == "Amina"


def test_somebody_without_any_name_is_refused(client_for, karin):
    answer = client_for(karin).post("/citizens/new", {"case_reference": "26/9"})

    assert answer.status_code == 422
    assert answer.page.select_one("#first_name-error").get_text(strip=True).endswith("Skriv borgerens navn.")


@pytest.mark.parametrize(
    "words",
    [
        "warsame abdi",
        "abdi warsame",
        "al sayed",
        "AL-SAYED",
        "+45 20 12 34 56",
        "20123456",
        "26-0815",
        "26 0815",
        "k 77",
    ],
)
def test_the_list_is_searched_in_any_order_and_spelling(client_for, karin, words):
    make_card(
        make_citizen("Abdi", last_name="Al-Sayed Warsame", phone="20 12 34 56", case_reference="26/0815"),
        number="K-77",
    )
    make_card(make_citizen("Selam", last_name="Tesfay", phone="20 99 99 99"), number="K-1")

    assert names(client_for(karin).get("/citizens/", query_string={"q": words})) == ["Al-Sayed Warsame, Abdi"]


@pytest.mark.parametrize("birth", [{"birth_year": 1899}, {"born_on": date(1990, 3, 1), "birth_year": 1990}])
def test_the_database_refuses_two_births_and_a_year_that_cannot_be(app, birth):
    named = make_citizen(born_on=None).id

    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.update(Citizen).where(Citizen.id == named).values(birth))


def test_a_case_reference_in_use_is_said_next_to_the_field(client_for, karin):
    make_citizen(case_reference="26/1")

    answer = client_for(karin).post(
        "/citizens/new",
        {"case_reference": "26/1", "first_name": "Selam", "last_name": "T", "consultant_id": ""},
    )

    assert answer.status_code == 409
    assert answer.page.select_one("#case_reference-error")


def test_opening_a_citizen_leaves_a_read_line_with_its_purpose(client_for, karin):
    citizen = make_citizen()

    page = client_for(karin).get(f"/citizens/{citizen.id}")

    assert page.status_code == 200
    line = looks()[-1]
    assert (line.action, line.citizen_id, line.actor_id) == ("citizen-read", citizen.id, karin.id)
    assert line.purpose


def test_the_page_leads_to_the_card(client_for, karin):
    card = make_card()

    page = client_for(karin).get(f"/citizens/{card.citizen_id}")

    assert page.page.select_one(f"a[href='/cards/{card.id}']")


PAGES = ("", "/edit", "/erase")
POSTS = ("/edit", "/passive", "/active", "/login-code", "/login-code/withdraw", "/erase")


@pytest.mark.parametrize("path", PAGES)
def test_another_municipalitys_citizen_does_not_exist(client_for, lene, path):
    citizen = make_citizen()

    assert client_for(lene).get(f"/citizens/{citizen.id}{path}").status_code == 404


@pytest.mark.parametrize("action", POSTS)
def test_nobody_changes_another_municipalitys_citizen(client_for, lene, action):
    citizen = make_citizen()

    answer = client_for(lene).post(f"/citizens/{citizen.id}{action}", form_of(citizen))

    assert answer.status_code == 404
    assert fresh(citizen).version == 1


@pytest.mark.parametrize("path", PAGES)
def test_an_employer_has_no_access(client_for, path):
    citizen = make_citizen()
    bo = owner_of(make_employer())

    client = client_for(bo)

    assert client.get(f"/citizens/{citizen.id}{path}").status_code == 403
    assert client.get("/citizens/").status_code == 403


def test_a_citizen_sees_no_citizens_pages_but_her_own_list_of_looks(client_for):
    amira = make_citizen(with_login=True)
    client = client_for(db.session.get_one(User, amira.user_id))

    assert client.get(f"/citizens/{amira.id}").status_code == 403
    assert client.get("/citizens/looks").status_code == 200


def test_an_edit_is_saved(client_for, karin):
    citizen = make_citizen()

    answer = client_for(karin).post(f"/citizens/{citizen.id}/edit", form_of(citizen, phone="47112233"))

    assert answer.status_code == 303
    assert fresh(citizen).phone == "47 11 22 33"


def test_a_stale_edit_keeps_what_was_typed_and_may_be_saved_again(client_for, karin):
    citizen = make_citizen()
    client = client_for(karin)
    client.post(f"/citizens/{citizen.id}/edit", form_of(citizen, phone="11111111"))

    late = client.post(f"/citizens/{citizen.id}/edit", form_of(citizen, version="1", phone="22222222"))

    assert late.status_code == 409
    assert late.page.select_one("[name=phone]")["value"] == "22 22 22 22"
    seen = late.page.select_one("[name=version]")["value"]
    again = client.post(f"/citizens/{citizen.id}/edit", form_of(citizen, version=seen, phone="22222222"))
    assert again.status_code == 303


# --- Passive, code, erase


def test_passive_and_active_again(client_for, karin):
    citizen = make_citizen()
    client = client_for(karin)

    assert client.post(f"/citizens/{citizen.id}/passive").status_code == 303
    assert fresh(citizen).status is CitizenStatus.PASSIVE
    assert client.get(f"/citizens/{citizen.id}").status_code == 200

    assert client.post(f"/citizens/{citizen.id}/active").status_code == 303
    assert fresh(citizen).status is CitizenStatus.ACTIVE


def test_the_code_is_shown_once_on_a_sheet(client_for, karin):
    citizen = make_citizen()
    client = client_for(karin)

    sheet = client.post(f"/citizens/{citizen.id}/login-code")

    code = sheet.page.select_one("#login-code").get_text()
    assert len(code) == 14
    assert "http://localhost:5000/" in sheet.words
    assert db.session.scalars(sa.select(AccessToken)).one().secret_hash != code
    assert code not in client.get(f"/citizens/{citizen.id}").words


def test_a_code_can_be_withdrawn(client_for, karin):
    citizen = make_citizen()
    client = client_for(karin)
    client.post(f"/citizens/{citizen.id}/login-code")

    assert client.post(f"/citizens/{citizen.id}/login-code/withdraw").status_code == 303
    assert db.session.scalars(sa.select(AccessToken)).one().withdrawn_at == NOW


def test_erasing_needs_the_case_reference(client_for, karin):
    citizen = make_citizen()

    answer = client_for(karin).post(f"/citizens/{citizen.id}/erase", {"case_reference": "noget andet"})

    assert answer.status_code == 422
    assert fresh(citizen) is not None


def test_erasing_by_the_page(client_for, karin):
    citizen = make_citizen(with_login=True)
    page, reference = f"/citizens/{citizen.id}", citizen.case_reference
    client = client_for(karin)
    client.get(f"{page}/erase")

    answer = client.post(f"{page}/erase", {"case_reference": reference})

    assert (answer.status_code, answer.location) == (303, "/citizens/")
    assert client.get(page).status_code == 404


def test_a_refused_erasure_says_why(client_for, karin):
    placement = make_placement()
    citizen = placement.card.citizen

    answer = client_for(karin).post(
        f"/citizens/{citizen.id}/erase", {"case_reference": citizen.case_reference}
    )

    assert answer.status_code == 409
    assert "forløb" in answer.words


# --- Who looked


def test_the_citizen_sees_which_unit_looked_when_and_why_but_not_who(client_for, karin):
    amira = make_citizen(with_login=True)
    card = make_card(amira)
    client_for(karin).get(f"/cards/{card.id}")

    page = client_for(db.session.get_one(User, amira.user_id)).get("/citizens/looks")

    row = page.page.select_one("#look-table tbody tr").get_text(" ")
    assert "Halsnæs" in row
    assert karin.name not in page.page.select_one("main").get_text()


def test_her_own_looks_are_not_in_the_list(client_for):
    amira = make_citizen(with_login=True)
    make_card(amira)
    client = client_for(db.session.get_one(User, amira.user_id))

    client.get("/cards/own")

    assert not client.get("/citizens/looks").page.select("#look-table")


def test_the_list_of_looks_is_paged_searched_and_exported(client_for, karin):
    amira = make_citizen(with_login=True)
    with transaction():
        for number in range(30):
            db.session.add(
                AuditEntry(
                    at=NOW - timedelta(days=number),
                    action="citizen-read",
                    is_look=True,
                    actor_role=Role.CONSULTANT.value,
                    actor_unit="Halsnæs Kommune" if number else "Bos Køkken",
                    subject_type="citizens",
                    subject_id=amira.id,
                    citizen_id=amira.id,
                    purpose="Opslag",
                )
            )
    client = client_for(db.session.get_one(User, amira.user_id))

    assert len(client.get("/citizens/looks").page.select("#look-table tbody tr")) == 25
    assert len(client.get("/citizens/looks?q=køkken").page.select("#look-table tbody tr")) == 1
    assert client.get("/citizens/looks?format=csv").get_data(as_text=True).count("Opslag") == 30


def test_a_list_she_stood_on_is_in_her_log_gathered_by_day(client_for, karin):
    """Three looks at the list of citizens are one row, and the other citizen's log has its own."""
    amira, selam = make_citizen(with_login=True), make_citizen("Selam", with_login=True)
    browser = client_for(karin)
    for _ in range(2):
        browser.get("/citizens/")
    browser.get("/citizens/?q=Amira")
    browser.get("/citizens/?format=csv")

    def rows(of: Citizen) -> list[str]:
        table = client_for(db.session.get_one(User, of.user_id)).get("/citizens/looks").page
        return [" ".join(row.get_text(" ").split()) for row in table.select("#look-table tbody tr")]

    assert rows(amira) == [
        "18. november 2026 3 Halsnæs Kommune Liste over borgere",
        "18. november 2026 kl. 10.00 1 Halsnæs Kommune Liste hentet som fil",
    ]
    assert rows(selam)[0] == "18. november 2026 2 Halsnæs Kommune Liste over borgere"


def test_who_is_found_nowhere_is_in_nobodys_log(client_for, karin):
    make_citizen()

    client_for(karin).get("/citizens/?q=Nobody")

    (line,) = looks()
    assert (line.action, line.citizen_id) == ("citizens-listed", None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditPerson)) == 0
