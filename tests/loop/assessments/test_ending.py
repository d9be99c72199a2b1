"""A placement ends with its last sheet, in no other way, and never in the name of a workplace that took no part."""

import io
import itertools
from datetime import date, timedelta

import pypdf
import pytest
import sqlalchemy as sa

from portal.base import events
from portal.base.database import db, transaction
from portal.base.terms import SkillSource
from portal.loop.assessments import services
from portal.loop.assessments.models import Assessment, AssessmentKind
from portal.loop.assessments.services import TaskRating
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import card_input
from portal.loop.employers.models import OccupiedPlace
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.loop.placements.services import WrongStep
from portal.shared.accounts.models import User
from portal.shared.rules.law.ratio import COUNTED_FORMS
from portal.web.paper.codes import code_of
from tests.client import PortalClient, PortalResponse
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_employer,
    make_match,
    make_opening,
    make_placement,
    make_review,
    owner_of,
    user,
)
from tests.loop.assessments.test_assessments import close, fresh, link_of, opened, say, seen
from tests.support.answering import send_typed

DISHES, VEGETABLES = "opvask i industriopvaskemaskine", "skære og klargøre grøntsager"
EARLIER = TODAY - timedelta(days=10)


@pytest.fixture
def placement(app) -> Placement:
    """Amira's placement at Bo's, with two tasks agreed."""
    card = make_card(make_citizen("Amira", with_login=True), skills={})
    match = make_match(make_opening(must=[VEGETABLES, DISHES]), card)
    agreed = make_review(match, citizen_answer="yes", employer_answer="yes")
    return make_placement(
        agreed, status=PlacementStatus.RUNNING, starts_on=EARLIER, ends_on=TODAY + timedelta(days=20)
    )


@pytest.fixture
def sheet(placement, karin) -> Assessment:
    return opened(placement, karin, AssessmentKind.END)


def consultant_says(sheet: Assessment, level: int | None, by: User, *, only: str | None = None) -> None:
    with transaction():
        found = fresh(sheet)
        answers = {line.id: TaskRating(level) for line in found.lines if only in (None, line.task_text)}
        services.answer_as_consultant(found, answers, {}, by=db.session.merge(by), at=NOW)


def workplace_says(sheet: Assessment, level: int | None, *, only: str) -> None:
    with transaction():
        found = fresh(sheet)
        answers = {line.id: TaskRating(level) for line in found.lines if line.task_text == only}
        services.answer_as_workplace(found, answers, name="Bo", on_paper=False, by=None, at=NOW)


def end(client: PortalClient, sheet: Assessment, **more: str) -> PortalResponse:
    return close(client, sheet, **{"outcome": Outcome.COMPLETED.value, **more})


def reread(placement: Placement) -> Placement:
    db.session.rollback()
    return db.session.get_one(Placement, placement.id, populate_existing=True)


def card_of(placement: Placement) -> CompetenceCard:
    db.session.rollback()
    return db.session.get_one(CompetenceCard, placement.card_id, populate_existing=True)


# --- With a workplace that takes part -------------------------------------------------------------------------------


def test_the_sheet_becomes_dated_evidence_and_the_place_stays_taken(client_for, karin, sheet, placement):
    say(sheet, 3, note="Hurtig og grundig")
    version = card_of(placement).version

    assert end(client_for(karin), sheet).status_code == 303

    found = seen(placement)
    assert {
        (line.level, line.source, line.seen_on, line.seen_at, line.assessment_id, line.note) for line in found
    } == {(3, SkillSource.EMPLOYER, TODAY, placement.opening.workplace.name, sheet.id, "Hurtig og grundig")}
    assert card_of(placement).version == version + 1
    assert db.session.get_one(Opening, placement.opening_id, populate_existing=True).filled == 1


def test_an_early_end_stops_counting_in_the_ratio(client_for, karin, sheet, placement):
    assert placement.form in COUNTED_FORMS
    with transaction():
        db.session.add(
            OccupiedPlace(
                workplace_id=placement.opening.workplace_id, placement_id=placement.id, form=placement.form,
                hours_per_week=37, starts_on=placement.starts_on, ends_on=placement.ends_on,
            )
        )  # fmt: skip

    end(client_for(karin), sheet)

    assert db.session.scalars(sa.select(OccupiedPlace.ends_on)).all() == [TODAY]


def test_an_ending_renews_the_card_once_whatever_the_number_of_tasks(client_for, karin, sheet, placement):
    renewed = []

    def count(card, **_more):
        renewed.append(card.id)

    say(sheet, 3)
    consultant_says(sheet, 3, karin)
    with events.card_changed.connected_to(count):
        end(client_for(karin), sheet)

    assert len(seen(placement)) == 2
    assert renewed == [placement.card_id]


