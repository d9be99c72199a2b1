"""Told in a portal with a fourth trade that has no tasks, words or titles yet: it works, and says what is not there."""

from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Industry
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match
from portal.loop.matches.rematch import rematch
from portal.shared.skills.phrases import INTERFACE
from portal.workspaces.imports import services as imports
from portal.workspaces.imports.kinds import ImportKind
from portal.workspaces.posting.models import Step
from tests.client import PortalClient
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_draft,
    make_employer,
    make_opening,
    municipality,
    owner_of,
    user,
)
from tests.support.files import read_file
from tests.support.recipes import toy_portal

TOY = Industry("butik")
FILE = """CVR;P-nummer;Navn;Branche;Adresse;Postnummer;Årsværk;Kontakt;E-mail;Telefon
24256790;1012345678;Havnens Varer;Lager;Havnegade 1;3390;20;Ole Bech;ole@varer.example;47123456
"""


def visitors_read_it(app: Flask) -> None:
    words = PortalClient(app).get("/").words

    assert "i køkken og kantine, pleje og omsorg, butik og lager og rengøring." in words


def a_list_from_outside_brings_an_employer(app: Flask) -> None:
    place = municipality("Halsnæs").id
    checked = read_file(ImportKind.EMPLOYERS, FILE)
    with transaction():
        report = imports.examine(checked, municipality_id=place, today=TODAY)
        imports.carry_out(report, municipality_id=place, only_good_rows=False, by=None, at=NOW)

    assert db.session.query(Employer).filter_by(name="Havnens Varer").one().industry is TOY
    shown = PortalClient(app, user("karin@kommune.example")).get("/employers/?industry=butik").page
    assert "Havnens Varer" in shown.select_one("#employer-list").text


def the_citizen_wishes_for_it_and_is_asked_no_questions(app: Flask) -> None:
    amira = make_citizen("Amira", with_login=True)
    card = make_card(amira, wishes=["butik"])
    client, base = PortalClient(app, amira.user), f"/cards/{card.id}/tasks"

    page = client.get(base).page

    assert "Der er endnu ingen spørgsmål om faget." in page.text
    assert page.select(f"a[href*='{base}/butik']") == []
    assert client.get(f"{base}/butik").status_code == 404
    assert client.post(f"{base}/butik", {}).status_code == 404


def nobody_prints_words_that_are_not_there(app: Flask) -> None:
    card = make_card()

    page = PortalClient(app, user("karin@kommune.example")).get(f"/cards/{card.id}/paper").page

    offered = [one["value"] for one in page.select("[name=words] option")]
    assert "koekken" in offered
    assert "butik" not in offered


def the_employer_writes_the_tasks_itself(app: Flask) -> None:
    owner = owner_of(make_employer(industry=TOY))
    draft = make_draft(owner)
    client, address = PortalClient(app, owner), f"/posting/{draft.id}/{Step.TASKS.value}"

    assert "Faget har endnu ingen opgaver på listen." in client.get(address).words
    assert client.post(address, {}).status_code == 303


def cards_are_matched_with_it(app: Flask) -> None:
    with_wish = make_card(make_citizen("Selam"), wishes=["butik"])
    without = make_card(make_citizen("Hiwot"), wishes=["pleje"])
    opening = make_opening(industry=TOY)

    rematch(municipality("Halsnæs").id, now=lambda: NOW)

    matched = {one.card_id for one in db.session.query(Match).filter_by(opening_id=opening.id)}
    assert with_wish.id in matched
    assert without.id not in matched


def the_vocabulary_has_room_for_it(app: Flask) -> None:
    page = PortalClient(app, user("karin@kommune.example")).get("/skills/?area=butik").page

    assert page.select_one("[name=area] option[value=butik][selected]") is not None


def translators_are_asked_for_its_name(app: Flask) -> None:
    assert ("industry", "Butik og lager") in {(one.kind, one.danish) for one in INTERFACE}


def main() -> None:
    with toy_portal() as app:
        for seen in (
            visitors_read_it,
            a_list_from_outside_brings_an_employer,
            the_citizen_wishes_for_it_and_is_asked_no_questions,
            nobody_prints_words_that_are_not_there,
            the_employer_writes_the_tasks_itself,
            cards_are_matched_with_it,
            the_vocabulary_has_room_for_it,
            translators_are_asked_for_its_name,
        ):
            seen(app)


if __name__ == "__main__":
    main()
