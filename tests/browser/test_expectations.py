"""What three people expect is written unseen and settled on three pages: hers in Tigrinya, the other two in Danish."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.base.terms import Language
from portal.shared.skills.translations import PhraseKind, translated
from tests.browser.people import Person
from tests.browser.test_accessibility import problems_of

pytestmark = pytest.mark.browser

AHEAD = """
    SELECT placements.id, citizens.id, users.email FROM placements
    JOIN competence_cards ON competence_cards.id = placements.card_id
    JOIN citizens ON citizens.id = competence_cards.citizen_id
    JOIN contact_persons ON contact_persons.employer_id = placements.employer_id
    JOIN users ON users.id = contact_persons.user_id
    JOIN municipalities ON municipalities.id = placements.municipality_id
    WHERE placements.status = 'planned' AND municipalities.name = 'Halsnæs'
    ORDER BY placements.starts_on DESC LIMIT 1
"""

KNOWN = "SELECT password_hash FROM users WHERE email = 'virksomhed@demo.dk'"


def said(key: str) -> str:
    phrase = translated(PhraseKind.PAGE, key, Language.TI)
    assert phrase is not None
    return phrase.text


def nobody_has_written(database: Path) -> tuple[int, int, str]:
    """A placement of the demo that is ahead, as it was planned; the citizen who reads Tigrinya, and the employer."""
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        placement, citizen, email = connection.execute(AHEAD).fetchone()
        connection.execute("DELETE FROM expectations WHERE placement_id = ?", [placement])
        connection.execute(f"UPDATE users SET password_hash = ({KNOWN}) WHERE email = ?", [email])
        connection.execute("UPDATE citizens SET language = 'ti' WHERE id = ?", [citizen])
    return placement, citizen, email


def writes(person: Person, path: str, mark: str, button: str) -> None:
    person.opens(path)
    person.fills(purpose=f"{mark} formål", time_frame=f"{mark} 8 uger", development=f"{mark} lære")
    person.presses(button)


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_three_write_unseen_and_settle_on_three_pages(
    javascript: bool, own_server: str, tmp_path: Path, page_of: Callable[..., Page]
) -> None:
    placement, citizen, email = nobody_has_written(tmp_path / "portal.sqlite")

    def person(email: str | None, width: int = 360) -> Person:
        return Person(page_of(own_server, email, width=width, javascript=javascript), javascript=javascript)

    karin, bo, her = person("konsulent@demo.dk", 1280), person(email), person(None)
    karin.opens(f"/citizens/{citizen}")
    karin.presses("Giv login-kode", sure=True)
    code = karin.page.locator("#login-code").inner_text()
    her.opens("/login")
    her.follows("ትግርኛ")
    her.fills(code=code)
    her.presses(said("log_in"))
    page, form = f"/placements/{placement}", f"/placements/{placement}/expectations"

    writes(karin, f"{form}/consultant", "kiwi", "Gem forventningerne")
    bo.opens(page)
    expect(bo.main).not_to_contain_text("kiwi")
    her.opens(f"{form}/citizen")
    expect(her.main).to_contain_text(said("expect_who_sees").split("}")[1][:12])
    assert not javascript or problems_of(her.page) == []
    writes(her, f"{form}/citizen", "citron", said("expect_save"))
    expect(her.main).not_to_contain_text("kiwi")
    for other in (karin, bo):
        other.opens(page)
        expect(other.main).not_to_contain_text("citron")
    writes(bo, f"{form}/employer", "banan 12 uger mod", "Gem forventningerne")
    bo.sees("citron formål")

    karin.opens(f"{page}/settlement")
    karin.sees("Forskellige tal")
    karin.presses("Gem det, I er enige om")
    karin.fills(time_frame="Ti uger")
    karin.presses("Gem det, I er enige om")
    karin.sees("Ti uger")
    her.opens(f"{form}/citizen")
    her.sees("Ti uger")
    her.presses(said("settled_say_yes"))
    bo.opens(page)
    bo.presses("Ja, det er vi enige om")
    bo.sees("Tag det tilbage")
    her.opens(f"{form}/citizen")
    her.sees(said("settled_by_all"))
    assert not javascript or problems_of(her.page) == []