@pytest.mark.parametrize(
    "ended_on", [EARLIER - timedelta(days=1), TODAY + timedelta(days=1), date(2020, 1, 1)]
)
def test_the_last_day_lies_within_what_has_happened(client_for, karin, sheet, placement, ended_on):
    say(sheet, 3)

    refused = close(client_for(karin), sheet, outcome="completed", assessed_on=ended_on.isoformat())

    assert refused.status_code == 409
    assert refused.page.select_one("#assessed_on")["value"] in (ended_on.isoformat(), f"{ended_on:%d-%m-%Y}")
    assert reread(placement).status is PlacementStatus.RUNNING
    assert fresh(sheet).is_open
    assert seen(placement) == []


@pytest.mark.parametrize(("field", "value"), [("outcome", ""), ("outcome", "x"), ("assessed_on", "")])
def test_what_is_wrong_is_said_next_to_the_field(client_for, karin, sheet, field, value):
    response = end(client_for(karin), sheet, **{field: value})

    assert response.status_code == 422
    assert response.page.select_one(f"#{field}-error")


# --- With one that does not -----------------------------------------------------------------------------------------


def test_the_consultants_word_alone_is_marked_on_the_card_its_print_and_its_matches(
    client_for, karin, sheet, placement
):
    """Bo never answers. Nothing says that his kitchen saw it, wherever the card is read; she did work there."""
    workplace = placement.opening.workplace.name
    consultant_says(sheet, 3, karin)
    other = make_opening(must=[DISHES], status="published")
    client = client_for(karin)
    before = client.get(f"/assessments/{sheet.id}")

    assert end(client, sheet).status_code == 303

    assert "Arbejdspladsen har ikke svaret. Lukker du arket nu" in before.words
    assert {(line.source, line.seen_at) for line in seen(placement)} == {(SkillSource.CONSULTANT_ONLY, None)}
    assert "Arbejdspladsen deltog ikke." in client.get(f"/assessments/{sheet.id}").words
    card_page = client.get(f"/cards/{placement.card_id}")
    matches = client.get(f"/matches/opening/{other.id}")
    paper = text_of(client.get(f"/cards/{placement.card_id}/print"))
    amira = client_for(db.session.get_one(User, placement.card.citizen.user_id))
    own = amira.get("/mine/")
    assert "Kun konsulenten" in card_page.words
    assert "kun konsulenten" in matches.words.lower()
    assert "Kun konsulenten" in paper
    for said in (card_page.words, matches.words, paper, own.words):
        assert f"set hos {workplace}".lower() not in said.lower()
        assert "set på arbejdspladsen" not in said.lower()
    places = " ".join(paper.split()).split("Her har jeg prøvet at arbejde")[1]
    assert f"{workplace}, november 2026" in places
    assert paper.count(workplace) == 1
    assert f"{workplace}, november 2026" in card_page.page.select_one("#places").get_text(" ", strip=True)
    assert "Her har jeg prøvet at arbejde" in own.words
    assert f"{workplace} · november 2026" in own.words


def text_of(answer: PortalResponse) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)


def test_what_the_workplace_left_open_is_the_consultants_alone(client_for, karin, sheet, placement):
    workplace_says(sheet, 3, only=VEGETABLES)
    consultant_says(sheet, 2, karin, only=DISHES)

    end(client_for(karin), sheet)

    assert {line.text: line.source for line in seen(placement)} == {
        VEGETABLES: SkillSource.EMPLOYER,
        DISHES: SkillSource.CONSULTANT_ONLY,
    }
    printed = text_of(client_for(karin).get(f"/assessments/{sheet.id}/print"))
    assert "kun konsulenten" in " ".join(printed.split())


def test_not_tried_at_the_workplace_is_no_sight_of_it(client_for, karin, sheet, placement):
    """Bo says "ikke afprøvet", Karin says she saw it, and they settle on hers."""
    workplace_says(sheet, 0, only=DISHES)
    consultant_says(sheet, 3, karin, only=DISHES)
    [line] = [line for line in fresh(sheet).lines if line.task_text == DISHES]
    client = client_for(karin)
    client.post(f"/assessments/{sheet.id}/agree", {f"agreed_{line.id}": "3"})

    assert end(client, sheet).status_code == 303

    assert [(one.level, one.source) for one in seen(placement)] == [(3, SkillSource.CONSULTANT_ONLY)]


def test_the_matcher_quotes_a_workplace_before_the_consultant_alone(karin, placement, client_for, sheet):
    consultant_says(sheet, 3, karin)
    end(client_for(karin), sheet)

    told = card_input(card_of(placement), on=TODAY).skills

    assert {(skill.source, skill.seen_at) for skill in told} == {("consultant_only", None)}


