"""Most employers have their tasks in an ad: it is pasted on a phone, and what it names is put up."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.base import clock
from tests.browser.people import FIRST_READING, Person
from tests.browser.test_accessibility import problems_of

pytestmark = pytest.mark.browser

PHONE = 360

AD = """Køkkenmedhjælper til kantinen på rådhuset

Vi søger en stabil og glad køkkenmedhjælper til vores kantine, hvor vi hver dag laver mad til 180 gæster. Du bliver en
del af et lille hold på fire, som sætter en ære i god mad af friske råvarer, og som hjælper hinanden i travle timer.

Dine opgaver bliver blandt andet:
- snitte grønt til salatbaren
- opvask og grydevask
- anretning af buffet
- vasketrapperne
- aftørring af borde efter frokost
- tage imod varer og sætte dem på plads

Hverdagen begynder klokken syv med kaffe og en kort snak om dagens menu. Derefter går vi hver til sit, og klokken elleve
står maden klar. Efter frokost rydder vi op sammen, og klokken to er der fri. Der er ingen aften- eller weekendarbejde,
og du får et sæt arbejdstøj, som vi vasker for dig.

Kendskab til kassearbejde er en fordel.
Vi lærer dig at bage brød.

Vi tilbyder et arbejde tæt på tog og bus, en god tone og kolleger fra fem lande. Du behøver ikke at have prøvet det før,
for du følges med Lone de første uger, og hun viser dig det hele. Hos os lægger vi vægt på, at du møder til tiden og har
lyst til at lære nyt. Rådhuset har en fin have, hvor vi spiser frokost om sommeren, og to gange om året er vi på tur.

Du er velkommen til at komme forbi og se køkkenet, før du søger. Spørg efter køkkenleder Bo Lindgaard, der også svarer
på spørgsmål om stillingen. Send gerne en kort ansøgning på dansk eller engelsk til kantinen, og skriv lidt om, hvad
du har lavet før. Vi holder samtaler i næste uge og ser frem til at høre fra dig, uanset alder, køn og baggrund.
"""


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_bo_pastes_an_ad_on_his_phone_and_puts_up_what_it_names(
    javascript: bool, changing_server: str, page_of: Callable[..., Page]
) -> None:
    assert 1_400 <= len(AD) <= 1_800
    page = page_of(changing_server, "virksomhed@demo.dk", width=PHONE, javascript=javascript)
    bo = Person(page, javascript=javascript)
    bo.opens("/posting/")
    bo.presses("Begynd en ny")
    bo.main.get_by_label("Arbejdssted").select_option(index=1)
    bo.fills(title="Hjælp i rådhusets kantine")
    bo.presses("Gem og gå videre")
    bo.ticks("Virksomhedspraktik", within=bo.main.get_by_role("group", name="Hvilken slags plads er det?"))
    bo.presses("Gem og gå videre")
    expect(bo.main.get_by_role("heading", name="3 af 7: Opgaver")).to_be_visible()
    bo.presses("Gem og gå videre")
    expect(bo.main.get_by_role("heading", name="4 af 7")).to_be_visible()

    bo.fills(ad=AD)
    if javascript:
        expect(bo.main.get_by_text("af 4.000 tegn", exact=False)).to_contain_text("Skrevet: 1.")
    bo.presses("Find opgaverne")

    found = bo.main.get_by_role("heading", name="opgaver i jeres tekst")
    expect(found).to_be_visible(timeout=FIRST_READING)
    if javascript:
        assert problems_of(page) == []
    assert bo.outside_the_window() == []
    taken = bo.main.locator(".found-task input[type=checkbox]:checked")
    assert taken.count() >= 5
    chatted = bo.main.locator(".found-task", has_text="kaffe").locator("input[type=checkbox]:checked")
    expect(chatted).to_have_count(0)  # what the day is like is no task, or one that he must tick himself
    bo.presses("Tag de valgte med")

    expect(bo.main.locator("[name=lines-4-text]")).not_to_have_value("")
    expect(bo.main.get_by_role("heading", name="Er det rigtigt forstået?")).to_have_count(
        0
    )  # nothing is left to ask
    bo.presses("Gem og gå videre")
    expect(bo.main.get_by_role("heading", name="5 af 7: Tid og sted")).to_be_visible()
    first = clock.today() + timedelta(days=14)
    last = first + timedelta(weeks=4)
    bo.fills(hours_per_week="20", starts_on=first.isoformat(), ends_on=last.isoformat())
    for heading in ("6 af 7: Dansk", "7 af 7: Vilkår"):
        bo.presses("Gem og gå videre")
        expect(bo.main.get_by_role("heading", name=heading)).to_be_visible()
    bo.presses("Gem og gå videre")
    bo.presses("Slå op")

    bo.sees_message("Åbningen er slået op")
    expect(bo.main).not_to_contain_text("tæt på tog og bus")  # the ad itself is kept nowhere
    karin = Person(
        page_of(changing_server, "konsulent@demo.dk", javascript=javascript), javascript=javascript
    )
    karin.opens(f"/openings/{bo.number}")
    for skill in ("skære og klargøre grøntsager", "grydevask og håndopvask", "trappevask"):
        karin.sees(skill)
