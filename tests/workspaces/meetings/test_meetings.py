"""Papers for a meeting: chosen cards, a match or a placement become one PDF, and each printed card leaves its look."""

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import Language
from portal.loop.assessments.models import AssessmentKind
from portal.loop.assessments.services import open_sheet
from portal.loop.cards.models import CompetenceCard
from portal.loop.matches.models import Match
from portal.loop.placements.models import Placement, PlacementStatus
from portal.shared.audit.models import AuditEntry
from portal.web.paper.codes import code_of
from portal.workspaces.meetings.views import MOST_CARDS
from tests.client import PortalClient, PortalResponse
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_match,
    make_placement,
    make_review,
    user,
)

EVERYTHING = "language=&words=&record=y&expectations=y&assessment=y"
ONLY_CARDS = "language=&words="
CARD, RECORD, EXPECTATIONS, ASSESSMENT = (
    "Kompetencekort for",
    "Matchnotat nr.",
    "Forventninger før start",
    "Vurdering af opgaverne",
)


@pytest.fixture
def browser(app) -> PortalClient:
    return PortalClient(app, user("karin@kommune.example"))


def texts(answer: PortalResponse) -> list[str]:
    """The text of each page."""
    assert answer.mimetype == "application/pdf", answer.status_code
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.get_data())).pages]


def parts(answer: PortalResponse) -> list[str]:
    """Which papers the file holds, in order."""
    names = (CARD, RECORD, EXPECTATIONS, ASSESSMENT)
    return [name for page in texts(answer) for name in names if name in page.split("Side 1 af")[0][:400]]


def printed_for() -> list[int]:
    db.session.rollback()
    wanted = sa.select(AuditEntry.citizen_id).where(AuditEntry.action == "card-printed")
    return sorted(db.session.scalars(wanted))


def cards(count: int, **values) -> list[CompetenceCard]:
    return [make_card(make_citizen(f"Borger{place}", **values)) for place in range(count)]


def query(chosen: list[CompetenceCard]) -> str:
    return "&".join(f"card={card.id}" for card in chosen)


def test_the_chosen_cards_come_in_one_file_and_each_leaves_its_look(browser):
    chosen = cards(3)
    cards(1)

    answer = browser.get(f"/meetings/cards/print?{query(chosen)}&{ONLY_CARDS}")

    assert parts(answer) == [CARD] * 3
    assert [f"Borger{place}" in page for place, page in enumerate(texts(answer))] == [True] * 3
    assert printed_for() == sorted(card.citizen_id for card in chosen)


def test_every_card_counts_its_own_pages(browser):
    answer = browser.get(f"/meetings/cards/print?{query(cards(3))}&{ONLY_CARDS}")

    assert all("Side 1 af 1" in " ".join(page.split()) for page in texts(answer))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param("own", ["Картка", ""], id="each her own, Danish alone for who chose none"),
        pytest.param("uk", ["Картка", "Картка"], id="one for all"),
        pytest.param("", ["", ""], id="Danish only"),
    ],
)
def test_the_second_language_is_each_citizens_own_or_one_for_all(browser, asked, expected):
    olena = make_card(make_citizen("Olena", language=Language.UK))
    amira = make_card(make_citizen("Amira"))

    answer = browser.get(f"/meetings/cards/print?{query([olena, amira])}&language={asked}&words=")

    has_cyrillic = [any("\u0400" <= sign <= "\u04ff" for sign in page) for page in texts(answer)]
    assert has_cyrillic == [bool(word) for word in expected]


@pytest.mark.parametrize(("count", "status"), [(0, 422), (1, 200), (MOST_CARDS, 200), (MOST_CARDS + 1, 422)])
def test_a_file_holds_one_to_forty_cards(browser, count, status):
    answer = browser.get(f"/meetings/cards/print?{query(cards(count))}&{ONLY_CARDS}")

    assert answer.status_code == status
    assert len(printed_for()) == (count if status == 200 else 0)
    if count > MOST_CARDS:
        assert "Du har valgt 41 kort. Vælg højst 40 ad gangen." in answer.page.get_text()
        assert len(answer.page.select("input[name=card][checked]")) == count


def test_a_neighbours_card_is_not_printed(browser):
    own, foreign = (
        make_card(make_citizen("Amira")),
        make_card(make_citizen("Zahra", in_municipality="Fredensborg")),
    )

    assert parts(browser.get(f"/meetings/cards/print?{query([own, foreign])}&{ONLY_CARDS}")) == [CARD]
    assert browser.get(f"/meetings/cards/print?{query([foreign])}&{ONLY_CARDS}").status_code == 422
    assert printed_for() == [own.citizen_id]


