"""Her page of what she would like to work with and where her card can be used, in her language."""

from datetime import timedelta
from io import BytesIO
from itertools import count

import pypdf
import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import Language
from portal.loop.cards.models import WishedWork
from portal.loop.citizens.models import Citizen
from portal.shared.skills.models import JobTitle, JobTitleTask
from portal.shared.skills.services import new_version
from portal.shared.skills.translations import PhraseKind, translated
from tests import factories

SOSU = "social- og sundhedshjælper"
VEGETABLES = "skære og klargøre grøntsager"


@pytest.fixture
def amira(app):
    return factories.make_citizen("Amira", with_login=True)


@pytest.fixture
def card(amira):
    return factories.make_card(amira, wishes=[])


def speak(citizen: Citizen, language: Language | None) -> None:
    with transaction():
        db.session.get_one(Citizen, citizen.id).language = language


def wishes() -> list[str]:
    return [wish.name for wish in db.session.scalars(sa.select(WishedWork).order_by(WishedWork.id))]


@pytest.mark.parametrize("language", [None, *Language])
def test_she_writes_what_she_would_like_and_reads_it_on_her_page(client_for, amira, card, language):
    speak(amira, language)
    client = client_for(amira.user)

    client.post("/mine/jobs/wishes/add", {"text": "passe børn"})

    shown = client.get("/mine/jobs").page
    heading = "Det vil jeg gerne arbejde med"
    if language:
        heading = translated(PhraseKind.PAGE, "wished_work", language).text
    assert shown.select_one("h1").text == heading
    child_care = (
        translated(PhraseKind.SKILL, "pasning af børn", language).text if language else "pasning af børn"
    )
    assert shown.select_one("#wishes h2").text == child_care
    assert child_care in client.get("/mine/").page.select_one("#goal").text


def test_she_chooses_a_title_without_writing_danish_and_takes_it_back(client_for, amira, card):
    speak(amira, Language.AR)
    client = client_for(amira.user)
    chosen = db.session.scalars(sa.select(JobTitle).where(JobTitle.name == "kantinemedhjælper")).one()

    client.post("/mine/jobs/wishes/add", {"title": str(chosen.id)})
    assert wishes() == ["kantinemedhjælper"]
    [wish] = db.session.scalars(sa.select(WishedWork))
    assert wish.by_id == amira.user_id
    client.post(f"/mine/jobs/wishes/{wish.id}/remove")

    assert wishes() == []


def test_what_is_wrong_is_told_in_her_language_and_her_words_stay(client_for, amira, card):
    speak(amira, Language.UK)

    answer = client_for(amira.user).post("/mine/jobs/wishes/add", {"text": "xyzzy qwfp"})

    assert answer.status_code == 422
    told = translated(PhraseKind.PAGE, "wish_unknown", Language.UK).text
    assert answer.page.select_one("#wish-problem").text.strip() == told
    assert answer.page.select_one("#text")["value"] == "xyzzy qwfp"


def test_unsure_words_are_asked_about_in_her_language(client_for, amira, card):
    speak(amira, Language.TR)
    with transaction():
        found = db.session.scalars(sa.select(JobTitle).where(JobTitle.name == "pædagogmedhjælper")).one()
        found.synonyms = ["passe børn"]

    answer = client_for(amira.user).post("/mine/jobs/wishes/add", {"text": "passe børn"})

    assert answer.status_code == 422
    known = translated(PhraseKind.SKILL, "pasning af børn", Language.TR).text
    assert known in answer.page.select_one(".words-question").text


def test_the_page_stays_in_danish_when_it_is_read_together(client_for, amira, card):
    speak(amira, Language.AR)
    client = client_for(amira.user)

    answer = client.post("/mine/jobs/wishes/add?in=da", {"text": "passe børn"})

    assert answer.headers["Location"].endswith("/mine/jobs?in=da")
    assert client.get("/mine/jobs?in=da").page.html["lang"] == "da"


def test_before_she_has_a_card_there_is_no_such_page(client_for, amira):
    assert client_for(amira.user).get("/mine/jobs").status_code == 404


# --- Where her card can be used


MOMENTS = count(1)


def usually(title: str, *tasks: tuple[str, int]) -> None:
    """What the title usually means, in an edition of the vocabulary that no other test has."""
    with transaction():
        found = db.session.scalars(sa.select(JobTitle).where(JobTitle.name == title)).one()
        found.tasks = [
            JobTitleTask(skill_id=factories.skill(name).id, level=level, position=place)
            for place, (name, level) in enumerate(tasks)
        ]
        new_version(title, factories.NOW + timedelta(seconds=next(MOMENTS)))


