"""Told in a portal whose files of cards have a column for the exam in Danish: a page explains it, a file brings it."""

from portal.base.database import db, transaction
from portal.base.terms import DanishExam
from portal.loop.cards.models import CompetenceCard
from portal.workspaces.imports import services as imports
from portal.workspaces.imports.kinds import ImportKind
from tests.client import PortalClient
from tests.factories import NOW, TODAY, municipality, user
from tests.support.recipes import toy_portal

FILE = """Sagsnummer;Fornavn;Efternavn;Prøve i dansk
27/1;Saba;Haile;Prøve i Dansk 2 (ca. B1)
27/2;Lan;Tran;
"""


def main() -> None:
    with toy_portal() as app:
        place = municipality("Halsnæs").id
        with transaction():
            report = imports.examine(ImportKind.CARDS, FILE.encode(), municipality_id=place, today=TODAY)
            imports.carry_out(report, municipality_id=place, only_good_rows=False, by=None, at=NOW)

        cards = db.session.query(CompetenceCard).order_by(CompetenceCard.id)
        assert [card.danish_exam for card in cards] == [DanishExam.PD2, None]
        assert "Danskprøve" in PortalClient(app, user("karin@kommune.example")).get("/imports/").words


if __name__ == "__main__":
    main()
