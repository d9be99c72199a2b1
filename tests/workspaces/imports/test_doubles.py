"""A file that brings in somebody who is there already: asked about, line by line, and answered on the page."""

from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa

from portal.base.database import db
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen, ToldApart
from tests.factories import make_card, make_citizen

HEAD = "Sagsnummer;Fornavn;Efternavn;Fødselsdato;Færdigheder\n"


@pytest.fixture
def client(client_for, karin):
    return client_for(karin)


def upload(client, *rows: str) -> str:
    content = BytesIO((HEAD + "\n".join(rows)).encode())
    answer = client.post("/imports/", {"kind": "cards", "file": (content, "kort.csv")})
    assert answer.status_code == 303, answer.words
    return str(answer.location)


def amina() -> Citizen:
    return make_citizen("Amina", last_name="Warsame", born_on=date(1986, 3, 12), case_reference="26/10431")


def people() -> int:
    return db.session.scalar(sa.select(sa.func.count(Citizen.id))) or 0


def test_a_row_that_looks_like_somebody_waits_for_an_answer(client) -> None:
    card = make_card(amina())
    preview = upload(client, "26/9;Warsame;Amina;12-03-1986;opvask:2", "26/8;Selam;Tesfay;1990;bage:1")

    page = client.get(preview)

    assert f"Ligner {card.number}, Amina W.. Er det den samme?" in page.words
    options = [one["value"] for one in page.page.select("select[name=who] option")]
    assert options == ["", f"2-{card.citizen_id}", "2-0"]
    assert client.post(f"{preview}/confirm", {}).status_code == 409
    assert people() == 1


def test_it_is_her_and_her_own_number_stays(client) -> None:
    first = amina()
    preview = upload(client, "26/9;Warsame;Amina;12-03-1986;opvask:2")

    answer = client.post(f"{preview}/confirm", {"who": f"2-{first.id}"})

    assert answer.status_code == 303
    assert people() == 1
    stored = db.session.get_one(Citizen, first.id, populate_existing=True)
    assert stored.case_reference == "26/10431"
    card = db.session.scalars(sa.select(CompetenceCard)).one()
    assert (card.citizen_id, [line.text for line in card.evidence]) == (first.id, ["opvask"])


def test_it_is_another_and_nobody_is_asked_again(client, karin) -> None:
    first = amina()
    preview = upload(client, "26/9;Amina;Warsame;12-03-1986;opvask:2")

    assert client.post(f"{preview}/confirm", {"who": "2-0"}).status_code == 303

    assert people() == 2
    told = db.session.scalars(sa.select(ToldApart)).one()
    assert (told.citizen_id, told.told_by_id) == (first.id, karin.id)


def test_an_answer_stays_where_the_form_comes_back(client) -> None:
    first = amina()
    preview = upload(client, "26/9;Amina;Warsame;12-03-1986;opvask:2", "26/10;;X;1990;bage:1")

    answer = client.post(f"{preview}/confirm", {"who": f"2-{first.id}"})

    assert answer.status_code == 409
    assert answer.page.select_one("select[name=who] option[selected]")["value"] == f"2-{first.id}"


@pytest.mark.parametrize("who", ["2-999999", "x", "2-", "3-0"])
def test_an_answer_that_was_not_offered_is_none(client, who) -> None:
    amina()
    preview = upload(client, "26/9;Amina;Warsame;12-03-1986;opvask:2")

    assert client.post(f"{preview}/confirm", {"who": who}).status_code == 409
    assert people() == 1


@pytest.mark.parametrize("written", ["26-10431", "26 / 10431", "26\u201310431"])
def test_a_case_number_in_other_signs_is_the_same_person(client, written) -> None:
    first = amina()
    preview = upload(client, f"{written};Amina;Warsame;12-03-1986;opvask:2")

    assert client.post(f"{preview}/confirm", {}).status_code == 303
    assert people() == 1
    assert db.session.scalars(sa.select(CompetenceCard)).one().citizen_id == first.id


def test_one_name_alone_is_brought_in(client) -> None:
    preview = upload(client, "26/9;Amina;;1986;opvask:2")

    assert client.post(f"{preview}/confirm", {}).status_code == 303
    assert db.session.scalars(sa.select(Citizen)).one().name == "Amina"


def test_a_stranger_of_another_municipality_is_not_compared(client_for, lene) -> None:
    amina()
    client = client_for(lene)
    preview = upload(client, "26/9;Amina;Warsame;12-03-1986;opvask:2")

    assert client.get(preview).page.select("select[name=who]") == []
    assert client.post(f"{preview}/confirm", {}).status_code == 303


# --- Within one file -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "again",
    [
        "26/9;Amina;Warsame;12-03-1986;bage:1",
        "26/9;Warsame;Amina;12-03-1986;bage:1",
        "26/9;amina;WARSAME;1986;bage:1",
        "26/9;Amina;Warsame;;bage:1",
        "26/9;Aamiina;Warsaame;12-03-1986;bage:1",
        "26/9;Amina;;12-03-1986;bage:1",
    ],
)
def test_two_rows_that_look_like_one_person_are_asked_about(client, again) -> None:
    preview = upload(client, "26/8;Amina;Warsame;12-03-1986;opvask:2", again)

    page = client.get(preview)

    assert "Ligner linje 2. Er det den samme?" in page.words
    assert "slet den ene række" in page.words
    assert [one["value"] for one in page.page.select("select[name=who] option")] == ["", "3-0"]
    assert client.post(f"{preview}/confirm", {}).status_code == 409
    assert people() == 0


def test_two_of_a_file_who_are_two_are_told_apart(client, karin) -> None:
    preview = upload(client, "26/8;Amina;Warsame;12-03-1986;opvask:2", "26/9;Amina;Warsame;12-03-1986;bage:1")

    assert client.post(f"{preview}/confirm", {"who": "3-0"}).status_code == 303

    assert people() == 2
    told = db.session.scalars(sa.select(ToldApart)).one()
    assert told.told_by_id == karin.id


@pytest.mark.parametrize("other", ["26/9;Bo;Bæk;12-03-1986;bage:1", "26/9;Amina;Warsame;01-01-1990;bage:1"])
def test_two_of_a_file_who_are_not_alike_are_not_asked_about(client, other) -> None:
    preview = upload(client, "26/8;Amina;Warsame;12-03-1986;opvask:2", other)

    assert client.post(f"{preview}/confirm", {}).status_code == 303
    assert people() == 2


def test_two_rows_about_one_citizen_are_not_both_taken(client) -> None:
    first = amina()
    preview = upload(
        client, "26/10431;Amina;Warsame;12-03-1986;opvask:2", "26/9;Amina;Warsame;12-03-1986;bage:1"
    )

    answer = client.post(f"{preview}/confirm", {"who": f"3-{first.id}"})

    assert answer.status_code == 409
    assert "Linje 2 handler om samme borger" in answer.words
    assert people() == 1
