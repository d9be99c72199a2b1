"""One field finds everything its reader may see: who finds what, and what stays of somebody who is erased."""

import unicodedata
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base import clock
from portal.base.database import db, transaction
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.services import erase_citizen
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.web.finding import FindKind
from portal.workspaces.contacts.forgetting import forget_old_contacts
from portal.workspaces.contacts.prospecting import drop_prospect, join_prospect
from portal.workspaces.merging.services import Choice, merge
from portal.workspaces.search.keeping import rebuild
from portal.workspaces.search.models import SearchWord
from tests.client import PortalClient, PortalResponse, counted_statements
from tests.factories import (
    NOW,
    make_card,
    make_citizen,
    make_employer,
    make_match,
    make_opening,
    make_placement,
    make_prospect,
    make_review,
    owner_of,
)

ClientFor = Callable[[User | None], PortalClient]
LONG_AGO = NOW - timedelta(days=1200)


def hits(answer: PortalResponse) -> dict[str, list[str]]:
    """By kind: the titles that the page shows."""
    return {
        str(section["id"]).removeprefix("found-"): [link.text for link in section.select("ul a")]
        for section in answer.page.select("#search-results section")
    }


def offered(answer: PortalResponse) -> list[str]:
    return [link.text for link in answer.page.select("#search-hints a")]


def words_of(citizen_id: int) -> list[str]:
    statement = sa.select(SearchWord.word).where(SearchWord.citizen_id == citizen_id)
    return sorted(db.session.scalars(statement))


def everything() -> set[tuple[str, str, int, int | None]]:
    columns = (SearchWord.kind, SearchWord.word, SearchWord.record_id, SearchWord.citizen_id)
    return {tuple(row) for row in db.session.execute(sa.select(*columns))}


@pytest.fixture
def amira(app: Flask) -> Citizen:
    made = make_citizen("Amira", last_name="El-Sayed", phone="+45 20 30 40 50", case_reference="26/10431")
    make_card(made, number="K-1001")
    return made


TYPED = (
    *(
        ("citizen", typed, "Amira El-Sayed")
        for typed in (
            "amira",
            "sayed ami",
            "ELSAYED",
            "el sayed amira",
            "26/104",
            "sag 26-10431",
            "2030 4050",
        )
    ),
    *(
        ("citizen", typed, "Amira El-Sayed")
        for typed in ("+45 20304050", "0045 20 30 40 50", "tlf. 20304050", "2610431")
    ),
    *(
        ("citizen", typed, "Åse Ærøe")
        for typed in ("aase aeroe", unicodedata.normalize("NFD", "ærøe åse"), "ase")
    ),
    *(("card", typed, "K-1001") for typed in ("K-1001", "k1001", "K 1001", "kort 1001")),
    *(
        ("employer", typed, "Bo & Søn")
        for typed in ("12 34 56 78", "DK12345678", "DK 12 34 56 78", "cvr 12345678")
    ),
    *(("employer", typed, "Bo & Søn") for typed in ("bo og soen", "Søn Bo")),
)
"""Kind of record, what is typed, and the one that is found (how words are read: tests/base/test_index_words.py)."""


@pytest.mark.both_engines
def test_a_consultant_finds_a_record_however_it_is_typed(
    amira: Citizen, client_for: ClientFor, karin: User
) -> None:
    make_citizen("Åse", last_name="Ærøe", phone="20 30 40 51", case_reference="26/20432")
    make_card(make_citizen("Bodil"), number="K-2001")
    make_employer("Bo & Søn", cvr="12345678")
    make_employer("Bos Vask", cvr="12345679")
    karins = client_for(karin)

    found = {
        (kind, typed): hits(karins.get("/search/", query_string={"q": typed})).get(kind)
        for kind, typed, _title in TYPED
    }
    assert found == {(kind, typed): [title] for kind, typed, title in TYPED}


