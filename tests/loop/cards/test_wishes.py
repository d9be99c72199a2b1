"""What Amira would like to work with: understood as titles and tasks, and hers alone with her consultant."""

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.loop.cards import services
from portal.loop.cards.models import CompetenceCard, WishedWork
from portal.loop.cards.queries import card_input
from portal.loop.cards.services import MOST_WISHES, NoWork, TooManyWishes, add_wish, remove_wish
from portal.loop.cards.versions import as_it_was, changes
from portal.loop.cards.wishes import find, understand, understand_each
from portal.shared.audit.models import AuditEntry
from portal.shared.skills.models import JobTitle, JobTitleTask
from tests import factories
from tests.factories import NOW, TODAY, make_card, make_citizen

SOSU = "social- og sundhedshjælper"
CHILDREN = "pasning af børn"
BOTH = "passe børn"
"""A wording of a task, and of a title where the fixture `both` says so."""


def title(name: str = SOSU) -> JobTitle:
    return db.session.scalars(sa.select(JobTitle).where(JobTitle.name == name)).one()


@pytest.fixture
def both(app) -> None:
    with transaction():
        title("pædagogmedhjælper").synonyms = [BOTH]


def taken(text: str) -> str | None:
    meaning = understand(text)
    return meaning.taken.name if meaning.taken else None


# --- Understanding --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("social- og sundhedshjælper", SOSU),
        ("SOSU-hjælper", SOSU),
        ("vil gerne være sosu-hjælper", SOSU),
        ("Jeg drømmer om at blive sosu hjælper", SOSU),
        ("jeg kunne godt tænke mig at være sosu-hjælper", SOSU),
        ("vil gerne arbejde som rengøringsassistent", "rengøringsassistent"),
        ("vil gerne arbejde med at passe børn", CHILDREN),
        ("passe børn", CHILDREN),
    ],
)
def test_a_wish_in_her_words_is_a_title_or_a_task(app, text, wished):
    assert taken(text) == wished


@pytest.mark.parametrize("text", ["vil gerne have kørekort B", "børneattest", "arabisk", "mødestabil"])
def test_what_is_no_work_is_not_offered_as_a_wish(app, text):
    offered = [find(one.key) for one in understand(text).options]

    assert taken(text) is None
    assert all(isinstance(one, JobTitle) or one.category in services.WORK for one in offered)


def test_health_is_no_wish(app):
    assert understand("jeg har ondt i ryggen").is_health


@pytest.mark.parametrize("text", ["vil ikke passe børn", "aldrig rengøring"])
def test_what_she_does_not_want_is_no_wish(app, text):
    meaning = understand(text)

    assert meaning.denied
    assert not meaning.options


def test_words_that_may_be_a_title_and_a_task_are_asked_about(both):
    meaning = understand(BOTH)

    assert meaning.taken is None
    assert {"pædagogmedhjælper", CHILDREN} <= {one.name for one in meaning.options}


# --- On the card ----------------------------------------------------------------------------------------------


def test_a_wish_says_who_wrote_it_and_when_and_stands_in_the_history(app, karin):
    card = make_card(make_citizen("Amira"))
    with transaction():
        add_wish(card, title(), by=karin, at=NOW)

    [wish] = card.wished_work
    assert (wish.name, wish.by_id, wish.said_at) == (SOSU, karin.id, NOW)
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "wish-added")).one()
    assert line.citizen_id == card.citizen_id
    after = services.kept_version(card, at=NOW).content
    assert as_it_was(after).wished == [SOSU]
    assert [(one.what, one.after) for one in changes({**after, "wished": {}}, after)] == [
        ("Vil gerne arbejde med", SOSU)
    ]


def test_a_version_from_before_there_were_wishes_has_none(app, card_version):
    assert as_it_was(card_version).wished == []


@pytest.fixture
def card_version(app):
    content = dict(services.kept_version(make_card(), at=NOW).content)
    del content["wished"]
    return content


