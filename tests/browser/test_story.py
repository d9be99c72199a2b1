"""The loop in Chromium as five people walk it: an opening in the morning, a counted goal in the end.

With JavaScript the decisions and filters swap in place; without it the same links and buttons lead the same way.
The story by HTTP, with its days, stands in tests/test_flow.py; here everything happens today.
"""

import contextlib
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from portal.base import clock
from portal.web.links import LinkPurpose, Links
from tests.browser.people import FIRST_READING, Person, approves, sign_in
from tests.support.live import environment

pytestmark = pytest.mark.browser

EMPLOYER, CVR, PASSWORD = "Strandens Køkken", "24256790", "violet kaktus på taget"
TITLE = "Hjælp i det nye køkken"
VEGETABLES, HYGIENE, DISHES = (
    "skære og klargøre grøntsager",
    "køkkenhygiejne",
    "opvask i industriopvaskemaskine",
)
PHONE, DESK = 360, 1280
SECONDS_TO_UNDO = 10
SLOW_MS = 20_000
"""A server that has just started builds the questions of a figure while two others use the machine."""


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_from_an_opening_to_a_counted_goal(
    javascript: bool, own_server: str, tmp_path: Path, page_of: Callable[..., Page]
) -> None:
    def person(email: str | None = None, *, width: int = DESK) -> Person:
        page = page_of(own_server, email, width=width, javascript=javascript)
        return Person(page, javascript=javascript)

    karin = person("konsulent@demo.dk", width=DESK if javascript else PHONE)
    mette = person("leder@demo.dk", width=PHONE if javascript else DESK)
    sanne = person(width=PHONE)
    amira = person(width=PHONE if javascript else DESK)
    today = clock.today()
    at_first = counted_employers(mette)

    sanne_registers(sanne)
    sanne_confirms_her_email(sanne, tmp_path / "portal.sqlite")
    karin_approves_the_employer(karin)
    opening = sanne_posts_an_opening(sanne, today)
    card = karin_makes_amiras_card(karin, amira)
    karin_approves_the_suggestion(karin, opening, card)
    amira_says_yes(amira)
    sanne_says_yes(sanne)
    placement = karin_plans(karin, today)
    all_three_state_what_they_expect(karin, amira, sanne, placement)
    karin_starts_it_and_follows_up(karin, placement, today)
    they_assess_together(karin, person(width=PHONE))
    the_card_shows_what_was_seen(amira)
    karin_signs_an_agreement(karin, today)

    assert counted_employers(mette) == at_first + 1
    the_figure_names_the_employer_and_its_events(mette)


def counted_employers(mette: Person) -> int:
    mette.opens("/goals/?measure=partnerships")
    return int(
        mette.page.locator("#goals tbody tr").first.locator(".strong-number, .small-zero").first.inner_text()
    )


def sanne_registers(sanne: Person) -> None:
    sanne.opens("/")
    sanne.follows("Tilmeld virksomheden")
    sanne.fills(
        contact_name="Sanne Lund", contact_email="sanne@stranden.example", contact_phone="47 11 22 33"
    )
    sanne.presses("Videre")
    sanne.sees("Trin 2 af 3")
    sanne.fills(cvr=CVR, company_name=EMPLOYER, address="Strandvej 4", postcode="3300")
    sanne.selects("industry", "Køkken og kantine")
    sanne.ticks("Privat")
    sanne.selects("municipality_id", "Halsnæs")
    sanne.presses("Videre")
    sanne.sees("Trin 3 af 3")
    sanne.presses("Send tilmelding")
    sanne.sees("Tak for tilmeldingen")


