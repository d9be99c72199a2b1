"""The pages of the intake, as Amira and Karin meet them; without JavaScript and with htmx."""

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import Industry, Language
from portal.loop.cards.models import CompetenceCard, Frequency, Setting, SkillEvidence, TaskAnswer
from portal.shared.accounts.models import User
from portal.shared.skills.tasks import tasks_of
from tests.client import counted_statements
from tests.factories import make_card, make_citizen

CLEANING = tasks_of(Industry.RENGOERING)


@pytest.fixture
def card(app) -> CompetenceCard:
    return make_card(make_citizen("Amira", with_login=True), skills={}, wishes=["rengoering"])


@pytest.fixture
def amira(card) -> User:
    return db.session.get_one(User, card.citizen.user_id)


@pytest.fixture
def base(card) -> str:
    return f"/cards/{card.id}/tasks"


def said(*answers: tuple[str, str]) -> dict[str, str]:
    """A form of the first step: (frequency, setting) for its first tasks."""
    fields = {}
    for task, (frequency, setting) in zip(CLEANING, answers, strict=False):
        fields |= {f"{task.key}-frequency": frequency, f"{task.key}-setting": setting}
    return fields


def answers() -> dict[str, tuple[Frequency, Setting | None]]:
    db.session.expire_all()
    return {one.task_key: (one.frequency, one.setting) for one in db.session.scalars(sa.select(TaskAnswer))}


def test_the_card_leads_to_the_questions(client_for, karin, amira, card, base):
    assert client_for(karin).get(f"/cards/{card.id}").page.select_one(f"main a[href='{base}']")
    assert client_for(amira).get("/cards/own").page.select_one(f"main a[href='{base}']")


def test_the_wished_trade_stands_first_with_how_far_she_is(client_for, amira, base):
    client = client_for(amira)
    client.post(f"{base}/rengoering?step=1", said(("never", ""), ("daily", "home")))

    page = client.get(base).page

    first = page.select_one(".list-card")
    assert "2 af 36" in first.get_text()
    assert first.select_one("a")["href"] == f"{base}/rengoering"


def test_a_step_asks_about_six_tasks_with_their_pictograms(client_for, amira, base):
    page = client_for(amira).get(f"{base}/rengoering").page

    asked = page.select(".task-question")
    assert len(asked) == 6
    assert "pictograms/wash-floor.svg" in asked[0].select_one("use")["href"]
    assert len(asked[0].select("input[type=radio]")) == 9


def test_an_answered_step_leads_to_the_next_and_is_saved(client_for, amira, base):
    response = client_for(amira).post(
        f"{base}/rengoering?step=1", said(("daily", "home"), ("never", ""), ("few", "voluntary"), ("", ""))
    )

    assert (response.status_code, response.headers["Location"]) == (303, f"{base}/rengoering?step=2")
    assert answers() == {
        "wash-floor": (Frequency.DAILY, Setting.HOME),
        "vacuum": (Frequency.NEVER, None),
        "dust": (Frequency.FEW, Setting.VOLUNTARY),
    }


def test_where_it_was_never_done_is_not_kept(client_for, amira, base):
    client_for(amira).post(f"{base}/rengoering?step=1", said(("never", "home")))

    assert answers() == {"wash-floor": (Frequency.NEVER, None)}


def test_without_where_the_page_asks_again_and_keeps_what_was_chosen(client_for, amira, base):
    response = client_for(amira).post(f"{base}/rengoering?step=1", said(("often", ""), ("few", "work")))

    assert response.status_code == 422
    assert response.page.select_one("[data-error-summary] a")["href"] == "#wash-floor-setting-0"
    assert response.page.select_one("#wash-floor-frequency-2").has_attr("checked")
    assert response.page.select_one("#vacuum-setting-0").has_attr("checked")
    assert answers() == {}


@pytest.mark.parametrize(
    "fields",
    [said(("sometimes", "home")), said(("often", "abroad"))],
    ids=["unknown frequency", "unknown place"],
)
def test_an_unknown_answer_is_refused(client_for, amira, base, fields):
    assert client_for(amira).post(f"{base}/rengoering?step=1", fields).status_code == 422
    assert answers() == {}


def test_a_task_of_another_step_is_not_answered_here(client_for, amira, base):
    client_for(amira).post(
        f"{base}/rengoering?step=1", {"wash-clothes-frequency": "daily", "wash-clothes-setting": "home"}
    )

    assert answers() == {}


def test_she_comes_back_to_where_she_left_with_her_answers(client_for, amira, base):
    client = client_for(amira)
    client.post(f"{base}/rengoering?step=1", said(("daily", "home")))

    assert "Side 2 af 6" in client.get(f"{base}/rengoering").words
    earlier = client.get(f"{base}/rengoering?step=1").page
    assert earlier.select_one("#wash-floor-frequency-3").has_attr("checked")
    assert earlier.select_one("#wash-floor-setting-1").has_attr("checked")


def test_going_back_saves_too(client_for, amira, base):
    response = client_for(amira).post(f"{base}/rengoering?step=1", said(("daily", "home")) | {"go": "back"})

    assert response.headers["Location"] == base
    assert answers() == {"wash-floor": (Frequency.DAILY, Setting.HOME)}


@pytest.mark.parametrize(
    ("step", "go", "leads_to"),
    [
        (1, "", "/rengoering?step=2"),
        (2, "back", "/rengoering?step=1"),
        (6, "", "/rengoering/summary"),
        (1, "back", ""),
    ],
)
def test_each_step_leads_to_its_neighbours(client_for, amira, base, step, go, leads_to):
    response = client_for(amira).post(f"{base}/rengoering?step={step}", {"go": go})

    assert response.headers["Location"] == base + leads_to


