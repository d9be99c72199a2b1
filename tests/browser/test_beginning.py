"""From an empty database to the first suggestion, by the checklist alone: each follows what her front page says.

Drude runs the portal, Annika is the municipality's first administrator, Karin its first consultant.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.base import clock
from tests.browser.people import FIRST_READING, Person
from tests.support.live import ROOT, environment, live_server

pytestmark = pytest.mark.browser

PASSWORD = "violet kaktus på taget"
DRUDE, ANNIKA, KARIN = "drude@portal.example", "annika@nordby.example", "karin@nordby.example"
TITLE = "Hjælp i køkkenet"
MAIL_SECONDS = 30
READING_REFERENCE_MS = 120_000
"""For the law's numbers and the whole vocabulary, on a machine that others use too."""


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A database with the tables and nothing in them but the first user."""
    folder = tmp_path / "empty"
    folder.mkdir()
    flask, env = [sys.executable, "-m", "flask", "--app", "app"], environment(folder / "empty.sqlite")
    made = ["create-user", "--email", DRUDE, "--name", "Drude Dam", "--role", "operator"]
    for command in (["db", "upgrade"], made):
        subprocess.run([*flask, *command], cwd=ROOT, env=env, check=True, capture_output=True)
    return folder / "empty.sqlite"


@pytest.fixture
def empty_server(empty: Path, tmp_path: Path) -> Iterator[str]:
    with live_server(empty, tmp_path) as address:
        yield address


def test_the_checklist_leads_to_the_first_suggestion(
    empty_server: str, tmp_path: Path, page_of: Callable[..., Page]
) -> None:
    mails = tmp_path / "mail"
    drude, annika, karin = (Person(page_of(empty_server, width=width)) for width in (1280, 360, 1280))

    begins(drude, DRUDE, mails)
    drude_prepares_the_portal(drude)
    begins(annika, ANNIKA, mails)
    annika.sees("1 af 6 er gjort")
    follows_the_checklist(annika, "Opret en bruger")
    makes_a_user(annika, "Karin Holm", KARIN, "Konsulent")
    begins(karin, KARIN, mails)
    karin_takes_an_employer_in(karin)
    karin_posts_an_opening(karin, clock.today())
    karin_writes_a_card(karin)

    karin.opens("/")
    expect(karin.page.locator("#start-checklist")).to_have_count(0)
    karin.opens("/reviews/")
    karin.sees(TITLE)


def begins(person: Person, email: str, mails: Path) -> None:
    """Chooses a password by the link of the mail, and signs in."""
    person.opens(link_in_the_mail(mails, email))
    person.fills(password=PASSWORD, repeated=PASSWORD)
    person.main.locator("form button").last.click()
    person.page.wait_for_url("**/login")
    person.fills(email=email, password=PASSWORD)
    person.presses("Log ind")
    person.page.wait_for_url("**/")


def link_in_the_mail(folder: Path, email: str) -> str:
    """What the mail about her account says, once the worker has sent it."""
    for _look in range(MAIL_SECONDS * 4):
        for file in sorted(folder.glob("*.eml")):
            mail = message_from_bytes(file.read_bytes(), policy=default)
            found = re.search(r"/password/\S+", mail.get_content())
            if found and email in mail["To"]:
                return found[0]
        time.sleep(0.25)
    raise AssertionError(f"no mail came to {email}")


def follows_the_checklist(person: Person, words: str) -> None:
    """What comes next stands out, and leads there."""
    person.opens("/")
    person.page.locator("#start-checklist .start-next").get_by_role("link", name=words).click()


def makes_a_user(person: Person, name: str, email: str, role: str) -> None:
    person.fills(name=name, email=email)
    person.selects("role", role)
    if person.main.locator("select[name=municipality_id]").count():
        person.selects("municipality_id", "Nordby")
    person.presses("Opret bruger")
    person.sees_message("Brugeren er oprettet")


def drude_prepares_the_portal(drude: Person) -> None:
    drude.opens("/")
    drude.page.locator("#start-checklist .start-next button").click(timeout=READING_REFERENCE_MS)
    drude.sees_message("Lovens regler og ordlisten er indlæst")
    follows_the_checklist(drude, "Opret en kommune")
    drude.fills(
        name="Nordby", unit_term="Virksomhedsindgangen", phone="47 11 22 33", email="job@nordby.example"
    )
    drude.presses("Opret kommune")
    follows_the_checklist(drude, "Opret en administrator")
    makes_a_user(drude, "Annika Berg", ANNIKA, "Administrator")
    drude.opens("/")
    expect(drude.page.locator("#start-checklist")).to_have_count(0)


def karin_takes_an_employer_in(karin: Person) -> None:
    follows_the_checklist(karin, "Opret en virksomhed")
    karin.fills(
        cvr="24256790",
        company_name="Strandens Køkken",
        address="Strandvej 4",
        postcode="3300",
        contact_name="Sanne Lund",
        contact_email="sanne@stranden.example",
        contact_phone="47 11 22 44",
    )
    karin.selects("industry", "Køkken og kantine")
    karin.ticks("Privat")
    karin.presses("Opret virksomheden")


def karin_posts_an_opening(karin: Person, today: date) -> None:
    follows_the_checklist(karin, "Skriv en åbning")
    karin.follows("Hellere hele formularen på én side")
    karin.fills(
        title=TITLE,
        must__0__text="skære og klargøre grøntsager",
        hours_per_week="25",
        starts_on=today.isoformat(),
        ends_on=(today + timedelta(days=20)).isoformat(),
        danish_use="at forstå dagens opgaver",
    )
    karin.main.locator("select[name=form]").select_option("praktik")
    karin.main.locator("select[name=danish_speaking]").select_option("1")
    karin.presses("Slå op")
    karin.sees_message("Åbningen er slået op")


def karin_writes_a_card(karin: Person) -> None:
    follows_the_checklist(karin, "Opret en borger")
    karin.fills(case_reference="26/10431", first_name="Amira", last_name="Haddad", phone="20 30 40 50")
    karin.presses("Gem")
    karin.presses("Opret kompetencekort")
    karin.page.wait_for_url(re.compile(r"/cards/\d+"))
    card = karin.number
    karin.opens(f"/cards/{card}/edit")
    karin.fills(hours_min="15", hours_max="30", postcode="3300", range_km="15")
    karin.ticks("Køkken og kantine")
    karin.main.locator("select[name=danish_speaking]").select_option("2")
    karin.presses("Gem")
    karin.opens(f"/cards/{card}/skills")
    karin.main.locator("#card-skills [name$=text]").first.fill("snitte grønt")
    karin.ticks("Efter instruktion")
    karin.presses("Tilføj opgaven")
    karin.sees("“snitte grønt”", within_ms=FIRST_READING)