def test_one_that_broke_off_ends_with_nothing_assessed(client_for, karin, sheet, placement):
    version = card_of(placement).version

    answer = end(client_for(karin), sheet, outcome=Outcome.STOPPED_BY_CITIZEN.value)

    assert answer.status_code == 303
    assert reread(placement).outcome is Outcome.STOPPED_BY_CITIZEN
    assert seen(placement) == []
    assert card_of(placement).version == version
    assert "Ingen opgave blev vurderet" in client_for(karin).get(f"/assessments/{sheet.id}").words


# --- The midway sheet -----------------------------------------------------------------------------------------------


def test_an_open_midway_sheet_is_closed_with_the_placement_and_leaves_nothing(client_for, karin, placement):
    midway = opened(placement, karin, AssessmentKind.MIDWAY)
    say(midway, 4)
    last = opened(placement, karin, AssessmentKind.END)
    say(last, 2)
    client = client_for(karin)
    path = link_of(client, midway)
    assert "Midtvejsarket er ikke lukket." in client.get(f"/assessments/{last.id}").words

    assert end(client, last).status_code == 303

    assert fresh(midway).lapsed
    assert not fresh(last).lapsed
    assert {line.level for line in seen(placement)} == {2}
    assert close(client, midway).status_code == 409
    assert client.post(f"/assessments/{midway.id}/withdraw", {"because": "Fejl"}).status_code == 409
    assert "Intet af det er sat på kompetencekortet" in client.get(f"/assessments/{midway.id}").words
    assert "Intet af det er sat på kompetencekortet" in text_of(client.get(f"/assessments/{midway.id}/print"))
    assert PortalClient(client.app).get(path).status_code == 410
    assert {line.level for line in seen(placement)} == {2}


@pytest.mark.parametrize("status", [PlacementStatus.ENDED, PlacementStatus.CANCELLED])
def test_a_midway_sheet_of_a_placement_that_is_over_adds_nothing(karin, placement, status):
    """As old rows may stand: the sheet open, the placement over."""
    midway = opened(placement, karin, AssessmentKind.MIDWAY)
    say(midway, 4)
    over = {"ended_on": TODAY, "outcome": Outcome.HIRED} if status is PlacementStatus.ENDED else {}
    with transaction():
        db.session.execute(
            sa.update(Placement).where(Placement.id == placement.id).values(status=status, **over)
        )

    with pytest.raises(WrongStep), transaction():
        services.close_midway(fresh(midway), assessed_on=TODAY, by=db.session.merge(karin), at=NOW)

    assert seen(placement) == []


def test_no_midway_sheet_is_begun_beside_the_last(client_for, karin, sheet, placement):
    assert client_for(karin).post(f"/assessments/placement/{placement.id}/open/midway").status_code == 409


# --- Ways around it -------------------------------------------------------------------------------------------------


def test_there_is_no_other_page_that_ends_a_placement(app, client_for, karin, placement):
    assert "placements.end" not in app.view_functions
    assert client_for(karin).post(f"/placements/{placement.id}/end", {"outcome": "hired"}).status_code == 404


def test_the_button_in_two_tabs_leads_to_one_sheet(client_for, karin, jonas, placement):
    url = f"/assessments/placement/{placement.id}/open/end"

    first, again, colleague = (client_for(one).post(url) for one in (karin, karin, jonas))

    assert first.headers["Location"] == again.headers["Location"] == colleague.headers["Location"]
    assert db.session.scalar(sa.select(sa.func.count(Assessment.id))) == 1


def test_a_second_close_adds_nothing(client_for, karin, sheet, placement):
    say(sheet, 3)

    first, second = (end(client_for(karin), sheet, outcome=how) for how in ("completed", "hired"))

    assert (first.status_code, second.status_code) == (303, 409)
    assert reread(placement).outcome is Outcome.COMPLETED
    assert len(seen(placement)) == 2


def test_the_workplace_reads_that_the_sheet_is_closed(client_for, karin, app, sheet):
    """A new link would not help: there is nothing left to answer."""
    path = link_of(client_for(karin), sheet)
    say(sheet, 2)
    end(client_for(karin), sheet)

    gone = PortalClient(app).get(path)

    assert gone.status_code == 410
    assert "Arket er lukket" in gone.words
    assert "Bed om et nyt" not in gone.words


def test_a_closed_sheet_on_paper_speaks_of_no_codes(client_for, karin, sheet):
    def printed() -> str:
        paper = client_for(karin).get(f"/assessments/{sheet.id}/print")
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.data)).pages)

    assert "Koderne bruges" in printed()

    end(client_for(karin), sheet)

    assert "Koderne bruges" not in printed()


