"""Told in a portal that asks whether she has a bicycle: the answer is seen wherever a card is."""

from portal.base.database import db, transaction
from portal.loop.cards.fields import SharedField
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.paper import card_data
from portal.loop.cards.queries import card_on_paper
from portal.web.rooms import rooms
from portal.workspaces.consents.shared import shared_card
from portal.workspaces.imports import services as imports
from portal.workspaces.imports.kinds import ImportKind
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_card, make_consent, make_employer, municipality, user
from tests.support.files import read_file
from tests.support.recipes import toy_portal


def a_form_without_an_answer_is_taken(karin: PortalClient, card: CompetenceCard) -> None:
    saved = karin.post(f"/cards/{card.id}/edit", {"version": str(card.version), "next_step": "Praktik"})

    assert saved.status_code == 303, saved.text
    assert db.session.get_one(CompetenceCard, card.id).has_bicycle is None


def the_form_asks_and_the_card_keeps_the_answer(karin: PortalClient, card: CompetenceCard) -> None:
    asked = karin.get(f"/cards/{card.id}/edit").page.select("[name=has_bicycle]")
    assert [one["value"] for one in asked] == ["yes", "no", ""]

    saved = karin.post(f"/cards/{card.id}/edit", {"version": str(card.version), "has_bicycle": "yes"})

    assert saved.status_code == 303, saved.text
    assert db.session.get_one(CompetenceCard, card.id).has_bicycle is True


def the_page_and_the_history_say_it(karin: PortalClient, card: CompetenceCard) -> None:
    facts = karin.get(f"/cards/{card.id}").page.select(".fact")

    assert ("Har cykel", "ja") in {
        (one.dt.get_text(strip=True), one.dd.get_text(strip=True)) for one in facts
    }
    assert "Har cykel: ja" in karin.get(f"/cards/{card.id}/history").words


def the_paper_says_it(card: CompetenceCard) -> None:
    lines = card_data(card_on_paper(card, url="https://kort.example.dk/1", printed_on=TODAY))["availability"]

    assert {line["label"]["da"]: [one["da"] for one in line["values"]] for line in lines}["Har cykel"] == [
        "ja"
    ]


def an_employer_reads_it_by_its_consent_alone(card: CompetenceCard) -> None:
    employer = make_employer()
    for opened in SharedField:
        facts = shared_card(make_consent(card, employer, fields=[opened.value]), today=TODAY).facts
        said = [row for _title, rows in facts for row in rows]
        assert (("Har cykel", "ja") in said) is (opened is SharedField.RANGE), opened


def the_export_names_it() -> None:
    assert str(rooms().personal["competence_cards"].columns["has_bicycle"]) == "Har cykel"


def a_file_brings_it() -> None:
    place = municipality("Halsnæs").id
    content = b"Sagsnummer;Fornavn;Efternavn;Cykel\n27/1;Saba;Haile;nej\n"
    checked = read_file(ImportKind.CARDS, content)
    with transaction():
        report = imports.examine(checked, municipality_id=place, today=TODAY)
        imports.carry_out(report, municipality_id=place, only_good_rows=False, by=None, at=NOW)

    newest = db.session.query(CompetenceCard).order_by(CompetenceCard.id.desc()).first()
    assert newest.has_bicycle is False


ON_HER_CARD = (
    a_form_without_an_answer_is_taken,
    the_form_asks_and_the_card_keeps_the_answer,
    the_page_and_the_history_say_it,
)


def main() -> None:
    with toy_portal() as app:
        card, karin = make_card(), PortalClient(app, user("karin@kommune.example"))
        for chapter in ON_HER_CARD:
            chapter(karin, card)
            db.session.refresh(card)
        the_paper_says_it(card)
        an_employer_reads_it_by_its_consent_alone(card)
        the_export_names_it()
        a_file_brings_it()


if __name__ == "__main__":
    main()