def sanne_confirms_her_email(sanne: Person, database: Path) -> None:
    """By the link of the mail."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        number, ends = connection.execute("SELECT id, expires_at FROM unconfirmed_registrations").fetchone()
    ends_at = datetime.fromisoformat(ends).replace(tzinfo=UTC)
    link = Links((environment(database)["PORTAL_SECRET_KEY"],)).sign(
        LinkPurpose.CONFIRMATION, number, expires_at=ends_at
    )
    sanne.opens(f"/employers/confirm/{link}")
    sanne.sees(EMPLOYER)
    sanne.fills(password=PASSWORD, repeated=PASSWORD)
    sanne.presses("Bekræft og send tilmeldingen")
    sanne.sees_message("Din e-mail er bekræftet")


def karin_approves_the_employer(karin: Person) -> None:
    karin.opens("/employers/registrations")
    with karin.without_leaving_the_page():
        fold = karin.main.get_by_text("Søg og filtrér")
        if fold.is_visible():  # on a phone
            fold.click()
        karin.fills(q="stranden")
        karin.presses("Vis")
        karin.sees("1 fundet")
        expect(karin.page).to_have_url(re.compile(r"[?&]q=stranden\b"))
    karin.follows(EMPLOYER)
    karin.presses("Godkend")
    karin.sees_message(EMPLOYER)


def sanne_posts_an_opening(sanne: Person, today: date) -> str:
    sign_in(sanne.page, "sanne@stranden.example", PASSWORD)
    sanne.opens("/openings/")
    sanne.follows("Ny åbning")
    sanne.follows("Hellere hele formularen på én side")
    sanne.fills(
        title=TITLE,
        must__0__text=VEGETABLES,
        nice__0__text=HYGIENE,
        learn__0__text=DISHES,
        hours_per_week="25",
        starts_on=today.isoformat(),
        ends_on=(today + timedelta(days=20)).isoformat(),
        danish_use="at forstå dagens opgaver",
    )
    sanne.main.locator("select[name=form]").select_option("praktik")
    sanne.main.locator("select[name=danish_speaking]").select_option("1")
    sanne.presses("Slå op")
    sanne.sees_message("Åbningen er slået op")
    return sanne.number


def karin_makes_amiras_card(karin: Person, amira: Person) -> str:
    karin.opens("/citizens/")
    karin.follows("Ny borger")
    karin.fills(case_reference="26/10431", first_name="Amira", last_name="Haddad", phone="20 30 40 50")
    karin.presses("Gem")
    karin.sees("Borgeren har ingen login-kode")
    citizen = karin.page.url
    karin.presses("Giv login-kode", sure=True)
    code = karin.page.locator("#login-code").inner_text()
    amira.opens("/login/code")
    amira.fills(code=code)
    amira.presses("Log ind")
    amira.page.wait_for_url("**/")

    karin.opens(citizen)
    karin.presses("Opret kompetencekort")
    karin.page.wait_for_url(re.compile(r"/cards/\d+"))
    card = karin.number
    karin.opens(f"/cards/{card}/edit")
    karin.fills(hours_min="15", hours_max="30", postcode="3300", range_km="15", goal="Jeg vil lave mad.")
    karin.ticks("Køkken og kantine")
    karin.main.locator("select[name=danish_speaking]").select_option("2")
    karin.presses("Gem")
    karin.opens(f"/cards/{card}/skills")
    with karin.without_leaving_the_page():
        karin.main.locator("#card-skills [name$=text]").first.fill("snitte grønt")
        karin.ticks("Efter instruktion")
        karin.presses("Tilføj opgaven")
        karin.sees("“snitte grønt”", within_ms=FIRST_READING)
    return card


def karin_approves_the_suggestion(karin: Person, opening: str, card: str) -> None:
    karin.opens(f"/openings/{opening}")
    # With JavaScript the page loads the best suggestions into itself, and the way to all of them
    karin.follows(re.compile("Se alle forslag") if karin.javascript else "Se forslag til åbningen")
    amiras = karin.main.locator(".list-card", has=karin.page.locator(f"a[href='/cards/{card}']"))
    amiras.get_by_role("link", name="Vurdér").click()
    karin.sees(VEGETABLES)
    approves(karin, "Hun snitter gerne.")


def amira_says_yes(amira: Person) -> None:
    for _second in range(SECONDS_TO_UNDO + 2):  # so long Karin may undo it, and nobody else is shown it
        amira.opens("/reviews/mine")
        if amira.main.get_by_text(EMPLOYER).count():
            break
        amira.page.wait_for_timeout(1000)
    amira.sees(EMPLOYER)
    with amira.without_leaving_the_page():
        amira.presses("Ja tak", sure=True)
        amira.sees("Virksomheden har ikke svaret endnu")


def sanne_says_yes(sanne: Person) -> None:
    sanne.opens("/reviews/proposals")
    sanne.follows(re.compile("Svar"))
    sanne.sees("Amira")
    with sanne.without_leaving_the_page():
        sanne.presses("Ja tak", sure=True)
        sanne.sees("I har sagt ja")


def karin_plans(karin: Person, today: date) -> str:
    karin.page.reload()
    karin.follows("Planlæg forløbet")
    karin.fills(starts_on=today.isoformat(), first_follow_up_on=today.isoformat())
    karin.selects("act", "Integrationsloven")
    karin.selects("readiness", "Ikke jobparat")
    karin.presses("Planlæg, og tag pladsen")
    karin.sees_message("Forløbet er planlagt")
    return karin.number


def all_three_state_what_they_expect(karin: Person, amira: Person, sanne: Person, placement: str) -> None:
    """They say the same, and each says yes to that."""
    for person in (amira, sanne, karin):
        person.opens(f"/placements/{placement}")
        person.follows("Skriv dine forventninger")
        person.fills(
            purpose="Prøve arbejdet i et stort køkken",
            time_frame="Tre uger, og så ser vi på ordinære timer",
            development="Opvask i maskine og god hygiejne",
        )
        person.presses("Gem forventningerne")
        if person is amira:  # her page says so in her language
            person.sees("Du skrev det her")
        else:
            person.sees_message("Forventningerne er gemt")
    karin.opens(f"/placements/{placement}")
    karin.follows("Skriv, hvad I er enige om")
    karin.presses("Gem det, I er enige om")
    karin.sees_message("Det er skrevet")
    amira.opens(f"/placements/{placement}/expectations/citizen")
    amira.presses("Ja, det er jeg enig i")
    amira.sees("Træk mit ja tilbage")
    sanne.opens(f"/placements/{placement}")
    sanne.presses("Ja, det er vi enige om")
    sanne.sees("Tag det tilbage")


def karin_starts_it_and_follows_up(karin: Person, placement: str, today: date) -> None:
    karin.opens(f"/placements/{placement}")
    with karin.without_leaving_the_page():
        karin.fills(stop_reason="Aftalen bliver sendt i VITAS i dag.")
        karin.presses("Forløbet er begyndt")
        karin.sees_message("Forløbet er i gang")
        karin.fills(due_on=(today + timedelta(days=7)).isoformat())
        karin.presses("Aftal opfølgning")
        karin.sees_message("Opfølgningen er aftalt")
    karin.follows("Notér samtalen")
    karin.fills(note="Hun kender køkkenet nu.")
    karin.presses("Gem")
    karin.sees_message("Opfølgningen er noteret")


def they_assess_together(karin: Person, workplace: Person) -> None:
    """The workplace answers by the link, on a phone and without an account."""
    karin.presses("Afslut med fælles vurdering")
    karin.sees_message("Arket er lavet")
    link = karin.main.locator("#workplace-link").input_value()
    workplace.opens(urlsplit(link).path)
    for task in workplace.main.locator("fieldset").all():
        level = task.get_by_label("Selvstændigt")
        (level if level.count() else task.get_by_label("Delvist")).check()  # a task, or how it turned out
    workplace.fills(name="Sanne Strand")
    workplace.presses("Se svarene igennem")
    workplace.sees("De er ikke sendt endnu")
    workplace.presses("Send svarene")
    workplace.sees_message("Tak. Konsulenten kan se dine svar nu")
    karin.opens(urlsplit(karin.page.url).path)
    karin.ticks("Gennemført")
    karin.fills(alone_because="Amira sagde ja ved bordet.")
    karin.presses("Luk, og afslut forløbet", sure=True)
    karin.sees_message("Forløbet er afsluttet med vurderingen")


def the_card_shows_what_was_seen(amira: Person) -> None:
    amira.opens("/cards/own")
    row = amira.main.locator("tr").filter(has_text=re.compile(DISHES, re.IGNORECASE))
    expect(row).to_contain_text(EMPLOYER)


def karin_signs_an_agreement(karin: Person, today: date) -> None:
    karin.opens("/partnerships/")
    karin.follows("Registrér en aftale")
    karin.selects("employer_id", EMPLOYER)
    karin.selects("consultant_id", "Karin Holm")
    karin.fills(signed_on=today.isoformat())
    karin.presses("Registrér aftalen")
    karin.sees_message("registreret")


def the_figure_names_the_employer_and_its_events(mette: Person) -> None:
    mette.page.locator("#goals tbody tr").first.get_by_role("link").first.click()
    expect(mette.page).to_have_url(re.compile(r"/goals/\d+"))
    with mette.without_leaving_the_page():
        mette.fills(q="stranden")
        mette.presses("Vis")
        expect(mette.page.locator("#figure-list tbody tr")).to_have_count(1, timeout=SLOW_MS)
        expect(mette.page).to_have_url(re.compile("q=stranden"))
    row = mette.page.locator("#figure-list tbody tr")
    expect(row).to_contain_text(EMPLOYER)
    expect(row).to_contain_text(TITLE)