@pytest.mark.parametrize(
    ("named", "afterwards"),
    [
        (["koekken"], ["koekken", "pleje"]),  # else the wish would be kept out by her own trades
        (["pleje"], ["pleje"]),
        ([], []),  # all trades are open: to name one would close the others
    ],
)
def test_a_wish_never_closes_a_trade_and_opens_its_own(app, karin, named, afterwards):
    card = make_card(wishes=named)
    with transaction():
        add_wish(card, title(), by=karin, at=NOW)

    assert card.wishes == afterwards


def test_the_same_wish_stands_once_and_a_removed_one_is_gone(app, karin):
    card = make_card()
    with transaction():
        add_wish(card, title(), by=karin, at=NOW)
        add_wish(card, title(), by=karin, at=NOW)
        add_wish(card, factories.skill(CHILDREN), by=karin, at=NOW)
    assert [wish.name for wish in card.wished_work] == [SOSU, CHILDREN]

    with transaction():
        remove_wish(card, card.wished_work[0], by=karin, at=NOW)

    assert [wish.name for wish in card.wished_work] == [CHILDREN]


def test_ten_wishes_are_enough(app, karin):
    card = make_card()
    titles = db.session.scalars(sa.select(JobTitle).order_by(JobTitle.id).limit(MOST_WISHES + 1)).all()
    with transaction():
        for one in titles[:MOST_WISHES]:
            add_wish(card, one, by=karin, at=NOW)

    with pytest.raises(TooManyWishes), transaction():
        add_wish(card, titles[MOST_WISHES], by=karin, at=NOW)


def test_nobody_wishes_for_a_certificate(app, karin):
    card = make_card()

    with pytest.raises(NoWork), transaction():
        add_wish(card, factories.skill("kørekort B"), by=karin, at=NOW)


@pytest.mark.parametrize(
    ("named", "wish", "trades"),
    [
        (["koekken"], None, {"koekken"}),
        (["koekken", "pleje"], SOSU, {"pleje"}),  # the nearer wish speaks: else every permitted place is one
        ([], SOSU, {"pleje"}),
        ([], None, set()),
    ],
)
def test_the_matcher_knows_her_wishes_tasks_and_the_trade_of_her_title(app, karin, named, wish, trades):
    card = make_card(wishes=named)
    feeding = factories.skill("hjælp til spisning")
    with transaction():
        title().tasks = [JobTitleTask(skill_id=feeding.id, level=2, position=0)]
        if wish:
            add_wish(card, title(wish), by=karin, at=NOW)

    seen = card_input(card, on=TODAY)

    assert seen.wished == ({feeding.id} if wish else set())
    assert seen.wished_industries == trades


# --- The consultant's page ------------------------------------------------------------------------------------


@pytest.fixture
def card(app) -> CompetenceCard:
    return make_card(make_citizen("Amira", with_login=True), wishes=[])


def wishes() -> list[str]:
    return [wish.name for wish in db.session.scalars(sa.select(WishedWork).order_by(WishedWork.id))]


def test_karin_writes_a_wish_with_her_and_takes_it_back(client_for, karin, card):
    client = client_for(karin)
    client.post(f"/cards/{card.id}/wishes/add", {"text": "vil gerne være sosu-hjælper"})
    assert wishes() == [SOSU]
    page = client.get(f"/cards/{card.id}").page
    assert SOSU in page.select_one("#wished").text

    [wish] = db.session.scalars(sa.select(WishedWork))
    client.post(f"/cards/{card.id}/wishes/{wish.id}/remove")

    assert wishes() == []


def test_a_title_of_the_list_and_words_are_two_wishes(client_for, karin, card):
    chosen = str(title("kantinemedhjælper").id)

    client_for(karin).post(f"/cards/{card.id}/wishes/add", {"title": chosen, "text": "passe børn"})

    assert wishes() == ["kantinemedhjælper", CHILDREN]