@pytest.fixture
def titles(app):
    """What no title has but these, so that the vocabulary may grow."""
    with transaction():
        db.session.execute(sa.delete(JobTitleTask))
    usually("køkkenmedhjælper", (VEGETABLES, 2), ("opvask i industriopvaskemaskine", 2))
    usually("smørrebrødsjomfru", (VEGETABLES, 4))
    usually(SOSU, ("hjælp til spisning", 2))


def used_as(page) -> list[str]:
    return [heading.get_text() for heading in page.select("#usable h3")]


@pytest.mark.parametrize("language", [None, Language.AR, Language.SO])
def test_she_sees_the_titles_her_card_reaches_and_what_is_missing(client_for, amira, card, titles, language):
    speak(amira, language)

    page = client_for(amira.user).get("/mine/jobs").page

    usable = page.select_one("#usable")
    assert len(used_as(page)) == 2, (
        "none is hidden because it asks for more, and what she has nothing of is not shown"
    )
    said = "Det er ikke et løfte om et job."
    if language:
        said = translated(PhraseKind.NOTE, "no_promise", language).text
    assert said in usable.text
    missing = "opvask i industriopvaskemaskine"
    assert (translated(PhraseKind.SKILL, missing, language).text if language else missing) in usable.text


def test_a_wish_is_made_with_one_press_and_a_wished_title_is_always_shown(client_for, amira, card, titles):
    client = client_for(amira.user)
    assert SOSU not in client.get("/mine/jobs").page.select_one("#usable").text
    title = db.session.scalars(sa.select(JobTitle).where(JobTitle.name == SOSU)).one()

    client.post("/mine/jobs/wishes/add", {"title": str(title.id)})

    page = client.get("/mine/jobs").page
    assert SOSU in page.select_one("#usable").text, "what is missing for her goal is what she needs to see"
    offered = [field["value"] for field in page.select("#usable input[name=title]")]
    assert str(title.id) not in offered


def test_ten_titles_are_shown_and_the_others_when_she_asks(client_for, amira, card, titles):
    for one in db.session.scalars(sa.select(JobTitle).limit(12)).all():
        usually(one.name, (VEGETABLES, 3))
    client = client_for(amira.user)

    first = client.get("/mine/jobs").page
    more = client.get(first.select_one("#usable a[href*=titles]")["href"]).page

    assert len(used_as(first)) == 10
    assert len(used_as(more)) > 10


def test_an_empty_card_is_told_what_would_help(client_for, app, titles):
    selam = factories.make_citizen("Selam", with_login=True)
    factories.make_card(selam, skills={})

    page = client_for(selam.user).get("/mine/jobs").page

    assert "Fortæl om flere opgaver" in page.select_one("#usable").text
    assert page.select_one("#usable a[href*=tasks]")


def test_karin_sees_the_same_on_the_card_and_on_its_back(client_for, karin, amira, card, titles):
    factories.make_wish(card)
    client = client_for(karin)

    shown = client.get(f"/cards/{card.id}").page.select_one("#usable").find_parent().text
    back = paper_of(client, card, usable="y")

    assert "køkkenmedhjælper: 1 af 2 opgaver står på kortet" in shown
    assert "køkkenmedhjælper" in back
    assert SOSU not in back, "a wish is on no paper that others may be handed"
    assert "køkkenmedhjælper" not in paper_of(client, card)


def paper_of(client, card, **asked) -> str:
    file = pypdf.PdfReader(BytesIO(client.get(f"/cards/{card.id}/print", query_string=asked).data))
    return " ".join(page.extract_text() for page in file.pages)


@pytest.mark.parametrize("language", [None, Language.AR, Language.UK])
def test_several_wishes_on_one_line_are_asked_about_together_in_her_language(
    client_for, amira, card, language
):
    speak(amira, language)
    client = client_for(amira.user)

    asked = client.post("/mine/jobs/wishes/add", {"text": "passe børn og gulvvask"})

    assert (asked.status_code, wishes()) == (422, [])
    form = asked.page.select_one("form:has([name=several_0])")
    sent = {one["name"]: one["value"] for one in form.select("input[type=hidden], input[checked]")}
    assert client.post("/mine/jobs/wishes/add", {"text": sent["asked"], **sent}).status_code == 303
    assert wishes() == ["pasning af børn", "gulvvask og mopning"]