def test_the_last_step_leaves_for_the_summary_under_htmx(client_for, amira, base):
    response = client_for(amira).post(f"{base}/rengoering?step=6", {}, htmx=True)

    assert (response.status_code, response.headers["HX-Redirect"]) == (204, f"{base}/rengoering/summary")


@pytest.mark.parametrize("step", ["0", "7", "-1", "x", "9" * 400])
def test_a_step_that_does_not_exist_is_the_one_to_go_on_from(client_for, amira, base, step):
    assert "Side 1 af 6" in client_for(amira).get(f"{base}/rengoering?step={step}").words


@pytest.mark.parametrize("path", ["gartneri", "gartneri/summary", "KOEKKEN"])
def test_a_trade_that_does_not_exist_is_not_found(client_for, amira, base, path):
    assert client_for(amira).get(f"{base}/{path}").status_code == 404


def test_the_region_is_the_same_on_the_page_and_alone(client_for, amira, base):
    client = client_for(amira)
    client.post(f"{base}/rengoering?step=1", said(("daily", "home")))

    page = client.get(f"{base}/rengoering?step=1").page.select_one("#task-step")
    part = client.get(f"{base}/rengoering?step=1", htmx=True).page.select_one("#task-step")

    for tree in (page, part):
        for hidden in tree.select("[name=csrf_token], [name=form_id]"):
            hidden.decompose()
    assert page == part


def test_the_summary_says_what_comes_before_it_comes(client_for, amira, card, base):
    client = client_for(amira)
    client.post(f"{base}/rengoering?step=1", said(("daily", "home"), ("never", "")))

    page = client.get(f"{base}/rengoering/summary")

    assert [li.strong.get_text() for li in page.page.select(".tried-list li")] == ["Vaske gulv"]
    assert "Selvstændigt" in page.words
    assert "Hver dag i lang tid, hjemme" in page.words
    assert "34 opgaver er ikke besvaret" in page.words
    assert db.session.scalars(sa.select(SkillEvidence)).all() == []


def test_it_is_put_on_the_card_and_marked_as_done_at_home(client_for, amira, card, base):
    client = client_for(amira)
    client.post(f"{base}/rengoering?step=1", said(("daily", "home")))

    response = client.post(f"{base}/rengoering/summary")

    assert (response.status_code, response.headers["Location"]) == (303, "/cards/own")
    assert "Egne ord: hver dag i lang tid, hjemme, 18. november 2026" in client.get("/cards/own").words


def test_nothing_new_is_said_and_changes_nothing(client_for, karin, card, base):
    client = client_for(karin)

    response = client.post(f"{base}/rengoering/summary")

    assert response.headers["Location"] == f"/cards/{card.id}"
    assert "ikke noget nyt" in client.get(f"/cards/{card.id}").words


def test_a_double_click_puts_it_on_the_card_once(client_for, amira, base):
    client = client_for(amira)
    client.post(f"{base}/rengoering?step=1", said(("daily", "home")))

    for _click in range(2):
        client.post(f"{base}/rengoering/summary", form_id="the-same-form")

    assert len(db.session.scalars(sa.select(SkillEvidence)).all()) == 1


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("uk", "ltr")])
def test_a_chosen_language_stands_beside_the_danish_and_is_kept_from_page_to_page(
    client_for, amira, base, language, direction
):
    client = client_for(amira)

    page = client.get(f"{base}/rengoering?language={language}&step=1").page
    response = client.post(f"{base}/rengoering?language={language}&step=1", said(("daily", "home")))

    first = page.select_one(".task-question h3")
    assert first.get_text().startswith("Vaske gulv")
    assert (first.span["lang"], first.span["dir"]) == (language, direction)
    assert f"language={language}" in response.headers["Location"]


def test_a_consultant_begins_it_in_her_language_and_may_choose_another(client_for, karin, card, base):
    client = client_for(karin)
    with transaction():
        db.session.get_one(CompetenceCard, card.id).citizen.language = Language.TI

    begun = client.get(base)
    assert (begun.status_code, begun.location) == (303, f"{base}?language=ti")
    assert client.get(begun.location).page.select_one("main .her-words[lang='ti']")

    alone = client.get(f"{base}?language=").page
    assert not alone.select("main .her-words")
    assert alone.select_one("main a.button-primary")["href"].endswith("?language=")


def test_she_herself_reads_it_in_her_language_and_nothing_twice(client_for, amira, card, base):
    with transaction():
        db.session.get_one(CompetenceCard, card.id).citizen.language = Language.TI

    for path in ("", "/rengoering?step=1", "/rengoering/summary"):
        page = client_for(amira).get(base + path).page
        assert page.html["lang"] == "ti"
        assert not page.select(".her-words, .language-choice")


def test_an_unknown_language_is_danish_alone(client_for, amira, base):
    page = client_for(amira).get(f"{base}/rengoering?language=xx&step=1").page

    assert page.select(".her-words") == []


@pytest.mark.parametrize("path", ["", "/rengoering?step=1", "/rengoering/summary"])
def test_a_page_asks_the_database_at_most_twelve_times(app, client_for, karin, base, path):
    client = client_for(karin)
    client.get(base + path)

    with counted_statements(app) as statements:
        client.get(base + path)

    assert len(statements) <= 12