@pytest.mark.both_engines
def test_whole_words_come_before_beginnings_and_pages_divide_a_kind(
    client_for: ClientFor, karin: User
) -> None:
    for name in ("Anna", "Annabel", "Annalise"):
        make_citizen(name, last_name="Abe")
    for number in range(25):
        make_citizen("Annabella", last_name=f"Berg {number:02}")
    karins = client_for(karin)

    first = karins.get("/search/?q=anna")
    assert hits(first)["citizen"] == [
        "Anna Abe",
        "Annabel Abe",
        "Annalise Abe",
        "Annabella Berg 00",
        "Annabella Berg 01",
    ]
    assert "Borgere: 28" in first.words
    last = karins.get("/search/?q=anna&kind=citizen&page=2")
    assert hits(last)["citizen"][-1] == "Annabella Berg 24"
    assert hits(karins.get("/search/?q=anna&kind=citizen&page=99")) != {}


def test_a_title_finds_an_opening_and_a_number_a_placement(client_for: ClientFor, karin: User) -> None:
    employer = make_employer("Café Ærø", cvr="12345678")
    placement = make_placement(make_review(make_match(make_opening(employer, title="Elev i køkken"))))
    karins = client_for(karin)

    assert hits(karins.get("/search/?q=cafe aero"))["employer"] == ["Café Ærø"]
    assert "Elev i køkken" in hits(karins.get("/search/?q=kokken"))["opening"]
    assert hits(karins.get(f"/search/?q={placement.id}"))["placement"] == ["Elev i køkken"]


def test_names_appear_after_enter_and_each_is_a_look(
    amira: Citizen, client_for: ClientFor, karin: User
) -> None:
    make_citizen("Amirah")
    karins = client_for(karin)

    typed = karins.get("/search/hints?q=ami", htmx=True)
    assert not any("Ami" in one for one in offered(typed) if "“" not in one)
    looks = sa.select(AuditEntry).where(AuditEntry.action == "people-found")
    assert db.session.scalars(looks).all() == []

    karins.get("/search/?q=sayed")
    (look,) = db.session.scalars(looks).all()
    people = sa.select(AuditPerson.citizen_id).where(AuditPerson.entry_id == look.id)
    assert db.session.scalars(people).all() == [amira.id]


def test_each_finds_what_her_lists_show_her(
    amira: Citizen, client_for: ClientFor, karin: User, lene: User, mette: User, admin: User, drude: User
) -> None:
    bos, dortes = make_employer("Bos Køkken ApS"), make_employer("Dortes Amira", owner="Dorte")
    make_opening(bos, title="Amira ved opvasken")
    make_opening(dortes, title="Amira i haven")

    def found(user: User, typed: str = "amira") -> set[str]:
        return set(hits(client_for(user).get("/search/", query_string={"q": typed})))

    assert found(karin) == {"citizen", "employer", "opening"}
    assert found(lene) == set()
    assert found(mette) == {"employer", "opening"}
    assert found(admin) == found(drude) == set()
    assert found(admin, "brugere") == {"page"}
    mine = hits(client_for(owner_of(bos)).get("/search/?q=amira"))
    assert mine == {"opening": ["Amira ved opvasken"]}
    assert client_for(make_citizen("Selam", with_login=True).user).get("/search/").status_code == 403


def test_a_page_is_found_by_what_the_menu_calls_it(client_for: ClientFor, karin: User) -> None:
    karins = client_for(karin)

    assert "Forløb" in hits(karins.get("/search/?q=forløb"))["page"]
    assert "Forløb" in offered(karins.get("/search/hints?q=forlob"))
    assert "Ingenting fundet" in karins.get("/search/?q=xyzzy").words
    assert karins.get("/search/").status_code == 200
    assert karins.get("/search/?q=...").status_code == 200


def test_a_firm_is_found_by_who_answers_there_and_she_is_named_after_enter(
    client_for: ClientFor, karin: User, mette: User
) -> None:
    make_employer("Kroen", owner="Vera Al-Khatib")
    make_prospect("Vaskeriet", contact_name="Verner Bo", phone="+45 33 33 22 22")
    karins = client_for(karin)

    page = karins.get("/search/?q=ver")
    assert hits(page) == {"employer": ["Kroen"], "prospect": ["Vaskeriet"]}
    assert "kontakt: Vera Al-Khatib" in page.words
    assert "kontakt: Verner Bo" in page.words
    assert "kontakt" not in karins.get("/search/?q=kroen").words
    typed = karins.get("/search/hints?q=ver", htmx=True)
    assert "Vera" not in typed.text
    assert "Verner" not in typed.text
    assert hits(karins.get("/search/?q=khatib"))["employer"] == ["Kroen"]
    assert hits(karins.get("/search/?q=0045 33332222"))["prospect"] == ["Vaskeriet"]
    assert "prospect" not in hits(client_for(mette).get("/search/?q=ver"))


