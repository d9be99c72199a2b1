"""Her page of what she would like to work with, in her language."""

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import Language
from portal.loop.cards.models import WishedWork
from portal.loop.citizens.models import Citizen
from portal.shared.skills.models import JobTitle
from portal.shared.skills.translations import PhraseKind, translated
from tests import factories


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

    answer = client_for(amira.user).post("/mine/jobs/wishes/add", {"text": "xyzzy plugh"})

    assert answer.status_code == 422
    told = translated(PhraseKind.PAGE, "wish_unknown", Language.UK).text
    assert answer.page.select_one("#wish-problem").text.strip() == told
    assert answer.page.select_one("#text")["value"] == "xyzzy plugh"


def test_unsure_words_are_asked_about_in_her_language(client_for, amira, card):
    speak(amira, Language.TR)

    answer = client_for(amira.user).post("/mine/jobs/wishes/add", {"text": "pædagogmedhjælp"})

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