def test_karin_is_asked_what_unsure_words_mean_and_the_likeliest_is_chosen_already(
    client_for, karin, card, both
):
    client = client_for(karin)
    asked = client.post(f"/cards/{card.id}/wishes/add", {"text": BOTH})
    options = asked.page.select("input[name=meant]")
    assert asked.status_code == 422
    assert options[0].has_attr("checked")
    assert wishes() == []

    client.post(f"/cards/{card.id}/wishes/add", {"text": BOTH, "asked": BOTH, "meant": options[1]["value"]})

    assert len(wishes()) == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Vælg en stilling, eller skriv en opgave."),
        ({"text": "xyzzy qwfp"}, "Det ord kender portalen ikke."),
        ({"text": "vil ikke passe børn"}, "Skriv det, der er lyst til"),
        ({"text": "jeg har ondt i ryggen"}, "Skriv ikke om helbred her."),
        ({"text": BOTH, "asked": BOTH, "meant": "skill-999999"}, None),
        ({"text": BOTH, "asked": "gøre rent", "meant": "title-1"}, None),
        ({"title": "999999"}, "Not a valid choice"),
        ({"text": "010190-1234"}, "CPR"),
        ({"text": "a" * 5000}, "120"),
    ],
)
def test_what_is_no_wish_is_told_beside_the_field_and_stays_there(client_for, karin, card, both, form, said):
    answer = client_for(karin).post(f"/cards/{card.id}/wishes/add", form)

    assert answer.status_code == 422
    assert answer.page.select_one("#text")["value"] == form.get("text", "")
    if said and said != "Not a valid choice":
        assert said in answer.page.text
    assert wishes() == []


def test_an_eleventh_wish_is_told_to_wait(client_for, karin, card):
    with transaction():
        whole = db.session.get_one(CompetenceCard, card.id)
        for one in db.session.scalars(sa.select(JobTitle).order_by(JobTitle.id).limit(MOST_WISHES)).all():
            add_wish(whole, one, by=karin, at=NOW)

    answer = client_for(karin).post(f"/cards/{card.id}/wishes/add", {"text": "passe børn"})

    assert answer.status_code == 409
    assert "10 ønsker" in answer.page.text
    assert len(wishes()) == MOST_WISHES


def several(answer):
    """What one press on the page of several wishes would send."""
    form = answer.page.select_one("form:has([name=several_0])")
    chosen = form.select("input[type=hidden], input[checked]")
    text = form.select_one("[name=text]")
    return {"text": text["value"], **{one["name"]: one["value"] for one in chosen if one.get("name")}}


def test_karin_writes_several_wishes_on_one_line_and_takes_them_with_one_press(client_for, karin, card):
    client = client_for(karin)
    url = f"/cards/{card.id}/wishes/add"

    asked = client.post(url, {"text": "kok, xylofonstemning, passe børn"})

    assert (asked.status_code, wishes()) == (422, [])
    assert "Det ord kender portalen ikke" in asked.words
    assert client.post(url, several(asked)).status_code == 303
    assert wishes() == ["kok", "pasning af børn"]


def test_what_karin_turns_down_of_several_wishes_is_no_wish(client_for, karin, card):
    client = client_for(karin)
    url = f"/cards/{card.id}/wishes/add"
    sent = several(client.post(url, {"text": "kok, passe børn"}))

    nothing = client.post(url, {**sent, "several_0": "", "several_1": "title-99999"})
    assert (nothing.status_code, wishes()) == (422, [])
    client.post(url, {**sent, "several_0": ""})

    assert wishes() == ["pasning af børn"]


@pytest.mark.parametrize("text", ["social- og sundhedshjælper", "vil gerne være social- og sundhedshjælper"])
def test_a_title_of_several_words_is_one_wish(app, text):
    assert understand_each(text) == []
