"""Told in a portal whose files have two columns more, an opening's working times and a card's exam in Danish."""

from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import DanishExam
from portal.loop.cards.models import CompetenceCard
from portal.loop.openings.models import Opening
from portal.workspaces.imports import services as imports
from portal.workspaces.imports.kinds import ImportKind
from portal.workspaces.imports.services import Report
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_employer, municipality, user
from tests.support.files import read_file
from tests.support.recipes import toy_portal

CARDS = """Sagsnummer;Fornavn;Efternavn;Prøve i dansk
27/1;Saba;Haile;Prøve i Dansk 2 (ca. B1)
27/2;Lan;Tran;
"""


def read(content: str) -> Report:
    place = municipality("Halsnæs").id
    checked = read_file(ImportKind.OPENINGS, content)
    with transaction():
        report = imports.examine(checked, municipality_id=place, today=TODAY)
        imports.carry_out(report, municipality_id=place, only_good_rows=False, by=None, at=NOW)
    return report


def a_file_brings_it_and_changes_it() -> None:
    employer = make_employer()
    row = f"{employer.cvr};{employer.workplaces[0].p_number};Hjælp til frokosten;Praktik;25;01-03-2027"

    read(f"CVR;P-nummer;Titel;Form;Timer;Start;Arbejdstid\n{row};kl. 9-14\n")
    assert db.session.query(Opening).one().working_times == "kl. 9-14"

    read(f"CVR;P-nummer;Titel;Form;Timer;Start;Mødetider\n{row};kl. 10-15\n")
    db.session.expire_all()
    assert db.session.query(Opening).one().working_times == "kl. 10-15"


def what_does_not_fit_is_told_under_its_heading() -> None:
    employer = make_employer("Dortes Rengøring", owner="Dorte")
    row = f"{employer.cvr};{employer.workplaces[0].p_number};Trapper;Praktik;25;01-03-2027;{61 * 'x'}"

    report = imports.examine(
        read_file(ImportKind.OPENINGS, f"CVR;P-nummer;Titel;Form;Timer;Start;Mødetider\n{row}\n"),
        municipality_id=municipality("Halsnæs").id,
        today=TODAY,
    )

    assert [error.heading for error in report.errors] == ["Mødetider"]


def a_file_of_cards_brings_her_exam() -> None:
    place, checked = municipality("Halsnæs").id, read_file(ImportKind.CARDS, CARDS)
    with transaction():
        report = imports.examine(checked, municipality_id=place, today=TODAY)
        imports.carry_out(report, municipality_id=place, only_good_rows=False, by=None, at=NOW)

    cards = db.session.query(CompetenceCard).order_by(CompetenceCard.id)
    assert [card.danish_exam for card in cards] == [DanishExam.PD2, None]


def the_page_explains_both(app: Flask) -> None:
    words = PortalClient(app, user("karin@kommune.example")).get("/imports/").words

    assert "Mødetider" in words
    assert "Danskprøve" in words


def main() -> None:
    with toy_portal() as app:
        a_file_brings_it_and_changes_it()
        what_does_not_fit_is_told_under_its_heading()
        a_file_of_cards_brings_her_exam()
        the_page_explains_both(app)


if __name__ == "__main__":
    main()