def test_paper_is_offered_while_a_sheet_waits_for_it(client_for, karin, sheet, placement):
    page = f"/assessments/placement/{placement.id}"
    assert "Tast et papirark ind" in client_for(karin).get(page).words

    end(client_for(karin), sheet)

    assert "Tast et papirark ind" not in client_for(karin).get(page).words


def test_an_ending_is_asked_about_first(client_for, karin, sheet):
    page = client_for(karin).get(f"/assessments/{sheet.id}").page

    asked = page.select_one(f'form[action="/assessments/{sheet.id}/close"]')["data-confirm"]

    assert "kan ikke gøres om" in asked


def test_nothing_answers_after_the_end(client_for, karin, app, sheet, placement):
    client = client_for(karin)
    path, lines = link_of(client, sheet), fresh(sheet).lines
    paper = {"name": "Bo", "rows-0-code": code_of(lines[0].id), "rows-0-level": "4"}
    consultant_says(sheet, 2, karin)
    end(client, sheet)

    by_link = PortalClient(app).post(path, {**{f"level_{line.id}": "4" for line in lines}, "name": "Bo"})
    on_paper = client.post("/assessments/paper", paper)
    own = client.post(f"/assessments/{sheet.id}", {f"level_{line.id}": "4" for line in lines})

    assert (by_link.status_code, on_paper.status_code, own.status_code) == (410, 422, 409)
    assert "Ingen åbne ark har linjen" in on_paper.words
    assert {(line.level, line.source) for line in seen(placement)} == {(2, SkillSource.CONSULTANT_ONLY)}


@pytest.mark.parametrize("who", ["karin", "leader", "citizen", "admin", "another employer"])
def test_nobody_signed_in_but_the_employer_answers_for_the_workplace(
    client_for, karin, sheet, placement, who
):
    """The consultant has the link on her own page: pressing it is no answer of the workplace's."""
    person = {
        "karin": karin,
        "leader": user("mette@kommune.example"),
        "admin": user("admin@kommune.example"),
        "another employer": owner_of(make_employer("Naboens Køkken ApS", owner="Nils")),
        "citizen": db.session.get_one(User, placement.card.citizen.user_id),
    }[who]
    path = link_of(client_for(karin), sheet)
    answers = {f"level_{line.id}": "4" for line in fresh(sheet).lines}

    shown = client_for(person).get(path)
    refused = client_for(person).post(path, {**answers, "name": "Bo Berg"})

    assert not shown.page.select("#workplace-sheet form")
    assert refused.status_code == 409
    assert "Linket er arbejdspladsens" in refused.words
    assert fresh(sheet).answered_at is None


def test_the_employer_signed_in_answers_by_the_same_link(client_for, karin, sheet, placement):
    path = link_of(client_for(karin), sheet)
    answers = {f"level_{line.id}": "4" for line in fresh(sheet).lines}
    bo = owner_of(placement.opening.employer)

    assert send_typed(client_for(bo), path, {**answers, "name": "Bo Berg"}).status_code == 303
    assert {line.employer_level for line in fresh(sheet).lines} == {4}


def test_a_withdrawn_sheet_takes_only_its_own_lines(client_for, karin, placement):
    midway = opened(placement, karin, AssessmentKind.MIDWAY)
    say(midway, 2)
    close(client_for(karin), midway)
    last = opened(placement, karin, AssessmentKind.END)
    say(last, 3)
    end(client_for(karin), last)

    client_for(karin).post(f"/assessments/{last.id}/withdraw", {"because": "Forkert person"})

    assert {line.level for line in seen(placement)} == {2}
    assert reread(placement).status is PlacementStatus.ENDED


@pytest.mark.parametrize(("workplace", "consultant"), list(itertools.product([None, 0, 1, 4], repeat=2)))
def test_seen_at_the_workplace_means_the_workplace_said_so(
    karin, client_for, sheet, placement, workplace, consultant
):
    """Whatever the two answer and however they agree."""
    if workplace is not None:
        workplace_says(sheet, workplace, only=DISHES)
    consultant_says(sheet, consultant, karin, only=DISHES)
    client = client_for(karin)
    [line] = [line for line in fresh(sheet).lines if line.task_text == DISHES]
    if line.differs:
        highest = max(workplace or 0, consultant or 0)
        client.post(f"/assessments/{sheet.id}/agree", {f"agreed_{line.id}": str(highest)})

    end(client, sheet)

    sources = {one.source for one in seen(placement)}
    assert (SkillSource.EMPLOYER in sources) == bool(workplace)
    assert (SkillSource.CONSULTANT_ONLY in sources) == bool(not workplace and consultant)