def test_ticks_are_kept_while_she_searches_for_more(browser):
    amira, zahra = make_card(make_citizen("Amira")), make_card(make_citizen("Zahra"))

    page = browser.get(f"/meetings/?card={amira.id}&q=Zahra").page

    boxes = {box["value"]: box.has_attr("checked") for box in page.select("input[name=card]")}
    assert boxes == {str(amira.id): True, str(zahra.id): False}


def test_ticks_and_choices_are_kept_from_page_to_page(browser, app, monkeypatch):
    monkeypatch.setitem(app.config, "PER_PAGE", 2)
    chosen = cards(3)

    first = browser.get("/meetings/").page
    second = browser.get(f"/meetings/?card={chosen[0].id}&page=2&language=ar&words=").page

    assert first.select_one("button[name=page]")["value"] == "2"
    assert second.select_one(f"#card-{chosen[0].id}").has_attr("checked")
    assert second.select_one("select[name=language] option[selected]")["value"] == "ar"


@pytest.mark.parametrize("nonsense", ["abc", "-1", "99999999999999999999", "٣", ""])
def test_a_made_up_card_in_the_address_is_left_out(browser, nonsense):
    assert browser.get(f"/meetings/?card={nonsense}").status_code == 200
    assert browser.get(f"/meetings/cards/print?card={nonsense}&{ONLY_CARDS}").status_code == 422


def test_a_match_becomes_card_record_and_blank_sheets(browser):
    match = make_review().match

    answer = browser.get(f"/meetings/match/{match.id}/print?{EVERYTHING}")

    assert parts(answer) == [CARD, RECORD, EXPECTATIONS, ASSESSMENT]
    assert match.opening.workplace.name in texts(answer)[-1]
    assert all(
        task.text[:20].casefold() in " ".join(texts(answer)[-1].split()).casefold()
        for task in match.opening.tasks
    )


def test_before_the_decision_there_is_no_record_to_print(browser):
    match = make_match()

    assert RECORD not in parts(browser.get(f"/meetings/match/{match.id}/print?{EVERYTHING}"))
    assert not browser.get(f"/meetings/match/{match.id}").page.select("input[name=record]")


def test_only_what_was_asked_for_is_in_the_file(browser):
    match = make_review().match

    for asked, expected in (
        ("", [CARD]),
        ("&record=y", [CARD, RECORD]),
        ("&expectations=y", [CARD, EXPECTATIONS]),
        ("&assessment=y", [CARD, ASSESSMENT]),
    ):
        assert parts(browser.get(f"/meetings/match/{match.id}/print?{ONLY_CARDS}{asked}")) == expected


def test_a_running_placement_brings_its_open_sheet_with_the_codes(browser):
    placement = make_placement(
        status=PlacementStatus.RUNNING,
        starts_on=TODAY - timedelta(days=10),
        ends_on=TODAY + timedelta(days=20),
    )
    before = texts(browser.get(f"/meetings/placement/{placement.id}/print?{EVERYTHING}"))
    with transaction():
        place = db.session.get_one(Placement, placement.id)
        sheet = open_sheet(place, AssessmentKind.MIDWAY, by=user("karin@kommune.example"), at=NOW)
    codes = [code_of(line.id) for line in sheet.lines]

    after = texts(browser.get(f"/meetings/placement/{placement.id}/print?{EVERYTHING}"))

    assert not any(code in before[-1] for code in codes)
    assert all(code in after[-1] for code in codes)


@pytest.mark.parametrize("where", ["match", "placement"])
def test_a_made_up_language_leads_back_to_the_choices(browser, where):
    placement = make_placement()
    number = {"match": placement.review.match_id, "placement": placement.id}[where]

    answer = browser.get(f"/meetings/{where}/{number}/print?language=xx")

    assert answer.mimetype == "text/html"
    assert answer.page.select("#language-error")


@pytest.mark.parametrize("where", ["match", "placement"])
def test_the_pages_lead_back_to_where_she_came_from(browser, where):
    placement = make_placement()
    match = db.session.get_one(Match, placement.review.match_id)
    number = {"match": match.id, "placement": placement.id}[where]
    home = {"match": f"/reviews/match/{match.id}", "placement": f"/placements/{placement.id}"}[where]

    assert browser.get(home).page.select_one(f'a[href="/meetings/{where}/{number}"]')
    assert browser.get(f"/meetings/{where}/{number}").page.select_one(f'a.button[href="{home}"]')


def test_the_file_is_tagged_and_the_same_every_time(browser):
    match = make_review().match
    url = f"/meetings/match/{match.id}/print?{EVERYTHING}"

    first, second = browser.get(url).get_data(), browser.get(url).get_data()

    assert first == second
    assert pypdf.PdfReader(BytesIO(first)).trailer["/Root"]["/MarkInfo"]["/Marked"]
