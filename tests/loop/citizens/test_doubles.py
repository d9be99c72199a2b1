"""The same person twice: asked about in forms, never across municipalities, and asked once."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.citizens import services
from portal.loop.citizens.doubles import Described, lookalikes
from portal.loop.citizens.models import Citizen, ToldApart
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.shared.rules.checks import Born
from tests.factories import NOW, make_card, make_citizen, make_told_apart

BORN = Born.on(date(1986, 3, 12))
AMINA = {"first_name": "Amina", "last_name": "Warsame", "born": "12-03-1986", "case_reference": "26/77"}


def amina(**values) -> Citizen:
    return make_citizen(
        **{"first_name": "Amina", "last_name": "Warsame", "born_on": date(1986, 3, 12)} | values
    )


@pytest.mark.parametrize(
    ("described", "is_asked"),
    [
        (Described("Amina", "Warsame"), True),
        (Described("Warsame", "Amina", BORN), True),
        (Described("Warsame, Amina", "", BORN), True),
        (Described("AMÍNA", "Wársame"), True),
        (Described("Amina", "Warsame", Born.in_year(1986)), True),
        (Described("Amina", "Warsame", Born.on(date(1986, 12, 3))), True),
        (Described("Amina", "Warsame", Born.in_year(1999)), False),
        (Described("Amina", "", BORN), True),
        (Described("Amina Hodan", "Warsame", BORN), True),
        (Described("Aminah", "Warsaame", BORN), True),
        (Described("Aminah", "Warsaame"), False),
        (Described("Amina", "Jensen", BORN), False),
        (Described("Selam", "Tesfay", BORN), False),
        (Described("Selam", "Tesfay", None, "+45 20 12 34 56"), True),
        (Described("Selam", "Tesfay", Born.in_year(2001), "20123456"), False),
        (Described("Selam", "Tesfay", None, None, "2610431"), True),
        (Described("Selam", "Tesfay", None, None, "Sagsnr. 26/10431"), True),
        (Described("Selam", "Tesfay", None, None, "2026-10431"), True),
        (Described("Selam", "Tesfay", None, None, "25/10431"), False),
        (Described("Amina", "Warsame", Born.on(date(1968, 3, 12))), True),
        (Described("Amina", "Warsame", Born.on(date(1968, 4, 11))), False),
        (Described("Amina", "Warsane", BORN), True),
        (Described("Anima", "Warsame", BORN), True),
        (Described("Amina", "Warsane", Born.in_year(1986)), False),
        (Described("Omina", "Wersami", BORN), True),
        (Described("Amina", "Hassan", BORN), False),
    ],
)
def test_who_is_asked_about(app: Flask, described: Described, is_asked: bool) -> None:
    first = amina(phone="20 12 34 56", case_reference="26/10431")

    found = lookalikes(first.municipality_id, described)

    assert [one.citizen_id for one in found] == ([first.id] if is_asked else [])
    assert all(one.reasons for one in found)


@pytest.mark.parametrize("written", ["Mohamed", "Muhammad", "Mohammed", "Mohamad"])
def test_other_letters_for_one_sound_are_a_hint_beside_a_birth(app: Flask, written: str) -> None:
    first = make_citizen("Mohamed", last_name="Yusuf", born_on=date(1990, 1, 1))

    alike = lookalikes(first.municipality_id, Described(written, "Yousef", Born.on(date(1990, 1, 1))))

    assert [one.citizen_id for one in alike] == [first.id]
    assert not lookalikes(first.municipality_id, Described(written, "Yousef"))


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        (("Hodan", "Axmed"), ("Hodan", "Ahmed")),
        (("Abdi", "Hussein"), ("Cabdi", "Xuseen")),
        (("Caasha", "Cali"), ("Aasha", "Ali")),
        (("Khadija", "Omar"), ("Hadija", "Cumar")),
        (("Fatma", "Al-Sayed"), ("Fatma", "Alsayed")),
        (("Fatma", "Al Sayed"), ("Fatma", "El-Sayed")),
        (("Oksana", "Kovalenko"), ("Oxana", "Kovalenko")),
        (("Oleksandra", "Petrenko"), ("Aleksandra", "Petrenko")),
        (("Tsegay", "Haile"), ("Segay", "Haile")),
        (("Kirsten", "Pedersen"), ("Kirsten", "Petersen")),
    ],
)
def test_a_name_in_the_letters_of_another_language_is_a_hint(
    app: Flask, stored: tuple[str, str], written: tuple[str, str]
) -> None:
    first = make_citizen(stored[0], last_name=stored[1], born_on=date(1990, 5, 17))

    alike = lookalikes(first.municipality_id, Described(*written, Born.on(date(1990, 5, 17))))

    assert [one.citizen_id for one in alike] == [first.id]
    assert not lookalikes(first.municipality_id, Described(*written))


def test_the_birthday_of_who_does_not_know_hers_says_nothing(app: Flask) -> None:
    first = amina(born_on=date(1986, 1, 1))

    assert not lookalikes(first.municipality_id, Described("Amina", "Warsame", Born.on(date(1990, 1, 1))))


def test_another_municipalitys_person_does_not_exist(app: Flask, client_for, lene) -> None:
    first = amina(case_reference="26/77")

    assert lookalikes(lene.municipality_id, Described("Amina", "Warsame", BORN)) == []
    answer = client_for(lene).post("/citizens/new", {**AMINA, "others": str(first.id)})
    assert answer.status_code == 303
    assert db.session.scalars(sa.select(ToldApart)).all() == []


def test_a_new_citizen_who_looks_like_one_is_asked_about_and_nothing_is_lost(client_for, karin) -> None:
    first = amina()
    card = make_card(first)
    client = client_for(karin)

    asked = client.post("/citizens/new", {**AMINA, "phone": "20 12 34 56"})

    assert asked.status_code == 409
    assert "Er det den samme?" in asked.words
    assert f"Ligner {card.number}, Amina W.: samme navn, født samme dag" in asked.words
    assert asked.page.select_one(f"a[href='/citizens/{first.id}']")
    for name, value in AMINA.items():
        assert asked.page.select_one(f"[name={name}]")["value"] == value
    assert db.session.scalar(sa.select(sa.func.count(Citizen.id))) == 1
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "citizens-listed")).one()
    assert db.session.scalars(
        sa.select(AuditPerson.citizen_id).where(AuditPerson.entry_id == line.id)
    ).all() == [first.id]


def test_whoever_is_another_is_taken_in_and_nobody_is_asked_again(client_for, karin) -> None:
    first = amina()
    client = client_for(karin)
    others = client.post("/citizens/new", AMINA).page.select_one("[name=others]")["value"]

    assert client.post("/citizens/new", {**AMINA, "others": others}).status_code == 303

    second = db.session.scalars(sa.select(Citizen).where(Citizen.id != first.id)).one()
    told = db.session.scalars(sa.select(ToldApart)).one()
    assert (told.citizen_id, told.other_id, told.told_by_id) == (first.id, second.id, karin.id)
    edited = client.post(
        f"/citizens/{second.id}/edit", {**AMINA, "phone": "20 12 34 56", "version": str(second.version)}
    )
    assert edited.status_code == 303


def test_an_edit_that_makes_two_alike_is_asked_about(client_for, karin) -> None:
    first = amina()
    other = make_citizen("Selam", last_name="Tesfay", case_reference="26/77")
    client, url = client_for(karin), f"/citizens/{other.id}/edit"

    asked = client.post(url, {**AMINA, "version": "1"})

    assert asked.status_code == 409
    assert "Er det den samme?" in asked.words
    assert db.session.get_one(Citizen, other.id, populate_existing=True).first_name == "Selam"
    assert client.post(url, {**AMINA, "version": "1", "others": str(first.id)}).status_code == 303


def test_what_was_so_all_along_is_not_asked_about(client_for, karin) -> None:
    first, second = amina(), amina(case_reference="26/78")
    told = {**AMINA, "case_reference": "26/78", "consultant_id": str(karin.id), "version": "1"}

    assert client_for(karin).post(f"/citizens/{second.id}/edit", told).status_code == 303
    assert first.id != second.id


@pytest.mark.parametrize(("stored", "sent"), [(None, ""), ("20 12 34 56", "+45 20123456")])
def test_what_the_page_sends_back_unchanged_is_not_asked_about(client_for, karin, stored, sent) -> None:
    """A browser sends every field of the page; where there is no phone, it comes empty."""
    first, second = amina(phone=stored), amina(case_reference="26/78", phone=stored)
    told = {**AMINA, "case_reference": "26-78", "phone": sent, "language": "ar", "version": "1"}

    assert client_for(karin).post(f"/citizens/{second.id}/edit", told).status_code == 303
    assert first.id != second.id


def test_more_keys_than_a_database_takes_are_no_fault_of_ours(client_for, karin) -> None:
    told = {**AMINA, "others": ",".join(map(str, range(1, 260_000)))}

    assert client_for(karin).post("/citizens/new", told).status_code == 303


@pytest.mark.parametrize("typed", ["26-10431", "26 / 10431", "26.10431", "26\u201110431", " 26/10431 "])
def test_a_case_number_is_one_however_it_is_written(client_for, karin, typed) -> None:
    first = make_citizen("Selam", case_reference="26/10431")

    answer = client_for(karin).post("/citizens/new", {**AMINA, "case_reference": typed})

    assert answer.status_code == 409
    assert answer.page.select_one("#case_reference-error")
    assert answer.page.select_one(f"a[href='/citizens/{first.id}']")
    assert answer.page.select_one("[name=first_name]")["value"] == "Amina"


def test_the_database_holds_a_folded_case_number_once(app: Flask) -> None:
    make_citizen(case_reference="AB 12/3")

    with pytest.raises(sa.exc.IntegrityError):
        make_citizen("Selam", case_reference="ab-12-3")
    make_citizen("Selam", case_reference="ab-12-3", in_municipality="Fredensborg")


def test_numbers_that_clashed_of_old_work_on(app: Flask, karin: User) -> None:
    """As the migration leaves them: the later one has no key, and may be changed in all else."""
    make_citizen(case_reference="26/1")
    late = make_citizen("Selam", case_reference="26/2")
    with transaction():
        db.session.execute(
            sa.update(Citizen).where(Citizen.id == late.id).values(case_reference="26-1", case_key=None)
        )
    late = db.session.get_one(Citizen, late.id, populate_existing=True)

    with transaction():
        late = db.session.merge(late)
        details = services.CitizenDetails("26-1", "Selam", "Tesfay", phone="20 12 34 56")
        services.edit_citizen(late, details, by=karin, at=NOW)

    assert (late.case_key, late.phone_key) == (None, "20123456")
    with pytest.raises(services.CaseReferenceTaken), transaction():
        services.edit_citizen(late, services.CitizenDetails("26.1", "Selam", "Tesfay"), by=karin, at=NOW)


def test_who_was_told_apart_is_no_likeness(app: Flask) -> None:
    first, second = amina(), amina()
    make_told_apart(first, second)

    assert lookalikes(first.municipality_id, Described("Amina", "Warsame", BORN), but=second.id) == []
