"""The citizen's own page: in her language, from her paper, and nobody else's."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import portal
from portal.base.database import db, transaction
from portal.base.terms import Direction, Language, SpellKind
from portal.loop.citizens import services as citizens
from portal.loop.citizens.models import Citizen
from portal.loop.reviews.models import Answer, Review
from portal.shared.accounts.models import ThrottleCount, UserSession
from portal.shared.skills.phrases import INTERFACE
from portal.shared.skills.translations import PhraseKind, danish, translated
from portal.web.links import LinkPurpose, Links
from tests import factories
from tests.factories import NOW
from tests.support.links import links_of


@pytest.fixture
def amira(app):
    return factories.make_citizen("Amira", with_login=True)


@pytest.fixture
def card(amira):
    return factories.make_card(amira, goal="Jeg vil bage brød.", next_step="Tage på praktik.")


def in_language(citizen: Citizen, language: Language | None) -> Citizen:
    with transaction():
        found = db.session.get_one(Citizen, citizen.id)
        citizens.choose_language(found, language, by=factories.user("karin@kommune.example"), at=NOW)
    return citizen


def entrance(app, about: str = "ar", **other) -> str:
    links = Links((other["key"],)) if "key" in other else links_of(app)
    ends = other.get("ends", NOW + timedelta(days=90))
    return "/mine/enter/" + links.sign(other.get("purpose", LinkPurpose.CODE_PAGE), about, expires_at=ends)


def login_code(citizen: Citizen, karin) -> str:
    with transaction():
        found = db.session.get_one(Citizen, citizen.id)
        return citizens.give_login_code(found, lifetime=timedelta(days=90), by=karin, at=NOW)


@pytest.mark.parametrize("language", [None, *Language])
def test_the_page_is_in_her_language_and_read_from_its_side(client_for, amira, card, language):
    in_language(amira, language)

    page = client_for(amira.user).get("/mine/").page

    heading = page.select_one("#goal h2").get_text()
    if language is None:
        assert (page.html["lang"], page.html["dir"], heading) == ("da", "ltr", "Mit mål")
        return
    assert (page.html["lang"], page.html["dir"]) == (language.value, language.direction.value)
    assert heading == translated(PhraseKind.PAGE, "my_goal", language).text
    assert danish(PhraseKind.SKILL, "skære og klargøre grøntsager") not in heading


@pytest.mark.parametrize("language", list(Language))
def test_what_is_danish_on_her_page_is_marked_as_danish(client_for, amira, card, language):
    in_language(amira, language)

    page = client_for(amira.user).get("/mine/").page

    beside = page.select_one(".her-skills .danish-beside")
    assert (beside["lang"], beside["dir"]) == ("da", "ltr")
    assert beside.get_text() == "Skære og klargøre grøntsager"
    if language.direction is Direction.RTL:
        assert page.select_one("#goal p [lang=da][dir=ltr]").get_text() == "Jeg vil bage brød."


def test_one_note_says_that_translations_are_not_reviewed(client_for, amira, card):
    in_language(amira, Language.UK)

    page = client_for(amira.user).get("/mine/").page

    assert len(page.select(".translation-note")) == 1
    assert not client_for(amira.user).get("/mine/?in=da").page.select(".translation-note")


def test_the_page_can_be_read_in_danish_together(client_for, amira, card):
    in_language(amira, Language.AR)

    page = client_for(amira.user).get("/mine/?in=da").page

    assert (page.html["lang"], page.html["dir"]) == ("da", "ltr")
    assert page.select_one("a[lang=ar]").get_text() == "العربية"
    db.session.rollback()
    assert db.session.get_one(Citizen, amira.id).language is Language.AR


def test_languages_stand_under_their_own_names(client_for, amira, card):
    options = client_for(amira.user).get("/mine/").page.select("select[name=language] option")

    assert [one.get_text() for one in options] == ["Dansk", *(one.own_name for one in Language)]
    assert [one["lang"] for one in options] == ["da", *(one.value for one in Language)]


@pytest.mark.parametrize(
    ("chosen", "becomes"),
    [("ti", Language.TI), ("", None), ("xx", Language.EN), ("%00", Language.EN), ("a" * 900, Language.EN)],
)
def test_she_chooses_her_language(client_for, amira, chosen, becomes):
    in_language(amira, Language.EN)

    assert client_for(amira.user).post("/mine/language", {"language": chosen}).status_code == 303

    db.session.rollback()
    assert db.session.get_one(Citizen, amira.id).language is becomes


def test_her_consultant_chooses_it_with_her(client_for, karin, amira):
    fields = {
        "case_reference": amira.case_reference,
        "first_name": "Amira",
        "last_name": "Haddad",
        "language": "so",
        "version": str(amira.version),
    }

    client_for(karin).post(f"/citizens/{amira.id}/edit", fields)

    db.session.rollback()
    assert db.session.get_one(Citizen, amira.id).language is Language.SO


def test_why_she_was_proposed_is_put_together_from_phrases(client_for, amira, card):
    in_language(amira, Language.EN)
    opening = factories.make_opening(
        must=("skære og klargøre grøntsager", "køkkenhygiejne"), learn=("borddækning",)
    )
    factories.make_review(factories.make_match(opening, card))

    items = [one.get_text() for one in client_for(amira.user).get("/mine/").page.select("ul.reasons li")]

    vegetables, hygiene, tables = (
        translated(PhraseKind.SKILL, name, Language.EN).text
        for name in ("skære og klargøre grøntsager", "køkkenhygiejne", "borddækning")
    )
    assert items[0].startswith(f"You can: {vegetables} – ")
    assert items[0].endswith("your own words, August 2026.")
    assert f"You can learn here: {tables}." in items
    assert f"We do not know yet: {hygiene}." in items


def test_a_task_in_the_employers_own_words_stays_as_the_employer_wrote_it(client_for, amira, card):
    in_language(amira, Language.AR)
    opening = factories.make_opening(must=("skære og klargøre grøntsager",))
    match = factories.make_match(opening, card)
    with transaction():
        found = db.session.merge(match)
        found.result = {
            **found.result,
            "lines": [{**line, "text": "Skrælle asparges"} for line in found.result["lines"]],
        }
    factories.make_review(match)

    marked = client_for(amira.user).get("/mine/").page.select("ul.reasons span[lang=da]")

    assert "Skrælle asparges" in [one.get_text() for one in marked]


def test_an_answer_from_her_page_leads_back_to_it(client_for, amira, card):
    review = factories.make_review(factories.make_match(card=card))
    client = client_for(amira.user)
    what_waits = f"#waiting a[href='#proposal-{review.id}']"
    assert client.get("/mine/").page.select_one(what_waits), "the page is long, and this stands first"

    answer = client.post(f"/reviews/{review.id}/answer?page=mine", {"answer": "yes"})

    assert answer.location == "/mine/?said=yes#proposals"
    assert not client.get("/mine/").page.select_one(what_waits)


@pytest.mark.parametrize(("said", "key"), [("yes", "thanks_yes"), ("no", "thanks_no")])
def test_she_is_thanked_in_her_language_and_may_take_it_back(client_for, amira, card, said, key):
    in_language(amira, Language.TI)
    review = factories.make_review(factories.make_match(card=card))
    her = client_for(amira.user)

    her.post(f"/reviews/{review.id}/answer?page=mine", {"answer": said})
    page = her.get(f"/mine/?said={said}").page
    undo = page.select_one(f"form[action='/reviews/{review.id}/take-back?page=mine']")
    her.post(str(undo["action"]))

    assert translated(PhraseKind.PAGE, key, Language.TI).text in page.get_text(" ")
    assert db.session.get_one(Review, review.id).citizen_answer is Answer.PENDING


def test_a_proposal_says_all_that_she_must_know(client_for, amira, card):
    """Where, paid or not, when, which days and hours, what she may learn, and whom she meets."""
    in_language(amira, Language.EN)
    opening = factories.make_opening(learn=("borddækning",), weekdays=["mon", "thu"], working_times="8-13")
    factories.make_review(factories.make_match(opening, card))

    words = client_for(amira.user).get("/mine/").page.select_one("#proposals").get_text(" ")

    paid = "With pay" if opening.form.traits.is_paid else "Without pay"
    contact = opening.employer.contacts[0].name
    for said in (
        opening.workplace.address,
        paid,
        "Monday",
        "Thursday",
        "8-13",
        contact,
        "What you can learn",
    ):
        assert said in words


def test_the_log_has_one_heading_for_each_day(client_for, amira, card, karin):
    for _time in range(5):
        client_for(karin).get(f"/cards/{card.id}")

    page = client_for(amira.user).get("/mine/looks").page

    assert len(page.select("main h2")) == 1
    assert len(page.select("ul.looks li")) == 1
    assert "× 5" in page.select_one("ul.looks").get_text(" ")


def test_what_she_said_yes_and_no_to_stands_there(client_for, amira, card):
    in_language(amira, Language.TR)
    yes = factories.make_review(factories.make_match(card=card), citizen_answer=Answer.YES)
    factories.make_review(factories.make_match(card=card), citizen_answer=Answer.NO)

    page = client_for(amira.user).get("/mine/").page
    words = page.select_one("#proposals").get_text(" ")

    for said in ("yes", "no"):
        assert translated(PhraseKind.ANSWER, said, Language.TR).text in words
    assert page.select_one(f"form[action='/reviews/{yes.id}/withdraw?page=mine']")


def test_without_a_card_the_page_says_so(client_for, amira):
    words = client_for(amira.user).get("/mine/").words

    assert "Din konsulent har ikke lavet dit kort endnu." in words


def test_every_reason_to_look_can_be_said_in_her_language():
    """The page says why somebody looked; what no list holds would stand there in Danish."""
    asked = re.compile(r'(?:purpose=|_look\([^)]*?)_\("([^"]+)"\)', re.S)
    written = {
        text
        for file in Path(portal.__file__).parent.rglob("*views.py")
        for text in asked.findall(file.read_text(encoding="utf-8"))
    }
    known = {one.danish for one in INTERFACE if one.kind == PhraseKind.PURPOSE}

    about_no_citizen = {
        "Administration af brugere",
        "Liste over borgere",
        "Liste hentet som fil",
        "Pleje af ordlisten",
        "Kort på lister, som andre vægte ville flytte",
        "Hvad portalen har sendt",
        "Virksomheder, der skal ringes til",
        "Virksomhedens samarbejde med kommunen",
    }
    assert written - about_no_citizen - known == set()


# --- From the paper ----------------------------------------------------------------------------------------


def test_the_paper_leads_to_the_code_page_in_her_language_and_the_code_to_her_page(
    app, client_for, visitor, karin, amira, card
):
    in_language(amira, Language.AR)
    sheet = client_for(karin).post(f"/citizens/{amira.id}/login-code").page
    code = sheet.select_one("#login-code").get_text()
    assert sheet.select_one(".qr svg")
    assert (
        sheet.select_one("[lang=ar][dir=rtl]").get_text()
        == translated(PhraseKind.PAGE, "enter_code", Language.AR).text
    )

    page = visitor.get(entrance(app))
    answer = visitor.post(entrance(app), {"code": code.lower().replace("-", " ")})

    assert (page.page.html["lang"], page.page.html["dir"]) == ("ar", "rtl")
    assert answer.location == "/mine/"
    assert visitor.get("/mine/").status_code == 200


def test_the_link_alone_opens_nothing_and_names_nobody(app, visitor, karin, amira):
    login_code(amira, karin)

    answer = visitor.get(entrance(app))

    assert "Amira" not in answer.get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count(UserSession.id))) == 0
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_wrong_code_is_answered_in_her_language(app, visitor):
    answer = visitor.post(entrance(app, "uk"), {"code": "AAAA-BBBB-CCCC"})

    assert answer.status_code == 422
    assert translated(PhraseKind.PAGE, "wrong_code", Language.UK).text in answer.words


def test_codes_are_tried_only_so_often(app, visitor, karin, amira):
    code = login_code(amira, karin)
    most = app.config["LIMITS"]["code-address"].free
    for number in range(most):
        visitor.post(entrance(app), {"code": f"AAAA-BBBB-CC{number // 8 + 2}{number % 8 + 2}"})

    assert visitor.post(entrance(app), {"code": code}).status_code == 429
    counted = sa.select(ThrottleCount.tries).where(ThrottleCount.kind == "code-address")
    assert db.session.scalars(counted).all() == [most]


@pytest.mark.parametrize(
    ("link", "status"),
    [
        ({"ends": NOW}, 303),  # to the same page without a link
        ({"ends": NOW + timedelta(seconds=1)}, 200),
        ({"key": "x" * 40}, 404),
        ({"purpose": LinkPurpose.CARD}, 404),
        ({"about": "nonsense"}, 200),
    ],
)
def test_the_paper_works_for_its_time_only(app, visitor, link, status):
    assert visitor.get(entrance(app, **link)).status_code == status


def test_she_reads_where_the_municipality_has_written_that_she_is(app, client_for):
    """In her language; what a consultant named is said in Danish, and what was corrected is not there any more."""
    citizen = factories.make_citizen("Zarifa", with_login=True, language=Language.UK)
    factories.make_spell(citizen, SpellKind.EDUCATION, from_on=date(2026, 1, 5), until_on=date(2026, 6, 30))
    factories.make_spell(citizen, SpellKind.ORDINARY_WORK, replaced_at=NOW)
    factories.make_membership(factories.make_target_group("Målgruppe 3"), citizen)
    client = client_for(citizen.user)

    page = client.get("/mine/situation").page

    assert page.select_one("#periods li").get_text(" ", strip=True).startswith("Навчання · з 5 січня 2026")
    assert len(page.select("#periods li")) == 1
    assert page.select_one("#groups li [lang=da]").text == "Målgruppe 3"
    assert "Uddannelse · fra 5. januar 2026 til 30. juni 2026" in client.get("/mine/situation?in=da").words
    assert client.get("/mine/").page.select("#data a[href='/mine/situation']")