@pytest.mark.both_engines
@pytest.mark.parametrize("how", ["joined", "dropped", "forgotten"])
def test_a_prospect_that_is_one_no_more_leaves_no_word(app: Flask, how: str, karin: User) -> None:
    prospect, stays = make_prospect("Vaskeriet", created_at=LONG_AGO), make_employer("Kroen")
    of_it = sa.select(SearchWord.word).where(SearchWord.kind == FindKind.PROSPECT)
    assert "vaskeriet" in db.session.scalars(of_it).all()

    with transaction():
        prospect = db.session.merge(prospect)
        if how == "joined":
            join_prospect(prospect, db.session.merge(stays), by=karin, at=clock.now())
        elif how == "dropped":
            drop_prospect(prospect, by=karin, at=clock.now())
        else:
            forget_old_contacts(clock.now(), {"KEEP_EMPLOYER_CONTACTS": timedelta(days=1096)})

    assert db.session.scalars(of_it).all() == []


@pytest.mark.both_engines
def test_words_follow_what_is_written_and_go_with_the_person(app: Flask, amira: Citizen, karin: User) -> None:
    card = make_card(make_citizen("Hawa"))
    make_placement(make_review(make_match(card=card)), status="cancelled", cancelled_at=clock.now())
    with transaction():
        amira.first_name = "Mirah"
    assert "mirah" in words_of(amira.id)
    assert "amira" not in words_of(amira.id)
    kept = everything()
    with transaction():
        rebuild()
    assert everything() == kept

    hawa = card.citizen_id
    assert words_of(hawa)
    with transaction():
        erase_citizen(
            db.session.get_one(Citizen, hawa), journal=app.config["JOURNAL"], by=karin, at=clock.now()
        )
    assert words_of(hawa) == []
    assert not db.session.scalar(sa.select(sa.exists().where(SearchWord.word == "hawa")))


@pytest.mark.both_engines
def test_two_who_become_one_are_found_as_one(app: Flask, amira: Citizen, karin: User) -> None:
    double = make_citizen("Amirah", last_name="Sayed", case_reference="26/77777")
    make_card(double, number="K-2002")
    gone = double.id
    with transaction():
        merge(amira, double, Choice(frozenset(), "Den samme"), by=karin, at=clock.now())

    assert words_of(gone) == []
    assert {"amira", "k1001", "k2002", "77777"} <= set(words_of(amira.id))
    assert "amirah" not in words_of(amira.id)
    kept = everything()
    with transaction():
        rebuild()
    assert everything() == kept


@pytest.mark.both_engines
def test_all_her_earlier_numbers_find_her_after_several_merges(app: Flask, karin: User) -> None:
    first, second, third = (
        make_citizen(name, last_name="Sayed", case_reference=f"26/7777{number}")
        for number, name in enumerate(("Ami", "Amira", "Amirah"))
    )
    for number, citizen in enumerate((first, second, third)):
        make_card(citizen, number=f"K-300{number}")
    for kept, gone in ((second, first), (third, second)):
        with transaction():
            merge(
                db.session.get_one(Citizen, kept.id),
                db.session.get_one(Citizen, gone.id),
                Choice(frozenset(), "Den samme"),
                by=karin,
                at=clock.now(),
            )

    assert {"k3000", "77770", "k3001", "77771", "k3002", "77772"} <= set(words_of(third.id))
    kept_words = everything()
    with transaction():
        rebuild()
    assert everything() == kept_words


def test_a_search_asks_few_questions(app: Flask, amira: Citizen, client_for: ClientFor, karin: User) -> None:
    karins = client_for(karin)
    karins.get("/search/?q=a")
    with counted_statements(app) as seen:
        karins.get("/search/?q=a")

    assert len(seen) <= 12
